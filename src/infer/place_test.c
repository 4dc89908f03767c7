/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of near and far, on facts made by hand. */
#include "infer/place.h"

#include "tap.h"

/* One line of a story: who was asked from which port in which role, how often, and what came. */
struct line {
	const char *server;
	uint16_t port;
	enum role role;
	unsigned int times;
	bool lost;
};

struct row {
	const char *name, *blocked, *near, *far, *unknown;
	struct line lines[10];
};

#define C1 "192.0.2.1#53"
#define C2 "192.0.2.2#53"
#define ALIVE(c)                                                                                   \
	{                                                                                          \
		c, 40000, ROLE_PLACE_STEADY, 8, false                                              \
	}
#define DEAD(c)                                                                                    \
	{                                                                                          \
		c, 40000, ROLE_PLACE_STEADY, 8, true                                               \
	}

static const struct row rows[] = {
	{ "a control answers from the port: far", "7", "", "7", "",
		{ ALIVE(C1), { C1, 7, ROLE_PLACE, 1, false } } },
	{ "no live control answers: near", "7", "7", "", "",
		{ ALIVE(C1), ALIVE(C2), { C1, 7, ROLE_PLACE, 6, true },
			{ C2, 7, ROLE_PLACE, 6, true } } },
	{ "too few silences: unknown", "7", "", "", "7",
		{ ALIVE(C1), { C1, 7, ROLE_PLACE, 2, true } } },
	{ "dead controls say nothing", "7", "", "", "7",
		{ DEAD(C1), { C1, 7, ROLE_PLACE, 20, true } } },
	{ "a dead control does not spoil a live one", "7", "", "7", "",
		{ DEAD(C1), ALIVE(C2), { C1, 7, ROLE_PLACE, 20, true },
			{ C2, 7, ROLE_PLACE, 1, false } } },
	{ "no controls: unknown", "7-9", "", "", "7-9", { { 0 } } },
	{ "each range at its own place", "7,137-139", "137-139", "7", "",
		{ ALIVE(C1), ALIVE(C2), { C1, 7, ROLE_PLACE, 1, false },
			{ C1, 137, ROLE_PLACE, 6, true }, { C2, 137, ROLE_PLACE, 6, true } } },
	{ "a range without a witness goes with the others", "7,20-30", "", "7,20-30", "",
		{ ALIVE(C1), { C1, 7, ROLE_PLACE, 1, false } } },
	{ "a near rule within a far one", "1-20", "6-7", "1-5,8-20", "",
		{ ALIVE(C1), ALIVE(C2), { C1, 1, ROLE_PLACE, 1, false },
			{ C2, 5, ROLE_PLACE, 1, false }, { C1, 6, ROLE_PLACE, 6, true },
			{ C2, 6, ROLE_PLACE, 6, true }, { C1, 7, ROLE_PLACE, 6, true },
			{ C2, 7, ROLE_PLACE, 6, true }, { C1, 8, ROLE_PLACE, 1, false },
			{ C1, 20, ROLE_PLACE, 1, false } } },
	{ "the border between two witnesses is not known", "1-20", "9-20", "1-5", "6-8",
		{ ALIVE(C1), ALIVE(C2), { C2, 5, ROLE_PLACE, 1, false },
			{ C1, 9, ROLE_PLACE, 6, true }, { C2, 9, ROLE_PLACE, 6, true } } },
	{ "witnesses of one range that differ, before one control: unknown", "7-9", "", "", "7-9",
		{ ALIVE(C1), { C1, 7, ROLE_PLACE, 1, false }, { C1, 9, ROLE_PLACE, 9, true } } },
};

static void add(struct facts *f, const struct line *l)
{
	for (unsigned int i = 0; l->server && i < l->times; i++) {
		struct observation o = {
			.ask = { .role = (uint8_t)l->role, .source = { .port = l->port } },
			.outcome = l->lost ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED,
			.sent = 1000 + i,
			.done = 2000 + i,
		};

		addr_parse_port(l->server, &o.ask.server);
		facts_add(f, &o);
	}
}

static void is_set(const struct portset *s, const char *want, const char *what, const char *row)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };

	portset_text(s, &b);
	is_str(buf_text(&b), want, arena_printf(a, "%s (%s)", row, what));
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct arena *a = arena_new();
		struct facts *f = facts_new(a);
		struct ports_subject s = { 0 };
		struct place_result result;
		struct portset blocked;

		addr_parse_port("203.0.113.1#53", &s.server);
		portset_parse(r->blocked, &blocked, NULL);
		for (size_t j = 0; j < sizeof(r->lines) / sizeof(r->lines[0]); j++)
			add(f, &r->lines[j]);
		place_judge(f, &s, &blocked, &result);
		is_set(&result.at[PLACE_NEAR], r->near, "near", r->name);
		is_set(&result.at[PLACE_FAR], r->far, "far", r->name);
		is_set(&result.at[PLACE_UNKNOWN], r->unknown, "unknown", r->name);
		arena_free(a);
	}
	return tap_done();
}
