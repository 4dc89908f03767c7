/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that is done once and lent: who waits, who is given what, what is forgotten. */
#include "probe/stock.h"

#include "dns/rr.h"
#include "tap.h"

enum { ASKS = 5, SECOND = 1000000, ROOM = 8000 };

/* Asks so many times, from ports 1, 2, 3 …, at once. */
struct asker {
	struct probe probe;
	struct addr server;
	unsigned int asked, replied, recalled;
	bool ended; /* all was recalled */
};

static enum want want(struct probe *p, uint64_t now, struct ask *ret, uint64_t *ret_wake)
{
	struct asker *a = (struct asker *)p;

	(void)now;
	*ret_wake = PROBE_NO_WAKE;
	if (a->asked == ASKS)
		return a->replied == ASKS ? WANT_DONE : WANT_WAIT;
	*ret = (struct ask){ .owner = p,
		.server = a->server,
		.source.port = (uint16_t)++a->asked,
		.role = ROLE_SWEEP,
		.brief = true,
		.question = { &name_root, RR_NS, CLASS_IN },
		.zone = &name_root,
		.shape = shape_iterative };
	return WANT_ASK;
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	(void)o;
	(void)now;
	((struct asker *)p)->replied++;
}

static void recall(struct probe *p, const struct observation *o)
{
	struct asker *a = (struct asker *)p;

	a->recalled += o != NULL;
	a->ended |= !o;
}

static const struct probe_ops ops = { .want = want, .reply = reply, .recall = recall };

/* One run, with facts of its own. */
struct one {
	struct arena *arena;
	struct stock_lend lend;
	struct asker asker;
	struct probe *loan;
	struct ask asks[ASKS + 1];
	unsigned int n;
	enum want last;
};

static void begin(struct one *r, struct stock *s, struct stock_key key)
{
	*r = (struct one){ .arena = arena_new() };
	r->lend =
		(struct stock_lend){ .stock = s, .arena = r->arena, .facts = facts_new(r->arena) };
	r->asker = (struct asker){ .probe = { &ops }, .server = key.server };
	r->loan = stock_loan(&r->lend, &key, &r->asker.probe);
}

/* Until it waits or is done. */
static enum want turn(struct one *r, uint64_t now)
{
	uint64_t wake;

	do
		r->last = probe_want(r->loan, now, &r->asks[r->n], &wake);
	while (r->last == WANT_ASK && r->n++ < ASKS);
	return r->last;
}

/* Silence to every other ask. */
static void answer_all(struct one *r, uint64_t now)
{
	static const uint8_t wire[FACTS_HEADER] = { 0x12, 0x34, 0x84 };

	for (unsigned int i = 0; i < r->n; i++) {
		struct observation o = { .ask = r->asks[i],
			.outcome = i % 2 ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED,
			.sent = now,
			.done = now + 7 };

		if (o.outcome == OUTCOME_ANSWERED)
			o.msg = facts_header(r->arena, (struct span){ wire, sizeof(wire) });
		probe_reply(o.ask.owner, facts_add(r->lend.facts, &o), now);
	}
}

static void do_all(struct one *r, uint64_t now)
{
	turn(r, now);
	answer_all(r, now);
	turn(r, now);
}

static struct stock_key key(const char *server, uint64_t of)
{
	struct stock_key k = { .work = STOCK_SWEEP, .of = of };

	addr_parse_port(server, &k.server);
	return k;
}

static bool same(const struct facts *a, const struct facts *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++) {
		const struct observation *x = a->v[i], *y = b->v[i];

		same = x->ask.source.port == y->ask.source.port && x->outcome == y->outcome &&
		       x->sent == y->sent && x->done == y->done && !x->msg == !y->msg &&
		       (!x->msg || (x->msg->id == y->msg->id && x->msg->flags == y->msg->flags)) &&
		       addr_equal(&x->ask.server, &y->ask.server) &&
		       shape_equal(&x->ask.shape, &y->ask.shape) && x->ask.brief == y->ask.brief;
	}
	return same;
}

