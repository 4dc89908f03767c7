/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs of ports from quotes, on facts made by hand. */
#include "infer/nat.h"

#include "base/err.h"
#include "tap.h"

enum { QUOTES = 6 };

/* Quotes of so many asks from a port, at a TTL (0: prohibited, without one). */
struct quote {
	unsigned int asks;
	uint8_t ttl;
	uint16_t port;
	const char *from, *seen; /* seen: NULL: as sent */
	const char *by;
};

struct row {
	const char *name;
	struct quote quotes[QUOTES];
	enum nat_verdict verdict;
	unsigned int pairs, rewritten, hop, behind, back;
};

#define US  "10.0.0.2"
#define OUR "198.51.100.7"
#define R1  "10.0.0.1"
#define R2  "192.5.5.1"
#define R3  "192.5.5.9"

static const struct row rows[] = {
	{ .name = "nothing", .verdict = NAT_UNTOLD },
	{ .name = "as sent, before any translation",
		.quotes = { { 5, 1, 1000, US, NULL, R1 } },
		.verdict = NAT_UNTOLD },
	{ .name = "as sent, from beyond: translated back",
		.quotes = { { 5, 1, 1000, US, NULL, R1 }, { 5, 2, 1000, US, NULL, R2 } },
		.verdict = NAT_UNTOLD,
		.back = 5 },
	{ .name = "another port",
		.quotes = { { 5, 1, 1000, US, NULL, R1 }, { 5, 2, 1000, US, OUR "#41000", R2 },
			{ 5, 3, 1000, US, OUR "#41000", R3 } },
		.verdict = NAT_REWRITES,
		.pairs = 1,
		.rewritten = 10,
		.hop = 2,
		.behind = 1 },
	{ .name = "another port, heard of the far hop first",
		.quotes = { { 2, 3, 1000, US, US "#41000", R3 },
			{ 2, 2, 1000, US, US "#41000", R2 } },
		.verdict = NAT_REWRITES,
		.pairs = 1,
		.rewritten = 4,
		.hop = 2 },
	{ .name = "as sent of a port that is not rewritten says nothing of the place",
		.quotes = { { 2, 2, 1000, US, US "#41000", R2 }, { 2, 1, 2000, US, NULL, R1 } },
		.verdict = NAT_REWRITES,
		.pairs = 1,
		.rewritten = 2,
		.hop = 2 },
	{ .name = "once is not certain",
		.quotes = { { 1, 2, 1000, US, US "#41000", R2 } },
		.verdict = NAT_UNTOLD },
	{ .name = "once each of two pairs neither",
		.quotes = { { 1, 2, 1000, US, US "#41000", R2 },
			{ 1, 2, 1000, US, US "#41001", R2 } },
		.verdict = NAT_UNTOLD },
	{ .name = "a router that contradicts itself",
		.quotes = { { 5, 2, 1000, US, US "#41000", R2 },
			{ 1, 2, 1000, US, US "#41001", R2 } },
		.verdict = NAT_UNTOLD },
	{ .name = "a router that shows the port as sent, too",
		.quotes = { { 5, 2, 1000, US, US "#41000", R1 }, { 1, 2, 1000, US, NULL, R1 } },
		.verdict = NAT_UNTOLD },
	{ .name = "another router that contradicts itself",
		.quotes = { { 5, 2, 1000, US, US "#41000", R2 },
			{ 1, 3, 1000, US, US "#41001", R3 }, { 1, 3, 1000, US, US "#7", R3 } },
		.verdict = NAT_REWRITES,
		.pairs = 1,
		.rewritten = 5,
		.hop = 2 },
	{ .name = "two translations in a row",
		.quotes = { { 2, 2, 1000, US, US "#41000", R2 },
			{ 2, 3, 1000, US, US "#52000", R3 } },
		.verdict = NAT_REWRITES,
		.pairs = 2,
		.rewritten = 4,
		.hop = 2 },
	{ .name = "rejected, without a TTL",
		.quotes = { { 3, 0, 1000, US, US "#41000", R3 } },
		.verdict = NAT_REWRITES,
		.pairs = 1,
		.rewritten = 3 },
	{ .name = "another address, the port as sent",
		.quotes = { { 2, 2, 1000, US, OUR "#1000", R2 } },
		.verdict = NAT_KEEPS },
	{ .name = "another address, once",
		.quotes = { { 1, 2, 1000, US, OUR "#1000", R2 } },
		.verdict = NAT_UNTOLD },
	{ .name = "some ports are kept, some are not",
		.quotes = { { 2, 2, 2000, US, OUR "#2000", R2 },
			{ 2, 2, 1000, US, OUR "#41000", R2 } },
		.verdict = NAT_REWRITES,
		.pairs = 1,
		.rewritten = 2,
		.hop = 2 },
	{ .name = "a quote of another family, from a tape",
		.quotes = { { 5, 2, 1000, US, "2001:db8::1#41000", R2 } },
		.verdict = NAT_UNTOLD },
};

static void add(struct facts *f, const struct quote *q)
{
	for (unsigned int i = 0; i < q->asks; i++) {
		struct observation o = { .ask.ttl = q->ttl,
			.outcome = q->seen ? OUTCOME_STRAY : OUTCOME_ICMP,
			.why = q->seen ? WHY_STRAY_QUOTE : WHY_NONE,
			.icmp = { .type = q->ttl ? 11 : 3, .code = q->ttl ? 0 : 13 },
			.id = (uint16_t)(f->n * 7),
			.sent = 1000 + f->n };

		addr_parse_port("192.5.6.30#53", &o.ask.server);
		addr_parse(q->from, &o.from);
		o.from.port = q->port;
		addr_parse(q->by, &o.icmp.offender);
		if (q->seen)
			addr_parse_port(q->seen, &o.quoted);
		facts_add(f, &o);
		/* The network doubles packets. */
		if (q->seen)
			facts_add(f, &o);
	}
}

static void judge(struct arena *a, const struct row *row)
{
	struct facts *f = facts_new(a);
	struct nat_result r, other;

	for (size_t i = 0; i < QUOTES && row->quotes[i].asks; i++)
		add(f, &row->quotes[i]);
	r = nat_judge(a, f, ADDR_V4);
	other = nat_judge(a, f, ADDR_V6);
	ok(r.verdict == row->verdict && r.pairs.n == row->pairs && r.rewritten == row->rewritten &&
			r.hop == row->hop && r.behind == row->behind && r.back == row->back &&
			(r.verdict == NAT_REWRITES) == (r.by.family != ADDR_NONE),
		"%s: verdict %d, %zu pairs, %u quotes, hop %u behind %u, %u back", row->name,
		(int)r.verdict, r.pairs.n, r.rewritten, r.hop, r.behind, r.back);
	ok(other.verdict == NAT_UNTOLD && !other.as_sent, "%s: nothing of IPv6", row->name);
}

static void floods(struct arena *a)
{
	struct facts *f = facts_new(a);
	struct nat_result r;

	for (uint16_t port = 1; port < 1000; port++) {
		struct quote q = { 2, 2, port, US, US "#41000", R2 };

		add(f, &q);
	}
	r = nat_judge(a, f, ADDR_V4);
	is_int(r.pairs.n, NAT_PAIRS, "the number of pairs is bounded");
	ok(nat_pair_of(&r, 7) && nat_pair_of(&r, 7)->seen.port == 41000 && !nat_pair_of(&r, 2000),
		"pairs are found by port");
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		judge(a, &rows[i]);
	floods(a);
	arena_free(a);
	return tap_done();
}
