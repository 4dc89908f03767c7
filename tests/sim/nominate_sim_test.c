/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tapes of resolvers and servers with losses of many kinds: how often ports are nominated that no
 * rule drops, and those that one does. NOMINATE_RUNS sets the tapes of a row.
 */
#include "infer/nominate.h"

#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/rng.h"
#include "tap.h"

enum { RUNS = 60, SERVERS = 12, MINUTE = 60000000 };

enum draw {
	DRAW_ALL,    /* 1-65535 */
	DRAW_HIGH,   /* 1024-65535 */
	DRAW_COUNTS, /* one after the other, across two buckets in the time of the tape */
	DRAW_LIFE,   /* 32 ports, used in turn */
};

enum world {
	WORLD_LOSS,    /* servers of 0 .. 40% loss */
	WORLD_DEAD,    /* the same, some dead */
	WORLD_OUTAGES, /* the same, each dead for a part of the time */
	WORLD_TYPES, /* the same, each without answers to some questions, asked again four times */
	WORLD_FAR,   /* the same, and server 3 drops what comes from below 1024 but 53 */
	WORLD_NEAR,  /* the same, and everybody's replies to 5000-32767 are lost */
};

static const struct {
	const char *name;
	enum draw draw;
	enum world world;
	uint32_t queries;
} rows[] = {
	{ "loss", DRAW_HIGH, WORLD_LOSS, 2000 },
	{ "loss, low ports", DRAW_ALL, WORLD_LOSS, 2000 },
	{ "loss, ports for life", DRAW_LIFE, WORLD_LOSS, 2000 },
	{ "loss, few queries", DRAW_ALL, WORLD_LOSS, 200 },
	{ "dead servers", DRAW_HIGH, WORLD_DEAD, 2000 },
	{ "outages", DRAW_HIGH, WORLD_OUTAGES, 2000 },
	{ "outages, counting ports", DRAW_COUNTS, WORLD_OUTAGES, 2000 },
	{ "outages, ports for life", DRAW_LIFE, WORLD_OUTAGES, 2000 },
	{ "types without answers", DRAW_HIGH, WORLD_TYPES, 2000 },
	{ "types without answers, the port kept", DRAW_LIFE, WORLD_TYPES, 2000 },
	{ "a far filter", DRAW_ALL, WORLD_FAR, 16000 },
	{ "a near filter", DRAW_HIGH, WORLD_NEAR, 2000 },
};

struct tape {
	struct facts *facts;
	struct rng rng;
	enum draw draw;
	enum world world;
	uint32_t queries;
	uint16_t ports[32];
	double loss[SERVERS];
	uint64_t down[SERVERS]; /* when the outage begins */
	struct name names[50];
};

static uint16_t port_of(struct tape *t, uint32_t i)
{
	switch (t->draw) {
	case DRAW_ALL: return (uint16_t)(1 + rng_below(&t->rng, 65535));
	case DRAW_COUNTS: return (uint16_t)(32768 - t->queries / 2 + i);
	case DRAW_LIFE: return t->ports[i % ARRAY_LEN(t->ports)];
	default: return (uint16_t)(1024 + rng_below(&t->rng, 64512));
	}
}

static bool dropped(const struct tape *t, const struct sighting *s, uint32_t server)
{
	uint16_t port = s->from.port;

	switch (t->world) {
	case WORLD_DEAD: return server < 4;
	case WORLD_OUTAGES: return s->at - t->down[server] < 5 * MINUTE;
	case WORLD_TYPES: return s->question.name->wire[1] % 5 == 0;
	case WORLD_FAR: return server == 3 && port < 1024 && port != 53;
	case WORLD_NEAR: return port >= 5000 && port <= 32767;
	default: return false;
	}
}

