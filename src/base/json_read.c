/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON, read strictly (RFC 8259) into a tree. The text may come from anybody. */
#include "base/json.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "base/vec.h"

struct reader {
	struct arena *arena;
	struct span text;
	size_t at; /* the byte that is looked at; of the offence, after a failure */
	unsigned int depth;
};

struct key {
	const char *text;
	size_t at;
};

struct members {
	struct VEC(struct json_value) values;
	struct VEC(struct key) keys; /* of objects: one a value */
};

static int read_value(struct reader *r, struct json_value *ret);

/* The byte ahead; -1 at the end. */
static int peek(const struct reader *r)
{
	return r->at < r->text.n ? r->text.p[r->at] : -1;
}

static bool accept(struct reader *r, char c)
{
	if (peek(r) != (unsigned char)c)
		return false;
	r->at++;
	return true;
}

static void skip_space(struct reader *r)
{
	/* RFC 8259 2: these four and no others. */
	while (accept(r, ' ') || accept(r, '\t') || accept(r, '\n') || accept(r, '\r'))
		;
}

static int read_word(struct reader *r, const char *word)
{
	for (; *word; word++) {
		if (!accept(r, *word))
			return -ERR_PARSE;
	}
	return 0;
}

static int read_null(struct reader *r, struct json_value *ret)
{
	ret->type = JSON_NULL;
	return read_word(r, "null");
}

static int read_true(struct reader *r, struct json_value *ret)
{
	ret->type = JSON_BOOL;
	ret->boolean = true;
	return read_word(r, "true");
}

static int read_false(struct reader *r, struct json_value *ret)
{
	ret->type = JSON_BOOL;
	return read_word(r, "false");
}

/* At least one digit. */
static int skip_digits(struct reader *r)
{
	size_t first = r->at;

	while (peek(r) >= '0' && peek(r) <= '9')
		r->at++;
	return r->at > first ? 0 : -ERR_PARSE;
}

/* RFC 8259 6: [minus] int [frac] [exp], no leading zeros. */
static int skip_number(struct reader *r, bool *ret_is_int)
{
	bool is_int = true;
	int err = 0;

	accept(r, '-');
	if (!accept(r, '0'))
		err = skip_digits(r);
	if (!err && accept(r, '.')) {
		is_int = false;
		err = skip_digits(r);
	}
	if (!err && (accept(r, 'e') || accept(r, 'E'))) {
		is_int = false;
		if (!accept(r, '+'))
			accept(r, '-');
		err = skip_digits(r);
	}
	*ret_is_int = is_int;
	return err;
}

static int read_number(struct reader *r, struct json_value *ret)
{
	size_t first = r->at, n;
	char small[64], *text = small;
	bool is_int;
	int err = skip_number(r, &is_int);

	if (err)
		return err;
	n = r->at - first;
	if (n >= sizeof(small))
		text = arena_alloc(r->arena, n + 1);
	memcpy(text, r->text.p + first, n);
	text[n] = '\0';
	ret->type = JSON_NUMBER;
	ret->number = strtod(text, NULL);
	/* RFC 8259 6 lets us bound the range; a number that became infinite is none. */
	if (!isfinite(ret->number)) {
		r->at = first;
		return -ERR_PARSE;
	}
	if (is_int) {
		errno = 0;
		ret->integer = strtoll(text, NULL, 10);
		ret->is_int = errno == 0;
		ret->integer = ret->is_int ? ret->integer : 0;
	}
	return 0;
}

static int read_hex4(struct reader *r, uint32_t *ret)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(peek(r));

		if (digit < 0)
			return -ERR_PARSE;
		v = v * 16 + (uint32_t)digit;
		r->at++;
	}
	*ret = v;
	return 0;
}

