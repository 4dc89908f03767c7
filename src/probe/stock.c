/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work on servers that is done once, and lent. */
#include "probe/stock.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/table.h"
#include "facts/pack.h"

enum {
	PATIENCE = 20000, /* µs until one that waits looks again */
	OVERHEAD = 256,	  /* octets of an entry beside its pack */
};

/* Of the work that somebody does (pack NULL) or has done. */
struct entry {
	struct table_node node;
	struct entry *older, *newer; /* by use, of those that are done */
	struct stock_key key;
	struct pack *pack;
	uint64_t until;
};

struct stock {
	struct stock_conf conf;
	struct arena *arena; /* of the table's buckets */
	struct table table;
	struct entry *oldest, *newest;
	struct stock_totals totals;
};

struct stock *stock_new(const struct stock_conf *conf)
{
	struct arena *a = arena_new();
	struct stock *s = arena_alloc(a, sizeof(*s));

	s->conf = *conf;
	s->arena = s->table.arena = a;
	return s;
}

static void unlink_entry(struct stock *s, struct entry *e)
{
	*(e->older ? &e->older->newer : &s->oldest) = e->newer;
	*(e->newer ? &e->newer->older : &s->newest) = e->older;
	e->older = e->newer = NULL;
}

static void link_newest(struct stock *s, struct entry *e)
{
	e->older = s->newest;
	*(s->newest ? &s->newest->newer : &s->oldest) = e;
	s->newest = e;
}

static size_t size_of(const struct entry *e)
{
	return pack_size(e->pack) + OVERHEAD;
}

static void drop(struct stock *s, struct entry *e)
{
	unlink_entry(s, e);
	table_remove(&s->table, &e->node);
	s->totals.held -= size_of(e);
	s->totals.dropped++;
	pack_free(e->pack);
	free(e);
}

void stock_free(struct stock *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->table.size; i++)
		for (struct table_node *n = s->table.buckets[i], *next; n; n = next) {
			next = n->next;
			pack_free(((struct entry *)n)->pack);
			free(n);
		}
	arena_free(s->arena);
}

struct stock_totals stock_totals(const struct stock *s)
{
	return s->totals;
}

uint64_t stock_mix_octets(uint64_t hash, const void *from, size_t n)
{
	const uint8_t *p = from;

	for (size_t i = 0; i < n; i++)
		hash = table_mix(hash, p[i]);
	return hash;
}

static uint64_t hash_of(const struct stock_key *k)
{
	return table_mix(table_hash_addr(&k->server), k->of ^ (uint64_t)k->work << 56);
}

static struct entry *find(struct stock *s, const struct stock_key *k, uint64_t now)
{
	for (struct table_node *n = table_first(&s->table, hash_of(k)); n; n = table_next(n)) {
		struct entry *e = (struct entry *)n;

		if (e->key.work != k->work || e->key.of != k->of ||
			!addr_equal(&e->key.server, &k->server))
			continue;
		if (!e->pack || e->until > now)
			return e;
		drop(s, e);
		return NULL;
	}
	return NULL;
}

static struct entry *begin_work(struct stock *s, const struct stock_key *k)
{
	struct entry *e = calloc(1, sizeof(*e));

	if (!e)
		err_no_memory();
	e->key = *k;
	table_add(&s->table, &e->node, hash_of(k));
	return e;
}

static void end_work(struct stock *s, struct entry *e, struct pack *p, uint64_t now)
{
	e->pack = p;
	e->until = now + s->conf.life;
	link_newest(s, e);
	s->totals.held += size_of(e);
	s->totals.done++;
	while (s->totals.held > s->conf.most && s->oldest != e)
		drop(s, s->oldest);
}

enum loan_state { LOAN_NEW, LOAN_MINE, LOAN_OVER };

struct loan {
	struct probe probe;
	struct stock_lend *lend;
	struct stock_key key;
	struct probe *child;
	struct entry *entry; /* while it is mine */
	enum loan_state state;
	struct pack_of of; /* of its observations */
};

static void take(void *user, const struct observation *o)
{
	struct loan *l = user;
	struct observation own = *o;
	const struct observation *kept;

	if (own.ask.zone && l->lend->zone)
		own.ask.zone = l->lend->zone;
	kept = facts_add(l->lend->facts, &own);
	if (l->child->ops->recall)
		l->child->ops->recall(l->child, kept);
}

static void borrow(struct loan *l, struct entry *e)
{
	struct stock *s = l->lend->stock;

	unlink_entry(s, e);
	link_newest(s, e);
	s->totals.lent++;
	pack_each(e->pack, &(struct pack_into){ l->lend->arena, take, l });
	if (l->child->ops->recall)
		l->child->ops->recall(l->child, NULL);
	l->state = LOAN_OVER;
}

/* false: somebody else is at it. */
static bool enter(struct loan *l, uint64_t now)
{
	struct entry *e = find(l->lend->stock, &l->key, now);

	if (e && !e->pack)
		return false;
	if (e) {
		borrow(l, e);
		return true;
	}
	l->entry = begin_work(l->lend->stock, &l->key);
	l->state = LOAN_MINE;
	l->of.work = l->lend->serial = (uint8_t)(l->lend->serial % (WORK_BORROWED - 1) + 1);
	l->of.first = l->lend->facts->n;
	probe_begin(l->child, now);
	return true;
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct loan *l = (struct loan *)p;
	enum want w;

	if (l->state == LOAN_NEW && !enter(l, now)) {
		*ret_wake = now + PATIENCE;
		return WANT_WAIT;
	}
	if (l->state == LOAN_OVER)
		return WANT_DONE;
	w = probe_want(l->child, now, ret_ask, ret_wake);
	if (w == WANT_ASK)
		ret_ask->work = l->of.work & 63U;
	if (w != WANT_DONE)
		return w;
	end_work(l->lend->stock, l->entry, pack_new(l->lend->facts, &l->of), now);
	l->state = LOAN_OVER;
	return w;
}

static void progress(const struct probe *p, struct progress *ret)
{
	*ret = probe_progress(((const struct loan *)p)->child);
}

struct probe *stock_loan(struct stock_lend *lend, const struct stock_key *key, struct probe *child)
{
	static const struct probe_ops ops = { .want = want, .progress = progress };
	struct loan *l;

	if (!lend->stock)
		return child;
	l = arena_alloc(lend->arena, sizeof(*l));
	*l = (struct loan){ .probe = { &ops }, .lend = lend, .key = *key, .child = child };
	return &l->probe;
}
