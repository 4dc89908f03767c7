/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replies in the layout of BIND's dig 9.18, so that people and scripts read them at once, and one
 * line more: what the reply means.
 *
 *	dig_event(&view, o, out);        // each observation of the lookup but the last
 *	dig_reply(&view, last, out);     // the reply
 */
#ifndef RENDER_DIG_H
#define RENDER_DIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "dns/msg.h"
#include "facts/facts.h"

/* What is shown and how; one bool for each of dig's display options. */
struct dig_show {
	bool comments, question, answer, authority, additional, stats, query;
	bool identify, multiline, ttl, class, meaning;
	bool brief; /* +short */
	bool trace; /* +short inside a trace names the type and the server */
	bool tries; /* cut off "no servers could be reached": another step follows */
};

/* One lookup as it is shown. */
struct dig_view {
	const struct dig_show *show;
	const char *banner;	   /* printed once before the reply; "" for none */
	const char *server;	   /* as the user wrote it; NULL: the address */
	const char *when;	   /* the WHEN line's time */
	const struct facts *facts; /* all observations of this lookup, in order */
	size_t first;		   /* index of its first */
	const struct name *zone;   /* that the server was asked for; NULL: unknown */
};

/* The lines about an observation that is not the end: failures, strays, retries. */
void dig_event(const struct dig_view *v, const struct observation *o, struct buf *out);

/* "Sending:" and the query as it went out. */
void dig_query(const struct dig_view *v, const struct observation *o, struct buf *out);

/* The banner and the reply, with the meaning and the statistics. */
void dig_reply(const struct dig_view *v, const struct observation *o, struct buf *out);

/* The end of a lookup without a reply. o: its last observation, NULL when nothing was asked. */
void dig_no_reply(const struct dig_view *v, const struct observation *o, struct buf *out);

/* The text behind ";; MEANING: ", one line without its newline. o as in the calls above. */
void dig_meaning(const struct dig_view *v, const struct observation *o, struct buf *out);

/* A record as dig lays it out, with newline; brief: its rdata only. */
void dig_rr(const struct dig_show *show, const struct msg *m, const struct rr *rr, struct buf *out);

/* A question line, with newline. */
void dig_question(const struct dig_show *show, const struct question *q, struct buf *out);

/* The OPT pseudo-section; cookie: the client's eight octets, p NULL when none was sent. */
void dig_edns(const struct msg *m, struct span cookie, struct buf *out);

/* "1 hour 30 minutes". */
void dig_duration(uint32_t seconds, struct buf *out);

#endif
