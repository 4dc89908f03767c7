/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One lookup as a stub or dig makes it: servers in turn, tries, TCP after truncation, BADCOOKIE
 * once more with the server's cookie. The result is in the facts (ROLE_LOOKUP or another role).
 */
#ifndef PROBE_LOOKUP_H
#define PROBE_LOOKUP_H

#include "probe/probe.h"

/* Who takes the messages of a zone transfer over TCP (probe_ops.part). */
struct lookup_parts {
	void (*take)(void *user, const struct observation *o, const struct msg *m);
	void *user;
};

struct lookup_plan {
	struct question question;
	struct shape shape;
	const struct addr *servers; /* with ports, in the order in which they are tried */
	size_t nservers;
	struct addr source; /* port 0: ephemeral */
	enum transport transport;
	const struct ask_secure *secure; /* of TLS and HTTP; NULL: defaults */
	enum role role;
	bool ignore_tc;	       /* no TCP after TC=1 */
	bool keep_version;     /* no other EDNS version after BADVERS */
	bool keep_badcookie;   /* BADCOOKIE is a reply like others */
	bool next_on_servfail; /* SERVFAIL: the next server, if there is one */
	bool id_given;	       /* id is the message's */
	uint16_t id;
	bool transfer;			  /* AXFR or IXFR, as in struct ask */
	const struct lookup_parts *parts; /* of a transfer; after the first no other is tried */
	uint8_t stream;			  /* as in struct ask */
	const struct name *zone;	  /* that the servers are asked for; NULL: unknown */
	unsigned int tries;		  /* per server, at least 1 */
	uint32_t timeout;		  /* µs a try */
};

struct lookup;

struct lookup *lookup_new(struct arena *a, const struct lookup_plan *plan);
struct probe *lookup_probe(struct lookup *l);

/*
 * The observation that ended it (the reply, or the last failure); NULL before the end. A late
 * reply counts, and so does a stray one that differs from the question in letter case only.
 */
const struct observation *lookup_last(const struct lookup *l);

#endif
