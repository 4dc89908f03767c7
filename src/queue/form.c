/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of the queue: a table of fields each, written and read by the same rows. */
#include "queue/form.h"

#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/vec.h"

enum kind { ID, TEXT, NUMBER, TEXTS };

/* A member of a struct, and what it may be. */
struct field {
	const char *key;
	enum kind kind;
	bool needed;
	size_t at;
	int64_t most; /* of a number; octets of a text; texts */
};

struct fields {
	const char *what; /* the key that says which form it is; its value is the version */
	const struct field *rows;
	size_t n;
};

enum { ADDR_MOST = 80, WORD = 16, COUNT_MOST = 1 << 30 };

#define NUMBERS(s)                                                                                 \
	{ "family", NUMBER, false, offsetof(struct s, numbers.family), 6 },                        \
		{ "rate", NUMBER, false, offsetof(struct s, numbers.rate), 1000000 },              \
		{ "budget", NUMBER, false, offsetof(struct s, numbers.budget), 100000000 },        \
		{ "timeout", NUMBER, false, offsetof(struct s, numbers.timeout), 60000 },          \
		{ "tries", NUMBER, false, offsetof(struct s, numbers.tries), 20 },                 \
	{                                                                                          \
		"concurrency", NUMBER, false, offsetof(struct s, numbers.concurrency), 100000      \
	}

static const struct field job_rows[] = {
	{ "scan", ID, true, offsetof(struct form_job, scan), FORM_ID },
	{ "job", NUMBER, true, offsetof(struct form_job, job), COUNT_MOST },
	{ "probe", ID, true, offsetof(struct form_job, probe), WORD },
	{ "name", TEXT, false, offsetof(struct form_job, name), FORM_LINE },
	{ "type", ID, false, offsetof(struct form_job, type), WORD },
	{ "ports", TEXT, false, offsetof(struct form_job, ports), FORM_PORTS },
	NUMBERS(form_job),
	{ "servers", TEXTS, false, offsetof(struct form_job, servers), FORM_SERVERS },
	{ "names", TEXTS, true, offsetof(struct form_job, names), FORM_NAMES },
};
static const struct fields job_fields = { "dnsfault-job", job_rows, ARRAY_LEN(job_rows) };

static const struct field question_rows[] = {
	{ "id", ID, true, offsetof(struct form_question, id), FORM_ID },
	{ "verb", ID, true, offsetof(struct form_question, verb), WORD },
	{ "name", TEXT, false, offsetof(struct form_question, name), FORM_LINE },
	{ "type", ID, false, offsetof(struct form_question, type), WORD },
	{ "ports", TEXT, false, offsetof(struct form_question, ports), FORM_PORTS },
	NUMBERS(form_question),
	{ "tcp", NUMBER, false, offsetof(struct form_question, flags.tcp), 1 },
	{ "norecurse", NUMBER, false, offsetof(struct form_question, flags.norecurse), 1 },
	{ "cd", NUMBER, false, offsetof(struct form_question, flags.cd), 1 },
	{ "dnssec", NUMBER, false, offsetof(struct form_question, flags.dnssec), 1 },
	{ "servers", TEXTS, false, offsetof(struct form_question, servers), FORM_SERVERS },
};
static const struct fields question_fields = { "dnsfault-question", question_rows,
	ARRAY_LEN(question_rows) };

static const struct field piece_rows[] = {
	{ "scan", ID, true, offsetof(struct form_piece, scan), FORM_ID },
	{ "job", NUMBER, false, offsetof(struct form_piece, job), COUNT_MOST },
	{ "run", ID, true, offsetof(struct form_piece, run), FORM_ID },
	{ "site", ID, true, offsetof(struct form_piece, site), FORM_ID },
	{ "piece", NUMBER, true, offsetof(struct form_piece, piece), FORM_PIECES },
	{ "of", NUMBER, true, offsetof(struct form_piece, of), FORM_PIECES },
	{ "failed", TEXT, false, offsetof(struct form_piece, failed), FORM_WHY },
};
static const struct fields piece_fields = { "dnsfault-piece", piece_rows, ARRAY_LEN(piece_rows) };

