/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of the inference of blocked source ports, on tables and facts made by hand. */
#include "infer/ports.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/ports_depth.h"
#include "tap.h"

enum { DEEP = 40 };

/* A path that loses `lost` of `sent` steady asks. */
static struct ports_table *table(struct arena *a, unsigned int sent, unsigned int lost)
{
	struct ports_table *t = ports_table_new(a);

	t->steady_sent = t->sent = sent;
	t->steady_lost = lost;
	t->answered = sent - lost;
	return t;
}

static void put(struct ports_table *t, uint16_t port, uint16_t replies, uint16_t silent)
{
	*ports_tally_of(t, port) = (struct port_tally){ .replies = replies,
		.silent = silent,
		.weight = (float)(-log(ports_loss_upper(t)) * silent) };
	t->answered += replies;
	portset_add(&t->asked, port);
}

/* Every 64th port and the seeds: blocked ones deep in silence, others answered once. */
static void fill(struct ports_table *t, const struct portset *blocked)
{
	for (uint32_t p = 10; p < 65536; p += 64)
		put(t, (uint16_t)p, !portset_has(blocked, (uint16_t)p),
			portset_has(blocked, (uint16_t)p) ? DEEP : 0);
	for (unsigned int i = 0; i < ports_nseeds; i++) {
		bool b = portset_has(blocked, ports_seeds[i]);

		put(t, ports_seeds[i], !b, b ? DEEP : 0);
	}
}

static const struct ports_scope whole = { .ports = &ports_all };

static void check_blocked(struct ports_table *t, const char *want, const char *name)
{
	struct arena *a = arena_new();
	struct ports_result r;
	struct buf b = { .arena = a };

	ports_judge(t, &whole, &r);
	portset_text(&r.blocked, &b);
	is_str(buf_text(&b), want, name);
	arena_free(a);
}

static void check_needs(struct ports_table *t, const char *want, const char *name)
{
	struct arena *a = arena_new();
	struct portset needs;
	struct buf b = { .arena = a };

	ports_needs(t, &whole, &needs);
	portset_text(&needs, &b);
	is_str(buf_text(&b), want, name);
	arena_free(a);
}

static void test_story(struct arena *a)
{
	struct ports_table *t = table(a, 100, 0);
	struct portset low;
	struct ports_result r;

	portset_parse("1-52,54-1023", &low, NULL);
	fill(t, &low);
	for (uint16_t port = 1; port < 53; port++)
		put(t, port, 0, DEEP);
	check_needs(t, "53,1024", "story: open ports at boundaries have to answer twice");
	put(t, 53, 2, 0);
	put(t, 1024, 2, 0);
	check_needs(t, "", "story: decided when both sides of each boundary are known");
	check_blocked(t, "1-52,54-1023", "story: blocked set");
	ports_judge(t, &whole, &r);
	is_int(r.pattern, PATTERN_RANGES, "story: a set of ranges");
	ok(r.confidence > 0.999999, "story: sure");
	ok(r.undiscovered > 0.005 && r.undiscovered < 0.02, "story: bound on what was not found");
	t->untested = (struct portset){ 0 };
	portset_add(&t->untested, 53);
	*ports_tally_of(t, 53) = (struct port_tally){ 0 };
	portset_remove(&t->asked, 53);
	check_blocked(t, "1-52,54-1023", "a port that could not be tested is never called blocked");
}

static void test_none(struct arena *a)
{
	struct ports_table *t = table(a, 100, 0);
	const struct portset nothing = { 0 };
	struct ports_result r;

	fill(t, &nothing);
	ports_judge(t, &whole, &r);
	is_int(r.pattern, PATTERN_NONE, "nothing blocked: none");
	ok(r.complete, "nothing blocked: complete");
	put(t, 11211, 0, 1);
	ports_judge(t, &whole, &r);
	is_int(r.pattern, PATTERN_UNKNOWN, "one silence is not a filter, and not a clean bill");
	check_needs(t, "11211", "one silence is asked again");
	put(t, 11211, 1, 1);
	ports_judge(t, &whole, &r);
	is_int(r.pattern, PATTERN_NONE, "one reply clears any silence");
}

static void test_boundaries(struct arena *a)
{
	struct ports_table *t = table(a, 100, 0);

	put(t, 20000, 1, 0);
	put(t, 20256, 0, DEEP);
	put(t, 20512, 0, DEEP);
	put(t, 20768, 0, DEEP);
	put(t, 21024, 1, 0);
	check_needs(t, "20128,20896", "boundaries between open and silent ports are halved");
	put(t, 20128, 0, 1);
	check_needs(t, "20128,20896", "a silent midpoint is asked again first");
	put(t, 20128, 0, DEEP);
	put(t, 20896, 1, 0);
	check_needs(t, "20064,20832", "then the next midpoints");
	put(t, 8192, 1, 0);
	put(t, 9999, 0, DEEP);
	put(t, 10001, 0, DEEP);
	put(t, 10002, 2, 0);
	put(t, 9998, 2, 0);
	check_needs(t, "10000,20064,20832", "between two silent seeds one port is asked");
	put(t, 10000, 1, 0);
	put(t, 30000, 1, 0);
	put(t, 30718, 0, DEEP);
	put(t, 31000, 1, 0);
	check_needs(
		t, "10000,20064,20832,30717,30719", "beside a lone seed its neighbours come first");
}

