/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of those who do not want to be asked. */
#include "intake/optout.h"

#include <string.h>

#include "base/err.h"
#include "tap.h"

static const char list[] = "# who said so\n"
			   "192.0.2.1\n"
			   "198.51.100.64/26 # by mail\r\n"
			   "2001:db8:1::/48\n"
			   "\n"
			   "example.com\n"
			   "  host.example.net.\t\n"
			   "203.0.113.77/24";

static const struct {
	const char *what;
	bool has;
} rows[] = {
	{ "192.0.2.1", true },
	{ "192.0.2.2", false },
	{ "198.51.100.63", false },
	{ "198.51.100.64", true },
	{ "198.51.100.127", true },
	{ "198.51.100.128", false },
	{ "203.0.113.1", true },
	{ "203.0.112.1", false },
	{ "2001:db8:1:ffff::1", true },
	{ "2001:db8:2::1", false },
	{ "example.com", true },
	{ "a.b.EXAMPLE.com.", true },
	{ "badexample.com", false },
	{ "com", false },
	{ "example.net", false },
	{ "host.example.net", true },
};

static const struct {
	const char *text;
	size_t line;
} wrong[] = { { "192.0.2.1\n192.0.2.0/33\n", 2 }, { "2001:db8::/129", 1 }, { "192.0.2.0/\n", 1 },
	{ "192.0.2.0/x", 1 }, { "a..b\n", 1 }, { "a b\n", 1 }, { "\n\nexample.com/8", 3 },
	{ "192.0.2.0/-1", 1 } };

static bool has(const struct optout *o, const char *what)
{
	struct addr a;
	struct name n;

	if (addr_parse(what, &a) == 0)
		return optout_has_addr(o, &a);
	name_parse(what, &n);
	return optout_has_name(o, &n);
}

int main(void)
{
	struct arena *a = arena_new();
	struct optout o = { 0 };
	size_t line = 0;
	char longer[2000];

	is_int(optout_read(a, (struct span){ (const uint8_t *)list, strlen(list) }, &o, &line), 0,
		"a list");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ok(has(&o, rows[i].what) == rows[i].has, "%s is %sin it", rows[i].what,
			rows[i].has ? "" : "not ");
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct optout none = { 0 };

		is_int(optout_read(a,
			       (struct span){
				       (const uint8_t *)wrong[i].text, strlen(wrong[i].text) },
			       &none, &line),
			-ERR_PARSE, wrong[i].text);
		is_int((int64_t)line, (int64_t)wrong[i].line, "and its line is said");
	}
	memset(longer, 'a', sizeof(longer));
	is_int(optout_read(a, (struct span){ (const uint8_t *)longer, sizeof(longer) }, &o, &line),
		-ERR_PARSE, "a line longer than any name");
	is_int(optout_read(a, (struct span){ (const uint8_t *)"a\0b", 3 }, &o, &line), -ERR_PARSE,
		"an octet that is no text");
	arena_free(a);
	return tap_done();
}
