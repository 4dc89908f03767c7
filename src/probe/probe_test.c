/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of probes: turns, the earliest wake, the end. */
#include "probe/probe.h"

#include "tap.h"

/* Asks count times, one ask a call; then waits for wake; then is done. */
struct script {
	struct probe probe;
	size_t asks, replies, begun;
	uint64_t wake; /* 0: done after the asks */
	const char *phase;
};

static void script_begin(struct probe *p, uint64_t now)
{
	(void)now;
	((struct script *)p)->begun++;
}

static enum want script_want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct script *s = (struct script *)p;

	if (s->asks > 0) {
		s->asks--;
		*ret_ask = (struct ask){ .owner = p };
		return WANT_ASK;
	}
	if (now >= s->wake)
		return WANT_DONE;
	*ret_wake = s->wake;
	return WANT_WAIT;
}

static void script_reply(struct probe *p, const struct observation *o, uint64_t now)
{
	(void)o;
	(void)now;
	((struct script *)p)->replies++;
}

static void script_progress(const struct probe *p, struct progress *ret)
{
	const struct script *s = (const struct script *)p;

	*ret = (struct progress){ .phase = s->phase, .asked = 1, .expected = 10, .found = 2 };
}

static const struct probe_ops script_ops = { .begin = script_begin,
	.want = script_want,
	.reply = script_reply,
	.progress = script_progress };
static const struct probe_ops bare_ops = { .want = script_want, .reply = script_reply };

static void test_turns(void)
{
	struct script a = { { &script_ops }, .asks = 3 }, b = { { &script_ops }, .asks = 2 };
	struct probe *children[] = { &a.probe, &b.probe };
	struct probe_group g;
	struct ask ask;
	uint64_t wake;
	char order[8] = "";

	probe_group_init(&g, children, 2);
	probe_begin(&g.probe, 0);
	is_int((int64_t)(a.begun + b.begun), 2, "every child is begun once");
	for (size_t i = 0; i < 5; i++) {
		if (probe_want(&g.probe, 0, &ask, &wake) != WANT_ASK)
			break;
		order[i] = ask.owner == &a.probe ? 'a' : 'b';
	}
	is_str(order, "ababa", "children take turns");
	is_int(probe_want(&g.probe, 0, &ask, &wake), WANT_DONE, "done when all are");
}

static void test_wake(void)
{
	struct script a = { { &script_ops }, .wake = 70 }, b = { { &script_ops }, .wake = 30 };
	struct probe *children[] = { &a.probe, &b.probe };
	struct probe_group g;
	struct ask ask;
	uint64_t wake = 0;

	probe_group_init(&g, children, 2);
	is_int(probe_want(&g.probe, 0, &ask, &wake), WANT_WAIT, "waits when all wait");
	is_int((int64_t)wake, 30, "until the earliest wake");
	is_int(probe_want(&g.probe, 40, &ask, &wake), WANT_WAIT, "one done, one waits");
	is_int((int64_t)wake, 70, "until the other's wake");
	is_int(probe_want(&g.probe, 80, &ask, &wake), WANT_DONE, "both done");
}

static void test_progress(void)
{
	struct script a = { { &script_ops }, .phase = "first" };
	struct script b = { { &script_ops }, .wake = 9, .phase = "second" };
	struct script c = { { &bare_ops }, .wake = 9 };
	struct probe *children[] = { &a.probe, &b.probe, &c.probe };
	struct probe_group g;
	struct progress p;
	struct ask ask;
	uint64_t wake;

	probe_group_init(&g, children, 3);
	p = probe_progress(&g.probe);
	is_str(p.phase, "first", "phase of the first child");
	is_int((int64_t)p.expected, 20, "progress adds up");
	is_int((int64_t)p.found, 4, "found adds up");
	probe_want(&g.probe, 0, &ask, &wake);
	is_str(probe_progress(&g.probe).phase, "second", "phase of the first busy child");
	is_int((int64_t)probe_progress(&c.probe).asked, 0, "zero for a probe that does not tell");
}

static void test_reply(void)
{
	struct script a = { { &bare_ops }, .wake = 9 };
	struct observation o = { .ask.owner = &a.probe };
	struct probe_group g;
	struct ask ask;
	uint64_t wake;

	probe_begin(&a.probe, 0);
	probe_reply(o.ask.owner, &o, 0);
	is_int((int64_t)a.replies, 1, "a reply reaches its owner");
	probe_group_init(&g, NULL, 0);
	is_int(probe_want(&g.probe, 0, &ask, &wake), WANT_DONE, "an empty group is done");
}

int main(void)
{
	test_turns();
	test_wake();
	test_progress();
	test_reply();
	return tap_done();
}
