/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The method of a diagnosis as one probe of probes: the user's question to the user's resolver and
 * the walk from the root side by side; then a sweep of every server of the last zone; then, for
 * what is blocked, the controls, and a trace of the path; then, if the resolver failed, questions
 * to it that tell why.
 */
#ifndef PROBE_DIAGNOSE_H
#define PROBE_DIAGNOSE_H

#include "probe/consult.h"
#include "probe/place.h"
#include "probe/probe.h"
#include "probe/stock.h"
#include "probe/sweep.h"
#include "probe/walk.h"

enum { DIAGNOSE_TARGETS = 32 }; /* servers swept in one run, at most */

struct diagnose_plan {
	struct question question; /* what the user's lookup is; name NULL: only sweeps */
	/* To be asked as the user's resolver, and for names of routers; may be none. */
	const struct addr *resolvers;
	size_t nresolvers;
	const struct consult_other *others; /* other resolvers, asked the same; may be none */
	size_t nothers;
	const struct addr *sources; /* all addresses of this host, without ports; may be none */
	size_t nsources;
	struct walk_plan walk;	    /* its question is ignored */
	struct probe *chain;	    /* validates the answer beside the walk; NULL: nobody does */
	const struct addr *targets; /* servers to sweep; none: the last zone's */
	size_t ntargets;
	const struct place_control *controls; /* given ones; none: servers met on the walk */
	size_t ncontrols;
	struct sweep_plan sweep; /* server, questions, zone are filled in for each target */
	bool no_place;		 /* neither controls nor traces */
	bool trace;		 /* trace servers of which nothing is blocked, too */
	const struct portset *trace_ports; /* then from one of these, if it is open; NULL: any */
	const struct addr *forwards;	   /* upstreams of the resolver, swept as well */
	size_t nforwards;
	bool no_sweep;
	bool shapes; /* asks the last zone's servers in query shapes, too */
	/*
	 * Lookups by which the resolver is made to send, so that its packets can be seen: beside
	 * the sweeps, of names in the last zone and of zones on the way. 0: none.
	 */
	size_t samples;
	struct stock *stock; /* what other diagnoses know of servers, and get to know; NULL: none */
	struct rng rng;
};

struct diagnose;

struct diagnose *diagnose_new(struct arena *a, struct facts *f, const struct diagnose_plan *plan);
struct probe *diagnose_probe(struct diagnose *d);

#endif
