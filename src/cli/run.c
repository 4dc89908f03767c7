/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings to plan, plan over the network to facts, facts to a report. */
#include "cli/run.h"

#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/conclude.h"
#include "cli/file.h"
#include "cli/pump.h"
#include "cli/resolvconf.h"
#include "cli/verb.h"
#include "dns/rr.h"
#include "dns/text.h"

enum {
	DNS_PORT = 53,
	ALIASES_MOST = 16,
	FAST_FLIGHTS = 2048,	 /* asks that wait for a reply, when no rate is set */
	POLITE_SPACING = 250000, /* µs between two tries of a port */
};

int run_complain_as(const char *verb, const char *form, va_list args)
{
	fprintf(stderr, "dnsfault %s: ", verb);
	vfprintf(stderr, form, args);
	fputc('\n', stderr);
	return -ERR_USAGE;
}

int run_complain(const struct run *r, const char *form, ...)
{
	va_list args;
	int err;

	va_start(args, form);
	err = run_complain_as(r->verb, form, args);
	va_end(args);
	return err;
}

static int check_settings(const struct run *r)
{
	const struct settings *s = &r->settings;

	if (s->v4_only && s->v6_only)
		return run_complain(r, "-4 and -6 exclude each other: give one of them or none");
	if (s->json + s->jsonl + (s->noc != 0) > 1)
		return run_complain(
			r, "--json, --jsonl and --noc exclude each other: give one of them");
	if (s->full && s->ports)
		return run_complain(r, "--full and --ports exclude each other");
	if (s->ports) {
		portset_remove(s->ports, 0);
		if (portset_empty(s->ports))
			return run_complain(
				r, "--ports: give ports from 1 to 65535, as in 1-1023,5353");
	}
	if (conclude_conflict(s))
		return run_complain(r, "%s", conclude_conflict(s));
	if (s->source.port)
		return run_complain(r, "-b takes an address without a port here: "
				       "the source ports are what is tested");
	return 0;
}

static int open_evidence(struct run *r)
{
	const char *path = r->settings.evidence, *why;

	if (!path || r->settings.plan || r->settings.diff)
		return 0;
	if (strcmp(path, "-") == 0)
		return run_complain(r, "--pcap -: standard output has the results: give a file");
	if (evidence_open(r->arena, path, &r->evidence, &why) < 0)
		return run_complain(r, "--pcap %s: %s", path, why);
	return 0;
}

int run_close_evidence(struct run *r)
{
	const char *said = NULL;
	int err = evidence_close(r->evidence, &said);

	if (said)
		run_complain(r, "%s", said);
	return err;
}

int run_begin(struct run *r, const char *verb, struct opt_args args)
{
	struct opt_result result = { 0 };
	uint64_t seed;
	int err;

	*r = (struct run){ .verb = verb, .arena = arena_new() };
	err = settings_read((struct opt_into){ r->arena, &r->settings }, *verb_find(verb)->options,
		args, &result);
	if (err < 0)
		return run_complain(r, "%s", result.why), err;
	if (r->settings.help)
		return help_verb(verb), 1;
	r->words = result.words;
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = (uint64_t)time(NULL) ^ (uint64_t)getpid() << 32;
	r->rng = rng_seed(r->settings.seed.given ? r->settings.seed.v : seed);
	r->facts = facts_new(r->arena);
	r->facts->command = verb;
	r->facts->started = time(NULL);
	r->facts->ports = r->settings.ports;
	r->facts->full = r->settings.full;
	r->facts->qps = r->settings.qps;
	err = check_settings(r);
	return err < 0 ? err : open_evidence(r);
}

void run_done(struct run *r)
{
	const char *said;

	(void)evidence_close(r->evidence, &said);
	arena_free(r->arena);
}

/* A server given twice, or by name and address, is asked once. */
static void add_once(struct run *r, struct run_addrs *list, struct addr a)
{
	vec_each (struct addr, have, *list)
		if (addr_equal(have, &a))
			return;
	vec_push(r->arena, list, a);
}

static int resolve_name(struct run *r, const char *name, struct run_addrs *ret)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *list;
	size_t before = ret->n;
	int err = getaddrinfo(name, NULL, &hints, &list);

	if (err)
		return run_complain(r, "%s: %s; give an address", name, gai_strerror(err));
	for (const struct addrinfo *i = list; i; i = i->ai_next) {
		struct addr a = addr_with_port(addr_from_sockaddr(i->ai_addr), DNS_PORT);

		if (a.family != ADDR_NONE && !settings_family_off(&r->settings, &a))
			add_once(r, ret, a);
	}
	freeaddrinfo(list);
	if (ret->n == before)
		return run_complain(r, "%s has no address of the family asked for", name);
	return 0;
}

int run_resolve(struct run *r, const char *server, struct run_addrs *ret)
{
	struct addr a;

	if (addr_parse_port(server, &a) < 0) {
		if (strchr(server, '#'))
			return run_complain(
				r, "%s: not an address with a port (192.0.2.1#53)", server);
		return resolve_name(r, server, ret);
	}
	if (settings_family_off(&r->settings, &a))
		return run_complain(r, "%s is not of the family asked for", server);
	if (!a.port)
		a.port = DNS_PORT;
	add_once(r, ret, a);
	return 0;
}

