/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run made by hand, for tests of reports. */
#include "render/story.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "dns/query.h"
#include "dns/rr.h"

enum { TRIES = 6 };

const struct name *story_name(struct arena *a, const char *text)
{
	struct name n;

	if (name_parse(text, &n) < 0)
		abort();
	return name_keep(a, &n);
}

struct addr story_addr(const char *text)
{
	struct addr a;

	if (addr_parse_port(text, &a) < 0)
		abort();
	return a;
}

/* A reply to o's ask with this rcode and no record. */
static const struct msg *reply(struct arena *a, const struct ask *k, enum rcode rcode)
{
	struct buf b = { .arena = a };
	struct shape shape = { .flags = FLAG_RD };

	query_build(&b, &shape, &k->question, 1);
	b.p[2] = (char)(0x80 | b.p[2]);
	b.p[3] = (char)rcode;
	return msg_read(a, buf_span(&b));
}

struct sample {
	enum role role;
	struct addr server;
	uint16_t port;
	enum outcome outcome;
};

static size_t add(struct story *s, struct sample x)
{
	struct observation o = {
		.ask = { .server = x.server,
			.role = (uint8_t)x.role,
			.question = s->facts->question,
			.shape = shape_iterative },
		.outcome = (uint8_t)x.outcome,
		.from = story_addr("198.51.100.2"),
		.sent = 1,
		.done = 20001,
	};

	o.ask.source.port = x.port;
	o.from.port = x.port;
	if (x.outcome == OUTCOME_ANSWERED)
		o.msg = reply(s->a, &o.ask, RCODE_NOERROR);
	facts_add(s->facts, &o);
	return s->facts->n - 1;
}

static void add_zone(struct story *s, const char *apex, int parent, size_t nservers)
{
	struct cut_zone z = { .apex = story_name(s->a, apex), .parent = parent, .on_path = true };

	for (size_t i = 0; i < nservers; i++) {
		struct cut_server c = {
			.ns = story_name(s->a, arena_printf(s->a, "ns%zu.msft.net.", i + 1)),
			.addr = i < STORY_SERVERS ? s->servers[i] : story_addr("192.0.2.99#53"),
			.asked = true,
			.replied = true,
			.authoritative = true,
			.from_parent = true,
			.from_child = true,
			.has_serial = true,
			.serial = 2026112301,
			.meaning = MEANS_ANSWER,
		};

		c.reply = s->facts->v[0]->msg;
		vec_push(s->a, &z.servers, c);
	}
	vec_push(s->a, &s->tree->zones, z);
}

static void ask_resolver(struct story *s, enum msg_meaning meaning, uint64_t took)
{
	struct observation o = { .ask = { .server = story_addr("192.0.2.53#53"),
					 .role = ROLE_RESOLVER,
					 .question = s->facts->question },
		.outcome = OUTCOME_ANSWERED,
		.sent = 1,
		.done = 1 + took };

	o.msg = reply(s->a, &o.ask, meaning == MEANS_SERVFAIL ? RCODE_SERVFAIL : RCODE_NOERROR);
	s->inferences->resolver = (struct resolver_result){
		.asked = true,
		.server = o.ask.server,
		.seen = facts_add(s->facts, &o),
		.meaning = meaning,
		.took = took,
		.ede = -1,
	};
}

static void add_sweeps(struct story *s)
{
	for (size_t i = 0; i < STORY_SERVERS; i++) {
		struct sweep_result w = { .server = s->servers[i],
			.ports = { .pattern = PATTERN_NONE,
				.loss = 0.01,
				.loss_upper = 0.02,
				.silences = 6,
				.confidence = 0.9999995,
				.undiscovered = 0.0099,
				.undiscovered_confidence = 0.95,
				.sent = 654,
				.answered = 646,
				.complete = true } };

		vec_push(s->a, &s->inferences->sweeps, w);
		vec_push(s->a, &s->inferences->by_server,
			(struct server_queries){ s->servers[i], 654, 646, 8 });
	}
}

