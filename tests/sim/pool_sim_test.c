/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Resolvers of every kind that draws ports, simulated by the thousand: how often shape and size
 * are right, pools told apart, and configurations said to fit that do, and not to that do not.
 * POOL_RUNS sets the runs of a cell.
 */
#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/rng.h"
#include "infer/pool.h"
#include "tap.h"

enum { SIZES = 4, RUNS = 250 };

static const uint32_t sizes[SIZES] = { 16, 64, 256, 1000 };

#define AS(shape) (1U << (shape))

struct resolver {
	struct rng rng;
	struct portset pool;
	uint16_t v[POOL_PORTS]; /* what is drawn from */
	uint32_t n, at;
};

struct kind {
	const char *name;
	void (*begin)(struct resolver *r);
	uint32_t (*next)(struct resolver *r); /* index into v */
	bool even;			      /* its ports are used alike */
	/* Shapes that are right, and the share of runs that must have one, by samples. */
	struct {
		unsigned int right;
		double share;
	} want[SIZES];
};

static void fill(struct resolver *r)
{
	struct portrange run;

	r->n = 0;
	for (uint32_t p = 0; portset_next_range(&r->pool, p, &run); p = run.hi + 1U)
		for (p = run.lo; p <= run.hi; p++)
			r->v[r->n++] = (uint16_t)p;
}

/* Keeps some of the ports, in random order. */
static void keep(struct resolver *r, uint32_t n)
{
	rng_shuffle(&r->rng, r->v, r->n, sizeof(*r->v));
	r->n = n;
	r->pool = (struct portset){ 0 };
	for (uint32_t i = 0; i < n; i++)
		portset_add(&r->pool, r->v[i]);
}

static void add(struct resolver *r, uint32_t lo, uint32_t hi)
{
	portset_add_range(&r->pool, (struct portrange){ (uint16_t)lo, (uint16_t)hi });
}

static void begin_kernel(struct resolver *r)
{
	add(r, 32768, 60999);
	fill(r);
}

static void begin_high(struct resolver *r)
{
	add(r, 1024, 65535);
	fill(r);
}

static void begin_fixed(struct resolver *r)
{
	begin_high(r);
	keep(r, 1);
}

static void begin_sockets(struct resolver *r)
{
	begin_kernel(r);
	keep(r, 2 + rng_below(&r->rng, 63));
}

static void begin_windows(struct resolver *r)
{
	add(r, 49152, 65535);
	fill(r);
	keep(r, 2500);
}

static void take_out(struct resolver *r, struct portrange range, unsigned int n)
{
	while (n) {
		uint16_t p = (uint16_t)(range.lo + rng_below(&r->rng, range.hi - range.lo + 1U));

		n -= portset_has(&r->pool, p);
		portset_remove(&r->pool, p);
	}
}

/* 59,431 ports: without 49152-49407 and 4,825 that are assigned, nearly all of them below 10000. */
static void begin_unbound(struct resolver *r)
{
	begin_high(r);
	for (uint32_t p = 49152; p < 49408; p++)
		portset_remove(&r->pool, (uint16_t)p);
	take_out(r, (struct portrange){ 1024, 9999 }, 4525);
	take_out(r, (struct portrange){ 10000, 49151 }, 300);
	fill(r);
}

static void begin_bind(struct resolver *r)
{
	add(r, 600, 700);
	fill(r);
}

static void begin_powerdns(struct resolver *r)
{
	begin_high(r);
	portset_remove(&r->pool, 4791);
	portset_remove(&r->pool, 11211);
	fill(r);
}

static void begin_block(struct resolver *r, uint32_t size)
{
	uint32_t lo = 1024 + rng_below(&r->rng, 64512 / size) * size;

	add(r, lo, lo + size - 1);
	fill(r);
}

static void begin_512(struct resolver *r)
{
	begin_block(r, 512);
}

static void begin_2048(struct resolver *r)
{
	begin_block(r, 2048);
}

/* RFC 7597 5.1 with 4 offset bits: 15 stripes, 64 ports wide with a PSID of 6 bits. */
static void begin_map_e(struct resolver *r)
{
	uint32_t psid = rng_below(&r->rng, 64);

	for (uint32_t i = 1; i < 16; i++)
		add(r, i << 12 | psid << 6, i << 12 | psid << 6 | 63);
	fill(r);
}

/* Half of its queries from one port. */
static void begin_mixed(struct resolver *r)
{
	begin_kernel(r);
	portset_add(&r->pool, 53);
	fill(r);
}

