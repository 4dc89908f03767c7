/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presentation form of records, and mnemonics. */
#include "dns/text.h"

#include <assert.h>
#include <libknot/libknot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/addr.h"
#include "base/err.h"
#include "dns/form.h"
#include "dns/rr.h"

struct mnemonic {
	uint16_t code;
	const char *name;
};

/* Types that are asked for by the million: libknot formats its words each time anew. */
static const char *const usual_types[] = {
	[RR_A] = "A",
	[RR_NS] = "NS",
	[RR_CNAME] = "CNAME",
	[RR_SOA] = "SOA",
	[RR_PTR] = "PTR",
	[RR_MX] = "MX",
	[RR_TXT] = "TXT",
	[RR_AAAA] = "AAAA",
	[RR_SRV] = "SRV",
	[RR_DS] = "DS",
	[RR_RRSIG] = "RRSIG",
	[RR_DNSKEY] = "DNSKEY",
	[RR_HTTPS] = "HTTPS",
};

/* IANA "Resource Record (RR) TYPEs": those that libknot has no word for. */
static const struct mnemonic more_types[] = {
	{ 3, "MD" },
	{ 4, "MF" },
	{ 7, "MB" },
	{ 8, "MG" },
	{ 9, "MR" },
	{ 11, "WKS" },
	{ 19, "X25" },
	{ 20, "ISDN" },
	{ 22, "NSAP" },
	{ 23, "NSAP-PTR" },
	{ 26, "PX" },
	{ 27, "GPOS" },
	{ 30, "NXT" },
	{ 31, "EID" },
	{ 32, "NIMLOC" },
	{ 34, "ATMA" },
	{ 38, "A6" },
	{ 40, "SINK" },
	{ 55, "HIP" },
	{ 56, "NINFO" },
	{ 57, "RKEY" },
	{ 58, "TALINK" },
	{ 66, "DSYNC" },
	{ 67, "HHIT" },
	{ 68, "BRID" },
	{ 100, "UINFO" },
	{ 101, "UID" },
	{ 102, "GID" },
	{ 103, "UNSPEC" },
	{ 253, "MAILB" },
	{ 254, "MAILA" },
	{ 258, "AVC" },
	{ 259, "DOA" },
	{ 260, "AMTRELAY" },
	{ 261, "RESINFO" },
	{ 262, "WALLET" },
	{ 32768, "TA" },
	{ 32769, "DLV" },
};

static const struct mnemonic classes[] = {
	{ CLASS_IN, "IN" },
	{ CLASS_CH, "CH" },
	{ CLASS_HS, "HS" },
	{ CLASS_NONE, "NONE" },
	{ CLASS_ANY, "ANY" },
};

/* IANA "DNS OpCodes". */
static const struct mnemonic opcodes[] = {
	{ OPCODE_QUERY, "QUERY" },
	{ 1, "IQUERY" },
	{ OPCODE_STATUS, "STATUS" },
	{ OPCODE_NOTIFY, "NOTIFY" },
	{ OPCODE_UPDATE, "UPDATE" },
	{ 6, "DSO" },
};

/* IANA "DNS RCODEs". */
static const struct mnemonic rcodes[] = {
	{ RCODE_NOERROR, "NOERROR" },
	{ RCODE_FORMERR, "FORMERR" },
	{ RCODE_SERVFAIL, "SERVFAIL" },
	{ RCODE_NXDOMAIN, "NXDOMAIN" },
	{ RCODE_NOTIMP, "NOTIMP" },
	{ RCODE_REFUSED, "REFUSED" },
	{ 6, "YXDOMAIN" },
	{ 7, "YXRRSET" },
	{ 8, "NXRRSET" },
	{ RCODE_NOTAUTH, "NOTAUTH" },
	{ 10, "NOTZONE" },
	{ 11, "DSOTYPENI" },
	{ RCODE_BADVERS, "BADVERS" },
	{ 17, "BADKEY" },
	{ 18, "BADTIME" },
	{ 19, "BADMODE" },
	{ 20, "BADNAME" },
	{ 21, "BADALG" },
	{ 22, "BADTRUNC" },
	{ RCODE_BADCOOKIE, "BADCOOKIE" },
};

