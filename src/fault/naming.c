/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for names that hosts and zones should not have. */
#include <stddef.h>

#include "fault/entries.h"

static const char hostname_invalid_explain[] =
	"Names of hosts consist of labels of letters, digits and hyphens, without a hyphen at "
	"either end, and the last label is not a number. Hyphens in third and fourth place are "
	"reserved for encodings, of which only internationalised names (xn--) are in use.\n"
	"\n"
	"The naming system itself carries any octets, so resolvers get along. But programs, "
	"mail servers, certificate authorities and registries refuse such names, each in its "
	"own way: what works at one place fails at another.";
static const char hostname_invalid_seen[] =
	"The zone's name and the names in its NS, SOA and MX records are checked label by "
	"label. An underscore is fine in names that are no hosts, as of SRV, TXT and DKIM "
	"records; these are not looked at.";
static const char *const hostname_invalid_here[] = {
	"A program that refuses the name can be given the address instead, where that is "
	"possible.",
	NULL,
};
static const char *const hostname_invalid_there[] = {
	"Rename the server, or give it a second name, and put that into the NS, MX or SOA "
	"record.",
	NULL,
};
static const char *const hostname_invalid_refs[] = {
	"RFC 952",
	"RFC 1123 2.1",
	"RFC 2181 11",
	"RFC 3696 2",
	"RFC 5890 2.3.1",
	"zonemaster:NON_ALLOWED_CHARS",
	"zonemaster:INITIAL_HYPHEN",
	"zonemaster:TERMINAL_HYPHEN",
	"zonemaster:DISCOURAGED_DOUBLE_DASH",
	"zonemaster:NAMESERVER_NON_ALLOWED_CHARS",
	"zonemaster:NAMESERVER_NUMERIC_TLD",
	"zonemaster:NAMESERVER_DISCOURAGED_DOUBLE_DASH",
	"zonemaster:MNAME_DISCOURAGED_DOUBLE_DASH",
	"zonemaster:MNAME_NON_ALLOWED_CHARS",
	"zonemaster:MNAME_NUMERIC_TLD",
	"zonemaster:MX_DISCOURAGED_DOUBLE_DASH",
	"zonemaster:MX_NON_ALLOWED_CHARS",
	"zonemaster:MX_NUMERIC_TLD",
	NULL,
};

const struct fault fault_hostname_invalid = {
	.id = "hostname-invalid",
	.title = "A name that hosts should not have",
	.summary = "a name in or of {subject} does not follow the rules for names of hosts[: "
		   "{domain}]",
	.explain = hostname_invalid_explain,
	.seen = hostname_invalid_seen,
	.advice_here = hostname_invalid_here,
	.advice_there = hostname_invalid_there,
	.refs = hostname_invalid_refs,
};
