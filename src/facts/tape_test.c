/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tapes: what is written is read back exactly, and what is wrong is said with its place. */
#include "facts/tape.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/portset.h"
#include "dns/rr.h"
#include "facts/test_observation.h"
#include "prop.h"
#include "tap.h"

#define HEAD "{\"tape\":1}\n"
#define TO   "\"r\":\"sweep\",\"to\":\"192.0.2.1#53\",\"o\":\"timeout\""

static struct facts_counters random_counters(struct rng *r)
{
	struct facts_counters none = { 0 };

	return rng_below(r, 3) ? (struct facts_counters){ true, random_time(r) } : none;
}

static struct facts *random_facts(struct rng *r)
{
	struct facts *f = facts_new(arena);
	struct portset *ports = arena_alloc(arena, sizeof(*ports));
	struct addr *targets = arena_alloc(arena, 4 * sizeof(*targets));

	f->command = rng_below(r, 2) ? "ports" : NULL;
	f->question = (struct question){ random_name(r), (uint16_t)rng_u64(r), CLASS_IN };
	f->started = (int64_t)random_time(r) - 1000;
	f->elapsed = random_time(r);
	f->targets.n = rng_below(r, 4);
	f->targets.v = targets;
	for (size_t i = 0; i < f->targets.n; i++)
		targets[i] = random_addr(r);
	for (int i = 0; i < 20; i++)
		portset_add(ports, (uint16_t)rng_u64(r));
	f->ports = rng_below(r, 2) ? ports : NULL;
	f->full = rng_below(r, 2);
	f->quotes = rng_below(r, 2);
	f->before = random_counters(r);
	f->after = random_counters(r);
	f->note = rng_below(r, 2) ? "stopped \"by\"\n\x7f hand \xc3\xa4" : NULL;
	return f;
}

static bool same_counters(const struct facts_counters *a, const struct facts_counters *b)
{
	return a->known == b->known && a->csum_errors == b->csum_errors;
}

static bool same_facts(const struct facts *a, const struct facts *b)
{
	bool same = same_text(a->command, b->command) && same_text(a->note, b->note) &&
		    a->started == b->started && a->elapsed == b->elapsed && a->full == b->full &&
		    a->quotes == b->quotes && same_name(a->question.name, b->question.name) &&
		    same_counters(&a->before, &b->before) && same_counters(&a->after, &b->after) &&
		    a->targets.n == b->targets.n && a->n == b->n;

	if (a->question.name)
		same = same && a->question.type == b->question.type &&
		       a->question.class == b->question.class;
	same = same &&
	       (a->ports && b->ports ? portset_equal(a->ports, b->ports) : a->ports == b->ports);
	for (size_t i = 0; same && i < a->targets.n; i++)
		same = addr_equal(&a->targets.v[i], &b->targets.v[i]);
	for (size_t i = 0; same && i < a->n; i++)
		same = same_observation(a->v[i], b->v[i]);
	return same;
}

static void write_all(const struct facts *f, struct buf *b)
{
	tape_head(f, b);
	for (size_t i = 0; i < f->n; i++)
		tape_line(f->v[i], b);
}

static bool case_round_trip(struct rng *r)
{
	struct tape_error error = { 0 };
	struct facts *f, *again = NULL;
	struct buf b, c;
	bool same;

	arena = arena_new();
	b = c = (struct buf){ .arena = arena };
	f = random_facts(r);
	for (uint32_t i = rng_below(r, 10); i; i--) {
		struct observation o = random_observation(r);

		facts_add(f, &o);
	}
	write_all(f, &b);
	same = tape_read(arena, buf_span(&b), &again, &error) == 0 && same_facts(f, again);
	if (same) {
		write_all(again, &c);
		same = strcmp(buf_text(&b), buf_text(&c)) == 0;
	}
	if (error.text)
		printf("# line %zu, column %zu: %s\n", error.line, error.column, error.text);
	arena_free(arena);
	return same;
}

/* Every way to damage a tape by one byte ends in facts or in an error with a line. */
static bool case_damage(struct rng *r)
{
	struct tape_error error = { 0 };
	struct facts *again = NULL;
	struct observation o;
	struct buf b;
	bool good;

	arena = arena_new();
	b = (struct buf){ .arena = arena };
	o = random_observation(r);
	tape_head(random_facts(r), &b);
	tape_line(&o, &b);
	for (uint32_t i = 1 + rng_below(r, 3); i; i--)
		b.p[rng_below(r, (uint32_t)b.n)] = (char)rng_u64(r);
	if (tape_read(arena, buf_span(&b), &again, &error) == 0)
		good = again && !error.text;
	else
		good = !again && error.text && error.line >= 1;
	arena_free(arena);
	return good;
}

