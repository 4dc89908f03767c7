/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a server made of each query shape of the table (infer/shapes.h): a matrix of servers and
 * shapes, read from the facts that probe/shapes brought.
 *
 *	struct matrices all = matrix_collect(arena, facts);
 *	const struct matrix_cell *c = matrix_cell(&all.v[0], "edns1");
 *	if (c && c->state == CELL_DROPPED)
 *		... so often silent that it is no loss ...
 */
#ifndef INFER_MATRIX_H
#define INFER_MATRIX_H

#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"
#include "infer/newports.h"
#include "infer/shapes.h"
#include "infer/voids.h"

enum cell_state {
	CELL_REPLIED,
	CELL_DROPPED, /* silent, more often than the loss of the path explains */
	CELL_BROKEN,  /* the connection was refused, reset, or closed before the reply */
	CELL_UNTOLD,  /* silent, but not often enough; or it could not be sent */
};

struct matrix_cell {
	const struct shape_row *row;
	const struct name *name; /* asked for */
	uint16_t type;
	uint32_t sent, replies, silences;
	uint64_t from, to;		 /* µs: when the first silent ask left, and the last */
	uint32_t broken;		 /* of TCP, and ICMP errors */
	uint8_t state;			 /* enum cell_state */
	const struct observation *seen;	 /* the first reply; without one the last observation */
	const struct observation *other; /* a reply that comes to other words; NULL: none does */
	size_t index;			 /* of seen in the facts */
	/*
	 * genreport's words for it, joined by commas: "ok", "noopt,nosoa", "timeout". What a
	 * conforming server may say as well stands behind "ok": "ok,nsid".
	 */
	const char *words;
	bool good; /* "ok" is among them */
};

/* A node that answers at the server's address. */
struct matrix_node {
	struct span id;	 /* its NSID; empty: it gives none */
	uint32_t serial; /* of the SOA record it gave */
	uint16_t rcode;
	bool has_serial;
	uint32_t count;
	size_t index; /* of one reply in the facts */
};

/* Asks that went out two at once. */
struct matrix_pairs {
	uint32_t asked; /* pairs of which both were sent */
	uint32_t one;	/* of these, one was answered and the other not */
	size_t index;	/* of an ask that was lost beside an answered one */
};

/* Connections that several queries went out over, one behind the other. */
struct matrix_streams {
	uint32_t whole; /* all of them were answered */
	uint32_t part;	/* some were, which is no loss of packets: TCP makes up for that */
};

/* Datagrams that were no replies to what was asked, by reason. */
struct matrix_strays {
	uint32_t n[WHYS];
	size_t index[WHYS]; /* of the first */
	uint32_t late;
	size_t late_index;
	uint32_t mangled; /* of WHY_STRAY_QUESTION: the name in other letter case */
	size_t mangled_index;
	struct addr sender; /* of the first from another address */
};

struct matrix {
	struct addr server;
	bool control;			      /* of another operator, to compare with */
	const struct name *zone;	      /* NULL: no reply told */
	const struct name *lent_to;	      /* zone of who borrowed it; NULL: it is his own */
	const struct name *name;	      /* that was to be asked for */
	struct VEC(struct matrix_cell) cells; /* in the table's order */
	struct VEC(struct matrix_node) nodes;
	struct matrix_pairs one_port, two_ports;
	struct matrix_streams streams;
	struct matrix_strays strays;
	struct newports *newports; /* NULL: not asked */
	uint64_t udp, silent;	   /* all asks over UDP, and how many of them got nothing */
	bool tcp;		   /* something came over TCP */
	bool unsteady; /* the plain question is answered with one RCODE, and with another */
	uint64_t answerable, lost; /* asks of shapes that are answered, and how many were lost */
	struct voids voids;	   /* what of it is left out in all the rest */
	uint64_t voided;	   /* asks */
};

struct matrices VEC(struct matrix);

/* In the order in which servers were first asked; everything belongs to the arena. */
struct matrices matrix_collect(struct arena *a, const struct facts *f);

/* The first cell of that row; NULL: it was not asked. */
const struct matrix_cell *matrix_cell(const struct matrix *m, const char *slug);

/* Whom what is found concerns: the zone, or the name that was asked for. */
const struct name *matrix_subject(const struct matrix *m);

/* The words for an observation of that row, zone: of the server, NULL: unknown. */
const char *matrix_words(struct arena *a, const struct shape_row *row, const struct observation *o,
	const struct name *zone);

#endif
