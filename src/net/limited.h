/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Response rate limiting answers with TC, BADCOOKIE or REFUSED in place of silence. A server that
 * never answered a question otherwise means what it says.
 */
#ifndef NET_LIMITED_H
#define NET_LIMITED_H

#include <stdbool.h>
#include <stdint.h>

#include "facts/facts.h"

enum { LIMITED_QUESTIONS = 16 /* asked in turn, at most */ };

/* What one server said. Zeroed is ready. */
struct limited {
	struct {
		uint64_t hash;
		bool plain; /* had a reply that is no sign of a limit */
	} questions[LIMITED_QUESTIONS];
	uint32_t n;
};

/* A reply of that kind. */
bool limited_looks(const struct observation *o);

/* The same, to a question that had another reply before. To be told of each reply. */
bool limited_is_sign(struct limited *l, const struct observation *o);

#endif