static uint32_t next_random(struct resolver *r)
{
	return rng_below(&r->rng, r->n);
}

static uint32_t next_mixed(struct resolver *r)
{
	return rng_below(&r->rng, 2) ? 0 : rng_below(&r->rng, r->n);
}

static uint32_t step(struct resolver *r, uint32_t by)
{
	if (!r->at)
		r->at = 1 + rng_below(&r->rng, r->n);
	r->at = 1 + (r->at - 1 + by) % r->n;
	return r->at - 1;
}

static uint32_t next_port(struct resolver *r)
{
	return step(r, 1);
}

/* Others' flows between: 0 .. 39 of them. */
static uint32_t next_shared(struct resolver *r)
{
	return step(r, 1 + rng_below(&r->rng, 40));
}

/* Busy: up to 6000 others, so that it wraps every 22 queries. */
static uint32_t next_busy(struct resolver *r)
{
	return step(r, 1 + rng_below(&r->rng, 6000));
}

#define ALL(shapes, share)                                                                         \
	{                                                                                          \
		{ shapes, share }, { shapes, share }, { shapes, share },                           \
		{                                                                                  \
			shapes, share                                                              \
		}                                                                                  \
	}
#define EVEN ALL(AS(POOL_UNIFORM), 0.99)

static const struct kind kinds[] = {
	{ "fixed", begin_fixed, next_random, true, ALL(AS(POOL_FIXED), 1) },
	{ "2..64 sockets", begin_sockets, next_random, true,
		{ { AS(POOL_SMALL), 0.7 }, { AS(POOL_SMALL), 0.99 }, { AS(POOL_SMALL), 0.99 },
			{ AS(POOL_SMALL), 0.99 } } },
	{ "windows 2500", begin_windows, next_random, true,
		{ { AS(POOL_UNIFORM), 0.9 }, { AS(POOL_UNIFORM) | AS(POOL_SMALL), 0.99 },
			{ AS(POOL_SMALL), 0.9 }, { AS(POOL_SMALL), 0.99 } } },
	{ "sequential", begin_high, next_port, true, ALL(AS(POOL_SEQUENTIAL), 0.99) },
	{ "sequential, shared", begin_high, next_shared, true, ALL(AS(POOL_SEQUENTIAL), 0.99) },
	{ "sequential, busy", begin_high, next_busy, true, ALL(AS(POOL_SEQUENTIAL), 0.99) },
	{ "kernel 28232", begin_kernel, next_random, true, EVEN },
	{ "1024-65535", begin_high, next_random, true, EVEN },
	{ "unbound 59431", begin_unbound, next_random, true, EVEN },
	{ "bind 600-700", begin_bind, next_random, true, EVEN },
	{ "powerdns 64510", begin_powerdns, next_random, true, EVEN },
	{ "block of 512", begin_512, next_random, true, EVEN },
	{ "block of 2048", begin_2048, next_random, true, EVEN },
	{ "map-e 15 x 64", begin_map_e, next_random, true,
		{ { AS(POOL_UNIFORM) | AS(POOL_SMALL), 0.99 },
			{ AS(POOL_UNIFORM) | AS(POOL_SMALL), 0.99 }, { AS(POOL_UNIFORM), 0.9 },
			{ AS(POOL_UNIFORM), 0.99 } } },
	{ "half from port 53", begin_mixed, next_mixed, false,
		{ { AS(POOL_UNTOLD) | AS(POOL_SMALL) | AS(POOL_UNEVEN), 0.9 },
			{ AS(POOL_UNEVEN), 0.95 }, { AS(POOL_UNEVEN), 0.99 },
			{ AS(POOL_UNEVEN), 0.99 } } },
};

static unsigned long runs_of_cell(void)
{
	const char *n = getenv("POOL_RUNS");

	return n ? strtoul(n, NULL, 0) : RUNS;
}

static struct pool_estimate *estimate(
	struct arena *a, struct resolver *r, const struct kind *k, uint32_t samples)
{
	struct facts *f = facts_new(a);

	for (uint32_t i = 0; i < samples; i++)
		vec_push(a, &f->sightings,
			(struct sighting){ .source = SIGHT_CAPTURE,
				.end = SIGHT_ANSWERED,
				.from = { .port = r->v[k->next(r)] },
				.at = 1000000ULL * i,
				.id = (uint16_t)rng_u64(&r->rng) });
	return pool_estimate(a, f, SIGHT_CAPTURE, &(struct addr){ 0 });
}