static void test_lent(void)
{
	struct stock *s = stock_new(&(struct stock_conf){ .most = 1 << 20, .life = SECOND });
	struct one first, waits, later;
	struct stock_totals t;
	struct name zone;

	begin(&first, s, key("192.0.2.1#53", 0));
	begin(&waits, s, key("192.0.2.1#53", 0));
	begin(&later, s, key("192.0.2.1#53", 0));
	name_parse("example.com", &zone);
	later.lend.zone = &zone;
	is_int(turn(&first, 10), WANT_WAIT, "the first one works");
	is_int(first.n, ASKS, "and asks all");
	is_int(turn(&waits, 10), WANT_WAIT, "another waits");
	is_int(waits.n, 0, "without a packet");
	answer_all(&first, 20);
	is_int(turn(&first, 20), WANT_DONE, "the first is done");
	is_int(turn(&waits, 20), WANT_DONE, "and so is who waited");
	is_int(turn(&later, 30), WANT_DONE, "who comes later need not wait");
	is_int(waits.n + later.n, 0, "neither sent a packet");
	ok(same(first.lend.facts, waits.lend.facts) && same(first.lend.facts, later.lend.facts),
		"both were given what the first has seen");
	is_int(later.asker.recalled, ASKS, "the probe was told of each");
	ok(later.asker.ended && !first.asker.ended, "and that these were all");
	ok(later.lend.facts->v[0]->ask.work == WORK_BORROWED, "what is lent is marked");
	ok(first.lend.facts->v[0]->ask.work != WORK_BORROWED, "what was sent is not");
	ok(later.lend.facts->v[0]->ask.zone == &zone &&
			name_equal(waits.lend.facts->v[0]->ask.zone, &name_root),
		"it is about the zone of who borrows");
	t = stock_totals(s);
	ok(t.done == 1 && t.lent == 2 && t.held > 0, "it is counted");
	arena_free(first.arena);
	arena_free(waits.arena);
	arena_free(later.arena);
	stock_free(s);
}

static void test_apart(void)
{
	struct stock *s = stock_new(&(struct stock_conf){ .most = 1 << 20, .life = SECOND });
	static const struct {
		const char *server, *what;
		uint64_t of;
		uint64_t now;
		unsigned int asks;
	} rows[] = {
		{ "192.0.2.1#53", "the first", 0, 10, ASKS },
		{ "192.0.2.2#53", "another server", 0, 10, ASKS },
		{ "192.0.2.1#5353", "another port of it", 0, 10, ASKS },
		{ "192.0.2.1#53", "something else of it", 1, 10, ASKS },
		{ "192.0.2.1#53", "the same", 0, 11, 0 },
		{ "192.0.2.1#53", "the same after its life", 0, SECOND + 10, ASKS },
		{ "192.0.2.1#53", "which has a new life", 0, SECOND + 20, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct one r;

		begin(&r, s, key(rows[i].server, rows[i].of));
		do_all(&r, rows[i].now);
		ok(r.n == rows[i].asks && r.last == WANT_DONE && r.lend.facts->n == ASKS,
			"%s: %u asks", rows[i].what, rows[i].asks);
		arena_free(r.arena);
	}
	stock_free(s);
}

/* Room for two: what nobody needed goes. */
static void test_bound(void)
{
	struct stock *s = stock_new(&(struct stock_conf){ .most = ROOM, .life = SECOND });
	static const struct {
		const char *server;
		unsigned int asks;
	} rows[] = { { "192.0.2.1#53", ASKS }, { "192.0.2.2#53", ASKS }, { "192.0.2.1#53", 0 },
		{ "192.0.2.3#53", ASKS }, { "192.0.2.1#53", 0 }, { "192.0.2.2#53", ASKS } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct one r;

		begin(&r, s, key(rows[i].server, 0));
		do_all(&r, 10 + i);
		ok(r.n == rows[i].asks, "row %zu: %s, %u asks, %zu octets held", i, rows[i].server,
			rows[i].asks, stock_totals(s).held);
		arena_free(r.arena);
	}
	ok(stock_totals(s).held <= ROOM, "no more is held than may be");
	is_int(stock_totals(s).dropped, 2, "two went");
	stock_free(s);
}

static void test_none(void)
{
	struct one r;

	begin(&r, NULL, key("192.0.2.1#53", 0));
	ok(r.loan == &r.asker.probe, "without a stock nothing stands between");
	arena_free(r.arena);
}

/* A run that ends in the middle of its work leaves nothing behind that leaks. */
static void test_stopped(void)
{
	struct stock *s = stock_new(&(struct stock_conf){ .most = ROOM, .life = SECOND });
	struct one r;

	begin(&r, s, key("192.0.2.1#53", 0));
	turn(&r, 10);
	arena_free(r.arena);
	stock_free(s);
	ok(true, "a run that is stopped");
}

int main(void)
{
	test_lent();
	test_apart();
	test_bound();
	test_none();
	test_stopped();
	return tap_done();
}
