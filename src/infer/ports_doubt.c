/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Silences that no rule makes: ports that answer and do not, and silent ports without order. They
 * are asked again slowly after a pause, and what they do then tells whether it is the port, the
 * rate or the clock.
 */
#include <stdlib.h>

#include "base/err.h"
#include "base/stats.h"
#include "infer/ports_depth.h"

enum {
	MIXED_SILENCES = 2, /* of one port that also answers, at least */
	EDGE_REPLIES = 2,   /* of an open port beside a blocked one: one may be a policer's… */
	EDGE_REPLIES_LOSSY = 3, /* … and two, where loss hides its silences */
	MIXED_LEAST = 4,	/* such ports, at least, before they mean something */
	UNEASY_LEAST = 2,	/* open ports at boundaries that look mixed */
	GROUP_MOST = 16,	/* ports of a group that are asked again */
	AWAKE_LEAST = 2,	/* ports that were silent and answer now: it was not the port */
	CLEAN_RUN = 3,		/* open ports in a row, without a silence, end a policed range */
};

/*
 * Chance that loss alone silences a port that is called silent here; that it makes an open port
 * look mixed, and surely so; that so many look mixed; that a group loses so much more than another.
 */
#define LEAST_LOSS   0.01
#define LOSSY	     0.3
#define WORST_LOSS   0.6
#define SILENT_ERROR 1e-4
#define MIXED_ERROR  1e-3
#define SURE_ERROR   1e-7
#define UNEASY_ERROR 0.02
#define ODD_ERROR    0.05 /* not so unlikely: no more is asked */
#define MANY_ERROR   1e-5
#define GROUP_ERROR  1e-3

struct before {
	uint16_t replies, silent;
};

/*
 * Loss by the steady asks alone, which the doubt does not touch: where some ports are policed, or
 * new flows are dropped, all other asks say too much.
 */
static double steady_loss(const struct ports_table *t)
{
	double upper = stats_rate_upper(t->steady_lost, t->steady_sent, 0.99);

	return upper < LEAST_LOSS ? LEAST_LOSS : upper > WORST_LOSS ? WORST_LOSS : upper;
}

/* The chance that an open port does so at that loss; 1 for one that is not mixed at all. */
static double luck(double loss, struct before b)
{
	if (!b.replies || b.silent < MIXED_SILENCES)
		return 1;
	return stats_binomial_tail(b.silent, (uint64_t)b.replies + b.silent, loss);
}

static bool is_mixed(double loss, struct before b)
{
	return luck(loss, b) < MIXED_ERROR;
}

static struct before now(const struct ports_table *t, uint16_t port)
{
	return (struct before){ ports_at(t, port)->replies,
		(uint16_t)(ports_at(t, port)->silent + ports_at(t, port)->voided) };
}

bool ports_settled(const struct ports_table *t, uint16_t port)
{
	double loss = steady_loss(t), chance = luck(loss, now(t, port));
	int need = loss > LOSSY ? EDGE_REPLIES_LOSSY : EDGE_REPLIES;

	if (ports_at(t, port)->replies + ports_at(t, port)->again_replies >= need)
		return chance > ODD_ERROR || chance < SURE_ERROR;
	return chance < SURE_ERROR;
}

static bool many_mixed(const struct ports_table *t, const struct ports_scope *scope)
{
	double loss = steady_loss(t);
	uint32_t mixed = 0, sure = 0, open = 0;

	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1)) {
		if (!portset_has(scope->ports, (uint16_t)p))
			continue;
		open += ports_at(t, p)->replies != 0;
		mixed += is_mixed(loss, now(t, (uint16_t)p));
		sure += luck(loss, now(t, (uint16_t)p)) < SURE_ERROR;
	}
	return sure ||
	       (mixed >= MIXED_LEAST && stats_binomial_tail(mixed, open, MIXED_ERROR) < MANY_ERROR);
}

/* So often silent that the loss of steady asks does not explain it. */
static bool is_silent(double loss, struct before b)
{
	return !b.replies && b.silent >= stats_silences(loss, SILENT_ERROR);
}

bool ports_uneasy(const struct ports_table *t, const struct ports_scope *scope)
{
	double loss = steady_loss(t);
	struct portset open, blocked;
	unsigned int n = 0;

	ports_edges(t, scope, &open, &blocked);
	for (int32_t p = portset_next(&open, 0); p >= 0; p = portset_next(&open, (uint32_t)p + 1))
		n += luck(loss, now(t, (uint16_t)p)) < UNEASY_ERROR;
	return n >= UNEASY_LEAST;
}

static enum ports_group group_of(double loss, struct before b)
{
	if (!b.replies)
		return is_silent(loss, b) ? GROUP_SILENT : GROUPS;
	if (is_mixed(loss, b))
		return GROUP_MIXED;
	return b.silent ? GROUPS : GROUP_CLEAN;
}

void ports_group(const struct ports_table *t, const struct ports_scope *scope,
	enum ports_group group, struct portset *ret)
{
	double loss = steady_loss(t);
	struct portset all = { 0 };
	uint32_t n;

