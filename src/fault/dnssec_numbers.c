// SPDX-License-Identifier: GPL-3.0-or-later
// The catalogue's entries for algorithms and parameters of DNSSEC.
#include <stddef.h>

#include "fault/entries.h"

static const char algorithm_deprecated_explain[] =
	"A key or a DS record of the zone uses an algorithm that is not safe enough any more, "
	"or that hardly anybody can check: SHA-1 in signatures or digests is the usual case. "
	"The registry of IANA says which ones must not be used for new zones.\n"
	"\n"
	"Most validators still check them. Some systems already refuse SHA-1 altogether; for "
	"these the zone counts as unsigned, and its protection is gone without a word.";
static const char algorithm_deprecated_seen[] =
	"The algorithm of each DNSKEY and the digest type of each DS record are looked up in "
	"the registry. Numbers that mean nothing are `dnssec-algorithm-unsupported`.";
static const char *const algorithm_deprecated_here[] = {
	"Nothing has to be done from here: lookups do not depend on it.",
	NULL,
};
static const char *const algorithm_deprecated_there[] = {
	"Roll over to ECDSA P-256 (13) or Ed25519 (15); RFC 6781 4.1.4 tells how, and current "
	"servers do it by themselves.",
	"Replace DS records by ones with SHA-256 (digest type 2) at the registrar.",
	NULL,
};
static const char *const algorithm_deprecated_refs[] = {
	"RFC 8624",
	"RFC 9904",
	"zonemaster:DS01_DS_ALGO_DEPRECATED",
	"zonemaster:DS01_DS_ALGO_2_MISSING",
	"zonemaster:DS05_ALGO_DEPRECATED",
	"zonemaster:DS05_ALGO_NOT_RECOMMENDED",
	"dnsviz:ALGORITHM_NOT_RECOMMENDED",
	"dnsviz:DIGEST_ALGORITHM_NOT_RECOMMENDED",
	NULL,
};

const struct fault fault_dnssec_algorithm_deprecated = {
	.id = "dnssec-algorithm-deprecated",
	.title = "A DNSSEC algorithm is used that is to be given up",
	.summary = "{subject} uses [algorithm {algo_num} ({algo_mnemo})|a DNSSEC algorithm] that "
		   "is to "
		   "be given up",
	.explain = algorithm_deprecated_explain,
	.seen = algorithm_deprecated_seen,
	.advice_here = algorithm_deprecated_here,
	.advice_there = algorithm_deprecated_there,
	.refs = algorithm_deprecated_refs,
};

static const char algorithm_unsupported_explain[] =
	"A key or a DS record of the zone has an algorithm number that means nothing to "
	"others: not assigned, reserved, for private use, or not meant to sign zones. It may "
	"also be a real one that this program does not know; then its signatures were left "
	"unjudged.\n"
	"\n"
	"A validator takes a zone for unsigned when all of its DS records have algorithms "
	"that it does not know. So lookups work, but nothing is protected. If other DS "
	"records have known algorithms, the strange one is only in the way.";
static const char algorithm_unsupported_seen[] =
	"The algorithm of each DNSKEY and RRSIG and the digest type of each DS record are "
	"looked up in IANA's registry, and in what this program can verify. Algorithms that "
	"can be checked but should not be used are `dnssec-algorithm-deprecated`.";
static const char *const algorithm_unsupported_here[] = {
	"Nothing has to be done from here: lookups do not depend on it.",
	NULL,
};
static const char *const algorithm_unsupported_there[] = {
	"Sign with an algorithm that all validators know: ECDSA P-256 (13) or Ed25519 (15).",
	"Remove DS records whose algorithm or digest type means nothing.",
	NULL,
};
static const char *const algorithm_unsupported_refs[] = {
	"RFC 4035 5.2",
	"RFC 6840 5.2",
	"zonemaster:DS01_DS_ALGO_NOT_DS",
	"zonemaster:DS01_DS_ALGO_PRIVATE",
	"zonemaster:DS01_DS_ALGO_RESERVED",
	"zonemaster:DS01_DS_ALGO_UNASSIGNED",
	"zonemaster:DS02_ALGO_NOT_SUPPORTED_BY_ZM",
	"zonemaster:DS05_ALGO_NOT_ZONE_SIGN",
	"zonemaster:DS05_ALGO_PRIVATE",
	"zonemaster:DS05_ALGO_RESERVED",
	"zonemaster:DS05_ALGO_UNASSIGNED",
	"zonemaster:DS08_ALGO_NOT_SUPPORTED_BY_ZM",
	"zonemaster:DS09_ALGO_NOT_SUPPORTED_BY_ZM",
	"zonemaster:DS10_ALGO_NOT_SUPPORTED_BY_ZM",
	"dnsviz:ALGORITHM_NOT_SUPPORTED",
	"dnsviz:DIGEST_ALGORITHM_NOT_SUPPORTED",
	NULL,
};

