/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for policies about the encryption of mail: DANE, MTA-STS, reports. */
#include <stddef.h>

#include "fault/entries.h"

static const char tlsa_lookup_fails_explain[] =
	"The zone of the mail server is signed, so senders that do DANE look for TLSA "
	"records of it. They must know for sure that there are none before they deliver "
	"without them: else anybody who breaks the look-up could switch encryption off. "
	"So they keep the mail (4.7.5) until the look-up works.\n"
	"\n"
	"Servers, or filters in front of them, that drop questions for this type, and "
	"proofs of absence that do not validate, are the usual reasons. Senders without "
	"DANE notice nothing.";
static const char tlsa_lookup_fails_seen[] =
	"TLSA is looked up only where the MX records and the addresses are secure, as "
	"senders do. A denial that validates is fine. An unsigned name below a signed "
	"one is fine, too: nobody looks for TLSA there.";
static const char *const tlsa_lookup_fails_here[] = {
	"To get mail out, switch DANE off for this destination. That gives up its "
	"protection.",
	NULL,
};
static const char *const tlsa_lookup_fails_there[] = {
	"Mend the signatures of the denial (sign the zone again), or the server or "
	"filter that drops the type.",
	NULL,
};
static const char *const tlsa_lookup_fails_refs[] = {
	"RFC 7672 2.1.2",
	"RFC 7672 2.2",
	"RFC 6698",
	NULL,
};

const struct fault fault_tlsa_lookup_fails = {
	.id = "tlsa-lookup-fails",
	.title = "TLSA records that cannot be looked up",
	.summary = "whether [{name} has|a mail server of {subject} has] TLSA records cannot be "
		   "found out[ ({result})][: mail is {consequence}]",
	.explain = tlsa_lookup_fails_explain,
	.seen = tlsa_lookup_fails_seen,
	.advice_here = tlsa_lookup_fails_here,
	.advice_there = tlsa_lookup_fails_there,
	.refs = tlsa_lookup_fails_refs,
};

static const char mta_sts_invalid_explain[] =
	"The TXT record says that there is a policy about TLS for mail to the domain. "
	"It does not follow the grammar, or there are several of them. Senders then act "
	"as if there was none: mail is delivered, but without the protection that was "
	"meant.";
static const char mta_sts_invalid_seen[] = "Records that begin with v=STSv1 are counted and read.";
static const char *const mta_sts_invalid_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const mta_sts_invalid_there[] = {
	"Leave one record, as in: v=STSv1; id=20260101000000",
	NULL,
};
static const char *const mta_sts_invalid_refs[] = {
	"RFC 8461 3.1",
	NULL,
};

const struct fault fault_mta_sts_invalid = {
	.id = "mta-sts-invalid",
	.title = "An MTA-STS record that senders ignore",
	.summary = "the MTA-STS record of {subject} is ignored by senders[: {why}]",
	.explain = mta_sts_invalid_explain,
	.seen = mta_sts_invalid_seen,
	.advice_here = mta_sts_invalid_here,
	.advice_there = mta_sts_invalid_there,
	.refs = mta_sts_invalid_refs,
};

static const char mta_sts_without_host_explain[] =
	"The TXT record says that there is a policy, and senders fetch it by HTTPS from "
	"the host mta-sts below the domain. That name has no address, so no new sender "
	"gets the policy: mail is delivered without it. Who fetched it earlier goes by "
	"his copy until its time is over.";
static const char mta_sts_without_host_seen[] =
	"The addresses are looked up only when the TXT record is one that can be used. "
	"The policy itself is not fetched.";
static const char *const mta_sts_without_host_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const mta_sts_without_host_there[] = {
	"Give the host its address records and serve the policy there, or remove the "
	"TXT record.",
	NULL,
};
static const char *const mta_sts_without_host_refs[] = {
	"RFC 8461 3.2",
	"RFC 8461 3.3",
	NULL,
};

const struct fault fault_mta_sts_without_host = {
	.id = "mta-sts-without-host",
	.title = "An MTA-STS policy that cannot be fetched",
	.summary = "the host of the MTA-STS policy of {subject} has no address[: {name}]",
	.explain = mta_sts_without_host_explain,
	.seen = mta_sts_without_host_seen,
	.advice_here = mta_sts_without_host_here,
	.advice_there = mta_sts_without_host_there,
	.refs = mta_sts_without_host_refs,
};

static const char tls_reporting_invalid_explain[] =
	"The TXT record that says where reports about failed encryption go does not "
	"follow the grammar, or there are several of them. No reports come. Delivery "
	"does not suffer.";
static const char tls_reporting_invalid_seen[] =
	"Records that begin with v=TLSRPTv1 are counted and read.";
static const char *const tls_reporting_invalid_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const tls_reporting_invalid_there[] = {
	"Leave one record, as in: v=TLSRPTv1; rua=mailto:tls-reports@example.com",
	NULL,
};
static const char *const tls_reporting_invalid_refs[] = {
	"RFC 8460 3",
	NULL,
};

const struct fault fault_tls_reporting_invalid = {
	.id = "tls-reporting-invalid",
	.title = "A record for TLS reports that senders ignore",
	.summary = "the record for TLS reports of {subject} is ignored[: {why}]",
	.explain = tls_reporting_invalid_explain,
	.seen = tls_reporting_invalid_seen,
	.advice_here = tls_reporting_invalid_here,
	.advice_there = tls_reporting_invalid_there,
	.refs = tls_reporting_invalid_refs,
};

static const char tls_policy_lookup_fails_explain[] =
	"Senders cannot learn whether there is a policy about TLS for mail to the "
	"domain, or where reports about it go. They deliver all the same: without the "
	"policy, or by a copy that they fetched earlier.";
static const char tls_policy_lookup_fails_seen[] =
	"The names of MTA-STS and of TLS reports are looked up below the domain.";
static const char *const tls_policy_lookup_fails_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const tls_policy_lookup_fails_there[] = {
	"Find out why the zone's servers do not answer for that name: dnsfault NAME TXT "
	"says more.",
	NULL,
};
static const char *const tls_policy_lookup_fails_refs[] = {
	"RFC 8461 3.1",
	"RFC 8460 3",
	NULL,
};

const struct fault fault_tls_policy_lookup_fails = {
	.id = "tls-policy-lookup-fails",
	.title = "A policy about TLS that cannot be looked up",
	.summary = "[{name} {types}|a policy about TLS of {subject}] cannot be looked up[ "
		   "({result})][: {consequence}]",
	.explain = tls_policy_lookup_fails_explain,
	.seen = tls_policy_lookup_fails_seen,
	.advice_here = tls_policy_lookup_fails_here,
	.advice_there = tls_policy_lookup_fails_there,
	.refs = tls_policy_lookup_fails_refs,
};
