/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of traces and rejections, on facts made by hand. */
#include "infer/path.h"

#include "base/err.h"
#include "dns/rr.h"
#include "tap.h"

enum { BLOCKED = 1000, OPEN = 50000, LINES = 12, SERVER = 99 };

/* So many asks of one flow at one hop: of them answered by a router (its last octet) or server. */
struct line {
	enum role role;
	uint8_t ttl;
	unsigned int sent, answered;
	int by;
};

#define OPENS(ttl, sent, answered, by)                                                             \
	{                                                                                          \
		ROLE_PATH_STEADY, ttl, sent, answered, by                                          \
	}
#define BLOCKEDS(ttl, sent, answered, by)                                                          \
	{                                                                                          \
		ROLE_PATH, ttl, sent, answered, by                                                 \
	}

struct row {
	const char *name;
	struct line lines[LINES];
	enum path_break broken;
	enum path_why why;
	unsigned int after, before, beyond;
	enum path_direction direction;
};

static const struct row rows[] = {
	{ "between two routers",
		{ OPENS(1, 5, 5, 1), BLOCKEDS(1, 5, 5, 1), OPENS(2, 5, 5, 2), BLOCKEDS(2, 5, 0, 0),
			OPENS(3, 5, 5, SERVER), BLOCKEDS(3, 5, 0, 0) },
		PATH_MIDWAY, PATH_WHY_NONE, 1, 2, 1, DIRECTION_QUERY },
	{ "at the last step",
		{ OPENS(1, 5, 5, 1), BLOCKEDS(1, 5, 5, 1), OPENS(2, 5, 5, 2), BLOCKEDS(2, 5, 5, 2),
			OPENS(3, 5, 5, SERVER), BLOCKEDS(3, 5, 0, 0) },
		PATH_LAST_STEP, PATH_WHY_NONE, 2, 3, 0, DIRECTION_UNKNOWN },
	{ "before the first router",
		{ OPENS(1, 5, 5, 1), BLOCKEDS(1, 5, 0, 0), OPENS(2, 5, 5, SERVER) }, PATH_MIDWAY,
		PATH_WHY_NONE, 0, 1, 1, DIRECTION_QUERY },
	{ "a silent router in between",
		{ OPENS(1, 5, 5, 1), BLOCKEDS(1, 5, 5, 1), OPENS(2, 5, 0, 0), BLOCKEDS(2, 5, 0, 0),
			OPENS(3, 5, 5, 3), BLOCKEDS(3, 5, 0, 0), OPENS(4, 5, 5, SERVER) },
		PATH_MIDWAY, PATH_WHY_NONE, 1, 3, 1, DIRECTION_QUERY },
	{ "silent routers before the server: no midway",
		{ OPENS(1, 5, 5, 1), BLOCKEDS(1, 5, 5, 1), OPENS(2, 5, 0, 0), BLOCKEDS(2, 5, 0, 0),
			OPENS(3, 5, 5, SERVER), BLOCKEDS(3, 5, 0, 0) },
		PATH_LAST_STEP, PATH_WHY_NONE, 1, 3, 0, DIRECTION_UNKNOWN },
	{ "the open flow loses as well: too few",
		{ OPENS(1, 5, 5, 1), BLOCKEDS(1, 5, 5, 1), OPENS(2, 6, 2, 2), BLOCKEDS(2, 6, 0, 0),
			OPENS(3, 5, 5, SERVER) },
		PATH_UNTOLD, PATH_WHY_FEW, 1, 2, 1, DIRECTION_UNKNOWN },
	{ "one silence is not enough",
		{ OPENS(1, 5, 5, 1), BLOCKEDS(1, 1, 0, 0), OPENS(2, 5, 5, SERVER) }, PATH_UNTOLD,
		PATH_WHY_FEW, 0, 1, 1, DIRECTION_UNKNOWN },
	{ "nobody is heard behind the first router",
		{ OPENS(1, 5, 5, 1), BLOCKEDS(1, 5, 5, 1), OPENS(2, 5, 0, 0),
			BLOCKEDS(2, 5, 0, 0) },
		PATH_UNTOLD, PATH_WHY_SILENT, 1, 0, 0, DIRECTION_UNKNOWN },
	{ "it comes through",
		{ OPENS(1, 5, 5, 1), BLOCKEDS(1, 5, 5, 1), OPENS(2, 5, 5, SERVER),
			BLOCKEDS(2, 5, 1, SERVER) },
		PATH_NO_BREAK, PATH_WHY_NONE, 2, 0, 0, DIRECTION_UNKNOWN },
	{ "only an open port", { OPENS(1, 5, 5, 1), OPENS(2, 5, 5, SERVER) }, PATH_UNTOLD,
		PATH_WHY_ONE_FLOW, 0, 1, 1, DIRECTION_UNKNOWN },
	{ "asks that went past the server do not count",
		{ OPENS(1, 5, 5, 1), BLOCKEDS(1, 5, 5, 1), OPENS(2, 5, 5, SERVER),
			OPENS(3, 1, 1, SERVER), BLOCKEDS(2, 5, 0, 0), BLOCKEDS(3, 5, 0, 0) },
		PATH_LAST_STEP, PATH_WHY_NONE, 1, 2, 0, DIRECTION_UNKNOWN },
};

