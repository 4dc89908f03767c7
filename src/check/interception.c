/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks whether queries reach those whom they are sent to. */
#include "base/err.h"
#include "check/check.h"

/* Each sign by itself is hardly anything else; several are the same thing seen twice. */
#define BY_REPLIES 0.99
#define BY_NOBODY  0.9999

static const char *families(const struct interception *x)
{
	return !x->v6.found ? "IPv4" : !x->v4.found ? "IPv6" : "IPv4 and IPv6";
}

static void tell_side(struct findings *f, struct finding *x, const struct intercept_side *s)
{
	if (!s->found)
		return;
	vec_each (const struct addr, a, s->roots)
		finding_server(f, x, a);
	vec_each (const size_t, i, s->evidence)
		finding_evidence(f, x, *i);
}

static void count(struct findings *f, struct finding *x, const char *key, size_t n)
{
	if (n)
		finding_int(f, x, key, n);
}

static void interception(const struct check_input *in, struct findings *f)
{
	const struct interception *all = &in->inferences->interception;
	const struct intercept_side none = { 0 };
	const struct intercept_side *v4 = all->v4.found ? &all->v4 : &none;
	const struct intercept_side *v6 = all->v6.found ? &all->v6 : &none;
	struct finding *x;

	if (!all->v4.found && !all->v6.found)
		return;
	x = findings_add(f, "interception", SEV_CRITICAL, WHERE_NEAR);
	x->confidence = v4->nobody + v6->nobody ? BY_NOBODY : BY_REPLIES;
	x->effect = EFFECT_EXPLAINS;
	finding_text(f, x, "families", families(all));
	count(f, x, "roots", v4->roots.n + v6->roots.n);
	count(f, x, "recursion", v4->recurse + v6->recurse);
	count(f, x, "beyond", v4->beyond + v6->beyond);
	count(f, x, "nobody", v4->nobody + v6->nobody);
	tell_side(f, x, v4);
	tell_side(f, x, v6);
}

static const struct check rows[] = {
	{ "interception", interception },
};

const struct family family_interception = { "interception", rows, ARRAY_LEN(rows) };
