// SPDX-License-Identifier: GPL-3.0-or-later
// The ledger of replies: slots by (server, question, shape, transport), and entries made of them.
#include "infer/ledger.h"

#include <string.h>

#include "base/err.h"
#include "base/table.h"
#include "base/vec.h"
#include "dns/rr.h"

enum {
	DNS_PORT = 53,
	SMALL_SIZE = 512,     /* Zonemaster's choice for EDNS without DO */
	SECURE_SIZE = 1232,   /* and with it; RFC 9715 appendix A */
	OPTION_NOBODYS = 137, /* Zonemaster's choice: unassigned at IANA, 2025-12 */
	ZFLAGS = 0x0040,      /* one of those without a meaning: RFC 8906 8.2's choice */
};

static const struct shape_option nobodys = { .code = OPTION_NOBODYS };

#define EDNS .edns = true, .edns_size = SMALL_SIZE

const struct manner_row manner_table[MANNERS] = {
	[MANNER_PLAIN] = { "plain", { 0 }, TRANSPORT_UDP, false, false },
	[MANNER_CASE] = { "case", { 0 }, TRANSPORT_UDP, false, true },
	[MANNER_TCP] = { "tcp", { 0 }, TRANSPORT_TCP, true, false },
	[MANNER_EDNS] = { "edns", { EDNS }, TRANSPORT_UDP, false, false },
	[MANNER_DNSSEC] = { "dnssec",
		{ .edns = true, .edns_size = SECURE_SIZE, .edns_flags = EDNS_DO }, TRANSPORT_UDP,
		false, false },
	[MANNER_SMALL] = { "small", { EDNS, .edns_flags = EDNS_DO }, TRANSPORT_UDP, true, false },
	[MANNER_VERSION] = { "version", { EDNS, .edns_version = 1 }, TRANSPORT_UDP, false, false },
	[MANNER_OPTION] = { "option", { EDNS, .options = &nobodys, .noptions = 1 }, TRANSPORT_UDP,
		false, false },
	[MANNER_ZFLAGS] = { "zflags", { EDNS, .edns_flags = ZFLAGS }, TRANSPORT_UDP, false, false },
};

struct slot_node {
	struct table_node node;
	struct ledger_slot slot;
};

struct host_node {
	struct table_node node;
	struct ledger_host host;
};

struct ledger {
	struct arena *arena;
	const struct facts *facts;
	size_t taken; /* observations of the facts that were taken in */
	bool closed, pending;
	struct table slots, hosts;
	struct VEC(struct ledger_slot *) all, wanted;
	size_t head; /* of wanted */
	struct dnssec_memo *memo;
};

struct ledger *ledger_new(struct arena *a, const struct facts *f, bool closed)
{
	struct ledger *l = arena_alloc(a, sizeof(*l));

	l->arena = a;
	l->facts = f;
	l->closed = closed;
	l->slots.arena = l->hosts.arena = a;
	l->memo = dnssec_memo_new(a);
	ledger_take(l);
	return l;
}

static struct ledger_host *host_find(const struct ledger *l, const struct addr *addr)
{
	struct table_node *n = table_first(&l->hosts, table_hash_addr(addr));

	while (n && !addr_equal(&((struct host_node *)n)->host.addr, addr))
		n = table_next(n);
	return n ? &((struct host_node *)n)->host : NULL;
}

static bool family_off(const struct tree_plan *plan, const struct addr *addr)
{
	return plan && addr->family == ADDR_V4 ? plan->no_v4 : plan && plan->no_v6;
}

static struct ledger_host *host_get(struct ledger *l, const struct addr *addr)
{
	struct ledger_host *h = host_find(l, addr);
	struct host_node *n;

	if (h)
		return h;
	n = arena_alloc(l->arena, sizeof(*n));
	n->host.addr = *addr;
	n->host.unsendable = family_off(l->facts->tree, addr);
	table_add(&l->hosts, &n->node, table_hash_addr(addr));
	return &n->host;
}

