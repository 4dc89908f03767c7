/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strips of all source ports, and the parts of them in which something is blocked, larger. */
#include "render/picture.h"

#include "base/err.h"
#include "render/sweep_words.h"

enum {
	PORTS = 65536,
	STRIPS_MOST = 12,
	SWEEPS_MOST = 250,
	WINDOWS_MOST = 3, /* beside that of all ports */
	WINDOW_LEAST = 64,
	WINDOW_MOST = 16384,
	GAP = 2048, /* open ports that part two clusters */
	KNOWN_MOST = 10,
	RANGES_MOST = 12,
	RUNS_MOST = 512, /* of a picture */
};

/* IANA's service names, and bounds that systems draw between ports. */
static const struct {
	uint16_t port;
	const char *name;
	bool bound;
} known[] = {
	{ 19, "chargen", false },
	{ 53, "domain", false },
	{ 111, "sunrpc", false },
	{ 123, "ntp", false },
	{ 161, "snmp", false },
	{ 389, "ldap", false },
	{ 500, "isakmp", false },
	{ 1024, "first port without privilege", true },
	{ 1434, "ms-sql-m", false },
	{ 1900, "ssdp", false },
	{ 3702, "ws-discovery", false },
	{ 4500, "ipsec-nat-t", false },
	{ 5060, "sip", false },
	{ 5353, "mdns", false },
	{ 11211, "memcache", false },
	{ 27015, "game servers", false },
	{ 32768, "Linux draws from here", true },
	{ 49152, "dynamic ports by IANA", true },
};

void picture_runs_of(
	struct arena *a, const struct portset *s, struct picture_part part, struct picture_runs *to)
{
	struct portrange range;

	for (uint32_t from = part.first; portset_next_range(s, from, &range);
		from = (uint32_t)range.hi + 1) {
		if (range.lo > part.last)
			break;
		vec_push(a, to,
			(struct picture_run){ (uint8_t)part.state, range.lo,
				(uint16_t)(range.hi > part.last ? part.last : range.hi) });
	}
}

struct picture_near picture_near(uint32_t lo, uint32_t hi)
{
	for (uint32_t size = WINDOW_LEAST; size <= WINDOW_MOST; size *= 2)
		if (lo / size == hi / size)
			return (struct picture_near){ lo / size * size, size };
	return (struct picture_near){ 0, 0 };
}

/* Of each port what was made of it. */
struct view {
	const struct sweep_result *sweep;
	const struct portset *asked;   /* for; NULL: all */
	struct portset answered;       /* queries from these got replies */
	const struct portset *blocked; /* or rate limited */
	enum picture_state blocked_as, others;
};

static struct view view_of(const struct drawing *d, const struct sweep_result *s)
{
	struct view v = { .sweep = s,
		.asked = d->r->facts->ports,
		.blocked = &s->ports.blocked,
		.blocked_as = STATE_BLOCKED,
		.others = STATE_OPEN };

	if (s->ports.pattern == PATTERN_ALL)
		v.others = STATE_BLOCKED;
	else if (s->ports.pattern == PATTERN_HASH)
		v.others = STATE_MIXED;
	else if (s->ports.pattern == PATTERN_UNKNOWN)
		v.others = STATE_UNTESTED;
	if (s->ports.pattern == PATTERN_POLICER) {
		v.blocked = &s->ports.policed;
		v.blocked_as = STATE_MIXED;
	}
	return v;
}

static enum picture_state state_at(const struct view *v, uint16_t port)
{
	if (v->others == STATE_BLOCKED)
		return STATE_BLOCKED;
	if (portset_has(v->blocked, port))
		return v->blocked_as;
	if (portset_has(&v->sweep->ports.untested, port))
		return STATE_UNTESTED;
	return v->asked && !portset_has(v->asked, port) ? STATE_UNTESTED : v->others;
}

/* More runs than can be told apart become cells, of which those of two states are mixed. */
static void coarsen(struct drawing *d, struct picture_window *w)
{
	uint32_t each = (w->last - w->first + 1) / RUNS_MOST + 1;
	struct picture_runs cells = { 0 };

	vec_each (const struct picture_run, r, w->runs) {
		struct picture_run *last = cells.n ? &cells.v[cells.n - 1] : NULL;
		bool near = last && (uint32_t)r->hi - last->lo < each;

		if (near && last->state != r->state)
			last->state = STATE_MIXED;
		if (near)
			last->hi = r->hi;
		else
			vec_push(d->a, &cells, *r);
	}
	w->runs = cells;
}

