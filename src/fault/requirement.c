/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sections that findings refer to ask for, each in a sentence of our own. */
#include "fault/requirement.h"

#include <string.h>

#include "base/err.h"

static const struct {
	const char *ref;
	const char *sentence;
} rows[] = {
	{ "RFC 1034 4.2.2",
		"the name server records on both sides of a delegation are to be the same, and "
		"are to stay so when one side changes" },
	{ "RFC 1034 4.3.5",
		"secondary servers look at the serial number of the zone and fetch it again when "
		"it has grown" },
	{ "RFC 1035 4.1.1", "a reply carries the id of its query, so that the two can be matched" },
	{ "RFC 1912 2.8",
		"each server that a zone is delegated to has to serve that zone with authority" },
	{ "RFC 2181 10.3", "a name that an NS or MX record points to must not be an alias" },
	{ "RFC 2308 3",
		"a reply that says there is no such name or no such data carries the SOA record of "
		"the zone" },
	{ "RFC 4035 2.2", "each record set of a signed zone has at least one signature over it" },
	{ "RFC 4035 3.1",
		"a server of a signed zone adds the signatures when the query asks for them" },
	{ "RFC 4035 5.2",
		"a DS record at the parent has to match a key of the zone that signs the zone's "
		"keys" },
	{ "RFC 4035 5.3.1",
		"a signature counts only between its inception and its expiration, and only when "
		"name, algorithm and key tag fit a key of the zone" },
	{ "RFC 5321 5.1", "a host that an MX record names has to have an address" },
	{ "RFC 5452 9.2", "resolvers draw the source port of each query from a range as wide as is "
			  "practicable, which is port 53 and all ports from 1024 up" },
	{ "RFC 6891 6.1.1", "a reply to a query with an OPT record carries one as well" },
	{ "RFC 6891 6.1.2", "EDNS options that a server does not know are ignored" },
	{ "RFC 6891 7", "a server without EDNS answers a query that has it with FORMERR" },
	{ "RFC 7208 3.2", "a domain has no more than one SPF record" },
	{ "RFC 7208 4.5", "more than one SPF record at a name is an error for whoever checks" },
	{ "RFC 7208 4.6.4", "an SPF record may cause no more than ten further lookups" },
	{ "RFC 7505 3", "a null MX is the only MX record of its name: preference 0, host \".\"" },
	{ "RFC 7766 5", "every DNS implementation for general use supports TCP as well as UDP" },
	{ "RFC 8020 2", "a name below which there are names exists, though it may have no data" },
	{ "RFC 8906 2",
		"a query without any reply cannot be told from a lost packet, so that the asker "
		"waits, tries again and may take the server for dead" },
	{ "RFC 8906 3.1.2",
		"a query for a type that a server does not know gets an ordinary reply, as one for "
		"a type without data" },
	{ "RFC 8906 3.1.3", "a query with a header flag that is not known still gets a reply" },
	{ "RFC 8906 3.2.3", "a query with an unknown EDNS option is answered as without it" },
	{ "RFC 8906 3.2.4", "a query with an unknown EDNS flag is answered as without it" },
	{ "RFC 8906 4",
		"firewalls and load balancers in front of a name server are to let well-formed "
		"queries through, also those with features that they do not know" },
	{ "RFC 9210 3", "name servers and what stands in front of them serve DNS over TCP, too" },
};

const char *fault_requirement(const char *ref)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].ref, ref) == 0)
			return rows[i].sentence;
	}
	return NULL;
}