/* What a slot is found by. */
struct slot_key {
	struct addr server;
	struct question question;
	const struct shape *shape;
	enum transport transport;
};

static uint64_t hash_key(const struct slot_key *k)
{
	uint64_t v = table_hash_addr(&k->server);

	for (unsigned int i = 0; i < k->question.name->len; i++)
		v = table_mix(v, k->question.name->wire[i]);
	v = table_mix(v, k->question.type);
	v = table_mix(v, (uint64_t)k->shape->edns_flags << 16U | k->shape->flags);
	return table_mix(v, k->transport);
}

static bool same_key(const struct ledger_slot *s, const struct slot_key *k)
{
	return addr_equal(&s->host->addr, &k->server) && s->transport == k->transport &&
	       s->question.type == k->question.type && s->question.class == k->question.class &&
	       name_same_case(s->question.name, k->question.name) &&
	       shape_equal(s->shape, k->shape);
}

static struct ledger_slot *slot_find(const struct ledger *l, const struct slot_key *k)
{
	struct table_node *n = table_first(&l->slots, hash_key(k));

	while (n && !same_key(&((struct slot_node *)n)->slot, k))
		n = table_next(n);
	return n ? &((struct slot_node *)n)->slot : NULL;
}

static struct ledger_slot *slot_get(struct ledger *l, const struct slot_key *k)
{
	struct ledger_slot *s = slot_find(l, k);
	struct slot_node *n;

	if (s)
		return s;
	n = arena_alloc(l->arena, sizeof(*n));
	s = &n->slot;
	s->host = host_get(l, &k->server);
	s->question = k->question;
	s->question.name = name_keep(l->arena, k->question.name);
	s->shape = k->shape;
	s->transport = k->transport;
	s->index = SIZE_MAX;
	s->number = l->all.n;
	vec_push(l->arena, &l->all, s);
	table_add(&l->slots, &n->node, hash_key(k));
	return s;
}

/* What is to be done about a reply that is missing: nothing, or to ask, for whose sake. */
enum wish { WISH_NONE, WISH_ASK, WISH_LOOK_UP };

/* Counts what an observation says of the server. */
static void count(struct ledger_host *h, const struct observation *o, enum reply_rank rank)
{
	uint64_t rtt = observation_rtt(o);

	h->replies += rank > REPLY_NOISE;
	h->silences += observation_silent(o);
	h->unsendable |=
		o->outcome == OUTCOME_NOT_SENT &&
		(o->why == WHY_NO_ROUTE || o->why == WHY_FAMILY || o->why == WHY_NO_ADDRESS);
	if (rank > REPLY_NOISE && rtt && (!h->rtt || rtt < h->rtt))
		h->rtt = rtt;
}

static void take(struct ledger *l, size_t index)
{
	const struct observation *o = l->facts->v[index];
	struct slot_key key = {
		.server = o->ask.server,
		.question = o->ask.question,
		.shape = &o->ask.shape,
		.transport = (enum transport)o->ask.transport,
	};
	enum reply_rank rank = reply_rank(o);
	struct ledger_slot *s;

	if (o->ask.role != ROLE_TREE || o->outcome == OUTCOME_STRAY || !o->ask.question.name)
		return;
	s = slot_get(l, &key);
	count(s->host, o, rank);
	if (l->closed)
		s->state = SLOT_DONE;
	if (!s->zone)
		s->zone = o->ask.zone;
	if (s->seen && rank <= s->rank && s->rank > REPLY_NOISE)
		return;
	s->rank = rank;
	s->msg = rank > REPLY_NOISE ? o->msg : NULL;
	s->seen = o;
	s->index = index;
}

void ledger_take(struct ledger *l)
{
	while (l->taken < l->facts->n)
		take(l, l->taken++);
}

