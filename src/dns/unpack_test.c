/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of compressed names: what honest and hostile servers do with pointers. */
#include "dns/unpack.h"

#include "base/err.h"
#include "dns/msg.h"
#include "dns/rr.h"
#include "dns/test_wire.h"
#include "prop.h"

static struct arena *arena;

/* Records whose owners and names are pointers to pointers: 64 KiB must not take long. */
static void test_bomb(void)
{
	struct buf b = { .arena = arena };
	const struct msg *m;
	uint32_t chain;

	/* 8000 pointers, each to the one before, as rdata of an unknown type. */
	test_wire(&b, "0007 8400 0000 1000 0000 0000 00 ff00 0001 00000000 3e80 c00c");
	for (chain = 1; chain < 8000; chain++)
		buf_u16(&b, (uint16_t)(0xc000U | (23 + 2 * (chain - 1))));
	while (b.n + 14 <= 65535) {
		buf_u16(&b, (uint16_t)(0xc000U | (23 + 2 * 7999)));
		test_wire(&b, "0002 0001 00000000 0002");
		buf_u16(&b, (uint16_t)(0xc000U | (23 + 2 * 7999)));
	}
	m = msg_read(arena, buf_span(&b));
	ok(m->nrrs > 3000 && m->ndefects >= 2 * (m->nrrs - 1), "bomb of pointers: %zu records",
		m->nrrs);
	is_int(m->defects[0].rule, MSG_NAME_POINTER, "too many jumps");
	/* The last of 126 pointers still leads to the root at 12. */
	b.n = 0;
	test_wire(&b, "0007 8400 0000 0002 0000 0000 00 ff00 0001 00000000 00fc c00c");
	for (chain = 1; chain < 126; chain++)
		buf_u16(&b, (uint16_t)(0xc000U | (23 + 2 * (chain - 1))));
	test_wire(&b, "c111 ff00 0001 00000000 0000");
	m = msg_read(arena, buf_span(&b));
	ok(m->ndefects == 0 && m->rrs[1].owner->len == 1, "127 jumps are borne");
}

/* Names written with compression where it fits are read as they were meant. */
struct writer {
	struct buf b;
	struct {
		struct name name;
		uint16_t at;
	} known[64];
	size_t nknown;
};

static void write_name(struct writer *w, const struct name *n)
{
	struct name rest = *n;

	while (rest.len > 1) {
		for (size_t i = 0; i < w->nknown; i++) {
			if (!name_same_case(&w->known[i].name, &rest))
				continue;
			buf_u16(&w->b, w->known[i].at | 0xc000U);
			return;
		}
		if (w->nknown < ARRAY_LEN(w->known)) {
			w->known[w->nknown].name = rest;
			w->known[w->nknown++].at = (uint16_t)w->b.n;
		}
		buf_put(&w->b, rest.wire, rest.wire[0] + 1U);
		rest = name_parent(&rest);
	}
	buf_u8(&w->b, 0);
}

/* Up to four labels of an alphabet of four. */
static struct name small_name(struct rng *r)
{
	struct name n = name_root;
	uint32_t labels = rng_below(r, 5);

	while (labels--) {
		char label[] = { "aAbB"[rng_below(r, 4)], '\0' };

		name_prepend(&n, label, &n);
	}
	return n;
}

static bool prop_compression(struct rng *r)
{
	struct arena *a = arena_new();
	struct writer *w = arena_alloc(a, sizeof(*w));
	struct name names[20], got;
	const struct msg *m;
	bool good;

	w->b.arena = a;
	test_wire(&w->b, "0007 8400 0000 000a 0000 0000");
	for (size_t i = 0; i < 20; i += 2) {
		size_t at;

		names[i] = small_name(r);
		names[i + 1] = small_name(r);
		write_name(w, &names[i]);
		test_wire(&w->b, "0005 0001 00000000 0000");
		at = w->b.n;
		write_name(w, &names[i + 1]);
		w->b.p[at - 1] = (char)(w->b.n - at);
	}
	m = msg_read(a, buf_span(&w->b));
	good = m->ndefects == 0 && m->nrrs == 10;
	for (size_t i = 0; good && i < 20; i += 2)
		good = name_same_case(m->rrs[i / 2].owner, &names[i]) &&
		       msg_rdata_name(m, &m->rrs[i / 2], &got, NULL) == 0 &&
		       name_same_case(&got, &names[i + 1]);
	arena_free(a);
	return good;
}

int main(void)
{
	arena = arena_new();
	test_bomb();
	prop("compressed names", prop_compression, 2000);
	arena_free(arena);
	return tap_done();
}
