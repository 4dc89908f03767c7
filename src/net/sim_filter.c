/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules, policers, groups with a dead member, tables of flows, guards, outages. */
#include "net/sim_filter.h"

#include "base/table.h"

bool sim_bucket_take(struct sim_bucket *b, double rate, uint64_t now)
{
	double most = rate > 1 ? rate : 1;

	b->tokens = b->at ? b->tokens + rate * (double)(now - b->at) / 1e6 : most;
	if (b->tokens > most)
		b->tokens = most;
	b->at = now;
	if (b->tokens < 1)
		return false;
	b->tokens -= 1;
	return true;
}

static uint64_t flow_key(const struct sim_packet *p)
{
	return table_mix(table_mix(table_hash_addr(&p->from), table_hash_addr(&p->to)),
		(uint64_t)p->transport);
}

/* All bits of the flow added up without carry, four at a time. */
static uint64_t linear(const struct sim_packet *p)
{
	uint64_t sum = p->from.port ^ p->to.port ^ (uint64_t)p->transport * 5;

	for (size_t i = 0; i < sizeof(p->to.ip); i++)
		sum ^= (uint64_t)(p->to.ip[i] ^ p->from.ip[i]);
	return sum ^ sum >> 4 ^ sum >> 8 ^ sum >> 12;
}

static bool is_dead(const struct sim_filter *f, const struct sim_packet *p)
{
	uint64_t hash = f->hash == SIM_HASH_PORT     ? (uint64_t)p->from.port >> 4
			: f->hash == SIM_HASH_LINEAR ? linear(p)
						     : table_mix(flow_key(p), f->hash_key);

	return hash % f->members == f->hash_key % f->members;
}

/* Its flow is in the table, or finds a place there. */
static bool is_tracked(const struct sim_filter *f, struct sim_filter_state *s, struct arena *a,
	const struct sim_packet *p)
{
	uint64_t key = flow_key(p);
	struct sim_flow *gone = NULL;

	vec_each (struct sim_flow, x, s->flows) {
		if (x->until <= p->now) {
			gone = x;
		} else if (x->key == key) {
			x->until = p->now + f->flow_life;
			return true;
		}
	}
	if (gone)
		*gone = (struct sim_flow){ key, p->now + f->flow_life };
	else if (s->flows.n < f->flows)
		vec_push(a, &s->flows, (struct sim_flow){ key, p->now + f->flow_life });
	else
		return false;
	return true;
}

static bool is_ruled_out(
	const struct sim_filter *f, struct sim_filter_state *s, const struct sim_packet *p)
{
	uint16_t port = p->from.port;

	if (p->transport == TRANSPORT_TCP)
		return false;
	if (f->blocked && portset_has(f->blocked, port))
		return true;
	if (f->police <= 0 || (f->policed && !portset_has(f->policed, port)))
		return false;
	return !sim_bucket_take(&s->bucket, f->police, p->now);
}

static bool is_blocked(
	const struct sim_filter *f, struct sim_filter_state *s, const struct sim_packet *p)
{
	if (p->now < s->guard_until)
		return true;
	if (p->now >= s->guard_last + f->guard_forgets || s->guard_until)
		s->guarded = 0;
	s->guard_until = 0;
	s->guard_last = p->now;
	if (++s->guarded <= f->guard_after)
		return false;
	s->guard_until = p->now + f->guard_lasts;
	return true;
}

bool sim_filter_passes(const struct sim_filter *f, struct sim_filter_state *state, struct arena *a,
	const struct sim_packet *p)
{
	if (p->now >= f->out_from && p->now < f->out_to)
		return false;
	if (is_ruled_out(f, state, p) || (f->guard_after && is_blocked(f, state, p)))
		return false;
	if (f->members && is_dead(f, p))
		return false;
	return !f->flows || is_tracked(f, state, a, p);
}
