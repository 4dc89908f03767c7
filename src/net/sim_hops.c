/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routers of a simulated path. */
#include "net/sim_hops.h"

/* net.ipv4.icmp_ratelimit of 1000 ms and XRLIM_BURST_FACTOR of 6 (net/ipv4/icmp.c). */
#define BURST  6.0
#define SECOND 1e6

static bool may_speak(
	const struct sim_router *r, struct sim_hops_state *state, struct arena *a, uint64_t now)
{
	struct sim_hops_bucket *b = NULL;

	vec_each (struct sim_hops_bucket, x, state->buckets)
		if (x->router == r)
			b = x;
	if (!b) {
		vec_push(a, &state->buckets, (struct sim_hops_bucket){ r, BURST, now });
		b = &state->buckets.v[state->buckets.n - 1];
	}
	b->tokens += (double)(now - b->at) / SECOND;
	if (b->tokens > BURST)
		b->tokens = BURST;
	b->at = now;
	if (b->tokens < 1)
		return false;
	b->tokens -= 1;
	return true;
}

static struct sim_crossing say(const struct sim_router *r, struct icmp icmp)
{
	icmp.offender = r->addr;
	icmp.offender.port = 0;
	return (struct sim_crossing){ .fate = SIM_SAID, .icmp = icmp, .rtt = r->rtt };
}

/* The port that router i sees, counted from 0. */
static uint16_t port_at(const struct sim_hops *hops, struct addr from, size_t i)
{
	return hops->nat && i + 1 >= hops->nat->hop ? sim_nat_outside(hops->nat, from).port
						    : from.port;
}

struct sim_crossing sim_hops_cross(const struct sim_hops *hops, struct sim_hops_state *state,
	struct arena *a, const struct observation *o)
{
	static const struct sim_crossing dropped = { .fate = SIM_DROPPED };
	bool v6 = o->ask.server.family == ADDR_V6;
	/* RFC 792 and RFC 4443: time exceeded, administratively prohibited. */
	struct icmp expired = { .type = v6 ? 3 : 11, .code = 0 };
	struct icmp prohibited = { .type = v6 ? 1 : 3, .code = v6 ? 1 : 13 };
	struct sim_crossing c;

	for (size_t i = 0; i < hops->n; i++) {
		const struct sim_router *r = &hops->v[i];
		bool expires = o->ask.ttl == i + 1;
		bool drops = r->queries && portset_has(r->queries, port_at(hops, o->from, i));

		if (!expires && !drops)
			continue;
		if (r->silent || (drops && !expires && !r->rejects))
			return dropped;
		if (!may_speak(r, state, a, o->sent))
			return dropped;
		c = say(r, expires ? expired : prohibited);
		c.quoted = sim_nat_quoted(hops->nat, o->from, (unsigned int)i + 1);
		return c;
	}
	return (struct sim_crossing){ .fate = SIM_THROUGH };
}

bool sim_hops_return(const struct sim_hops *hops, struct addr from)
{
	for (size_t i = 0; i < hops->n; i++)
		if (hops->v[i].replies && portset_has(hops->v[i].replies, port_at(hops, from, i)))
			return false;
	return true;
}
