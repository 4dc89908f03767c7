/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces through a translator whose quotes show another sender, and errors that are made up. */
#include "base/err.h"
#include "infer/path.h"
#include "tap.h"

enum { LINES = 8, OPEN = 50000, BLOCKED = 1000 };

/* Errors of a router (its last octet) about asks of the open flow: seen 0: as sent. */
struct line {
	uint8_t ttl, by;
	unsigned int asks, copies;
	uint16_t seen;
	bool blocked;
	uint8_t type; /* 0: time exceeded */
};

struct row {
	const char *name;
	struct line lines[LINES];
	unsigned int heard[4]; /* of the open flow, by TTL */
	unsigned int blocked;  /* of the other, at TTL 2 */
};

#define SAID(ttl, by, asks, copies, seen)                                                          \
	{                                                                                          \
		ttl, by, asks, copies, seen, false, 0                                              \
	}
#define OTHER(ttl, by, asks, copies, seen)                                                         \
	{                                                                                          \
		ttl, by, asks, copies, seen, true, 0                                               \
	}

static const struct row rows[] = {
	{ .name = "as sent",
		.lines = { SAID(1, 1, 3, 1, 0), SAID(2, 2, 3, 1, 0) },
		.heard = { 0, 3, 3 } },
	{ .name = "rewritten",
		.lines = { SAID(1, 1, 3, 1, 0), SAID(2, 2, 3, 1, 41000), SAID(3, 3, 2, 1, 41000) },
		.heard = { 0, 3, 3, 2 } },
	{ .name = "once is not enough", .lines = { SAID(2, 2, 1, 1, 41000) }, .heard = { 0 } },
	{ .name = "nor twice of the same ask",
		.lines = { SAID(2, 2, 1, 5, 41000) },
		.heard = { 0 } },
	{ .name = "copies count once", .lines = { SAID(2, 2, 3, 4, 41000) }, .heard = { 0, 0, 3 } },
	{ .name = "one router at two TTLs",
		.lines = { SAID(2, 2, 1, 1, 41000), SAID(3, 2, 1, 1, 41000) },
		.heard = { 0, 0, 1, 1 } },
	{ .name = "another port each time",
		.lines = { SAID(2, 2, 1, 1, 41000), SAID(2, 2, 1, 1, 41001),
			SAID(2, 2, 1, 1, 41001), SAID(2, 2, 1, 1, 41001) },
		.heard = { 0 } },
	{ .name = "first as sent, then another port",
		.lines = { SAID(2, 2, 1, 1, 0), SAID(2, 2, 3, 1, 41000) },
		.heard = { 0, 0, 1 } },
	{ .name = "first another port, then as sent",
		.lines = { SAID(2, 2, 1, 1, 41000), SAID(2, 2, 2, 1, 0), SAID(2, 2, 2, 1, 41000) },
		.heard = { 0, 0, 2 } },
	{ .name = "prohibited is no hop",
		.lines = { { 2, 2, 3, 1, 41000, false, 3 } },
		.heard = { 0 } },
	{ .name = "each flow has its own port",
		.lines = { SAID(2, 2, 2, 1, 41000), OTHER(2, 2, 2, 1, 41001) },
		.heard = { 0, 0, 2 },
		.blocked = 2 },
	{ .name = "one flow does not vouch for the other",
		.lines = { SAID(2, 2, 2, 1, 41000), OTHER(2, 2, 1, 1, 41000) },
		.heard = { 0, 0, 2 } },
};

static void add(struct path_result *r, const struct line *l, uint16_t *id)
{
	for (unsigned int i = 0; i < l->asks * l->copies; i++) {
		struct observation o = { .ask.role = l->blocked ? ROLE_PATH : ROLE_PATH_STEADY,
			.ask.ttl = l->ttl,
			.ask.server = r->server,
			.outcome = l->seen ? OUTCOME_STRAY : OUTCOME_ICMP,
			.why = l->seen ? WHY_STRAY_QUOTE : WHY_NONE,
			.icmp = { .type = l->type ? l->type : 11 },
			.sent = 1000,
			.done = 3000 };

		*id = (uint16_t)(*id + (i % l->copies == 0));
		o.id = *id;
		addr_parse("10.0.0.2", &o.from);
		o.from.port = o.ask.source.port = l->blocked ? BLOCKED : OPEN;
		addr_parse("198.18.0.0", &o.icmp.offender);
		o.icmp.offender.ip[3] = l->by;
		if (l->seen)
			o.quoted = addr_with_port(o.from, l->seen);
		path_add(r, &o);
		if (!l->seen || i % l->copies)
			continue;
		o.outcome = OUTCOME_TIMEOUT;
		path_add(r, &o);
	}
}

static void run(const struct row *row)
{
	static struct path_result r;
	uint16_t id = 0;
	bool good = true;

	r = (struct path_result){ .blocked_port = BLOCKED };
	addr_parse_port("203.0.113.11#53", &r.server);
	for (size_t i = 0; i < LINES && row->lines[i].asks; i++)
		add(&r, &row->lines[i], &id);
	for (size_t t = 1; t < ARRAY_LEN(row->heard); t++)
		good &= r.hop[t].open.received == row->heard[t] &&
			r.hop[t].open.received <= r.hop[t].open.sent &&
			(r.hop[t].open.received == 0 || r.hop[t].open.mean == 2000);
	ok(good && r.hop[2].blocked.received == row->blocked, "%s: %u %u %u, %u", row->name,
		r.hop[1].open.received, r.hop[2].open.received, r.hop[3].open.received,
		r.hop[2].blocked.received);
}

static void bounded(void)
{
	static struct path_result r;
	uint16_t id = 0;

	r = (struct path_result){ .blocked_port = BLOCKED };
	addr_parse_port("203.0.113.11#53", &r.server);
	for (unsigned int by = 0; by < 256; by++)
		add(&r,
			&(struct line){ .ttl = 2,
				.by = (uint8_t)by,
				.asks = 2,
				.copies = 1,
				.seen = 41000 },
			&id);
	is_int(r.nquotes, PATH_QUOTES, "the number of routers is bounded");
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		run(&rows[i]);
	bounded();
	return tap_done();
}
