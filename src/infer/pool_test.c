/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of infer/pool: what counts as a draw and as a retry; shapes, buckets, fits. Sizes and
 * error rates are simulated in tests/sim/pool_sim_test.c. */
#include "infer/pool.h"

#include <math.h>

#include "addresses.h"
#include "base/err.h"
#include "base/rng.h"
#include "infer/nominate.h"
#include "prop.h"
#include "tap.h"

enum { SECOND = 1000000, STEPS = 8 };

static const struct addr any = { 0 };

static const struct name *named(struct arena *a, const char *text)
{
	struct name n;

	if (name_parse(text, &n))
		return NULL;
	return name_keep(a, &n);
}

/* One query of a lookup. */
struct step {
	uint32_t after; /* ms after the lookup's first one */
	char server;	/* '1' .. '9' */
	char port;	/* the lookup's 'a' .. 'd', all different */
	enum sighting_end end;
	char name; /* 'a' and 'A': the same in other letters; 'b': another question */
	uint32_t rtt;
	bool same_id;
};

/* Lookups of the same steps, one a minute, from ports of the kernel's range. */
static const struct lookups {
	const char *name;
	struct step steps[STEPS];
	uint32_t retries, same; /* of one lookup */
	uint32_t draws;
	enum per_try per_try;
} lookups[] = {
	{ "answered", { { 0, '1', 'a', SIGHT_ANSWERED, 'a', 0, false } }, 0, 0, 1,
		PER_TRY_UNKNOWN },
	{ "silent, then from another port",
		{ { 0, '1', 'a', SIGHT_SILENT, 'a', 0, false },
			{ 800, '1', 'b', SIGHT_ANSWERED, 'a', 0, false } },
		1, 0, 2, PER_TRY_FRESH },
	{ "silent, then from the same port",
		{ { 0, '1', 'a', SIGHT_SILENT, 'a', 0, false },
			{ 800, '1', 'a', SIGHT_ANSWERED, 'a', 0, false } },
		1, 1, 1, PER_TRY_REUSED },
	{ "the same port, with other letters",
		{ { 0, '1', 'a', SIGHT_SILENT, 'a', 0, false },
			{ 800, '1', 'a', SIGHT_SILENT, 'A', 0, false },
			{ 1600, '1', 'a', SIGHT_SILENT, 'a', 0, false } },
		2, 2, 1, PER_TRY_REUSED },
	{ "now this port, now that",
		{ { 0, '1', 'a', SIGHT_SILENT, 'a', 0, false },
			{ 800, '1', 'a', SIGHT_SILENT, 'a', 0, false },
			{ 1600, '1', 'b', SIGHT_SILENT, 'a', 0, false },
			{ 2400, '1', 'c', SIGHT_SILENT, 'a', 0, false } },
		3, 1, 1, PER_TRY_UNKNOWN },
	{ "another server, another port",
		{ { 0, '1', 'a', SIGHT_SILENT, 'a', 0, false },
			{ 800, '2', 'b', SIGHT_ANSWERED, 'a', 0, false } },
		0, 0, 2, PER_TRY_UNKNOWN },
	{ "another server, the same port",
		{ { 0, '1', 'a', SIGHT_SILENT, 'a', 0, false },
			{ 1, '2', 'a', SIGHT_ANSWERED, 'a', 0, false } },
		0, 0, 1, PER_TRY_UNKNOWN },
	{ "two servers in turn",
		{ { 0, '1', 'a', SIGHT_SILENT, 'a', 0, false },
			{ 800, '2', 'b', SIGHT_SILENT, 'a', 0, false },
			{ 1600, '1', 'c', SIGHT_SILENT, 'a', 0, false },
			{ 2400, '2', 'd', SIGHT_SILENT, 'a', 0, false } },
		2, 0, 4, PER_TRY_FRESH },
	{ "answered, then asked again from the same port",
		{ { 0, '1', 'a', SIGHT_ANSWERED, 'a', 0, false },
			{ 800, '1', 'a', SIGHT_ANSWERED, 'a', 0, false } },
		0, 0, 1, PER_TRY_UNKNOWN },
	{ "answered, but after it was asked again",
		{ { 0, '1', 'a', SIGHT_ANSWERED, 'a', 900000, false },
			{ 800, '1', 'a', SIGHT_ANSWERED, 'a', 0, false } },
		1, 1, 1, PER_TRY_REUSED },
	{ "an error, then from another port",
		{ { 0, '1', 'a', SIGHT_ICMP, 'a', 0, false },
			{ 800, '1', 'b', SIGHT_ANSWERED, 'a', 0, false } },
		1, 0, 2, PER_TRY_FRESH },
	{ "another question from the same port",
		{ { 0, '1', 'a', SIGHT_SILENT, 'a', 0, false },
			{ 800, '1', 'b', SIGHT_SILENT, 'b', 0, false } },
		0, 0, 2, PER_TRY_UNKNOWN },
	{ "31 s later",
		{ { 0, '1', 'a', SIGHT_SILENT, 'a', 0, false },
			{ 31000, '1', 'b', SIGHT_SILENT, 'a', 0, false } },
		0, 0, 2, PER_TRY_UNKNOWN },
	{ "a packet seen on two interfaces",
		{ { 0, '1', 'a', SIGHT_ANSWERED, 'a', 0, true },
			{ 1, '1', 'a', SIGHT_ANSWERED, 'a', 0, true } },
		0, 0, 1, PER_TRY_UNKNOWN },
};

