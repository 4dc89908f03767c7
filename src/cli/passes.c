/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a check of the tree needs of the settings, and its passes. */
#include "cli/passes.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "check/cases.h"
#include "cli/file.h"
#include "dns/anchor.h"
#include "infer/chain.h"
#include "infer/mail.h"
#include "infer/mailset.h"
#include "probe/fetch.h"

enum { DNS_PORT = 53, MAIL_MOST = 2048 };

static int read_roots(struct run *r)
{
	int err = run_hints(r);

	for (size_t i = 0; err == 0 && i < r->plan.walk.nhints; i++) {
		const struct walk_hint *h = &r->plan.walk.hints[i];
		struct tree_ns ns = { NULL,
			addr_with_port(h->addr, h->addr.port ? h->addr.port : DNS_PORT) };

		if (h->ns) {
			struct name lower = name_lower(h->ns);

			ns.name = name_keep(r->arena, &lower);
		}
		vec_push(r->arena, &r->facts->tree->roots, ns);
	}
	return err;
}

/* Hints of another root go with another anchor: without one nothing below can be validated. */
static int read_anchors(struct run *r)
{
	const char *path = r->settings.trust_anchor;
	struct span text = { (const uint8_t *)anchor_iana, strlen(anchor_iana) };
	size_t line;

	if (!path && r->settings.root_hints)
		return 0;
	if (path && file_read(r->arena, path, &text) < 0)
		return run_complain(r, "--trust-anchor %s: %s", path, strerror(errno));
	if (anchor_read(r->arena, text, &r->facts->tree->anchors, &line) < 0)
		return run_complain(r,
			"--trust-anchor %s: line %zu is no DS or DNSKEY record of the root", path,
			line);
	if (!r->facts->tree->anchors.n)
		return run_complain(
			r, "--trust-anchor %s: no DS or DNSKEY record of the root in it", path);
	return 0;
}

int passes_plan(struct run *r)
{
	struct tree_plan *t = arena_alloc(r->arena, sizeof(*t));
	int err;

	r->facts->tree = t;
	t->no_v4 = r->settings.v6_only;
	t->no_v6 = r->settings.v4_only;
	err = read_roots(r);
	return err == 0 ? read_anchors(r) : err;
}

/* One pass: all that will be looked at in the end. */
struct passing {
	struct arena *arena;
	struct ledger *ledger;
	struct run *run;
	struct fetch *fetch;
};

static void pass(void *user)
{
	struct passing *p = user;
	struct findings unread = { .arena = p->arena };
	struct tree *t;

	arena_reset(p->arena);
	t = tree_new(p->arena, p->ledger);
	(void)chain_planned(t);
	cases_run(t, &unread);
	if (mail_planned(t))
		(void)mail_of(t, mail_planned(t));
	(void)mailset(t);
}

struct passes passes_begin(struct run *r)
{
	struct passing *now = arena_alloc(r->arena, sizeof(*now));
	struct fetch_plan plan = {
		.pass = pass,
		.user = now,
		.source = r->settings.source,
		.timeout = r->settings.timeout * 1000,
		/* What mail looks up lies in zones of many. */
		.most = r->facts->tree->mail ? MAIL_MOST : 0,
		.most_aside = r->facts->tree->mail ? MAIL_MOST : 0,
	};

	now->arena = arena_new();
	now->ledger = ledger_new(r->arena, r->facts, false);
	plan.ledger = now->ledger;
	now->run = r;
	now->fetch = fetch_new(r->arena, &plan);
	return (struct passes){ now->arena, now->ledger, fetch_probe(now->fetch), now };
}

void passes_end(struct passes *p)
{
	struct run *r = p->now->run;
	const char *overran = fetch_overran(p->now->fetch);

	if (overran)
		vec_push(r->arena, &r->facts->gaps, (struct facts_gap){ GAP_QUESTIONS, overran });
	arena_free(p->arena);
	p->arena = NULL;
}
