/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as rules by which the servers of a healthy world (tests/treeworld.h) change their
 * replies: a whole check of the tree ends within its bounds, what it found can be put into words,
 * and the tape of it can be read and judged again.
 *
 * The first octet says what is checked, then come rules of RULE octets: which servers, which type
 * of question, what to do, and two numbers for that.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "check/check.h"
#include "facts/tape.h"
#include "fuzz/fuzz.h"
#include "render/report.h"
#include "treelies.h"

enum {
	COLUMNS = 80,
	RULE = 5,
	RULES = 12,
	HERDS = 8,	/* of servers */
	COPIES = 8,	/* of a record */
	RECORDS = 1000, /* of a reply */
	ASKED = 12000,	/* packets of a run: 4,096 questions, some of them again */
};

/* What is checked. */
enum {
	WITH_KEYS = 1,
	CHAINS = 2,
	NSEC3 = 4,
	UNDELEGATED = 8,
	LOOKUP = 16,
	ASN = 32,
	NO_V6 = 64,
	TAPE = 128
};

struct rule {
	uint8_t servers, type, action, x, y;
};

/* The rules of the input that is being run. */
static const struct rule *rules;
static size_t nrules;
static struct span input;

static void must(bool holds)
{
	if (!holds)
		abort();
}

static const uint16_t types[] = { 0, RR_SOA, RR_NS, RR_A, RR_AAAA, RR_DS, RR_DNSKEY, RR_NSEC,
	RR_NSEC3PARAM, RR_MX, RR_TXT, RR_CNAME, RR_DNAME, RR_PTR, RR_RRSIG, RR_NSEC3, RR_CDS,
	RR_CDNSKEY, RR_AXFR, RR_ANY };

static const char *const names[] = { ".", "xa.", "xb.", "child.xa.", "www.child.xa.",
	"ns1.child.xa.", "ns.other.xb.", "other.xb.", "spare.xb.", "a.root.xb.", "a.nic.xa.",
	"*.child.xa.", "x.y.z.child.xa.", "evil.xb.", "ns.z1.evil.xb.", "in-addr.arpa.",
	"1.0.31.9.in-addr.arpa.", "a\\000b.child.xa.", "CHILD.XA.",
	"dnsfault-no-such-name.child.xa." };

static struct name named(uint8_t x)
{
	struct name n = { 0 };

	must(name_parse(names[x % ARRAY_LEN(names)], &n) == 0);
	return n;
}

static struct span wire_of(struct treeworld_reply *r, const struct name *n)
{
	return (struct span){ arena_dup(r->arena, n->wire, n->len), n->len };
}

/* A part of the input. */
static struct span slice(const struct rule *u)
{
	size_t from = u->x < input.n ? u->x : input.n;
	size_t n = u->y < input.n - from ? u->y : input.n - from;

	return (struct span){ input.p + from, n };
}

/* The record that a rule is about; NULL: there are none. */
static struct treeworld_record *chosen(struct treeworld_reply *r, const struct rule *u)
{
	return r->records.n ? &r->records.v[u->x % r->records.n] : NULL;
}

static void be_silent(struct treeworld_reply *r, const struct rule *u)
{
	(void)u;
	r->silent = true;
}

static void set_flags(struct treeworld_reply *r, const struct rule *u)
{
	r->flags ^= (uint16_t)((u->x & 0x7f) << 8 | (u->y & 0xff));
}

static void set_rcode(struct treeworld_reply *r, const struct rule *u)
{
	r->flags = (uint16_t)((r->flags & ~0xfU) | (u->x & 0xfU));
	r->extended = u->y;
}

static void drop(struct treeworld_reply *r, const struct rule *u)
{
	struct treeworld_record *one = chosen(r, u);

	if (one)
		*one = r->records.v[--r->records.n];
}

static void drop_all(struct treeworld_reply *r, const struct rule *u)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->records.n; i++)
		if (u->x & 8 ? r->records.v[i].section != (u->x & 3)
			     : r->records.v[i].type != types[u->y % ARRAY_LEN(types)])
			r->records.v[kept++] = r->records.v[i];
	r->records.n = kept;
}

