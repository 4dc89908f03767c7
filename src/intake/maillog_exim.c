/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Exim says of look-ups that fail: its main log, version 4.96. */
#include "base/err.h"
#include "dns/rr.h"
#include "intake/maillog_tables.h"

/* The address that a line is of: in an ACL's or a verification's words, deferred, failed. */
#define ADDRESS                                                                                    \
	{                                                                                          \
		{ LOGPATTERN_BEFORE, ">: " }, { LOGPATTERN_LINE, " == @" },                        \
		{                                                                                  \
			LOGPATTERN_LINE, " ** @"                                                   \
		}                                                                                  \
	}

static const struct logpattern_word incomplete[] = {
	{ " did not complete", LOGFAIL_TEMPORARY },
	{ 0 },
};

static const struct logpattern_word failed[] = {
	{ " failed in ", LOGFAIL_PERMANENT },
	{ 0 },
};

static const struct logpattern_word tlsa[] = {
	{ "DEFER", LOGFAIL_TEMPORARY },
	{ "FAIL", LOGFAIL_PERMANENT },
	{ 0 },
};

static const struct logpattern rows[] = {
	{
		.mark = "host lookup did not complete",
		.slots = ADDRESS,
		.what = LOGFAIL_ROUTE,
		.how = LOGFAIL_TEMPORARY,
		.reply = LOGPATTERN_THEIRS,
	},
	{
		.mark = "host lookup for ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.what = LOGFAIL_ADDRESS,
		.how = LOGPATTERN_BY_WORD,
		.words = incomplete,
	},
	{
		.mark = "lookup of host ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.what = LOGFAIL_ADDRESS,
		.how = LOGPATTERN_BY_WORD,
		.words = failed,
	},
	{
		.mark = "all relevant MX records point to non-existent hosts",
		.slots = ADDRESS,
		.what = LOGFAIL_MX_HOSTS,
		.how = LOGFAIL_PERMANENT,
		.reply = LOGPATTERN_THEIRS,
	},
	{
		.mark = "an MX or SRV record indicated no SMTP service",
		.slots = ADDRESS,
		.type = RR_MX,
		.what = LOGFAIL_NULL_MX,
		.how = LOGFAIL_PERMANENT,
	},
	{
		.mark = "Unrouteable address",
		.slots = ADDRESS,
		.what = LOGFAIL_UNROUTED,
		.how = LOGFAIL_PERMANENT,
		.reply = LOGPATTERN_IDLE,
	},
	{
		.mark = "no host name found for IP address ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type = RR_PTR,
		.what = LOGFAIL_PTR,
		.how = LOGFAIL_PERMANENT,
	},
	{
		.mark = "DANE error: tlsa lookup ",
		.slots = { { LOGPATTERN_LINE, " H=" }, { LOGPATTERN_LINE, " == @" } },
		.type = RR_TLSA,
		.what = LOGFAIL_TLSA,
		.how = LOGPATTERN_BY_WORD,
		.words = tlsa,
	},
	{
		.mark = "Could not complete sender verify",
		.slots = { { LOGPATTERN_LINE, " F=<@" } },
		.what = LOGFAIL_UNROUTED,
		.how = LOGFAIL_TEMPORARY,
		.reply = LOGPATTERN_IDLE,
	},
	{
		.mark = "DNS lookup defer",
		.slots = ADDRESS,
		.what = LOGFAIL_ROUTE,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "public key record (currently?) unavailable",
		.slots = { { LOGPATTERN_LAST, "DKIM: d=" } },
		.type = RR_TXT,
		.what = LOGFAIL_DKIM,
		.how = LOGFAIL_UNKNOWN,
	},
};

const struct logpattern_table maillog_exim = { "Exim", rows, ARRAY_LEN(rows) };
