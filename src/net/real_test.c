/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real network over the loopback: what every kind of server and of failure becomes. */
#include "net/real.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "dns/rr.h"
#include "net/loop.h"
#include "net/responder.h"
#include "tap.h"

enum { SECOND = 1000000, SHORT = 30000 };

static struct arena *arena;
static struct wire *wire;
static struct responder servers;

static struct ask ask_for(const char *label)
{
	return responder_ask(arena, &servers, label);
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

/* What comes of one ask, in order. */
struct row {
	const char *label;
	uint32_t timeout;
	uint8_t transport;
	uint8_t first, why, then; /* then: OUTCOMES when the first is all */
};

static const struct row rows[] = {
	{ "plain", SECOND, TRANSPORT_UDP, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "twice", SECOND, TRANSPORT_UDP, OUTCOME_ANSWERED, WHY_NONE, OUTCOME_STRAY },
	{ "wrongid", SECOND, TRANSPORT_UDP, OUTCOME_STRAY, WHY_STRAY_ID, OUTCOME_ANSWERED },
	{ "wrongq", SECOND, TRANSPORT_UDP, OUTCOME_STRAY, WHY_STRAY_QUESTION, OUTCOME_ANSWERED },
	{ "query", SECOND, TRANSPORT_UDP, OUTCOME_STRAY, WHY_STRAY_QUERY, OUTCOME_ANSWERED },
	{ "source", SECOND, TRANSPORT_UDP, OUTCOME_STRAY, WHY_STRAY_SOURCE, OUTCOME_ANSWERED },
	{ "noise", SECOND, TRANSPORT_UDP, OUTCOME_STRAY, WHY_STRAY_NOISE, OUTCOME_ANSWERED },
	{ "late", SHORT, TRANSPORT_UDP, OUTCOME_TIMEOUT, WHY_NONE, OUTCOME_LATE },
	{ "silent", SHORT, TRANSPORT_UDP, OUTCOME_TIMEOUT, WHY_NONE, OUTCOMES },
	{ "huge", SECOND, TRANSPORT_UDP, OUTCOME_MALFORMED, WHY_NONE, OUTCOMES },
	{ "bad", SECOND, TRANSPORT_UDP, OUTCOME_MALFORMED, WHY_NONE, OUTCOMES },
	{ "badgood", SECOND, TRANSPORT_UDP, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "errgood", SECOND, TRANSPORT_UDP, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "formerr", SECOND, TRANSPORT_UDP, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "plain", SECOND, TRANSPORT_TCP, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "drip", SECOND, TRANSPORT_TCP, OUTCOME_ANSWERED, WHY_NONE, OUTCOMES },
	{ "wrongid", SECOND, TRANSPORT_TCP, OUTCOME_STRAY, WHY_STRAY_ID, OUTCOME_ANSWERED },
	{ "close", SECOND, TRANSPORT_TCP, OUTCOME_RESET, WHY_NONE, OUTCOMES },
	{ "half", SECOND, TRANSPORT_TCP, OUTCOME_RESET, WHY_NONE, OUTCOMES },
	{ "reset", SECOND, TRANSPORT_TCP, OUTCOME_RESET, WHY_NONE, OUTCOMES },
	{ "huge", SECOND, TRANSPORT_TCP, OUTCOME_MALFORMED, WHY_NONE, OUTCOMES },
	{ "silent", SHORT, TRANSPORT_TCP, OUTCOME_TIMEOUT, WHY_NONE, OUTCOMES },
};

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct ask ask = ask_for(row->label);
		struct observation o;
		uint8_t then = OUTCOMES, more;

		ask.transport = row->transport;
		ask.timeout = row->timeout;
		if (ask.transport == TRANSPORT_TCP)
			ask.server = servers.tcp;
		wire->ops->send(wire, &ask);
		o = next(2 * SECOND);
		if (row->then != OUTCOMES)
			then = next(2 * SECOND).outcome;
		more = next(5000).outcome;
		ok(o.outcome == row->first && o.why == row->why && then == row->then &&
				more == OUTCOMES,
			"%s over %s", row->label, row->transport ? "TCP" : "UDP");
	}
}

