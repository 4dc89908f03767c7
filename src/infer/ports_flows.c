/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether silent ports without order are the flows that a hash sends to a dead member of a group:
 * their share, whether other ports are dead at another destination, and whether bits of the port
 * say which are. A group is an ECMP route or a link aggregate; switches hash with CRC or XOR, which
 * are linear over GF(2), and sets of ports of MAP-E (RFC 7597 5.1) and of carriers' NATs go by bits
 * of the port.
 */
#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/stats.h"
#include "infer/ports_depth.h"

enum {
	PORT_BITS = 16,
	BITS_MOST = 6,	 /* "1 of 64" at most */
	ORDER_SPARE = 8, /* silent ports beyond those that span an order */
	MEMBERS_MOST = 64,
	STEPS = 30,	 /* until the share stands */
	THERE_LEAST = 2, /* ports that are dead elsewhere only: the set is another */
	DESTINATIONS_MOST = 8,
};

#define THERE_ERROR 1e-2 /* the same at the other destination */
#define SAME_ERROR  1e-6 /* two sets that agree so by chance are one */

/* Tested ports that never answered, and were silent too often for the loss of steady asks. */
static void dead_ports(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret)
{
	struct portset shallow;

	*ret = (struct portset){ 0 };
	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1))
		if (portset_has(scope->ports, (uint16_t)p) && !ports_open(t, (uint16_t)p))
			portset_add(ret, (uint16_t)p);
	ports_shallow(t, scope, &shallow);
	portset_minus(ret, &shallow);
}

/* Sums of bits (over GF(2)) that are the same for all dead ports. */
struct order {
	uint16_t base;		  /* a dead port */
	uint16_t span[PORT_BITS]; /* span[i]: a difference with highest bit i; 0: none */
	unsigned int rank;
	uint32_t dead;
};

static uint16_t reduce(const struct order *o, uint16_t difference)
{
	for (int i = PORT_BITS - 1; i >= 0; i--)
		if (difference >> i & 1 && o->span[i])
			difference ^= o->span[i];
	return difference;
}

static void order_add(struct order *o, uint16_t port)
{
	uint16_t rest;
	int top = PORT_BITS - 1;

	if (!o->dead++)
		o->base = port;
	rest = reduce(o, port ^ o->base);
	if (!rest)
		return;
	while (!(rest >> top & 1))
		top--;
	o->span[top] = rest;
	o->rank++;
}

static bool in_order(const struct order *o, uint16_t port)
{
	return reduce(o, port ^ o->base) == 0;
}

/* Bits that no difference of dead ports touches are the same in all of them. */
static uint16_t fixed_bits(const struct order *o)
{
	uint16_t touched = 0;

	for (int i = 0; i < PORT_BITS; i++)
		touched |= o->span[i];
	return (uint16_t)~touched;
}

/* The dead ports lie in a subspace, all of whose tested ports are dead. */
static bool find_order(
	const struct ports_table *t, const struct ports_scope *scope, struct order *o)
{
	struct portset dead;

	*o = (struct order){ .rank = 0 };
	dead_ports(t, scope, &dead);
	for (int32_t p = portset_next(&dead, 0); p >= 0; p = portset_next(&dead, (uint32_t)p + 1))
		order_add(o, (uint16_t)p);
	if (o->rank == PORT_BITS || o->rank < PORT_BITS - BITS_MOST ||
		o->dead < o->rank + ORDER_SPARE)
		return false;
	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1))
		if (ports_open(t, (uint16_t)p) && in_order(o, (uint16_t)p))
			return false;
	return true;
}

static void take_order(const struct order *o, struct ports_flows *ret, struct portset *ret_set)
{
	uint16_t fixed = fixed_bits(o);

	ret->bits = PORT_BITS - o->rank;
	ret->members = ret->least = ret->most = 1U << ret->bits;
	if ((unsigned int)__builtin_popcount(fixed) == ret->bits) {
		ret->mask = fixed;
		ret->value = o->base & fixed;
	}
	for (uint32_t p = 1; p < 65536; p++)
		if (in_order(o, (uint16_t)p))
			portset_add(ret_set, (uint16_t)p);
}

static bool is_power(unsigned int n)
{
	return (n & (n - 1)) == 0;
}

/*
 * "1 of n dead" for the share seen. Groups most often have a power of two members (or buckets of
 * them), so the one nearest to the share is taken when the bounds allow it.
 */
static void estimate_members(struct ports_flows *f)
{
	double best = HUGE_VAL;
	uint64_t dead = (uint64_t)llround(f->dead), tested = (uint64_t)llround(f->tested);

	f->share_low = stats_rate_lower(dead, tested, 0.975);
	f->share_high = stats_rate_upper(dead, tested, 0.975);
	f->least = f->most = f->members = 0;
	for (unsigned int n = 2; n <= MEMBERS_MOST && dead; n++) {
		double off = fabs(log(f->share * n)) + (is_power(n) ? 0 : 1);

		if (f->share_low > 1.0 / n || f->share_high < 1.0 / n)
			continue;
		f->least = f->least ? f->least : n;
		f->most = n;
		if (off >= best)
			continue;
		best = off;
		f->members = n;
	}
}

/*
 * The share of dead ones among all tested ports (however a port was chosen, a hash does not know
 * it), when each silent one may still be an open port that had bad luck: the share that explains
 * itself (expectation and maximisation).
 */
