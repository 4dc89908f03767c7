/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pace of one server, in virtual time. */
#include "net/pace.h"

#include "base/rng.h"
#include "dns/rr.h"
#include "tap.h"

enum { MS = 1000, SECOND = 1000000, RTT = 20 * MS, TIMEOUT = SECOND };

static const struct addr server = { .family = ADDR_V4, .port = 53, .ip = { 192, 0, 2, 1 } };
static const struct msg good = { .has_header = true, .flags = FLAG_QR };
static const struct msg bad = { .has_header = true, .flags = FLAG_QR, .rcode = 7 };
static const struct msg cut = { .has_header = true, .flags = FLAG_QR | FLAG_TC };

/* A world in which asks leave as soon as they may. */
struct world {
	struct pace *pace;
	struct rng rng;
	uint64_t now;
	double loss, limit; /* chance of a loss; queries a second that are answered, 0: all */
	double tokens;
	const struct msg *msg;	     /* of replies; NULL: good */
	struct observation due[512]; /* a ring of what will be seen */
	size_t n;
	uint32_t sent, lost, cut;
	uint8_t role;
	bool slips;			   /* beyond the limit msg is sent, not nothing */
	const struct shape_option *cookie; /* sent with each ask; NULL: none */
	uint16_t types;			   /* asked in turn; 0: one */
	uint16_t cut_type;		   /* always answered with TC; 0: none */
};

static void see_until(struct world *w, uint64_t t)
{
	for (;;) {
		size_t first = w->n;

		for (size_t i = 0; i < w->n; i++)
			if (first == w->n || w->due[i].done < w->due[first].done)
				first = i;
		if (first == w->n || w->due[first].done > t)
			return;
		pace_seen(w->pace, &w->due[first],
			(struct pace_times){ w->due[first].sent, w->due[first].done });
		w->due[first] = w->due[--w->n];
	}
}

static void send_one(struct world *w)
{
	struct observation o = { .ask = { .server = server, .role = w->role }, .sent = w->now };
	bool lost = rng_unit(&w->rng) < w->loss, slip = false;

	o.ask.brief = true;
	o.ask.shape.options = w->cookie;
	o.ask.shape.noptions = w->cookie != NULL;
	o.ask.question.type = w->types ? (uint16_t)(1 + w->sent % w->types) : 1;
	if (w->limit > 0) {
		slip = w->slips && w->tokens < 1;
		lost |= w->tokens < 1 && !slip;
		w->tokens -= !lost && !slip;
	}
	o.outcome = lost ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED;
	o.done = w->now + (lost ? TIMEOUT : RTT);
	o.msg = lost ? NULL : w->msg && (slip || !w->slips) ? w->msg : &good;
	if (!lost && o.ask.question.type == w->cut_type)
		o.msg = &cut;
	w->cut += o.msg == &cut;
	pace_sent(w->pace, &o.ask, w->now);
	w->due[w->n++] = o;
	w->sent++;
	w->lost += lost;
}

static void pass(struct world *w, uint64_t t)
{
	w->tokens += w->limit * (double)(t - w->now) / SECOND;
	w->tokens = w->tokens > w->limit / 4 ? w->limit / 4 : w->tokens;
	see_until(w, t);
	w->now = t;
}

/* Lets the world run; how many asks left. */
static uint32_t run(struct world *w, uint64_t time)
{
	uint64_t end = w->now + time;
	uint32_t before = w->sent;

	while (w->now < end) {
		uint64_t when = pace_when(w->pace, &server, w->now, NULL);

		if (when <= w->now && w->n < 512)
			send_one(w);
		else
			pass(w, w->now + MS);
	}
	return w->sent - before;
}

static struct world world_new(struct arena *a, struct pace_settings s)
{
	return (struct world){
		.pace = pace_new(a, s), .rng = rng_seed(7), .now = SECOND, .role = ROLE_STEADY
	};
}

