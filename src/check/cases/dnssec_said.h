/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is to be said of which servers: noted reply by reply, told tag by tag when all servers were
 * looked at.
 *
 *	struct dnssec_said said = { 0 };
 *
 *	dnssec_said_note(c, &said, &(struct dnssec_point){ TAG_DS16_CDS_UNSIGNED }, e);
 *	...
 *	dnssec_said_emit(c, &said);
 */
#ifndef CHECK_CASES_DNSSEC_SAID_H
#define CHECK_CASES_DNSSEC_SAID_H

#include "check/cases/dnssec_inner.h"

/* Replies of the same tag, id and domain come together in one finding. */
struct dnssec_point {
	enum tag tag;
	unsigned int told; /* of the id: DNSSEC_TAG … */
	struct dnssec_id id;
	const struct name *domain; /* NULL: none; borrowed */
};

struct dnssec_saying {
	enum tag tag;
	unsigned int told;
	const struct name *domain;
	struct dnssec_groups groups;
};
struct dnssec_said VEC(struct dnssec_saying);

void dnssec_said_note(struct cases *c, struct dnssec_said *said, const struct dnssec_point *point,
	const struct entry *e);

/* In the order in which the tags came up. */
void dnssec_said_emit(struct cases *c, const struct dnssec_said *said);

/* NOERROR with AA, and not only a part of it; NULL: it is not, or there is none. */
const struct msg *dnssec_said_reply(const struct entry *e);

/* It was asked, and nothing more will come. */
bool dnssec_said_settled(const struct entry *e);

#endif
