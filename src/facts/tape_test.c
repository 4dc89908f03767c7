/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tapes: what is written is read back exactly, and what is wrong is said with its place. */
#include "facts/tape.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/portset.h"
#include "dns/rr.h"
#include "prop.h"
#include "tap.h"

#define HEAD "{\"tape\":1}\n"
#define TO   "\"r\":\"sweep\",\"to\":\"192.0.2.1#53\",\"o\":\"timeout\""

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
