/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of base/json: what RFC 8259 allows and forbids, and that both halves agree. */
#include "base/json.h"

#include <limits.h>
#include <math.h>

#include "prop.h"
#include "tap.h"

#include "base/err.h"

static struct span span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

/* Writes a tree that the reader made. */
static void write_value(struct json *j, const char *key, const struct json_value *v)
{
	if (v->type == JSON_NULL)
		json_null(j, key);
	else if (v->type == JSON_BOOL)
		json_bool(j, key, v->boolean);
	else if (v->type == JSON_NUMBER && v->is_int)
		json_int(j, key, v->integer);
	else if (v->type == JSON_NUMBER)
		json_double(j, key, v->number);
	else if (v->type == JSON_STRING)
		json_strn(j, key, (struct span){ (const uint8_t *)v->text, v->n });
	if (v->type != JSON_ARRAY && v->type != JSON_OBJECT)
		return;
	if (v->type == JSON_ARRAY)
		json_array(j, key);
	else
		json_object(j, key);
	for (size_t i = 0; i < v->n; i++)
		write_value(j, v->type == JSON_OBJECT ? v->keys[i] : NULL, &v->items[i]);
	json_end(j);
}

static const char *rewrite(struct arena *a, const struct json_value *v)
{
	struct buf b = { .arena = a };
	struct json j = { .out = &b };

	write_value(&j, NULL, v);
	return buf_text(&b);
}

