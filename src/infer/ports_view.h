/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inner side of infer/ports: the tested ports of a scope in a row, how each stands to its
 *neighbours, and how deep its silence has to be there.
 *
 *	struct view v = view_new(table, scope);
 *	for (size_t i = 0; i < v.points->n; i++)
 *		use(view_confirmed(&v, i));
 *	free(v.points);
 *
 * A silent port at a found boundary is held to a family-wise error of 1e-6. One inside a run of
 * silent ports needs less: it would have to be a hole of its own that a boundary search cannot
 * show, and the seeds are where real rules have their holes. One beside an open port at a distance
 * is only looked at closely enough to choose the next midpoint: if that was wrong, the port at the
 * boundary so found answers when it is held to the full depth, and the search goes on from there.
 */
#ifndef INFER_PORTS_VIEW_H
#define INFER_PORTS_VIEW_H

#include "infer/ports_depth.h"

/*
 * Silent tested ports in a row vouch for each other: the more there are, the less a single one of
 * them has to show, because a hole that just this one would reveal is the less likely.
 */
enum run_class { RUN_SHORT, RUN_LONG, RUN_HUGE, RUN_CLASSES };

/* One tested port. */
struct point {
	uint16_t port;
	bool open;
	const struct port_tally *tally;
	uint16_t run; /* silent: tested ports in its silent run */
};

struct points {
	struct point v[65536];
	size_t n;
};

/* The chance that loss may have in silencing a port, by where it stands. */
struct depths {
	double edge, midpoint;
	double inside[RUN_CLASSES]; /* by the silent run it is in: any port… */
	double hole[RUN_CLASSES];   /* … and one where rules have holes */
};

struct view {
	const struct ports_table *t;
	const struct ports_scope *scope;
	struct depths depths;
	struct points *points;
};

/* How a silent point stands to its tested neighbours. */
struct stand {
	bool open_left, open_right;	     /* the neighbour answered */
	bool end;			     /* it has no neighbour on one side: the scope ends */
	int32_t between_left, between_right; /* what can be asked in between; -1: nothing */
};

/* points: the caller's to free. */
struct view view_new(const struct ports_table *t, const struct ports_scope *scope);

bool view_can_ask(const struct view *v, uint32_t port);

/* The port between two tested ones that is nearest to their middle and can be asked; -1: none. */
int32_t view_midpoint(const struct view *v, uint16_t lo, uint16_t hi);

struct stand view_stand(const struct view *v, size_t i);
enum run_class view_class(const struct view *v, const struct point *p);

/* Looked at closely enough for the next step, not for a verdict. */
bool view_seems_blocked(const struct view *v, const struct point *p);

/* Silent as often as its place demands. */
bool view_deep(const struct view *v, size_t i, const struct stand *s);

/* Deep enough to be called blocked: at a boundary still to be found only the full depth will do. */
bool view_confirmed(const struct view *v, size_t i);

/*
 * From confirmed point to confirmed point, as long as nothing in between answered: what was asked
 * there too seldom is inferred like what was not asked at all.
 */
void view_blocked(const struct view *v, struct portset *ret);

#endif
