/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of query shapes: each row is one way to put a question to an authoritative server, how
 * it differs from the plainest one, and what a conforming server does (RFC 8906). probe/shapes
 * sends them, infer/matrix reads what came of them. To add a shape is to add a row.
 *
 * Rows of ISC's genreport (DNS-Compliance-Testing, version of 2022) have its names and send what it
 * sends, so that results can be compared line by line. Left out of it are its rows "dnswkk" (a
 * signature with a key that everybody knows) and "icmp" (no DNS).
 */
#ifndef INFER_SHAPES_H
#define INFER_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/query.h"
#include "facts/facts.h"

/* genreport's groups, and ours. */
enum shape_group { SHAPE_EDNS, SHAPE_FULL, SHAPE_COMM, SHAPE_TYPE, SHAPE_OURS, SHAPE_GROUPS };

/* Whose name is asked for. */
enum shape_about {
	ABOUT_APEX,	/* of the zone */
	ABOUT_NAME,	/* the one that was given */
	ABOUT_MIXED,	/* that, in letters of both cases */
	ABOUT_MISSING,	/* one below the apex that does not exist */
	ABOUT_ABOVE,	/* each one between the apex and that name, as RFC 9156 asks for */
	ABOUT_HOSTNAME, /* "hostname.bind" */
	ABOUT_ID,	/* "id.server" (RFC 4892) */
};

/* What besides shape and question is special about how it is sent. */
enum shape_way {
	WAY_ONCE,
	WAY_COOKIE,    /* the cookie that the server gave to "ednscookie" goes back to it */
	WAY_STREAM,    /* several in one TCP connection */
	WAY_SPLIT,     /* the TCP stream is cut inside the message */
	WAY_PAIR,      /* two at once, A and AAAA, from one port */
	WAY_TWO_PORTS, /* two at once from two ports */
	WAY_NODES,     /* several, each from another port: does the same server answer? */
	WAY_NEW_PORTS, /* many, each from a port not used before (infer/newports.h) */
	WAY_USED_PORT, /* each beside one of those, from a port that is in use */
};

struct shape_row {
	const char *slug;     /* "edns1": in facts, JSON and reports */
	const char *differs;  /* a few words: "EDNS version 1" */
	const char *conforms; /* "BADVERS, with EDNS version 0" */
	const char *source;   /* "RFC 6891 6.1.3" */
	struct shape shape;
	uint16_t type;	 /* 0: the question's */
	uint16_t class;	 /* 0: IN */
	uint16_t rcodes; /* bits of the RCODEs that are right; 0: the one that genreport wants */
	uint8_t group;	 /* enum shape_group */
	uint8_t about;	 /* enum shape_about */
	uint8_t way;	 /* enum shape_way */
	uint8_t transport;
	uint8_t df;	/* enum ask_df */
	bool on_demand; /* only with --all */
	bool odd; /* no resolver sends it: a few silences will do, and controls are not asked */
};

extern const struct shape_row shape_table[];
extern const size_t shape_count;

/* NULL: there is no such row. */
const struct shape_row *shape_find_row(const char *slug);

/* The option COOKIE of the rows: its client's half (RFC 7873 4.1). */
enum { SHAPE_COOKIE = 8 };
extern const uint8_t shape_cookie[SHAPE_COOKIE];

/*
 * How many silences in a row make a shape dropped, when of sent asks that were answered some time
 * lost were not at once: a false one in a million runs in which so many other rows are judged, too.
 * 4 to 14.
 */
unsigned int shape_silences(uint64_t lost, uint64_t sent, size_t rows);

#endif
