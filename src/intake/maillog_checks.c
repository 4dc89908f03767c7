/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What checks of SPF, DKIM and DMARC say of look-ups that fail: pyspf, OpenDKIM, rspamd 3.4, and
 * Authentication-Results (RFC 8601) where a log has them.
 */
#include "base/err.h"
#include "dns/rr.h"
#include "intake/maillog_tables.h"

/* Of rspamd's resolver, and of libopendkim. */
static const struct logpattern_word reasons[] = {
	{ "timed out", LOGFAIL_TEMPORARY },
	{ "server fail", LOGFAIL_TEMPORARY },
	{ "query refused", LOGFAIL_TEMPORARY },
	{ "network error", LOGFAIL_TEMPORARY },
	{ "query failed", LOGFAIL_TEMPORARY },
	{ "no records with this name", LOGFAIL_PERMANENT },
	{ "requested record is not found", LOGFAIL_PERMANENT },
	{ "record not found", LOGFAIL_PERMANENT },
	{ 0 },
};

static const struct logpattern rows[] = {
	{
		.mark = "SPF Temporary Error: DNS ",
		.slots = { { LOGPATTERN_LINE, "from=<@" }, { LOGPATTERN_LINE, "envelope-from=" } },
		.type = RR_TXT,
		.what = LOGFAIL_SPF,
		.how = LOGFAIL_TEMPORARY,
		.reply = LOGPATTERN_THEIRS,
	},
	{
		.mark = "Received-SPF: Temperror",
		.slots = { { LOGPATTERN_REST, "envelope-from=" } },
		.type = RR_TXT,
		.what = LOGFAIL_SPF,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "key retrieval failed (s=",
		.slots = { { LOGPATTERN_REST, ", d=" } },
		.type = RR_TXT,
		.what = LOGFAIL_DKIM,
		.how = LOGFAIL_UNKNOWN,
		.words = reasons,
	},
	{
		/* The name that is looked up may hold parts of an address; its owner's does not. */
		.mark = "spf error for domain ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type = RR_TXT,
		.what = LOGFAIL_SPF,
		.how = LOGFAIL_UNKNOWN,
		.words = reasons,
	},
	{
		/* Lists are asked for hashes of addresses, and SPF's macros put local parts into
		   names. */
		.mark = "dns request to ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.what = LOGFAIL_QUERY,
		.how = LOGFAIL_UNKNOWN,
		.words = reasons,
		.keys = true,
	},
	{
		.mark = "R_SPF_DNSFAIL(",
		.slots = { { LOGPATTERN_LINE, " from: <@" } },
		.type = RR_TXT,
		.what = LOGFAIL_SPF,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "R_DKIM_TEMPFAIL(",
		.slots = { { LOGPATTERN_REST, "{" } },
		.type = RR_TXT,
		.what = LOGFAIL_DKIM,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "DMARC_DNSFAIL(",
		.slots = { { LOGPATTERN_REST, "{" } },
		.type = RR_TXT,
		.what = LOGFAIL_DMARC,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "ARC_DNSFAIL(",
		.slots = { { LOGPATTERN_LINE, " from: <@" } },
		.type = RR_TXT,
		.what = LOGFAIL_TXT,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "RDNS_DNSFAIL(",
		.slots = { { LOGPATTERN_LINE, " ip: " } },
		.type = RR_PTR,
		.what = LOGFAIL_PTR,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "spf=temperror",
		.slots = { { LOGPATTERN_REST, "smtp.mailfrom=" },
			{ LOGPATTERN_REST, "smtp.helo=" } },
		.type = RR_TXT,
		.what = LOGFAIL_SPF,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "dkim=temperror",
		.slots = { { LOGPATTERN_REST, "header.d=" }, { LOGPATTERN_REST, "header.i=" } },
		.type = RR_TXT,
		.what = LOGFAIL_DKIM,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "dmarc=temperror",
		.slots = { { LOGPATTERN_REST, "header.from=" } },
		.type = RR_TXT,
		.what = LOGFAIL_DMARC,
		.how = LOGFAIL_TEMPORARY,
	},
};

const struct logpattern_table maillog_checks = { "checks of SPF, DKIM and DMARC", rows,
	ARRAY_LEN(rows) };
