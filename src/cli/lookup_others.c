/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look-up that other vantage points make, too: what can travel, and what comes back. */
#include "cli/lookup_others.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "cli/digplus_inner.h"
#include "cli/file.h"
#include "cli/remote.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "facts/tape.h"
#include "net/loop.h"
#include "queue/form.h"

enum { SECONDS_MOST = 60, TRIES_MOST = 20, MS = 1000 };

#define L(field) offsetof(struct digargs_lookup, field)

/* Settings of a look-up that a question has no place for, as they usually are. */
static const struct {
	size_t at;
	bool usual;
	const char *word;
} bools[] = {
	{ L(aa), false, "+aaflag" },
	{ L(ad), true, "+noadflag" },
	{ L(ra), false, "+raflag" },
	{ L(tc), false, "+tcflag" },
	{ L(z), false, "+zflag" },
	{ L(co), false, "+coflag" },
	{ L(ignore_tc), false, "+ignore" },
	{ L(header_only), false, "+header-only" },
	{ L(edns), true, "+noedns" },
	{ L(cookie), true, "+nocookie" },
	{ L(nsid), false, "+nsid" },
	{ L(negotiate), true, "+noednsnegotiation" },
	{ L(subnet), false, "+subnet" },
	{ L(expire), false, "+expire" },
	{ L(keepalive), false, "+keepalive" },
	{ L(id_given), false, "+qid" },
	{ L(next_on_servfail), false, "+nofail" },
	{ L(keep_badcookie), false, "+nobadcookie" },
};

static const struct {
	size_t at;
	uint32_t usual;
	const char *word;
} numbers[] = {
	{ L(version), 0, "+edns=N" },
	{ L(bufsize), DIGPLUS_BUFSIZE, "+bufsize" },
	{ L(edns_flags), 0, "+ednsflags" },
	{ L(padding), 0, "+padding" },
	{ L(opcode), 0, "+opcode" },
};

/* A word that cannot travel; NULL: none. */
static const char *shape_word(const struct digargs_lookup *l)
{
	for (size_t i = 0; i < ARRAY_LEN(bools); i++)
		if (*(const bool *)((const char *)l + bools[i].at) != bools[i].usual)
			return bools[i].word;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (*(const uint32_t *)((const char *)l + numbers[i].at) != numbers[i].usual)
			return numbers[i].word;
	if (l->options.n)
		return "+ednsopt";
	if (l->cookie_value)
		return "+cookie=HEX";
	if (l->over)
		return "TLS and HTTP";
	return l->secure.proxy ? "+proxy" : NULL;
}

static const char *question_word(const struct digargs *args, const struct digargs_lookup *l)
{
	if (l->class != CLASS_IN)
		return "another class than IN";
	if (l->type == RR_ANY)
		return "type ANY, which has no answer that could be compared";
	if (args->port && !l->servers.n)
		return "-p without @SERVER";
	if (l->tries > TRIES_MOST)
		return "more than 20 tries";
	if (args->timeout > SECONDS_MOST)
		return "a time-out over 60 seconds";
	return args->key ? "a signed query (-k, -y)" : NULL;
}

static const char *vantage_refusal(
	struct arena *a, const struct digargs *args, const struct digargs_lookup *l)
{
	const char *word = shape_word(l);

	if (!word)
		word = question_word(args, l);
	if (!word && args->yaml)
		word = "+yaml: give +json, or neither";
	return word ? arena_printf(a, "--vantage: agents are not asked with %s", word) : NULL;
}

const char *lookup_others_refusal(struct arena *a, const struct digargs *args)
{
	const char *option = args->also.vantage ? "--vantage" : "--save";
	const struct digargs_lookup *l = args->lookups.n ? &args->lookups.v[0] : NULL;

	if (!args->also.vantage && !args->also.save)
		return NULL;
	if (args->batch || args->lookups.n != 1)
		return arena_printf(a, "%s is for one look-up: give one NAME and no -f", option);
	if (l->trace || l->nssearch || args->search || l->type == RR_AXFR || l->type == RR_IXFR)
		return arena_printf(a,
			"%s is for one question: not with +trace, +nssearch, +search or a zone "
			"transfer",
			option);
	return args->also.vantage ? vantage_refusal(a, args, l) : NULL;
}

