/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Traces over seeded simulated networks: a filter at each hop, in either direction, with loss and
 * with routers that say nothing. How often the hop is right, how often wrong, and how long it
 * takes. SIM_RUNS changes the number of networks of a row; PATH_TABLE=1 prints the table.
 */
#include <stdlib.h>

#include "base/err.h"
#include "infer/path.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/path.h"
#include "tap.h"

enum { RUNS = 100, ROUTERS_MOST = 12, BLOCKED = 1000, RTT_STEP = 9000, SECOND = 1000000 };

/* hop 0: no filter; hop == routers + 1: right before the server. */
struct network {
	unsigned int routers, hop;
	bool reply, rejects, bursty;
	double loss;
	double silent; /* chance of a router to say nothing */
};

struct row {
	const char *name;
	struct network net;
	double right, wrong; /* at least, at most: shares of the runs */
};

struct totals {
	unsigned int right, wrong, untold;
	uint64_t took, longest;
	uint64_t sent;
};

struct world {
	struct arena *arena;
	struct portset blocked;
	struct sim_router routers[ROUTERS_MOST];
	struct sim_hops hops;
	struct sim_server server;
	struct path_result result;
	uint64_t took;
	uint64_t sent;
};

static void build(struct world *w, const struct network *n, struct rng *rng)
{
	portset_add(&w->blocked, BLOCKED);
	for (unsigned int i = 0; i < n->routers; i++) {
		w->routers[i] = (struct sim_router){
			.addr = { .family = ADDR_V4, .ip = { 198, 18, 0, (uint8_t)(i + 1) } },
			.rtt = RTT_STEP * (i + 1),
			.silent = rng_unit(rng) < n->silent,
			.rejects = n->rejects,
		};
		if (i + 1 != n->hop)
			continue;
		*(n->reply ? &w->routers[i].replies : &w->routers[i].queries) = &w->blocked;
	}
	w->hops = (struct sim_hops){ .v = w->routers, .n = n->routers };
	addr_parse("203.0.113.11", &w->server.addr);
	w->server.addr.port = 53;
	w->server.hops = &w->hops;
}

static void trace(struct world *w, const struct network *n, uint64_t seed)
{
	struct rng rng = rng_seed(seed), ids = rng_seed(seed + 1);
	struct sim_net sim = { .rtt = RTT_STEP * (n->routers + 1),
		.jitter = RTT_STEP / 2,
		.loss = n->loss,
		.servers = &w->server,
		.nservers = 1 };
	struct path_plan plan = { .server = w->server.addr,
		.blocked = BLOCKED,
		.question = { &name_root, 2, 1 },
		.shape = shape_iterative,
		.timeout = 2 * SECOND,
		.rng = rng };
	struct drive drive = { .facts = facts_new(w->arena),
		.pace = pace_new(w->arena, (struct pace_settings){ .rate = 50, .start = 50 }) };
	struct path_results all;
	uint64_t began;

	if (n->bursty) {
		/* All of it. */
		sim.loss = 0;
		sim_add_bursts(&sim, n->loss);
	}
	drive.wire = sim_new(w->arena, &ids, &sim);
	began = wire_now(drive.wire);
	drive_run(&drive, path_probe(path_new(w->arena, &plan)));
	w->took = wire_now(drive.wire) - began;
	w->sent = drive.facts->n;
	/* Judged from the facts alone, as a saved run would be. */
	all = path_collect(w->arena, drive.facts);
	if (all.n == 1)
		w->result = all.v[0];
	drive.wire->ops->free(drive.wire);
}

/* What is claimed is so; where routers that speak were not heard, less is claimed than could be. */
static bool is_true(const struct world *w, const struct network *n)
{
	const struct path_result *r = &w->result;
	unsigned int server = n->routers + 1;
	/* The last hop that the blocked flow is heard of: a reply's filter lets errors pass. */
	unsigned int last = n->reply ? n->routers : n->hop;

	if (!n->hop || r->broken == PATH_NO_BREAK)
		return !n->hop && r->broken == PATH_NO_BREAK;
	return r->after <= last && r->before > last &&
	       (r->broken == PATH_MIDWAY) == (r->before < server) &&
	       (r->direction == DIRECTION_QUERY) == (r->before < server);
}

/* The narrowest claim: between the last router that speaks before the drop and the next. */
static bool is_right(const struct world *w, const struct network *n)
{
	unsigned int server = n->routers + 1, after = 0, before = server;
	unsigned int last = n->reply ? n->routers : n->hop;

	for (unsigned int t = 1; t <= last && n->hop; t++)
		if (!w->routers[t - 1].silent)
			after = t;
	for (unsigned int t = n->routers; t > last; t--)
		if (!w->routers[t - 1].silent)
			before = t;
	return w->result.broken != PATH_UNTOLD && is_true(w, n) &&
	       (!n->hop || (w->result.after == after && w->result.before == before));
}