static void begin(struct tape *t, struct arena *a, size_t row, uint64_t seed)
{
	*t = (struct tape){ .facts = facts_new(a),
		.rng = rng_seed(seed),
		.draw = rows[row].draw,
		.world = rows[row].world,
		.queries = rows[row].queries };
	for (size_t i = 0; i < ARRAY_LEN(t->ports); i++)
		t->ports[i] = (uint16_t)(1024 + rng_below(&t->rng, 64512));
	for (size_t i = 0; i < SERVERS; i++) {
		t->loss[i] = 0.4 * rng_unit(&t->rng) * rng_unit(&t->rng);
		t->down[i] = rng_below(&t->rng, 40) * (uint64_t)MINUTE;
	}
	for (size_t i = 0; i < ARRAY_LEN(t->names); i++)
		t->names[i] = (struct name){ 3, { 1, (uint8_t)('0' + i), 0 } };
}

/* One query; a question without answer is asked again from its port. */
static void ask(struct tape *t, uint32_t i)
{
	uint32_t server = rng_below(&t->rng, SERVERS), tries = 1;
	struct sighting s = {
		.source = SIGHT_CAPTURE,
		.from = { .port = port_of(t, i) },
		.server = { ADDR_V4, 53, 0, { 192, 0, 2, (uint8_t)server } },
		/* An hour's tape. */
		.at = (uint64_t)i * (60ULL * MINUTE / t->queries),
		.question = { &t->names[rng_below(&t->rng, ARRAY_LEN(t->names))], 1, 1 },
	};
	bool drop = dropped(t, &s, server);

	if (drop && t->world == WORLD_TYPES)
		tries = 4;
	for (uint32_t k = 0; k < tries; k++) {
		s.end = drop || rng_unit(&t->rng) < t->loss[server] ? SIGHT_SILENT : SIGHT_ANSWERED;
		vec_push(t->facts->arena, &t->facts->sightings, s);
		s.at += 1000000;
	}
}

/* The nominees that there should be. */
static bool right(enum world world, const struct nominee *x)
{
	if (world == WORLD_FAR)
		return x->server.ip[3] == 3 && (x->range.lo == 54 || x->range.hi == 52);
	return world == WORLD_NEAR && x->range.lo == 5000;
}

static void run(size_t row, unsigned long *ret_false, unsigned long *ret_tapes)
{
	const char *n = getenv("NOMINATE_RUNS");
	unsigned long runs = n ? strtoul(n, NULL, 0) : RUNS, wrong = 0, found = 0, dead = 0;

	for (unsigned long seed = 0; seed < runs; seed++) {
		struct arena *a = arena_new();
		struct tape t;
		struct nominations r;
		bool bad = false, good = false;

		begin(&t, a, row, seed * ARRAY_LEN(rows) + row);
		for (uint32_t i = 0; i < t.queries; i++)
			ask(&t, i);
		nominate(a, t.facts, SIGHT_CAPTURE, &r);
		vec_each (const struct nominee, x, r.nominees) {
			good = good || right(t.world, x);
			bad = bad || !right(t.world, x);
		}
		wrong += bad;
		found += good;
		dead += r.dead.n;
		arena_free(a);
	}
	*ret_false += wrong;
	*ret_tapes += runs;
	printf("# %-38s of %lu tapes: %lu with a false nominee, %lu with the right one\n",
		rows[row].name, runs, wrong, found);
	if (rows[row].world >= WORLD_FAR)
		ok((double)found >= 0.95 * (double)runs, "%s is found", rows[row].name);
	if (rows[row].world == WORLD_DEAD)
		is_int((int64_t)dead, (int64_t)runs * 4, "dead servers are told");
}

int main(void)
{
	unsigned long wrong = 0, tapes = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		run(i, &wrong, &tapes);
	/* NOMINATE_ERROR of them, and what chance adds. */
	ok((double)wrong <=
			NOMINATE_ERROR * (double)tapes + 3 * sqrt(NOMINATE_ERROR * (double)tapes),
		"%lu of %lu tapes have a false nominee", wrong, tapes);
	return tap_done();
}
