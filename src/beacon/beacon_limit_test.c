/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rate of replies to a prefix holds, whatever asks. */
#include "beacon/beacon_limit.h"

#include "tap.h"

enum { SECOND = 1000000, RATE = 100 };

static const uint8_t secret[16] = "0123456789abcde";

struct counts {
	unsigned int pass, slip, drop;
};

static struct counts ask(struct beacon_limit *l, const char *from, uint64_t now, unsigned int n)
{
	struct counts c = { 0 };
	struct addr a;

	addr_parse(from, &a);
	while (n--) {
		enum beacon_limit_says s = beacon_limit_ask(l, &a, now);

		c.pass += s == BEACON_LIMIT_PASS;
		c.slip += s == BEACON_LIMIT_SLIP;
		c.drop += s == BEACON_LIMIT_DROP;
	}
	return c;
}

int main(void)
{
	struct arena *a = arena_new();
	struct beacon_limit *l = beacon_limit_new(a, RATE, secret);
	struct beacon_limit *none = beacon_limit_new(a, 0, secret);
	uint64_t now = 1000 * (uint64_t)SECOND;
	struct counts c = ask(l, "192.0.2.1", now, RATE + 10);

	is_int(c.pass, RATE, "a second's worth at once");
	is_int(c.slip, 5, "half of the rest slips through, truncated");
	is_int(c.drop, 5, "half of it is dropped");
	is_int(ask(l, "192.0.2.200", now, 2).pass, 0, "a neighbour in the /24 is limited with it");
	is_int(ask(l, "192.0.3.1", now, 2).pass, 2, "another /24 is not");
	is_int(ask(l, "192.0.2.1", now + SECOND / 10, 50).pass, RATE / 10,
		"a tenth of a second later, a tenth");
	is_int(ask(l, "192.0.2.1", now + 9 * SECOND, 500).pass, RATE,
		"a long pause saves no more than a second's worth");
	is_int(ask(l, "192.0.2.1", now, 10).pass, 10, "a clock that goes back harms nobody");
	is_int(ask(l, "2001:db8:0:1::1", now, RATE).pass, RATE, "IPv6");
	is_int(ask(l, "2001:db8:0:ff:9::1", now, 9).pass, 0, "the same /56");
	is_int(ask(l, "2001:db8:0:100::1", now, 9).pass, 9, "another /56");
	is_int(ask(none, "192.0.2.1", now, 10000).pass, 10000, "no limit");
	arena_free(a);
	return tap_done();
}
