/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the document: every word of a report is chosen here and in the files of words.h. */
#include "render/report.h"

#include <math.h>
#include <string.h>

#include "base/err.h"
#include "fault/fault.h"
#include "render/isolate.h"
#include "render/words.h"

static const char *where_text(enum where w)
{
	static const char *const texts[] = {
		[WHERE_NONE] = "none",
		[WHERE_NEAR] = "near: in this host's own network or on the host itself",
		[WHERE_RESOLVER] = "resolver: in the resolver that this host is set to use",
		[WHERE_PATH] = "path: between this network and the servers'",
		[WHERE_FAR] = "far: at the servers or right in front of them",
		[WHERE_ZONE] = "zone: in what the servers of the zone or of its parent say",
		[WHERE_UNKNOWN] = "unknown: it cannot be told from here",
	};

	return (size_t)w < ARRAY_LEN(texts) ? texts[w] : texts[WHERE_UNKNOWN];
}

/* Confidence is never rounded up: 99.9999%, not 100%. */
static const char *sure_text(struct arena *a, double confidence)
{
	double percent = floor(confidence * 1e6) / 1e4;

	if (confidence >= 1)
		return "certain: seen, not inferred";
	if (confidence > 0.999999)
		return "over 99.9999%";
	return arena_printf(a, "%.6g%%", percent > 0 ? percent : 0);
}

static void copy_lines(struct arena *a, struct VEC_texts *to, const char *const *from)
{
	for (; from && *from; from++)
		vec_push(a, to, *from);
}

/*
 * Of the catalogue's tags of a test only the one that was emitted belongs to a finding; where test
 * cases speak for themselves, others have none.
 */
static void add_refs(struct making *m, struct report_finding *x, const struct fault *entry)
{
	static const char zonemaster[] = "zonemaster:";
	const char *tag = x->finding->tag;

	for (const char *const *ref = entry ? entry->refs : NULL; ref && *ref; ref++)
		if ((!tag && !report_is_tree(m->r)) ||
			strncmp(*ref, zonemaster, strlen(zonemaster)) != 0)
			vec_push(m->a, &x->refs, *ref);
	if (tag)
		vec_push(m->a, &x->refs, arena_printf(m->a, "%s%s", zonemaster, tag));
}

/* How many first lines of advice fall away: others reach these servers, so that they are up. */
static size_t others_reach(const struct finding *f)
{
	return f->where == WHERE_PATH && strcmp(f->id, "unreachable") == 0;
}

static void add_finding(struct making *m, const struct finding *f)
{
	const struct fault *entry = fault_find(f->id);
	struct report_finding x = {
		.finding = f,
		.summary = words_summary(m->a, f),
		.where = where_text(f->where),
		.sure = sure_text(m->a, f->confidence),
	};

	if (entry)
		copy_lines(m->a, &x.advice_here, entry->advice_here + others_reach(f));
	add_refs(m, &x, entry);
	/* What is wrong near by is nothing that the other side could mend. */
	if (entry && f->where != WHERE_NEAR)
		copy_lines(m->a, &x.advice_there, entry->advice_there + others_reach(f));
	report_prove(m, &x);
	vec_push(m->a, &m->r->findings, x);
}

static const char *sweep_servers(struct making *m)
{
	struct VEC(struct addr) v = { 0 };

	vec_each (const struct sweep_result, s, m->r->inferences->sweeps)
		if (s->ports.sent)
			vec_push(m->a, &v, s->server);
	return v.n ? words_servers(m->a, v.v, v.n) : "the servers";
}

/* What the name turned out to have: the resolver's word, else the zone's. */
static enum msg_meaning lookup_meaning(const struct inferences *in)
{
	if (in->resolver.asked)
		return in->resolver.meaning;
	return in->tree ? in->tree->meaning : MEANS_UNREADABLE;
}

static const char *asked_text(struct making *m)
{
	const struct question *q = &m->r->facts->question;

	return q->name ? words_question(m->a, q) : "the lookup";
}

