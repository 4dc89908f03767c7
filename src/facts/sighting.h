/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A query of a resolver that somebody saw on its way: in a capture, in a dnstap stream, among the
 * sockets of this host, or where it arrived (the beacon). We sent none of these.
 */
#ifndef FACTS_SIGHTING_H
#define FACTS_SIGHTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "dns/msg.h"

enum sighting_source {
	SIGHT_CAPTURE, /* packets at the resolver's own host: pcap file or interface */
	SIGHT_DNSTAP,  /* RESOLVER_QUERY messages */
	SIGHT_SOCKET,  /* an open socket in /proc/net: port only */
	SIGHT_BEACON,  /* as it arrived at our authoritative server, behind any NAT */
	SIGHTS
};

enum sighting_end {
	SIGHT_UNKNOWN,	/* the source does not tell, or it ended too early */
	SIGHT_ANSWERED, /* a reply that matches, whatever it says */
	SIGHT_SILENT,	/* none within SIGHTING_PATIENCE */
	SIGHT_ICMP,	/* an ICMP error about it came back */
	SIGHT_ENDS
};

/* µs that a reply is waited for: longer than any resolver's time-out of a try. */
#define SIGHTING_PATIENCE 5000000ULL

struct sighting {
	uint8_t source;	    /* enum sighting_source */
	uint8_t end;	    /* enum sighting_end */
	uint8_t transport;  /* enum transport of facts.h */
	struct addr from;   /* the resolver's side, port included; address ADDR_NONE: not told */
	struct addr server; /* whom it asked; ADDR_NONE: not told */
	uint64_t at;	    /* µs since 1970, UTC */
	uint32_t rtt;	    /* µs until the reply; 0: none */
	uint16_t id;	    /* of the message; sockets have none */
	uint16_t rcode;	    /* of the reply (12 bits with EDNS) */
	/* name NULL: not told (sockets). Case as on the wire. */
	struct question question;
	bool edns;	    /* the query had an OPT record */
	uint16_t edns_size; /* its UDP payload size */
	uint16_t flags;	    /* of the query's header, as on the wire (RFC 1035 4.1.1) */
	uint32_t batch;	    /* beacon: the lookup that this is a step of, from 1; else 0 */
};

const char *sighting_source_slug(enum sighting_source s);
const char *sighting_end_slug(enum sighting_end e);
int sighting_source_parse(const char *slug, enum sighting_source *ret);
int sighting_end_parse(const char *slug, enum sighting_end *ret);

#endif
