/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values as a tape writes them, and names that a tape repeats. */
#ifndef FACTS_TAPE_VALUE_H
#define FACTS_TAPE_VALUE_H

#include "base/addr.h"
#include "base/arena.h"
#include "base/span.h"
#include "dns/name.h"

enum { TAPE_ADDR_TEXT = ADDR_TEXT + 32 };

/*
 * "192.0.2.1#53", "fe80::1%2", and "*#1023": the kernel's choice of address with a port of ours.
 * A scope is a number, not an interface's name: a tape is read on other machines. buf has
 * TAPE_ADDR_TEXT bytes; returned.
 */
const char *tape_addr_text(const struct addr *a, char *buf);
int tape_addr_parse(const char *text, struct addr *ret);

/* Names, kept once each. Zeroed is empty; cap is a power of two, or 0. */
struct tape_names {
	const struct name **v;
	size_t n, cap;
};

/* The one copy in the arena of a name, to the letter. */
const struct name *tape_name_keep(struct tape_names *names, struct arena *a, const struct name *n);

#endif
