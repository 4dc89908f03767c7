/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What denies existence, and sets in canonical form: readers, hashes, intervals. */
#include "base/err.h"
#include "dns/dnssec.h"
#include "dns/rr.h"
#include "dns/test_wire.h"
#include "tap.h"

static struct arena *a;

static struct span hex(const char *text)
{
	struct buf b = { .arena = a };

	return test_wire(&b, text);
}

static struct name named(const char *text)
{
	struct name n;

	ok(name_parse(text, &n) == 0, "%s is a name", text);
	return n;
}

/* RFC 5155 appendix A: salt aabbccdd, 12 iterations. */
static void test_nsec3_hash(void)
{
	static const struct {
		const char *name, *hash;
	} rows[] = {
		{ "example.", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom" },
		{ "A.example.", "35mthgpgcu1qg68fab165klnsnk3dpvl" },
		{ "ai.example.", "GJEQE526PLBF1G8MKLP59ENFD789NJGI" },
		{ "ns1.example.", "2t7b4g4vsa5smi47k61mv5bv1a22bojr" },
		{ "*.w.example.", "r53bq7cc2uvmubfu5ocmm6pers9tk9en" },
		{ "x.y.w.example.", "2vptu5timamqttgl4luu9kg21e0aor3s" },
		{ "xx.example.", "t644ebqk9bibcna874givr6joj62mlhv" },
	};
	struct nsec3 p = {
		.hash = 1, .iterations = 12, .salt = { (const uint8_t *)"\xaa\xbb\xcc\xdd", 4 }
	};
	uint8_t hash[NSEC3_HASH], owner[NSEC3_HASH];
	struct name n = named("short.example.");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct name hashed;

		n = named(rows[i].name);
		is_int(nsec3_hash(&p, &n, hash), 0, "is hashed");
		ok(name_prepend(&name_root, rows[i].hash, &hashed) == 0, "the RFC's hash");
		is_int(nsec3_owner_hash(&hashed, owner), 0, "is read");
		ok(!memcmp(hash, owner, NSEC3_HASH), "and is the same");
	}
	n = named("short.example.");
	is_int(nsec3_owner_hash(&n, owner), -ERR_PARSE, "no hash");
	n = named("0p9mhaveqvm6t7vbl5lop2u3t2rp3tow.example.");
	is_int(nsec3_owner_hash(&n, owner), -ERR_PARSE, "w is none of its letters");
	p.iterations = NSEC3_MOST + 1;
	is_int(nsec3_hash(&p, &n, hash), -ERR_LIMIT, "too many iterations");
	p.iterations = 0;
	p.hash = 2;
	is_int(nsec3_hash(&p, &n, hash), -ERR_NONE, "a hash that is not known");
}

static void test_covers(void)
{
	static const struct {
		const char *owner, *next, *name;
		bool want;
	} rows[] = {
		{ "a.example.", "d.example.", "b.example.", true },
		{ "a.example.", "d.example.", "x.a.example.", true },
		{ "a.example.", "d.example.", "A.example.", false },
		{ "a.example.", "d.example.", "D.example.", false },
		{ "a.example.", "d.example.", "e.example.", false },
		{ "x.example.", "example.", "z.example.", true },
		{ "x.example.", "example.", "b.example.", false },
		{ "x.example.", "example.", "example.", false },
		{ "example.", "example.", "b.example.", true },
		{ "example.", "example.", "example.", false },
	};
	uint8_t low[NSEC3_HASH] = { 1 }, middle[NSEC3_HASH] = { 2 }, high[NSEC3_HASH] = { 3 };
	struct span next = { high, NSEC3_HASH };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct name o = named(rows[i].owner), t = named(rows[i].next);
		struct name n = named(rows[i].name);

		ok(nsec_covers(&o, &t, &n) == rows[i].want, "NSEC %s %s: %s", rows[i].owner,
			rows[i].next, rows[i].name);
	}
	ok(nsec3_covers(low, next, middle), "NSEC3 between");
	ok(!nsec3_covers(middle, next, low), "outside");
	ok(!nsec3_covers(low, next, high) && !nsec3_covers(low, next, low), "at the ends");
	next.p = low;
	ok(nsec3_covers(middle, next, high) && !nsec3_covers(high, next, middle), "the last one");
	next.n--;
	ok(!nsec3_covers(middle, next, high), "a next hash that is cut");
}

