/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets as pairs of hexadecimal digits, without anything between them. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include "base/arena.h"
#include "base/span.h"

enum { HEX_OCTETS = 65535 }; /* read at most: what a length of 16 bits can say */

/* In small letters; belongs to the arena. */
const char *hex_text(struct arena *a, struct span octets);

/* Digits in any case. -ERR_PARSE for anything else, and for half an octet. */
int hex_parse(struct arena *a, const char *text, struct span *ret);

/* The value of a digit in either case; -1: it is none. */
int hex_digit(int c);

#endif
