// SPDX-License-Identifier: GPL-3.0-or-later
// Judges what the servers of the delegation tree said: authority, serial, and the question.
#include "infer/cut_inner.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"

enum { CHAIN_STEPS = 16 };

const char *cut_lame_slug(enum cut_lame why)
{
	static const char *const slugs[] = {
		[LAME_NOT] = "not-lame",
		[LAME_REFUSED] = "refused",
		[LAME_SERVFAIL] = "servfail",
		[LAME_UPWARD] = "upward-referral",
		[LAME_REFERRAL] = "referral",
		[LAME_NO_AA] = "not-authoritative",
		[LAME_NO_ZONE] = "no-such-zone",
		[LAME_RCODE] = "error",
	};

	return (size_t)why < ARRAY_LEN(slugs) ? slugs[why] : slugs[LAME_RCODE];
}

static const struct rr *soa_of(const struct msg *m, const struct name *apex)
{
	return msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_SOA, apex });
}

/* Why a whole reply that does not bring the zone's SOA with authority makes the server lame. */
static enum cut_lame lame_by(const struct seen *s, const struct name *apex)
{
	static const struct {
		uint16_t rcode;
		enum cut_lame why;
	} rcodes[] = {
		{ RCODE_REFUSED, LAME_REFUSED },
		{ RCODE_NOTAUTH, LAME_REFUSED },
		{ RCODE_SERVFAIL, LAME_SERVFAIL },
	};
	const struct msg *m = s->msg;

	for (size_t i = 0; i < ARRAY_LEN(rcodes); i++)
		if (m->rcode == rcodes[i].rcode)
			return rcodes[i].why;
	if (m->rcode != RCODE_NOERROR && m->rcode != RCODE_NXDOMAIN)
		return LAME_RCODE;
	if (msg_meaning(m, &s->question, apex) == MEANS_UPWARD)
		return LAME_UPWARD;
	if (m->flags & FLAG_AA)
		return LAME_NO_ZONE;
	if (msg_count(m, (struct rr_wanted){ MSG_ANSWER, 0, NULL }) == 0 &&
		msg_count(m, (struct rr_wanted){ MSG_AUTHORITY, RR_NS, NULL }) > 0)
		return LAME_REFERRAL;
	return LAME_NO_AA;
}

/*
 * Without a reply to the SOA question, only what cannot be the word of an authority counts: a
 * SERVFAIL may be about one name.
 */
static enum cut_lame lame_by_other(const struct seen *s, const struct name *apex)
{
	enum cut_lame why = lame_by(s, apex);

	return why == LAME_REFUSED || why == LAME_UPWARD ? why : LAME_NOT;
}

static void judge_soa(struct cut_server *x, const struct seen *s, const struct name *apex)
{
	const struct rr *rr = soa_of(s->msg, apex);
	struct soa soa;

	x->soa_rcode = s->msg->rcode;
	x->evidence = s->index;
	if (!(s->msg->flags & FLAG_AA) || s->msg->rcode != RCODE_NOERROR || !rr) {
		x->why = lame_by(s, apex);
		x->lame = true;
		return;
	}
	x->authoritative = true;
	if (msg_rdata_soa(s->msg, rr, &soa) == 0) {
		x->has_serial = true;
		x->serial = soa.serial;
	}
}

static void judge_server(struct cut_work *w, const struct cut_zone *z, struct cut_server *x)
{
	const struct seen_host *h = seen_host(&w->hosts, &x->addr);
	const struct seen *s = h ? seen_find(h, z->apex, RR_SOA) : NULL;

	if (!h)
		return;
	x->asked = h->asked;
	x->replied = h->replied;
	vec_each (struct seen, other, h->v)
		x->serves |= seen_speaks_for(other, z->apex);
	if (s && s->msg && s->rank == REPLY_WHOLE) {
		judge_soa(x, s, z->apex);
		return;
	}
	vec_each (struct seen, other, h->v) {
		bool ours = other->zone && name_equal(other->zone, z->apex);

		if (!ours)
			continue;
		if (x->evidence == SIZE_MAX)
			x->evidence = other->index;
		if (other->msg && !x->lame) {
			x->why = lame_by_other(other, z->apex);
			x->lame = x->why != LAME_NOT;
			x->soa_rcode = other->msg->rcode;
		}
	}
}

/* What each server of the zone says about q. */
static void judge_question(struct cut_work *w, struct cut_zone *z, const struct question *q)
{
	vec_each (struct cut_server, x, z->servers) {
		const struct seen_host *h = seen_host(&w->hosts, &x->addr);
		const struct seen *s = h ? seen_find(h, q->name, q->type) : NULL;

		if (!s || !s->msg)
			continue;
		x->reply = s->msg;
		x->meaning = msg_meaning(s->msg, q, z->apex);
		x->reply_evidence = s->index;
	}
}

