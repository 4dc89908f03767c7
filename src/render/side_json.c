/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pools as files and packets show them, and what of them each server drops. */
#include "render/side_json.h"

#include "base/err.h"
#include "render/sweep_json.h"
#include "render/words.h"

static void put_addr(struct json *j, const char *key, const struct addr *a)
{
	if (a->family != ADDR_NONE)
		json_str(j, key, words_server(j->out->arena, a));
}

static void put_lines(struct json *j, const struct pool *p)
{
	if (!p->lines.n)
		return;
	json_array(j, "lines");
	vec_each (const struct pool_line, l, p->lines) {
		json_object(j, NULL);
		json_str(j, "file", l->file);
		if (l->line)
			json_uint(j, "line", l->line);
		json_str(j, "text", l->text ? l->text : "");
		json_end(j);
	}
	json_end(j);
}

static void put_said(struct json *j, const struct audit *a, const struct pool *p)
{
	uint32_t n = portset_count(p->ports);
	char text[ADDR_TEXT];

	json_object(j, NULL);
	json_str(j, "source", "config");
	json_str(j, "software", a->software);
	if (a->version)
		json_str(j, "version", a->version);
	if (a->file)
		json_str(j, "file", a->file);
	if (p->family != ADDR_NONE)
		json_uint(j, "family", p->family);
	if (p->only.family != ADDR_NONE)
		json_str(j, "towards",
			arena_printf(
				j->out->arena, "%s/%u", addr_text(&p->only, text), p->only_bits));
	ports_json(j, "ports", p->ports);
	json_uint(j, "size", p->life && p->life < n ? p->life : n);
	if (p->life)
		json_bool(j, "drawn_once", true);
	if (p->fixed)
		json_bool(j, "fixed", true);
	json_str(j, "per_try", per_try_slug(p->per_try));
	put_lines(j, p);
	json_end(j);
}

static void put_buckets(struct json *j, const struct pool_estimate *e)
{
	json_array(j, "buckets");
	vec_each (const struct pool_bucket, b, e->buckets) {
		json_object(j, NULL);
		json_str(
			j, "ports", arena_printf(j->out->arena, "%u-%u", b->range.lo, b->range.hi));
		json_uint(j, "asked", b->asked);
		json_uint(j, "answered", b->answered);
		json_uint(j, "silent", b->silent);
		json_double(j, "silent_low", b->low);
		json_double(j, "silent_high", b->high);
		json_end(j);
	}
	json_end(j);
}

static void put_seen(struct json *j, const struct pool_seen *s)
{
	const struct pool_estimate *e = s->estimate;

	json_object(j, NULL);
	json_str(j, "source", sighting_source_slug((enum sighting_source)e->source));
	if (s->audit)
		json_str(j, "software", s->audit->software);
	put_addr(j, "address", &e->from);
	ports_json(j, "ports", &e->seen);
	json_uint(j, "size", (uint64_t)(e->size + 0.5));
	json_uint(j, "size_low", (uint64_t)(e->size_low + 0.5));
	json_uint(j, "size_high", (uint64_t)(e->size_high + 0.5));
	json_str(j, "shape", pool_shape_slug(e->shape));
	json_double(j, "confidence", e->confidence);
	json_uint(j, "samples", e->samples);
	json_str(j, "per_try", per_try_slug(e->per_try));
	if (s->said)
		json_str(j, "fits", pool_fit_slug(s->fits.fit));
	put_buckets(j, e);
	json_end(j);
}

static void put_exposure(struct json *j, const struct pools *p, const struct exposure *x)
{
	if (!x->pool)
		return;
	json_object(j, NULL);
	put_addr(j, "server", &x->server);
	json_str(j, "source", pool_basis_slug(x->basis));
	ports_json(j, "hit", &x->hit);
	json_double(j, "fraction", x->fraction);
	if (x->unasked)
		json_uint(j, "unasked", x->unasked);
	if (p->predicted) {
		json_double(j, "servfail", p->lookups.fail);
		json_double(j, "delay", p->lookups.delay / 1e6);
	}
	json_end(j);
}

static bool any_exposure(const struct pools *p)
{
	vec_each (const struct exposure, x, p->exposures)
		if (x->pool)
			return true;
	return false;
}

void side_json(struct json *j, const struct report *r)
{
	const struct pools *p = &r->inferences->pools;

	if (r->facts->audits.n || p->seen.n) {
		json_array(j, "pools");
		vec_each (struct audit *, a, r->facts->audits)
			vec_each (const struct pool, said, (*a)->pools)
				put_said(j, *a, said);
		vec_each (const struct pool_seen, s, p->seen)
			put_seen(j, s);
		json_end(j);
	}
	if (!any_exposure(p))
		return;
	json_array(j, "exposure");
	vec_each (const struct exposure, x, p->exposures)
		put_exposure(j, p, x);
	json_end(j);
}
