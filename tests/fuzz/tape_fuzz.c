/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a tape: no crash, and what is read is written so that it reads the same. */
#include <assert.h>
#include <string.h>

#include "facts/tape.h"
#include "fuzz/fuzz.h"

static struct buf write_all(struct arena *a, const struct facts *f)
{
	struct buf b = { .arena = a };

	tape_write(f, &b);
	return b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct tape_error error = { 0 };
	struct facts *f = NULL, *again = NULL;
	struct buf first, second;

	if (tape_read(a, (struct span){ data, size }, &f, &error) < 0) {
		assert(error.text && error.line);
	} else {
		first = write_all(a, f);
		assert(tape_read(a, buf_span(&first), &again, &error) == 0);
		second = write_all(a, again);
		assert(strcmp(buf_text(&first), buf_text(&second)) == 0);
	}
	arena_free(a);
	return 0;
}