static void test_observation(void)
{
	struct ask ask = ask_for("plain");
	struct observation o;

	ask.tag = 77;
	o = fate(&ask);
	is_int((int64_t)o.ask.tag, 77, "the ask comes back with its tag");
	ok(o.from.family == ADDR_V4 && o.from.ip[0] == 127 && o.from.port,
		"local address and port");
	ok(o.sent && o.done >= o.sent && o.size == o.msg->wire.n, "times and size");
	is_int(o.msg->id, o.id, "the id on the wire");
	ask = ask_for("silent");
	ask.timeout = SHORT;
	o = fate(&ask);
	ok(o.done - o.sent >= SHORT, "no time-out before its time");
	ask = ask_for("late");
	ask.timeout = SHORT;
	fate(&ask);
	o = next(SECOND);
	ok(o.outcome == OUTCOME_LATE && o.msg && o.done - o.sent >= 2 * SHORT,
		"late has its reply");
	ask = ask_for("plain");
	ask.brief = true;
	o = fate(&ask);
	ok(o.msg->wire.n == FACTS_HEADER && o.size > FACTS_HEADER, "brief keeps header and size");
	ask = ask_for("wrongq");
	o = fate(&ask);
	ok(o.msg && addr_equal(&o.sender, &ask.server),
		"a stray question is kept, with its sender");
	next(SECOND);
	ask = ask_for("errgood");
	o = fate(&ask);
	is_int(o.msg ? o.msg->rcode : -1, 0, "the true reply behind an error is the one taken");
	ask = ask_for("plain");
	ask.ttl = 1;
	is_int(fate(&ask).outcome, OUTCOME_ANSWERED, "TTL 1 is enough for the loopback");
}

static void test_flood(void)
{
	struct ask ask = ask_for("flood");
	size_t strays = 0;
	struct observation o;

	wire->ops->send(wire, &ask);
	while ((o = next(SECOND)).outcome == OUTCOME_STRAY)
		strays++;
	is_int(o.outcome, OUTCOME_ANSWERED, "the reply behind a flood is found");
	is_int((int64_t)strays, 8, "of a flood some strays are told");
}

static void test_ids(void)
{
	uint16_t ids[64];
	size_t same = 0;

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct ask ask = ask_for("plain");

		ids[i] = fate(&ask).id;
		for (size_t j = 0; j < i; j++)
			same += ids[j] == ids[i];
	}
	ok(same < 4, "ids are random");
}

static void test_unreachable(void)
{
	struct ask ask = ask_for("plain");
	struct observation o;
	int fd = responder_bind(SOCK_DGRAM, ADDR_V4, &ask.server);

	close(fd);
	o = fate(&ask);
	is_int(o.outcome, OUTCOME_ICMP, "a closed port is an ICMP error");
	ok(o.icmp.type == 3 && o.icmp.code == 3, "port unreachable");
	ok(addr_same_host(&o.icmp.offender, &ask.server), "from the host itself");
	ask.transport = TRANSPORT_TCP;
	is_int(fate(&ask).outcome, OUTCOME_REFUSED, "TCP to a closed port is refused");
}

/* From one port again and again: neither side has a TIME_WAIT that would be in the way. */
static void test_connect_only(void)
{
	struct ask ask = ask_for("silent");
	struct observation o;
	unsigned int connected = 0;
	int fd = responder_bind(SOCK_STREAM, ADDR_V4, &ask.source);

	close(fd);
	ask.server = servers.tcp;
	ask.transport = TRANSPORT_TCP;
	ask.connect_only = true;
	for (int i = 0; i < 20; i++) {
		o = fate(&ask);
		connected += o.outcome == OUTCOME_CONNECTED && o.from.port == ask.source.port;
	}
	is_int(connected, 20, "connections alone, from one port 20 times");
	ok(!o.msg && observation_replied(&o), "no message, and yet a reply");
	fd = responder_bind(SOCK_STREAM, ADDR_V4, &ask.server);
	close(fd);
	is_int(fate(&ask).outcome, OUTCOME_REFUSED, "a closed port refuses them");
}

/*
 * Another connection of the very same ends is not over. It is an open one: the kernel takes ports
 * in TIME_WAIT again on loopback (net.ipv4.tcp_tw_reuse).
 */
