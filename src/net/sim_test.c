/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated network keeps the wire's contract, and its weather is what was ordered. */
#include "net/sim.h"

#include <math.h>

#include "addresses.h"
#include "base/err.h"
#include "dns/rr.h"
#include "prop.h"
#include "tap.h"

enum { RTT = 20000, TIMEOUT = 100000, START = 1000000 };

static struct name live;

static struct ask ask_to(const char *server, uint16_t port)
{
	struct ask a = { .server = address(server), .timeout = TIMEOUT, .brief = true };

	a.source.port = port;
	a.question = (struct question){ &live, RR_MX, CLASS_IN };
	a.shape = shape_iterative;
	return a;
}

static struct portset ports(const char *text)
{
	struct portset s = { 0 };

	portset_parse(text, &s, NULL);
	return s;
}

/* One ask over a network of its own; the observation that it is owed. */
static struct observation ask_once(struct arena *a, const struct sim_net *net, struct ask ask)
{
	struct rng r = rng_seed(7);
	struct wire *w = sim_new(a, &r, net);
	struct observation o = { 0 };

	w->ops->send(w, &ask);
	do
		ok(w->ops->next(w, UINT64_MAX, &o), "an observation comes");
	while (o.outcome == OUTCOME_STRAY || o.outcome == OUTCOME_LATE);
	w->ops->free(w);
	return o;
}

static const struct {
	const char *name, *server, *source;
	uint16_t port;
	bool tcp;
	enum outcome outcome;
	enum why why;
	uint32_t took;
} fates[] = {
	{ "open", "192.0.2.1#53", NULL, 1024, false, OUTCOME_ANSWERED, WHY_NONE, RTT },
	{ "ephemeral", "192.0.2.1#53", NULL, 0, false, OUTCOME_ANSWERED, WHY_NONE, RTT },
	{ "v6", "2001:db8::53#53", NULL, 1024, false, OUTCOME_ANSWERED, WHY_NONE, RTT },
	{ "far filter", "192.0.2.1#53", NULL, 1000, false, OUTCOME_TIMEOUT, WHY_NONE, TIMEOUT },
	{ "far filter of another", "192.0.2.2#53", NULL, 1000, false, OUTCOME_ANSWERED, WHY_NONE,
		RTT },
	{ "near filter", "192.0.2.2#53", NULL, 5000, false, OUTCOME_TIMEOUT, WHY_NONE, TIMEOUT },
	{ "near filter, TCP", "192.0.2.2#53", NULL, 5000, true, OUTCOME_ANSWERED, WHY_NONE,
		2 * RTT },
	{ "dead", "192.0.2.3#53", NULL, 1024, false, OUTCOME_TIMEOUT, WHY_NONE, TIMEOUT },
	{ "dead, TCP", "192.0.2.3#53", NULL, 1024, true, OUTCOME_TIMEOUT, WHY_NONE, TIMEOUT },
	{ "closed", "192.0.2.4#53", NULL, 1024, false, OUTCOME_ICMP, WHY_NONE, RTT },
	{ "closed, v6", "2001:db8::4#53", NULL, 1024, false, OUTCOME_ICMP, WHY_NONE, RTT },
	{ "closed, TCP", "192.0.2.4#53", NULL, 1024, true, OUTCOME_REFUSED, WHY_NONE, RTT },
	{ "nobody", "192.0.2.9#53", NULL, 1024, false, OUTCOME_TIMEOUT, WHY_NONE, TIMEOUT },
	{ "other port", "192.0.2.1#54", NULL, 1024, false, OUTCOME_TIMEOUT, WHY_NONE, TIMEOUT },
	{ "held", "192.0.2.1#53", NULL, 2000, false, OUTCOME_NOT_SENT, WHY_PORT_IN_USE, 0 },
	{ "privilege", "192.0.2.1#53", NULL, 1023, false, OUTCOME_NOT_SENT, WHY_PRIVILEGE, 0 },
	{ "held and privileged", "192.0.2.1#53", NULL, 53, false, OUTCOME_NOT_SENT, WHY_PRIVILEGE,
		0 },
	{ "families differ", "192.0.2.1#53", "2001:db8::1", 1024, false, OUTCOME_NOT_SENT,
		WHY_FAMILY, 0 },
	{ "own source", "192.0.2.1#53", "198.51.100.9", 1024, false, OUTCOME_ANSWERED, WHY_NONE,
		RTT },
};

