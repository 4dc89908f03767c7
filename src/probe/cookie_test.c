/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The handshake for a cookie: with servers that know it, that do not, and with firewalls. */
#include "probe/cookie.h"

#include <string.h>

#include "dns/rr.h"
#include "tap.h"

enum { MINUTE = 60000000, FULL = 24 };

static struct arena *arena;

/* What comes of an ask. */
enum kind { SILENT, UNSENT, PLAIN, FORMERR, TRUNCATED, GOOD, BAD, OTHERS, SHORT, LONG };

static struct cookie fresh(void)
{
	struct rng rng = rng_seed(5);
	struct cookie c;

	cookie_init(&c, arena, &shape_iterative, &rng);
	return c;
}

static const struct msg *reply_of(const struct cookie *c, enum kind kind, uint8_t last)
{
	static const uint8_t rcodes[] = {
		[FORMERR] = RCODE_FORMERR, [BAD] = RCODE_BADCOOKIE & 15, [LONG] = 0
	};
	uint16_t length = kind == SHORT ? 12 : kind == LONG ? 41 : FULL;
	bool with = kind >= GOOD;
	struct buf b = { .arena = arena };
	uint8_t cookie[64] = { 0 };

	memcpy(cookie, c->client, COOKIE_CLIENT);
	cookie[FULL - 1] = last;
	cookie[0] ^= kind == OTHERS;
	buf_u16(&b, 0);
	buf_u16(&b, (uint16_t)(FLAG_QR | (kind == TRUNCATED ? FLAG_TC : 0) | rcodes[kind]));
	buf_u16(&b, 0);
	buf_u32(&b, 0);
	buf_u16(&b, with);
	if (with) {
		buf_u8(&b, 0);
		buf_u16(&b, RR_OPT);
		buf_u16(&b, 1232);
		buf_u32(&b, kind == BAD ? (uint32_t)(RCODE_BADCOOKIE >> 4) << 24 : 0);
		buf_u16(&b, (uint16_t)(4 + length));
		buf_u16(&b, EDNS_COOKIE);
		buf_u16(&b, length);
		buf_put(&b, cookie, length);
	}
	return msg_read(arena, buf_span(&b));
}

static struct observation observe(
	const struct cookie *c, struct ask ask, enum kind kind, uint64_t now)
{
	struct observation o = {
		.ask = ask, .sent = now, .done = now, .outcome = OUTCOME_ANSWERED
	};

	if (kind == SILENT)
		o.outcome = OUTCOME_TIMEOUT;
	else if (kind == UNSENT)
		o.outcome = OUTCOME_NOT_SENT;
	else
		o.msg = reply_of(c, kind, (uint8_t)(now / MINUTE));
	if (o.msg && ask.brief)
		o.msg = facts_header(arena, o.msg->wire);
	return o;
}

static void shake(struct cookie *c, enum kind kind)
{
	struct ask ask = { .brief = true };
	struct observation o;

	cookie_handshake(c, &ask);
	o = observe(c, ask, kind, MINUTE);
	cookie_seen(c, &o);
}

static const struct {
	const char *name;
	enum kind kinds[6];
	size_t n;
	enum cookie_state state;
} ways[] = {
	{ "a server with cookies", { GOOD, GOOD }, 2, COOKIE_HELD },
	{ "that wants the whole one", { BAD, GOOD }, 2, COOKIE_HELD },
	{ "whose reply is lost", { SILENT, GOOD, GOOD }, 3, COOKIE_HELD },
	{ "that slips", { TRUNCATED, GOOD, TRUNCATED, GOOD }, 4, COOKIE_HELD },
	{ "that does not know cookies", { PLAIN }, 1, COOKIE_NONE },
	{ "that does not know options", { FORMERR }, 1, COOKIE_NONE },
	{ "behind a firewall that does not", { SILENT, SILENT, SILENT }, 3, COOKIE_NONE },
	{ "behind one that minds long ones", { GOOD, SILENT, SILENT, SILENT }, 4, COOKIE_NONE },
	{ "that never likes its own", { GOOD, BAD, BAD, BAD }, 4, COOKIE_NONE },
	{ "with somebody else's half", { OTHERS }, 1, COOKIE_NONE },
	{ "with too short a half", { SHORT }, 1, COOKIE_NONE },
	{ "with too long a half", { LONG }, 1, COOKIE_NONE },
	{ "that cannot be sent to", { UNSENT, UNSENT, UNSENT }, 3, COOKIE_NONE },
};

static void test_ways(void)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct cookie c = fresh();
		bool asked = true;

		for (size_t j = 0; j < ways[i].n; j++) {
			asked &= cookie_asks(&c) > 0;
			shake(&c, ways[i].kinds[j]);
		}
		ok(asked && cookie_asks(&c) == 0 && c.state == ways[i].state, "%s", ways[i].name);
	}
}

static void test_shapes(void)
{
	struct shape bare = { .edns = false };
	struct rng rng = rng_seed(5);
	struct cookie c = fresh();
	struct ask ask = { .brief = true };

	cookie_put(&c, &ask, 0);
	is_int(ask.shape.noptions, 0, "no cookie before the handshake");
	cookie_handshake(&c, &ask);
	ok(!ask.brief && ask.role == ROLE_COOKIE && ask.shape.options[0].length == COOKIE_CLIENT,
		"the handshake begins with our half");
	shake(&c, SILENT);
	is_int(cookie_asks(&c), 2, "after a loss two at once");
	shake(&c, GOOD);
	shake(&c, GOOD);
	ask.brief = true;
	cookie_put(&c, &ask, 2 * MINUTE);
	ok(ask.brief && ask.shape.options[0].length == FULL, "then both halves are sent");
	cookie_init(&c, arena, &bare, &rng);
	is_int(cookie_asks(&c), 0, "none without EDNS");
}

static struct ask put(const struct cookie *c, uint64_t now)
{
	struct ask ask = { .brief = true };

	cookie_put(c, &ask, now);
	return ask;
}

static void test_renewal(void)
{
	struct cookie c = fresh();
	struct observation o;
	struct ask ask;

	shake(&c, GOOD);
	shake(&c, GOOD);
	ok(!put(&c, 32ULL * MINUTE).brief, "after half an hour a reply is kept whole");
	o = observe(&c, put(&c, 32ULL * MINUTE), GOOD, 32ULL * MINUTE);
	cookie_seen(&c, &o);
	ask = put(&c, 33ULL * MINUTE);
	ok(ask.brief && ask.shape.options[0].data[FULL - 1] == 32, "and the new half read from it");
	is_int(o.ask.shape.options[0].data[FULL - 1], 1, "asks that were made keep the old one");
	o = observe(&c, ask, BAD, 34ULL * MINUTE);
	cookie_seen(&c, &o);
	ask = put(&c, 34ULL * MINUTE);
	ok(!ask.brief, "BADCOOKIE in a header alone makes the next reply be kept whole");
	o = observe(&c, ask, BAD, 35ULL * MINUTE);
	cookie_seen(&c, &o);
	is_int(put(&c, 35ULL * MINUTE).shape.options[0].data[FULL - 1], 35,
		"which brings the new half");
	for (int i = 0; i < 6; i++) {
		o = observe(&c, put(&c, 36ULL * MINUTE), BAD, 36ULL * MINUTE);
		cookie_seen(&c, &o);
	}
	is_int(put(&c, 37ULL * MINUTE).shape.noptions, 0, "a server that likes none gets none");
}

int main(void)
{
	arena = arena_new();
	test_ways();
	test_shapes();
	test_renewal();
	arena_free(arena);
	return tap_done();
}