/* IANA "Extended DNS Error Codes". */
static const struct mnemonic edes[] = {
	{ 0, "Other" },
	{ 1, "Unsupported DNSKEY Algorithm" },
	{ 2, "Unsupported DS Digest Type" },
	{ 3, "Stale Answer" },
	{ 4, "Forged Answer" },
	{ 5, "DNSSEC Indeterminate" },
	{ 6, "DNSSEC Bogus" },
	{ 7, "Signature Expired" },
	{ 8, "Signature Not Yet Valid" },
	{ 9, "DNSKEY Missing" },
	{ 10, "RRSIGs Missing" },
	{ 11, "No Zone Key Bit Set" },
	{ 12, "NSEC Missing" },
	{ 13, "Cached Error" },
	{ 14, "Not Ready" },
	{ 15, "Blocked" },
	{ 16, "Censored" },
	{ 17, "Filtered" },
	{ 18, "Prohibited" },
	{ 19, "Stale NXDOMAIN Answer" },
	{ 20, "Not Authoritative" },
	{ 21, "Not Supported" },
	{ 22, "No Reachable Authority" },
	{ 23, "Network Error" },
	{ 24, "Invalid Data" },
	{ 25, "Signature Expired before Valid" },
	{ 26, "Too Early" },
	{ 27, "Unsupported NSEC3 Iterations Value" },
	{ 28, "Unable to conform to policy" },
	{ 29, "Synthesized" },
	{ 30, "Invalid Query Type" },
	{ 33, "Negative Trust Anchor" },
};

/* The words of dig's OPT PSEUDOSECTION. */
static const struct mnemonic options[] = {
	{ 1, "LLQ" },
	{ EDNS_NSID, "NSID" },
	{ EDNS_CLIENT_SUBNET, "CLIENT-SUBNET" },
	{ EDNS_EXPIRE, "EXPIRE" },
	{ EDNS_COOKIE, "COOKIE" },
	{ EDNS_KEEPALIVE, "TCP KEEPALIVE" },
	{ EDNS_PADDING, "PAD" },
	{ 14, "KEY-TAG" },
	{ EDNS_EDE, "EDE" },
	{ 16, "CLIENT-TAG" },
	{ 17, "SERVER-TAG" },
};

struct table {
	const struct mnemonic *rows;
	size_t n;
};

#define TABLE(rows) ((struct table){ (rows), ARRAY_LEN(rows) })

static const char *find_name(struct table t, uint16_t code)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.rows[i].code == code)
			return t.rows[i].name;
	return NULL;
}

static const char *put_word(const char *word, char *buf)
{
	size_t size = strlen(word) + 1;

	assert(size <= TEXT_MNEMONIC);
	return memcpy(buf, word, size);
}

/* The table's word, or prefix and number. */
static const char *put_mnemonic(struct table t, uint16_t code, const char *prefix, char *buf)
{
	const char *name = find_name(t, code);

	if (!name)
		snprintf(buf, TEXT_MNEMONIC, "%s%u", prefix, code);
	return name ? put_word(name, buf) : buf;
}

const char *text_type(uint16_t type, char *buf)
{
	const char *usual = type < ARRAY_LEN(usual_types) ? usual_types[type] : NULL;

	if (usual)
		return put_word(usual, buf);
	if (find_name(TABLE(more_types), type) ||
		knot_rrtype_to_string(type, buf, TEXT_MNEMONIC) <= 0)
		return put_mnemonic(TABLE(more_types), type, "TYPE", buf);
	return buf;
}

const char *text_class(uint16_t class, char *buf)
{
	return put_mnemonic(TABLE(classes), class, "CLASS", buf);
}

const char *text_opcode(uint8_t opcode, char *buf)
{
	return put_mnemonic(TABLE(opcodes), opcode, "RESERVED", buf);
}

const char *text_rcode(uint16_t rcode, char *buf)
{
	return put_mnemonic(TABLE(rcodes), rcode, "RCODE", buf);
}

/* "TYPE65280": the prefix in any case, then nothing but a number of 16 bits. */
static int parse_number(const char *text, const char *prefix, uint16_t *ret)
{
	size_t skip = strlen(prefix), digits;
	unsigned long n;

	if (strncasecmp(text, prefix, skip) != 0)
		return -ERR_PARSE;
	text += skip;
	digits = strspn(text, "0123456789");
	if (!digits || digits > 5 || text[digits])
		return -ERR_PARSE;
	n = strtoul(text, NULL, 10);
	if (n > UINT16_MAX)
		return -ERR_PARSE;
	*ret = (uint16_t)n;
	return 0;
}

static int parse_mnemonic(struct table t, const char *text, uint16_t *ret)
{
	for (size_t i = 0; i < t.n; i++) {
		if (strcasecmp(t.rows[i].name, text) != 0)
			continue;
		*ret = t.rows[i].code;
		return 0;
	}
	return -ERR_PARSE;
}

int text_parse_type(const char *text, uint16_t *ret)
{
	uint16_t type;

	/* libknot would take "TYPE +1" too. */
	if (strncasecmp(text, "TYPE", 4) == 0)
		return parse_number(text, "TYPE", ret);
	if (parse_mnemonic(TABLE(more_types), text, ret) == 0)
		return 0;
	if (knot_rrtype_from_string(text, &type) != 0)
		return -ERR_PARSE;
	*ret = type;
	return 0;
}

int text_parse_class(const char *text, uint16_t *ret)
{
	if (parse_mnemonic(TABLE(classes), text, ret) == 0)
		return 0;
	return parse_number(text, "CLASS", ret);
}

