/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of address translation: the port that arrives is not the one that was sent. */
#include "base/err.h"
#include "check/check_ports.h"

enum { EVIDENCE_MOST = 64 };

/* Who forges two quotes without seeing the queries had to guess two ids of 16 bits each. */
#define SUREST	  (1 - 1e-9)
#define FILE_SURE 0.9

static bool in_set(const struct portset *s, uint16_t port)
{
	return !s || portset_has(s, port);
}

/* The same ports were a pair before, of other addresses or another query. */
static bool paired_before(const struct nat_result *r, const struct nat_pair *p)
{
	for (const struct nat_pair *q = r->pairs.v; q < p; q++)
		if (q->sent.port == p->sent.port && q->seen.port == p->seen.port)
			return true;
	return false;
}

/* "1000>41000" of each certain pair whose first port is in the set (NULL: of all). */
static void put_pairs(struct findings *f, struct finding *x, const struct nat_result *r,
	const struct portset *set)
{
	const char **v = arena_alloc(f->arena, (r->pairs.n + 1) * sizeof(*v));
	size_t n = 0;

	vec_each (const struct nat_pair, p, r->pairs)
		if (in_set(set, p->sent.port) && !paired_before(r, p))
			v[n++] = arena_printf(f->arena, "%u>%u", p->sent.port, p->seen.port);
	if (n)
		finding_detail(f, x,
			(struct detail){ .key = set ? "arrives" : "pairs",
				.kind = DETAIL_TEXTS,
				.texts = v,
				.ntexts = n });
}

void check_nat_arrives(const struct check_input *in, struct findings *f, struct finding *x,
	const struct sweep_result *s)
{
	if (s->transport == TRANSPORT_UDP && x->details.n && x->details.v[0].ports)
		put_pairs(f, x, infer_nat(in->inferences, s->server.family), x->details.v[0].ports);
}

static void add_server(struct findings *f, struct finding *x, const struct addr *server)
{
	if (!finding_names(x, server))
		finding_server(f, x, server);
}

static void collect(const struct check_input *in, struct findings *f, struct finding *x,
	const struct nat_result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < in->facts->n && n < EVIDENCE_MOST; i++) {
		if (!nat_shows(r, in->facts->v[i]))
			continue;
		add_server(f, x, &in->facts->v[i]->ask.server);
		finding_evidence(f, x, i);
		n++;
	}
}

static void put_addr(struct findings *f, struct finding *x, const char *key, struct addr addr)
{
	addr.port = 0;
	finding_detail(f, x, (struct detail){ .key = key, .kind = DETAIL_ADDR, .addr = addr });
}

static void of_family(const struct check_input *in, struct findings *f, uint8_t family)
{
	const struct nat_result *r = infer_nat(in->inferences, family);
	const struct nat_pair *first = r->pairs.v;
	struct finding *x;

	if (r->verdict != NAT_REWRITES)
		return;
	x = findings_add(f, "nat-rewrites-ports", SEV_NOTICE, WHERE_NEAR);
	x->confidence = SUREST;
	put_pairs(f, x, r, NULL);
	finding_int(f, x, "count", r->rewritten);
	put_addr(f, x, "seen_by", r->by);
	if (r->hop)
		finding_int(f, x, "hop", r->hop);
	if (r->behind)
		finding_int(f, x, "behind_hop", r->behind);
	if (!addr_same_host(&first->sent, &first->seen))
		put_addr(f, x, "address", first->seen);
	collect(in, f, x, r);
}

/* Ports of the resolver's queries at both ends of the way. */
static void of_arrival(const struct check_input *in, struct findings *f)
{
	const struct nat_arrival *r = &in->inferences->arrival;
	const struct nat_result as_pairs = { .pairs = { r->pairs.v, r->pairs.n, r->pairs.n } };
	struct finding *x;

	if (r->rewritten < NAT_CERTAIN)
		return;
	x = findings_add(f, "nat-rewrites-ports", SEV_NOTICE, WHERE_NEAR);
	x->confidence = SUREST;
	put_pairs(f, x, &as_pairs, NULL);
	finding_int(f, x, "count", r->rewritten);
	finding_int(f, x, "matched", r->matched);
	finding_text(f, x, "source", "beacon");
	if (!addr_same_host(&r->pairs.v[0].sent, &r->pairs.v[0].seen))
		put_addr(f, x, "address", r->pairs.v[0].seen);
}

/* Ports that arrive and that the configuration does not have. */
static void of_pool(const struct check_input *in, struct findings *f)
{
	vec_each (const struct pool_seen, s, in->inferences->pools.seen) {
		struct finding *x;

		if (s->estimate->source != SIGHT_BEACON || !s->said || s->fits.fit <= POOL_FITS ||
			in->inferences->arrival.matched)
			continue;
		x = findings_add(f, "nat-rewrites-ports", SEV_NOTICE, WHERE_NEAR);
		/* Or the file is not what the process has read. */
		x->confidence = s->fits.confidence * FILE_SURE;
		finding_ports(f, x, "said", s->said->ports);
		finding_ports(f, x, "arrived", &s->estimate->seen);
		finding_text(f, x, "source", "config");
		return;
	}
}

/*
 * Two resolvers behind one address that send from the same port: the second one gets another port
 * of the same class, and what class that is the filter shows. The port itself is not in the dropped
 * set, other servers answer it, and these servers answer nothing of what the resolver sends from
 * it.
 */
static void of_collision(const struct check_input *in, struct findings *f)
{
	struct finding *x = NULL;

	vec_each (const struct nat_collision, c, in->inferences->collisions) {
		if (!x) {
			x = findings_add(f, "nat-rewrites-ports", SEV_WARNING, WHERE_NEAR);
			x->confidence = c->confidence;
			finding_int(f, x, "port", c->port);
			finding_text(f, x, "source", "collision");
			finding_int(f, x, "class_first", c->class.lo);
			finding_int(f, x, "class_last", c->class.hi);
		}
		if (c->confidence < x->confidence)
			x->confidence = c->confidence;
		finding_server(f, x, &c->server);
	}
}

static void nat_rewrites_ports(const struct check_input *in, struct findings *f)
{
	of_family(in, f, ADDR_V4);
	of_family(in, f, ADDR_V6);
	of_arrival(in, f);
	of_pool(in, f);
	of_collision(in, f);
}

static const struct check rows[] = {
	{ "nat-rewrites-ports", nat_rewrites_ports },
};

const struct family family_nat = { "nat", rows, ARRAY_LEN(rows) };