/* Servers by address; without @SERVER each agent asks its own. False: too many. */
static bool put_servers(
	struct lookup_run *r, const struct lookup_target *t, struct form_question *q)
{
	char text[ADDR_TEXT];

	if (!t->settings->servers.n)
		return true;
	if (t->servers->n > FORM_SERVERS)
		return false;
	for (size_t i = 0; i < t->servers->n; i++)
		vec_push(r->arena, &q->servers,
			arena_str(r->arena, addr_text_port(&t->servers->v[i].addr, text)));
	return true;
}

static int ask(struct lookup_run *r, const struct lookup_target *t)
{
	const struct digargs *args = r->args;
	const struct digargs_lookup *l = t->settings;
	const struct remote_host host = {
		.arena = r->arena,
		.rng = &r->rng,
		.verb = "lookup",
		.facts = r->facts,
		.vantage = args->also.vantage,
		.queue = args->also.queue,
		.creds = args->also.creds,
		.ca = args->also.ca,
		.save = args->also.save,
	};
	char name[NAME_TEXT], type[TEXT_MNEMONIC];
	struct form_question q = {
		.verb = "lookup",
		.name = name_text(t->question.name, name),
		.type = text_type(t->question.type, type),
		.numbers = { .family = args->v4	  ? 4
				       : args->v6 ? 6
						  : 0,
			.rate = args->also.rate,
			.budget = args->also.budget,
			.timeout = (int64_t)args->timeout * MS,
			.tries = l->tries == DIGPLUS_TRIES ? 0 : l->tries },
		.flags = { .tcp = l->tcp, .norecurse = !l->rd, .cd = l->cd, .dnssec = l->dnssec },
	};
	int err;

	if (!put_servers(r, t, &q)) {
		lookup_complain("--vantage: more than 32 addresses of servers");
		return DIG_USAGE;
	}
	err = remote_begin(&host, &q, &r->remote);
	return err == 0 ? DIG_OK : err == -ERR_SYSTEM ? DIG_NO_REPLY : DIG_USAGE;
}

int lookup_others_begin(struct lookup_run *r, const struct lookup_target *t)
{
	int code;

	if (!r->args->also.vantage && !r->args->also.save)
		return DIG_OK;
	r->facts->command = "lookup";
	r->facts->question = t->question;
	code = ask(r, t);
	r->facts->started = time(NULL);
	r->began = loop_now();
	return code;
}

/* What one address is depends on who asks, when it never leaves a host or a site. */
static bool is_one(const struct lookup_target *t)
{
	for (size_t i = 0; i < t->servers->n; i++)
		if (addr_is_loopback(&t->servers->v[i].addr))
			return false;
	return t->settings->servers.n > 0;
}

void lookup_others_end(struct lookup_run *r, const struct lookup_target *t)
{
	struct conclude_tapes tapes;
	struct lookups *all;

	r->facts->elapsed = loop_now() - r->began;
	if (!r->remote)
		return;
	remote_end(r->remote, &tapes);
	all = arena_alloc(r->arena, sizeof(*all));
	lookups_compare(r->arena, &(struct lookups_asked){ tapes.v, tapes.n, is_one(t) }, all);
	for (size_t i = 0; i < tapes.ngaps; i++)
		vec_push(r->arena, &all->gaps,
			(struct lookups_gap){ tapes.gaps[i].site, tapes.gaps[i].why });
	r->others = all;
	r->remote = NULL;
}

int lookup_others_save(struct lookup_run *r)
{
	struct buf b = { .arena = r->arena };
	const char *path = r->args->also.save;

	if (!path)
		return DIG_OK;
	tape_write(r->facts, &b);
	if (file_write(path, buf_span(&b)) == 0)
		return DIG_OK;
	lookup_complain(arena_printf(r->arena, "--save %s: %s", path, strerror(errno)));
	return DIG_FILE;
}
