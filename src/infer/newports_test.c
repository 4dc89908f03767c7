/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is made of pairs of a new port and one in use, and of lost ports that come back. */
#include "infer/newports.h"

#include "base/err.h"
#include "tap.h"

enum { FIXED = 30000, FIRST_NEW = 40000, SECOND = 1000000 };

struct world {
	struct newports *n;
	uint64_t now;
	uint8_t stream;
	uint16_t port; /* the last new one */
};

struct one {
	const char *row;
	uint16_t port;
	uint8_t stream;
	enum outcome outcome;
};

static void add(struct world *w, const struct one *x)
{
	struct observation o = { .outcome = (uint8_t)x->outcome, .sent = ++w->now };

	o.ask.row = x->row;
	o.ask.stream = x->stream;
	o.from.port = x->port;
	newports_add(w->n, &o, 0);
}

static void pair(struct world *w, uint16_t used, enum outcome new_end, enum outcome used_end)
{
	uint8_t s = ++w->stream;

	add(w, &(struct one){ NEWPORTS_NEW, ++w->port, s, new_end });
	add(w, &(struct one){ NEWPORTS_USED, used, s, used_end });
}

static void again(struct world *w, uint16_t port, enum outcome end)
{
	add(w, &(struct one){ NEWPORTS_NEW, port, 0, end });
}

static struct world begin(struct arena *a)
{
	return (struct world){ .n = newports_new(a), .now = 1, .port = FIRST_NEW };
}

/* So many pairs of which the new port alone, or the port in use alone, is lost. */
static void first(struct world *w, unsigned int fine, unsigned int lost, unsigned int other)
{
	while (fine--)
		pair(w, FIXED, OUTCOME_ANSWERED, OUTCOME_ANSWERED);
	while (lost--)
		pair(w, FIXED, OUTCOME_TIMEOUT, OUTCOME_ANSWERED);
	while (other--)
		pair(w, FIXED, OUTCOME_ANSWERED, OUTCOME_TIMEOUT);
}

static void test_first(struct arena *a)
{
	static const struct {
		unsigned int fine, lost, other;
		bool loses;
	} rows[] = { { 40, 0, 0, false }, { 20, 20, 0, true }, { 20, 18, 0, false },
		{ 20, 20, 20, false }, { 0, 40, 4, true }, { 0, 0, 40, false } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct world w = begin(a);
		struct newports_result r;

		first(&w, rows[i].fine, rows[i].lost, rows[i].other);
		r = newports_judge(w.n);
		ok(r.loses_new == rows[i].loses, "%u torn one way, %u the other: %d", rows[i].lost,
			rows[i].other, r.loses_new);
		ok(!r.comes_back && !r.found, "nothing was asked again");
	}
}

static void test_back(struct arena *a)
{
	for (unsigned int back = 0; back <= 16; back += 4) {
		struct world w = begin(a);
		uint16_t lost;

		first(&w, 20, 20, 0);
		lost = (uint16_t)(w.port - 19);
		for (unsigned int i = 0; i < 16; i++)
			again(&w, (uint16_t)(lost + i), OUTCOME_TIMEOUT);
		w.now += 4 * SECOND;
		for (unsigned int i = 0; i < back; i++)
			again(&w, (uint16_t)(lost + i), OUTCOME_ANSWERED);
		again(&w, FIXED, OUTCOME_ANSWERED); /* was not lost */
		ok(newports_judge(w.n).back == back, "%u lost ports came back", back);
		ok(newports_judge(w.n).comes_back == (back >= 12), "told from loss or not");
		is_int(newports_judge(w.n).once_lost, 16, "at once all were lost");
	}
}

/* The ports that came back are in use now: lost as often as new ones they are policed. */
static void test_second(struct arena *a)
{
	for (int policed = 0; policed < 2; policed++) {
		struct world w = begin(a);
		uint16_t lost;

		first(&w, 10, 20, 0);
		lost = (uint16_t)(w.port - 19);
		w.now += 4 * SECOND;
		for (unsigned int i = 0; i < 16; i++)
			again(&w, (uint16_t)(lost + i), OUTCOME_ANSWERED);
		for (unsigned int i = 0; i < 40; i++)
			pair(&w, (uint16_t)(lost + i % 16),
				i % 2 ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED,
				policed && i % 3 ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED);
		is_int(newports_judge(w.n).second.pairs, 40, "second pairs are told from first");
		is_int(newports_judge(w.n).first.pairs, 30, "and the other way round");
		ok(newports_judge(w.n).found == !policed, "%s",
			policed ? "a policer" : "a full table");
	}
}

static void test_odd(struct arena *a)
{
	struct world w = begin(a);

	first(&w, 0, 20, 0);
	for (uint8_t i = 1; i <= 20; i++)
		add(&w, &(struct one){ NEWPORTS_NEW, (uint16_t)(FIRST_NEW + i), i, OUTCOME_LATE });
	is_int(newports_judge(w.n).first.fresh_lost, 0, "late is not lost");
	ok(portset_empty(&w.n->lost), "nor is its port");
	w = begin(a);
	for (int i = 0; i < 20; i++)
		pair(&w, FIXED, OUTCOME_ICMP, OUTCOME_ANSWERED);
	ok(newports_judge(w.n).loses_new, "an ICMP error is no reply");
	w = begin(a);
	add(&w, &(struct one){ NEWPORTS_NEW, 1, 1, OUTCOME_TIMEOUT });
	is_int(newports_judge(w.n).first.pairs, 0, "half a pair is none");
	ok(!newports_judge(newports_new(a)).loses_new, "nothing seen is nothing found");
}

int main(void)
{
	struct arena *a = arena_new();

	test_first(a);
	test_back(a);
	test_second(a);
	test_odd(a);
	arena_free(a);
	return tap_done();
}
