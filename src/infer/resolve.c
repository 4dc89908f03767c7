// SPDX-License-Identifier: GPL-3.0-or-later
// Recursive look-ups over the ledger. Each zone is asked one server at a time, those first that
// have answered before, and the next one as soon as one is silent or slow.
#include "infer/resolve_inner.h"

#include "dns/rr.h"

enum {
	ALIASES = 16,	/* CNAMEs one look-up follows */
	LOOKUPS = 1024, /* look-ups of a pass */
	DEPTH = 12,	/* look-ups for the sake of look-ups */
	EAGER = 2,	/* so many slow servers make us ask the others all at once */
	WIDTH = 16,	/* servers that are waited for before no other is asked */
};

/* What one server said, as seen by who wants to get on. */
enum useful { USEFUL, WAITING, SLOW, USELESS };

static enum useful judge(const struct entry *e, const struct resolve_zone *z)
{
	if (e->state == ENTRY_PENDING)
		return e->overdue ? SLOW : WAITING;
	if (!e->msg)
		return USELESS;
	if (reply_authority(e->msg) || reply_delegation(e->msg, z->apex, e->question->name))
		return USEFUL;
	return USELESS;
}

/* A question on its way through one zone. */
struct quest {
	struct tree *t;
	struct resolve_zone *zone;
	struct tree_q q;
	unsigned int slow, waited; /* servers; slow ones are waited for as well */
	bool waiting;
};

/* Servers that have answered anything first; those that are silent to all last. */
static int rank_of(const struct tree *t, const struct addr *addr)
{
	const struct ledger_host *h = ledger_host(t->ledger, addr);

	if (!h)
		return 1;
	if (h->unsendable)
		return 3;
	return h->replies ? 0 : h->silences ? 2 : 1;
}

static const struct entry *ask_one(struct quest *x, const struct server *s)
{
	const struct entry *e = tree_look_up(x->t, &s->addr, &x->q);
	enum useful u = judge(e, x->zone);

	x->waiting |= u == WAITING || u == SLOW;
	x->slow += u == SLOW;
	x->waited += u == WAITING || u == SLOW;
	return u == USEFUL || (u == WAITING && x->slow < EAGER) ? e : NULL;
}

/* A reply that somebody asked for already. */
static const struct entry *known(struct quest *x)
{
	struct question q = { x->q.name, x->q.type, CLASS_IN };

	vec_each (const struct server, s, x->zone->servers) {
		struct entry e = ledger_peek(x->t->ledger,
			&(struct ledger_key){ &s->addr, &q, x->q.manner, x->zone->apex });
		const struct entry *asked;

		if (!e.msg || judge(&e, x->zone) != USEFUL)
			continue;
		/* Where it is truncated, that over TCP may still be missing. */
		asked = tree_look_up(x->t, &s->addr, &x->q);
		if (asked->msg)
			return asked;
	}
	return NULL;
}

/* From the server of number first on: those with addresses that are known by now. */
static const struct entry *ask_servers(struct quest *x, size_t first)
{
	for (int rank = 0; rank < 4; rank++)
		for (size_t i = first; i < x->zone->servers.n; i++) {
			const struct server *s = &x->zone->servers.v[i];
			const struct entry *e;

			if (rank_of(x->t, &s->addr) != rank)
				continue;
			e = ask_one(x, s);
			if (e || x->waited >= WIDTH)
				return e;
		}
	return NULL;
}

/* Looks up the addresses of one name server; false while they may still come. */
static bool find_server(struct tree *t, struct resolve_zone *z, const struct name *ns)
{
	const struct resolved_addrs *r = resolve_addrs(t, ns);

	vec_each (const struct addr, addr, r->addrs)
		servers_add(t->arena, &z->servers, &(struct server){ ns, *addr });
	z->loop |= r->v4 == RESOLVE_LOOP || r->v6 == RESOLVE_LOOP;
	return !resolve_addrs_pending(r);
}

/* The best reply of the zone's servers; NULL: none, or (x->waiting) none yet. */
static const struct entry *ask_zone(struct quest *x)
{
	const struct entry *e = known(x);

	if (!e)
		e = ask_servers(x, 0);
	for (size_t i = 0; !e && x->waited < WIDTH && i < x->zone->glueless.n; i++) {
		size_t before = x->zone->servers.n;

		x->waiting |= !find_server(x->t, x->zone, x->zone->glueless.v[i]);
		e = ask_servers(x, before);
	}
	return e && e->msg ? e : NULL;
}

/* One look-up on its way down. */
struct search {
	struct tree *t;
	struct resolved *r;
	uint16_t type;
	struct resolve_zone *zone;
};

/* The zone in which the name lies: a DS belongs to the zone above (RFC 4035 3.1.4.1). */
static struct resolve_zone *start(struct tree *t, const struct name *name, uint16_t type)
{
	struct name home = reply_home(&(struct question){ name, type, CLASS_IN });

