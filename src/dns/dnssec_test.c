/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, digests, signatures and hashes against examples of RFCs and a zone that BIND signed. */
#include "dns/dnssec.h"

#include <stdlib.h>

#include "base/err.h"
#include "dns/dnssec_vectors.h"
#include "dns/rr.h"
#include "dns/test_wire.h"
#include "tap.h"

/* Of the signed zone: 2026-01-01, 2026-01-15, 2026-02-01, 0:00 UTC. */
enum { BEGIN = 1767225600, MIDDLE = 1768435200, END = 1769904000, OCTETS_MOST = 8192 };

static struct arena *a;

static const struct msg *read_hex(const char *hex)
{
	struct buf b = { .arena = a };

	return msg_read(a, test_wire(&b, hex));
}

static struct name named(const char *text)
{
	struct name n;

	ok(name_parse(text, &n) == 0, "%s is a name", text);
	return n;
}

static struct rrset set_of(const struct msg *m, const char *owner, uint16_t type)
{
	struct name n = named(owner);

	return rrset_find(a, m, (struct rr_wanted){ MSG_ANSWER, type, name_keep(a, &n) });
}

static struct dnskey key_of(const struct msg *m, uint8_t algorithm)
{
	struct dnskey k = { 0 };

	for (size_t i = 0; i < m->nrrs; i++)
		if (m->rrs[i].type == RR_DNSKEY && m->rrs[i].rdata[3] == algorithm)
			ok(dnskey_read(&m->rrs[i], &k) == 0, "key of algorithm %u", algorithm);
	return k;
}

static const struct rr *sig_of(const struct rrset *s, uint8_t algorithm)
{
	for (size_t i = 0; i < s->rrsigs.n; i++)
		if (s->rrsigs.v[i]->rdata[2] == algorithm)
			return s->rrsigs.v[i];
	return NULL;
}

static void test_keys(void)
{
	static const struct {
		uint8_t algorithm;
		uint16_t tag, bits;
		const char *name;
	} rows[] = {
		{ 5, 3910, 1024, "RSASHA1" },
		{ 7, 2279, 1024, "RSASHA1-NSEC3-SHA1" },
		{ 8, 14071, 1024, "RSASHA256" },
		{ 10, 7872, 1024, "RSASHA512" },
		{ 13, 24876, 256, "ECDSAP256SHA256" },
		{ 14, 9523, 384, "ECDSAP384SHA384" },
		{ 15, 54997, 256, "ED25519" },
		{ 16, 55473, 456, "ED448" },
	};
	const struct msg *m = read_hex(vector_keys);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct dnskey k = key_of(m, rows[i].algorithm);

		is_int(k.tag, rows[i].tag, "tag");
		is_int(k.bits, rows[i].bits, "bits");
		is_int(k.flags, i < 4 ? DNSKEY_ZONE : DNSKEY_ZONE | DNSKEY_SEP, "flags");
		is_int(k.protocol, 3, "protocol");
		ok(dnssec_algorithm_known(rows[i].algorithm), "is known");
		is_str(dnssec_algorithm_name(rows[i].algorithm), rows[i].name, "name");
	}
	ok(!dnssec_algorithm_known(1) && !dnssec_algorithm_known(12) && !dnssec_algorithm_known(0),
		"others are not");
	is_str(dnssec_algorithm_name(12), "ECC-GOST", "but have names");
}

static enum sig_result check(const struct rrset *s, const struct rr *rrsig, const struct dnskey *k,
	struct sig_check more)
{
	more.set = s;
	more.rrsig = rrsig;
	more.key = k;
	return sig_verify(&more);
}

static void test_algorithms(void)
{
	static const uint8_t algorithms[] = { 5, 7, 8, 10, 13, 14, 15, 16 };
	const struct msg *keys = read_hex(vector_keys), *m = read_hex(vector_www);
	struct rrset www = set_of(m, "WWW.example.", RR_A);
	struct rrset set = set_of(keys, "example.", RR_DNSKEY);
	struct name zone = named("Example.");
	struct sig_check c = { .zone = &zone, .now = MIDDLE };

	is_int(www.rrs.n, 2, "records");
	is_int(www.rrsigs.n, 8, "signatures");
	is_int(set.rrsigs.n, 6, "of the keys");
	for (size_t i = 0; i < sizeof(algorithms); i++) {
		struct dnskey k = key_of(keys, algorithms[i]);
		const struct rr *sig = sig_of(&www, algorithms[i]);
		const struct rr *other = sig_of(&www, algorithms[(i + 1) % sizeof(algorithms)]);

		is_int(check(&www, sig, &k, c), SIG_VALID, "addresses");
		if (sig_of(&set, algorithms[i]))
			is_int(check(&set, sig_of(&set, algorithms[i]), &k, c), SIG_VALID, "keys");
		is_int(check(&www, other, &k, c), SIG_OTHER_KEY, "signature of another");
	}
}

