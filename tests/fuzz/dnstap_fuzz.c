/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a file of dnstap, and as a data frame of it. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "intake/dnstap.h"

static const struct pairing_filter filter = {
	.source = SIGHT_DNSTAP, .waiting_most = 64, .sightings_most = 1024
};

static void sane(const struct facts *f, const struct pairing_report *r)
{
	assert(f->sightings.n == r->tally.queries);
	assert(!r->identity || strlen(r->identity) <= 255);
	for (size_t i = 0; i < f->sightings.n; i++) {
		const struct sighting *s = &f->sightings.v[i];

		assert(s->source == SIGHT_DNSTAP && s->question.name);
		assert((s->end == SIGHT_ANSWERED) == (s->rtt != 0));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct dnstap d = { pairing_new(a, &filter), a };
	FILE *s = size ? fmemopen((void *)data, size, "rb") : NULL;
	struct pairing_report r;

	dnstap_frame(&d, (struct span){ data, size });
	pairing_end(d.pairing, 0, f);
	sane(f, pairing_report(d.pairing));
	pairing_free(d.pairing);
	if (s) {
		f = facts_new(a);
		dnstap_sightings_stream(f, s, &filter, &r);
		sane(f, &r);
	}
	arena_free(a);
	return 0;
}
