/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inner side of infer/ports: how deep a silence has to be before it counts, and what follows. */
#ifndef INFER_PORTS_DEPTH_H
#define INFER_PORTS_DEPTH_H

#include "infer/ports.h"

/* Asked at least once, with a settled silence or a reply. */
bool ports_tested(const struct ports_table *t, uint16_t port);

bool ports_is_seed(uint16_t port);

/* Silences that a port at a found boundary needs: family-wise error 1e-6 over the whole sweep. */
unsigned int ports_depth_edge(const struct ports_table *t, const struct ports_scope *scope);

/* The silences of a port are deep enough that loss made them with this chance at most. */
bool ports_deep(const struct port_tally *p, double error);

/* Enough silences on enough ports, and no reply, to say that no port answers. */
bool ports_tried_all(const struct ports_table *t);

/* Surely over one half is lost: no number of tries within reason tells a filter from the path. */
bool ports_too_lossy(const struct ports_table *t);

/*
 * An open port beside a blocked one was asked enough: it answers whenever loss lets it, or surely
 * not.
 */
bool ports_settled(const struct ports_table *t, uint16_t port);

/* More than one open port at a boundary may be a policer's: a sweep cut short is no proof then. */
bool ports_uneasy(const struct ports_table *t, const struct ports_scope *scope);

/*
 * Fills in the table's `again` from moments in the order of time. µs: silences before that time
 * are void, since ports that they spoke of answer now; 0: none.
 */
uint64_t ports_again_tally(struct ports_log *l);

/* The silent ports form no set of ranges that a rule would have. */
bool ports_scattered(const struct ports_table *t, const struct ports_scope *scope);

/* So many silent runs among drawn ports that a sweep which is not complete names no ranges. */
bool ports_loose(const struct ports_table *t, const struct ports_scope *scope);

/* Fills in what a hash over flows looks like; *ret_set the set when it has an order. */
void ports_flows_judge(const struct ports_table *t, const struct ports_scope *scope,
	struct ports_flows *ret, struct portset *ret_set);

/* Where the ports of a policer lie, from the silent and mixed ones and their neighbours. */
void ports_policed(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret);

/* Tallies the asks to other destinations from the subject's ports. */
void ports_twin_tally(
	struct ports_table *t, const struct facts *f, const struct ports_subject *subject);

#endif
