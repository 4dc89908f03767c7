/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many probes side by side: each sees its own replies, and what others were told only once. */
#include <stdio.h>

#include "addresses.h"
#include "base/err.h"
#include "dns/rr.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/jobs.h"
#include "probe/shared.h"
#include "tap.h"

enum { JOBS = 500, WIDE = 40, SECOND = 1000000, RTT = 20000 };

/* Asks for its own name, for one that all ask for, and for that once more. */
struct asker {
	struct probe probe;
	struct name own, common;
	struct addr server;
	unsigned int number, asked;
	unsigned int got[3], wrong; /* by tag */
	uint64_t began, first_common;
	uint8_t role;
	struct arena *arena;
};

static enum want want(struct probe *p, uint64_t now, struct ask *ret, uint64_t *ret_wake)
{
	struct asker *a = (struct asker *)p;
	unsigned int tag = a->asked;

	(void)now;
	*ret_wake = PROBE_NO_WAKE;
	/* The second of the same waits for the first. */
	if (tag == 2 && !a->got[1])
		return WANT_WAIT;
	if (tag == 3)
		return a->got[0] && a->got[1] && a->got[2] ? WANT_DONE : WANT_WAIT;
	a->asked++;
	*ret = (struct ask){ .owner = p,
		.tag = tag,
		.server = a->server,
		.role = a->role,
		.timeout = SECOND,
		.question = { tag ? &a->common : &a->own, RR_A, CLASS_IN },
		.shape = shape_iterative };
	return WANT_ASK;
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct asker *a = (struct asker *)p;

	(void)now;
	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	a->got[o->ask.tag]++;
	a->wrong += o->ask.owner != p || o->ask.tag > 2 ||
		    (o->msg && !name_equal(o->msg->questions[0].name,
				       o->ask.tag ? &a->common : &a->own));
}

struct world {
	struct addr server;
	unsigned int begun, done, whole, facts;
	uint8_t role;
	unsigned int running, most;
};

static enum bulk_more more(void *user, struct job *ret)
{
	static const struct probe_ops ops = { .want = want, .reply = reply };
	struct world *w = user;
	struct arena *arena;
	struct asker *a;
	char text[32];

	if (w->begun == JOBS)
		return BULK_END;
	arena = arena_new();
	a = arena_alloc(arena, sizeof(*a));
	a->probe.ops = &ops;
	a->server = w->server;
	a->role = w->role;
	a->arena = arena;
	snprintf(text, sizeof(text), "n%u.example.", w->begun++);
	name_parse(text, &a->own);
	name_parse("example.", &a->common);
	*ret = (struct job){ arena, facts_new(arena), &a->probe, a };
	w->running++;
	w->most = w->running > w->most ? w->running : w->most;
	return BULK_ONE;
}

static void done(void *user, const struct job *job)
{
	struct world *w = user;
	struct asker *a = job->user;

	w->done++;
	w->running--;
	w->whole += a->got[0] == 1 && a->got[1] == 1 && a->got[2] == 1 && !a->wrong;
	w->facts += job->facts->n >= 3;
	arena_free(job->arena);
}

static struct jobs_totals run(struct sim_net *net, struct world *w, uint32_t life)
{
	struct arena *arena = arena_new();
	struct rng rng = rng_seed(3);
	struct drive d = { .wire = sim_new(arena, &rng, net) };
	struct jobs *j = jobs_new(arena, &(struct jobs_conf){ .most = WIDE,
						 .life = life,
						 .most_shared = 16,
						 .more = more,
						 .done = done,
						 .user = w });
	struct jobs_totals t;

	w->server = net->servers[0].addr;
	drive_run(&d, jobs_probe(j));
	t = jobs_totals(j);
	jobs_free(j);
	d.wire->ops->free(d.wire);
	arena_free(arena);
	return t;
}

static void judge(const struct world *w, const char *what)
{
	is_int(w->done, JOBS, what);
	is_int(w->whole, JOBS, "each has one outcome of each of its asks, its own");
	is_int(w->facts, JOBS, "and facts of its own");
	is_int(w->most, WIDE, "no more at once than there may be");
}

/* Bounded in time and number; what differs in anything that a server sees is another. */
static void test_shared(void)
{
	struct arena *a = arena_new();
	struct shared *s = shared_new(2, 100);
	struct name names[3];
	struct observation o = { .outcome = OUTCOME_ANSWERED,
		.ask = { .server = address("192.0.2.53#53"),
			.role = ROLE_TREE,
			.shape = shape_iterative } };
	struct ask other;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct buf wire = { .arena = a };

		name_parse(arena_printf(a, "n%zu.example.", i), &names[i]);
		o.ask.question = (struct question){ &names[i], RR_A, CLASS_IN };
		query_build(&wire, &o.ask.shape, &o.ask.question, 1);
		o.msg = msg_read(a, buf_span(&wire));
		shared_add(s, &o, i);
	}
	ok(shared_find(s, &o.ask, shared_hash(&o.ask), 101) != NULL, "a reply is found");
	ok(!shared_find(s, &o.ask, shared_hash(&o.ask), 102), "for its life");
	other = o.ask;
	other.question.name = &names[0];
	ok(!shared_find(s, &other, shared_hash(&other), 50), "the oldest went");
	other = o.ask;
	other.shape.edns_flags = EDNS_DO;
	ok(!shared_find(s, &other, shared_hash(&other), 50), "another shape is another query");
	other = o.ask;
	other.transport = TRANSPORT_TCP;
	ok(!shared_find(s, &other, shared_hash(&other), 50), "so is another transport");
	other = o.ask;
	other.source.port = 53;
	ok(shared_may(&o.ask) && !shared_may(&other),
		"an ask from a port of its own is not shared");
	shared_free(s);
	arena_free(a);
}

int main(void)
{
	struct sim_server server = { .addr = address("192.0.2.53#53") };
	struct sim_net calm = { .rtt = RTT, .servers = &server, .nservers = 1 };
	struct sim_net wild = { .rtt = RTT,
		.loss = 0.2,
		.forge = 0.2,
		.duplicate = 0.2,
		.late = 0.1,
		.servers = &server,
		.nservers = 1 };
	struct world w = { .role = ROLE_WALK };
	struct jobs_totals t = run(&calm, &w, 60 * SECOND);

	judge(&w, "with a reply that is shared");
	/* The first WIDE begin before there is a reply to share; twice is never shared. */
	ok(t.shared >= JOBS - WIDE && t.shared <= JOBS, "shared %llu times",
		(unsigned long long)t.shared);
	is_int((int64_t)(t.asked + t.shared), 3 * JOBS, "all others were sent");

	w = (struct world){ .role = ROLE_WALK };
	t = run(&calm, &w, 0);
	judge(&w, "without");
	is_int((int64_t)t.asked, 3 * JOBS, "then all are sent");

	w = (struct world){ .role = ROLE_STEADY };
	t = run(&calm, &w, 60 * SECOND);
	judge(&w, "asks that measure");
	is_int((int64_t)t.shared, 0, "are never answered by others' replies");

	w = (struct world){ .role = ROLE_WALK };
	run(&wild, &w, 60 * SECOND);
	judge(&w, "with loss, forgeries, copies and late replies");

	test_shared();
	return tap_done();
}
