/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event loop: epoll and a binary heap of timers. */
#include "net/loop.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"

enum { EVENTS = 128, FIRST_TIMERS = 64, ROUNDS = 16 };

struct loop {
	int epoll;
	struct loop_timer **heap;
	size_t timers, cap;
	struct epoll_event events[EVENTS];
	uint64_t latest; /* µs: when the latest wait ended */
	int nevents, at; /* the batch that is being called, and how far it is */
};

int loop_new(struct loop **ret)
{
	struct loop *l;
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0)
		return -ERR_SYSTEM;
	l = calloc(1, sizeof(*l));
	if (!l)
		err_no_memory();
	l->epoll = fd;
	*ret = l;
	return 0;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	close(l->epoll);
	free(l->heap);
	free(l);
}

uint64_t loop_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

uint64_t loop_latest(const struct loop *l)
{
	return l->latest;
}

int loop_watch(struct loop *l, struct loop_watch *w, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = w };

	w->events = events;
	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, w->fd, &e) == 0 ? 0 : -ERR_SYSTEM;
}

void loop_rewatch(struct loop *l, struct loop_watch *w, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = w };
	int rc;

	/* Users say it after each turn: only news is worth a call of the kernel. */
	if (w->events == events)
		return;
	rc = epoll_ctl(l->epoll, EPOLL_CTL_MOD, w->fd, &e);
	assert(rc == 0);
	(void)rc;
	w->events = events;
}

void loop_unwatch(struct loop *l, struct loop_watch *w)
{
	/* The kernel takes a descriptor out of its set when that is closed; it may be ready in the
	 * batch that is being called. */
	for (int i = l->at; i < l->nevents; i++)
		if (l->events[i].data.ptr == w)
			l->events[i].data.ptr = NULL;
}

static void put(struct loop *l, struct loop_timer *t, size_t i)
{
	l->heap[i] = t;
	t->place = i + 1;
}

static void up(struct loop *l, struct loop_timer *t, size_t i)
{
	while (i > 0 && l->heap[(i - 1) / 2]->at > t->at) {
		put(l, l->heap[(i - 1) / 2], i);
		i = (i - 1) / 2;
	}
	put(l, t, i);
}

static void down(struct loop *l, struct loop_timer *t, size_t i)
{
	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < l->timers && l->heap[child + 1]->at < l->heap[child]->at)
			child++;
		if (child >= l->timers || l->heap[child]->at >= t->at)
			break;
		put(l, l->heap[child], i);
		i = child;
	}
	put(l, t, i);
}

void loop_timer_cancel(struct loop *l, struct loop_timer *t)
{
	struct loop_timer *last;
	size_t i = t->place;

	if (i == 0)
		return;
	i--;
	assert(i < l->timers && l->heap[i] == t);
	t->place = 0;
	last = l->heap[--l->timers];
	if (last == t)
		return;
	if (i > 0 && l->heap[(i - 1) / 2]->at > last->at)
		up(l, last, i);
	else
		down(l, last, i);
}

void loop_timer_set(struct loop *l, struct loop_timer *t, uint64_t at)
{
	loop_timer_cancel(l, t);
	if (l->timers == l->cap) {
		l->cap = l->cap ? l->cap * 2 : FIRST_TIMERS;
		l->heap = reallocarray(l->heap, l->cap, sizeof(struct loop_timer *));
		if (!l->heap)
			err_no_memory();
	}
	t->at = at;
	up(l, t, l->timers++);
}

static int wait_ms(struct loop *l, uint64_t wait)
{
	uint64_t ms = wait / 1000 + (wait % 1000 ? 1 : 0);

	return epoll_wait(l->epoll, l->events, EVENTS, ms > 60000 ? 60000 : (int)ms);
}

/* Fills the batch. wait: µs, UINT64_MAX for ever. */
static int fill(struct loop *l, uint64_t wait)
{
	struct timespec t = { (time_t)(wait / 1000000), (long)(wait % 1000000) * 1000 };

	l->at = 0;
	l->nevents =
		epoll_pwait2(l->epoll, l->events, EVENTS, wait == UINT64_MAX ? NULL : &t, NULL);
	/* Linux before 5.11. Rounded up to whole ms: late is honest, early would be spinning. */
	if (l->nevents < 0 && errno == ENOSYS)
		l->nevents = wait_ms(l, wait);
	if (l->nevents >= 0)
		return 0;
	l->nevents = 0;
	assert(errno == EINTR);
	return -ERR_NONE;
}

static void call_ready(struct loop *l)
{
	while (l->at < l->nevents) {
		const struct epoll_event *e = &l->events[l->at++];
		struct loop_watch *w = e->data.ptr;

		if (w)
			w->ready(w->user, e->events);
	}
}

static void fire(struct loop *l, uint64_t now)
{
	while (l->timers > 0 && l->heap[0]->at <= now) {
		struct loop_timer *t = l->heap[0];

		loop_timer_cancel(l, t);
		t->fire(t->user);
	}
}

int loop_wait(struct loop *l, uint64_t until)
{
	uint64_t now = loop_now(), limit = until;
	int rc;

	if (l->timers > 0 && l->heap[0]->at < limit)
		limit = l->heap[0]->at;
	rc = fill(l, limit == UINT64_MAX ? UINT64_MAX : limit > now ? limit - now : 0);
	if (rc)
		return rc;
	/* Before any timer: a reply that lies in a socket's buffer is no time-out. */
	now = l->latest = loop_now();
	call_ready(l);
	for (int i = 0; i < ROUNDS && l->nevents == EVENTS && fill(l, 0) == 0; i++)
		call_ready(l);
	fire(l, now);
	return 0;
}
