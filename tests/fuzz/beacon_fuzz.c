/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a query to the beacon, the first of which says how it comes: no reply over UDP is
 * larger than its query, each is a readable response to it, none is answered again; and where a
 * reply over TCP leads to another name, that is answered over UDP.
 */
#include <assert.h>
#include <string.h>

#include "beacon/beacon.h"
#include "dns/query.h"
#include "dns/rr.h"
#include "fuzz/fuzz.h"

enum { TCP = 1, SIX = 2 };

static struct beacon *make(struct arena *a)
{
	struct beacon_setup setup = { .secret = "secret", .cookie_secret = "cookie" };
	struct addr glue;

	addr_parse("192.0.2.53", &glue);
	name_parse("b.test.", &setup.zone);
	name_parse("ns.b.test.", &setup.ns);
	setup.glue = &glue;
	setup.nglue = 1;
	return beacon_new(a, &setup);
}

static void check(const struct beacon_query *q, const struct msg *m)
{
	assert(q->transport == TRANSPORT_TCP || m->wire.n <= q->wire.n);
	assert(m->ndefects == 0 && m->flags & FLAG_QR && m->nquestions == 1);
	assert(memcmp(m->wire.p, q->wire.p, 2) == 0);
	assert(m->wire.n >= 12 &&
		memcmp(m->questions[0].name->wire, q->wire.p + 12, m->questions[0].name->len) == 0);
}

/* The target of an alias that came over TCP. */
static void follow(
	struct arena *a, struct beacon *b, const struct beacon_query *q, const struct msg *m)
{
	const struct rr *rr = msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_CNAME, NULL });
	struct buf wire = { .arena = a };
	struct beacon_query next = *q;
	uint8_t out[BEACON_REPLY];
	struct name name;
	int err;

	if (!rr)
		return;
	err = msg_rdata_name(m, rr, &name, NULL);
	assert(err == 0);
	query_build(&wire, &shape_iterative, &(struct question){ &name, RR_TXT, CLASS_IN }, 1);
	next.wire = buf_span(&wire);
	next.transport = TRANSPORT_UDP;
	m = msg_read(a, (struct span){ out, beacon_reply(b, &next, out) });
	assert(m->ndefects == 0 && m->counts[MSG_ANSWER] == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct beacon *b = make(a);
	struct beacon_query q = { .now = 1700000000000000 };
	uint8_t out[BEACON_REPLY];
	const struct msg *m;
	uint8_t how = size ? data[0] : 0;

	if (size)
		q.wire = (struct span){ data + 1, size - 1 };
	q.transport = how & TCP ? TRANSPORT_TCP : TRANSPORT_UDP;
	addr_parse(how & SIX ? "2001:db8::7" : "192.0.2.7", &q.from);
	q.from.port = (uint16_t)(1 + (how >> 2U));
	m = msg_read(a, (struct span){ out, beacon_reply(b, &q, out) });
	if (m->wire.n) {
		struct beacon_query again = q;

		check(&q, m);
		again.wire = m->wire;
		assert(beacon_reply(b, &again, out) == 0);
		if (q.transport == TRANSPORT_TCP)
			follow(a, b, &q, m);
	}
	beacon_free(b);
	arena_free(a);
	return 0;
}
