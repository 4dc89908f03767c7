// SPDX-License-Identifier: GPL-3.0-or-later
// The catalogue's entries for broken chains of trust: DS records, keys, denial.
#include <stddef.h>

#include "fault/entries.h"

static const char broken_denial_explain[] =
	"In a signed zone an answer that something does not exist needs a proof: signed NSEC "
	"or NSEC3 records that leave no room for the name or the type. Here they are missing, "
	"too many, unsigned, or do not fit what was asked.\n"
	"\n"
	"Validators answer SERVFAIL where the others say that there is nothing. That hits "
	"more lookups than one thinks: each AAAA question for a name that has only an IPv4 "
	"address needs such a proof.";
static const char broken_denial_seen[] =
	"Types that do not exist at the zone's name are asked for, with DNSSEC, at each "
	"server. Signatures of other sets that are missing are `dnssec-missing-signature`.";
static const char *const broken_denial_here[] = {
	"Nothing can be mended from here. A validating resolver that must get at the zone all "
	"the same can be given a negative trust anchor for it (RFC 7646), for as long as the "
	"fault lasts.",
	NULL,
};
static const char *const broken_denial_there[] = {
	"Sign the zone again as a whole, and let all servers fetch it.",
	"Update name servers that answer so; secondaries must know NSEC3 to serve a zone that "
	"uses it.",
	"Change from NSEC to NSEC3, or back, on all servers at once.",
	"Software that makes up these records on the fly, and load balancers that answer in a "
	"server's place, have to give the zone's SOA record and exactly one NSEC or NSEC3 "
	"record for a type that is not there.",
	NULL,
};
static const char *const broken_denial_refs[] = {
	"RFC 4035 3.1.3",
	"RFC 5155 7.2",
	"zonemaster:DS03_ERR_MULT_NSEC3",
	"zonemaster:DS03_ERROR_RESPONSE_NSEC_QUERY",
	"zonemaster:DS10_ERR_MULT_NSEC",
	"zonemaster:DS10_ERR_MULT_NSEC3",
	"zonemaster:DS10_ERR_MULT_NSEC3PARAM",
	"zonemaster:DS10_EXPECTED_NSEC_NSEC3_MISSING",
	"zonemaster:DS10_INCONSISTENT_NSEC",
	"zonemaster:DS10_INCONSISTENT_NSEC3",
	"zonemaster:DS10_MIXED_NSEC_NSEC3",
	"zonemaster:DS10_NSEC3PARAM_GIVES_ERR_ANSWER",
	"zonemaster:DS10_NSEC3PARAM_MISMATCHES_APEX",
	"zonemaster:DS10_NSEC3PARAM_QUERY_RESPONSE_ERR",
	"zonemaster:DS10_NSEC3_ERR_TYPE_LIST",
	"zonemaster:DS10_NSEC3_MISMATCHES_APEX",
	"zonemaster:DS10_NSEC3_NODATA_MISSING_SOA",
	"zonemaster:DS10_NSEC3_NODATA_WRONG_SOA",
	"zonemaster:DS10_NSEC3_NO_VERIFIED_SIGNATURE",
	"zonemaster:DS10_NSEC_ERR_TYPE_LIST",
	"zonemaster:DS10_NSEC_GIVES_ERR_ANSWER",
	"zonemaster:DS10_NSEC_MISMATCHES_APEX",
	"zonemaster:DS10_NSEC_NODATA_MISSING_SOA",
	"zonemaster:DS10_NSEC_NODATA_WRONG_SOA",
	"zonemaster:DS10_NSEC_NO_VERIFIED_SIGNATURE",
	"zonemaster:DS10_NSEC_QUERY_RESPONSE_ERR",
	"dnsviz:MISSING_NSEC_FOR_NODATA",
	"dnsviz:MISSING_NSEC_FOR_NXDOMAIN",
	NULL,
};

const struct fault fault_dnssec_broken_denial = {
	.id = "dnssec-broken-denial",
	.title = "What should prove that something does not exist does not",
	.summary = "the proof of absence from {subject} does not hold[, from {nameservers}]",
	.explain = broken_denial_explain,
	.seen = broken_denial_seen,
	.advice_here = broken_denial_here,
	.advice_there = broken_denial_there,
	.refs = broken_denial_refs,
};

