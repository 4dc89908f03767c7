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
		if (r->set & factor_bit(i))
			buf_printf(&b, "%s%s", b.n ? " " : "", factor_slug(a, &r->pair.v[i]));
	return buf_text(&b);
}

static void test_found(struct arena *a)
{
	static const struct plant pair = { size_and_do, -1 }, type = { tlsa, RCODE_SERVFAIL };
	struct isolate_result r;

	run(a, &pair, &r);
	is_str(set_text(a, &r), "do edns-size", "two factors together");
	ok(r.verdict == ISOLATE_FOUND && r.kind == ISOLATE_SILENT, "found by silence");
	ok(size_and_do(&r.with) && !size_and_do(&r.without) && r.without.shape.edns,
		"two queries that differ in these alone");
	ok(r.failures >= 4 && r.replies && r.trials <= 60, "%u failures, %u asks", r.failures,
		r.trials);
	run(a, &type, &r);
	is_str(set_text(a, &r), "qtype", "one factor, by an error");
	ok(r.kind == ISOLATE_RCODE && r.code == RCODE_SERVFAIL, "the error is told");
	ok(r.trials <= 8, "errors take no second ask: %u", r.trials);
}

static void test_not(struct arena *a)
{
	static const struct plant dead = { always, -1 }, refused = { always, RCODE_REFUSED },
				  sound = { never, -1 };
	struct isolate_result r;

	run(a, &dead, &r);
	ok(r.verdict == ISOLATE_UNTOLD && r.doubt == ISOLATE_BROKEN && !r.set,
		"of a dead server nothing is told");
	run(a, &refused, &r);
	ok(r.verdict == ISOLATE_UNTOLD && r.doubt == ISOLATE_BROKEN, "nor of one that refuses all");
	run(a, &sound, &r);
	ok(r.verdict == ISOLATE_SOUND && r.trials == 2, "what is answered does not fail");
}

static void test_replay(struct arena *a)
{
	static const struct plant pair = { size_and_do, -1 };
	struct isolate_result r;
	struct facts *f = run(a, &pair, &r), *half = facts_new(a), *other = facts_new(a);
	const struct isolate_result *again = isolate_collect(a, f);

	ok(again && again->verdict == r.verdict && again->set == r.set &&
			again->trials == r.trials && again->failures == r.failures &&
			again->with_index == r.with_index && again->without_index < f->n,
		"facts tell the same");
	for (size_t i = 0; i < f->n; i++) {
		if (i < f->n / 2)
			facts_add(half, f->v[i]);
		if (i != 4)
			facts_add(other, f->v[i]);
	}
	again = isolate_collect(a, half);
	ok(again && again->verdict == ISOLATE_UNTOLD && again->doubt == ISOLATE_CUT,
		"half of them do not tell");
	again = isolate_collect(a, other);
	ok(again && again->verdict == ISOLATE_UNTOLD && again->doubt == ISOLATE_CUT,
		"nor do facts with one left out");
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

int main(void)
{
	struct arena *a = arena_new();

	test_found(a);
	test_not(a);
	test_replay(a);
	test_dies(a);
	arena_free(a);
	return tap_done();
}
