/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diagnose NAME [TYPE] [@RESOLVER]: why does this lookup fail, and where. */
#include <stdio.h>

#include "base/err.h"
#include "cli/conclude.h"
#include "cli/mail.h"
#include "cli/opinions.h"
#include "cli/passes.h"
#include "cli/remote.h"
#include "cli/side.h"
#include "cli/suspect.h"
#include "cli/verb.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "probe/symptoms.h"

enum { DNS_PORT = 53, FORWARDS_MOST = 4 };

/* NAME, then TYPE and CLASS-less words in any order, @RESOLVER anywhere. */
static int read_word(struct run *r, const char *word, struct run_addrs *resolvers)
{
	struct question *q = &r->plan.question;
	struct name name;
	struct addr addr;

	if (word[0] == '@')
		return run_resolve(r, word + 1, resolvers);
	if (q->name && text_parse_type(word, &q->type) == 0)
		return 0;
	if (q->name)
		return run_complain(r, "'%s' is no record type (A, MX, TXT …)", word);
	if (addr_parse(word, &addr) == 0)
		return run_complain(r, "'%s' is an address; give a name, or use: dnsfault ports %s",
			word, word);
	if (name_parse(word, &name) < 0)
		return run_complain(r,
			"'%s' is no domain name: labels have 1 to 63 octets, "
			"names at most 255",
			word);
	q->name = name_keep(r->arena, &name);
	return 0;
}

static int read_words(struct run *r)
{
	struct run_addrs resolvers = { 0 };

	r->plan.question = (struct question){ NULL, RR_A, CLASS_IN };
	for (size_t i = 0; i < r->words.n; i++) {
		int err = read_word(r, r->words.v[i], &resolvers);

		if (err < 0)
			return err;
	}
	if (!r->plan.question.name)
		return run_complain(r, "give a name, as in: dnsfault example.com MX");
	if (r->settings.qtype)
		r->plan.question.type = r->settings.qtype;
	run_resolvers(r);
	if (resolvers.n) {
		r->plan.resolvers = resolvers.v;
		r->plan.nresolvers = resolvers.n;
	}
	r->facts->question = r->plan.question;
	return 0;
}

/* Upstreams on this host are no servers that a filter stands before. */
static void use_forwards(struct run *r)
{
	const struct audit *a = r->facts->audits.n ? r->facts->audits.v[0] : NULL;
	struct run_addrs list = { 0 };

	if (!a || !a->forwarder)
		return;
	vec_each (const struct addr, up, a->forwards)
		if (!addr_is_loopback(up) && list.n < FORWARDS_MOST)
			vec_push(r->arena, &list,
				addr_with_port(*up, up->port ? up->port : DNS_PORT));
	r->plan.forwards = list.v;
	r->plan.nforwards = list.n;
}

/* Whether what the servers say is signed as it should be. */
static int plan_chain(struct run *r)
{
	struct name lower = name_lower(r->plan.question.name);
	int err = passes_plan(r);

	if (err < 0)
		return err;
	r->facts->tree->zone = name_keep(r->arena, &lower);
	r->facts->tree->lookup = r->plan.question;
	return 0;
}

/* The lookup, and beside it what can be known of the resolver that it goes to. */
static int diagnose(struct run *r)
{
	static const struct addr nobody = { 0 };
	struct passes passes = passes_begin(r);
	struct side side;
	struct addrs own;
	int err;

	r->plan.chain = passes.probe;
	r->plan.shapes = true;
	side_begin(&side, r, r->plan.nresolvers ? &r->plan.resolvers[0] : &nobody);
	side_remote(&side);
	own = side_addresses(r->arena);
	r->plan.sources = own.v;
	/* Who says which address to send from means all packets. */
	r->plan.nsources = r->settings.source.family ? 0 : own.n;
	use_forwards(r);
	r->plan.samples = side_watches(&side) ? r->settings.samples : 0;
	err = pump_run(
		r, diagnose_probe(diagnose_new(r->arena, r->facts, &r->plan)), side_beside(&side));
	side_end(&side);
	passes_end(&passes);
	if (err == 0)
		err = suspect_run(r);
	return err < 0 ? CLI_LOCAL : conclude_run(r);
}

/* Which query shapes the last zone's servers are asked in, and when. */
static int print_plan(void)
{
	for (size_t i = 0; i < symptom_count; i++) {
		const struct symptom *s = &symptom_table[i];

		printf("%s:\n ", s->when);
		for (const char *const *row = s->rows; row && *row; row++)
			printf(" %s", *row);
		printf("%s\n", s->rows ? "" : " all shapes: see dnsfault shapes");
	}
	printf("and always the type asked for, and another one, as plain DNS\n");
	return ferror(stdout) ? CLI_LOCAL : CLI_OK;
}

/* The same question from other places. */
static int ask_others(struct run *r)
{
	const struct question *q = &r->plan.question;
	char name[NAME_TEXT], type[TEXT_MNEMONIC];

	return remote_begin_run(r, &(struct form_question){ .verb = "diagnose",
				       .name = name_text(q->name, name),
				       .type = text_type(q->type, type) });
}

int diagnose_main(int argc, char **argv)
{
	struct run r;
	int code = CLI_OK;
	int err = run_begin(&r, "diagnose", (struct opt_args){ argc, argv });

	if (err == 0 && r.settings.plan) {
		code = print_plan();
		run_done(&r);
		return code;
	}
	if (err == 0 && r.settings.mail && r.settings.vantage)
		err = run_complain(&r, "--mail and --vantage exclude each other");
	if (err == 0 && r.settings.mail) {
		code = mail_run(&r);
		run_done(&r);
		return code;
	}
	if (err == 0)
		err = read_words(&r);
	if (err == 0)
		err = run_plan(&r);
	if (err == 0)
		err = opinions_read(&r);
	if (err == 0)
		err = plan_chain(&r);
	if (err == 0)
		err = side_configs(&r);
	if (err == 0)
		err = ask_others(&r);
	if (err == 0)
		code = diagnose(&r);
	else if (err < 0)
		code = err == -ERR_SYSTEM ? CLI_LOCAL : CLI_USAGE;
	run_done(&r);
	return code;
}