static void test_start(struct arena *a)
{
	struct world w = world_new(a, (struct pace_settings){ .rate = 50 });
	uint64_t when;

	w.role = ROLE_SWEEP;
	is_int(run(&w, 1), 10, "a few asks may go at once");
	when = pace_when(w.pace, &server, w.now, NULL);
	ok(when > w.now && when <= w.now + 200 * MS, "then 5 a second");
	w.loss = 1;
	is_int(run(&w, 10 * SECOND), 50, "while ports under test are silent it stays so");
	w = world_new(a, (struct pace_settings){ .rate = 50 });
	w.role = ROLE_SWEEP;
	run(&w, 10 * SECOND);
	is_near(pace_stats(w.pace, &server).rate, 50, 0,
		"their replies double it to the rate asked");
	w = world_new(a, (struct pace_settings){ .rate = 50 });
	run(&w, 10 * SECOND);
	is_near(pace_stats(w.pace, &server).rate, 50, 0, "and so do steady asks");
	ok(run(&w, 10 * SECOND) <= 501, "and it is kept");
	ok(run(&w, 10 * SECOND) >= 490, "and used");
}

static void test_loss(struct arena *a)
{
	struct world w = world_new(a, (struct pace_settings){ .rate = 50 });
	uint32_t n;

	w.loss = 0.02;
	run(&w, 60 * SECOND);
	ok(pace_stats(w.pace, &server).rate >= 25, "2 %% loss is no limit");
	w = world_new(a, (struct pace_settings){ .rate = 200 });
	w.limit = 30;
	run(&w, 60 * SECOND);
	w.lost = 0;
	n = run(&w, 60 * SECOND);
	ok(n < 60 * 50, "a limit of 30 a second is found");
	ok(w.lost < n / 3, "and kept to");
	ok(n - w.lost > 60 * 20, "without giving up");
	w = world_new(a, (struct pace_settings){ .rate = 50 });
	w.loss = 1;
	run(&w, 60 * SECOND);
	is_near(pace_stats(w.pace, &server).rate, 1, 0, "a dead server is asked once a second");
}

/* RRL's slip: replies with TC where there were none. */
static void test_slip(struct arena *a)
{
	struct world w = world_new(a, (struct pace_settings){ .rate = 50 });
	double before;

	run(&w, 20 * SECOND);
	before = pace_stats(w.pace, &server).rate;
	w.msg = &cut;
	run(&w, SECOND);
	ok(pace_stats(w.pace, &server).rate <= before / 2, "TC slows");
	w = world_new(a, (struct pace_settings){ .rate = 50 });
	w.msg = &cut;
	run(&w, 20 * SECOND);
	is_near(pace_stats(w.pace, &server).rate, 50, 0, "unless it was there from the first");
}

/* What a limit of 20 a second, of that kind, leaves of 60 seconds, from the 30th on. */
static void settle(const char *what, struct world w)
{
	double least = 1e9, most = 0;
	uint32_t n = 0, before;

	w.limit = 20;
	run(&w, 30 * SECOND);
	w.lost = w.cut = 0;
	before = w.sent;
	for (int i = 0; i < 60; i++) {
		double rate;

		run(&w, SECOND);
		rate = pace_stats(w.pace, &server).rate;
		least = rate < least ? rate : least;
		most = rate > most ? rate : most;
	}
	n = w.sent - before;
	ok(least >= 5 && most <= 40, "%s: it stays near the limit (%.0f to %.0f)", what, least,
		most);
	ok(n >= 600 && n <= 1500, "%s: neither crawling nor pushing (%u in 60 s)", what, n);
	ok(w.lost * 4 <= n && w.cut * 4 <= n, "%s: most asks have their reply", what);
}

static void test_limits(struct arena *a)
{
	struct world w = world_new(a, (struct pace_settings){ .rate = 50 });

	settle("silence", w);
	w = world_new(a, (struct pace_settings){ .rate = 50 });
	w.slips = true;
	w.msg = &cut;
	settle("TC", w);
	w = world_new(a, (struct pace_settings){ .rate = 50 });
	w.slips = true;
	w.msg = &bad;
	settle("BADCOOKIE", w);
	w = world_new(a, (struct pace_settings){ .rate = 0 });
	w.slips = true;
	w.msg = &cut;
	settle("TC, without a rate", w);
	w = world_new(a, (struct pace_settings){ .rate = 0 });
	settle("silence, without a rate", w);
}

