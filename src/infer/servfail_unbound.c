/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How Unbound asks again: 1.17.1 util/rtt.c, services/cache/infra.c, services/outside_network.c
 * serviced_udp_callback(), iterator/iter_utils.c iter_server_selection(); compared with 1.26. Each
 * choice among the servers within RTT_BAND of the best is drawn; a time-out doubles the server's
 * own, a reply sets it anew. It never goes to TCP after silence. Before 1.19.3 every query is sent
 * twice, the second with a smaller EDNS size, which is meant for fragments.
 *
 * With qname-minimisation, the default since 1.7.2, a reply to a query that was asked again is only
 * a step: the name is asked once more, unless three turns in a row were lost. So it is for a name
 * one label below the zone, of type A.
 *
 * When all addresses have had outbound-msg-retry turns, it asks the parent for the delegation once
 * more (processLastResort()), and begins again; but not when it knows the parent's answer from an
 * earlier time, as one that is not cold is held to do. Its lookups of the servers' own addresses
 * after that are left out: what they find is known already.
 */
#include "infer/servfail_walk.h"

/* ms, where these are times */
enum {
	UNKNOWN = 376,	   /* unknown-server-time-limit */
	RTO_LEAST = 50,	   /* infra-cache-min-rtt */
	RTO_MOST = 120000, /* infra-cache-max-rtt */
	PROBE = 12000,	   /* from this time-out on a server is only probed */
	BAND = 400,
	FRAGMENT = 5000,   /* a time-out as long is not asked twice */
	TURNS = 5,	   /* outbound-msg-retry */
	SENT_MOST = 32,	   /* max-sent-count */
	LOSSES_MOST = 3,   /* TIMEOUT_COUNT_MAX */
	MINIMISE_LOST = 3, /* MAX_MINIMISE_TIMEOUT_COUNT */
	HOST_TTL = 900,	   /* s: infra-host-ttl */
};

static double clamp(double rto)
{
	return rto < RTO_LEAST ? RTO_LEAST : rto > RTO_MOST ? RTO_MOST : rto;
}

static double estimate(const struct servfail_memory *m)
{
	return clamp(m->srtt + 4 * m->var);
}

/* rtt_unclamped() */
static double expected(const struct servfail_memory *m)
{
	return m->rto != estimate(m) ? m->rto : m->srtt + 4 * m->var;
}

static uint64_t time_of(const struct servfail_walk *w)
{
	return w->began + w->now;
}

static bool is_expired(const struct servfail_walk *w, const struct servfail_memory *m)
{
	return time_of(w) > m->since + HOST_TTL * SERVFAIL_S;
}

/* A query goes out: what is known of the server, as far as it is not too old. */
static void remember(const struct servfail_walk *w, struct servfail_memory *m)
{
	double old = m->rto;

	if (m->known && !is_expired(w, m))
		return;
	m->srtt = 0;
	m->var = (double)UNKNOWN / 4;
	m->rto = m->known && old >= RTO_MOST ? RTO_MOST : estimate(m);
	m->since = time_of(w);
	m->known = true;
}

/* How long it would take; negative: not to be asked. */
static double selection(const struct servfail_walk *w, uint32_t server)
{
	const struct servfail_memory *m = &w->memory[server];

	if (w->tried[server].marked)
		return -1;
	if (!m->known)
		return UNKNOWN;
	if (is_expired(w, m))
		return m->rto >= RTO_MOST ? RTO_MOST - 1000 : UNKNOWN;
	if (m->rto >= PROBE && time_of(w) < m->until && estimate(m) * 4 <= m->rto)
		return m->losses >= LOSSES_MOST ? -1 : RTO_MOST - 1000;
	return expected(m) >= RTO_MOST ? -1 : expected(m);
}

static void unbound_begin(struct servfail_walk *w)
{
	(void)w;
}

