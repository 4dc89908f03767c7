/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replies in the layout of BIND's dig 9.18, so that people and scripts read them at once, and one
 * line more: what the reply means.
 *
 *	dig_event(&view, o, out);        // each observation of the lookup
 *	dig_reply(&view, last, out);     // the reply, or
 *	dig_no_reply(&view, last, out);
 */
#ifndef RENDER_DIG_H
#define RENDER_DIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "check/lookups.h"
#include "dns/msg.h"
#include "facts/facts.h"

enum { DIG_SPLIT = UINT16_MAX }; /* pieces of dig's own size */

/* What is shown and how: one bool for each of dig's display options. */
struct dig_show {
	bool comments, question, answer, authority, additional, stats, query;
	bool identify, multiline, ttl, class, meaning;
	bool crypto, expandaaaa, unknownformat, ttlunits, onesoa, usec;
	bool yaml, json;
	bool badcookie, badvers, truncated; /* replies after which another query follows */
	int8_t rrcomments;		    /* 1 on, -1 off, 0: with multiline only */
	uint16_t split;	  /* letters of a piece of hexadecimal or base64; 0: all; DIG_SPLIT */
	bool brief;	  /* +short: the data of answers only */
	bool dns64prefix; /* of the answer only what it says of DNS64 */
	bool trace;	  /* +short in a trace names type and server */
	/* Turns the text of a name, NAME_TEXT octets, into what is shown; NULL: it is shown as it
	 * is. */
	void (*localize)(char *text);
};

/* One lookup as it is shown. */
struct dig_view {
	const struct dig_show *show;
	const char *server;	   /* as the user wrote it; NULL: the address */
	const char *when;	   /* the time in the WHEN line */
	int64_t epoch;		   /* µs from the observations' clock to that since 1970 */
	const struct facts *facts; /* all observations of this lookup, in order */
	size_t first;		   /* index of its first */
	const struct lookups
		*others; /* for JSON: what other vantage points say; NULL: none were asked */
};

/* "Sending:" and the query of o as it went out. */
void dig_query(const struct dig_view *v, const struct observation *o, struct buf *out);

/* The lines about an observation, the last one too: failures, strays, retries, warnings. */
void dig_event(const struct dig_view *v, const struct observation *o, struct buf *out);

/* The reply, with its meaning and the statistics. */
void dig_reply(const struct dig_view *v, const struct observation *o, struct buf *out);

/* A zone transfer as it is shown, message by message; soas: 0 at first. */
struct dig_records {
	const struct dig_view *view;
	struct buf *out;
	size_t soas;
};
void dig_part(struct dig_records *r, const struct observation *o, const struct msg *m);

/*
 * The end of a zone transfer: how large it is, or that it failed and why. shown: its messages were
 * written as parts; otherwise the one that there is comes first.
 */
void dig_transfer(
	const struct dig_view *v, const struct observation *o, bool shown, struct buf *out);

/* What is wrong with the signature of a reply: before the page, and in its statistics. */
void dig_signature(const struct observation *o, struct buf *out);
void dig_signature_warning(const struct observation *o, struct buf *out);

/* The lines from the time that it took to the time of day. */
void dig_statistics(const struct dig_view *v, const struct observation *o, struct buf *out);
/* A reply that is not the last one, and one of those that are to be shown all the same. */
bool dig_wanted(const struct dig_show *show, const struct observation *o);

/* The end of a lookup without a reply; o is its last observation. */
void dig_no_reply(const struct dig_view *v, const struct observation *o, struct buf *out);

/* What the end of a lookup means: the text behind ";; MEANING: ", without a newline. */
void dig_meaning(const struct dig_view *v, const struct observation *o, struct buf *out);

/* In JSON, that no server has an address that may be asked. */
void dig_json_nobody(const struct dig_view *v, struct buf *out);

/* Of one vantage point what came of it: "SERVFAIL, 0 answers"; of all what that decides. */
const char *dig_vantage_said(struct arena *a, const struct lookups_said *s);
const char *dig_vantages_verdict(struct arena *a, const struct lookups *all);

/* A line a vantage point, then what follows from them, as comments. */
void dig_vantages(const struct lookups *all, struct buf *out);
/* The same as members "vantages" and "compared" of the object that is open. */
struct json;
void dig_vantages_json(struct json *j, const struct lookups *all);

/* The data of a record, long fields in pieces, without newline. */
void dig_rdata(
	const struct dig_show *show, const struct msg *m, const struct rr *rr, struct buf *out);

/* A record as dig lays it out, with newline. */
void dig_rr(const struct dig_show *show, const struct msg *m, const struct rr *rr, struct buf *out);

/* A question line, with newline. */
void dig_question(const struct dig_show *show, const struct question *q, struct buf *out);

/* The OPT pseudo-section. cookie: the one that was sent, for its check; p NULL: no check. */
void dig_edns(const struct msg *m, struct span cookie, struct buf *out);

/* "1 hour 30 minutes"; "1h30m". */
void dig_duration(uint32_t seconds, struct buf *out);
void dig_duration_short(uint32_t seconds, struct buf *out);

/* The class and type of a record or question: by name, or as RFC 3597 numbers under +unknownformat.
 */
const char *dig_class(const struct dig_show *show, uint16_t class, char *buf);
const char *dig_type(const struct dig_show *show, uint16_t type, char *buf);

/* A name in buf of NAME_TEXT octets as it is to be shown, with its final dot; returns buf. */
const char *dig_name_text(const struct dig_show *show, const struct name *n, char *buf);

/* A name without its final dot, as people write it; the root stays ".". */
void dig_name(const struct name *n, struct buf *out);

#endif
