/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Servers that were silent to every query from here, and replied to the same one from elsewhere.
 * From an address of the same network: a list has this one (client-blocked). From another network:
 * the way from here, or a list; which of them cannot be told.
 */
#include <math.h>
#include <string.h>

#include "base/err.h"
#include "base/stats.h"
#include "check/vantage.h"

enum { SILENCES_LEAST = 3, SERVERS_MOST = 256, TRIES_MOST = 16, SECOND = 1000000 };

/* Loss that is assumed at least; and where nobody else replies, so that it was not measured. */
#define LOSS_LEAST   0.05
#define LOSS_UNKNOWN 0.8
/* That loss ate all queries has to be less probable than this. */
#define BY_CHANCE  1e-3
#define SURE_MOST  0.9999
#define APART_MOST 0.9 /* the server may have changed between two runs */

struct silent {
	struct addr server;
	uint64_t asked;
	double chance;		     /* that loss ate all */
	size_t tries[VANTAGES_MOST]; /* observations of each other vantage that were looked at */
	/* The telling pair; by NULL: none. */
	const struct facts *by;
	size_t here, there;
	enum kin kin;
	bool works; /* others of its family reply here */
};

struct silents VEC(struct silent);

struct court {
	const struct check_input *in;
	struct findings *f;
	struct silents list;
};

/* Upper bound of the loss towards servers of that family that do reply; of no reply: none. */
static double loss(const struct inferences *in, uint8_t family, bool *ret_works)
{
	uint64_t sent = 0, lost = 0;
	double upper;

	vec_each (const struct server_queries, q, in->by_server) {
		if (q->server.family != family || !q->answered)
			continue;
		sent += q->sent;
		lost += q->lost;
	}
	*ret_works = sent > 0;
	if (!sent)
		return LOSS_UNKNOWN;
	upper = stats_rate_upper(lost, sent, 0.95);
	return upper < LOSS_LEAST ? LOSS_LEAST : upper;
}

/* Nothing of any kind came back, and it is no resolver of the user's. */
static bool is_dead(const struct facts *f, const struct addr *server)
{
	bool asked = false;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (!addr_equal(&o->ask.server, server))
			continue;
		if (observation_replied(o) || observation_to_resolver(o))
			return false;
		asked |= observation_silent(o);
	}
	return asked;
}

static void collect(struct court *c)
{
	vec_each (const struct server_queries, q, c->in->inferences->by_server) {
		struct silent s = { .server = q->server, .asked = q->lost };

		if (q->answered || q->lost < SILENCES_LEAST || c->list.n == SERVERS_MOST ||
			!is_dead(c->in->facts, &q->server))
			continue;
		s.chance =
			pow(loss(c->in->inferences, q->server.family, &s.works), (double)s.asked);
		if (s.chance <= BY_CHANCE)
			vec_push(c->f->arena, &c->list, s);
	}
}

static bool heard(const struct observation *o)
{
	return !observation_to_resolver(o) &&
	       (observation_spoke(o) || o->outcome == OUTCOME_CONNECTED);
}

/* The query of here that is the same and got no reply; SIZE_MAX: none. */
static size_t twin(const struct facts *f, const struct ask *k)
{
	for (size_t i = 0; i < f->n; i++)
		if (observation_silent(f->v[i]) && f->v[i]->from.family &&
			vantage_same_ask(&f->v[i]->ask, k))
			return i;
	return SIZE_MAX;
}

static struct silent *silent_of(struct court *c, const struct addr *server)
{
	vec_each (struct silent, s, c->list)
		if (addr_equal(&s->server, server))
			return s;
	return NULL;
}

/* Of pairs the nearest address that is another one tells most, and the same one least. */
static bool tells_more(enum kin x, const struct silent *s)
{
	static const int worth[] = { [KIN_SAME] = 0, [KIN_OTHER] = 1, [KIN_NEIGHBOUR] = 2 };

	return !s->by || worth[x] > worth[s->kin];
}

