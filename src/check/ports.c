/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of source ports: sets of them that are dropped, grouped by set and place. */
#include "check/check_ports.h"

#include <string.h>

#include "base/err.h"

enum { EVIDENCE_MOST = 64 };

/* Silence, however deep, is no proof. */
#define SUREST (1 - 1e-9)

static const enum where where_of[] = {
	[PLACE_UNKNOWN] = WHERE_UNKNOWN,
	[PLACE_NEAR] = WHERE_NEAR,
	[PLACE_FAR] = WHERE_FAR,
};

enum where check_ports_where(enum place_verdict p)
{
	return where_of[p];
}

static bool lookup_fails(const struct inferences *in)
{
	if (!in->resolver.seen || in->resolver.seen->outcome == OUTCOME_NOT_SENT)
		return false;
	return in->resolver.meaning == MEANS_SERVFAIL || in->resolver.meaning == MEANS_UNREADABLE;
}

enum check_hits check_ports_hits(const struct check_input *in, const struct addr *server)
{
	const struct exposure *e = pools_exposure(&in->inferences->pools, server);

	if (!e || !e->pool || e->untested)
		return HITS_UNKNOWN;
	return e->fraction > 0 ? HITS_POOL : HITS_NOTHING;
}

/*
 * The consequence for whoever asked: for `ports` the filter is the answer to the question; for a
 * lookup it is an error when that fails or the resolver's pool is met, and nothing to worry about
 * when the pool is known and is not.
 */
enum severity check_ports_severity(const struct check_input *in, const struct addr *server)
{
	static const enum severity severities[] = {
		[HITS_UNKNOWN] = SEV_WARNING,
		[HITS_NOTHING] = SEV_NOTICE,
		[HITS_POOL] = SEV_ERROR,
	};

	if (!in->facts->command || strcmp(in->facts->command, "diagnose") != 0)
		return SEV_ERROR;
	if (lookup_fails(in->inferences))
		return SEV_ERROR;
	return severities[check_ports_hits(in, server)];
}

static const char *hits_slug(enum check_hits h)
{
	static const char *const slugs[] = {
		[HITS_UNKNOWN] = "unknown",
		[HITS_NOTHING] = "no",
		[HITS_POOL] = "yes",
	};

	return slugs[h];
}

/* The finding of that set and place that an earlier server made, or NULL. */
static struct finding *same(struct findings *f, const struct portset *blocked, enum where where)
{
	vec_each (struct finding, x, f->list) {
		if (strcmp(x->id, "source-port-filter") != 0 || x->where != where)
			continue;
		vec_each (struct detail, d, x->details)
			if (d->kind == DETAIL_PORTS && portset_equal(d->ports, blocked))
				return x;
	}
	return NULL;
}

/*
 * Far means at the servers or in front of them: when a router behind the drop still hears the open
 * port, it is on the way there.
 */
static enum where where_it_is(const struct sweep_result *s, enum place_verdict place)
{
	const struct path_result *p = s->path[place];

	return place == PLACE_FAR && p && p->broken == PATH_MIDWAY && p->beyond ? WHERE_PATH
										: where_of[place];
}

static void put_addr(
	struct findings *f, struct finding *x, const char *key, const struct addr *addr)
{
	finding_detail(f, x, (struct detail){ .key = key, .kind = DETAIL_ADDR, .addr = *addr });
}

/* Between which hops, in which direction, and who says that he does it. */
static void describe_path(struct findings *f, struct finding *x, const struct sweep_result *s,
	const struct path_result *p)
{
	if (path_is_broken(p))
		finding_text(f, x, "direction", path_direction_slug(p->direction));
	/* A reply is lost on its way back, of which the hops say nothing. */
	if (path_is_broken(p) && p->direction != DIRECTION_REPLY) {
		const struct path_router *before = path_router_of(&p->hop[p->after], true);
		const struct path_router *after = path_router_of(&p->hop[p->before], false);

		finding_int(f, x, "hop_before", p->after);
		if (before)
			put_addr(f, x, "hop_before_addr", &before->addr);
		finding_int(f, x, "hop_after", p->before);
		if (after)
			put_addr(f, x, "hop_after_addr", &after->addr);
	}
	if (s->reject.by.family)
		put_addr(f, x, "rejected_by", &s->reject.by);
}

static void describe(struct findings *f, struct finding *x, const struct sweep_result *s,
	const struct portset *blocked)
{
	uint32_t count = portset_count(blocked);

	finding_ports(f, x, "blocked", blocked);
	finding_int(f, x, "count", count);
	finding_share(f, x, "share", count / 65535.0);
	finding_int(f, x, "silences", s->ports.silences);
	finding_share(f, x, "loss", s->ports.loss);
	finding_share(f, x, "undiscovered", s->ports.undiscovered);
	finding_int(f, x, "controls", s->place.alive);
	finding_int(f, x, "controls_answered", s->place.replies);
}

static void collect(const struct check_input *in, struct findings *f, struct finding *x,
	const struct sweep_result *s)
{
	const struct portset *blocked = x->details.v[0].ports;
	size_t n = 0;

	for (size_t i = 0; i < in->facts->n && n < EVIDENCE_MOST; i++) {
		const struct observation *o = in->facts->v[i];
		bool own = addr_equal(&o->ask.server, &s->server) && o->ask.role == ROLE_SWEEP;
		bool control = o->ask.role == ROLE_PLACE;

		if ((!own && !control) || !portset_has(blocked, o->ask.source.port))
			continue;
		finding_evidence(f, x, i);
		n++;
	}
}

/* The controls of a second address family are others than those of the first. */
static void add_controls(struct finding *x, const struct sweep_result *s)
{
	vec_each (struct addr, a, x->servers)
		if (a->family == s->server.family)
			return;
	finding_find(x, "controls")->integer += s->place.alive;
	finding_find(x, "controls_answered")->integer += (int64_t)s->place.replies;
}

static double confidence(const struct sweep_result *s, enum place_verdict place)
{
	double c = s->ports.confidence;

	if (place == PLACE_NEAR)
		c *= s->place.near_confidence;
	if (where_it_is(s, place) == WHERE_PATH)
		c *= 1 - s->path[place]->hidden;
	return c;
}

static void one_place(const struct check_input *in, struct findings *f,
	const struct sweep_result *s, enum place_verdict place)
{
	const struct portset *blocked = &s->place.at[place];
	enum where where;
	struct finding *x;

	if (portset_empty(blocked))
		return;
	where = where_it_is(s, place);
	x = same(f, blocked, where);
	if (!x) {
		x = findings_add(
			f, "source-port-filter", check_ports_severity(in, &s->server), where);
		x->subject = s->zone;
		x->confidence = SUREST;
		describe(f, x, s, blocked);
		finding_text(f, x, "hits_resolver", hits_slug(check_ports_hits(in, &s->server)));
		describe_path(f, x, s, s->path[place]);
		check_nat_arrives(in, f, x, s);
	} else {
		add_controls(x, s);
	}
	if (confidence(s, place) < x->confidence)
		x->confidence = confidence(s, place);
	finding_server(f, x, &s->server);
	collect(in, f, x, s);
}

static void source_port_filter(const struct check_input *in, struct findings *f)
{
	vec_each (const struct sweep_result, s, in->inferences->sweeps)
		for (enum place_verdict p = 0; s->ports.pattern == PATTERN_RANGES && p < PLACES;
			p++)
			one_place(in, f, s, p);
}

static const struct check rows[] = {
	{ "source-port-filter", source_port_filter },
};

const struct family family_ports = { "ports", rows, ARRAY_LEN(rows) };
