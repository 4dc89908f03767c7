/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries that wait: chains by hash, and a list by age for each kind of patience. */
#include "intake/asked.h"

#include <string.h>

#include "base/err.h"
#include "base/siphash.h"
#include "dns/rr.h"

enum {
	STEPS = 512,   /* along a chain: only made-up captures have longer ones */
	RECENT = 4096, /* answers of late, for copies of their queries */
};

enum side { SIDE_STUB, SIDE_SERVER, SIDES };

static const uint64_t patience[SIDES] = { ASKED_STUB, ASKED_SERVER };

struct question_wait {
	struct question_wait *next;	     /* in its chain, or among spare ones */
	struct question_wait *older, *newer; /* of its side */
	struct asked_ends ends;
	uint64_t first; /* µs: of the first copy; ends.at: of the latest */
	uint64_t hash;
	uint16_t id, type;
	uint8_t side;
	bool icmp; /* an error came */
	struct name name;
};

struct age {
	struct question_wait *oldest, *newest;
};

struct asked {
	struct arena *arena;
	struct logfails *fails;
	struct asked_tally tally;
	struct question_wait **buckets; /* ASKED_MOST */
	struct question_wait *spare;
	struct age ages[SIDES];
	size_t n;
	uint64_t now;
	struct {
		uint64_t hash, at;
	} recent[RECENT];
	uint8_t key[SIPHASH_KEY];
};

struct asked *asked_new(struct arena *a, struct logfails *fails, struct rng *r)
{
	struct asked *k = arena_alloc(a, sizeof(*k));
	uint64_t key[2] = { rng_u64(r), rng_u64(r) };

	k->arena = a;
	k->fails = fails;
	k->buckets = arena_alloc(a, ASKED_MOST * sizeof(struct question_wait *));
	memcpy(k->key, key, sizeof(k->key));
	return k;
}

const struct asked_tally *asked_tally(const struct asked *a)
{
	return &a->tally;
}

/* Chains. */

/* Queries of one connection are in one chain, whatever their ids. */
static uint64_t hash_of(const struct asked *a, const struct asked_ends *e, uint16_t id)
{
	uint8_t k[2 * 16 + 3 * sizeof(uint16_t) + 2] = { 0 };
	struct span client = addr_octets(&e->client), server = addr_octets(&e->server);
	uint16_t rest[] = { e->client.port, e->server.port, e->tcp ? 0 : id };

	memcpy(k, client.p, client.n);
	memcpy(k + 16, server.p, server.n);
	memcpy(k + 32, rest, sizeof(rest));
	k[38] = e->tcp;
	k[39] = e->client.family;
	return siphash(a->key, (struct span){ k, sizeof(k) });
}

static bool same_ends(const struct asked_ends *x, const struct asked_ends *y)
{
	return x->tcp == y->tcp && addr_equal(&x->client, &y->client) &&
	       addr_equal(&x->server, &y->server);
}

static struct question_wait **bucket(const struct asked *a, uint64_t hash)
{
	return &a->buckets[hash % ASKED_MOST];
}

/* A reply may leave the question out (FORMERR); what it says must be what was asked. */
static bool is_about(const struct question_wait *w, const struct msg *m)
{
	const struct question *q = m->questions;

	if (!m->nquestions || !q->name->len)
		return !m->counts[MSG_QUESTION];
	return q->type == w->type && q->class == CLASS_IN && name_equal(q->name, &w->name);
}

/* m NULL: whatever the question. */
static struct question_wait *find(
	const struct asked *a, const struct asked_ends *e, uint16_t id, const struct msg *m)
{
	struct question_wait *w = *bucket(a, hash_of(a, e, id));

	for (int i = 0; w && i < STEPS; i++, w = w->next)
		if (w->id == id && same_ends(&w->ends, e) && (!m || is_about(w, m)))
			return w;
	return NULL;
}

/* Ages. */

static void age_out(struct asked *a, struct question_wait *w)
{
	struct age *age = &a->ages[w->side];

	*(w->older ? &w->older->newer : &age->oldest) = w->newer;
	*(w->newer ? &w->newer->older : &age->newest) = w->older;
}

static void age_in(struct asked *a, struct question_wait *w)
{
	struct age *age = &a->ages[w->side];

	w->newer = NULL;
	w->older = age->newest;
	*(age->newest ? &age->newest->newer : &age->oldest) = w;
	age->newest = w;
}

static void remove_wait(struct asked *a, struct question_wait *w)
{
	struct question_wait **at = bucket(a, w->hash);

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	age_out(a, w);
	w->next = a->spare;
	a->spare = w;
	a->n--;
}

/* What came of it. */

static void fail(struct asked *a, const struct question_wait *w, const struct logfail_reply *reply,
	uint64_t at)
{
	struct logfail f = {
		.domain = w->name,
		.type = w->type,
		.what = w->side == SIDE_STUB ? LOGFAIL_QUERY : LOGFAIL_SERVER,
		/* To a stub whatever is no answer is temporary; another server may have one. */
		.how = w->side == SIDE_STUB ? LOGFAIL_TEMPORARY : LOGFAIL_UNKNOWN,
		.reply = *reply,
		.by = addr_with_port(w->ends.server, 0),
	};

	logfails_add(a->fails, &f, at);
}

static void expire(struct asked *a, struct question_wait *w)
{
	a->tally.silent++;
	fail(a, w, &(struct logfail_reply){ w->icmp ? LOGFAIL_REPLY_ICMP : LOGFAIL_REPLY_NONE, 0 },
		w->first);
	remove_wait(a, w);
}

