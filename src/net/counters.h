/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What this host's kernel threw away: datagrams whose UDP checksum is wrong never reach a socket,
 * so that only its counters tell of them.
 */
#ifndef NET_COUNTERS_H
#define NET_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "facts/facts.h"

/* InCsumErrors of UDP in the text of /proc/net/snmp; false: it is not there, as before Linux 3.10.
 */
bool counters_snmp(struct span text, uint64_t *ret);
/* Udp6InCsumErrors in the text of /proc/net/snmp6. */
bool counters_snmp6(struct span text, uint64_t *ret);

/*
 * Both added up, of the files in the folder, "/proc/net". A file snmp6 that is not there counts as
 * none, as IPv6 is off. Not known when anything else is missing.
 */
struct facts_counters counters_read(const char *folder);

#endif