static void add_runs(struct drawing *d, const struct view *v, struct picture_window *w)
{
	struct picture_run run = { 0, 0, 0 };
	bool any = false;

	/* Port 0 is never sent from. */
	for (uint32_t p = w->first ? w->first : 1; p <= w->last; p++) {
		enum picture_state s = state_at(v, (uint16_t)p);

		if (any && run.state == s) {
			run.hi = (uint16_t)p;
			continue;
		}
		if (any)
			vec_push(d->a, &w->runs, run);
		run = (struct picture_run){ (uint8_t)s, (uint16_t)p, (uint16_t)p };
		any = true;
	}
	if (any)
		vec_push(d->a, &w->runs, run);
}

static const char *const state_words[STATES] = {
	[STATE_OPEN] = "none found blocked",
	[STATE_BLOCKED] = "blocked",
	[STATE_MIXED] = "some packets pass",
	[STATE_UNTESTED] = "not tested",
};

/* "ports 1-52: blocked; port 53: none found blocked; …" */
static const char *window_desc(struct arena *a, const struct picture_window *w)
{
	struct buf b = { .arena = a };
	size_t n = 0;

	vec_each (const struct picture_run, r, w->runs) {
		if (n++ == RANGES_MOST)
			break;
		buf_printf(
			&b, "%s%s %u", b.n ? "; " : "", r->lo == r->hi ? "port" : "ports", r->lo);
		if (r->hi != r->lo)
			buf_printf(&b, "-%u", r->hi);
		buf_printf(&b, ": %s", state_words[r->state]);
	}
	if (w->runs.n > RANGES_MOST)
		buf_printf(&b, "; and %zu more ranges", w->runs.n - RANGES_MOST);
	return buf_text(&b);
}

/* Of the ports from which a server was asked in its sweep, those that it answered. */
static struct portset answered(const struct facts *f, const struct sweep_result *s)
{
	struct portset ports = { { 0 } };

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if ((o->ask.role == ROLE_SWEEP || o->ask.role == ROLE_STEADY ||
			    o->ask.role == ROLE_AGAIN) &&
			o->ask.transport == s->transport &&
			addr_equal(&o->ask.server, &s->server) && ports_proves_open(o))
			portset_add(&ports, o->from.port);
	}
	return ports;
}

/* What is known of one port, not of its neighbours: a sign behind its label, and words. */
static const char *sign_of(const struct view *v, uint16_t port)
{
	if (state_at(v, port) == STATE_BLOCKED)
		return " \u2717";
	return portset_has(&v->answered, port) ? " \u2713" : "";
}

static const char *words_of(const struct view *v, uint16_t port)
{
	enum picture_state s = state_at(v, port);

	if (s == STATE_OPEN && portset_has(&v->answered, port))
		return "a query from it was answered";
	return state_words[s];
}

/* In a narrow part every known port has a mark; over all of them only bounds do. */
static void add_known(struct drawing *d, const struct view *v, struct picture_window *w)
{
	bool whole = w->last - w->first + 1 == PORTS;

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		uint16_t p = known[i].port;

		if (p < w->first || p > w->last || known[i].bound != whole)
			continue;
		if (w->ports.n == KNOWN_MOST)
			break;
		vec_push(d->a, &w->ports,
			(struct picture_port){ p,
				whole ? arena_printf(d->a, "%u", p)
				      : arena_printf(
						d->a, "%u %s%s", p, known[i].name, sign_of(v, p)),
				arena_printf(d->a, "port %u (%s): %s", p, known[i].name,
					words_of(v, p)) });
	}
}

static void add_window(
	struct drawing *d, const struct view *v, struct picture_strip *s, struct picture_window w)
{
	add_runs(d, v, &w);
	add_known(d, v, &w);
	w.caption = arena_printf(d->a, "ports %u-%u", w.first, w.last);
	w.desc = window_desc(d->a, &w);
	if (w.runs.n > RUNS_MOST)
		coarsen(d, &w);
	vec_push(d->a, &s->windows, w);
}