/* "unbound 1.17.1 draws from 59,448 ports", or what was seen. */
static const char *pool_summary(struct making *m)
{
	const struct pools *p = &m->r->inferences->pools;
	const struct pool_estimate *e = p->seen.n ? p->seen.v[0].estimate : NULL;

	if (p->audit && p->audit->pools.n)
		return arena_printf(m->a, "no fault found: %s draws from %u ports%s",
			words_software(m->a, p->audit), portset_count(p->audit->pools.v[0].ports),
			e ? ", and its packets do not contradict that" : "");
	return arena_printf(m->a, "no fault found: %u queries came from %u different ports",
		e ? e->samples : 0, e ? e->distinct : 0);
}

static const char *ok_summary(struct making *m)
{
	const struct inferences *in = m->r->inferences;

	if (strcmp(m->r->command, "resolver") == 0)
		return pool_summary(m);
	if (report_is_tree(m->r))
		return report_tree_summary(m);
	if (in->isolated)
		return isolate_sentence(m->a, in->isolated);
	if (report_is_shapes(m->r))
		return arena_printf(m->a, "no fault found in how %s %s query shapes",
			words_servers(m->a, m->r->facts->targets.v, m->r->facts->targets.n),
			m->r->facts->targets.n == 1 ? "takes" : "take");
	if (report_is_mail(m->r))
		return report_mail_summary(m);
	if (report_is_looked(m->r))
		return report_looked_summary(m);
	if (strcmp(m->r->command, "diagnose") == 0 || !in->sweeps.n)
		return arena_printf(m->a, "no fault found for %s; the reply: %s", asked_text(m),
			words_meaning(lookup_meaning(in)));
	return arena_printf(m->a, "no blocked source port found towards %s", sweep_servers(m));
}

/* The first ask that never left says why none did. */
static const char *silence_summary(struct making *m)
{
	const struct inferences *in = m->r->inferences;
	const struct facts *f = m->r->facts;

	if (in->resolver.seen && in->resolver.seen->msg && in->sent > 1)
		return arena_printf(m->a,
			"cannot tell: the resolver answers (%s), but of %llu queries from here to "
			"other servers none was answered",
			words_meaning(in->resolver.meaning), (unsigned long long)in->sent - 1);
	if (in->sent)
		return arena_printf(m->a, "cannot tell: no server answered; %llu %s sent",
			(unsigned long long)in->sent, in->sent == 1 ? "query was" : "queries were");
	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i]->outcome == OUTCOME_NOT_SENT)
			return arena_printf(m->a, "cannot tell: no query could be sent: %s",
				why_text(f->v[i]->why));
	}
	return "cannot tell: no query was sent";
}

static const char *loss_summary(struct making *m)
{
	return arena_printf(m->a, "cannot tell: the path to %s loses too many packets",
		report_is_shapes(m->r)
			? words_servers(m->a, m->r->facts->targets.v, m->r->facts->targets.n)
			: sweep_servers(m));
}

static const char *blackout_summary(struct making *m)
{
	return arena_printf(m->a,
		"cannot tell: %s went silent during the test, and stayed so: a guard, or an outage",
		words_servers(m->a, m->r->facts->targets.v, m->r->facts->targets.n));
}

static const char *pattern_summary(struct making *m)
{
	return arena_printf(m->a, "cannot tell which source ports reach %s", sweep_servers(m));
}

static const char *privilege_summary(struct making *m)
{
	return arena_printf(m->a,
		"no blocked source port found towards %s, but ports below 1024 could not be used",
		sweep_servers(m));
}

static const char *stopped_summary(struct making *m)
{
	const char *note = m->r->facts->note ? words_safe(m->a, m->r->facts->note) : "stopped";

	if (m->r->verdict.main)
		return arena_printf(m->a, "the run ended early (%s); so far: %s", note,
			words_summary(m->a, m->r->verdict.main));
	return arena_printf(m->a, "cannot tell: the run ended early: %s", note);
}

