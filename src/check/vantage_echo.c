/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings of queries that are dropped: how the same queries fared from other vantage points. One
 * that was answered there is not dropped by the server for its own sake, so that the way from here,
 * or this address, is the matter; the same finding there is the server's.
 */
#include <string.h>

#include "base/err.h"
#include "check/vantage.h"

enum { EVIDENCE_MOST = 64, SHOWN_MOST = 4, ANSWERS_OF_TEN = 8 };

#define APART_MOST 0.9

/* Drops without chance or memory: limits, hashes and blocks by time fare otherwise each time. */
static const char *const ids[] = {
	"edns-drop",
	"edns-option-drop",
	"large-udp-loss",
	"qtype-drop",
	"source-port-filter",
	"tcp-blocked",
};

static bool compares(const struct finding *x)
{
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		if (strcmp(ids[i], x->id) == 0)
			return true;
	return false;
}

static bool is_silent(const struct observation *o)
{
	return observation_silent(o) || o->outcome == OUTCOME_REFUSED ||
	       o->outcome == OUTCOME_RESET;
}

static bool heard(const struct observation *o)
{
	return observation_answered(o) || o->outcome == OUTCOME_CONNECTED;
}

/* Of the finding's own servers; a query for a port is one with that port. */
static bool same(const struct observation *x, const struct observation *y)
{
	bool port = x->ask.role == ROLE_SWEEP || x->ask.role == ROLE_AGAIN;

	return vantage_same_ask(&x->ask, &y->ask) &&
	       (!port || x->ask.source.port == y->ask.source.port);
}

struct echo {
	const struct facts *there;
	uint64_t answered, silent;
	size_t shown[SHOWN_MOST], nshown; /* that were answered */
	enum kin kin;
};

/* What came there of the finding's silent queries. */
static void hear(const struct check_input *in, const struct finding *x, const struct facts *there,
	struct echo *ret)
{
	const struct observation *bad[EVIDENCE_MOST];
	size_t n = 0;

	*ret = (struct echo){ .there = there, .kin = KIN_OTHER };
	for (size_t i = 0; i < x->evidence.n && n < EVIDENCE_MOST; i++) {
		const struct observation *o =
			x->evidence.v[i] < in->facts->n ? in->facts->v[x->evidence.v[i]] : NULL;

		if (o && is_silent(o) && finding_names(x, &o->ask.server))
			bad[n++] = o;
	}
	for (size_t i = 0; n && i < there->n; i++) {
		const struct observation *o = there->v[i];
		size_t k = 0;

		while (k < n && !same(bad[k], o))
			k++;
		if (k == n)
			continue;
		ret->silent += is_silent(o);
		ret->answered += heard(o);
		if (heard(o) && ret->nshown < SHOWN_MOST)
			ret->shown[ret->nshown++] = i;
		ret->kin = vantage_kin(&bad[k]->from, &o->from);
	}
}

static const struct finding *alike(const struct findings *f, const struct finding *x)
{
	vec_each (const struct finding, y, f->list)
		vec_each (const struct addr, a, y->servers)
			if (strcmp(x->id, y->id) == 0 && finding_names(x, a))
				return y;
	return NULL;
}

static const struct findings *findings_of(const struct vantages *all, const struct facts *there)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].facts == there)
			return all->v[i].findings;
	return NULL;
}

/* It is answered there, all but what may be lost on the way. */
static bool is_answered(const struct echo *e)
{
	return e->answered * 10 >= (e->answered + e->silent) * ANSWERS_OF_TEN && e->answered;
}

static void show(
	const struct check_input *in, struct findings *f, struct finding *x, const struct echo *e)
{
	for (size_t i = 0; i < e->nshown; i++)
		finding_evidence(f, x, vantage_index(in->facts, e->there, e->shown[i]));
	if (vantage_apart(in->facts, e->there) >= VANTAGE_APART && x->confidence > APART_MOST)
		x->confidence = APART_MOST;
}

static void compare(const struct check_input *in, struct findings *f, struct finding *x,
	const struct facts *there)
{
	const struct findings *theirs = findings_of(f->vantages, there);
	struct finding_vantage *v;
	struct echo e;

	hear(in, x, there, &e);
	if (!e.answered && !e.silent && !(theirs && alike(theirs, x)))
		return;
	v = vantage_of(f, x, there);
	v->answered = e.answered;
	v->silent = e.silent;
	v->alike = theirs && alike(theirs, x);
	v->same_address = (e.answered || e.silent) && e.kin == KIN_SAME;
	if (v->alike || v->same_address || !is_answered(&e))
		return;
	show(in, f, x, &e);
	if (x->where == WHERE_FAR || x->where == WHERE_UNKNOWN)
		x->where = WHERE_PATH;
}

void vantage_echoes(const struct check_input *in, struct findings *f)
{
	vec_each (struct finding, x, f->list)
		for (size_t k = 0; compares(x) && k < in->facts->elsewhere.n; k++)
			compare(in, f, x, in->facts->elsewhere.v[k]);
	/* Of all others it is told who has them, too: what servers say needs no second look. */
	vec_each (struct finding, x, f->list) {
		for (size_t k = 0; k < in->facts->elsewhere.n; k++) {
			const struct facts *there = in->facts->elsewhere.v[k];
			const struct findings *theirs = findings_of(f->vantages, there);

			if (!compares(x) && theirs && alike(theirs, x))
				vantage_of(f, x, there)->alike = true;
		}
	}
}