static const char ds_mismatch_explain[] =
	"The parent zone vouches for a signed zone with DS records: each names one of the "
	"zone's keys by tag, algorithm and digest. Here such a record names a key that the "
	"zone does not have, or not in this form. It is what is left when a zone's keys, its "
	"provider or its signing were changed and the parent was not told.\n"
	"\n"
	"As long as another DS record fits, nothing happens. When none does, every validating "
	"resolver answers SERVFAIL for all of the zone, while resolvers that do not validate "
	"work as ever: half of the users see the zone, the others do not.";
static const char ds_mismatch_seen[] =
	"The DS records of all of the parent's servers are compared with the DNSKEY records "
	"of each of the zone's. A zone without any key is `dnssec-missing-key`; keys that fit "
	"but did not sign are `dnssec-missing-signature`.";
static const char *const ds_mismatch_here[] = {
	"Compare the answers with and without the CD flag: if only that with CD comes, it is "
	"this.",
	"Nothing can be mended from here. A validating resolver that must get at the zone all "
	"the same can be given a negative trust anchor for it (RFC 7646), for as long as the "
	"fault lasts.",
	NULL,
};
static const char *const ds_mismatch_there[] = {
	"Have the DS records at the parent replaced by those of the present key, through the "
	"registrar; to stop the failures at once, have them all removed.",
	"Then wait for the TTL of the old DS records before keys are taken away.",
	"Next time, let the new DS record be published before the old key goes (RFC 6781 "
	"4.1.2), or use CDS records (RFC 7344).",
	NULL,
};
static const char *const ds_mismatch_refs[] = {
	"RFC 4035 5.2",
	"RFC 6781 4.1.2",
	"zonemaster:DS02_NO_MATCH_DS_DNSKEY",
	"zonemaster:DS02_NO_VALID_DNSKEY_FOR_ANY_DS",
	"zonemaster:DS02_NO_DNSKEY_FOR_DS",
	"dnsviz:NO_SEP",
	"dnsviz:DIGEST_INVALID",
	NULL,
};

const struct fault fault_dnssec_ds_mismatch = {
	.id = "dnssec-ds-mismatch",
	.title = "DS records at the parent lead to no key of the zone",
	.summary = "DS records of {subject} do not fit its keys[: key tag {keytag}]",
	.explain = ds_mismatch_explain,
	.seen = ds_mismatch_seen,
	.advice_here = ds_mismatch_here,
	.advice_there = ds_mismatch_there,
	.refs = ds_mismatch_refs,
};

static const char key_flags_explain[] =
	"A DNSKEY record says in its flags what the key is for. A key that a DS record leads "
	"to must have the zone flag, or no validator may use it; and it should have the flag "
	"of a secure entry point, by which tools know the key that the parent vouches for.\n"
	"\n"
	"Without the zone flag the DS record is as good as none. Without the other flag "
	"validation works, but key management may take the key for another kind and remove it "
	"too early.";
static const char key_flags_seen[] =
	"The flags of the keys are read to which DS records lead by their tags. DS records "
	"that lead to no key at all are `dnssec-ds-mismatch`.";
static const char *const key_flags_here[] = {
	"Nothing can be mended from here. A validating resolver that must get at the zone all "
	"the same can be given a negative trust anchor for it (RFC 7646), for as long as the "
	"fault lasts.",
	NULL,
};
static const char *const key_flags_there[] = {
	"Make a new key with the right flags (257 for one with a DS record, 256 for others) "
	"and roll over to it.",
	"Or have the DS record replaced by that of a key with the right flags.",
	NULL,
};
static const char *const key_flags_refs[] = {
	"RFC 4034 2.1.1",
	"RFC 4035 5.2",
	"zonemaster:DS02_DNSKEY_NOT_FOR_ZONE_SIGNING",
	"zonemaster:DS02_DNSKEY_NOT_SEP",
	NULL,
};

const struct fault fault_dnssec_key_flags = {
	.id = "dnssec-key-flags",
	.title = "A key that DS records lead to is not marked as it should be",
	.summary = "the flags of a key of {subject} do not fit its use[: key tag {keytag}]",
	.explain = key_flags_explain,
	.seen = key_flags_seen,
	.advice_here = key_flags_here,
	.advice_there = key_flags_there,
	.refs = key_flags_refs,
};