static bool pick(struct servfail_walk *w, uint32_t *ret)
{
	double sel[SERVFAIL_SERVERS], low = -1;
	uint32_t n = 0, nth;

	for (uint32_t i = 0; i < w->c->n; i++) {
		sel[i] = selection(w, i);
		if (sel[i] >= 0 && (low < 0 || sel[i] < low))
			low = sel[i];
	}
	for (uint32_t i = 0; i < w->c->n; i++)
		n += sel[i] >= 0 && sel[i] - low <= BAND;
	if (!n)
		return false;
	nth = rng_below(&w->rng, n);
	for (uint32_t i = 0; i < w->c->n; i++)
		if (sel[i] >= 0 && sel[i] - low <= BAND && !nth--)
			*ret = i;
	return true;
}

/* The second and last time that all servers have their turns, if there is one. */
static bool begin_again(struct servfail_walk *w)
{
	if (w->parent_known)
		return false;
	w->parent_known = true;
	w->turns = w->lost = 0;
	w->partial = false;
	for (uint32_t i = 0; i < w->c->n; i++) {
		w->tried[i].turns = 0;
		w->tried[i].marked = false;
	}
	return true;
}

static bool unbound_next(struct servfail_walk *w, struct servfail_try *ret)
{
	struct servfail_memory *m;

	if (!w->again) {
		struct servfail_tried *t;

		if (w->turns > SENT_MOST)
			return false;
		if (!pick(w, &w->last) && (!begin_again(w) || !pick(w, &w->last)))
			return false;
		t = &w->tried[w->last];
		w->turns++;
		t->turns++;
		t->marked = t->turns == TURNS;
	}
	m = &w->memory[w->last];
	remember(w, m);
	if (m->rto >= PROBE && estimate(m) * 4 <= m->rto)
		m->until = time_of(w) + ((uint64_t)m->rto + 1999) / 1000 * SERVFAIL_S;
	*ret = (struct servfail_try){
		.server = w->last,
		.wait = (uint64_t)m->rto * SERVFAIL_MS,
		.partial = w->partial,
	};
	return true;
}

static void unbound_silent(struct servfail_walk *w, const struct servfail_try *t)
{
	struct servfail_memory *m = &w->memory[t->server];
	double used = (double)t->wait / SERVFAIL_MS;

	if (w->row->twice && !w->again && used < FRAGMENT) {
		w->again = true;
		return;
	}
	w->again = false;
	w->lost++;
	w->partial = w->lost < MINIMISE_LOST;
	if (m->rto >= used)
		m->rto = used * 2 < RTO_MOST ? used * 2 : RTO_MOST;
	if (m->losses < LOSSES_MOST)
		m->losses++;
}

static void unbound_answered(struct servfail_walk *w, const struct servfail_try *t)
{
	struct servfail_memory *m = &w->memory[t->server];
	int ms = (int)(w->c->servers[t->server].rtt / SERVFAIL_MS), srtt, var;
	int delta;

	if (expected(m) >= RTO_MOST) {
		m->srtt = 0;
		m->var = (double)UNKNOWN / 4;
	}
	/* Whole milliseconds, as there. */
	srtt = (int)m->srtt;
	var = (int)m->var;
	delta = ms - srtt;
	srtt += delta / 8;
	var += ((delta < 0 ? -delta : delta) - var) / 4;
	m->srtt = srtt;
	m->var = var;
	m->rto = estimate(m);
	m->until = 0;
	m->losses = 0;
	w->again = false;
	if (!t->partial)
		return;
	/* iter_dec_attempts() */
	w->partial = false;
	w->lost = 0;
	for (uint32_t i = 0; i < w->c->n; i++) {
		w->tried[i].turns -= w->tried[i].turns > 0;
		w->tried[i].marked = false;
	}
}

const struct servfail_make servfail_unbound = {
	.begin = unbound_begin,
	.next = unbound_next,
	.silent = unbound_silent,
	.answered = unbound_answered,
	.draws = true,
};
