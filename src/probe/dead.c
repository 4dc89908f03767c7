/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is silent to what. */
#include "probe/dead.h"

#include "base/table.h"

struct entry {
	struct table_node node;
	struct addr server;
	struct shape shape; /* without options: they are borrowed */
	uint64_t last;	    /* µs */
	uint32_t silences;
	uint8_t transport;
	bool used;
};

/* In a ring: the oldest is the next to be overwritten. */
struct dead {
	struct table table;
	struct entry *v;
	size_t most, at;
	uint32_t life;
};

struct dead *dead_new(struct arena *a, size_t most, uint32_t life)
{
	struct dead *d = arena_alloc(a, sizeof(*d));

	d->table.arena = a;
	d->v = arena_alloc(a, most * sizeof(*d->v));
	d->most = most;
	d->life = life;
	return d;
}

/* Options are of the asker's state (cookies); that there are some is of the shape. */
static struct shape plain(const struct shape *s)
{
	struct shape p = *s;

	p.options = NULL;
	p.trailing = (uint8_t)(p.noptions != 0);
	p.noptions = 0;
	p.key = NULL;
	p.serial = 0;
	return p;
}

static struct entry *find(const struct dead *d, const struct ask *ask, uint64_t hash)
{
	struct shape shape = plain(&ask->shape);

	for (struct table_node *n = table_first(&d->table, hash); n; n = table_next(n)) {
		struct entry *e = (struct entry *)n;

		if (addr_equal(&e->server, &ask->server) && e->transport == ask->transport &&
			shape_equal(&e->shape, &shape))
			return e;
	}
	return NULL;
}

static uint64_t hash_of(const struct ask *ask)
{
	return table_mix(table_hash_addr(&ask->server), ask->transport);
}

static struct entry *add(struct dead *d, const struct ask *ask)
{
	struct entry *e = &d->v[d->at];

	d->at = (d->at + 1) % d->most;
	if (e->used)
		table_remove(&d->table, &e->node);
	*e = (struct entry){
		.server = ask->server,
		.shape = plain(&ask->shape),
		.transport = ask->transport,
		.used = true,
	};
	table_add(&d->table, &e->node, hash_of(ask));
	return e;
}

void dead_seen(struct dead *d, const struct observation *o, uint64_t now)
{
	bool silent = observation_silent(o), replied = observation_replied(o);
	struct entry *e = silent || replied ? find(d, &o->ask, hash_of(&o->ask)) : NULL;

	if (!silent) {
		if (e && replied)
			e->silences = 0;
		return;
	}
	if (!e)
		e = add(d, &o->ask);
	if (e->last + d->life < now)
		e->silences = 0;
	e->silences++;
	e->last = now;
}

bool dead_is(const struct dead *d, const struct ask *ask, uint64_t now)
{
	const struct entry *e = find(d, ask, hash_of(ask));

	return e && e->silences >= DEAD_LEAST && e->last + d->life >= now;
}