/* The meaning that most servers give; those that are lame count only when there are no others. */
static enum msg_meaning consensus(const struct cut_zone *z, bool lame)
{
	size_t votes[MEANS_UNREADABLE + 1] = { 0 };
	enum msg_meaning best = MEANS_UNREADABLE;

	vec_each (struct cut_server, x, z->servers)
		if (x->reply && x->lame == lame)
			votes[x->meaning]++;
	for (size_t i = 0; i < ARRAY_LEN(votes); i++)
		if (votes[i] > votes[best])
			best = (enum msg_meaning)i;
	return best == MEANS_UNREADABLE && !lame ? consensus(z, true) : best;
}

static bool same_answer(struct cut_work *w, const struct cut_zone *z, const struct question *q)
{
	const struct cut_server *first = NULL;
	struct span want = { 0 };

	vec_each (struct cut_server, x, z->servers) {
		struct span got;

		if (!x->reply)
			continue;
		got = reply_answer(w->arena, x->reply, q);
		if (!first) {
			first = x;
			want = got;
		} else if (x->meaning != first->meaning || got.n != want.n ||
			   (got.n && memcmp(got.p, want.p, got.n) != 0)) {
			return false;
		}
	}
	return true;
}

/* Where an authority of the zone says that the alias at q's name leads, if it was asked on. */
static bool next_question(struct cut_work *w, const struct question *q, struct name *ret)
{
	struct name home = reply_home(q);
	const struct cut_zone *z = cut_deepest(w->tree, &home);

	if (!z)
		return false;
	vec_each (struct cut_server, x, z->servers) {
		const struct seen_host *h = seen_host(&w->hosts, &x->addr);
		const struct seen *s = h ? seen_find(h, q->name, q->type) : NULL;

		if (s && s->msg && reply_authority(s->msg) && reply_alias(s->msg, q, ret))
			return true;
	}
	return false;
}

static void mark_path(struct cut_work *w, const struct question *q)
{
	struct name home = reply_home(q);

	vec_each (struct cut_zone, z, w->tree->zones)
		if (name_under(&home, z->apex))
			z->on_path = true;
}

static bool asked(const struct cut_work *w, const struct question *q)
{
	vec_each (struct seen_host, h, w->hosts)
		if (seen_find(h, q->name, q->type))
			return true;
	return false;
}

/* Follows the aliases as far as they were asked; a loop ends where it closes. */
static struct question chain_end(struct cut_work *w)
{
	struct question q = w->facts->question;
	const struct name *met[CHAIN_STEPS];
	struct name next;

	mark_path(w, &q);
	for (size_t n = 0; n < CHAIN_STEPS && next_question(w, &q, &next); n++) {
		struct question on = { &next, q.type, q.class };

		met[n] = q.name;
		for (size_t i = 0; i <= n; i++)
			if (name_equal(met[i], &next))
				return q;
		if (!asked(w, &on))
			return q;
		q.name = name_keep(w->arena, &next);
		w->tree->aliases = n + 1;
		mark_path(w, &q);
	}
	return q;
}

static bool silent(const struct cut_zone *z)
{
	vec_each (struct cut_server, x, z->servers)
		if (x->replied)
			return false;
	return true;
}

/* Without these zones the name servers cannot be found, though the question is not in them. */
static void mark_for_servers(struct cut_tree *t, const struct cut_zone *of)
{
	vec_each (struct cut_ns, ns, of->ns)
		vec_each (struct cut_zone, z, t->zones)
			z->for_servers |= name_under(ns->name, z->apex);
}

void cut_judge(struct cut_work *w)
{
	struct cut_tree *t = w->tree;
	struct cut_zone *last;
	struct question end;
	struct name home;

	vec_each (struct cut_zone, z, t->zones)
		vec_each (struct cut_server, x, z->servers)
			judge_server(w, z, x);
	if (!w->facts->question.name)
		return;
	end = chain_end(w);
	home = reply_home(&end);
	t->end = end.name;
	vec_each (struct cut_zone, z, t->zones)
		if (z->on_path && name_labels(z->apex) > 0)
			mark_for_servers(t, z);
	vec_each (struct cut_zone, z, t->zones)
		if (name_under(&home, z->apex))
			judge_question(w, z, &end);

	last = cut_deepest(t, &home);
	if (!last || (last->parent < 0 && silent(last)))
		return;
	t->last = (int)(last - t->zones.v);
	t->meaning = consensus(last, false);
	t->consistent = same_answer(w, last, &end);
}
