/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replies that several jobs can use. */
#include "probe/shared.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/table.h"

enum { MESSAGE_MOST = 4096 /* octets: larger ones are rare, and not held */ };

/* In a ring: the oldest is the next to be overwritten. */
struct entry {
	struct table_node node;
	struct arena *arena; /* of all that o points to */
	struct observation o;
	uint64_t until; /* µs */
	bool used;
};

struct shared {
	struct arena *arena;
	struct table table;
	struct entry *entries;
	size_t most, at;
	uint32_t life;
};

struct shared *shared_new(size_t most, uint32_t life)
{
	struct arena *a = arena_new();
	struct shared *s = arena_alloc(a, sizeof(*s));

	s->arena = s->table.arena = a;
	s->entries = arena_alloc(a, most * sizeof(*s->entries));
	s->most = most;
	s->life = life;
	return s;
}

void shared_free(struct shared *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->most; i++)
		arena_free(s->entries[i].arena);
	arena_free(s->arena);
}

bool shared_may(const struct ask *ask)
{
	return (ask->role == ROLE_WALK || ask->role == ROLE_TREE) && !ask->source.port &&
	       !ask->ttl && !ask->brief && !ask->connect_only && !ask->split && !ask->row &&
	       !ask->df && !ask->transfer && !ask->secure && !ask->shape.key && ask->question.name;
}

static uint64_t hash_octets(uint64_t hash, const void *from, size_t n)
{
	const uint8_t *p = from;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ p[i]) * 0x100000001b3; /* FNV-1a */
	return hash;
}

uint64_t shared_hash(const struct ask *ask)
{
	const struct shape *s = &ask->shape;
	uint64_t hash = table_hash_addr(&ask->server);

	hash = table_mix(hash, (uint64_t)ask->transport << 32 | ask->question.type);
	hash = table_mix(hash, (uint64_t)s->flags << 32 | s->edns_flags);
	hash = table_mix(hash, (uint64_t)s->edns_size << 32 | (uint64_t)s->edns << 8 | s->opcode);
	return table_mix(hash,
		hash_octets(0xcbf29ce484222325, ask->question.name->wire, ask->question.name->len));
}

/* To the letter: who sends odd letter case wants to see what comes back. */
static bool same(const struct ask *a, const struct ask *b)
{
	return addr_equal(&a->server, &b->server) && addr_equal(&a->source, &b->source) &&
	       a->transport == b->transport && a->question.type == b->question.type &&
	       a->question.class == b->question.class &&
	       name_same_case(a->question.name, b->question.name) &&
	       shape_equal(&a->shape, &b->shape);
}

void shared_add(struct shared *s, const struct observation *o, uint64_t now)
{
	struct entry *e = &s->entries[s->at];

	if (!o->msg || !msg_usable(o->msg) || o->msg->wire.n > MESSAGE_MOST)
		return;
	s->at = (s->at + 1) % s->most;
	if (e->used)
		table_remove(&s->table, &e->node);
	if (e->arena)
		arena_reset(e->arena);
	else
		e->arena = arena_new();
	e->used = true;
	e->o = *o;
	e->o.msg = msg_read(e->arena, o->msg->wire);
	e->o.ask.question.name = name_keep(e->arena, o->ask.question.name);
	e->o.ask.zone = NULL;
	shape_keep(e->arena, &e->o.ask.shape);
	e->until = now + s->life;
	table_add(&s->table, &e->node, shared_hash(&o->ask));
}

const struct observation *shared_find(
	struct shared *s, const struct ask *ask, uint64_t hash, uint64_t now)
{
	for (struct table_node *n = table_first(&s->table, hash); n; n = table_next(n)) {
		struct entry *e = (struct entry *)n;

		if (e->until > now && same(&e->o.ask, ask))
			return &e->o;
	}
	return NULL;
}