static bool is_id_octet(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

bool form_is_id(const char *text)
{
	size_t n = 0;

	while (is_id_octet(text[n]))
		n++;
	return n && n <= FORM_ID && !text[n];
}

/* Writing. */

static const void *member(const void *form, const struct field *f)
{
	return (const char *)form + f->at;
}

static void put_texts(struct json *j, const char *key, const struct form_texts *t)
{
	if (!t->n)
		return;
	json_array(j, key);
	for (size_t i = 0; i < t->n; i++)
		json_str(j, NULL, t->v[i]);
	json_end(j);
}

static void put_field(struct json *j, const void *form, const struct field *f)
{
	const void *p = member(form, f);

	switch (f->kind) {
	case ID:
	case TEXT:
		if (*(const char *const *)p)
			json_str(j, f->key, *(const char *const *)p);
		break;
	case NUMBER:
		if (*(const int64_t *)p)
			json_int(j, f->key, *(const int64_t *)p);
		break;
	case TEXTS: put_texts(j, f->key, p); break;
	}
}

static void put(const struct fields *t, const void *form, struct buf *out)
{
	struct json j = { .out = out };

	json_object(&j, NULL);
	json_uint(&j, t->what, FORM_VERSION);
	for (size_t i = 0; i < t->n; i++)
		put_field(&j, form, &t->rows[i]);
	json_end(&j);
}

void form_job_write(const struct form_job *j, struct buf *out)
{
	put(&job_fields, j, out);
}

void form_question_write(const struct form_question *q, struct buf *out)
{
	put(&question_fields, q, out);
}

void form_piece_write(const struct form_piece *p, struct buf *out)
{
	put(&piece_fields, p, out);
	buf_char(out, '\n');
	buf_put(out, p->data.p, p->data.n);
}

/* Reading. */

struct reader {
	struct arena *arena;
	const char *why;
};

static int refuse(struct reader *r, const char *key, const char *why)
{
	r->why = arena_printf(r->arena, "%s: %s", key, why);
	return -ERR_PARSE;
}

/* One printable line. */
static bool is_text(const struct json_value *v, int64_t most)
{
	if (v->type != JSON_STRING || !v->n || v->n > (size_t)most)
		return false;
	for (size_t i = 0; i < v->n; i++)
		if (v->text[i] < 0x20 || v->text[i] > 0x7e)
			return false;
	return true;
}

static bool is_id(const struct json_value *v, int64_t most)
{
	return v->type == JSON_STRING && v->n <= (size_t)most && strlen(v->text) == v->n &&
	       form_is_id(v->text);
}

static int read_texts(struct reader *r, const struct field *f, const struct json_value *v, void *to)
{
	struct form_texts list = { 0 };
	int64_t most = f->most == FORM_SERVERS ? (int64_t)ADDR_MOST : (int64_t)FORM_LINE;

	if (v->type != JSON_ARRAY || !v->n || v->n > (size_t)f->most)
		return refuse(r, f->key, "not a list of 1 to so many that are allowed");
	for (size_t i = 0; i < v->n; i++) {
		if (!is_text(&v->items[i], most))
			return refuse(r, f->key, "not printable, or too long");
		vec_push(r->arena, &list, v->items[i].text);
	}
	*(struct form_texts *)to = list;
	return 0;
}

static int read_field(struct reader *r, const struct field *f, const struct json_value *v, void *to)
{
	switch (f->kind) {
	case ID:
		if (!is_id(v, f->most))
			return refuse(r, f->key, "not an id");
		*(const char **)to = v->text;
		return 0;
	case TEXT:
		if (!is_text(v, f->most))
			return refuse(r, f->key, "not printable, or too long");
		*(const char **)to = v->text;
		return 0;
	case NUMBER:
		if (v->type != JSON_NUMBER || !v->is_int || v->integer < 1 || v->integer > f->most)
			return refuse(r, f->key, "not a number within its bounds");
		*(int64_t *)to = v->integer;
		return 0;
	case TEXTS: return read_texts(r, f, v, to);
	}
	return -ERR_PARSE;
}

static const struct field *find(const struct fields *t, const char *key)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->rows[i].key, key) == 0)
			return &t->rows[i];
	return NULL;
}

static int read_members(
	struct reader *r, const struct fields *t, const struct json_value *v, void *form)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct field *f = find(t, v->keys[i]);
		int err;

		if (!f && strcmp(v->keys[i], t->what) == 0)
			continue;
		/* Not quoted: it is anybody's bytes. */
		if (!f)
			return refuse(r, t->what, "it has a key that is not known here");
		err = read_field(r, f, &v->items[i], (char *)form + f->at);
		if (err < 0)
			return err;
	}
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].needed && !json_get(v, t->rows[i].key))
			return refuse(r, t->rows[i].key, "missing");
	return 0;
}

static int read_form(struct reader *r, const struct fields *t, struct span text, void *form)
{
	const struct json_value *v;

	if (json_read(r->arena, text, &v, NULL) < 0 || v->type != JSON_OBJECT)
		return refuse(r, t->what, "not an object of JSON");
	if (json_get_int(v, t->what, 0) != FORM_VERSION)
		return refuse(r, t->what, "missing, or of another version");
	return read_members(r, t, v, form);
}

static bool is_family(const struct form_numbers *n)
{
	return n->family == 0 || n->family == 4 || n->family == 6;
}

int form_job_read(struct arena *a, struct span text, struct form_job *ret, const char **ret_why)
{
	struct reader r = { a, NULL };
	struct form_job j = { 0 };
	int err = read_form(&r, &job_fields, text, &j);

	if (!err && !is_family(&j.numbers))
		err = refuse(&r, "family", "neither 4 nor 6");
	/* A comment would end the line of a list early. */
	for (size_t i = 0; !err && i < j.names.n; i++)
		if (strchr(j.names.v[i], '#'))
			err = refuse(&r, "names", "with a comment");
	if (err < 0)
		*ret_why = r.why;
	else
		*ret = j;
	return err;
}

int form_question_read(
	struct arena *a, struct span text, struct form_question *ret, const char **ret_why)
{
	struct reader r = { a, NULL };
	struct form_question q = { 0 };
	int err = read_form(&r, &question_fields, text, &q);

	if (!err && !is_family(&q.numbers))
		err = refuse(&r, "family", "neither 4 nor 6");
	if (err < 0)
		*ret_why = r.why;
	else
		*ret = q;
	return err;
}

int form_piece_read(struct arena *a, struct span text, struct form_piece *ret, const char **ret_why)
{
	struct reader r = { a, NULL };
	struct form_piece p = { 0 };
	const uint8_t *end = text.n ? memchr(text.p, '\n', text.n) : NULL;
	int err;

	if (!end || end - text.p > FORM_HEAD)
		err = refuse(&r, piece_fields.what, "it has no first line");
	else
		err = read_form(
			&r, &piece_fields, (struct span){ text.p, (size_t)(end - text.p) }, &p);
	if (!err && p.piece > p.of)
		err = refuse(&r, "piece", "beyond the last one");
	if (err < 0) {
		*ret_why = r.why;
		return err;
	}
	p.data = (struct span){ end + 1, text.n - (size_t)(end + 1 - text.p) };
	*ret = p;
	return 0;
}
