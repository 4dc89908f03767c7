/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what a sender cannot look up or use: MX records and addresses. */
#include <stddef.h>

#include "fault/entries.h"

static const char mail_domain_missing_explain[] =
	"The servers of the zone above say that there is no such name. A sender bounces "
	"mail for it at once (5.4.4), and many receivers refuse mail that comes from it "
	"(4.1.8 or 5.1.8), since nobody could answer.";
static const char mail_domain_missing_seen[] =
	"The MX question is answered with NXDOMAIN. A domain that exists but has no MX "
	"record is `missing-mx`; one whose servers do not answer is `mx-lookup-fails`.";
static const char *const mail_domain_missing_here[] = {
	"See that the name is spelt as it was meant.",
	NULL,
};
static const char *const mail_domain_missing_there[] = {
	"Register the domain again, or bring its delegation back.",
	NULL,
};
static const char *const mail_domain_missing_refs[] = {
	"RFC 5321 5.1",
	"RFC 2308 2.1",
	NULL,
};

const struct fault fault_mail_domain_missing = {
	.id = "mail-domain-missing",
	.title = "Mail for a domain that does not exist",
	.summary = "{subject} does not exist: mail for it bounces",
	.explain = mail_domain_missing_explain,
	.seen = mail_domain_missing_seen,
	.advice_here = mail_domain_missing_here,
	.advice_there = mail_domain_missing_there,
	.refs = mail_domain_missing_refs,
};

static const char mx_lookup_fails_explain[] =
	"A sender that cannot learn where mail goes keeps it in its queue and tries "
	"again, for days. Silence, SERVFAIL, REFUSED and signatures that do not "
	"validate are all the same to it: the log says \"Host or domain name not found, "
	"try again\" (4.4.3) for each of them.\n"
	"\n"
	"Receivers may also defer mail that comes from such a domain (4.1.8), because "
	"they check that the sender's domain exists.";
static const char mx_lookup_fails_seen[] =
	"The zone's servers are asked from the root on, as a resolver does. A denial is "
	"an answer; only what is no answer counts. What else of the domain fails in the "
	"same way is in the list of look-ups only. When signatures are the reason, a "
	"finding of DNSSEC says what is wrong with them.";
static const char *const mx_lookup_fails_here[] = {
	"Mail that has to get there now can be given a fixed route, to an address that "
	"the operator tells.",
	NULL,
};
static const char *const mx_lookup_fails_there[] = {
	"Find out why the servers do not answer for MX: dnsfault tree and dnsfault "
	"DOMAIN MX say more.",
	"Let a second operator serve the zone as well.",
	NULL,
};
static const char *const mx_lookup_fails_refs[] = {
	"RFC 5321 5.1",
	"RFC 3463 3.5",
	NULL,
};

const struct fault fault_mx_lookup_fails = {
	.id = "mx-lookup-fails",
	.title = "MX records that cannot be looked up",
	.summary = "the MX records of {subject} cannot be looked up[ ({result})][: mail is "
		   "{consequence}]",
	.explain = mx_lookup_fails_explain,
	.seen = mx_lookup_fails_seen,
	.advice_here = mx_lookup_fails_here,
	.advice_there = mx_lookup_fails_there,
	.refs = mx_lookup_fails_refs,
};

static const char null_mx_explain[] =
	"The only MX record has preference 0 and the root as its target. The domain's "
	"owner says by it that nobody there takes mail. Senders bounce mail for it at "
	"once (5.1.10), and receivers may refuse mail that comes from it (5.7.27), "
	"because no answer could reach it.";
static const char null_mx_seen[] =
	"The MX records are exactly that one. With others beside it, or with another "
	"preference, it is `null-mx-malformed`.";
static const char *const null_mx_here[] = {
	"See that the address is spelt as it was meant.",
	NULL,
};
static const char *const null_mx_there[] = {
	"When mail is to be taken after all, replace the record by one that names a "
	"mail server.",
	NULL,
};
static const char *const null_mx_refs[] = {
	"RFC 7505 3",
	"RFC 7505 4.2",
	NULL,
};

