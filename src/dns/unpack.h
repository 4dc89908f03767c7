/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads one name, perhaps compressed, out of a message (RFC 1035 4.1.4). */
#ifndef DNS_UNPACK_H
#define DNS_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "dns/name.h"

struct unpack {
	struct span wire;   /* the whole message */
	uint32_t at, limit; /* where the name begins, and the end of the field that it stands in */
	bool plain;	    /* this field allows no compression (RFC 3597 4) */

	/* Results. */
	uint32_t next; /* the octet behind the name; 0: cannot be told */
	uint8_t rule;  /* after a failure: enum msg_rule, and the octet that breaks it */
	uint32_t bad;
};

/* 0, or -ERR_PARSE with the reason in u; even then u->next is set if the name's end is clear. */
int unpack_name(struct unpack *u, struct name *ret);

#endif
