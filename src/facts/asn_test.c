// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of autonomous systems: their forms, the longest prefix, answers of a look-up service.
#include "facts/asn.h"

#include "base/buf.h"
#include "base/err.h"
#include "tap.h"

static const char table_text[] = "# a table\n"
				 "\n"
				 "192.0.2.0/24 64500\n"
				 "192.0.0.0/16\t64501 64502\r\n"
				 "192.0.2.128\t25\t64504_64503\n"
				 "0.0.0.0/0 64499\n"
				 "192.0.2.0/24 64500\n"
				 "192.0.2.0/24 64498\n"
				 "198.51.100.7/24 64505\n"
				 "2001:db8::/32 4294967295\n"
				 "2001:db8:0:1:: 64 64506,64507\n"
				 "  203.0.113.0/24   64508  \n"
				 "192.0.2.77/32 64509";

static struct addr ip(const char *text)
{
	struct addr a = { 0 };

	addr_parse(text, &a);
	return a;
}

/* "192.0.2.0/24 64498 64500". */
static const char *show(struct arena *a, const struct asn_rows *rows)
{
	vec_each (const struct asn_row, row, *rows)
		ok(asn_same_prefix(&row->prefix, &rows->v[0].prefix), "one prefix");
	return asn_line(a, rows);
}

static struct span bytes(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

/* A part says the same of its addresses, and nothing of others; lines make it up again. */
static void test_part(struct arena *a)
{
	const struct addr wanted[] = { ip("192.0.2.77"), ip("2001:db8:0:1::9"), ip("192.0.2.200"),
		ip("2001:db9::1"), ip("192.0.2.201") };
	struct asn_rows table, part, again = { 0 }, origin, same;
	size_t line;

	is_int(asn_read(a, bytes(table_text), &table, &line), 0, "a table");
	part = asn_part(a, &table, wanted, ARRAY_LEN(wanted));
	is_int((int64_t)part.n, 5, "rows of three prefixes");
	for (size_t i = part.n; i-- > 0;) {
		struct asn_rows one = { .v = &part.v[i], .n = 1 };

		is_int(asn_add(a, &again, bytes(asn_line(a, &one))), 0, "a line more");
	}
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		bool found = asn_find(&table, &wanted[i], &origin);

		is_int(asn_find(&again, &wanted[i], &same), found, "found as before");
		is_str(found ? show(a, &same) : NULL, found ? show(a, &origin) : NULL, "the same");
	}
	line = again.n;
	is_int(asn_add(a, &again, bytes("192.0.2.0/24 1\n192.0.2.0/24 x")), -ERR_PARSE, "damage");
	is_int((int64_t)again.n, (int64_t)line, "adds nothing");
}

static void test_find(struct arena *a)
{
	static const struct {
		const char *addr, *origin;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.0/24 64498 64500" },
		{ "192.0.2.77", "192.0.2.77/32 64509" },
		{ "192.0.2.78", "192.0.2.0/24 64498 64500" },
		{ "192.0.2.128", "192.0.2.128/25 64503 64504" },
		{ "192.0.3.1", "192.0.0.0/16 64501 64502" },
		{ "192.1.0.0", "0.0.0.0/0 64499" },
		{ "198.51.100.200", "198.51.100.0/24 64505" },
		{ "203.0.113.255", "203.0.113.0/24 64508" },
		{ "2001:db8::1", "2001:db8::/32 4294967295" },
		{ "2001:db8:0:1::1", "2001:db8:0:1::/64 64506 64507" },
		{ "2001:db9::1", NULL },
		{ "::", NULL },
	};
	struct asn_rows table = { 0 }, origin;
	struct addr none = { 0 };
	size_t line = 0;

	is_int(asn_read(a, (struct span){ (const uint8_t *)table_text, strlen(table_text) }, &table,
		       &line),
		0, "a table");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct addr addr = ip(rows[i].addr);
		bool found = asn_find(&table, &addr, &origin);

		is_str(found ? show(a, &origin) : NULL, rows[i].origin, rows[i].addr);
		ok(!found || asn_covers(&origin.v[0].prefix, &addr), "%s: covered", rows[i].addr);
	}
	ok(!asn_find(&table, &none, &origin), "no address is in no prefix");
}

static void test_damage(struct arena *a)
{
	static const char *const lines[] = { "192.0.2.0/24", "192.0.2.0 24", "192.0.2.0",
		"192.0.2.0/33 1", "2001:db8::/129 1", "192.0.2.0/ 1", "192.0.2.0/24 AS1",
		"192.0.2.0/24 4294967296", "192.0.2.0/24 -1", "fe80::%1/64 1", "192.0.2/24 1",
		"192.0.2.0/24/24 1", "x", "192.0.2.0/24 99999999999999999999999" };

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const char *text = arena_printf(a, "192.0.2.0/24 1\n%s\n", lines[i]);
		struct asn_rows rows = { .n = 7 };
		size_t line = 0;

		is_int(asn_read(a, (struct span){ (const uint8_t *)text, strlen(text) }, &rows,
			       &line),
			-ERR_PARSE, lines[i]);
		is_int((int64_t)line, 2, "in its line");
		is_int((int64_t)rows.n, 7, "and the result is untouched");
	}
}

static void test_answer(struct arena *a)
{
	static const struct {
		const char *text, *origin;
	} rows[] = {
		{ "23028 | 216.90.108.0/24 | US | arin | 1998-09-25", "216.90.108.0/24 23028" },
		{ "701 1239 3549 | 216.90.108.0/24 | US | arin | ",
			"216.90.108.0/24 701 1239 3549" },
		{ "64500|2001:db8::/32", "2001:db8::/32 64500" },
		{ " 64500 |  2001:db8::/32  |", "2001:db8::/32 64500" },
		{ "64500 | 192.0.2.0 | US", NULL },
		{ "NA | 192.0.2.0/24 | US", NULL },
		{ " | 192.0.2.0/24", NULL },
		{ "64500", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct asn_rows origin;
		int err = asn_read_answer(a, rows[i].text, &origin);

		is_str(err ? NULL : show(a, &origin), rows[i].origin, rows[i].text);
		is_int(err, rows[i].origin ? 0 : -ERR_PARSE, "as it should");
	}
}

static void test_name(void)
{
	struct addr v4 = ip("192.0.2.1"), v6 = ip("2001:db8::1");
	struct name zone, got, longest = name_root;
	char text[NAME_TEXT];

	name_parse("asn.example.", &zone);
	is_int(asn_name(&v4, &zone, &got), 0, "IPv4");
	is_str(name_text(&got, text), "1.2.0.192.origin.asn.example.", "reversed octets");
	is_int(asn_name(&v6, &zone, &got), 0, "IPv6");
	is_str(name_text(&got, text),
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
		"origin6.asn.example.",
		"reversed nibbles");
	while (longest.len < 240)
		name_prepend(&longest, "a234567890", &longest);
	is_int(asn_name(&v4, &longest, &got), -ERR_LIMIT, "too long with its label");
	longest = name_root;
	while (longest.len < 200)
		name_prepend(&longest, "a234567890", &longest);
	is_int(asn_name(&v6, &longest, &got), -ERR_LIMIT, "too long with the nibbles");
}

int main(void)
{
	struct arena *a = arena_new();

	test_find(a);
	test_part(a);
	test_damage(a);
	test_answer(a);
	test_name();
	arena_free(a);
	return tap_done();
}