/* Text in, the same tree written again. */
static const struct {
	const char *text, *want;
} good[] = {
	{ "null", "null" },
	{ " true\n", "true" },
	{ "\t\r\n false ", "false" },
	{ "0", "0" },
	{ "-0", "0" },
	{ "-0.0", "-0.0" },
	{ "-1e-999", "-0.0" },
	{ "9223372036854775807", "9223372036854775807" },
	{ "-9223372036854775808", "-9223372036854775808" },
	{ "9223372036854775808", "9.223372036854776e+18" },
	{ "1.5", "1.5" },
	{ "1E2", "100" },
	{ "1e-2", "0.01" },
	{ "0.1e+1", "1" },
	{ "0.1", "0.1" },
	{ "1e-400", "0" },
	{ "123456789012345678901234567890123456789012345678901234567890123456789e-60",
		"123456789.01234567" },
	{ "\"\"", "\"\"" },
	{ "\"a\\/b\"", "\"a/b\"" },
	{ "\"\\\"\\\\\\b\\f\\n\\r\\t\"", "\"\\\"\\\\\\b\\f\\n\\r\\t\"" },
	/* What turns text round, or a terminal obeys, stays escaped. */
	{ "\"\\u202e\\u009b\\u2066\\u061c\\u200d\\u202f\"",
		"\"\\u202e\\u009b\\u2066\\u061c\xe2\x80\x8d\xe2\x80\xaf\"" },
	{ "\"\\u0041\\u00e9\\u20AC\"", "\"A\xc3\xa9\xe2\x82\xac\"" },
	{ "\"\\uD83D\\ude00\"", "\"\xf0\x9f\x98\x80\"" },
	{ "\"\\uDBFF\\uDFFF\"", "\"\xf4\x8f\xbf\xbf\"" },
	{ "\"\\u0000\\u001f\\u007f\"", "\"\\u0000\\u001f\\u007f\"" },
	{ "\"\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"", "\"\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"" },
	{ "[]", "[]" },
	{ "[ ]", "[]" },
	{ "{}", "{}" },
	{ "{ }", "{}" },
	{ "[1,[2,[3]],{}]", "[1,[2,[3]],{}]" },
	{ " { \"a\" : [ 1 , 2 ] , \"b\" : { \"a\" : null } } ",
		"{\"a\":[1,2],\"b\":{\"a\":null}}" },
	{ "{\"\":0,\"A\":1,\"a\":2}", "{\"\":0,\"A\":1,\"a\":2}" },
	{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]" },
};

/* Text that is none, and the byte where that shows. */
static const struct {
	const char *text;
	size_t at;
} bad[] = {
	{ "", 0 },
	{ " ", 1 },
	{ "nul", 3 },
	{ "nulx", 3 },
	{ "True", 0 },
	{ "NaN", 0 },
	{ "Infinity", 0 },
	{ "'a'", 0 },
	{ "null null", 5 },
	{ "\xef\xbb\xbf{}", 0 },
	{ "// x\n1", 0 },
	{ "\v1", 0 },
	{ "-", 1 },
	{ "+1", 0 },
	{ "01", 1 },
	{ "-01", 2 },
	{ ".5", 0 },
	{ "1.", 2 },
	{ "1.e1", 2 },
	{ "1e", 2 },
	{ "1e+", 3 },
	{ "0x1", 1 },
	{ "1e400", 0 },
	{ "[1,-1e999]", 3 },
	{ "1_0", 1 },
	{ "\"", 1 },
	{ "\"a", 2 },
	{ "\"\\", 2 },
	{ "\"\\\"", 3 },
	{ "\"\\x41\"", 2 },
	{ "\"\\u12\"", 5 },
	{ "\"\\u12g4\"", 5 },
	{ "\"\\uD800\"", 3 },
	{ "\"\\uDC00\"", 3 },
	{ "\"\\uD800\\u0041\"", 9 },
	{ "\"\\uD800\\uD800\"", 9 },
	{ "\"\\uD800\\uE000\"", 9 },
	{ "\"\\uD800x\"", 3 },
	{ "\"\\uD800\\n\"", 3 },
	{ "\"a\nb\"", 2 },
	{ "\"a\x1f\"", 2 },
	{ "\"\x80\"", 1 },
	{ "\"\xc0\x80\"", 1 },
	{ "\"\xc1\xbf\"", 1 },
	{ "\"\xe0\x80\x80\"", 1 },
	{ "\"\xed\xa0\x80\"", 1 },
	{ "\"\xf0\x80\x80\x80\"", 1 },
	{ "\"\xf4\x90\x80\x80\"", 1 },
	{ "\"\xf5\x80\x80\x80\"", 1 },
	{ "\"\xe2\x82\"", 1 },
	{ "\"\xff\"", 1 },
	{ "\"\xe2\x82", 1 },
	{ "\"\xf0\x9f\x98\"", 1 },
	{ "[", 1 },
	{ "]", 0 },
	{ "[1", 2 },
	{ "[1,]", 3 },
	{ "[,1]", 1 },
	{ "[1 2]", 3 },
	{ "[1}", 2 },
	{ "[1]]", 3 },
	{ "{", 1 },
	{ "{\"a\"}", 4 },
	{ "{\"a\":}", 5 },
	{ "{\"a\":1,}", 7 },
	{ "{a:1}", 1 },
	{ "{1:1}", 1 },
	{ "{\"a\" 1}", 5 },
	{ "{\"a\":1 \"b\":2}", 7 },
	{ "{\"a\":1]", 6 },
	{ "{\"a\":1,\"a\":2}", 7 },
	{ "{\"b\":0,\"a\":1,\"\\u0061\":2,\"b\":0}", 13 },
	{ "{\"a\\u0000b\":1}", 1 },
	{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", 32 },
};

static void test_read(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		const struct json_value *v = NULL;

		ok(json_read(a, span_of(good[i].text), &v, NULL) == 0, "good %zu: read", i);
		is_str(v ? rewrite(a, v) : NULL, good[i].want, "written again");
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const struct json_value *v = NULL;
		size_t at = 999;

		ok(json_read(a, span_of(bad[i].text), &v, &at) == -ERR_PARSE, "bad %zu: refused",
			i);
		is_int((int64_t)at, (int64_t)bad[i].at, "where");
		ok(!v, "result untouched");
		ok(json_read(a, span_of(bad[i].text), &v, NULL) < 0, "no offset wanted");
	}
	ok(json_read(a, (struct span){ NULL, 0 }, &(const struct json_value *){ NULL }, NULL) < 0,
		"no bytes at all");
	ok(json_read(a, (struct span){ (const uint8_t *)"1\0", 2 },
		   &(const struct json_value *){ NULL }, NULL) < 0,
		"a NUL behind the document");
}

static void test_get(struct arena *a)
{
	const struct json_value *v = NULL, *text;

	json_read(a,
		span_of("{\"s\":\"x\",\"n\":-7,\"f\":1.5,\"t\":true,\"z\":\"a\\u0000b\",\"l\":[1]"
			"}"),
		&v, NULL);
	is_str(json_get_str(v, "s", "none"), "x", "string");
	is_str(json_get_str(v, "n", "none"), "none", "a number is no string");
	is_str(json_get_str(v, "q", NULL), NULL, "not there");
	is_int(json_get_int(v, "n", 1), -7, "integer");
	is_int(json_get_int(v, "f", 1), 1, "a fraction is no integer");
	is_int(json_get_int(v, "s", 1), 1, "a string is no integer");
	is_int(json_get_bool(v, "t", false), true, "bool");
	is_int(json_get_bool(v, "n", true), true, "a number is no bool");
	text = json_get(v, "z");
	ok(text && text->n == 3 && memcmp(text->text, "a\0b", 4) == 0, "a NUL inside a string");
	ok(json_get(v, "l") && json_get(v, "l")->n == 1, "array");
	ok(!json_get(json_get(v, "l"), "s"), "no member in an array");
	ok(!json_get(NULL, "s"), "no member of nothing");
}

static void test_write(struct arena *a)
{
	struct buf one = { .arena = a }, many = { .arena = a };
	struct json flat = { .out = &one }, lines = { .out = &many, .indent = 2 };
	struct json *both[] = { &flat, &lines };

	for (size_t i = 0; i < 2; i++) {
		struct json *j = both[i];

		json_object(j, NULL);
		json_str(j, "name", "live.com.");
		json_array(j, "ports");
		json_int(j, NULL, 53);
		json_uint(j, NULL, UINT64_MAX);
		json_end(j);
		json_object(j, "none");
		json_end(j);
		json_array(j, "empty");
		json_end(j);
		json_double(j, "loss", 0.01);
		json_double(j, "nan", (double)NAN);
		json_double(j, "inf", (double)-INFINITY);
		json_bool(j, "on", true);
		json_null(j, "a\"b\n");
		json_end(j);
	}
	is_str(buf_text(&one),
		"{\"name\":\"live.com.\",\"ports\":[53,18446744073709551615],\"none\":{},\"empty\":"
		"[],"
		"\"loss\":0.01,\"nan\":null,\"inf\":null,\"on\":true,\"a\\\"b\\n\":null}",
		"one line");
	is_str(buf_text(&many),
		"{\n  \"name\": \"live.com.\",\n  \"ports\": [\n    53,\n    "
		"18446744073709551615\n  ],\n"
		"  \"none\": {},\n  \"empty\": [],\n  \"loss\": 0.01,\n  \"nan\": null,\n  "
		"\"inf\": null,\n"
		"  \"on\": true,\n  \"a\\\"b\\n\": null\n}",
		"indented");
}

static const struct {
	const char *text, *want;
} strings[] = {
	{ "plain", "\"plain\"" },
	{ "\x01\x1f\x7f\"\\/", "\"\\u0001\\u001f\\u007f\\\"\\\\/\"" },
	{ "\xc3\xa9\xf0\x9f\x98\x80", "\"\xc3\xa9\xf0\x9f\x98\x80\"" },
	{ "a\x80z", "\"a\xef\xbf\xbdz\"" },
	{ "\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ "\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ "\xe2\x82""A", "\"\xef\xbf\xbd\xef\xbf\xbd""A\"" },
}, doubles[] = {
	{ "0.1", "0.1" },	       { "0.30000000000000004", "0.30000000000000004" },
	{ "100", "100" },	       { "-3", "-3" },
	{ "123456.789", "123456.789" }, { "999999999999999", "999999999999999" },
	{ "1e15", "1e+15" },	       { "1e-7", "1e-07" },
	{ "5e-324", "5e-324" },	       { "1.7976931348623157e308", "1.7976931348623157e+308" },
	{ "0.009936", "0.009936" },
};

static void test_scalars(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(strings); i++) {
		struct buf b = { .arena = a };
		struct json j = { .out = &b };

		json_str(&j, NULL, strings[i].text);
		is_str(buf_text(&b), strings[i].want, "string");
	}
	for (size_t i = 0; i < ARRAY_LEN(doubles); i++) {
		struct buf b = { .arena = a };
		struct json j = { .out = &b };

		json_double(&j, NULL, strtod(doubles[i].text, NULL));
		is_str(buf_text(&b), doubles[i].want, "double");
	}
}

