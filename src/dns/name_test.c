/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of names. */
#include "dns/name.h"

#include "base/err.h"
#include "prop.h"

static const struct parse_row {
	const char *text, *want; /* NULL: refused */
} parse_rows[] = {
	{ ".", "." },
	{ "live.com", "live.com." },
	{ "live.com.", "live.com." },
	{ "LiVe.CoM.", "LiVe.CoM." },
	{ "", NULL },
	{ "..", NULL },
	{ ".com", NULL },
	{ "a..b", NULL },
	{ "a\\.b.c", "a\\.b.c." },
	{ "a\\046b.c", "a\\.b.c." },
	{ "a\\000b.c", "a\\000b.c." },
	{ "a\\255b.c", "a\\255b.c." },
	{ "a\\256b.c", NULL },
	{ "a\\25", NULL },
	{ "a\\2x5", NULL },
	{ "a\\", NULL },
	{ "\\@.c", "\\@.c." },
	{ "a b.c", "a\\032b.c." },
	{ "*.c", "*.c." },
	{ "_25._tcp.mx.c", "_25._tcp.mx.c." },
};

static void test_parse(void)
{
	for (size_t i = 0; i < ARRAY_LEN(parse_rows); i++) {
		const struct parse_row *row = &parse_rows[i];
		struct name n = { .len = 77 };
		char text[NAME_TEXT];
		int err = name_parse(row->text, &n);

		if (row->want)
			is_str(err ? NULL : name_text(&n, text), row->want, row->text);
		else
			ok(err == -ERR_PARSE && n.len == 77, "refused: '%s'", row->text);
	}
}

/* A name with one label of first octets, then so many labels of one octet each. */
static int parse_sized(unsigned int first, unsigned int ones, struct name *ret)
{
	char text[NAME_TEXT * 2], *to = text;

	memset(to, 'x', first);
	to += first;
	while (ones--)
		to = stpcpy(to, ".y");
	*to = '\0';
	return name_parse(text, ret);
}

static void test_limits(void)
{
	struct name n;

	is_int(parse_sized(63, 0, &n), 0, "label of 63");
	is_int(n.len, 65, "its octets");
	is_int(parse_sized(64, 0, &n), -ERR_PARSE, "label of 64");
	is_int(parse_sized(2, 125, &n), 0, "name of 254");
	is_int(n.len, 254, "its octets");
	is_int(parse_sized(3, 125, &n), 0, "name of 255");
	is_int(n.len, 255, "its octets");
	is_int(name_labels(&n), 126, "its labels");
	is_int(parse_sized(4, 125, &n), -ERR_PARSE, "name of 256");
	is_int(parse_sized(1, 126, &n), 0, "127 labels");
	is_int(parse_sized(1, 127, &n), -ERR_PARSE, "128 labels");
}

static struct name parse(const char *text)
{
	struct name n = { 0 };

	name_parse(text, &n);
	return n;
}

static const struct pair_row {
	const char *a, *b;
	bool equal, under;
	int order;
} pair_rows[] = {
	{ ".", ".", true, true, 0 },
	{ "com.", ".", false, true, 1 },
	{ ".", "com.", false, false, -1 },
	{ "LIVE.com.", "live.COM.", true, true, 0 },
	{ "ns2.msft.net.", "net.", false, true, 1 },
	{ "xnet.", "net.", false, false, 1 },
	{ "a\\003net.", "net.", false, false, -1 },
	{ "a.example.", "Z.example.", false, false, -1 },
	{ "zABC.a.EXAMPLE.", "Z.example.", false, false, -1 },
	{ "\\001.z.example.", "*.z.example.", false, false, -1 },
	{ "\\200.z.example.", "*.z.example.", false, false, 1 },
	{ "ab.example.", "a.example.", false, false, 1 },
	{ "[.example.", "a.example.", false, false, -1 },
	{ "@.example.", "A.example.", false, false, -1 },
};

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void test_pairs(void)
{
	for (size_t i = 0; i < ARRAY_LEN(pair_rows); i++) {
		const struct pair_row *row = &pair_rows[i];
		struct name a = parse(row->a), b = parse(row->b);

		ok(name_equal(&a, &b) == row->equal, "equal: %s %s", row->a, row->b);
		ok(name_under(&a, &b) == row->under, "under: %s %s", row->a, row->b);
		ok(sign(name_compare(&a, &b)) == row->order, "order: %s %s", row->a, row->b);
		ok(sign(name_compare(&b, &a)) == -row->order, "order: %s %s", row->b, row->a);
	}
}

