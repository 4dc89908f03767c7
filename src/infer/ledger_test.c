// SPDX-License-Identifier: GPL-3.0-or-later
// The ledger: what is asked once, what is wanted, and what observations make of it.
#include "infer/ledger.h"

#include "dns/rr.h"
#include "tap.h"

struct book {
	struct arena *arena;
	struct facts *facts;
	struct ledger *ledger;
	struct addr server;
	struct name name;
};

static struct book open_book(bool closed, const struct tree_plan *plan)
{
	struct book b = { .arena = arena_new() };

	b.facts = facts_new(b.arena);
	b.facts->tree = arena_dup(b.arena, plan, sizeof(*plan));
	ok(addr_parse("192.0.2.1", &b.server) == 0 && name_parse("Example.", &b.name) == 0,
		"a server and a name");
	b.server = addr_with_port(b.server, 53);
	b.ledger = ledger_new(b.arena, b.facts, closed);
	return b;
}

static struct entry ask(struct book *b, enum manner manner)
{
	struct question q = { &b->name, RR_SOA, CLASS_IN };
	struct addr server = addr_with_port(b->server, 0);

	return ledger_ask(b->ledger, &(struct ledger_key){ &server, &q, manner, &name_root });
}

static struct entry peek(struct book *b, enum manner manner)
{
	struct question q = { &b->name, RR_SOA, CLASS_IN };

	return ledger_peek(b->ledger, &(struct ledger_key){ &b->server, &q, manner, &name_root });
}

/* What comes of one ask of a manner: over that transport, with those flags of the reply. */
struct came {
	enum manner manner;
	enum transport transport;
	enum outcome outcome;
	uint16_t flags;
	enum why why;
};

static void observe(struct book *b, const struct came *c)
{
	struct name lower = name_lower(&b->name);
	struct question q = { name_keep(b->arena, &lower), RR_SOA, CLASS_IN };
	struct observation o = {
		.ask = { .server = b->server,
			.transport = (uint8_t)c->transport,
			.role = ROLE_TREE,
			.question = q,
			.shape = manner_table[c->manner].shape },
		.outcome = (uint8_t)c->outcome,
		.why = (uint8_t)c->why,
		.sent = 1000,
		.done = 21000,
	};
	struct buf wire = { .arena = b->arena };

	if (c->outcome == OUTCOME_ANSWERED || c->outcome == OUTCOME_LATE) {
		query_build(&wire, &o.ask.shape, &q, 7);
		wire.p[2] |= 0x80U | (uint8_t)(c->flags >> 8U);
		o.msg = msg_read(b->arena, buf_span(&wire));
	}
	facts_add(b->facts, &o);
	ledger_pass(b->ledger);
}

static void test_once(void)
{
	struct book b = open_book(false, &(struct tree_plan){ 0 });
	struct ledger_slot *s;

	is_int(peek(&b, MANNER_PLAIN).state, ENTRY_UNSENT, "who only looks wants nothing");
	is_int((int64_t)ledger_slots(b.ledger), 0, "and notes nothing");
	is_int(ask(&b, MANNER_PLAIN).state, ENTRY_PENDING, "who asks waits");
	ok(ledger_pending(b.ledger), "the pass lacks something");
	ask(&b, MANNER_PLAIN);
	s = ledger_wanted(b.ledger);
	ok(s && s->host->addr.port == 53, "it is wanted, from port 53");
	ok(s && name_same_case(s->question.name, &(struct name){ 9, "\7example" }),
		"in lower case");
	ok(!ledger_wanted(b.ledger), "once");
	observe(&b, &(struct came){ MANNER_PLAIN, TRANSPORT_UDP, OUTCOME_ANSWERED, 0, WHY_NONE });
	is_int(ask(&b, MANNER_PLAIN).state, ENTRY_REPLIED, "the reply is there");
	ok(!ledger_pending(b.ledger), "the pass lacks nothing");
	is_int((int64_t)ask(&b, MANNER_PLAIN).index, 0, "with its place in the facts");
	is_int((int64_t)ledger_host(b.ledger, &b.server)->rtt, 20000, "and the time that it took");
	is_int(ask(&b, MANNER_EDNS).state, ENTRY_PENDING,
		"in another manner it is another question");
	is_int(ask(&b, MANNER_CASE).state, ENTRY_PENDING, "and so it is in other letters");
	arena_free(b.arena);
}

