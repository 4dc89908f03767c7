/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mailboxes that are written as domain names, as in the RNAME of a SOA record (RFC 1035 3.3.13, 8):
 * the first label is what stands left of the "@", the others are the mail domain.
 *
 *	RNAME "john\.doe.example.com."   mailbox "john.doe@example.com"
 */
#ifndef DNS_MAILBOX_H
#define DNS_MAILBOX_H

#include "base/arena.h"
#include "dns/name.h"

struct mailbox {
	const char *text;   /* "john.doe@example.com", printable ASCII; in the arena */
	struct name domain; /* "example.com." */
};

/*
 * -ERR_PARSE when the result is no addr-spec of RFC 5322 3.4.1 (without comments, white space
 * around it, and its obsolete forms). A dot within a label is a dot like others, as in the first
 * label, so in the domain.
 */
int mailbox_from_name(struct arena *a, const struct name *n, struct mailbox *ret);

#endif
