/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the probes of a scan begin. */
#include "cli/scan_work.h"

#include "cli/ports.h"
#include "cli/shapes.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "probe/diagnose.h"

enum { DNS_PORT = 53 };

static const char opted_out[] = "opted-out";
static const char opted_out_why[] = "it does not want to be asked, by the file of --opt-out";

static const struct name *lower(struct run *r, const struct name *n)
{
	struct name name = name_lower(n);

	return name_keep(r->arena, &name);
}

/* Of names. */

static struct probe *tree(struct scan_work *w, const struct names_item *item)
{
	struct tree_plan *t = w->run.facts->tree;

	t->zone = lower(&w->run, item->question.name);
	w->run.facts->question = (struct question){ t->zone, RR_SOA, CLASS_IN };
	w->passes = passes_begin(&w->run);
	return w->passes.probe;
}

static struct probe *mail(struct scan_work *w, const struct names_item *item)
{
	struct tree_plan *t = w->run.facts->tree;

	t->zone = lower(&w->run, item->question.name);
	t->mail = true;
	t->lookup = (struct question){ t->zone, RR_MX, CLASS_IN };
	w->run.facts->question = t->lookup;
	w->passes = passes_begin(&w->run);
	return w->passes.probe;
}

/* The resolver's own side is looked at by diagnose alone: it is the same for all names. */
static struct probe *diagnose(struct scan_work *w, const struct names_item *item)
{
	const struct question *q = &item->question;
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

/* Of servers. */

/* Why there is none: what the resolver said, if it said anything. */
static const char *why_none(struct scan_work *w)
{
	const struct observation *o = w->hosts ? hosts_last(w->hosts) : NULL;
	char rcode[TEXT_MNEMONIC];

	if (!w->hosts)
		return "it is not of the address family asked for";
	if (!o || !observation_answered(o))
		return "no resolver said an address of it";
	if (o->msg->rcode == RCODE_NOERROR)
		return "its name has no address of the family asked for";
	return arena_printf(w->run.arena, "its name has no address: the resolver says %s",
		text_rcode(o->msg->rcode, rcode));
}

static bool cannot(struct scan_work *w, const char *slug, const char *why)
{
	w->cannot = slug;
	w->why = why;
	return false;
}

/* Those that may be asked. */
static size_t choose(struct scan_work *w, const struct addr *v, size_t n, struct addr *ret)
{
	size_t chosen = 0;

	for (size_t i = 0; i < n && chosen < DIAGNOSE_TARGETS; i++)
		if (!settings_family_off(&w->run.settings, &v[i]) &&
			!(w->optout && optout_has_addr(w->optout, &v[i])))
			ret[chosen++] = v[i];
	if (w->one && chosen)
		ret[0] = ret[rng_below(&w->run.rng, (uint32_t)chosen)];
	return w->one && chosen ? 1 : chosen;
}

/* False: there is none. */
static bool set_targets(struct scan_work *w, const struct addr *v, size_t n)
{
	struct run *r = &w->run;
	struct addr *targets = arena_alloc(r->arena, DIAGNOSE_TARGETS * sizeof(*targets));

	r->plan.ntargets = choose(w, v, n, targets);
	r->plan.targets = targets;
	if (!n || settings_family_off(&r->settings, &v[0]))
		return cannot(w, "no-address", why_none(w));
	if (!r->plan.ntargets)
		return cannot(w, opted_out, opted_out_why);
	for (size_t i = 0; i < r->plan.ntargets; i++)
		vec_push(r->arena, &r->facts->targets, targets[i]);
	ports_controls(r);
	return true;
}

/* A name may say which zone to ask for; an address does not. */
static const char *word(const struct scan_work *w)
{
	return w->hosts ? w->subject : NULL;
}

static struct probe *then_ports(void *user, const struct addr *v, size_t n)
{
	struct scan_work *w = user;
	struct run *r = &w->run;

	if (!set_targets(w, v, n))
		return NULL;
	ports_questions(r, word(w));
	return diagnose_probe(diagnose_new(r->arena, r->facts, &r->plan));
}

static struct probe *then_shapes(void *user, const struct addr *v, size_t n)
{
	struct scan_work *w = user;
	struct run *r = &w->run;
	struct shaping_plan plan;

	if (!set_targets(w, v, n) || shapes_plan(r, word(w), &plan) < 0)
		return NULL;
	plan.lend = &w->lend;
	return shaping_probe(shaping_new(r->arena, r->facts, &plan));
}

const char *scan_work_subject(const struct names_item *item, char *buf)
{
	struct name name;

	if (item->server.family != ADDR_NONE)
		return item->server.port == DNS_PORT ? addr_text(&item->server, buf)
						     : addr_text_port(&item->server, buf);
	name = name_lower(item->question.name);
	return name_text(&name, buf);
}

/* Its addresses first, if it was given by name. */
static struct probe *server(struct scan_work *w, const struct names_item *item,
	struct probe *(*then)(void *user, const struct addr *v, size_t n))
{
	struct run *r = &w->run;
	char text[NAME_TEXT];
	struct hosts_plan plan = {
		.name = lower(r, item->question.name),
		.resolvers = r->plan.resolvers,
		.nresolvers = r->plan.nresolvers,
		.source = r->settings.source,
		.no_v4 = r->settings.v6_only,
		.no_v6 = r->settings.v4_only,
		.timeout = r->settings.timeout * 1000,
		.then = then,
		.user = w,
	};

	w->subject = arena_str(r->arena, scan_work_subject(item, text));
	if (w->optout && item->server.family == ADDR_NONE &&
		optout_has_name(w->optout, item->question.name))
		return cannot(w, opted_out, opted_out_why), NULL;
	if (item->server.family != ADDR_NONE)
		return then(w, arena_dup(r->arena, &item->server, sizeof(item->server)), 1);
	w->hosts = hosts_new(r->arena, &plan);
	return hosts_probe(w->hosts);
}

static struct probe *ports(struct scan_work *w, const struct names_item *item)
{
	return server(w, item, then_ports);
}

static struct probe *shapes(struct scan_work *w, const struct names_item *item)
{
	return server(w, item, then_shapes);
}

const struct scan_probe scan_probe_table[] = {
	{ .slug = "lookup" },
	{ .slug = "tree", .begin = tree, .type = RR_SOA },
	{ .slug = "mail", .begin = mail, .type = RR_MX },
	{ .slug = "diagnose", .begin = diagnose, .resolver = true },
	[SCAN_PORTS] = { .slug = "ports", .begin = ports, .servers = true },
	{ .slug = "shapes", .begin = shapes, .servers = true },
	{ .slug = NULL },
};
