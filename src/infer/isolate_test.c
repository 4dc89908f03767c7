/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search, told by hand what came of its asks. */
#include "infer/isolate_ends.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "tap.h"

static struct ask fails_ask(void)
{
	struct ask a = { .question = { &name_root, RR_TLSA, CLASS_IN } };

	if (addr_parse_port("192.0.2.1#53", &a.server) < 0)
		a.server.family = ADDR_NONE;
	a.shape = (struct shape){ .flags = FLAG_RD | FLAG_AD | FLAG_CD,
		.edns = true,
		.edns_size = 4096,
		.edns_flags = EDNS_DO };
	return a;
}

static struct ask works_ask(void)
{
	struct ask a = fails_ask();

	a.question.type = RR_SOA;
	a.shape = (struct shape){ 0 };
	return a;
}

static const struct msg *reply_of(uint16_t rcode)
{
	static struct msg m[16];

	m[rcode] = (struct msg){ .has_header = true, .flags = FLAG_QR, .rcode = rcode };
	return &m[rcode];
}

/* Planted: what is dropped, or answered with an RCODE. */
struct plant {
	bool (*when)(const struct ask *a);
	int rcode; /* -1: silence */
};

static bool size_and_do(const struct ask *a)
{
	return a->shape.edns_size > 1232 && (a->shape.edns_flags & EDNS_DO);
}

static bool tlsa(const struct ask *a)
{
	return a->question.type == RR_TLSA;
}

static bool always(const struct ask *a)
{
	return a->question.class == CLASS_IN;
}

static bool never(const struct ask *a)
{
	return a->question.class != CLASS_IN;
}

/* Facts of a search of which every ask is answered as planted. */
static struct facts *run(struct arena *a, const struct plant *p, struct isolate_result *ret)
{
	struct ask f = fails_ask(), w = works_ask(), ask;
	struct isolate *s = isolate_begin(a, &f, &w);
	struct facts *facts = facts_new(a);

	while (isolate_next(s, &ask) == ISOLATE_SEARCHING) {
		struct observation o = { .ask = ask, .sent = 1, .done = 2 };

		if (p->when(&ask) && p->rcode < 0) {
			o.outcome = OUTCOME_TIMEOUT;
		} else {
			o.outcome = OUTCOME_ANSWERED;
			o.msg = reply_of(p->when(&ask) ? (uint16_t)p->rcode : RCODE_NOERROR);
		}
		isolate_tell(s, &o, facts->n);
		facts_add(facts, &o);
	}
	isolate_result(s, ret);
	return facts;
}

static const char *set_text(struct arena *a, const struct isolate_result *r)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < r->pair.n; i++)
		if (r->ncauses && (r->causes[0].set & factor_bit(i)))
			buf_printf(&b, "%s%s", b.n ? " " : "", factor_slug(a, &r->pair.v[i]));
	return buf_text(&b);
}

static void test_found(struct arena *a)
{
	static const struct plant pair = { size_and_do, -1 }, type = { tlsa, RCODE_SERVFAIL };
	struct isolate_result r;

	run(a, &pair, &r);
	is_str(set_text(a, &r), "do edns-size", "two factors together");
	ok(r.verdict == ISOLATE_FOUND && r.causes[0].how.kind == ISOLATE_SILENT,
		"found by silence");
	ok(size_and_do(&r.causes[0].with) && !size_and_do(&r.causes[0].without) &&
			r.causes[0].without.shape.edns,
		"two queries that differ in these alone");
	ok(r.causes[0].failures >= 4 && r.causes[0].replies && r.trials <= 60,
		"%u failures, %u asks", r.causes[0].failures, r.trials);
	run(a, &type, &r);
	is_str(set_text(a, &r), "qtype", "one factor, by an error");
	ok(r.causes[0].how.kind == ISOLATE_RCODE && r.causes[0].how.code == RCODE_SERVFAIL,
		"the error is told");
	ok(r.trials <= 10, "errors take few asks: %u", r.trials);
}