static const struct {
	const char *name, *text;
	size_t line, column; /* line 0: it is good */
} rows[] = {
	{ "a head alone", HEAD, 0, 0 },
	{ "no final newline", "{\"tape\":1}", 0, 0 },
	{ "blank lines", "\n \r\n" HEAD "\t\n{" TO "}\n\n", 0, 0 },
	{ "unknown keys", "{\"tape\":1,\"new\":[1]}\n{" TO ",\"new\":{}}\n", 0, 0 },
	{ "nothing", "", 1, 0 },
	{ "blank lines alone", "\n\n", 2, 0 },
	{ "no head", "{" TO "}\n", 1, 0 },
	{ "a later version", "{\"tape\":2}\n", 1, 0 },
	{ "a second head", HEAD HEAD, 2, 0 },
	{ "not JSON", HEAD "{" TO "}\n{\"r\":}\n", 3, 6 },
	{ "cut", HEAD "{" TO, 2, 47 },
	{ "an array", HEAD "[]\n", 2, 0 },
	{ "a key missing", HEAD "{\"r\":\"sweep\",\"to\":\"192.0.2.1\"}\n", 2, 0 },
	{ "unknown slug", HEAD "{" TO ",\"w\":\"nonsense\"}\n", 2, 0 },
	{ "slug with NUL", HEAD "{" TO ",\"w\":\"none\\u0000\"}\n", 2, 0 },
	{ "number too high", HEAD "{" TO ",\"id\":65536}\n", 2, 0 },
	{ "number below zero", HEAD "{" TO ",\"sent\":-1}\n", 2, 0 },
	{ "a fraction", HEAD "{" TO ",\"sent\":1.5}\n", 2, 0 },
	{ "no bool", HEAD "{" TO ",\"brief\":1}\n", 2, 0 },
	{ "no address", HEAD "{" TO ",\"from\":\"192.0.2.256\"}\n", 2, 0 },
	{ "port too high", HEAD "{" TO ",\"from\":\"192.0.2.1#65536\"}\n", 2, 0 },
	{ "two ports", HEAD "{" TO ",\"from\":\"192.0.2.1#1#2\"}\n", 2, 0 },
	{ "scope by name", HEAD "{" TO ",\"from\":\"fe80::1%lo\"}\n", 2, 0 },
	{ "no name", HEAD "{" TO ",\"q\":\"a..b.\"}\n", 2, 0 },
	{ "no type", HEAD "{" TO ",\"t\":\"NONSENSE\"}\n", 2, 0 },
	{ "no class", HEAD "{" TO ",\"c\":\"NONSENSE\"}\n", 2, 0 },
	{ "short icmp", HEAD "{" TO ",\"icmp\":[3,3]}\n", 2, 0 },
	{ "icmp too high", HEAD "{" TO ",\"icmp\":[3,256,\"192.0.2.1\"]}\n", 2, 0 },
	{ "half an octet", HEAD "{" TO ",\"reply\":\"0\"}\n", 2, 0 },
	{ "no hexadecimal", HEAD "{" TO ",\"reply\":\"0g\"}\n", 2, 0 },
	{ "header too short", HEAD "{" TO ",\"head\":\"00\"}\n", 2, 0 },
	{ "no options", HEAD "{" TO ",\"opts\":[[10]]}\n", 2, 0 },
	{ "no ports", "{\"tape\":1,\"ports\":\"9-1\"}\n", 1, 0 },
	{ "no targets", "{\"tape\":1,\"targets\":[\"far\"]}\n", 1, 0 },
	{ "unknown way of fragments", HEAD "{" TO ",\"df\":\"dfs\"}\n", 2, 0 },
	{ "too many octets behind", HEAD "{" TO ",\"trailing\":256}\n", 2, 0 },
	{ "a row that is no text", HEAD "{" TO ",\"row\":7}\n", 2, 0 },
	{ "counters without a count", "{\"tape\":1,\"before\":{}}\n", 1, 0 },
	{ "counters that are none", "{\"tape\":1,\"before\":7}\n", 1, 0 },
	{ "question without a name", "{\"tape\":1,\"question\":{}}\n", 1, 0 },
};

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct span text = { (const uint8_t *)rows[i].text, strlen(rows[i].text) };
		struct tape_error error = { 0 };
		struct facts *f = NULL;
		int want = rows[i].line ? -ERR_PARSE : 0;

		is_int(tape_read(a, text, &f, &error), want, rows[i].name);
		ok(!f == !!want, "%s: facts", rows[i].name);
		if (!ok(error.line == rows[i].line && error.column == rows[i].column &&
				    !error.text == !want,
			    "%s: place", rows[i].name))
			printf("#   line %zu, column %zu\n", error.line, error.column);
		arena_free(a);
	}
}

