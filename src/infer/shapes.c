/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows. */
#include "infer/shapes.h"

#include <string.h>

#include "base/err.h"
#include "base/stats.h"
#include "dns/rr.h"

#define FALSE_DROPS 1e-6 /* a run */

enum { SILENCES_LEAST = 4, SILENCES_MOST = 14 };
enum {
	BIG = 4096,  /* what genreport announces */
	SAFE = 1232, /* RFC 9715 appendix A */
	SMALL = 512,
	EDNS_UNKNOWN = 100, /* assigned to nothing */
	EDNS_Z = 0x0080,
	OPCODE_UNKNOWN = 15,
	TYPE_UNKNOWN = 666,
	PADDING = 32,
};
enum {
	ALL_FLAGS = FLAG_TC | FLAG_RD | FLAG_RA | FLAG_CD | FLAG_AD | FLAG_AA | FLAG_Z,
};

const uint8_t shape_cookie[SHAPE_COOKIE] = { 1, 2, 3, 4, 5, 6, 7, 8 };

/* Any network of none: 0.0.0.0/0 (RFC 7871 6 and 7.1.2). */
static const uint8_t subnet[] = { 0, 1, 0, 0 };
static const uint8_t padding[PADDING];

static const struct shape_option opt_unknown[] = { { EDNS_UNKNOWN, 0, NULL } };
static const struct shape_option opt_nsid[] = { { EDNS_NSID, 0, NULL } };
static const struct shape_option opt_subnet[] = { { EDNS_CLIENT_SUBNET, sizeof(subnet), subnet } };
static const struct shape_option opt_expire[] = { { EDNS_EXPIRE, 0, NULL } };
static const struct shape_option opt_cookie[] = { { EDNS_COOKIE, SHAPE_COOKIE, shape_cookie } };
static const struct shape_option opt_padding[] = { { EDNS_PADDING, PADDING, padding } };
static const struct shape_option opt_keepalive[] = { { EDNS_KEEPALIVE, 0, NULL } };
static const struct shape_option opt_list[] = {
	{ EDNS_NSID, 0, NULL },
	{ EDNS_CLIENT_SUBNET, sizeof(subnet), subnet },
	{ EDNS_EXPIRE, 0, NULL },
	{ EDNS_COOKIE, SHAPE_COOKIE, shape_cookie },
};

#define RIGHT(rcode) (1U << (rcode))
/* It may be refused in so many words, but not passed over in silence. */
#define ANY_REPLY                                                                                  \
	(RIGHT(RCODE_NOERROR) | RIGHT(RCODE_FORMERR) | RIGHT(RCODE_NXDOMAIN) |                     \
		RIGHT(RCODE_NOTIMP) | RIGHT(RCODE_REFUSED))

#define OPTIONS(list)		 .options = (list), .noptions = ARRAY_LEN(list)
#define EDNS(...)		 .shape = { .edns = true, .edns_size = __VA_ARGS__ }
#define FLAGS(bits)		 .shape = { .flags = (bits) }
#define TEXTS(how, right, where) .differs = (how), .conforms = (right), .source = (where)

#define THE_SOA	    "the SOA record, with authority"
#define NO_DATA	    "the records, or none (NODATA)"
#define BAD_VERSION "BADVERS, with EDNS version 0 and no SOA"

/* A type of genreport's list that is asked for on demand, and one that always is. */
#define TYPE_ROW(name, number)                                                                     \
	{                                                                                          \
		name, TEXTS("type " name, NO_DATA, "RFC 8906 3.1.1"),                              \
			.type = (number), .group = SHAPE_TYPE, .about = ABOUT_NAME,                \
			.on_demand = true                                                          \
	}
#define TYPE_ALWAYS(name, number, of)                                                              \
	{                                                                                          \
		name, TEXTS("type " name, NO_DATA, "RFC 8906 3.1.1"),                              \
			.type = (number), .group = (of), .about = ABOUT_NAME                       \
	}
