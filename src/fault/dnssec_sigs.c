// SPDX-License-Identifier: GPL-3.0-or-later
// The catalogue's entries for signatures that are missing, false, or out of time.
#include <stddef.h>

#include "fault/entries.h"

static const char expired_explain[] =
	"Each signature carries the time until which it counts, and a zone has to be signed "
	"anew before that. Here the time is over: whatever renews the signatures has stopped, "
	"or a secondary has not fetched the zone since.\n"
	"\n"
	"Validating resolvers refuse the data and answer SERVFAIL. If only one server has old "
	"signatures, they try the others, and some lookups are slow or fail.";
static const char expired_seen[] =
	"The expiration of RRSIG records is compared with our clock. Signatures that are "
	"false whatever the time are `dnssec-wrong-signature`; ones that will expire soon are "
	"`dnssec-signature-lifetime`.";
static const char *const expired_here[] = {
	"Make sure that this machine's clock and the resolver's are right.",
	"Nothing can be mended from here. A validating resolver that must get at the zone all "
	"the same can be given a negative trust anchor for it (RFC 7646), for as long as the "
	"fault lasts.",
	NULL,
};
static const char *const expired_there[] = {
	"Sign the zone again, raise its serial, and see that all servers have it.",
	"Find out why the signer stopped: keys that cannot be read, a full disk, a dead job. "
	"Watch the remaining life of signatures.",
	"On a secondary: mend zone transfers; SOA expire should be shorter than the life of "
	"signatures.",
	NULL,
};
static const char *const expired_refs[] = {
	"RFC 4035 5.3.1",
	"RFC 6781 4.4.2",
	"zonemaster:RRSIG_EXPIRED",
	"zonemaster:DS08_DNSKEY_RRSIG_EXPIRED",
	"zonemaster:DS09_SOA_RRSIG_EXPIRED",
	"zonemaster:DS10_NSEC3_RRSIG_EXPIRED",
	"zonemaster:DS10_NSEC_RRSIG_EXPIRED",
	"dnsviz:EXPIRATION_IN_PAST",
	NULL,
};

const struct fault fault_dnssec_expired = {
	.id = "dnssec-expired",
	.title = "Signatures of the zone have expired",
	.summary = "signatures of {subject} have expired[, on {nameservers}]",
	.explain = expired_explain,
	.seen = expired_seen,
	.advice_here = expired_here,
	.advice_there = expired_there,
	.refs = expired_refs,
};

static const char missing_signature_explain[] =
	"In a signed zone every set of records comes with a signature when the asker wants "
	"DNSSEC. Here the signature is missing, or the keys are not signed by the one that "
	"the parent vouches for.\n"
	"\n"
	"Validators cannot tell such data from forged ones and answer SERVFAIL. The usual "
	"cause is a server that drops signatures, or records that were added behind the "
	"signer's back.";
static const char missing_signature_seen[] =
	"Keys and the SOA record are asked for with DNSSEC at each server. Signatures that "
	"are there but false are `dnssec-wrong-signature`.";
static const char *const missing_signature_here[] = {
	"Nothing can be mended from here. A validating resolver that must get at the zone all "
	"the same can be given a negative trust anchor for it (RFC 7646), for as long as the "
	"fault lasts.",
	NULL,
};
static const char *const missing_signature_there[] = {
	"Sign the zone again as a whole with all keys that DS records lead to.",
	"Look at the servers named: does their software serve DNSSEC, is something between "
	"that strips records?",
	NULL,
};
static const char *const missing_signature_refs[] = {
	"RFC 4035 2.2",
	"RFC 4035 3.1.1",
	"zonemaster:DS02_DNSKEY_NOT_SIGNED_BY_ANY_DS",
	"zonemaster:DS02_NO_MATCHING_DNSKEY_RRSIG",
	"zonemaster:DS08_MISSING_RRSIG_IN_RESPONSE",
	"zonemaster:DS09_MISSING_RRSIG_IN_RESPONSE",
	"zonemaster:EXTRA_PROCESSING_BROKEN",
	"zonemaster:DS10_NSEC3_MISSING_SIGNATURE",
	"zonemaster:DS10_NSEC_MISSING_SIGNATURE",
	"dnsviz:MISSING_RRSIG",
	"dnsviz:UNABLE_TO_RETRIEVE_DNSSEC_RECORDS",
	NULL,
};

const struct fault fault_dnssec_missing_signature = {
	.id = "dnssec-missing-signature",
	.title = "Data of a signed zone come without their signature",
	.summary = "data of {subject} come without a signature that counts[, from {nameservers}]",
	.explain = missing_signature_explain,
	.seen = missing_signature_seen,
	.advice_here = missing_signature_here,
	.advice_there = missing_signature_there,
	.refs = missing_signature_refs,
};

static const char not_yet_valid_explain[] =
	"Each signature carries the time from which it counts, and that time lies ahead. "
	"Either the clock of the machine that signs is fast or in another time zone, or our "
	"clock is slow.\n"
	"\n"
	"Validating resolvers refuse the data and answer SERVFAIL until that time.";
static const char not_yet_valid_seen[] =
	"The inception of RRSIG records is compared with our clock. Signatures whose time is "
	"over are `dnssec-expired`.";
