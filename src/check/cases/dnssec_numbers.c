// SPDX-License-Identifier: GPL-3.0-or-later
// Algorithms and digest types (IANA, 2025-12), as Zonemaster's dnssec05 and dnssec01 rate them.
#include "base/err.h"
#include "check/cases/dnssec_inner.h"

#define RATED(name) TAG_DS05_ALGO_##name
static const struct dnssec_number algorithms[] = {
	{ 0, 0, RATED(NOT_ZONE_SIGN), "DELETE", "Delete DS" },
	{ 1, 1, RATED(DEPRECATED), "RSAMD5", "RSA/MD5" },
	{ 2, 2, RATED(NOT_ZONE_SIGN), "DH", "Diffie-Hellman" },
	{ 3, 3, RATED(DEPRECATED), "DSA", "DSA/SHA1" },
	{ 4, 4, RATED(RESERVED), "RESERVED", "Reserved" },
	{ 5, 5, RATED(DEPRECATED), "RSASHA1", "RSA/SHA-1" },
	{ 6, 6, RATED(DEPRECATED), "DSA-NSEC3-SHA1", "DSA-NSEC3-SHA1" },
	{ 7, 7, RATED(DEPRECATED), "RSASHA1-NSEC3-SHA1", "RSASHA1-NSEC3-SHA1" },
	{ 8, 8, RATED(OK), "RSASHA256", "RSA/SHA-256" },
	{ 9, 9, RATED(RESERVED), "RESERVED", "Reserved" },
	{ 10, 10, RATED(NOT_RECOMMENDED), "RSASHA512", "RSA/SHA-512" },
	{ 11, 11, RATED(RESERVED), "RESERVED", "Reserved" },
	{ 12, 12, RATED(DEPRECATED), "ECC-GOST", "GOST R 34.10-2001" },
	{ 13, 13, RATED(OK), "ECDSAP256SHA256", "ECDSA Curve P-256 with SHA-256" },
	{ 14, 14, RATED(OK), "ECDSAP384SHA384", "ECDSA Curve P-384 with SHA-384" },
	{ 15, 15, RATED(OK), "ED25519", "Ed25519" },
	{ 16, 16, RATED(OK), "ED448", "Ed448" },
	{ 17, 17, RATED(OK), "SM2SM3", "SM2 with SM3" },
	{ 18, 22, RATED(UNASSIGNED), "UNASSIGNED", "Unassigned" },
	{ 23, 23, RATED(OK), "ECC-GOST12", "GOST R 34.10-2012" },
	{ 24, 122, RATED(UNASSIGNED), "UNASSIGNED", "Unassigned" },
	{ 123, 251, RATED(RESERVED), "RESERVED", "Reserved" },
	{ 252, 252, RATED(NOT_ZONE_SIGN), "INDIRECT", "Reserved for Indirect Keys" },
	{ 253, 253, RATED(PRIVATE), "PRIVATEDNS", "private algorithm" },
	{ 254, 254, RATED(PRIVATE), "PRIVATEOID", "private algorithm OID" },
	{ 255, 255, RATED(RESERVED), "RESERVED", "Reserved" },
};
#undef RATED

#define RATED(name) TAG_DS01_DS_ALGO_##name
static const struct dnssec_number digests[] = {
	{ 0, 0, RATED(NOT_DS), NULL, "Reserved" },
	{ 1, 1, RATED(DEPRECATED), NULL, "SHA-1" },
	{ 2, 2, RATED(OK), NULL, "SHA-256" },
	{ 3, 3, RATED(DEPRECATED), NULL, "GOST R 34.11-94" },
	{ 4, 4, RATED(OK), NULL, "SHA-384" },
	{ 5, 5, RATED(OK), NULL, "GOST R 34.11-2012" },
	{ 6, 6, RATED(OK), NULL, "SM3" },
	{ 7, 127, RATED(UNASSIGNED), NULL, "Unassigned" },
	{ 128, 252, RATED(RESERVED), NULL, "Reserved" },
	{ 253, 254, RATED(PRIVATE), NULL, "Reserved for Private Use" },
	{ 255, 255, RATED(UNASSIGNED), NULL, "Unassigned" },
};
#undef RATED

/* The rows leave no gap: the first one that reaches the number has it. */
const struct dnssec_number *dnssec_algorithm_row(uint8_t number)
{
	const struct dnssec_number *row = algorithms;

	while (row->last < number)
		row++;
	return row;
}

const struct dnssec_number *dnssec_digest_row(uint8_t number)
{
	const struct dnssec_number *row = digests;

	while (row->last < number)
		row++;
	return row;
}