/* A kind at a number of samples. */
struct cell {
	unsigned long runs, shapes[POOL_SHAPES];
	unsigned long below, above; /* sizes that the interval lies below and above of */
	unsigned long misfits;	    /* said not to be what it is */
	double low, high, size;
};

static void again(struct resolver *r, const struct kind *k, uint64_t seed)
{
	r->pool = (struct portset){ 0 };
	r->at = 0;
	r->rng = rng_seed(seed);
	k->begin(r);
}

static void count(struct cell *c, const struct pool_estimate *e, const struct resolver *r)
{
	struct pool said = { .ports = &r->pool };
	struct pool_fits fits = pool_compare(e, &said);

	c->runs++;
	c->shapes[e->shape]++;
	c->below += e->size_high < r->n;
	c->above += e->size_low > r->n;
	c->low += e->size_low;
	c->high += e->size_high;
	c->size += e->size;
	c->misfits += fits.fit != POOL_FITS;
}

static struct cell run_cell(struct resolver *r, const struct kind *k, size_t size)
{
	struct cell c = { 0 };
	unsigned long runs = runs_of_cell();

	for (unsigned long seed = 0; seed < runs; seed++) {
		struct arena *a = arena_new();

		again(r, k, seed * SIZES + size);
		count(&c, estimate(a, r, k, sizes[size]), r);
		arena_free(a);
	}
	return c;
}

static void show(const struct kind *k, size_t size, const struct cell *c, double right)
{
	double n = (double)c->runs;

	printf("# %-19s %4u  %5.1f%%  %5.1f%% (%4.1f%% below, %4.1f%% above) %5.0f: %5.0f-%-5.0f  "
	       "%.1f%%\n",
		k->name, sizes[size], 100 * right, 100 - 100 * (double)(c->below + c->above) / n,
		100 * (double)c->below / n, 100 * (double)c->above / n, c->size / n, c->low / n,
		c->high / n, 100 * (double)c->misfits / n);
}

/* Shape and size; adds to the runs of pools that fit, and those said not to. */
static void test_kind(struct resolver *r, const struct kind *k, struct cell *fits)
{
	for (size_t i = 0; i < SIZES; i++) {
		struct cell c = run_cell(r, k, i);
		double n = (double)c.runs, right = 0;
		double covered = 1 - (double)(c.below + c.above) / n;

		for (size_t s = 0; s < POOL_SHAPES; s++)
			right += k->want[i].right & AS(s) ? (double)c.shapes[s] / n : 0;
		show(k, i, &c, right);
		ok(right >= k->want[i].share, "%s: the shape at %u", k->name, sizes[i]);
		if (k->even)
			ok(covered >= 0.93, "%s: the size at %u", k->name, sizes[i]);
		if (!k->even || c.shapes[POOL_SEQUENTIAL])
			continue;
		fits->runs += c.runs;
		fits->misfits += c.misfits;
	}
}

/* Three in a row, by their index in kinds: the pools of 28k and of 64k ports. */
enum { KERNEL = 6, HIGH = 7, UNBOUND = 8, POWERDNS = 10, TELL = 64 };

static void test_tell(struct resolver *r)
{
	static const size_t which[] = { KERNEL, HIGH, UNBOUND, POWERDNS };
	unsigned long runs = 4 * runs_of_cell(), told = 0, all = 0;

	for (size_t i = 0; i < ARRAY_LEN(which); i++) {
		const struct kind *k = &kinds[which[i]];

		again(r, k, i);
		for (unsigned long n = 0; n < runs; n++) {
			struct arena *a = arena_new();
			const struct pool_estimate *e = estimate(a, r, k, TELL);

			told += i == 0 ? e->width_high < 59431 && e->width_low <= 28232
				       : e->width_low > 28232;
			all++;
			arena_free(a);
		}
	}
	ok((double)told >= 0.999 * (double)all,
		"28k and 64k pools are told apart by 64 samples in %lu of %lu", told, all);
}

