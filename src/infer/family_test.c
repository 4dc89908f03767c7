/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the silence of addresses is that of their family. */
#include "infer/family.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "tap.h"

enum { TRIES = 4 };

/*
 * Servers of two zones on the way, and what came of asking each: "c1+4" is ns1 of com over IPv4 and
 * replied, "e1-6" ns1 of example.com over IPv6 and did not, "e1?6" was not asked.
 */
static const struct row {
	const char *name, *servers;
	size_t found;
	uint8_t family;
	bool everybody;
	size_t silent;
} rows[] = {
	{ "all is well", "c1+4 c1+6 e1+4 e1+6 e2+4 e2+6", .found = 0 },
	{ "IPv6 is dead at one zone", "c1+4 c1+6 e1+4 e1-6 e2+4 e2-6", 1, ADDR_V6, false, 2 },
	{ "IPv4 is", "c1+4 c1+6 e1-4 e1+6 e2-4 e2+6", 1, ADDR_V4, false, 2 },
	{ "at one server of two", "c1+4 c1+6 e1+4 e1-6 e2+4 e2+6", .found = 0 },
	{ "one server has IPv4 only", "c1+4 c1+6 e1+4 e1-6 e2+4", 1, ADDR_V6, false, 1 },
	{ "one that has IPv6 only, and is dead", "c1+4 c1+6 e1+4 e1-6 e2-6", .found = 0 },
	{ "one that has IPv6 only, and replies", "c1+4 c1+6 e1+4 e1-6 e2+6", .found = 0 },
	{ "dead in both", "c1+4 c1+6 e1-4 e1-6", .found = 0 },
	{ "nobody replies over IPv6", "c1+4 c1-6 e1+4 e1-6 e2+4 e2-6", 1, ADDR_V6, true, 3 },
	{ "nobody over IPv4", "c1-4 c1+6 e1-4 e1+6", 1, ADDR_V4, true, 2 },
	{ "nobody at all", "c1-4 c1-6 e1-4 e1-6", .found = 0 },
	{ "there is no IPv6 here", "c1+4 c1?6 e1+4 e1?6", .found = 0 },
	{ "nobody, of one zone only", "c1+4 e1+4 e1-6", .found = 0 },
};

static struct addr addr_of(char zone, char number, char family)
{
	struct addr a = { .family = family == '6' ? ADDR_V6 : ADDR_V4, .port = 53 };

	a.ip[0] = a.family == ADDR_V6 ? 0x20 : 192;
	a.ip[1] = (uint8_t)zone;
	a.ip[2] = (uint8_t)number;
	return a;
}

static void ask(struct facts *f, const struct name *zone, struct addr server, char how)
{
	struct observation o = { .ask = { .role = ROLE_WALK,
					 .server = server,
					 .question = { zone, RR_SOA, CLASS_IN },
					 .zone = zone },
		.outcome = OUTCOME_TIMEOUT,
		.sent = 1 };

	if (how == '+')
		o.outcome = OUTCOME_ANSWERED;
	if (how == '?') {
		o.outcome = OUTCOME_NOT_SENT;
		o.sent = 0;
	}
	for (int i = 0; i < TRIES; i++)
		facts_add(f, &o);
}

static void judge(struct arena *a, const struct row *row)
{
	struct facts *f = facts_new(a);
	struct cut_tree t = { 0 };
	struct family_breaks got;
	struct name names[2], hosts[2][2];

	ok(name_parse("com", &names[0]) == 0 && name_parse("example.com", &names[1]) == 0, "names");
	for (size_t z = 0; z < 2; z++) {
		vec_push(a, &t.zones, (struct cut_zone){ .apex = &names[z], .on_path = true });
		ok(name_prepend(&names[z], "ns1", &hosts[z][0]) == 0 &&
				name_prepend(&names[z], "ns2", &hosts[z][1]) == 0,
			"names of servers");
	}
	for (const char *p = row->servers; *p; p += strcspn(p, " "), p += *p == ' ') {
		size_t z = p[0] == 'e';
		struct addr addr = addr_of(p[0], p[1], p[3]);

		vec_push(a, &t.zones.v[z].servers,
			(struct cut_server){ .ns = &hosts[z][p[1] - '1'], .addr = addr });
		ask(f, &names[z], addr, p[2]);
	}
	got = family_judge(a, f, &t, NULL);
	if (!ok(got.n == row->found, "%s: %zu found", row->name, got.n) || !got.n)
		return;
	ok(got.v[0].family == row->family, "%s: the family", row->name);
	ok((got.v[0].zone == NULL) == row->everybody, "%s: where", row->name);
	ok(got.v[0].silent.n == row->silent, "%s: which", row->name);
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		judge(a, &rows[i]);
	arena_free(a);
	return tap_done();
}