static void copy(struct treeworld_reply *r, const struct rule *u)
{
	const struct treeworld_record *one = chosen(r, u);

	for (unsigned int i = 0; one && i < u->y % COPIES && r->records.n < RECORDS; i++) {
		struct treeworld_record again = *chosen(r, u);
		uint8_t *p = arena_dup(r->arena, again.rdata.p, again.rdata.n);

		if (again.rdata.n)
			p[again.rdata.n - 1] ^= (uint8_t)i;
		again.rdata.p = p;
		vec_push(r->arena, &r->records, again);
	}
}

static void retype(struct treeworld_reply *r, const struct rule *u)
{
	struct treeworld_record *one = chosen(r, u);

	if (one)
		one->type = types[u->y % ARRAY_LEN(types)];
}

static void rename_owner(struct treeworld_reply *r, const struct rule *u)
{
	struct treeworld_record *one = chosen(r, u);

	if (one)
		one->owner = named(u->y);
}

static void flip(struct treeworld_reply *r, const struct rule *u)
{
	struct treeworld_record *one = chosen(r, u);
	uint8_t *p;

	if (!one || !one->rdata.n)
		return;
	p = arena_dup(r->arena, one->rdata.p, one->rdata.n);
	p[u->y % one->rdata.n] ^= (uint8_t)(1 + u->x);
	one->rdata.p = p;
}

static void cut(struct treeworld_reply *r, const struct rule *u)
{
	struct treeworld_record *one = chosen(r, u);

	if (one)
		one->rdata.n = one->rdata.n * u->y / 256;
}

static void move(struct treeworld_reply *r, const struct rule *u)
{
	struct treeworld_record *one = chosen(r, u);

	if (one)
		one->section = (uint8_t)(MSG_ANSWER + u->y % 3);
}

static void set_rdata(struct treeworld_reply *r, const struct rule *u)
{
	struct treeworld_record *one = chosen(r, u);
	struct name n = named(u->y);

	if (one)
		one->rdata = u->x & 0x80 ? slice(u) : wire_of(r, &n);
}

static void set_ttl(struct treeworld_reply *r, const struct rule *u)
{
	struct treeworld_record *one = chosen(r, u);

	if (one)
		one->ttl = (uint32_t)u->y << 24;
}

/* A record that names something: NS, CNAME … of a name, to another one. */
static void add(struct treeworld_reply *r, const struct rule *u)
{
	static const uint16_t kinds[] = { RR_NS, RR_CNAME, RR_DNAME, RR_PTR };
	struct name target = named(u->y);
	struct treeworld_record one = { (uint8_t)(MSG_ANSWER + u->y / 32 % 3),
		u->x & 0x40 ? named(u->x) : r->name, kinds[u->x / 8 % ARRAY_LEN(kinds)], CLASS_IN,
		3600, wire_of(r, &target) };

	if (r->records.n < RECORDS)
		vec_push(r->arena, &r->records, one);
}

static void add_address(struct treeworld_reply *r, const struct rule *u)
{
	const uint8_t octets[] = { 9, (uint8_t)(11 + u->y % 30), 0, 1 };
	struct treeworld_record one = { MSG_ADDITIONAL, named(u->x), RR_A, CLASS_IN, 3600,
		{ arena_dup(r->arena, octets, sizeof(octets)), sizeof(octets) } };

	if (r->records.n < RECORDS)
		vec_push(r->arena, &r->records, one);
}

static void set_opt(struct treeworld_reply *r, const struct rule *u)
{
	r->opt = u->x & 1;
	r->edns_flags ^= u->x & 2 ? EDNS_DO : 0;
	r->version = u->x & 4 ? u->y : 0;
	if (u->x & 8)
		r->options = slice(u);
}

static void set_question(struct treeworld_reply *r, const struct rule *u)
{
	r->question = u->x & 1;
	if (u->x & 2)
		r->name = named(u->y);
	if (u->x & 4)
		r->type = types[u->y % ARRAY_LEN(types)];
}

static void set_raw(struct treeworld_reply *r, const struct rule *u)
{
	struct buf b = { .arena = r->arena };
	struct span s = slice(u);

	buf_u16(&b, 0);
	buf_u16(&b, FLAG_QR | FLAG_AA);
	buf_u16(&b, 1);
	buf_u16(&b, u->x & 15);
	buf_u16(&b, u->y & 15);
	buf_u16(&b, 0);
	buf_put(&b, r->name.wire, r->name.len);
	buf_u16(&b, r->type);
	buf_u16(&b, CLASS_IN);
	buf_put(&b, s.p, s.n);
	r->raw = buf_span(&b);
}