enum { LOOKUPS = 30 };

static void add_lookup(struct facts *f, const struct lookups *l, uint32_t n, struct rng *rng)
{
	uint16_t id = (uint16_t)rng_u64(rng), of[4];

	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		of[i] = (uint16_t)(32768 + 4 * rng_below(rng, 7000) + i);

	for (size_t i = 0; i < STEPS && l->steps[i].server; i++) {
		const struct step *s = &l->steps[i];
		char text[] = "x00.example.";

		text[0] = s->name;
		text[1] = (char)('0' + n / 10);
		text[2] = (char)('0' + n % 10);
		vec_push(f->arena, &f->sightings,
			(struct sighting){ .source = SIGHT_CAPTURE,
				.end = (uint8_t)s->end,
				.from = { ADDR_V4, of[s->port - 'a'], 0, { 198, 51, 100, 1 } },
				.server = { ADDR_V4, 53, 0, { 192, 0, 2, (uint8_t)s->server } },
				.at = 60ULL * SECOND * n + 1000ULL * s->after,
				.rtt = s->rtt,
				.id = s->same_id ? id : (uint16_t)(id + 99 * i),
				.question = { named(f->arena, text), 1, 1 } });
	}
}

static void test_lookups(struct arena *a, const struct lookups *l)
{
	struct facts *f = facts_new(a);
	struct rng rng = rng_seed(3);
	const struct pool_estimate *e;

	for (uint32_t n = 0; n < LOOKUPS; n++)
		add_lookup(f, l, n, &rng);
	e = pool_estimate(a, f, SIGHT_CAPTURE, &any);
	ok(e->retries == LOOKUPS * l->retries && e->retries_same == LOOKUPS * l->same,
		"%s: %u retries, %u from the same port", l->name, e->retries, e->retries_same);
	is_int(e->draws, LOOKUPS * l->draws, "draws");
	is_int(e->per_try, l->per_try, "each try");
	/* The 60 and more draws cannot all differ by chance, but repeats must stay few. */
	ok(e->shape == POOL_UNIFORM && e->size_high > 20000,
		"and the pool is large: %s, up to %.0f", pool_shape_slug(e->shape), e->size_high);
}

/* A list of ports, one a second. */
static struct facts *ports(struct arena *a, const uint16_t *v, size_t n)
{
	struct facts *f = facts_new(a);

	for (size_t i = 0; i < n; i++)
		vec_push(a, &f->sightings,
			(struct sighting){ .source = SIGHT_CAPTURE,
				.from = { .port = v[i] },
				.at = SECOND * (uint64_t)i });
	return f;
}

enum { LIST = 20 };

