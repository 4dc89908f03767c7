/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Address translation in reports: the finding, both terms of a blocked set, what is not known. */
#include "base/err.h"
#include "base/json.h"
#include "base/portset.h"
#include "check/check.h"
#include "facts/facts.h"
#include "render/report.h"
#include "tap.h"

enum { BLOCKED = 1000, ASKS = 12, SECOND = 1000000 };

struct row {
	const char *name;
	const char *from, *server, *router;
	const char *quoted;	   /* NULL: as sent; "": no error came */
	bool unread;		   /* quotes were not read */
	const char *said, *unsaid; /* in the text; NULL: nothing to look for */
};

#define WHETHER "whether address translation rewrites source ports"

static const struct row rows[] = {
	{ "rewritten", "10.0.0.2", "192.5.6.30#53", "192.5.5.1", "198.51.100.7#41000", false,
		"notice[nat-rewrites-ports]", WHETHER },
	{ "rewritten: the pair", "10.0.0.2", "192.5.6.30#53", "192.5.5.1", "198.51.100.7#41000",
		false, "sent from 10.0.0.2#50000, quoted from 198.51.100.7#41000", NULL },
	{ "rewritten, IPv6", "fd00::2", "2001:503:a83e::2:30#53", "2001:500:2f::f",
		"2001:db8::7#41000", false, "notice[nat-rewrites-ports]", WHETHER },
	{ "kept", "10.0.0.2", "192.5.6.30#53", "192.5.5.1", "198.51.100.7#50000", false,
		"ok:", "translation" },
	{ "translated back", "10.0.0.2", "192.5.6.30#53", "192.5.5.1", NULL, false,
		"translated back, so that takes a beacon", "nat-rewrites-ports" },
	{ "seen before the translation only", "10.0.0.2", "192.5.6.30#53", "10.0.0.1", NULL, false,
		WHETHER, "translated back" },
	{ "no error at all", "10.0.0.2", "192.5.6.30#53", "10.0.0.1", "", false, WHETHER,
		"CAP_NET_RAW" },
	{ "translated, and nothing read", "10.0.0.2", "192.5.6.30#53", "10.0.0.1", NULL, true,
		WHETHER, "other source ports" },
	{ "a public address, and nothing read", "192.5.4.9", "192.5.6.30#53", "192.5.5.1", NULL,
		true, "whether routers quote other source ports", WHETHER },
	{ "a public address", "192.5.4.9", "192.5.6.30#53", "192.5.5.1", NULL, false,
		"ok:", "CAP_NET_RAW" },
};

static struct observation ask(const struct row *r, uint16_t port, enum role role)
{
	static uint64_t now = SECOND;
	struct observation o = { .ask = { .role = (uint8_t)role,
					 .timeout = SECOND,
					 .question = { &name_root, 2, 1 },
					 .brief = true } };

	addr_parse_port(r->server, &o.ask.server);
	addr_parse(r->from, &o.from);
	o.from.port = o.ask.source.port = port;
	o.id = (uint16_t)now;
	o.sent = now;
	o.done = now + 20;
	now += 300;
	return o;
}

static void add_quotes(struct facts *f, const struct row *r, uint16_t port, enum role role)
{
	for (int i = 0; i < ASKS; i++) {
		struct observation o = ask(r, port, role);
		bool v6 = o.from.family == ADDR_V6;

		o.ask.ttl = 2;
		o.outcome = r->quoted ? OUTCOME_TIMEOUT : OUTCOME_ICMP;
		if (!r->quoted || *r->quoted) {
			o.icmp.type = v6 ? 3 : 11;
			addr_parse(r->router, &o.icmp.offender);
		}
		if (!r->quoted || !*r->quoted) {
			facts_add(f, &o);
			continue;
		}
		addr_parse_port(r->quoted, &o.quoted);
		o.outcome = OUTCOME_STRAY;
		o.why = WHY_STRAY_QUOTE;
		facts_add(f, &o);
	}
}

