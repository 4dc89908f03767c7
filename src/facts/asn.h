/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which autonomous systems announce an address, and in which prefix: tables that people have, and
 * single answers of a look-up service.
 *
 *	struct asn_rows table, origin;
 *	if (asn_read(a, text, &table, &line) < 0)
 *		... line says where ...
 *	if (asn_find(&table, &addr, &origin))
 *		... origin.v[0].prefix; origin.v[i].asn ...
 *
 * A table is text, a prefix a line, ordered or not: "192.0.2.0/24 64500", as bgp.tools gives out,
 * with more numbers behind it where several announce it; or "192.0.2.0 24 64500", with '_' or ','
 * between several, as CAIDA's pfx2as files have it. Blanks or tabs separate; lines that are empty
 * or begin with '#' say nothing. A prefix may come several times.
 */
#ifndef FACTS_ASN_H
#define FACTS_ASN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/span.h"
#include "base/vec.h"
#include "dns/name.h"

struct asn_prefix {
	uint8_t family, bits; /* enum addr_family; 0 .. 32 or 128 */
	uint8_t ip[16];	      /* network order; what is behind the bits is 0 */
};

struct asn_row {
	struct asn_prefix prefix;
	uint32_t asn;
};

/* Ascending by prefix, then by number; none twice. */
struct asn_rows VEC(struct asn_row);

/* Reads a table. -ERR_PARSE with *ret_line, from 1, when a line has another form. */
int asn_read(struct arena *a, struct span text, struct asn_rows *ret, size_t *ret_line);

/* Adds what a text of the same form says. -ERR_PARSE; the table is untouched then. */
int asn_add(struct arena *a, struct asn_rows *table, struct span text);

/* The part of a table that says the same of these addresses as the whole of it. */
struct asn_rows asn_part(
	struct arena *a, const struct asn_rows *table, const struct addr *v, size_t n);

/* The rows of the longest prefix that covers the address, a part of the table; false: none does. */
bool asn_find(const struct asn_rows *table, const struct addr *addr, struct asn_rows *ret);

/*
 * Reads one answer in Team Cymru's form, "64500 64501 | 192.0.2.0/24 | US | arin | 2001-01-01";
 * what is behind the prefix may be missing. -ERR_PARSE.
 */
int asn_read_answer(struct arena *a, const char *text, struct asn_rows *ret);

/*
 * The name that is asked for one: "1.2.0.192.origin.ZONE", or the nibbles of an IPv6 address
 * under "origin6.ZONE". -ERR_LIMIT when it grows too long.
 */
int asn_name(const struct addr *addr, const struct name *zone, struct name *ret);

bool asn_covers(const struct asn_prefix *p, const struct addr *addr);
bool asn_same_prefix(const struct asn_prefix *a, const struct asn_prefix *b);
/* One prefix with its numbers, as a line of a table has it, in the arena. */
const char *asn_line(struct arena *a, const struct asn_rows *origin);

/* "192.0.2.0/24", in the arena. */
const char *asn_prefix_text(struct arena *a, const struct asn_prefix *p);

#endif
