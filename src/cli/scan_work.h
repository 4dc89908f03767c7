/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One name or server of a scan that takes many queries: a run of its own, and how it begins. */
#ifndef CLI_SCAN_WORK_H
#define CLI_SCAN_WORK_H

#include "cli/passes.h"
#include "cli/run.h"
#include "intake/names.h"
#include "intake/optout.h"
#include "probe/hosts.h"
#include "probe/stock.h"

struct scan_work {
	struct run run;
	struct passes passes;	     /* probe NULL: none */
	struct hosts *hosts;	     /* NULL: the server is given by address */
	struct stock_lend lend;	     /* of a server's shapes */
	const struct optout *optout; /* NULL: everybody may be asked */
	bool one;		     /* address of a server by name, drawn at random, is enough */
	const char *subject;	     /* the server as it was given; NULL: a name is looked at */
	const char *cannot, *why;    /* as in struct record */
	uint64_t began;		     /* µs */
};

struct scan_probe {
	const char *slug;
	/* NULL: single look-ups. */
	struct probe *(*begin)(struct scan_work *w, const struct names_item *item);
	uint16_t type; /* asked for whatever the list says; 0: the list's */
	bool servers;  /* the list is one of servers */
	bool resolver; /* the user's resolver is a part of the question */
};

/* Its index of that probe. */
enum { SCAN_PORTS = 4 };

/* Of --probe; ended by one without slug. */
extern const struct scan_probe scan_probe_table[];

/* The server as records name it: by name, or as ADDR or ADDR#PORT. buf: NAME_TEXT bytes. */
const char *scan_work_subject(const struct names_item *item, char *buf);

#endif
