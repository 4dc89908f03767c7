// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of addresses that are not like others: IANA's special-purpose registries (RFC 6890).
#include <string.h>

#include "base/addr.h"
#include "base/err.h"

struct block {
	uint8_t ip[16];
	uint8_t bits;
	uint8_t reach; /* enum addr_reach */
	bool foreign;  /* hosts of others may answer from it all the same */
};

#define GLOBAL	ADDR_REACH_GLOBAL, false
#define DOCS	ADDR_REACH_DOCUMENTATION, false
#define LOCAL	ADDR_REACH_LOCAL, false
#define NOWHERE ADDR_REACH_NOWHERE, false
/*
 * Not registered as globally reachable, but they lead to hosts that are: 6to4, Teredo, the local
 * NAT64 prefix, and what of the IETF's own block has no purpose yet.
 */
#define FOREIGN ADDR_REACH_NOWHERE, true

/* The first row that fits counts. Blocks that no row has, and AS112's (RFC 7534), are global. */
static const struct block blocks_v4[] = {
	{ { 0 }, 8, NOWHERE },		   /* RFC 791 3.2: this network */
	{ { 10 }, 8, LOCAL },		   /* RFC 1918: private */
	{ { 100, 64 }, 10, LOCAL },	   /* RFC 6598: shared by carrier NATs */
	{ { 127 }, 8, LOCAL },		   /* RFC 1122 3.2.1.3: loopback */
	{ { 169, 254 }, 16, LOCAL },	   /* RFC 3927: link-local */
	{ { 172, 16 }, 12, LOCAL },	   /* RFC 1918: private */
	{ { 192, 0, 0, 9 }, 32, GLOBAL },  /* RFC 7723: port control anycast */
	{ { 192, 0, 0, 10 }, 32, GLOBAL }, /* RFC 8155: TURN anycast */
	{ { 192, 0, 0 }, 24, NOWHERE },	   /* RFC 6890 2.1: protocol assignments */
	{ { 192, 0, 2 }, 24, DOCS },	   /* RFC 5737 */
	{ { 192, 88, 99 }, 24, FOREIGN },  /* RFC 7526: 6to4 relays, deprecated */
	{ { 192, 168 }, 16, LOCAL },	   /* RFC 1918: private */
	{ { 198, 18 }, 15, NOWHERE },	   /* RFC 2544: benchmark */
	{ { 198, 51, 100 }, 24, DOCS },	   /* RFC 5737 */
	{ { 203, 0, 113 }, 24, DOCS },	   /* RFC 5737 */
	{ { 224 }, 4, NOWHERE },	   /* RFC 5771: multicast */
	{ { 240 }, 4, NOWHERE },	   /* RFC 1112 4: reserved; RFC 919 7: limited broadcast */
};

