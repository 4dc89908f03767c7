/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree NAME: is the delegation tree consistent. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "check/cases.h"
#include "cli/conclude.h"
#include "cli/passes.h"
#include "cli/pump.h"
#include "cli/suspect.h"
#include "cli/verb.h"
#include "dns/anchor.h"
#include "dns/rr.h"
#include "infer/delegation.h"
#include "infer/ledger.h"

enum { DNS_PORT = 53, DS_FIELDS = 4, DIGEST_LEAST = 20 };
/* A healthy zone costs each of its servers fewer; within a second it is no more than the rate. */
enum { BURST = 40 };

/* Dots of other scripts, which people's keyboards have (RFC 3490 3.1). */
static const char *const dots[] = { "\u3002", "\uff0e", "\uff61" };

/* The text with such dots replaced. */
static const char *plain_dots(struct arena *a, const char *text)
{
	struct buf b = { .arena = a };

	while (*text) {
		size_t n = 0;

		for (size_t i = 0; i < ARRAY_LEN(dots) && !n; i++)
			if (strncmp(text, dots[i], strlen(dots[i])) == 0)
				n = strlen(dots[i]);
		buf_char(&b, n ? '.' : *text);
		text += n ? n : 1;
	}
	return buf_text(&b);
}

/*
 * A domain name as Zonemaster takes it (its "Requirements and normalization", v2025.2): letters,
 * digits, hyphens, and "_" and "/", which test cases then judge. option: NULL for the zone.
 */
static int read_domain(struct run *r, const char *option, const char *text, const struct name **ret)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/.";
	const char *plain = plain_dots(r->arena, text), *lead = option ? option : "";
	size_t n = strspn(plain, allowed);
	struct name name;

	if (plain[n] & 0x80)
		return run_complain(r,
			"%s'%s' has letters beyond ASCII: give it in its ASCII form (xn--...)",
			lead, text);
	if (plain[n])
		return run_complain(r,
			"%s'%s' has a character that no domain name of a zone has: '%c'", lead,
			text, plain[n]);
	if (name_parse(plain, &name) < 0)
		return run_complain(r,
			"%s'%s' is no domain name: labels have 1 to 63 octets, names at most 255",
			lead, text);
	name = name_lower(&name);
	*ret = name_keep(r->arena, &name);
	return 0;
}

static int read_name(struct run *r)
{
	int err;

	if (!r->words.n)
		return run_complain(r, "give a zone's name, as in: dnsfault tree example.com");
	if (r->words.n > 1)
		return run_complain(r, "one NAME at a time: what is '%s'?", r->words.v[1]);
	err = read_domain(r, NULL, r->words.v[0], &r->facts->tree->zone);
	r->facts->question = (struct question){ r->facts->tree->zone,
		r->settings.qtype ? r->settings.qtype : RR_SOA, CLASS_IN };
	if (r->settings.qtype)
		r->facts->tree->lookup = r->facts->question;
	return err;
}

/* "basic02,dnssec07" */
static int read_tests(struct run *r, const char *list)
{
	char *copy = arena_str(r->arena, list), *save = NULL;

	if (!list[strspn(list, ", ")])
		return run_complain(r, "--test: give test cases, as in basic02,dnssec07");
	for (char *id = strtok_r(copy, ", ", &save); id; id = strtok_r(NULL, ", ", &save)) {
		const struct tree_case *found = case_find(id);

		if (!found)
			return run_complain(r,
				"--test %s: no such test case; they are called basic01, dnssec07 "
				"and so "
				"on",
				id);
		vec_push(r->arena, &r->facts->tree->cases, found->id);
	}
	return 0;
}

/* "ns1.example.com" or "ns1.example.com/192.0.2.1", perhaps with a port behind '#' */
static int read_ns(struct run *r, const char *text)
{
	char *copy = arena_str(r->arena, text), *slash = strchr(copy, '/');
	struct tree_ns ns = { 0 };

	if (slash)
		*slash++ = '\0';
	if (read_domain(r, "--ns ", copy, &ns.name) < 0)
		return -ERR_USAGE;
	if (slash && addr_parse_port(slash, &ns.addr) < 0)
		return run_complain(r, "--ns %s: '%s' is no address", text, slash);
	if (slash && !ns.addr.port)
		ns.addr.port = DNS_PORT;
	vec_push(r->arena, &r->facts->tree->ns, ns);
	return 0;
}

