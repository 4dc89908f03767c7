/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two queries of an isolation, by settings. */
#include "cli/isolate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "cli/conclude.h"
#include "cli/file.h"
#include "cli/pump.h"
#include "cli/verb.h"
#include "dns/rr.h"
#include "facts/tape.h"
#include "infer/profile.h"
#include "intake/config.h"
#include "intake/saved.h"
#include "intake/unbound_ports.h"
#include "probe/isolate.h"

enum { POLITE_SPACING = 250000 }; /* µs between a silence and the next ask */

static const char *profiles(struct arena *a)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < profile_count; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", profile_table[i].slug);
	return buf_text(&b);
}

/* Of the bytes that were read: a pipe cannot be read twice. */
static int read_capture(struct arena *a, struct span text, struct ask *ret)
{
	FILE *stream = text.n ? fmemopen((void *)text.p, text.n, "rb") : NULL;

	return stream ? saved_from_capture(a, stream, ret) : -ERR_PARSE;
}

/* A tape or a capture, whichever it is. */
static int read_file(struct run *r, const char *path, struct ask *ret)
{
	struct tape_error error;
	struct facts *f;
	struct span text;
	int err;

	if (file_read(r->arena, path, &text) < 0)
		return run_complain(r, "--isolate %s: %s; and it is no profile: these are %s", path,
			strerror(errno), profiles(r->arena));
	if (text.n && text.p[0] == '{')
		err = tape_read(r->arena, text, &f, &error) < 0 ? -ERR_PARSE
								: saved_from_facts(f, ret);
	else
		err = read_capture(r->arena, text, ret);
	if (err == -ERR_NONE)
		return run_complain(r, "--isolate %s: there is no query in it that failed", path);
	if (err < 0)
		return run_complain(r, "--isolate %s: %s", path,
			text.n ? "neither a tape nor a capture" : "an empty file");
	return 0;
}

/*
 * A source port of the program: one that this host would not choose by itself, if it has such, so
 * that the port is a factor; 0: any that this host chooses is one of its own.
 */
static uint16_t port_of(struct run *r, const struct profile *p)
{
	struct config_host host = config_host_real();
	struct portset pool, unbound, rest, beyond = host.kernel;

	if (portset_parse(p->ports, &pool, NULL) < 0)
		return 0;
	if (p->unbound) {
		unbound_ports_default(p->unbound, &unbound);
		portset_and(&pool, &unbound);
	}
	rest = pool;
	portset_minus(&rest, &host.kernel);
	portset_minus(&beyond, &pool);
	if (portset_empty(&rest) && portset_empty(&beyond))
		return 0;
	if (portset_empty(&rest))
		rest = pool;
	return (uint16_t)portset_nth(&rest, rng_below(&r->rng, portset_count(&rest)));
}

/* The failing query; its server is open. */
static int read_fails(struct run *r, struct ask *ret)
{
	const struct profile *p = profile_find(r->settings.isolate);
	struct question q = r->facts->question;

	q.type = r->settings.qtype ? r->settings.qtype : RR_SOA;
	if (p) {
		*ret = profile_ask(r->arena, p, &q);
		ret->source.port = port_of(r, p);
		return 0;
	}
	if (read_file(r, r->settings.isolate, ret) < 0)
		return -ERR_USAGE;
	/* A saved ask names its sender, role and server of that day; its port is what may matter.
	 */
	*ret = (struct ask){ .source = { .port = ret->source.port },
		.transport = ret->transport,
		.df = ret->df,
		.split = ret->split,
		.question = ret->question,
		.shape = ret->shape };
	return ret->question.name ? 0
				  : run_complain(r, "--isolate %s: a query without a question",
					    r->settings.isolate);
}

static int read_works(struct run *r, const struct ask *fails, struct ask *ret)
{
	const char *slug = r->settings.working ? r->settings.working : "plain";
	const struct profile *p = profile_find(slug);
	struct question q = { fails->question.name, RR_SOA, CLASS_IN };

	if (!p)
		return run_complain(
			r, "--working %s: the profiles are %s", slug, profiles(r->arena));
	/* Letters are the profile's own, or as they were given. */
	if (r->settings.qname)
		q.name = r->settings.qname;
	*ret = profile_ask(r->arena, p, &q);
	return 0;
}

/* Of a family that the source address has, and that none before it has when it is asked for. */
static bool is_wanted(const struct run *r, const struct addr *a, const struct isolate_plan *p)
{
	uint8_t source = r->settings.source.family;

	return (source == ADDR_NONE || source == a->family) && p->nservers < ISOLATE_ENDS &&
	       (!p->nservers || r->plan.ntargets <= ISOLATE_ENDS ||
		       p->servers[0].family != a->family);
}

/* Two addresses at most: of a name with more, one of each family. */
static int choose_servers(struct run *r, struct isolate_plan *ret)
{
	const struct addr *v = r->plan.targets;
	size_t n = r->plan.ntargets;

	if (n > ISOLATE_ENDS && r->words.n > 1)
		return run_complain(r, "--isolate takes a name, or one or two addresses of one "
				       "server");
	for (size_t i = 0; i < n; i++)
		if (is_wanted(r, &v[i], ret))
			ret->servers[ret->nservers++] = v[i];
	if (!ret->nservers)
		return run_complain(r, "-b is not of the address family of the server");
	r->facts->targets.n = 0;
	for (size_t i = 0; i < ret->nservers; i++)
		vec_push(r->arena, &r->facts->targets, ret->servers[i]);
	if (ret->nservers < n)
		fprintf(stderr, "dnsfault %s: of %zu addresses %s asked; give one to ask that\n",
			r->verb, n, ret->nservers == 1 ? "one is" : "two are");
	return 0;
}

int isolate_run(struct run *r)
{
	struct isolation_plan plan = { .timeout = r->settings.timeout * 1000,
		.spacing = r->settings.rate ? POLITE_SPACING : 0 };
	struct isolate_plan *of = &plan.of;

	if (choose_servers(r, of) < 0 || read_fails(r, &of->fails) < 0 ||
		read_works(r, &of->fails, &of->works) < 0)
		return CLI_USAGE;
	of->works.source = r->settings.source;
	of->works.source.port = 0;
	of->fails.source = addr_with_port(r->settings.source, of->fails.source.port);
	if (pump_run(r, isolation_probe(isolation_new(r->arena, &plan)), NULL) < 0)
		return CLI_LOCAL;
	return conclude_run(r);
}
