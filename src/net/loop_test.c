/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timers in order and never early; descriptors before timers; changes while a batch is called. */
#include "net/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/err.h"
#include "prop.h"

static struct loop *l;

struct note {
	struct loop_timer timer;
	uint64_t fired;
	int order;
};

static int fired_count;

static void fire(void *user)
{
	struct note *n = user;

	n->fired = loop_now();
	n->order = ++fired_count;
}

static void test_timer(void)
{
	struct note n = { .timer = { .fire = fire } };
	uint64_t start = loop_now();

	n.timer.user = &n;
	loop_timer_set(l, &n.timer, start + 3500);
	while (!n.fired)
		loop_wait(l, UINT64_MAX);
	ok(n.fired >= start + 3500, "not before its time");
	ok(n.timer.place == 0, "not set any more");
	start = loop_now();
	is_int(loop_wait(l, start + 2000), 0, "waits without a timer");
	ok(loop_now() >= start + 2000, "as long as was said");
}

/* Random sets and cancels; what is left fires in order of time. */
static bool case_heap(struct rng *r)
{
	enum { N = 200 };
	struct note notes[N] = { 0 };
	uint64_t base = loop_now() - 1000000;
	bool good = true;
	int set = 0;

	fired_count = 0;
	for (size_t i = 0; i < (size_t)N * 3; i++) {
		struct note *n = &notes[rng_below(r, N)];

		n->timer.fire = fire;
		n->timer.user = n;
		if (rng_below(r, 3) == 0)
			loop_timer_cancel(l, &n->timer);
		else
			loop_timer_set(l, &n->timer, base + rng_below(r, 1000));
	}
	for (size_t i = 0; i < N; i++)
		set += notes[i].timer.place != 0;
	loop_wait(l, 0);
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j < N; j++)
			if (notes[i].order && notes[j].order &&
				notes[i].timer.at < notes[j].timer.at)
				good &= notes[i].order < notes[j].order;
	return good && fired_count == set;
}

struct end {
	struct loop_watch watch;
	struct end *other;
	int seen;
};

/* Whichever comes first takes the other out of the batch. */
static void seize(void *user, uint32_t events)
{
	struct end *e = user;
	char c;

	e->seen += (events & EPOLLIN) && read(e->watch.fd, &c, 1) == 1;
	loop_unwatch(l, &e->other->watch);
}

static void test_unwatch(void)
{
	struct end ends[2] = { 0 };
	int fds[2][2];

	for (size_t i = 0; i < 2; i++) {
		if (pipe(fds[i]) < 0 || write(fds[i][1], "x", 1) != 1)
			exit(1);
		ends[i].watch =
			(struct loop_watch){ .ready = seize, .user = &ends[i], .fd = fds[i][0] };
		ends[i].other = &ends[1 - i];
		loop_watch(l, &ends[i].watch, EPOLLIN);
	}
	loop_wait(l, loop_now() + 100000);
	is_int(ends[0].seen + ends[1].seen, 1, "a watch that was taken out is not called");
	for (size_t i = 0; i < 2; i++) {
		loop_unwatch(l, &ends[i].watch);
		close(fds[i][0]);
		close(fds[i][1]);
	}
}

static void on_alarm(int number)
{
	(void)number;
}

static void test_signal(void)
{
	struct sigaction act = { .sa_handler = on_alarm };
	struct itimerval soon = { .it_value.tv_usec = 20000 };

	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	is_int(loop_wait(l, loop_now() + 5000000), -ERR_NONE, "a signal ends the wait");
}

int main(void)
{
	if (loop_new(&l))
		return 1;
	test_timer();
	prop("timers fire in order", case_heap, 50);
	test_unwatch();
	test_signal();
	loop_free(l);
	return tap_done();
}
