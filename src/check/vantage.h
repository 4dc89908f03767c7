/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several vantage points: the same servers asked from several addresses, a tape each. Each is
 * judged alone; the worst is then told in the light of the others. A reply to a query that was
 * silent here is proof that the server lives and answers it: what then remains is this address, or
 * the way from it.
 *
 *	vantage_judge(arena, tapes, n, &all);	// all.here: whose report it is to be
 *	in = (struct check_input){ all.v[all.here].facts, all.v[all.here].inferences };
 *	check_run_among(&in, &all, &findings);
 */
#ifndef CHECK_VANTAGE_H
#define CHECK_VANTAGE_H

#include "check/check.h"

enum {
	VANTAGES_MOST = 32,
	VANTAGE_APART = 600, /* seconds between two runs, from which on servers may have changed */
};

struct vantage {
	const struct facts *facts; /* with a name */
	const struct inferences *inferences;
	const struct findings *findings; /* of it alone */
	struct verdict verdict;		 /* of it alone */
};

struct vantages {
	struct vantage *v; /* in the order in which they were given */
	size_t n, here;
};

/*
 * Judges each alone, chooses the one with the worst verdict (of equals the first) and tells its
 * facts of the others. n is 2 .. VANTAGES_MOST. Belongs to the arena.
 */
void vantage_judge(struct arena *a, struct facts *const *tapes, size_t n, struct vantages *ret);

/* Compares the findings of the one with what the others know: places may change, and ids. */
void vantage_compare(const struct check_input *in, struct findings *f);

/* How the address of one query is related to that of another. */
enum kin {
	KIN_SAME,      /* the same one, at another time, or two that translation hides */
	KIN_NEIGHBOUR, /* of one /24, or /64, that are not translated: one way leads to both */
	KIN_OTHER,
};
enum kin vantage_kin(const struct addr *x, const struct addr *y);

/* The same query but for its cookie, source and id: server, transport, question, shape. */
bool vantage_same_ask(const struct ask *x, const struct ask *y);

/* Seconds from the end of one run to the start of the other; 0: they overlap. */
int64_t vantage_apart(const struct facts *x, const struct facts *y);

/* The index for facts_at() of here of observation i of another one of its elsewhere. */
size_t vantage_index(const struct facts *here, const struct facts *other, size_t i);

/* What the other one knows of the finding; added empty when there is nothing yet. */
struct finding_vantage *vantage_of(
	struct findings *f, struct finding *x, const struct facts *other);

/* vantage_silence.c: servers that are silent here and heard there, or silent to both. */
void vantage_silences(const struct check_input *in, struct findings *f);
/* vantage_echo.c: of other findings the queries that were silent here, as others fared. */
void vantage_echoes(const struct check_input *in, struct findings *f);

#endif