static bool type_or_pair(const struct ask *a)
{
	return tlsa(a) || size_and_do(a);
}

static bool anything_new(const struct ask *a)
{
	return tlsa(a) || a->shape.flags;
}

/* Sets that fail each for itself; of more than are looked for, it is said that there are more. */
static void test_several(struct arena *a)
{
	static const struct plant two = { type_or_pair, RCODE_REFUSED },
				  many = { anything_new, -1 };
	struct isolate_result r;
	struct facts *f = run(a, &two, &r);
	const struct isolate_cause *c = &r.causes[1];
	const struct isolate_result *again = isolate_collect(a, f);

	ok(r.ncauses == 2 && !r.more, "two causes, and no more");
	is_str(set_text(a, &r), "qtype", "the first");
	ok(size_and_do(&c->with) && !tlsa(&c->with) && !c->without.shape.edns_flags,
		"the second, without the first");
	ok(c->how.code == RCODE_REFUSED && c->got.code == RCODE_NOERROR && c->with_index < f->n &&
			c->without_index < f->n,
		"with what it got");
	ok(again && again->ncauses == 2 && again->causes[1].set == c->set, "so do its facts");
	run(a, &many, &r);
	ok(r.ncauses == 3 && r.more == ISOLATE_FULL, "three of four: there is more");
}

/* What is found stays found when the server falls silent in the search for more. */
static void test_cut_short(struct arena *a)
{
	static const struct plant two = { type_or_pair, RCODE_REFUSED };
	struct isolate_result whole, r;
	struct facts *f = run(a, &two, &whole);
	unsigned int first = 0, other = 0;

	for (size_t n = 0; n <= f->n; n++) {
		struct facts *part = facts_new(a);
		const struct isolate_result *p;

		for (size_t i = 0; i < n; i++)
			facts_add(part, f->v[i]);
		p = isolate_collect(a, part);
		if (!p || p->verdict != ISOLATE_FOUND)
			continue;
		first += p->ncauses == 1 && p->causes[0].set == whole.causes[0].set && p->more;
		other += p->causes[0].set != whole.causes[0].set || (p->ncauses == 1 && !p->more);
	}
	isolate_result(isolate_begin(a, &whole.pair.fails, &whole.pair.works), &r);
	ok(first > 5 && !other && r.doubt == ISOLATE_CUT,
		"cut short the first is found, %u times, and more is in doubt", first);
}

