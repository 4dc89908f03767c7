/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reports of runs made by hand: golden text, JSON by the contract, escaping, size.
 * GOLDEN_UPDATE=1 build/src/render/report_test writes tests/golden anew.
 */
#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "base/json.h"
#include "fault/fault.h"
#include "dns/rr.h"
#include "render/prove.h"
#include "render/story.h"
#include "render/words.h"
#include "tap.h"

static const struct report *make(struct story *s)
{
	struct check_input in = story_input(s);

	return report_make(s->a, &in, &s->findings, check_verdict(&in, &s->findings));
}

static const char *text_of(const struct report *r, struct arena *a, struct text_style style)
{
	struct buf b = { .arena = a };

	report_text(r, &style, &b);
	return buf_text(&b);
}

static const struct json_value *json_of(const struct report *r, struct arena *a)
{
	struct buf b = { .arena = a };
	const struct json_value *v = NULL;
	size_t at = 0;

	report_json(r, &b);
	if (json_read(a, buf_span(&b), &v, &at) < 0)
		printf("# not JSON at %zu: %.60s\n", at, buf_text(&b) + at);
	return v;
}

/* Lines other than commands that are wider than that. */
static unsigned int too_wide(const char *text, unsigned int width)
{
	unsigned int n = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");
		unsigned int columns = 0;

		for (size_t i = 0; i < len; i++)
			columns += ((unsigned char)text[i] & 0xc0) != 0x80;
		n += columns > width && strncmp(text, "    dig ", 8) != 0;
		text += len + (text[len] == '\n');
	}
	return n;
}

static char *read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "r");
	struct buf b = { .arena = a };
	int c;

	while (f && (c = getc(f)) != EOF)
		buf_char(&b, (char)c);
	if (f)
		fclose(f);
	return f ? arena_str(a, buf_text(&b)) : NULL;
}

static void golden(struct arena *a, const char *name, const char *got)
{
	const char *path = arena_printf(a, "%s/%s", GOLDEN_DIR, name);
	const char *want;
	FILE *f;

	if (getenv("GOLDEN_UPDATE")) {
		f = fopen(path, "w");
		if (f) {
			fputs(got, f);
			fclose(f);
		}
	}
	want = read_file(a, path);
	if (!ok(want && strcmp(got, want) == 0, "%s", name))
		printf("#   run it with GOLDEN_UPDATE=1 and look at the difference\n");
}

static void goldens(struct arena *a)
{
	struct story s = story_filter(a);
	const char *text;

	text = text_of(make(&s), a, (struct text_style){ .width = 80 });
	golden(a, "source-port-filter.txt", text);
	is_int(too_wide(text, 80), 0, "fits 80 columns");
	is_int(too_wide(text_of(make(&s), a, (struct text_style){ .width = 60 }), 60), 0,
		"fits 60 columns");
	s = story_well(a);
	text = text_of(make(&s), a, (struct text_style){ .ascii = true });
	golden(a, "ok.txt", text);
	s.facts->command = "ports";
	s.facts->question.name = NULL;
	s.inferences->tree = NULL;
	s.inferences->resolver.asked = false;
	text = text_of(make(&s), a, (struct text_style){ .ascii = true });
	golden(a, "ports-ok.txt", text);
}

static void styles(struct arena *a)
{
	struct story s = story_filter(a);
	const struct report *r = make(&s);
	const char *plain = text_of(r, a, (struct text_style){ .ascii = true });
	bool ascii = true;

	for (const char *t = plain; *t; t++)
		ascii &= (*t >= ' ' && *t <= '~') || *t == '\n';
	ok(ascii, "ASCII is ASCII");
	ok(strstr(text_of(r, a, (struct text_style){ .colour = true }), "\033[1;31mfault"),
		"colour");
	ok(!strchr(text_of(r, a, (struct text_style){ .width = 80 }), 27), "no colour unasked");
	ok(strncmp(plain, "fault[source-port-filter]: ", 27) == 0, "the verdict comes first");
	is_int(report_exit(r), 1, "exit code of a fault");
}