/* Under -4 or -6 only resolvers of that family are asked. */
static void keep_family(const struct run *r, struct resolvconf *list)
{
	size_t n = 0;

	vec_each (struct addr, a, *list)
		if (!settings_family_off(&r->settings, a))
			list->v[n++] = *a;
	list->n = n;
}

void run_resolvers(struct run *r)
{
	struct resolvconf configured = resolvconf_read(r->arena);

	keep_family(r, &configured);
	r->plan.resolvers = configured.v;
	r->plan.nresolvers = configured.n;
}

struct run_controls VEC(struct place_control);

/* "SERVER[/NAME[/TYPE]]" */
static int read_control(struct run *r, const char *text, struct run_controls *list)
{
	char *server = arena_str(r->arena, text), *name = strchr(server, '/'), *type = NULL;
	struct question q = { &name_root, RR_NS, CLASS_IN };
	struct run_addrs addrs = { 0 };
	struct name n;
	int err;

	if (name) {
		*name++ = '\0';
		type = strchr(name, '/');
		if (type)
			*type++ = '\0';
		if (name_parse(name, &n) < 0)
			return run_complain(r, "--control %s: '%s' is no domain name", text, name);
		q.name = name_keep(r->arena, &n);
		q.type = RR_SOA;
	}
	if (type && text_parse_type(type, &q.type) < 0)
		return run_complain(r, "--control %s: '%s' is no record type", text, type);
	err = run_resolve(r, server, &addrs);
	vec_each (struct addr, a, addrs)
		vec_push(r->arena, list, (struct place_control){ .server = *a, .question = q });
	return err;
}

static int read_controls(struct run *r)
{
	struct run_controls list = { 0 };

	for (size_t i = 0; i < r->settings.controls.n; i++) {
		int err = read_control(r, r->settings.controls.v[i], &list);

		if (err < 0)
			return err;
	}
	r->plan.controls = list.v;
	r->plan.ncontrols = list.n;
	return 0;
}

int run_hints(struct run *r)
{
	const char *path = r->settings.root_hints;
	struct span text;
	size_t line;

	if (!path) {
		r->plan.walk.hints = walk_root_hints(r->arena, &r->plan.walk.nhints);
		return 0;
	}
	if (file_read(r->arena, path, &text) < 0)
		return run_complain(r, "--root-hints %s: %s", path, strerror(errno));
	if (walk_read_hints(r->arena, text, &r->plan.walk, &line) < 0)
		return run_complain(
			r, "--root-hints %s: line %zu is no NS, A or AAAA record", path, line);
	return 0;
}

int run_asn(struct run *r, struct asn_rows *ret)
{
	const char *path = r->settings.asn_file;
	struct span text;
	size_t line;

	*ret = (struct asn_rows){ 0 };
	if (!path)
		return 0;
	if (file_read(r->arena, path, &text) < 0)
		return run_complain(r, "--asn-file %s: %s", path, strerror(errno));
	if (asn_read(r->arena, text, ret, &line) < 0)
		return run_complain(r,
			"--asn-file %s: line %zu is no network with its AS numbers, as in "
			"192.0.2.0/24 64496",
			path, line);
	return 0;
}

static void read_source(struct run *r)
{
	r->plan.walk.source = r->settings.source;
	r->plan.sweep.source = r->settings.source;
}

/* Everything of the plan that settings alone decide. */
int run_plan(struct run *r)
{
	const struct settings *s = &r->settings;
	struct diagnose_plan *p = &r->plan;
	int err = run_hints(r);

	if (err == 0)
		err = read_controls(r);
	if (err < 0)
		return err;
	read_source(r);
	p->walk.no_v4 = s->v6_only;
	p->walk.no_v6 = s->v4_only;
	p->walk.timeout = s->timeout * 1000;
	/* More than any resolver follows: how many there are may be why one fails. */
	p->walk.max_aliases = ALIASES_MOST;
	p->walk.rng = rng_seed(rng_u64(&r->rng));
	p->sweep.transport = s->tcp ? TRANSPORT_TCP : TRANSPORT_UDP;
	p->sweep.shape = shape_iterative;
	p->sweep.ports = s->ports;
	p->sweep.every = s->full || s->ports;
	p->sweep.timeout = s->timeout * 1000;
	p->sweep.spacing = s->rate ? POLITE_SPACING : 0;
	p->sweep.window = s->rate ? 0 : FAST_FLIGHTS;
	p->no_place = s->no_locate;
	p->rng = rng_seed(rng_u64(&r->rng));
	return 0;
}

int run_report(struct run *r)
{
	struct diagnose *d = diagnose_new(r->arena, r->facts, &r->plan);

	if (pump_run(r, diagnose_probe(d), NULL) < 0)
		return CLI_LOCAL;
	return conclude_run(r);
}
