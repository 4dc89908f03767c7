/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the pictures of a report show: the second part of the typed document, made from it when a
 * renderer draws. All words and all judgements are here; who draws only lays out.
 *
 *	const struct pictures *p = pictures_make(arena, report);
 *	vec_each (const struct picture_strip, s, p->strips)
 *		draw(s);
 *
 * What a run has no data for is empty or NULL.
 */
#ifndef RENDER_PICTURE_H
#define RENDER_PICTURE_H

#include "render/report.h"

/* A stop on the way from this host to the data, and whether the fault is there. */
struct picture_stop {
	const char *name, *about;
	bool here;
};

enum picture_state { STATE_OPEN, STATE_BLOCKED, STATE_MIXED, STATE_UNTESTED, STATES };

/* Neighbouring ports that are alike. */
struct picture_run {
	uint8_t state; /* enum picture_state */
	uint16_t lo, hi;
};
struct picture_runs VEC(struct picture_run);

/* A port that people know. */
struct picture_port {
	uint16_t port;
	const char *label; /* "53 domain" */
	const char *about; /* "port 53 (domain): none found blocked" */
};

/* All ports, or some of them larger. */
struct picture_window {
	uint32_t first, last;
	const char *caption;		       /* "ports 0-1023" */
	const char *desc;		       /* what is to be seen in it, in words */
	struct picture_runs runs;	       /* all ports, in order */
	struct VEC(struct picture_port) ports; /* ascending */
};

/* Servers whose ports look the same. */
struct picture_strip {
	const char *title;	  /* "8 servers: …" */
	struct VEC_texts servers; /* each */
	const char *summary;	  /* "blocked: 1-52,54-1023" */
	enum report_mark mark;
	struct VEC(struct picture_window) windows; /* the first has all ports */
};

/* A line of the table of sweeps. */
struct picture_sweep {
	const char *server, *loss, *sent, *received, *unseen, *blocked;
	enum report_mark mark;
};

/* One flow at one hop. */
struct picture_flow {
	enum report_mark mark; /* MARK_NONE: not asked; MARK_DOUBT: nothing heard, of either flow */
	const char *says;      /* "3 of 3 replies, 0.4 ms" */
};

struct picture_hop {
	unsigned int ttl;
	const char *name, *addr; /* each may be NULL */
	const char *title;	 /* in a line: "hop 3 (r3.example., 192.0.2.1)" */
	struct picture_flow open, blocked;
	bool gap; /* the blocked flow is lost between the hop before and this one */
};

struct picture_path {
	const char *title;	    /* "The path to 203.0.113.11" */
	const char *open, *blocked; /* "port 1024"; blocked NULL: one flow only */
	const char *desc;
	struct VEC(struct picture_hop) hops;
	struct VEC_texts lines; /* what it comes to */
};

/* One light: how a shape fared at servers that all fared so. */
struct picture_light {
	enum report_mark mark; /* MARK_NONE: not asked */
	const char *says;
};

struct picture_shape {
	const char *slug, *differs, *conforms;
	struct VEC(struct picture_light) lights; /* by column */
	enum report_mark mark;			 /* the worst of them */
};

struct picture_group {
	const char *name;
	struct VEC(struct picture_shape) shapes;
};

struct picture_column {
	const char *letter;	  /* "A" */
	struct VEC_texts servers; /* that fared alike */
	const char *says;
};

struct picture_matrix {
	struct VEC(struct picture_column) columns;
	struct VEC(struct picture_group) groups;
	size_t left; /* columns that are not shown */
};

/* Something that took time. */
struct picture_bar {
	double from, to; /* s since the beginning of the picture */
	const char *label;
	const char *says; /* "2.0 s: SERVFAIL" */
	enum report_mark mark;
};

struct picture_time {
	const char *title;
	const char *note; /* how to read it */
	const char *desc;
	double total; /* s */
	struct VEC(struct picture_bar) bars;
	size_t left; /* bars that are not shown */
};

/* The resolver's ports over what is blocked. */
struct picture_pool {
	const char *title; /* "towards 203.0.113.11" */
	const char *summary;
	const char *desc;
	enum report_mark mark;
	uint32_t first, last;	     /* the part of all ports that is shown */
	struct picture_runs pool;    /* STATE_OPEN: drawn from; STATE_BLOCKED: and dropped */
	struct picture_runs blocked; /* what the filter drops */
};

/* Lookups that fail by the share of the pool that is blocked. */
struct picture_point {
	double share, fail;
};

struct picture_curve {
	const char *title, *note, *desc;
	struct VEC(struct picture_point) points; /* ascending by share */
	struct picture_point here;
	const char *says; /* of here */
};

struct pictures {
	struct VEC(struct picture_stop) stops; /* empty: no place is told */
	struct VEC(struct picture_strip) strips;
	size_t strips_left;
	struct VEC(struct picture_sweep) sweeps;
	struct VEC_texts sweep_notes;
	struct VEC(struct picture_path) paths;
	const struct picture_matrix *matrix; /* NULL: no shape was asked */
	struct VEC(struct picture_time) times;
	struct VEC(struct picture_pool) pools;
	const struct picture_curve *curve; /* NULL: nothing is predicted */
};

/* Belongs to the arena. */
const struct pictures *pictures_make(struct arena *a, const struct report *r);

/* What it is made of, a file each. */
struct drawing {
	struct arena *a;
	const struct report *r;
	struct pictures *p;
};
void picture_ports(struct drawing *d);
void picture_path(struct drawing *d);
void picture_shapes(struct drawing *d);
void picture_time(struct drawing *d);
void picture_pool(struct drawing *d);

/* Appends the runs of a set that lie in first .. last, in one state. */
struct picture_part {
	uint32_t first, last;
	enum picture_state state;
};
void picture_runs_of(struct arena *a, const struct portset *s, struct picture_part part,
	struct picture_runs *to);

/* The smallest aligned power of two, 64 to 16,384 ports, that holds lo and hi; n 0: none. */
struct picture_near {
	uint32_t first, n;
};
struct picture_near picture_near(uint32_t lo, uint32_t hi);

#endif
