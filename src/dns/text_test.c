/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of presentation form and mnemonics. */
#include "dns/text.h"

#include "base/err.h"
#include "dns/rr.h"
#include "dns/test_wire.h"
#include "prop.h"

/*
 * Both columns were made by BIND's named-rrchecker; libknot's words differ in
 * quotes and letter case (SVCB, NSEC3, LOC, EUI48, CERT, NID), and it cannot print HIP.
 */
static const struct rdata_row {
	uint16_t type;
	const char *rdata, *want;
} rdata_rows[] = {
	{ 1, "C0000201", "192.0.2.1" },
	{ 28, "20010DB8000000000000000000000001", "2001:db8::1" },
	{ 2, "034E7331074578616D706C6500", "Ns1.Example." },
	{ 15, "000A044D61696C074578616D706C6500", "10 Mail.Example." },
	{ 6,
		"036E7331074578616D706C65000A686F73746D6173746572076578616D706C650078C405"
		"2D00001C2000000E10001275000000012C",
		"ns1.Example. hostmaster.example. 2026112301 7200 3600 1209600 300" },
	{ 16, "0B763D73706631202D616C6C0561226207FF", "\"v=spf1 -all\" \"a\\\"b\\007\\255\"" },
	{ 257, "0005697373756563612E6578616D706C653B20613D62", "0 issue \"ca.example; a=b\"" },
	{ 33, "0000000513C403736970076578616D706C6500", "0 5 5060 sip.example." },
	{ 43, "EC4505012BB183AF5F22588179A53B0A98631FAD1A292118",
		"60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118" },
	{ 48,
		"0101030D99DB2CC14CABDC33D6D77DA63A2F15F71112584F234E8D1DC428E39E8A4A97E1"
		"AA271A555DC90701E17E2A4C4B6F120B7C32D44F4AC02BD894CF2D4BE7778A19",
		"257 3 13 "
		"mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+"
		"KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==" },
	{ 46,
		"000F0D0200000E106B36EC7F6B0E0E000A52074578616D706C6500000102030405060708"
		"09",
		"MX 13 2 3600 20261231235959 20261201000000 2642 Example. AAECAwQFBgcICQ==" },
	{ 46, "000F0D0200000E10FFFFFFFE000000000A52074578616D706C650000010203040506070809",
		"MX 13 2 3600 21060207062814 19700101000000 2642 Example. AAECAwQFBgcICQ==" },
	{ 46,
		"000F0D0200000E1083AA7E7F6B0E0E000A52074578616D706C6500000102030405060708"
		"09",
		"MX 13 2 3600 20391231235959 20261201000000 2642 Example. AAECAwQFBgcICQ==" },
	{ 52, "030101D2ABDE240D7CD3EE6B4B28C54DF034B97983A1D16E8A410E4561CB106618E971",
		"3 1 1 D2ABDE240D7CD3EE6B4B28C54DF034B97983A1D16E8A410E4561CB106618E971" },
	{ 65,
		"000100000100060268320268330003000220FB00040008C0000201C00002020006001020"
		"010DB8000000000000000000000001",
		"1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1" },
	{ 64,
		"001003666F6F076578616D706C65036F7267000000000400010004000100030268320004"
		"0004C0000201029B000568656C6C6F",
		"16 foo.example.org. mandatory=alpn,ipv4hint alpn=h2 ipv4hint=192.0.2.1 "
		"key667=\"hello\"" },
	{ 65280, "0A000001", "\\# 4 0A000001" },
	{ 47,
		"04686F7374076578616D706C65000006400100000003041B000000000000000000000000"
		"000000000000000000000000000020",
		"host.example. A MX RRSIG NSEC TYPE1234" },
	{ 50,
		"0101000C04AABBCCDD14174EB2409FE28BCB4887A1836F957F0A8425E27B000722010000"
		"000290",
		"1 1 12 AABBCCDD 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA MX RRSIG DNSKEY "
		"NSEC3PARAM" },
	{ 35,
		"0064003201730D7A333935302B49324C2B49324300065F7A33393530045F746370066761"
		"746563680365647500",
		"100 50 \"s\" \"z3950+I2L+I2C\" \"\" _z3950._tcp.gatech.edu." },
	{ 5, "01780440792E71015A00", "x.\\@y\\.q.Z." },
	{ 39, "0164016500", "d.e." },
	{ 13, "075246433834383200", "\"RFC8482\" \"\"" },
	{ 44, "0201123456789ABCDEF67890123456789ABCDEF67890",
		"2 1 123456789ABCDEF67890123456789ABCDEF67890" },
	{ 29, "0033161389172DD070BE15F000988D20", "42 21 54 N  71 6 18 W  -24m  30m 10000m 10m" },
	{ 256, "000A00016674703A2F2F667470312E6578616D706C652E636F6D2F7075626C6963",
		"10 1 \"ftp://ftp1.example.com/public\"" },
	{ 59, "0000000000", "0 0 0 00" },
	{ 51, "0100000C00", "1 0 12 -" },
	{ 108, "00005E00532A", "00-00-5E-00-53-2A" },
	{ 17, "01610162000163016400", "a.b. c.d." },
	{ 37, "0003000000000102", "3 0 0 AAEC" },
	{ 61, "000102", "AAEC" },
	{ 42, "00011503C0A82000011C83C0A826", "1:192.168.32.0/21 !1:192.168.38.0/28" },
	{ 62, "000000420003000460000008", "66 3 A NS AAAA" },
	{ 45,
		"0A0102C0000226010351537986ED35533B6064478EEEB27B5BD74DAE149B6E81BA3A0521"
		"AF82AB7801",
		"10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==" },
	{ 104, "000A00144FFFFF20EE64", "10 0014:4FFF:FF20:EE64" },
	{ 105, "000A0A010200", "10 10.1.2.0" },
	{ 55,
		"1002001E200100107B1A74DF365639CC39F1D57803010001B771CA136E4AEB5CE44333C5"
		"3B3D2C13C22243851FC708BCCE2903727673076578616D706C6503636F6D00",
		"\\# 67 1002001E200100107B1A74DF365639CC39F1D57803010001B771CA136E4AEB5CE44333C53B"
		"3D2C13C22243851FC708BCCE2903727673076578616D706C6503636F6D00" },
};

