/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Domains whose look-ups failed, from the logs of resolvers: BIND (categories query-errors,
 * lame-servers, resolver, dnssec), Unbound (log-servfail, val-log-level, log-replies), PowerDNS
 * Recursor (quiet=no, trace=fail), Knot Resolver (debug). As intake/maillog.h in all else;
 * doc/maillog.md lists what is recognised.
 *
 * Names that are asked for are strangers' choice: SPF macros (RFC 7208 7) can put a sender's local
 * part into a label, which no reader of a resolver's log can tell from a host's.
 */
#ifndef INTAKE_RESOLVERLOG_H
#define INTAKE_RESOLVERLOG_H

#include "intake/logread.h"

/* NULL-ended. */
extern const struct logpattern_table *const resolverlog_tables[];

/* A reader of resolvers' logs that adds to the fails; logread_free() ends it. */
struct logread *resolverlog_new(
	struct arena *a, struct logfails *fails, const struct logstamp_clock *clock);

#endif
