/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a list of names, and as one of servers. The first octet is the size of the pieces
 * that it comes in; what it holds does not depend on that, and what is told of a line that is none
 * is one printable line.
 */
#include <assert.h>
#include <string.h>

#include "dns/rr.h"
#include "dns/text.h"
#include "fuzz/fuzz.h"
#include "intake/names.h"

struct stream {
	const uint8_t *p;
	size_t n, piece;
};

struct counts {
	uint64_t good, bad, sum; /* sum: of hashes, since their order is random */
};

static ptrdiff_t read_stream(void *user, char *to, size_t most)
{
	struct stream *s = user;
	size_t n = s->n < s->piece ? s->n : s->piece;

	n = n < most ? n : most;
	if (n)
		memcpy(to, s->p, n);
	s->p += n;
	s->n -= n;
	return (ptrdiff_t)n;
}

static void look(const struct names_item *item, enum names_next got, struct counts *c)
{
	const struct name *name = item->question.name;

	if (got == NAMES_ONE) {
		c->good++;
		assert(name->len && name->len <= NAME_MAX_WIRE);
		for (size_t i = 0; i < name->len; i++)
			c->sum += (i + 1) * (uint64_t)name->wire[i] * (item->question.type + 1u);
		for (size_t i = 0; i < sizeof(item->server.ip); i++)
			c->sum += (i + 1) * (uint64_t)item->server.ip[i] * item->server.port;
		return;
	}
	c->bad++;
	assert(item->line && item->why && item->number);
	for (const char *p = item->line; *p; p++)
		assert((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static struct counts all(struct stream s, bool servers)
{
	static const uint16_t types[] = { RR_A, RR_AAAA };
	struct arena *a = arena_new();
	struct names_setup setup = { .read = read_stream,
		.user = &s,
		.types = types,
		.ntypes = 2,
		.servers = servers,
		.rng = rng_seed(1) };
	struct names *n = names_new(a, &setup);
	struct names_item item;
	struct counts c = { 0 };
	enum names_next got;

	while ((got = names_next(n, &item)) != NAMES_END)
		look(&item, got, &c);
	names_free(n);
	arena_free(a);
	return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct counts whole, pieces;

	if (!size)
		return 0;
	for (int servers = 0; servers < 2; servers++) {
		whole = all((struct stream){ data + 1, size - 1, size }, servers);
		pieces = all((struct stream){ data + 1, size - 1, data[0] + 1u }, servers);
		assert(whole.good == pieces.good && whole.bad == pieces.bad &&
			whole.sum == pieces.sum);
	}
	return 0;
}
