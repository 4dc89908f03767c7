/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names that +search and +domain make of one, and +nssearch. */
#include <string.h>

#include "base/err.h"
#include "cli/idn.h"
#include "cli/lookup_run.h"
#include "cli/resolvconf.h"
#include "dns/name.h"
#include "dns/rr.h"

static unsigned int count_dots(const char *text)
{
	unsigned int n = 0;

	for (const char *c = text; *c; c++)
		n += *c == '.';
	return n;
}

/* A name as it stands in the DNS; NULL and *ret_why: there is no such name. */
static const char *convert(struct lookup_run *r, const char *text, const char **ret_why)
{
	const char *why, *ascii = idn_to_ascii(r->arena, text, &why);

	if (!ascii)
		*ret_why = arena_printf(r->arena,
			"'%s' is not a legal IDNA2008 name (%s), use +noidnin", text, why);
	return ascii;
}

static void add_name(struct lookup_run *r, struct lookup_names *names, const char *text)
{
	struct name n;

	if (name_parse(text, &n) == 0)
		vec_push(r->arena, names, name_keep(r->arena, &n));
}

/*
 * As dig does it, not as the C library: a name with as many dots as ndots says is looked up as it
 * is alone; others with each domain behind them, then as they are.
 */
struct lookup_names lookup_search_names(
	struct lookup_run *r, const char *text, bool idn, const char **ret_why)
{
	const struct digargs *args = r->args;
	const char *domain = args->domain;
	struct lookup_names names = { 0 };
	struct resolvsearch conf;
	size_t n;

	*ret_why = NULL;
	text = idn ? convert(r, text, ret_why) : text;
	if (domain && idn)
		domain = convert(r, domain, ret_why);
	if (*ret_why)
		return names;
	n = strlen(text);
	if (!args->search || (n && text[n - 1] == '.')) {
		add_name(r, &names, text);
		return names;
	}
	conf = resolvconf_search(r->arena);
	if (args->ndots_given)
		conf.ndots = args->ndots;
	if (domain) {
		conf.domains = (struct VEC_domains){ 0 };
		vec_push(r->arena, &conf.domains, domain);
	}
	for (size_t i = 0; i < conf.domains.n && count_dots(text) < conf.ndots; i++)
		add_name(r, &names, arena_printf(r->arena, "%s.%s", text, conf.domains.v[i]));
	add_name(r, &names, text);
	return names;
}

/* One address of a name server. */
static int ask_soa(struct lookup_run *r, const struct lookup_target *zone, struct lookup_server s)
{
	struct lookup_target t = *zone;
	struct lookup_servers servers = { 0 };
	struct digargs_lookup settings = *zone->settings;
	struct lookup_result result;

	settings.rd = false;
	settings.nssearch = false;
	settings.show.trace = true; /* names the type */
	vec_push(r->arena, &servers, s);
	t.settings = &settings;
	t.servers = &servers;
	t.question.type = RR_SOA;
	t.shape = lookup_shape(r, &settings, &t.question);
	t.zone = t.question.name;
	result = lookup_ask(r, &t);
	return lookup_show(r, &t, &result, false);
}

int lookup_nssearch(struct lookup_run *r, const struct lookup_target *t)
{
	struct lookup_target ns = *t;
	struct lookup_servers servers = { 0 };
	struct lookup_result result;
	const struct msg *m;
	int code = DIG_OK;

	ns.question.type = RR_NS;
	ns.shape = lookup_shape(r, t->settings, &ns.question);
	result = lookup_ask(r, &ns);
	m = result.last ? result.last->msg : NULL;
	if (!m)
		return lookup_show(r, &ns, &result, false);
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];
		struct name name;
		char text[NAME_TEXT];

		if (rr->section != MSG_ANSWER || rr->type != RR_NS ||
			msg_rdata_name(m, rr, &name, NULL))
			continue;
		name_text(&name, text);
		if (lookup_resolve(r, text, &servers) < 0)
			buf_printf(&r->out, "couldn't get address for '%s': not found\n", text);
	}
	for (size_t i = 0; i < servers.n; i++) {
		code = digargs_worse(code, ask_soa(r, t, servers.v[i]));
	}
	return servers.n ? code : DIG_USAGE;
}
