/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of servers as such: those that answer nothing from any port. */
#include "check/check.h"

#include <math.h>

#include "base/err.h"

enum { EVIDENCE_MOST = 16 };

#define LOSSY	     0.8
#define BLOCKED_SURE 0.9999
#define SEEN_SURE    0.9

static size_t index_of(const struct facts *f, const struct observation *o)
{
	size_t i = 0;

	while (i < f->n && f->v[i] != o)
		i++;
	return i;
}

/* A server sent something back, if only an ICMP error of its own: silence is then not ours. */
static bool network_works(const struct check_input *in)
{
	if (in->inferences->answered_beyond > 0)
		return true;
	for (size_t i = 0; i < in->facts->n; i++)
		if (observation_replied(in->facts->v[i]) &&
			!observation_to_resolver(in->facts->v[i]))
			return true;
	return false;
}

/* It answered something over this transport, if not the sweep. */
static bool answered_otherwise(const struct facts *f, const struct sweep_result *s)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.transport == s->transport && addr_equal(&o->ask.server, &s->server) &&
			ports_proves_open(o))
			return true;
	}
	return false;
}

static bool in_list(const struct addr *list, size_t n, const struct addr *a)
{
	for (size_t i = 0; i < n; i++)
		if (addr_same_host(&list[i], a))
			return true;
	return false;
}

/* An address that only the parent's glue gives, and the zone does not: stale-glue tells of it. */
static bool stale(const struct inferences *in, const struct addr *server)
{
	if (!in->tree)
		return false;
	vec_each (const struct cut_zone, z, in->tree->zones)
		vec_each (const struct cut_ns, ns, z->ns)
			if (ns->resolved && in_list(ns->glue.v, ns->glue.n, server))
				return !in_list(ns->addrs.v, ns->addrs.n, server);
	return false;
}

/* No port reaches it, and nothing else explains that. */
static bool is_unreachable(const struct check_input *in, const struct sweep_result *s)
{
	return s->ports.pattern == PATTERN_ALL && !answered_otherwise(in->facts, s) &&
	       !stale(in->inferences, &s->server);
}

/* One minus the chance that a path which loses four of five packets ate them all. */
static double confidence(const struct sweep_result *s)
{
	return 1 - pow(LOSSY, (double)s->ports.sent);
}

static bool all_silent(const struct check_input *in)
{
	vec_each (const struct sweep_result, s, in->inferences->sweeps)
		if (!is_unreachable(in, s))
			return false;
	return true;
}

static void collect(const struct check_input *in, struct findings *f, struct finding *x)
{
	size_t n = 0;

	for (size_t i = 0; i < in->facts->n && n < EVIDENCE_MOST; i++) {
		const struct observation *o = in->facts->v[i];

		if (!finding_names(x, &o->ask.server) ||
			(!observation_silent(o) && o->outcome != OUTCOME_ICMP))
			continue;
		finding_evidence(f, x, i);
		n++;
	}
}

/*
 * Servers that answered none of the resolver's queries that were seen: from the ports that it has
 * it cannot be told whether these are dropped or the servers are down.
 */
static void seen_dead(const struct check_input *in, struct findings *f)
{
	const struct nominations *n = &in->inferences->nominated;
	struct finding *x;

	if (!n->dead.n || !n->alive)
		return;
	x = findings_add(f, "unreachable", SEV_NOTICE, WHERE_UNKNOWN);
	/* They may have answered what was not seen. */
	x->confidence = SEEN_SURE;
	vec_each (const struct addr, a, n->dead)
		finding_server(f, x, a);
}

/* client-blocked ------------------------------------------------------------------------------- */

/* A packet to the server from that address of this host, and none from it was ever answered. */
static bool silent_to(const struct facts *f, const struct addr *server, const struct addr *own)
{
	bool silent = false;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (!addr_equal(&o->ask.server, server) || !addr_same_host(&o->from, own))
			continue;
		if (observation_replied(o))
			return false;
		silent |= observation_silent(o);
	}
	return silent;
}

