/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search, told by hand what came of its asks. */
#include "infer/isolate.h"

#include <string.h>

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
	static struct msg m;

	m = (struct msg){ .has_header = true, .flags = FLAG_QR, .rcode = rcode };
	return &m;
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
