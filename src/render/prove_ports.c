/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proof of a source port filter: both sides of its edge, and the same port elsewhere. */
#include <math.h>

#include "render/path_words.h"
#include "render/prove.h"

enum { DNS_PORT = 53, DYNAMIC_PORT = 49152 };

/* One server's ports as dig lines need them. */
struct edge {
	const struct observation *ask; /* one of the sweep's, for question and shape */
	struct portset open;	       /* ports that a reply came to */
	int32_t blocked, next;	       /* last port of a blocked range and an open one beside it */
};

const struct portset *prove_blocked(const struct finding *x)
{
	const struct detail *d = finding_find(x, "blocked");

	return d ? d->ports : NULL;
}

static void read_server(const struct facts *f, const struct addr *server, struct edge *e)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if ((o->ask.role != ROLE_SWEEP && o->ask.role != ROLE_STEADY) ||
			!o->ask.question.name || !addr_equal(&o->ask.server, server))
			continue;
		if (!e->ask || !e->ask->from.family)
			e->ask = o;
		if (ports_proves_open(o) && o->ask.source.port)
			portset_add(&e->open, o->ask.source.port);
	}
}

/* The widest blocked range with an open port proven right beside it; above it is better. */
static void find_edge(const struct portset *blocked, struct edge *e)
{
	struct portrange r;
	uint32_t widest = 0;

	e->blocked = e->next = -1;
	for (uint32_t from = 0; portset_next_range(blocked, from, &r); from = (uint32_t)r.hi + 1) {
		uint32_t width = (uint32_t)r.hi - r.lo + 1;

		if (width <= widest)
			continue;
		if (r.hi < UINT16_MAX && portset_has(&e->open, (uint16_t)(r.hi + 1))) {
			e->blocked = r.hi;
			e->next = r.hi + 1;
			widest = width;
		} else if (r.lo > 0 && portset_has(&e->open, (uint16_t)(r.lo - 1))) {
			e->blocked = r.lo;
			e->next = r.lo - 1;
			widest = width;
		}
	}
	if (e->blocked < 0)
		e->blocked = portset_next(blocked, 0);
}

/* An open port away from the edge: 53, else one that kernels draw, else any. */
static int32_t other_open(const struct edge *e)
{
	int32_t p;

	if (portset_has(&e->open, DNS_PORT) && e->next != DNS_PORT)
		return DNS_PORT;
	p = portset_next(&e->open, DYNAMIC_PORT);
	if (p < 0)
		p = portset_next(&e->open, 0);
	return p == e->next ? -1 : p;
}

/* What a control made of the port, or of any port of the set when it was not asked from that. */
static const struct observation *control_of(
	const struct facts *f, const struct portset *blocked, int32_t port, bool replied)
{
	const struct observation *other = NULL;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role != ROLE_PLACE || !o->ask.question.name ||
			!portset_has(blocked, o->ask.source.port) ||
			(replied ? !ports_proves_open(o) : !ports_is_silence(o)))
			continue;
		if (o->ask.source.port == port)
			return o;
		if (!other)
			other = o;
	}
	return other;
}

void prove_ports(struct making *m, struct report_finding *x)
{
	const struct portset *blocked = prove_blocked(x->finding);
	const struct observation *control;
	bool near = x->finding->where == WHERE_NEAR;
	struct edge e = { .ask = NULL };
	int32_t open;

	if (!blocked || !x->finding->servers.n || portset_empty(blocked))
		return;
	read_server(m->r->facts, &x->finding->servers.v[0], &e);
	if (!e.ask)
		return;
	find_edge(blocked, &e);
	prove_try(m, x, e.ask, (struct prove_line){ (uint16_t)e.blocked, "blocked: no reply" });
	if (e.next > 0)
		prove_try(m, x, e.ask,
			(struct prove_line){ (uint16_t)e.next, "open, beside it: a reply" });
	open = other_open(&e);
	if (open > 0)
		prove_try(m, x, e.ask, (struct prove_line){ (uint16_t)open, "open: a reply" });
	control = control_of(m->r->facts, blocked, e.blocked, !near);
	if (control)
		prove_try(m, x, control,
			(struct prove_line){ control->ask.source.port,
				near ? "a blocked port, another operator: no reply either"
				     : "a blocked port, another operator: a reply" });
}

/* Queries of one kind: from which ports, and what came back. */
struct sum {
	struct portset ports;
	unsigned long long sent, replies;
};

