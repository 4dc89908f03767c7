/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences, dig lines and JSON of an isolation. */
#include "render/isolate.h"

#include "dns/text.h"

static const char *const doubts[ISOLATE_DOUBTS] = {
	[ISOLATE_SURE] = "",
	[ISOLATE_ALIKE] = "the two queries do not differ",
	[ISOLATE_MANY] = "the two queries differ in too much",
	[ISOLATE_BROKEN] = "the query that should work is not answered, or not always",
	[ISOLATE_UNSENT] = "a query could not be sent",
	[ISOLATE_UNSTEADY] = "the same query is answered now so, now so",
	[ISOLATE_CUT] = "the search did not come to its end",
};

/* What the server does to the failing query: a verb. */
static const char *const verbs[] = {
	[ISOLATE_SILENT] = "does not answer",
	[ISOLATE_RCODE] = "answers an error to",
	[ISOLATE_MALFORMED] = "gives unreadable replies to",
	[ISOLATE_ICMP] = "is not reached by",
	[ISOLATE_REFUSED] = "makes no TCP connection for",
	[ISOLATE_RESET] = "closes the TCP connection of",
	[ISOLATE_WORKS] = "answers",
};

static const char *does(struct arena *a, const struct isolate_result *r)
{
	char text[TEXT_MNEMONIC];

	if (r->kind == ISOLATE_RCODE)
		return arena_printf(a, "answers %s to", text_rcode(r->code, text));
	return verbs[r->kind];
}

const char *isolate_sentence(struct arena *a, const struct isolate_result *r)
{
	const char *server = words_server(a, &r->with.server);

	if (r->verdict == ISOLATE_SOUND)
		return arena_printf(a, "%s answers the query that was to fail", server);
	if (r->verdict != ISOLATE_FOUND)
		return arena_printf(a, "cannot tell what makes the query to %s fail: %s", server,
			doubts[r->doubt]);
	return arena_printf(a, "%s %s queries %s; without that the same query is answered", server,
		does(a, r), factor_set_words(a, &r->pair, r->set));
}

void isolate_lines(struct making *m)
{
	const struct isolate_result *r = m->r->inferences->isolated;
	enum report_mark mark = MARK_DOUBT;
	struct buf b = { .arena = m->a };

	if (!r)
		return;
	if (r->verdict == ISOLATE_FOUND)
		mark = MARK_BAD;
	else if (r->verdict == ISOLATE_SOUND)
		mark = MARK_GOOD;
	vec_push(m->a, &m->r->shapes, (struct report_line){ 0, mark, isolate_sentence(m->a, r) });
	buf_printf(&b, "the two queries that were given differ in");
	for (size_t i = 0; i < r->pair.n; i++)
		buf_printf(&b, "%s%s", i ? ", " : " ", factor_slug(m->a, &r->pair.v[i]));
	vec_push(m->a, &m->r->shapes, (struct report_line){ 1, MARK_NONE, buf_text(&b) });
	vec_push(m->a, &m->r->shapes,
		(struct report_line){ 1, MARK_NONE,
			arena_printf(m->a,
				"the failing one failed %u times, the other was answered %u times; "
				"%u queries in all; %u of %u replies lost",
				r->failures, r->replies, r->trials, r->lost, r->sent) });
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

	if (!r)
		return;
	add_try(m, x, r->with_index,
		r->kind == ISOLATE_SILENT ? "seen: no reply" : "seen: an error");
	add_try(m, x, r->without_index, "seen: a reply");
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

void isolate_json(struct json *j, const struct report *report)
{
	const struct isolate_result *r = report->inferences->isolated;

	if (!r)
		return;
	json_object(j, "isolation");
	json_str(j, "server", words_server(j->out->arena, &r->with.server));
	json_str(j, "verdict", isolate_verdict_slug((enum isolate_verdict)r->verdict));
	if (r->doubt)
		json_str(j, "doubt", isolate_doubt_slug((enum isolate_doubt)r->doubt));
	json_str(j, "text", isolate_sentence(j->out->arena, r));
	put_factors(j, "differ", r, factor_all(&r->pair));
	put_factors(j, "factors", r, r->set);
	json_uint(j, "queries", r->trials);
	json_uint(j, "failures", r->failures);
	json_uint(j, "replies", r->replies);
	json_uint(j, "lost", r->lost);
	if (r->verdict == ISOLATE_FOUND) {
		put_dig(j, report, "fails", r->with_index);
		put_dig(j, report, "works", r->without_index);
	}
	json_end(j);
}