/* RFC 8259 7: what is beyond U+FFFF comes as a pair of surrogates; one alone means nothing. */
static int read_code_point(struct reader *r, uint32_t *ret)
{
	uint32_t high, low = 0;
	size_t first = r->at;
	int err = read_hex4(r, &high);

	if (err)
		return err;
	if (high < 0xd800 || high > 0xdfff) {
		*ret = high;
		return 0;
	}
	if (high > 0xdbff || !accept(r, '\\') || !accept(r, 'u')) {
		r->at = first;
		return -ERR_PARSE;
	}
	first = r->at;
	err = read_hex4(r, &low);
	if (err)
		return err;
	if (low < 0xdc00 || low > 0xdfff) {
		r->at = first;
		return -ERR_PARSE;
	}
	*ret = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	return 0;
}

static size_t put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* What follows a reverse solidus. */
static int read_escape(struct reader *r, char *to, size_t *ret_size)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	int c = peek(r), err;
	const char *known = c > 0 ? strchr(from, c) : NULL;
	uint32_t code;

	if (known) {
		r->at++;
		to[0] = into[known - from];
		*ret_size = 1;
		return 0;
	}
	if (!accept(r, 'u'))
		return -ERR_PARSE;
	err = read_code_point(r, &code);
	if (!err)
		*ret_size = put_utf8(to, code);
	return err;
}

/* One character or escape of a string; to has room for 4 bytes. */
static int read_char(struct reader *r, char *to, size_t *ret_size)
{
	struct span left = { r->text.p + r->at, r->text.n - r->at };
	size_t size = utf8_char(left);

	if (size == 0 || left.p[0] < 0x20)
		return -ERR_PARSE;
	if (accept(r, '\\'))
		return read_escape(r, to, ret_size);
	memcpy(to, left.p, size);
	r->at += size;
	*ret_size = size;
	return 0;
}

/* An upper bound of the string's bytes: no escape is shorter than what it means. */
static size_t raw_size(const struct reader *r)
{
	size_t i = r->at;

	while (i < r->text.n && r->text.p[i] != '"')
		i += r->text.p[i] == '\\' ? 2 : 1;
	return i - r->at;
}

static int read_string(struct reader *r, struct json_value *ret)
{
	size_t n = 0;
	char *text;

	if (!accept(r, '"'))
		return -ERR_PARSE;
	text = arena_alloc(r->arena, raw_size(r) + 1);
	while (!accept(r, '"')) {
		uint8_t first = r->at < r->text.n ? r->text.p[r->at] : 0;
		char c[4];
		size_t size;
		int err;

		if (first >= 0x20 && first < 0x7f && first != '\\') { /* most of all text */
			text[n++] = (char)first;
			r->at++;
			continue;
		}
		err = read_char(r, c, &size);
		if (err)
			return err;
		memcpy(text + n, c, size);
		n += size;
	}
	text[n] = '\0';
	ret->type = JSON_STRING;
	ret->text = text;
	ret->n = n;
	return 0;
}

static int by_text_and_place(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int by = strcmp(x->text, y->text);

	return by ? by : (x->at > y->at) - (x->at < y->at);
}

/* Sorted, so that an object of a million keys costs no million squared. */
static int check_duplicates(struct reader *r, const struct key *keys, size_t n)
{
	struct key *sorted = arena_dup(r->arena, keys, n * sizeof(*keys));
	size_t first = SIZE_MAX;

	qsort(sorted, n, sizeof(*sorted), by_text_and_place);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(sorted[i - 1].text, sorted[i].text) == 0 && sorted[i].at < first)
			first = sorted[i].at;
	}
	if (first == SIZE_MAX)
		return 0;
	r->at = first;
	return -ERR_PARSE;
}

/* A key ends where C says so: one with a NUL inside would pass for its own beginning. */
static int read_key(struct reader *r, struct members *m)
{
	struct json_value key = { 0 };
	size_t at = r->at;
	int err = read_string(r, &key);

	if (err)
		return err;
	if (strlen(key.text) != key.n) {
		r->at = at;
		return -ERR_PARSE;
	}
	vec_push(r->arena, &m->keys, (struct key){ key.text, at });
	skip_space(r);
	if (!accept(r, ':'))
		return -ERR_PARSE;
	skip_space(r);
	return 0;
}

