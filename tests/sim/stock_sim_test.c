/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many servers swept side by side at a polite rate, each of them wanted by several: each is swept
 * once, all are told the same, and one in ten that filters is found to the port. SERVERS and WANTED
 * change how many there are (40), and by how many each is wanted (5); bench/servers shows what it
 * costs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "dns/rr.h"
#include "infer/ports.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/diagnose.h"
#include "probe/jobs.h"
#include "tap.h"

enum {
	WIDE = 100,
	RATE = 50,
	RTT = 30000,
	BUDGET = 2000,
	LIFE = 60 * 1000 * 1000,
	STOCK_MOST = 64 * 1024 * 1024,
	FILTERED = 10, /* one in so many */
	SECOND = 1000000,
};

static unsigned long servers = 40, wanted = 5;

struct world {
	struct sim_net net;
	struct portset low; /* the story's */
	struct stock *stock;
	struct rng rng;
	unsigned long begun, done, exact;
	uint64_t sent; /* by all, but for what was lent */
	uint64_t now;
};

struct work {
	struct diagnose_plan plan;
	struct question question;
	const struct sim_server *server;
};

static bool filters(const struct world *w, const struct sim_server *s)
{
	return (s - w->net.servers) % FILTERED == 0;
}

/* Each server comes as often as it is wanted, far apart. */
static enum bulk_more more(void *user, struct job *ret)
{
	struct world *w = user;
	struct arena *a;
	struct work *work;
	struct facts *f;

	if (w->begun == servers * wanted)
		return BULK_END;
	a = arena_new();
	work = arena_alloc(a, sizeof(*work));
	f = facts_new(a);
	work->server = &w->net.servers[w->begun++ % servers];
	work->question = (struct question){ &name_root, RR_NS, CLASS_IN };
	work->plan.targets = &work->server->addr;
	work->plan.ntargets = 1;
	work->plan.no_place = true;
	work->plan.stock = w->stock;
	work->plan.rng = rng_seed(rng_u64(&w->rng));
	work->plan.sweep = (struct sweep_plan){
		.questions = &work->question,
		.nquestions = 1,
		.shape = shape_iterative,
		.timeout = 2 * SECOND,
		.spacing = 250000,
	};
	*ret = (struct job){ a, f, diagnose_probe(diagnose_new(a, f, &work->plan)), work };
	return BULK_ONE;
}

static bool is_exact(const struct world *w, const struct job *job)
{
	const struct work *work = job->user;
	struct ports_subject subject = { work->server->addr, TRANSPORT_UDP };
	struct ports_scope scope = { .ports = &ports_all };
	struct ports_result r;

	ports_judge(ports_tally(job->arena, job->facts, &subject), &scope, &r);
	return filters(w, work->server)
		       ? r.pattern == PATTERN_RANGES && portset_equal(&r.blocked, &w->low)
		       : r.pattern == PATTERN_NONE;
}

static void done(void *user, const struct job *job)
{
	struct world *w = user;

	w->done++;
	w->exact += is_exact(w, job);
	for (size_t i = 0; i < job->facts->n; i++)
		w->sent += job->facts->v[i]->sent && job->facts->v[i]->ask.work != WORK_BORROWED;
	arena_free(job->arena);
}

static void build(struct world *w, struct arena *a)
{
	struct sim_server *v = arena_alloc(a, servers * sizeof(*v));

	portset_add_range(&w->low, (struct portrange){ 1, 52 });
	portset_add_range(&w->low, (struct portrange){ 54, 1023 });
	for (unsigned long i = 0; i < servers; i++) {
		char text[64];

		snprintf(text, sizeof(text), "198.18.%lu.%lu#53", i / 250, i % 250 + 1);
		addr_parse_port(text, &v[i].addr);
		if (i % FILTERED == 0)
			v[i].filter.blocked = &w->low;
	}
	w->net = (struct sim_net){
		.rtt = RTT, .jitter = RTT / 4, .loss = 0.01, .servers = v, .nservers = servers
	};
}

static void run(struct world *w, struct arena *a)
{
	struct rng rng = rng_seed(11);
	struct drive d = { .wire = sim_new(a, &rng, &w->net) };
	struct jobs *j = jobs_new(a, &(struct jobs_conf){ .most = WIDE,
					     .life = LIFE,
					     .most_shared = 64,
					     .more = more,
					     .done = done,
					     .user = w });

	d.pace = pace_new(a, (struct pace_settings){ .rate = RATE, .budget = BUDGET });
	drive_run(&d, jobs_probe(j));
	w->now = wire_now(d.wire);
	jobs_free(j);
	d.wire->ops->free(d.wire);
}

static unsigned long number(const char *name, unsigned long usual)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : usual;
}

int main(void)
{
	struct arena *a = arena_new();
	struct world w = { .rng = rng_seed(5) };
	struct stock_totals t;
	struct rusage used;

	servers = number("SERVERS", servers);
	wanted = number("WANTED", wanted);
	build(&w, a);
	w.stock = stock_new(&(struct stock_conf){ STOCK_MOST, (uint64_t)3600 * SECOND });
	run(&w, a);
	t = stock_totals(w.stock);
	getrusage(RUSAGE_SELF, &used);
	is_int((int64_t)w.done, (int64_t)(servers * wanted), "all are done");
	is_int((int64_t)w.exact, (int64_t)w.done, "and exact");
	is_int((int64_t)(t.done - t.dropped), (int64_t)servers, "each server is swept once");
	is_int((int64_t)t.lent, (int64_t)(servers * (wanted - 1)), "and lent to the others");
	ok(w.sent < servers * BUDGET, "%llu packets, %llu a server", (unsigned long long)w.sent,
		(unsigned long long)(w.sent / servers));
	printf("# %lu servers, each wanted %lu times: %.0f s at %d queries a second each, %.1f s "
	       "CPU, "
	       "%ld MiB at most, %zu KiB held\n",
		servers, wanted, (double)w.now / SECOND, RATE,
		(double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6,
		used.ru_maxrss / 1024, t.held / 1024);
	stock_free(w.stock);
	arena_free(a);
	return tap_done();
}
