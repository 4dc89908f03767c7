/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Audits and sightings on a tape: what is written reads the same; what is wrong is said. */
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "facts/tape.h"
#include "tap.h"

static struct facts *read_text(struct arena *a, const char *text, struct tape_error *error)
{
	struct facts *f = NULL;
	struct span bytes = { (const uint8_t *)text, strlen(text) };

	return tape_read(a, bytes, &f, error) < 0 ? NULL : f;
}

#define HEAD "{\"tape\":1}\n"

static const char whole[] =
	"{\"tape\":1,\"tool\":\"dnsfault\",\"version\":\"" DNSFAULT_VERSION
	"\",\"command\":\"resolver\"}\n"
	"{\"audit\":\"bind\",\"version\":\"9.18.49\",\"file\":\"/etc/bind/named.conf\","
	"\"forwards\":[\"192.0.2.1#53\"]}\n"
	"{\"pool\":\"53\",\"family\":4,\"retry\":\"reused\",\"fixed\":true,"
	"\"lines\":[[\"/etc/bind/named.conf\",3,\"query-source port 53\"]]}\n"
	"{\"pool\":\"600-700\",\"only\":\"203.0.113.0\",\"bits\":24,\"life\":4,"
	"\"kernel\":true}\n"
	"{\"remark\":\"unreadable\",\"at\":[\"/etc/bind/x\",0,\"include x\"],"
	"\"detail\":\"Permission denied\"}\n"
	"{\"gap\":\"packets\",\"why\":\"no right\"}\n"
	"{\"sight\":\"capture\",\"end\":\"silent\",\"from\":\"192.0.2.10#610\","
	"\"to\":\"203.0.113.11#53\",\"q\":\"Live.com.\",\"t\":\"MX\",\"at\":1700000000000000,"
	"\"id\":7,\"edns\":true,\"esize\":1232}\n"
	"{\"sight\":\"socket\",\"from\":\"*#40000\"}\n";

static void test_round_trip(void)
{
	struct arena *a = arena_new();
	struct tape_error error = { 0 };
	struct facts *f = read_text(a, whole, &error);
	struct buf b = { .arena = a };
	const struct audit *audit;
	struct addr inside;

	ok(f != NULL, "a tape with an audit and sightings is read");
	if (!f) {
		printf("#   line %zu: %s\n", error.line, error.text);
		arena_free(a);
		return;
	}
	tape_write(f, &b);
	is_str(buf_text(&b), whole, "and written as it was");
	audit = f->audits.v[0];
	is_int(audit->pools.n, 2, "two pools");
	is_str(audit->pools.v[0].software, "bind", "a pool knows its software");
	addr_parse("203.0.113.200", &inside);
	ok(audit_pool(audit, &inside) == &audit->pools.v[0], "the first that holds is taken");
	addr_parse("2001:db8::1", &inside);
	ok(!audit_pool(audit, &inside), "no pool for a family that none holds for");
	is_int(f->sightings.v[0].question.type, RR_MX, "a sighting's type");
	is_int(f->sightings.v[1].end, SIGHT_UNKNOWN, "a sighting without an end");
	arena_free(a);
}

static void test_wrong(void)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ HEAD "{\"pool\":\"1-2\"}\n", "a part of an audit, and no audit before it" },
		{ HEAD "{\"remark\":\"x\"}\n", "a part of an audit, and no audit before it" },
		{ HEAD "{\"audit\":7}\n", "\"audit\" is not text" },
		{ HEAD "{\"audit\":\"bind\"}\n{\"pool\":\"2-1\"}\n",
			"\"pool\" is not a set of ports" },
		{ HEAD "{\"audit\":\"bind\"}\n{\"pool\":\"\",\"lines\":[[\"f\",-1,\"\"]]}\n",
			"\"lines\" has an item that is not [file, line, text]" },
		{ HEAD "{\"audit\":\"bind\"}\n{\"pool\":\"\",\"retry\":\"never\"}\n",
			"\"retry\" is none of the words known here" },
		{ HEAD "{\"sight\":\"capture\"}\n", "\"from\" is missing" },
		{ HEAD "{\"sight\":\"dream\",\"from\":\"*#1\"}\n",
			"\"sight\" is none of the words known here" },
		{ HEAD HEAD, "a second head" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct tape_error error = { 0 };

		ok(!read_text(a, rows[i].text, &error), "row %zu is refused", i);
		is_str(error.text ? error.text : "", rows[i].error, "and it is said why");
		arena_free(a);
	}
}

int main(void)
{
	test_round_trip();
	test_wrong();
	return tap_done();
}
