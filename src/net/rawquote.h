/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ICMP errors whole, as a raw socket hands them over, read strictly: what they quote of a DNS query
 * over UDP, its source port included, which a socket's error queue does not tell.
 */
#ifndef NET_RAWQUOTE_H
#define NET_RAWQUOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/span.h"

struct rawquote {
	uint8_t type, code;
	struct addr from, to; /* of the quoted packet, with ports; no scopes */
	uint16_t id;	      /* RFC 1035 4.1.1: the first two octets behind the UDP header */
};

/*
 * An IPv4 packet with its header (raw(7)), or an ICMPv6 message without (RFC 3542 section 3).
 * False unless it is destination unreachable or time exceeded (RFC 792, RFC 4443), and quotes
 * enough of the first fragment of a UDP packet that is long enough for a query. Bytes are hostile;
 * *ret is untouched then.
 */
bool rawquote_read_v4(struct span packet, struct rawquote *ret);
bool rawquote_read_v6(struct span message, struct rawquote *ret);

#endif