/* A number of a DS record, to the next comma. */
static bool number(char **at, unsigned long most, unsigned long *ret)
{
	char *comma = strchr(*at, ','), *end;

	if (!comma || comma == *at || **at < '0' || **at > '9')
		return false;
	*ret = strtoul(*at, &end, 10);
	*at = comma + 1;
	return end == comma && *ret <= most;
}

/* "20326,8,2,E06D44…" */
static int read_ds(struct run *r, const char *text)
{
	char *at = arena_str(r->arena, text);
	unsigned long tag, algorithm, type;
	struct ds ds = { 0 };

	if (!number(&at, UINT16_MAX, &tag) || !number(&at, UINT8_MAX, &algorithm) ||
		!number(&at, UINT8_MAX, &type) || anchor_hex(r->arena, at, &ds.digest) < 0 ||
		ds.digest.n < DIGEST_LEAST)
		return run_complain(r,
			"--ds %s: give key tag, algorithm, digest type and digest, as in "
			"20326,8,2,E06D...",
			text);
	ds.tag = (uint16_t)tag;
	ds.algorithm = (uint8_t)algorithm;
	ds.digest_type = (uint8_t)type;
	vec_push(r->arena, &r->facts->tree->ds, ds);
	return 0;
}

static int read_each(
	struct run *r, const struct opt_texts *list, int (*read)(struct run *r, const char *text))
{
	int err = 0;

	for (size_t i = 0; i < list->n && err == 0; i++)
		err = read(r, list->v[i]);
	return err;
}

static int read_asn(struct run *r)
{
	struct tree_plan *t = r->facts->tree;
	struct asn_rows table;
	int err = run_asn(r, &table);

	t->asn_zone = r->settings.asn_zone;
	t->asn_file = r->settings.asn_file;
	if (err == 0 && t->asn_file)
		t->asn = arena_dup(r->arena, &table, sizeof(table));
	return err;
}

static int read_plan(struct run *r)
{
	const struct settings *s = &r->settings;
	int err = passes_plan(r);
	struct tree_plan *t = r->facts->tree;

	r->burst = BURST;
	t->all = s->all;
	if (err == 0)
		err = read_name(r);
	if (err == 0)
		err = read_each(r, &s->tests, read_tests);
	if (err == 0)
		err = read_each(r, &s->ns, read_ns);
	if (err == 0)
		err = read_each(r, &s->ds, read_ds);
	if (err == 0 && s->qtype && t->cases.n)
		err = run_complain(r, "-t validates a look-up, --test runs test cases: give one");
	if (err == 0 && t->ds.n && !t->ns.n)
		err = run_complain(r, "--ds goes with --ns: a DS record of a delegation to be");
	return err == 0 ? read_asn(r) : err;
}

/* Of a table of the whole Internet a few rows belong to the facts. */
static void shrink_asn(struct run *r, const struct passes *p)
{
	struct tree_plan *t = r->facts->tree;
	struct VEC(struct addr) addrs = { 0 };
	struct asn_rows part;

	if (!t->asn)
		return;
	arena_reset(p->arena);
	vec_each (const struct server, s, delegation(tree_new(p->arena, p->ledger))->all)
		vec_push(r->arena, &addrs, s->addr);
	part = asn_part(r->arena, t->asn, addrs.v, addrs.n);
	t->asn = arena_dup(r->arena, &part, sizeof(part));
}

static int walk(struct run *r)
{
	struct passes passes = passes_begin(r);
	int err = pump_run(r, passes.probe, NULL);

	shrink_asn(r, &passes);
	passes_end(&passes);
	if (err == 0)
		err = suspect_run(r);
	return err < 0 ? CLI_LOCAL : conclude_run(r);
}

int tree_main(int argc, char **argv)
{
	struct run r;
	int code = CLI_OK;
	int err = run_begin(&r, "tree", (struct opt_args){ argc, argv });

	if (err == 0)
		err = read_plan(&r);
	if (err == 0)
		code = walk(&r);
	else if (err < 0)
		code = CLI_USAGE;
	run_done(&r);
	return code;
}
