/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-ups in bulk over simulated networks: each has one result, and the right one. */
#include <stdio.h>

#include "addresses.h"
#include "base/err.h"
#include "dns/rr.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/bulk.h"
#include "tap.h"

enum { NAMES = 2000, SECOND = 1000000, RTT = 20000, WIDE = 200, TRIES = 4 };

/* Every third name is truncated over UDP, every fifth does not exist. */
static void answer(const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret)
{
	unsigned int n = 0;
	size_t from = ret->n;

	sscanf((const char *)ask->question.name->wire + 1, "n%u", &n);
	sim_answer_empty(s, ask, id, ret);
	if (n % 3 == 0 && ask->transport == TRANSPORT_UDP)
		ret->p[from + 2] |= FLAG_TC >> 8;
	else if (n % 5 == 0)
		ret->p[from + 3] |= RCODE_NXDOMAIN;
}

struct world {
	unsigned int next;
	uint8_t results[NAMES];
	uint64_t answered, right, truncated, tries, most;
	bool slow; /* the list comes in pieces */
	const char *last_server;
	uint32_t pps; /* 0: no limit */
};

static enum bulk_more more(void *user, struct question *ret)
{
	static struct name name;
	struct world *w = user;
	char text[32];

	if (w->next == NAMES)
		return BULK_END;
	if (w->slow && w->next % 100 == 99 && w->most++ % 2)
		return BULK_LATER;
	snprintf(text, sizeof(text), "n%u.example.", w->next++);
	name_parse(text, &name);
	*ret = (struct question){ &name, RR_A, CLASS_IN };
	return BULK_ONE;
}

static void done(void *user, const struct bulk_result *r)
{
	struct world *w = user;
	unsigned int n = 0;

	sscanf((const char *)r->question->name->wire + 1, "n%u", &n);
	w->results[n]++;
	w->tries += r->tries;
	w->truncated += r->truncated;
	if (r->last->outcome != OUTCOME_ANSWERED)
		return;
	w->answered++;
	w->right += (r->last->msg->rcode == RCODE_NXDOMAIN) == (n % 5 == 0) &&
		    r->truncated == (n % 3 == 0) && !(r->last->msg->flags & FLAG_TC);
}

static uint64_t run(struct sim_net *net, struct bulk_conf conf, struct world *w)
{
	struct arena *a = arena_new();
	struct rng rng = rng_seed(5);
	struct drive d = { .wire = sim_new(a, &rng, net) };
	uint64_t began = wire_now(d.wire), took;
	struct bulk *b;

	conf.more = more;
	conf.done = done;
	conf.user = w;
	conf.shape = shape_stub;
	conf.timeout = SECOND;
	conf.most = WIDE;
	b = bulk_new(a, &conf);
	if (w->pps)
		d.pace = pace_new(
			a, (struct pace_settings){ .window = WIDE, .start = WIDE, .pps = w->pps });
	drive_run(&d, bulk_probe(b));
	took = wire_now(d.wire) - began;
	is_int((int64_t)bulk_totals(b).done, NAMES, "all are done");
	d.wire->ops->free(d.wire);
	arena_free(a);
	return took;
}

static bool each_once(const struct world *w)
{
	for (size_t i = 0; i < NAMES; i++)
		if (w->results[i] != 1)
			return false;
	return true;
}

static void test_plain(void)
{
	struct sim_server server = { .addr = address("192.0.2.53#53"), .answer = answer };
	struct sim_net net = { .rtt = RTT, .servers = &server, .nservers = 1 };
	struct world w = { .slow = true };

	run(&net, (struct bulk_conf){ .servers = &server.addr, .nservers = 1, .tries = TRIES }, &w);
	ok(each_once(&w), "each name has one result");
	is_int((int64_t)w.right, NAMES, "that of its own reply, over TCP when it was truncated");
	is_int((int64_t)w.tries, NAMES + (NAMES + 2) / 3, "and no query too many");
}

static void test_loss(void)
{
	struct sim_server server = { .addr = address("192.0.2.53#53"), .answer = answer };
	struct sim_net net = { .rtt = RTT,
		.loss = 0.2,
		.servers = &server,
		.nservers = 1,
		.forge = 0.1,
		.duplicate = 0.1,
		.late = 0.05 };
	struct world w = { 0 };

	run(&net, (struct bulk_conf){ .servers = &server.addr, .nservers = 1, .tries = TRIES }, &w);
	ok(each_once(&w), "each name has one result with loss, forgeries and late replies");
	ok(w.answered >= NAMES * 98 / 100 && w.answered < NAMES,
		"what gets no reply in %d tries is told: %llu of %d answered", TRIES,
		(unsigned long long)w.answered, NAMES);
	is_int((int64_t)w.right, (int64_t)w.answered, "all answers are right");
}

/* One is dead, one has a closed port, one answers. */
static void test_servers(void)
{
	struct sim_server servers[] = {
		{ .addr = address("192.0.2.1#53"), .dead = true },
		{ .addr = address("192.0.2.2#53"), .closed = true },
		{ .addr = address("192.0.2.3#53"), .answer = answer },
	};
	struct addr addrs[] = { servers[0].addr, servers[1].addr, servers[2].addr };
	struct sim_net net = { .rtt = RTT, .servers = servers, .nservers = 3 };
	struct world w = { 0 };

	run(&net, (struct bulk_conf){ .servers = addrs, .nservers = 3, .tries = TRIES }, &w);
	ok(each_once(&w) && w.answered == NAMES, "a try that fails goes to the next server");
}

static void test_rate(void)
{
	struct sim_server server = { .addr = address("192.0.2.53#53"), .answer = answer };
	struct sim_net net = { .rtt = RTT, .servers = &server, .nservers = 1 };
	struct bulk_conf conf = { .servers = &server.addr, .nservers = 1, .tries = 1 };
	struct world w = { .pps = 500 };
	double rate = (double)(NAMES + NAMES / 3) * SECOND / (double)run(&net, conf, &w);

	ok(rate > 450 && rate < 525, "500 queries a second in all: %.0f", rate);
}

int main(void)
{
	test_plain();
	test_loss();
	test_servers();
	test_rate();
	return tap_done();
}
