// SPDX-License-Identifier: GPL-3.0-or-later
// Looks for an address family in which nobody, or nobody of a zone, replies.
#include "infer/family.h"

#include "infer/delegation.h"
#include "infer/descent.h"

enum {
	TRIES_LEAST = 3, /* to an address, before its silence means something */
	ZONES_LEAST = 2, /* whose servers are silent, before it is said of everybody */
};

/* What came of all that an address was asked over UDP. */
struct host {
	struct addr addr;
	uint64_t tries, silent;
	bool replied;
};
struct hosts VEC(struct host);

/* The servers of one zone, each address with the name that led there. */
struct site {
	const struct name *zone;
	struct VEC(struct server) servers;
};

struct work {
	struct arena *arena;
	struct hosts hosts;
	struct VEC(struct site) sites;
	struct family_breaks found;
};

static const struct host *host_find(const struct hosts *all, const struct addr *addr)
{
	vec_each (const struct host, h, *all)
		if (addr_equal(&h->addr, addr))
			return h;
	return NULL;
}

static bool counts(const struct observation *o)
{
	return (o->ask.role == ROLE_WALK || o->ask.role == ROLE_TREE ||
		       o->ask.role == ROLE_SWEEP) &&
	       o->ask.transport == TRANSPORT_UDP && o->sent && o->outcome != OUTCOME_STRAY;
}

static void add_host(struct work *w, const struct observation *o)
{
	struct host *h = (struct host *)host_find(&w->hosts, &o->ask.server);

	if (!h) {
		vec_push(w->arena, &w->hosts, (struct host){ .addr = o->ask.server });
		h = &w->hosts.v[w->hosts.n - 1];
	}
	h->tries++;
	h->silent += observation_silent(o);
	/* An error of a router on the way is no reply either. */
	h->replied |= observation_replied(o);
}

static void add_cut(struct work *w, const struct cut_tree *t)
{
	vec_each (const struct cut_zone, z, t->zones) {
		struct site s = { .zone = z->apex };

		if (!z->on_path)
			continue;
		vec_each (const struct cut_server, x, z->servers)
			vec_push(w->arena, &s.servers, (struct server){ x->ns, x->addr });
		vec_push(w->arena, &w->sites, s);
	}
}

static void add_pass(struct work *w, struct tree *pass)
{
	struct site own = { .zone = pass->plan->zone };

	vec_each (const struct descent_zone, z, descent(pass)->zones) {
		struct site s = { .zone = z->apex };

		vec_each (const struct server, x, z->servers)
			vec_push(w->arena, &s.servers, *x);
		vec_push(w->arena, &w->sites, s);
	}
	vec_each (const struct server, x, delegation(pass)->pairs)
		vec_push(w->arena, &own.servers, *x);
	vec_push(w->arena, &w->sites, own);
}

/* Silent for good; an address that was hardly asked is not. */
static bool is_silent(const struct host *h)
{
	return h && !h->replied && h->silent >= TRIES_LEAST && h->silent == h->tries;
}

/* The same server, by name, answers in the other family. */
static bool has_twin(const struct work *w, const struct site *s, const struct server *x)
{
	vec_each (const struct server, y, s->servers) {
		const struct host *h = host_find(&w->hosts, &y->addr);

		if (x->ns && y->ns && name_equal(x->ns, y->ns) &&
			x->addr.family != y->addr.family && h && h->replied)
			return true;
	}
	return false;
}

/*
 * Nobody of the zone replies in that family, and each server of both families does in the other.
 * False, too, when there is no such server, or some were not asked.
 */
static bool broken_at(struct work *w, const struct site *s, struct family_break *ret)
{
	*ret = (struct family_break){ .family = ret->family, .zone = s->zone };
	vec_each (const struct server, x, s->servers) {
		const struct host *h = host_find(&w->hosts, &x->addr);

		if (x->addr.family != ret->family)
			continue;
		if (!is_silent(h) || !has_twin(w, s, x))
			return false;
		vec_push(w->arena, &ret->silent, x->addr);
		ret->tries += h->tries;
	}
	return ret->silent.n > 0;
}

static bool among(const struct family_break *b, const struct addr *a)
{
	vec_each (const struct addr, x, b->silent)
		if (addr_equal(x, a))
			return true;
	return false;
}

/* The servers of two zones may be the same. */
static bool told(const struct work *w, const struct family_break *b)
{
	vec_each (const struct family_break, had, w->found)
		if (had->family == b->family && among(had, &b->silent.v[0]))
			return true;
	return false;
}

static uint64_t replying(const struct work *w, uint8_t family)
{
	uint64_t n = 0;

	vec_each (const struct host, h, w->hosts)
		n += h->addr.family == family && h->replied;
	return n;
}

/* Of several zones nobody replies, and nobody else does. */
static void add_everybody(struct work *w, uint8_t family, size_t zones)
{
	struct family_break b = { .family = family };

	if (zones < ZONES_LEAST)
		return;
	vec_each (const struct host, h, w->hosts) {
		if (h->addr.family != family)
			continue;
		vec_push(w->arena, &b.silent, h->addr);
		b.tries += h->tries;
	}
	vec_push(w->arena, &w->found, b);
}

static void judge(struct work *w, uint8_t family)
{
	uint64_t others = replying(w, family);
	size_t zones = 0;

	vec_each (const struct site, s, w->sites) {
		struct family_break b = { .family = family };

		if (!broken_at(w, s, &b))
			continue;
		zones++;
		b.others = others;
		if (others && !told(w, &b))
			vec_push(w->arena, &w->found, b);
	}
	if (!others)
		add_everybody(w, family, zones);
}

struct family_breaks family_judge(
	struct arena *a, const struct facts *f, const struct cut_tree *t, struct tree *pass)
{
	struct work w = { .arena = a };

	for (size_t i = 0; i < f->n; i++)
		if (counts(f->v[i]))
			add_host(&w, f->v[i]);
	if (t)
		add_cut(&w, t);
	else if (pass && !pass->plan->lookup.name)
		add_pass(&w, pass);
	judge(&w, ADDR_V4);
	judge(&w, ADDR_V6);
	return w.found;
}
