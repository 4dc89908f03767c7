// SPDX-License-Identifier: GPL-3.0-or-later
// Test cases of letter case: does it come back as it was sent, and does it make a difference.
#include <string.h>

#include "base/rng.h"
#include "base/table.h"
#include "check/cases/nameserver_inner.h"
#include "check/cases/tally.h"
#include "dns/rr.h"

enum { CASE_BIT = 0x20 };

static bool is_letter(uint8_t octet)
{
	octet |= CASE_BIT;
	return octet >= 'a' && octet <= 'z';
}

/* The name with each letter's case as a random number has it. Length octets are no letters. */
static struct name scramble(const struct name *n, uint64_t seed)
{
	struct rng rng = rng_seed(seed);
	struct name ret = *n;

	for (unsigned int i = 0; i < n->len; i++)
		if (is_letter(n->wire[i]) && rng_below(&rng, 2))
			ret.wire[i] ^= CASE_BIT;
	return ret;
}

/* Three spellings of a name below the zone, which stay the same in every pass. */
struct spellings {
	struct name plain, one, two; /* plain: in lower case */
};

/* false: the zone's name is too long for it. */
static bool spell(const struct cases *c, struct spellings *ret)
{
	uint64_t seed = 0;

	if (name_prepend(c->zone, "www", &ret->plain) < 0)
		return false;
	for (unsigned int i = 0; i < ret->plain.len; i++)
		seed = table_mix(seed, ret->plain.wire[i]);
	do
		ret->one = scramble(&ret->plain, seed++);
	while (name_same_case(&ret->one, &ret->plain));
	do
		ret->two = scramble(&ret->plain, seed++);
	while (name_same_case(&ret->two, &ret->plain) || name_same_case(&ret->two, &ret->one));
	return true;
}

static const struct entry *ask(struct cases *c, const struct server *s, const struct name *name)
{
	return cases_ask(
		c, s, &(struct cases_q){ .type = RR_SOA, .manner = MANNER_CASE, .name = name });
}

static bool echoes_otherwise(const struct observation *o, const struct entry *e)
{
	const struct question *q = &o->ask.question;

	return o->outcome == OUTCOME_STRAY && o->why == WHY_STRAY_QUESTION &&
	       o->ask.role == ROLE_TREE && addr_equal(&o->ask.server, &e->server) && q->name &&
	       q->type == e->question->type && name_same_case(q->name, e->question->name) &&
	       o->msg && msg_usable(o->msg) && o->msg->nquestions == 1 &&
	       o->msg->questions[0].type == q->type && o->msg->questions[0].class == q->class &&
	       name_equal(o->msg->questions[0].name, q->name);
}

/*
 * The reply. One whose question comes back in other letters is no reply to a resolver that looks at
 * them; here it is.
 */
static const struct msg *reply_of(const struct cases *c, const struct entry *e)
{
	const struct facts *f = c->tree->facts;

	for (size_t i = 0; !e->msg && e->state == ENTRY_SILENT && i < f->n; i++)
		if (echoes_otherwise(f->v[i], e))
			return f->v[i]->msg;
	return e->msg;
}

/* A name as a text of the pass, which keeps its letters. */
static const char *name_of(const struct cases *c, const struct name *n)
{
	char text[NAME_TEXT];

	return arena_str(c->arena, name_text(n, text));
}

void nameserver08(struct cases *c)
{
	struct tally t = { .c = c };
	struct spellings names;

	if (!spell(c, &names))
		return;
	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = ask(c, s, &names.one);
		const struct msg *m = reply_of(c, e);

		if (!m || m->nquestions == 0)
			continue;
		tally_add_by(&t,
			(struct tally_by){ name_same_case(m->questions[0].name, &names.one)
						   ? TAG_QNAME_CASE_SENSITIVE
						   : TAG_QNAME_CASE_INSENSITIVE,
				"domain", name_of(c, &names.one) },
			e);
	}
	tally_emit(&t);
}

static bool has_answer(const struct msg *m)
{
	return msg_count(m, (struct rr_wanted){ MSG_ANSWER, 0, NULL }) > 0;
}

static bool same_answer(
	const struct cases *c, const struct msg *a, const struct msg *b, const struct question *q)
{
	return span_equal(reply_answer(c->arena, a, q), reply_answer(c->arena, b, q));
}