static const char missing_ds_explain[] =
	"Signatures of a zone are looked at only if the parent vouches for the zone with a DS "
	"record. Here there is none, or not all of the parent's servers have it.\n"
	"\n"
	"Without any DS record the zone counts as unsigned: lookups work, and signing it was "
	"in vain. If some of the parent's servers have it and others do not, what a resolver "
	"believes depends on the server it met.";
static const char missing_ds_seen[] =
	"All of the parent's servers are asked for the zone's DS records, with DNSSEC. DS "
	"records that are there but fit no key are `dnssec-ds-mismatch`.";
static const char *const missing_ds_here[] = {
	"Nothing has to be done from here: lookups do not depend on it.",
	NULL,
};
static const char *const missing_ds_there[] = {
	"Once all of the zone's servers have it signed, hand the DS record in through the "
	"registrar, or publish CDS records if the parent looks for them.",
	"At the parent: find out why its servers have different versions of the zone.",
	NULL,
};
static const char *const missing_ds_refs[] = {
	"RFC 4035 2.4",
	"RFC 7344",
	"zonemaster:DS01_PARENT_SERVER_NO_DS",
	"zonemaster:DS01_PARENT_ZONE_NO_DS",
	"zonemaster:DS07_INCONSISTENT_DS",
	"zonemaster:DS07_NO_DS_FOR_SIGNED_ZONE",
	"zonemaster:DS07_NO_DS_ON_PARENT_SERVER",
	"zonemaster:DS11_INCONSISTENT_DS",
	"zonemaster:DS11_PARENT_WITHOUT_DS",
	"zonemaster:DS11_PARENT_WITH_DS",
	NULL,
};

const struct fault fault_dnssec_missing_ds = {
	.id = "dnssec-missing-ds",
	.title = "The zone is signed, but the parent, or a server of it, has no DS",
	.summary = "the parent of {subject} has no DS record for it[, on {nameservers}]",
	.explain = missing_ds_explain,
	.seen = missing_ds_seen,
	.advice_here = missing_ds_here,
	.advice_there = missing_ds_there,
	.refs = missing_ds_refs,
};

static const char missing_key_explain[] =
	"A signed zone publishes its keys as DNSKEY records. Here a server has none, although "
	"other servers have them or the parent says that the zone is signed. It serves an old "
	"copy, or a version of the zone from before it was signed, or its software cannot do "
	"DNSSEC.\n"
	"\n"
	"Validating resolvers cannot use what that server says. They ask others if there are "
	"any; if there are none, the zone cannot be looked up.";
static const char missing_key_seen[] =
	"Each server is asked for the zone's keys, with DNSSEC. A zone that nobody has "
	"signed, and that has no DS record, is `dnssec-unsigned`.";
static const char *const missing_key_here[] = {
	"Nothing can be mended from here. A validating resolver that must get at the zone all "
	"the same can be given a negative trust anchor for it (RFC 7646), for as long as the "
	"fault lasts.",
	NULL,
};
static const char *const missing_key_there[] = {
	"Let the server fetch the zone anew, and update software that cannot serve DNSSEC.",
	"If the zone is not to be signed any more: remove the DS records first, and the keys "
	"only after the TTL of these.",
	NULL,
};
static const char *const missing_key_refs[] = {
	"RFC 4035 3.1",
	"RFC 4035 5.2",
	"zonemaster:DS03_SERVER_NO_DNSSEC_SUPPORT",
	"zonemaster:DS05_SERVER_NO_DNSSEC",
	"zonemaster:DS07_INCONSISTENT_SIGNED",
	"zonemaster:DS10_SERVER_NO_DNSSEC",
	"zonemaster:DS11_DS_BUT_UNSIGNED_ZONE",
	"zonemaster:DS11_INCONSISTENT_SIGNED_ZONE",
	"zonemaster:DS11_NS_WITH_UNSIGNED_ZONE",
	"zonemaster:DS11_NS_WITH_SIGNED_ZONE",
	"zonemaster:NO_RESPONSE_DNSKEY",
	"dnsviz:DNSKEY_MISSING_FROM_SERVERS",
	NULL,
};

