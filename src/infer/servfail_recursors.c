/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How BIND, PowerDNS Recursor and Knot Resolver ask again; each part names the source it follows.
 */
#include <math.h>

#include "base/addr.h"
#include "infer/servfail_walk.h"

static uint64_t time_of(const struct servfail_walk *w)
{
	return w->began + w->now;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

/*
 * BIND: 9.18.49 lib/dns/resolver.c fctx_try(), nextaddress(), fctx_setretryinterval(),
 * fctx_cancelquery(), lib/dns/adb.c adjustsrtt(); 9.20 and 9.21.25 have the same numbers. Each
 * address once, the lowest smoothed round trip first, then all of them again, until
 * resolver-query-timeout. Silence adds a random amount to the round trip that is expected. From
 * 9.21.23 on an address that was silent twice is asked over TCP (GL #5529); before, it was meant to
 * be, but never was.
 */
enum { BIND_LIMIT = 10, BIND_BACKOFF_AFTER = 3, BIND_SHIFT_MOST = 6, BIND_QUERIES = 50 };
#define BIND_INTERVAL  (800 * SERVFAIL_MS)
#define BIND_WAIT_MOST (9 * SERVFAIL_S)
#define BIND_V6_BIAS   50000 /* µs that IPv4 is behind */

static double bind_rank(const struct servfail_walk *w, uint32_t server)
{
	return w->memory[server].srtt +
	       (w->c->servers[server].family == ADDR_V6 ? 0 : BIND_V6_BIAS);
}

static bool bind_pick(const struct servfail_walk *w, uint32_t *ret)
{
	bool found = false;

	for (uint32_t i = 0; i < w->c->n; i++)
		if (!w->tried[i].marked && (!found || bind_rank(w, i) < bind_rank(w, *ret))) {
			*ret = i;
			found = true;
		}
	return found;
}

static void bind_begin(struct servfail_walk *w)
{
	w->round = 1;
	for (uint32_t i = 0; i < w->c->n; i++)
		if (!w->memory[i].known)
			w->memory[i] = (struct servfail_memory){
				.known = true,
				.var = 1, /* no EDNS reply was seen yet */
				.srtt = 1 + rng_below(&w->rng, 31),
			};
}

static bool bind_next(struct servfail_walk *w, struct servfail_try *ret)
{
	uint64_t limit = BIND_LIMIT * SERVFAIL_S, wait = BIND_INTERVAL, expect;
	uint32_t server = 0;

	if (w->now + SERVFAIL_MS > limit || w->sent > BIND_QUERIES)
		return false;
	if (!bind_pick(w, &server)) {
		w->round++;
		for (uint32_t i = 0; i < w->c->n; i++)
			w->tried[i].marked = false;
		bind_pick(w, &server);
	}
	w->tried[server].marked = true;
	*ret = (struct servfail_try){
		.server = server,
		.tcp = w->row->tcp_after && w->tried[server].tries >= w->row->tcp_after,
	};
	if (w->round > BIND_BACKOFF_AFTER)
		wait <<= w->round - BIND_BACKOFF_AFTER < BIND_SHIFT_MOST
				 ? w->round - BIND_BACKOFF_AFTER
				 : BIND_SHIFT_MOST;
	expect = (uint64_t)w->memory[server].srtt + (ret->tcp ? SERVFAIL_S : 0);
	expect += expect < 50000 ? 50000 : expect < 100000 ? 100000 : 200000;
	wait = wait < expect ? expect : wait;
	wait = wait < limit - w->now ? wait : limit - w->now;
	ret->wait = wait < BIND_WAIT_MOST ? wait : BIND_WAIT_MOST;
	return true;
}

static void bind_silent(struct servfail_walk *w, const struct servfail_try *t)
{
	static const struct {
		double above;
		uint64_t mask;
	} steps[] = { { 800000, 0x3fff }, { 400000, 0x7fff }, { 200000, 0xffff },
		{ 100000, 0x1ffff }, { 50000, 0x3ffff }, { 25000, 0x7ffff }, { -1, 0xfffff } };
	struct servfail_memory *m = &w->memory[t->server];
	uint32_t i = 0;

	while (m->srtt <= steps[i].above)
		i++;
	/* Less is added while no EDNS reply was seen. */
	m->srtt += (double)(rng_u64(&w->rng) & (steps[i].mask >> (m->var > 0 ? 2 : 0)));
	m->srtt = least(m->srtt, (double)BIND_WAIT_MOST);
}

/* Seven tenths of what was known; those that had no turn come a 512th nearer each second. */
static void bind_answered(struct servfail_walk *w, const struct servfail_try *t)
{
	struct servfail_memory *m = &w->memory[t->server];

	m->srtt = 0.7 * m->srtt + 0.3 * w->c->servers[t->server].rtt;
	m->var = 0;
	for (uint32_t i = 0; i < w->c->n; i++) {
		struct servfail_memory *other = &w->memory[i];

		if (w->tried[i].marked || other->since == time_of(w) / SERVFAIL_S)
			continue;
		other->since = time_of(w) / SERVFAIL_S;
		other->srtt -= other->srtt / 512;
	}
}

const struct servfail_make servfail_bind = {
	.begin = bind_begin,
	.next = bind_next,
	.silent = bind_silent,
	.answered = bind_answered,
	.draws = true,
};

/*
 * PowerDNS Recursor: 4.8.8 syncres.cc doResolveAt(), doResolveAtThisIP(), DecayingEwma; 5.4 has the
 * same numbers. Each address once, the fastest first; a second try of a name at an address that
 * did not answer it is throttled. After server-down-max-fails silences in a row an address is left
 * alone for server-down-throttle-time (5.0 and later ask it in one of 25 cases all the same, which
 * is left out). Addresses of one server name share a place in the order there, and do not here.
 */
enum { PDNS_FAILS = 64, PDNS_DOWN = 60 };
#define PDNS_WAIT  (1500 * SERVFAIL_MS) /* network-timeout */
#define PDNS_TOTAL (7 * SERVFAIL_S)	/* max-total-msec */
#define PDNS_SLOW  1e6			/* µs that silence counts as */

/* Seconds from a time to now, as the speeds decay. */
static double pdns_age(const struct servfail_walk *w, uint64_t since)
{
	return (double)(time_of(w) - since) / SERVFAIL_S;
}

static void pdns_begin(struct servfail_walk *w)
{
	for (uint32_t i = 0; i < w->c->n; i++) {
		struct servfail_memory *m = &w->memory[i];

		/* Read, and let decay: equals come in any order. */
		if (m->since)
			m->srtt *= exp(-pdns_age(w, m->since) / 60);
		m->since = time_of(w);
		m->rto = m->srtt + rng_unit(&w->rng) * 1e-3;
	}
}

static bool pdns_next(struct servfail_walk *w, struct servfail_try *ret)
{
	bool found = false;

	if (w->now > PDNS_TOTAL)
		return false;
	for (uint32_t i = 0; i < w->c->n; i++) {
		const struct servfail_memory *m = &w->memory[i];

		if (w->tried[i].marked || m->until > time_of(w))
			continue;
		if (!found || m->rto < w->memory[ret->server].rto)
			*ret = (struct servfail_try){ .server = i, .wait = PDNS_WAIT };
		found = true;
	}
	if (found)
		w->tried[ret->server].marked = true;
	return found;
}

static void pdns_submit(const struct servfail_walk *w, struct servfail_memory *m, double us)
{
	double old = exp(-pdns_age(w, m->since)) / 2;

	m->srtt = m->srtt > 0 ? (1 - old) * us + old * m->srtt : us;
}

static void pdns_silent(struct servfail_walk *w, const struct servfail_try *t)
{
	struct servfail_memory *m = &w->memory[t->server];

	pdns_submit(w, m, PDNS_SLOW);
	if (++m->losses >= PDNS_FAILS)
		m->until = time_of(w) + PDNS_DOWN * SERVFAIL_S;
}

static void pdns_answered(struct servfail_walk *w, const struct servfail_try *t)
{
	struct servfail_memory *m = &w->memory[t->server];

	pdns_submit(w, m, w->c->servers[t->server].rtt);
	m->losses = 0;
}

const struct servfail_make servfail_pdns = {
	.begin = pdns_begin,
	.next = pdns_next,
	.silent = pdns_silent,
	.answered = pdns_answered,
	.draws = true,
};

/*
 * Knot Resolver: 5.6.0 lib/selection.c select_transport(), error(), server_timeout(),
 * daemon/worker.c on_udp_timeout(), tcp_task_make_connection(); 6.4 has the same numbers. Mostly
 * the address with the least errors, then the shortest time-out, one in 20 times any. After two
 * silences an address is asked over TCP, and so is everything after it in this lookup. Four
 * silences in a row, the last of 800 ms or more, and an address is left alone for a second. The
 * round trip is in whole ms, and a server that answers in less than one counts as unknown.
 */
enum {
	KRESD_UNKNOWN = 400,  /* ms */
	KRESD_MOST = 10000,   /* ms */
	KRESD_ADD = 20,	      /* ms above the round trip, at least */
	KRESD_BACKOFF = 8,    /* doublings at most */
	KRESD_TCP = 2000,     /* ms: who is expected to take longer is asked over TCP */
	KRESD_CONNECT = 2000, /* ms */
	KRESD_EXPLORE = 20,
	KRESD_TIMEOUTS = 10,
	KRESD_LIMIT = 10, /* s */
	KRESD_ROW = 4,
	KRESD_ROW_WAIT = 800, /* ms */
	KRESD_DEAD = 1,	      /* s */
	KRESD_IDLE = 10,      /* s until an unused TCP connection is closed */
};

static double kresd_backed_off(double ms, uint32_t times)
{
	times = times < KRESD_BACKOFF ? times : KRESD_BACKOFF;
	return least(ms * (double)(1U << times), KRESD_MOST);
}

static bool kresd_unknown(const struct servfail_memory *m)
{
	return m->srtt < 1 && !m->losses;
}

static double kresd_timeout(const struct servfail_memory *m)
{
	double four = 4 * m->var;

	return kresd_backed_off(m->srtt + (four > KRESD_ADD ? four : KRESD_ADD), m->losses);
}

static void kresd_begin(struct servfail_walk *w)
{
	for (uint32_t i = 0; i < w->c->n; i++)
		if (!w->memory[i].known)
			w->memory[i] = (struct servfail_memory){ .known = true,
				.var = (double)KRESD_UNKNOWN / 4 };
}

/* < 0: a is the better choice. */
static double kresd_compare(const struct servfail_walk *w, uint32_t a, uint32_t b)
{
	const struct servfail_memory *x = &w->memory[a], *y = &w->memory[b];

	if (kresd_unknown(x) != kresd_unknown(y))
		return kresd_unknown(x) ? -1 : 1;
	if (w->tried[a].silent != w->tried[b].silent)
		return (double)w->tried[a].silent - w->tried[b].silent;
	return kresd_timeout(x) - kresd_timeout(y);
}

/* Sets the best one, equals at random, and the chosen one. */
static bool kresd_pick(struct servfail_walk *w, uint32_t *best, uint32_t *chosen)
{
	uint32_t alive[SERVFAIL_SERVERS], n = 0, equals = 0;

	for (uint32_t i = 0; i < w->c->n; i++)
		if (w->memory[i].until <= time_of(w))
			alive[n++] = i;
	if (!n)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		double c = equals ? kresd_compare(w, alive[i], *best) : -1;

		equals = c < 0 ? 1 : equals + (c == 0);
		if (c < 0 || (c == 0 && !rng_below(&w->rng, equals)))
			*best = alive[i];
	}
	*chosen = rng_below(&w->rng, KRESD_EXPLORE) ? *best : alive[rng_below(&w->rng, n)];
	return true;
}

