/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a message of the queue: what is taken for one reads back the same when written. */
#include <assert.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "queue/form.h"

#define TRY(form)                                                                                  \
	static void try_##form(struct arena *a, struct span text)                                  \
	{                                                                                          \
		struct form_##form x, y;                                                           \
		struct buf once = { .arena = a }, twice = { .arena = a };                          \
		const char *why = NULL;                                                            \
                                                                                                   \
		if (form_##form##_read(a, text, &x, &why) < 0) {                                   \
			assert(why);                                                               \
			return;                                                                    \
		}                                                                                  \
		form_##form##_write(&x, &once);                                                    \
		assert(form_##form##_read(a, buf_span(&once), &y, &why) == 0);                     \
		form_##form##_write(&y, &twice);                                                   \
		assert(once.n == twice.n && memcmp(once.p, twice.p, once.n) == 0);                 \
	}

TRY(job)
TRY(question)
TRY(piece)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct span text = { data, size };

	try_job(a, text);
	try_question(a, text);
	try_piece(a, text);
	arena_free(a);
	return 0;
}
