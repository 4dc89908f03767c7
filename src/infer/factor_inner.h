/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of factors, for factor.c. */
#ifndef INFER_FACTOR_INNER_H
#define INFER_FACTOR_INNER_H

#include "infer/factor.h"

/* One factor in two asks. code: of the option, in the one row that stands for all of them. */
struct factor_row {
	const char *slug;
	bool (*differs)(const struct ask *a, const struct ask *b);
	void (*copy)(struct ask *to, const struct ask *from);
	void (*words)(struct buf *b, const struct factor_pair *p, uint16_t code);
	bool edns;     /* is there only where both have EDNS, or the failing one has */
	bool option;   /* one factor for each EDNS option; copied by factor_ask() */
	uint16_t flag; /* of the header; differs and copy are not looked at */
};

/* The first row is EDNS itself. */
extern const struct factor_row factor_rows[];
extern const size_t factor_nrows;

#endif
