/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waits for file descriptors and points in time: epoll and a heap of timers. Watches and timers
 * are members of whoever uses them, and must be taken out before their memory goes.
 *
 *	struct loop_timer t = { .fire = too_late, .user = ask };
 *	loop_timer_set(l, &t, loop_now() + 2000000);
 *	while (waiting)
 *		loop_wait(l, UINT64_MAX);
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

struct loop;

struct loop_watch {
	void (*ready)(void *user, uint32_t events); /* events: EPOLLIN and so on */
	void *user;
	int fd;
	uint32_t events; /* the loop's: what it waits for */
};

struct loop_timer {
	void (*fire)(void *user);
	void *user;
	uint64_t at;
	size_t place; /* the loop's: 1 + index in the heap; 0: not set */
};

/* 0 and *ret, or -ERR_SYSTEM. */
int loop_new(struct loop **ret);
/* Closes the loop, not the descriptors it watched. Takes NULL. */
void loop_free(struct loop *l);

/* µs since some point in the past; never goes back. */
uint64_t loop_now(void);

/* The same, read when the latest wait ended: for what need not be exact. 0: there was none. */
uint64_t loop_latest(const struct loop *l);

/* Watches w->fd for events from now on. 0 or -ERR_SYSTEM. */
int loop_watch(struct loop *l, struct loop_watch *w, uint32_t events);
/* Other events for a descriptor that is watched already. */
void loop_rewatch(struct loop *l, struct loop_watch *w, uint32_t events);
/*
 * Forgets the watch. The caller closes the descriptor, which has no duplicate, before the next
 * wait: that takes it out of the kernel's set (epoll(7)) at no cost of its own.
 */
void loop_unwatch(struct loop *l, struct loop_watch *w);

/* Sets the timer, or sets it anew. It fires once, never before its time. */
void loop_timer_set(struct loop *l, struct loop_timer *t, uint64_t at);
/* Also for a timer that is not set. */
void loop_timer_cancel(struct loop *l, struct loop_timer *t);

/*
 * Waits for one event at least, but not beyond until (UINT64_MAX: no limit), and calls what is
 * ready: all descriptors first, then timers, so that what came in time is seen in time. 0, or
 * -ERR_NONE when a signal interrupted it.
 */
int loop_wait(struct loop *l, uint64_t until);

#endif