const struct fault fault_dnssec_missing_key = {
	.id = "dnssec-missing-key",
	.title = "A server does not have the keys of a signed zone",
	.summary = "keys of {subject} are missing[ on {nameservers}]",
	.explain = missing_key_explain,
	.seen = missing_key_seen,
	.advice_here = missing_key_here,
	.advice_there = missing_key_there,
	.refs = missing_key_refs,
};

static const char silent_explain[] =
	"The server answers a plain question for the zone, but one for DNSSEC records gets an "
	"error, an answer without authority, or nothing. Old software, or a firewall that "
	"drops what it does not know or what is large, does that.\n"
	"\n"
	"Validating resolvers ask nothing else. They cannot get keys or DS records from that "
	"server, and when all are like it they answer SERVFAIL.";
static const char silent_seen[] =
	"Keys (at the parent: DS records) are asked for with EDNS and the DO flag, over TCP "
	"where a reply is truncated. A server that answers nothing at all is `unreachable`.";
static const char *const silent_here[] = {
	"Ask the server from another network: if it answers there, something on the way drops "
	"DNSSEC or fragments.",
	"Nothing can be mended from here. A validating resolver that must get at the zone all "
	"the same can be given a negative trust anchor for it (RFC 7646), for as long as the "
	"fault lasts.",
	NULL,
};
static const char *const silent_there[] = {
	"Let the firewall pass EDNS, UDP replies of 1,232 octets, and DNS over TCP.",
	"Update the server's software.",
	NULL,
};
static const char *const silent_refs[] = {
	"RFC 4035 3.1",
	"RFC 6891",
	"RFC 9715",
	"zonemaster:DS01_NO_RESPONSE",
	"zonemaster:DS03_NO_RESPONSE_NSEC_QUERY",
	"zonemaster:DS05_NO_RESPONSE",
	"zonemaster:DS07_NO_RESPONSE_DNSKEY",
	"zonemaster:DS07_NON_AUTH_RESPONSE_DNSKEY",
	"zonemaster:DS07_UNEXP_RCODE_RESP_DNSKEY",
	"zonemaster:DS11_UNDETERMINED_DS",
	"zonemaster:DS11_UNDETERMINED_SIGNED_ZONE",
	"dnsviz:TIMEOUT",
	"dnsviz:INVALID_RCODE",
	NULL,
};

const struct fault fault_dnssec_silent = {
	.id = "dnssec-silent",
	.title = "A server does not answer questions that carry DNSSEC",
	.summary = "{servers} does not answer questions about DNSSEC records of {subject} as an "
		   "authority",
	.explain = silent_explain,
	.seen = silent_seen,
	.advice_here = silent_here,
	.advice_there = silent_there,
	.refs = silent_refs,
};

static const char unsigned_explain[] =
	"There are no DNSKEY records in the zone, or no signature comes with them. Its data "
	"can be forged by anybody who can get a reply to a resolver first.\n"
	"\n"
	"Lookups work. It is said because signing a zone is good practice; where the parent "
	"has DS records for it all the same, `dnssec-missing-key` tells of the harm.";
static const char unsigned_seen[] =
	"Each server is asked for the zone's keys, with DNSSEC, and has none that are signed.";
static const char *const unsigned_here[] = {
	"Nothing has to be done from here: lookups do not depend on it.",
	NULL,
};
static const char *const unsigned_there[] = {
	"Sign the zone: current name servers do it with one setting (`dnssec-policy default;` "
	"in BIND). Hand in the DS record only when all servers have the signed zone.",
	NULL,
};
static const char *const unsigned_refs[] = {
	"RFC 4033",
	"RFC 9364",
	"zonemaster:DS03_NO_DNSSEC_SUPPORT",
	"zonemaster:DS05_ZONE_NO_DNSSEC",
	"zonemaster:DS07_NOT_SIGNED",
	"zonemaster:DS07_NOT_SIGNED_ON_SERVER",
	"zonemaster:DS10_ZONE_NO_DNSSEC",
	NULL,
};

const struct fault fault_dnssec_unsigned = {
	.id = "dnssec-unsigned",
	.title = "The zone is not signed",
	.summary = "{subject} is not signed[ on {nameservers}]",
	.explain = unsigned_explain,
	.seen = unsigned_seen,
	.advice_here = unsigned_here,
	.advice_there = unsigned_there,
	.refs = unsigned_refs,
};
