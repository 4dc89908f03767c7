/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules for names of hosts: RFC 952 and RFC 1123 2.1 (letters, digits, hyphens), RFC 3696 2 (no
 * top-level domain of digits only), RFC 5890 2.3.1 (hyphens in third and fourth place).
 *
 *	unsigned int at = 0;
 *	struct span label;
 *
 *	while ((label = hostname_label(n, &at)).n)
 *		if (hostname_label_breaks(label) & HOSTNAME_CHARS)
 *			...
 */
#ifndef DNS_HOSTNAME_H
#define DNS_HOSTNAME_H

#include "dns/name.h"

/* Rules that a label can break, as bits. */
enum hostname_rule {
	HOSTNAME_CHARS = 1,	   /* something other than letters, digits and hyphens */
	HOSTNAME_FIRST = 2,	   /* a hyphen at the start */
	HOSTNAME_LAST = 4,	   /* a hyphen at the end */
	HOSTNAME_DOUBLE_DASH = 8,  /* hyphens in places 3 and 4, and no "xn" before them */
	HOSTNAME_NUMERIC_TLD = 16, /* the rightmost label has digits only */
};

/* The label at octet *at of the wire form (0 at first), which goes behind it; n 0: no more. */
struct span hostname_label(const struct name *n, unsigned int *at);

/* What a label breaks; never HOSTNAME_NUMERIC_TLD, which is a matter of its place. */
unsigned int hostname_label_breaks(struct span label);

/* What the name breaks in any of its labels; the root breaks nothing. */
unsigned int hostname_breaks(const struct name *n);

#endif
