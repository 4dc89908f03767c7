/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shapes SERVER…: which query shapes a server answers. */
#include "cli/conclude.h"
#include "cli/ports.h"
#include "cli/pump.h"
#include "cli/verb.h"
#include "dns/rr.h"
#include "probe/shaping.h"

enum { POLITE_SPACING = 250000 }; /* µs between two tries of a shape */

static int shapes(struct run *r)
{
	struct shaping_plan plan = {
		.servers = r->plan.targets,
		.nservers = r->plan.ntargets,
		.controls = r->plan.controls,
		.ncontrols = r->settings.no_locate ? 0 : r->plan.ncontrols,
		.shapes = { .source = r->settings.source,
			.question = ports_zone(r),
			.timeout = r->settings.timeout * 1000,
			.spacing = r->settings.rate ? POLITE_SPACING : 0,
			.all = r->settings.all,
			.rng = rng_seed(rng_u64(&r->rng)) },
	};

	r->facts->question = plan.shapes.question;
	if (!r->facts->question.type)
		r->facts->question.type = RR_SOA;
	if (pump_run(r, shaping_probe(shaping_new(r->arena, r->facts, &plan)), NULL) < 0)
		return CLI_LOCAL;
	return conclude_run(r);
}

int shapes_main(int argc, char **argv)
{
	return ports_verb("shapes", (struct opt_args){ argc, argv }, shapes);
}
