// SPDX-License-Identifier: GPL-3.0-or-later
// The fetch over a simulated network: what it sends, how often, and how long it waits.
#include "probe/fetch.h"

#include "dns/rr.h"
#include "net/sim.h"
#include "tap.h"
#include "walked.h"

enum { SERVERS = 4, TYPES = 12, FULL = SERVERS * TYPES };

/* A reader of a few questions to a few servers; what the first ones say leads to one more. */
struct reader {
	struct arena *arena;
	struct ledger *ledger;
	struct addr servers[SERVERS];
	struct name name;
	unsigned int passes;
	size_t silent, replied, unsent;
	bool follow; /* ask for more once all have replied */
	bool aside;  /* all but the first server is asked on the way to something else */
};

static const uint16_t types[TYPES] = { RR_SOA, RR_NS, RR_MX, RR_TXT, RR_A, RR_SRV, RR_DNSKEY, RR_DS,
	RR_CDS, RR_CDNSKEY, RR_NSEC, RR_PTR };

static struct entry ask(struct reader *r, size_t server, uint16_t type)
{
	struct question q = { &r->name, type, CLASS_IN };

	const struct ledger_key key = { &r->servers[server], &q, MANNER_PLAIN, &name_root };

	return r->aside && server ? ledger_look_up(r->ledger, &key) : ledger_ask(r->ledger, &key);
}

static void pass(void *user)
{
	struct reader *r = user;

	ledger_pass(r->ledger);
	r->passes++;
	r->silent = r->replied = r->unsent = 0;
	for (size_t s = 0; s < SERVERS; s++)
		for (size_t t = 0; t < TYPES; t++) {
			struct entry e = ask(r, s, types[t]);

			r->silent += e.state == ENTRY_SILENT;
			r->replied += e.state == ENTRY_REPLIED;
			r->unsent += e.state == ENTRY_UNSENT;
		}
	if (r->follow && r->replied == FULL)
		ask(r, 0, RR_AAAA);
}

struct run {
	struct arena *arena;
	struct facts *facts;
	struct reader reader;
	uint64_t took; /* µs */
	const char *overran;
};

static const char *const addrs[SERVERS] = { "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::4" };

struct course {
	double loss;
	int dead; /* of the servers; -1: none */
	bool follow, no_v6, aside;
	size_t most, most_aside, most_bytes;
};

static struct run go(const struct course *c)
{
	struct sim_server servers[SERVERS] = { 0 };
	struct sim_net net = {
		.rtt = 20000, .loss = c->loss, .servers = servers, .nservers = SERVERS
	};
	struct rng rng = rng_seed(7);
	struct run x = { .arena = arena_new() };
	struct tree_plan plan = { .no_v6 = c->no_v6 };
	struct wire *wire;
	struct fetch *f;
	bool ended;

	x.facts = facts_new(x.arena);
	x.facts->tree = &plan;
	x.reader = (struct reader){ .arena = x.arena, .follow = c->follow, .aside = c->aside };
	x.reader.ledger = ledger_new(x.arena, x.facts, false);
	assert(name_parse("Example.Com", &x.reader.name) == 0);
	for (int i = 0; i < SERVERS; i++) {
		servers[i].addr = x.reader.servers[i] = world_addr(addrs[i]);
		servers[i].dead = i == c->dead;
	}
	f = fetch_new(x.arena, &(struct fetch_plan){ .ledger = x.reader.ledger,
				       .pass = pass,
				       .user = &x.reader,
				       .most = c->most,
				       .most_aside = c->most_aside,
				       .most_bytes = c->most_bytes });
	wire = sim_new(x.arena, &rng, &net);
	x.took = wire_now(wire);
	ended = walked_pump(wire, fetch_probe(f), x.facts);
	x.took = wire_now(wire) - x.took;
	x.overran = fetch_overran(f);
	assert(ended);
	x.facts->tree = NULL; /* it ends with this function */
	wire->ops->free(wire);
	return x;
}

static size_t sent_to(const struct run *x, int server)
{
	size_t n = 0;

	for (size_t i = 0; i < x->facts->n; i++)
		n += addr_equal(&x->facts->v[i]->ask.server, &x->reader.servers[server]) &&
		     x->facts->v[i]->outcome != OUTCOME_LATE;
	return n;
}