#define SOA_ROW(name, in, how, right, where, ...)                                                  \
	{                                                                                          \
		name, TEXTS(how, right, where), .type = RR_SOA, .group = (in), __VA_ARGS__         \
	}

/* clang-format off: a row has its own shape */
const struct shape_row shape_table[] = {
	SOA_ROW("dns", SHAPE_EDNS, "plain DNS", THE_SOA, "RFC 8906 8.1.1", FLAGS(0)),
	SOA_ROW("edns", SHAPE_EDNS, "EDNS version 0", THE_SOA ", and OPT", "RFC 8906 8.2",
		EDNS(BIG)),
	SOA_ROW("aa", SHAPE_FULL, "AA set", THE_SOA, "RFC 8906 8.1.3", FLAGS(FLAG_AA)),
	SOA_ROW("ad", SHAPE_FULL, "AD set", THE_SOA, "RFC 8906 8.1.3", FLAGS(FLAG_AD)),
	SOA_ROW("cd", SHAPE_FULL, "CD set", THE_SOA, "RFC 8906 8.1.3", FLAGS(FLAG_CD)),
	SOA_ROW("ra", SHAPE_FULL, "RA set", THE_SOA, "RFC 8906 8.1.3", FLAGS(FLAG_RA)),
	SOA_ROW("rd", SHAPE_FULL, "RD set", THE_SOA ", RD copied", "RFC 8906 8.1.3",
		FLAGS(FLAG_RD)),
	SOA_ROW("tc", SHAPE_FULL, "TC set", THE_SOA, "RFC 8906 8.1.3", FLAGS(FLAG_TC), .odd = true),
	SOA_ROW("zflag", SHAPE_FULL, "the reserved bit set", THE_SOA ", the bit not copied",
		"RFC 8906 8.1.3", FLAGS(FLAG_Z)),
	{ "opcode", TEXTS("an unknown opcode", "NOTIMP, and nothing more", "RFC 8906 8.1.4"),
		.shape = { .opcode = OPCODE_UNKNOWN, .header_only = true }, .type = RR_SOA,
		.group = SHAPE_FULL, .odd = true },
	{ "opcodeflg", TEXTS("that with all flags set", "NOTIMP, without flags", "RFC 8906 8.1.4"),
		.shape = { .opcode = OPCODE_UNKNOWN, .header_only = true, .flags = ALL_FLAGS },
		.type = RR_SOA, .group = SHAPE_FULL, .odd = true },
	{ "type666", TEXTS("type 666, which is none", NO_DATA, "RFC 8906 8.1.2"),
		.type = TYPE_UNKNOWN, .group = SHAPE_FULL },
	SOA_ROW("tcp", SHAPE_FULL, "over TCP", THE_SOA, "RFC 7766 5", .transport = TRANSPORT_TCP),
	SOA_ROW("edns1", SHAPE_EDNS, "EDNS version 1", BAD_VERSION, "RFC 8906 8.2",
		EDNS(BIG, .edns_version = 1)),
	{ "edns@512", TEXTS("512 octets, DO, type DNSKEY", "512 octets at most", "RFC 8906 8.2"),
		EDNS(SMALL, .edns_flags = EDNS_DO), .type = RR_DNSKEY, .group = SHAPE_EDNS },
	SOA_ROW("ednsopt", SHAPE_EDNS, "an unknown EDNS option", THE_SOA ", the option ignored",
		"RFC 8906 8.2", EDNS(BIG, OPTIONS(opt_unknown))),
	SOA_ROW("edns1opt", SHAPE_EDNS, "version 1 and that option", BAD_VERSION, "RFC 8906 8.2",
		EDNS(BIG, .edns_version = 1, OPTIONS(opt_unknown))),
	SOA_ROW("do", SHAPE_EDNS, "DO set", THE_SOA ", DO copied if signed", "RFC 8906 8.2",
		EDNS(BIG, .edns_flags = EDNS_DO)),
	SOA_ROW("docd", SHAPE_FULL, "DO and CD set", THE_SOA, "RFC 4035 3.1.6",
		.shape = { .flags = FLAG_CD,
			.edns = true,
			.edns_size = BIG,
			.edns_flags = EDNS_DO }),
	SOA_ROW("edns1do", SHAPE_FULL, "version 1 and DO", BAD_VERSION, "RFC 8906 8.2",
		EDNS(BIG, .edns_version = 1, .edns_flags = EDNS_DO)),
	SOA_ROW("ednsflags", SHAPE_EDNS, "an unknown EDNS flag", THE_SOA ", the flag not copied",
		"RFC 8906 8.2", EDNS(BIG, .edns_flags = EDNS_Z)),
	SOA_ROW("optlist", SHAPE_EDNS, "NSID, ECS, EXPIRE and COOKIE", THE_SOA, "RFC 8906 8.2",
		EDNS(BIG, OPTIONS(opt_list))),
	SOA_ROW("ednsnsid", SHAPE_FULL, "option NSID", THE_SOA, "RFC 5001 2.2",
		EDNS(BIG, OPTIONS(opt_nsid))),
	SOA_ROW("ednscookie", SHAPE_FULL, "option COOKIE", THE_SOA ", or BADCOOKIE", "RFC 7873 5.2",
		EDNS(BIG, OPTIONS(opt_cookie))),
	SOA_ROW("ednsexpire", SHAPE_FULL, "option EXPIRE", THE_SOA, "RFC 7314 3.1",
		EDNS(BIG, OPTIONS(opt_expire))),
	SOA_ROW("ednssubnet", SHAPE_FULL, "option Client Subnet", THE_SOA, "RFC 7871 7.2.1",
		EDNS(BIG, OPTIONS(opt_subnet))),
	SOA_ROW("edns1nsid", SHAPE_FULL, "version 1 and NSID", BAD_VERSION, "RFC 6891 6.1.3",
		EDNS(BIG, .edns_version = 1, OPTIONS(opt_nsid))),
	SOA_ROW("edns1cookie", SHAPE_FULL, "version 1 and COOKIE", BAD_VERSION, "RFC 6891 6.1.3",
		EDNS(BIG, .edns_version = 1, OPTIONS(opt_cookie))),
	SOA_ROW("edns1expire", SHAPE_FULL, "version 1 and EXPIRE", BAD_VERSION, "RFC 6891 6.1.3",
		EDNS(BIG, .edns_version = 1, OPTIONS(opt_expire))),
	SOA_ROW("edns1subnet", SHAPE_FULL, "version 1 and ECS", BAD_VERSION, "RFC 6891 6.1.3",
		EDNS(BIG, .edns_version = 1, OPTIONS(opt_subnet))),
	{ "ednstcp", TEXTS("DO, type DNSKEY, over TCP", NO_DATA, "RFC 8906 8.2"),
		EDNS(SMALL, .edns_flags = EDNS_DO), .type = RR_DNSKEY, .group = SHAPE_EDNS,
		.transport = TRANSPORT_TCP },
	SOA_ROW("bind11", SHAPE_COMM, "as BIND 9.11 asks", THE_SOA, "RFC 8906 7",
		EDNS(BIG, .edns_flags = EDNS_DO, OPTIONS(opt_cookie))),
	SOA_ROW("dig11", SHAPE_COMM, "as dig 9.11 asks", THE_SOA, "RFC 8906 7",
		.shape = { .flags = FLAG_RD | FLAG_AD,
			.edns = true,
			.edns_size = BIG,
			OPTIONS(opt_cookie) }),

	SOA_ROW("cookie-back", SHAPE_OURS, "the server's cookie back", THE_SOA, "RFC 7873 5.2.5",
		EDNS(SAFE, OPTIONS(opt_cookie)), .way = WAY_COOKIE),
	SOA_ROW("padding", SHAPE_OURS, "option Padding", THE_SOA, "RFC 7830 4",
		EDNS(SAFE, OPTIONS(opt_padding))),
	SOA_ROW("df", SHAPE_OURS, "DF set", THE_SOA, "RFC 9715 3.1", EDNS(SAFE), .df = DF_SET),
	SOA_ROW("no-df", SHAPE_OURS, "DF not set", THE_SOA, "RFC 9715 3.1", EDNS(SAFE),
		.df = DF_UNSET),
	{ "mixed-case",
		TEXTS("letters of both cases", "the same answer, letters kept", "RFC 4343 4.1"),
		EDNS(SAFE), .type = RR_SOA, .group = SHAPE_OURS, .about = ABOUT_MIXED,
		.rcodes = RIGHT(RCODE_NOERROR) | RIGHT(RCODE_NXDOMAIN) },
	{ "same-case", TEXTS("the same in lower case", "an answer", "RFC 4343 4.1"), EDNS(SAFE),
		.type = RR_SOA, .group = SHAPE_OURS, .about = ABOUT_NAME,
		.rcodes = RIGHT(RCODE_NOERROR) | RIGHT(RCODE_NXDOMAIN) },
	{ "missing", TEXTS("a name that does not exist", "NXDOMAIN with the SOA", "RFC 2308 2.1"),
		EDNS(SAFE), .type = RR_A, .group = SHAPE_OURS, .about = ABOUT_MISSING,
		.rcodes = RIGHT(RCODE_NXDOMAIN) | RIGHT(RCODE_NOERROR) },
	{ "no-data", TEXTS("type 65534 with EDNS", "NODATA with the SOA", "RFC 2308 2.2"),
		EDNS(SAFE), .type = 65534, .group = SHAPE_OURS },
	{ "above", TEXTS("names on the way", "no NXDOMAIN above what exists", "RFC 8020 2"),
		EDNS(SAFE), .type = RR_A, .group = SHAPE_OURS, .about = ABOUT_ABOVE },
	{ "two-questions", TEXTS("two questions", "FORMERR, or one answer", "RFC 9619 4"),
		.shape = { .twice = true }, .type = RR_SOA, .group = SHAPE_OURS,
		.rcodes = ANY_REPLY, .odd = true },
	{ "trailing", TEXTS("octets behind the message", "FORMERR, or an answer", "RFC 1035 4.1"),
		.shape = { .trailing = 7 }, .type = RR_SOA, .group = SHAPE_OURS,
		.rcodes = ANY_REPLY, .odd = true },
	{ "hostname.bind", TEXTS("class CH", "a name of the server, or an error", "RFC 4892 3"),
		.type = RR_TXT, .class = CLASS_CH, .group = SHAPE_OURS, .about = ABOUT_HOSTNAME,
		.rcodes = ANY_REPLY },
	{ "id.server", TEXTS("class CH", "a name of the server, or an error", "RFC 4892 3"),
		.type = RR_TXT, .class = CLASS_CH, .group = SHAPE_OURS, .about = ABOUT_ID,
		.rcodes = ANY_REPLY },
	SOA_ROW("keepalive", SHAPE_OURS, "option Keepalive over TCP", THE_SOA, "RFC 7828 3.3.2",
		EDNS(SAFE, OPTIONS(opt_keepalive)), .transport = TRANSPORT_TCP),
	SOA_ROW("tcp-many", SHAPE_OURS, "three in one TCP connection", "all are answered",
		"RFC 7766 6.2.1", .transport = TRANSPORT_TCP, .way = WAY_STREAM),
	SOA_ROW("tcp-split", SHAPE_OURS, "a message cut by TCP", THE_SOA, "RFC 7766 8",
		.transport = TRANSPORT_TCP, .way = WAY_SPLIT),
	{ "at-4096", TEXTS("DO, 4096 octets", "all of it, or TC", "RFC 6891 6.2.5"),
		EDNS(BIG, .edns_flags = EDNS_DO), .group = SHAPE_OURS, .about = ABOUT_NAME },
	{ "at-1232", TEXTS("DO, 1232 octets", "1232 octets at most", "RFC 6891 6.2.5"),
		EDNS(SAFE, .edns_flags = EDNS_DO), .group = SHAPE_OURS, .about = ABOUT_NAME },
	{ "at-512", TEXTS("DO, 512 octets", "512 octets at most", "RFC 6891 6.2.5"),
		EDNS(SMALL, .edns_flags = EDNS_DO), .group = SHAPE_OURS, .about = ABOUT_NAME },
	{ "at-tcp", TEXTS("DO over TCP", "all of it", "RFC 7766 5"),
		EDNS(SAFE, .edns_flags = EDNS_DO), .group = SHAPE_OURS, .about = ABOUT_NAME,
		.transport = TRANSPORT_TCP },
	{ "keys-4096", TEXTS("DNSKEY, DO, 4096 octets", "all of it, or TC", "RFC 6891 6.2.5"),
		EDNS(BIG, .edns_flags = EDNS_DO), .type = RR_DNSKEY, .group = SHAPE_OURS },
	{ "keys-1232", TEXTS("DNSKEY, DO, 1232 octets", "1232 octets at most", "RFC 6891 6.2.5"),
		EDNS(SAFE, .edns_flags = EDNS_DO), .type = RR_DNSKEY, .group = SHAPE_OURS },
	{ "one-port", TEXTS("A and AAAA at once, one port", "both are answered", "RFC 5452 4"),
		EDNS(SAFE), .type = RR_A, .group = SHAPE_OURS, .about = ABOUT_NAME,
		.way = WAY_PAIR },
	{ "two-ports", TEXTS("A and AAAA at once, two ports", "both are answered", "RFC 5452 4"),
		EDNS(SAFE), .type = RR_A, .group = SHAPE_OURS, .about = ABOUT_NAME,
		.way = WAY_TWO_PORTS },
	SOA_ROW("nodes", SHAPE_OURS, "NSID from several ports", "the same SOA from each",
		"RFC 5001 3", EDNS(SAFE, OPTIONS(opt_nsid)), .way = WAY_NODES),
	SOA_ROW("new-ports", SHAPE_OURS, "many ports not used before", "as from one in use",
		"RFC 4787 4.3", FLAGS(0), .way = WAY_NEW_PORTS),
	SOA_ROW("used-port", SHAPE_OURS, "beside them, a port in use", THE_SOA, "RFC 4787 4.3",
		FLAGS(0), .way = WAY_USED_PORT),

	TYPE_ALWAYS("A", RR_A, SHAPE_TYPE),
	TYPE_ALWAYS("NS", RR_NS, SHAPE_TYPE),
	TYPE_ALWAYS("MX", RR_MX, SHAPE_TYPE),
	TYPE_ALWAYS("TXT", RR_TXT, SHAPE_TYPE),
	TYPE_ALWAYS("AAAA", RR_AAAA, SHAPE_TYPE),
	TYPE_ALWAYS("DS", RR_DS, SHAPE_TYPE),
	TYPE_ALWAYS("DNSKEY", RR_DNSKEY, SHAPE_TYPE),
	TYPE_ALWAYS("NSEC3PARAM", RR_NSEC3PARAM, SHAPE_TYPE),
	TYPE_ALWAYS("TLSA", RR_TLSA, SHAPE_TYPE),
	TYPE_ALWAYS("CDS", RR_CDS, SHAPE_TYPE),
	TYPE_ALWAYS("CAA", RR_CAA, SHAPE_TYPE),
	TYPE_ALWAYS("SVCB", RR_SVCB, SHAPE_OURS),
	TYPE_ALWAYS("HTTPS", RR_HTTPS, SHAPE_OURS),
	TYPE_ALWAYS("TYPE300", 300, SHAPE_OURS),
	TYPE_ALWAYS("TYPE65534", 65534, SHAPE_OURS),
	/* RFC 8482 4: servers need not give much, but have to say something. */
	{ "ANY", TEXTS("type ANY", "some records, or an error", "RFC 8482 4"), .type = RR_ANY,
		.group = SHAPE_OURS, .about = ABOUT_NAME, .rcodes = ANY_REPLY },
	/* Signatures belong to other records: PowerDNS 4.7 refuses to give them alone. */
	{ "RRSIG", TEXTS("type RRSIG", NO_DATA ", or an error", "RFC 8482 4"), .type = RR_RRSIG,
		.group = SHAPE_TYPE, .about = ABOUT_NAME, .rcodes = ANY_REPLY, .on_demand = true },
	TYPE_ROW("MD", 3),
	TYPE_ROW("MF", 4),
	TYPE_ROW("CNAME", RR_CNAME),
	TYPE_ROW("SOA", RR_SOA),
	TYPE_ROW("MB", 7),
	TYPE_ROW("MG", 8),
	TYPE_ROW("MR", 9),
	TYPE_ROW("NULL", 10),
	TYPE_ROW("WKS", 11),
	TYPE_ROW("PTR", RR_PTR),
	TYPE_ROW("HINFO", 13),
	TYPE_ROW("MINFO", 14),
	TYPE_ROW("RP", 17),
	TYPE_ROW("AFSDB", 18),
	TYPE_ROW("X25", 19),
	TYPE_ROW("ISDN", 20),
	TYPE_ROW("RT", 21),
	TYPE_ROW("NSAP", 22),
	TYPE_ROW("NSAP-PTR", 23),
	TYPE_ROW("SIG", 24),
	TYPE_ROW("KEY", 25),
	TYPE_ROW("PX", 26),
	TYPE_ROW("GPOS", 27),
	TYPE_ROW("LOC", 29),
	TYPE_ROW("NXT", 30),
	TYPE_ROW("SRV", RR_SRV),
	TYPE_ROW("NAPTR", 35),
	TYPE_ROW("KX", 36),
	TYPE_ROW("CERT", 37),
	TYPE_ROW("A6", 38),
	TYPE_ROW("DNAME", RR_DNAME),
	TYPE_ROW("APL", 42),
	TYPE_ROW("SSHFP", 44),
	TYPE_ROW("IPSECKEY", 45),

	TYPE_ROW("NSEC", RR_NSEC),
	TYPE_ROW("DHCID", 49),
	TYPE_ROW("NSEC3", RR_NSEC3),
	TYPE_ROW("SMIMEA", 53),
	TYPE_ROW("HIP", 55),
	TYPE_ROW("CDNSKEY", RR_CDNSKEY),
	TYPE_ROW("OPENPGPKEY", 61),
	TYPE_ROW("SPF", 99),
	TYPE_ROW("NID", 104),
	TYPE_ROW("L32", 105),
	TYPE_ROW("L64", 106),
	TYPE_ROW("LP", 107),
	TYPE_ROW("EUI48", 108),
	TYPE_ROW("EUI64", 109),
	TYPE_ROW("URI", 256),
	TYPE_ROW("AVC", 258),
	TYPE_ROW("DOA", 259),
	TYPE_ROW("DLV", 32769),
	TYPE_ROW("TYPE1000", 1000),
};
/* clang-format on */
const size_t shape_count = ARRAY_LEN(shape_table);

const struct shape_row *shape_find_row(const char *slug)
{
	for (size_t i = 0; i < shape_count; i++)
		if (strcmp(shape_table[i].slug, slug) == 0)
			return &shape_table[i];
	return NULL;
}

unsigned int shape_silences(uint64_t lost, uint64_t sent, size_t rows)
{
	double loss = stats_rate_upper(lost, sent, 0.99);
	unsigned int n = stats_silences(loss > 0.9 ? 0.9 : loss, FALSE_DROPS / (double)(rows + 1));

	if (n < SILENCES_LEAST)
		return SILENCES_LEAST;
	return n > SILENCES_MOST ? SILENCES_MOST : n;
}
