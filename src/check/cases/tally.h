/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replies sorted by what is wrong with them, so that each fault is told once, with all servers that
 * have it.
 *
 *	struct tally t = { .c = c };
 *
 *	vec_each (const struct server, s, c->del->all) {
 *		const struct entry *e = cases_ask(c, s, &(struct cases_q){ RR_SOA });
 *
 *		if (e->msg && e->msg->rcode != RCODE_NOERROR)
 *			tally_rcode(&t, TAG_N11_UNEXPECTED_RCODE, e);
 *	}
 *	tally_emit(&t);
 */
#ifndef CHECK_CASES_TALLY_H
#define CHECK_CASES_TALLY_H

#include "check/cases.h"

/* Replies that share a tag, and one detail where key is not NULL. */
struct tally_row {
	enum tag tag;
	const char *key, *text;
	struct heard heard;
};

struct tally {
	struct cases *c;
	struct VEC(struct tally_row) rows; /* in the order in which each first came up */
};

void tally_add(struct tally *t, enum tag tag, const struct entry *e);

/* The same with a detail. text belongs to the pass. */
struct tally_by {
	enum tag tag;
	const char *key, *text;
};
void tally_add_by(struct tally *t, struct tally_by by, const struct entry *e);

/* By the reply's code, as the detail "rcode". */
void tally_rcode(struct tally *t, enum tag tag, const struct entry *e);

/* Emits one row; valid until the next finding. */
struct finding *tally_put(const struct tally *t, const struct tally_row *row);

/* Emits all rows. */
void tally_emit(const struct tally *t);

/* How many replies have the tag. */
size_t tally_count(const struct tally *t, enum tag tag);

#endif
