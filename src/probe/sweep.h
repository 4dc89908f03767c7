/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which source ports reach one server: a baseline on scattered ports (loss, RTT), over UDP the
 * handshake for a DNS cookie that all later asks carry, then seeds and strata in random order, then
 * what infer/ports still needs, round by round, with steady asks from open ports in between, until
 * the set is decided or the budget is spent. Silences that no rule makes are looked into after a
 * pause, and at another destination.
 *
 *	struct sweep *s = sweep_new(facts, &plan);
 *	drive_run(&drive, sweep_probe(s));
 *	ports_judge(sweep_table(s), &scope, &result);   // or later, from the facts
 */
#ifndef PROBE_SWEEP_H
#define PROBE_SWEEP_H

#include "base/portset.h"
#include "base/rng.h"
#include "infer/ports.h"
#include "probe/probe.h"

struct sweep_plan {
	struct addr server; /* with port */
	struct addr source; /* address to send from; port ignored */
	enum transport transport;
	const struct question *questions; /* asked in turn; at least one */
	size_t nquestions;
	struct shape shape;
	const struct name *zone;     /* that the server is asked for; NULL: unknown */
	const struct portset *ports; /* NULL: 1-65535 */
	bool every;		     /* ask each of them (--full, --ports) */
	uint32_t timeout;	     /* µs, longest */
	uint32_t spacing;	     /* µs between two tries of one port, at least */
	size_t window;		     /* asks in flight at most; 0: 64 */
	/* Other addresses of the same site, with port; the server itself over TCP comes last. */
	const struct addr *twins;
	size_t ntwins;
	struct rng rng;
};

struct sweep;

/* A sweep in the facts' arena; the plan is copied, what it points to is borrowed. */
struct sweep *sweep_new(struct arena *a, const struct sweep_plan *plan);
struct probe *sweep_probe(struct sweep *s);

/* Whom it asks, and one of the questions it asks. */
const struct addr *sweep_server(const struct sweep *s);
struct question sweep_question(const struct sweep *s);

/* How many asks such a sweep makes at least, of a server that answers. */
uint32_t sweep_least(const struct sweep_plan *plan);

/* What it knows so far; valid while the sweep lives. */
const struct ports_table *sweep_table(const struct sweep *s);
struct ports_scope sweep_scope(const struct sweep *s);
/* The server answered no port at all, and the sweep ended for that. */
bool sweep_unreachable(const struct sweep *s);

#endif
