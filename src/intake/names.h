/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions from a stream of lines: "NAME [TYPE]", '#' begins a comment, empty lines do not count;
 * or servers: a name or an address, "ADDR#PORT" for another port than
 * 53; there a comment has a blank before its '#'.
 * Names come out in random order within a window, so that one operator's names, which stand
 * together in sorted lists, are not asked in a run.
 */
#ifndef INTAKE_NAMES_H
#define INTAKE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/rng.h"
#include "dns/msg.h"

enum {
	NAMES_WINDOW = 4096, /* names that wait at once, for the shuffle */
	NAMES_TYPES = 16,    /* for a name */
	NAMES_LINE = 1024,   /* octets of a line; the rest of a longer one is skipped */
};

/* One of n equal parts of all names, by hash: the same names whatever their order. */
struct names_shard {
	uint32_t i, n; /* i: 1 .. n; n 0: no parts */
};

/*
 * Reads more of the stream without waiting: the number of octets; 0: it has ended, or cannot be
 * read on; NAMES_NOTHING: there is nothing for now.
 */
typedef ptrdiff_t names_read(void *user, char *to, size_t most);
enum { NAMES_NOTHING = -1 };

struct names_setup {
	names_read *read;
	void *user;
	const uint16_t *types; /* for lines without one: a question for each */
	size_t ntypes;
	bool servers; /* lines are servers; types do not count */
	struct names_shard shard;
	struct rng rng;
};

enum names_next { NAMES_ONE, NAMES_BAD, NAMES_LATER, NAMES_END };

struct names_item {
	/* The name lives until the next call. Of a server: type 0, the root for an address. */
	struct question question;
	struct addr server; /* with port; family none: it is known by name, or lines are questions
			     */
	/* NAMES_BAD: the line, cut and escaped, and why it is none; NULL: it was read so far. */
	const char *line, *why;
	uint64_t number; /* of the line, from 1 */
};

struct names;

/* The types, at most NAMES_TYPES, are borrowed. */
struct names *names_new(struct arena *a, const struct names_setup *setup);
void names_free(struct names *n);

/*
 * The next question, or a line that is none. NAMES_LATER: nothing can be read without waiting, and
 * no question waits.
 */
enum names_next names_next(struct names *n, struct names_item *ret);

#endif