/* A cookie lets the server be asked at once as fast as if it had never been too fast. */
static void test_cookie(struct arena *a)
{
	static const struct shape_option full = { EDNS_COOKIE, 24, NULL };
	struct world w = world_new(a, (struct pace_settings){ .rate = 50 });
	uint32_t n;

	w.limit = 4;
	w.slips = true;
	w.msg = &cut;
	run(&w, 10 * SECOND);
	w.limit = 0;
	w.cookie = &full;
	run(&w, 10 * SECOND);
	n = run(&w, 10 * SECOND);
	ok(n >= 490, "whoever is exempt is not held to a limit (%u in 10 s)", n);
}

/* A server whose answer to one question does not fit is not limiting. */
static void test_truncated(struct arena *a)
{
	struct world w = world_new(a, (struct pace_settings){ .rate = 50 });

	w.types = 3;
	w.cut_type = 2;
	run(&w, 20 * SECOND);
	is_near(pace_stats(w.pace, &server).rate, 50, 0, "one question in turn may be truncated");
	w.cut_type = 0;
	w.role = ROLE_SWEEP;
	w.loss = 0.5;
	run(&w, 20 * SECOND);
	is_near(pace_stats(w.pace, &server).rate, 50, 0, "silent ports under test do not slow");
}

/* A burst is lent: within a second no more leave than the rate says. */
static void test_burst(struct arena *a)
{
	struct world w =
		world_new(a, (struct pace_settings){ .rate = 50, .start = 50, .burst = 40 });

	is_int(run(&w, 1), 41, "a burst, and the one that would be due");
	is_int(run(&w, SECOND - 100 * MS), 45, "then the rate: the next ones fill the second");
	ok(run(&w, 10 * SECOND) <= 505, "and is kept");
}

static void test_budget(struct arena *a)
{
	struct world w = world_new(a, (struct pace_settings){ .rate = 0, .budget = 20 });
	struct observation o = { .ask.server = server, .outcome = OUTCOME_NOT_SENT };
	bool spent = false;

	is_int(run(&w, SECOND), 20, "the budget ends it");
	ok(pace_when(w.pace, &server, w.now, &spent) == UINT64_MAX && spent, "and says so");
	pace_seen(w.pace, &o, (struct pace_times){ o.sent, w.now });
	pace_when(w.pace, &server, w.now, &spent);
	ok(!spent, "what was not sent costs nothing");
}

static void test_window(struct arena *a)
{
	struct world w = world_new(a, (struct pace_settings){ .rate = 0, .window = 64 });
	uint32_t n;

	is_int(run(&w, 1), 64, "without a rate the window bounds");
	ok(run(&w, SECOND) > 2000, "and replies make room");
	w.role = ROLE_SWEEP;
	w.loss = 1;
	n = run(&w, SECOND);
	ok(n >= 64 * 6 && n <= 64 * 8, "silent ports do not stop it, nor let it loose");
	w = world_new(a, (struct pace_settings){ .rate = 0, .window = 64 });
	w.limit = 200;
	run(&w, 20 * SECOND);
	w.lost = 0;
	n = run(&w, 10 * SECOND);
	ok(w.lost < n, "a limit makes it slower");
	w.limit = 0;
	run(&w, 30 * SECOND);
	w.lost = 0;
	ok(run(&w, SECOND) > 500 && w.lost == 0, "and it grows back");
}

/* One ask in eight is steady and answered; the others are of blocked ports. */
static uint32_t run_refine(struct world *w, uint64_t time)
{
	uint64_t end = w->now + time;
	uint32_t before = w->sent;

	while (w->now < end) {
		uint64_t when = pace_when(w->pace, &server, w->now, NULL);

		w->role = w->sent % 8 ? ROLE_SWEEP : ROLE_STEADY;
		w->loss = w->sent % 8 ? 1 : 0;
		if (when <= w->now && w->n < 512)
			send_one(w);
		else
			pass(w, w->now + MS);
	}
	return w->sent - before;
}

