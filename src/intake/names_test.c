/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of names: what is a question, what is none, and that nothing is lost or told twice. */
#include "intake/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "tap.h"

static struct arena *arena;

/* A stream in pieces: nothing is there before each. */
struct stream {
	const char *text;
	size_t n, piece;
	bool paused, open;
};

static ptrdiff_t read_stream(void *user, char *to, size_t most)
{
	struct stream *s = user;
	size_t n = s->n < s->piece ? s->n : s->piece;

	s->paused = !s->paused;
	if (s->paused || (!s->n && s->open))
		return NAMES_NOTHING;
	n = n < most ? n : most;
	memcpy(to, s->text, n);
	s->text += n;
	s->n -= n;
	return (ptrdiff_t)n;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All questions of a descriptor, sorted, "name type" and a blank each; "!line" for those that are
 * none. */
static const char *all_in(struct stream stream, struct names_setup setup)
{
	static const uint16_t types[] = { RR_A, RR_MX };
	struct VEC(const char *) list = { 0 };
	struct arena *a = arena_new();
	struct buf out = { .arena = arena };
	struct names_item item;
	struct names *n;
	enum names_next got;

	if (!setup.ntypes)
		setup.ntypes = 1;
	setup.types = types;
	setup.rng = rng_seed(7);
	setup.read = read_stream;
	setup.user = &stream;
	n = names_new(a, &setup);
	while ((got = names_next(n, &item)) != NAMES_END) {
		char name[NAME_TEXT], type[TEXT_MNEMONIC];

		if (got == NAMES_LATER)
			continue;
		if (got == NAMES_BAD)
			vec_push(arena, &list,
				arena_printf(arena, "!%llu", (unsigned long long)item.number));
		else if (item.server.family != ADDR_NONE)
			vec_push(
				arena, &list, arena_str(arena, addr_text_port(&item.server, name)));
		else if (setup.servers)
			vec_push(arena, &list,
				arena_str(arena, name_text(item.question.name, name)));
		else
			vec_push(arena, &list,
				arena_printf(arena, "%s %s", name_text(item.question.name, name),
					text_type(item.question.type, type)));
	}
	names_free(n);
	arena_free(a);
	if (list.n)
		qsort(list.v, list.n, sizeof(*list.v), compare);
	vec_each (const char *, s, list)
		buf_printf(&out, "%s%s", out.n ? "," : "", *s);
	return buf_text(&out);
}

/* The same whatever the pieces that it comes in. */
static const char *all(const char *text, size_t n, struct names_setup setup)
{
	const char *whole = all_in((struct stream){ text, n, n, .open = false }, setup);

	for (size_t piece = 1; piece <= n && n < 100; piece++)
		if (strcmp(all_in((struct stream){ text, n, piece, .open = false }, setup),
			    whole) != 0)
			return arena_printf(arena, "another result in pieces of %zu", piece);
	return whole;
}

static const struct {
	const char *what, *text, *want;
} rows[] = {
	{ "no line", "", "" },
	{ "a name", "live.com\n", "live.com. A" },
	{ "no end of line", "live.com", "live.com. A" },
	{ "lines of another system", "live.com\r\nmsft.net mx\r\n", "live.com. A,msft.net. MX" },
	{ "a type", "live.com TXT\n\n  \t msft.net.\tTYPE65  \n", "live.com. TXT,msft.net. HTTPS" },
	{ "comments", "# all\nlive.com # one\n#\n", "live.com. A" },
	{ "twice", "live.com\nLIVE.com\n", "LIVE.com. A,live.com. A" },
	{ "no name", "a..b\n", "!1" },
	{ "no type", "ok\na XYZZY\n", "!2,ok. A" },
	{ "a third word", "a MX b\n", "!1" },
	{ "the root", ".\n", ". A" },
};

/* Of servers. */
static const struct {
	const char *what, *text, *want;
} servers[] = {
	{ "an address", "192.0.2.1\n", "192.0.2.1#53" },
	{ "with a port", "192.0.2.1#5300 # the test one\n2001:db8::1#54\n",
		"192.0.2.1#5300,2001:db8::1#54" },
	{ "a name", "ns1.Example.com # ns2.example.com\n", "ns1.Example.com." },
	{ "comments of servers", "#192.0.2.1\n\t # 192.0.2.2\n192.0.2.3\t#53\n", "192.0.2.3#53" },
	{ "no server", "a..b\nns1.example.com#53\n192.0.2.1#x\n192.0.2.1#99999\n", "!1,!2,!3,!4" },
	{ "no types", "ns1.example.com MX\n", "!1" },
};

static void test_servers(void)
{
	struct names_setup setup = { .servers = true };
	const char *one, *two;

	for (size_t i = 0; i < ARRAY_LEN(servers); i++)
		is_str(all(servers[i].text, strlen(servers[i].text), setup), servers[i].want,
			servers[i].what);
	setup.shard = (struct names_shard){ 1, 2 };
	one = all("192.0.2.1\n192.0.2.1#54\n", 23, setup);
	setup.shard.i = 2;
	two = all("192.0.2.1\n192.0.2.1#54\n", 23, setup);
	ok((*one != '\0') != (*two != '\0'), "all ports of an address are of one part");
}

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		is_str(all(rows[i].text, strlen(rows[i].text), (struct names_setup){ 0 }),
			rows[i].want, rows[i].what);
	is_str(all("a\nb TXT\n", 8, (struct names_setup){ .ntypes = 2 }), "a. A,a. MX,b. TXT",
		"several types for lines without one");
}