static void hear(struct court *c, size_t k)
{
	const struct facts *here = c->in->facts, *there = here->elsewhere.v[k];

	for (size_t i = 0; i < there->n; i++) {
		const struct observation *o = there->v[i];
		struct silent *s = heard(o) ? silent_of(c, &o->ask.server) : NULL;
		enum kin kin;
		size_t at;

		if (!s || s->tries[k]++ >= TRIES_MOST)
			continue;
		at = twin(here, &o->ask);
		if (at == SIZE_MAX)
			continue;
		s->tries[k] = TRIES_MOST;
		kin = vantage_kin(&here->v[at]->from, &o->from);
		if (!tells_more(kin, s))
			continue;
		s->by = there;
		s->here = at;
		s->there = i;
		s->kin = kin;
	}
}

static bool moves(const struct silent *s)
{
	return s->by && s->kin != KIN_SAME;
}

/* Findings that are about such a server already, and stay. */
static struct finding *about(const struct court *c, const struct silent *s)
{
	static const char *const ids[] = { "client-blocked", "family-broken" };

	vec_each (struct finding, x, c->f->list)
		for (size_t i = 0; i < ARRAY_LEN(ids); i++)
			if (strcmp(x->id, ids[i]) == 0 && finding_names(x, &s->server))
				return x;
	return NULL;
}

/* What others made of the queries of the pair: all of one question and shape. */
static void note(struct court *c, struct finding *x, const struct silent *s)
{
	const struct facts *here = c->in->facts;

	for (size_t k = 0; k < here->elsewhere.n; k++) {
		const struct facts *there = here->elsewhere.v[k];
		uint64_t answered = 0, silent = 0;
		struct finding_vantage *v;

		for (size_t i = 0; i < there->n; i++) {
			const struct observation *o = there->v[i];

			if (!addr_equal(&o->ask.server, &s->server))
				continue;
			if (s->by && !vantage_same_ask(&o->ask, &here->v[s->here]->ask))
				continue;
			answered += heard(o);
			silent += observation_silent(o);
		}
		if (!answered && silent < SILENCES_LEAST)
			continue;
		v = vantage_of(c->f, x, there);
		v->answered += answered;
		v->silent += silent;
		v->alike |= !answered;
		v->same_address |= s->by == there && s->kin == KIN_SAME;
	}
}

static double confidence(const struct court *c, const struct silent *s)
{
	double sure = 1 - s->chance;

	if (sure > SURE_MOST)
		sure = SURE_MOST;
	if (vantage_apart(c->in->facts, s->by) >= VANTAGE_APART && sure > APART_MOST)
		sure = APART_MOST;
	return sure;
}

/* Takes from the unreachable what others reach; what is left of each, or nothing. */
static struct finding take_out(struct court *c)
{
	struct finding was = { .severity = SEV_ERROR };
	size_t n = 0;

	vec_each (struct finding, x, c->f->list) {
		size_t before = x->servers.n, servers = 0, evidence = 0;

		if (strcmp(x->id, "unreachable") != 0) {
			c->f->list.v[n++] = *x;
			continue;
		}
		vec_each (struct addr, a, x->servers) {
			const struct silent *s = silent_of(c, a);

			if (s && moves(s))
				was = *x;
			else
				x->servers.v[servers++] = *a;
		}
		vec_each (size_t, e, x->evidence) {
			const struct observation *o = facts_at(c->in->facts, *e);
			const struct silent *s = o ? silent_of(c, &o->ask.server) : NULL;

			if (!s || !moves(s))
				x->evidence.v[evidence++] = *e;
		}
		/* The sum of what was tried is that of all. */
		if (servers < before && finding_find(x, "tried"))
			x->line = "no reply at all from {servers}";
		x->servers.n = servers;
		x->evidence.n = evidence;
		if (servers || !before)
			c->f->list.v[n++] = *x;
	}
	c->f->list.n = n;
	return was;
}

