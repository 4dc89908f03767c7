/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a saved query. The first octet says as what: a message alone, a file of packets, or
 * a tape. What is read can be built again, and read again.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "facts/tape.h"
#include "fuzz/fuzz.h"
#include "intake/saved.h"

enum { WIRE = 'w', TAPE = 't' }; /* else a file of packets */

static int read_any(struct arena *a, uint8_t how, struct span s, struct ask *ret)
{
	struct tape_error error;
	struct facts *f;
	FILE *stream;

	if (how == WIRE)
		return saved_from_wire(
			a, s, &(struct saved_ends){ .transport = TRANSPORT_UDP }, ret);
	if (how == TAPE)
		return tape_read(a, s, &f, &error) < 0 ? -ERR_PARSE : saved_from_facts(f, ret);
	stream = s.n ? fmemopen((void *)s.p, s.n, "rb") : NULL;
	return stream ? saved_from_capture(a, stream, ret) : -ERR_OPEN;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	struct ask ask, again;

	if (size && read_any(a, data[0], (struct span){ data + 1, size - 1 }, &ask) == 0 &&
		data[0] != TAPE) {
		struct saved_ends ends = { .transport = ask.transport };

		assert(ask.question.name);
		query_build(&b, &ask.shape, &ask.question, 1);
		assert(saved_from_wire(a, buf_span(&b), &ends, &again) == 0);
		assert(again.shape.flags == ask.shape.flags &&
			again.shape.noptions == ask.shape.noptions &&
			again.question.type == ask.question.type);
	}
	arena_free(a);
	return 0;
}
