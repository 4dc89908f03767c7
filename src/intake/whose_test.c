/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who the resolver is, in networks of different kinds. */
#include "intake/whose.h"

#include "base/err.h"
#include "base/vec.h"
#include "dns/rr.h"
#include "intake/test_packet.h"
#include "tap.h"

enum { FLOWS = 6 };

/* So many queries from one host to another. */
struct flow {
	const char *from, *to;
	unsigned int n;
	uint16_t flags;
};

static const struct row {
	const char *name;
	struct flow flows[FLOWS];
	const char *v4, *v6; /* NULL: none */
} rows[] = {
	{ "nothing", { { NULL, NULL, 0, 0 } }, NULL, NULL },
	{ "a resolver alone",
		{ { "10.0.0.1", "192.5.5.1", 9, 0 }, { "10.0.0.1", "192.5.5.2", 9, 0 } },
		"10.0.0.1", NULL },
	{ "both families",
		{ { "10.0.0.1", "192.5.5.1", 9, 0 }, { "2001:db8::1", "2001:db8::53", 3, 0 } },
		"10.0.0.1", "2001:db8::1" },
	{ "a busy client",
		{ { "10.0.0.9", "10.0.0.1", 900, FLAG_RD }, { "10.0.0.1", "192.5.5.1", 90, 0 } },
		"10.0.0.1", NULL },
	{ "clients over IPv6 of a resolver that asks over IPv4",
		{ { "2001:db8::9", "2001:db8::1", 900, FLAG_RD },
			{ "10.0.0.1", "192.5.5.1", 90, 0 } },
		"10.0.0.1", NULL },
	{ "a forwarder",
		{ { "10.0.0.9", "10.0.0.1", 900, FLAG_RD }, { "10.0.0.8", "10.0.0.1", 9, FLAG_RD },
			{ "10.0.0.1", "8.8.8.8", 90, FLAG_RD } },
		"10.0.0.1", NULL },
	{ "a server that asks a little itself",
		{ { "10.0.0.1", "10.0.0.2", 500, 0 }, { "10.0.0.2", "192.5.5.1", 4, 0 } },
		"10.0.0.1", NULL },
	{ "two resolvers: the busier one",
		{ { "10.0.0.1", "192.5.5.1", 50, 0 }, { "10.0.0.2", "192.5.5.1", 51, 0 } },
		"10.0.0.2", NULL },
	{ "two alike: the lower one",
		{ { "10.0.0.2", "192.5.5.1", 50, 0 }, { "10.0.0.1", "192.5.5.1", 50, 0 } },
		"10.0.0.1", NULL },
};

static bool is(const char *want, const struct addr *got)
{
	char text[ADDR_TEXT];

	return want ? got && strcmp(addr_text(got, text), want) == 0 : !got;
}

struct sightings VEC(struct sighting);

static void add(struct arena *a, struct sightings *v, const struct flow *f)
{
	static const struct name name = { .len = 1 };
	struct sighting s = { .from = test_addr(f->from),
		.server = test_addr(f->to),
		.flags = f->flags,
		.question.name = &name };

	for (unsigned int i = 0; i < f->n; i++) {
		s.from.port = (uint16_t)(1000 + i);
		vec_push(a, v, s);
	}
}

static void run(struct arena *a, const struct row *r)
{
	struct sightings v = { 0 };
	struct addr found[WHOSE_FAMILIES];
	const struct addr *v4 = NULL, *v6 = NULL;
	size_t n;

	for (size_t i = 0; i < FLOWS && r->flows[i].from; i++)
		add(a, &v, &r->flows[i]);
	n = whose_resolver(a, v.v, v.n, found);
	for (size_t i = 0; i < n; i++)
		*(found[i].family == ADDR_V4 ? &v4 : &v6) = &found[i];
	ok(n <= WHOSE_FAMILIES && is(r->v4, v4) && is(r->v6, v6), "%s", r->name);
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		run(a, &rows[i]);
	arena_free(a);
	return tap_done();
}
