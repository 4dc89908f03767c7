/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks for an address family that does not work. */
#include <math.h>

#include "base/err.h"
#include "check/check.h"

enum { EVIDENCE_MOST = 16 };

/* As elsewhere: a path that loses four of five packets is the alternative. */
#define LOSSY	  0.8
#define SURE_MOST 0.999999

static void collect(const struct check_input *in, struct findings *f, struct finding *x)
{
	size_t n = 0;

	for (size_t i = 0; i < in->facts->n && n < EVIDENCE_MOST; i++) {
		const struct observation *o = in->facts->v[i];

		if (!observation_silent(o) || !finding_names(x, &o->ask.server))
			continue;
		finding_evidence(f, x, i);
		n++;
	}
}

static void tell(const struct check_input *in, struct findings *f, const struct family_break *b)
{
	bool v6 = b->family == ADDR_V6;
	struct finding *x =
		findings_add(f, "family-broken", SEV_WARNING, b->zone ? WHERE_FAR : WHERE_NEAR);
	double sure = 1 - pow(LOSSY, (double)b->tries);

	x->subject = b->zone;
	x->confidence = sure < SURE_MOST ? sure : SURE_MOST;
	x->effect = EFFECT_INTERMITTENT;
	finding_text(f, x, "family", v6 ? "IPv6" : "IPv4");
	finding_text(f, x, "works", v6 ? "IPv4" : "IPv6");
	finding_int(f, x, "tries", b->tries);
	if (b->zone)
		finding_int(f, x, "others", b->others);
	vec_each (const struct addr, a, b->silent)
		finding_server(f, x, a);
	collect(in, f, x);
	if (!b->zone)
		x->line = "nobody replies over {family} from here, while servers reply over {works}"
			  "[ ({tries} queries)]";
}

static void family_broken(const struct check_input *in, struct findings *f)
{
	vec_each (const struct family_break, b, in->inferences->families)
		tell(in, f, b);
}

static const struct check rows[] = {
	{ "family-broken", family_broken },
};

const struct family family_family = { "family", rows, ARRAY_LEN(rows) };