void asked_advance(struct asked *a, uint64_t at)
{
	if (at > a->now)
		a->now = at;
	for (unsigned int side = 0; side < SIDES; side++) {
		struct question_wait *w;

		while ((w = a->ages[side].oldest) && w->ends.at + patience[side] < a->now)
			expire(a, w);
	}
}

/* Takes the one that waited longest out, of the side that has more patience first. */
static void make_room(struct asked *a)
{
	struct question_wait *w = a->ages[SIDE_STUB].oldest;

	if (!w ||
		(a->ages[SIDE_SERVER].oldest && a->ages[SIDE_SERVER].oldest->ends.at < w->ends.at))
		w = a->ages[SIDE_SERVER].oldest;
	a->tally.given_up++;
	remove_wait(a, w);
}

/* Messages. */

/* Transfers are no look-ups; hashes of mail addresses stand in names of the last two. */
static bool is_type(uint16_t type)
{
	static const uint16_t not [] = { 0, RR_OPT, RR_TKEY, RR_TSIG, RR_IXFR, RR_AXFR, RR_SMIMEA,
		RR_OPENPGPKEY };

	for (size_t i = 0; i < ARRAY_LEN(not ); i++)
		if (not [i] == type)
			return false;
	return true;
}

/* Anything else is no name that a list can hold, and may be a mail address that went astray. */
static bool is_octet(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*';
}

static bool is_name(const struct name *n)
{
	for (unsigned int at = 0; at < n->len && n->wire[at]; at += n->wire[at] + 1U)
		for (unsigned int i = 1; i <= n->wire[at]; i++)
			if (!is_octet(n->wire[at + i]))
				return false;
	return true;
}

static struct question_wait *new_wait(struct asked *a)
{
	struct question_wait *w;

	if (a->n == ASKED_MOST)
		make_room(a);
	w = a->spare;
	if (w)
		a->spare = w->next;
	else
		w = arena_alloc(a->arena, sizeof(*w));
	a->n++;
	return w;
}

static void add(struct asked *a, const struct asked_ends *e, const struct msg *m)
{
	struct question_wait *w = new_wait(a), **at;

	*w = (struct question_wait){
		.ends = *e,
		.first = e->at,
		.hash = hash_of(a, e, m->id),
		.id = m->id,
		.type = m->questions->type,
		.side = m->flags & FLAG_RD ? SIDE_STUB : SIDE_SERVER,
		.name = name_lower(m->questions->name),
	};
	at = bucket(a, w->hash);
	w->next = *at;
	*at = w;
	age_in(a, w);
	a->tally.queries++;
}

/* Another interface shows the query once more, behind its reply. */
static bool is_copy(const struct asked *a, const struct asked_ends *e, uint16_t id)
{
	uint64_t hash = hash_of(a, e, id) ^ id;

	return a->recent[hash % RECENT].hash == hash &&
	       e->at < a->recent[hash % RECENT].at + ASKED_COPY;
}

void asked_query(struct asked *a, const struct asked_ends *e, const struct msg *m)
{
	const struct question *q = m->questions;
	struct question_wait *w;
	struct name lower;

	asked_advance(a, e->at);
	if (m->flags & FLAG_QR || m->opcode != OPCODE_QUERY || m->nquestions != 1 || !q->name->len)
		return;
	lower = name_lower(q->name);
	if (q->class != CLASS_IN || !is_type(q->type) || !is_name(&lower)) {
		a->tally.other++;
		return;
	}
	w = find(a, e, m->id, m);
	if (!w && is_copy(a, e, m->id))
		return;
	if (!w) {
		add(a, e, m);
		return;
	}
	age_out(a, w);
	w->ends.at = e->at > w->ends.at ? e->at : w->ends.at;
	age_in(a, w);
}

static bool is_failure(uint16_t rcode)
{
	return rcode != RCODE_NOERROR && rcode != RCODE_NXDOMAIN && rcode != RCODE_BADCOOKIE;
}

void asked_reply(struct asked *a, const struct asked_ends *e, const struct msg *m)
{
	struct question_wait *w;
	uint64_t hash;

	asked_advance(a, e->at);
	if (!m->has_header || !(m->flags & FLAG_QR) || m->opcode != OPCODE_QUERY)
		return;
	w = find(a, e, m->id, m);
	if (!w) {
		a->tally.strays++;
		return;
	}
	hash = w->hash ^ m->id;
	a->recent[hash % RECENT].hash = hash;
	a->recent[hash % RECENT].at = e->at;
	a->tally.answered++;
	if (is_failure(m->rcode)) {
		a->tally.failed++;
		fail(a, w, &(struct logfail_reply){ LOGFAIL_REPLY_RCODE, m->rcode }, e->at);
	}
	remove_wait(a, w);
}

void asked_error(struct asked *a, const struct asked_ends *e, uint16_t id)
{
	struct question_wait *w;

	asked_advance(a, e->at);
	w = find(a, e, id, NULL);
	if (w)
		w->icmp = true;
}

void asked_torn(struct asked *a, const struct asked_ends *e)
{
	struct question_wait *w, *next;

	asked_advance(a, e->at);
	w = *bucket(a, hash_of(a, e, 0));
	for (int i = 0; w && i < STEPS; i++, w = next) {
		next = w->next;
		if (!same_ends(&w->ends, e))
			continue;
		a->tally.torn++;
		remove_wait(a, w);
	}
}

void asked_end(struct asked *a)
{
	asked_advance(a, a->now);
	for (unsigned int side = 0; side < SIDES; side++)
		while (a->ages[side].oldest) {
			a->tally.late++;
			remove_wait(a, a->ages[side].oldest);
		}
	memset(a->recent, 0, sizeof(a->recent));
	a->now = 0;
}