/* Rdata in messages: names compressed, bytes that break the form, bytes that must not be shown. */
static const struct wire_row {
	const char *id, *rr, *want; /* rr follows "live.com. MX IN" at octet 12 */
} wire_rows[] = {
	{ "compressed MX keeps case", "c00c 000f 0001 00000e10 0009 000a .Mail c00c",
		"10 Mail.LiVe.com." },
	{ "compressed SOA",
		"c00c 0006 0001 00000e10 001d 02 4e53 c00c .hm 00 00000001 00000002 "
		"00000003 00000004 00000005",
		"NS.LiVe.com. hm. 1 2 3 4 5" },
	{ "compressed SRV", "c00c 0021 0001 00000e10 0008 0001 0002 0003 c00c", "1 2 3 LiVe.com." },
	{ "compressed RRSIG is refused",
		"c00c 002e 0001 00000e10 0015 000f 0d 02 00000e10 6b36ec7f "
		"6b0e0e00 0a52 c00c 00",
		"\\# 21 000F0D0200000E106B36EC7F6B0E0E000A52C00C00" },
	{ "compressed name of an unknown type", "c00c ff00 0001 00000e10 0002 c00c", "\\# 2 C00C" },
	{ "A of three octets", "c00c 0001 0001 00000e10 0003 c00002", "\\# 3 C00002" },
	{ "A of class CH", "c00c 0001 0003 00000e10 0003 00 0001", "\\# 3 000001" },
	{ "no rdata", "c00c 0001 0001 00000e10 0000", "\\# 0" },
	{ "TXT with escape sequence", "c00c 0010 0001 00000e10 0005 04 1b5b310a",
		"\"\\027[1\\010\"" },
	{ "TXT with quote and backslash", "c00c 0010 0001 00000e10 0003 02 225c", "\"\\\"\\\\\"" },
	{ "name with a line end", "c00c 0002 0001 00000e10 0004 02 0a22 00", "\\010\\\"." },
	{ "OPT", "00 0029 04d0 00000000 0004 000a 0000", "\\# 4 000A0000" },
	{ "NULL", "c00c 000a 0001 00000e10 0002 1b0a", "\\# 2 1B0A" },
};

static struct arena *arena;

