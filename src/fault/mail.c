/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what zones say of mail: MX records and SPF policies. */
#include <stddef.h>

#include "fault/entries.h"

static const char missing_mx_explain[] =
	"The zone says neither where mail for its domain goes nor that there is none. Senders "
	"then try the addresses of the name itself, which is hardly ever meant, and keep mail "
	"in their queues for days when nobody listens there.\n"
	"\n"
	"Lookups do not suffer, and for a domain that is not used for mail this is only untidy.";
static const char missing_mx_seen[] =
	"All servers that are in charge of the zone are asked for MX, and none has one. The "
	"root, top-level domains and names below arpa are left out.";
static const char *const missing_mx_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const missing_mx_there[] = {
	"Add MX records; or, when there is to be no mail, the null MX: preference 0, target "
	"\".\".",
	NULL,
};
static const char *const missing_mx_refs[] = {
	"RFC 2142 7",
	"RFC 5321 5.1",
	"RFC 7505",
	"zonemaster:Z09_MISSING_MAIL_TARGET",
	NULL,
};

const struct fault fault_missing_mx = {
	.id = "missing-mx",
	.title = "A domain without MX record",
	.summary = "{subject} has no MX record",
	.explain = missing_mx_explain,
	.seen = missing_mx_seen,
	.advice_here = missing_mx_here,
	.advice_there = missing_mx_there,
	.refs = missing_mx_refs,
};

static const char missing_spf_explain[] =
	"No TXT record of the zone says which hosts send mail in the name of this domain. "
	"Receivers cannot tell forged mail from true mail by it, and several large ones treat "
	"all mail of such a domain with suspicion.\n"
	"\n"
	"Lookups do not suffer.";
static const char missing_spf_seen[] =
	"All servers that are in charge of the zone are asked for TXT, and no record begins "
	"with \"v=spf1\". The root, top-level domains and names below arpa are left out.";
static const char *const missing_spf_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const missing_spf_there[] = {
	"Publish a TXT record that begins with v=spf1 and lists the hosts that send the "
	"domain's mail.",
	"A domain that sends none has \"v=spf1 -all\".",
	NULL,
};
static const char *const missing_spf_refs[] = {
	"RFC 7208 3",
	"RFC 7208 4.5",
	"zonemaster:Z11_NO_SPF_FOUND",
	NULL,
};

const struct fault fault_missing_spf = {
	.id = "missing-spf",
	.title = "A domain without SPF policy",
	.summary = "{subject} has no SPF policy",
	.explain = missing_spf_explain,
	.seen = missing_spf_seen,
	.advice_here = missing_spf_here,
	.advice_there = missing_spf_there,
	.refs = missing_spf_refs,
};

static const char mx_lost_explain[] =
	"An MX record names a mail server that has no address: the name does not exist, or has "
	"neither an A nor an AAAA record. A sender that comes to it cannot deliver. When all mail "
	"servers of the domain are like that, mail bounces, at once or after days of trying; when "
	"others are there, it goes to them.";
static const char mx_lost_seen[] =
	"The MX records are looked up as a sender does, and then the addresses of each name in "
	"them. Only a denial counts, not silence.";
static const char *const mx_lost_here[] = {
	"Mail that has to get there now can be given a fixed route, to an address that the "
	"operator tells.",
	NULL,
};
static const char *const mx_lost_there[] = {
	"Give the mail server's name its address records, or take the MX record out.",
	"A domain that takes no mail says so by one record: MX 0 . (RFC 7505).",
	NULL,
};
static const char *const mx_lost_refs[] = {
	"RFC 5321 5.1",
	"RFC 7505 3",
	NULL,
};

const struct fault fault_mx_without_address = {
	.id = "mx-without-address",
	.title = "An MX record that leads to no address",
	.summary = "mail servers of {subject} have no address[: {ns}]",
	.explain = mx_lost_explain,
	.seen = mx_lost_seen,
	.advice_here = mx_lost_here,
	.advice_there = mx_lost_there,
	.refs = mx_lost_refs,
};

static const char mx_is_alias_explain[] =
	"The name that an MX record gives as mail server owns a CNAME record. That is "
	"forbidden: a server cannot recognise itself in the list of mail servers any more, and "
	"mail can go in circles.\n"
	"\n"
	"Resolvers follow the alias, so the lookup works. Most senders deliver, some refuse.";
static const char mx_is_alias_seen[] =
	"The address of each mail server is looked up, and the answer begins with an alias. "
	"Aliases behind NS records are `ns-is-alias`.";
static const char *const mx_is_alias_here[] = {
	"When a sender of yours refuses, deliver to the name that the alias leads to by a rule "
	"of its own.",
	NULL,
};
static const char *const mx_is_alias_there[] = {
	"Name the server itself in the MX record, or give the name address records instead of "
	"the alias.",
	NULL,
};
static const char *const mx_is_alias_refs[] = {
	"RFC 2181 10.3",
	"RFC 5321 5.1",
	"zonemaster:MX_RECORD_IS_CNAME",
	NULL,
};