static const struct {
	const char *name;
	uint16_t ports[LIST];
	enum pool_shape shape;
	double low, high; /* of the size */
} lists[] = {
	{ "none", { 0 }, POOL_UNTOLD, 0, POOL_PORTS },
	{ "one", { 53 }, POOL_UNTOLD, 1, POOL_PORTS },
	{ "four times one", { 53, 53, 53, 53 }, POOL_UNTOLD, 1, 4 },
	{ "five times one", { 53, 53, 53, 53, 53 }, POOL_FIXED, 1, 2 },
	{ "five", { 40000, 52000, 33000, 60000, 35000 }, POOL_UNTOLD, 5, POOL_PORTS },
	{ "a translator of 2008", { 14756, 14757, 14758, 14759, 14760, 14761, 14762, 14763, 14764 },
		POOL_SEQUENTIAL, 9, POOL_PORTS },
	{ "downwards, by two",
		{ 14776, 14774, 14772, 14770, 14768, 14766, 14764, 14762, 14760, 14758 },
		POOL_SEQUENTIAL, 10, POOL_PORTS },
	{ "with a wrap",
		{ 65531, 65532, 65533, 65534, 65535, 1024, 1025, 1026, 1027, 1028, 1029, 1030,
			1031 },
		POOL_SEQUENTIAL, 13, 64600 },
	{ "others' flows between",
		{ 2000, 2007, 2030, 2031, 2090, 2099, 2150, 2153, 2200, 2206, 2207, 2260 },
		POOL_SEQUENTIAL, 12, POOL_PORTS },
	{ "two in turn", { 7, 40000, 7, 40000, 7, 40000, 7, 40000, 7, 40000, 7, 40000 }, POOL_SMALL,
		2, 3 },
	{ "three in turn", { 9, 7, 5, 9, 7, 5, 9, 7, 5, 9, 7, 5, 9, 7, 5, 9, 7, 5 }, POOL_SMALL, 3,
		4 },
};

static void test_lists(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		size_t n = 0;
		const struct pool_estimate *e;

		while (n < LIST && lists[i].ports[n])
			n++;
		e = pool_estimate(a, ports(a, lists[i].ports, n), SIGHT_CAPTURE, &any);
		is_int(e->shape, lists[i].shape, lists[i].name);
		ok(e->size_low == lists[i].low && e->size_high <= lists[i].high &&
				e->size >= e->size_low && e->size <= e->size_high,
			"%s: %.0f, %.0f to %.0f", lists[i].name, e->size, e->size_low,
			e->size_high);
		ok(e->confidence >= 0 && e->confidence <= 1 &&
				(e->confidence > 0.9) == (e->shape != POOL_UNTOLD),
			"%s: confidence %.4f", lists[i].name, e->confidence);
	}
}

/* In a pool of four, retries hit the same port now and then. */
static void test_chance(struct arena *a)
{
	struct facts *f = facts_new(a);
	struct rng rng = rng_seed(5);
	const struct pool_estimate *e;

	for (uint32_t i = 0; i < 200; i++) {
		struct sighting s = { .source = SIGHT_CAPTURE,
			.end = SIGHT_SILENT,
			.server = address("192.0.2.1#53"),
			.at = (uint64_t)(i / 2) * 60 * SECOND + i % 2 * SECOND,
			.id = (uint16_t)i,
			.question = { named(a, "live.com."), 15, 1 } };

		s.from.port = (uint16_t)(40000 + 100 * rng_below(&rng, 4));
		vec_push(a, &f->sightings, s);
	}
	e = pool_estimate(a, f, SIGHT_CAPTURE, &any);
	ok(e->shape == POOL_SMALL && e->size == 4 && e->retries == 100 && e->retries_same > 10 &&
			e->retries_same < 40,
		"%u of %u retries from the same of four ports", e->retries_same, e->retries);
	ok(e->per_try == PER_TRY_FRESH && e->draws == 200, "are chance, and draws");
}

static void test_sockets(struct arena *a)
{
	struct facts *polls = facts_new(a), *lasting = facts_new(a), *list = facts_new(a);
	const struct pool_estimate *e;

	for (uint32_t i = 0; i < 60; i++) {
		struct sighting s = { .source = SIGHT_SOCKET };

		s.from.port = (uint16_t)(40000 + i / 30 * 1000);
		s.at = 10000ULL * i;
		vec_push(a, &polls->sightings, s);
		s.from.port = 40000;
		s.at = 10ULL * SECOND * i;
		vec_push(a, &lasting->sightings, s);
		s.from.port = (uint16_t)(33000 + 450 * i + 7 * i * i % 400);
		s.at = 0;
		vec_push(a, &list->sightings, s);
	}
	e = pool_estimate(a, polls, SIGHT_SOCKET, &any);
	ok(e->shape == POOL_UNTOLD && e->samples == 60 && e->draws == 2,
		"a socket that is seen 30 times is one draw");
	e = pool_estimate(a, lasting, SIGHT_SOCKET, &any);
	ok(e->shape == POOL_FIXED && e->draws == 20, "a socket that lasts ten minutes is fixed");
	e = pool_estimate(a, list, SIGHT_SOCKET, &any);
	ok(e->shape == POOL_UNIFORM && !e->ids_distinct, "the order of a list is no sequence");
}

