// SPDX-License-Identifier: GPL-3.0-or-later
// The plan of a check of the tree on a tape: what is written reads the same; what is wrong is said.
#include <string.h>

#include "base/err.h"
#include "base/version.h"
#include "facts/tape.h"
#include "tap.h"

static struct facts *read_text(struct arena *a, const char *text, struct tape_error *error)
{
	struct facts *f = NULL;
	struct span bytes = { (const uint8_t *)text, strlen(text) };

	return tape_read(a, bytes, &f, error) < 0 ? NULL : f;
}

#define HEAD "{\"tape\":1}\n"
#define PLAN "{\"tree\":\"child.xa.\",\"asn_file\":\"table.txt\"}\n"

static const char whole[] =
	"{\"tape\":1,\"tool\":\"dnsfault\",\"version\":\"" DNSFAULT_VERSION
	"\",\"command\":\"tree\"}\n"
	"{\"tree\":\"child.xa.\",\"all\":true,\"no_v6\":true,\"asn_file\":\"table.txt\","
	"\"asn_zone\":\"asn.xb.\",\"mail\":true,\"helo\":\"mail.child.xa.\"}\n"
	"{\"root\":\"9.11.0.1#53\",\"name\":\"a.root.xb.\"}\n"
	"{\"delegated\":\"ns1.child.xa.\",\"addr\":\"9.31.0.1#53\"}\n"
	"{\"ds\":\"00ff\",\"tag\":7,\"algorithm\":13,\"digest\":2}\n"
	"{\"anchor\":\"ff00\",\"tag\":8,\"algorithm\":8,\"digest\":2}\n"
	"{\"case\":\"connectivity03\"}\n"
	"{\"selector\":\"s1\"}\n"
	"{\"client\":\"9.40.0.1\"}\n"
	"{\"client\":\"2a09:40::1\"}\n"
	"{\"asn\":\"9.31.0.0/16 64531\"}\n"
	"{\"asn\":\"9.31.0.0/16 64532\"}\n"
	"{\"asn\":\"2a09:31::/32 64531\"}\n";

static void test_round_trip(void)
{
	struct arena *a = arena_new();
	struct tape_error error = { 0 };
	struct facts *f = read_text(a, whole, &error);
	struct buf b = { .arena = a };
	struct asn_rows origin = { 0 };
	struct addr addr;

	ok(f && f->tree, "a tape with a plan is read");
	if (!f || !f->tree) {
		printf("#   line %zu: %s\n", error.line, error.text);
		arena_free(a);
		return;
	}
	tape_write(f, &b);
	is_str(buf_text(&b), whole, "and written as it was");
	addr_parse("9.31.7.7", &addr);
	ok(f->tree->asn && asn_find(f->tree->asn, &addr, &origin), "AS data are found");
	is_int((int64_t)origin.n, 2, "by two numbers");
	arena_free(a);
}

/* A file in which nothing was found is not the same as no file. */
static void test_empty(void)
{
	struct arena *a = arena_new();
	struct tape_error error = { 0 };
	struct facts *f = read_text(a, HEAD PLAN, &error);

	ok(f && f->tree->asn && !f->tree->asn->n, "a file without a network of the zone's");
	f = read_text(a, HEAD "{\"tree\":\"child.xa.\"}\n", &error);
	ok(f && !f->tree->asn, "no file");
	arena_free(a);
}

static void test_damage(void)
{
	static const struct {
		const char *text, *why;
		size_t line;
	} rows[] = {
		{ HEAD "{\"asn\":\"9.0.0.0/8 1\"}\n",
			"a part of a plan of the tree, and no plan before it", 2 },
		{ HEAD "{\"tree\":\"child.xa.\"}\n{\"asn\":\"9.0.0.0/8 1\"}\n",
			"AS data, and a plan that has no file of them", 3 },
		{ HEAD PLAN "{\"asn\":\"9.0.0.0/8\"}\n", "\"asn\" is no network with its numbers",
			3 },
		{ HEAD PLAN "{\"asn\":7}\n", "\"asn\" is no network with its numbers", 3 },
		{ HEAD PLAN PLAN, "a second plan of the tree", 3 },
		{ HEAD PLAN "{\"case\":7}\n", "\"case\" is not text", 3 },
		{ HEAD PLAN "{\"selector\":7}\n", "\"selector\" is not text", 3 },
		{ HEAD PLAN "{\"client\":\"here\"}\n", "\"client\" is no address", 3 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct tape_error error = { 0 };

		ok(!read_text(a, rows[i].text, &error), "refused: %s", rows[i].why);
		is_str(error.text, rows[i].why, "why");
		is_int((int64_t)error.line, (int64_t)rows[i].line, "where");
		arena_free(a);
	}
}

int main(void)
{
	test_round_trip();
	test_empty();
	test_damage();
	return tap_done();
}