static void run(const struct network *n, uint64_t seed, struct totals *t)
{
	struct world w = { .arena = arena_new() };
	struct rng rng = rng_seed(seed * 7919);

	build(&w, n, &rng);
	trace(&w, n, seed);
	t->right += is_right(&w, n);
	t->untold += w.result.broken == PATH_UNTOLD;
	t->wrong += w.result.broken != PATH_UNTOLD && !is_true(&w, n);
	t->took += w.took;
	t->sent += w.sent;
	if (w.took > t->longest)
		t->longest = w.took;
	arena_free(w.arena);
}

static void report(const char *name, const struct totals *t, unsigned int runs, const struct row *r)
{
	ok(t->right >= r->right * runs && t->wrong <= r->wrong * runs,
		"%s: %u right, %u wrong, %u untold of %u", name, t->right, t->wrong, t->untold,
		runs);
	if (getenv("PATH_TABLE"))
		printf("# %-40s %5.1f s mean, %5.1f s longest, %4.0f asks\n", name,
			(double)t->took / runs / SECOND, (double)t->longest / SECOND,
			(double)t->sent / runs);
}

static const struct row rows[] = {
	{ "no filter", { 3, 0, .loss = 0 }, 1, 0 },
	{ "no filter, 30% loss", { 6, 0, .loss = 0.3 }, 0.97, 0.01 },
	{ "hop 1 of 3", { 3, 1, .loss = 0 }, 1, 0 },
	{ "hop 2 of 3", { 3, 2, .loss = 0 }, 1, 0 },
	{ "hop 3 of 3", { 3, 3, .loss = 0 }, 1, 0 },
	{ "hop 4 of 12", { 12, 4, .loss = 0 }, 1, 0 },
	{ "hop 11 of 12", { 12, 11, .loss = 0 }, 1, 0 },
	{ "hop 2 of 3 rejects", { 3, 2, .rejects = true }, 1, 0 },
	{ "reply at hop 1 of 3", { 3, 1, .reply = true }, 1, 0 },
	{ "reply at hop 3 of 6", { 6, 3, .reply = true, .loss = 0.1 }, 0.95, 0.01 },
	{ "hop 1 of 4, 10% loss", { 4, 1, .loss = 0.1 }, 0.95, 0.01 },
	{ "hop 3 of 8, 10% loss", { 8, 3, .loss = 0.1 }, 0.95, 0.01 },
	{ "hop 8 of 8, 10% loss", { 8, 8, .loss = 0.1 }, 0.95, 0.01 },
	{ "hop 1 of 4, 30% loss", { 4, 1, .loss = 0.3 }, 0.7, 0.01 },
	{ "hop 3 of 8, 30% loss", { 8, 3, .loss = 0.3 }, 0.7, 0.01 },
	{ "hop 3 of 8, a third silent", { 8, 3, .silent = 0.33 }, 1, 0 },
	{ "hop 3 of 8, a third silent, 10% loss", { 8, 3, .loss = 0.1, .silent = 0.33 }, 0.95,
		0.02 },
	{ "reply, half silent, 10% loss", { 8, 5, .reply = true, .loss = 0.1, .silent = 0.5 }, 0.93,
		0.01 },
};

/* A filter at each of six routers, either direction, with and without silent routers. */
static const struct row grids[] = {
	{ "each hop, no loss", { 6, .loss = 0 }, 1, 0 },
	{ "each hop, 10% loss", { 6, .loss = 0.1 }, 0.97, 0.005 },
	{ "each hop, 10% loss in bursts", { 6, .loss = 0.1, .bursty = true }, 0.9, 0.02 },
	{ "each hop, 30% loss", { 6, .loss = 0.3 }, 0.75, 0.01 },
};

static unsigned int run_grid(const struct row *r, unsigned int runs, struct totals *t)
{
	static const double silent[] = { 0, 0.33 };
	struct network n = r->net;
	uint64_t seed = 1;

	for (n.hop = 1; n.hop <= n.routers; n.hop++)
		for (size_t s = 0; s < 2 * ARRAY_LEN(silent); s++)
			for (unsigned int k = 0; k < runs; k++) {
				n.silent = silent[s / 2];
				n.reply = s % 2;
				run(&n, seed++, t);
			}
	return (unsigned int)seed - 1;
}

int main(void)
{
	const char *given = getenv("SIM_RUNS");
	unsigned int runs = given ? (unsigned int)strtoul(given, NULL, 10) : RUNS;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct totals t = { 0 };

		for (unsigned int k = 0; k < runs; k++)
			run(&rows[i].net, 1 + k + i * 100003, &t);
		report(rows[i].name, &t, runs, &rows[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(grids); i++) {
		struct totals t = { 0 };
		unsigned int n = run_grid(&grids[i], runs / 4 + 1, &t);

		report(grids[i].name, &t, n, &grids[i]);
	}
	return tap_done();
}
