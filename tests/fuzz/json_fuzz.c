/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target of base/json: what is read can be written, read again and is the same. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fuzz/fuzz.h"

static void write_value(struct json *j, const char *key, const struct json_value *v);

static void write_items(struct json *j, const struct json_value *v)
{
	for (size_t i = 0; i < v->n; i++)
		write_value(j, v->type == JSON_OBJECT ? v->keys[i] : NULL, &v->items[i]);
	json_end(j);
}

static void write_value(struct json *j, const char *key, const struct json_value *v)
{
	switch (v->type) {
	case JSON_NULL: json_null(j, key); break;
	case JSON_BOOL: json_bool(j, key, v->boolean); break;
	case JSON_NUMBER:
		if (v->is_int)
			json_int(j, key, v->integer);
		else
			json_double(j, key, v->number);
		break;
	case JSON_STRING: json_strn(j, key, (struct span){ (const uint8_t *)v->text, v->n }); break;
	case JSON_ARRAY:
		json_array(j, key);
		write_items(j, v);
		break;
	case JSON_OBJECT:
		json_object(j, key);
		write_items(j, v);
		break;
	}
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* A key must find its own value: none hides behind another. */
static void find_all(const struct json_value *v)
{
	for (size_t i = 0; v->type == JSON_OBJECT && i < v->n && i < 100; i++)
		must(json_get(v, v->keys[i]) == &v->items[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct buf once = { .arena = a }, twice = { .arena = a };
	struct json first = { .out = &once }, second = { .out = &twice };
	const struct json_value *v = NULL, *again = NULL;
	size_t at = SIZE_MAX;

	if (json_read(a, (struct span){ data, size }, &v, &at) == 0) {
		find_all(v);
		write_value(&first, NULL, v);
		must(json_read(a, buf_span(&once), &again, NULL) == 0);
		write_value(&second, NULL, again);
		must(strcmp(buf_text(&once), buf_text(&twice)) == 0);
	} else {
		must(!v && at <= size);
	}
	arena_free(a);
	return 0;
}
