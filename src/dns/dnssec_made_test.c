// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that nobody has: forms of RSA keys, and keys and signatures that are there to cost time or
// to break something.
#include "base/err.h"
#include "dns/dnssec.h"
#include "dns/rr.h"
#include "dns/test_wire.h"
#include "tap.h"

enum { MIDDLE = 0x69700000 }; /* between inception and expiration of what made() signs */

static struct arena *a;

static struct dnskey made_key(uint8_t algorithm, const char *hex)
{
	struct buf b = { .arena = a };
	struct dnskey k = { 0 };
	struct rr rr = { .type = RR_DNSKEY };

	buf_u16(&b, DNSKEY_ZONE);
	buf_u8(&b, 3);
	buf_u8(&b, algorithm);
	test_wire(&b, hex);
	rr.rdata = buf_span(&b).p;
	rr.rdlength = (uint16_t)b.n;
	ok(dnskey_read(&rr, &k) == 0, "a key of %zu octets", b.n);
	return k;
}

static void test_rsa_forms(void)
{
	struct rr rr = { .type = RR_DNSKEY, .rdata = (const uint8_t *)"\1\0\3\10", .rdlength = 4 };
	struct dnskey k;

	is_int(made_key(8, "01 03 80").bits, 8, "modulus of 8 bits");
	is_int(made_key(8, "01 03 00 01 ff").bits, 9, "leading zeros are no bits");
	is_int(made_key(8, "00 0001 03 7f ffff").bits, 23, "long length of the exponent");
	is_int(made_key(8, "01 03").bits, 0, "no modulus");
	is_int(made_key(8, "00 ffff 03 ff").bits, 0, "exponent beyond the end");
	is_int(made_key(8, "00 0000 ff ff").bits, 0, "exponent of no octets");
	is_int(made_key(8, "00").bits, 0, "nothing of a length");
	is_int(made_key(13, "~63").bits, 0, "a point that is too short");
	is_int(made_key(1, "01 03 80 1234 56").tag, 0x1234, "tag of algorithm 1 is of the modulus");
	ok(dnskey_read(&rr, &k) == -ERR_PARSE, "no key at all");
}

/* A message with a DNSKEY set of keys, one signature of it by the first, and what comes of it. */
static enum sig_result made(const struct dnskey *k, unsigned int octets)
{
	struct buf b = { .arena = a };
	struct rrset s;
	struct sig_check c = { .zone = &name_root, .now = MIDDLE, .key = k, .set = &s };

	test_wire(&b, "0001 8400 0000 0002 0000 0000");
	test_wire(&b, "00 0030 0001 00000e10");
	buf_u16(&b, (uint16_t)k->rdata.n);
	buf_put(&b, k->rdata.p, k->rdata.n);
	test_wire(&b, "00 002e 0001 00000e10");
	buf_u16(&b, (uint16_t)(19 + octets));
	test_wire(&b, "0030");
	buf_u8(&b, k->algorithm);
	test_wire(&b, "00 00000e10 69800000 69600000");
	buf_u16(&b, k->tag);
	test_wire(&b, "00");
	for (unsigned int i = 0; i < octets; i++)
		buf_u8(&b, (uint8_t)(i + 1));
	s = rrset_find(a, msg_read(a, buf_span(&b)),
		(struct rr_wanted){ MSG_ANSWER, RR_DNSKEY, &name_root });
	ok(s.rrs.n == 1 && s.rrsigs.n == 1, "set and signature are there");
	c.rrsig = s.rrsigs.v[0];
	return sig_verify(&c);
}

static struct dnskey rsa_key(const char *exponent, unsigned int octets, uint8_t last)
{
	struct buf b = { .arena = a };

	buf_str(&b, exponent);
	for (unsigned int i = 0; i < octets; i++)
		buf_printf(&b, " %02x", i + 1U < octets ? 0xc5U : last);
	return made_key(8, buf_text(&b));
}

static void test_hostile(void)
{
	struct dnskey k = rsa_key("03 010001", 128, 0xc5);

	is_int(made(&k, 128), SIG_WRONG, "an RSA key of no known factors");
	is_int(made(&k, 0), SIG_MALFORMED, "no signature");
	is_int(made(&k, 1), SIG_WRONG, "a short one");
	is_int(made(&k, 1000), SIG_WRONG, "a long one");
	k = rsa_key("03 010001", 512, 0xc5);
	is_int(made(&k, 512), SIG_WRONG, "4,096 bits");
	k = rsa_key("03 010001", 513, 0xc5);
	is_int(made(&k, 513), SIG_MALFORMED, "more of them");
	k = rsa_key("03 010001", 128, 0xc4);
	is_int(made(&k, 128), SIG_MALFORMED, "an even modulus");
	k = rsa_key("09 01ffffffffffffffff", 128, 0xc5);
	is_int(made(&k, 128), SIG_MALFORMED, "a huge exponent");
	k = rsa_key("08 ffffffffffffffff", 128, 0xc5);
	is_int(made(&k, 128), SIG_WRONG, "a big one");
	k = rsa_key("01 01", 128, 0xc5);
	is_int(made(&k, 128), SIG_MALFORMED, "exponent 1");
	k = rsa_key("01 00", 128, 0xc5);
	is_int(made(&k, 128), SIG_MALFORMED, "exponent 0");
	k = rsa_key("01 03", 1, 0xff);
	ok(made(&k, 1) != SIG_VALID, "a modulus of one octet");
	k = made_key(13, "~64");
	ok(made(&k, 64) != SIG_VALID, "a point that is none");
	k = made_key(15, "~32");
	ok(made(&k, 64) != SIG_VALID, "another");
	k = made_key(16, "~57");
	ok(made(&k, 114) != SIG_VALID, "and another");
	k = made_key(12, "~64");
	is_int(made(&k, 64), SIG_UNKNOWN, "an algorithm that nobody verifies");
}

int main(void)
{
	a = arena_new();
	test_rsa_forms();
	test_hostile();
	arena_free(a);
	return tap_done();
}
