/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of the resolver's own side: what it draws its source ports from. */
#include "check/check_pools.h"

#include <string.h>

#include "base/err.h"

/*
 * Fewer ports than this give a forger less than 10 of the 16 bits that a port could (RFC 5452 9.2
 * asks for the largest range that is possible, and names no number). Windows' pool of 2,500 and
 * every default of a resolver are above it.
 */
enum { SMALL = 1024 };

enum { LETTERED_LEAST = 16 }; /* queries that could have shown 0x20 */

#define SURE_ENOUGH 0.95
/* The upper bound of a pool's size holds with at least that (infer/pool.h). */
#define BOUND_SURE 0.975

/* `resolver` asks just that; a lookup that fails has other causes, and hears of it beside them. */
enum severity check_pools_severity(const struct check_input *in)
{
	const char *command = in->facts->command;

	return command && strcmp(command, "resolver") == 0 ? SEV_WARNING : SEV_NOTICE;
}

/* All settings that made it, as they are written. */
static void put_settings(struct findings *f, struct finding *x, const struct pool *said)
{
	const char **v = arena_alloc(f->arena, said->lines.n * sizeof(*v));
	size_t n = 0;

	vec_each (const struct pool_line, l, said->lines)
		if (l->text && *l->text)
			v[n++] = l->text;
	if (n)
		finding_detail(f, x,
			(struct detail){
				.key = "settings", .kind = DETAIL_TEXTS, .texts = v, .ntexts = n });
}

void check_pools_said(struct findings *f, struct finding *x, const struct pool *said)
{
	const struct pool_line *l;

	finding_text(f, x, "software", said->software);
	if (said->version)
		finding_text(f, x, "version", said->version);
	if (!said->lines.n)
		return;
	l = &said->lines.v[said->lines.n - 1];
	put_settings(f, x, said);
	finding_text(f, x, "file", l->file);
	if (l->line)
		finding_int(f, x, "line", l->line);
	if (l->text && *l->text)
		finding_text(f, x, "setting", l->text);
}

void check_pools_seen(struct findings *f, struct finding *x, const struct pool_seen *s)
{
	const struct pool_estimate *e = s->estimate;

	if (e->from.family != ADDR_NONE)
		finding_detail(f, x,
			(struct detail){ .key = "address", .kind = DETAIL_ADDR, .addr = e->from });
	finding_int(f, x, "samples", e->samples);
	finding_int(f, x, "distinct", e->distinct);
}

bool check_pools_differ(const struct pool_seen *s)
{
	return s->said && s->fits.fit > POOL_FITS && s->estimate->source != SIGHT_BEACON;
}

/* A pool as it is judged: by the configuration, or by what was seen. */
struct view {
	const char *source; /* slug */
	const struct pool *said;
	const struct pool_seen *seen;
	const struct portset *ports;
	enum pool_shape shape;
	double size, confidence;
};

struct VEC_views VEC(struct view);

static bool contradicted(const struct pools *p, const struct pool *said)
{
	vec_each (const struct pool_seen, s, p->seen)
		if (s->said == said && check_pools_differ(s))
			return true;
	return false;
}

static void view_said(struct arena *a, const struct pool *said, struct VEC_views *ret)
{
	uint32_t n = portset_count(said->ports);
	double size = said->life && said->life < n ? said->life : n;

	/* All ports are taken out: the software will not start with that. */
	if (!n)
		return;
	vec_push(a, ret,
		(struct view){ .source = "config",
			.said = said,
			.ports = said->ports,
			.shape = said->fixed || size <= 1 ? POOL_FIXED
				 : size < SMALL		  ? POOL_SMALL
							  : POOL_UNIFORM,
			.size = size,
			.confidence = 1 });
}

static void view_seen(struct arena *a, const struct pool_seen *s, struct VEC_views *ret)
{
	const struct pool_estimate *e = s->estimate;
	enum pool_shape shape = e->shape;
	double confidence = e->confidence;

	/* Few ports, by the upper bound: a few hundred of a range are as few as a pool's. */
	if (shape == POOL_UNIFORM && e->size_high < SMALL) {
		shape = POOL_SMALL;
		confidence = BOUND_SURE;
	}
	if (shape == POOL_SMALL && e->size_high >= SMALL)
		shape = POOL_UNIFORM;
	vec_push(a, ret,
		(struct view){ .source = sighting_source_slug((enum sighting_source)e->source),
			.said = s->said,
			.seen = s,
			.ports = &e->seen,
			.shape = shape,
			.size = e->size,
			.confidence = confidence });
}

/* What was said, where nothing seen contradicts it; what was seen where it does, or alone. */
static struct VEC_views views(const struct check_input *in, struct arena *a)
{
	const struct pools *p = &in->inferences->pools;
	struct VEC_views ret = { 0 };