static const char *text_of(const char *rr)
{
	struct buf wire = { .arena = arena }, text = { .arena = arena };
	const struct msg *m;

	test_wire(&wire, "0007 8400 0001 0001 0000 0000 .LiVe .com 00 000f 0001");
	test_wire(&wire, rr);
	m = msg_read(arena, buf_span(&wire));
	if (!m->nrrs)
		return NULL;
	text_rdata(&text, m, &m->rrs[0]);
	return buf_text(&text);
}

static void test_rdata(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rdata_rows); i++) {
		const struct rdata_row *row = &rdata_rows[i];
		char type[TEXT_MNEMONIC];

		is_str(text_of(arena_printf(arena, "c00c %04x 0001 00000e10 %04zx %s", row->type,
			       strlen(row->rdata) / 2, row->rdata)),
			row->want, text_type(row->type, type));
	}
	for (size_t i = 0; i < ARRAY_LEN(wire_rows); i++)
		is_str(text_of(wire_rows[i].rr), wire_rows[i].want, wire_rows[i].id);
}

static const struct mnemonic_row {
	const char *(*text)(uint16_t code, char *buf);
	uint16_t code;
	const char *want;
} mnemonic_rows[] = {
	{ text_type, 15, "MX" },
	{ text_type, 65, "HTTPS" },
	{ text_type, 55, "HIP" },
	{ text_type, 255, "ANY" },
	{ text_type, 65280, "TYPE65280" },
	{ text_type, 0, "TYPE0" },
	{ text_class, 1, "IN" },
	{ text_class, 4, "HS" },
	{ text_class, 254, "NONE" },
	{ text_class, 7, "CLASS7" },
	{ text_rcode, 4, "NOTIMP" },
	{ text_rcode, 16, "BADVERS" },
	{ text_rcode, 23, "BADCOOKIE" },
	{ text_rcode, 24, "RCODE24" },
	{ text_rcode, 4095, "RCODE4095" },
	{ text_option, 3, "NSID" },
	{ text_option, 8, "CLIENT-SUBNET" },
	{ text_option, 10, "COOKIE" },
	{ text_option, 65001, "OPT=65001" },
};

static void test_mnemonics(void)
{
	char buf[TEXT_MNEMONIC];

	for (size_t i = 0; i < ARRAY_LEN(mnemonic_rows); i++) {
		const struct mnemonic_row *row = &mnemonic_rows[i];

		is_str(row->text(row->code, buf), row->want, row->want);
	}
	is_str(text_opcode(0, buf), "QUERY", "opcode 0");
	is_str(text_opcode(3, buf), "RESERVED3", "opcode 3");
	is_str(text_opcode(5, buf), "UPDATE", "opcode 5");
	is_str(text_ede(22), "No Reachable Authority", "EDE 22");
	is_str(text_ede(30), "Invalid Query Type", "EDE 30");
	is_str(text_ede(49152), NULL, "EDE 49152");
}

static const struct parse_row {
	const char *text;
	int type, class; /* or -ERR_PARSE */
} parse_rows[] = {
	{ "MX", 15, -ERR_PARSE },
	{ "mx", 15, -ERR_PARSE },
	{ "Nsap-Ptr", 23, -ERR_PARSE },
	{ "TYPE65", 65, -ERR_PARSE },
	{ "type65280", 65280, -ERR_PARSE },
	{ "TYPE65536", -ERR_PARSE, -ERR_PARSE },
	{ "TYPE 1", -ERR_PARSE, -ERR_PARSE },
	{ "TYPE+1", -ERR_PARSE, -ERR_PARSE },
	{ "TYPE1x", -ERR_PARSE, -ERR_PARSE },
	{ "TYPE", -ERR_PARSE, -ERR_PARSE },
	{ "", -ERR_PARSE, -ERR_PARSE },
	{ "live.com", -ERR_PARSE, -ERR_PARSE },
	{ "M", -ERR_PARSE, -ERR_PARSE },
	{ "in", -ERR_PARSE, 1 },
	{ "CH", -ERR_PARSE, 3 },
	{ "any", 255, 255 },
	{ "class7", -ERR_PARSE, 7 },
	{ "CLASS-7", -ERR_PARSE, -ERR_PARSE },
};