static void lie(struct treeworld_reply *r, const struct rule *u)
{
	static treeworld_edit *const lies[] = { treelies_spread_wide, treelies_spread_both,
		treelies_spread_at_victim, treelies_deeper, treelies_up, treelies_other_name,
		treelies_other_case, treelies_alias, treelies_knot };
	const struct ask none = { .transport = TRANSPORT_UDP };

	if (r->records.n < RECORDS)
		lies[u->x % ARRAY_LEN(lies)](r, &none);
}

static void (*const actions[])(struct treeworld_reply *r, const struct rule *u) = { be_silent,
	set_flags, set_rcode, drop, drop_all, copy, retype, rename_owner, flip, cut, move,
	set_rdata, set_ttl, add, add_address, set_opt, set_question, set_raw, lie };

static bool fits(const struct rule *u, const struct ask *ask)
{
	uint16_t type = types[u->type % ARRAY_LEN(types)];
	unsigned int group = 0;

	for (size_t i = 0; i < sizeof(ask->server.ip); i++)
		group += ask->server.ip[i];
	if (u->servers && !(u->servers & 1U << group % HERDS))
		return false;
	return !type || type == ask->question.type;
}

static void spoil(struct treeworld_reply *r, const struct ask *ask)
{
	for (size_t i = 0; i < nrules; i++)
		if (fits(&rules[i], ask))
			actions[rules[i].action % ARRAY_LEN(actions)](r, &rules[i]);
}

static const struct signer_plan nsec3 = {
	.keys = { { .pem = SIGNER_ED25519_1,
		.algorithm = 15,
		.flags = 257,
		.signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
	.denial = SIGNER_NSEC3,
	.iterations = 10,
};

static const char *judge(struct arena *a, const struct facts *f)
{
	struct check_input in = { f, infer_all(a, f) };
	struct findings *findings = arena_alloc(a, sizeof(*findings));
	struct text_style style = { .ascii = true, .width = COLUMNS };
	struct buf text = { .arena = a }, json = { .arena = a };
	const struct json_value *v = NULL;
	const struct report *r;
	size_t at = 0;

	findings->arena = a;
	check_run(&in, findings);
	r = report_make(a, &in, findings, check_verdict(&in, findings));
	report_text(r, &style, &text);
	report_json(r, &json);
	must(json_read(a, buf_span(&json), &v, &at) == 0 && v->type == JSON_OBJECT);
	for (size_t i = 0; i < text.n; i++)
		must((unsigned char)text.p[i] >= ' ' || text.p[i] == '\n');
	return buf_text(&json);
}

/* The tape says what the run says. */
static void check_tape(struct arena *a, const struct facts *f)
{
	struct tape_error error = { 0 };
	struct buf tape = { .arena = a };
	struct facts *again = NULL;

	tape_write(f, &tape);
	must(tape_read(a, buf_span(&tape), &again, &error) == 0);
	must(strcmp(judge(a, f), judge(a, again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t what = size ? data[0] : 0;
	struct treeworld_row row = {
		.secure = what & WITH_KEYS,
		.chains = what & CHAINS,
		.child = what & NSEC3 ? &nsec3 : NULL,
		.ns = what & UNDELEGATED ? "ns1.child.xa/9.31.0.1 ns.other.xb" : NULL,
		.lookup = what & LOOKUP ? "www.child.xa." : NULL,
		.lookup_type = RR_A,
		.plan = (what & ASN ? TREEWORLD_ASN : 0U) | (what & NO_V6 ? TREEWORLD_NO_V6 : 0U),
		.changes = { { .edit = spoil } },
	};
	struct arena *a = arena_new();
	struct treeworld_run run;

	input = (struct span){ data, size };
	nrules = size ? (size - 1) / RULE : 0;
	if (nrules > RULES)
		nrules = RULES;
	rules = arena_dup(a, size ? data + 1 : NULL, nrules * sizeof(*rules));
	run = treeworld_run(a, &row);
	must(run.ended && run.asked <= ASKED);
	if (what & TAPE)
		check_tape(a, run.facts);
	arena_free(a);
	return 0;
}
