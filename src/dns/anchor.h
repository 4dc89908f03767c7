/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trust anchors of the root: DS or DNSKEY records in master format (RFC 1035 5), by libzscanner. */
#ifndef DNS_ANCHOR_H
#define DNS_ANCHOR_H

#include "dns/dnssec.h"

/*
 * Reads the records of the root; a DNSKEY becomes its DS with SHA-256. Appends to ret, which lives
 * in the arena; a text without records appends none. -ERR_PARSE with *ret_line: what stands there
 * is neither, or of another owner.
 */
int anchor_read(struct arena *a, struct span text, struct ds_list *ret, size_t *ret_line);

/* What IANA publishes: KSK-2017 and KSK-2024 (root-anchors.xml, 2025). Static. */
extern const char anchor_iana[];

/* Octets written in hexadecimal digits, white space in between allowed. -ERR_PARSE. */
int anchor_hex(struct arena *a, const char *text, struct span *ret);

#endif