static void test_waits(void)
{
	struct ask ask = ask_for("plain");
	struct sockaddr_storage from, to;
	struct observation o;
	int on = 1, fd = responder_bind(SOCK_STREAM, ADDR_V4, &ask.source);

	close(fd);
	ask.server = servers.tcp;
	ask.transport = TRANSPORT_TCP;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	ok(bind(fd, (struct sockaddr *)&from, addr_to_sockaddr(&ask.source, &from)) == 0 &&
			connect(fd, (struct sockaddr *)&to, addr_to_sockaddr(&ask.server, &to)) ==
				0,
		"a connection");
	o = fate(&ask);
	ok(o.outcome == OUTCOME_NOT_SENT && o.why == WHY_PORT_WAITS,
		"its ends cannot be had again");
	close(fd);
}

/* An ICMP error about one server must not be blamed on the other. */
static void test_shared(void)
{
	struct ask open = ask_for("plain"), shut = ask_for("plain"), other = ask_for("plain");
	struct addr from;
	size_t answered = 0, icmp = 0, right = 0;
	int fd = responder_bind(SOCK_DGRAM, ADDR_V4, &shut.server);

	close(fd);
	close(responder_bind(SOCK_DGRAM, ADDR_V4, &from));
	other.server = servers.udp2;
	open.source = shut.source = other.source = from;
	for (int i = 0; i < 20; i++) {
		wire->ops->send(wire, &shut);
		wire->ops->send(wire, &open);
		wire->ops->send(wire, &other);
	}
	for (int i = 0; i < 60; i++) {
		struct observation o = next(SECOND);

		answered +=
			o.outcome == OUTCOME_ANSWERED && !addr_equal(&o.ask.server, &shut.server);
		icmp += o.outcome == OUTCOME_ICMP && addr_equal(&o.ask.server, &shut.server);
		right += addr_equal(&o.from, &from);
	}
	is_int((int64_t)answered, 40, "asks from one port to two servers are answered");
	is_int((int64_t)icmp, 20, "and those to a closed one are not");
	is_int((int64_t)right, 60, "all from that port");
}

/* The reply to the first try comes while the second is in flight, from the same port. */
static void test_retry(void)
{
	struct ask ask = ask_for("late");
	struct observation o;

	close(responder_bind(SOCK_DGRAM, ADDR_V4, &ask.source));
	ask.timeout = SHORT;
	ask.tag = 1;
	is_int(fate(&ask).outcome, OUTCOME_TIMEOUT, "first try times out");
	ask.timeout = SECOND;
	ask.tag = 2;
	o = fate(&ask);
	ok(o.outcome == OUTCOME_LATE && o.ask.tag == 1, "its reply is late for the first try");
	o = next(SECOND);
	ok(o.outcome == OUTCOME_ANSWERED && o.ask.tag == 2, "the second has its own");
}

static void test_not_sent(void)
{
	struct ask ask = ask_for("plain");
	struct observation o;
	int fd = responder_bind(SOCK_DGRAM, ADDR_V4, &ask.source);

	o = fate(&ask);
	ok(o.outcome == OUTCOME_NOT_SENT && o.why == WHY_PORT_IN_USE, "a held port is in use");
	ok(!o.sent && o.from.family == ADDR_NONE, "and nothing was sent");
	close(fd);
	is_int(fate(&ask).outcome, OUTCOME_ANSWERED, "free again");
	addr_parse("192.0.2.1", &ask.source);
	is_int(fate(&ask).why, WHY_NO_ADDRESS, "an address that is not ours");
	ask.transport = TRANSPORT_TCP;
	is_int(fate(&ask).why, WHY_NO_ADDRESS, "the same over TCP");
	addr_parse("::1", &ask.source);
	is_int(fate(&ask).why, WHY_FAMILY, "families differ");
	ask.transport = TRANSPORT_UDP;
	is_int(fate(&ask).why, WHY_FAMILY, "families differ over UDP");
	addr_parse("0.0.0.0", &ask.source);
	is_int(fate(&ask).outcome, OUTCOME_ANSWERED, "the unspecified address is any");
	ask.source = (struct addr){ 0 };
	addr_parse("255.255.255.255", &ask.server);
	is_int(fate(&ask).outcome, OUTCOME_NOT_SENT, "broadcast is not sent");
}

