/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For tests: a beacon of beacon.test. without sockets, clients that ask it, and a resolver that
 * follows its chains as real ones do: by UDP, by TCP after TC=1, a new port and id each time.
 */
#ifndef BEACON_TEST_BEACON_H
#define BEACON_TEST_BEACON_H

#include <string.h>

#include "base/rng.h"
#include "beacon/beacon.h"
#include "dns/query.h"
#include "dns/rr.h"

struct bench {
	struct arena *arena;
	struct beacon *beacon;
	struct rng rng;
	struct addr from; /* of the next query */
	uint64_t now;
	struct shape shape;
	size_t asked, replied; /* octets of the last query and reply; replied 0: none */
	/* What the resolver sent, in order: what samples have to say. */
	struct beacon_sample sent[64];
	struct name names[64];
	size_t nsent;
};

__attribute__((unused)) static struct bench bench_new(uint64_t seed, uint32_t rate)
{
	struct bench t = { .arena = arena_new(), .rng = rng_seed(seed) };
	struct beacon_setup setup = { .rate = rate };
	struct addr glue[2];

	addr_parse("203.0.113.53", &glue[0]);
	addr_parse("2001:db8::53", &glue[1]);
	name_parse("beacon.test.", &setup.zone);
	name_parse("ns.beacon.test.", &setup.ns);
	setup.glue = glue;
	setup.nglue = 2;
	for (size_t i = 0; i < SIPHASH_KEY; i++) {
		setup.secret[i] = (uint8_t)rng_u64(&t.rng);
		setup.cookie_secret[i] = (uint8_t)rng_u64(&t.rng);
	}
	t.beacon = beacon_new(t.arena, &setup);
	t.now = 1700000000U * (uint64_t)1000000U;
	t.shape = shape_iterative;
	addr_parse_port("192.0.2.1#4711", &t.from);
	return t;
}

__attribute__((unused)) static void bench_done(struct bench *t)
{
	beacon_free(t->beacon);
	arena_free(t->arena);
}

/* Any octets; NULL: no reply. */
__attribute__((unused)) static const struct msg *bench_send(
	struct bench *t, struct span wire, enum transport transport)
{
	static uint8_t out[BEACON_REPLY];
	struct beacon_query q = { wire, t->from, transport, t->now };

	t->asked = wire.n;
	t->replied = beacon_reply(t->beacon, &q, out);
	return t->replied ? msg_read(t->arena, (struct span){ out, t->replied }) : NULL;
}

__attribute__((unused)) static const struct msg *bench_ask(
	struct bench *t, const struct question *q, enum transport transport)
{
	struct buf b = { .arena = t->arena };

	query_build(&b, &t->shape, q, (uint16_t)rng_u64(&t->rng));
	return bench_send(t, buf_span(&b), transport);
}

/* Octet n and n + 1 of a query. */
__attribute__((unused)) static uint16_t bench_number(const struct buf *b, size_t n)
{
	return (uint16_t)((uint8_t)b->p[n] << 8 | (uint8_t)b->p[n + 1]);
}

/* One query of the resolver, noted. */
__attribute__((unused)) static const struct msg *bench_step(
	struct bench *t, const struct question *q, enum transport transport)
{
	struct beacon_sample *s = &t->sent[t->nsent % 64];
	struct buf b = { .arena = t->arena };

	t->from.port = (uint16_t)(1024 + rng_below(&t->rng, 60000));
	query_build(&b, &t->shape, q, (uint16_t)rng_u64(&t->rng));
	*s = (struct beacon_sample){
		.from = t->from,
		.tcp = transport == TRANSPORT_TCP,
		.id = bench_number(&b, 0),
		.flags = t->shape.flags,
		.edns = t->shape.edns,
		.edns_size = t->shape.edns_size,
		.type = (uint8_t)q->type,
		.upper = beacon_case(q->name),
	};
	t->names[t->nsent++ % 64] = *q->name;
	return bench_send(t, buf_span(&b), transport);
}

/*
 * The reply of a resolver to its stub: the question, and the answers of all steps. mix: letters of
 * its queries are of any case (0x20).
 */
__attribute__((unused)) static const struct msg *bench_resolve(
	struct bench *t, const struct name *name, bool mix)
{
	struct buf b = { .arena = t->arena };
	struct question q = { name, RR_TXT, CLASS_IN };
	struct name next = *name;
	uint16_t answers = 0;

	query_build(&b, &(struct shape){ 0 }, &q, 1);
	b.p[2] = (char)0x80;
	for (unsigned int i = 0; i < 32; i++) {
		const struct rr *rr;
		const struct msg *m;

		if (mix)
			beacon_set_case(&next, (uint32_t)rng_u64(&t->rng));
		q.name = name_keep(t->arena, &next);
		m = bench_step(t, &q, TRANSPORT_UDP);
		if (m && m->flags & FLAG_TC)
			m = (t->nsent--, bench_step(t, &q, TRANSPORT_TCP));
		rr = m ? msg_find(m, (struct rr_wanted){ MSG_ANSWER, 0, NULL }) : NULL;
		if (!rr)
			break;
		buf_put(&b, rr->owner->wire, rr->owner->len);
		buf_u16(&b, rr->type);
		buf_u16(&b, rr->class);
		buf_u32(&b, rr->ttl);
		answers++;
		if (rr->type != RR_CNAME || msg_rdata_name(m, rr, &next, NULL) < 0) {
			buf_u16(&b, rr->rdlength);
			buf_put(&b, rr->rdata, rr->rdlength);
			break;
		}
		buf_u16(&b, next.len);
		buf_put(&b, next.wire, next.len);
	}
	b.p[7] = (char)answers;
	return msg_read(t->arena, buf_span(&b));
}

#endif
