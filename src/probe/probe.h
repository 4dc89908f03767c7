/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A probe is a plan as a value. It says what to send and learns what came of it; it owns no
 * socket and reads no clock. net/drive pumps it over the network, net/sim over a simulated one.
 *
 *	struct my { struct probe probe; ... };          // the probe is the first member
 *	static const struct probe_ops ops = { my_begin, my_want, my_reply, my_progress };
 *
 * The driver calls begin once, then want until it says WAIT or DONE, then reply for every
 * observation of an ask whose owner is this probe, then want again, and so on. Every ask that was
 * handed out comes back as exactly one observation (late and stray ones are extra). Probes
 * compose: a parent's want calls its children's want; replies go to the owner directly.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"

enum want {
	WANT_ASK,  /* *ret_ask is to be sent; call again at once */
	WANT_WAIT, /* nothing now; call again after a reply or at *ret_wake */
	WANT_DONE, /* nothing any more */
};

#define PROBE_NO_WAKE UINT64_MAX

/* What a progress line shows. */
struct progress {
	const char *phase; /* "walk", "ports", "place" */
	size_t asked;	   /* by this probe so far */
	size_t expected;   /* its estimate of the total; 0: unknown */
	size_t found;	   /* what it looks for: blocked ports, zones */
	size_t steady;	   /* asks that measure the loss of the path so far… */
	size_t lost;	   /* … and how many of them were lost */
	uint64_t waiting;  /* µs that it will yet wait for a silent server, at most */
};

struct probe_ops {
	/* May be NULL. now: µs, monotonic, as everywhere. */
	void (*begin)(struct probe *p, uint64_t now);
	/* *ret_wake is set on WANT_WAIT: µs, or PROBE_NO_WAKE when only a reply matters. */
	enum want (*want)(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake);
	/* May be NULL: its asks belong to its children. */
	void (*reply)(struct probe *p, const struct observation *o, uint64_t now);
	/* May be NULL. */
	void (*progress)(const struct probe *p, struct progress *ret);
	/*
	 * May be NULL: facts say it all. Instead of begin and want: an observation that another
	 * probe with the same plan brought about, of all its own in their order; NULL: these
	 * were all.
	 */
	void (*recall)(struct probe *p, const struct observation *o);
	/*
	 * May be NULL: takes a message of a zone transfer over TCP as it comes. o: as far as it is
	 * known, with the transfer up to m. Both valid for the call.
	 */
	void (*part)(struct probe *p, const struct observation *o, const struct msg *m);
};

struct probe {
	const struct probe_ops *ops;
};

void probe_begin(struct probe *p, uint64_t now);
enum want probe_want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake);
void probe_reply(struct probe *p, const struct observation *o, uint64_t now);
/* Zeroed when the probe does not tell. */
struct progress probe_progress(const struct probe *p);

/*
 * Several probes side by side as one: done when all are. Turns are taken, so that none waits for
 * another's burst. The array belongs to the caller. Adds up progress, phase of the first busy one.
 */
struct probe_group {
	struct probe probe;
	struct probe **children;
	size_t n, turn;
	size_t busy; /* the first child that has not said "done" */
};
void probe_group_init(struct probe_group *g, struct probe **children, size_t n);

#endif
