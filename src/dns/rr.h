/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of the DNS that code names; IANA "Domain Name System (DNS) Parameters". */
#ifndef DNS_RR_H
#define DNS_RR_H

enum rr_type {
	RR_A = 1,
	RR_NS = 2,
	RR_CNAME = 5,
	RR_SOA = 6,
	RR_PTR = 12,
	RR_MX = 15,
	RR_TXT = 16,
	RR_AAAA = 28,
	RR_SRV = 33,
	RR_DNAME = 39,
	RR_OPT = 41,
	RR_DS = 43,
	RR_RRSIG = 46,
	RR_NSEC = 47,
	RR_DNSKEY = 48,
	RR_NSEC3 = 50,
	RR_NSEC3PARAM = 51,
	RR_TLSA = 52,
	RR_SMIMEA = 53,
	RR_CDS = 59,
	RR_CDNSKEY = 60,
	RR_OPENPGPKEY = 61,
	RR_SVCB = 64,
	RR_HTTPS = 65,
	RR_TKEY = 249,
	RR_TSIG = 250,
	RR_IXFR = 251,
	RR_AXFR = 252,
	RR_ANY = 255,
	RR_CAA = 257,
};

enum rr_class { CLASS_IN = 1, CLASS_CH = 3, CLASS_HS = 4, CLASS_NONE = 254, CLASS_ANY = 255 };

enum rcode {
	RCODE_NOERROR = 0,
	RCODE_FORMERR = 1,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5,
	RCODE_NOTAUTH = 9,
	RCODE_BADVERS = 16,
	RCODE_BADCOOKIE = 23,
};

enum opcode { OPCODE_QUERY = 0, OPCODE_STATUS = 2, OPCODE_NOTIFY = 4, OPCODE_UPDATE = 5 };

/* The flag bits of the header's second 16 bits, in place (RFC 1035 4.1.1, RFC 4035). */
enum flag {
	FLAG_QR = 0x8000,
	FLAG_AA = 0x0400,
	FLAG_TC = 0x0200,
	FLAG_RD = 0x0100,
	FLAG_RA = 0x0080,
	FLAG_Z = 0x0040,
	FLAG_AD = 0x0020,
	FLAG_CD = 0x0010,
};

enum {
	EDNS_DO = 0x8000, /* RFC 3225 */
	EDNS_CO = 0x4000, /* RFC 9824 7.2: compact denial of existence is understood */
};

enum edns_option {
	EDNS_NSID = 3,		/* RFC 5001 */
	EDNS_CLIENT_SUBNET = 8, /* RFC 7871 */
	EDNS_EXPIRE = 9,	/* RFC 7314 */
	EDNS_COOKIE = 10,	/* RFC 7873 */
	EDNS_KEEPALIVE = 11,	/* RFC 7828 */
	EDNS_PADDING = 12,	/* RFC 7830 */
	EDNS_EDE = 15,		/* RFC 8914 */
};

#endif