static struct addr host(int last)
{
	return (struct addr){ .family = ADDR_V4, .ip = { 192, 0, 2, (uint8_t)last } };
}

static struct observation observe(const struct line *l, bool answered)
{
	struct observation o = { .outcome = OUTCOME_TIMEOUT, .sent = 1000000, .done = 1010000 };

	o.ask.role = (uint8_t)l->role;
	o.ask.ttl = l->ttl;
	o.ask.server = addr_with_port(host(SERVER), 53);
	o.ask.source.port = l->role == ROLE_PATH ? BLOCKED : OPEN;
	if (answered && l->by == SERVER) {
		o.outcome = OUTCOME_ANSWERED;
	} else if (answered) {
		o.outcome = OUTCOME_ICMP;
		o.icmp = (struct icmp){ 11, 0, host(l->by) };
	}
	return o;
}

static struct path_result judge(struct arena *a, const struct row *r)
{
	struct facts *f = facts_new(a);
	struct path_results all;

	for (const struct line *l = r->lines; l < r->lines + LINES && l->ttl; l++)
		for (unsigned int i = 0; i < l->sent; i++) {
			struct observation o = observe(l, i < l->answered);

			facts_add(f, &o);
		}
	all = path_collect(a, f);
	return all.n == 1 ? all.v[0] : (struct path_result){ .hops = 99 };
}

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct arena *a = arena_new();
		struct path_result got = judge(a, r);

		ok(got.broken == r->broken && got.why == r->why && got.after == r->after &&
				got.before == r->before && got.beyond == r->beyond &&
				got.direction == r->direction,
			"%s: broken %d why %d, after %u before %u beyond %u, direction %d", r->name,
			(int)got.broken, (int)got.why, got.after, got.before, got.beyond,
			(int)got.direction);
		arena_free(a);
	}
}

static void test_hidden(void)
{
	struct path_hop h = { .open = { .sent = 5, .received = 5 }, .blocked = { .sent = 2 } };

	/* Beta(1/2, 11/2): 1/12, then 3/14. */
	ok(path_hidden(&h) > 0.01785 && path_hidden(&h) < 0.01787, "two silences against five");
	h.blocked.sent = 0;
	ok(path_hidden(&h) == 1, "no silence proves nothing");
	h.open = (struct path_flow){ .sent = 5 };
	h.blocked.sent = 50;
	ok(path_hidden(&h) == 1, "nor do silences where nobody is heard");
	h.blocked.rejected = 1;
	ok(path_hidden(&h) == 0, "a rejection is no loss");
	h = (struct path_hop){ .open = { .sent = 1, .received = 3 }, .blocked = { .sent = 9 } };
	ok(path_hidden(&h) > 0 && path_hidden(&h) < 1, "more received than sent is no nonsense");
}

static void test_near(void)
{
	struct path_result r = { .broken = PATH_LAST_STEP, .after = 3 };

	path_heard_near(&r);
	ok(r.direction == DIRECTION_REPLY, "near, and three routers passed: the reply");
	r = (struct path_result){ .broken = PATH_LAST_STEP, .after = 2 };
	path_heard_near(&r);
	ok(r.direction == DIRECTION_UNKNOWN, "near, two routers: may be the near ones");
	path_heard_reject(&r);
	ok(r.direction == DIRECTION_QUERY, "rejected: the query");
	r = (struct path_result){ .broken = PATH_UNTOLD };
	path_heard_reject(&r);
	ok(r.direction == DIRECTION_UNKNOWN, "rejected, but the trace told nothing");
	r = (struct path_result){ .broken = PATH_MIDWAY, .after = 3, .direction = DIRECTION_QUERY };
	path_heard_near(&r);
	ok(r.direction == DIRECTION_QUERY, "near and midway: the query");
}

