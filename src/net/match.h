/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether bytes from the network are the reply to an ask. */
#ifndef NET_MATCH_H
#define NET_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "dns/msg.h"
#include "facts/facts.h"

struct match {
	uint8_t outcome; /* OUTCOME_ANSWERED, OUTCOME_MALFORMED, or OUTCOME_STRAY with why */
	uint8_t why;
	/*
	 * Id and sender fit, but the question is missing or the message is damaged: a true reply
	 * may still be behind it.
	 */
	bool doubtful;
};

/* What m, from the server that was asked, is to the ask that went out with that id. */
struct match match_reply(const struct ask *ask, uint16_t id, const struct msg *m);

/* A whole header with QR set. */
bool match_is_reply(struct span packet);
/* The first two octets; 0 when there are fewer. */
uint16_t match_id(struct span packet);

/*
 * The message as an observation of the ask keeps it, in the arena: whole, or for a brief ask its
 * header alone (facts_header()), unless it is damaged.
 */
const struct msg *match_keep(struct arena *a, const struct ask *ask, const struct msg *m);

#endif
