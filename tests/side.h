/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Facts of a resolver's own side, made by hand for tests: what its files say, its queries as
 * somebody saw them, and sweeps of servers behind a filter.
 *
 *	side_audit(f, "unbound");
 *	side_pool(f, "1024-65535");
 *	side_sights(f, &(struct side_sights){ .ports = "1000-1099", .n = 20, .end = SIGHT_SILENT });
 *	side_sweep(f, SIDE_SERVER, "1000-1001");
 */
#ifndef TESTS_SIDE_H
#define TESTS_SIDE_H

#include <stdio.h>
#include <assert.h>

#include "facts/facts.h"

#define SIDE_RESOLVER "192.0.2.53"
#define SIDE_SERVER   "203.0.113.11#53"
#define SIDE_SECOND   "203.0.113.12#53"
#define SIDE_ELSE     "198.51.100.1#53"

enum { SIDE_OPEN = 50000, SIDE_OPENS = 12, SIDE_ASKS = 12, SIDE_STEP = 300000 };

__attribute__((unused)) static struct addr side_addr(const char *text)
{
	struct addr a = { 0 };
	int err = text ? addr_parse_port(text, &a) : 0;

	assert(err == 0);
	return a;
}

__attribute__((unused)) static const struct portset *side_ports(struct facts *f, const char *text)
{
	struct portset *s = arena_alloc(f->arena, sizeof(*s));
	int err = portset_parse(text, s, NULL);

	assert(err == 0);
	return s;
}

__attribute__((unused)) static struct audit *side_audit(struct facts *f, const char *software)
{
	struct audit *a = arena_alloc(f->arena, sizeof(*a));

	a->software = software;
	a->file = "/etc/resolver.conf";
	vec_push(f->arena, &f->audits, a);
	return a;
}

/* A pool more of the last audit, valid until the next one. */
__attribute__((unused)) static struct pool *side_pool(struct facts *f, const char *ports)
{
	struct audit *a = f->audits.v[f->audits.n - 1];

	vec_push(f->arena, &a->pools,
		(struct pool){ .software = a->software,
			.ports = side_ports(f, ports),
			.per_try = PER_TRY_FRESH });
	return &a->pools.v[a->pools.n - 1];
}

/* n queries from the ports, in an order without order, the set over and over. */
struct side_sights {
	enum sighting_source source;
	const char *ports;
	uint32_t n;
	enum sighting_end end;
	const char *from, *to; /* NULL: SIDE_RESOLVER, SIDE_ELSE */
	enum transport transport;
};

/* The greatest common one. */
static uint32_t side_divisor(uint32_t a, uint32_t b)
{
	return b ? side_divisor(b, a % b) : a;
}

/* Time goes on from one call to the next; ids are all different. */
__attribute__((unused)) static void side_sights(struct facts *f, const struct side_sights *w)
{
	const struct portset *ports = side_ports(f, w->ports);
	uint32_t size = portset_count(ports), step = size > 1 ? (uint32_t)(size * 0.618) | 1 : 1;

	while (size > 1 && side_divisor(step, size) != 1)
		step++;
	for (uint32_t i = 0; i < w->n; i++) {
		uint32_t at = (uint32_t)((uint64_t)i * step % size);
		char text[32];
		struct name name;
		struct sighting s = { .source = (uint8_t)w->source,
			.end = (uint8_t)w->end,
			.transport = (uint8_t)w->transport,
			.from = side_addr(w->from ? w->from : SIDE_RESOLVER),
			.server = side_addr(w->to ? w->to : SIDE_ELSE),
			.at = (1 + f->sightings.n) * SIDE_STEP,
			.id = (uint16_t)((f->sightings.n + 1) * 40503),
			.question = { NULL, 1, 1 } };
		int err;

		snprintf(text, sizeof(text), "Host%zu.eXample.", f->sightings.n);
		err = name_parse(text, &name);
		assert(err == 0);
		s.question.name = name_keep(f->arena, &name);
		s.from.port = (uint16_t)portset_nth(ports, at);
		vec_push(f->arena, &f->sightings, s);
	}
}

__attribute__((unused)) static void side_ask(
	struct facts *f, const struct observation *as, uint16_t port, bool open)
{
	static const uint8_t header[FACTS_HEADER] = { 0, 0, 0x84 };
	struct observation o = *as;

	o.sent = (1 + f->n) * 5000;
	o.done = o.sent + (open ? 900 : o.ask.timeout);
	o.id = (uint16_t)(f->n * 7);
	o.ask.source.port = o.from.port = port;
	o.outcome = open ? OUTCOME_ANSWERED : OUTCOME_TIMEOUT;
	o.msg = open ? facts_header(f->arena, (struct span){ header, sizeof(header) }) : NULL;
	facts_add(f, &o);
}

/* A sweep of a few ports, those in the set without an answer: pattern RANGES. "": all answer. */
__attribute__((unused)) static void side_sweep(
	struct facts *f, const char *server, const char *blocked)
{
	static struct name zone;
	const struct portset *set = side_ports(f, blocked);
	struct portset *asked = arena_dup(f->arena, set, sizeof(*set));
	struct observation o = { .ask = { .role = ROLE_SWEEP,
					 .server = side_addr(server),
					 .timeout = 1000000,
					 .question = { &zone, 6, 1 },
					 .zone = &zone,
					 .brief = true } };
	int err = name_parse("example.", &zone);

	assert(err == 0);
	addr_parse("192.0.2.9", &o.from);
	portset_add_range(asked, (struct portrange){ SIDE_OPEN, SIDE_OPEN + SIDE_OPENS - 1 });
	if (f->ports)
		portset_or(asked, f->ports);
	f->ports = asked;
	for (uint16_t i = 0; i < SIDE_OPENS; i++)
		side_ask(f, &o, (uint16_t)(SIDE_OPEN + i), true);
	for (int i = 0; i < SIDE_ASKS; i++) {
		o.ask.role = ROLE_SWEEP;
		for (int32_t p = portset_next(set, 0); p >= 0;
			p = portset_next(set, (uint32_t)p + 1))
			side_ask(f, &o, (uint16_t)p, false);
		o.ask.role = ROLE_STEADY;
		side_ask(f, &o, SIDE_OPEN, true);
	}
}

#endif
