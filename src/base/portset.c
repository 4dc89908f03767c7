/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of ports, a bit each, worked on 64 at a time. */
#include "base/portset.h"

#include <string.h>

#include "base/err.h"

enum { PORTS = 65536, WORD = 64, WORDS = PORTS / WORD };

static uint64_t bit(uint16_t port)
{
	return UINT64_C(1) << (port % WORD);
}

bool portset_has(const struct portset *s, uint16_t port)
{
	return s->w[port / WORD] & bit(port);
}

void portset_add(struct portset *s, uint16_t port)
{
	s->w[port / WORD] |= bit(port);
}

void portset_remove(struct portset *s, uint16_t port)
{
	s->w[port / WORD] &= ~bit(port);
}

void portset_add_range(struct portset *s, struct portrange r)
{
	unsigned int first = r.lo / WORD, last = r.hi / WORD;
	uint64_t from = UINT64_MAX << (r.lo % WORD);
	uint64_t to = UINT64_MAX >> (WORD - 1 - r.hi % WORD);

	if (r.lo > r.hi)
		return;
	if (first == last) {
		s->w[first] |= from & to;
		return;
	}
	s->w[first] |= from;
	memset(s->w + first + 1, 0xff, (last - first - 1) * sizeof(s->w[0]));
	s->w[last] |= to;
}

uint32_t portset_count(const struct portset *s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < WORDS; i++)
		n += (uint32_t)__builtin_popcountll(s->w[i]);
	return n;
}

bool portset_empty(const struct portset *s)
{
	return portset_next(s, 0) < 0;
}

bool portset_equal(const struct portset *a, const struct portset *b)
{
	return memcmp(a->w, b->w, sizeof(a->w)) == 0;
}

void portset_or(struct portset *a, const struct portset *b)
{
	for (size_t i = 0; i < WORDS; i++)
		a->w[i] |= b->w[i];
}

void portset_and(struct portset *a, const struct portset *b)
{
	for (size_t i = 0; i < WORDS; i++)
		a->w[i] &= b->w[i];
}

void portset_minus(struct portset *a, const struct portset *b)
{
	for (size_t i = 0; i < WORDS; i++)
		a->w[i] &= ~b->w[i];
}

/* The first port >= from whose bit differs from flip's bits; PORTS when there is none. */
static uint32_t seek(const struct portset *s, uint32_t from, uint64_t flip)
{
	uint64_t left;

	if (from >= PORTS)
		return PORTS;
	left = (s->w[from / WORD] ^ flip) & (UINT64_MAX << (from % WORD));
	for (uint32_t i = from / WORD;;) {
		if (left)
			return i * WORD + (uint32_t)__builtin_ctzll(left);
		if (++i == WORDS)
			return PORTS;
		left = s->w[i] ^ flip;
	}
}

static uint32_t seek_member(const struct portset *s, uint32_t from)
{
	return seek(s, from, 0);
}

static uint32_t seek_gap(const struct portset *s, uint32_t from)
{
	return seek(s, from, UINT64_MAX);
}

int32_t portset_next(const struct portset *s, uint32_t from)
{
	uint32_t port = seek_member(s, from);

	return port < PORTS ? (int32_t)port : -1;
}

bool portset_next_range(const struct portset *s, uint32_t from, struct portrange *ret)
{
	uint32_t lo;

	/* A run that began before from does not count. */
	if (from > 0 && from < PORTS && portset_has(s, (uint16_t)(from - 1)))
		from = seek_gap(s, from);
	lo = seek_member(s, from);
	if (lo == PORTS)
		return false;
	*ret = (struct portrange){ (uint16_t)lo, (uint16_t)(seek_gap(s, lo) - 1) };
	return true;
}

uint32_t portset_ranges(const struct portset *s)
{
	uint64_t before = 0;
	uint32_t n = 0;

	/* A run begins at each member whose lower neighbour is none. */
	for (size_t i = 0; i < WORDS; i++) {
		n += (uint32_t)__builtin_popcountll(s->w[i] & ~(s->w[i] << 1 | before));
		before = s->w[i] >> (WORD - 1);
	}
	return n;
}

int32_t portset_nth(const struct portset *s, uint32_t index)
{
	for (size_t i = 0; i < WORDS; i++) {
		uint32_t here = (uint32_t)__builtin_popcountll(s->w[i]);
		uint64_t left = s->w[i];

		if (index >= here) {
			index -= here;
			continue;
		}
		while (index--)
			left &= left - 1;
		return (int32_t)(i * WORD) + __builtin_ctzll(left);
	}
	return -1;
}

void portset_text(const struct portset *s, struct buf *b)
{
	struct portrange r;
	const char *comma = "";

	for (uint32_t from = 0; portset_next_range(s, from, &r); from = r.hi + 1U) {
		if (r.lo == r.hi)
			buf_printf(b, "%s%u", comma, r.lo);
		else
			buf_printf(b, "%s%u-%u", comma, r.lo, r.hi);
		comma = ",";
	}
}

/* Reads one number without leading zeros; *p stays at the byte that is wrong. */
static int parse_port(const char **p, uint16_t *ret)
{
	unsigned int v = 0;
	const char *first = *p;

	while (**p >= '0' && **p <= '9') {
		if (*p > first && v == 0)
			return -ERR_PARSE;
		v = v * 10 + (unsigned int)(**p - '0');
		if (v >= PORTS)
			return -ERR_PARSE;
		++*p;
	}
	if (*p == first)
		return -ERR_PARSE;
	*ret = (uint16_t)v;
	return 0;
}

static int parse_range(const char **p, struct portrange *ret)
{
	const char *hi;
	int err = parse_port(p, &ret->lo);

	if (err)
		return err;
	ret->hi = ret->lo;
	if (**p != '-')
		return 0;
	hi = ++*p;
	err = parse_port(p, &ret->hi);
	if (!err && ret->hi < ret->lo) {
		*p = hi;
		err = -ERR_PARSE;
	}
	return err;
}

static int parse_ranges(const char **p, struct portset *s)
{
	if (!**p)
		return 0;
	for (;;) {
		struct portrange r;
		int err = parse_range(p, &r);

		if (err)
			return err;
		portset_add_range(s, r);
		if (!**p)
			return 0;
		if (**p != ',')
			return -ERR_PARSE;
		++*p;
	}
}

int portset_parse(const char *text, struct portset *ret, size_t *ret_at)
{
	struct portset s = { 0 };
	const char *p = text;
	int err = parse_ranges(&p, &s);

	if (err && ret_at)
		*ret_at = (size_t)(p - text);
	if (!err)
		*ret = s;
	return err;
}
