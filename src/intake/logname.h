/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What keeps mail addresses out of all that comes of a log. A line first loses what stands left of
 * every "@" in it (logname_strip), before anything is looked for; and what is taken from it has to
 * be the name of a host, or of a service below one (logname_read), or nothing is.
 */
#ifndef INTAKE_LOGNAME_H
#define INTAKE_LOGNAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "dns/name.h"

/*
 * Copies the line to `to`, which has room for line.n octets, without the local parts of mail
 * addresses: "<user@example.com>" is "<@example.com>" then, also of quoted ones ("a b"@example.com)
 * and of those that are written without their quotes in angle brackets. Returns how many octets
 * came of it.
 */
size_t logname_strip(struct span line, uint8_t *to);

/* Labels in front of the host's, that begin with an underscore, say what was looked up: RFC 8552.
 */
enum logname_service {
	LOGNAME_HOST,  /* none */
	LOGNAME_DKIM,  /* selector._domainkey */
	LOGNAME_DMARC, /* _dmarc */
	LOGNAME_OTHER, /* _25._tcp, _mta-sts, ... */
};

/*
 * The host name at the text's begin, as far as letters, digits, "-", "." and "_" go, in lower case;
 * *ret_size (may be NULL): how many octets that were. All up to the last label with an underscore
 * at its begin is left out: selectors, ports, and hashes of local parts (RFC 7929) stand there.
 * False when it is no host name by RFC 1123 (dns/hostname.h) of two labels or more, whose last one
 * has letters only or is an A-label: addresses and bare words are none.
 */
bool logname_read(
	struct span text, struct name *ret, enum logname_service *ret_service, size_t *ret_size);

/* The octet may stand in a name, for those who go back to its begin. */
bool logname_char(uint8_t c);

#endif
