/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Silences that no rule makes, on facts made by hand: policers, the clock, hashes, sets by bits. */
#include "base/err.h"
#include "infer/ports.h"
#include "tap.h"

enum { SECOND = 1000000, PAUSE = 40 * SECOND, GROUP = 12, PORTS = 400, STEP = 157, TRIES = 6 };

/* Facts of one server, told ask by ask. */
struct story {
	struct arena *arena;
	struct facts *facts;
	struct ports_subject subject;
	uint64_t now;
};

static struct story begin(struct arena *a)
{
	struct story s = { .arena = a, .facts = facts_new(a), .now = SECOND };

	addr_parse_port("192.0.2.1#53", &s.subject.server);
	return s;
}

static void tell(struct story *s, uint16_t port, enum role role, bool lost)
{
	struct observation o = {
		.ask = { .server = s->subject.server,
			.role = (uint8_t)role,
			.source = { .port = port } },
		.outcome = lost ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED,
		.sent = s->now,
		.done = s->now + 1000,
	};

	if (role == ROLE_TWIN)
		addr_parse_port("192.0.2.2#53", &o.ask.server);
	s->now += 1000;
	facts_add(s->facts, &o);
}

/* Steady asks that all are answered, from a port that no story needs. */
static void steady(struct story *s, unsigned int n)
{
	tell(s, 65000, ROLE_SWEEP, false);
	for (unsigned int i = 0; i < n; i++)
		tell(s, 65000, ROLE_STEADY, false);
}

static uint16_t port_of(unsigned int i)
{
	return (uint16_t)(1000 + i * STEP);
}

static const struct ports_scope whole = { .ports = &ports_all };

static struct ports_result judge(struct story *s)
{
	struct ports_result r;

	ports_judge(ports_tally(s->arena, s->facts, &s->subject), &whole, &r);
	return r;
}

static enum ports_suspicion suspect(struct story *s)
{
	return ports_suspect(ports_tally(s->arena, s->facts, &s->subject), &whole);
}

/* The first ports answer once in several tries, the others always. */
static void mixed(struct story *s)
{
	steady(s, 40);
	for (unsigned int i = 0; i < 3 * GROUP; i++)
		for (unsigned int k = 0; k < TRIES; k++)
			tell(s, port_of(i), ROLE_SWEEP, i < GROUP && k != 3);
	steady(s, 4);
}

static void again(struct story *s, bool lost)
{
	s->now += PAUSE;
	for (unsigned int k = 0; k < 2; k++)
		for (unsigned int i = 0; i < 3 * GROUP; i++)
			tell(s, port_of(i), ROLE_AGAIN, i < GROUP && lost);
}

static void test_policer(struct arena *a)
{
	struct story s = begin(a);
	struct ports_result r;

	mixed(&s);
	is_int(suspect(&s), SUSPECT_MIXED, "ports that answer and do not are suspicious");
	r = judge(&s);
	ok(r.pattern == PATTERN_UNKNOWN && r.doubt == DOUBT_MIXED, "and undecided by themselves");
	again(&s, true);
	r = judge(&s);
	is_int(r.pattern, PATTERN_POLICER, "lost slowly, too: a policer");
	ok(portset_has(&r.policed, port_of(0)) && portset_has(&r.policed, port_of(GROUP - 1)) &&
			!portset_has(&r.policed, port_of(GROUP + 1)),
		"of those ports");
	ok(r.policed_loss > 0.7 && r.loss_others < 0.01, "which lose far more than others");
	ok(portset_empty(&r.blocked), "and no port is called blocked");
}

static void test_clock(struct arena *a)
{
	struct story s = begin(a);
	struct ports_result r;

	steady(&s, 40);
	for (unsigned int k = 0; k < TRIES; k++)
		for (unsigned int i = 0; i < 3 * GROUP; i++)
			tell(&s, port_of(i), ROLE_SWEEP, i % 3 == 0);
	again(&s, false);
	is_int(suspect(&s), SUSPECT_CLOCK, "silent ports answer after the pause: the clock");
	r = judge(&s);
	ok(r.clock && portset_empty(&r.blocked), "and what was silent is void");
}

/* Ports of which some are dead for good, also after the pause; here or there by dead(). */
static void scattered(struct story *s, bool (*dead)(uint16_t port))
{
	steady(s, 40);
	for (unsigned int k = 0; k < TRIES; k++)
		for (unsigned int i = 0; i < PORTS; i++)
			if (k == 0 || dead(port_of(i)))
				tell(s, port_of(i), ROLE_SWEEP, dead(port_of(i)));
	steady(s, 4);
	s->now += PAUSE;
	for (unsigned int k = 0; k < 2; k++)
		for (unsigned int i = 0; i < 40; i++)
			tell(s, port_of(i), ROLE_AGAIN, dead(port_of(i)));
}

static void elsewhere(struct story *s, bool (*dead)(uint16_t port))
{
	for (unsigned int k = 0; k < TRIES; k++)
		for (unsigned int i = 0; i < PORTS / 2; i++)
			tell(s, port_of(i), ROLE_TWIN, dead(port_of(i)));
}

/* One of eight, well mixed. */
static bool is_eighth(uint32_t x)
{
	x = (x ^ x >> 15) * 0x85ebca6bU;
	x = (x ^ x >> 13) * 0xc2b2ae35U;
	return (x ^ x >> 16) % 8 == 0;
}

static bool by_hash(uint16_t port)
{
	return is_eighth(port);
}

static bool by_another_hash(uint16_t port)
{
	return is_eighth(port + 0x10000U);
}

static bool by_bits(uint16_t port)
{
	return (port >> 5 & 3) == 2;
}

static void test_hash(struct arena *a)
{
	struct story s = begin(a);
	struct ports_result r;

	scattered(&s, by_hash);
	r = judge(&s);
	is_int(r.pattern, PATTERN_HASH, "scatter that stays is likely a hash");
	is_int(r.flows.reshuffle, RESHUFFLE_UNTESTED, "without a proof");
	ok(r.confidence < 0.99, "and that is said");
	elsewhere(&s, by_another_hash);
	r = judge(&s);
	ok(r.pattern == PATTERN_HASH && r.flows.reshuffle == RESHUFFLE_YES,
		"other ports are dead elsewhere: a hash");
	is_int(r.flows.members, 8, "1 of 8 is dead");
	is_int(r.flows.bits, 0, "in no order");
}

static void test_bits(struct arena *a)
{
	struct story s = begin(a);
	struct ports_result r;

	scattered(&s, by_bits);
	elsewhere(&s, by_bits);
	r = judge(&s);
	is_int(r.pattern, PATTERN_RANGES, "the same ports are dead elsewhere, by bits: a rule");
	is_int(r.flows.bits, 2, "of two bits");
	ok(r.flows.mask == 0x60 && r.flows.value == 0x40, "which are these");
	is_int(portset_count(&r.blocked), 16384, "and the whole set is named");
	s = begin(a);
	scattered(&s, by_hash);
	elsewhere(&s, by_hash);
	r = judge(&s);
	ok(r.pattern == PATTERN_UNKNOWN && r.doubt == DOUBT_SCATTER,
		"without any order it cannot be named");
}

int main(void)
{
	static void (*const tests[])(
		struct arena *) = { test_policer, test_clock, test_hash, test_bits };

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct arena *a = arena_new();

		tests[i](a);
		arena_free(a);
	}
	return tap_done();
}
