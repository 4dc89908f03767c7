/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as an ICMP error: no crash, no read beyond them, and the same again with more behind.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "net/rawquote.h"

static void sane(const struct rawquote *q, uint8_t family)
{
	assert(q->from.family == family && q->to.family == family);
	assert(q->from.port && q->to.port && !q->from.scope && !q->to.scope);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rawquote q = { 0 }, again = { 0 };
	uint8_t *more = malloc(size + 1);

	assert(more);
	if (rawquote_read_v4((struct span){ data, size }, &q)) {
		sane(&q, ADDR_V4);
		/* Its length is said in the packet. */
		assert(!rawquote_read_v4((struct span){ data, size - 1 }, &again));
	}
	if (rawquote_read_v6((struct span){ data, size }, &q)) {
		sane(&q, ADDR_V6);
		memcpy(more, data, size);
		more[size] = 0x5a;
		assert(rawquote_read_v6((struct span){ more, size + 1 }, &again));
		assert(addr_equal(&q.from, &again.from) && q.id == again.id);
	}
	free(more);
	return 0;
}