/* What is drawn from, what was said, and what is to be found. */
static const struct {
	const char *name;
	struct portrange real, said;
	uint32_t life;
	bool fixed;
	uint32_t samples, odd; /* packets of another program */
	enum pool_fit want;
} fits[] = {
	{ "shifted by a quarter", { 39826, 65535 }, { 32768, 60999 }, 0, false, 64, 0,
		POOL_FIT_OUTSIDE },
	{ "shifted by half", { 18652, 46883 }, { 32768, 60999 }, 0, false, 64, 0,
		POOL_FIT_OUTSIDE },
	{ "twice as many", { 1024, 65535 }, { 1024, 33279 }, 0, false, 64, 0, POOL_FIT_OUTSIDE },
	{ "elsewhere", { 1024, 2047 }, { 32768, 60999 }, 0, false, 16, 0, POOL_FIT_OUTSIDE },
	{ "the lower half", { 1024, 33279 }, { 1024, 65535 }, 0, false, 64, 0, POOL_FIT_NARROW },
	{ "the middle half", { 17152, 49407 }, { 1024, 65535 }, 0, false, 64, 0, POOL_FIT_NARROW },
	{ "a kernel's", { 32768, 60999 }, { 1024, 65535 }, 0, false, 64, 0, POOL_FIT_NARROW },
	{ "a block of a translator", { 4096, 4607 }, { 1024, 65535 }, 0, false, 16, 0,
		POOL_FIT_NARROW },
	{ "one port was said", { 32768, 60999 }, { 5353, 5353 }, 0, true, 16, 0, POOL_FIT_SPREAD },
	{ "another port was said", { 411, 411 }, { 53, 53 }, 0, true, 16, 0, POOL_FIT_OUTSIDE },
	{ "one port for life was said", { 32768, 60999 }, { 32768, 60999 }, 1, false, 16, 0,
		POOL_FIT_SPREAD },
	{ "2500 for life were said", { 49152, 65535 }, { 49152, 65535 }, 2500, false, 1000, 0,
		POOL_FIT_SPREAD },
	{ "it fits, one packet is odd", { 32768, 60999 }, { 32768, 60999 }, 0, false, 64, 1,
		POOL_FITS },
	{ "it fits, one of 16 is odd", { 32768, 60999 }, { 32768, 60999 }, 0, false, 16, 1,
		POOL_FITS },
	{ "it fits, 10 of 1000 are odd", { 32768, 60999 }, { 32768, 60999 }, 0, false, 1000, 10,
		POOL_FITS },
	{ "one port, and an odd packet", { 53, 53 }, { 53, 53 }, 0, true, 64, 1, POOL_FITS },
};

/* Draws of a row; its odd packets come first. */
static struct facts *draw(struct arena *a, struct rng *rng, size_t row)
{
	struct facts *f = facts_new(a);

	for (uint32_t i = 0; i < fits[row].samples; i++) {
		struct portrange from = fits[row].real;
		uint32_t wide = from.hi - from.lo + 1U;
		uint16_t port = (uint16_t)(i < fits[row].odd ? 61000 + rng_below(rng, 4536)
							     : from.lo + rng_below(rng, wide));

		vec_push(a, &f->sightings,
			(struct sighting){ .source = SIGHT_CAPTURE,
				.from = { .port = port },
				.at = 1000000ULL * i });
	}
	return f;
}

static void test_fit(size_t row)
{
	unsigned long runs = runs_of_cell(), good = 0;
	struct portset ports = { 0 };
	struct pool said = { .ports = &ports, .life = fits[row].life, .fixed = fits[row].fixed };
	struct rng rng = rng_seed(row);
	double confidence = 0;

	portset_add_range(&ports, fits[row].said);
	for (unsigned long n = 0; n < runs; n++) {
		struct arena *a = arena_new();
		struct pool_fits got = pool_compare(
			pool_estimate(a, draw(a, &rng, row), SIGHT_CAPTURE, &(struct addr){ 0 }),
			&said);

		good += got.fit == fits[row].want;
		confidence += got.confidence;
		arena_free(a);
	}
	ok((double)good >= (fits[row].want == POOL_FITS ? 0.99 : 0.95) * (double)runs,
		"%s: said in %lu of %lu, confidence %.3f", fits[row].name, good, runs,
		confidence / (double)runs);
}

int main(void)
{
	struct resolver *r = calloc(1, sizeof(*r));
	struct cell fit = { 0 };

	if (!r)
		return 1;
	puts("# what draws       samples   shape   size covered (its interval lies)   "
	     "size: interval    misfit");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		test_kind(r, &kinds[i], &fit);
	/* One in a thousand, and what chance adds in as many runs. */
	ok((double)fit.misfits <= 1e-3 * (double)fit.runs + 3 * sqrt(1e-3 * (double)fit.runs),
		"%lu of %lu pools that fit are said not to", fit.misfits, fit.runs);
	test_tell(r);
	for (size_t i = 0; i < ARRAY_LEN(fits); i++)
		test_fit(i);
	free(r);
	return tap_done();
}
