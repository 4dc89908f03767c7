/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resolver [ADDR]: which source ports does my resolver use. */
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "cli/conclude.h"
#include "cli/passive.h"
#include "cli/side.h"
#include "cli/verb.h"
#include "probe/beacon.h"
#include "probe/sample.h"

/* µs. A resolver's own patience is up to 10 s, and what it says after that is of use, too. */
enum { SPACING = 200000, PATIENCE = 12000000 };

static bool is_passive(const struct settings *s)
{
	return s->pcap || s->dnstap || s->interface;
}

/* The resolver to be asked; none when only files and recordings are to be looked at. */
static int read_words(struct run *r, struct run_addrs *ret)
{
	const struct settings *s = &r->settings;
	const char *word = r->words.n ? r->words.v[0] : NULL;

	if (r->words.n > 1)
		return run_complain(
			r, "one resolver at a time: '%s' is one too many", r->words.v[1]);
	if (is_passive(s) && s->beacon)
		return run_complain(r, "--beacon asks, and --pcap, --dnstap and -i only look: "
				       "give one of them");
	if (word)
		return run_resolve(r, word[0] == '@' ? word + 1 : word, ret);
	if ((is_passive(s) || s->configs.n) && !s->beacon)
		return 0;
	run_resolvers(r);
	if (!r->plan.nresolvers)
		return run_complain(
			r, "/etc/resolv.conf names no resolver of that family: give ADDR");
	vec_push(r->arena, ret, r->plan.resolvers[0]);
	return 0;
}

/* Names that exist: the one that was given, and top-level domains. */
static struct probe *sample(struct run *r, const struct addr *resolver)
{
	struct sample_plan plan = { .resolvers = resolver,
		.nresolvers = 1,
		.lookups = r->settings.samples,
		.source = r->settings.source,
		.spacing = SPACING,
		.timeout = PATIENCE };
	size_t n;
	const struct name *const *tlds = sample_tlds(r->arena, &n);
	const struct name **v = arena_alloc(r->arena, (n + 1) * sizeof(*v));

	if (r->settings.qname)
		v[plan.nnames++] = r->settings.qname;
	memcpy(v + plan.nnames, tlds, n * sizeof(*v));
	plan.nnames += n;
	plan.names = v;
	return sample_probe(sample_new(r->arena, &plan));
}

static struct probe *beacon(struct run *r, const struct addr *resolver)
{
	struct beacon_plan plan = { .zone = r->settings.beacon,
		.servers = resolver,
		.nservers = 1,
		.lookups = (r->settings.samples + BEACON_STEPS - 1) / BEACON_STEPS,
		.source = r->settings.source,
		.tries = 1,
		.timeout = PATIENCE,
		.rng = rng_seed(rng_u64(&r->rng)) };

	return beacon_asker_probe(beacon_asker_new(r->arena, &plan));
}

/* Asks, and watches what it makes the resolver send. */
static int ask(struct run *r, const struct addr *resolver)
{
	struct side side;
	int err = 0;

	side_begin(&side, r, resolver);
	if (r->settings.beacon) {
		err = pump_run(r, beacon(r, resolver), side_beside(&side));
		beacon_sightings(r->arena, r->facts);
	} else {
		side_remote(&side);
		if (side_watches(&side))
			err = pump_run(r, sample(r, resolver), side_beside(&side));
	}
	side_end(&side);
	return err < 0 ? -ERR_SYSTEM : 0;
}

static int look(struct run *r)
{
	struct run_addrs resolvers = { 0 };
	int err = side_configs(r);

	if (err == 0)
		err = read_words(r, &resolvers);
	if (err < 0)
		return err;
	vec_each (struct addr, a, resolvers)
		vec_push(r->arena, &r->facts->targets, *a);
	if (is_passive(&r->settings))
		return passive_look(r, resolvers.v, resolvers.n);
	return resolvers.n ? ask(r, &resolvers.v[0]) : 0;
}

int resolver_main(int argc, char **argv)
{
	struct run r;
	int code = CLI_OK;
	int err = run_begin(&r, "resolver", (struct opt_args){ argc, argv });

	if (err == 0)
		err = look(&r);
	if (err == 0)
		code = conclude_run(&r);
	else if (err < 0)
		code = err == -ERR_SYSTEM ? CLI_LOCAL : CLI_USAGE;
	run_done(&r);
	return code;
}
