/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several vantage points: which is told, and what makes two of them, or two queries, alike. */
#include "check/vantage.h"

#include <string.h>

#include "dns/rr.h"

enum { SECOND = 1000000, NETWORK_V4 = 3, NETWORK_V6 = 8 /* octets */, OPTIONS_MOST = 16 };

#define TIME_MOST ((int64_t)1 << 40) /* seconds */

/* Faults by severity before what could not be decided, that before what is well. */
static int rank(const struct verdict *v)
{
	if (v->main)
		return 2 + (int)v->main->severity;
	return v->state == VERDICT_UNDECIDED;
}

static void set_here(struct arena *a, struct facts *const *tapes, size_t n, size_t here)
{
	tapes[here]->elsewhere.n = 0;
	for (size_t i = 0; i < n; i++)
		if (i != here)
			vec_push(a, &tapes[here]->elsewhere, tapes[i]);
}

/* What is told of one may be worse by what others know than it was alone. */
static int rank_among(struct arena *a, const struct vantages *all, size_t here)
{
	struct check_input in = { all->v[here].facts, all->v[here].inferences };
	struct findings f = { .arena = a };
	struct verdict v;

	check_run_among(&in, all, &f);
	v = check_verdict(&in, &f);
	return rank(&v);
}

void vantage_judge(struct arena *a, struct facts *const *tapes, size_t n, struct vantages *ret)
{
	int worst = -1;

	*ret = (struct vantages){ arena_alloc(a, n * sizeof(*ret->v)), n, 0 };
	for (size_t i = 0; i < n; i++) {
		struct findings *f = arena_alloc(a, sizeof(*f));
		struct check_input in = { tapes[i], infer_all(a, tapes[i]) };

		*f = (struct findings){ .arena = a };
		check_run(&in, f);
		ret->v[i] = (struct vantage){ tapes[i], in.inferences, f, check_verdict(&in, f) };
	}
	for (size_t i = 0; i < n; i++) {
		int now;

		set_here(a, tapes, n, i);
		now = rank_among(a, ret, i);
		if (now > worst)
			ret->here = i;
		worst = now > worst ? now : worst;
		tapes[i]->elsewhere.n = 0;
	}
	set_here(a, tapes, n, ret->here);
}

static bool same_network(const struct addr *x, const struct addr *y)
{
	struct span a = addr_octets(x), b = addr_octets(y);
	size_t n = x->family == ADDR_V6 ? NETWORK_V6 : NETWORK_V4;

	return x->family == y->family && a.n >= n && b.n >= n && memcmp(a.p, b.p, n) == 0;
}

/* Two private addresses may be one, of two sites; and different ones of two sites look like one. */
enum kin vantage_kin(const struct addr *x, const struct addr *y)
{
	if (addr_same_host(x, y))
		return KIN_SAME;
	return same_network(x, y) && !addr_is_private(x) ? KIN_NEIGHBOUR : KIN_OTHER;
}

/* A server that answered once gave a cookie, which one that never did could not. */
static size_t options(const struct shape *s, uint16_t *codes, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < s->noptions && n < most; i++)
		if (s->options[i].code != EDNS_COOKIE)
			codes[n++] = s->options[i].code;
	return n;
}

static bool same_options(const struct shape *x, const struct shape *y)
{
	uint16_t a[OPTIONS_MOST], b[OPTIONS_MOST];
	size_t n = options(x, a, OPTIONS_MOST);

	return n == options(y, b, OPTIONS_MOST) && memcmp(a, b, n * sizeof(*a)) == 0;
}

static bool same_shape(const struct shape *x, const struct shape *y)
{
	return x->flags == y->flags && x->opcode == y->opcode && x->edns == y->edns &&
	       x->edns_version == y->edns_version && x->edns_size == y->edns_size &&
	       x->edns_flags == y->edns_flags && x->header_only == y->header_only &&
	       x->twice == y->twice && x->trailing == y->trailing && same_options(x, y);
}

static bool same_question(const struct question *x, const struct question *y)
{
	if (!x->name || !y->name)
		return x->name == y->name;
	return x->type == y->type && x->class == y->class && name_equal(x->name, y->name);
}

bool vantage_same_ask(const struct ask *x, const struct ask *y)
{
	if (x->row || y->row)
		if (!x->row || !y->row || strcmp(x->row, y->row) != 0)
			return false;
	return x->transport == y->transport && x->connect_only == y->connect_only &&
	       addr_equal(&x->server, &y->server) && same_question(&x->question, &y->question) &&
	       same_shape(&x->shape, &y->shape);
}

/* A tape may claim any time. */
static int64_t begin(const struct facts *f)
{
	return f->started < -TIME_MOST	? -TIME_MOST
	       : f->started > TIME_MOST ? TIME_MOST
					: f->started;
}

static int64_t end(const struct facts *f)
{
	return begin(f) + (int64_t)(f->elapsed / SECOND);
}

int64_t vantage_apart(const struct facts *x, const struct facts *y)
{
	int64_t apart = begin(x) > end(y) ? begin(x) - end(y) : begin(y) - end(x);

	if (apart < 0)
		return 0;
	return apart < TIME_MOST ? apart : TIME_MOST;
}

size_t vantage_index(const struct facts *here, const struct facts *other, size_t i)
{
	size_t before = here->n;

	for (size_t k = 0; k < here->elsewhere.n && here->elsewhere.v[k] != other; k++)
		before += here->elsewhere.v[k]->n;
	return before + i;
}

struct finding_vantage *vantage_of(struct findings *f, struct finding *x, const struct facts *other)
{
	vec_each (struct finding_vantage, v, x->vantages)
		if (v->facts == other)
			return v;
	vec_push(f->arena, &x->vantages, (struct finding_vantage){ .facts = other });
	return &x->vantages.v[x->vantages.n - 1];
}

void vantage_compare(const struct check_input *in, struct findings *f)
{
	vantage_silences(in, f);
	vantage_echoes(in, f);
}