	return resolve_deepest(t, &home);
}

static bool end(struct search *s, enum resolve_state state)
{
	s->r->state = state;
	return false;
}

static bool follow(struct search *s, const struct name *target)
{
	if (++s->r->aliases > ALIASES)
		return end(s, RESOLVE_LOOP);
	s->r->name = tree_name(s->t, target);
	s->zone = start(s->t, s->r->name, s->type);
	return true;
}

/* Takes one step with a useful reply; false at the end. */
static bool step(struct search *s, const struct entry *e)
{
	struct question q = { s->r->name, s->type, CLASS_IN };
	struct name target;

	s->r->entry = e;
	if (reply_delegation(e->msg, s->zone->apex, s->r->name)) {
		struct resolve_zone *below = resolve_learn(s->t, s->zone, e, s->r->name);

		if (!below || name_labels(below->apex) <= name_labels(s->zone->apex))
			return end(s, RESOLVE_FAILED);
		s->zone = below;
		return true;
	}
	if (tree_answers(e->msg, s->r->name, s->type))
		return end(s, RESOLVE_FOUND);
	if (reply_alias(e->msg, &q, &target))
		return follow(s, &target);
	return end(s, e->msg->rcode == RCODE_NXDOMAIN ? RESOLVE_NXDOMAIN : RESOLVE_NODATA);
}

/* The name one label below the zone on the way to n; the zone itself at its end. */
static struct name child_of(const struct resolve_zone *z, const struct name *n)
{
	return name_suffix(n, name_labels(z->apex) + (name_equal(z->apex, n) ? 0 : 1));
}

/*
 * The way down to the tested zone is asked for by its SOA, label by label (infer/descent.h):
 * whoever comes along there takes its reply. true when a cut was found, or may still be.
 */
static bool follow_descent(struct search *s, bool *ret_waiting)
{
	struct name home = reply_home(&(struct question){ s->r->name, s->type, CLASS_IN });
	struct name child = child_of(s->zone, &home);
	struct quest x = { .t = s->t,
		.zone = s->zone,
		.q = { tree_name(s->t, &child), RR_SOA, MANNER_PLAIN, s->zone->apex } };
	const struct entry *e;
	struct resolve_zone *below;

	/* Each turn leads a label deeper, or ends. */
	if (tree_undelegated(s->t) || name_equal(&child, s->zone->apex) ||
		!name_under(s->t->plan->zone, &child))
		return false;
	e = ask_zone(&x);
	*ret_waiting = !e && x.waiting;
	below = e ? resolve_learn(s->t, s->zone, e, &child) : NULL;
	if (below)
		s->zone = below;
	return below || *ret_waiting;
}

static struct scout *scout_find(struct search *s)
{
	struct name child = child_of(s->zone, s->r->name);

	vec_each (struct scout, one, s->t->resolved->scouts)
		if (one->zone == s->zone && name_equal(one->child, &child))
			return one;
	return NULL;
}

/* Somebody else's question finds out about a cut on the way: one is enough. */
static bool scouted(struct search *s)
{
	const struct scout *one = scout_find(s);

	return one && !one->back;
}

/* At the name itself there is hardly a cut: nobody has to wait for who asks for another type. */
static void scout(struct search *s, bool back)
{
	struct name child = child_of(s->zone, s->r->name);
	struct scout *one = scout_find(s);

	if (one)
		one->back |= back;
	else if (!name_equal(&child, s->r->name))
		vec_push(s->t->arena, &s->t->resolved->scouts,
			(struct scout){ s->zone, tree_name(s->t, &child), back });
}

/* Asks the zone the search has come to. NULL: its state says what there is to wait for, or not. */
static const struct entry *ask_here(struct search *s)
{
	struct quest x = { .t = s->t,
		.zone = s->zone,
		.q = { s->r->name, s->type, MANNER_PLAIN, s->zone->apex } };
	const struct entry *e = known(&x);

	s->r->state = RESOLVE_PENDING;
	if (!e && scouted(s))
		return NULL;
	/* One that is truncated is known, and what TCP brings is still to come. */
	if (!e)
		e = ask_zone(&x);
	else if (!e->msg)
		return NULL;
	if (e || x.waiting)
		scout(s, e != NULL);
	else
		s->r->state = s->zone->loop ? RESOLVE_LOOP : RESOLVE_FAILED;
	return e;
}

static void work_out(struct tree *t, struct memo_row *row)
{
	struct search s = { t, &row->result, row->type, start(t, row->name, row->type) };
	const struct entry *e;
	bool waiting;

	do {
		waiting = false;
		while (follow_descent(&s, &waiting) && !waiting)
			;
		s.r->zone = s.zone->apex;
		s.r->state = RESOLVE_PENDING;
		e = waiting ? NULL : ask_here(&s);
	} while (e && step(&s, e));
}