static void check_fate(size_t i, const struct observation *o)
{
	bool sent = fates[i].outcome != OUTCOME_NOT_SENT;
	const char *name = fates[i].name;

	is_str(outcome_slug(o->outcome), outcome_slug(fates[i].outcome), name);
	is_str(why_slug(o->why), why_slug(fates[i].why), name);
	is_int((int64_t)(o->done - (sent ? o->sent : START)), fates[i].took, name);
	ok(o->sent == (sent ? START : 0), "%s: sent", name);
	ok(!o->msg == (o->outcome != OUTCOME_ANSWERED), "%s: message", name);
	ok(sent == (o->from.family == o->ask.server.family), "%s: from", name);
	if (sent && fates[i].port)
		ok(o->from.port == fates[i].port, "%s: source port", name);
	else if (sent)
		ok(o->from.port >= 32768 && o->from.port <= 60999, "%s: source port", name);
	if (fates[i].source && sent)
		ok(addr_same_host(&o->from, &o->ask.source), "%s: source", name);
	if (o->outcome == OUTCOME_ICMP)
		ok(observation_replied(o), "%s: from the server itself", name);
}

/* Connections alone, over the same kinds of servers. */
static void test_connect(void)
{
	const struct sim_server servers[] = {
		{ .addr = address("192.0.2.1#53") },
		{ .addr = address("192.0.2.3#53"), .dead = true },
		{ .addr = address("192.0.2.4#53"), .closed = true },
	};
	static const enum outcome expected[] = { OUTCOME_CONNECTED, OUTCOME_TIMEOUT,
		OUTCOME_REFUSED };
	struct sim_net net = { .rtt = RTT, .servers = servers, .nservers = ARRAY_LEN(servers) };
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(servers); i++) {
		struct ask ask = ask_to("192.0.2.1#53", 1024);
		struct observation o;

		ask.server = servers[i].addr;
		ask.transport = TRANSPORT_TCP;
		ask.connect_only = true;
		o = ask_once(a, &net, ask);
		is_str(outcome_slug(o.outcome), outcome_slug(expected[i]), "connect only");
		is_int((int64_t)(o.done - o.sent), servers[i].dead ? TIMEOUT : RTT, "in one RTT");
		ok(!o.msg && observation_replied(&o) == !servers[i].dead, "no message");
	}
	arena_free(a);
}

static void test_fates(void)
{
	struct portset low = ports("1-52,54-1023"), near = ports("5000"), held = ports("53,2000");
	const struct sim_server servers[] = {
		{ .addr = address("192.0.2.1#53"), .filter = { .blocked = &low } },
		{ .addr = address("192.0.2.2#53") },
		{ .addr = address("192.0.2.3#53"), .dead = true },
		{ .addr = address("192.0.2.4#53"), .closed = true },
		{ .addr = address("2001:db8::53#53") },
		{ .addr = address("2001:db8::4#53"), .closed = true },
	};
	struct sim_net net = { .near.blocked = &near,
		.rtt = RTT,
		.held = &held,
		.servers = servers,
		.nservers = ARRAY_LEN(servers) };
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(fates); i++) {
		struct ask ask = ask_to(fates[i].server, fates[i].port);
		struct observation o;

		if (fates[i].source)
			ask.source = addr_with_port(address(fates[i].source), fates[i].port);
		ask.transport = fates[i].tcp ? TRANSPORT_TCP : TRANSPORT_UDP;
		net.no_privilege = fates[i].why == WHY_PRIVILEGE;
		o = ask_once(a, &net, ask);
		check_fate(i, &o);
	}
	arena_free(a);
}