static void test_unlimited(struct arena *a)
{
	struct world w = world_new(a, (struct pace_settings){ .rate = 0, .window = 256 });
	uint32_t n;

	is_int(run(&w, 1), 64, "the window starts at 64");
	run(&w, SECOND);
	w.sent = 0;
	see_until(&w, w.now + SECOND);
	w.now += SECOND;
	is_int(run(&w, 1), 256, "and grows to what is most");
	w = world_new(a, (struct pace_settings){ .rate = 0, .window = 64 });
	run(&w, SECOND);
	n = run_refine(&w, SECOND);
	ok(n > 64 * 8, "replies to later asks clear silent ones out of the window");
	w = world_new(a, (struct pace_settings){ .rate = 0, .window = 64 });
	run(&w, 2 * SECOND);
	w.msg = &cut;
	run(&w, SECOND);
	ok(pace_stats(w.pace, &server).rate > 0, "TC turns the window into a rate");
	w.msg = NULL;
	run(&w, 60 * SECOND);
	n = run(&w, 10 * SECOND);
	ok(n > 10 * 200, "that grows while there is none");
}

/* Nothing but silence beyond the limit: no slip says why. */
/* A server that loses all that is under way at once, and is well after that. */
static void test_lost_burst(struct arena *a)
{
	struct world w = world_new(a, (struct pace_settings){ .window = 256 });
	uint32_t before, after;

	run(&w, SECOND / 2);
	before = run(&w, SECOND / 10);
	w.loss = 1;
	run(&w, RTT + 2 * MS);
	w.loss = 0;
	run(&w, 10 * RTT);
	ok(pace_stats(w.pace, &server).in_flight >= 128, "what was lost is under way for long");
	after = run(&w, SECOND / 10);
	ok(after * 4 >= before * 3, "%u asks leave meanwhile where %u did before", after, before);
}

static void test_silent_limit(struct arena *a)
{
	struct world w = world_new(a, (struct pace_settings){ .rate = 0, .window = 256 });
	uint32_t n;

	run(&w, 20 * MS);
	w.limit = 100;
	run(&w, 60 * SECOND);
	w.lost = 0;
	n = run(&w, 60 * SECOND);
	ok(pace_stats(w.pace, &server).rate > 0, "loss that the least window keeps makes a rate");
	ok(w.lost < n / 4, "which the limit mostly lets through (%u of %u lost)", w.lost, n);
	ok(n - w.lost > 60 * 60, "without giving up (%u answered)", n - w.lost);
}

/* All servers together: so many a second, a hundredth of a second's ahead. */
static void test_all(struct arena *a)
{
	struct pace *p = pace_new(a, (struct pace_settings){ .rate = 0, .pps = 200 });
	struct ask ask = { .server = server };
	uint32_t sent = 0, each[4] = { 0 };
	uint64_t now = SECOND;

	while (now < 11ULL * SECOND) {
		uint64_t when = 0;

		ask.server.ip[3] = (uint8_t)(sent % 4);
		when = pace_when(p, &ask.server, now, NULL);
		if (when > now) {
			now = when;
			continue;
		}
		pace_sent(p, &ask, now);
		pace_seen(p,
			&(struct observation){
				.ask = ask, .outcome = OUTCOME_ANSWERED, .msg = &good },
			(struct pace_times){ now, now });
		each[sent++ % 4]++;
	}
	ok(sent >= 1999 && sent <= 2004, "all servers share one limit (%u)", sent);
	ok(each[0] - each[3] <= 1, "to each its part");
}

int main(void)
{
	struct arena *a = arena_new();

	test_start(a);
	test_loss(a);
	test_slip(a);
	test_limits(a);
	test_cookie(a);
	test_truncated(a);
	test_burst(a);
	test_budget(a);
	test_window(a);
	test_unlimited(a);
	test_lost_burst(a);
	test_silent_limit(a);
	test_all(a);
	arena_free(a);
	return tap_done();
}
