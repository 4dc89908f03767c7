/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logs of mail programs. */
#include "intake/maillog.h"

#include "intake/maillog_tables.h"

const struct logpattern_table *const maillog_tables[] = {
	&maillog_postfix,
	&maillog_exim,
	&maillog_sendmail,
	&maillog_pmta,
	&maillog_exchange,
	&maillog_checks,
	NULL,
};

struct logread *maillog_new(
	struct arena *a, struct logfails *fails, const struct logstamp_clock *clock)
{
	return logread_new(a, &(struct logread_settings){ maillog_tables, fails, *clock });
}
