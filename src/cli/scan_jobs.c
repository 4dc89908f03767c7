/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan with a probe that takes many queries for each name. */
#include "cli/scan_jobs.h"

#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "check/check.h"
#include "cli/passes.h"
#include "cli/side.h"
#include "dns/text.h"
#include "infer/inferences.h"
#include "net/loop.h"
#include "probe/diagnose.h"
#include "render/report.h"

#define STOCK_LIFE 3600000000U /* µs: an hour, then a server is swept again */

enum {
	STOCK_MOST = 64 * 1024 * 1024, /* octets: the sweeps of some 1,500 servers */
	LIFE = 60 * 1000 * 1000,       /* µs for which a reply is shared */
	SHARED_MOST = 8192,	       /* replies */
	JOBS_USUAL = 100,	       /* at once: each has facts of some hundred KB */
};

struct scan_jobs {
	struct scan_jobs_conf conf;
	struct jobs *jobs;
	struct stock *stock; /* what is known of servers */
	bool quotes;
};

const char *const scan_surveys[] = { "none", "ports", NULL };

const char *const scan_probes[] = { "lookup", "tree", "mail", "diagnose", "ports", "shapes", NULL };

static enum want want_nothing(
	struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	(void)p;
	(void)now;
	(void)ret_ask;
	*ret_wake = PROBE_NO_WAKE;
	return WANT_DONE;
}

/* Of what cannot be begun. */
static const struct probe_ops idle_ops = { .want = want_nothing };
static struct probe idle = { &idle_ops };

static struct scan_work *work_new(struct scan_jobs *s)
{
	const struct run *of = s->conf.run;
	struct scan_work *w = calloc(1, sizeof(*w));
	struct run *r;

	if (!w)
		err_no_memory();
	r = &w->run;
	r->arena = arena_new();
	r->settings = of->settings;
	r->verb = "scan";
	r->plan = of->plan;
	r->rng = rng_seed(rng_u64(&s->conf.run->rng));
	r->plan.rng = rng_seed(rng_u64(&r->rng));
	r->plan.walk.rng = rng_seed(rng_u64(&r->rng));
	r->facts = facts_new(r->arena);
	r->facts->command = scan_probe_table[s->conf.probe].slug;
	r->facts->started = time(NULL);
	r->facts->quotes = s->quotes;
	r->facts->audits.v = arena_dup(
		r->arena, of->facts->audits.v, of->facts->audits.n * sizeof(*of->facts->audits.v));
	r->facts->audits.n = r->facts->audits.cap = of->facts->audits.n;
	/* Roots and anchors are those of all; the rest is the name's own. */
	if (!scan_probe_table[s->conf.probe].servers)
		r->facts->tree = arena_dup(r->arena, of->facts->tree, sizeof(*of->facts->tree));
	r->plan.stock = s->stock;
	w->optout = s->conf.optout;
	w->one = s->conf.survey;
	w->lend = (struct stock_lend){ .stock = s->stock, .arena = r->arena, .facts = r->facts };
	w->began = loop_now();
	return w;
}

static void end_passes(struct scan_work *w)
{
	if (w->passes.probe)
		passes_end(&w->passes);
	w->passes.probe = NULL;
}

static void work_free(struct scan_work *w)
{
	end_passes(w);
	arena_free(w->run.arena);
	free(w);
}

static enum bulk_more more(void *user, struct job *ret)
{
	struct scan_jobs *s = user;
	struct names_item item;
	enum bulk_more more = s->conf.more(s->conf.user, &item);
	struct scan_work *w;

	if (more != BULK_ONE)
		return more;
	w = work_new(s);
	*ret = (struct job){ w->run.arena, w->run.facts,
		scan_probe_table[s->conf.probe].begin(w, &item), w };
	if (!ret->probe)
		ret->probe = &idle;
	return BULK_ONE;
}

