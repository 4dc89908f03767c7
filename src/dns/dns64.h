/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which prefixes a resolver puts in front of IPv4 addresses (DNS64), as RFC 7050 finds them: from
 * its answer for the AAAA records of ipv4only.arpa, which by itself has A records only.
 */
#ifndef DNS_DNS64_H
#define DNS_DNS64_H

#include <stddef.h>

#include "base/addr.h"
#include "dns/msg.h"

#define DNS64_NAME "ipv4only.arpa"

enum { DNS64_PREFIXES = 10 }; /* more than any network has; dig shows no more */

struct dns64_prefix {
	struct addr addr; /* zeros behind the prefix */
	unsigned int bits;
};

/*
 * The prefixes, each once, with which both well-known addresses (192.0.0.170 and 171) are in the
 * answer, in the order of the former; their number.
 */
size_t dns64_prefixes(const struct msg *m, struct dns64_prefix ret[DNS64_PREFIXES]);

#endif
