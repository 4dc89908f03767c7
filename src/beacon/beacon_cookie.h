/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Server cookies that interoperate (RFC 9018 4): a client that shows one that we made for its
 * address has received a reply of ours there.
 */
#ifndef BEACON_BEACON_COOKIE_H
#define BEACON_BEACON_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/siphash.h"
#include "base/span.h"

enum {
	BEACON_COOKIE_CLIENT = 8, /* octets; RFC 7873 4 */
	BEACON_COOKIE_SERVER = 16,
	BEACON_COOKIE_WHOLE = BEACON_COOKIE_CLIENT + BEACON_COOKIE_SERVER,
	/* RFC 9018 4.3: seconds that a cookie is good for, and that clocks may differ. */
	BEACON_COOKIE_LIFE = 3600,
	BEACON_COOKIE_AHEAD = 300,
};

struct beacon_cookie {
	const uint8_t *secret; /* SIPHASH_KEY octets */
	struct addr from;      /* the client; its port does not count */
	uint32_t time;	       /* seconds since 1970, modulo 2^32 */
};

/* client: 8 octets. Writes client cookie and server cookie. */
void beacon_cookie_make(
	const struct beacon_cookie *c, const uint8_t *client, uint8_t ret[BEACON_COOKIE_WHOLE]);

/* The option's data are a cookie that was made so and is not too old. */
bool beacon_cookie_good(const struct beacon_cookie *c, struct span option);

#endif