/* The message with one octet changed, at an offset into the rdata of rr. */
static const struct msg *bent(const struct msg *m, const struct rr *rr, size_t at)
{
	uint8_t *wire = arena_dup(a, m->wire.p, m->wire.n);

	wire[rr->rdata_offset + at] ^= 1U;
	return msg_read(a, (struct span){ wire, m->wire.n });
}

static void test_wrong(void)
{
	static const uint8_t algorithms[] = { 8, 13, 15, 16 };
	const struct msg *keys = read_hex(vector_keys), *m = read_hex(vector_www);
	struct rrset www = set_of(m, "www.example.", RR_A);
	struct name zone = named("example.");
	struct sig_check c = { .zone = &zone, .now = MIDDLE };

	for (size_t i = 0; i < sizeof(algorithms); i++) {
		struct dnskey k = key_of(keys, algorithms[i]);
		const struct rr *sig = sig_of(&www, algorithms[i]);
		struct rrset s = set_of(bent(m, www.rrs.v[0], 3), "www.example.", RR_A);

		is_int(check(&s, sig_of(&s, algorithms[i]), &k, c), SIG_WRONG, "other address");
		s = set_of(bent(m, sig, sig->rdlength - 1U), "www.example.", RR_A);
		is_int(check(&s, sig_of(&s, algorithms[i]), &k, c), SIG_WRONG, "other signature");
		s = set_of(bent(m, sig, 7), "www.example.", RR_A);
		is_int(check(&s, sig_of(&s, algorithms[i]), &k, c), SIG_WRONG, "other TTL");
		s = set_of(bent(m, sig, 3), "www.example.", RR_A);
		is_int(check(&s, sig_of(&s, algorithms[i]), &k, c), SIG_MALFORMED, "more labels");
		s = set_of(bent(m, sig, 17), "www.example.", RR_A);
		is_int(check(&s, sig_of(&s, algorithms[i]), &k, c), SIG_OTHER_KEY, "other tag");
	}
}

static void test_zone_of_key(void)
{
	const struct msg *keys = read_hex(vector_keys), *m = read_hex(vector_www);
	struct rrset www = set_of(m, "www.example.", RR_A);
	struct dnskey k = key_of(keys, 13);
	struct name zone = named("www.example."), root = name_root;
	const struct rr *sig = sig_of(&www, 13);

	is_int(check(&www, sig, &k, (struct sig_check){ .zone = &zone }), SIG_OTHER_KEY,
		"another zone's key");
	is_int(check(&www, sig, &k, (struct sig_check){ .zone = &root }), SIG_OTHER_KEY,
		"a key of the zone above");
	zone = named("example.");
	www = set_of(m, "example.", RR_A);
	is_int(check(&www, sig, &k, (struct sig_check){ .zone = &zone }), SIG_MALFORMED,
		"a set of nothing");
	k.protocol = 2;
	www = set_of(m, "www.example.", RR_A);
	is_int(check(&www, sig, &k, (struct sig_check){ .zone = &zone }), SIG_MALFORMED,
		"a key of another protocol");
}

static void test_time(void)
{
	static const struct {
		int64_t now;
		enum sig_result want;
		const char *name;
	} rows[] = {
		{ BEGIN - 1, SIG_NOT_YET, "a second early" },
		{ BEGIN, SIG_VALID, "first second" },
		{ END, SIG_VALID, "last second" },
		{ END + 1, SIG_EXPIRED, "a second late" },
		{ 0, SIG_VALID, "no time" },
	};
	const struct msg *keys = read_hex(vector_keys), *m = read_hex(vector_www);
	struct rrset www = set_of(m, "www.example.", RR_A);
	struct dnskey k = key_of(keys, 15);
	struct name zone = named("example.");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		is_int(check(&www, sig_of(&www, 15), &k,
			       (struct sig_check){ .zone = &zone, .now = rows[i].now }),
			rows[i].want, rows[i].name);
	is_int(rrsig_time(0xffffffff, 0x100000005), 0xffffffff, "before the turn of 32 bits");
	is_int(rrsig_time(3, 0xfffffff0), 0x100000003, "behind it");
	is_int(rrsig_time(BEGIN, END), BEGIN, "a time that is past");
	is_int(rrsig_time(END, BEGIN), END, "one that is to come");
}