/* Names are asked for in lower case, so that one question is not asked twice. */
static bool lower_case(const struct run *x)
{
	struct name lower = name_lower(&x->reader.name);

	for (size_t i = 0; i < x->facts->n; i++)
		if (!name_same_case(x->facts->v[i]->ask.question.name, &lower))
			return false;
	return true;
}

static void test_healthy(void)
{
	struct run x = go(&(struct course){ .dead = -1, .follow = true });

	is_int(x.reader.replied, FULL, "all is answered");
	is_int(x.facts->n, FULL + 1, "each question is sent once, and the one that followed");
	ok(x.took >= 40000 && x.took < 60000, "in two round trips: %llu µs",
		(unsigned long long)x.took);
	ok(lower_case(&x), "in lower case");
	ok(x.reader.passes < 30, "in %u passes", x.reader.passes);
	arena_free(x.arena);
}

static void test_dead(void)
{
	struct run x = go(&(struct course){ .dead = 2 });

	is_int(x.reader.replied, FULL - TYPES, "the others are answered");
	is_int(x.reader.silent, TYPES, "of the dead one nothing is");
	ok(sent_to(&x, 2) >= TYPES, "it was asked each question");
	/* The first five silences leave room for doubt. */
	ok(sent_to(&x, 2) <= TYPES + 2 * 5, "few of them again: %zu asks", sent_to(&x, 2));
	ok(x.took < 4000000, "that took %llu µs", (unsigned long long)x.took);
	arena_free(x.arena);
}

static void test_loss(void)
{
	struct run x = go(&(struct course){ .loss = 0.2, .dead = -1 });

	is_int(x.reader.replied, FULL, "20%% of loss: all is answered in the end");
	ok(x.facts->n > FULL, "%zu asks", x.facts->n);
	arena_free(x.arena);

	x = go(&(struct course){ .loss = 0.3, .dead = -1 });
	is_int(x.reader.replied, FULL, "30%%, too");
	ok(x.facts->n < 2 * FULL, "%zu asks", x.facts->n);
	arena_free(x.arena);
}

static void test_family(void)
{
	struct run x = go(&(struct course){ .dead = -1, .no_v6 = true });

	is_int(sent_to(&x, 3), 0, "a family that is off is not asked");
	is_int(x.reader.unsent, TYPES, "and is known as that");
	is_int(x.reader.silent, 0, "silence it is not");
	arena_free(x.arena);
}

static void test_bound(void)
{
	struct run x = go(&(struct course){ .dead = -1, .most = 7 });

	is_int(x.facts->n, 7, "no more questions than may be");
	is_int(x.reader.unsent, FULL - 7, "the rest is not sent");
	ok(x.overran, "which is said");
	arena_free(x.arena);

	x = go(&(struct course){ .dead = -1, .aside = true, .most_aside = 5 });
	is_int(x.facts->n, TYPES + 5, "nor more look-ups");
	ok(x.overran, "which is said");
	arena_free(x.arena);

	x = go(&(struct course){ .dead = -1, .most_bytes = 1 });
	is_int(x.facts->n, 0, "nor anything that there is no memory for");
	ok(x.overran, "which is said");
	arena_free(x.arena);

	x = go(&(struct course){ .dead = -1, .aside = true });
	is_int(x.facts->n, FULL, "look-ups are like others");
	ok(!x.overran, "and no bound was met");
	arena_free(x.arena);
}

/* Facts that are read again say the same, and want nothing. */
static void test_closed(void)
{
	struct run x = go(&(struct course){ .dead = 1 });
	struct reader again = x.reader;

	again.ledger = ledger_new(x.arena, x.facts, true);
	pass(&again);
	ok(!ledger_pending(again.ledger), "nothing is missing");
	is_int(again.replied, x.reader.replied, "the same replies");
	is_int(again.silent, x.reader.silent, "the same silence");
	is_int(ask(&again, 0, RR_CAA).state, ENTRY_UNSENT, "what was not asked is not silence");
	arena_free(x.arena);
}

int main(void)
{
	test_healthy();
	test_dead();
	test_loss();
	test_family();
	test_bound();
	test_closed();
	return tap_done();
}
