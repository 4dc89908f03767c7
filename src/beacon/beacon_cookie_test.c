/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Server cookies against the examples of RFC 9018, appendix A. */
#include "beacon/beacon_cookie.h"

#include "tap.h"

struct row {
	const char *name, *from;
	const char *secret, *client; /* hex */
	uint32_t time;
	const char *made;
};

static const struct row rows[] = {
	{ "A.1 learning a new cookie", "198.51.100.100", "e5e973e5a6b2a43f48e7dc849e37bfcf",
		"2464c4abcf10c957", 1559731985, "010000005cf79f111f8130c3eee29480" },
	{ "A.2 the same client, later", "198.51.100.100", "e5e973e5a6b2a43f48e7dc849e37bfcf",
		"2464c4abcf10c957", 1559734385, "010000005cf7a871d4a564a1442aca77" },
	{ "A.4 over IPv6, with the old secret", "2001:db8:220:1:59de:d0f4:8769:82b8",
		"dd3bdf9344b678b185a6f5cb60fca715", "22681ab97d52c298", 1559741817,
		"010000005cf7c57926556bd0934c72f8" },
	{ "A.4 over IPv6, with the new secret", "2001:db8:220:1:59de:d0f4:8769:82b8",
		"445536bcd2513298075a5d379663c962", "22681ab97d52c298", 1559741961,
		"010000005cf7c609a6bb79d16625507a" },
};

static void hex(const char *text, uint8_t *ret)
{
	for (unsigned int v; *text && sscanf(text, "%2x", &v) == 1; text += 2)
		*ret++ = (uint8_t)v;
}

static void one(const struct row *r)
{
	uint8_t secret[SIPHASH_KEY], client[BEACON_COOKIE_CLIENT], want[BEACON_COOKIE_SERVER];
	uint8_t made[BEACON_COOKIE_WHOLE];
	struct beacon_cookie c = { .secret = secret, .time = r->time };
	struct span option = { made, sizeof(made) };

	hex(r->secret, secret);
	hex(r->client, client);
	hex(r->made, want);
	addr_parse(r->from, &c.from);
	beacon_cookie_make(&c, client, made);
	ok(memcmp(made, client, sizeof(client)) == 0 &&
			memcmp(made + sizeof(client), want, sizeof(want)) == 0,
		"%s", r->name);
	ok(beacon_cookie_good(&c, option), "%s: good", r->name);
	c.from.port = 7;
	ok(beacon_cookie_good(&c, option), "%s: from any port", r->name);
	c.time = r->time + BEACON_COOKIE_LIFE;
	ok(beacon_cookie_good(&c, option), "%s: good after an hour", r->name);
	c.time++;
	ok(!beacon_cookie_good(&c, option), "%s: too old", r->name);
	c.time = r->time - BEACON_COOKIE_AHEAD - 1;
	ok(!beacon_cookie_good(&c, option), "%s: from the future", r->name);
	c.time = r->time;
	c.from.ip[3] ^= 1;
	ok(!beacon_cookie_good(&c, option), "%s: not from a neighbour", r->name);
	c.from.ip[3] ^= 1;
	for (unsigned int i = 0; i < sizeof(made); i++) {
		made[i] ^= 1;
		if (beacon_cookie_good(&c, option))
			ok(false, "%s: octet %u does not count", r->name, i);
		made[i] ^= 1;
	}
	ok(!beacon_cookie_good(&c, (struct span){ made, BEACON_COOKIE_CLIENT }),
		"%s: the client's alone is none", r->name);
}

/* A.3: reserved octets that another server set are part of the hash. */
static void reserved(void)
{
	uint8_t secret[SIPHASH_KEY], cookie[BEACON_COOKIE_WHOLE];
	struct beacon_cookie c = { .secret = secret, .time = 1559728000 };

	hex("e5e973e5a6b2a43f48e7dc849e37bfcf", secret);
	hex("fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", cookie);
	addr_parse("203.0.113.203", &c.from);
	ok(beacon_cookie_good(&c, (struct span){ cookie, sizeof(cookie) }),
		"A.3 reserved octets that are not 0");
}

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		one(&rows[i]);
	reserved();
	return tap_done();
}