static void test_bitmaps(void)
{
	/* RFC 4034 4.3: A MX RRSIG NSEC TYPE1234. */
	struct span types = hex("00 06 40 01 00 00 00 03 04 1b ~26 20");
	static const int32_t want[] = { 1, 15, 46, 47, 1234, -1 };
	int32_t at = -1;

	ok(bitmap_valid(types), "the RFC's example is valid");
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		at = bitmap_next(types, (uint32_t)(at + 1));
		is_int(at, want[i], "next type");
	}
	ok(bitmap_has(types, RR_MX) && bitmap_has(types, 1234), "types that are there");
	ok(!bitmap_has(types, RR_NS) && !bitmap_has(types, 1235) && !bitmap_has(types, 65535),
		"types that are not");
	ok(bitmap_valid(hex("")), "none at all is valid");
	ok(!bitmap_valid(hex("00")), "a window without length");
	ok(!bitmap_valid(hex("00 00")), "an empty window");
	ok(!bitmap_valid(hex("00 02 40")), "a window that is cut");
	ok(!bitmap_valid(hex("00 21 ~33")), "a long window");
	ok(!bitmap_valid(hex("01 01 40 00 01 40")), "windows that descend");
	ok(!bitmap_valid(hex("00 01 40 00 01 40")), "a window twice");
}

static int read_nsec3(const char *text, uint16_t type, struct nsec3 *ret)
{
	struct span rdata = hex(text);
	struct rr rr = { .type = type, .rdata = rdata.p, .rdlength = (uint16_t)rdata.n };

	return nsec3_read(&rr, ret);
}

static void test_nsec3_read(void)
{
	struct nsec3 n;

	is_int(read_nsec3("01 01 000c 04 aabbccdd 14 ~20 00 01 40", RR_NSEC3, &n), 0, "NSEC3");
	ok(n.hash == 1 && n.flags == NSEC3_OPT_OUT && n.iterations == 12, "its numbers");
	ok(n.salt.n == 4 && n.next.n == NSEC3_HASH && bitmap_has(n.types, RR_A), "and the rest");
	is_int(read_nsec3("01 00 0000 00", RR_NSEC3PARAM, &n), 0, "NSEC3PARAM");
	ok(!n.salt.n && !n.next.n && !n.types.n, "has nothing else");
	is_int(read_nsec3("01 00 0000 00 00", RR_NSEC3PARAM, &n), -ERR_PARSE, "with a rest");
	is_int(read_nsec3("01 00 0000 01", RR_NSEC3PARAM, &n), -ERR_PARSE, "salt is cut");
	is_int(read_nsec3("01 00 0000", RR_NSEC3PARAM, &n), -ERR_PARSE, "no salt");
	is_int(read_nsec3("01 00 0000 00", RR_NSEC3, &n), -ERR_PARSE, "no next");
	is_int(read_nsec3("01 00 0000 00 00", RR_NSEC3, &n), -ERR_PARSE, "next is empty");
	is_int(read_nsec3("01 00 0000 00 01 aa 00", RR_NSEC3, &n), -ERR_PARSE, "bad types");
}

/* The NSEC of a.example, 10 octets of name, and types A and NSEC. */
static void test_nsec_read(void)
{
	const char *head = "0001 8400 0000 0001 0000 0000  .a 00 002f 0001 00000000 ";
	struct buf b = { .arena = a };
	const struct msg *m;
	struct nsec n;

	buf_printf(&b, "%s 000a .b 00 00 05 40 00 00 00 01", head);
	m = msg_read(a, hex(buf_text(&b)));
	is_int(nsec_read(m, &m->rrs[0], &n), 0, "NSEC");
	ok(bitmap_has(n.types, RR_A) && !bitmap_has(n.types, RR_NS), "its types");
	is_int(n.next.len, 3, "its name");
	b.n = 0;
	buf_printf(&b, "%s 0005 c00c 00 01 40", head);
	m = msg_read(a, hex(buf_text(&b)));
	is_int(nsec_read(m, &m->rrs[0], &n), -ERR_PARSE, "a name that is packed");
	b.n = 0;
	buf_printf(&b, "%s 0005 .b 00 00 01", head);
	m = msg_read(a, hex(buf_text(&b)));
	is_int(nsec_read(m, &m->rrs[0], &n), -ERR_PARSE, "a window that is cut");
}

static void test_sets(void)
{
	const struct msg *m = msg_read(a, hex("0001 8400 0000 0004 0000 0000"
					      " .A 00 0002 0001 00000001 0003 .B 00"
					      " .a 00 0002 0001 00000002 0003 .b 00"
					      " .a 00 0002 0003 00000002 0003 .d 00"
					      " .a 00 0002 0001 00000002 0003 .a 00"));
	struct name owner = named("a."), other = named("b.");
	struct rrset s = rrset_find(a, m, (struct rr_wanted){ MSG_ANSWER, RR_NS, &owner });
	struct span got = rrset_canonical(a, &s), want = hex("0003 .a 00 0003 .b 00");

	is_int(s.rrs.n, 2, "each rdata once, of class IN");
	ok(got.n == want.n && !memcmp(got.p, want.p, got.n), "sorted, in lower case");
	s = rrset_find(a, m, (struct rr_wanted){ MSG_ANSWER, RR_NS, &other });
	is_int(s.rrs.n, 0, "no set");
	is_int(rrset_canonical(a, &s).n, 0, "is empty");
}

int main(void)
{
	a = arena_new();
	test_nsec3_hash();
	test_covers();
	test_bitmaps();
	test_nsec3_read();
	test_nsec_read();
	test_sets();
	arena_free(a);
	return tap_done();
}
