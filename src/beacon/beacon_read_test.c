/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an asker reads out of replies is what its resolver sent. */
#include "base/err.h"
#include "beacon/beacon.h"
#include "beacon/test_beacon.h"
#include "prop.h"

static bool same(const struct beacon_sample *a, const struct beacon_sample *b)
{
	return addr_equal(&a->from, &b->from) && a->tcp == b->tcp && a->id == b->id &&
	       a->edns == b->edns && a->edns_size == b->edns_size && a->type == b->type &&
	       a->upper == b->upper;
}

/* A chain through a resolver: every query that it sent is there, with its name's letters. */
static bool case_chain(struct rng *r)
{
	struct bench t = bench_new(rng_u64(r), 0);
	uint8_t steps = (uint8_t)rng_below(r, BEACON_STEPS_MOST + 1);
	struct beacon_samples all;
	struct name zone, first;
	bool good = true;
	size_t n;

	name_parse("beacon.test", &zone);
	if (rng_below(r, 2))
		addr_parse("2001:db8:1234:5678:9abc:def0:1234:5678", &t.from);
	t.shape.edns = rng_below(r, 4) > 0;
	if (!t.shape.edns)
		t.shape.edns_size = 0;
	beacon_first_name(&zone, steps, (uint32_t)rng_u64(r) >> 2, &first);
	n = beacon_read(bench_resolve(&t, &first, rng_below(r, 2)), &all);
	/* A first name without steps is asked over TCP, and leads to one more. */
	good &= n == t.nsent && n >= steps + 1U;
	for (size_t i = 0; good && i < n; i++)
		good &= same(&all.v[i], &t.sent[i]) && name_equal(&all.names[i], &t.names[i]) &&
			(i == 0) == all.v[i].tcp;
	for (size_t i = 1; good && i < n; i++)
		good &= beacon_case(&all.names[i]) == all.v[i].upper;
	bench_done(&t);
	return good;
}

static struct observation observed(
	const struct name *name, const struct msg *m, enum outcome outcome)
{
	return (struct observation){
		.ask = { .role = ROLE_BEACON, .question = { name, RR_TXT, CLASS_IN } },
		.outcome = (uint8_t)outcome,
		.sent = 5000000,
		.done = 6000000,
		.msg = m,
	};
}

static void test_sightings(void)
{
	struct bench t = bench_new(9, 0);
	struct facts *f = facts_new(t.arena);
	struct name zone, names[2];
	const struct msg *replies[2];
	struct observation o;

	f->started = 1700000000;
	name_parse("beacon.test", &zone);
	for (uint32_t i = 0; i < 2; i++) {
		beacon_first_name(&zone, 8, 100 + i, &names[i]);
		replies[i] = bench_resolve(&t, &names[i], true);
	}
	o = observed(&names[0], replies[0], OUTCOME_ANSWERED);
	facts_add(f, &o);
	o = observed(&names[1], NULL, OUTCOME_TIMEOUT);
	facts_add(f, &o);
	o = observed(&names[1], replies[1], OUTCOME_LATE);
	facts_add(f, &o);
	o = observed(&names[0], replies[0], OUTCOME_ANSWERED);
	facts_add(f, &o);
	o.ask.role = ROLE_LOOKUP;
	facts_add(f, &o);
	beacon_sightings(t.arena, f);
	is_int((int64_t)f->sightings.n, 18, "two lookups show nine queries each, once");
	is_int(f->sightings.v[8].batch, 1, "the first lookup");
	is_int(f->sightings.v[9].batch, 2, "the second lookup");
	ok(f->sightings.v[0].transport == TRANSPORT_TCP &&
			f->sightings.v[1].transport == TRANSPORT_UDP,
		"the first step by TCP, the others by UDP");
	is_int(f->sightings.v[3].from.port, t.sent[3].from.port, "the port");
	is_int(f->sightings.v[3].question.type, RR_TXT, "the type");
	is_int(f->sightings.v[3].id, t.sent[3].id, "the id");
	ok(name_same_case(f->sightings.v[0].question.name, &t.names[0]) &&
			name_same_case(f->sightings.v[1].question.name, &t.names[1]),
		"the name in its case");
	is_int((int64_t)f->sightings.v[0].at, 1700000001000000, "the time");
	beacon_sightings(t.arena, f);
	is_int((int64_t)f->sightings.n, 18, "they are not added twice");
	bench_done(&t);
}

/* A resolver, or somebody before it, answers something else. */
static void test_strange(void)
{
	struct bench t = bench_new(10, 0);
	struct name zone, first, other;
	struct beacon_samples all;
	struct buf b = { .arena = t.arena };
	const struct msg *m;

	name_parse("beacon.test", &zone);
	beacon_first_name(&zone, 8, 1, &first);
	beacon_first_name(&zone, 8, 2, &other);
	m = bench_resolve(&t, &first, false);
	is_int((int64_t)beacon_read(m, &all), 9, "nine samples");
	buf_put(&b, m->wire.p, m->wire.n);
	/* The last digit of the first alias' seed. */
	b.p[12 + first.len + 4 + first.len + 10 + BEACON_FIRST_LABEL] ^= 1;
	is_int((int64_t)beacon_read(msg_read(t.arena, buf_span(&b)), &all), 0,
		"an alias into another chain is none");
	ok(beacon_first_name(&zone, BEACON_STEPS_MOST + 1, 1, &first) == -ERR_LIMIT,
		"a chain too long");
	is_int((int64_t)beacon_read(msg_read(t.arena, (struct span){ NULL, 0 }), &all), 0,
		"nothing");
	bench_done(&t);
}

int main(void)
{
	prop("chains through a resolver", case_chain, 500);
	test_sightings();
	test_strange();
	return tap_done();
}