/* The usual address was asked from beside the other one, and got nothing. */
static const struct observation *control(const struct facts *f, const struct observation *good)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role == ROLE_SOURCE && observation_silent(o) &&
			addr_equal(&o->ask.server, &good->ask.server) &&
			!addr_same_host(&o->from, &good->from) &&
			silent_to(f, &good->ask.server, &o->from))
			return o;
	}
	return NULL;
}

static bool last_zone_blocked(const struct check_input *in, const struct finding *x)
{
	const struct cut_tree *t = in->inferences->tree;

	if (!t || t->last < 0)
		return false;
	vec_each (const struct cut_server, s, t->zones.v[t->last].servers)
		if (s->replied && !finding_names(x, &s->addr))
			return false;
	return true;
}

static struct finding *blocked(
	struct findings *f, const struct observation *good, const struct observation *bad)
{
	struct finding *x = findings_add(f, "client-blocked", SEV_WARNING, WHERE_FAR);

	x->subject = good->ask.zone;
	x->confidence = BLOCKED_SURE;
	finding_detail(f, x,
		(struct detail){ .key = "source",
			.kind = DETAIL_ADDR,
			.addr = addr_with_port(bad->from, 0) });
	finding_detail(f, x,
		(struct detail){ .key = "other",
			.kind = DETAIL_ADDR,
			.addr = addr_with_port(good->from, 0) });
	return x;
}

/* One finding for each family: an address is of one. */
static void client_blocked(const struct check_input *in, struct findings *f)
{
	static const uint8_t families[] = { ADDR_V4, ADDR_V6 };

	for (size_t k = 0; k < ARRAY_LEN(families); k++) {
		struct finding *x = NULL;

		for (size_t i = 0; i < in->facts->n; i++) {
			const struct observation *o = in->facts->v[i], *bad;

			if (o->ask.role != ROLE_SOURCE || !observation_replied(o) ||
				o->ask.server.family != families[k])
				continue;
			bad = control(in->facts, o);
			if (!bad)
				continue;
			if (!x)
				x = blocked(f, o, bad);
			if (!finding_names(x, &o->ask.server))
				finding_server(f, x, &o->ask.server);
			finding_evidence(f, x, index_of(in->facts, bad));
			finding_evidence(f, x, i);
		}
		if (!x || !last_zone_blocked(in, x))
			continue;
		x->severity = SEV_ERROR;
		x->effect = EFFECT_EXPLAINS;
	}
}

/* unreachable ---------------------------------------------------------------------------------- */

/* Others reach the zone's servers just now: these are up, and the way from here is the matter. */
static void tell_opinions(const struct check_input *in, struct findings *f, struct finding *x)
{
	size_t others = in->inferences->opinions.fresh;

	if (!others || !all_silent(in))
		return;
	x->where = WHERE_PATH;
	finding_int(f, x, "others", others);
}

/* One finding for all servers that no port reaches; an error when no other server is left. */
static void unreachable(const struct check_input *in, struct findings *f)
{
	const struct inferences *i = in->inferences;
	struct finding *x = NULL;
	uint64_t tried = 0;

	seen_dead(in, f);
	if (!network_works(in))
		return;
	vec_each (const struct sweep_result, s, i->sweeps) {
		if (!is_unreachable(in, s))
			continue;
		if (!x) {
			x = findings_add(f, "unreachable", all_silent(in) ? SEV_ERROR : SEV_WARNING,
				WHERE_FAR);
			x->subject = s->zone;
			x->confidence = 1;
		}
		if (confidence(s) < x->confidence)
			x->confidence = confidence(s);
		finding_server(f, x, &s->server);
		tried += s->ports.sent;
	}
	if (!x)
		return;
	finding_detail(f, x,
		(struct detail){ .key = "tried", .kind = DETAIL_INT, .integer = (int64_t)tried });
	tell_opinions(in, f, x);
	collect(in, f, x);
}

static const struct check rows[] = {
	{ "client-blocked", client_blocked },
	{ "unreachable", unreachable },
};

const struct family family_servers = { "servers", rows, ARRAY_LEN(rows) };
