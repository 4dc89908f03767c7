/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tallies of one server's ports, and what each silence is worth. Every ask from a port that is
 * known to be open by now is a sample of the path's loss at its time; silences are weighed by the
 * samples around them.
 */
#include <math.h>
#include <stdlib.h>

#include "base/stats.h"
#include "infer/ports_depth.h"

enum { WINDOW = 32 }; /* samples of loss that are looked at together */

#define BRACKET_REACH 10000000U /* µs: a silence is compared with samples no farther away */
#define LOSS_LEAST    0.01
#define ODD_WINDOW    1e-4 /* a window so unlikely under the loss of all has its own */

struct ports_table *ports_table_new(struct arena *a)
{
	struct ports_table *t = arena_alloc(a, sizeof(*t));

	t->arena = a;
	return t;
}

const struct port_tally *ports_at(const struct ports_table *t, uint32_t port)
{
	static const struct port_tally nothing;
	const struct ports_page *page = t->pages[port / PORTS_PAGE];

	return page ? &page->v[port % PORTS_PAGE] : &nothing;
}

enum why ports_why(const struct ports_table *t, uint32_t port)
{
	const struct ports_page *page = t->pages[port / PORTS_PAGE];

	return page ? (enum why)page->why[port % PORTS_PAGE] : WHY_NONE;
}

static struct ports_page *page_of(struct ports_table *t, uint16_t port)
{
	struct ports_page **page = &t->pages[port / PORTS_PAGE];

	if (!*page)
		*page = arena_alloc(t->arena, sizeof(**page));
	return *page;
}

struct port_tally *ports_tally_of(struct ports_table *t, uint16_t port)
{
	return &page_of(t, port)->v[port % PORTS_PAGE];
}

static void count_up(uint16_t *n)
{
	if (*n < UINT16_MAX)
		++*n;
}

static void count_again(uint8_t *n)
{
	if (*n < UINT8_MAX)
		++*n;
}

static void add_reply(struct ports_table *t, const struct observation *o)
{
	uint64_t rtt = observation_rtt(o);

	portset_add(&t->asked, o->ask.source.port);
	if (o->ask.role == ROLE_AGAIN)
		count_again(&ports_tally_of(t, o->ask.source.port)->again_replies);
	else
		count_up(&ports_tally_of(t, o->ask.source.port)->replies);
	t->answered += o->outcome != OUTCOME_LATE;
	if (!t->rtt_min || (rtt && rtt < t->rtt_min))
		t->rtt_min = rtt;
	if (rtt > t->rtt_max)
		t->rtt_max = rtt;
}

static void add_unsent(struct ports_table *t, const struct observation *o)
{
	if (!why_is_port(o->why)) {
		t->unsent = o->why;
		return;
	}
	/* A right that one port needs, all below it need too (ip_unprivileged_port_start). */
	for (uint32_t p = o->why == WHY_PRIVILEGE ? 1 : o->ask.source.port; p <= o->ask.source.port;
		p++) {
		if (portset_has(&t->used, (uint16_t)p))
			continue;
		portset_add(&t->untested, (uint16_t)p);
		page_of(t, (uint16_t)p)->why[p % PORTS_PAGE] = o->why;
	}
}

bool ports_proves_open(const struct observation *o)
{
	return observation_replied(o) && o->outcome != OUTCOME_ICMP;
}

bool ports_is_silence(const struct observation *o)
{
	return o->outcome == OUTCOME_TIMEOUT || o->outcome == OUTCOME_ICMP;
}

/* After the pause a port is judged by what it did before. */
static void add_again(struct ports_table *t, const struct observation *o, bool lost)
{
	if (!t->again.from || o->sent < t->again.from)
		t->again.from = o->sent;
	if (lost)
		count_again(&ports_tally_of(t, o->ask.source.port)->again_silent);
}