	*ret = (struct portset){ 0 };
	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1))
		if (portset_has(scope->ports, (uint16_t)p) &&
			group_of(loss, now(t, (uint16_t)p)) == group)
			portset_add(&all, (uint16_t)p);
	n = portset_count(&all);
	/* Evenly from the whole range. */
	for (uint32_t i = 0; i < n && i < GROUP_MOST; i++)
		portset_add(
			ret, (uint16_t)portset_nth(&all, n <= GROUP_MOST ? i : i * n / GROUP_MOST));
}

/* These asks lost surely more than those from ports that never lost anything before. */
static bool loses_more(const struct ports_again *a, uint32_t sent, uint32_t lost)
{
	uint32_t clean_sent = a->sent[GROUP_CLEAN], clean_lost = a->lost[GROUP_CLEAN];

	if (!sent || !clean_sent || (uint64_t)lost * clean_sent <= (uint64_t)clean_lost * sent)
		return false;
	return stats_fisher(lost, sent - lost, clean_lost, clean_sent - clean_lost) < GROUP_ERROR;
}

/*
 * Slowly and after the pause: ports that answer at times only are policed; when those that were
 * silent answer like all others, it was the time, or the rate of that time; else it is the port or
 * the flow.
 */
static enum ports_suspicion verdict(const struct ports_again *a)
{
	uint32_t sent = a->sent[GROUP_MIXED], lost = a->lost[GROUP_MIXED];

	if (loses_more(a, sent, lost))
		return SUSPECT_POLICER;
	if (a->answered[GROUP_SILENT] < AWAKE_LEAST)
		return SUSPECT_FLOWS;
	return loses_more(a, sent + a->sent[GROUP_SILENT], lost + a->lost[GROUP_SILENT])
		       ? SUSPECT_POLICER
		       : SUSPECT_CLOCK;
}

enum ports_suspicion ports_suspect(const struct ports_table *t, const struct ports_scope *scope)
{
	enum ports_suspicion s;

	if (t->again.from) {
		s = verdict(&t->again);
		if (s != SUSPECT_FLOWS || ports_scattered(t, scope))
			return s;
		return SUSPECT_NOTHING;
	}
	if (many_mixed(t, scope))
		return SUSPECT_MIXED;
	return ports_scattered(t, scope) ? SUSPECT_SCATTER : SUSPECT_NOTHING;
}

static void count_before(const struct ports_log *l, struct before *v)
{
	vec_each (const struct ports_moment, m, l->moments) {
		if (m->sent >= l->table->again.from)
			continue;
		v[m->port].silent = (uint16_t)(v[m->port].silent + (m->lost && !m->steady));
		v[m->port].replies = (uint16_t)(v[m->port].replies + !m->lost);
	}
}

void ports_shallow(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret)
{
	double loss = steady_loss(t);

	*ret = (struct portset){ 0 };
	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1))
		if (portset_has(scope->ports, (uint16_t)p) && !ports_open(t, (uint16_t)p) &&
			!is_silent(loss, now(t, (uint16_t)p)))
			portset_add(ret, (uint16_t)p);
}

uint64_t ports_again_tally(struct ports_log *l)
{
	struct ports_table *t = l->table;
	struct ports_again a = { .from = t->again.from };
	double loss = steady_loss(t);
	struct before *v;

	if (!a.from)
		return 0;
	v = calloc(65536, sizeof(*v));
	if (!v)
		err_no_memory();
	count_before(l, v);
	for (uint32_t p = 1; p < 65536; p++) {
		const struct port_tally *y = ports_at(t, p);
		uint32_t sent = (uint32_t)y->again_silent + y->again_replies;
		enum ports_group g = sent ? group_of(loss, v[p]) : GROUPS;

		if (g == GROUPS)
			continue;
		a.ports[g]++;
		a.answered[g] += y->again_replies != 0;
		a.sent[g] += sent;
		a.lost[g] += y->again_silent;
	}
	free(v);
	t->again = a;
	return verdict(&a) == SUSPECT_CLOCK ? a.from : 0;
}

/*
 * From silent or mixed port to silent or mixed port, with the open ones between that had luck; so
 * many clean ones in a row are outside.
 */
void ports_policed(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret)
{
	double loss = steady_loss(t);
	int32_t last = -1;
	unsigned int clean = 0;

	*ret = (struct portset){ 0 };
	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1)) {
		struct before b = now(t, (uint16_t)p);
		bool suspect = b.silent && (!b.replies || is_mixed(loss, b));

		if (!portset_has(scope->ports, (uint16_t)p))
			continue;
		clean = suspect ? 0 : clean + 1;
		if (clean == CLEAN_RUN)
			last = -1;
		if (!suspect)
			continue;
		portset_add_range(
			ret, (struct portrange){ (uint16_t)(last < 0 ? p : last), (uint16_t)p });
		last = p;
	}
}
