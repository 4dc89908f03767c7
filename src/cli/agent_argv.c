/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an agent's child is called with. */
#include "cli/agent_argv.h"

#include <inttypes.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/vec.h"
#include "cli/scan_jobs.h"
#include "dns/name.h"
#include "dns/text.h"

enum { USUAL_BUDGET = 2000, DNS_PORT = 53, LEAST_TIMEOUT = 10, MS = 1000 };

struct making {
	struct arena *arena;
	const struct settings *own;
	struct agent_argv *argv;
};

static void add(struct making *m, const char *word)
{
	vec_push(m->arena, m->argv, word);
}

static void add_number(struct making *m, const char *option, int64_t v)
{
	add(m, arena_printf(m->arena, "--%s=%" PRId64, option, v));
}

static int refuse(struct making *m, const char *why)
{
	m->argv->why = why;
	return -ERR_PARSE;
}

/* Wishes lower a limit, and never lift it. limit < 0: none was given, the usual one holds. */
static void add_limited(struct making *m, const char *option, int64_t wish, struct opt_u64 own)
{
	const bool is_rate = strcmp(option, "rate") == 0;
	int64_t usual = is_rate ? settings_defaults().rate : (int64_t)USUAL_BUDGET;
	int64_t limit = (int64_t)own.v;

	if (!own.given && wish && wish < usual)
		add_number(m, option, wish);
	/* A rate of 0 is no limit. */
	if (own.given && (limit == 0 ? !wish : !wish || wish > limit))
		add_number(m, option, limit);
	else if (own.given)
		add_number(m, option, wish);
}

static void add_family(struct making *m, const struct form_numbers *n)
{
	const struct settings *own = m->own;

	if (own->v4_only || (n->family == 4 && !own->v6_only))
		add(m, "-4");
	if (own->v6_only || (n->family == 6 && !own->v4_only))
		add(m, "-6");
}

static void add_pace(struct making *m, const struct form_numbers *n)
{
	const struct settings *own = m->own;
	struct opt_u64 rate = own->scan_rate, budget = { own->budget != 0, own->budget };

	if (!rate.given && own->rate != settings_defaults().rate)
		rate = (struct opt_u64){ true, own->rate };
	add_limited(m, "rate", n->rate, rate);
	add_limited(m, "budget", n->budget, budget);
}

/* What every child is called with. An own queue would make it a coordinator. */
static void add_limits(struct making *m, const struct form_numbers *n)
{
	const struct settings *own = m->own;

	add(m, "--queue=");
	add(m, "--progress=never");
	if (own->file) {
		add(m, "--settings");
		add(m, own->file);
	}
	add_family(m, n);
	add_pace(m, n);
	if (n->timeout)
		add_number(m, "timeout", n->timeout < LEAST_TIMEOUT ? LEAST_TIMEOUT : n->timeout);
}

/* Addresses only: a name would be looked up here, before anything is limited. */
static int add_servers(struct making *m, const struct form_texts *servers, const char *prefix)
{
	for (size_t i = 0; i < servers->n; i++) {
		char text[ADDR_TEXT];
		struct addr a;

		if (addr_parse_port(servers->v[i], &a) < 0)
			return refuse(m, "a server is no address");
		if (!a.port)
			a.port = DNS_PORT;
		add(m, arena_printf(m->arena, "%s%s", prefix, addr_text_port(&a, text)));
	}
	return 0;
}

/* Words behind "--" are no options; the @ of a server is escaped in the text of a name. */
static const char *read_name(struct making *m, const char *text)
{
	char buf[NAME_TEXT];
	struct name name;

	if (name_parse(text, &name) < 0)
		return NULL;
	return arena_str(m->arena, name_text(&name, buf));
}

static const char *read_type(struct making *m, const char *text)
{
	char buf[TEXT_MNEMONIC];
	uint16_t type;

	if (text_parse_type(text, &type) < 0)
		return NULL;
	return arena_str(m->arena, text_type(type, buf));
}

/* What is asked, as a message has it or as it was read; NULL: none. */
struct asked_for {
	const char *name, *type, *ports;
};

static int read_about(struct making *m, const struct asked_for *w, struct asked_for *ret)
{
	struct portset ports = { 0 };

	ret->name = w->name ? read_name(m, w->name) : NULL;
	ret->type = w->type ? read_type(m, w->type) : NULL;
	ret->ports = w->ports;
	if ((w->name && !ret->name) || (w->type && !ret->type))
		return refuse(m, "the name or type is none");
	if (w->ports && portset_parse(w->ports, &ports, NULL) < 0)
		return refuse(m, "the ports are none");
	return 0;
}

/* What servers under test are asked for. */
static void add_about(struct making *m, const struct asked_for *about)
{
	if (about->name)
		add(m, arena_printf(m->arena, "-q%s", about->name));
	if (about->type)
		add(m, arena_printf(m->arena, "-t%s", about->type));
}

static void add_ports(struct making *m, const char *ports)
{
	if (ports)
		add(m, arena_printf(m->arena, "--ports=%s", ports));
}