static bool kresd_next(struct servfail_walk *w, struct servfail_try *ret)
{
	const struct servfail_memory *m;
	uint32_t best = 0, chosen = 0;
	double wait;

	if (w->silences >= KRESD_TIMEOUTS || w->now >= KRESD_LIMIT * SERVFAIL_S ||
		!kresd_pick(w, &best, &chosen))
		return false;
	m = &w->memory[chosen];
	*ret = (struct servfail_try){ .server = chosen };
	if (kresd_unknown(m)) {
		wait = kresd_backed_off(KRESD_UNKNOWN, w->silences);
	} else {
		double most = 2 * kresd_timeout(&w->memory[best]);

		wait = kresd_timeout(m);
		ret->capped = chosen != best && wait > most;
		wait = ret->capped ? most : wait;
	}
	ret->tcp = w->tcp || w->tried[chosen].silent >= w->row->tcp_after || wait > KRESD_TCP;
	if (ret->tcp && w->udp) /* TCP was tried and failed */
		w->tcp = ret->tcp = false;
	else
		w->tcp = ret->tcp;
	ret->connected = ret->tcp && m->open > time_of(w);
	ret->due = (uint64_t)wait * SERVFAIL_MS;
	ret->wait = ret->tcp ? KRESD_CONNECT * SERVFAIL_MS : ret->due;
	return true;
}

