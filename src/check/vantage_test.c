/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several vantage points: what is told of servers that are silent to one of them. Worlds of three
 * servers, of which the first is the one in question; loss alone never makes a finding.
 */
#include "check/vantage.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "dns/rr.h"
#include "tap.h"

enum { TRIES = 35, SERVERS = 3, SIMULATED = 2000 };

/* A run from an address; each server is silent to it, or loses so many per cent. */
struct run {
	const char *from;
	int64_t started;
	int loss[SERVERS]; /* 100: silent */
	int tries;	   /* of the first; 0: TRIES */
};

static struct addr addr(const char *text)
{
	struct addr a = { 0 };

	if (addr_parse_port(text, &a) < 0)
		abort();
	return a;
}

static struct facts *make(struct arena *a, const struct run *r, struct rng *rng)
{
	static const char *const servers[] = { "203.0.113.11#53", "198.18.2.10#53",
		"198.18.3.20#53" };
	struct facts *f = facts_new(a);

	f->command = "ports";
	f->name = r->from;
	f->started = r->started;
	f->elapsed = 1000000;
	for (int i = 0; i < TRIES * SERVERS; i++) {
		struct observation o = { .outcome = OUTCOME_TIMEOUT, .from = addr(r->from) };
		int s = i % SERVERS;

		if (s == 0 && r->tries && i / SERVERS >= r->tries)
			continue;
		o.ask.server = addr(servers[s]);
		o.ask.role = ROLE_WALK;
		o.ask.question = (struct question){ &name_root, RR_SOA, CLASS_IN };
		o.ask.shape = shape_iterative;
		o.from.port = (uint16_t)(2000 + i);
		o.sent = 1 + (uint64_t)i * 1000;
		o.done = o.sent + 500;
		if (rng_below(rng, 100) >= (uint32_t)r->loss[s])
			o.outcome = OUTCOME_ANSWERED;
		facts_add(f, &o);
	}
	return f;
}

struct outcome_of {
	struct findings findings;
	struct vantages all;
	const struct facts *here;
	const struct finding *x; /* of that id; NULL: none */
	size_t others;		 /* findings of other ids */
};

struct runs {
	const struct run *v;
	size_t n;
};

static struct outcome_of judge(struct arena *a, struct runs runs, const char *id, struct rng *rng)
{
	struct outcome_of r = { .findings = { .arena = a } };
	struct facts **tapes = arena_alloc(a, runs.n * sizeof(struct facts *));
	struct check_input in;

	for (size_t i = 0; i < runs.n; i++)
		tapes[i] = make(a, &runs.v[i], rng);
	vantage_judge(a, tapes, runs.n, &r.all);
	in = (struct check_input){ r.all.v[r.all.here].facts, r.all.v[r.all.here].inferences };
	check_run_among(&in, &r.all, &r.findings);
	r.here = in.facts;
	vec_each (const struct finding, x, r.findings.list) {
		if (id && strcmp(x->id, id) == 0)
			r.x = x;
		else
			r.others++;
	}
	return r;
}

static const struct row {
	const char *what, *id; /* NULL: none */
	enum where where;
	double most; /* of its confidence */
	struct run runs[3];
	size_t n;
} rows[] = {
	{ "a neighbour is answered", "client-blocked", WHERE_FAR, 0.9999,
		{ { "192.0.2.10", 1000, { 100 }, 0 }, { "192.0.2.12", 1000, { 0 }, 0 } }, 2 },
	{ "the order does not matter", "client-blocked", WHERE_FAR, 0.9999,
		{ { "192.0.2.12", 1000, { 0 }, 0 }, { "192.0.2.10", 1000, { 100 }, 0 } }, 2 },
	{ "another network is answered", "unreachable", WHERE_PATH, 0.9999,
		{ { "192.0.2.10", 1000, { 100 }, 0 }, { "198.51.100.7", 1000, { 0 }, 0 } }, 2 },
	{ "a neighbour tells more than another network", "client-blocked", WHERE_FAR, 0.9999,
		{ { "192.0.2.10", 1000, { 100 }, 0 }, { "198.51.100.7", 1000, { 0 }, 0 },
			{ "192.0.2.12", 1000, { 0 }, 0 } },
		3 },
	{ "private neighbours may be of two sites", "unreachable", WHERE_PATH, 0.9999,
		{ { "10.0.0.10", 1000, { 100 }, 0 }, { "10.0.0.12", 1000, { 0 }, 0 } }, 2 },
	{ "the servers may have changed in an hour", "unreachable", WHERE_PATH, 0.9,
		{ { "192.0.2.10", 1000, { 100 }, 0 }, { "198.51.100.7", 4600, { 0 }, 0 } }, 2 },
	{ "nobody else replies: it may be near", "unreachable", WHERE_UNKNOWN, 0.9999,
		{ { "192.0.2.10", 1000, { 100, 100, 100 }, 0 },
			{ "198.51.100.7", 1000, { 0, 100, 100 }, 0 } },
		2 },
	{ "the same address at another time", NULL, WHERE_NONE, 1,
		{ { "192.0.2.10", 1000, { 100 }, 0 }, { "192.0.2.10", 1500, { 0 }, 0 } }, 2 },
	{ "both are silent", NULL, WHERE_NONE, 1,
		{ { "192.0.2.10", 1000, { 100 }, 0 }, { "192.0.2.12", 1000, { 100 }, 0 } }, 2 },
	{ "nobody is", NULL, WHERE_NONE, 1,
		{ { "192.0.2.10", 1000, { 0 }, 0 }, { "192.0.2.12", 1000, { 0 }, 0 } }, 2 },
	{ "two silences are nothing", NULL, WHERE_NONE, 1,
		{ { "192.0.2.10", 1000, { 100 }, 2 }, { "192.0.2.12", 1000, { 0 }, 0 } }, 2 },
	{ "three on a bad way are too few", NULL, WHERE_NONE, 1,
		{ { "192.0.2.10", 1000, { 100, 40, 40 }, 3 }, { "192.0.2.12", 1000, { 0 }, 0 } },
		2 },
};

