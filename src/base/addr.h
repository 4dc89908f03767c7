/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An IP address and a port. Plain values: compare with addr_equal(), never with memcmp(). */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/span.h"

enum addr_family { ADDR_NONE = 0, ADDR_V4 = 4, ADDR_V6 = 6 };

struct addr {
	uint8_t family; /* enum addr_family; ADDR_NONE: no address */
	uint16_t port;	/* host order; 0: none given */
	uint32_t scope; /* interface index of a link-local v6 address, else 0 */
	uint8_t ip[16]; /* network order; v4 in the first four octets */
};

enum { ADDR_TEXT = 80 }; /* bytes that hold any address text with scope and port */

/* Reads "192.0.2.1", "2001:db8::1", "fe80::1%eth0". -ERR_PARSE otherwise. port stays 0. */
int addr_parse(const char *text, struct addr *ret);

/* Reads the same with an optional "#port" behind it; port 0 when none is given. */
int addr_parse_port(const char *text, struct addr *ret);

/* Writes the address alone, or "ip#port". buf has ADDR_TEXT bytes; returned for convenience. */
const char *addr_text(const struct addr *a, char *buf);
const char *addr_text_port(const struct addr *a, char *buf);

/* The same host and port; the same host. Scopes count. */
bool addr_equal(const struct addr *a, const struct addr *b);
bool addr_same_host(const struct addr *a, const struct addr *b);

/* A total order by family, address, scope, port: < 0, 0, > 0. */
int addr_compare(const struct addr *a, const struct addr *b);

/* The address with another port. */
struct addr addr_with_port(struct addr a, uint16_t port);

/* How far an address reaches by IANA's special-purpose registries, and by RFC 1112 (multicast). */
enum addr_reach {
	ADDR_REACH_GLOBAL,
	ADDR_REACH_DOCUMENTATION,
	ADDR_REACH_LOCAL,   /* a host, a link, a site, a carrier's network */
	ADDR_REACH_NOWHERE, /* any other that is not registered as globally reachable */
};
enum addr_reach addr_reach(const struct addr *a);

/*
 * In a special-purpose block (loopback, private, link-local, shared, documentation, benchmark,
 * multicast, reserved): IANA registries of RFC 6890, read 2026-11. Blocks that lead to hosts of
 * others (6to4, Teredo, NAT64) are none: their servers deserve the care of any other.
 */
bool addr_is_special(const struct addr *a);

/* The octets of the IP: 4, 16, or none of ADDR_NONE; borrowed. */
struct span addr_octets(const struct addr *a);

/*
 * Of a block that never leaves a site or a carrier's network untranslated: RFC 1918, RFC 6598, and
 * unique local addresses (RFC 4193).
 */
bool addr_is_private(const struct addr *a);

/* Of this host alone: 127.0.0.0/8 (RFC 1122 3.2.1.3) and ::1 (RFC 4291 2.5.3). */
bool addr_is_loopback(const struct addr *a);

/* To and from the kernel's form. Returns the length used; 0 for ADDR_NONE. */
socklen_t addr_to_sockaddr(const struct addr *a, struct sockaddr_storage *ret);
/* ADDR_NONE for a family that is not IP. IPv4-mapped v6 addresses become v4. */
struct addr addr_from_sockaddr(const struct sockaddr *sa);

#endif