static void want(struct ledger *l, struct ledger_slot *s, enum wish wish)
{
	s->aside = wish == WISH_LOOK_UP && (s->state == SLOT_NEW || s->aside);
	if (s->state != SLOT_NEW)
		return;
	if (l->closed || s->host->unsendable) {
		s->state = SLOT_DONE;
		return;
	}
	s->state = SLOT_WANTED;
	vec_push(l->arena, &l->wanted, s);
}

static enum entry_state state_of(const struct ledger_slot *s)
{
	if (s->msg)
		return ENTRY_REPLIED;
	if (s->state != SLOT_DONE)
		return ENTRY_PENDING;
	return s->seen && s->seen->outcome != OUTCOME_NOT_SENT ? ENTRY_SILENT : ENTRY_UNSENT;
}

static void read_slot(struct entry *e, const struct ledger_slot *s)
{
	e->state = state_of(s);
	e->overdue = s->overdue;
	e->msg = s->msg;
	e->truncated = s->msg && (s->msg->flags & FLAG_TC);
	e->seen = s->seen;
	e->index = s->index;
}

/* The reply over UDP is truncated: the one over TCP counts, if there is any. */
static void read_tcp(struct entry *e, const struct ledger_slot *s)
{
	if (s->msg || state_of(s) == ENTRY_PENDING)
		read_slot(e, s);
}

static struct entry look(struct ledger *l, const struct ledger_key *key, enum wish wish)
{
	const struct manner_row *row = &manner_table[key->manner];
	struct name name = row->keep_case ? *key->question->name : name_lower(key->question->name);
	struct slot_key k = {
		.server = addr_with_port(
			*key->server, key->server->port ? key->server->port : DNS_PORT),
		.question = { &name, key->question->type, key->question->class },
		.shape = &row->shape,
		.transport = row->transport,
	};
	struct entry e = {
		.server = k.server, .manner = key->manner, .index = SIZE_MAX, .state = ENTRY_UNSENT
	};
	struct ledger_slot *s = wish ? slot_get(l, &k) : slot_find(l, &k);

	for (int step = 0; s && step < 2; step++) {
		/* The key's belongs to a pass, which ends before the slot is sent. */
		if (!s->zone && key->zone)
			s->zone = name_keep(l->arena, key->zone);
		if (wish)
			want(l, s, wish);
		if (step == 0) {
			e.question = &s->question;
			read_slot(&e, s);
		} else {
			read_tcp(&e, s);
		}
		if (!e.truncated || row->no_tcp)
			break;
		k.transport = TRANSPORT_TCP;
		s = wish ? slot_get(l, &k) : slot_find(l, &k);
	}
	l->pending |= wish && e.state == ENTRY_PENDING;
	return e;
}

struct entry ledger_ask(struct ledger *l, const struct ledger_key *key)
{
	return look(l, key, WISH_ASK);
}

struct entry ledger_look_up(struct ledger *l, const struct ledger_key *key)
{
	return look(l, key, WISH_LOOK_UP);
}

struct entry ledger_peek(struct ledger *l, const struct ledger_key *key)
{
	return look(l, key, WISH_NONE);
}

const struct ledger_host *ledger_host(const struct ledger *l, const struct addr *server)
{
	return host_find(l, server);
}

const struct facts *ledger_facts(const struct ledger *l)
{
	return l->facts;
}

struct dnssec_memo *ledger_memo(const struct ledger *l)
{
	return l->memo;
}

void ledger_pass(struct ledger *l)
{
	ledger_take(l);
	l->pending = false;
}

bool ledger_pending(const struct ledger *l)
{
	return l->pending;
}

struct ledger_slot *ledger_wanted(struct ledger *l)
{
	struct ledger_slot *s;

	if (l->head == l->wanted.n)
		return NULL;
	s = l->wanted.v[l->head++];
	s->state = SLOT_PENDING;
	return s;
}

struct ledger_slot *ledger_slot(const struct ledger *l, size_t i)
{
	return i < l->all.n ? l->all.v[i] : NULL;
}

size_t ledger_slots(const struct ledger *l)
{
	return l->all.n;
}
