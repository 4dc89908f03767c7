/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Data of the zone's own name, for test cases that look at them and not at who has them: the first
 * of the zone's servers that gives a suitable reply tells. All servers are asked side by side, for
 * other test cases need the same replies.
 */
#ifndef CHECK_CASES_APEX_H
#define CHECK_CASES_APEX_H

#include "check/cases.h"

/* Which reply is wanted. */
struct apex_wish {
	uint16_t type;	/* of the question, about the tested zone's name */
	bool authority; /* with AA */
	bool answered;	/* with records of the type in the answer */
};

struct apex_found {
	const struct entry *entry; /* NULL: none */
	bool pending;		   /* nothing is known yet: an earlier server's may still come */
	bool unsent;		   /* none, because no server could be asked */
};

struct apex_found apex_reply(struct cases *c, struct apex_wish wish);

/*
 * The SOA record of such a reply (the type is put in here); *ret_entry: whose. false: there is none
 * (yet); then NO_RESPONSE_SOA_QUERY was emitted where that is known.
 */
bool apex_soa(
	struct cases *c, struct apex_wish wish, struct soa *ret, const struct entry **ret_entry);

/* The mail servers of MX records in the answer, in lower case, each once. */
struct reply_names apex_exchanges(struct cases *c, const struct msg *m);

/* 127.0.0.1 or ::1: these two, not all that loop back. */
bool apex_is_localhost(const struct addr *addr);

#endif
