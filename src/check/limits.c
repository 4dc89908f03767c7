/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks of servers that limit their replies (on purpose, so it is no more than a notice), and of
 * guards that block who asks much.
 */
#include "check/check.h"

#include <math.h>
#include <string.h>

#include "base/err.h"
#include "infer/matrix.h"

/* Replies that say it themselves leave little doubt. */
#define SUREST (1 - 1e-6)

static const char *const cookies[] = {
	[LIMIT_COOKIE_UNASKED] = "unasked",
	[LIMIT_COOKIE_NONE] = "none",
	[LIMIT_COOKIE_SENT] = "sent",
	[LIMIT_COOKIE_EXEMPT] = "exempt",
};

/* The finding of another server that shows it in the same way, or NULL. */
static struct finding *same(const struct findings *f, const struct limit *l)
{
	vec_each (struct finding, x, f->list) {
		if (strcmp(x->id, "rate-limited") == 0 &&
			strcmp(finding_find(x, "sign")->text, limit_sign_slug(l->sign)) == 0 &&
			strcmp(finding_find(x, "cookie")->text, cookies[l->cookie]) == 0)
			return x;
	}
	return NULL;
}

static int64_t whole_rate(const struct limit *l)
{
	return l->rate > 1 ? llround(l->rate) : 1;
}

static struct finding *begin(struct findings *f, const struct name *zone, const struct limit *l)
{
	/* Who drops without a word may stand anywhere; only the server sends another reply. */
	struct finding *x = findings_add(
		f, "rate-limited", SEV_NOTICE, l->sign == LIMIT_LOSS ? WHERE_UNKNOWN : WHERE_FAR);

	x->subject = zone;
	x->confidence = SUREST;
	finding_int(f, x, "limit", (uint64_t)whole_rate(l));
	finding_text(f, x, "sign", limit_sign_slug(l->sign));
	finding_int(f, x, "signs", 0);
	finding_text(f, x, "cookie", cookies[l->cookie]);
	finding_detail(f, x,
		(struct detail){
			.key = "onset", .kind = DETAIL_DURATION, .integer = (int64_t)l->onset });
	return x;
}

/* Servers of one operator that limit alike are one finding, with the tightest limit among them. */
static void add_limit(struct findings *f, const struct addr *server, const struct name *zone,
	const struct limit *l)
{
	struct finding *x = same(f, l);

	if (!x)
		x = begin(f, zone, l);
	if (finding_find(x, "limit")->integer > whole_rate(l))
		finding_find(x, "limit")->integer = whole_rate(l);
	if (finding_find(x, "onset")->integer > (int64_t)l->onset)
		finding_find(x, "onset")->integer = (int64_t)l->onset;
	finding_find(x, "signs")->integer += (int64_t)l->signs;
	x->confidence = fmin(x->confidence, 1 - l->error);
	finding_server(f, x, server);
	vec_each (const size_t, i, l->evidence)
		finding_evidence(f, x, *i);
}

/* A sweep asks one question often: what it says of the limit is nearer the truth. */
static bool swept(const struct inferences *in, const struct addr *server)
{
	vec_each (const struct sweep_result, s, in->sweeps)
		if (s->limit.limiting && addr_equal(&s->server, server))
			return true;
	return false;
}

static void rate_limited(const struct check_input *in, struct findings *f)
{
	vec_each (const struct sweep_result, s, in->inferences->sweeps)
		if (s->limit.limiting)
			add_limit(f, &s->server, s->zone, &s->limit);
	vec_each (const struct matrix, m, in->inferences->matrices)
		if (m->voids.limit.limiting && !m->control && !swept(in->inferences, &m->server))
			add_limit(f, &m->server, matrix_subject(m), &m->voids.limit);
}

/*
 * Twice after as many queries, with a pause between: an outage would have to do the same. Once: it
 * may have been one. tests/sim/block_sim_test.c has how often it is.
 */
static const struct {
	enum severity severity;
	double sure;
} blocked[] = {
	[BLACKOUT_REPEATED] = { SEV_WARNING, 0.99 },
	[BLACKOUT_ONCE] = { SEV_NOTICE, 0.7 },
};