static const struct json_value *first(const struct json_value *v, const char *key)
{
	const struct json_value *list = json_get(v, key);

	return list && list->type == JSON_ARRAY && list->n ? &list->items[0] : NULL;
}

static void json(struct arena *a)
{
	struct story s = story_filter(a);
	const struct json_value *v = json_of(make(&s), a), *x = first(v, "findings");
	const struct json_value *w = first(v, "sweeps"), *e;

	if (!ok(v && x && w, "JSON is well formed"))
		return;
	is_int(json_get_int(v, "schema", 0), 1, "schema");
	is_str(json_get_str(v, "command", ""), "diagnose", "command");
	is_str(json_get_str(json_get(v, "question"), "type", ""), "MX", "question");
	is_str(json_get_str(v, "started", ""), "2026-11-23T15:04:05Z", "started");
	is_near(json_get(v, "elapsed")->number, 13.2, 1e-9, "elapsed");
	is_str(json_get_str(json_get(v, "verdict"), "state", ""), "fault", "state");
	is_str(json_get_str(json_get(v, "verdict"), "where", ""), "far", "where");
	is_str(json_get_str(x, "id", ""), "source-port-filter", "id");
	is_str(json_get_str(x, "severity", ""), "error", "severity");
	is_str(json_get_str(x, "subject", ""), "live.com.", "subject");
	is_int((int64_t)json_get(x, "servers")->n, STORY_SERVERS, "servers");
	is_str(json_get_str(json_get(x, "detail"), "blocked", ""), "1-52,54-1023", "detail");
	is_int(json_get_int(json_get(x, "detail"), "count", 0), 1022, "count");
	is_int((int64_t)json_get(x, "reproduce")->n, 4, "dig lines");
	ok(strstr(json_get(x, "reproduce")->items[0].text, "dig -b 198.51.100.2#1023 ") &&
			strstr(json_get(x, "reproduce")->items[1].text, "#1024 "),
		"both sides of the edge");
	ok(strstr(json_get(x, "reproduce")->items[3].text, "@192.0.2.99 "), "the control");
	ok(json_get(x, "advice")->n >= 4 && json_get(x, "refs")->n >= 2, "advice and references");
	e = first(x, "evidence");
	is_int(json_get_int(e, "count", 0), 6, "evidence is grouped");
	is_str(json_get_str(e, "outcome", ""), "timeout", "evidence outcome");
	is_str(json_get_str(w, "server", ""), "203.0.113.11", "sweep server");
	is_str(json_get_str(w, "blocked", ""), "1-52,54-1023", "sweep");
	is_str(json_get_str(w, "pattern", ""), "ranges", "pattern");
	is_near(json_get(json_get(w, "undiscovered"), "confidence")->number, 0.95, 1e-9, "bound");
	is_int(json_get_int(json_get(json_get(v, "queries"), "by_server"), "203.0.113.12", 0), 654,
		"queries by server");
	is_str(json_get_str(first(v, "untested"), "what", ""),
		"whether the resolver draws blocked ports", "untested");
}

static bool has_untested(struct story *s, const char *what)
{
	vec_each (const struct report_untested, u, make(s)->untested)
		if (strstr(u->what, what))
			return true;
	return false;
}

/* What a check could not look at. */
static void unmade(struct arena *a)
{
	struct story s = story_well(a);

	ok(!has_untested(&s, "connectivity03"), "every check was made");
	findings_untested(&s.findings, "connectivity03", "there are no data");
	ok(has_untested(&s, "connectivity03"), "one was not");
}