static const char *const not_yet_valid_here[] = {
	"Make sure that this machine's clock and the resolver's are right.",
	"Nothing can be mended from here. A validating resolver that must get at the zone all "
	"the same can be given a negative trust anchor for it (RFC 7646), for as long as the "
	"fault lasts.",
	NULL,
};
static const char *const not_yet_valid_there[] = {
	"Set the signer's clock (in UTC) and sign the zone again; let signatures begin an "
	"hour or more in the past, as clocks differ.",
	NULL,
};
static const char *const not_yet_valid_refs[] = {
	"RFC 4035 5.3.1",
	"RFC 6781 4.4.2",
	"zonemaster:DS08_DNSKEY_RRSIG_NOT_YET_VALID",
	"zonemaster:DS09_SOA_RRSIG_NOT_YET_VALID",
	"zonemaster:DS10_NSEC3_RRSIG_NOT_YET_VALID",
	"zonemaster:DS10_NSEC_RRSIG_NOT_YET_VALID",
	"dnsviz:INCEPTION_IN_FUTURE",
	NULL,
};

const struct fault fault_dnssec_not_yet_valid = {
	.id = "dnssec-not-yet-valid",
	.title = "Signatures of the zone are not valid yet",
	.summary = "signatures of {subject} are not valid yet[, on {nameservers}]",
	.explain = not_yet_valid_explain,
	.seen = not_yet_valid_seen,
	.advice_here = not_yet_valid_here,
	.advice_there = not_yet_valid_there,
	.refs = not_yet_valid_refs,
};

static const char signature_lifetime_explain[] =
	"A signature that counts for half a year or more can be replayed that long after the "
	"data were changed. One that has only hours left gives nobody the time to mend a "
	"signer that has stopped.\n"
	"\n"
	"No lookup fails yet.";
static const char signature_lifetime_seen[] =
	"Inception and expiration of the RRSIG records of keys and SOA are compared with our "
	"clock: under 12 hours are short, over 180 days are long. When the time is over it is "
	"`dnssec-expired`.";
static const char *const signature_lifetime_here[] = {
	"Nothing has to be done from here: lookups do not depend on it.",
	NULL,
};
static const char *const signature_lifetime_there[] = {
	"See whether the signer still runs, if signatures are short of their end.",
	"Let signatures last one to four weeks and renew them when a third of that is left.",
	NULL,
};
static const char *const signature_lifetime_refs[] = {
	"RFC 6781 4.4.2",
	"zonemaster:REMAINING_SHORT",
	"zonemaster:REMAINING_LONG",
	"zonemaster:DURATION_LONG",
	NULL,
};

const struct fault fault_dnssec_signature_lifetime = {
	.id = "dnssec-signature-lifetime",
	.title = "Signatures last too long, or will expire soon",
	.summary =
		"signatures of {subject} have a life that is too long or nearly over[: {types}][, "
		"{lasts}]",
	.explain = signature_lifetime_explain,
	.seen = signature_lifetime_seen,
	.advice_here = signature_lifetime_here,
	.advice_there = signature_lifetime_there,
	.refs = signature_lifetime_refs,
};

static const char wrong_signature_explain[] =
	"A signature is there and its time is right, but it was not made over these data by a "
	"key of the zone. Data were changed after signing, keys were exchanged too early, or "
	"two signers with different keys serve the same zone.\n"
	"\n"
	"Validators answer SERVFAIL unless another signature of the same data is good.";
static const char wrong_signature_seen[] =
	"Each signature over keys and SOA is verified with the keys that the same server "
	"gives. Signatures that are right but too old are `dnssec-expired`.";
static const char *const wrong_signature_here[] = {
	"Nothing can be mended from here. A validating resolver that must get at the zone all "
	"the same can be given a negative trust anchor for it (RFC 7646), for as long as the "
	"fault lasts.",
	NULL,
};
static const char *const wrong_signature_there[] = {
	"Sign the zone again as a whole and let all servers fetch it.",
	"With two providers, each must publish the keys of both (RFC 8901).",
	"Do not remove a key before its signatures have left all caches (RFC 6781 4.1).",
	NULL,
};
static const char *const wrong_signature_refs[] = {
	"RFC 4035 5.3",
	"RFC 8901",
	"zonemaster:DS02_RRSIG_NOT_VALID_BY_DNSKEY",
	"zonemaster:DS08_NO_MATCHING_DNSKEY",
	"zonemaster:DS08_RRSIG_NOT_VALID_BY_DNSKEY",
	"zonemaster:DS09_NO_MATCHING_DNSKEY",
	"zonemaster:DS09_RRSIG_NOT_VALID_BY_DNSKEY",
	"zonemaster:DS10_NSEC3_RRSIG_VERIFY_ERROR",
	"zonemaster:DS10_NSEC_RRSIG_VERIFY_ERROR",
	"zonemaster:DS10_NSEC3_RRSIG_NO_DNSKEY",
	"zonemaster:DS10_NSEC_RRSIG_NO_DNSKEY",
	"dnsviz:SIGNATURE_INVALID",
	NULL,
};

const struct fault fault_dnssec_wrong_signature = {
	.id = "dnssec-wrong-signature",
	.title = "A signature does not fit the data or any key",
	.summary = "a signature of {subject} is false[: key tag {keytag}][, on {nameservers}]",
	.explain = wrong_signature_explain,
	.seen = wrong_signature_seen,
	.advice_here = wrong_signature_here,
	.advice_there = wrong_signature_there,
	.refs = wrong_signature_refs,
};