	if (p->audit)
		vec_each (const struct pool, said, p->audit->pools)
			if (!contradicted(p, said))
				view_said(a, said, &ret);
	vec_each (const struct pool_seen, s, p->seen)
		if (!s->said || s->fits.fit > POOL_FITS)
			view_seen(a, s, &ret);
	return ret;
}

/* The finding of that id that speaks of the same ports. */
static struct finding *same(struct findings *f, const char *id, const struct portset *ports)
{
	vec_each (struct finding, x, f->list)
		if (strcmp(x->id, id) == 0 && portset_equal(x->details.v[0].ports, ports))
			return x;
	return NULL;
}

static void add(
	const struct check_input *in, struct findings *f, const char *id, const struct view *v)
{
	struct finding *x = same(f, id, v->ports);

	/* IPv4 and IPv6, two views of a server: said once. */
	if (x)
		return;
	x = findings_add(f, id, check_pools_severity(in), WHERE_RESOLVER);
	x->confidence = v->confidence;
	finding_ports(f, x, "ports", v->ports);
	finding_text(f, x, "source", v->source);
	finding_int(f, x, "size", (uint64_t)(v->size + 0.5));
	if (v->seen) {
		if (v->said)
			finding_text(f, x, "software", v->said->software);
		if (v->seen->estimate->source == SIGHT_BEACON)
			finding_text(f, x, "as", "as they arrive at the beacon");
		check_pools_seen(f, x, v->seen);
	} else {
		check_pools_said(f, x, v->said);
	}
}

static void of_shape(
	const struct check_input *in, struct findings *f, const char *id, enum pool_shape shape)
{
	struct VEC_views all = views(in, f->arena);

	vec_each (const struct view, v, all)
		if (v->shape == shape && v->confidence >= SURE_ENOUGH)
			add(in, f, id, v);
}

static void resolver_fixed_port(const struct check_input *in, struct findings *f)
{
	of_shape(in, f, "resolver-fixed-port", POOL_FIXED);
}

static void resolver_small_pool(const struct check_input *in, struct findings *f)
{
	of_shape(in, f, "resolver-small-pool", POOL_SMALL);
}

static void resolver_sequential_ports(const struct check_input *in, struct findings *f)
{
	of_shape(in, f, "resolver-sequential-ports", POOL_SEQUENTIAL);
}

/* Of no account for a lookup that fails: told when the resolver is what was asked about. */
static void resolver_no_0x20(const struct check_input *in, struct findings *f)
{
	if (check_pools_severity(in) < SEV_WARNING)
		return;
	vec_each (const struct pool_seen, s, in->inferences->pools.seen) {
		const struct pool_estimate *e = s->estimate;
		struct finding *x;

		if (e->lettered < LETTERED_LEAST || e->cased)
			continue;
		x = findings_add(f, "resolver-no-0x20", SEV_NOTICE, WHERE_RESOLVER);
		/* A name of eight letters is all of one case by chance once in 128. */
		x->confidence = 1 - 1e-9;
		finding_int(f, x, "lettered", e->lettered);
		if (s->audit)
			finding_text(f, x, "software", s->audit->software);
		check_pools_seen(f, x, s);
		return;
	}
}

static void pool_differs_from_config(const struct check_input *in, struct findings *f)
{
	vec_each (const struct pool_seen, s, in->inferences->pools.seen) {
		struct finding *x;

		if (!check_pools_differ(s) || s->fits.confidence < SURE_ENOUGH)
			continue;
		x = findings_add(
			f, "pool-differs-from-config", check_pools_severity(in), WHERE_RESOLVER);
		x->confidence = s->fits.confidence;
		finding_ports(f, x, "said", s->said->ports);
		finding_ports(f, x, "seen", &s->estimate->seen);
		finding_text(f, x, "how", pool_fit_slug(s->fits.fit));
		if (!portset_empty(&s->fits.outside))
			finding_ports(f, x, "outside", &s->fits.outside);
		finding_text(f, x, "source",
			sighting_source_slug((enum sighting_source)s->estimate->source));
		check_pools_said(f, x, s->said);
		check_pools_seen(f, x, s);
	}
}

static const struct check rows[] = {
	{ "resolver-fixed-port", resolver_fixed_port },
	{ "resolver-small-pool", resolver_small_pool },
	{ "resolver-sequential-ports", resolver_sequential_ports },
	{ "resolver-no-0x20", resolver_no_0x20 },
	{ "pool-differs-from-config", pool_differs_from_config },
};

const struct family family_pools = { "pools", rows, ARRAY_LEN(rows) };