static void add_to(struct sum *s, const struct observation *o)
{
	if (ports_proves_open(o) || ports_is_silence(o))
		portset_add(&s->ports, o->ask.source.port);
	s->sent += ports_proves_open(o) || ports_is_silence(o);
	s->replies += ports_proves_open(o);
}

static void put_sum(
	struct making *m, struct report_finding *x, const char *what, const struct sum *s)
{
	vec_push(m->a, &x->seen,
		arena_printf(m->a, "from %u %s: %llu quer%s, %llu repl%s", portset_count(&s->ports),
			what, s->sent, s->sent == 1 ? "y" : "ies", s->replies,
			s->replies == 1 ? "y" : "ies"));
}

void prove_ports_seen(struct making *m, struct report_finding *x)
{
	const struct portset *blocked = prove_blocked(x->finding);
	const struct facts *f = m->r->facts;
	struct sum in = { .sent = 0 }, out = { .sent = 0 }, elsewhere = { .sent = 0 };

	for (size_t i = 0; blocked && i < f->n; i++) {
		const struct observation *o = f->v[i];
		bool member = portset_has(blocked, o->ask.source.port);

		if (o->ask.role == ROLE_PLACE && member)
			add_to(&elsewhere, o);
		if ((o->ask.role != ROLE_SWEEP && o->ask.role != ROLE_STEADY) ||
			!finding_names(x->finding, &o->ask.server))
			continue;
		add_to(member ? &in : &out, o);
	}
	put_sum(m, x, "of the blocked ports", &in);
	put_sum(m, x, "other ports, same servers", &out);
	if (elsewhere.sent)
		put_sum(m, x, "of the blocked ports to servers elsewhere", &elsewhere);
	path_prove(m, x);
	prove_nat_terms(m, x);
}

const struct sweep_result *prove_sweep(const struct inferences *in, const struct finding *x)
{
	vec_each (const struct sweep_result, s, in->sweeps) {
		if (x->servers.n && addr_equal(&s->server, &x->servers.v[0]))
			return s;
	}
	return NULL;
}

/* "loss on the path": so many silences in a row by chance. */
static const char *chance(struct arena *a, const struct ports_result *p)
{
	double log = p->silences * log10(p->loss_upper);

	if (!p->silences || !(p->loss_upper > 0) || !(log < -1))
		return NULL;
	return arena_printf(a,
		"loss on the way: open ports lost %s of their queries, at most %s; %u silences in "
		"a row, "
		"as at the edges, then come by chance once in %s",
		words_share(a, p->loss), words_share(a, p->loss_upper), p->silences,
		log < -9 ? "a billion or more" : arena_printf(a, "%.0f", floor(pow(10, -log))));
}

static const char *controls(struct arena *a, const struct finding *x, const struct place_result *p)
{
	if (!p->alive)
		return NULL;
	if (x->where == WHERE_FAR)
		return arena_printf(a,
			"this network: %u other server%s sent %llu replies to these ports",
			p->alive, p->alive == 1 ? "" : "s", (unsigned long long)p->replies);
	if (x->where == WHERE_NEAR)
		return arena_printf(a,
			"the servers: %u other server%s, alive on open ports, %s silent to these "
			"ports too",
			p->alive, p->alive == 1 ? "" : "s", p->alive == 1 ? "was" : "were");
	return NULL;
}

void prove_ports_not_cause(struct making *m, struct report_finding *x)
{
	const struct inferences *in = m->r->inferences;
	const struct sweep_result *s = prove_sweep(in, x->finding);
	const char *lines[] = {
		s ? controls(m->a, x->finding, &s->place) : NULL,
		s ? chance(m->a, &s->ports) : NULL,
		s && s->ports.answered ? arena_printf(m->a,
						 "the servers' health: %llu replies to the same "
						 "question from other ports",
						 (unsigned long long)s->ports.answered)
				       : NULL,
		in->tree && in->tree->last >= 0 && in->tree->consistent
			? "the zone's data: its servers that reply all say the same"
			: NULL,
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (lines[i])
			vec_push(m->a, &x->not_cause, lines[i]);
	}
}

void prove_silence_not_cause(struct making *m, struct report_finding *x)
{
	unsigned int others = 0;

	vec_each (const struct server_queries, q, m->r->inferences->by_server) {
		if (q->answered && !finding_names(x->finding, &q->server))
			others++;
	}
	if (others)
		vec_push(m->a, &x->not_cause,
			arena_printf(m->a, "this network as a whole: %u other server%s answered",
				others, others == 1 ? "" : "s"));
}

void prove_reply_not_cause(struct making *m, struct report_finding *x)
{
	vec_push(m->a, &x->not_cause, "the way there: replies came back, they say this");
}