const struct fault fault_null_mx = {
	.id = "null-mx",
	.title = "A domain that takes no mail",
	.summary = "{subject} says that it takes no mail (null MX)",
	.explain = null_mx_explain,
	.seen = null_mx_seen,
	.advice_here = null_mx_here,
	.advice_there = null_mx_there,
	.refs = null_mx_refs,
};

static const char mx_is_address_explain[] =
	"The target of an MX record is the name of a host. Somebody wrote an IP address "
	"there. DNS takes it as a name that ends in digits, and no such name exists, so "
	"senders find no address and do not deliver there.";
static const char mx_is_address_seen[] =
	"The target reads as an address, and a look-up of it as a name finds nothing.";
static const char *const mx_is_address_here[] = {
	"Mail that has to get there now can be given a fixed route, to that address.",
	NULL,
};
static const char *const mx_is_address_there[] = {
	"Give the host a name with address records, and write that name into the MX "
	"record.",
	NULL,
};
static const char *const mx_is_address_refs[] = {
	"RFC 1035 3.3.9",
	"RFC 5321 5.1",
	NULL,
};

const struct fault fault_mx_is_address = {
	.id = "mx-is-address",
	.title = "An MX record that holds an address",
	.summary = "an MX record of {subject} holds an address where a name belongs[: {name}][: "
		   "{consequence}]",
	.explain = mx_is_address_explain,
	.seen = mx_is_address_seen,
	.advice_here = mx_is_address_here,
	.advice_there = mx_is_address_there,
	.refs = mx_is_address_refs,
};

static const char mx_address_unusable_explain[] =
	"The address that DNS gives for a mail server lies in a block that is not "
	"routed on the Internet: private, loopback, link-local or another special one. "
	"A sender tries to connect to something in its own network, or to itself, and "
	"mail waits or goes in circles.";
static const char mx_address_unusable_seen[] =
	"The addresses of each exchange are compared with the registries of "
	"special-purpose addresses (RFC 6890). Blocks for documentation are left out.";
static const char *const mx_address_unusable_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const mx_address_unusable_there[] = {
	"Take those records out of the public zone, or give the server its public "
	"address there. Inside the network use a view of its own.",
	NULL,
};
static const char *const mx_address_unusable_refs[] = {
	"RFC 6890",
	"RFC 5321 5.1",
	NULL,
};

const struct fault fault_mx_address_unusable = {
	.id = "mx-address-unusable",
	.title = "A mail server with an address that nobody elsewhere reaches",
	.summary = "[the mail server {name}|a mail server of {subject}] has an address that leads "
		   "nowhere from outside[: {address}]",
	.explain = mx_address_unusable_explain,
	.seen = mx_address_unusable_seen,
	.advice_here = mx_address_unusable_here,
	.advice_there = mx_address_unusable_there,
	.refs = mx_address_unusable_refs,
};

static const char address_lookup_fails_explain[] =
	"The MX records name a server, but its address cannot be learnt. When no server "
	"of the domain can be found, mail waits in the queue (4.4.3). When only A or "
	"only AAAA fails, senders differ: some use what they have, some wait until both "
	"are answered.";
static const char address_lookup_fails_seen[] =
	"A and AAAA of each exchange are looked up. A denial is an answer: it is "
	"`mx-without-address` when neither type is there.";
static const char *const address_lookup_fails_here[] = {
	"Some mail programs can be told to use one address family only for such a "
	"destination.",
	NULL,
};
static const char *const address_lookup_fails_there[] = {
	"Find out why the servers of that name do not answer for the type. Servers that "
	"know A but not AAAA are a known fault of old load balancers.",
	NULL,
};
static const char *const address_lookup_fails_refs[] = {
	"RFC 5321 5.1",
	"RFC 4074 4",
	NULL,
};

const struct fault fault_address_lookup_fails = {
	.id = "address-lookup-fails",
	.title = "Addresses of a mail server that cannot be looked up",
	.summary = "[{types} of the mail server {name}|addresses of a mail server of {subject}] "
		   "cannot be looked up[ ({result})][: mail is {consequence}]",
	.explain = address_lookup_fails_explain,
	.seen = address_lookup_fails_seen,
	.advice_here = address_lookup_fails_here,
	.advice_there = address_lookup_fails_there,
	.refs = address_lookup_fails_refs,
};
