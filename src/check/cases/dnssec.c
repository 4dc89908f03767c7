// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "dnssec".
#include "base/err.h"
#include "check/cases/dnssec_inner.h"

/* dnssec07 and dnssec11 tell whether the others make sense (cases.c). */
static const struct tree_case table[] = {
	{ "dnssec07", "zone signed, DS at the parent", dnssec07 },
	{ "dnssec11", "DS only with a signed zone", dnssec11 },
	{ "dnssec01", "digest types of DS records", dnssec01 },
	{ "dnssec02", "DS records match keys of the zone", dnssec02 },
	{ "dnssec03", "NSEC3 parameters", dnssec03 },
	{ "dnssec04", "lifetimes of signatures", dnssec04 },
	{ "dnssec05", "algorithms of keys", dnssec05 },
	{ "dnssec06", "signatures come with the keys", dnssec06 },
	{ "dnssec08", "signatures of the key set are valid", dnssec08 },
	{ "dnssec09", "signatures of the SOA record are valid", dnssec09 },
	{ "dnssec10", "NSEC or NSEC3 records exist and are valid", dnssec10 },
	{ "dnssec12", "each algorithm of DS signs the zone", dnssec12 },
	{ "dnssec13", "each algorithm of keys signs the zone", dnssec13 },
	{ "dnssec14", "lengths of RSA keys", dnssec14 },
	{ "dnssec15", "CDS and CDNSKEY records", dnssec15 },
	{ "dnssec16", "CDS records are valid", dnssec16 },
	{ "dnssec17", "CDNSKEY records are valid", dnssec17 },
	{ "dnssec18", "CDS and CDNSKEY are signed by a key that DS knows", dnssec18 },
};

const struct case_module case_dnssec = { "dnssec", table, ARRAY_LEN(table) };
