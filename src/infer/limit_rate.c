/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether losses, or replies of one kind, follow the rate at which a server is asked. */
#include <math.h>
#include <stdlib.h>

#include "base/stats.h"
#include "infer/limit_inner.h"

enum {
	SPLITS = 3,	 /* ways to tell fast from slow that are tried */
	QUIET_LEAST = 3, /* slow replies that end a peak, and as many for each slow loss */
};

/* So unlikely that losses do not depend on the port: then they are the port's. */
static const double by_port = 0.01;

struct table {
	unsigned int hit[2], miss[2]; /* [0] slow, [1] fast */
};

static bool is_hit(const struct limit_event *e, enum limit_sign sign)
{
	return sign == LIMIT_LOSS ? e->kind == LIMIT_KIND_LOST
				  : e->kind == LIMIT_KIND_SIGN && e->sign == sign;
}

int limit_by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

double limit_follows_rate(const struct limit_work *w, enum limit_sign sign, uint32_t *ret_fast)
{
	uint32_t *loads = arena_alloc(w->arena, (w->events.n + 1) * sizeof(*loads));
	size_t n = 0;
	double best = 1;

	vec_each (const struct limit_event, e, w->events)
		if (is_hit(e, sign) || e->kind == LIMIT_KIND_WHOLE)
			loads[n++] = e->load;
	qsort(loads, n, sizeof(*loads), limit_by_size);
	for (size_t i = 1; n && i <= SPLITS; i++) {
		uint32_t fast = loads[n * i / (SPLITS + 1)];
		struct table t = { { 0 }, { 0 } };
		double p;

		vec_each (const struct limit_event, e, w->events) {
			t.hit[e->load >= fast] += is_hit(e, sign);
			t.miss[e->load >= fast] += e->kind == LIMIT_KIND_WHOLE;
		}
		if ((double)t.hit[1] * t.miss[0] <= (double)t.hit[0] * t.miss[1])
			continue;
		p = SPLITS * stats_fisher(t.hit[1], t.miss[1], t.hit[0], t.miss[0]);
		if (p < best) {
			best = p;
			*ret_fast = fast;
		}
	}
	return best;
}

/* The two-sample test of Kolmogorov and Smirnov, with its asymptotic distribution. */
bool limit_depends_on_port(const struct limit_work *w, uint32_t fast)
{
	uint32_t *lost = arena_alloc(w->arena, 65536 * sizeof(*lost));
	uint32_t *whole = arena_alloc(w->arena, 65536 * sizeof(*whole));
	double n = 0, m = 0, a = 0, b = 0, most = 0;

	vec_each (const struct limit_event, e, w->events) {
		if (e->load < fast || (e->kind != LIMIT_KIND_LOST && e->kind != LIMIT_KIND_WHOLE))
			continue;
		(e->kind == LIMIT_KIND_LOST ? lost : whole)[e->port]++;
		*(e->kind == LIMIT_KIND_LOST ? &n : &m) += 1;
	}
	for (uint32_t p = 0; n > 0 && m > 0 && p < 65536; p++) {
		a += lost[p] / n;
		b += whole[p] / m;
		most = fmax(most, fabs(a - b));
	}
	return n > 0 && m > 0 && 2 * exp(-2 * most * most * n * m / (n + m)) < by_port;
}

/* Asks at one time. */
struct peak {
	unsigned int lost, whole;	    /* of fast asks */
	unsigned int slow_lost, slow_whole; /* behind them */
	bool over;			    /* these were not lossy, for a time at least */
};

static void add_slow(struct peak *p, const struct limit_event *e)
{
	p->slow_lost += e->kind == LIMIT_KIND_LOST;
	p->slow_whole += e->kind == LIMIT_KIND_WHOLE;
	p->over |= p->slow_whole >= QUIET_LEAST && p->slow_whole >= QUIET_LEAST * p->slow_lost;
}

static bool is_lossy(const struct peak *p, double share)
{
	return p->lost >= LIMIT_LOST_LEAST && p->lost >= share / 2 * (p->lost + p->whole);
}

static void add_fast(struct peak *p, const struct limit_event *e)
{
	p->lost += e->kind == LIMIT_KIND_LOST;
	p->whole += e->kind == LIMIT_KIND_WHOLE;
	p->slow_lost = p->slow_whole = 0;
}

unsigned int limit_episodes(const struct limit_work *w, uint32_t fast)
{
	struct peak all = { 0 }, now = { 0 };
	unsigned int n = 0;
	double share;

	vec_each (const struct limit_event, e, w->events)
		if (e->load >= fast)
			add_fast(&all, e);
	share = all.lost ? (double)all.lost / (all.lost + all.whole) : 1;
	vec_each (const struct limit_event, e, w->events) {
		if (e->load < fast) {
			add_slow(&now, e);
			continue;
		}
		if (now.over) {
			n += is_lossy(&now, share);
			now = (struct peak){ 0 };
		}
		add_fast(&now, e);
	}
	return n + is_lossy(&now, share);
}
