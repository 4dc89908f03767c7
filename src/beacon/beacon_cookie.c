/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Server cookies: version, reserved, time, and a hash over these and the client. */
#include "beacon/beacon_cookie.h"

#include <string.h>

enum { VERSION = 1, HEAD = 8, HASH = 8, INPUT = BEACON_COOKIE_CLIENT + HEAD + 16 };

/* RFC 9018 4.4: client cookie, the head of the server cookie, the address. */
static void hash(const struct beacon_cookie *c, const uint8_t *cookie, uint8_t ret[HASH])
{
	struct span ip = addr_octets(&c->from);
	uint8_t input[INPUT];
	uint64_t h;

	memcpy(input, cookie, BEACON_COOKIE_CLIENT + HEAD);
	if (ip.n)
		memcpy(input + BEACON_COOKIE_CLIENT + HEAD, ip.p, ip.n);
	h = siphash(c->secret, (struct span){ input, BEACON_COOKIE_CLIENT + HEAD + ip.n });
	for (unsigned int i = 0; i < HASH; i++)
		ret[i] = (uint8_t)(h >> (8 * i));
}

void beacon_cookie_make(
	const struct beacon_cookie *c, const uint8_t *client, uint8_t ret[BEACON_COOKIE_WHOLE])
{
	uint8_t *head = ret + BEACON_COOKIE_CLIENT;

	memmove(ret, client, BEACON_COOKIE_CLIENT);
	memset(head, 0, HEAD);
	head[0] = VERSION;
	for (unsigned int i = 0; i < 4; i++)
		head[4 + i] = (uint8_t)(c->time >> (24 - 8 * i));
	hash(c, ret, head + HEAD);
}

bool beacon_cookie_good(const struct beacon_cookie *c, struct span option)
{
	const uint8_t *head = option.p + BEACON_COOKIE_CLIENT;
	uint8_t want[HASH];
	uint32_t made = 0;
	int32_t age;

	if (option.n != BEACON_COOKIE_WHOLE || head[0] != VERSION)
		return false;
	for (unsigned int i = 0; i < 4; i++)
		made = made << 8U | head[4 + i];
	/* RFC 9018 4.3: in serial number arithmetic (RFC 1982). */
	age = (int32_t)(c->time - made);
	if (age > BEACON_COOKIE_LIFE || age < -BEACON_COOKIE_AHEAD)
		return false;
	hash(c, option.p, want);
	return memcmp(want, head + HEAD, HASH) == 0;
}
