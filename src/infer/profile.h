/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What programs send when they ask, by name: each row was read from their packets in the lab (see
 * profile.c), not from their manuals.
 */
#ifndef INFER_PROFILE_H
#define INFER_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "facts/facts.h"

struct profile {
	const char *slug;  /* "bind-9.18" */
	const char *sends; /* a few words */
	struct shape shape;
	bool mixed; /* letters of the name in random case (0x20) */
	/* What it draws source ports from, as portset_parse() reads it. */
	const char *ports;
	/* Less what IANA had assigned when this version of Unbound was made; NULL: no less. */
	const char *unbound;
};

extern const struct profile profile_table[];
extern const size_t profile_count;

/* NULL: there is no such profile. */
const struct profile *profile_find(const char *slug);

/*
 * The question as that program would ask it, over UDP; its source port is left open. With mixed
 * case every other letter is a capital, so that runs can be repeated.
 */
struct ask profile_ask(struct arena *a, const struct profile *p, const struct question *q);

#endif
