/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of what filters cost the resolver: its pool against what servers drop. */
#include <math.h>
#include <string.h>

#include "base/err.h"
#include "check/check_pools.h"

static const struct sweep_result *sweep_of(const struct inferences *in, const struct addr *server)
{
	vec_each (const struct sweep_result, s, in->sweeps)
		if (s->transport == TRANSPORT_UDP && addr_equal(&s->server, server))
			return s;
	return NULL;
}

/* The finding that another server with the same pool and the same loss made, or NULL. */
static struct finding *same(struct findings *f, const struct exposure *e)
{
	vec_each (struct finding, x, f->list) {
		const struct detail *share = finding_find(x, "share");

		if (strcmp(x->id, "resolver-uses-filtered-ports") == 0 && share &&
			fabs(share->number - e->fraction) < 1e-12 &&
			portset_equal(x->details.v[0].ports, &e->hit))
			return x;
	}
	return NULL;
}

static void describe(const struct check_input *in, struct findings *f, struct finding *x,
	const struct exposure *e)
{
	finding_ports(f, x, "hit", &e->hit);
	finding_ports(f, x, "ports", e->pool);
	finding_share(f, x, "share", e->fraction);
	finding_text(f, x, "source", e->by_toll ? "packets" : pool_basis_slug(e->basis));
	if (e->by_toll)
		finding_text(f, x, "though",
			e->unasked ? "though not all of its ports were tested"
				   : "though none of its ports was found dropped");
	if (e->unasked && !e->by_toll)
		finding_text(f, x, "least", "at least");
	if (e->said)
		check_pools_said(f, x, e->said);
	if (e->by) {
		if (e->audit)
			finding_text(f, x, "software", e->audit->software);
		check_pools_seen(f, x, e->by);
	}
	if (in->inferences->pools.predicted) {
		finding_share(f, x, "servfail", in->inferences->pools.lookups.fail);
		finding_detail(f, x,
			(struct detail){ .key = "delay",
				.kind = DETAIL_DURATION,
				.integer = (int64_t)in->inferences->pools.lookups.delay });
	}
}

static void add_toll(struct finding *x, struct findings *f, const struct exposure *e)
{
	static const struct {
		const char *key;
		size_t at;
	} tolls[] = {
		{ "hit_asked", offsetof(struct exposure, from_hit.asked) },
		{ "hit_answered", offsetof(struct exposure, from_hit.answered) },
		{ "rest_asked", offsetof(struct exposure, from_rest.asked) },
		{ "rest_answered", offsetof(struct exposure, from_rest.answered) },
	};

	for (size_t i = 0; i < ARRAY_LEN(tolls); i++) {
		uint32_t n = *(const uint32_t *)(const void *)((const char *)e + tolls[i].at);
		struct detail *d = finding_find(x, tolls[i].key);

		if (d)
			d->integer += n;
		else
			finding_int(f, x, tolls[i].key, n);
	}
}

static void of_server(const struct check_input *in, struct findings *f, const struct exposure *e)
{
	const struct sweep_result *s = sweep_of(in->inferences, &e->server);
	struct finding *x;

	/* A hash takes its share of any port: no choice of ports helps. */
	if (!e->pool || e->fraction <= 0 || !s || s->ports.pattern == PATTERN_HASH)
		return;
	x = same(f, e);
	if (!x) {
		x = findings_add(f, "resolver-uses-filtered-ports", SEV_ERROR, WHERE_RESOLVER);
		x->subject = s->zone;
		x->confidence = s->ports.confidence;
		describe(in, f, x, e);
	}
	if (s->ports.confidence < x->confidence)
		x->confidence = s->ports.confidence;
	if (e->by && e->by->estimate->confidence < x->confidence)
		x->confidence = e->by->estimate->confidence;
	add_toll(x, f, e);
	finding_server(f, x, &e->server);
}

/* A suspicion that `ports` confirms: so many silences, from these ports alone. */
static void nominee(struct findings *f, const struct nominee *n, const struct pools *p)
{
	struct portset range = { 0 };
	struct finding *x = findings_add(f, "resolver-uses-filtered-ports", SEV_WARNING,
		n->server.family ? WHERE_UNKNOWN : WHERE_NEAR);

	x->confidence = 1 - n->p;
	portset_add_range(&range, n->range);
	finding_ports(f, x, "hit", &n->ports);
	finding_ports(f, x, "range", &range);
	finding_text(f, x, "source", "seen");
	finding_int(f, x, "hit_asked", n->here.told);
	finding_int(f, x, "hit_answered", n->here.told - n->here.silent);
	finding_int(f, x, "rest_asked", n->rest.told);
	finding_int(f, x, "rest_answered", n->rest.told - n->rest.silent);
	finding_int(f, x, "others_asked", n->others.told);
	finding_int(f, x, "others_answered", n->others.told - n->others.silent);
	finding_share(f, x, "silent_low", n->here.low);
	finding_share(f, x, "silent_high", n->here.high);
	if (p->audit)
		finding_text(f, x, "software", p->audit->software);
	if (n->server.family)
		finding_server(f, x, &n->server);
}

static void nominated(const struct check_input *in, struct findings *f)
{
	vec_each (const struct nominee, n, in->inferences->nominated.nominees)
		nominee(f, n, &in->inferences->pools);
}

static void resolver_uses_filtered_ports(const struct check_input *in, struct findings *f)
{
	vec_each (const struct exposure, e, in->inferences->pools.exposures)
		of_server(in, f, e);
	nominated(in, f);
}

static const struct check rows[] = {
	{ "resolver-uses-filtered-ports", resolver_uses_filtered_ports },
};

const struct family family_exposure = { "exposure", rows, ARRAY_LEN(rows) };
