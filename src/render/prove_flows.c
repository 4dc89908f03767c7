/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proof of losses by flow or by rate: the same ports at two places, or at two times. */
#include <string.h>

#include "render/prove.h"

/* Ports by what they did at one destination. */
struct side {
	struct portset replied, silent;
	const struct observation *ask; /* one of them, for question and shape */
};

static void look(const struct facts *f, const struct ports_subject *at, struct side *ret)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (!o->ask.question.name || o->ask.transport != at->transport ||
			!addr_equal(&o->ask.server, &at->server) || !o->ask.source.port)
			continue;
		if (ports_proves_open(o))
			portset_add(&ret->replied, o->ask.source.port);
		else if (ports_is_silence(o))
			portset_add(&ret->silent, o->ask.source.port);
		else
			continue;
		if (!ret->ask || !ret->ask->from.family)
			ret->ask = o;
	}
	portset_minus(&ret->silent, &ret->replied);
}

/* A port of both sets; -1: none. High ones first: they need no privilege. */
static int32_t common(const struct portset *a, const struct portset *b)
{
	struct portset both = *a;
	int32_t p;

	portset_and(&both, b);
	p = portset_next(&both, 1024);
	return p >= 0 ? p : portset_next(&both, 0);
}

static void try_pair(struct making *m, struct report_finding *x, const struct side *v[2],
	const char *const expect[2])
{
	int32_t port = common(&v[0]->silent, &v[1]->replied);

	if (port < 0)
		return;
	prove_try(m, x, v[0]->ask, (struct prove_line){ (uint16_t)port, expect[0] });
	prove_try(m, x, v[1]->ask, (struct prove_line){ (uint16_t)port, expect[1] });
}

void prove_flows(struct making *m, struct report_finding *x)
{
	static const char *const here_first[] = { "no reply", "the same port, elsewhere: a reply" };
	static const char *const there_first[] = { "elsewhere: no reply",
		"the same port, here: a reply" };
	const struct sweep_result *s = prove_sweep(m->r->inferences, x->finding);
	struct ports_subject here, there;
	struct side a = { .ask = NULL }, b = { .ask = NULL };
	int32_t port;

	if (!s)
		return;
	here = (struct ports_subject){ s->server, s->transport };
	look(m->r->facts, &here, &a);
	there = (struct ports_subject){ s->ports.flows.twin.server, s->ports.flows.twin.transport };
	if (there.server.family)
		look(m->r->facts, &there, &b);
	if (a.ask && b.ask) {
		try_pair(m, x, (const struct side *[]){ &a, &b }, here_first);
		try_pair(m, x, (const struct side *[]){ &b, &a }, there_first);
	}
	if (!a.ask || x->reproduce.n)
		return;
	port = portset_next(&a.silent, 1024);
	if (port >= 0)
		prove_try(m, x, a.ask, (struct prove_line){ (uint16_t)port, "no reply" });
	port = portset_next(&a.replied, 1024);
	if (port >= 0)
		prove_try(m, x, a.ask, (struct prove_line){ (uint16_t)port, "a reply" });
}

void prove_flows_seen(struct making *m, struct report_finding *x)
{
	const struct sweep_result *s = prove_sweep(m->r->inferences, x->finding);
	const struct ports_flows *w = s ? &s->ports.flows : NULL;

	if (!w)
		return;
	vec_push(m->a, &x->seen,
		arena_printf(m->a,
			"%.0f of %.0f ports silent for good, without order: %s (%s to %s)", w->dead,
			w->tested, words_share(m->a, w->share), words_share(m->a, w->share_low),
			words_share(m->a, w->share_high)));
	if (w->bits)
		vec_push(m->a, &x->seen,
			arena_printf(m->a,
				"the silent ones agree in %u %s of the port: 1 of %u, exactly",
				w->bits, w->mask ? "bits" : "sums of bits", w->members));
	if (w->twin.server.family)
		vec_push(m->a, &x->seen,
			arena_printf(m->a,
				"the same ports to %s over %s: %u silent here only, %u there only, "
				"%u at both, %u at none",
				words_server(m->a, &w->twin.server),
				w->twin.transport == TRANSPORT_TCP ? "TCP" : "UDP", w->twin.here,
				w->twin.there, w->twin.both, w->twin.none));
}

void prove_flows_not_cause(struct making *m, struct report_finding *x)
{
	const struct sweep_result *s = prove_sweep(m->r->inferences, x->finding);

	if (!s)
		return;
	vec_push(m->a, &x->not_cause,
		"the rate or the time: silent ports stayed silent after a pause, slowly asked");
	if (s->ports.flows.reshuffle == RESHUFFLE_YES)
		vec_push(m->a, &x->not_cause,
			"a rule for source ports: elsewhere other ports are silent");
}

void prove_policer_seen(struct making *m, struct report_finding *x)
{
	const struct sweep_result *s = prove_sweep(m->r->inferences, x->finding);

	if (!s)
		return;
	vec_push(m->a, &x->seen,
		arena_printf(m->a, "%s of the queries from these ports were lost, of all others %s",
			words_share(m->a, s->ports.policed_loss),
			words_share(m->a, s->ports.loss_others)));
	vec_push(m->a, &x->seen,
		arena_printf(m->a, "about %.2g replies a second to all of these ports together",
			s->ports.policed_rate));
}

void prove_policer(struct making *m, struct report_finding *x)
{
	const struct sweep_result *s = prove_sweep(m->r->inferences, x->finding);
	struct side a = { .ask = NULL };
	int32_t port = s ? portset_next(&s->ports.policed, 0) : -1;

	if (port < 0)
		return;
	look(m->r->facts, &(struct ports_subject){ s->server, s->transport }, &a);
	if (!a.ask)
		return;
	for (int i = 0; i < 2; i++)
		prove_try(m, x, a.ask,
			(struct prove_line){ (uint16_t)port,
				i ? "again at once, some times over: no reply most often"
				  : "the first after a while: a reply perhaps" });
}

void prove_policer_not_cause(struct making *m, struct report_finding *x)
{
	vec_push(m->a, &x->not_cause, "a filter: the same ports answered at other times");
	vec_push(m->a, &x->not_cause, "the path: other ports lost far less in the same minutes");
}