static void test_words(struct arena *a)
{
	static const struct {
		struct isolate_got got;
		const char *words;
	} rows[] = {
		{ { ISOLATE_WORKS, MEANS_ANSWER, 0 }, "NOERROR with data" },
		{ { ISOLATE_WORKS, MEANS_NODATA, 0 }, "NOERROR without data (NODATA)" },
		{ { ISOLATE_WORKS, MEANS_NXDOMAIN, RCODE_NXDOMAIN }, "NXDOMAIN" },
		{ { ISOLATE_WORKS, MEANS_UNREADABLE, 0 }, "a reply" },
		{ { ISOLATE_RCODE, MEANS_REFUSED, RCODE_REFUSED }, "REFUSED" },
		{ { ISOLATE_SILENT, MEANS_UNREADABLE, 0 }, "no reply" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		is_str(isolate_gets(a, &rows[i].got), rows[i].words, "what it got");
}

/* A server with two addresses: what is silent, and where; NULL: it is sent. */
struct ends_row {
	const char *label;
	bool (*silent)(const struct ask *a);
	bool (*unsent)(const struct ask *a);
	uint8_t verdict, doubt, more;
	const char *set;
	bool both; /* both are said to answer */
};

static bool v6(const struct ask *a)
{
	return a->server.family == ADDR_V6;
}

static bool v4(const struct ask *a)
{
	return !v6(a);
}

static bool v4_tlsa(const struct ask *a)
{
	return v4(a) && tlsa(a);
}

static bool v6_tlsa(const struct ask *a)
{
	return v6(a) && tlsa(a);
}

static bool v6_or_tlsa(const struct ask *a)
{
	return v6(a) || tlsa(a);
}

static const struct ends_row ends_rows[] = {
	{ "sound", never, never, ISOLATE_SOUND, ISOLATE_SURE, ISOLATE_SURE, "", true },
	{ "a type", tlsa, never, ISOLATE_FOUND, ISOLATE_SURE, ISOLATE_SURE, "qtype", false },
	{ "a type over IPv4", v4_tlsa, never, ISOLATE_FOUND, ISOLATE_SURE, ISOLATE_SURE,
		"qtype server", false },
	{ "a type over IPv6", v6_tlsa, never, ISOLATE_FOUND, ISOLATE_SURE, ISOLATE_SURE,
		"qtype server", false },
	{ "IPv4", v4, never, ISOLATE_FOUND, ISOLATE_SURE, ISOLATE_SURE, "server", false },
	{ "IPv6", v6, never, ISOLATE_FOUND, ISOLATE_SURE, ISOLATE_SURE, "server", false },
	{ "IPv6 and a type", v6_or_tlsa, never, ISOLATE_FOUND, ISOLATE_SURE, ISOLATE_SURE, "qtype",
		false },
	{ "all", always, never, ISOLATE_UNTOLD, ISOLATE_BROKEN, ISOLATE_SURE, "", false },
	{ "a type, without IPv6 here", tlsa, v6, ISOLATE_FOUND, ISOLATE_SURE, ISOLATE_UNSENT,
		"qtype", false },
	{ "a type, without IPv4 here", tlsa, v4, ISOLATE_FOUND, ISOLATE_SURE, ISOLATE_UNSENT,
		"qtype", false },
	{ "no network", never, always, ISOLATE_UNTOLD, ISOLATE_UNSENT, ISOLATE_SURE, "", false },
};

static void test_ends(struct arena *a, const struct ends_row *row)
{
	struct isolate_plan plan = { .fails = fails_ask(), .works = works_ask(), .nservers = 2 };
	struct facts *f = facts_new(a);
	const struct isolate_result *again;
	struct isolate_result r;
	struct isolate_ends *e;
	struct ask ask;

	plan.servers[0] = plan.fails.server;
	if (addr_parse_port("2001:db8::1#53", &plan.servers[1]) < 0)
		return;
	vec_push(a, &f->targets, plan.servers[0]);
	vec_push(a, &f->targets, plan.servers[1]);
	e = isolate_ends_begin(a, &plan);
	while (isolate_ends_next(e, &ask) == ISOLATE_SEARCHING) {
		struct observation o = { .ask = ask, .outcome = OUTCOME_NOT_SENT };

		o.why = WHY_NO_ROUTE;
		if (!row->unsent(&ask)) {
			o.sent = 1;
			o.outcome = row->silent(&ask) ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED;
			o.msg = row->silent(&ask) ? NULL : reply_of(RCODE_NOERROR);
		}
		isolate_ends_tell(e, &o, f->n);
		facts_add(f, &o);
	}
	isolate_ends_result(e, &r);
	ok(r.verdict == row->verdict && r.doubt == row->doubt && r.more == row->more &&
			strcmp(set_text(a, &r), row->set) == 0 &&
			(r.sound.family != ADDR_NONE) == row->both,
		"%s: %s, %s, %s, %s", row->label, set_text(a, &r),
		isolate_verdict_slug((enum isolate_verdict)r.verdict),
		isolate_doubt_slug((enum isolate_doubt)r.doubt),
		isolate_doubt_slug((enum isolate_doubt)r.more));
	again = isolate_collect(a, f);
	ok(again && again->verdict == r.verdict && again->doubt == r.doubt &&
			again->more == r.more && again->causes[0].set == r.causes[0].set &&
			(again->trials == r.trials || !again->trials),
		"%s: by its facts", row->label);
}

static void test_not(struct arena *a)
{
	static const struct plant dead = { always, -1 }, refused = { always, RCODE_REFUSED },
				  sound = { never, -1 };
	struct isolate_result r;

	run(a, &dead, &r);
	ok(r.verdict == ISOLATE_UNTOLD && r.doubt == ISOLATE_BROKEN && !r.ncauses,
		"of a dead server nothing is told");
	run(a, &refused, &r);
	ok(r.verdict == ISOLATE_UNTOLD && r.doubt == ISOLATE_BROKEN, "nor of one that refuses all");
	run(a, &sound, &r);
	ok(r.verdict == ISOLATE_SOUND && r.trials == 5,
		"what is answered four times does not fail");
}

static void test_replay(struct arena *a)
{
	static const struct plant pair = { size_and_do, -1 };
	struct isolate_result r;
	struct facts *f = run(a, &pair, &r), *half = facts_new(a);
	const struct isolate_result *again = isolate_collect(a, f);
	unsigned int told = 0, others = 0;

	ok(again && again->verdict == r.verdict && again->causes[0].set == r.causes[0].set &&
			again->trials == r.trials &&
			again->causes[0].failures == r.causes[0].failures &&
			again->causes[0].with_index == r.causes[0].with_index &&
			again->causes[0].without_index < f->n,
		"facts tell the same");
	for (size_t i = 0; i < f->n / 2; i++)
		facts_add(half, f->v[i]);
	again = isolate_collect(a, half);
	ok(again && again->verdict == ISOLATE_UNTOLD && again->doubt == ISOLATE_CUT,
		"half of them do not tell");
	for (size_t skip = 0; skip < f->n; skip++) {
		struct facts *rest = facts_new(a);

		for (size_t i = 0; i < f->n; i++)
			if (i != skip)
				facts_add(rest, f->v[i]);
		again = isolate_collect(a, rest);
		told += again->verdict == ISOLATE_FOUND;
		others += again->verdict == ISOLATE_SOUND ||
			  (again->verdict == ISOLATE_FOUND &&
				  again->causes[0].set != r.causes[0].set);
	}
	ok(others == 0 && told < f->n, "one left out: no other is told, %u of %zu tell", told,
		f->n);
	ok(!isolate_collect(a, facts_new(a)), "no facts, no result");
}

/* The server stops to answer anything in the middle of it. */
static void test_dies(struct arena *a)
{
	struct ask f = fails_ask(), w = works_ask(), ask;
	struct isolate *s = isolate_begin(a, &f, &w);
	struct isolate_result r;

	for (unsigned int i = 0; isolate_next(s, &ask) == ISOLATE_SEARCHING; i++) {
		bool silent = i > 3 || tlsa(&ask);
		struct observation o = { .ask = ask,
			.sent = 1,
			.done = 2,
			.outcome = silent ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED,
			.msg = silent ? NULL : reply_of(RCODE_NOERROR) };

		isolate_tell(s, &o, i);
	}
	isolate_result(s, &r);
	ok(r.verdict == ISOLATE_UNTOLD && r.doubt == ISOLATE_BROKEN,
		"a server that falls silent is no proof");
}

/* One silence was no drop: its reply came when other asks were on their way. */
static void test_late(struct arena *a)
{
	struct ask f = fails_ask(), w = works_ask(), ask;
	struct isolate *s = isolate_begin(a, &f, &w);
	struct facts *facts = facts_new(a);
	const struct isolate_result *again;
	struct isolate_result r;
	struct observation late = { 0 };

	while (isolate_next(s, &ask) == ISOLATE_SEARCHING) {
		struct observation o = { .ask = ask, .sent = 1, .done = 2 };

		o.outcome = facts->n == 1 ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED;
		o.msg = facts->n == 1 ? NULL : reply_of(RCODE_NOERROR);
		if (facts->n == 1)
			late = o;
		if (facts->n == 2) {
			late.outcome = OUTCOME_LATE;
			late.msg = o.msg;
			isolate_late(s, &late, facts->n);
			facts_add(facts, &late);
		}
		isolate_tell(s, &o, facts->n);
		facts_add(facts, &o);
	}
	isolate_result(s, &r);
	ok(r.verdict == ISOLATE_SOUND && !r.lost, "a late reply is a reply");
	again = isolate_collect(a, facts);
	ok(again && again->verdict == ISOLATE_SOUND && again->trials == r.trials,
		"so it is in the facts");
}

/* A server that gives every third query an error: nothing of the query does that. */
static void test_moody(struct arena *a)
{
	struct ask f = fails_ask(), w = works_ask(), ask;
	struct isolate *s = isolate_begin(a, &f, &w);
	struct isolate_result r;

	for (unsigned int i = 2; isolate_next(s, &ask) == ISOLATE_SEARCHING; i++) {
		bool error = i % 3 == 0 && ask.role == ROLE_ISOLATE;
		struct observation o = { .ask = ask,
			.sent = 1,
			.done = 2,
			.outcome = OUTCOME_ANSWERED,
			.msg = reply_of(error ? RCODE_SERVFAIL : RCODE_NOERROR) };

		isolate_tell(s, &o, i);
	}
	isolate_result(s, &r);
	ok(r.verdict == ISOLATE_UNTOLD && r.doubt == ISOLATE_UNSTEADY && !r.ncauses,
		"errors now and then are of no factor");
}

/* Over TCP from a fixed port nothing can be asked twice. */
static void test_once(struct arena *a, bool drops)
{
	struct ask f = fails_ask(), w = works_ask(), ask;
	struct isolate_result r;
	uint64_t asked[64];
	struct isolate *s;
	size_t n = 0;

	f.source.port = 600;
	f.transport = TRANSPORT_TCP;
	s = isolate_begin(a, &f, &w);
	for (unsigned int i = 0; isolate_next(s, &ask) == ISOLATE_SEARCHING; i++) {
		struct observation o = { .ask = ask, .sent = 1, .done = 2 };
		uint64_t key = ask.shape.flags | (uint64_t)ask.shape.edns_flags << 16 |
			       (uint64_t)ask.shape.edns_size << 32 |
			       (uint64_t)ask.question.type << 48;
		bool again = false;

		for (size_t k = 0; k < n; k++)
			again |= asked[k] == key;
		if (drops && size_and_do(&ask)) {
			o.outcome = OUTCOME_TIMEOUT;
		} else if (ask.source.port && ask.transport == TRANSPORT_TCP && again) {
			o.outcome = OUTCOME_NOT_SENT;
			o.why = WHY_PORT_IN_USE;
		} else {
			o.outcome = OUTCOME_ANSWERED;
			o.msg = reply_of(RCODE_NOERROR);
			if (ask.source.port && ask.transport == TRANSPORT_TCP && n < 64)
				asked[n++] = key;
		}
		isolate_tell(s, &o, i);
	}
	isolate_result(s, &r);
	ok(r.verdict == (drops ? ISOLATE_FOUND : ISOLATE_SOUND), "what can be asked once does: %s",
		isolate_doubt_slug((enum isolate_doubt)r.doubt));
}

int main(void)
{
	struct arena *a = arena_new();

	test_found(a);
	test_several(a);
	test_cut_short(a);
	test_words(a);
	for (size_t i = 0; i < ARRAY_LEN(ends_rows); i++)
		test_ends(a, &ends_rows[i]);
	test_not(a);
	test_replay(a);
	test_dies(a);
	test_late(a);
	test_moody(a);
	test_once(a, false);
	test_once(a, true);
	arena_free(a);
	return tap_done();
}
