/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a scan that was done elsewhere. */
#include "render/record_line.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"

enum { VERSION = 1, SLUG = 64 };

static bool is_slug(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n < SLUG && !text[n];
}

static bool read_state(const char *slug, enum record_state *ret)
{
	for (enum record_state s = 0; s < RECORD_STATES; s++)
		if (strcmp(record_state_slug(s), slug) == 0) {
			*ret = s;
			return true;
		}
	return false;
}

/* A name and a type, or a server alone. */
static bool read_about(struct arena *a, const struct json_value *v, struct record *r)
{
	struct question *q = arena_alloc(a, sizeof(*q));
	const char *about = json_get_str(v, "name", ""), *type = json_get_str(v, "type", NULL);
	struct name name;

	if (!type) {
		r->subject = about;
		return *about;
	}
	if (name_parse(about, &name) < 0 || text_parse_type(type, &q->type) < 0)
		return false;
	q->name = name_keep(a, &name);
	q->class = CLASS_IN;
	r->question = q;
	return true;
}

int record_line_read(struct arena *a, struct span text, struct record_line *ret)
{
	struct record_line l = { .text = text };
	struct record *r = &l.record;
	int64_t elapsed;

	if (json_read(a, text, &l.json, NULL) < 0 || l.json->type != JSON_OBJECT || text.n < 2 ||
		text.p[0] != '{' || text.p[text.n - 1] != '}' ||
		json_get_int(l.json, "scan", 0) != VERSION)
		return -ERR_PARSE;
	r->verdict = json_get_str(l.json, "verdict", "");
	elapsed = json_get_int(l.json, "elapsed", 0);
	if (!is_slug(r->verdict) || elapsed < 0 || !read_about(a, l.json, r) ||
		!read_state(json_get_str(l.json, "state", ""), &r->state))
		return -ERR_PARSE;
	r->elapsed = (uint64_t)elapsed;
	*ret = l;
	return 0;
}

/* The log is the last member of an object: of an own one, then of the line's. */
void record_line_json(const struct record_line *l, struct buf *out)
{
	struct buf own = { .arena = out->arena };
	struct json j = { .out = &own };

	if (!l->record.nlog) {
		buf_put(out, l->text.p, l->text.n);
		buf_char(out, '\n');
		return;
	}
	json_object(&j, NULL);
	record_log_json(&j, &l->record);
	json_end(&j);
	buf_put(out, l->text.p, l->text.n - 1);
	buf_char(out, ',');
	buf_put(out, own.p + 1, own.n - 1);
	buf_char(out, '\n');
}

/* Columns. */

static void put_text(struct buf *out, const struct record_line *l, const char *key)
{
	record_csv_field(out, json_get_str(l->json, key, ""));
}

static void put_number(struct buf *out, const struct record_line *l, const char *key)
{
	int64_t v = json_get_int(l->json, key, 0);

	buf_char(out, ',');
	buf_uint(out, v > 0 ? (uint64_t)v : 0);
}

/* How many records answer, and the data of the first one of the type that was asked for. */
static void put_answers(struct buf *out, const struct record_line *l)
{
	const struct json_value *all = json_get(l->json, "answers");
	size_t n = all && all->type == JSON_ARRAY ? all->n : 0;
	const char *type = json_get_str(l->json, "type", ""), *first = "";

	for (size_t i = n; i > 0; i--)
		if (strcmp(json_get_str(&all->items[i - 1], "type", ""), type) == 0)
			first = json_get_str(&all->items[i - 1], "data", "");
	buf_char(out, ',');
	buf_uint(out, n);
	record_csv_field(out, first);
}

static void put_end(struct buf *out, const struct record_line *l)
{
	uint64_t n = 0;

	for (size_t i = 0; i < l->record.nlog; i++)
		n += l->record.log[i].count;
	buf_char(out, ',');
	buf_uint(out, n);
	buf_char(out, '\n');
}

static void put_found(struct buf *out, const struct record_line *l)
{
	const struct json_value *all = json_get(l->json, "findings");

	put_text(out, l, "where");
	buf_char(out, ',');
	buf_uint(out, all && all->type == JSON_ARRAY ? all->n : 0);
	put_text(out, l, "summary");
	buf_str(out, ",,,,");
}

static void put_way(struct buf *out, const struct record_line *l)
{
	put_text(out, l, "rcode");
	put_answers(out, l);
	put_text(out, l, "server");
	put_number(out, l, "port");
	put_text(out, l, "transport");
	put_number(out, l, "source_port");
}

void record_line_csv(const struct record_line *l, struct buf *out)
{
	bool found = json_get(l->json, "findings") != NULL;

	put_text(out, l, "name");
	put_text(out, l, "type");
	put_text(out, l, "state");
	put_text(out, l, "verdict");
	if (found)
		put_found(out, l);
	else
		put_way(out, l);
	put_number(out, l, "tries");
	if (found)
		buf_char(out, ',');
	else
		put_number(out, l, "rtt");
	put_number(out, l, "elapsed");
	put_end(out, l);
}
