/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Servers that are silent: since when, to what, until when. */
#include "probe/dead.h"

#include <string.h>

#include "dns/rr.h"
#include "tap.h"

enum { LIFE = 60000000, MOST = 4 };

static const struct shape bare;

/* A word a step: "s" silence, "r" a reply, "l" a late one, "n" not sent, of server 1 … 9. */
static const struct {
	const char *what, *steps;
	bool dead; /* server 1 */
} rows[] = {
	{ "nobody knows it", "", false },
	{ "silent a few times", "s1 s1 s1", false },
	{ "silent often", "s1 s1 s1 s1", true },
	{ "another one", "s2 s2 s2 s2", false },
	{ "with a reply in between", "s1 s1 s1 r1 s1", false },
	{ "and silent again", "r1 s1 s1 s1 s1", true },
	{ "a reply at the end", "s1 s1 s1 s1 r1", false },
	{ "a late one", "s1 s1 s1 s1 l1", false },
	{ "nothing was sent", "n1 n1 n1 n1 n1", false },
	{ "that says nothing", "s1 s1 s1 s1 n1", true },
	{ "others' replies", "s1 s1 s1 s1 r2 r3", true },
	{ "forgotten for others", "s1 s1 s1 s1 s2 s3 s4 s5", false },
};

static struct ask ask_of(char server, const struct shape *shape)
{
	struct ask a = { .shape = *shape };

	addr_parse_port("192.0.2.1#53", &a.server);
	a.server.ip[3] = (uint8_t)(server - '0');
	return a;
}

static void step(struct dead *d, const char *word, uint64_t now)
{
	static const struct {
		char letter;
		enum outcome outcome;
	} outcomes[] = { { 's', OUTCOME_TIMEOUT }, { 'r', OUTCOME_ANSWERED }, { 'l', OUTCOME_LATE },
		{ 'n', OUTCOME_NOT_SENT } };
	struct observation o = { .ask = ask_of(word[1], &shape_iterative) };

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (outcomes[i].letter == word[0])
			o.outcome = (uint8_t)outcomes[i].outcome;
	o.sent = o.outcome == OUTCOME_NOT_SENT ? 0 : now;
	dead_seen(d, &o, now);
}

static struct dead *play(struct arena *a, const char *steps)
{
	struct dead *d = dead_new(a, MOST, LIFE);

	for (const char *p = steps; *p; p += strcspn(p, " "), p += strspn(p, " "))
		step(d, p, 1);
	return d;
}

int main(void)
{
	struct arena *a = arena_new();
	struct ask ask = ask_of('1', &shape_iterative), other = ask_of('1', &bare), tcp = ask;
	struct shape_option cookie = { .code = 10, .length = 1, .data = (const uint8_t *)"x" };
	struct ask with = ask;
	struct dead *d;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_int(dead_is(play(a, rows[i].steps), &ask, 2), rows[i].dead, rows[i].what);
	d = play(a, "s1 s1 s1 s1");
	tcp.transport = TRANSPORT_TCP;
	with.shape.options = &cookie;
	with.shape.noptions = 1;
	ok(!dead_is(d, &other, 2), "silent to EDNS is not silent to plain DNS");
	ok(!dead_is(d, &tcp, 2), "nor over TCP");
	ok(!dead_is(d, &with, 2), "nor to what has no option");
	ok(dead_is(d, &ask, 1 + LIFE) && !dead_is(d, &ask, 2 + LIFE), "for its life");
	step(d, "s1", 2 + LIFE);
	ok(!dead_is(d, &ask, 2 + LIFE), "then it is counted anew");
	arena_free(a);
	return tap_done();
}