static void test_hostile(void)
{
	size_t size = 1000000;
	char *line = malloc(size);
	static const char nul[] = "a\0b\nc\n";

	if (!line)
		abort();
	memset(line, 'x', size);
	memcpy(line + size - 3, "\nd\n", 3);
	is_str(all(line, size, (struct names_setup){ 0 }), "!1,d. A",
		"the rest of an overlong line is skipped");
	is_str(all(nul, sizeof(nul) - 1, (struct names_setup){ 0 }), "!1,c. A",
		"a NUL octet is no end of a line");
	free(line);
}

static struct buf many(unsigned int n)
{
	struct buf b = { .arena = arena };

	for (unsigned int i = 0; i < n; i++)
		buf_printf(&b, "n%u.example\n", i);
	return b;
}

static unsigned int count(const char *list)
{
	unsigned int n = *list ? 1 : 0;

	for (; *list; list++)
		n += *list == ',';
	return n;
}

/* Each name is in one part and one alone. */
static void test_shards(void)
{
	enum { NAMES = 20000, PARTS = 3 };
	struct buf b = many(NAMES);
	unsigned int total = 0, least = NAMES;

	for (uint32_t i = 1; i <= PARTS; i++) {
		unsigned int n =
			count(all(b.p, b.n, (struct names_setup){ .shard = { i, PARTS } }));

		total += n;
		least = n < least ? n : least;
	}
	is_int(total, NAMES, "the parts are all names");
	ok(least > NAMES / PARTS * 9 / 10, "and of about the same size: %u", least);
	is_str(all("LIVE.com\nlive.com\n", 18, (struct names_setup){ .shard = { 1, 2 } }),
		*all("live.com\n", 9, (struct names_setup){ .shard = { 1, 2 } })
			? "LIVE.com. A,live.com. A"
			: "",
		"case does not count");
}

static void test_order(void)
{
	static const uint16_t type = RR_A;
	struct buf b = many(2 * NAMES_WINDOW);
	struct stream stream = { b.p, b.n, b.n, .open = false };
	struct names_setup setup = { read_stream, &stream, .types = &type, .ntypes = 1,
		.rng = rng_seed(1) };
	struct names *n = names_new(arena, &setup);
	struct names_item item;
	unsigned int rising = 0, seen = 0, last = 0;
	enum names_next got;

	while ((got = names_next(n, &item)) != NAMES_END) {
		char name[NAME_TEXT];
		unsigned int i;

		if (got != NAMES_ONE)
			continue;
		i = (unsigned int)strtoul(name_text(item.question.name, name) + 1, NULL, 10);
		rising += seen && i == last + 1;
		last = i;
		seen++;
	}
	is_int(seen, 2 * NAMES_WINDOW, "all of a long list");
	ok(rising < seen / 100, "neighbours are not asked in a run: %u", rising);
	names_free(n);
}

/* What cannot be read yet is not waited for. */
static void test_later(void)
{
	static const uint16_t type = RR_A;
	struct stream stream = { "live.com\n", 9, 4, .open = true };
	struct names_setup setup = { read_stream, &stream, .types = &type, .ntypes = 1 };
	struct names *n = names_new(arena, &setup);
	struct names_item item;

	is_int(names_next(n, &item), NAMES_LATER, "an empty stream is not waited for");
	is_int(names_next(n, &item), NAMES_LATER, "half a line neither");
	is_int(names_next(n, &item), NAMES_LATER, "nor all but its end");
	is_int(names_next(n, &item), NAMES_ONE, "a line is read");
	is_int(names_next(n, &item), NAMES_LATER, "then there is none");
	stream.open = stream.paused = false;
	is_int(names_next(n, &item), NAMES_LATER, "for now");
	is_int(names_next(n, &item), NAMES_END, "until the end");
	is_int(names_next(n, &item), NAMES_END, "which stays");
	names_free(n);
}

int main(void)
{
	arena = arena_new();
	test_rows();
	test_servers();
	test_hostile();
	test_shards();
	test_order();
	test_later();
	arena_free(arena);
	return tap_done();
}