static void kresd_silent(struct servfail_walk *w, const struct servfail_try *t)
{
	struct servfail_memory *m = &w->memory[t->server];

	w->udp |= t->tcp;
	if (t->capped)
		return;
	m->losses++;
	if (m->losses >= KRESD_ROW && t->due >= KRESD_ROW_WAIT * SERVFAIL_MS)
		m->until = time_of(w) + KRESD_DEAD * SERVFAIL_S;
}

/* RFC 6298 2, in whole ms; what is below one is 0 or 1 as the clock has it. */
static void kresd_answered(struct servfail_walk *w, const struct servfail_try *t)
{
	struct servfail_memory *m = &w->memory[t->server];
	double rtt = (double)w->c->servers[t->server].rtt / SERVFAIL_MS;
	double ms = floor(rtt + rng_unit(&w->rng));

	if (kresd_unknown(m)) {
		m->srtt = ms;
		m->var = floor(ms / 2);
	} else {
		m->var = floor((3 * m->var + fabs(m->srtt - ms) + 2) / 4);
		m->srtt = floor((7 * m->srtt + ms + 4) / 8);
	}
	m->losses = 0;
	m->until = 0;
	if (t->tcp)
		m->open = time_of(w) + KRESD_IDLE * SERVFAIL_S;
}

const struct servfail_make servfail_kresd = {
	.begin = kresd_begin,
	.next = kresd_next,
	.silent = kresd_silent,
	.answered = kresd_answered,
	.draws = true,
};
