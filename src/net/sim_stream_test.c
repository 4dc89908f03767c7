/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated connections that asks share are as the real ones. */
#include "net/sim_stream.h"

#include "base/err.h"
#include "dns/rr.h"
#include "net/sim.h"
#include "net/stream.h"
#include "tap.h"

enum { RTT = 20000, TIMEOUT = 100000 };

static struct arena *arena;

static void answer_none(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	(void)s;
	(void)ask;
	(void)id;
	(void)ret_reply;
}

enum { PLAIN, ONE, DEAD, CLOSED, MUTE };

static struct addr host(int n)
{
	return (struct addr){
		.family = ADDR_V4, .ip = { 192, 0, 2, (uint8_t)(n + 1) }, .port = 53
	};
}

static struct ask ask_to(int n, uint64_t tag)
{
	return (struct ask){ .tag = tag,
		.server = host(n),
		.transport = TRANSPORT_TCP,
		.stream = 1,
		.timeout = TIMEOUT,
		.question = { &name_root, RR_NS, CLASS_IN },
		.shape = shape_iterative };
}

static void send_ask(struct wire *w, int n, uint64_t tag)
{
	struct ask ask = ask_to(n, tag);

	w->ops->send(w, &ask);
}

static struct observation next(struct wire *w)
{
	struct observation o = { .outcome = OUTCOMES };

	w->ops->next(w, w->ops->now(w) + 2 * TIMEOUT, &o);
	return o;
}

/* Lets so much time pass, in which nothing comes. */
static void pass(struct wire *w, uint64_t wait)
{
	struct observation o;

	ok(!w->ops->next(w, w->ops->now(w) + wait, &o), "nothing comes");
}

static uint64_t took(const struct observation *o)
{
	return o->done - o->sent;
}

static void test_shared(struct wire *w)
{
	struct observation a, b;

	send_ask(w, PLAIN, 1);
	send_ask(w, PLAIN, 2);
	a = next(w);
	b = next(w);
	ok(a.outcome == OUTCOME_ANSWERED && a.ask.tag == 1 && took(&a) == 2 * RTT, "the first ask");
	ok(b.outcome == OUTCOME_ANSWERED && b.ask.tag == 2 && took(&b) == 2 * RTT &&
			addr_equal(&a.from, &b.from),
		"the second waits for the same connection");
	send_ask(w, PLAIN, 3);
	b = next(w);
	ok(took(&b) == RTT && addr_equal(&a.from, &b.from), "the third finds it open");
	pass(w, STREAM_IDLE - 1);
	send_ask(w, PLAIN, 4);
	b = next(w);
	ok(took(&b) == RTT && addr_equal(&a.from, &b.from), "it stays open for a while");
	pass(w, STREAM_IDLE);
	send_ask(w, PLAIN, 5);
	b = next(w);
	ok(took(&b) == 2 * RTT && !addr_equal(&a.from, &b.from), "not for ever");
}

static void test_one(struct wire *w)
{
	struct observation a, b;

	send_ask(w, ONE, 1);
	send_ask(w, ONE, 2);
	a = next(w);
	b = next(w);
	ok(a.outcome == OUTCOME_ANSWERED && a.ask.tag == 1, "one query: the first is answered");
	ok(b.outcome == OUTCOME_RESET && b.ask.tag == 2 && b.done == a.done && !b.msg &&
			addr_equal(&a.from, &b.from),
		"the second is reset");
	send_ask(w, ONE, 3);
	b = next(w);
	ok(b.outcome == OUTCOME_ANSWERED && !addr_equal(&a.from, &b.from),
		"a later one has a connection of its own");
}

static void test_none(struct wire *w)
{
	static const struct {
		int server;
		uint8_t outcome;
		bool stays;
	} rows[] = {
		{ DEAD, OUTCOME_TIMEOUT, false },
		{ CLOSED, OUTCOME_REFUSED, false },
		{ MUTE, OUTCOME_TIMEOUT, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct observation a, b, c;

		send_ask(w, rows[i].server, 1);
		send_ask(w, rows[i].server, 2);
		a = next(w);
		b = next(w);
		ok(a.outcome == rows[i].outcome && b.outcome == rows[i].outcome &&
				addr_equal(&a.from, &b.from),
			"no replies: %s", outcome_slug(rows[i].outcome));
		send_ask(w, rows[i].server, 3);
		c = next(w);
		ok(addr_equal(&c.from, &a.from) == rows[i].stays,
			"a connection that was made stays open");
	}
}

static void test_apart(struct wire *w)
{
	struct ask ask = ask_to(PLAIN, 1);
	struct observation a, b;

	w->ops->send(w, &ask);
	ask.stream = 2;
	w->ops->send(w, &ask);
	a = next(w);
	b = next(w);
	ok(!addr_equal(&a.from, &b.from), "another number, another connection");
	ask.stream = 1;
	ask.connect_only = true;
	w->ops->send(w, &ask);
	b = next(w);
	ok(b.outcome == OUTCOME_CONNECTED && !addr_equal(&a.from, &b.from),
		"a connection alone is never shared");
	ask.connect_only = false;
	ask.transport = TRANSPORT_UDP;
	w->ops->send(w, &ask);
	b = next(w);
	ok(took(&b) == RTT && !addr_equal(&a.from, &b.from), "over UDP there is none");
}

int main(void)
{
	const struct sim_server servers[] = {
		[PLAIN] = { .addr = host(PLAIN) },
		[ONE] = { .addr = host(ONE), .one_query = true },
		[DEAD] = { .addr = host(DEAD), .dead = true },
		[CLOSED] = { .addr = host(CLOSED), .closed = true },
		[MUTE] = { .addr = host(MUTE), .answer = answer_none },
	};
	struct sim_net net = { .rtt = RTT, .servers = servers, .nservers = ARRAY_LEN(servers) };
	static void (*const tests[])(
		struct wire * w) = { test_shared, test_one, test_none, test_apart };

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct rng rng = rng_seed(3);
		struct wire *w;

		arena = arena_new();
		w = sim_new(arena, &rng, &net);
		tests[i](w);
		w->ops->free(w);
		arena_free(arena);
	}
	return tap_done();
}
