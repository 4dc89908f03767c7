/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The time at the head of a line of a log, in the forms that mail programs, resolvers and those who
 * write logs for them have:
 *
 *	Nov 28 09:17:01			RFC 3164: no year, no zone
 *	<22>1 2026-11-28T09:17:01.25Z	RFC 5424, and without its head
 *	2026-11-28 09:17:01.250 +0100	Exim, PowerMTA, rspamd; without a zone also
 *	28-Nov-2026 09:17:01.250	BIND: no zone
 *	[1795857421]			Unbound
 *
 * Times are microseconds since 1970 in UTC; 0: the line has none.
 */
#ifndef INTAKE_LOGSTAMP_H
#define INTAKE_LOGSTAMP_H

#include <stdint.h>

#include "base/span.h"

/* What lines leave out. */
struct logstamp_clock {
	uint64_t now;	/* a stamp without a year is of the last year in which it is not later than
			   a day after this; 0: such stamps are not read */
	int32_t offset; /* seconds east of UTC of stamps without a zone */
};

/* The time at the line's head, in microseconds; 0: none can be read. */
uint64_t logstamp_read(struct span line, const struct logstamp_clock *clock);

#endif
