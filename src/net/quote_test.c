/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ask an ICMP error is about, for quotes long, short and forged. */
#include "net/quote.h"

#include "base/err.h"
#include "tap.h"

enum { NOW = 10000000, SECOND = 1000000, FLIGHTS_MOST = 3, NONE = -1 };

/* An ask of the socket: to server 1 or 2, its id, how long ago it left, what came of it. */
struct sent {
	int server;
	uint16_t id;
	uint64_t ago;
	bool over;
	uint8_t outcome;
};

struct row {
	const char *name;
	struct sent sent[FLIGHTS_MOST];
	int server; /* that the quote names */
	size_t nquote;
	uint16_t id; /* in the quote */
	int about, doubt;
};

#define LIVE(server, id)                                                                           \
	{                                                                                          \
		server, id, SECOND / 10, false, 0                                                  \
	}
#define GIVEN_UP(server, id, ago)                                                                  \
	{                                                                                          \
		server, id, ago, true, OUTCOME_TIMEOUT                                             \
	}
#define ANSWERED(server, id)                                                                       \
	{                                                                                          \
		server, id, SECOND / 10, true, OUTCOME_ANSWERED                                    \
	}

static const struct row rows[] = {
	{ "the id says which", { LIVE(1, 7), LIVE(1, 8), LIVE(1, 9) }, 1, 12, 8, 1, NONE },
	{ "an id of no ask is forged", { LIVE(1, 7) }, 1, 12, 8, NONE, NONE },
	{ "another destination is forged", { LIVE(1, 7) }, 2, 12, 7, NONE, NONE },
	{ "one octet of another destination", { LIVE(1, 7) }, 2, 1, 0, NONE, NONE },
	{ "an ask that is over has had its reply", { ANSWERED(1, 7) }, 1, 12, 7, NONE, NONE },
	{ "no octet, the only ask", { LIVE(1, 7) }, 1, 0, 0, 0, NONE },
	{ "one octet is no id", { LIVE(1, 0x0107) }, 1, 1, 0x0100, 0, NONE },
	{ "no octet, two asks", { LIVE(1, 7), LIVE(1, 8) }, 1, 0, 0, NONE, 1 },
	{ "no octet, the other ask is of another server", { LIVE(1, 7), LIVE(2, 8) }, 1, 0, 0, 0,
		NONE },
	{ "no octet, the other was answered", { LIVE(1, 7), ANSWERED(1, 8) }, 1, 0, 0, 0, NONE },
	{ "no octet, the other was given up just now",
		{ LIVE(1, 7), GIVEN_UP(1, 8, SECOND + SECOND / 2) }, 1, 0, 0, NONE, 0 },
	{ "no octet, the other was given up long ago", { LIVE(1, 7), GIVEN_UP(1, 8, 3 * SECOND) },
		1, 0, 0, 0, NONE },
	{ "no octet, nothing in flight", { GIVEN_UP(1, 8, SECOND) }, 1, 0, 0, NONE, NONE },
};

static struct addr server(int n)
{
	struct addr a = { .family = ADDR_V4, .port = 53, .ip = { 192, 0, 2, (uint8_t)n } };

	return a;
}

static int index_of(const struct flight *v, const struct flight *f)
{
	return f ? (int)(f - v) : NONE;
}

static void check(const struct row *r)
{
	struct icmp_error e = { .from_net = true, .about = server(r->server), .nquote = r->nquote };
	struct flight v[FLIGHTS_MOST] = { 0 };
	struct quote_match m;
	size_t n = 0;

	e.quote[0] = (uint8_t)(r->id >> 8);
	e.quote[1] = (uint8_t)r->id;
	for (; n < FLIGHTS_MOST && r->sent[n].server; n++) {
		v[n].obs.ask.server = server(r->sent[n].server);
		v[n].obs.id = r->sent[n].id;
		v[n].obs.sent = NOW - r->sent[n].ago;
		v[n].obs.outcome = r->sent[n].outcome;
		v[n].over = r->sent[n].over;
		if (n)
			v[n - 1].next = &v[n];
	}
	m = quote_match(v, &e, NOW);
	ok(index_of(v, m.about) == r->about && index_of(v, m.doubt) == r->doubt,
		"%s: about %d, doubt %d", r->name, index_of(v, m.about), index_of(v, m.doubt));
}

static void test_unsent(void)
{
	struct icmp_error e = { .from_net = true, .about = server(1), .nquote = 0 };
	struct flight f = { .unsent = true };

	f.obs.ask.server = server(1);
	ok(!quote_match(&f, &e, NOW).about, "an ask that has not left is none");
	ok(!quote_match(NULL, &e, NOW).about, "a socket without asks");
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(&rows[i]);
	test_unsent();
	return tap_done();
}