static void test_names(void)
{
	static const struct {
		const char *owner;
		uint16_t type;
	} rows[] = {
		{ "mx.example.", RR_MX },
		{ "srv.example.", RR_SRV },
		{ "napt.example.", 35 },
		{ "dn.example.", RR_DNAME },
		{ "rp.example.", 17 },
		{ "example.", RR_SOA },
		{ "example.", RR_NS },
	};
	const struct msg *m = read_hex(vector_names);
	struct dnskey k = key_of(read_hex(vector_keys), 13);
	struct name zone = named("example.");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct rrset s = set_of(m, rows[i].owner, rows[i].type);

		is_int(check(&s, sig_of(&s, 13), &k, (struct sig_check){ .zone = &zone }),
			SIG_VALID, rows[i].owner);
	}
}

static void test_wildcard(void)
{
	const struct msg *m = read_hex(vector_wild);
	struct dnskey k = key_of(read_hex(vector_keys), 15);
	struct name zone = named("example.");
	struct rrset expanded = set_of(m, "deep.a.wild.example.", RR_TXT);
	struct rrset itself = set_of(m, "*.wild.example.", RR_TXT);
	struct rrsig s;

	is_int(check(&expanded, sig_of(&expanded, 15), &k, (struct sig_check){ .zone = &zone }),
		SIG_VALID, "an expanded wildcard");
	ok(rrsig_read(m, sig_of(&expanded, 15), &s) == 0, "its signature");
	ok(rrsig_expanded(&s, expanded.owner), "is one");
	is_int(check(&itself, sig_of(&itself, 15), &k, (struct sig_check){ .zone = &zone }),
		SIG_VALID, "the wildcard itself");
	ok(rrsig_read(m, sig_of(&itself, 15), &s) == 0, "its signature");
	ok(!rrsig_expanded(&s, itself.owner), "is none");
}

/* Whole examples: MX or A, its signature, the key, its DS. */
static void test_rfcs(void)
{
	static const struct {
		const char *hex, *owner, *zone;
		uint16_t type, tag;
	} rows[] = {
		{ vector_rfc8080, "example.com.", "example.com.", RR_MX, 3613 },
		{ vector_rfc6605, "www.example.net.", "example.net.", RR_A, 55648 },
		{ vector_rfc4034, "dskey.example.com.", "dskey.example.com.", 0, 60485 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct msg *m = read_hex(rows[i].hex);
		struct name zone = named(rows[i].zone);
		struct rrset s = set_of(m, rows[i].owner, rows[i].type);
		struct rrset ds = set_of(m, rows[i].zone, RR_DS);
		struct dnskey k = { 0 };
		struct ds d;

		ok(dnskey_read(
			   msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_DNSKEY, NULL }), &k) == 0,
			"the key");
		is_int(k.tag, rows[i].tag, "its tag");
		if (rows[i].type)
			is_int(check(&s, s.rrsigs.v[0], &k, (struct sig_check){ .zone = &zone }),
				SIG_VALID, "signature of the RFC");
		for (size_t n = 0; n < ds.rrs.n; n++) {
			ok(ds_read(ds.rrs.v[n], &d) == 0, "DS of type %u", d.digest_type);
			is_int(ds_matches(&d, &zone, &k), 0, "is the key's");
		}
	}
}

static void test_ds(void)
{
	const struct msg *m = read_hex(vector_ds);
	struct dnskey k = key_of(read_hex(vector_keys), 13), far = key_of(read_hex(vector_keys), 8);
	struct rrset set = set_of(m, "example.", RR_DS);
	struct name zone = named("EXAMPLE."), other = named("example.org.");
	struct rr cut = { .rdata = (const uint8_t *)"\1\2\3\4", .rdlength = 4 };
	struct ds d = { 0 };

	is_int(set.rrs.n, 3, "three digests");
	for (size_t i = 0; i < set.rrs.n; i++) {
		ok(ds_read(set.rrs.v[i], &d) == 0, "one");
		ok(dnssec_digest_known(d.digest_type), "of a known type, %u", d.digest_type);
		is_int(ds_matches(&d, &zone, &k), 0, "is the key's");
		is_int(ds_matches(&d, &other, &k), -ERR_PARSE, "not of another owner");
		is_int(ds_matches(&d, &zone, &far), -ERR_PARSE, "nor another key's");
		d.tag++;
		is_int(ds_matches(&d, &zone, &k), -ERR_PARSE, "not with another tag");
		d.tag--;
		d.digest.n--;
		is_int(ds_matches(&d, &zone, &k), -ERR_PARSE, "nor when cut");
	}
	d.digest_type = 3;
	is_int(ds_matches(&d, &zone, &k), -ERR_NONE, "a digest that is not known");
	is_str(dnssec_digest_name(3), "GOST R 34.11-94", "but has a name");
	is_str(dnssec_digest_name(77), NULL, "and this one not");
	is_int(ds_read(&cut, &d), -ERR_PARSE, "a DS without digest");
}