/* Ids, letters, buckets, and what is not looked at. */
static void test_samples(struct arena *a)
{
	static const struct {
		const char *from, *name;
		uint16_t id;
		enum sighting_end end;
		enum transport transport;
		enum sighting_source source;
	} rows[] = {
		{ "198.51.100.1#50", "aaaaaaaa.", 65530, SIGHT_ANSWERED, TRANSPORT_UDP, 0 },
		{ "198.51.100.1#53", "aaaaAAAA.", 4, SIGHT_SILENT, TRANSPORT_UDP, 0 },
		{ "198.51.100.1#54", "AAAAAAA.", 21, SIGHT_SILENT, TRANSPORT_UDP, 0 },
		{ "198.51.100.1#1023", "BBBBBBBBBB.", 21, SIGHT_ICMP, TRANSPORT_UDP, 0 },
		{ "198.51.100.1#1023", "1111.", 22, SIGHT_UNKNOWN, TRANSPORT_UDP, 0 },
		{ "198.51.100.1#65535", "bBbB.cCcC.", 20, SIGHT_ANSWERED, TRANSPORT_UDP, 0 },
		{ "198.51.100.1#999", "b.", 1, SIGHT_ANSWERED, TRANSPORT_TCP, 0 },
		{ "198.51.100.2#998", "b.", 1, SIGHT_ANSWERED, TRANSPORT_UDP, 0 },
		{ "198.51.100.1#997", "b.", 1, SIGHT_ANSWERED, TRANSPORT_UDP, SIGHT_BEACON },
		{ "198.51.100.1", "b.", 1, SIGHT_ANSWERED, TRANSPORT_UDP, 0 },
	};
	struct facts *f = facts_new(a);
	struct addr from = address("198.51.100.1#77");
	const struct pool_estimate *e;

	/* Backwards: tapes may hold anything. */
	for (size_t i = ARRAY_LEN(rows); i-- > 0;)
		vec_push(a, &f->sightings,
			(struct sighting){ .source = (uint8_t)rows[i].source,
				.end = (uint8_t)rows[i].end,
				.transport = (uint8_t)rows[i].transport,
				.from = address(rows[i].from),
				.at = SECOND * (uint64_t)i,
				.id = rows[i].id,
				.question = { named(a, rows[i].name), 1, 1 } });
	e = pool_estimate(a, f, SIGHT_CAPTURE, &from);
	ok(e->samples == 6 && e->distinct == 5 && e->from.port == 0, "six count: %u", e->samples);
	ok(e->ids_distinct == 5 && e->ids_following == 2, "ids: %u distinct, %u follow",
		e->ids_distinct, e->ids_following);
	ok(e->lettered == 4 && e->cased == 2, "letters: %u, of both cases %u", e->lettered,
		e->cased);
	ok(e->buckets.n == 4 && e->buckets.v[2].range.lo == 54 && e->buckets.v[2].asked == 3 &&
			e->buckets.v[2].silent == 1 && e->buckets.v[2].icmp == 1 &&
			!e->buckets.v[2].answered && e->buckets.v[2].low > 0.2 &&
			e->buckets.v[2].high == 1,
		"buckets with queries");
	ok(e->buckets.v[3].answered == 1 && e->buckets.v[3].low == 0, "and their bounds");
	e = pool_estimate(a, f, SIGHT_CAPTURE, &any);
	is_int(e->samples, 7, "of any address");
}