/* Sends count asks from ports 1, 2, …, a thousand at a time; calls see with each observation. */
struct run {
	struct arena *arena;
	const struct sim_net *net;
	uint64_t seed;
	uint32_t count;
	void (*see)(void *user, const struct observation *o, uint64_t now);
	void *user;
};

static void run(const struct run *c)
{
	struct rng r = rng_seed(c->seed);
	struct wire *w = sim_new(c->arena, &r, c->net);
	struct observation o;

	for (uint32_t i = 0; i < c->count;) {
		for (int n = 0; n < 1000 && i < c->count; n++, i++) {
			struct ask ask = ask_to("192.0.2.1#53", (uint16_t)(i % 65535 + 1));

			ask.tag = i;
			w->ops->send(w, &ask);
		}
		while (w->ops->next(w, wire_now(w) + 10000000, &o))
			c->see(c->user, &o, wire_now(w));
	}
	w->ops->free(w);
}

static void see_answered(void *user, const struct observation *o, uint64_t now)
{
	(void)now;
	if (observation_answered(o))
		portset_add(user, o->from.port);
}

static void test_filter_exact(void)
{
	struct portset blocked = ports("1-52,54-1023,7000-7999,11211"), want = ports("1-65535");
	struct sim_server far = { .addr = address("192.0.2.1#53") };
	struct sim_net net = { .rtt = RTT, .jitter = 5000, .servers = &far, .nservers = 1 };
	struct sim_filter *filters[] = { &far.filter, &net.near };
	struct arena *a = arena_new();

	portset_minus(&want, &blocked);
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		struct portset open = { 0 };

		filters[i]->blocked = &blocked;
		run(&(struct run){ a, &net, 1, 65535, see_answered, &open });
		filters[i]->blocked = NULL;
		ok(portset_equal(&open, &want), "%s: the others answer", i ? "near" : "far");
	}
	arena_free(a);
}

/* Losses, and losses right after a loss, by tag. */
struct tally {
	uint32_t n;
	bool lost[40000];
};

static void see_loss(void *user, const struct observation *o, uint64_t now)
{
	struct tally *t = user;

	(void)now;
	t->lost[o->ask.tag] = observation_silent(o);
	t->n++;
}

/* Share of lost asks, and of those that follow a lost one. */
static void shares(const struct tally *t, double *ret_all, double *ret_after)
{
	double lost = 0, pairs = 0, after = 0;

	for (uint32_t i = 0; i < t->n; i++) {
		lost += t->lost[i];
		if (i && t->lost[i - 1]) {
			pairs++;
			after += t->lost[i];
		}
	}
	*ret_all = lost / t->n;
	*ret_after = pairs > 0 ? after / pairs : 0;
}

static const struct {
	const char *name;
	double loss, enter, leave, burst_loss;
	double all, after; /* expected */
} weathers[] = {
	{ "no loss", 0, 0, 0, 0, 0, 0 },
	{ "1%", 0.01, 0, 0, 0, 0.01, 0.01 },
	{ "30%", 0.3, 0, 0, 0, 0.3, 0.3 },
	{ "all", 1, 0, 0, 0, 1, 1 },
	/* The bad state holds enter / (enter + leave) of the packets. */
	{ "bursts", 0, 0.05, 0.2, 1, 0.2, 0.8 },
	{ "leaky bursts", 0, 0.1, 0.1, 0.5, 0.25, 0.45 },
};

static void test_loss(void)
{
	static struct tally t;
	struct sim_server far = { .addr = address("192.0.2.1#53") };

	for (size_t i = 0; i < ARRAY_LEN(weathers); i++) {
		struct sim_net net = { .rtt = RTT, .servers = &far, .nservers = 1 };
		struct arena *a = arena_new();
		double all, after;

		net.loss = weathers[i].loss;
		net.burst_enter = weathers[i].enter;
		net.burst_leave = weathers[i].leave;
		net.burst_loss = weathers[i].burst_loss;
		t.n = 0;
		run(&(struct run){ a, &net, i + 1, ARRAY_LEN(t.lost), see_loss, &t });
		shares(&t, &all, &after);
		is_int(t.n, ARRAY_LEN(t.lost), "one observation an ask");
		is_near(all, weathers[i].all, 0.015, weathers[i].name);
		is_near(after, weathers[i].after, 0.06, weathers[i].name);
		arena_free(a);
	}
}

