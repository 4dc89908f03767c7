/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pump over a fake wire: everything that is asked comes back, in facts and to its owner. */
#include "net/drive.h"

#include "base/err.h"
#include "tap.h"

enum { MOST = 512, MS = 1000 };

/* Answers after a millisecond; holds what is in flight in order. */
struct fake {
	struct wire wire;
	uint64_t now;
	struct observation due[MOST];
	size_t first, n, room, most; /* most in flight at once so far */
	bool silent;		     /* answers nothing for a minute */
	bool chatty;		     /* a stray and a late one beside each answer */
	volatile sig_atomic_t *stop; /* set at the third observation */
	size_t seen;
};

static struct fake *fake(struct wire *w)
{
	return (struct fake *)w;
}

static uint64_t fake_now(struct wire *w)
{
	return fake(w)->now;
}

static size_t fake_room(struct wire *w)
{
	return fake(w)->room - fake(w)->n;
}

static void post(struct fake *f, const struct ask *ask, enum outcome outcome)
{
	uint64_t wait = f->silent ? 60000 * MS : MS + f->n;

	f->due[(f->first + f->n) % MOST] = (struct observation){
		.ask = *ask, .outcome = (uint8_t)outcome, .sent = f->now, .done = f->now + wait
	};
	f->n++;
	if (f->n > f->most)
		f->most = f->n;
}

static void fake_send(struct wire *w, const struct ask *ask)
{
	struct fake *f = fake(w);

	if (f->chatty)
		post(f, ask, OUTCOME_STRAY);
	post(f, ask, OUTCOME_ANSWERED);
	if (f->chatty)
		post(f, ask, OUTCOME_LATE);
}

static bool fake_next(struct wire *w, uint64_t until, struct observation *ret)
{
	struct fake *f = fake(w);

	if (!f->n || f->due[f->first % MOST].done > until) {
		f->now = until > f->now ? until : f->now;
		return false;
	}
	*ret = f->due[f->first++ % MOST];
	f->n--;
	f->now = ret->done > f->now ? ret->done : f->now;
	if (++f->seen == 3 && f->stop)
		*f->stop = 1;
	return true;
}

static const struct wire_ops fake_ops = { fake_now, fake_room, fake_send, fake_next, NULL };

/* Wants count asks, spread over servers; counts what comes back. */
struct plan {
	struct probe probe;
	size_t count, servers, asked, back, extra, stopped, budget, sent_stopped;
	size_t ahead; /* most asked for while not back */
	uint64_t last;
	bool order_kept;
};

static enum want plan_want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct plan *plan = (struct plan *)p;
	struct addr server = { .family = ADDR_V4, .port = 53, .ip = { 192, 0, 2, 0 } };

	(void)now;
	if (plan->asked == plan->count) {
		*ret_wake = PROBE_NO_WAKE;
		return plan->back == plan->count ? WANT_DONE : WANT_WAIT;
	}
	server.ip[3] = (uint8_t)(plan->asked % plan->servers);
	*ret_ask = (struct ask){ .owner = p, .tag = plan->asked++, .server = server };
	if (plan->asked - plan->back > plan->ahead)
		plan->ahead = plan->asked - plan->back;
	return WANT_ASK;
}

static void plan_reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct plan *plan = (struct plan *)p;

	(void)now;
	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY) {
		plan->extra++;
		return;
	}
	plan->back++;
	plan->stopped += o->why == WHY_STOPPED;
	plan->sent_stopped += o->why == WHY_STOPPED && o->sent;
	plan->budget += o->why == WHY_BUDGET;
	plan->order_kept &= o->ask.tag >= plan->last;
	plan->last = o->ask.tag;
}

static const struct probe_ops plan_ops = { .want = plan_want, .reply = plan_reply };

static struct plan plan_new(size_t count, size_t servers)
{
	return (struct plan){ { &plan_ops }, .count = count, .servers = servers,
		.order_kept = true };
}

static struct fake fake_new(void)
{
	return (struct fake){ .wire = { &fake_ops }, .now = 1000 * MS, .room = MOST };
}

static void test_all_back(struct arena *a)
{
	struct fake f = fake_new();
	struct plan p = plan_new(1000, 1);
	struct drive d = { .wire = &f.wire, .facts = facts_new(a) };

	f.room = 10;
	is_int(drive_run(&d, &p.probe), 0, "runs to the end");
	is_int((int64_t)p.back, 1000, "every ask comes back");
	is_int((int64_t)d.facts->n, 1000, "and is a fact");
	ok(p.order_kept, "first in, first out for one server");
	is_int((int64_t)f.most, 10, "the wire's room is used, and kept");
	ok(p.ahead <= 10 + 65, "asks are fetched late");
}