static void test_v6(void)
{
	struct ask ask = ask_for("plain");
	struct observation o;

	if (servers.udp6.family == ADDR_NONE) {
		ok(true, "IPv6 # SKIP no ::1");
		return;
	}
	ask.server = servers.udp6;
	ask.ttl = 1;
	o = fate(&ask);
	ok(o.outcome == OUTCOME_ANSWERED && o.from.family == ADDR_V6, "IPv6");
	close(responder_bind(SOCK_DGRAM, ADDR_V6, &ask.server));
	o = fate(&ask);
	ok(o.outcome == OUTCOME_ICMP && o.icmp.type == 1 && o.icmp.code == 4,
		"IPv6 port unreachable");
}

/* How many of n asks, each from a port of its own, are answered. */
static size_t answer_many(size_t n)
{
	struct ask ask = ask_for("plain");
	size_t answered = 0, sent = 0;

	ask.brief = true;
	while (answered < n) {
		while (sent < n && wire->ops->room(wire) > 0 && sent - answered < 64) {
			wire->ops->send(wire, &ask);
			sent++;
		}
		if (next(SECOND).outcome != OUTCOME_ANSWERED)
			break;
		answered++;
	}
	return answered;
}

static bool can_bind(const struct addr *a)
{
	struct sockaddr_storage sa;
	socklen_t n = addr_to_sockaddr(a, &sa);
	int fd = socket(sa.ss_family, SOCK_DGRAM, 0);
	bool free = bind(fd, (struct sockaddr *)&sa, n) == 0;

	close(fd);
	return free;
}

static void test_linger(void)
{
	struct real_limits limits = { .linger = 50000 };
	struct wire *usual = wire;
	struct rng rng = rng_seed(3);
	struct ask ask = ask_for("silent");
	struct observation o;
	bool held;

	if (real_new(arena, &rng, &limits, &wire))
		return;
	ask.timeout = SHORT;
	o = fate(&ask);
	held = !can_bind(&o.from);
	next(2 * limits.linger);
	ok(held && can_bind(&o.from), "a port is held for a while after its ask, not for ever");
	wire->ops->free(wire);
	wire = usual;
}

/* In a child, with few descriptors: sockets that linger make room for new ones. */
static int with_few_descriptors(void)
{
	struct rlimit few = { 100, 100 };
	struct rng rng = rng_seed(2);

	close_range(3, ~0U, 0);
	if (setrlimit(RLIMIT_NOFILE, &few) < 0 || real_new(arena, &rng, NULL, &wire))
		return 4;
	return (wire->ops->room(wire) > 50) | (answer_many(500) != 500) << 1;
}

/* In a child, which gives up root: a bit for each thing that is off. */
static int unprivileged(void)
{
	struct ask ask = ask_for("plain");
	struct rng rng = rng_seed(2);
	struct observation o;
	int bad = 0;

	if ((geteuid() == 0 && setresuid(65534, 65534, 65534) < 0) ||
		real_new(arena, &rng, NULL, &wire))
		return 4;
	ask.source.port = 1;
	o = fate(&ask);
	bad |= o.why != WHY_PRIVILEGE;
	ask.transport = TRANSPORT_TCP;
	ask.server = servers.tcp;
	o = fate(&ask);
	bad |= (o.why != WHY_PRIVILEGE) << 1;
	wire->ops->free(wire);
	return bad;
}

static int in_child(int (*run)(void))
{
	int status = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(run());
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_privilege(void)
{
	FILE *f = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "r");
	int start = 0;

	if (!f || fscanf(f, "%d", &start) != 1 || start <= 1) {
		ok(true, "privilege # SKIP every port is free for all here");
		goto out;
	}
	is_int(in_child(unprivileged), 0, "port 1 needs a privilege, over UDP and TCP");
out:
	if (f)
		fclose(f);
}

int main(void)
{
	struct rng rng = rng_seed(1);

	arena = arena_new();
	if (responder_start(&servers) || real_new(arena, &rng, NULL, &wire))
		return 1;
	test_rows();
	test_observation();
	test_flood();
	test_ids();
	test_unreachable();
	test_connect_only();
	test_waits();
	test_shared();
	test_retry();
	test_not_sent();
	test_v6();
	test_linger();
	is_int((int64_t)answer_many(3000), 3000, "3000 asks from ports of their own");
	is_int(in_child(with_few_descriptors), 0, "few descriptors are enough");
	test_privilege();
	wire->ops->free(wire);
	arena_free(arena);
	responder_stop(&servers);
	return tap_done();
}