static void add_sweep(struct facts *f, const struct row *r, bool blocked)
{
	static const uint8_t header[FACTS_HEADER] = { 0, 0, 0x84 };

	for (int i = 0; i < ASKS; i++) {
		struct observation o = ask(r, (uint16_t)(50000 + i), ROLE_SWEEP);

		o.outcome = OUTCOME_ANSWERED;
		o.msg = facts_header(f->arena, (struct span){ header, sizeof(header) });
		facts_add(f, &o);
	}
	for (int i = 0; blocked && i < ASKS; i++) {
		struct observation o = ask(r, BLOCKED, ROLE_SWEEP), steady;

		o.outcome = OUTCOME_TIMEOUT;
		facts_add(f, &o);
		steady = ask(r, 50000, ROLE_STEADY);
		steady.outcome = OUTCOME_ANSWERED;
		steady.msg = facts_header(f->arena, (struct span){ header, sizeof(header) });
		facts_add(f, &steady);
	}
}

static struct facts *facts_of(struct arena *a, const struct row *r, bool blocked)
{
	struct facts *f = facts_new(a);
	struct portset *ports = arena_alloc(a, sizeof(*ports));
	struct addr server;

	f->command = "path";
	f->quotes = !r->unread;
	portset_add_range(ports, (struct portrange){ 50000, 50000 + ASKS - 1 });
	if (blocked)
		portset_add(ports, BLOCKED);
	f->ports = ports;
	addr_parse_port(r->server, &server);
	vec_push(a, &f->targets, server);
	add_sweep(f, r, blocked);
	add_quotes(f, r, blocked ? BLOCKED : 50000, blocked ? ROLE_PATH : ROLE_PATH_STEADY);
	return f;
}

static const struct report *report_of(struct arena *a, const struct facts *f)
{
	struct check_input in = { f, infer_all(a, f) };
	struct findings *findings = arena_alloc(a, sizeof(*findings));

	findings->arena = a;
	check_run(&in, findings);
	return report_make(a, &in, findings, check_verdict(&in, findings));
}

/* On one line, so that words are found wherever the text is wrapped. */
static const char *text_of(struct arena *a, const struct report *r)
{
	struct text_style style = { .ascii = true, .width = 100000 };
	struct buf b = { .arena = a };

	report_text(r, &style, &b);
	return buf_text(&b);
}

static void one(struct arena *a, const struct row *r)
{
	const char *text = text_of(a, report_of(a, facts_of(a, r, false)));

	if (!ok((!r->said || strstr(text, r->said)) && (!r->unsaid || !strstr(text, r->unsaid)),
		    "%s", r->name))
		printf("#   %s\n", text);
}

static const struct json_value *json_of(struct arena *a, const struct report *r)
{
	const struct json_value *v = NULL;
	struct buf b = { .arena = a };
	size_t at;

	report_json(r, &b);
	return json_read(a, buf_span(&b), &v, &at) < 0 ? NULL : v;
}

/* A text in the finding's detail, or the first of a list; "" when it is not there. */
static const char *detail(const struct json_value *finding, const char *key)
{
	const struct json_value *v = json_get(json_get(finding, "detail"), key);

	if (v && v->type == JSON_ARRAY && v->n)
		v = &v->items[0];
	return v && v->type == JSON_STRING ? v->text : "";
}

static void both_terms(struct arena *a)
{
	const struct report *r = report_of(a, facts_of(a, &rows[0], true));
	const struct json_value *findings = json_get(json_of(a, r), "findings");
	const char *text = text_of(a, r);

	ok(strstr(text, "fault[source-port-filter]"), "a blocked set behind translation is found");
	ok(strstr(text, "notice[nat-rewrites-ports]"), "translation is a notice beside it");
	ok(strstr(text, "(sent>seen): 1000>41000"), "the set's report says what it arrives as");
	ok(findings && findings->n == 2, "both in JSON");
	if (!findings || findings->n != 2)
		return;
	is_str(detail(&findings->items[0], "arrives"), "1000>41000", "JSON: arrives");
	is_str(detail(&findings->items[1], "pairs"), "1000>41000", "JSON: pairs");
	is_str(detail(&findings->items[1], "seen_by"), "192.5.5.1", "JSON: seen_by");
}

/* Pairs of other ports say nothing of what the blocked ones become. */
static void other_pairs(struct arena *a)
{
	struct facts *f = facts_of(a, &rows[5], true);

	add_quotes(f, &rows[0], 50000, ROLE_PATH_STEADY);
	ok(strstr(text_of(a, report_of(a, f)), "what it makes of these was not seen"),
		"rewritten ports that are not of the set");
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		one(a, &rows[i]);
	both_terms(a);
	other_pairs(a);
	arena_free(a);
	return tap_done();
}
