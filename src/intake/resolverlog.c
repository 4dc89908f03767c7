/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What resolvers say of look-ups that fail. */
#include "intake/resolverlog.h"

#include "base/err.h"

/*
 * What one server did is no failure of the look-up yet; what BIND says of one server's signatures
 * is none either, while another one may have better ones. A resolver's failure is temporary:
 * SERVFAIL.
 */

/* query failed (REFUSED) is our own refusal to serve a client. */
static const struct logpattern_word refused[] = {
	{ "REFUSED) for ", LOGPATTERN_NOT },
	{ 0 },
};

static const struct logpattern_word servfail[] = {
	{ "rcode=2", LOGFAIL_TEMPORARY },
	{ 0 },
};

static const struct logpattern_word invalid[] = {
	{ "no valid signature found", LOGFAIL_TEMPORARY },
	{ "no valid RRSIG", LOGFAIL_TEMPORARY },
	{ "broken trust chain", LOGFAIL_TEMPORARY },
	{ "insecurity proof failed", LOGFAIL_TEMPORARY },
	{ "verify failed", LOGFAIL_TEMPORARY },
	{ "no valid NSEC", LOGFAIL_TEMPORARY },
	{ "must be secure", LOGFAIL_TEMPORARY },
	{ 0 },
};

static const struct logpattern named[] = {
	{
		.mark = ": query failed (",
		.slots = { { LOGPATTERN_REST, ") for " } },
		.type_key = "/IN/",
		.what = LOGFAIL_QUERY,
		.how = LOGFAIL_TEMPORARY,
		.words = refused,
	},
	{
		.mark = "servfail cache hit ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type_key = "/",
		.what = LOGFAIL_QUERY,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "fetch completed at ",
		.slots = { { LOGPATTERN_REST, " for " } },
		.type_key = "/",
		.what = LOGFAIL_QUERY,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = " resolving '",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type_key = "/",
		.what = LOGFAIL_SERVER,
		.how = LOGFAIL_UNKNOWN,
	},
	{
		.mark = "DNS format error from ",
		.slots = { { LOGPATTERN_REST, " resolving " } },
		.type_key = "/",
		.what = LOGFAIL_SERVER,
		.how = LOGFAIL_UNKNOWN,
	},
	{
		.mark = "validating ",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type_key = "/",
		.what = LOGFAIL_QUERY,
		.how = LOGPATTERN_BY_WORD,
		.words = invalid,
	},
};

static const struct logpattern unbound[] = {
	{
		.mark = "SERVFAIL <",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type_key = " ",
		.what = LOGFAIL_QUERY,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "validation failure <",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type_key = " ",
		.what = LOGFAIL_QUERY,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = " IN SERVFAIL ",
		.slots = { { LOGPATTERN_TYPED, NULL } },
		.what = LOGFAIL_QUERY,
		.how = LOGFAIL_TEMPORARY,
	},
};

static const struct logpattern powerdns[] = {
	{
		.mark = "answer to question '",
		.slots = { { LOGPATTERN_BEHIND, NULL } },
		.type_key = "|",
		.what = LOGFAIL_QUERY,
		.how = LOGPATTERN_BY_WORD,
		.words = servfail,
	},
	{
		.mark = " rcode=\"2\"",
		.slots = { { LOGPATTERN_LAST, " qname=\"" } },
		.type_key = "\" qtype=\"",
		.what = LOGFAIL_QUERY,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = "Sending SERVFAIL to ",
		.slots = { { LOGPATTERN_REST, "during resolve of '" } },
		.what = LOGFAIL_QUERY,
		.how = LOGFAIL_TEMPORARY,
	},
	{
		.mark = ": Failed to resolve via any of the ",
		.slots = { { LOGPATTERN_BEFORE, NULL } },
		.what = LOGFAIL_QUERY,
		.how = LOGFAIL_TEMPORARY,
	},
};

static const struct logpattern knot[] = {
	{
		.mark = "noting selection error: ",
		.slots = { { LOGPATTERN_REST, "zone cut: '" } },
		.what = LOGFAIL_SERVER,
		.how = LOGFAIL_UNKNOWN,
	},
};

static const struct logpattern_table tables[] = {
	{ "BIND", named, ARRAY_LEN(named) },
	{ "Unbound", unbound, ARRAY_LEN(unbound) },
	{ "PowerDNS Recursor", powerdns, ARRAY_LEN(powerdns) },
	{ "Knot Resolver", knot, ARRAY_LEN(knot) },
};

const struct logpattern_table *const resolverlog_tables[] = {
	&tables[0],
	&tables[1],
	&tables[2],
	&tables[3],
	NULL,
};

struct logread *resolverlog_new(
	struct arena *a, struct logfails *fails, const struct logstamp_clock *clock)
{
	return logread_new(a, &(struct logread_settings){ resolverlog_tables, fails, *clock });
}
