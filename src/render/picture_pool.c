/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ports that a resolver draws from over those that a filter drops, and what that costs. */
#include "base/err.h"
#include "render/picture.h"
#include "render/words.h"

enum { PORTS = 65536, POOLS_MOST = 6, POINTS = 20, DRAWN = 400, RANGES_MOST = 6 };

static const struct portset *blocked_of(const struct drawing *d, const struct exposure *x)
{
	vec_each (const struct sweep_result, s, d->r->inferences->sweeps)
		if (addr_equal(&s->server, &x->server))
			return &s->ports.blocked;
	return NULL;
}

static bool alike(const struct drawing *d, const struct exposure *x, const struct exposure *y)
{
	const struct portset *a = blocked_of(d, x), *b = blocked_of(d, y);

	return a && b && x->pool && y->pool && portset_equal(a, b) &&
	       portset_equal(x->pool, y->pool) && portset_equal(&x->hit, &y->hit);
}

static const char *where_from(const struct exposure *x)
{
	static const char *const texts[] = {
		[BASIS_NONE] = "its ports",
		[BASIS_SAID] = "its configuration draws from",
		[BASIS_SEEN] = "its queries were seen leaving from",
		[BASIS_ARRIVES] = "its queries arrive from",
	};

	return (size_t)x->basis < ARRAY_LEN(texts) ? texts[x->basis] : texts[BASIS_NONE];
}

/* The part in which both lie; all ports when that is no narrow one. */
static struct picture_near part_of(const struct portset *pool, const struct portset *blocked)
{
	struct portset both = *pool;
	struct portrange r, first = { 0, 0 };
	struct picture_near near;

	portset_or(&both, blocked);
	for (uint32_t from = 0; portset_next_range(&both, from, &r); from = (uint32_t)r.hi + 1)
		first = (struct portrange){ from ? first.lo : r.lo, r.hi };
	near = picture_near(first.lo, first.hi);
	return near.n ? near : (struct picture_near){ 0, PORTS };
}

static void add_pool(struct drawing *d, const struct exposure *x, const struct portset *blocked)
{
	struct picture_near near = part_of(x->pool, blocked);
	uint32_t last = near.first + near.n - 1;
	struct portset clear = *x->pool;
	struct VEC(struct addr) servers = { 0 };
	struct picture_pool p = { .first = near.first,
		.last = last,
		.mark = x->fraction > 0		    ? MARK_BAD
			: x->untested || x->unasked ? MARK_DOUBT
						    : MARK_GOOD };

	vec_each (const struct exposure, y, d->r->inferences->pools.exposures)
		if (alike(d, x, y))
			vec_push(d->a, &servers, y->server);
	portset_minus(&clear, &x->hit);
	picture_runs_of(
		d->a, &clear, (struct picture_part){ near.first, last, STATE_OPEN }, &p.pool);
	picture_runs_of(
		d->a, &x->hit, (struct picture_part){ near.first, last, STATE_BLOCKED }, &p.pool);
	picture_runs_of(d->a, blocked, (struct picture_part){ near.first, last, STATE_BLOCKED },
		&p.blocked);
	p.title = arena_printf(d->a, "Towards %s", words_servers(d->a, servers.v, servers.n));
	p.summary = arena_printf(d->a,
		"%u of the resolver's %u ports are blocked%s: %s%s of its queries",
		portset_count(&x->hit), portset_count(x->pool),
		x->unasked ? arena_printf(d->a, ", %u were not tested", x->unasked) : "",
		x->unasked && !x->by_toll ? "at least " : "", words_share(d->a, x->fraction));
	p.desc = arena_printf(d->a, "%s %s; blocked are %s", where_from(x),
		words_ports(d->a, x->pool, RANGES_MOST), words_ports(d->a, blocked, RANGES_MOST));
	vec_push(d->a, &d->p->pools, p);
}

static bool seen_before(const struct drawing *d, const struct exposure *x)
{
	vec_each (const struct exposure, y, d->r->inferences->pools.exposures) {
		if (y == x)
			return false;
		if (alike(d, y, x))
			return true;
	}
	return false;
}

/* What would become of the same look-ups, were that share of the pool blocked. */
static bool fail_at(const struct servfail_case *real, double share, double *ret)
{
	struct servfail_case c = *real;
	struct servfail_result r;

	for (uint32_t i = 0; i < c.n; i++)
		if (c.servers[i].blocked > 0)
			c.servers[i].blocked = share;
	c.lookups = DRAWN;
	if (servfail_predict(&c, &r) < 0)
		return false;
	*ret = r.fail;
	return true;
}

static double largest(const struct servfail_case *c)
{
	double most = 0;

	for (uint32_t i = 0; i < c->n; i++)
		most = c->servers[i].blocked > most ? c->servers[i].blocked : most;
	return most;
}

static void add_curve(struct drawing *d)
{
	const struct pools *p = &d->r->inferences->pools;
	struct picture_curve *c;

	if (!p->predicted)
		return;
	c = arena_alloc(d->a, sizeof(*c));
	for (int i = 0; i <= POINTS; i++) {
		struct picture_point at = { (double)i / POINTS, 0 };

		if (fail_at(&p->asked, at.share, &at.fail))
			vec_push(d->a, &c->points, at);
	}
	c->here = (struct picture_point){ largest(&p->asked), p->lookups.fail };
	c->title = arena_printf(d->a,
		"Look-ups of %s that fail, by the share of its ports that is "
		"blocked",
		words_software(d->a, p->audit));
	c->says = arena_printf(d->a, "here: %s blocked, %s fail", words_share(d->a, c->here.share),
		words_share(d->a, c->here.fail));
	c->note =
		"Computed from how the software draws ports and tries again, for these servers at "
		"their measured loss; not measured.";
	c->desc = arena_printf(d->a, "From nothing blocked to all: %s. %s.", c->title, c->says);
	d->p->curve = c;
}

void picture_pool(struct drawing *d)
{
	vec_each (const struct exposure, x, d->r->inferences->pools.exposures) {
		const struct portset *blocked = blocked_of(d, x);

		if (!x->pool || !blocked || portset_empty(blocked) || seen_before(d, x))
			continue;
		if (d->p->pools.n == POOLS_MOST)
			break;
		add_pool(d, x, blocked);
	}
	add_curve(d);
}