static void put_addr(struct court *c, struct finding *x, const char *key, struct addr a)
{
	finding_detail(c->f, x,
		(struct detail){ .key = key, .kind = DETAIL_ADDR, .addr = addr_with_port(a, 0) });
}

struct kind {
	enum kin kin;
	uint8_t family;
	const char *id, *line;
};

static struct finding *begin(
	struct court *c, const struct kind *k, const struct silent *s, const struct finding *was)
{
	const struct observation *bad = c->in->facts->v[s->here];
	struct finding *x = findings_add(c->f, k->id, was->severity,
		k->kin == KIN_NEIGHBOUR && s->works ? WHERE_FAR
		: s->works			    ? WHERE_PATH
						    : WHERE_UNKNOWN);

	x->subject = was->subject ? was->subject : bad->ask.zone;
	x->effect = was->effect;
	x->line = k->line;
	put_addr(c, x, "source", bad->from);
	put_addr(c, x, "other", s->by->v[s->there]->from);
	finding_int(c->f, x, "tried", 0);
	if (vantage_apart(c->in->facts, s->by) >= VANTAGE_APART)
		finding_detail(c->f, x,
			(struct detail){ .key = "apart",
				.kind = DETAIL_DURATION,
				.integer = vantage_apart(c->in->facts, s->by) * SECOND });
	return x;
}

/* One finding of each kind and family: an address is of one. */
static void put_kind(struct court *c, const struct kind *k, const struct finding *was)
{
	struct finding *x = NULL;

	vec_each (const struct silent, s, c->list) {
		if (!moves(s) || s->kin != k->kin || s->server.family != k->family || about(c, s))
			continue;
		if (!x)
			x = begin(c, k, s, was);
		if (confidence(c, s) < x->confidence)
			x->confidence = confidence(c, s);
		finding_server(c->f, x, &s->server);
		finding_find(x, "tried")->integer += (int64_t)s->asked;
		finding_evidence(c->f, x, s->here);
		finding_evidence(c->f, x, vantage_index(c->in->facts, s->by, s->there));
		note(c, x, s);
	}
}

/* What is known already of such servers, and of those that are silent to others, too. */
static void put_notes(struct court *c)
{
	vec_each (const struct silent, s, c->list) {
		struct finding *x = about(c, s);

		if (x) {
			note(c, x, s);
			/* Somebody else reaches them over that family. */
			if (moves(s) && x->where == WHERE_FAR &&
				strcmp(x->id, "family-broken") == 0)
				x->where = WHERE_PATH;
			continue;
		}
		vec_each (struct finding, y, c->f->list)
			if (!moves(s) && strcmp(y->id, "unreachable") == 0 &&
				finding_names(y, &s->server))
				note(c, y, s);
	}
}

void vantage_silences(const struct check_input *in, struct findings *f)
{
	static const struct kind kinds[] = {
		{ KIN_NEIGHBOUR, ADDR_V4, "client-blocked", NULL },
		{ KIN_NEIGHBOUR, ADDR_V6, "client-blocked", NULL },
		{ KIN_OTHER, ADDR_V4, "unreachable", NULL },
		{ KIN_OTHER, ADDR_V6, "unreachable", NULL },
	};
	static const char *const lines[] = {
		[KIN_NEIGHBOUR] =
			"{servers} do not answer what {source} sends[ ({tried} queries)], "
			"and do answer {other}, which is of the same network",
		[KIN_OTHER] =
			"no reply at all from {servers} to {source}[ ({tried} queries)], while "
			"{other} gets replies to the same",
	};
	struct court c = { in, f, { 0 } };
	struct finding was;

	collect(&c);
	for (size_t k = 0; c.list.n && k < in->facts->elsewhere.n && k < VANTAGES_MOST; k++)
		hear(&c, k);
	put_notes(&c);
	was = take_out(&c);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct kind k = kinds[i];

		k.line = lines[k.kin];
		put_kind(&c, &k, &was);
	}
}