static void test_doubts(struct arena *a)
{
	struct ports_table *lossy = table(a, 200, 140), *dead = ports_table_new(a);
	struct ports_table *hash = table(a, 100, 0);
	struct ports_result r;
	const struct portset nothing = { 0 };

	fill(lossy, &nothing);
	ports_judge(lossy, &whole, &r);
	is_int(r.doubt, DOUBT_LOSS, "over half lost: too lossy to judge");
	for (uint16_t i = 0; i < 20; i++)
		put(dead, (uint16_t)(1000 + 3000 * i), 0, 2);
	ports_judge(dead, &whole, &r);
	is_int(r.pattern, PATTERN_ALL, "no reply from scattered ports: all");
	for (uint32_t block = 0; block < 256; block++)
		put(hash, (uint16_t)(block * 256 + 77), block % 4 != 0, block % 4 ? 0 : DEEP);
	ports_judge(hash, &whole, &r);
	is_int(r.doubt, DOUBT_SCATTER, "every fourth stratum silent: no set of ranges");
	ok(portset_empty(&r.blocked), "and no port is named");
}

static void test_named(struct arena *a)
{
	struct ports_table *t = table(a, 100, 0);
	const struct portset nothing = { 0 };
	struct ports_result r;
	struct buf b = { .arena = a };

	fill(t, &nothing);
	for (unsigned int i = 0; i < ports_nof_named; i++) {
		uint16_t p = ports_of_named[i].lo;

		put(t, (uint16_t)(p - 1), 2, 0);
		put(t, p, 0, DEEP);
		put(t, (uint16_t)(p + 1), 2, 0);
	}
	ports_judge(t, &whole, &r);
	is_int(r.pattern, PATTERN_NONE, "what BIND drops by itself is no filter");
	portset_text(&r.own, &b);
	is_str(buf_text(&b), "7,13,19,37", "but is said");
	put(t, 13, 1, 0);
	ports_judge(t, &whole, &r);
	b.n = 0;
	portset_text(&r.blocked, &b);
	is_str(buf_text(&b), "7,19,37", "without the whole signature it is a filter");
	is_int(r.pattern, PATTERN_RANGES, "a set of ranges");
}

static void test_depth(struct arena *a)
{
	static const struct {
		unsigned int lost, least, most;
	} rows[] = { { 0, 4, 7 }, { 10, 9, 13 }, { 30, 16, 22 }, { 49, 27, 36 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned int k = ports_depth_edge(table(a, 100, rows[i].lost), &whole);

		ok(k >= rows[i].least && k <= rows[i].most, "%u%% loss: %u silences at a boundary",
			rows[i].lost, k);
	}
}

static struct observation seen(uint16_t port, enum role role, uint64_t sent, bool lost)
{
	struct observation o = {
		.ask = { .role = (uint8_t)role, .source = { .port = port } },
		.outcome = lost ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED,
		.sent = sent,
		.done = sent + 1000,
	};

	addr_parse_port("192.0.2.1#53", &o.ask.server);
	return o;
}

static void test_tally(struct arena *a)
{
	struct facts *f = facts_new(a);
	struct ports_subject s = { 0 };
	struct ports_table *t;
	const struct observation list[] = {
		seen(5000, ROLE_STEADY, 1000, true),
		seen(77, ROLE_SWEEP, 2000, true),
		seen(5000, ROLE_STEADY, 3000, true),
		seen(78, ROLE_SWEEP, 4000, true),
		seen(5000, ROLE_STEADY, 5000, false),
		seen(79, ROLE_SWEEP, 6000, false),
	};
	struct observation other = seen(80, ROLE_SWEEP, 7000, true);
	struct observation held = seen(81, ROLE_SWEEP, 0, true);
	struct observation late = seen(78, ROLE_SWEEP, 4000, false);

	/* In reverse: the order of arrival does not matter. */
	for (size_t i = sizeof(list) / sizeof(list[0]); i-- > 0;)
		facts_add(f, &list[i]);
	other.ask.server.port = 5353;
	facts_add(f, &other);
	held.outcome = OUTCOME_NOT_SENT;
	held.why = WHY_PORT_IN_USE;
	facts_add(f, &held);
	addr_parse_port("192.0.2.1#53", &s.server);
	t = ports_tally(a, f, &s);
	is_int(t->steady_sent, 3, "tally: steady asks");
	is_int(t->steady_lost, 2, "tally: steady losses");
	is_int(ports_at(t, 77)->silent, 0, "tally: a silence between lost steady asks is void");
	is_int(t->voided, 1, "tally: and counted as such");
	is_int(ports_at(t, 78)->silent, 1, "tally: a silence beside an answered steady ask counts");
	is_int(ports_at(t, 79)->replies, 1, "tally: a reply counts");
	is_int(ports_at(t, 80)->silent, 0, "tally: another server is another subject");
	ok(portset_has(&t->untested, 81) && ports_why(t, 81) == WHY_PORT_IN_USE,
		"tally: why not sent");
	held.ask.source.port = 79;
	facts_add(f, &held);
	t = ports_tally(a, f, &s);
	ok(!portset_has(&t->untested, 79), "tally: a port that was used is not untested");
	late.outcome = OUTCOME_LATE;
	facts_add(f, &late);
	t = ports_tally(a, f, &s);
	is_int(ports_at(t, 78)->replies, 1, "tally: a late reply proves the port open");
}

int main(void)
{
	struct arena *a = arena_new();

	is_int(portset_count(&ports_all), 65535, "all ports but 0");
	test_story(a);
	test_none(a);
	test_boundaries(a);
	test_doubts(a);
	test_named(a);
	test_depth(a);
	test_tally(a);
	arena_free(a);
	return tap_done();
}
