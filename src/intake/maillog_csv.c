/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What programs say that write comma-separated values: PowerMTA's accounting, Exchange's queues
 * (Get-Queue, NextHopDomain and LastError), and Exchange Online in its replies.
 */
#include "base/err.h"
#include "dns/rr.h"
#include "intake/maillog_tables.h"

static const struct logpattern_word exchange[] = {
	{ "NonExistentDomain", LOGFAIL_PERMANENT },
	{ "nonexistent domain", LOGFAIL_PERMANENT },
	{ 0 },
};

static const struct logpattern_word absent[] = {
	{ " does not exist", LOGFAIL_PERMANENT },
	{ 0 },
};

static const struct logpattern pmta[] = {
	{
		.mark = "unable to route: no mail hosts for domain",
		.slots = { { LOGPATTERN_COLUMN, "rcpt" } },
		.what = LOGFAIL_ROUTE,
		.how = LOGPATTERN_BY_STATE,
	},
	{
		.mark = "unable to route: dns lookup failure",
		.slots = { { LOGPATTERN_COLUMN, "rcpt" } },
		.what = LOGFAIL_ROUTE,
		.how = LOGPATTERN_BY_STATE,
	},
	{
		.mark = ",bad-domain",
		.slots = { { LOGPATTERN_COLUMN, "rcpt" } },
		.what = LOGFAIL_ROUTE,
		.how = LOGPATTERN_BY_STATE,
	},
	{
		.mark = ",routing-errors",
		.slots = { { LOGPATTERN_COLUMN, "rcpt" } },
		.what = LOGFAIL_UNROUTED,
		.how = LOGPATTERN_BY_STATE,
	},
	{
		/* The other side found nothing for the sender's domain. */
		.mark = ",invalid-sender",
		.slots = { { LOGPATTERN_COLUMN, "orig" } },
		.what = LOGFAIL_UNROUTED,
		.how = LOGPATTERN_BY_STATE,
		.reply = LOGPATTERN_THEIRS,
	},
};

static const struct logpattern microsoft[] = {
	{
		.mark = "DNS query failed",
		.slots = { { LOGPATTERN_BEFORE, "\",\"451 4.4.0 " },
			{ LOGPATTERN_BEFORE, ",451 4.4.0 " } },
		.what = LOGFAIL_ROUTE,
		.how = LOGFAIL_TEMPORARY,
		.words = exchange,
	},
	{
		.mark = "DNS domain ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.what = LOGFAIL_ROUTE,
		.how = LOGPATTERN_BY_WORD,
		.words = absent,
		.reply = LOGPATTERN_THEIRS,
	},
};

const struct logpattern_table maillog_pmta = { "PowerMTA", pmta, ARRAY_LEN(pmta) };
const struct logpattern_table maillog_exchange = { "Exchange", microsoft, ARRAY_LEN(microsoft) };
