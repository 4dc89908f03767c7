/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A domain name in wire form, in the letter case it came in. Values of 256 bytes: copy freely,
 * keep many of them with name_keep().
 */
#ifndef DNS_NAME_H
#define DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

enum {
	NAME_MAX_WIRE = 255, /* RFC 1035 2.3.4 */
	NAME_MAX_LABEL = 63, /* RFC 1035 2.3.4 */
	NAME_TEXT = 1024,    /* bytes that hold any name's text: 4 a byte, dots, NUL */
};

struct name {
	uint8_t len; /* octets of wire form with the final 0; the root is 1; 0: no name */
	uint8_t wire[NAME_MAX_WIRE];
};

/* The root. */
extern const struct name name_root;

/*
 * Reads presentation form (RFC 1035 5.1: \DDD and \X escapes; final dot optional; "" is refused).
 * -ERR_PARSE for empty or too long labels, names over 255 octets, bad escapes.
 */
int name_parse(const char *text, struct name *ret);

/* A name from uncompressed wire form that begins at p and lies within n octets. -ERR_PARSE. */
int name_from_wire(struct span wire, struct name *ret);

/* Writes presentation form with the final dot into buf of NAME_TEXT bytes; returns buf. */
const char *name_text(const struct name *n, char *buf);
void name_put(const struct name *n, struct buf *b);

/*
 * A copy of the octets that count alone, to a place that is no name's yet or any more: a name is
 * mostly short. What stands behind them is not touched.
 */
void name_set(struct name *to, const struct name *from);

/* A copy in the arena. */
const struct name *name_keep(struct arena *a, const struct name *n);

/* Equal without regard to ASCII case (RFC 4343), and to the letter. */
bool name_equal(const struct name *a, const struct name *b);
bool name_same_case(const struct name *a, const struct name *b);

/* The same name in lower case. */
struct name name_lower(const struct name *n);
/* Every other letter a capital, the first one among them; the others small. */
struct name name_mixed(const struct name *n);

/* Canonical order (RFC 4034 6.1): < 0, 0, > 0. */
int name_compare(const struct name *a, const struct name *b);

/* Labels without the root's: "." has 0, "live.com." 2. */
unsigned int name_labels(const struct name *n);

/* a is at or below b: "ns2.msft.net." is under "net.", and under itself. */
bool name_under(const struct name *a, const struct name *b);

/* The name without its first label; the root's parent is the root. */
struct name name_parent(const struct name *n);

/* The last count labels of n: name_suffix("ns2.msft.net.", 1) is "net.". */
struct name name_suffix(const struct name *n, unsigned int count);

/* label (1 .. 63 octets of text without dots) in front of n. -ERR_LIMIT when it grows too long. */
int name_prepend(const struct name *n, const char *label, struct name *ret);

/* The reverse-mapping name (RFC 1035 3.5, RFC 3596 2.5) of 4 or 16 octets. */
struct name name_reverse(struct span ip);

#endif
