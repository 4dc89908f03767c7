/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks that share a few sockets, over the loopback: each has its one observation. */
#include "net/pooled.h"

#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "dns/rr.h"
#include "net/loop.h"
#include "net/real.h"
#include "net/responder.h"
#include "tap.h"

enum {
	SECOND = 1000000,
	SHORT = 30000,
	MANY = 3000,
	WIDE = 128, /* so many a receive buffer of the usual size has room for */
};

static struct arena *arena, *passing;
static struct wire *wire;
static struct responder servers;

static struct ask ask_for(const char *label)
{
	return responder_ask(arena, &servers, label);
}

static struct observation next(uint64_t wait)
{
	struct observation o = { .outcome = OUTCOMES };

	wire->ops->next(wire, loop_now() + wait, &o);
	return o;
}

/* What comes of one ask, in order; then: OUTCOMES when the first is all. */
static const struct {
	const char *label;
	uint32_t timeout;
	uint8_t first, why, then;
} rows[] = {
	{ "plain", SECOND, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "twice", SECOND, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "wrongid", SECOND, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "wrongq", SECOND, OUTCOME_STRAY, WHY_STRAY_QUESTION, OUTCOME_ANSWERED },
	{ "query", SECOND, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "source", SECOND, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "noise", SECOND, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "flood", SECOND, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "late", SHORT, OUTCOME_TIMEOUT, WHY_NONE, OUTCOME_LATE },
	{ "silent", SHORT, OUTCOME_TIMEOUT, WHY_NONE, OUTCOMES },
	{ "huge", SECOND, OUTCOME_MALFORMED, WHY_NONE, OUTCOMES },
	{ "bad", SECOND, OUTCOME_MALFORMED, WHY_NONE, OUTCOMES },
	{ "badgood", SECOND, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "errgood", SECOND, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "formerr", SECOND, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
};

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ask ask = ask_for(rows[i].label);
		struct observation o;
		uint8_t then = OUTCOMES;

		ask.timeout = rows[i].timeout;
		wire->ops->send(wire, &ask);
		o = next(2 * SECOND);
		if (rows[i].then != OUTCOMES)
			then = next(2 * SECOND).outcome;
		ok(o.outcome == rows[i].first && o.why == rows[i].why && then == rows[i].then &&
				next(5000).outcome == OUTCOMES,
			"%s", rows[i].label);
	}
}

/* Whoever asked has another name in its place by then. */
static void test_late(void)
{
	struct ask ask = ask_for("late");
	struct name name = *ask.question.name;
	struct observation o;
	struct real_extra before = real_extra(wire), after;

	ask.question.name = &name;
	ask.timeout = SHORT;
	wire->ops->send(wire, &ask);
	is_int(next(SECOND).outcome, OUTCOME_TIMEOUT, "given up");
	name = name_root;
	o = next(SECOND);
	ok(o.outcome == OUTCOME_LATE && o.msg && o.done - o.sent > SHORT,
		"a late reply is known by the name that was asked");
	after = real_extra(wire);
	ok(after.late == before.late + 1 && after.strays == before.strays, "and counted");
	before = after;
	ask = ask_for("wrongid");
	wire->ops->send(wire, &ask);
	is_int(next(SECOND).outcome, OUTCOME_ANSWERED, "one reply of two has the right id");
	ok(real_extra(wire).strays == before.strays + 1, "the other is a stray");
}

static void test_message(void)
{
	struct ask ask = ask_for("plain");
	struct observation o;

	wire->ops->send(wire, &ask);
	o = next(SECOND);
	ok(o.msg && msg_usable(o.msg) && name_equal(o.msg->questions[0].name, ask.question.name),
		"the message can be read until the next wait");
	ok(o.from.port && o.done >= o.sent && o.size, "port, times and size are told");
}

static void test_closed(void)
{
	struct ask ask = ask_for("plain");
	struct observation o;

	close(responder_bind(SOCK_DGRAM, ADDR_V4, &ask.server));
	wire->ops->send(wire, &ask);
	o = next(SECOND);
	ok(o.outcome == OUTCOME_ICMP && o.icmp.type == 3 && o.icmp.code == 3,
		"port unreachable is told by the ask it is about");
}

static void test_not_sent(void)
{
	struct ask ask = ask_for("plain");
	struct observation o;

	addr_parse("255.255.255.255", &ask.server);
	wire->ops->send(wire, &ask);
	is_int(next(SECOND).outcome, OUTCOME_NOT_SENT, "broadcast is not sent");
	ask = ask_for("plain");
	addr_parse("192.0.2.1", &ask.source);
	wire->ops->send(wire, &ask);
	o = next(SECOND);
	ok(o.outcome == OUTCOME_NOT_SENT && o.why == WHY_NO_ADDRESS, "an address that is not ours");
}

/* Half of them to a server that answers everything, half to a closed port. */
static void test_many(void)
{
	static uint8_t times[MANY];
	struct ask open = ask_for("plain"), shut = ask_for("plain");
	size_t sent = 0, got = 0, wrong = 0;

	open.server = servers.udp2;
	close(responder_bind(SOCK_DGRAM, ADDR_V4, &shut.server));
	while (got < MANY) {
		struct observation o;

		while (sent < MANY && sent - got < WIDE) {
			struct ask ask = sent % 2 ? shut : open;

			ask.tag = sent++;
			wire->ops->send(wire, &ask);
		}
		o = next(3 * SECOND);
		if (o.outcome == OUTCOMES)
			break;
		got++;
		wrong += times[o.ask.tag]++ ||
			 (o.ask.tag % 2 == 0) != (o.outcome == OUTCOME_ANSWERED);
	}
	is_int((int64_t)got, MANY, "each of many asks has an observation");
	is_int((int64_t)wrong, 0, "and only one, that of its own server");
	is_int((int64_t)wire->ops->room(wire), WIDE, "nothing is left under way");
}

int main(void)
{
	struct rng rng = rng_seed(1);
	struct real_limits limits = { .flights = WIDE, .pooled = true };

	arena = arena_new();
	passing = arena_new();
	if (responder_start(&servers) < 0 || real_new(passing, &rng, &limits, &wire) < 0) {
		printf("1..0 # SKIP no loopback\n");
		return 0;
	}
	test_rows();
	test_late();
	test_message();
	test_closed();
	test_not_sent();
	test_many();
	wire->ops->free(wire);
	responder_stop(&servers);
	arena_free(passing);
	arena_free(arena);
	return tap_done();
}
