// SPDX-License-Identifier: GPL-3.0-or-later
// Fuzz target of facts/asn: any text as a table and as an answer; what is read keeps its order and
// is found again.
#include <assert.h>
#include <string.h>

#include "facts/asn.h"
#include "fuzz/fuzz.h"

static void check(const struct asn_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct asn_prefix *p = &rows->v[i].prefix;
		struct addr addr = { .family = p->family };
		struct asn_rows found;

		assert(p->family == ADDR_V4 ? p->bits <= 32 : p->bits <= 128);
		memcpy(addr.ip, p->ip, sizeof(addr.ip));
		assert(asn_covers(p, &addr));
		assert(asn_find(rows, &addr, &found) && found.n > 0);
		assert(found.v[0].prefix.bits >= p->bits);
		assert(asn_covers(&found.v[0].prefix, &addr));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *text = arena_alloc(a, size + 1);
	struct asn_rows rows;
	size_t line = 0;

	if (size)
		memcpy(text, data, size);
	if (asn_read(a, (struct span){ data, size }, &rows, &line) < 0)
		assert(line > 0);
	else
		check(&rows);
	if (asn_read_answer(a, text, &rows) == 0) {
		assert(rows.n > 0);
		check(&rows);
	}
	arena_free(a);
	return 0;
}