const struct fault fault_mx_is_alias = {
	.id = "mx-is-alias",
	.title = "An MX record that names an alias",
	.summary = "an MX record of {subject} names an alias[: {mailtarget_list}]",
	.explain = mx_is_alias_explain,
	.seen = mx_is_alias_seen,
	.advice_here = mx_is_alias_here,
	.advice_there = mx_is_alias_there,
	.refs = mx_is_alias_refs,
};

static const char null_mx_malformed_explain[] =
	"An MX record with the root as its target says that a domain takes no mail. It has to "
	"be the only one, with preference 0. Here it has company, or another preference.\n"
	"\n"
	"Senders read that in different ways: some give up at once, some try the other "
	"servers, some look for the address of the root.";
static const char null_mx_malformed_seen[] =
	"The MX records of all servers are the same, and one of them has \".\" as target.";
static const char *const null_mx_malformed_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const null_mx_malformed_there[] = {
	"For a domain without mail leave just one MX record: preference 0, target \".\".",
	"For a domain with mail remove that record.",
	NULL,
};
static const char *const null_mx_malformed_refs[] = {
	"RFC 7505 3",
	"zonemaster:Z09_NULL_MX_WITH_OTHER_MX",
	"zonemaster:Z09_NULL_MX_NON_ZERO_PREF",
	NULL,
};

const struct fault fault_null_mx_malformed = {
	.id = "null-mx-malformed",
	.title = "An MX record that says \"no mail\", and something else",
	.summary =
		"the record by which {subject} says that there is no mail is not as it should be",
	.explain = null_mx_malformed_explain,
	.seen = null_mx_malformed_seen,
	.advice_here = null_mx_malformed_here,
	.advice_there = null_mx_malformed_there,
	.refs = null_mx_malformed_refs,
};

static const char spf_invalid_explain[] =
	"The TXT record with the domain's SPF policy does not follow the grammar, or there are "
	"several. Receivers must then treat the policy as a permanent error: it protects "
	"nothing, and some of them refuse or mark the domain's own mail.\n"
	"\n"
	"Lookups do not suffer.";
static const char spf_invalid_seen[] =
	"All servers have the same TXT records; those that begin with \"v=spf1\" are counted "
	"and read term by term. What a policy includes from other domains is not looked at. "
	"Servers that have different policies are `answer-mismatch`.";
static const char *const spf_invalid_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const spf_invalid_there[] = {
	"Correct the term that is shown. Usual slips: ipv4: for ip4:, a blank behind the "
	"colon, a name without any dot, commas.",
	"Join several policies into one record.",
	NULL,
};
static const char *const spf_invalid_refs[] = {
	"RFC 7208 3.2",
	"RFC 7208 4.6",
	"RFC 7208 12",
	"zonemaster:Z11_SPF_MULTIPLE_RECORDS",
	"zonemaster:Z11_SPF_SYNTAX_ERROR",
	NULL,
};

const struct fault fault_spf_invalid = {
	.id = "spf-invalid",
	.title = "An SPF policy that receivers cannot use",
	.summary = "the SPF policy of {subject} cannot be used",
	.explain = spf_invalid_explain,
	.seen = spf_invalid_seen,
	.advice_here = spf_invalid_here,
	.advice_there = spf_invalid_there,
	.refs = spf_invalid_refs,
};

static const char unexpected_mail_domain_explain[] =
	"The root, top-level domains and names below arpa hold up the naming system and are "
	"not meant to be mail domains. Addresses whose domain has no dot do not work with most "
	"software, and may mean somebody else's host in a local network.\n"
	"\n"
	"Lookups do not suffer.";
static const char unexpected_mail_domain_seen[] =
	"The zone has MX records other than the null one, or an SPF policy other than \"-all\".";
static const char *const unexpected_mail_domain_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const unexpected_mail_domain_there[] = {
	"Remove the MX records or replace them by the null MX; let the SPF policy be \"v=spf1 "
	"-all\".",
	NULL,
};
static const char *const unexpected_mail_domain_refs[] = {
	"RFC 3172",
	"RFC 5321 2.3.5",
	"RFC 7085",
	"RFC 7505",
	"zonemaster:Z09_TLD_EMAIL_DOMAIN",
	"zonemaster:Z09_ROOT_EMAIL_DOMAIN",
	"zonemaster:Z11_NON_NULL_SPF_NON_MAIL_DOMAIN",
	NULL,
};

const struct fault fault_unexpected_mail_domain = {
	.id = "unexpected-mail-domain",
	.title = "Mail for a name of the infrastructure",
	.summary = "{subject} is a name of the infrastructure and is set up for mail",
	.explain = unexpected_mail_domain_explain,
	.seen = unexpected_mail_domain_seen,
	.advice_here = unexpected_mail_domain_here,
	.advice_there = unexpected_mail_domain_there,
	.refs = unexpected_mail_domain_refs,
};
