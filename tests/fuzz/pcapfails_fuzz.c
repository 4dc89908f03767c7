/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a capture of which the failed look-ups are wanted, plain or packed. */
#include <assert.h>
#include <stdio.h>

#include "fuzz/fuzz.h"
#include "intake/pcapfails.h"

enum { DOMAINS = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct rng r = rng_seed(1);
	struct logfails *fails = logfails_new(a, DOMAINS, &r);
	struct pcapfails *p = pcapfails_new(a, fails, &r);
	FILE *s = size ? fmemopen((void *)data, size, "rb") : NULL;
	const char *why;

	if (s) {
		struct asked_tally t;

		pcapfails_stream(p, s, &why);
		fclose(s);
		t = pcapfails_tally(p).asked;
		assert(t.queries == t.answered + t.silent + t.late + t.given_up + t.torn);
		assert(fails->count == t.failed + t.silent && t.failed <= t.answered);
		assert(fails->domains <= DOMAINS && fails->left_out <= fails->count);
		logfails_sorted(fails, a);
	}
	pcapfails_free(p);
	arena_free(a);
	return 0;
}
