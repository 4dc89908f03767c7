/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what SOA records say: the primary server, the contact, the times. */
#include <stddef.h>

#include "fault/entries.h"

static const char mname_not_primary_explain[] =
	"The first name in a zone's SOA record, MNAME, is that of the primary server: the one "
	"at which the zone is edited. Here that name leads nowhere, or to a server that does "
	"not have the zone, or not its latest version.\n"
	"\n"
	"Nobody who looks up names uses it, so lookups do not suffer. Dynamic updates are sent "
	"there, and secondaries leave that server out when they send notifications; both go "
	"wrong. The name \".\" is a custom that says that there is no such server for updates.";
static const char mname_not_primary_seen[] =
	"The name is looked up, and each of its addresses is asked for the zone's SOA record. "
	"The serial found there is compared with those of the zone's name servers (RFC 1982). "
	"A name that has an alias record is `mname-is-alias`.";
static const char *const mname_not_primary_here[] = {
	"Nothing can be mended from here. Only dynamic updates need this name: give them the "
	"server by its own.",
	NULL,
};
static const char *const mname_not_primary_there[] = {
	"Put the name of the server at which the zone is edited into the SOA record. A hidden "
	"one does no harm, if whoever is to send updates can reach it.",
	"When its serial lags behind, look for a second place at which the zone is edited.",
	NULL,
};
static const char *const mname_not_primary_refs[] = {
	"RFC 1035 3.3.13",
	"RFC 1996 2",
	"RFC 2136 1",
	"RFC 2181 7.3",
	"zonemaster:Z01_MNAME_HAS_LOCALHOST_ADDR",
	"zonemaster:Z01_MNAME_IS_DOT",
	"zonemaster:Z01_MNAME_IS_LOCALHOST",
	"zonemaster:Z01_MNAME_MISSING_SOA_RECORD",
	"zonemaster:Z01_MNAME_NOT_AUTHORITATIVE",
	"zonemaster:Z01_MNAME_NOT_MASTER",
	"zonemaster:Z01_MNAME_NOT_RESOLVE",
	"zonemaster:Z01_MNAME_NO_RESPONSE",
	"zonemaster:Z01_MNAME_UNEXPECTED_RCODE",
	"zonemaster:MNAME_HAS_NO_ADDRESS",
	NULL,
};

const struct fault fault_mname_not_primary = {
	.id = "mname-not-primary",
	.title = "The SOA record does not lead to the primary server",
	.summary = "the primary server that the SOA record of {subject} names is not one[: {ns}]",
	.explain = mname_not_primary_explain,
	.seen = mname_not_primary_seen,
	.advice_here = mname_not_primary_here,
	.advice_there = mname_not_primary_there,
	.refs = mname_not_primary_refs,
};

static const char mname_is_alias_explain[] =
	"The name of the primary server in the zone's SOA record owns a CNAME record. Names of "
	"servers are meant to be the real ones: software that takes the name for its "
	"addresses, as for dynamic updates, may not follow the alias.\n"
	"\n"
	"Lookups do not use this name.";
static const char mname_is_alias_seen[] =
	"The addresses of the name are looked up, and the answer begins with an alias. Aliases "
	"behind NS records are `ns-is-alias`, behind MX records `mx-is-alias`.";
static const char *const mname_is_alias_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const mname_is_alias_there[] = {
	"Put the name that the alias leads to into the SOA record.",
	NULL,
};
static const char *const mname_is_alias_refs[] = {
	"RFC 1912 2.4",
	"RFC 2181 10.3",
	"zonemaster:MNAME_IS_CNAME",
	NULL,
};

const struct fault fault_mname_is_alias = {
	.id = "mname-is-alias",
	.title = "The primary server in the SOA record is an alias",
	.summary = "the primary server that the SOA record of {subject} names is an alias[: {ns}]",
	.explain = mname_is_alias_explain,
	.seen = mname_is_alias_seen,
	.advice_here = mname_is_alias_here,
	.advice_there = mname_is_alias_there,
	.refs = mname_is_alias_refs,
};

static const char soa_timers_out_of_range_explain[] =
	"The SOA record says how often secondary servers look for a new version of the zone "
	"(refresh), how soon they try again when that failed (retry), how long they serve the "
	"zone without having reached the primary (expire), and how long resolvers may remember "
	"that a name does not exist (minimum).\n"
	"\n"
	"Short times cost traffic, and a short expire makes the zone vanish from its "
	"secondaries during an outage that they should have bridged. A long minimum makes a "
	"new name invisible for that long to those who asked for it too early.";
static const char soa_timers_out_of_range_seen[] =
	"The first server that answers with authority tells the times; they are compared with "
	"fixed bounds: refresh at least 4 hours, retry at least 1 hour, expire at least 7 days "
	"and not below refresh, minimum between 5 minutes and 1 day. A primary that notifies "
	"its secondaries can do with less.";
