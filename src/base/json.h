/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON (RFC 8259): a writer without a tree, and a strict reader that makes one in an arena.
 *
 *	struct json j = { .out = &buf };
 *	json_object(&j, NULL);
 *	json_str(&j, "name", "live.com.");
 *	json_array(&j, "ports");
 *	json_int(&j, NULL, 53);
 *	json_end(&j);
 *	json_end(&j);                           // {"name":"live.com.","ports":[53]}
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"

enum { JSON_DEPTH = 32 };

/* Writer. Zeroed but for out (and indent: spaces a level, 0 = one line) is ready for use. */
struct json {
	struct buf *out;
	unsigned int indent;
	unsigned int depth;
	bool filled[JSON_DEPTH]; /* this level has an item already */
	bool array[JSON_DEPTH];	 /* this level is an array */
};

/* Opens an object or array; key is NULL in arrays and at the top. json_end() closes it. */
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j);

/* Values. Text that is not valid UTF-8 has each bad byte written as U+FFFD. */
void json_str(struct json *j, const char *key, const char *text);
void json_strn(struct json *j, const char *key, struct span text);
void json_int(struct json *j, const char *key, int64_t v);
void json_uint(struct json *j, const char *key, uint64_t v);
/* The shortest decimal that reads back the same; NaN and infinities become null. */
void json_double(struct json *j, const char *key, double v);
void json_bool(struct json *j, const char *key, bool v);
void json_null(struct json *j, const char *key);

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_value {
	enum json_type type;
	bool boolean;
	double number;
	bool is_int; /* number is written as an integer that fits integer */
	int64_t integer;
	const char *text;		/* string: NUL-terminated, may hold NULs before its end */
	size_t n;			/* string: bytes; array, object: items */
	const struct json_value *items; /* array: n values; object: n values */
	const char **keys;		/* object: n keys */
};

/*
 * Reads one document that fills text (white space around it allowed). Nesting deeper than
 * JSON_DEPTH, duplicate keys, keys that hold a NUL, bad UTF-8, lone
 * surrogates and numbers beyond a double's range are -ERR_PARSE; *ret_at (may be NULL)
 * is then the offset of the offending byte. The tree belongs to the arena.
 */
int json_read(struct arena *a, struct span text, const struct json_value **ret, size_t *ret_at);

/* A member of an object, or NULL when v is no object or has none of that name. */
const struct json_value *json_get(const struct json_value *v, const char *key);

/* A member's value when it has the type, else the default given. */
const char *json_get_str(const struct json_value *v, const char *key, const char *none);
int64_t json_get_int(const struct json_value *v, const char *key, int64_t none);
bool json_get_bool(const struct json_value *v, const char *key, bool none);

#endif
