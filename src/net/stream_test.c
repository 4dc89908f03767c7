/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several queries on one TCP connection, and queries in several segments. */
#include "net/stream.h"

#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "dns/rr.h"
#include "net/loop.h"
#include "net/real.h"
#include "net/responder.h"
#include "probe/probe.h"
#include "tap.h"

enum { SECOND = 1000000, SHORT = 30000, MANY = 200 };

static struct arena *arena;
static struct wire *wire;
static struct responder servers;
static struct probe owners[2];

static struct ask ask_for(const char *label, uint64_t tag)
{
	struct ask ask = responder_ask(arena, &servers, label);

	ask.owner = &owners[0];
	ask.tag = tag;
	ask.server = servers.tcp;
	ask.transport = TRANSPORT_TCP;
	ask.stream = 1;
	ask.timeout = 2 * SECOND;
	return ask;
}

static void send_ask(const char *label, uint64_t tag)
{
	struct ask ask = ask_for(label, tag);

	wire->ops->send(wire, &ask);
}

/* The next observation, or one of no outcome when none comes within a while. */
static struct observation next(uint64_t wait)
{
	struct observation o = { .outcome = OUTCOMES };

	wire->ops->next(wire, loop_now() + wait, &o);
	return o;
}

static struct observation fate(const struct ask *ask)
{
	wire->ops->send(wire, ask);
	return next(3 * SECOND);
}

/* It answers the ask of that tag, with that ask's own reply. */
static bool answers(const struct observation *o, uint64_t tag)
{
	return o->outcome == OUTCOME_ANSWERED && o->ask.tag == tag && o->msg &&
	       o->msg->id == o->id &&
	       name_same_case(o->msg->questions[0].name, o->ask.question.name);
}

/* Lets the connections of a test close. */
static void calm(void)
{
	ok(next(2 * STREAM_IDLE).outcome == OUTCOMES, "nothing more comes");
}

static void test_shared(void)
{
	struct observation a, b;

	send_ask("keep", 1);
	send_ask("keep", 2);
	a = next(SECOND);
	b = next(SECOND);
	ok(answers(&a, 1) && answers(&b, 2), "two asks of one stream are answered");
	ok(addr_equal(&a.from, &b.from) && a.from.port, "from one port");
	ok(a.sent && b.sent && b.done >= b.sent, "with their times");
	next(STREAM_IDLE / 2);
	send_ask("keep", 3);
	b = next(SECOND);
	ok(answers(&b, 3) && addr_equal(&a.from, &b.from), "so is a third, a while later");
	calm();
	send_ask("keep", 4);
	b = next(SECOND);
	ok(answers(&b, 4) && !addr_equal(&a.from, &b.from),
		"a connection that nobody used is closed");
	calm();
}

static void test_one_only(void)
{
	struct observation o, a, b;

	send_ask("plain", 1);
	send_ask("plain", 2);
	send_ask("plain", 3);
	o = next(SECOND);
	a = next(SECOND);
	b = next(SECOND);
	ok(answers(&o, 1), "a server that closes after one reply: that one is told");
	ok(a.outcome == OUTCOME_RESET && b.outcome == OUTCOME_RESET && a.ask.tag + b.ask.tag == 5 &&
			addr_equal(&a.from, &o.from),
		"the others are reset");
	send_ask("plain", 4);
	a = next(SECOND);
	ok(answers(&a, 4) && !addr_equal(&a.from, &o.from),
		"the next ask has a connection of its own");
	calm();
}

static void test_order(void)
{
	struct observation a, b;

	send_ask("hold", 1);
	send_ask("keep", 2);
	a = next(SECOND);
	b = next(SECOND);
	ok(answers(&a, 2) && answers(&b, 1), "replies in another order find their asks");
	calm();
}

static void test_timeout(void)
{
	struct ask ask = ask_for("mute", 1);
	struct observation a, b;

	ask.timeout = SHORT;
	a = fate(&ask);
	ok(a.outcome == OUTCOME_TIMEOUT && a.done - a.sent >= SHORT, "no reply is a time-out");
	send_ask("keep", 2);
	b = next(SECOND);
	ok(answers(&b, 2) && addr_equal(&a.from, &b.from), "of that ask, not of the connection");
	ask = ask_for("hold", 3);
	ask.timeout = SHORT;
	a = fate(&ask);
	send_ask("keep", 4);
	b = next(SECOND);
	ok(a.outcome == OUTCOME_TIMEOUT && answers(&b, 4), "another one");
	a = next(SECOND);
	ok(a.outcome == OUTCOME_LATE && a.ask.tag == 3 && a.msg && a.msg->id == a.id,
		"its reply is late");
	calm();
}