static const char *const soa_timers_out_of_range_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const soa_timers_out_of_range_there[] = {
	"Change the times in the SOA record. Usual values are refresh 14400 to 86400, retry "
	"3600 to 7200, expire 604800 to 3600000, minimum 300 to 86400 seconds.",
	"Keep expire a multiple of refresh.",
	NULL,
};
static const char *const soa_timers_out_of_range_refs[] = {
	"RFC 1035 3.3.13",
	"RFC 1912 2.2",
	"RFC 2308 5",
	"zonemaster:REFRESH_MINIMUM_VALUE_LOWER",
	"zonemaster:RETRY_MINIMUM_VALUE_LOWER",
	"zonemaster:EXPIRE_LOWER_THAN_REFRESH",
	"zonemaster:EXPIRE_MINIMUM_VALUE_LOWER",
	"zonemaster:SOA_DEFAULT_TTL_MAXIMUM_VALUE_HIGHER",
	"zonemaster:SOA_DEFAULT_TTL_MAXIMUM_VALUE_LOWER",
	NULL,
};

const struct fault fault_soa_timers_out_of_range = {
	.id = "soa-timers-out-of-range",
	.title = "A time in the SOA record is too short or too long",
	.summary = "a time in the SOA record of {subject} is too short or too long",
	.explain = soa_timers_out_of_range_explain,
	.seen = soa_timers_out_of_range_seen,
	.advice_here = soa_timers_out_of_range_here,
	.advice_there = soa_timers_out_of_range_there,
	.refs = soa_timers_out_of_range_refs,
};

static const char multiple_soa_explain[] =
	"A zone has exactly one SOA record. These servers give several at once, so there is no "
	"telling which serial and times are meant.\n"
	"\n"
	"Some resolvers treat such a reply as malformed and ask the next server; some "
	"secondaries refuse to transfer the zone. Negative answers carry the SOA record as "
	"well, so they are hit, too.";
static const char multiple_soa_seen[] =
	"Each server is asked for the SOA record, and records of that type in the answer "
	"section are counted. Servers that give one record each, but not the same, are "
	"`serial-mismatch` or `soa-mismatch`.";
static const char *const multiple_soa_here[] = {
	"Nothing can be mended from here. Servers that are not named here answer properly.",
	NULL,
};
static const char *const multiple_soa_there[] = {
	"Remove all but one SOA record. Servers on databases, and scripts that write zones, "
	"are the usual source.",
	NULL,
};
static const char *const multiple_soa_refs[] = {
	"RFC 1035 5.2",
	"RFC 2181 6.1",
	"zonemaster:MULTIPLE_SOA",
	NULL,
};

const struct fault fault_multiple_soa = {
	.id = "multiple-soa",
	.title = "A zone with more than one SOA record",
	.summary = "servers of {subject} answer with more than one SOA record[: {servers}]",
	.explain = multiple_soa_explain,
	.seen = multiple_soa_seen,
	.advice_here = multiple_soa_here,
	.advice_there = multiple_soa_there,
	.refs = multiple_soa_refs,
};

static const char rname_unusable_explain[] =
	"The second name in a zone's SOA record, RNAME, is a mail address written as a name: "
	"the first dot stands for the at sign, and a dot left of it is written with a "
	"backslash before it. Here it makes no mail address, or its domain has no mail server "
	"that can be found.\n"
	"\n"
	"Lookups do not suffer. But whoever finds the zone broken, as this report does, cannot "
	"tell the people who could mend it.";
static const char rname_unusable_seen[] =
	"RNAME is turned into a mail address, whose form is checked, and whose domain's mail "
	"servers and their addresses are looked up. No mail is sent.";
static const char *const rname_unusable_here[] = {
	"Look for another contact: the registry's data of the domain, or the operator of the "
	"name servers.",
	NULL,
};
static const char *const rname_unusable_there[] = {
	"Write the address with dots only: hostmaster@example.com becomes "
	"hostmaster.example.com.",
	"Use an address at a domain whose mail servers exist and are no aliases, best not in "
	"the zone itself.",
	NULL,
};
static const char *const rname_unusable_refs[] = {
	"RFC 1035 3.3.13",
	"RFC 1912 2.2",
	"RFC 2142 7",
	"RFC 5322 3.4.1",
	"zonemaster:RNAME_MISUSED_AT_SIGN",
	"zonemaster:RNAME_RFC822_INVALID",
	"zonemaster:RNAME_MAIL_DOMAIN_INVALID",
	NULL,
};

const struct fault fault_rname_unusable = {
	.id = "rname-unusable",
	.title = "The contact in the SOA record cannot get mail",
	.summary = "mail to the contact in the SOA record of {subject} does not arrive[: {rname}]",
	.explain = rname_unusable_explain,
	.seen = rname_unusable_seen,
	.advice_here = rname_unusable_here,
	.advice_there = rname_unusable_there,
	.refs = rname_unusable_refs,
};
