/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain, gzip and zstd; whole, cut, damaged, put together, and much larger than they look. */
#include "intake/unpack.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <zlib.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/rng.h"
#include "base/span.h"
#include "tap.h"

enum { TEXT = 200000, ROOM = 3 * TEXT };

/* A text that packs somewhat. */
static struct span text(struct arena *a)
{
	uint8_t *p = arena_alloc(a, TEXT);
	struct rng rng = rng_seed(5);

	for (size_t i = 0; i < TEXT; i++)
		p[i] = (uint8_t)('a' + rng_below(&rng, 8));
	return (struct span){ p, TEXT };
}

static struct span gzip(struct arena *a, struct span in)
{
	uint8_t *out = arena_alloc(a, ROOM);
	z_stream z = {
		.next_in = (Bytef *)in.p, .avail_in = (uInt)in.n, .next_out = out, .avail_out = ROOM
	};

	deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return (struct span){ out, z.total_out };
}

static struct span zstd(struct arena *a, struct span in)
{
	uint8_t *out = arena_alloc(a, ROOM);

	return (struct span){ out, ZSTD_compress(out, ROOM, in.p, in.n, 3) };
}

static struct span plain(struct arena *a, struct span in)
{
	(void)a;
	return in;
}

static struct span both(struct arena *a, struct span x, struct span y)
{
	uint8_t *p = arena_alloc(a, x.n + y.n);

	memcpy(p, x.p, x.n);
	memcpy(p + x.n, y.p, y.n);
	return (struct span){ p, x.n + y.n };
}

/* All that comes out, in reads of that size; *ret_why as the reader says. */
static struct span unpacked(struct arena *a, struct span in, size_t step, const char **ret_why)
{
	FILE *f = in.n ? fmemopen((void *)in.p, in.n, "rb") : fopen("/dev/null", "rb");
	uint8_t *out = arena_alloc(a, ROOM);
	struct unpack *u = unpack_new(f);
	size_t n = 0, got;

	while (n + step <= ROOM && (got = unpack_read(u, out + n, step)) > 0)
		n += got;
	*ret_why = unpack_why(u) ? arena_str(a, unpack_why(u)) : NULL;
	unpack_free(u);
	fclose(f);
	return (struct span){ out, n };
}

static bool same(struct span x, struct span y)
{
	return x.n == y.n && (!x.n || memcmp(x.p, y.p, x.n) == 0);
}

static const struct {
	const char *name;
	struct span (*pack)(struct arena *a, struct span in);
} kinds[] = { { "plain", plain }, { "gzip", gzip }, { "zstd", zstd } };

static void test_kind(size_t kind)
{
	struct arena *a = arena_new();
	struct span in = text(a), packed = kinds[kind].pack(a, in), out;
	const char *name = kinds[kind].name, *why;

	for (size_t step = 1; step < 100000; step = step * 7 + 1)
		ok(same(unpacked(a, packed, step, &why), in) && !why, "%s in reads of %zu", name,
			step);
	out = unpacked(a, both(a, packed, packed), 4096, &why);
	ok(same(out, both(a, in, in)) && !why, "%s twice", name);
	out = unpacked(a, kinds[kind].pack(a, (struct span){ in.p, 0 }), 4096, &why);
	ok(!out.n && !why, "%s of nothing", name);
	arena_free(a);
}

/* Wherever it is cut: what comes out is the text's begin, and that it is cut is said. */
static void test_cut(size_t kind)
{
	struct arena *a = arena_new();
	struct span in = text(a), packed = kinds[kind].pack(a, in), out;
	bool good = true, some = false;
	const char *why;

	for (size_t cut = 10; cut < packed.n && good; cut += packed.n / 23) {
		out = unpacked(a, (struct span){ packed.p, cut }, 4096, &why);
		some = some || out.n > 0;
		good = out.n <= in.n && memcmp(out.p, in.p, out.n) == 0 && why;
	}
	ok(good && some, "%s that is cut short", kinds[kind].name);
	unpacked(a, (struct span){ packed.p, packed.n - 1 }, 4096, &why);
	ok(why, "%s without its last octet", kinds[kind].name);
	arena_free(a);
}

/* An octet is another one in the middle: what came before it counts. */
static void test_damage(size_t kind)
{
	struct arena *a = arena_new();
	struct span in = text(a), packed = kinds[kind].pack(a, in), out;
	uint8_t *bytes = arena_dup(a, packed.p, packed.n);
	const char *why;

	memset(bytes + packed.n * 3 / 4, 0xff, 100);
	out = unpacked(a, (struct span){ bytes, packed.n }, 4096, &why);
	ok(why && out.n > 0 && memcmp(out.p, in.p, TEXT / 2) == 0, "%s that is damaged: %s",
		kinds[kind].name, why ? why : "not seen");
	out = unpacked(
		a, both(a, packed, (struct span){ (const uint8_t *)"garbage", 7 }), 4096, &why);
	ok(why && same(out, in), "%s with garbage behind it", kinds[kind].name);
	arena_free(a);
}

static long peak(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return used.ru_maxrss;
}

/* 256 MiB of zeros: all of them come, and memory does not. */
static void test_bomb(size_t kind)
{
	enum { PIECE = 1 << 20, PIECES = 256 };
	struct arena *a = arena_new();
	struct span zeros = { arena_alloc(a, PIECE), PIECE }, one = kinds[kind].pack(a, zeros), all;
	uint8_t *p = arena_alloc(a, one.n * PIECES), *out = arena_alloc(a, PIECE);
	struct unpack *u;
	uint64_t n = 0;
	size_t got;
	long before;
	FILE *f;

	for (size_t i = 0; i < PIECES; i++)
		memcpy(p + i * one.n, one.p, one.n);
	all = (struct span){ p, one.n * PIECES };
	before = peak();
	f = fmemopen((void *)all.p, all.n, "rb");
	u = unpack_new(f);
	while ((got = unpack_read(u, out, PIECE)) > 0)
		n += got;
	is_int((int64_t)n, (int64_t)PIECE * PIECES, kinds[kind].name);
	ok(peak() - before < 32 * 1024, "memory of a bomb: %ld KiB more", peak() - before);
	unpack_free(u);
	fclose(f);
	arena_free(a);
}

/* A frame that says it needs a window of 2 GiB. */
static void test_window(void)
{
	static const uint8_t wide[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 1, 0, 0 };
	struct arena *a = arena_new();
	const char *why;

	unpacked(a, (struct span){ wide, sizeof(wide) }, 4096, &why);
	ok(why, "a window that is too large is refused");
	unpacked(a,
		(struct span){ (const uint8_t *)"\xfd"
						"7zXZ\0\0",
			7 },
		4096, &why);
	ok(why, "xz is told");
	unpacked(a, (struct span){ (const uint8_t *)"BZh91AY", 7 }, 4096, &why);
	ok(why, "bzip2 is told");
	ok(unpacked(a, (struct span){ (const uint8_t *)"\x1f", 1 }, 4096, &why).n == 1 && !why,
		"one octet is text");
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		test_kind(i);
	for (size_t i = 1; i < ARRAY_LEN(kinds); i++) {
		test_cut(i);
		test_damage(i);
		test_bomb(i);
	}
	test_window();
	unpack_free(NULL);
	return tap_done();
}