static void see_count(void *user, const struct observation *o, uint64_t now)
{
	(void)now;
	*(uint32_t *)user += observation_answered(o);
}

/* A thousand packets at once, and ten seconds later a thousand more: one bucket each. */
static void test_buckets(void)
{
	struct portset policed = ports("1-100");
	struct sim_server far = { .addr = address("192.0.2.1#53") };
	struct sim_net net = { .rtt = RTT, .servers = &far, .nservers = 1 };
	struct arena *a = arena_new();
	uint32_t passed = 0;

	far.rate_limit = 50;
	run(&(struct run){ a, &net, 1, 2000, see_count, &passed });
	is_int(passed, 100, "rate limit");
	far.rate_limit = 0;
	net.near.police = 20;
	passed = 0;
	run(&(struct run){ a, &net, 1, 2000, see_count, &passed });
	is_int(passed, 40, "near policer");
	net.near.police = 0;
	far.filter = (struct sim_filter){ .policed = &policed, .police = 0.5 };
	passed = 0;
	run(&(struct run){ a, &net, 1, 2000, see_count, &passed });
	is_int(passed, 1901, "far policer of some ports");
	arena_free(a);
}

/* What a property run has seen of each ask. */
struct ledger {
	uint64_t now;
	uint32_t owed[2000], late[2000];
	bool good;
};

static void see_ledger(void *user, const struct observation *o, uint64_t now)
{
	struct ledger *l = user;
	bool late = o->outcome == OUTCOME_LATE, stray = o->outcome == OUTCOME_STRAY;

	l->good = l->good && now >= l->now && o->done <= now && o->sent <= o->done;
	l->good = l->good && (o->why != WHY_NONE) == (stray || o->outcome == OUTCOME_NOT_SENT);
	l->good = l->good && (o->sent == 0) == (o->outcome == OUTCOME_NOT_SENT);
	l->now = now;
	l->late[o->ask.tag] += late;
	l->owed[o->ask.tag] += !late && !stray;
	/* A late reply is later than its time-out. */
	l->good = l->good && (!late || l->owed[o->ask.tag] == 1);
}

static bool case_contract(struct rng *r)
{
	static struct ledger l;
	struct portset low = ports("1-100,150-700"), held = ports("5,77-99,1500");
	struct sim_server far = { .addr = address("192.0.2.1#53") };
	struct sim_net net = {
		.rtt = 1 + rng_below(r, 2 * TIMEOUT), .servers = &far, .nservers = 1
	};
	struct arena *a = arena_new();

	far.closed = rng_below(r, 8) == 0;
	far.dead = rng_below(r, 8) == 0;
	far.filter.blocked = rng_below(r, 2) ? &low : NULL;
	far.rate_limit = rng_below(r, 2) * 300;
	net.held = rng_below(r, 2) ? &held : NULL;
	net.no_privilege = rng_below(r, 2);
	net.jitter = rng_below(r, TIMEOUT);
	net.loss = rng_unit(r) / 2;
	net.burst_enter = net.burst_leave = net.burst_loss = rng_unit(r);
	net.forge = rng_unit(r);
	net.duplicate = rng_unit(r);
	net.late = rng_unit(r);
	l = (struct ledger){ .good = true };
	run(&(struct run){ a, &net, rng_u64(r), ARRAY_LEN(l.owed), see_ledger, &l });
	for (size_t i = 0; i < ARRAY_LEN(l.owed); i++)
		l.good = l.good && l.owed[i] == 1 && l.late[i] <= 1;
	arena_free(a);
	return l.good;
}

static void see_hash(void *user, const struct observation *o, uint64_t now)
{
	uint64_t *hash = user;

	*hash = (*hash ^ now ^ o->id ^ o->from.port ^ o->outcome) * 0x100000001b3U;
}