struct story story_well(struct arena *a)
{
	struct story s = {
		.a = a,
		.facts = facts_new(a),
		.inferences = arena_alloc(a, sizeof(*s.inferences)),
		.findings = { .arena = a },
		.tree = arena_alloc(a, sizeof(*s.tree)),
	};
	char text[ADDR_TEXT];

	for (size_t i = 0; i < STORY_SERVERS; i++) {
		snprintf(text, sizeof(text), "203.0.113.%zu#53", 11 + i);
		s.servers[i] = story_addr(text);
	}
	s.facts->command = "diagnose";
	s.facts->question = (struct question){ story_name(a, "live.com."), RR_MX, CLASS_IN };
	s.facts->started = 1795446245;
	s.facts->elapsed = 13200000;
	for (size_t i = 0; i < STORY_SERVERS; i++)
		add(&s, (struct sample){ ROLE_SWEEP, s.servers[i], 53, OUTCOME_ANSWERED });
	add_zone(&s, ".", -1, 2);
	add_zone(&s, "com.", 0, 3);
	add_zone(&s, "live.com.", 1, STORY_SERVERS);
	s.tree->last = 2;
	s.tree->meaning = MEANS_ANSWER;
	s.tree->consistent = true;
	s.inferences->tree = s.tree;
	ask_resolver(&s, MEANS_ANSWER, 23000);
	add_sweeps(&s);
	s.inferences->sent = 2650;
	s.inferences->answered = 2610;
	s.inferences->answered_beyond = 2609;
	s.inferences->lost = 40;
	return s;
}

/* Silences at both ends, replies beside them and, from the same port, of a control. */
static void add_evidence(struct story *s, struct finding *x)
{
	struct addr control = story_addr("192.0.2.99#53");

	for (size_t i = 0; i < STORY_SERVERS; i++) {
		finding_server(&s->findings, x, &s->servers[i]);
		for (int t = 0; t < TRIES; t++)
			finding_evidence(&s->findings, x,
				add(s, (struct sample){
					       ROLE_SWEEP, s->servers[i], 1023, OUTCOME_TIMEOUT }));
		add(s, (struct sample){ ROLE_SWEEP, s->servers[i], 1024, OUTCOME_ANSWERED });
	}
	for (int t = 0; t < TRIES; t++)
		finding_evidence(&s->findings, x,
			add(s, (struct sample){ ROLE_SWEEP, s->servers[0], 1, OUTCOME_TIMEOUT }));
	finding_evidence(&s->findings, x,
		add(s, (struct sample){ ROLE_PLACE, control, 1023, OUTCOME_ANSWERED }));
}

struct story story_filter(struct arena *a)
{
	struct story s = story_well(a);
	struct portset *blocked = arena_alloc(a, sizeof(*blocked));
	struct finding *x;

	portset_parse("1-52,54-1023", blocked, NULL);
	ask_resolver(&s, MEANS_SERVFAIL, 10000000);
	vec_each (struct sweep_result, w, s.inferences->sweeps) {
		w->ports.pattern = PATTERN_RANGES;
		w->ports.blocked = *blocked;
		w->ports.sent = 716;
		w->place.at[PLACE_FAR] = *blocked;
		w->place.controls = 3;
		w->place.alive = 3;
		w->place.replies = 72;
	}
	x = findings_add(&s.findings, "source-port-filter", SEV_ERROR, WHERE_FAR);
	x->subject = s.facts->question.name;
	x->confidence = 0.999999;
	finding_detail(&s.findings, x,
		(struct detail){ .key = "blocked", .kind = DETAIL_PORTS, .ports = blocked });
	finding_detail(&s.findings, x,
		(struct detail){ .key = "count", .kind = DETAIL_INT, .integer = 1022 });
	finding_detail(&s.findings, x,
		(struct detail){ .key = "share", .kind = DETAIL_SHARE, .number = 1022 / 65535.0 });
	finding_detail(&s.findings, x,
		(struct detail){ .key = "hits_resolver", .kind = DETAIL_TEXT, .text = "unknown" });
	add_evidence(&s, x);
	return s;
}

struct check_input story_input(const struct story *s)
{
	return (struct check_input){ s->facts, s->inferences };
}