/* Packets that this name cost: others are of other names. */
static uint32_t sent_by(const struct facts *f)
{
	uint32_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->v[i]->sent && f->v[i]->ask.work != WORK_BORROWED;
	return n;
}

static int by_time(const void *a, const void *b)
{
	const struct observation *x = *(const struct observation *const *)a;
	const struct observation *y = *(const struct observation *const *)b;

	return x->done < y->done ? -1 : x->done > y->done;
}

/* As if all had been asked by one run: what was borrowed is older than what was asked beside it. */
static void sort_facts(struct facts *f)
{
	qsort(f->v, f->n, sizeof(*f->v), by_time);
}

static const struct report *judge(struct scan_work *w)
{
	struct arena *a = w->run.arena;
	struct findings *findings = arena_alloc(a, sizeof(*findings));
	struct check_input in;

	findings->arena = a;
	sort_facts(w->run.facts);
	in = (struct check_input){ w->run.facts, infer_all(a, w->run.facts) };
	check_run(&in, findings);
	return report_make(a, &in, findings, check_verdict(&in, findings));
}

static void done(void *user, const struct job *job)
{
	struct scan_jobs *s = user;
	struct scan_work *w = job->user;
	struct record record = { .subject = w->subject,
		.cannot = w->cannot,
		.why = w->why,
		.question = &w->run.facts->question };

	w->run.facts->elapsed = record.elapsed = loop_now() - w->began;
	end_passes(w);
	record.tries = sent_by(w->run.facts);
	if (!record.cannot)
		record.report = judge(w);
	s->conf.done(s->conf.user, &record);
	work_free(w);
}

static void left(void *user, const struct job *job)
{
	(void)user;
	work_free(job->user);
}

/* The configuration of the resolver, which all names have in common: from where it asks. */
static int look_at_resolver(struct run *r)
{
	int err = side_configs(r);

	if (err == 0)
		side_find(r, &r->plan.resolvers[0]);
	return err;
}

int scan_jobs_new(struct arena *a, const struct scan_jobs_conf *conf, struct scan_jobs **ret)
{
	struct scan_jobs *s = arena_alloc(a, sizeof(*s));
	uint32_t most = conf->run->settings.concurrency;
	struct settings *set = &conf->run->settings;
	int err;

	if (set->full && !set->yes)
		return run_complain(conf->run, "--full for a list of servers needs --yes");
	/* What sweeps and shapes hold their pace by. */
	if (set->scan_rate.given)
		set->rate = (uint32_t)set->scan_rate.v;
	if (set->types.n && scan_probe_table[conf->probe].servers &&
		text_parse_type(set->types.v[0], &set->qtype) < 0)
		return run_complain(conf->run, "-t %s: no record type", set->types.v[0]);
	err = run_plan(conf->run);
	if (err == 0)
		err = passes_plan(conf->run);
	if (!err && scan_probe_table[conf->probe].resolver && conf->run->plan.nresolvers)
		err = look_at_resolver(conf->run);
	if (err < 0)
		return err;
	s->conf = *conf;
	s->stock = stock_new(&(struct stock_conf){ STOCK_MOST, STOCK_LIFE });
	s->jobs = jobs_new(a, &(struct jobs_conf){
				      .most = most < JOBS_USUAL ? most : JOBS_USUAL,
				      .life = LIFE,
				      .most_shared = SHARED_MOST,
				      .more = more,
				      .done = done,
				      .user = s,
			      });
	*ret = s;
	return 0;
}

struct probe *scan_jobs_probe(struct scan_jobs *s)
{
	return jobs_probe(s->jobs);
}

void scan_jobs_quotes(struct scan_jobs *s)
{
	s->quotes = true;
}

struct jobs_totals scan_jobs_totals(const struct scan_jobs *s)
{
	return jobs_totals(s->jobs);
}

void scan_jobs_free(struct scan_jobs *s)
{
	if (!s)
		return;
	jobs_each_left(s->jobs, left);
	jobs_free(s->jobs);
	stock_free(s->stock);
}
