/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures: what a server signs with libknot, and what is wrong with it. */
#include "dns/tsig.h"

#include <string.h>

#include <libknot/errcode.h>
#include <libknot/packet/pkt.h>
#include <libknot/tsig-op.h>

#include "base/err.h"
#include "base/rng.h"
#include "dns/query.h"
#include "dns/rr.h"
#include "dns/tsig_inner.h"
#include "prop.h"
#include "tap.h"

#define SECRET "aGVsbG8gd29ybGQhIQ=="

enum { ROOM = 4096 };

static const struct key_row {
	const char *text;
	bool good;
} texts[] = {
	{ "hmac-sha256:k.test:" SECRET, true },
	{ "k.test:" SECRET, true },
	{ "hmac-sha512:k.test.:" SECRET, true },
	{ "hmac-foo:k.test:" SECRET, false },
	{ "hmac-sha256:k..test:" SECRET, false },
	{ "hmac-sha256:k.test:???", false },
	{ "k.test", false },
	{ "", false },
}, files[] = {
	{ "key \"k.test\" {\n\talgorithm hmac-sha256;\n\tsecret \"" SECRET "\";\n};\n", true },
	{ "# a key\nkey k.test { secret \"" SECRET "\"; /* ; */ algorithm \"hmac-sha1\"; }; // x",
		true },
	{ "key \"k.test\" { algorithm hmac-sha256; };", false },
	{ "key", false },
	{ "/*", false },
	{ "\"", false },
	{ "", false },
};

static const struct tsig_key *key(struct arena *a, const char *text)
{
	const char *why;

	return tsig_key_text(a, text, &why);
}

static void test_keys(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *why = NULL;
		bool good = tsig_key_text(a, texts[i].text, &why) != NULL;

		ok(good == texts[i].good && (good || why), "key '%s'", texts[i].text);
	}
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct span file = { (const uint8_t *)files[i].text, strlen(files[i].text) };
		const char *why = NULL;
		bool good = tsig_key_file(a, file, &why) != NULL;

		ok(good == files[i].good && (good || why), "key file %zu", i);
	}
	arena_free(a);
}

/* A signed query for x.test, and what a server remembers of its signature. */
static struct tsig query(struct arena *a, const struct tsig_key *k, struct buf *ret)
{
	struct tsig t = { .pending = { .arena = a } };
	struct name n;
	struct question q = { &n, RR_SOA, CLASS_IN };

	ok(name_parse("x.test", &n) == 0, "a name");
	*ret = (struct buf){ .arena = a };
	buf_u16(ret, 0); /* something before it */
	query_build(ret, &shape_stub, &q, 77);
	tsig_sign(&t, k, ret, 2);
	return t;
}

/* A reply to it, signed by a server with the key, as the first or a later one; NULL: not signed. */
static struct span reply(struct arena *a, const struct tsig_key *k, struct tsig *server)
{
	struct buf b = { .arena = a };
	uint8_t *wire = arena_alloc(a, ROOM);
	size_t n, digest_n = TSIG_DIGEST;
	uint8_t digest[TSIG_DIGEST];
	int err = KNOT_EOK;

	buf_u16(&b, 77);
	buf_u16(&b, FLAG_QR | FLAG_AA);
	buf_u32(&b, 0);
	buf_u32(&b, 0);
	n = b.n;
	memcpy(wire, b.p, n);
	if (k && !server->time)
		err = knot_tsig_sign(wire, &n, ROOM, server->digest, server->digest_n, digest,
			&digest_n, &k->knot, 0, 0);
	else if (k)
		err = knot_tsig_sign_next(wire, &n, ROOM, server->digest, server->digest_n, digest,
			&digest_n, &k->knot, wire, n);
	if (k) {
		ok(err == KNOT_EOK, "a server signs");
		memcpy(server->digest, digest, digest_n);
		server->digest_n = digest_n;
		server->time = 1;
	}
	return (struct span){ wire, n };
}

static void test_verify(void)
{
	struct arena *a = arena_new(), *scratch = arena_new();
	const struct tsig_key *k = key(a, "hmac-sha256:k.test:" SECRET),
			      *other = key(a, "hmac-sha256:k.test:aGVsbG8gd29ybGQhIg==");
	struct buf b;
	struct tsig t = query(a, k, &b), server = t, none = { 0 };
	struct span r = reply(a, k, &server), cut;

	is_int(b.p[2 + 11], 2, "the query has a record more");
	is_int(tsig_verify(&none, scratch, r), TSIG_NONE, "no key, no verdict");
	is_int(tsig_verify(&t, scratch, r), TSIG_GOOD, "a signed reply");
	is_int(tsig_verify(&t, scratch, reply(a, NULL, &server)), TSIG_GOOD,
		"a later message needs no signature");
	is_int(tsig_verify(&t, scratch, r), TSIG_BAD, "the first reply is not the third");

	t = query(a, k, &b);
	server = t;
	is_int(tsig_verify(&t, scratch, reply(a, NULL, &server)), TSIG_MISSING, "unsigned");
	t = server;
	is_int(tsig_verify(&t, scratch, reply(a, other, &server)), TSIG_BAD, "another secret");

	t = query(a, k, &b);
	server = t;
	r = reply(a, k, &server);
	((uint8_t *)r.p)[3] ^= RCODE_NXDOMAIN;
	is_int(tsig_verify(&t, scratch, r), TSIG_BAD, "another RCODE than was signed");

	t = query(a, k, &b);
	server = t;
	cut = reply(a, k, &server);
	cut.n -= 4;
	is_int(tsig_verify(&t, scratch, cut), TSIG_BAD, "a reply that is cut");
	t = server;
	is_int(tsig_verify(&t, scratch, (struct span){ 0 }), TSIG_BAD, "nothing");

	t = query(a, k, &b);
	server = t;
	is_int(tsig_verify(&t, scratch, reply(a, k, &server)), TSIG_GOOD, "a first message");
	for (int i = 0; i < TSIG_UNSIGNED; i++)
		(void)tsig_verify(&t, scratch, reply(a, NULL, &server));
	is_int(tsig_verify(&t, scratch, reply(a, NULL, &server)), TSIG_MISSING,
		"the hundredth without a signature");
	arena_free(scratch);
	arena_free(a);
}

/* Octets of anybody's making do no harm, and are not good. */
static bool hostile(struct rng *rng)
{
	struct arena *a = arena_new();
	const struct tsig_key *k = key(a, "hmac-sha256:k.test:" SECRET);
	struct tsig t = { .key = k, .pending = { .arena = a }, .digest_n = 32 };
	struct tsig server = t;
	struct span r = reply(a, k, &server);
	size_t at = (size_t)rng_below(rng, (uint32_t)r.n);
	unsigned int bit = rng_below(rng, 8);
	bool good;

	((uint8_t *)r.p)[at] ^= (uint8_t)(1U << bit);
	r.n -= rng_below(rng, 3) ? 0 : (size_t)rng_below(rng, (uint32_t)r.n);
	good = tsig_verify(&t, a, r) == TSIG_GOOD;
	arena_free(a);
	/* The id is signed as it was (RFC 8945 4.2), names in lower case. */
	return !good || at < 2 || bit == 5;
}

int main(void)
{
	test_keys();
	test_verify();
	prop("one bit makes a signature bad", hostile, 2000);
	return tap_done();
}
