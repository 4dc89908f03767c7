/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences, dig lines and JSON of an isolation. */
#include "render/isolate.h"

static const char *const doubts[ISOLATE_DOUBTS] = {
	[ISOLATE_SURE] = "",
	[ISOLATE_ALIKE] = "the two queries do not differ",
	[ISOLATE_MANY] = "the two queries differ in too much",
	[ISOLATE_BROKEN] = "the query that should work is not answered, or not always",
	[ISOLATE_UNSENT] = "a query could not be sent",
	[ISOLATE_UNSTEADY] = "the same query is answered now so, now so",
	[ISOLATE_CUT] = "the search did not come to its end",
	[ISOLATE_LONG] = "it would take too many queries",
	[ISOLATE_FULL] = "no more are looked for",
};

static const char *cause_sentence(
	struct arena *a, const struct isolate_result *r, const struct isolate_cause *c)
{
	return arena_printf(a, "%s %s queries %s; without that the query gets %s",
		words_server(a, &c->with.server), isolate_does(a, &c->how),
		factor_set_words(a, &r->pair, c->set), isolate_gets(a, &c->got));
}

static const char *sound_sentence(struct arena *a, const struct isolate_result *r)
{
	const struct isolate_cause *c = &r->causes[0];
	const char *server = words_server(a, &c->with.server), *also = "", *verb = "answers";

	if (r->sound.family != ADDR_NONE) {
		also = arena_printf(a, " and %s", words_server(a, &r->sound));
		verb = "answer";
	}
	return arena_printf(a, "%s%s %s the query that was to fail: %s", server, also, verb,
		isolate_gets(a, &c->how));
}

const char *isolate_sentence(struct arena *a, const struct isolate_result *r)
{
	if (r->verdict == ISOLATE_SOUND)
		return sound_sentence(a, r);
	if (r->verdict == ISOLATE_FOUND)
		return cause_sentence(a, r, &r->causes[0]);
	return arena_printf(a, "cannot tell what makes the query to %s fail: %s",
		words_server(a, &r->causes[0].with.server), doubts[r->doubt]);
}

static void add_line(struct making *m, enum report_mark mark, const char *text)
{
	vec_push(m->a, &m->r->shapes, (struct report_line){ mark == MARK_NONE, mark, text });
}

static void count_line(struct making *m, const struct isolate_cause *c)
{
	add_line(m, MARK_NONE,
		arena_printf(m->a, "the one that has it failed %u %s, without it %u %s answered",
			c->failures, c->failures == 1 ? "time" : "times", c->replies,
			c->replies == 1 ? "was" : "were"));
}

/* What is to be left out, so that the failing query is answered. */
static const char *what_less(const struct isolate_result *r)
{
	if (r->ncauses > 1)
		return "one factor of each";
	return r->causes[0].set & (r->causes[0].set - 1) ? "any one of these" : "that";
}

/* Whether that is all. */
static void more_line(struct making *m, const struct isolate_result *r)
{
	if (r->more == ISOLATE_FULL)
		add_line(m, MARK_NONE,
			"without these the failing query still fails: there is more, which is not "
			"looked for");
	else if (r->more)
		add_line(m, MARK_DOUBT,
			arena_printf(m->a,
				"whether something else makes it fail, too, cannot be "
				"told: %s",
				doubts[r->more]));
	else
		add_line(m, MARK_NONE,
			arena_printf(
				m->a, "without %s the failing query is answered", what_less(r)));
}

/* A program draws its ports from many: that one works says nothing of the others. */
static void port_line(struct making *m, const struct isolate_result *r)
{
	uint16_t port = r->causes[0].with.source.port;

	if (r->verdict == ISOLATE_SOUND && port)
		add_line(m, MARK_NONE,
			arena_printf(m->a,
				"asked from source port %u alone: dnsfault ports tells of others",
				port));
}