static int read_member(struct reader *r, struct members *m, bool keyed)
{
	struct json_value v = { 0 };
	int err = keyed ? read_key(r, m) : 0;

	if (!err)
		err = read_value(r, &v);
	if (err)
		return err;
	vec_push(r->arena, &m->values, v);
	skip_space(r);
	return 0;
}

/* What stands between the brackets, and the closing one. */
static int read_members(struct reader *r, struct members *m, char close)
{
	skip_space(r);
	if (accept(r, close))
		return 0;
	for (;;) {
		int err = read_member(r, m, close == '}');

		if (err)
			return err;
		if (accept(r, close))
			return 0;
		if (!accept(r, ','))
			return -ERR_PARSE;
		skip_space(r);
	}
}

static int read_level(struct reader *r, struct members *m, char close)
{
	int err;

	if (r->depth == JSON_DEPTH)
		return -ERR_PARSE;
	r->at++;
	r->depth++;
	err = read_members(r, m, close);
	r->depth--;
	return err;
}

static int read_array(struct reader *r, struct json_value *ret)
{
	struct members m = { 0 };
	int err = read_level(r, &m, ']');

	if (err)
		return err;
	ret->type = JSON_ARRAY;
	ret->items = m.values.v;
	ret->n = m.values.n;
	return 0;
}

static int read_object(struct reader *r, struct json_value *ret)
{
	struct members m = { 0 };
	int err = read_level(r, &m, '}');

	if (!err)
		err = check_duplicates(r, m.keys.v, m.keys.n);
	if (err)
		return err;
	ret->type = JSON_OBJECT;
	ret->items = m.values.v;
	ret->n = m.values.n;
	ret->keys = arena_alloc(r->arena, m.keys.n * sizeof(*ret->keys));
	for (size_t i = 0; i < m.keys.n; i++)
		ret->keys[i] = m.keys.v[i].text;
	return 0;
}

static int read_value(struct reader *r, struct json_value *ret)
{
	static const struct {
		char first;
		int (*read)(struct reader *r, struct json_value *ret);
	} kinds[] = {
		{ '"', read_string },
		{ '{', read_object },
		{ '[', read_array },
		{ 't', read_true },
		{ 'f', read_false },
		{ 'n', read_null },
	};
	int c = peek(r);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i].first == c)
			return kinds[i].read(r, ret);
	}
	return read_number(r, ret);
}

int json_read(struct arena *a, struct span text, const struct json_value **ret, size_t *ret_at)
{
	struct reader r = { .arena = a, .text = text };
	struct json_value *v = arena_alloc(a, sizeof(*v));
	int err;

	skip_space(&r);
	err = read_value(&r, v);
	if (!err)
		skip_space(&r);
	if (!err && r.at < text.n)
		err = -ERR_PARSE;
	if (err && ret_at)
		*ret_at = r.at;
	if (!err)
		*ret = v;
	return err;
}

const struct json_value *json_get(const struct json_value *v, const char *key)
{
	if (!v || v->type != JSON_OBJECT)
		return NULL;
	for (size_t i = 0; i < v->n; i++) {
		if (strcmp(v->keys[i], key) == 0)
			return &v->items[i];
	}
	return NULL;
}

const char *json_get_str(const struct json_value *v, const char *key, const char *none)
{
	const struct json_value *got = json_get(v, key);

	return got && got->type == JSON_STRING ? got->text : none;
}

int64_t json_get_int(const struct json_value *v, const char *key, int64_t none)
{
	const struct json_value *got = json_get(v, key);

	return got && got->type == JSON_NUMBER && got->is_int ? got->integer : none;
}

bool json_get_bool(const struct json_value *v, const char *key, bool none)
{
	const struct json_value *got = json_get(v, key);

	return got && got->type == JSON_BOOL ? got->boolean : none;
}