/* Many keys are read in a moment, in order and against it. */
static void test_many_keys(struct arena *a)
{
	struct buf b = { .arena = a };
	struct json j = { .out = &b };
	const struct json_value *v = NULL;

	json_object(&j, NULL);
	for (int i = 0; i < 200000; i++)
		json_int(&j, arena_printf(a, "k%d", i), i);
	json_end(&j);
	ok(json_read(a, buf_span(&b), &v, NULL) == 0 && v->n == 200000, "200,000 keys");
	is_int(json_get_int(v, "k199999", 0), 199999, "the last of them");
}

static const char *random_key(struct arena *a, struct rng *r, size_t i)
{
	return arena_printf(a, "%c%zu\x01\xc3\xa9", (int)(' ' + rng_below(r, 95)), i);
}

/* Writes random values as deep as left says. */
static void random_value(struct json *j, const char *key, struct rng *r, unsigned int left)
{
	uint8_t bytes[12];
	size_t n = rng_below(r, sizeof(bytes));
	uint64_t bits = rng_u64(r);
	double d;

	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)rng_below(r, 256);
	memcpy(&d, &bits, sizeof(d));
	if (left && rng_below(r, 2)) {
		bool array = rng_below(r, 2);

		if (array)
			json_array(j, key);
		else
			json_object(j, key);
		for (size_t i = 0; i < n / 2; i++)
			random_value(
				j, array ? NULL : random_key(j->out->arena, r, i), r, left - 1);
		json_end(j);
		return;
	}
	if (rng_below(r, 3) == 0)
		json_strn(j, key, (struct span){ bytes, n });
	else if (rng_below(r, 2))
		json_double(j, key, d);
	else
		json_int(j, key, (int64_t)bits);
}

