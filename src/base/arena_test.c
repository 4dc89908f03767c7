/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of base/arena, base/vec and the end of memory. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>

#include "prop.h"
#include "tap.h"

#include "base/err.h"
#include "base/vec.h"

static const size_t sizes[] = { 0, 1, 15, 16, 17, 4096, 40000, 65535, 65536, 65537, 1 << 20 };

static bool is_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i])
			return false;
	}
	return true;
}

static void test_sizes(void)
{
	struct arena *a = arena_new();

	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			unsigned char *p = arena_alloc(a, sizes[i]);

			ok((uintptr_t)p % alignof(max_align_t) == 0, "%zu: aligned", sizes[i]);
			ok(is_zero(p, sizes[i]), "%zu: zeroed", sizes[i]);
			memset(p, 0xa5, sizes[i]);
		}
		ok(arena_used(a) >= 1 << 20, "bytes are counted");
		arena_reset(a);
		is_int((int64_t)arena_used(a), 0, "reset forgets them");
	}
	arena_free(a);
	arena_free(NULL);
	a = arena_new();
	arena_reset(a);
	ok(true, "an empty arena resets");
	arena_free(a);
}

static void test_copies(void)
{
	struct arena *a = arena_new();
	char text[] = "live.com.", *copy = arena_str(a, text);
	char *bytes = arena_dup(a, "a\0b", 3);

	text[0] = 'L';
	is_str(copy, "live.com.", "a copy of its own");
	ok(memcmp(bytes, "a\0b", 3) == 0, "bytes with a NUL inside");
	ok(arena_dup(a, NULL, 0), "a copy of nothing is something");
	is_str(arena_printf(a, "%s %d", "x", 7), "x 7", "formatted");
	is_str(arena_printf(a, "%s", ""), "", "formatted to nothing");
	is_int((int64_t)strlen(arena_printf(a, "%0200000d", 1)), 200000, "formatted, long");
	arena_free(a);
}

/* Blocks handed out never overlap: each keeps the byte it was filled with. */
static bool case_apart(struct rng *r)
{
	struct arena *a = arena_new();
	unsigned char *p[100];
	size_t size[100];
	bool good = true;

	for (size_t i = 0; i < 100; i++) {
		size[i] = rng_below(r, rng_below(r, 10) ? 300 : 100000);
		p[i] = arena_alloc(a, size[i]);
		good = good && is_zero(p[i], size[i]);
		memset(p[i], (int)i + 1, size[i]);
	}
	for (size_t i = 0; i < 100; i++) {
		for (size_t k = 0; k < size[i]; k++)
			good = good && p[i][k] == i + 1;
	}
	arena_free(a);
	return good;
}

static void test_vec(void)
{
	struct arena *a = arena_new();
	struct VEC(int) v = { 0 };
	int sum = 0, seen = 0;

	vec_each (int, n, v)
		seen++;
	is_int(seen, 0, "an empty array is walked over");
	for (int i = 0; i < 1000; i++)
		vec_push(a, &v, i);
	vec_each (int, n, v)
		sum += *n;
	is_int((int64_t)v.n, 1000, "items");
	is_int(sum, 499500, "sum of items");
	ok(v.cap >= v.n, "room for them");
	arena_free(a);
}

static jmp_buf out;

static void give_up(void)
{
	longjmp(out, 1);
}

static void test_no_memory(void)
{
	struct arena *a = arena_new();

	err_set_no_memory(give_up);
	if (setjmp(out) == 0) {
		arena_alloc(a, SIZE_MAX);
		ok(false, "too much memory is refused");
	} else {
		ok(true, "too much memory is refused");
	}
	if (setjmp(out) == 0) {
		size_t cap = SIZE_MAX / 2;

		vec_room(a, NULL, &cap, (struct vec_need){ SIZE_MAX / 2, 64 });
		ok(false, "too many items are refused");
	} else {
		ok(true, "too many items are refused");
	}
	err_set_no_memory(NULL);
	arena_free(a);
}

static void test_texts(void)
{
	is_str(err_text(0), "no error", "text of 0");
	is_str(err_text(ERR_PARSE), err_text(-ERR_PARSE), "either sign");
	for (int i = 0; i <= ERR_SYSTEM; i++)
		ok(err_text(i) && strcmp(err_text(i), "unknown error") != 0, "%d has a text", i);
	is_str(err_text(ERR_SYSTEM + 1), "unknown error", "one that is none");
	is_str(err_text(INT32_MIN), "unknown error", "the least");
}

int main(void)
{
	test_sizes();
	test_copies();
	prop("allocations lie apart", case_apart, 200);
	test_vec();
	test_no_memory();
	test_texts();
	return tap_done();
}