static void test_long_line(void)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	struct tape_error error = { 0 };
	struct facts *f = NULL;

	buf_str(&b, HEAD "{" TO "}");
	while (b.n < 300000)
		buf_char(&b, ' ');
	is_int(tape_read(a, buf_span(&b), &f, &error), -ERR_PARSE, "a line over 256 KiB");
	is_int((int64_t)error.line, 2, "its line");
	arena_free(a);
}

/* Every type and class comes back from its mnemonic. */
static void test_mnemonics(void)
{
	struct arena *a = arena_new();
	struct observation o = { .ask.server.family = ADDR_V4 };
	struct tape_error error = { 0 };
	struct buf b = { .arena = a };
	struct facts *f = facts_new(a);
	bool same = true;

	tape_head(f, &b);
	for (uint32_t i = 0; i < 65536; i++) {
		o.ask.question = (struct question){ NULL, (uint16_t)i, (uint16_t)i };
		tape_line(&o, &b);
	}
	ok(tape_read(a, buf_span(&b), &f, &error) == 0 && f->n == 65536, "65,536 lines");
	for (uint32_t i = 0; i < f->n; i++)
		same = same && f->v[i]->ask.question.type == i && f->v[i]->ask.question.class == i;
	ok(same, "all types and classes");
	arena_free(a);
}

static void test_shared_names(void)
{
	struct arena *a = arena_new();
	struct observation o = { .ask.server.family = ADDR_V4 };
	struct tape_error error = { 0 };
	struct buf b = { .arena = a };
	struct name lower, upper;
	struct facts *f = facts_new(a);

	name_parse("live.com.", &lower);
	name_parse("LIVE.com.", &upper);
	tape_head(f, &b);
	for (int i = 0; i < 4; i++) {
		o.ask.question = (struct question){ i == 2 ? &upper : &lower, RR_MX, CLASS_IN };
		o.ask.zone = &lower;
		tape_line(&o, &b);
	}
	if (!ok(tape_read(a, buf_span(&b), &f, &error) == 0 && f->n == 4, "four lines"))
		return;
	ok(f->v[0]->ask.question.name == f->v[3]->ask.question.name, "equal names are one");
	ok(f->v[0]->ask.zone == f->v[3]->ask.question.name, "in all fields");
	ok(f->v[0]->ask.question.name != f->v[2]->ask.question.name, "case tells them apart");
	arena_free(a);
}

/* The form of a line is a contract: this text never changes. */
static void test_golden(void)
{
	static const char want[] =
		"{\"r\":\"sweep\",\"to\":\"192.0.2.1#53\",\"src\":\"*#1023\",\"q\":\"live.com.\","
		"\"t\":\"MX\",\"edns\":true,\"esize\":1232,\"brief\":true,\"wait\":100000,"
		"\"o\":\"answered\",\"id\":513,\"from\":\"198.51.100.7#1023\",\"sent\":5,"
		"\"done\":20005,\"len\":40,\"head\":\"020184000001000000000001\"}\n";
	static const uint8_t head[] = { 2, 1, 0x84, 0, 0, 1, 0, 0, 0, 0, 0, 1 };
	struct arena *a = arena_new();
	struct observation o = { .ask.role = ROLE_SWEEP, .ask.brief = true };
	struct buf b = { .arena = a };
	struct name name;

	name_parse("live.com.", &name);
	addr_parse_port("192.0.2.1#53", &o.ask.server);
	o.ask.source.port = 1023;
	o.ask.question = (struct question){ &name, RR_MX, CLASS_IN };
	o.ask.shape = (struct shape){ .edns = true, .edns_size = 1232 };
	o.ask.timeout = 100000;
	addr_parse_port("198.51.100.7#1023", &o.from);
	o.id = 513;
	o.sent = 5;
	o.done = 20005;
	o.size = 40;
	o.msg = facts_header(a, (struct span){ head, sizeof(head) });
	tape_line(&o, &b);
	is_str(buf_text(&b), want, "a line");
	arena_free(a);
}

int main(void)
{
	test_golden();
	prop("read(write(facts)) = facts", case_round_trip, 2000);
	prop("damage is said or harmless", case_damage, 5000);
	test_rows();
	test_long_line();
	test_mnemonics();
	test_shared_names();
	return tap_done();
}
