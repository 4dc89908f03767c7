/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The question of a run, with the wishes of its settings, to other vantage points. */
#include <string.h>

#include "cli/remote.h"
#include "cli/run.h"

/* Wishes go along; what agents allow holds. */
static struct form_question question(struct run *r, const struct form_question *about)
{
	const struct settings *s = &r->settings, usual = settings_defaults();
	struct form_question q = *about;

	q.numbers.family = s->v4_only ? 4 : s->v6_only ? 6 : 0;
	q.numbers.rate = s->rate != usual.rate ? s->rate : 0;
	q.numbers.budget = s->budget;
	q.numbers.timeout = s->timeout != usual.timeout ? s->timeout : 0;
	q.ports = settings_ports_text(r->arena, s);
	return q;
}

int remote_begin_run(struct run *r, const struct form_question *about)
{
	const struct settings *s = &r->settings;
	const struct remote_host host = {
		.arena = r->arena,
		.rng = &r->rng,
		.verb = r->verb,
		.facts = r->facts,
		.vantage = s->vantage,
		.queue = s->queue,
		.creds = s->queue_creds,
		.ca = s->queue_ca,
		.save = s->save,
	};
	struct form_question q = question(r, about);

	if (s->vantage && q.ports && strlen(q.ports) > FORM_PORTS)
		return run_complain(r,
			"--ports: more ranges than a question has room for: leave out --vantage");
	return remote_begin(&host, &q, &r->remote);
}