void isolate_lines(struct making *m)
{
	const struct isolate_result *r = m->r->inferences->isolated;
	struct buf b = { .arena = m->a };

	if (!r)
		return;
	for (size_t i = 0; i < r->ncauses; i++) {
		add_line(m, MARK_BAD, cause_sentence(m->a, r, &r->causes[i]));
		count_line(m, &r->causes[i]);
	}
	if (!r->ncauses)
		add_line(m, r->verdict == ISOLATE_SOUND ? MARK_GOOD : MARK_DOUBT,
			isolate_sentence(m->a, r));
	else
		more_line(m, r);
	port_line(m, r);
	for (size_t i = 0; i < r->pair.n; i++)
		buf_printf(&b, "%s%s", i ? ", " : "the two queries that were given differ in ",
			factor_slug(m->a, &r->pair.v[i]));
	if (b.n)
		add_line(m, MARK_NONE, buf_text(&b));
	if (r->trials)
		add_line(m, MARK_NONE,
			arena_printf(m->a, "%u queries in all; %u of %u replies lost", r->trials,
				r->lost, r->sent));
}

static void add_try(struct making *m, struct report_finding *x, size_t index, const char *expect)
{
	const struct facts *f = m->r->facts;

	if (index >= f->n)
		return;
	vec_push(m->a, &x->reproduce,
		(struct report_try){
			prove_dig_whole(m->a, f->v[index], f->v[index]->ask.source.port), expect });
}

void isolate_tries(struct making *m, struct report_finding *x)
{
	const struct isolate_result *r = m->r->inferences->isolated;

	for (size_t i = 0; r && i < r->ncauses; i++) {
		const struct isolate_cause *c = &r->causes[i];

		if (!x->finding->evidence.n || x->finding->evidence.v[0] != c->with_index)
			continue;
		add_try(m, x, c->with_index,
			arena_printf(m->a, "seen: %s", isolate_gets(m->a, &c->how)));
		add_try(m, x, c->without_index,
			arena_printf(m->a, "seen: %s", isolate_gets(m->a, &c->got)));
	}
}

static void put_dig(struct json *j, const struct report *r, const char *key, size_t index)
{
	const struct facts *f = r->facts;

	if (index < f->n && f->v[index]->ask.question.name)
		json_str(j, key,
			prove_dig_whole(j->out->arena, f->v[index], f->v[index]->ask.source.port));
}

static void put_factors(
	struct json *j, const char *key, const struct isolate_result *r, uint64_t set)
{
	json_array(j, key);
	for (size_t i = 0; i < r->pair.n; i++)
		if (set & factor_bit(i))
			json_str(j, NULL, factor_slug(j->out->arena, &r->pair.v[i]));
	json_end(j);
}

static void put_cause(struct json *j, const struct report *report, const struct isolate_cause *c)
{
	put_factors(j, "factors", report->inferences->isolated, c->set);
	json_uint(j, "failures", c->failures);
	json_uint(j, "replies", c->replies);
	if (!c->set)
		return;
	json_str(j, "with", isolate_gets(j->out->arena, &c->how));
	json_str(j, "without", isolate_gets(j->out->arena, &c->got));
	put_dig(j, report, "fails", c->with_index);
	put_dig(j, report, "works", c->without_index);
}

static void put_causes(struct json *j, const struct report *report)
{
	const struct isolate_result *r = report->inferences->isolated;

	json_array(j, "causes");
	for (size_t i = 0; i < r->ncauses; i++) {
		json_object(j, NULL);
		json_str(j, "text", cause_sentence(j->out->arena, r, &r->causes[i]));
		put_cause(j, report, &r->causes[i]);
		json_end(j);
	}
	json_end(j);
	if (r->ncauses)
		json_str(j, "more",
			r->more ? isolate_doubt_slug((enum isolate_doubt)r->more) : "none");
}

void isolate_json(struct json *j, const struct report *report)
{
	const struct isolate_result *r = report->inferences->isolated;

	if (!r)
		return;
	json_object(j, "isolation");
	json_str(j, "server", words_server(j->out->arena, &r->causes[0].with.server));
	json_str(j, "verdict", isolate_verdict_slug((enum isolate_verdict)r->verdict));
	if (r->doubt)
		json_str(j, "doubt", isolate_doubt_slug((enum isolate_doubt)r->doubt));
	json_str(j, "text", isolate_sentence(j->out->arena, r));
	put_factors(j, "differ", r, factor_all(&r->pair));
	/* Of the first cause; all of them stand below. */
	put_cause(j, report, &r->causes[0]);
	put_causes(j, report);
	json_uint(j, "queries", r->trials);
	json_uint(j, "lost", r->lost);
	json_end(j);
}