/* A part for each cluster of blocked ports that is narrow enough to gain by it. */
static void add_near(struct drawing *d, const struct view *v, struct picture_strip *s)
{
	struct portrange r;
	uint32_t lo = 0, hi = 0;
	bool any = false, more = portset_next_range(v->blocked, 0, &r);

	while ((any || more) && s->windows.n <= WINDOWS_MOST) {
		struct picture_near n;

		if (more && (!any || r.lo <= hi + GAP)) {
			lo = any ? lo : r.lo;
			hi = r.hi;
			any = true;
			more = portset_next_range(v->blocked, hi + 1, &r);
			continue;
		}
		n = picture_near(lo, hi);
		/* Two clusters may lie in one part. */
		if (n.n && !(s->windows.n > 1 && s->windows.v[s->windows.n - 1].last >= hi))
			add_window(d, v, s,
				(struct picture_window){
					.first = n.first, .last = n.first + n.n - 1 });
		any = false;
	}
}

static enum report_mark mark_of(const struct sweep_result *s)
{
	static const enum report_mark marks[] = {
		[PATTERN_NONE] = MARK_GOOD,
		[PATTERN_RANGES] = MARK_BAD,
		[PATTERN_POLICER] = MARK_BAD,
		[PATTERN_HASH] = MARK_BAD,
		[PATTERN_ALL] = MARK_BAD,
		[PATTERN_UNKNOWN] = MARK_DOUBT,
	};

	return (size_t)s->ports.pattern < ARRAY_LEN(marks) ? marks[s->ports.pattern] : MARK_DOUBT;
}

static void add_strip(struct drawing *d, size_t at)
{
	const struct sweep_result *v = d->r->inferences->sweeps.v;
	struct picture_strip s = { .mark = mark_of(&v[at]) };
	struct view view = view_of(d, &v[at]);
	struct VEC(struct addr) same = { 0 };

	view.answered = answered(d->r->facts, &v[at]);
	for (size_t i = at; i < d->r->inferences->sweeps.n; i++) {
		struct portset too;

		if (!sweep_same(&v[i], &v[at]))
			continue;
		too = answered(d->r->facts, &v[i]);
		portset_and(&view.answered, &too);
		vec_push(d->a, &same, v[i].server);
		vec_push(d->a, &s.servers, words_server(d->a, &v[i].server));
	}
	s.title = arena_printf(d->a, "Towards %s", words_servers(d->a, same.v, same.n));
	s.summary = arena_printf(d->a, "Blocked: %s", sweep_blocked(d->a, &v[at]));
	add_window(d, &view, &s, (struct picture_window){ .first = 0, .last = PORTS - 1 });
	add_near(d, &view, &s);
	vec_push(d->a, &d->p->strips, s);
}

static bool seen_before(const struct drawing *d, size_t at)
{
	const struct sweep_result *v = d->r->inferences->sweeps.v;

	for (size_t i = 0; i < at; i++)
		if (sweep_same(&v[i], &v[at]))
			return true;
	return false;
}

static void add_sweep(struct drawing *d, const struct sweep_result *s)
{
	vec_push(d->a, &d->p->sweeps,
		(struct picture_sweep){
			.server = words_server(d->a, &s->server),
			.loss = sweep_loss(d->a, s),
			.sent = arena_printf(d->a, "%llu", (unsigned long long)s->ports.sent),
			.received =
				arena_printf(d->a, "%llu", (unsigned long long)s->ports.answered),
			.unseen = sweep_unseen(d->a, s),
			.blocked = sweep_blocked(d->a, s),
			.mark = mark_of(s),
		});
}

void picture_ports(struct drawing *d)
{
	const struct inferences *in = d->r->inferences;

	for (size_t i = 0; i < in->sweeps.n; i++) {
		if (i < SWEEPS_MOST)
			add_sweep(d, &in->sweeps.v[i]);
		if (seen_before(d, i))
			continue;
		if (d->p->strips.n == STRIPS_MOST)
			d->p->strips_left++;
		else
			add_strip(d, i);
	}
	if (in->sweeps.n)
		sweep_notes(d->a, d->r, &d->p->sweep_notes);
}
