/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mail DOMAIN: what mail for a domain looks up, and what fails of it. */
#include "cli/mail.h"

#include <string.h>

#include "cli/conclude.h"
#include "cli/passes.h"
#include "cli/pump.h"
#include "cli/verb.h"
#include "dns/rr.h"

/* Asks to one server that may leave at once: a domain and its policies cost it fewer. */
enum { BURST = 40 };

static const struct name *lower(struct run *r, const struct name *n)
{
	struct name name = name_lower(n);

	return name_keep(r->arena, &name);
}

static int read_domain(struct run *r)
{
	const char *text = r->words.n ? r->words.v[0] : NULL, *at = text ? strchr(text, '@') : NULL;
	struct addr addr;
	struct name name;

	if (!text)
		return run_complain(r, "give a mail domain, as in: dnsfault mail example.com");
	if (r->words.n > 1)
		return run_complain(r, "one DOMAIN at a time: what is '%s'?", r->words.v[1]);
	if (at)
		return run_complain(r, "'%s' is a mailbox: give the part behind the @", text);
	if (addr_parse(text, &addr) == 0)
		return run_complain(r, "'%s' is an address: give the name of a mail domain", text);
	if (name_parse(text, &name) < 0 || name.len == 1)
		return run_complain(r,
			"'%s' is no mail domain: labels have 1 to 63 octets, names at most 255",
			text);
	r->facts->tree->zone = lower(r, &name);
	return 0;
}

static int read_clients(struct run *r)
{
	const struct opt_texts *list = &r->settings.clients;

	for (size_t i = 0; i < list->n; i++) {
		struct addr addr;

		if (addr_parse(list->v[i], &addr) < 0)
			return run_complain(r, "--client %s: no address", list->v[i]);
		addr.scope = 0;
		vec_push(r->arena, &r->facts->tree->clients, addr);
	}
	return 0;
}

static int read_selectors(struct run *r)
{
	const struct opt_texts *list = &r->settings.selectors;

	for (size_t i = 0; i < list->n; i++) {
		struct name name;

		if (name_parse(list->v[i], &name) < 0 || name.len == 1)
			return run_complain(r,
				"--selector %s: a selector is one or more labels of a name",
				list->v[i]);
		/* A dot behind it would end the name. */
		vec_push(r->arena, &r->facts->tree->selectors,
			arena_printf(r->arena, "%.*s",
				(int)(strlen(list->v[i]) -
					(list->v[i][strlen(list->v[i]) - 1] == '.')),
				list->v[i]));
	}
	return 0;
}

static int read_plan(struct run *r)
{
	int err = passes_plan(r);
	struct tree_plan *t = r->facts->tree;

	if (err == 0)
		err = read_domain(r);
	if (err == 0)
		err = read_clients(r);
	if (err == 0)
		err = read_selectors(r);
	if (err < 0)
		return err;
	t->mail = true;
	t->helo = r->settings.helo ? lower(r, r->settings.helo) : NULL;
	t->lookup = (struct question){ t->zone, RR_MX, CLASS_IN };
	r->facts->question = t->lookup;
	r->facts->command = "mail";
	r->burst = BURST;
	return 0;
}

static int look_up(struct run *r)
{
	struct passes passes = passes_begin(r);
	int err = pump_run(r, passes.probe, NULL);

	passes_end(&passes);
	return err < 0 ? CLI_LOCAL : conclude_run(r);
}

int mail_run(struct run *r)
{
	return read_plan(r) < 0 ? CLI_USAGE : look_up(r);
}

int mail_main(int argc, char **argv)
{
	struct run r;
	int code = CLI_OK;
	int err = run_begin(&r, "mail", (struct opt_args){ argc, argv });

	if (err == 0)
		code = mail_run(&r);
	else if (err < 0)
		code = CLI_USAGE;
	run_done(&r);
	return code;
}
