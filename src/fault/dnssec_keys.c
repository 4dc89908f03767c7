/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for keys that are there but not as they should be. */
#include <stddef.h>

#include "fault/entries.h"

static const char algorithm_incomplete_explain[] =
	"The keys that a zone publishes say by which algorithms it is signed, and all of "
	"it has to be signed by each of them. Here there is a key whose algorithm has no "
	"signature over the keys themselves, the SOA record or the NS records.\n"
	"\n"
	"Resolvers are to be content with one algorithm that works, and most are. Those "
	"that are set to insist on all of them (Unbound with `harden-algo-downgrade: "
	"yes`) fail. It often is a change of algorithm that was done in the wrong order "
	"or was left half done.";
static const char algorithm_incomplete_seen[] =
	"Every server's keys are compared with the signatures of three sets that each "
	"signed zone has. A set without any signature is not told here.";
static const char *const algorithm_incomplete_here[] = {
	"If your resolver insists on all algorithms of a zone, that can be switched off: "
	"RFC 6840 5.11 asks validators not to insist.",
	NULL,
};
static const char *const algorithm_incomplete_there[] = {
	"When an algorithm is added, sign the zone with it first and publish its key "
	"after that; when it is removed, remove the key first.",
	NULL,
};
static const char *const algorithm_incomplete_refs[] = {
	"RFC 6840 5.11",
	"RFC 6781 4.1.4",
	"RFC 4035 2.2",
	"zonemaster:DS13_ALGO_NOT_SIGNED_DNSKEY",
	"zonemaster:DS13_ALGO_NOT_SIGNED_NS",
	"zonemaster:DS13_ALGO_NOT_SIGNED_SOA",
	"dnsviz:MISSING_RRSIG_FOR_ALG_DNSKEY",
	"dnsviz:MISSING_RRSIG_FOR_ALG_DS",
	NULL,
};

const struct fault fault_dnssec_algorithm_incomplete = {
	.id = "dnssec-algorithm-incomplete",
	.title = "A key's algorithm does not sign all of the zone",
	.summary = "{subject} has keys of an algorithm by which not all of it is signed",
	.explain = algorithm_incomplete_explain,
	.seen = algorithm_incomplete_seen,
	.advice_here = algorithm_incomplete_here,
	.advice_there = algorithm_incomplete_there,
	.refs = algorithm_incomplete_refs,
};

static const char key_size_explain[] =
	"An RSA key's length decides how hard it is to forge signatures, and how long "
	"they are. Each algorithm has bounds, which verifying software keeps: BIND, for "
	"one, uses no key of more than 4096 bits, and with RSASHA512 none of less than "
	"1024. To such software a signature by such a key is a wrong one.\n"
	"\n"
	"Keys within the bounds but below 2048 bits work everywhere. They are no longer "
	"thought safe for years to come; for a key that signs records for weeks and is "
	"then replaced, 1024 bits were long usual.";
static const char key_size_seen[] =
	"The length of the modulus of every RSA key that a server of the zone publishes. "
	"Other kinds of keys have one length only.";
static const char *const key_size_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const key_size_there[] = {
	"Replace the key by a key rollover. ECDSAP256SHA256 (13) gives short signatures "
	"and is understood everywhere; with RSA take 2048 bits.",
	NULL,
};
static const char *const key_size_refs[] = {
	"RFC 3110 2",
	"RFC 5702 2",
	"RFC 8624 3.1",
	"zonemaster:DNSKEY_TOO_LARGE_FOR_ALGO",
	"zonemaster:DNSKEY_TOO_SMALL_FOR_ALGO",
	"zonemaster:DNSKEY_SMALLER_THAN_REC",
	NULL,
};

const struct fault fault_dnssec_key_size = {
	.id = "dnssec-key-size",
	.title = "An RSA key is too short or too long",
	.summary = "{subject} has an RSA key of [{keysize} bits|an odd length], which is too short "
		   "or too long",
	.explain = key_size_explain,
	.seen = key_size_seen,
	.advice_here = key_size_here,
	.advice_there = key_size_there,
	.refs = key_size_refs,
};