static void test_extras(struct arena *a)
{
	struct fake f = fake_new();
	struct plan p = plan_new(50, 3);
	struct drive d = { .wire = &f.wire, .facts = facts_new(a) };

	f.chatty = true;
	f.room = 100;
	is_int(drive_run(&d, &p.probe), 0, "late and stray ones end nothing");
	is_int((int64_t)p.back, 50, "every ask comes back once");
	ok(p.extra >= 99 && d.facts->n == p.back + p.extra, "extras are facts and told");
}

static void test_pace(struct arena *a)
{
	struct fake f = fake_new();
	struct plan p = plan_new(40, 2);
	struct drive d = { .wire = &f.wire, .facts = facts_new(a) };
	uint64_t start = f.now;

	d.pace = pace_new(a, (struct pace_settings){ .rate = 10, .start = 10, .budget = 15 });
	is_int(drive_run(&d, &p.probe), 0, "runs under a pace");
	is_int((int64_t)p.budget, 10, "what is over the budget comes back unsent");
	is_int((int64_t)p.back, 40, "with the rest");
	/* 15 each: 10 at once, then 5 at 10 a second, both servers at the same time. */
	is_near((double)(f.now - start), 500 * MS, 110 * MS, "servers are paced side by side");
}

/* One limit for all: who waits longest is next. */
static void test_shared(struct arena *a)
{
	struct fake f = fake_new();
	struct plan p = plan_new(60, 3);
	struct drive d = { .wire = &f.wire, .facts = facts_new(a) };
	uint64_t start = f.now;

	d.pace = pace_new(a, (struct pace_settings){ .rate = 0, .pps = 20 });
	is_int(drive_run(&d, &p.probe), 0, "runs under a limit of all servers");
	is_near((double)(f.now - start), 3000 * MS, 60 * MS, "which is kept");
	ok(p.order_kept, "and gives the servers their turns");
}

static void test_stop(struct arena *a)
{
	static volatile sig_atomic_t stop;
	struct fake f = fake_new();
	struct plan p = plan_new(100, 1);
	struct drive d = { .wire = &f.wire, .facts = facts_new(a), .stop = &stop };

	f.room = 20;
	f.stop = &stop;
	is_int(drive_run(&d, &p.probe), -ERR_LIMIT, "a stop ends it");
	is_int((int64_t)p.back, (int64_t)p.asked, "all that was asked is given back");
	ok(p.stopped > 20 && p.sent_stopped > 0 && p.sent_stopped <= 20,
		"what was in flight keeps when it was sent");
}

static unsigned int ticks;

static void on_tick(void *user, const struct probe *p, uint64_t now)
{
	(void)user;
	(void)p;
	(void)now;
	ticks++;
}

static void test_deadline(struct arena *a)
{
	struct fake f = fake_new();
	struct plan p = plan_new(5, 1);
	struct drive d = {
		.wire = &f.wire, .facts = facts_new(a), .tick = on_tick, .tick_every = 100 * MS
	};

	f.silent = true;
	d.deadline = f.now + 2000 * MS;
	is_int(drive_run(&d, &p.probe), -ERR_LIMIT, "a deadline ends it");
	is_int((int64_t)f.now, 3000 * MS, "at its time");
	is_int((int64_t)p.stopped, 5, "with all asks");
	ok(ticks >= 20 && ticks <= 22, "ticks come at their pace");
}

/* Waits once, then is done. */
static enum want sleep_want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	(void)p;
	(void)ret_ask;
	*ret_wake = 5000 * MS;
	return now < *ret_wake ? WANT_WAIT : WANT_DONE;
}

static void test_wake(struct arena *a)
{
	static const struct probe_ops ops = { .want = sleep_want, .reply = plan_reply };
	struct fake f = fake_new();
	struct probe p = { &ops };
	struct drive d = { .wire = &f.wire, .facts = facts_new(a) };

	is_int(drive_run(&d, &p), 0, "a probe may only wait");
	is_int((int64_t)f.now, 5000 * MS, "and is woken in time");
}

int main(void)
{
	struct arena *a = arena_new();

	test_all_back(a);
	test_extras(a);
	test_pace(a);
	test_shared(a);
	test_stop(a);
	test_deadline(a);
	test_wake(a);
	arena_free(a);
	return tap_done();
}