static void test_fits(struct arena *a)
{
	static const uint16_t one[] = { 53, 53, 53, 53, 53, 53 };
	static const uint16_t two[] = { 53, 53, 53, 411, 411, 411 };
	static const uint16_t odd[] = { 53, 53, 53, 53, 53, 40000 };
	struct portset ports_said = { 0 }, none = { 0 };
	struct pool said = { .ports = &ports_said, .fixed = true };
	struct pool_fits r;

	portset_add(&ports_said, 53);
	r = pool_compare(pool_estimate(a, ports(a, one, 4), SIGHT_CAPTURE, &any), &said);
	is_int(r.fit, POOL_FIT_UNTOLD, "four samples tell nothing");
	r = pool_compare(pool_estimate(a, ports(a, one, 6), SIGHT_CAPTURE, &any), &said);
	ok(r.fit == POOL_FITS && portset_empty(&r.outside), "the port that was said");
	r = pool_compare(pool_estimate(a, ports(a, odd, 6), SIGHT_CAPTURE, &any), &said);
	ok(r.fit == POOL_FITS && portset_has(&r.outside, 40000), "one odd packet is no mismatch");
	r = pool_compare(pool_estimate(a, ports(a, two, 6), SIGHT_CAPTURE, &any), &said);
	ok(r.fit == POOL_FIT_OUTSIDE && r.confidence > 0.99 && portset_count(&r.outside) == 1,
		"another port, as often: confidence %.5f", r.confidence);
	said.ports = &none;
	r = pool_compare(pool_estimate(a, ports(a, two, 6), SIGHT_CAPTURE, &any), &said);
	is_int(r.fit, POOL_FIT_UNTOLD, "a pool without ports says nothing");
}

/* Tapes may hold anything; so may configurations. */
static bool case_anything(struct rng *r)
{
	static const struct name names[] = { { 1, { 0 } }, { 3, { 1, 'a', 0 } },
		{ 3, { 1, 'A' } } };
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct portset *set = arena_alloc(a, sizeof(*set));
	struct pool said = { .ports = set, .life = rng_below(r, 3), .fixed = rng_below(r, 2) };
	uint32_t n = rng_below(r, 300), ports_of = 1 + rng_below(r, 65535);
	const struct pool_estimate *e;
	struct pool_fits fit;
	struct nominations nominated;
	bool good;

	portset_add_range(set, (struct portrange){ (uint16_t)rng_below(r, 500), 500 });
	for (uint32_t i = 0; i < n; i++)
		vec_push(a, &f->sightings,
			(struct sighting){ .source = SIGHT_CAPTURE,
				.end = (uint8_t)rng_below(r, SIGHT_ENDS),
				.from = { 0, (uint16_t)rng_below(r, ports_of), 0, { 0 } },
				.server = { ADDR_V4, 53, 0, { (uint8_t)rng_below(r, 3) } },
				.at = rng_below(r, 50) ? rng_below(r, 100) * 500000ULL : UINT64_MAX,
				.rtt = (uint32_t)rng_u64(r),
				.id = (uint16_t)rng_below(r, 3),
				.question = {
					rng_below(r, 4) ? &names[rng_below(r, 3)] : NULL, 1, 1 } });
	e = pool_estimate(a, f, SIGHT_CAPTURE, &any);
	fit = pool_compare(e, &said);
	nominate(a, f, SIGHT_CAPTURE, &nominated);
	good = e->size_low <= e->size && e->size <= e->size_high && e->size_high <= POOL_PORTS &&
	       e->width_low <= e->width && e->width <= e->width_high && e->confidence >= 0 &&
	       e->confidence <= 1 && e->range.lo <= e->range.hi && e->draws <= e->samples &&
	       e->samples <= n && e->retries_same <= e->retries && fit.confidence >= 0 &&
	       fit.confidence <= 1;
	vec_each (const struct pool_port, p, e->ports)
		good = good && p->port >= e->range.lo && p->port <= e->range.hi;
	arena_free(a);
	return good;
}

int main(void)
{
	struct arena *a = arena_new();
	uint32_t next = 0;

	for (size_t i = 0; i < POOL_BUCKETS; i++) {
		next += pool_buckets[i].lo == next ? pool_buckets[i].hi + 1U - next : 0;
		ok(next == pool_buckets[i].hi + 1U, "bucket %zu follows", i);
	}
	is_int(next, POOL_PORTS, "buckets hold all ports");
	for (size_t i = 0; i < ARRAY_LEN(lookups); i++)
		test_lookups(a, &lookups[i]);
	test_lists(a);
	test_chance(a);
	test_sockets(a);
	test_samples(a);
	test_fits(a);
	prop("bounds hold whatever was seen", case_anything, 2000);
	arena_free(a);
	return tap_done();
}