/* RFC 3597 5. */
static void put_generic(struct buf *b, struct span data)
{
	buf_printf(b, "\\# %zu", data.n);
	for (size_t i = 0; i < data.n; i++)
		buf_printf(b, "%s%02X", i ? "" : " ", data.p[i]);
}

static bool is_printable(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return n > 0;
}

/* libknot's words for whole rdata in room bytes; 0 when they do not fit or are not fit to print. */
static size_t dump(const struct rr *rr, knot_rdata_t *rdata, char *text, size_t room)
{
	knot_dump_style_t style = KNOT_DUMP_STYLE_DEFAULT;
	knot_rrset_t set;
	uint8_t root[] = { 0 };
	int n;

	/* RFC 4034 3.1.5: times are serial numbers; from here they reach from 1970 to 2106. */
	style.now = 0x7fffffffU;
	knot_rrset_init(&set, root, rr->type, rr->class, rr->ttl);
	set.rrs.count = 1;
	set.rrs.rdata = rdata;
	set.rrs.size = (uint32_t)knot_rdata_size(rdata->len);
	n = knot_rrset_txt_dump_data(&set, 0, text, room, &style);
	/* CAA and URI end in a space. */
	while (n > 0 && text[n - 1] == ' ')
		n--;
	return n > 0 && is_printable(text, (size_t)n) ? (size_t)n : 0;
}

/* Addresses are most of all data; false: it is none. */
static bool put_address(struct buf *b, const struct rr *rr)
{
	struct addr a = { .family = rr->type == RR_A ? ADDR_V4 : ADDR_V6 };
	size_t size = rr->type == RR_A ? 4 : sizeof(a.ip);
	char text[ADDR_TEXT];

	if ((rr->type != RR_A && rr->type != RR_AAAA) || rr->class != CLASS_IN ||
		rr->rdlength != size)
		return false;
	memcpy(a.ip, rr->rdata, size);
	buf_str(b, addr_text(&a, text));
	return true;
}

void text_rdata(struct buf *b, const struct msg *m, const struct rr *rr)
{
	struct buf whole = { .arena = b->arena };
	size_t room, n = 0;
	knot_rdata_t *rdata;
	char *text;

	if (put_address(b, rr))
		return;
	if (rr->type == RR_OPT || !rr->rdlength || form_check(m, rr, &whole, NULL) ||
		whole.n > UINT16_MAX) {
		put_generic(b, (struct span){ rr->rdata, rr->rdlength });
		return;
	}
	/* An octet of a type bitmap grows most: to 8 times "TYPE65535 ". */
	room = 256 + whole.n * 80;
	rdata = malloc(knot_rdata_size((uint16_t)whole.n));
	text = malloc(room);
	if (!rdata || !text)
		err_no_memory();
	knot_rdata_init(rdata, (uint16_t)whole.n, buf_span(&whole).p);
	n = dump(rr, rdata, text, room);
	if (n)
		buf_put(b, text, n);
	else
		put_generic(b, (struct span){ rr->rdata, rr->rdlength });
	free(text);
	free(rdata);
}

const char *text_ede(uint16_t code)
{
	return find_name(TABLE(edes), code);
}

const char *text_option(uint16_t code, char *buf)
{
	return put_mnemonic(TABLE(options), code, "OPT=", buf);
}

/*
 * Characters that do not show what they are: C1 controls, soft hyphen, bidi marks, overrides and
 * isolates (Unicode TR 9), zero width, line separators, byte order mark, tags, two noncharacters.
 */
static const struct {
	uint32_t lo, hi;
} hidden[] = {
	{ 0x80, 0x9f },
	{ 0xad, 0xad },
	{ 0x61c, 0x61c },
	{ 0x180e, 0x180e },
	{ 0x200b, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb },
	{ 0xfffe, 0xffff },
	{ 0xe0000, 0xe0fff },
};

static bool is_hidden(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		if (c >= hidden[i].lo && c <= hidden[i].hi)
			return true;
	return false;
}

/* Octets of the well-formed UTF-8 sequence (RFC 3629) that text begins with; 0 when it is none. */
static size_t sequence(struct span text, uint32_t *ret_char)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t first = text.p[0];
	size_t n = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
	uint32_t c;

	if (!n || text.n < n)
		return 0;
	c = first & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((text.p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6U | (text.p[i] & 0x3fU);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret_char = c;
	return n;
}

void text_safe(struct buf *b, struct span text)
{
	while (text.n) {
		uint32_t c = 0;
		size_t n = sequence(text, &c);

		if (text.p[0] >= ' ' && text.p[0] <= '~' && text.p[0] != '\\') {
			n = 1;
			buf_put(b, text.p, 1);
		} else if (n && !is_hidden(c)) {
			buf_put(b, text.p, n);
		} else {
			n = n ? n : 1;
			for (size_t i = 0; i < n; i++)
				buf_printf(b, "\\%03u", text.p[i]);
		}
		text.p += n;
		text.n -= n;
	}
}
