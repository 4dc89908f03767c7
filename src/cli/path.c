/* SPDX-License-Identifier: GPL-3.0-or-later */
/* path SERVER…: at which hop packets vanish. */
#include "cli/ports.h"
#include "cli/verb.h"

enum {
	SAMPLE = 8, /* ports of --ports that are tried, and as many others */
	CALM_FIRST = 1024,
};

static void draw(struct run *r, const struct portset *from, struct portset *ret)
{
	uint32_t n = portset_count(from);

	if (n <= SAMPLE)
		portset_or(ret, from);
	for (unsigned int i = 0; n > SAMPLE && i < SAMPLE; i++)
		portset_add(ret, (uint16_t)portset_nth(from, rng_below(&r->rng, n)));
}

/*
 * Of a set that is given, a few ports are tried, and a few outside of it to compare with: enough
 * to trace one that is silent and one that is not, or one of the set when none is silent.
 */
static void sample(struct run *r)
{
	struct portset *few = arena_alloc(r->arena, sizeof(*few));
	const struct portset *given = r->settings.ports;
	struct portset others = { 0 };

	draw(r, given, few);
	portset_add_range(&others, (struct portrange){ CALM_FIRST, UINT16_MAX });
	portset_minus(&others, given);
	draw(r, &others, few);
	r->plan.trace_ports = given;
	r->settings.ports = few;
	r->plan.sweep.ports = few;
	r->facts->ports = few;
}

static int prepare(struct run *r)
{
	if (r->settings.no_locate)
		return run_complain(r, "--no-locate leaves nothing to do here");
	if (r->settings.tcp)
		return run_complain(r, "--tcp: only UDP is traced");
	if (r->settings.ports)
		sample(r);
	r->plan.trace = true;
	return 0;
}

static int path(struct run *r)
{
	return prepare(r) < 0 ? CLI_USAGE : ports_sweep(r);
}

int path_main(int argc, char **argv)
{
	return ports_verb("path", (struct opt_args){ argc, argv }, path);
}