static void test_silence(void)
{
	struct book b = open_book(false, &(struct tree_plan){ 0 });
	static const struct came silence = { MANNER_PLAIN, TRANSPORT_UDP, OUTCOME_TIMEOUT, 0, 0 };
	static const struct came late = { MANNER_PLAIN, TRANSPORT_UDP, OUTCOME_LATE, 0, 0 };
	struct ledger_slot *s;

	ask(&b, MANNER_PLAIN);
	s = ledger_wanted(b.ledger);
	observe(&b, &silence);
	is_int(ask(&b, MANNER_PLAIN).state, ENTRY_PENDING, "one silent try is not the end");
	s->state = SLOT_DONE;
	is_int(ask(&b, MANNER_PLAIN).state, ENTRY_SILENT, "given up: silent");
	is_int(ledger_host(b.ledger, &b.server)->silences, 1, "it is counted");
	observe(&b, &late);
	is_int(ask(&b, MANNER_PLAIN).state, ENTRY_REPLIED, "a late reply is a reply");
	observe(&b, &silence);
	is_int(ask(&b, MANNER_PLAIN).state, ENTRY_REPLIED, "and later silence takes nothing away");
	arena_free(b.arena);
}

static void test_truncated(void)
{
	struct book b = open_book(false, &(struct tree_plan){ 0 });
	static const struct came cut = { MANNER_DNSSEC, TRANSPORT_UDP, OUTCOME_ANSWERED, FLAG_TC,
		0 };
	static const struct came small = { MANNER_SMALL, TRANSPORT_UDP, OUTCOME_ANSWERED, FLAG_TC,
		0 };
	static const struct came whole = { MANNER_DNSSEC, TRANSPORT_TCP, OUTCOME_ANSWERED, FLAG_AA,
		0 };
	static const struct came closed = { MANNER_DNSSEC, TRANSPORT_TCP, OUTCOME_REFUSED, 0, 0 };
	struct ledger_slot *tcp;

	ask(&b, MANNER_DNSSEC);
	ledger_wanted(b.ledger);
	observe(&b, &cut);
	is_int(ask(&b, MANNER_DNSSEC).state, ENTRY_PENDING, "TC: the reply over TCP is waited for");
	tcp = ledger_wanted(b.ledger);
	ok(tcp && tcp->transport == TRANSPORT_TCP, "and wanted");
	observe(&b, &closed);
	if (tcp)
		tcp->state = SLOT_DONE;
	ok(ask(&b, MANNER_DNSSEC).truncated, "without one over TCP the truncated one counts");
	observe(&b, &whole);
	ok(!ask(&b, MANNER_DNSSEC).truncated, "with one it does not");
	ok(ask(&b, MANNER_DNSSEC).msg->flags & FLAG_AA, "it is that over TCP");
	ask(&b, MANNER_SMALL);
	ledger_wanted(b.ledger);
	observe(&b, &small);
	ok(ask(&b, MANNER_SMALL).truncated && !ledger_wanted(b.ledger),
		"where TC is the question TCP is not asked");
	arena_free(b.arena);
}

static void test_unsent(void)
{
	struct book b = open_book(false, &(struct tree_plan){ .no_v4 = true });
	static const struct came no_route = { MANNER_PLAIN, TRANSPORT_UDP, OUTCOME_NOT_SENT, 0,
		WHY_NO_ROUTE };

	is_int(ask(&b, MANNER_PLAIN).state, ENTRY_UNSENT, "a family that is off");
	ok(!ledger_wanted(b.ledger) && !ledger_pending(b.ledger), "nothing is sent or waited for");
	arena_free(b.arena);

	b = open_book(false, &(struct tree_plan){ .no_v6 = true });
	ask(&b, MANNER_PLAIN);
	ledger_wanted(b.ledger)->state = SLOT_DONE;
	observe(&b, &no_route);
	is_int(ask(&b, MANNER_PLAIN).state, ENTRY_UNSENT, "no route");
	is_int(ask(&b, MANNER_EDNS).state, ENTRY_UNSENT, "nor is anything else sent there");
	arena_free(b.arena);
}

static void test_tape(void)
{
	struct book b = open_book(true, &(struct tree_plan){ 0 });
	static const struct came silence = { MANNER_EDNS, TRANSPORT_UDP, OUTCOME_TIMEOUT, 0, 0 };

	is_int(ask(&b, MANNER_PLAIN).state, ENTRY_UNSENT, "closed: what is missing was never sent");
	observe(&b, &silence);
	is_int(ask(&b, MANNER_EDNS).state, ENTRY_SILENT, "closed: silence is final");
	ok(!ledger_pending(b.ledger) && !ledger_wanted(b.ledger), "closed: nothing is wanted");
	arena_free(b.arena);
}

int main(void)
{
	test_once();
	test_silence();
	test_truncated();
	test_unsent();
	test_tape();
	return tap_done();
}
