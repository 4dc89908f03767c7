/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two queries of an isolation, by settings. */
#include "cli/isolate.h"

#include <string.h>

#include "base/err.h"
#include "cli/conclude.h"
#include "cli/file.h"
#include "cli/pump.h"
#include "cli/verb.h"
#include "dns/rr.h"
#include "facts/tape.h"
#include "infer/profile.h"
#include "intake/saved.h"
#include "probe/isolate.h"

enum { POLITE_SPACING = 250000 }; /* µs between a silence and the next ask */

static const char *profiles(struct arena *a)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < profile_count; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", profile_table[i].slug);
	return buf_text(&b);
}

/* A tape or a capture, whichever it is. */
static int read_file(struct run *r, const char *path, struct ask *ret)
{
	struct tape_error error;
	struct facts *f;
	struct span text;
	int err;

	if (file_read(r->arena, path, &text) < 0)
		return run_complain(r, "--isolate %s: no such file, and no profile: these are %s",
			path, profiles(r->arena));
	if (text.n && text.p[0] == '{')
		err = tape_read(r->arena, text, &f, &error) < 0 ? -ERR_PARSE
								: saved_from_facts(f, ret);
	else
		err = saved_from_capture(r->arena, path, ret);
	if (err == -ERR_NONE)
		return run_complain(r, "--isolate %s: there is no query in it that failed", path);
	if (err < 0)
		return run_complain(r, "--isolate %s: neither a tape nor a capture", path);
	return 0;
}

/* The failing query, to the server under test. */
static int read_fails(struct run *r, struct ask *ret)
{
	const struct profile *p = profile_find(r->settings.isolate);
	struct question q = r->facts->question;

	q.type = r->settings.qtype ? r->settings.qtype : RR_SOA;
	if (p) {
		*ret = profile_ask(r->arena, p, &q);
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

int isolate_run(struct run *r)
{
	struct isolation_plan plan = { .timeout = r->settings.timeout * 1000,
		.spacing = r->settings.rate ? POLITE_SPACING : 0 };

	if (r->plan.ntargets != 1) {
		run_complain(r, "--isolate takes one address: -4, -6, or an address for SERVER");
		return CLI_USAGE;
	}
	if (read_fails(r, &plan.fails) < 0 || read_works(r, &plan.fails, &plan.works) < 0)
		return CLI_USAGE;
	plan.fails.server = plan.works.server = r->plan.targets[0];
	plan.works.source = r->settings.source;
	plan.works.source.port = 0;
	plan.fails.source = addr_with_port(r->settings.source, plan.fails.source.port);
	if (pump_run(r, isolation_probe(isolation_new(r->arena, &plan)), NULL) < 0)
		return CLI_LOCAL;
	return conclude_run(r);
}