static uint64_t hash_of(const struct name *name, uint16_t type)
{
	struct name lower = name_lower(name);
	uint64_t hash = type;

	for (unsigned int i = 0; i < lower.len; i++)
		hash = table_mix(hash, lower.wire[i]);
	return hash;
}

/* NULL: there are too many. */
static struct memo_row *row_of(struct tree *t, const struct name *name, uint16_t type)
{
	struct resolve_memo *m = resolve_memo(t);
	uint64_t hash = hash_of(name, type);
	struct memo_row *row;

	for (struct table_node *n = table_first(&m->rows, hash); n; n = table_next(n)) {
		row = (struct memo_row *)n;
		if (row->type == type && name_equal(row->name, name))
			return row;
	}
	if (m->rows.n >= LOOKUPS)
		return NULL;
	row = arena_alloc(t->arena, sizeof(*row));
	row->name = tree_name(t, name);
	row->type = type;
	row->busy = true;
	row->result = (struct resolved){ .state = RESOLVE_LOOP, .name = row->name };
	table_add(&m->rows, &row->node, hash);
	if (m->depth < DEPTH) {
		m->depth++;
		work_out(t, row);
		m->depth--;
	} else {
		row->result.state = RESOLVE_FAILED;
	}
	row->busy = false;
	return row;
}

const struct resolved *resolve(struct tree *t, const struct name *name, uint16_t type)
{
	static const struct resolved circle = { .state = RESOLVE_LOOP };
	struct memo_row *row = row_of(t, name, type);

	if (!row)
		return arena_dup(t->arena,
			&(struct resolved){ .state = RESOLVE_FAILED, .name = tree_name(t, name) },
			sizeof(struct resolved));
	return row->busy ? &circle : &row->result;
}

static void add_type(struct tree *t, struct addrs_row *row, uint16_t type)
{
	const struct resolved *r = resolve(t, row->name, type);

	if (type == RR_A)
		row->result.v4 = r->state;
	else
		row->result.v6 = r->state;
	row->result.alias |= r->aliases > 0;
	if (r->state == RESOLVE_FOUND)
		reply_addrs(t->arena, r->entry->msg,
			(struct rr_wanted){ MSG_ANSWER, type, r->name }, &row->result.addrs);
}

/*
 * The servers that could tell are silent. Where the name is one of theirs, the glue that led to
 * them is the next best, and what resolvers go by: who is silent there should at least be asked
 * himself.
 */
static void borrow_glue(struct tree *t, struct addrs_row *row)
{
	const struct resolve_zone *z = resolve_deepest(t, row->name);

	if (row->result.v4 != RESOLVE_FAILED || row->result.v6 != RESOLVE_FAILED)
		return;
	vec_each (const struct server, s, z->servers)
		if (s->ns && name_equal(s->ns, row->name))
			reply_addr_add(t->arena, &row->result.addrs, s->addr);
}

const struct resolved_addrs *resolve_addrs(struct tree *t, const struct name *name)
{
	static const struct resolved_addrs circle = { .v4 = RESOLVE_LOOP, .v6 = RESOLVE_LOOP };
	static const struct resolved_addrs none = { .v4 = RESOLVE_FAILED, .v6 = RESOLVE_FAILED };
	struct resolve_memo *m = resolve_memo(t);
	uint64_t hash = hash_of(name, 0);
	struct addrs_row *row;

	for (struct table_node *n = table_first(&m->addrs, hash); n; n = table_next(n)) {
		row = (struct addrs_row *)n;
		if (name_equal(row->name, name))
			return row->busy ? &circle : &row->result;
	}
	if (m->addrs.n >= LOOKUPS)
		return &none;
	row = arena_alloc(t->arena, sizeof(*row));
	row->name = tree_name(t, name);
	row->busy = true;
	table_add(&m->addrs, &row->node, hash);
	add_type(t, row, RR_A);
	add_type(t, row, RR_AAAA);
	borrow_glue(t, row);
	row->busy = false;
	return &row->result;
}

bool resolve_addrs_pending(const struct resolved_addrs *r)
{
	return r->v4 == RESOLVE_PENDING || r->v6 == RESOLVE_PENDING;
}

bool resolve_servers(struct tree *t, struct resolve_zone *z, struct servers *ret)
{
	bool pending = false;

	for (size_t i = 0; i < z->glueless.n; i++)
		pending |= !find_server(t, z, z->glueless.v[i]);
	*ret = servers_by_addr(t->arena, &z->servers);
	return pending;
}

struct resolve_zone *resolve_cut(struct tree *t, const struct name *name, bool *ret_pending)
{
	const struct resolved *r = resolve(t, name, RR_SOA);

	*ret_pending = r->state == RESOLVE_PENDING;
	return resolve_deepest(t, name);
}
