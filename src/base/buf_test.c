/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of base/buf. */
#include "base/buf.h"

#include "prop.h"
#include "tap.h"

static void test_text(struct arena *a)
{
	struct buf b = { .arena = a };

	is_str(buf_text(&b), "", "empty");
	is_int((int64_t)buf_span(&b).n, 0, "no bytes");
	buf_put(&b, NULL, 0);
	is_str(buf_text(&b), "", "nothing added");
	buf_str(&b, "port");
	buf_char(&b, ' ');
	buf_printf(&b, "%u%s", 53U, "");
	is_str(buf_text(&b), "port 53", "put together");
	is_int((int64_t)b.n, 7, "the NUL does not count");
	buf_put(&b, "\0x", 2);
	is_int((int64_t)b.n, 9, "a NUL inside");
	buf_str(&b, buf_text(&b));
	is_str(buf_text(&b) + 9, "port 53", "its own text appended");
	buf_printf(&b, "%0100000d", 7);
	is_int((int64_t)b.n, 100016, "a long form");
	is_int(b.p[b.n], 0, "ends in NUL");
	b.n = 4;
	buf_str(&b, "s");
	is_str(buf_text(&b), "ports", "cut and gone on");
}

static void test_numbers(struct arena *a)
{
	static const uint8_t want[] = { 0xab, 0x12, 0x34, 0xde, 0xad, 0xbe, 0xef };
	struct buf b = { .arena = a };
	struct span s;

	buf_u8(&b, 0xab);
	buf_u16(&b, 0x1234);
	buf_u32(&b, 0xdeadbeef);
	s = buf_span(&b);
	ok(s.n == sizeof(want) && memcmp(s.p, want, s.n) == 0, "big-endian numbers");
}

/* Random appends give what a plain array holds, always NUL-terminated. */
static bool case_model(struct rng *r)
{
	static char model[20000];
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	size_t n = 0;
	bool good = true;

	while (n < sizeof(model) - 300) {
		size_t size = rng_below(r, 300);

		for (size_t i = 0; i < size; i++)
			model[n + i] = (char)rng_below(r, 256);
		buf_put(&b, model + n, size);
		n += size;
		good = good && b.n == n && buf_text(&b)[n] == '\0';
	}
	good = good && memcmp(buf_text(&b), model, n) == 0;
	arena_free(a);
	return good;
}

int main(void)
{
	struct arena *a = arena_new();

	test_text(a);
	test_numbers(a);
	prop("appends = the model", case_model, 50);
	arena_free(a);
	return tap_done();
}