static void one(const struct row *r)
{
	struct arena *a = arena_new();
	struct rng rng = rng_seed(8);
	struct outcome_of got = judge(a, (struct runs){ r->runs, r->n }, r->id, &rng);

	ok((got.x != NULL) == (r->id != NULL) && !got.others, "%s: %s", r->what,
		r->id ? r->id : "nothing is found");
	if (got.x) {
		const struct observation *last =
			facts_at(got.here, got.x->evidence.v[got.x->evidence.n - 1]);

		ok(got.x->where == r->where, "%s: at its place", r->what);
		ok(got.x->confidence <= r->most && got.x->confidence > 0.8, "%s: how sure",
			r->what);
		ok(got.x->servers.n == 1 && got.x->evidence.n == 2 &&
				facts_home(got.here, got.x->evidence.v[0]) == got.here &&
				facts_home(got.here, got.x->evidence.v[1]) != got.here && last &&
				last->outcome == OUTCOME_ANSWERED,
			"%s: a query from each is the evidence", r->what);
		ok(got.x->vantages.n && got.x->vantages.v[0].answered + got.x->vantages.v[0].silent,
			"%s: what others made of it is counted", r->what);
	}
	arena_free(a);
}

/* A way that loses up to half of all, everywhere alike: how often is a server said to be silent? */
static void simulate(void)
{
	struct rng rng = rng_seed(80);
	size_t wrong = 0, missed = 0;

	for (int i = 0; i < SIMULATED; i++) {
		struct arena *a = arena_new();
		int p = (int)rng_below(&rng, 50), tries = 3 + (int)rng_below(&rng, TRIES - 3);
		struct run lossy[] = { { "192.0.2.10", 1000, { p, p, p }, tries },
			{ "198.51.100.7", 1000, { p, p, p }, 0 } };
		struct run dead[] = { { "192.0.2.10", 1000, { 100, p, p }, TRIES },
			{ "198.51.100.7", 1000, { p, p, p }, 0 } };

		wrong += judge(a, (struct runs){ lossy, 2 }, NULL, &rng).others > 0;
		missed += judge(a, (struct runs){ dead, 2 }, "unreachable", &rng).x == NULL;
		arena_free(a);
	}
	ok(wrong <= SIMULATED / 500, "loss alone: %zu of %d are told wrongly", wrong, SIMULATED);
	ok(missed <= SIMULATED / 100, "a silent server: %zu of %d are missed", missed, SIMULATED);
}

static void indices(void)
{
	struct arena *a = arena_new();
	struct rng rng = rng_seed(1);
	struct run r = { "192.0.2.10", 1000, { 0 }, 0 };
	struct facts *x = make(a, &r, &rng), *y = make(a, &r, &rng), *z = make(a, &r, &rng);

	vec_push(a, &x->elsewhere, y);
	vec_push(a, &x->elsewhere, z);
	ok(facts_at(x, x->n - 1) == x->v[x->n - 1] && facts_at(x, x->n) == y->v[0] &&
			facts_at(x, vantage_index(x, z, 3)) == z->v[3],
		"observations are counted through");
	ok(facts_home(x, 0) == x && facts_home(x, vantage_index(x, z, 0)) == z,
		"and lie in their facts");
	ok(!facts_at(x, x->n + y->n + z->n) && !facts_home(x, SIZE_MAX), "to their end");
	x->started = INT64_MIN;
	y->started = INT64_MAX;
	y->elapsed = UINT64_MAX;
	ok(vantage_apart(x, y) == vantage_apart(y, x) && vantage_apart(x, y) > VANTAGE_APART,
		"any times have a distance");
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		one(&rows[i]);
	indices();
	simulate();
	return tap_done();
}
