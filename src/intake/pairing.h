/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Queries of a resolver and what came of each, out of what passes by in the order of time: packets
 * or events of dnstap. Every query is a sighting of its own, a retry as well.
 *
 *	struct pairing *p = pairing_new(arena, &(struct pairing_filter){ 0 });
 *	while (next(&raw))
 *		pairing_packet(p, &raw);
 *	pairing_end(p, 0, facts);		// facts->sightings
 *	if (pairing_report(p)->tally.evicted)
 *		...
 *	pairing_free(p);
 *
 * A reply belongs to the query that went to its sender with its id and its question, in any letter
 * case; packets must agree in both addresses and ports as well, events of dnstap need not (Unbound
 * 1.17 and 1.26 tell the wrong port of 30 in 63 responses). A reply without a question, as servers
 * send with FORMERR, and one whose question is cut off, go by the rest. Of several such queries the
 * latest one without a reply is it. Ends: ANSWERED: a reply within SIGHTING_PATIENCE; ICMP: an
 *error that quotes the query, and no reply; UNKNOWN: the capture ended before SIGHTING_PATIENCE was
 *over, or too many queries were waiting (then the oldest one goes, and is counted); SILENT: the
 *rest.
 *
 * TCP: a connection to port 53 is a sighting when its SYN is seen, and gets id and question by the
 * first segment with data, if that has the whole message behind its length (RFC 1035 4.2.2); each
 * such segment more is another sighting. Its rtt begins with the SYN. The reply is a segment from
 * the server that begins with a message with that id; messages that begin inside a segment are not
 * looked for. A SYN or a query that nothing follows is SILENT; one that the server refused, reset,
 * closed, or followed by what is not read, is UNKNOWN. Segments sent again are the same segment.
 *
 * A packet that shows up again within 5 ms (PAIRING_COPY) is the same packet, seen at another
 * interface. A reply that a capture has before its query is a stray.
 *
 * Whose queries: those to port 53 from the addresses of the filter. Without any, whose_resolver()
 * (intake/whose.h) finds one for each address family out of all that was seen. Stubs are left out
 * by that, those over loopback from the first: what goes to 127.0.0.0/8, ::1 or to an address of
 * its own sender is not looked at. dnstap says itself which queries are a resolver's own.
 */
#ifndef INTAKE_PAIRING_H
#define INTAKE_PAIRING_H

#include "facts/facts.h"
#include "intake/packet.h"

enum {
	PAIRING_COPY = 5000,		 /* µs; no resolver retries that fast */
	PAIRING_WAITING_MOST = 65536,	 /* queries that wait: 13,000 a second for 5 s */
	PAIRING_SIGHTINGS_MOST = 262144, /* some 120 MB with their names */
	PAIRING_RESOLVERS = 2,		 /* that are detected: one for each family */
};

/* Zeroed: packets, the resolver is detected, bounds as above. */
struct pairing_filter {
	const struct addr *resolvers; /* addresses that count as the resolver's own; ports are not
					 looked at; borrowed */
	size_t nresolvers;	      /* 0: to be detected */
	enum sighting_source source;  /* SIGHT_CAPTURE or SIGHT_DNSTAP */
	uint32_t waiting_most, sightings_most; /* 0: the bounds above */
	uint64_t packets_most;		       /* of a file; 0: no bound */
};

/* What was met, for those who want to know why so little came out. */
struct pairing_tally {
	uint64_t kinds[PACKET_KINDS]; /* packets by enum packet_kind */
	uint64_t queries;	      /* sightings, before others' are left out */
	uint64_t replies;	      /* that belong to a query */
	uint64_t strays;	      /* replies and ICMP errors about none */
	uint64_t copies;	      /* packets seen again */
	uint64_t evicted;	      /* queries given up as UNKNOWN for want of room */
	uint64_t over;		      /* queries beyond the bound of sightings: lost */
	uint64_t foreign;	      /* sightings left out at the end: not the resolver's */
	uint64_t unread;	      /* frames of dnstap that do not follow their grammar */
	uint64_t others;	      /* dnstap messages that are not a resolver's own */
};

struct pairing_report {
	struct pairing_tally tally;
	struct addr resolvers[PAIRING_RESOLVERS]; /* detected, by pairing_end() */
	size_t nresolvers;
	const char *identity, *version; /* as dnstap says it: host, software; NULL: not told */
	const char *why; /* a file could not be read, or not to its end: why; NULL: it could */
};

struct pairing;

/* Its sightings belong to the arena, the filter is borrowed. Ends with pairing_free(). */
struct pairing *pairing_new(struct arena *a, const struct pairing_filter *f);
/* Takes NULL. */
void pairing_free(struct pairing *p);

/* Feeds one packet, whatever it is. */
void pairing_packet(struct pairing *p, const struct packet_raw *raw);

/* A query or a reply on its own, as dnstap tells it. */
struct pairing_event {
	bool reply;
	uint8_t transport;	  /* enum transport */
	struct addr from, server; /* of the query; from.family may be ADDR_NONE */
	uint64_t at;		  /* µs since 1970 of the query, or of the reply */
	struct span message;
};
void pairing_event(struct pairing *p, const struct pairing_event *e);

/* Queries seen so far, those of others among them when the resolver is yet to be detected. */
size_t pairing_count(const struct pairing *p);

/*
 * No more comes: the capture ended at the given time (µs since 1970; 0: with its last packet).
 * Appends the resolver's sightings to the facts by time. Only pairing_report() may follow.
 */
void pairing_end(struct pairing *p, uint64_t at, struct facts *f);

/* The tally so far, and who was detected; belongs to the pairing. Readers of files fill the rest.
 */
struct pairing_report *pairing_report(struct pairing *p);

#endif
