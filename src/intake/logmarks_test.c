/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many texts at once, beside a search that looks at every octet. */
#include "intake/logmarks.h"

#include "base/err.h"
#include "prop.h"
#include "tap.h"

static const char *const marks[] = { "abcd", "bcda", "abcdabcd", "dddd", "cdab", "ddddd" };

/* Every mark at every place is found once, places in order for each. */
static bool case_all(struct rng *rng)
{
	struct arena *a = arena_new();
	const struct logmarks *m = logmarks_new(a, marks, ARRAY_LEN(marks));
	size_t n = rng_below(rng, 80), found = 0, wanted = 0;
	uint8_t *text = arena_alloc(a, n);
	struct logmarks_at at = { 0 };
	bool good = true;
	int mark;

	for (size_t i = 0; i < n; i++)
		text[i] = (uint8_t)('a' + rng_below(rng, 4));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ARRAY_LEN(marks); k++)
			wanted += strlen(marks[k]) <= n - i &&
				  memcmp(text + i, marks[k], strlen(marks[k])) == 0;
	while (good && (mark = logmarks_next(m, (struct span){ text, n }, &at)) >= 0) {
		size_t size = strlen(marks[mark]);

		found++;
		good = at.found + size <= n && memcmp(text + at.found, marks[mark], size) == 0;
	}
	arena_free(a);
	return good && found == wanted;
}

int main(void)
{
	struct arena *a = arena_new();
	const struct logmarks *m = logmarks_new(a, marks, ARRAY_LEN(marks));
	struct logmarks_at at = { 0 };

	is_int(logmarks_next(m, (struct span){ NULL, 0 }, &at), -1, "an empty text");
	at = (struct logmarks_at){ 0 };
	is_int(logmarks_next(m, (struct span){ (const uint8_t *)"abc", 3 }, &at), -1,
		"a short text");
	at = (struct logmarks_at){ 0 };
	is_int(logmarks_next(m, (struct span){ (const uint8_t *)"xabcd", 5 }, &at), 0,
		"at the end");
	is_int((int64_t)at.found, 1, "its place");
	is_int(logmarks_next(m, (struct span){ (const uint8_t *)"xabcd", 5 }, &at), -1, "no other");
	arena_free(a);
	prop("as a plain search", case_all, 20000);
	return tap_done();
}