/* Every signature costs its time once, and remembered results are those of its own data. */
static void test_memo(void)
{
	const struct msg *keys = read_hex(vector_keys), *m = read_hex(vector_www);
	struct rrset www = set_of(m, "www.example.", RR_A), bad;
	struct dnssec_memo *memo = dnssec_memo_new(a);
	struct name zone = named("example.");
	struct sig_check c = { .zone = &zone, .now = MIDDLE, .memo = memo };
	struct dnskey k = key_of(keys, 13);

	is_int(dnssec_memo_count(memo), 0, "nothing is known");
	is_int(check(&www, sig_of(&www, 13), &k, c), SIG_VALID, "the first time");
	is_int(check(&www, sig_of(&www, 13), &k, c), SIG_VALID, "the second time");
	c.now = END + 1;
	is_int(check(&www, sig_of(&www, 13), &k, c), SIG_EXPIRED, "at another time");
	is_int(dnssec_memo_count(memo), 1, "one was worked out");
	bad = set_of(bent(m, www.rrs.v[0], 3), "www.example.", RR_A);
	is_int(check(&bad, sig_of(&bad, 13), &k, c), SIG_WRONG, "of other data");
	is_int(check(&bad, sig_of(&bad, 13), &k, c), SIG_WRONG, "the second time");
	is_int(dnssec_memo_count(memo), 2, "another one was");

	for (unsigned int i = 0; i < 100; i++) {
		uint8_t *wire = arena_dup(a, m->wire.p, m->wire.n);
		const struct rr *sig = sig_of(&www, 13);

		wire[sig->rdata_offset + sig->rdlength - 1U - i % 50] ^= (uint8_t)(2U + i / 50);
		bad = set_of(msg_read(a, (struct span){ wire, m->wire.n }), "www.example.", RR_A);
		if (check(&bad, sig_of(&bad, 13), &k, c) != SIG_WRONG)
			ok(false, "wrong signature %u", i);
	}
	is_int(dnssec_memo_count(memo), 102, "it grows");
	c.now = MIDDLE;
	is_int(check(&www, sig_of(&www, 13), &k, c), SIG_VALID, "and forgets nothing");
}

/* So much work and no more; hashes of NSEC3 are known as well. */
static void test_work(void)
{
	struct dnssec_memo *memo = dnssec_memo_new(a);
	struct nsec3 p = { .hash = 1, .iterations = NSEC3_MOST };
	uint8_t plain[NSEC3_HASH], known[NSEC3_HASH], salt[2];
	struct name zone = named("Example.");
	size_t work;
	unsigned int n = 0;

	is_int(nsec3_hash(&p, &zone, plain), 0, "a hash");
	is_int(dnssec_memo_nsec3(memo, &p, &zone, known), 0, "by the memo");
	ok(memcmp(plain, known, NSEC3_HASH) == 0, "it is the same");
	work = dnssec_memo_work(memo);
	ok(work > NSEC3_MOST, "that was work");
	zone = named("example.");
	is_int(dnssec_memo_nsec3(memo, &p, &zone, known), 0, "again");
	ok(memcmp(plain, known, NSEC3_HASH) == 0, "it is the same");
	is_int(dnssec_memo_work(memo), work, "for nothing");
	p.iterations++;
	is_int(dnssec_memo_nsec3(memo, &p, &zone, known), -ERR_LIMIT, "too many iterations");
	ok(!dnssec_memo_full(memo), "cost nothing");
	p.iterations = NSEC3_MOST;
	while (n < 1000 && !dnssec_memo_full(memo)) {
		salt[0] = (uint8_t)(n >> 8);
		salt[1] = (uint8_t)n;
		p.salt = (struct span){ salt, sizeof(salt) };
		dnssec_memo_nsec3(memo, &p, &zone, known);
		n++;
	}
	ok(n > 100 && n < 1000, "%u other salts are too many", n);
	is_int(dnssec_memo_nsec3(memo, &p, &zone, known), -ERR_LIMIT, "it is full");
}

int main(void)
{
	a = arena_new();
	test_keys();
	test_algorithms();
	test_wrong();
	test_zone_of_key();
	test_time();
	test_names();
	test_wildcard();
	test_rfcs();
	test_ds();
	test_memo();
	test_work();
	arena_free(a);
	return tap_done();
}
