/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shapes SERVER…: which query shapes a server answers. */
#include "cli/shapes.h"

#include <string.h>

#include "base/err.h"
#include "cli/conclude.h"
#include "cli/ports.h"
#include "cli/pump.h"
#include "cli/verb.h"
#include "dns/rr.h"
#include "cli/isolate.h"
#include "probe/shaping.h"

enum { POLITE_SPACING = 250000 }; /* µs between two tries of a shape */

/* "edns1,TLSA" */
static int read_rows(struct run *r, const char *list, struct shapes_plan *plan)
{
	char *copy = arena_str(r->arena, list), *save = NULL;
	struct VEC(const char *) rows = { 0 };

	for (size_t i = 0; i < plan->nrows; i++)
		vec_push(r->arena, &rows, plan->rows[i]);
	for (char *slug = strtok_r(copy, ", ", &save); slug; slug = strtok_r(NULL, ", ", &save)) {
		const struct shape_row *row = shape_find_row(slug);

		if (!row)
			return run_complain(r,
				"--row %s: no such shape; they are called edns1, TLSA and so on: "
				"a run without --row lists them",
				slug);
		vec_push(r->arena, &rows, row->slug);
	}
	if (!rows.n)
		return run_complain(r, "--row: give shapes, as in edns1,TLSA");
	plan->rows = rows.v;
	plan->nrows = rows.n;
	return 0;
}

static int usage(const struct run *r, const char *what)
{
	run_complain(r, "%s", what);
	return CLI_USAGE;
}

int shapes_plan(struct run *r, const char *word, struct shaping_plan *ret)
{
	struct shaping_target *targets =
		arena_alloc(r->arena, (r->plan.ntargets + 1) * sizeof(*targets));

	*ret = (struct shaping_plan){
		.targets = targets,
		.ntargets = r->plan.ntargets,
		.controls = r->plan.controls,
		.ncontrols = r->settings.no_locate ? 0 : r->plan.ncontrols,
		.shapes = { .source = r->settings.source,
			.question = ports_zone(r, word),
			.timeout = r->settings.timeout * 1000,
			.spacing = r->settings.rate ? POLITE_SPACING : 0,
			.all = r->settings.all,
			.budget = pump_budget(r),
			.rng = rng_seed(rng_u64(&r->rng)) },
	};

	for (size_t i = 0; i < r->plan.ntargets; i++)
		targets[i].server = r->plan.targets[i];
	for (size_t i = 0; i < r->settings.rows.n; i++)
		if (read_rows(r, r->settings.rows.v[i], &ret->shapes) < 0)
			return -ERR_USAGE;
	r->facts->question = ret->shapes.question;
	if (!r->facts->question.type)
		r->facts->question.type = RR_SOA;
	return 0;
}

static int shapes(struct run *r)
{
	struct shaping_plan plan;

	if (shapes_plan(r, ports_word(r), &plan) < 0)
		return CLI_USAGE;
	if (r->settings.isolate)
		return isolate_run(r);
	if (r->settings.working)
		return usage(r, "--working goes with --isolate");
	if (pump_run(r, shaping_probe(shaping_new(r->arena, r->facts, &plan)), NULL) < 0)
		return CLI_LOCAL;
	return conclude_run(r);
}

int shapes_main(int argc, char **argv)
{
	return ports_verb("shapes", (struct opt_args){ argc, argv }, shapes);
}
