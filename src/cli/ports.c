/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ports SERVER…: which source ports reach a server; and what path has in common with it. */
#include "cli/ports.h"

#include <string.h>

#include "base/err.h"
#include "cli/remote.h"
#include "cli/run.h"
#include "cli/verb.h"
#include "dns/rr.h"
#include "dns/text.h"

enum { FOREIGN_MOST = 10000, CONTROLS = 3, SERVERS_MOST = DIAGNOSE_TARGETS };

/* A large load on somebody else's server needs consent. */
static int check_load(const struct run *r, const struct run_addrs *servers)
{
	const struct settings *s = &r->settings;

	for (size_t i = 0; i < servers->n && !s->yes; i++) {
		char text[ADDR_TEXT];

		if (addr_is_special(&servers->v[i]))
			continue;
		addr_text(&servers->v[i], text);
		if (!s->rate)
			return run_complain(
				r, "--rate 0 on %s, a public address, needs --yes", text);
		if (s->full || s->budget > FOREIGN_MOST)
			return run_complain(r,
				"more than %d queries to %s, a public address, need --yes",
				FOREIGN_MOST, text);
	}
	return 0;
}

/* A server's own name, which lies in a zone that it may well serve. */
static bool own_name(const char *word, struct name *ret)
{
	return !strpbrk(word, ":#") && name_parse(word, ret) == 0 && name_labels(ret) > 2 &&
	       strspn(word, "0123456789.") != strlen(word);
}

void ports_questions(struct run *r, const char *word)
{
	const struct name *name = r->settings.qname;
	struct question *q = arena_alloc(r->arena, 2 * sizeof(*q));
	struct name own;
	size_t n = 0;

	if (!name && word && own_name(word, &own)) {
		q[n++] = (struct question){ name_keep(r->arena, &own),
			r->settings.qtype ? r->settings.qtype : RR_A, CLASS_IN };
		own = name_parent(&own);
		if (!r->settings.qtype)
			q[n++] = (struct question){ name_keep(r->arena, &own), RR_SOA, CLASS_IN };
	} else if (name) {
		q[n++] = (struct question){ name, r->settings.qtype ? r->settings.qtype : RR_SOA,
			CLASS_IN };
		if (!r->settings.qtype)
			q[n++] = (struct question){ name, RR_NS, CLASS_IN };
	} else {
		q[n++] = (struct question){ &name_root,
			r->settings.qtype ? r->settings.qtype : RR_NS, CLASS_IN };
	}
	r->plan.sweep.questions = q;
	r->plan.sweep.nquestions = n;
}

/* Nothing that happens to packets on this host's own loopback could be anywhere else. */
static bool leaves_host(const struct run *r)
{
	for (size_t i = 0; i < r->plan.ntargets; i++)
		if (!addr_is_loopback(&r->plan.targets[i]))
			return true;
	return false;
}

void ports_controls(struct run *r)
{
	const struct walk_plan *w = &r->plan.walk;
	size_t n = w->nhints, have[2] = { 0 };
	size_t *order = arena_alloc(r->arena, (n + 1) * sizeof(*order));
	struct place_control *list = arena_alloc(r->arena, (n + 1) * sizeof(*list));

	if (r->plan.ncontrols || !leaves_host(r))
		return;
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	rng_shuffle(&r->rng, order, n, sizeof(*order));
	for (size_t i = 0; i < n; i++) {
		const struct addr *a = &w->hints[order[i]].addr;

		if (have[a->family == ADDR_V6]++ < CONTROLS)
			list[r->plan.ncontrols++] = (struct place_control){ .server = *a,
				.question = { &name_root, RR_SOA, CLASS_IN } };
	}
	r->plan.controls = list;
}

static int read_words(struct run *r)
{
	struct run_addrs servers = { 0 };

	if (!r->words.n)
		return run_complain(
			r, "give a server, as in: dnsfault %s ns1.example.com", r->verb);
	for (size_t i = 0; i < r->words.n; i++) {
		int err = run_resolve(r, r->words.v[i], &servers);

		if (err < 0)
			return err;
	}
	if (servers.n > SERVERS_MOST)
		return run_complain(r, "%zu addresses are too many at once: give at most %d",
			servers.n, SERVERS_MOST);
	r->plan.targets = servers.v;
	r->plan.ntargets = servers.n;
	vec_each (struct addr, a, servers)
		vec_push(r->arena, &r->facts->targets, *a);
	return check_load(r, &servers);
}

const char *ports_word(const struct run *r)
{
	return r->words.n == 1 ? r->words.v[0] : NULL;
}

struct question ports_zone(struct run *r, const char *word)
{
	struct question q = { r->settings.qname, r->settings.qtype, CLASS_IN };
	struct name own;

	if (q.name)
		return q;
	if (word && own_name(word, &own)) {
		own = name_parent(&own);
		q.name = name_keep(r->arena, &own);
	} else {
		q.name = &name_root;
	}
	return q;
}

int ports_verb(const char *verb, struct opt_args args, int (*run)(struct run *r))
{
	struct run r;
	int code = CLI_OK;
	int err = run_begin(&r, verb, args);

	if (err == 0)
		err = read_words(&r);
	if (err == 0)
		err = run_plan(&r);
	if (err == 0) {
		ports_controls(&r);
		code = run(&r);
	} else if (err < 0) {
		code = CLI_USAGE;
	}
	run_done(&r);
	return code;
}

/* The same servers from other places. */
static int ask_others(struct run *r)
{
	struct form_question about = { .verb = "ports" };
	struct question zone = ports_zone(r, ports_word(r));
	char text[ADDR_TEXT], type[TEXT_MNEMONIC], name[NAME_TEXT];

	for (size_t i = 0; i < r->plan.ntargets; i++)
		vec_push(r->arena, &about.servers,
			arena_str(r->arena, addr_text_port(&r->plan.targets[i], text)));
	about.name = name_text(zone.name, name);
	about.type = zone.type ? text_type(zone.type, type) : NULL;
	return remote_begin_run(r, &about);
}

int ports_sweep(struct run *r)
{
	int err;

	ports_questions(r, ports_word(r));
	run_resolvers(r);
	err = ask_others(r);
	if (err < 0)
		return err == -ERR_SYSTEM ? CLI_LOCAL : CLI_USAGE;
	return run_report(r);
}

int ports_main(int argc, char **argv)
{
	return ports_verb("ports", (struct opt_args){ argc, argv }, ports_sweep);
}
