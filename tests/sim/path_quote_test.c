/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A trace through routers that quote no more of a packet than RFC 792 asks for, so that an error
 * says of which ask it is only when no other of that port is under way: as net/quote.h has it.
 */
#include "base/err.h"
#include "infer/path.h"
#include "net/drive.h"
#include "net/wire.h"
#include "probe/path.h"
#include "tap.h"

enum { BLOCKED = 1000, HOP_RTT = 15000, RECENT = 2000000, START = 1000000, MOST = 256 };

/* An ask that is under way, or was: errors without an id may be about it for a while. */
struct pending {
	struct observation o;
	uint64_t due; /* of the error or reply, 0: none will come */
	bool over, silent;
};

struct world {
	struct wire wire;
	unsigned int routers, last; /* the blocked port comes to the last-th router, not beyond */
	bool vague[PATH_HOPS + 1];
	uint64_t now;
	struct pending v[MOST];
	size_t n;
};

static struct world *world(struct wire *w)
{
	return (struct world *)w;
}

static uint64_t now_of(struct wire *w)
{
	return world(w)->now;
}

static size_t room_of(struct wire *w)
{
	return MOST - world(w)->n;
}

static void send_ask(struct wire *wire, const struct ask *ask)
{
	struct world *w = world(wire);
	struct pending *p = &w->v[w->n++];
	unsigned int end = ask->ttl <= w->routers ? ask->ttl : w->routers + 1;

	*p = (struct pending){ .o = { .ask = *ask, .sent = w->now } };
	if (ask->source.port == BLOCKED && end > w->last)
		return;
	p->due = w->now + end * HOP_RTT;
	p->o.outcome = OUTCOME_ANSWERED;
	if (end > w->routers)
		return;
	p->o.outcome = OUTCOME_ICMP;
	p->o.icmp = (struct icmp){ 11, 0, { .family = ADDR_V4, .ip = { 198, 18, 0, 1 } } };
	p->o.icmp.offender.ip[3] = ask->ttl;
}

/* How many asks from that port an error without an id may be about. */
static unsigned int rivals(const struct world *w, const struct pending *p)
{
	unsigned int n = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct pending *x = &w->v[i];

		n += x->o.ask.source.port == p->o.ask.source.port &&
		     (!x->over || (x->silent && x->o.sent + RECENT > w->now));
	}
	return n;
}

static uint64_t end_of(const struct pending *p)
{
	return p->due ? p->due : p->o.sent + p->o.ask.timeout;
}

static bool next_of(struct wire *wire, uint64_t until, struct observation *ret)
{
	struct world *w = world(wire);
	struct pending *p = NULL;

	for (size_t i = 0; i < w->n; i++)
		if (!w->v[i].over && (!p || end_of(&w->v[i]) < end_of(p)))
			p = &w->v[i];
	if (!p || end_of(p) > until) {
		w->now = until;
		return false;
	}
	w->now = end_of(p);
	*ret = p->o;
	ret->done = w->now;
	if (p->due && p->o.outcome == OUTCOME_ICMP && w->vague[p->o.ask.ttl] && rivals(w, p) > 1) {
		p->due = 0; /* the ask waits on, in vain */
		ret->outcome = OUTCOME_STRAY;
		ret->why = WHY_STRAY_ICMP;
		return true;
	}
	p->over = true;
	p->silent = !p->due;
	if (p->silent)
		ret->outcome = OUTCOME_TIMEOUT;
	return true;
}

static void free_of(struct wire *w)
{
	(void)w;
}

static const struct wire_ops ops = {
	.now = now_of,
	.room = room_of,
	.send = send_ask,
	.next = next_of,
	.free = free_of,
};

struct row {
	const char *name;
	unsigned int routers, last;
	unsigned int vague_from, vague_to;
	enum path_break broken;
	unsigned int after, before;
};

static const struct row rows[] = {
	{ "all quote enough", 5, 2, 1, 0, PATH_MIDWAY, 2, 3 },
	{ "none does", 5, 2, 1, 5, PATH_MIDWAY, 2, 3 },
	{ "none does, at the last step", 4, 4, 1, 4, PATH_LAST_STEP, 4, 5 },
	{ "those before the drop do not", 5, 3, 1, 3, PATH_MIDWAY, 3, 4 },
	{ "those behind the drop do not", 6, 3, 4, 6, PATH_MIDWAY, 3, 4 },
	{ "a long way", 12, 7, 1, 12, PATH_MIDWAY, 7, 8 },
};

static void trace(const struct row *r)
{
	struct arena *a = arena_new();
	struct world w = { .wire = { &ops }, .routers = r->routers, .last = r->last, .now = START };
	struct path_plan plan = { .blocked = BLOCKED,
		.question = { &name_root, 2, 1 },
		.timeout = 1000000,
		.rng = rng_seed(1) };
	struct drive drive = { .wire = &w.wire, .facts = facts_new(a) };
	struct path_results all;
	bool found;

	for (unsigned int t = r->vague_from; t <= r->vague_to; t++)
		w.vague[t] = true;
	addr_parse("203.0.113.11", &plan.server);
	plan.server.port = 53;
	drive_run(&drive, path_probe(path_new(a, &plan)));
	all = path_collect(a, drive.facts);
	found = all.n == 1 && all.v[0].broken == r->broken && all.v[0].after == r->after &&
		all.v[0].before == r->before;
	ok(found, "%s: after %u, before %u, in %.1f s", r->name, all.n ? all.v[0].after : 0,
		all.n ? all.v[0].before : 0, (double)(w.now - START) / 1e6);
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		trace(&rows[i]);
	return tap_done();
}