static enum where place_of(const struct blackouts *b)
{
	static const enum where places[] = {
		[BLACKOUT_UNTOLD] = WHERE_UNKNOWN,
		[BLACKOUT_FAR] = WHERE_FAR,
		[BLACKOUT_NEAR] = WHERE_NEAR,
	};

	return places[b->place];
}

/* One finding for all servers behind the same guard. */
static struct finding *same_guard(const struct findings *f, const struct blackouts *b)
{
	vec_each (struct finding, x, f->list)
		if (strcmp(x->id, "ids-block") == 0 && x->where == place_of(b) &&
			strcmp(finding_find(x, "seen")->text, blackout_slug(b->verdict)) == 0)
			return x;
	return NULL;
}

static const char *transports(const struct blackouts *b)
{
	uint32_t silent = 0, heard = 0;

	vec_each (const struct blackout, x, b->v) {
		silent += x->tcp_silent;
		heard += x->tcp_heard;
	}
	if (heard)
		return "UDP, while TCP was answered";
	return silent ? "UDP and TCP" : "UDP (TCP was not asked then)";
}

static void add_block(struct findings *f, const struct matrix *m)
{
	const struct blackouts *b = &m->voids.blackouts;
	const struct blackout *first = &b->v.v[0];
	struct finding *x = same_guard(f, b);

	if (!x) {
		x = findings_add(f, "ids-block", blocked[b->verdict].severity, place_of(b));
		x->subject = m->zone ? m->zone : m->name;
		x->confidence = blocked[b->verdict].sure;
		finding_int(f, x, "queries", first->before);
		finding_detail(f, x,
			(struct detail){ .key = "lasted",
				.kind = DETAIL_DURATION,
				.integer = (int64_t)(first->to - first->from) });
		finding_text(f, x, "seen", blackout_slug(b->verdict));
		finding_text(f, x, "transports", transports(b));
		finding_int(f, x, "others_answered", b->others_heard);
		finding_int(f, x, "others_silent", b->others_silent);
	}
	finding_server(f, x, &m->server);
	if (b->place != BLACKOUT_UNTOLD)
		finding_evidence(f, x, b->other);
	vec_each (const struct blackout, o, b->v) {
		finding_evidence(f, x, o->first);
		finding_evidence(f, x, o->last);
		if (o->ended)
			finding_evidence(f, x, o->after);
	}
}

static const char *seconds(struct arena *a, const struct blackout *b)
{
	return arena_printf(a, "%llu s", (unsigned long long)((b->to - b->from) / 1000000));
}

/* What is no finding, and keeps something from being known. */
static void tell(struct findings *f, const struct matrix *m)
{
	const struct blackouts *b = &m->voids.blackouts;
	const struct blackout *first = &b->v.v[0];
	char text[ADDR_TEXT];
	const char *what =
		arena_printf(f->arena, "why %s went silent", addr_text_port(&m->server, text));

	if (b->verdict == BLACKOUT_LASTING)
		findings_untested(f, what,
			arena_printf(f->arena,
				"after %u queries it answered nothing any more, and was still "
				"silent %s later: a guard that blocks for longer, or an outage",
				first->before, seconds(f->arena, first)));
	else
		findings_untested(f, what,
			arena_printf(f->arena,
				"it was for %s after %u queries, and as many did not bring it "
				"about again: an outage that passed, as far as can be told",
				seconds(f->arena, first), first->before));
}

static void ids_block(const struct check_input *in, struct findings *f)
{
	vec_each (const struct matrix, m, in->inferences->matrices) {
		enum blackout_verdict v = m->voids.blackouts.verdict;

		if (m->control || v == BLACKOUT_NONE)
			continue;
		if (v == BLACKOUT_REPEATED || v == BLACKOUT_ONCE)
			add_block(f, m);
		else
			tell(f, m);
		if (v == BLACKOUT_REPEATED || v == BLACKOUT_LASTING)
			findings_untested(f,
				arena_printf(f->arena, "shapes that are not listed at %s",
					addr_text_port(&m->server, (char[ADDR_TEXT]){ 0 })),
				"nothing more was asked when it had gone silent");
	}
}

static const struct check rows[] = {
	{ "rate-limited", rate_limited },
	{ "ids-block", ids_block },
};

const struct family family_limits = { "limits", rows, ARRAY_LEN(rows) };
