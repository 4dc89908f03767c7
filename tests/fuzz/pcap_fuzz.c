/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a file of packets. */
#include <assert.h>
#include <stdio.h>

#include "fuzz/fuzz.h"
#include "intake/pcap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct pairing_report r;
	FILE *s = size ? fmemopen((void *)data, size, "rb") : NULL;

	if (s) {
		int rc = pcap_sightings_stream(f, s,
			&(struct pairing_filter){ .waiting_most = 64, .sightings_most = 1024 }, &r);

		assert(rc == 0 || (r.why && !f->sightings.n));
		for (size_t i = 0; i < f->sightings.n; i++)
			assert(f->sightings.v[i].source == SIGHT_CAPTURE);
	}
	arena_free(a);
	return 0;
}
