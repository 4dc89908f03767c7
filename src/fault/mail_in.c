/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what a receiver looks up about a sender: names, DKIM, DMARC. */
#include <stddef.h>

#include "fault/entries.h"

static const char receiver_lookup_fails_explain[] =
	"A receiver checks the name of the address that sends, the name it gives, and "
	"the policies and keys of its domain. One of these look-ups gets no answer. "
	"Careful receivers then ask the sender to come again later; others go on "
	"without what they could not learn, and the mail counts for less.";
static const char receiver_lookup_fails_seen[] =
	"Silence, SERVFAIL, REFUSED and signatures that do not validate count. A denial "
	"is an answer, and has findings of its own.";
static const char *const receiver_lookup_fails_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const receiver_lookup_fails_there[] = {
	"Find out why the servers of that name do not answer: dnsfault NAME TYPE says "
	"more.",
	NULL,
};
static const char *const receiver_lookup_fails_refs[] = {
	"RFC 7208 2.6.6",
	"RFC 7208 8.6",
	"RFC 6376 6.1.2",
	NULL,
};

const struct fault fault_receiver_lookup_fails = {
	.id = "receiver-lookup-fails",
	.title = "A look-up of receivers that fails",
	.summary = "[{name} {types}, which receivers look up,|what receivers look up of {subject}] "
		   "cannot be looked up[ ({result})][: {consequence}]",
	.explain = receiver_lookup_fails_explain,
	.seen = receiver_lookup_fails_seen,
	.advice_here = receiver_lookup_fails_here,
	.advice_there = receiver_lookup_fails_there,
	.refs = receiver_lookup_fails_refs,
};

static const char helo_unresolved_explain[] =
	"A mail server says its name when it connects. This name has neither an A nor "
	"an AAAA record. Many receivers refuse such a client (\"Helo command rejected: "
	"Host not found\").";
static const char helo_unresolved_seen[] =
	"The name of --helo is looked up for A and AAAA, and both are denied.";
static const char *const helo_unresolved_here[] = {
	"Set the name that the mail server gives to one that has an address: myhostname "
	"or smtp_helo_name in Postfix, primary_hostname in Exim.",
	NULL,
};
static const char *const helo_unresolved_there[] = {
	"Give the name its address records.",
	NULL,
};
static const char *const helo_unresolved_refs[] = {
	"RFC 5321 4.1.1.1",
	"RFC 5321 2.3.5",
	NULL,
};

const struct fault fault_helo_unresolved = {
	.id = "helo-unresolved",
	.title = "A name in HELO that has no address",
	.summary = "the name that senders of {subject} give has no address[: {name}]",
	.explain = helo_unresolved_explain,
	.seen = helo_unresolved_seen,
	.advice_here = helo_unresolved_here,
	.advice_there = helo_unresolved_there,
	.refs = helo_unresolved_refs,
};

static const char dkim_missing_explain[] =
	"Mail is signed with a selector whose key cannot be found, so no receiver can "
	"verify the signature. Mail counts as unsigned, and where DMARC rests on DKIM "
	"it is refused or put aside.";
static const char dkim_missing_seen[] =
	"The TXT record of the selector is looked up and denied. The selector is what "
	"--selector says: whether mail is really signed with it is not known here.";
static const char *const dkim_missing_here[] = {
	"See that the signer uses a selector that is published.",
	NULL,
};
static const char *const dkim_missing_there[] = {
	"Publish the key at that name, or sign with a selector that is there.",
	NULL,
};
static const char *const dkim_missing_refs[] = {
	"RFC 6376 3.6.2.1",
	"RFC 6376 6.1.2",
	NULL,
};

const struct fault fault_dkim_missing = {
	.id = "dkim-missing",
	.title = "A DKIM key that is not there",
	.summary = "[there is no DKIM key at {name}|a DKIM key of {subject} is missing]",
	.explain = dkim_missing_explain,
	.seen = dkim_missing_seen,
	.advice_here = dkim_missing_here,
	.advice_there = dkim_missing_there,
	.refs = dkim_missing_refs,
};

static const char dkim_invalid_explain[] =
	"The TXT record of the selector is no key that verifiers take: it does not "
	"follow the grammar, the key is cut short or too small, or there are several "
	"records. Signatures by it fail. Keys are long, and the usual slip is a string "
	"that was cut, or was put together with quotes or blanks inside.";
static const char dkim_invalid_seen[] =
	"The record is read tag by tag. The key's numbers are not looked at, only how "
	"long it is.";
