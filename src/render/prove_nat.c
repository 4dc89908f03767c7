/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proof of address translation: what was sent and what was quoted. */
#include <string.h>

#include "base/err.h"
#include "render/prove.h"

enum { PAIRS_MOST = 4 };

static const struct nat_result *result(const struct making *m, const struct report_finding *x)
{
	return x->finding->servers.n ? infer_nat(m->r->inferences, x->finding->servers.v[0].family)
				     : NULL;
}

/* "hop 2 (10.53.1.1)", or the address alone. */
static const char *router(struct arena *a, unsigned int hop, const struct addr *by)
{
	char text[ADDR_TEXT];

	addr_text(by, text);
	return hop ? arena_printf(a, "hop %u (%s)", hop, text) : arena_str(a, text);
}

static void see_pair(struct making *m, struct report_finding *x, const struct nat_pair *p)
{
	char sent[ADDR_TEXT], seen[ADDR_TEXT];

	vec_push(m->a, &x->seen,
		arena_printf(m->a, "sent from %s, quoted from %s: %u quer%s, the nearest by %s",
			addr_text_port(&p->sent, sent), addr_text_port(&p->seen, seen), p->quotes,
			p->quotes == 1 ? "y" : "ies", router(m->a, p->hop, &p->by)));
}

static const char *source_of(const struct finding *x)
{
	const struct detail *d = finding_find(x, "source");

	return d ? d->text : "quotes";
}

static bool by(const struct report_finding *x, const char *source)
{
	return strcmp(source_of(x->finding), source) == 0;
}

/* A fixed port is the same pair with every query. */
static bool was_before(const struct nat_arrival *r, const struct nat_pair *p)
{
	for (const struct nat_pair *q = r->pairs.v; q < p; q++)
		if (addr_equal(&q->sent, &p->sent) && addr_equal(&q->seen, &p->seen))
			return true;
	return false;
}

static void see_arrivals(struct making *m, struct report_finding *x)
{
	const struct nat_arrival *r = &m->r->inferences->arrival;
	char sent[ADDR_TEXT], seen[ADDR_TEXT];
	size_t shown = 0;

	vec_push(m->a, &x->seen,
		arena_printf(m->a,
			"%u queries of the resolver were seen leaving and arriving at the beacon; "
			"%u of them came from another port",
			r->matched, r->rewritten));
	vec_each (const struct nat_pair, p, r->pairs) {
		if (shown == PAIRS_MOST)
			break;
		if (was_before(r, p))
			continue;
		shown++;
		vec_push(m->a, &x->seen,
			arena_printf(m->a, "left from %s, arrived from %s",
				addr_text_port(&p->sent, sent), addr_text_port(&p->seen, seen)));
	}
}

/* What speaks for it, and what would show it. */
static void see_collision(struct making *m, struct report_finding *x)
{
	const struct nat_collision *c = m->r->inferences->collisions.v;
	uint64_t silent = 0;

	vec_each (const struct nat_collision, one, m->r->inferences->collisions)
		silent += one->silent;
	vec_push(m->a, &x->seen,
		arena_printf(m->a,
			"the resolver sends from port %u only: %llu of its queries to these "
			"servers got no answer, %u to others did",
			c->port, (unsigned long long)silent, c->elsewhere));
	vec_push(m->a, &x->seen,
		arena_printf(m->a,
			"port %u is not among the ports found dropped there, but %s of %u-%u are, "
			"and a translator takes another port of these when two hosts behind one "
			"address send from the same one",
			c->port, words_share(m->a, c->dropped), c->class.lo, c->class.hi));
}

static void see_pool(struct making *m, struct report_finding *x)
{
	const struct detail *said = finding_find(x->finding, "said");
	const struct detail *arrived = finding_find(x->finding, "arrived");

	if (said && arrived)
		vec_push(m->a, &x->seen,
			arena_printf(m->a, "configured: %s; arrived at the beacon: %s",
				words_ports(m->a, said->ports, PAIRS_MOST),
				words_ports(m->a, arrived->ports, PAIRS_MOST)));
}

static const struct {
	const char *source;
	void (*see)(struct making *m, struct report_finding *x);
} others[] = {
	{ "beacon", see_arrivals },
	{ "collision", see_collision },
	{ "config", see_pool },
};

void prove_nat_seen(struct making *m, struct report_finding *x)
{
	const struct nat_result *r = result(m, x);
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (by(x, others[i].source)) {
			others[i].see(m, x);
			return;
		}
	if (!r)
		return;
	vec_each (const struct nat_pair, p, r->pairs)
		if (n++ < PAIRS_MOST)
			see_pair(m, x, p);
	if (n > PAIRS_MOST)
		vec_push(m->a, &x->seen,
			arena_printf(m->a, "and %zu more pairs (--json has all)", n - PAIRS_MOST));
	if (r->behind)
		x->where = arena_printf(m->a, "behind hop %u, at or before %s", r->behind,
			router(m->a, r->hop, &r->by));
	else if (r->by.family)
		x->where = arena_printf(m->a, "at or before %s", router(m->a, r->hop, &r->by));
}

/* dig cannot show it: it does not read quotes. */
void prove_nat(struct making *m, struct report_finding *x)
{
	const struct nat_result *r = result(m, x);
	const struct nat_pair *p = r && by(x, "quotes") ? r->pairs.v : NULL;

	if (p)
		vec_push(m->a, &x->reproduce,
			(struct report_try){ arena_printf(m->a, "dnsfault path %s --ports %u",
						     words_server(m->a, &x->finding->servers.v[0]),
						     p->sent.port),
				"quotes of that port show another (as root)" });
}

void prove_nat_not_cause(struct making *m, struct report_finding *x)
{
	if (!by(x, "quotes"))
		return;
	vec_push(m->a, &x->not_cause,
		"forgery: each quote names the server and the id of one query of this run, and "
		"none of that router shows anything else");
}

static const char *arrives(struct arena *a, const struct finding *x)
{
	const struct detail *d = finding_find(x, "arrives");
	struct buf b = { .arena = a };

	for (size_t i = 0; d && i < d->ntexts && i < PAIRS_MOST; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", d->texts[i]);
	if (d && d->ntexts > PAIRS_MOST)
		buf_printf(&b, " and %zu more", d->ntexts - PAIRS_MOST);
	return b.n ? buf_text(&b) : NULL;
}

void prove_nat_terms(struct making *m, struct report_finding *x)
{
	const struct nat_result *r = result(m, x);
	const char *pairs = arrives(m->a, x->finding);

	if (!r || r->verdict != NAT_REWRITES)
		return;
	if (pairs)
		vec_push(m->a, &x->seen,
			arena_printf(m->a,
				"the ports are those that leave this host; address translation "
				"makes others of them, as far as it was seen (sent>seen): %s",
				pairs));
	else
		vec_push(m->a, &x->seen,
			"the ports are those that leave this host; address translation rewrites "
			"some ports, what it makes of these was not seen");
}