static void test_apart(void)
{
	struct ask ask = ask_for("keep", 1);
	struct observation a = fate(&ask), b;

	ask.stream = 2;
	b = fate(&ask);
	ok(answers(&b, 1) && !addr_equal(&a.from, &b.from), "another number, another connection");
	ask.owner = &owners[1];
	a = fate(&ask);
	ok(answers(&a, 1) && !addr_equal(&a.from, &b.from), "another owner");
	addr_parse("127.0.0.1", &ask.source);
	b = fate(&ask);
	ok(answers(&b, 1) && !addr_equal(&a.from, &b.from), "another source");
	ask.connect_only = true;
	a = fate(&ask);
	ok(a.outcome == OUTCOME_CONNECTED && !addr_equal(&a.from, &b.from),
		"a connection alone is never shared");
	ask.connect_only = false;
	ask.stream = 0;
	a = fate(&ask);
	b = fate(&ask);
	ok(answers(&a, 1) && answers(&b, 1) && !addr_equal(&a.from, &b.from), "no number");
	calm();
}

static void test_refused(void)
{
	struct ask ask = ask_for("keep", 1);
	struct observation a, b;
	int fd = responder_bind(SOCK_STREAM, ADDR_V4, &ask.server);

	close(fd);
	wire->ops->send(wire, &ask);
	wire->ops->send(wire, &ask);
	a = next(SECOND);
	b = next(SECOND);
	ok(a.outcome == OUTCOME_REFUSED && b.outcome == OUTCOME_REFUSED,
		"what waits for a connection is refused with it");
	addr_parse("192.0.2.1", &ask.source);
	ask.server = servers.tcp;
	a = fate(&ask);
	b = fate(&ask);
	ok(a.outcome == OUTCOME_NOT_SENT && b.outcome == OUTCOME_NOT_SENT &&
			a.why == WHY_NO_ADDRESS && !a.sent && a.from.family == ADDR_NONE,
		"or not sent");
}

static void test_many(void)
{
	static bool seen[65536];
	unsigned int answered = 0, ids = 0, ports = 0;
	uint16_t port = 0;

	for (uint64_t i = 0; i < MANY; i++) {
		struct ask ask = ask_for("keep", i);

		ask.split = i % 40 == 39 ? (uint16_t)(1 + i % 7) : 0;
		ask.timeout = 5 * SECOND;
		wire->ops->send(wire, &ask);
	}
	for (uint64_t i = 0; i < MANY; i++) {
		struct observation o = next(5 * SECOND);

		answered += answers(&o, i);
		ids += !seen[o.id];
		seen[o.id] = true;
		ports += o.from.port != port;
		port = o.from.port;
	}
	is_int(answered, MANY, "many asks on one connection");
	is_int(ids, MANY, "each has an id of its own");
	is_int(ports, 1, "from one port");
	calm();
}

static void test_split(void)
{
	static const struct {
		uint16_t split;
		int segments;
	} rows[] = { { 0, 1 }, { 1, 2 }, { 2, 2 }, { 3, 2 }, { 20, 2 }, { 500, 1 } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ask ask = ask_for("segments", i);
		struct observation o;

		ask.stream = 0;
		ask.split = rows[i].split;
		o = fate(&ask);
		if (!ok(answers(&o, i) && o.msg->rcode == rows[i].segments &&
				    (o.msg->rcode == 1 || o.done - o.sent >= STREAM_SPLIT),
			    "split after %u octets", rows[i].split))
			printf("#   %d segments\n", o.msg ? o.msg->rcode : -1);
	}
	calm();
}

int main(void)
{
	struct rng rng = rng_seed(1);

	arena = arena_new();
	if (responder_start(&servers) || real_new(arena, &rng, NULL, &wire))
		return 1;
	test_shared();
	test_one_only();
	test_order();
	test_timeout();
	test_apart();
	test_refused();
	test_many();
	test_split();
	/* Closes what is open. */
	send_ask("mute", 1);
	wire->ops->free(wire);
	arena_free(arena);
	responder_stop(&servers);
	return tap_done();
}
