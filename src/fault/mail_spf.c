/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for SPF policies that ask for too much, or lead astray. */
#include <stddef.h>

#include "fault/entries.h"

static const char spf_multiple_explain[] =
	"More than one TXT record begins with v=spf1. Receivers cannot choose: they "
	"must treat that as a permanent error, and some of them reject the domain's own "
	"mail.";
static const char spf_multiple_seen[] =
	"TXT records of the name are counted; those that are no SPF policies do not "
	"matter.";
static const char *const spf_multiple_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const spf_multiple_there[] = {
	"Join them into one record.",
	NULL,
};
static const char *const spf_multiple_refs[] = {
	"RFC 7208 3.2",
	"RFC 7208 4.5",
	NULL,
};

const struct fault fault_spf_multiple = {
	.id = "spf-multiple",
	.title = "Several SPF policies",
	.summary = "[{name} has {count} SPF policies|{subject} has several SPF policies], where "
		   "there must be one",
	.explain = spf_multiple_explain,
	.seen = spf_multiple_seen,
	.advice_here = spf_multiple_here,
	.advice_there = spf_multiple_there,
	.refs = spf_multiple_refs,
};

static const char spf_too_many_lookups_explain[] =
	"The terms include, a, mx, ptr, exists and redirect make a receiver look "
	"something up, and all of them together, those of included policies as well, "
	"may be ten. Past that the policy is a permanent error: senders that stand at "
	"its end are not found, and some receivers reject the mail.\n"
	"\n"
	"Such a policy works for senders that are found early, so it fails for some "
	"mail only.";
static const char spf_too_many_lookups_seen[] =
	"The policy and all that it includes are read, as for a sender that no term "
	"knows: then all look-ups are made.";
static const char *const spf_too_many_lookups_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const spf_too_many_lookups_there[] = {
	"Remove includes of services that are not used any more. Replace a, mx and ptr "
	"by ip4 and ip6.",
	"Give services that send much a subdomain with a policy of its own.",
	NULL,
};
static const char *const spf_too_many_lookups_refs[] = {
	"RFC 7208 4.6.4",
	NULL,
};

const struct fault fault_spf_too_many_lookups = {
	.id = "spf-too-many-lookups",
	.title = "An SPF policy that asks for too many look-ups",
	.summary = "the SPF policy of {subject} takes too many look-ups[: {count}, where {most} "
		   "are allowed]",
	.explain = spf_too_many_lookups_explain,
	.seen = spf_too_many_lookups_seen,
	.advice_here = spf_too_many_lookups_here,
	.advice_there = spf_too_many_lookups_there,
	.refs = spf_too_many_lookups_refs,
};

static const char spf_too_many_voids_explain[] =
	"Names in the policy do not exist, or have no records of the type that is "
	"looked up. Receivers need bear two such void look-ups; with more the policy is "
	"a permanent error, and some of them reject the mail.";
static const char spf_too_many_voids_seen[] =
	"A name counts when it has neither an A nor an AAAA record (for a), no MX (mx), "
	"no TXT (include).";
static const char *const spf_too_many_voids_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const spf_too_many_voids_there[] = {
	"Remove the names that are gone: the list of look-ups shows which they are.",
	NULL,
};
static const char *const spf_too_many_voids_refs[] = {
	"RFC 7208 4.6.4",
	NULL,
};

const struct fault fault_spf_too_many_voids = {
	.id = "spf-too-many-voids",
	.title = "An SPF policy with names that lead nowhere",
	.summary = "too many look-ups of the SPF policy of {subject} find nothing[: {count}, where "
		   "{most} are allowed]",
	.explain = spf_too_many_voids_explain,
	.seen = spf_too_many_voids_seen,
	.advice_here = spf_too_many_voids_here,
	.advice_there = spf_too_many_voids_there,
	.refs = spf_too_many_voids_refs,
};

static const char spf_loop_explain[] =
	"A policy includes another one, and that one leads back to the first. A "
	"receiver runs into its limit of ten look-ups and treats the policy as a "
	"permanent error.";
static const char spf_loop_seen[] =
	"The policies that lead to an include are remembered; one that is met again on "
	"the same way is a loop.";
static const char *const spf_loop_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const spf_loop_there[] = {
	"Take the include out that leads back. A domain never includes itself.",
	NULL,
};
static const char *const spf_loop_refs[] = {
	"RFC 7208 4.6.4",
	"RFC 7208 5.2",
	NULL,
};

const struct fault fault_spf_loop = {
	.id = "spf-loop",
	.title = "SPF policies that include each other",
	.summary = "the SPF policy of {subject} leads back to itself",
	.explain = spf_loop_explain,
	.seen = spf_loop_seen,
	.advice_here = spf_loop_here,
	.advice_there = spf_loop_there,
	.refs = spf_loop_refs,
};

static const char spf_include_broken_explain[] =
	"An include or redirect leads to a name without an SPF policy. Receivers treat "
	"that as a permanent error of the whole policy, and some of them reject the "
	"domain's own mail. It happens when a service ends, or when a name is misspelt.";
static const char spf_include_broken_seen[] =
	"TXT of the name is denied, or none of its records begins with v=spf1.";
static const char *const spf_include_broken_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const spf_include_broken_there[] = {
	"Correct the name, or take the term out.",
	NULL,
};
static const char *const spf_include_broken_refs[] = {
	"RFC 7208 5.2",
	"RFC 7208 6.1",
	NULL,
};

const struct fault fault_spf_include_broken = {
	.id = "spf-include-broken",
	.title = "An SPF policy that includes none",
	.summary = "the SPF policy of {subject} includes a name that has none[: {name}]",
	.explain = spf_include_broken_explain,
	.seen = spf_include_broken_seen,
	.advice_here = spf_include_broken_here,
	.advice_there = spf_include_broken_there,
	.refs = spf_include_broken_refs,
};