static const struct block blocks_v6[] = {
	{ { 0 }, 128, NOWHERE },				 /* RFC 4291 2.5.2: unspecified */
	{ { [15] = 1 }, 128, LOCAL },				 /* RFC 4291 2.5.3: loopback */
	{ { [10] = 0xff, [11] = 0xff }, 96, NOWHERE },		 /* RFC 4291 2.5.5.2: mapped IPv4 */
	{ { 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01 }, 48, FOREIGN }, /* RFC 8215: local NAT64 */
	{ { 0x01, 0x00 }, 64, NOWHERE },			 /* RFC 6666: discard */
	{ { 0x01, 0x00, [7] = 1 }, 64, NOWHERE },		 /* RFC 9780: dummy prefix */
	{ { 0x20, 0x01, 0x00, 0x01, [15] = 1 }, 128, GLOBAL },	 /* RFC 7723 */
	{ { 0x20, 0x01, 0x00, 0x01, [15] = 2 }, 128, GLOBAL },	 /* RFC 8155 */
	{ { 0x20, 0x01, 0x00, 0x01, [15] = 3 }, 128, GLOBAL },	/* RFC 9665: service registration */
	{ { 0x20, 0x01, 0x00, 0x02 }, 48, NOWHERE },		/* RFC 5180: benchmark */
	{ { 0x20, 0x01, 0x00, 0x03 }, 32, GLOBAL },		/* RFC 7450: AMT */
	{ { 0x20, 0x01, 0x00, 0x04, 0x01, 0x12 }, 48, GLOBAL }, /* RFC 7535: AS112 */
	{ { 0x20, 0x01, 0x00, 0x20 }, 28, GLOBAL },		/* RFC 7343: ORCHIDv2 */
	{ { 0x20, 0x01, 0x00, 0x30 }, 28, GLOBAL },		/* RFC 9374: drone remote ids */
	{ { 0x20, 0x01 }, 23, FOREIGN }, /* RFC 2928: protocol assignments; RFC 4380: Teredo */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, DOCS }, /* RFC 3849 */
	{ { 0x20, 0x02 }, 16, FOREIGN },	  /* RFC 3056: 6to4 */
	{ { 0x3f, 0xff }, 20, DOCS },		  /* RFC 9637 */
	{ { 0x5f, 0x00 }, 16, NOWHERE },	  /* RFC 9602: segment routing ids */
	{ { 0xfc }, 7, LOCAL },			  /* RFC 4193: unique local */
	{ { 0xfe, 0x80 }, 10, LOCAL },		  /* RFC 4291 2.5.6: link-local */
	{ { 0xff }, 8, NOWHERE },		  /* RFC 4291 2.7: multicast */
};

struct blocks {
	const struct block *v;
	size_t n;
};

#define BLOCKS(array) ((struct blocks){ array, ARRAY_LEN(array) })

static bool in_block(const uint8_t *ip, const struct block *b)
{
	size_t whole = b->bits / 8;
	unsigned int rest = b->bits % 8;

	if (memcmp(ip, b->ip, whole) != 0)
		return false;
	return rest == 0 || (ip[whole] ^ b->ip[whole]) >> (8 - rest) == 0;
}

/* NULL: none. */
static const struct block *find(const uint8_t *ip, struct blocks b)
{
	for (size_t i = 0; i < b.n; i++)
		if (in_block(ip, &b.v[i]))
			return &b.v[i];
	return NULL;
}

static const struct block *find_either(const struct addr *a, struct blocks v4, struct blocks v6)
{
	if (a->family == ADDR_V4)
		return find(a->ip, v4);
	return a->family == ADDR_V6 ? find(a->ip, v6) : NULL;
}

enum addr_reach addr_reach(const struct addr *a)
{
	const struct block *b = find_either(a, BLOCKS(blocks_v4), BLOCKS(blocks_v6));

	return b ? (enum addr_reach)b->reach : ADDR_REACH_GLOBAL;
}

bool addr_is_special(const struct addr *a)
{
	static const struct block mapped = { { [10] = 0xff, [11] = 0xff }, 96, NOWHERE };
	const struct block *b = find_either(a, BLOCKS(blocks_v4), BLOCKS(blocks_v6));

	/* A packet to a mapped address goes to the IPv4 host, so that one counts. */
	if (a->family == ADDR_V6 && in_block(a->ip, &mapped))
		b = find(a->ip + 12, BLOCKS(blocks_v4));
	return b && b->reach != ADDR_REACH_GLOBAL && !b->foreign;
}

bool addr_is_loopback(const struct addr *a)
{
	static const struct block v4[] = { { { 127 }, 8, LOCAL } };
	static const struct block v6[] = { { { [15] = 1 }, 128, LOCAL } };

	return find_either(a, BLOCKS(v4), BLOCKS(v6)) != NULL;
}

bool addr_is_private(const struct addr *a)
{
	static const struct block v4[] = {
		{ { 10 }, 8, LOCAL },
		{ { 100, 64 }, 10, LOCAL },
		{ { 172, 16 }, 12, LOCAL },
		{ { 192, 168 }, 16, LOCAL },
	};
	static const struct block v6[] = { { { 0xfc }, 7, LOCAL } };

	return find_either(a, BLOCKS(v4), BLOCKS(v6)) != NULL;
}
