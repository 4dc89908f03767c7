/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a zone transfer ends: AXFR (RFC 5936 2.2), IXFR (RFC 1995 4), which may also be answered
 * with a whole zone, or with one SOA record when nothing changed.
 *
 *	struct xfr x = xfr_begin(RR_IXFR, serial);
 *	while ((state = xfr_take(&x, message)) == XFR_MORE)
 *		message = ... the next one ...;
 */
#ifndef DNS_XFR_H
#define DNS_XFR_H

#include <stddef.h>
#include <stdint.h>

#include "dns/msg.h"

enum xfr_state {
	XFR_MORE, /* another message has to come */
	XFR_DONE,
	XFR_BAD, /* an error, or not what a transfer looks like */
};

struct xfr {
	uint16_t type;	/* RR_AXFR or RR_IXFR */
	uint32_t have;	/* IXFR: the serial that the client has */
	uint32_t last;	/* serial of the first SOA record */
	size_t records; /* taken so far */
	size_t ends;	/* SOA records with that serial */
	size_t wanted;	/* so many of them make the whole */
};

struct xfr xfr_begin(uint16_t type, uint32_t have);

/* Takes the next message. What stands behind the end is bad. */
enum xfr_state xfr_take(struct xfr *x, const struct msg *m);

#endif