const struct fault fault_dnssec_algorithm_unsupported = {
	.id = "dnssec-algorithm-unsupported",
	.title = "A DNSSEC algorithm is used that nobody can check",
	.summary = "{subject} uses [algorithm {algo_num} ({algo_mnemo})|a DNSSEC algorithm] that "
		   "cannot "
		   "be checked",
	.explain = algorithm_unsupported_explain,
	.seen = algorithm_unsupported_seen,
	.advice_here = algorithm_unsupported_here,
	.advice_there = algorithm_unsupported_there,
	.refs = algorithm_unsupported_refs,
};

static const char iterations_explain[] =
	"NSEC3 can hash names many times over. That was meant to make guessing of names "
	"harder, but it protects from nothing, and it costs servers and resolvers time with "
	"each negative answer. So there should be no further iterations.\n"
	"\n"
	"Resolvers set a bound. Above it (often 50, 100 or 150) some take the zone for "
	"unsigned and others answer SERVFAIL for all that does not exist in it.";
static const char iterations_seen[] =
	"The iterations of the NSEC3 record are read that proves that the zone's name has no "
	"NSEC. Salt, flags and hash are `dnssec-nsec3-parameters`.";
static const char *const iterations_here[] = {
	"Nothing has to be done from here: lookups do not depend on it.",
	NULL,
};
static const char *const iterations_there[] = {
	"Set the iterations to 0 (`nsec3param iterations 0` or its like) and let the zone be "
	"signed again; or use NSEC, if its names are no secret.",
	NULL,
};
static const char *const iterations_refs[] = {
	"RFC 9276 3.1",
	"RFC 9276 3.2",
	"zonemaster:DS03_ILLEGAL_ITERATION_VALUE",
	"dnsviz:NONZERO_NSEC3_ITERATION_COUNT",
	NULL,
};

const struct fault fault_dnssec_iterations = {
	.id = "dnssec-iterations",
	.title = "NSEC3 hashes more often than it should",
	.summary = "NSEC3 of {subject} hashes [{int} times ]more than needed[, on {nameservers}]",
	.explain = iterations_explain,
	.seen = iterations_seen,
	.advice_here = iterations_here,
	.advice_there = iterations_there,
	.refs = iterations_refs,
};

static const char nsec3_parameters_explain[] =
	"NSEC3 has parameters: a hash algorithm (there is only one), flags, a salt and "
	"opt-out. Here one of them is not as recommended, means nothing, or is different from "
	"server to server.\n"
	"\n"
	"A salt only costs, and opt-out leaves names without proof, but lookups work. With an "
	"unknown hash or flag validators must ignore the records, and answers that something "
	"does not exist fail. Servers that differ have different versions of the zone.";
static const char nsec3_parameters_seen[] =
	"The parameters are read from the NSEC3 record by which each server proves that the "
	"zone's name has no NSEC. Their number of iterations is `dnssec-iterations`.";
static const char *const nsec3_parameters_here[] = {
	"Nothing has to be done from here: lookups do not depend on it.",
	NULL,
};
static const char *const nsec3_parameters_there[] = {
	"Use NSEC3 with SHA-1, no flags, no iterations and no salt; or NSEC, if the names are "
	"no secret.",
	"If servers differ, see that all have the same version of the zone.",
	NULL,
};
static const char *const nsec3_parameters_refs[] = {
	"RFC 5155",
	"RFC 9276 3.1",
	"zonemaster:DS03_ILLEGAL_HASH_ALGO",
	"zonemaster:DS03_ILLEGAL_SALT_LENGTH",
	"zonemaster:DS03_INCONSISTENT_HASH_ALGO",
	"zonemaster:DS03_INCONSISTENT_ITERATION",
	"zonemaster:DS03_INCONSISTENT_NSEC3_FLAGS",
	"zonemaster:DS03_INCONSISTENT_SALT_LENGTH",
	"zonemaster:DS03_NSEC3_OPT_OUT_ENABLED_NON_TLD",
	"zonemaster:DS03_SERVER_NO_NSEC3",
	"zonemaster:DS03_UNASSIGNED_FLAG_USED",
	"zonemaster:DS10_INCONSISTENT_NSEC_NSEC3",
	"dnsviz:NONEMPTY_NSEC3_SALT",
	"dnsviz:UNSUPPORTED_NSEC3_ALGORITHM",
	NULL,
};

const struct fault fault_dnssec_nsec3_parameters = {
	.id = "dnssec-nsec3-parameters",
	.title = "NSEC3 is set up in a way that harms or differs between servers",
	.summary = "NSEC3 of {subject} is not set up as it should be[, on {nameservers}]",
	.explain = nsec3_parameters_explain,
	.seen = nsec3_parameters_seen,
	.advice_here = nsec3_parameters_here,
	.advice_there = nsec3_parameters_there,
	.refs = nsec3_parameters_refs,
};
