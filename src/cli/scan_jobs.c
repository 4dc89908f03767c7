/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan with a probe that takes many queries for each name. */
#include "cli/scan_jobs.h"

#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "check/check.h"
#include "cli/passes.h"
#include "dns/rr.h"
#include "infer/inferences.h"
#include "net/loop.h"
#include "probe/diagnose.h"
#include "render/report.h"

enum {
	LIFE = 60 * 1000 * 1000, /* µs for which a reply is shared */
	SHARED_MOST = 8192,	 /* replies */
	JOBS_USUAL = 100,	 /* at once: each has facts of some hundred KB */
};

struct scan_jobs {
	struct scan_jobs_conf conf;
	struct jobs *jobs;
	struct arena *scratch; /* of one record */
};

/* A name's own run. */
struct work {
	struct run run;
	struct passes passes;
	uint64_t began; /* µs */
};

static const struct name *lower(struct run *r, const struct name *n)
{
	struct name name = name_lower(n);

	return name_keep(r->arena, &name);
}

static struct probe *tree(struct work *w, const struct question *q)
{
	struct tree_plan *t = w->run.facts->tree;

	t->zone = lower(&w->run, q->name);
	w->run.facts->question = (struct question){ t->zone, RR_SOA, CLASS_IN };
	w->passes = passes_begin(&w->run);
	return w->passes.probe;
}

static struct probe *mail(struct work *w, const struct question *q)
{
	struct tree_plan *t = w->run.facts->tree;

	t->zone = lower(&w->run, q->name);
	t->mail = true;
	t->lookup = (struct question){ t->zone, RR_MX, CLASS_IN };
	w->run.facts->question = t->lookup;
	w->passes = passes_begin(&w->run);
	return w->passes.probe;
}

/* The resolver's own side is looked at by diagnose alone: it is the same for all names. */
static struct probe *diagnose(struct work *w, const struct question *q)
{
	struct run *r = &w->run;

	r->plan.question = (struct question){ name_keep(r->arena, q->name), q->type, CLASS_IN };
	r->facts->question = r->plan.question;
	r->facts->tree->zone = lower(r, q->name);
	r->facts->tree->lookup = r->plan.question;
	w->passes = passes_begin(r);
	r->plan.chain = w->passes.probe;
	r->plan.shapes = true;
	return diagnose_probe(diagnose_new(r->arena, r->facts, &r->plan));
}

const char *const scan_probes[] = { "lookup", "tree", "mail", "diagnose", NULL };

static const struct {
	struct probe *(*begin)(struct work *w, const struct question *q);
	uint16_t type;
} probes[] = { { NULL, 0 }, { tree, RR_SOA }, { mail, RR_MX }, { diagnose, 0 } };

uint16_t scan_probe_type(int probe)
{
	return probes[probe].type;
}

static struct work *work_new(struct scan_jobs *s)
{
	const struct run *of = s->conf.run;
	struct work *w = calloc(1, sizeof(*w));
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
	r->facts->command = scan_probes[s->conf.probe];
	r->facts->started = time(NULL);
	/* Roots and anchors are those of all; the rest is the name's own. */
	r->facts->tree = arena_dup(r->arena, of->facts->tree, sizeof(*of->facts->tree));
	w->began = loop_now();
	return w;
}

static void work_free(struct work *w)
{
	if (w->passes.probe)
		passes_end(&w->passes);
	arena_free(w->run.arena);
	free(w);
}

static enum bulk_more more(void *user, struct job *ret)
{
	struct scan_jobs *s = user;
	struct question q;
	enum bulk_more more = s->conf.more(s->conf.user, &q);
	struct work *w;

	if (more != BULK_ONE)
		return more;
	w = work_new(s);
	*ret = (struct job){ w->run.arena, w->run.facts, probes[s->conf.probe].begin(w, &q), w };
	return BULK_ONE;
}

static void done(void *user, const struct job *job)
{
	struct scan_jobs *s = user;
	struct work *w = job->user;
	struct arena *a = w->run.arena;
	struct findings findings = { .arena = a };
	struct check_input in;
	uint64_t elapsed = loop_now() - w->began;

	w->run.facts->elapsed = elapsed;
	passes_end(&w->passes);
	w->passes.probe = NULL;
	in = (struct check_input){ w->run.facts, infer_all(a, w->run.facts) };
	check_run(&in, &findings);
	s->conf.done(s->conf.user,
		&(struct record){ .question = &w->run.facts->question,
			.report = report_make(a, &in, &findings, check_verdict(&in, &findings)),
			.tries = (uint32_t)w->run.facts->n,
			.elapsed = elapsed });
	work_free(w);
}

static void left(void *user, const struct job *job)
{
	(void)user;
	work_free(job->user);
}

int scan_jobs_new(struct arena *a, const struct scan_jobs_conf *conf, struct scan_jobs **ret)
{
	struct scan_jobs *s = arena_alloc(a, sizeof(*s));
	uint32_t most = conf->run->settings.concurrency;
	int err = run_plan(conf->run);

	if (err == 0)
		err = passes_plan(conf->run);
	if (err < 0)
		return err;
	s->conf = *conf;
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
}
