/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In what two queries differ, one factor at a time: transport, address, source port, flags, EDNS
 * and each of its options, type, name and so on. A query with any set of them can be made, and is
 * valid: what belongs to EDNS brings EDNS with it.
 *
 *	struct factor_pair p;
 *	if (factor_pair_make(&p, &fails, &works) == 0)
 *		ask = factor_ask(arena, &p, factor_bit(0) | factor_bit(2));
 *
 * To add a factor is to add a row to the table in factor.c.
 */
#ifndef INFER_FACTOR_H
#define INFER_FACTOR_H

#include "base/arena.h"
#include "base/buf.h"
#include "facts/facts.h"

enum { FACTORS_MOST = 40 };

struct factor_row;

struct factor {
	const struct factor_row *row;
	uint16_t code; /* of the EDNS option; else 0 */
};

/* The asks are copies; what they point to is borrowed. */
struct factor_pair {
	struct ask fails, works;
	struct factor v[FACTORS_MOST]; /* in which they differ, likely culprits first */
	size_t n;
};

/* 0; -ERR_LIMIT when they differ in more than FACTORS_MOST. n is 0 when they do not differ. */
int factor_pair_make(struct factor_pair *ret, const struct ask *fails, const struct ask *works);

/* The set of the i-th factor alone; i <= FACTORS_MOST. */
uint64_t factor_bit(size_t i);

/* All factors of the pair. */
uint64_t factor_all(const struct factor_pair *p);

/* The set with what its members bring along: EDNS itself (RFC 6891 6.1.1). */
uint64_t factor_closure(const struct factor_pair *p, uint64_t set);

/* A closed set without one of its factors, and without what belongs to that. */
uint64_t factor_without(const struct factor_pair *p, uint64_t set, size_t i);

/*
 * The working query with these factors of the failing one, and those that they bring. Where that
 * makes EDNS of a query without, its buffer has 512 octets, as a query without EDNS has (RFC 6891
 * 6.2.3).
 */
struct ask factor_ask(struct arena *a, const struct factor_pair *p, uint64_t set);

/*
 * The set, with what it brings along, of an ask that factor_ask() made. -ERR_NONE: it is none of
 * this pair's.
 */
int factor_set_of(
	struct arena *a, const struct factor_pair *p, const struct ask *ask, uint64_t *ret);

/* They differ in nothing that a factor could be. */
bool factor_same(const struct ask *a, const struct ask *b);

/* "edns-size", "option-10"; in the arena. */
const char *factor_slug(struct arena *a, const struct factor *f);

/* Appends how the failing query is told by it: "with DO=1", "over IPv6", "of type TLSA". */
void factor_words(struct buf *b, const struct factor_pair *p, size_t i);

/* The same of a set: "with DO=1 and over IPv6"; in the arena. */
const char *factor_set_words(struct arena *a, const struct factor_pair *p, uint64_t set);

#endif