static void estimate_share(
	const struct ports_table *t, const struct ports_scope *scope, struct ports_flows *f)
{
	f->share = 0.5;
	for (int step = 0; step < STEPS; step++) {
		f->tested = f->dead = 0;
		for (int32_t p = portset_next(&t->asked, 0); p >= 0;
			p = portset_next(&t->asked, (uint32_t)p + 1)) {
			double luck = exp(-(double)ports_at(t, p)->weight) * (1 - f->share);

			if (!portset_has(scope->ports, (uint16_t)p))
				continue;
			f->tested++;
			if (!ports_open(t, (uint16_t)p))
				f->dead += f->share / (f->share + luck);
		}
		f->share = f->tested > 0 ? f->dead / f->tested : 0;
	}
}

static enum ports_reshuffle reshuffle(const struct ports_twin *w)
{
	double chance;

	/* Nothing is dead there, or nothing lives: it stands behind other links, or is off. */
	if (!w->server.family || !(w->there + w->both) || !(w->here + w->none))
		return RESHUFFLE_UNTESTED;
	chance = stats_fisher(w->both, w->here, w->there, w->none);
	/* Some hashes leave the protocol out: the same ports over TCP say nothing. */
	if (chance < SAME_ERROR && w->both > w->here)
		return w->elsewhere ? RESHUFFLE_NO : RESHUFFLE_UNTESTED;
	return w->there >= THERE_LEAST && w->here ? RESHUFFLE_YES : RESHUFFLE_UNTESTED;
}

void ports_flows_judge(const struct ports_table *t, const struct ports_scope *scope,
	struct ports_flows *ret, struct portset *ret_set)
{
	struct order o;

	*ret = (struct ports_flows){ .twin = t->twin };
	*ret_set = (struct portset){ 0 };
	estimate_share(t, scope, ret);
	estimate_members(ret);
	if (find_order(t, scope, &o))
		take_order(&o, ret, ret_set);
	ret->reshuffle = reshuffle(&t->twin);
}

/* What ports did at one other destination. */
struct elsewhere {
	struct ports_subject at;
	uint8_t *replies, *silences; /* by port */
};

struct destinations VEC(struct ports_subject);

static bool is_twin(const struct observation *o, const struct ports_subject *subject)
{
	return o->ask.role == ROLE_TWIN && o->outcome != OUTCOME_NOT_SENT &&
	       o->outcome != OUTCOME_STRAY &&
	       (o->ask.transport != subject->transport ||
		       !addr_equal(&o->ask.server, &subject->server));
}

static void look(const struct facts *f, struct elsewhere *e)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];
		uint16_t port = o->ask.source.port;

		if (o->ask.role != ROLE_TWIN || o->ask.transport != e->at.transport ||
			!addr_equal(&o->ask.server, &e->at.server))
			continue;
		e->replies[port] |= ports_proves_open(o);
		if (ports_is_silence(o) && e->silences[port] < UINT8_MAX)
			e->silences[port]++;
	}
}

/*
 * How many silences make a port dead there: as many as loss demands, or as it was asked most often
 * when the loss turned out worse than it was when that was decided.
 */
static unsigned int silences_there(const struct ports_table *t, const struct elsewhere *e)
{
	unsigned int need = ports_silences(t, THERE_ERROR);
	unsigned int most = 1;

	for (uint32_t p = 1; p < 65536; p++)
		if (!e->replies[p] && e->silences[p] > most)
			most = e->silences[p];
	return need < most ? need : most;
}

static struct ports_twin compare(const struct ports_table *t, const struct elsewhere *e)
{
	unsigned int need = silences_there(t, e);
	struct ports_twin w = { .server = e->at.server, .transport = e->at.transport };
	const struct ports_scope scope = { .ports = &ports_all };
	struct portset here;

	dead_ports(t, &scope, &here);
	for (uint32_t p = 1; p < 65536; p++) {
		bool dead = portset_has(&here, (uint16_t)p), silent = !e->replies[p];

		if ((!dead && !ports_open(t, (uint16_t)p)) || (silent && e->silences[p] < need))
			continue;
		w.both += dead && silent;
		w.here += dead && !silent;
		w.there += !dead && silent;
		w.none += !dead && !silent;
	}
	return w;
}

/* Of several destinations the first that decides, else the one asked most. */
static bool tells_more(const struct ports_twin *a, const struct ports_twin *b)
{
	bool decides = reshuffle(a) != RESHUFFLE_UNTESTED;

	if (decides != (reshuffle(b) != RESHUFFLE_UNTESTED))
		return decides;
	return a->both + a->here + a->there + a->none > b->both + b->here + b->there + b->none;
}

static void add_destination(struct arena *a, struct destinations *list, const struct observation *o)
{
	enum transport transport = (enum transport)o->ask.transport;

	vec_each (struct ports_subject, d, *list)
		if (d->transport == transport && addr_equal(&d->server, &o->ask.server))
			return;
	if (list->n < DESTINATIONS_MOST)
		vec_push(a, list, (struct ports_subject){ o->ask.server, transport });
}

void ports_twin_tally(
	struct ports_table *t, const struct facts *f, const struct ports_subject *subject)
{
	struct destinations list = { 0 };
	struct arena *a = arena_new();

	for (size_t i = 0; i < f->n; i++)
		if (is_twin(f->v[i], subject))
			add_destination(a, &list, f->v[i]);
	vec_each (struct ports_subject, d, list) {
		struct elsewhere e = { .at = *d,
			.replies = arena_alloc(a, 65536),
			.silences = arena_alloc(a, 65536) };
		struct ports_twin w;

		look(f, &e);
		w = compare(t, &e);
		w.elsewhere = !addr_equal(&d->server, &subject->server);
		if (tells_more(&w, &t->twin))
			t->twin = w;
	}
	arena_free(a);
}