static void test_parts(void)
{
	static const uint8_t v4[] = { 192, 0, 2, 1 }, v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	struct name n = parse("ns2.msft.net."), lower = parse("a.b."), upper = parse("A.b."), r,
		    none;
	char text[NAME_TEXT];

	none = (struct name){ 0 };
	r = name_parent(&n);
	is_str(name_text(&r, text), "msft.net.", "parent");
	r = name_parent(&name_root);
	is_str(name_text(&r, text), ".", "parent of the root");
	r = name_suffix(&n, 1);
	is_str(name_text(&r, text), "net.", "suffix 1");
	r = name_suffix(&n, 0);
	is_str(name_text(&r, text), ".", "suffix 0");
	r = name_suffix(&n, 9);
	is_str(name_text(&r, text), "ns2.msft.net.", "suffix 9");
	is_int(name_prepend(&n, "x", &r), 0, "prepend");
	is_str(name_text(&r, text), "x.ns2.msft.net.", "prepended");
	parse_sized(3, 125, &n);
	is_int(name_prepend(&n, "x", &r), -ERR_LIMIT, "prepend to a full name");
	is_str(name_text(&r, text), "x.ns2.msft.net.", "result untouched");
	ok(!name_same_case(&lower, &upper) && name_same_case(&lower, &lower), "case told apart");
	is_int(name_labels(&name_root), 0, "labels of the root");
	r = name_reverse((struct span){ v4, 4 });
	is_str(name_text(&r, text), "1.2.0.192.in-addr.arpa.", "reverse v4");
	r = name_reverse((struct span){ v6, 16 });
	is_str(name_text(&r, text),
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.",
		"reverse v6");
	is_str(name_text(&none, text), "", "no name");
	ok(!name_equal(&none, &name_root) && !name_under(&lower, &none) &&
			!name_under(&none, &lower),
		"no name is no other");
}

static const struct wire_row {
	const char *id, *wire;
	size_t n;
	int want; /* octets, or -ERR_PARSE */
} wire_rows[] = {
	{ "root", "\0", 1, 1 },
	{ "root and more", "\0\1\2", 3, 1 },
	{ "one label", "\1a\0", 3, 3 },
	{ "empty", "", 0, -ERR_PARSE },
	{ "no end", "\1a", 2, -ERR_PARSE },
	{ "label cut", "\5a", 2, -ERR_PARSE },
	{ "pointer", "\xc0\x0c", 2, -ERR_PARSE },
	{ "label type 01", "\x40\0", 2, -ERR_PARSE },
};

static void test_wire(void)
{
	for (size_t i = 0; i < ARRAY_LEN(wire_rows); i++) {
		const struct wire_row *row = &wire_rows[i];
		struct name n = { 0 };
		int err = name_from_wire((struct span){ (const uint8_t *)row->wire, row->n }, &n);

		is_int(err ? err : n.len, row->want, row->id);
	}
}

/* Any name that fits, of any octets. */
static struct name random_name(struct rng *r)
{
	struct name n = { 0 };
	unsigned int labels = rng_below(r, 8);

	while (labels--) {
		unsigned int size = 1 + rng_below(r, rng_below(r, 4) ? 6 : 63);

		if (n.len + size + 2 > NAME_MAX_WIRE)
			break;
		n.wire[n.len++] = (uint8_t)size;
		while (size--)
			n.wire[n.len++] = (uint8_t)rng_u64(r);
	}
	n.len++;
	return n;
}

static bool prop_text(struct rng *r)
{
	struct name n = random_name(r), again;
	char text[NAME_TEXT];

	return name_parse(name_text(&n, text), &again) == 0 && name_same_case(&n, &again);
}

static bool prop_wire(struct rng *r)
{
	struct name n = random_name(r), again;

	return name_from_wire((struct span){ n.wire, n.len }, &again) == 0 &&
	       name_same_case(&n, &again) &&
	       name_from_wire((struct span){ n.wire, n.len - 1U }, &again) != 0;
}

static bool prop_parents(struct rng *r)
{
	struct name n = random_name(r), up = n;
	unsigned int labels = name_labels(&n);

	while (up.len > 1) {
		struct name suffix = name_suffix(&n, labels);

		if (!name_under(&n, &up) || !name_same_case(&suffix, &up) ||
			name_labels(&up) != labels--)
			return false;
		up = name_parent(&up);
	}
	return labels == 0;
}

static bool prop_order(struct rng *r)
{
	struct name a = random_name(r), b = random_name(r);
	int order = name_compare(&a, &b);

	return sign(order) == -sign(name_compare(&b, &a)) && (order == 0) == name_equal(&a, &b);
}

static void mixed(void)
{
	struct name n, m;
	char text[NAME_TEXT];

	is_int(name_parse("aB-1.cde.test.", &n), 0, "a name");
	m = name_mixed(&n);
	is_str(name_text(&m, text), "Ab-1.CdE.tEsT.", "every other letter is a capital");
	ok(name_equal(&n, &m), "... and the name is the same");
}

int main(void)
{
	test_parse();
	test_limits();
	test_pairs();
	test_parts();
	test_wire();
	prop("parse(text(n)) = n", prop_text, 2000);
	prop("from_wire(n) = n", prop_wire, 2000);
	prop("parents are suffixes", prop_parents, 500);
	prop("order agrees with equality", prop_order, 2000);
	mixed();
	return tap_done();
}