static bool case_round_trip(struct rng *r)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	struct json j = { .out = &b, .indent = rng_below(r, 3) };
	const struct json_value *v = NULL;
	struct buf again = { .arena = a };
	struct json k = { .out = &again, .indent = j.indent };
	bool same;

	random_value(&j, NULL, r, 6);
	same = json_read(a, buf_span(&b), &v, NULL) == 0;
	if (same)
		write_value(&k, NULL, v);
	same = same && strcmp(buf_text(&b), buf_text(&again)) == 0;
	arena_free(a);
	return same;
}

/* A document with a byte changed or cut off: read or refused, never worse. */
static bool case_damage(struct rng *r)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	struct json j = { .out = &b };
	const struct json_value *v = NULL;
	size_t at = SIZE_MAX, n;
	uint8_t *copy;
	bool same;

	random_value(&j, NULL, r, 4);
	n = rng_below(r, (uint32_t)b.n + 1);
	copy = malloc(n ? n : 1); /* of its exact size, so that a byte too far is seen */
	if (n)
		memcpy(copy, b.p, n);
	for (int i = 0; n && i < 2; i++)
		copy[rng_below(r, (uint32_t)n)] = (uint8_t)rng_below(r, 256);
	same = json_read(a, (struct span){ copy, n }, &v, &at) == 0 ? v != NULL : !v && at <= n;
	free(copy);
	arena_free(a);
	return same;
}

static bool case_double(struct rng *r)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	struct json j = { .out = &b };
	const struct json_value *v = NULL;
	uint64_t bits = rng_u64(r);
	double d;
	bool same;

	memcpy(&d, &bits, sizeof(d));
	json_double(&j, NULL, d);
	same = json_read(a, buf_span(&b), &v, NULL) == 0;
	same = same && (isfinite(d) ? v->number == d : v->type == JSON_NULL);
	arena_free(a);
	return same;
}

int main(void)
{
	struct arena *a = arena_new();

	test_read(a);
	test_get(a);
	test_write(a);
	test_scalars(a);
	test_many_keys(a);
	prop("write(read(write(x))) = write(x)", case_round_trip, 2000);
	prop("damaged documents are read or refused", case_damage, 5000);
	prop("a double reads back the same", case_double, 5000);
	arena_free(a);
	return tap_done();
}