static void test_repeats(void)
{
	struct sim_server far = { .addr = address("192.0.2.1#53") };
	struct sim_net net = { .rtt = RTT,
		.jitter = 9000,
		.loss = 0.2,
		.forge = 0.2,
		.servers = &far,
		.nservers = 1 };
	struct arena *a = arena_new();
	uint64_t hash[3] = { 0 };

	for (size_t i = 0; i < 3; i++)
		run(&(struct run){ a, &net, i / 2, 3000, see_hash, &hash[i] });
	ok(hash[0] == hash[1], "a seed repeats");
	ok(hash[0] != hash[2], "another seed does not");
	arena_free(a);
}

static void test_clock_and_room(void)
{
	struct sim_server far = { .addr = address("192.0.2.1#53") };
	struct sim_net net = { .rtt = RTT, .servers = &far, .nservers = 1 };
	struct arena *a = arena_new();
	struct rng r = rng_seed(1);
	struct wire *w = sim_new(a, &r, &net);
	struct ask ask = ask_to("192.0.2.1#53", 0);
	struct observation o;

	is_int((int64_t)w->ops->room(w), 4096, "room");
	ok(!w->ops->next(w, START + 5, &o), "nothing to wait for");
	is_int((int64_t)wire_now(w), START + 5, "the clock is at the limit");
	ok(!w->ops->next(w, 0, &o) && wire_now(w) == START + 5, "it never goes back");
	w->ops->send(w, &ask);
	is_int((int64_t)w->ops->room(w), 4095, "one in flight");
	ok(!w->ops->next(w, START + 5 + RTT - 1, &o), "not yet");
	ok(w->ops->next(w, START + 5 + RTT, &o), "now");
	is_int((int64_t)w->ops->room(w), 4096, "none in flight");
	for (int i = 0; i < 5000; i++)
		w->ops->send(w, &ask);
	is_int((int64_t)w->ops->room(w), 0, "no room");
	w->ops->free(w);
	arena_free(a);
}

/* All observations of one ask, in order, as slugs. */
static void check_extras(struct sim_net net, bool brief, const char *want, const char *name)
{
	struct sim_server far = { .addr = address("192.0.2.1#53") };
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	struct rng r = rng_seed(3);
	struct ask ask = ask_to("192.0.2.1#53", 1024);
	struct observation o;
	struct wire *w;

	net.rtt = RTT;
	net.servers = &far;
	net.nservers = 1;
	w = sim_new(a, &r, &net);
	ask.brief = brief;
	w->ops->send(w, &ask);
	while (w->ops->next(w, wire_now(w) + 1000000, &o)) {
		buf_printf(&b, "%s ", outcome_slug(o.outcome));
		if (o.outcome == OUTCOME_ANSWERED || o.outcome == OUTCOME_LATE)
			ok(o.msg && o.msg->id == o.id && !o.msg->ndefects &&
					(brief ? o.msg->wire.n == 12 : o.msg->nquestions == 1),
				"%s: message", name);
	}
	is_str(buf_text(&b), want, name);
	w->ops->free(w);
	arena_free(a);
}

static void test_extras(void)
{
	check_extras((struct sim_net){ 0 }, true, "answered ", "plain, brief");
	check_extras((struct sim_net){ 0 }, false, "answered ", "plain, whole");
	check_extras((struct sim_net){ .forge = 1 }, true, "stray answered ", "forged, brief");
	check_extras((struct sim_net){ .forge = 1 }, false, "stray answered ", "forged, whole");
	check_extras((struct sim_net){ .duplicate = 1 }, false, "answered stray ", "duplicate");
	check_extras((struct sim_net){ .late = 1 }, false, "timeout late ", "late");
	check_extras((struct sim_net){ .late = 1, .forge = 1 }, true, "stray timeout late ",
		"late and forged");
}

int main(void)
{
	name_parse("live.com.", &live);
	test_fates();
	test_connect();
	test_filter_exact();
	test_loss();
	test_buckets();
	prop("every ask has one observation, in order of time", case_contract, 200);
	test_repeats();
	test_clock_and_room();
	test_extras();
	return tap_done();
}
