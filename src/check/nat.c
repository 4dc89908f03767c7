/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of address translation: the port that arrives is not the one that was sent. */
#include "base/err.h"
#include "check/check_ports.h"

enum { EVIDENCE_MOST = 64 };

/* Who forges two quotes without seeing the queries had to guess two ids of 16 bits each. */
#define SUREST (1 - 1e-9)

static bool in_set(const struct portset *s, uint16_t port)
{
	return !s || portset_has(s, port);
}

/* "1000>41000" of each certain pair whose first port is in the set (NULL: of all). */
static void put_pairs(struct findings *f, struct finding *x, const struct nat_result *r,
	const struct portset *set)
{
	const char **v = arena_alloc(f->arena, (r->pairs.n + 1) * sizeof(*v));
	size_t n = 0;

	vec_each (const struct nat_pair, p, r->pairs)
		if (in_set(set, p->sent.port))
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

static void nat_rewrites_ports(const struct check_input *in, struct findings *f)
{
	of_family(in, f, ADDR_V4);
	of_family(in, f, ADDR_V6);
}

static const struct check rows[] = {
	{ "nat-rewrites-ports", nat_rewrites_ports },
};

const struct family family_nat = { "nat", rows, ARRAY_LEN(rows) };
