/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sendmail 8.17 says of look-ups that fail. */
#include "base/err.h"
#include "dns/rr.h"
#include "intake/maillog_tables.h"

static const struct logpattern_word server[] = {
	{ "lookup failure for TLSA RR", LOGPATTERN_NOT },
	{ ": host name lookup failure", LOGFAIL_TEMPORARY },
	{ ": host not found", LOGFAIL_PERMANENT },
	{ 0 },
};

static const struct logpattern_word deferred[] = {
	{ "): deferred", LOGFAIL_TEMPORARY },
	{ 0 },
};

static const struct logpattern_word sender[] = {
	{ " does not resolve", LOGFAIL_TEMPORARY },
	{ " does not exist", LOGFAIL_PERMANENT },
	{ 0 },
};

static const struct logpattern rows[] = {
	{
		.mark = "Name server: ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.what = LOGFAIL_ROUTE,
		.how = LOGPATTERN_BY_WORD,
		.words = server,
	},
	{
		.mark = ": host name lookup failure for TLSA RR",
		.slots = { { LOGPATTERN_BEFORE, NULL } },
		.type = RR_TLSA,
		.what = LOGFAIL_TLSA,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "stat=Host unknown",
		.slots = { { LOGPATTERN_LINE, "to=<@" }, { LOGPATTERN_LINE, "to=@" } },
		.what = LOGFAIL_ROUTE,
		.how = LOGFAIL_PERMANENT,
	},
	{
		.mark = "host map: lookup (",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.what = LOGFAIL_ROUTE,
		.how = LOGPATTERN_BY_WORD,
		.words = deferred,
	},
	{
		.mark = "Transient parse error -- message queued",
		.slots = { { LOGPATTERN_LINE, "to=<@" }, { LOGPATTERN_LINE, "to=@" } },
		.what = LOGFAIL_UNROUTED,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "Domain of sender address ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.what = LOGFAIL_ROUTE,
		.how = LOGPATTERN_BY_WORD,
		.words = sender,
		.reply = LOGPATTERN_THEIRS,
	},
};

const struct logpattern_table maillog_sendmail = { "sendmail", rows, ARRAY_LEN(rows) };
