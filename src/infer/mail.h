/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mail servers of a domain and their addresses, as a sender looks them up (RFC 5321 5.1). */
#ifndef INFER_MAIL_H
#define INFER_MAIL_H

#include "infer/resolve.h"

enum { MAIL_EXCHANGES = 16 }; /* that are looked up */

struct mail_exchange {
	const struct name *name;
	const struct resolved_addrs *addrs;
};

struct mail {
	bool pending;
	const struct entry *entry; /* the reply with the MX records; NULL: none */
	/* Each name once; without "." (null MX, RFC 7505). */
	struct VEC(struct mail_exchange) exchanges;
};

/* Of the domain, aliases followed. Belongs to the pass. */
struct mail mail_of(struct tree *t, const struct name *domain);

/* Proven to have no address: the name does not exist, or has neither A nor AAAA. */
bool mail_addressless(const struct mail_exchange *x);

/*
 * The domain whose mail servers a check of the tree looks up: the tested zone, or the name of a
 * look-up for MX; NULL: none.
 */
const struct name *mail_planned(const struct tree *t);

#endif
