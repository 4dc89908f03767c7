/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks of query shapes share: a judge looks at one server's matrix. */
#ifndef CHECK_SHAPES_INNER_H
#define CHECK_SHAPES_INNER_H

#include "check/check.h"
#include "infer/matrix.h"

enum { CASE_CELLS = 24 };

/* What a judge found: the cells that show it, and those that show that it is just that. */
struct shape_case {
	struct arena *arena;
	const struct facts *facts;
	const struct matrix *matrix; /* of the server */
	const struct matrix_cell *bad[CASE_CELLS], *good[CASE_CELLS];
	size_t nbad, ngood;
	const char *what;   /* a few words: "TLSA, CAA"; NULL: the shapes' own */
	size_t evidence[2]; /* more observations */
	size_t nevidence;
	double sure; /* 0: by the cells */
};

void case_bad(struct shape_case *c, const struct matrix_cell *cell);
void case_good(struct shape_case *c, const struct matrix_cell *cell);
void case_evidence(struct shape_case *c, size_t index);
/* Adds a word to what. */
void case_word(struct shape_case *c, const char *word);

struct shape_kind {
	const char *id;
	enum severity severity;
	enum where where;
	/* A silence here is one of the path or the server: controls tell (near or far). */
	bool drop;
	bool (*judge)(const struct matrix *m, struct shape_case *c);
};

/* One finding for all servers of which the judge says the same. */
void shapes_judge(const struct check_input *in, struct findings *f, const struct shape_kind *k);

/* The check of a row, check_fn(), made of the judge fn(). */
#define SHAPE_CHECK(fn, slug, level, place, is_drop)                                               \
	static void check_##fn(const struct check_input *in, struct findings *f)                   \
	{                                                                                          \
		shapes_judge(in, f, &(struct shape_kind){ slug, level, place, is_drop, fn });      \
	}

/* What was asked of the cell: answered at all, with that RCODE, as it should be, or dropped. */
bool cell_answered(const struct matrix_cell *c);
bool cell_rcode(const struct matrix_cell *c, uint16_t rcode);
bool cell_good(const struct matrix_cell *c);
bool cell_dropped(const struct matrix_cell *c);
/* Neither answered nor untold. */
bool cell_failed(const struct matrix_cell *c);
/* That is one of its words. */
bool cell_says(const struct matrix_cell *c, const char *word);
/* It was answered, but with another RCODE than NOERROR; so were all its replies. */
bool cell_error(const struct matrix_cell *c);
/* "TLSA", or "DNSKEY with DO". */
const char *cell_type(struct arena *a, const struct matrix_cell *c);

/* The plain question for the zone's SOA is answered, and steadily so; the same with EDNS. */
bool matrix_plain(const struct matrix *m);
bool matrix_edns(const struct matrix *m);

#endif
