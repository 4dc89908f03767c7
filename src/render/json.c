/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as the contract's one JSON document. */
#include <time.h>

#include "base/err.h"
#include "base/json.h"
#include "dns/text.h"
#include "render/finding_json.h"
#include "render/mail_json.h"
#include "render/opinion.h"
#include "render/path_words.h"
#include "render/report.h"
#include "render/isolate.h"
#include "render/shapes.h"
#include "render/side_json.h"
#include "render/tree_json.h"
#include "render/vantage.h"
#include "render/sweep_json.h"
#include "render/words.h"

enum { SCHEMA = 1, INDENT = 2 };

static const char *const states[] = {
	[VERDICT_OK] = "ok",
	[VERDICT_FAULT] = "fault",
	[VERDICT_UNDECIDED] = "undecided",
};

static void put_texts(struct json *j, const char *key, const struct VEC_texts *v)
{
	if (!v->n)
		return;
	json_array(j, key);
	for (size_t i = 0; i < v->n; i++)
		json_str(j, NULL, v->v[i]);
	json_end(j);
}

static void put_integer(struct json *j, const struct detail *d)
{
	json_int(j, d->key, d->integer);
}

static void put_share(struct json *j, const struct detail *d)
{
	json_double(j, d->key, d->number);
}

/* Durations are seconds, as "elapsed" is. */
static void put_duration(struct json *j, const struct detail *d)
{
	json_double(j, d->key, (double)d->integer / 1e6);
}

static void put_text(struct json *j, const struct detail *d)
{
	if (d->text)
		json_str(j, d->key, d->text);
}

static void put_name(struct json *j, const struct detail *d)
{
	if (d->name)
		json_str(j, d->key, words_name(j->out->arena, d->name));
}

static void put_addr(struct json *j, const struct detail *d)
{
	json_str(j, d->key, words_server(j->out->arena, &d->addr));
}

static void put_portset(struct json *j, const struct detail *d)
{
	if (d->ports)
		ports_json(j, d->key, d->ports);
}

static void put_list(struct json *j, const struct detail *d)
{
	json_array(j, d->key);
	for (size_t i = 0; i < d->ntexts; i++)
		json_str(j, NULL, d->texts[i]);
	json_end(j);
}

static void (*const details[])(struct json *j, const struct detail *d) = {
	[DETAIL_INT] = put_integer,
	[DETAIL_SHARE] = put_share,
	[DETAIL_DURATION] = put_duration,
	[DETAIL_TEXT] = put_text,
	[DETAIL_NAME] = put_name,
	[DETAIL_ADDR] = put_addr,
	[DETAIL_PORTS] = put_portset,
	[DETAIL_TEXTS] = put_list,
};

static void put_evidence(struct json *j, const struct report_finding *x)
{
	if (!x->evidence.n)
		return;
	json_array(j, "evidence");
	vec_each (const struct report_evidence, e, x->evidence) {
		json_object(j, NULL);
		json_str(j, "server", words_server(j->out->arena, &e->server));
		json_str(j, "ask", e->ask);
		json_str(j, "outcome", e->outcome);
		if (e->vantage)
			json_str(j, "vantage", e->vantage);
		json_uint(j, "count", e->count);
		json_end(j);
	}
	json_end(j);
}

static void put_advice(struct json *j, const struct report_finding *x)
{
	if (!x->advice_here.n && !x->advice_there.n)
		return;
	json_array(j, "advice");
	for (size_t i = 0; i < x->advice_here.n; i++)
		json_str(j, NULL, x->advice_here.v[i]);
	for (size_t i = 0; i < x->advice_there.n; i++)
		json_str(j, NULL, x->advice_there.v[i]);
	json_end(j);
}

static void put_finding(struct json *j, const char *key, const struct report_finding *x)
{
	const struct finding *f = x->finding;

	json_object(j, key);
	finding_json(j, f);
	if (f->test_case)
		json_str(j, "test", f->test_case);
	if (effect_slug(f->effect))
		json_str(j, "effect", effect_slug(f->effect));
	json_double(j, "confidence", f->confidence);
	json_str(j, "summary", x->summary);
	json_object(j, "detail");
	vec_each (const struct detail, d, f->details)
		details[d->kind](j, d);
	json_end(j);
	put_evidence(j, x);
	vantage_finding_json(j, f);
	if (x->reproduce.n) {
		json_array(j, "reproduce");
		vec_each (const struct report_try, t, x->reproduce)
			json_str(j, NULL, t->command);
		json_end(j);
	}
	put_advice(j, x);
	put_texts(j, "refs", &x->refs);
	json_end(j);
}

/* One sweep's untested ports, by reason. */
static void put_queries(struct json *j, const struct inferences *in)
{
	json_object(j, "queries");
	json_uint(j, "sent", in->sent);
	json_uint(j, "answered", in->answered);
	json_uint(j, "lost", in->lost);
	json_object(j, "by_server");
	vec_each (const struct server_queries, q, in->by_server)
		json_uint(j, words_server(j->out->arena, &q->server), q->sent);
	json_end(j);
	json_end(j);
}

static void put_head(struct json *j, const struct report *r)
{
	const struct question *q = &r->facts->question;
	time_t started = (time_t)r->facts->started;
	char text[64], type[TEXT_MNEMONIC];
	struct tm tm;

	json_int(j, "schema", SCHEMA);
	json_str(j, "tool", "dnsfault");
	json_str(j, "version", DNSFAULT_VERSION);
	json_str(j, "command", r->command);
	if (gmtime_r(&started, &tm) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		json_str(j, "started", text);
	json_double(j, "elapsed", (double)r->facts->elapsed / 1e6);
	if (q->name) {
		json_object(j, "question");
		json_str(j, "name", words_name(j->out->arena, q->name));
		json_str(j, "type", text_type(q->type, type));
		json_end(j);
	}
	json_object(j, "verdict");
	json_str(j, "state", states[r->verdict.state]);
	json_str(j, "where", where_slug(r->verdict.where));
	json_str(j, "summary", r->summary);
	json_end(j);
}

static void put_document(struct json *j, const char *key, const struct report *r)
{
	json_object(j, key);
	put_head(j, r);
	json_array(j, "findings");
	vec_each (const struct report_finding, x, r->findings)
		put_finding(j, NULL, x);
	json_end(j);
	sweeps_json(j, r);
	tree_json(j, r);
	shapes_json(j, r);
	isolate_json(j, r);
	mail_json(j, r);
	path_json(j, r->inferences);
	side_json(j, r);
	opinion_json(j, r);
	vantage_json(j, r);
	put_queries(j, r->inferences);
	untested_json(j, r);
	json_end(j);
}

void report_json(const struct report *r, struct buf *out)
{
	struct json j = { .out = out, .indent = INDENT };

	put_document(&j, NULL, r);
	buf_char(out, '\n');
}

void report_jsonl(const struct report *r, struct buf *out)
{
	struct json last = { .out = out };

	vec_each (const struct report_finding, x, r->findings) {
		struct json j = { .out = out };

		json_object(&j, NULL);
		put_finding(&j, "finding", x);
		json_end(&j);
		buf_char(out, '\n');
	}
	json_object(&last, NULL);
	put_document(&last, "report", r);
	json_end(&last);
	buf_char(out, '\n');
}
