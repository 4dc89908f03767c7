/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random observations, and whether two are the same, for tests of what keeps them. */
#ifndef FACTS_TEST_OBSERVATION_H
#define FACTS_TEST_OBSERVATION_H

#include <string.h>

#include "base/rng.h"
#include "facts/facts.h"

static struct arena *arena; /* of the case at hand */

static uint8_t *random_bytes(struct rng *r, size_t n)
{
	uint8_t *p = arena_alloc(arena, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)rng_u64(r);
	return p;
}

static struct addr random_addr(struct rng *r)
{
	static const enum addr_family families[] = { ADDR_NONE, ADDR_V4, ADDR_V6 };
	struct addr a = { .family = (uint8_t)families[rng_below(r, 3)] };

	memcpy(a.ip, random_bytes(r, 16), a.family == ADDR_V6 ? 16 : a.family);
	a.port = rng_below(r, 2) ? (uint16_t)rng_u64(r) : 0;
	a.scope = a.family == ADDR_V6 && rng_below(r, 2) ? (uint32_t)rng_u64(r) : 0;
	return a;
}

static const struct name *random_name(struct rng *r)
{
	struct name n = name_root;
	uint32_t labels = rng_below(r, 6);
	uint8_t *p = n.wire;

	if (rng_below(r, 4) == 0)
		return NULL;
	for (uint32_t i = 0; i < labels; i++) {
		uint8_t len = (uint8_t)(1 + rng_below(r, 40));

		*p++ = len;
		memcpy(p, random_bytes(r, len), len);
		p += len;
	}
	*p++ = 0;
	n.len = (uint8_t)(p - n.wire);
	return name_keep(arena, &n);
}

static struct shape random_shape(struct rng *r)
{
	struct shape s = { 0 };
	struct shape_option *options = arena_alloc(arena, 3 * sizeof(*options));

	if (rng_below(r, 3) == 0)
		return s;
	s.flags = (uint16_t)rng_u64(r);
	s.opcode = (uint8_t)rng_u64(r);
	s.edns = rng_below(r, 2);
	s.edns_version = (uint8_t)rng_u64(r);
	s.edns_size = (uint16_t)rng_u64(r);
	s.edns_flags = (uint16_t)rng_u64(r);
	s.header_only = rng_below(r, 2);
	s.twice = rng_below(r, 2);
	s.trailing = (uint8_t)rng_u64(r);
	s.noptions = (uint8_t)rng_below(r, 4);
	for (size_t i = 0; i < s.noptions; i++) {
		options[i].code = (uint16_t)rng_u64(r);
		options[i].length = (uint16_t)rng_below(r, 50);
		options[i].data = random_bytes(r, options[i].length);
	}
	s.options = s.noptions ? options : NULL;
	return s;
}

static const struct msg *random_msg(struct rng *r, bool brief)
{
	struct span noise = { .n = rng_below(r, 300) };

	if (rng_below(r, 3) == 0)
		return NULL;
	noise.p = random_bytes(r, noise.n);
	if (brief && noise.n >= FACTS_HEADER)
		return facts_header(arena, noise);
	return msg_read(arena, noise);
}

static uint64_t random_time(struct rng *r)
{
	return rng_u64(r) >> (1 + rng_below(r, 63));
}

static struct observation random_observation(struct rng *r)
{
	struct observation o = {
		.ask.server = random_addr(r),
		.ask.source = random_addr(r),
		.ask.transport = (uint8_t)rng_below(r, 2),
		.ask.role = (uint8_t)rng_below(r, ROLES),
		.ask.ttl = (uint8_t)rng_u64(r),
		.ask.brief = rng_below(r, 2),
		.ask.connect_only = rng_below(r, 2),
		.ask.split = (uint16_t)rng_u64(r),
		.ask.stream = (uint8_t)rng_u64(r),
		.ask.df = (uint8_t)rng_below(r, DFS),
		.ask.row = rng_below(r, 2) ? "edns-version" : NULL,
		.ask.timeout = (uint32_t)rng_u64(r),
		.ask.question = { random_name(r), (uint16_t)rng_u64(r), (uint16_t)rng_u64(r) },
		.ask.shape = random_shape(r),
		.ask.zone = random_name(r),
		.outcome = (uint8_t)rng_below(r, OUTCOMES),
		.why = (uint8_t)rng_below(r, WHYS),
		.id = (uint16_t)rng_u64(r),
		.icmp = { (uint8_t)rng_u64(r), (uint8_t)rng_below(r, 3), random_addr(r) },
		.quoted = random_addr(r),
		.from = random_addr(r),
		.sender = random_addr(r),
		.sent = random_time(r),
		.done = random_time(r),
		.size = (uint32_t)rng_u64(r),
	};

	o.msg = random_msg(r, o.ask.brief);
	return o;
}

static bool same_name(const struct name *a, const struct name *b)
{
	return a && b ? name_same_case(a, b) : a == b;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_shape(const struct shape *a, const struct shape *b)
{
	bool same = a->flags == b->flags && a->opcode == b->opcode && a->edns == b->edns &&
		    a->edns_version == b->edns_version && a->edns_size == b->edns_size &&
		    a->edns_flags == b->edns_flags && a->header_only == b->header_only &&
		    a->twice == b->twice && a->trailing == b->trailing &&
		    a->noptions == b->noptions;

	for (size_t i = 0; same && i < a->noptions; i++) {
		const struct shape_option *x = &a->options[i], *y = &b->options[i];

		same = x->code == y->code && x->length == y->length &&
		       memcmp(x->data, y->data, x->length) == 0;
	}
	return same;
}

static bool same_ask(const struct ask *a, const struct ask *b)
{
	return addr_equal(&a->server, &b->server) && addr_equal(&a->source, &b->source) &&
	       a->transport == b->transport && a->role == b->role && a->ttl == b->ttl &&
	       a->brief == b->brief && a->connect_only == b->connect_only && a->split == b->split &&
	       a->stream == b->stream && a->df == b->df && same_text(a->row, b->row) &&
	       a->timeout == b->timeout && same_name(a->question.name, b->question.name) &&
	       a->question.type == b->question.type && a->question.class == b->question.class &&
	       same_shape(&a->shape, &b->shape) && same_name(a->zone, b->zone);
}

static bool same_msg(const struct msg *a, const struct msg *b)
{
	if (!a || !b)
		return a == b;
	return a->wire.n == b->wire.n && memcmp(a->wire.p, b->wire.p, a->wire.n) == 0 &&
	       a->has_header == b->has_header && a->id == b->id && a->flags == b->flags &&
	       a->opcode == b->opcode && a->rcode == b->rcode && a->ndefects == b->ndefects &&
	       a->nrrs == b->nrrs && a->end == b->end &&
	       memcmp(a->counts, b->counts, sizeof(a->counts)) == 0;
}

static bool same_observation(const struct observation *a, const struct observation *b)
{
	return same_ask(&a->ask, &b->ask) && a->outcome == b->outcome && a->why == b->why &&
	       a->id == b->id && a->icmp.type == b->icmp.type && a->icmp.code == b->icmp.code &&
	       addr_equal(&a->icmp.offender, &b->icmp.offender) &&
	       addr_equal(&a->quoted, &b->quoted) && addr_equal(&a->from, &b->from) &&
	       addr_equal(&a->sender, &b->sender) && a->sent == b->sent && a->done == b->done &&
	       a->size == b->size && same_msg(a->msg, b->msg);
}

#endif
