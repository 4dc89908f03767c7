/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces over simulated paths with a translator at each hop: pairs, place, and what is not told. */
#include "base/err.h"
#include "infer/inferences.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/path.h"
#include "tap.h"

enum { ROUTERS = 5, BLOCKED = 1000, FIRST = 41000, SECOND = 1000000, SEEDS = 20 };

struct row {
	const char *name;
	unsigned int hop; /* 0: no translator */
	bool translates_quotes, moves, no_ports;
	double loss;
	enum nat_verdict verdict;
};

struct world {
	struct portset rewritten, blocked;
	struct sim_router routers[ROUTERS];
	struct sim_nat nat;
	struct sim_hops hops;
	struct sim_server server;
};

static const struct row rows[] = {
	{ .name = "none", .verdict = NAT_UNTOLD },
	{ .name = "first hop", .hop = 1, .verdict = NAT_REWRITES },
	{ .name = "third hop", .hop = 3, .verdict = NAT_REWRITES },
	{ .name = "third hop, address too", .hop = 3, .moves = true, .verdict = NAT_REWRITES },
	{ .name = "last hop", .hop = ROUTERS, .verdict = NAT_REWRITES },
	{ .name = "second hop, 10% loss", .hop = 2, .loss = 0.1, .verdict = NAT_REWRITES },
	{ .name = "second hop, quotes translated back",
		.hop = 2,
		.translates_quotes = true,
		.moves = true,
		.verdict = NAT_UNTOLD },
	{ .name = "second hop, ports kept",
		.hop = 2,
		.moves = true,
		.no_ports = true,
		.verdict = NAT_KEEPS },
};

/* The server's filter drops what arrives from the second of the rewritten ports. */
static void build(struct world *w, const struct row *r)
{
	portset_add_range(&w->rewritten, (struct portrange){ BLOCKED - 1, BLOCKED + 1 });
	portset_add(&w->blocked, r->hop && !r->no_ports ? FIRST + 1 : BLOCKED);
	for (unsigned int i = 0; i < ROUTERS; i++)
		w->routers[i] = (struct sim_router){
			.addr = { .family = ADDR_V4, .ip = { 198, 18, 0, (uint8_t)(i + 1) } },
			.rtt = 9000 * (i + 1),
		};
	w->routers[ROUTERS - 1].queries = &w->blocked;
	w->nat = (struct sim_nat){ .hop = r->hop,
		.ports = r->no_ports ? NULL : &w->rewritten,
		.first = FIRST,
		.translates_quotes = r->translates_quotes };
	if (r->moves)
		addr_parse("198.51.100.77", &w->nat.outside);
	w->hops =
		(struct sim_hops){ .v = w->routers, .n = ROUTERS, .nat = r->hop ? &w->nat : NULL };
	addr_parse_port("203.0.113.11#53", &w->server.addr);
	w->server.hops = &w->hops;
}

static struct facts *trace(struct arena *a, const struct world *w, double loss, uint64_t seed)
{
	struct rng rng = rng_seed(seed), ids = rng_seed(seed + 1);
	struct sim_net sim = { .rtt = 60000, .loss = loss, .servers = &w->server, .nservers = 1 };
	struct path_plan plan = { .server = w->server.addr,
		.blocked = BLOCKED,
		.question = { &name_root, 2, 1 },
		.shape = shape_iterative,
		.timeout = 2 * SECOND,
		.rng = rng };
	struct drive drive = { .facts = facts_new(a),
		.pace = pace_new(a, (struct pace_settings){ .rate = 50, .start = 50 }) };

	drive.wire = sim_new(a, &ids, &sim);
	drive_run(&drive, path_probe(path_new(a, &plan)));
	drive.wire->ops->free(drive.wire);
	return drive.facts;
}

static bool right(const struct row *r, const struct nat_result *n)
{
	const struct nat_pair *p = nat_pair_of(n, BLOCKED);

	if (n->verdict != r->verdict)
		return false;
	if (n->verdict != NAT_REWRITES)
		return !n->pairs.n;
	return p && n->pairs.n == 1 && p->seen.port == FIRST + 1 && n->hop >= r->hop &&
	       n->behind < r->hop && (r->loss > 0 || (n->hop == r->hop && n->behind + 1 == r->hop));
}

static void run(const struct row *r)
{
	unsigned int good = 0, located = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct arena *a = arena_new();
		struct world w = { .nat = { .hop = 0 } };
		const struct inferences *in;
		const struct path_result *p;

		build(&w, r);
		in = infer_all(a, trace(a, &w, r->loss, seed));
		good += right(r, &in->nat_v4);
		p = in->paths.n == 1 ? &in->paths.v[0] : NULL;
		/* The filter is found where it is, through the translator. */
		located += p && p->after == ROUTERS && p->before == ROUTERS + 1;
		arena_free(a);
	}
	is_int(good, SEEDS, r->name);
	if (r->loss > 0)
		ok(located >= SEEDS * 8 / 10, "%s: the drop is located", r->name);
	else
		is_int(located, SEEDS, r->name);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		run(&rows[i]);
	return tap_done();
}