static void test_parse(void)
{
	for (size_t i = 0; i < ARRAY_LEN(parse_rows); i++) {
		const struct parse_row *row = &parse_rows[i];
		uint16_t type = 4711, class = 4711;
		int terr = text_parse_type(row->text, &type);
		int cerr = text_parse_class(row->text, &class);

		ok((terr ? terr : type) == row->type && (!terr || type == 4711), "type '%s'",
			row->text);
		ok((cerr ? cerr : class) == row->class && (!cerr || class == 4711), "class '%s'",
			row->text);
	}
}

static void test_round_trip(void)
{
	bool types = true, classes = true;
	char buf[TEXT_MNEMONIC];
	uint16_t back;

	for (uint32_t i = 0; i <= UINT16_MAX; i++) {
		types &= text_parse_type(text_type((uint16_t)i, buf), &back) == 0 && back == i;
		classes &= text_parse_class(text_class((uint16_t)i, buf), &back) == 0 && back == i;
	}
	ok(types, "every type reads back");
	ok(classes, "every class reads back");
}

static const struct safe_row {
	const char *id, *text, *want;
} safe_rows[] = {
	{ "plain", "no answer", "no answer" },
	{ "escape sequence", "a\033[31mb\ac", "a\\027[31mb\\007c" },
	{ "line ends", "a\r\n\tb", "a\\013\\010\\009b" },
	{ "backslash", "a\\027", "a\\092027" },
	{ "DEL", "\x7f", "\\127" },
	{ "UTF-8 kept", "Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x90\x9f",
		"Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x90\x9f" },
	{ "C1", "\xc2\x9b", "\\194\\155" },
	{ "bidi override",
		"\xe2\x80\xae"
		"b",
		"\\226\\128\\174b" },
	{ "bidi isolate", "\xe2\x81\xa6", "\\226\\129\\166" },
	{ "zero width", "\xe2\x80\x8b", "\\226\\128\\139" },
	{ "byte order mark", "\xef\xbb\xbf", "\\239\\187\\191" },
	{ "tag character", "\xf3\xa0\x80\xa1", "\\243\\160\\128\\161" },
	{ "overlong", "\xc0\x8a", "\\192\\138" },
	{ "overlong of three", "\xe0\x82\x8a", "\\224\\130\\138" },
	{ "surrogate", "\xed\xa0\x80", "\\237\\160\\128" },
	{ "beyond Unicode", "\xf4\x90\x80\x80", "\\244\\144\\128\\128" },
	{ "cut sequence", "a\xe2\x82", "a\\226\\130" },
	{ "stray continuation", "\x80z", "\\128z" },
};

static void test_safe(void)
{
	for (size_t i = 0; i < ARRAY_LEN(safe_rows); i++) {
		const struct safe_row *row = &safe_rows[i];
		struct buf b = { .arena = arena };

		text_safe(&b, (struct span){ (const uint8_t *)row->text, strlen(row->text) });
		is_str(buf_text(&b), row->want, row->id);
	}
}

/* Random rdata of random types: only printable characters come out, and always some. */
static bool prop_printable(struct rng *r)
{
	struct arena *a = arena_new();
	struct buf wire = { .arena = a }, text = { .arena = a };
	uint16_t size = (uint16_t)rng_below(r, rng_below(r, 8) ? 40 : 3000);
	const struct msg *m;
	bool good;

	test_wire(&wire, "0007 8400 0001 0001 0000 0000 .LiVe .com 00 000f 0001 c00c");
	buf_u16(&wire, (uint16_t)rng_below(r, rng_below(r, 4) ? 120 : 65536));
	buf_u16(&wire, rng_below(r, 8) ? CLASS_IN : CLASS_CH);
	buf_u32(&wire, 0);
	buf_u16(&wire, size);
	while (size--)
		buf_u8(&wire, (uint8_t)rng_below(r, rng_below(r, 2) ? 4 : 256));
	m = msg_read(a, buf_span(&wire));
	text_rdata(&text, m, &m->rrs[0]);
	good = m->nrrs == 1 && text.n > 0;
	for (size_t i = 0; i < text.n; i++)
		good &= text.p[i] >= ' ' && text.p[i] <= '~';
	arena_free(a);
	return good;
}

int main(void)
{
	arena = arena_new();
	test_rdata();
	test_mnemonics();
	test_parse();
	test_round_trip();
	test_safe();
	prop("rdata is printable", prop_printable, 20000);
	arena_free(arena);
	return tap_done();
}
