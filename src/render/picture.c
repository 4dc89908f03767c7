/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pictures of a report show: the way with the place of the fault; the rest by file. */
#include "render/picture.h"

#include "base/err.h"

/* In the order of a query's way. */
static const struct {
	enum where where;
	const char *name, *about;
} stops[] = {
	{ WHERE_NEAR, "near", "this host and its own network" },
	{ WHERE_RESOLVER, "resolver", "the resolver that this host is set to use" },
	{ WHERE_PATH, "path", "between this network and the servers'" },
	{ WHERE_FAR, "far", "the servers and what stands in front of them" },
	{ WHERE_ZONE, "zone", "what the servers say of the zone" },
};

static void add_stops(struct drawing *d)
{
	enum where where = d->r->verdict.where;

	if (d->r->verdict.state != VERDICT_FAULT || where == WHERE_NONE || where == WHERE_UNKNOWN)
		return;
	for (size_t i = 0; i < ARRAY_LEN(stops); i++)
		vec_push(d->a, &d->p->stops,
			(struct picture_stop){
				stops[i].name, stops[i].about, stops[i].where == where });
}

const struct pictures *pictures_make(struct arena *a, const struct report *r)
{
	struct pictures *p = arena_alloc(a, sizeof(*p));
	struct drawing d = { a, r, p };

	add_stops(&d);
	picture_ports(&d);
	picture_path(&d);
	picture_shapes(&d);
	picture_time(&d);
	picture_pool(&d);
	return p;
}
