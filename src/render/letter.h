/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a report says to people that it is sent to: the words of a ticket, in the order in which
 * they are read. report_noc() lays them out.
 */
#ifndef RENDER_LETTER_H
#define RENDER_LETTER_H

#include "render/report.h"

enum letter_kind {
	LETTER_PROSE,	/* a paragraph */
	LETTER_HEAD,	/* a line above what follows */
	LETTER_ITEM,	/* one of several under a head */
	LETTER_COMMAND, /* to be copied into a shell */
};

struct letter_line {
	enum letter_kind kind;
	const char *text; /* one line; escaped */
};

struct letter {
	struct VEC(struct letter_line) lines;
};

/* Everything belongs to the arena or to the report. */
const struct letter *letter_make(struct arena *a, const struct report *r, enum letter_to to);

#endif