static const char *cause_summary(struct making *m)
{
	return arena_printf(
		m->a, "%s fails, and nothing that was tried explains it", asked_text(m));
}

static const char *unknown_pool_summary(struct making *m)
{
	(void)m;
	return "cannot tell which source ports the resolver uses";
}

static const char *isolate_summary(struct making *m)
{
	return isolate_sentence(m->a, m->r->inferences->isolated);
}

static const char *zone_summary(struct making *m)
{
	return arena_printf(m->a, "cannot tell: no authority for %s among %s",
		words_name(m->a, m->r->facts->question.name),
		words_servers(m->a, m->r->facts->targets.v, m->r->facts->targets.n));
}

static const struct {
	const char *(*summary)(struct making *m);
	const char *remedy;
} undecided[] = {
	[UNDECIDED_NOT] = { ok_summary, NULL },
	[UNDECIDED_SILENCE] = { silence_summary,
		"see that this host has a network and that UDP port 53 may leave it" },
	[UNDECIDED_BLACKOUT] = { blackout_summary, "try again later, with few shapes (--row)" },
	[UNDECIDED_LOSS] = { loss_summary, "try again when the path is better, or with --rate 5" },
	[UNDECIDED_PATTERN] = { pattern_summary, "see below what was not tested; --full asks from "
						 "every port, --budget N allows more" },
	[UNDECIDED_PRIVILEGE] = { privilege_summary,
		"run it as root, or give the program the right to low ports: setcap "
		"cap_net_bind_service=ep on its file" },
	[UNDECIDED_STOPPED] = { stopped_summary, "run it again to its end" },
	[UNDECIDED_POOL] = { unknown_pool_summary,
		"run it as root on the resolver's own host, give --config KIND:FILE, or ask with "
		"--beacon" },
	[UNDECIDED_ZONE] = { zone_summary,
		"give a name in a zone that the server serves: -q NAME" },
	[UNDECIDED_LOOKUP] = { report_looked_summary,
		"find out why: dnsfault diagnose asks every server on the way, and from many "
		"source ports" },
	[UNDECIDED_ISOLATE] = { isolate_summary,
		"give a query that works: --working PROFILE, and a name that the server serves: -q "
		"NAME" },
	[UNDECIDED_CAUSE] = { cause_summary,
		"run it on the resolver's own host, and read the resolver's log for the name" },
};

static const char *verdict_summary(struct making *m)
{
	const struct verdict *v = &m->r->verdict;

	if (v->state == VERDICT_FAULT && v->main && v->main->effect == EFFECT_COSMETIC &&
		report_is_tree(m->r))
		return report_tree_harmless(m);
	if (v->state == VERDICT_FAULT && v->main)
		return words_summary(m->a, v->main);
	if (v->state == VERDICT_UNDECIDED && undecided[v->reason].remedy)
		vec_push(m->a, &m->r->remedy, undecided[v->reason].remedy);
	return undecided[v->state == VERDICT_UNDECIDED ? v->reason : UNDECIDED_NOT].summary(m);
}

const struct report *report_make(struct arena *a, const struct check_input *in,
	const struct findings *findings, struct verdict v)
{
	struct report *r = arena_alloc(a, sizeof(*r));
	struct making m = { a, r, findings };

	r->facts = in->facts;
	r->inferences = in->inferences;
	r->verdict = v;
	r->command = in->facts->command ? in->facts->command : "";
	r->summary = verdict_summary(&m);
	vec_each (const struct finding, f, findings->list)
		add_finding(&m, f);
	report_describe(&m);
	report_tree(&m);
	report_found(&m);
	report_shapes(&m);
	report_mail(&m);
	report_side(&m);
	report_untested(&m);
	report_vantages(&m);
	return r;
}

int report_exit(const struct report *r)
{
	static const int codes[] = {
		[VERDICT_OK] = 0,
		[VERDICT_FAULT] = 1,
		[VERDICT_UNDECIDED] = 3,
	};

	return codes[r->verdict.state];
}
