/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as packets of any link type: the first octet chooses it, then 2 octets of length each.
 */
#include <assert.h>

#include "fuzz/fuzz.h"
#include "intake/pairing.h"

static const int links[] = { 0, 1, 12, 101, 108, 113, 228, 229, 276, 147 };

static void sane(const struct packet *p, enum packet_kind kind, struct span bytes)
{
	if (kind == PACKET_ICMP || kind == PACKET_TOO_BIG) {
		assert(p->quote.from.family == p->quote.to.family);
		assert(p->quote.from.family == ADDR_V4 || p->quote.from.family == ADDR_V6);
	} else if (kind == PACKET_LATER) {
		assert(p->part.is && p->from.family == p->to.family);
	} else if (kind < PACKET_ICMP) {
		assert(p->from.family == p->to.family);
		assert(p->payload.p >= bytes.p && p->payload.n <= bytes.n);
		assert(p->payload.p + p->payload.n <= bytes.p + bytes.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct pairing *p =
		pairing_new(a, &(struct pairing_filter){ .waiting_most = 8, .sightings_most = 64 });
	const struct pairing_report *r;
	uint64_t at = 0;

	for (size_t i = 3; i < size;) {
		size_t n = data[i - 2] * 256U + data[i - 1];
		struct packet_raw raw = { links[data[i - 3] % (sizeof(links) / sizeof(*links))],
			at += data[i - 3] * UINT64_C(10000), { data + i, 0 } };
		struct packet k = { 0 };
		enum packet_kind kind;

		raw.bytes.n = n < size - i ? n : size - i;
		kind = packet_read(&raw, &k);
		sane(&k, kind, raw.bytes);
		pairing_packet(p, &raw);
		i += raw.bytes.n + 3;
	}
	pairing_end(p, 0, f);
	r = pairing_report(p);
	assert(f->sightings.n + r->tally.foreign == r->tally.queries);
	assert(r->tally.queries <= 64);
	for (size_t i = 0; i < f->sightings.n; i++) {
		const struct sighting *s = &f->sightings.v[i];

		assert(s->server.port == 53 && s->end < SIGHT_ENDS);
		assert((s->end == SIGHT_ANSWERED) == (s->rtt != 0));
		assert(i == 0 || s[-1].at <= s->at);
	}
	pairing_free(p);
	arena_free(a);
	return 0;
}
