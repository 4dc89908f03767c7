// SPDX-License-Identifier: GPL-3.0-or-later
// The catalogue's entry for data that another zone has signed.
#include <stddef.h>

#include "fault/entries.h"

static const char signer_explain[] =
	"Each signature names the zone whose key made it, and only the zone that the data lie in "
	"may sign them. Here the signature names another one.\n"
	"\n"
	"It happens when a part of a zone was made a zone of its own, or the other way round, and "
	"signatures were carried along; when servers still have the data of a zone that has moved; "
	"or when a zone's file was signed under a wrong name. Validating resolvers refuse the data "
	"and answer SERVFAIL; the others notice nothing.";
static const char signer_seen[] =
	"The signer's name in the RRSIG records is compared with the zone that the delegations "
	"from "
	"the root on lead to. A signature that names the right zone but fits none of its keys is "
	"`dnssec-wrong-signature` or `dnssec-missing-signature`.";
static const char *const signer_here[] = {
	"Nothing can be mended from here. A validating resolver that has to reach the zone all the "
	"same can be told not to validate it (RFC 7646), as long as the fault lasts.",
	NULL,
};
static const char *const signer_there[] = {
	"Look for a delegation between the two zones that exists on some servers only, and make "
	"all servers agree whether there is one.",
	"Sign the zone anew under its own name, raise its serial, and see that all servers have "
	"it.",
	NULL,
};
static const char *const signer_refs[] = {
	"RFC 4034 3.1.7",
	"RFC 4035 5.3.1",
	"dnsviz:SIGNER_NOT_ZONE",
	NULL,
};

const struct fault fault_dnssec_signer = {
	.id = "dnssec-signer",
	.title = "Data are signed in the name of another zone",
	.summary = "data of {subject} are signed in the name of another zone[: {types}]"
		   "[: key tag {keytag}]",
	.explain = signer_explain,
	.seen = signer_seen,
	.advice_here = signer_here,
	.advice_there = signer_there,
	.refs = signer_refs,
};