/* Two spellings, asked of one server. */
struct pair {
	const struct name *name[2];
	const struct entry *e[2];
	const struct msg *m[2];
};

static enum tag judge(const struct cases *c, const struct pair *p)
{
	if (!p->m[0] || !p->m[1])
		return TAG_CASE_QUERY_NO_ANSWER;
	if (has_answer(p->m[0]) || has_answer(p->m[1]))
		return same_answer(c, p->m[0], p->m[1], p->e[0]->question)
			       ? TAG_CASE_QUERY_SAME_ANSWER
			       : TAG_CASE_QUERY_DIFFERENT_ANSWER;
	return p->m[0]->rcode == p->m[1]->rcode ? TAG_CASE_QUERY_SAME_RC
						: TAG_CASE_QUERY_DIFFERENT_RC;
}

static bool is_over(const struct entry *e)
{
	return e->state == ENTRY_REPLIED || e->state == ENTRY_SILENT;
}

static bool is_same(enum tag tag)
{
	return tag == TAG_CASE_QUERY_SAME_ANSWER || tag == TAG_CASE_QUERY_SAME_RC;
}

static struct pair ask_pair(
	struct cases *c, const struct server *s, const struct name *one, const struct name *two)
{
	struct pair p = { { one, two }, { ask(c, s, one), ask(c, s, two) }, { NULL } };

	for (size_t i = 0; i < 2; i++)
		p.m[i] = reply_of(c, p.e[i]);
	return p;
}

static bool comparable(const struct pair *p)
{
	return is_over(p->e[0]) && is_over(p->e[1]) && (p->m[0] || p->m[1]);
}

/*
 * All servers are asked; the pairs that can be compared. Zonemaster compares two spellings with
 * letters of both cases. A server to which they are one and the same may still have another reply
 * to lower case, as most resolvers ask.
 */
struct pairs VEC(struct pair);
static struct pairs ask_pairs(struct cases *c, const struct spellings *names)
{
	struct pairs ret = { 0 };

	vec_each (const struct server, s, c->del->all) {
		struct pair mixed = ask_pair(c, s, &names->one, &names->two);
		struct pair lower = ask_pair(c, s, &names->plain, &names->one);
		bool differs = comparable(&lower) && !is_same(judge(c, &lower));

		if (differs && (!comparable(&mixed) || is_same(judge(c, &mixed))))
			vec_push(c->arena, &ret, lower);
		else if (comparable(&mixed))
			vec_push(c->arena, &ret, mixed);
	}
	return ret;
}

/* Details of one server's pair. */
static void describe(struct cases *c, struct finding *x, const struct pair *p)
{
	static const char *const keys[] = { "rcode1", "rcode2" };

	cases_type(c, x, "type", RR_SOA);
	cases_text(c, x, "query1", name_of(c, p->name[0]));
	cases_text(c, x, "query2", name_of(c, p->name[1]));
	cases_evidence(c, x, p->e[1]);
	for (size_t i = 0; i < 2; i++)
		if (p->m[i])
			cases_rcode(c, x, keys[i], p->m[i]->rcode);
}

/* A resolver that sends lower case sees nothing of it. */
static void weaken(struct finding *x)
{
	if (x && x->effect == EFFECT_EXPLAINS)
		x->effect = EFFECT_INTERMITTENT;
}

void nameserver09(struct cases *c)
{
	struct heard differ = { 0 }, same = { 0 };
	struct spellings names;
	struct pairs pairs;
	struct finding *x;

	if (!spell(c, &names))
		return;
	pairs = ask_pairs(c, &names);
	vec_each (const struct pair, p, pairs) {
		enum tag tag = judge(c, p);
		struct heard one = { 0 };

		vec_push(c->arena, &one, p->e[0]);
		x = cases_emit_heard(c, tag, &one);
		describe(c, x, p);
		weaken(x);
		if (is_same(tag))
			vec_push(c->arena, &same, p->e[0]);
		else
			vec_push(c->arena, &differ, p->e[0]);
	}
	x = differ.n ? cases_emit_heard(c, TAG_CASE_QUERIES_RESULTS_DIFFER, &differ)
		     : cases_emit_heard(c, TAG_CASE_QUERIES_RESULTS_OK, &same);
	if (!x)
		return;
	weaken(x);
	cases_type(c, x, "type", RR_SOA);
	cases_name(c, x, "domain", &names.plain);
}