void ports_log_add(struct ports_log *l, const struct observation *o)
{
	struct ports_moment m = {
		.sent = o->sent, .port = o->ask.source.port, .steady = o->ask.role == ROLE_STEADY
	};
	bool again = o->ask.role == ROLE_AGAIN;
	struct ports_table *t = l->table;

	if ((!m.steady && !again && o->ask.role != ROLE_SWEEP) || !m.port ||
		o->outcome == OUTCOME_STRAY)
		return;
	if (o->outcome == OUTCOME_NOT_SENT) {
		add_unsent(t, o);
		return;
	}
	m.lost = !ports_proves_open(o);
	t->sent += o->outcome != OUTCOME_LATE;
	if (!t->first || m.sent < t->first)
		t->first = m.sent;
	if (m.sent > t->last)
		t->last = m.sent;
	portset_add(&t->used, m.port);
	portset_remove(&t->untested, m.port);
	if (!m.lost)
		add_reply(t, o);
	if (again)
		add_again(t, o, m.lost);
	else if (o->outcome != OUTCOME_LATE)
		vec_push(l->arena, &l->moments, m);
	if (m.steady && o->outcome != OUTCOME_LATE) {
		t->steady_sent++;
		t->steady_lost += m.lost;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct ports_moment *x = a, *y = b;

	return (x->sent > y->sent) - (x->sent < y->sent);
}

/* New moments are most often later than all that were there. */
static void sort(struct ports_log *l)
{
	struct ports_moment *v = l->moments.v;
	size_t n = l->moments.n, old = l->settled;

	if (n > old)
		qsort(v + old, n - old, sizeof(*v), by_time);
	if (old && n > old && v[old].sent < v[old - 1].sent)
		qsort(v, n, sizeof(*v), by_time);
	l->settled = n;
}

bool ports_open(const struct ports_table *t, uint16_t port)
{
	return ports_at(t, port)->replies || ports_at(t, port)->again_replies;
}

static bool is_sample(const struct ports_table *t, const struct ports_moment *m)
{
	return m->steady || ports_open(t, m->port);
}

static void count_known(struct ports_log *l, uint64_t from)
{
	struct ports_table *t = l->table;

	t->known_sent = t->known_lost = t->voided = 0;
	vec_each (const struct ports_moment, m, l->moments) {
		if (m->steady || m->sent < from || !ports_open(t, m->port))
			continue;
		t->known_sent++;
		t->known_lost += m->lost;
	}
}

double ports_loss_upper(const struct ports_table *t)
{
	double upper = stats_rate_upper(
		t->steady_lost + t->known_lost, t->steady_sent + t->known_sent, 0.95);

	return upper < LOSS_LEAST ? LOSS_LEAST : upper;
}

/* A walk over moments in the order of time. */
struct samples {
	const struct ports_log *log;
	double loss;				   /* of all, upper bound */
	double window;				   /* of the window at hand */
	size_t end;				   /* of that window */
	const struct ports_moment *before, *after; /* nearest samples; NULL: none */
	size_t next;				   /* where after was found */
	uint64_t from;				   /* µs: silences before it are void */
};

/* The loss of the next samples, when it is another than that of all. */
static void open_window(struct samples *s)
{
	const struct ports_log *l = s->log;
	unsigned int n = 0, lost = 0;

	while (s->end < l->moments.n && n < WINDOW) {
		const struct ports_moment *m = &l->moments.v[s->end++];

		n += is_sample(l->table, m);
		lost += is_sample(l->table, m) && m->lost;
	}
	s->window = s->loss;
	if (lost && stats_binomial_tail(lost, n, s->loss) < ODD_WINDOW)
		s->window = fmax(s->loss, stats_rate_upper(lost, n, 0.95));
}

static void find_after(struct samples *s, size_t i)
{
	const struct ports_log *l = s->log;

	if (s->next > i)
		return;
	s->after = NULL;
	for (s->next = i + 1; s->next < l->moments.n; s->next++) {
		if (!is_sample(l->table, &l->moments.v[s->next]))
			continue;
		s->after = &l->moments.v[s->next];
		return;
	}
}

/* Both neighbours in time were lost too: the path failed then, whatever the port. */
static bool is_void(const struct samples *s, const struct ports_moment *m)
{
	const struct ports_moment *a = s->after, *b = s->before;

	return a && b && a->lost && b->lost && a->sent - m->sent < BRACKET_REACH &&
	       m->sent - b->sent < BRACKET_REACH;
}

static void settle_one(struct samples *s, size_t i)
{
	const struct ports_moment *m = &s->log->moments.v[i];
	struct ports_table *t = s->log->table;
	struct port_tally *p;

	if (!m->lost || m->steady)
		return;
	p = ports_tally_of(t, m->port);
	portset_add(&t->asked, m->port);
	find_after(s, i);
	if (m->sent < s->from || is_void(s, m)) {
		t->voided++;
		count_up(&p->voided);
		return;
	}
	count_up(&p->silent);
	p->weight -= (float)log(s->window);
}

static void clear(struct ports_table *t)
{
	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1)) {
		struct port_tally *tally = ports_tally_of(t, (uint16_t)p);

		tally->silent = tally->voided = 0;
		tally->weight = 0;
	}
}

void ports_log_settle(struct ports_log *l)
{
	struct samples s = { .log = l };

	sort(l);
	clear(l->table);
	count_known(l, 0);
	s.from = ports_again_tally(l);
	if (s.from)
		count_known(l, s.from);
	s.loss = ports_loss_upper(l->table);
	for (size_t i = 0; i < l->moments.n; i++) {
		if (i == s.end)
			open_window(&s);
		settle_one(&s, i);
		if (is_sample(l->table, &l->moments.v[i]))
			s.before = &l->moments.v[i];
	}
}

static bool concerns(const struct observation *o, const struct ports_subject *subject)
{
	return addr_equal(&o->ask.server, &subject->server) &&
	       o->ask.transport == subject->transport;
}

struct ports_table *ports_tally(
	struct arena *a, const struct facts *f, const struct ports_subject *subject)
{
	struct ports_log l = { .arena = a, .table = ports_table_new(a) };
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += concerns(f->v[i], subject);
	vec_expect(a, &l.moments, n);
	for (size_t i = 0; i < f->n; i++)
		if (concerns(f->v[i], subject))
			ports_log_add(&l, f->v[i]);
	ports_log_settle(&l);
	ports_twin_tally(l.table, f, subject);
	return l.table;
}
