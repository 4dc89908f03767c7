/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Postfix says of look-ups that fail: smtp and smtpd of 3.7. */
#include "base/err.h"
#include "dns/rr.h"
#include "intake/maillog_tables.h"

/* dns_strerror() of Postfix; gai_strerror() of glibc, BSD and musl. */
static const struct logpattern_word reasons[] = {
	{ "Host not found, try again", LOGFAIL_TEMPORARY },
	{ "Host not found", LOGFAIL_PERMANENT },
	{ "no data record of requested type", LOGFAIL_PERMANENT },
	{ "Non-recoverable error", LOGFAIL_PERMANENT },
	{ "Malformed or unexpected name server reply", LOGFAIL_TEMPORARY },
	{ "Temporary failure in name resolution", LOGFAIL_TEMPORARY },
	{ "Name or service not known", LOGFAIL_PERMANENT },
	{ "No address associated with hostname", LOGFAIL_PERMANENT },
	{ "Non-recoverable failure in name resolution", LOGFAIL_PERMANENT },
	{ "nodename nor servname provided", LOGFAIL_PERMANENT },
	{ "Name does not resolve", LOGFAIL_PERMANENT },
	{ "Try again", LOGFAIL_TEMPORARY },
	{ 0 },
};

static const struct logpattern rows[] = {
	{
		.mark = "Name service error for name=",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type_key = " type=",
		.what = LOGPATTERN_TYPED_WHAT,
		.how = LOGFAIL_UNKNOWN,
		.words = reasons,
		.reply = LOGPATTERN_THEIRS,
	},
	{
		.mark = "TLSA lookup error for ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type = RR_TLSA,
		.what = LOGFAIL_TLSA,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = " has a valid address record",
		.slots = { { LOGPATTERN_LAST, "no MX host for " } },
		.what = LOGFAIL_MX_HOSTS,
		.how = LOGFAIL_UNKNOWN,
	},
	{
		.mark = " does not accept mail (nullMX)",
		.slots = { { LOGPATTERN_BEFORE, NULL } },
		.type = RR_MX,
		.what = LOGFAIL_NULL_MX,
		.how = LOGFAIL_PERMANENT,
		.reply = LOGPATTERN_THEIRS,
	},
	{
		.mark = " loops back to myself",
		.slots = { { LOGPATTERN_BEFORE, NULL } },
		.type = RR_MX,
		.what = LOGFAIL_MX_LOOP,
		.how = LOGFAIL_PERMANENT,
	},
	{
		.mark = "Sender address rejected: Domain not found",
		.slots = { { LOGPATTERN_BEFORE, ">: " } },
		.what = LOGFAIL_ROUTE,
		.how = LOGPATTERN_BY_CODE,
		.reply = LOGPATTERN_THEIRS,
	},
	{
		.mark = "Recipient address rejected: Domain not found",
		.slots = { { LOGPATTERN_BEFORE, ">: " } },
		.what = LOGFAIL_ROUTE,
		.how = LOGPATTERN_BY_CODE,
		.reply = LOGPATTERN_THEIRS,
	},
	{
		.mark = "Helo command rejected: Host not found",
		.slots = { { LOGPATTERN_BEFORE, ">: " } },
		.what = LOGFAIL_HELO,
		.how = LOGPATTERN_BY_CODE,
		.reply = LOGPATTERN_THEIRS,
	},
	{
		.mark = "Client host rejected: cannot find your hostname, ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type = RR_PTR,
		.what = LOGFAIL_PTR,
		.how = LOGPATTERN_BY_CODE,
		.reply = LOGPATTERN_THEIRS,
	},
	{
		.mark = "Client host rejected: cannot find your reverse hostname, ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type = RR_PTR,
		.what = LOGFAIL_PTR,
		.how = LOGPATTERN_BY_CODE,
		.reply = LOGPATTERN_THEIRS,
	},
	{
		/* Without a reason behind it the name has other addresses: no look-up failed. */
		.mark = " does not resolve to address ",
		.slots = { { LOGPATTERN_BEFORE, NULL } },
		.what = LOGFAIL_ADDRESS,
		.how = LOGPATTERN_BY_WORD,
		.words = reasons,
	},
	{
		/* "for DOMAIN: ...", "HOST for Sender address ...: ..." */
		.mark = "Unable to look up MX host ",
		.slots = { { LOGPATTERN_BEHIND, NULL }, { LOGPATTERN_REST, "for " } },
		.what = LOGFAIL_ROUTE,
		.how = LOGPATTERN_BY_WORD,
		.words = reasons,
	},
	{
		.mark = "unable to look up host ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.what = LOGFAIL_ADDRESS,
		.how = LOGPATTERN_BY_WORD,
		.words = reasons,
	},
};

const struct logpattern_table maillog_postfix = { "Postfix", rows, ARRAY_LEN(rows) };
