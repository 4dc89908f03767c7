/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A set of ports 0-65535.
 *
 *	struct portset low = { 0 };
 *	portset_add_range(&low, (struct portrange){ 1, 1023 });
 *	portset_remove(&low, 53);
 *	portset_text(&low, &buf);               // "1-52,54-1023"
 */
#ifndef BASE_PORTSET_H
#define BASE_PORTSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct portset {
	uint64_t w[1024]; /* bit p % 64 of w[p / 64] */
};

/* lo <= hi, both in the range. */
struct portrange {
	uint16_t lo, hi;
};

bool portset_has(const struct portset *s, uint16_t port);
void portset_add(struct portset *s, uint16_t port);
void portset_remove(struct portset *s, uint16_t port);
void portset_add_range(struct portset *s, struct portrange r);

/* How many ports the set holds: 0 .. 65536. */
uint32_t portset_count(const struct portset *s);
bool portset_empty(const struct portset *s);
bool portset_equal(const struct portset *a, const struct portset *b);

/* a becomes a with b, a and b, a without b. */
void portset_or(struct portset *a, const struct portset *b);
void portset_and(struct portset *a, const struct portset *b);
void portset_minus(struct portset *a, const struct portset *b);

/* The first member >= from, or -1 when there is none. from may be 65536. */
int32_t portset_next(const struct portset *s, uint32_t from);

/* The first run of neighbouring members that begins at or after from; false when none. */
bool portset_next_range(const struct portset *s, uint32_t from, struct portrange *ret);
uint32_t portset_ranges(const struct portset *s);

/* The index-th smallest member (0-based); -1 when there are not that many. */
int32_t portset_nth(const struct portset *s, uint32_t index);

/* Ascending "lo-hi" and "n", comma-separated, no spaces; nothing for the empty set. */
void portset_text(const struct portset *s, struct buf *b);

/*
 * Reads what portset_text() writes, in any order, overlaps allowed. "" is the empty set.
 * -ERR_PARSE for anything else; *ret_at (may be NULL) is then the offset of the offending byte.
 */
int portset_parse(const char *text, struct portset *ret, size_t *ret_at);

#endif