static void finish(struct making *m)
{
	add(m, NULL);
}

static const struct scan_probe *find_probe(const char *slug)
{
	for (const struct scan_probe *p = scan_probe_table; p->slug; p++)
		if (strcmp(p->slug, slug) == 0)
			return p;
	return NULL;
}

int agent_job_argv(struct arena *a, const struct settings *own, const struct form_job *job,
	struct agent_argv *ret)
{
	struct making m = { a, own, ret };
	const struct scan_probe *probe = find_probe(job->probe);
	struct asked_for about;

	if (!probe)
		return refuse(&m, "that probe is not known here");
	if ((job->name || job->type) && !probe->servers)
		return refuse(&m, "a name or type beside those of the list");
	if (read_about(&m, &(struct asked_for){ job->name, job->type, job->ports }, &about) < 0)
		return -ERR_PARSE;
	add(&m, "dnsfault");
	add(&m, "scan");
	add_limits(&m, &job->numbers);
	add(&m, arena_printf(a, "--probe=%s", job->probe));
	if (job->numbers.tries)
		add_number(&m, "tries", job->numbers.tries);
	if (job->numbers.concurrency)
		add_number(&m, "concurrency", job->numbers.concurrency);
	add_about(&m, &about);
	add_ports(&m, about.ports);
	add(&m, "-");
	if (add_servers(&m, &job->servers, "@") < 0)
		return -ERR_PARSE;
	finish(&m);
	return 0;
}

/* Questions. */

static bool plain(const struct form_flags *f)
{
	return !f->tcp && !f->norecurse && !f->cd && !f->dnssec;
}

static int put_diagnose(
	struct making *m, const struct form_question *q, const struct asked_for *about)
{
	if (!about->name || q->servers.n || !plain(&q->flags))
		return refuse(m, "diagnose takes a name, and neither servers nor flags");
	add(m, "--");
	add(m, about->name);
	if (about->type)
		add(m, about->type);
	return 0;
}

static int put_ports(struct making *m, const struct form_question *q, const struct asked_for *about)
{
	if (!q->servers.n || !plain(&q->flags))
		return refuse(m, "ports takes servers, and no flags");
	add_about(m, about);
	add(m, "--");
	return add_servers(m, &q->servers, "");
}

/* dig's words: letters with their value in one word, so that no name is read as an option. */
static int put_lookup(
	struct making *m, const struct form_question *q, const struct asked_for *about)
{
	const struct form_numbers *n = &q->numbers;
	const struct {
		int64_t on;
		const char *word;
	} flags[] = {
		{ q->flags.tcp, "+tcp" },
		{ q->flags.norecurse, "+norecurse" },
		{ q->flags.cd, "+cdflag" },
		{ q->flags.dnssec, "+dnssec" },
	};

	if (!about->name || !about->type || q->ports)
		return refuse(m, "lookup takes a name and a type, and no ports");
	add_family(m, n);
	add_pace(m, n);
	if (n->timeout)
		add(m, arena_printf(m->arena, "+time=%" PRId64, (n->timeout + MS - 1) / MS));
	if (n->tries)
		add(m, arena_printf(m->arena, "+tries=%" PRId64, n->tries));
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (flags[i].on)
			add(m, flags[i].word);
	if (add_servers(m, &q->servers, "@") < 0)
		return -ERR_PARSE;
	add_about(m, about);
	m->argv->dig = true;
	return 0;
}

/* What verbs other than lookup have in common. */
static void add_usual(struct making *m, const struct agent_asked *asked)
{
	const struct form_question *q = asked->question;

	add_limits(m, &q->numbers);
	add_ports(m, q->ports);
}

/* Nobody's ~/.digrc. */
static void add_dig(struct making *m, const struct agent_asked *asked)
{
	(void)asked;
	add(m, "-r");
	add(m, "--queue=");
}

static const struct {
	const char *verb;
	void (*begin)(struct making *m, const struct agent_asked *asked);
	int (*put)(struct making *m, const struct form_question *q, const struct asked_for *about);
} verbs[] = {
	{ "diagnose", add_usual, put_diagnose },
	{ "lookup", add_dig, put_lookup },
	{ "ports", add_usual, put_ports },
};

int agent_question_argv(struct arena *a, const struct settings *own,
	const struct agent_asked *asked, struct agent_argv *ret)
{
	struct making m = { a, own, ret };
	const struct form_question *q = asked->question;
	struct asked_for about;

	if (read_about(&m, &(struct asked_for){ q->name, q->type, q->ports }, &about) < 0)
		return -ERR_PARSE;
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strcmp(verbs[i].verb, q->verb) != 0)
			continue;
		add(&m, "dnsfault");
		add(&m, q->verb);
		verbs[i].begin(&m, asked);
		add(&m, "--save");
		add(&m, asked->save);
		if (verbs[i].put(&m, q, &about) < 0)
			return -ERR_PARSE;
		finish(&m);
		return 0;
	}
	return refuse(&m, "that verb is not done for others");
}