static const char *const dkim_invalid_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const dkim_invalid_there[] = {
	"Publish the record again as the signer's tool prints it, as one record whose "
	"strings are at most 255 octets long.",
	NULL,
};
static const char *const dkim_invalid_refs[] = {
	"RFC 6376 3.6.1",
	"RFC 6376 3.6.2.2",
	"RFC 8301 3.2",
	NULL,
};

const struct fault fault_dkim_invalid = {
	.id = "dkim-invalid",
	.title = "A DKIM key that verifiers cannot use",
	.summary = "[the DKIM key at {name}|a DKIM key of {subject}] cannot be used[: {why}]",
	.explain = dkim_invalid_explain,
	.seen = dkim_invalid_seen,
	.advice_here = dkim_invalid_here,
	.advice_there = dkim_invalid_there,
	.refs = dkim_invalid_refs,
};

static const char dkim_revoked_explain[] =
	"The record says p= and no key behind it: whoever published it says that this "
	"key is not to be trusted any more. Signatures by it fail. That is right for a "
	"selector that nobody signs with.";
static const char dkim_revoked_seen[] =
	"The record has the tag p with an empty value; one without that tag is "
	"`dkim-invalid`.";
static const char *const dkim_revoked_here[] = {
	"When mail is still signed with this selector, let the signer use the new one.",
	NULL,
};
static const char *const dkim_revoked_there[] = {
	"Publish a key, or remove the record when no mail with that selector is on its "
	"way any more.",
	NULL,
};
static const char *const dkim_revoked_refs[] = {
	"RFC 6376 3.6.1",
	NULL,
};

const struct fault fault_dkim_revoked = {
	.id = "dkim-revoked",
	.title = "A DKIM key that was revoked",
	.summary = "[the DKIM key at {name}|a DKIM key of {subject}] was revoked",
	.explain = dkim_revoked_explain,
	.seen = dkim_revoked_seen,
	.advice_here = dkim_revoked_here,
	.advice_there = dkim_revoked_there,
	.refs = dkim_revoked_refs,
};

static const char dmarc_missing_explain[] =
	"Neither the domain nor the one that it belongs to says what receivers should "
	"do with mail in its name that fails SPF and DKIM. Large receivers treat mail "
	"of senders without such a policy with suspicion, and some refuse it from those "
	"who send much.";
static const char dmarc_missing_seen[] =
	"TXT below _dmarc is looked up at the domain and at each name above it, as the "
	"successor of RFC 7489 has it; no list of public suffixes is used.";
static const char *const dmarc_missing_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const dmarc_missing_there[] = {
	"Publish one to begin with: v=DMARC1; p=none; "
	"rua=mailto:dmarc-reports@example.com",
	NULL,
};
static const char *const dmarc_missing_refs[] = {
	"RFC 7489 6.6.3",
	"draft-ietf-dmarc-dmarcbis",
	NULL,
};

const struct fault fault_dmarc_missing = {
	.id = "dmarc-missing",
	.title = "A domain without DMARC policy",
	.summary = "{subject} has no DMARC policy",
	.explain = dmarc_missing_explain,
	.seen = dmarc_missing_seen,
	.advice_here = dmarc_missing_here,
	.advice_there = dmarc_missing_there,
	.refs = dmarc_missing_refs,
};

static const char dmarc_invalid_explain[] =
	"The record does not follow the grammar, lacks its policy, or there are "
	"several. Receivers then apply no policy, or leave out the part that is wrong: "
	"what fails SPF and DKIM is judged as if the domain had not spoken.";
static const char dmarc_invalid_seen[] =
	"Records that begin with v=DMARC1 are counted, and the one that counts for the "
	"domain is read tag by tag.";
static const char *const dmarc_invalid_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const dmarc_invalid_there[] = {
	"Leave one record, and write it as in: v=DMARC1; p=quarantine; "
	"rua=mailto:dmarc-reports@example.com",
	NULL,
};
static const char *const dmarc_invalid_refs[] = {
	"RFC 7489 6.3",
	"RFC 7489 6.6.3",
	NULL,
};

const struct fault fault_dmarc_invalid = {
	.id = "dmarc-invalid",
	.title = "A DMARC policy that receivers cannot use",
	.summary = "the DMARC record [{name}|for {subject}] is not as it should be[: {why}]",
	.explain = dmarc_invalid_explain,
	.seen = dmarc_invalid_seen,
	.advice_here = dmarc_invalid_here,
	.advice_there = dmarc_invalid_there,
	.refs = dmarc_invalid_refs,
};
