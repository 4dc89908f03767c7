/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz target: the page of any reply. The first four octets say how the lookup came about (outcome,
 * why, transport, type), the rest is the message. Whatever it is, every layout of it is clean: no
 * control characters, one line of meaning, JSON that is read back, YAML that libyaml reads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/err.h"
#include "base/json.h"
#include "dns/rr.h"
#include "fuzz/fuzz.h"
#include "render/dig.h"

enum { LEAD = 4 };

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

/* Every option of the page, in those layouts in which they meet. */
static const struct dig_show shows[] = {
	{ .comments = true,
		.question = true,
		.answer = true,
		.authority = true,
		.additional = true,
		.stats = true,
		.query = true,
		.ttl = true,
		.class = true,
		.meaning = true,
		.crypto = true,
		.split = DIG_SPLIT },
	{ .comments = true,
		.question = true,
		.answer = true,
		.authority = true,
		.additional = true,
		.identify = true,
		.multiline = true,
		.ttl = true,
		.class = true,
		.ttlunits = true,
		.expandaaaa = true,
		.onesoa = true,
		.rrcomments = 1,
		.split = 4 },
	{ .answer = true,
		.authority = true,
		.additional = true,
		.multiline = true,
		.unknownformat = true,
		.usec = true,
		.stats = true,
		.rrcomments = -1,
		.class = true },
	{ .answer = true, .additional = true, .rrcomments = 1, .split = 20 },
	{ .answer = true, .brief = true, .identify = true, .trace = true, .crypto = true },
	{ .yaml = true,
		.comments = true,
		.question = true,
		.answer = true,
		.authority = true,
		.additional = true,
		.query = true,
		.meaning = true,
		.usec = true,
		.split = DIG_SPLIT },
	{ .json = true, .meaning = true },
	{ .json = true, .query = true, .meaning = true },
};

static void check_clean(const struct buf *b)
{
	for (size_t i = 0; i < b->n; i++) {
		unsigned char c = (unsigned char)b->p[i];

		must((c >= ' ' && c != 0x7f) || c == '\n' || c == '\t', "nothing but text");
		must(c != 0xc2 || i + 1 == b->n || (unsigned char)b->p[i + 1] >= 0xa0,
			"no control of eight bits");
	}
}

static void check_json(const struct buf *b)
{
	const struct json_value *v;

	must(b->n && b->p[b->n - 1] == '\n' && !memchr(b->p, '\n', b->n - 1), "a line");
	must(json_read(b->arena, buf_span(b), &v, NULL) == 0 && json_get(v, "dnsfault"), "JSON");
}

static void check_yaml(const struct buf *b)
{
	yaml_parser_t parser;
	yaml_document_t document;
	yaml_node_t *root;

	must(yaml_parser_initialize(&parser), "a YAML reader");
	yaml_parser_set_input_string(&parser, (const unsigned char *)b->p, b->n);
	must(yaml_parser_load(&parser, &document), "YAML");
	root = yaml_document_get_root_node(&document);
	must(root && root->type == YAML_SEQUENCE_NODE, "a list");
	yaml_document_delete(&document);
	yaml_parser_delete(&parser);
}

static void show_all(struct arena *a, const struct dig_show *show, const struct facts *f)
{
	struct dig_view v = { .show = show, .when = "now", .facts = f, .epoch = 1700000000000000 };
	const struct observation *o = f->v[f->n - 1];
	struct buf out = { .arena = a };

	dig_query(&v, o, &out);
	for (size_t i = 0; i < f->n; i++)
		dig_event(&v, f->v[i], &out);
	if (o->msg)
		dig_reply(&v, o, &out);
	else
		dig_no_reply(&v, o, &out);
	check_clean(&out);
	if (show->json)
		check_json(&out);
	if (show->yaml)
		check_yaml(&out);
}

static void check_meaning(struct arena *a, const struct facts *f)
{
	struct dig_view v = { .show = &shows[0], .when = "now", .facts = f };
	struct buf out = { .arena = a };

	dig_meaning(&v, f->v[f->n - 1], &out);
	must(out.n && !strchr(out.p, '\n'), "a meaning of one line");
	check_clean(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t replies[] = { OUTCOME_ANSWERED, OUTCOME_MALFORMED, OUTCOME_LATE,
		OUTCOME_STRAY };
	static const uint8_t cookie[8] = "12345678";
	static const struct shape_option option = { EDNS_COOKIE, sizeof(cookie), cookie };
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct observation o = { .sent = 1000, .done = 1501000 };
	const struct msg *m;

	if (size < LEAD) {
		arena_free(a);
		return 0;
	}
	m = msg_read(a, (struct span){ data + LEAD, size - LEAD });
	o.ask.shape = (struct shape){ .edns = true, .edns_size = 1232, .options = &option };
	o.ask.shape.noptions = data[2] >> 7;
	o.ask.transport = data[2] & 1 ? TRANSPORT_TCP : TRANSPORT_UDP;
	o.ask.question = (struct question){ &name_root, data[3], CLASS_IN };
	if (data[2] & 2 && m->nquestions && m->questions[0].name->len)
		o.ask.question = m->questions[0];
	o.ask.server = (struct addr){ .family = data[2] & 4 ? ADDR_V6 : ADDR_V4, .port = 53 };
	o.from = (struct addr){ .family = o.ask.server.family, .port = 1 };
	o.outcome = replies[data[0] % ARRAY_LEN(replies)];
	o.why = (uint8_t)(data[1] % WHYS);
	o.size = (uint32_t)(size - LEAD);
	o.msg = m;
	/* Twice: the first is on the way to the second. */
	facts_add(f, &o);
	o.ask.tag = 1;
	facts_add(f, &o);
	for (size_t i = 0; i < ARRAY_LEN(shows); i++)
		show_all(a, &shows[i], f);
	check_meaning(a, f);
	arena_free(a);
	return 0;
}