static void translation(struct arena *a)
{
	static const struct {
		const char *from, *server;
		bool said;
	} rows[] = {
		{ "10.0.0.2", "192.5.5.241#53", true },
		{ "10.0.0.2", "10.0.0.53#53", false },
		{ "192.5.4.1", "192.5.5.241#53", false },
		{ "fd00::2", "2001:500:2f::f#53", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct story s = story_well(a);
		struct observation o = { .ask.role = ROLE_SWEEP, .outcome = OUTCOME_ANSWERED };

		addr_parse(rows[i].from, &o.from);
		addr_parse_port(rows[i].server, &o.ask.server);
		facts_add(s.facts, &o);
		is_int(has_untested(&s, "address translation"), rows[i].said, rows[i].from);
	}
}

/* A cookie is nobody's business, and not the factor. */
static void cookie_line(struct arena *a)
{
	static const struct shape_option option = { EDNS_COOKIE, 4,
		(const uint8_t *)"\xde\xad\xbe\xef" };
	struct observation o = { .ask = { .question = { &name_root, RR_NS, CLASS_IN },
					 .shape = shape_iterative } };
	const char *line;

	addr_parse_port("192.0.2.1#53", &o.ask.server);
	o.ask.shape.options = &option;
	o.ask.shape.noptions = 1;
	line = prove_dig(a, &o, 1024);
	ok(!strstr(line, "deadbeef") && !strstr(line, "ednsopt") && strstr(line, "+nocookie"),
		"lines that reproduce have no cookie");
	o.ask.row = "ednscookie";
	line = prove_dig(a, &o, 0);
	ok(strstr(line, "ednsopt=10:de:ad:be:ef") != NULL || strstr(line, "deadbeef") != NULL,
		"… but of a query shape, of which it may be the point: %s", line);
}

/* The comment ends the line: what stood behind it would be lost. */
static void comment_line(struct arena *a)
{
	struct observation o = { .ask = { .question = { &name_root, RR_NS, CLASS_IN },
					 .transport = TRANSPORT_TCP,
					 .split = 3 } };
	const char *line, *comment;

	addr_parse_port("192.0.2.1#53", &o.ask.server);
	line = prove_dig(a, &o, 0);
	comment = strstr(line, "  # with the first 3 octets");
	ok(comment && strstr(line, " . NS  # ") && strstr(line, "+tcp") < comment,
		"what dig cannot send is said behind the line");
}

/* Every entry's summary, without any detail and with all keys it names. */
static void templates(struct arena *a)
{
	for (size_t i = 0; i < fault_count; i++) {
		struct findings f = { .arena = a };
		struct finding *x = findings_add(&f, fault_table[i]->id, SEV_WARNING, WHERE_FAR);
		const char *text = words_summary(a, x);

		ok(*text && !strpbrk(text, "[]{}|") && !strstr(text, "(unknown)"), "%s: bare",
			fault_table[i]->id);
		for (const char *t = strchr(fault_table[i]->summary, '{'); t;
			t = strchr(t + 1, '{')) {
			char *key = arena_printf(a, "%.*s", (int)strcspn(t + 1, "}"), t + 1);

			finding_detail(&f, x,
				(struct detail){
					.key = key, .kind = DETAIL_TEXT, .text = "<VALUE>" });
		}
		text = words_summary(a, x);
		ok(strstr(text, "<VALUE>") && !strpbrk(text, "[]{}|"), "%s: full",
			fault_table[i]->id);
		printf("# %s\n", text);
	}
}

/* A list of servers has each name once; what looks like one stays as it is. */
static void lists(struct arena *a)
{
	static const struct {
		const char *texts[8], *want;
	} rows[] = {
		{ { "ns1.a./192.0.2.1", "ns2.a./192.0.2.2", "ns1.a./2001:db8::1" },
			"ns1.a. (192.0.2.1, 2001:db8::1), ns2.a. (192.0.2.2)" },
		{ { "a./192.0.2.1", "b./192.0.2.1", "c./192.0.2.1", "d./192.0.2.1", "e./192.0.2.1",
			  "f./192.0.2.1", "g./192.0.2.1", "g./192.0.2.2" },
			"a. (192.0.2.1), b. (192.0.2.1), c. (192.0.2.1), d. (192.0.2.1), "
			"e. (192.0.2.1), f. (192.0.2.1) and 1 more" },
		{ { "14400/3600/1209600/3600", "14400/3600/1209600/300" },
			"14400/3600/1209600/3600, 14400/3600/1209600/300" },
		{ { "192.0.2.1", "ns1.a./192.0.2.2" }, "192.0.2.1, ns1.a./192.0.2.2" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct findings f = { .arena = a };
		struct finding *x = findings_add(&f, "lame-delegation", SEV_WARNING, WHERE_FAR);
		struct detail d = { .key = "nameservers", .kind = DETAIL_TEXTS };

		while (d.ntexts < ARRAY_LEN(rows[i].texts) && rows[i].texts[d.ntexts])
			d.ntexts++;
		d.texts = rows[i].texts;
		x->line = "{nameservers}";
		finding_detail(&f, x, d);
		is_str(words_summary(a, x), rows[i].want, rows[i].want);
	}
}

static void values(struct arena *a)
{
	static const struct {
		double share;
		const char *text;
	} shares[] = { { 0, "0%" }, { 0.0156, "1.6%" }, { 0.00024, "0.024%" }, { 1, "100%" },
		{ 1e-9, "under 0.0001%" }, { 0.5, "50.0%" } };
	struct portset s = { .w = { 0 } };
	struct addr many[5] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(shares); i++)
		is_str(words_share(a, shares[i].share), shares[i].text, shares[i].text);
	is_str(words_duration(a, 10000000), "10.0 s", "seconds");
	is_str(words_duration(a, 23400), "23 ms", "milliseconds");
	portset_add(&s, 11211);
	is_str(words_some_ports(a, &s), "port 11211", "one port");
	for (uint16_t p = 1; p < 20; p = (uint16_t)(p + 2))
		portset_add(&s, p);
	is_str(words_ports(a, &s, 3), "1,3,5,... (11 ranges)", "many ranges");
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = story_addr("192.0.2.1#53");
	is_str(words_servers(a, many, 1), "192.0.2.1", "one server");
	is_str(words_servers(a, many, 2), "192.0.2.1 and 192.0.2.1", "two servers");
	is_str(words_servers(a, many, 5), "192.0.2.1, 192.0.2.1, 192.0.2.1 and 2 more", "five");
}

/* Nothing from outside reaches a terminal or a shell raw. */
static void hostile(struct arena *a)
{
	struct story s = story_filter(a);
	struct finding *x;
	const struct report *r;
	const char *text;

	s.facts->question.name = story_name(a, "a\\027[31m.$(touch\\032x)`.'\\;.\\226\\128\\174.");
	x = findings_add(&s.findings, "lame-delegation", SEV_CRITICAL, WHERE_ZONE);
	x->subject = s.facts->question.name;
	finding_detail(&s.findings, x,
		(struct detail){
			.key = "why", .kind = DETAIL_TEXT, .text = "\033[31m\r\n\xe2\x80\xae" });
	s.facts->note = "bell \a and \x9b";
	r = make(&s);
	text = text_of(r, a, (struct text_style){ .width = 80 });
	ok(!strpbrk(text, "\033\r\a\x9b") && !strstr(text, "\xe2\x80\xae"), "text is escaped");
	ok(json_of(r, a) != NULL, "JSON is well formed all the same");
}

static void undecided(struct arena *a)
{
	struct story s = story_well(a);
	const struct report *r;
	const char *text;

	s.inferences->answered_beyond = 0;
	r = make(&s);
	text = text_of(r, a, (struct text_style){ .width = 0 });
	ok(strncmp(text, "undecided: ", 11) == 0, "nothing answered: undecided");
	is_int(report_exit(r), 3, "exit code when undecided");
	is_str(json_get_str(json_get(json_of(r, a), "verdict"), "where", ""), "unknown", "where");
	s = story_well(a);
	is_int(report_exit(make(&s)), 0, "exit code when all is well");
}

static void strip(struct arena *a)
{
	struct sweep_result s = { .ports = { .pattern = PATTERN_RANGES } };
	struct buf b = { .arena = a };
	struct text_style style = { .ascii = true, .width = 80 };
	char want[200];

	portset_parse("1-52,54-1023,65000-65535", &s.ports.blocked, NULL);
	portset_parse("2048-3071", &s.ports.untested, NULL);
	report_strip(&s, &style, &b);
	snprintf(want, sizeof(want), "  x.?%.60sx  0-65535\n",
		"............................................................");
	is_str(buf_text(&b), want, "scattered ports: one line");
	b = (struct buf){ .arena = a };
	portset_parse("1-52,54-1023", &s.ports.blocked, NULL);
	report_strip(&s, &style, &b);
	ok(strstr(buf_text(&b), "\n  ###x####"), "low ports: a second line");
	ok(strstr(buf_text(&b), "  0-1023\n"), "it says what it spans");
}

/* Ports that nobody asked for were not found to be well. */
static void strip_of_some(struct arena *a)
{
	struct portset scope = { 0 };
	struct sweep_result s = { .ports = { .pattern = PATTERN_NONE }, .scope = &scope };
	struct text_style style = { .ascii = true, .width = 80 };
	struct buf b = { .arena = a };
	char want[200];

	portset_parse("1020-1030,5353", &scope, NULL);
	report_strip(&s, &style, &b);
	snprintf(want, sizeof(want), "  ..---.%.58s  0-65535\n",
		"----------------------------------------------------------");
	is_str(buf_text(&b), want, "what was not asked for has a sign of its own");
	portset_parse("1020-1023", &s.ports.blocked, NULL);
	portset_parse("5353", &s.ports.untested, NULL);
	s.ports.pattern = PATTERN_RANGES;
	b = (struct buf){ .arena = a };
	report_strip(&s, &style, &b);
	snprintf(want, sizeof(want), "  #.---?%.58s  0-65535\n",
		"----------------------------------------------------------");
	ok(strncmp(buf_text(&b), want, strlen(want)) == 0, "beside blocked and untested ones");
	s.ports.pattern = PATTERN_ALL;
	b = (struct buf){ .arena = a };
	report_strip(&s, &style, &b);
	ok(strncmp(buf_text(&b), "  ##---#---", 11) == 0, "also of a server that is silent");
}

static void large(struct arena *a)
{
	struct story s = story_well(a);
	clock_t begun = clock();
	const struct report *r;

	for (int i = 0; i < 2000; i++) {
		struct finding *x = findings_add(&s.findings, i % 2 ? "stale-glue" : "unreachable",
			i % 3 ? SEV_WARNING : SEV_ERROR, WHERE_ZONE);

		finding_evidence(&s.findings, x, (size_t)i % s.facts->n);
	}
	for (int i = 0; i < 200; i++)
		vec_push(a, &s.inferences->sweeps, s.inferences->sweeps.v[0]);
	r = make(&s);
	ok(json_of(r, a) != NULL, "2,000 findings: JSON");
	ok(strlen(text_of(r, a, (struct text_style){ .width = 80 })) < 40000, "and short text");
	ok(clock() - begun < CLOCKS_PER_SEC, "under a second");
}

int main(void)
{
	static void (*const tests[])(struct arena * a) = { goldens, styles, json, translation,
		cookie_line, comment_line, unmade, templates, lists, values, hostile, undecided,
		strip, strip_of_some, large };

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		struct arena *a = arena_new();

		tests[i](a);
		arena_free(a);
	}
	return tap_done();
}
