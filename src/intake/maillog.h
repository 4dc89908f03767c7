/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Domains whose look-ups failed, from the logs of mail programs: Postfix, Exim, sendmail, PowerMTA
 * (accounting in comma-separated values), Exchange, and what checks SPF, DKIM and DMARC beside
 *them; as they write them, by syslog, or from journald (journalctl -o json). Lines of all of them
 *may stand in one file. doc/maillog.md lists what is recognised.
 *
 *	struct logread *r = maillog_new(arena, fails, &(struct logstamp_clock){ .now = now });
 *	rc = logread_file(r, "/var/log/mail.log.2.gz", &why);
 *	logread_free(r);
 */
#ifndef INTAKE_MAILLOG_H
#define INTAKE_MAILLOG_H

#include "intake/logread.h"

/* NULL-ended. */
extern const struct logpattern_table *const maillog_tables[];

/* A reader of mail logs that adds to the fails; logread_free() ends it. */
struct logread *maillog_new(
	struct arena *a, struct logfails *fails, const struct logstamp_clock *clock);

#endif
