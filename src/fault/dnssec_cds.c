/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what a signed zone asks of its parent. */
#include <stddef.h>

#include "fault/entries.h"

static const char cds_incomplete_explain[] =
	"By CDS and CDNSKEY records a zone tells its parent which DS records it wants. "
	"Parents differ in which of the two they read and in what they demand of them, so "
	"a zone should have both, each for keys that are marked as entry points (SEP), "
	"and signed by these keys.\n"
	"\n"
	"No lookup fails because of it. A parent may overlook what the zone wants, "
	"though, and then a change of keys gets stuck.";
static const char cds_incomplete_seen[] =
	"The records of both types are fetched from every server and compared with its "
	"keys. What a parent must not follow at all is `dnssec-cds-invalid`.";
static const char *const cds_incomplete_here[] = {
	"Nothing has to be done from here.",
	NULL,
};
static const char *const cds_incomplete_there[] = {
	"Let the signer publish both types, for the keys that sign the zone's keys.",
	"A zone with one key for all purposes (CSK) should mark it as an entry point "
	"(flags 257).",
	NULL,
};
static const char *const cds_incomplete_refs[] = {
	"RFC 7344 4",
	"RFC 7344 4.1",
	"RFC 8078 2",
	"zonemaster:DS15_HAS_CDNSKEY_NO_CDS",
	"zonemaster:DS15_HAS_CDS_NO_CDNSKEY",
	"zonemaster:DS16_CDS_MATCHES_NON_SEP_DNSKEY",
	"zonemaster:DS16_CDS_NOT_SIGNED_BY_CDS",
	"zonemaster:DS17_CDNSKEY_IS_NON_SEP",
	"zonemaster:DS17_CDNSKEY_NOT_SIGNED_BY_CDNSKEY",
	NULL,
};

const struct fault fault_dnssec_cds_incomplete = {
	.id = "dnssec-cds-incomplete",
	.title = "The zone's request for other DS records is not as it should be",
	.summary = "CDS and CDNSKEY records of {subject} are not as they should be",
	.explain = cds_incomplete_explain,
	.seen = cds_incomplete_seen,
	.advice_here = cds_incomplete_here,
	.advice_there = cds_incomplete_there,
	.refs = cds_incomplete_refs,
};

static const char cds_invalid_explain[] =
	"By CDS and CDNSKEY records a zone tells its parent which DS records it wants. "
	"They have to be the same on all servers, to stand for keys that the zone has and "
	"that sign its keys, and to be signed so that the present DS records vouch for "
	"them. Here they are not.\n"
	"\n"
	"Lookups do not suffer yet. A parent that looks closely ignores the request, and "
	"the change of keys behind it never happens; one that does not may publish DS "
	"records which lead to no key, and then the whole zone fails at validating "
	"resolvers.";
static const char cds_invalid_seen[] =
	"The records of both types are fetched from every server, compared with each "
	"other, with the server's keys and with the parent's DS records, and their "
	"signatures are verified.";
static const char *const cds_invalid_here[] = {
	"Nothing has to be done from here.",
	NULL,
};
static const char *const cds_invalid_there[] = {
	"See that all servers have the same version of the zone, and that no key was "
	"removed by hand while its CDS or CDNSKEY record stayed.",
	"Remove CDS and CDNSKEY records that no change of keys needs any more.",
	"A request to delete all DS records (algorithm 0) must stand alone.",
	NULL,
};
static const char *const cds_invalid_refs[] = {
	"RFC 7344 4",
	"RFC 7344 4.1",
	"RFC 8078 4",
	"RFC 8078 5",
	"zonemaster:DS15_INCONSISTENT_CDNSKEY",
	"zonemaster:DS15_INCONSISTENT_CDS",
	"zonemaster:DS15_MISMATCH_CDS_CDNSKEY",
	"zonemaster:DS16_CDS_INVALID_RRSIG",
	"zonemaster:DS16_CDS_MATCHES_NON_ZONE_DNSKEY",
	"zonemaster:DS16_CDS_SIGNED_BY_UNKNOWN_DNSKEY",
	"zonemaster:DS16_CDS_UNSIGNED",
	"zonemaster:DS16_CDS_WITHOUT_DNSKEY",
	"zonemaster:DS16_MIXED_DELETE_CDS",
	"zonemaster:DS16_CDS_MATCHES_NO_DNSKEY",
	"zonemaster:DS16_DNSKEY_NOT_SIGNED_BY_CDS",
	"zonemaster:DS17_CDNSKEY_INVALID_RRSIG",
	"zonemaster:DS17_CDNSKEY_IS_NON_ZONE",
	"zonemaster:DS17_CDNSKEY_SIGNED_BY_UNKNOWN_DNSKEY",
	"zonemaster:DS17_CDNSKEY_UNSIGNED",
	"zonemaster:DS17_CDNSKEY_WITHOUT_DNSKEY",
	"zonemaster:DS17_MIXED_DELETE_CDNSKEY",
	"zonemaster:DS17_CDNSKEY_MATCHES_NO_DNSKEY",
	"zonemaster:DS17_DNSKEY_NOT_SIGNED_BY_CDNSKEY",
	"zonemaster:DS18_NO_MATCH_CDNSKEY_RRSIG_DS",
	"zonemaster:DS18_NO_MATCH_CDS_RRSIG_DS",
	"dnsviz:CDS_INCONSISTENT_WITH_DS",
	"dnsviz:CDNSKEY_INCONSISTENT_WITH_DS",
	"dnsviz:CDNSKEY_INCONSISTENT_WITH_CDS",
	"dnsviz:CDS_SIGNER_INVALID",
	"dnsviz:CDNSKEY_SIGNER_INVALID",
	"dnsviz:CDS_INCORRECT_DELETE_VALUES",
	"dnsviz:CDNSKEY_INCORRECT_DELETE_VALUES",
	NULL,
};

const struct fault fault_dnssec_cds_invalid = {
	.id = "dnssec-cds-invalid",
	.title = "The zone's request for other DS records cannot be followed",
	.summary = "CDS or CDNSKEY records of {subject} ask for what cannot be followed",
	.explain = cds_invalid_explain,
	.seen = cds_invalid_seen,
	.advice_here = cds_invalid_here,
	.advice_there = cds_invalid_there,
	.refs = cds_invalid_refs,
};