static void test_times(void)
{
	struct path_result r = { .server = addr_with_port(host(SERVER), 53) };
	static const uint64_t ms[] = { 10, 14, 12 };
	const struct path_flow *f = &r.hop[1].open;

	for (size_t i = 0; i < ARRAY_LEN(ms); i++) {
		struct observation o = observe(&(struct line)OPENS(1, 1, 1, 1), true);

		o.done = o.sent + ms[i] * 1000;
		path_add(&r, &o);
	}
	is_int((int64_t)f->last, 12000, "last");
	is_int((int64_t)f->best, 10000, "best");
	is_int((int64_t)f->worst, 14000, "worst");
	is_int((int64_t)f->mean, 12000, "mean");
	is_int((int64_t)path_deviation(f), 2000, "standard deviation of the sample");
}

/* ICMP errors: role, source port, code of type 3, offender, how many. */
struct said {
	enum role role;
	uint16_t port;
	uint8_t code;
	int by;
	unsigned int times;
};

struct reject_row {
	const char *name;
	struct said said[4];
	int by; /* 0: nobody */
	uint32_t count;
};

static const struct reject_row rejects[] = {
	{ "a router names itself", { { ROLE_SWEEP, BLOCKED, 13, 7, 2 } }, 7, 2 },
	{ "in a trace, to a control",
		{ { ROLE_PATH, BLOCKED, 9, 7, 1 }, { ROLE_PLACE, BLOCKED, 10, 7, 1 } }, 7, 2 },
	{ "one error may be forged", { { ROLE_SWEEP, BLOCKED, 13, 7, 1 } }, 0, 0 },
	{ "it rejects open ports as well",
		{ { ROLE_SWEEP, BLOCKED, 13, 7, 9 }, { ROLE_STEADY, OPEN, 13, 7, 1 } }, 0, 0 },
	{ "a flood of another blames nobody",
		{ { ROLE_SWEEP, BLOCKED, 13, 7, 3 }, { ROLE_SWEEP, OPEN, 13, 8, 9 } }, 7, 3 },
	{ "nor does one to a port that was not judged",
		{ { ROLE_SWEEP, BLOCKED, 13, 7, 3 }, { ROLE_SWEEP, 599, 13, 7, 1 } }, 7, 3 },
	{ "port unreachable is no rejection", { { ROLE_SWEEP, BLOCKED, 3, 7, 5 } }, 0, 0 },
	{ "the one with more errors",
		{ { ROLE_SWEEP, BLOCKED, 13, 7, 3 }, { ROLE_SWEEP, BLOCKED, 13, 8, 5 } }, 8, 5 },
};

static void test_rejects(void)
{
	struct portset blocked = { 0 };
	struct ports_subject subject = { addr_with_port(host(SERVER), 53), TRANSPORT_UDP };

	portset_add(&blocked, BLOCKED);
	for (size_t i = 0; i < ARRAY_LEN(rejects); i++) {
		const struct reject_row *r = &rejects[i];
		struct arena *a = arena_new();
		struct facts *f = facts_new(a);
		struct observation reply = { .outcome = OUTCOME_ANSWERED };
		struct path_reject got;

		reply.ask.role = ROLE_STEADY;
		reply.ask.server = subject.server;
		reply.ask.source.port = OPEN;
		facts_add(f, &reply);
		for (const struct said *s = r->said; s < r->said + 4; s++)
			for (unsigned int k = 0; k < s->times; k++) {
				struct observation o = { .outcome = OUTCOME_ICMP };

				o.ask.role = (uint8_t)s->role;
				o.ask.server = subject.server;
				o.ask.source.port = s->port;
				o.icmp = (struct icmp){ 3, s->code, host(s->by) };
				facts_add(f, &o);
			}
		got = path_rejected(f, &subject, &blocked);
		ok((r->by ? got.by.ip[3] == r->by : !got.by.family) && got.count == r->count,
			"%s: by %u, %u times", r->name, got.by.ip[3], got.count);
		arena_free(a);
	}
}

static void test_v6(void)
{
	struct observation o = { .outcome = OUTCOME_ICMP };

	o.ask.server.family = ADDR_V6;
	o.icmp = (struct icmp){ .type = 3 };
	ok(path_expired(&o) && !path_prohibited(&o), "IPv6: time exceeded");
	o.icmp = (struct icmp){ .type = 1, .code = 1 };
	ok(path_prohibited(&o) && !path_expired(&o), "IPv6: administratively prohibited");
	o.icmp = (struct icmp){ .type = 11 };
	ok(!path_expired(&o), "IPv4's number means nothing there");
}

int main(void)
{
	test_rows();
	test_hidden();
	test_near();
	test_times();
	test_rejects();
	test_v6();
	return tap_done();
}
