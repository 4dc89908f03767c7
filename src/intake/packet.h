/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One captured packet, from its link layer to what it carries of the DNS: a datagram, a segment, or
 * an ICMP error with the packet that it quotes. All bytes are hostile; nothing is read beyond them.
 *
 *	struct packet p;
 *	if (packet_read(&raw, &p) == PACKET_UDP && p.to.port == 53)
 *		use(p.payload);
 *
 * Not done: fragments are not put together (the first one is used, cut), segments of a stream
 * neither; tunnels, MPLS and PPP are not looked into; checksums are not summed up, because captures
 * show packets of their own host before the network card does that.
 */
#ifndef INTAKE_PACKET_H
#define INTAKE_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/span.h"

/* Link types as pcap_datalink(3) returns them on Linux (pcap-linktype(7)). */
enum packet_link {
	PACKET_LINK_NULL = 0, /* family in 4 octets, BSD loopback */
	PACKET_LINK_ETHERNET = 1,
	PACKET_LINK_RAW = 12,	    /* the packet itself */
	PACKET_LINK_RAW_FILE = 101, /* the same as files number it */
	PACKET_LINK_LOOP = 108,	    /* as NULL, in network order */
	PACKET_LINK_SLL = 113,	    /* Linux "any" */
	PACKET_LINK_IPV4 = 228,
	PACKET_LINK_IPV6 = 229,
	PACKET_LINK_SLL2 = 276, /* Linux "any", since libpcap 1.10 on demand */
};

/* A packet as a capture delivers it; the bytes are the capture's. */
struct packet_raw {
	int link;	   /* enum packet_link; others are PACKET_OTHER */
	uint64_t at;	   /* µs since 1970, UTC */
	struct span bytes; /* may end early (snap length) */
};

enum packet_kind {
	PACKET_UDP,
	PACKET_TCP,
	PACKET_ICMP,	/* an error that quotes a UDP or TCP packet */
	PACKET_TOO_BIG, /* ICMP about such a packet: advice how long it may be, no end */
	PACKET_LATER,	/* a fragment that is not the first: nothing but its part is to be read */
	PACKET_OTHER, /* another protocol or link type, or an ICMP message that is no such error */
	PACKET_DAMAGED, /* ends before the header that it promises, or contradicts itself */
	PACKET_KINDS
};

enum packet_flag { PACKET_FIN = 1, PACKET_SYN = 2, PACKET_RST = 4, PACKET_ACK = 16 };

/* A fragment of a packet: those with the same ends, protocol and number belong together. */
struct packet_part {
	bool is;
	uint8_t protocol;
	uint32_t number; /* RFC 791 identification; RFC 8200 4.5 */
};

/* What an ICMP error quotes: the head of a packet that somebody could not deliver. */
struct packet_quote {
	bool tcp;	      /* else UDP */
	struct addr from, to; /* with ports */
	bool has_id;	      /* the quote reaches to the first two octets behind a UDP header */
	uint16_t id;
};

struct packet {
	struct addr from, to;	   /* with ports, but for ICMP; no scopes */
	struct span payload;	   /* behind the UDP or TCP header; borrowed from the raw bytes */
	struct packet_part part;   /* of fragments, the first as well as later ones */
	bool cut;		   /* the payload is not whole: snap length, or a first fragment */
	uint8_t flags;		   /* of TCP: enum packet_flag (RFC 9293 3.1) */
	uint32_t seq;		   /* of TCP: the number of the payload's first octet, or of SYN */
	struct packet_quote quote; /* of ICMP */
};

/*
 * *ret is filled for UDP, TCP, ICMP and TOO_BIG; for LATER with addresses without ports, and its
 * part. ICMP errors are those that end a packet's way: destination unreachable but for
 * "fragmentation needed", time exceeded, parameter problem (RFC 792; RFC 4443 3.1, 3.3, 3.4).
 * "Fragmentation needed" and "packet too big" (RFC 4443 3.2) are TOO_BIG.
 */
enum packet_kind packet_read(const struct packet_raw *raw, struct packet *ret);

#endif
