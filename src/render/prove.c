/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What shows a finding: its observations in groups, the dig lines that repeat them. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/query.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "render/isolate.h"
#include "render/prove.h"

enum { DNS_PORT = 53, TRIES_MOST = 3, PRIVILEGED = 1024, SEEN_MOST = 4, GROUPS_MOST = 256 };

/* One observation of the evidence with its place in it. */
struct item {
	const struct observation *o;
	const struct facts *home;
	size_t at;
};

static int compare_names(const struct name *a, const struct name *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return name_compare(a, b);
}

/* Groups lie together: the same server, question, transport, source port and outcome. */
static int compare_kind(const struct observation *x, const struct observation *y)
{
	int c = addr_compare(&x->ask.server, &y->ask.server);

	if (c)
		return c;
	c = compare_names(x->ask.question.name, y->ask.question.name);
	if (c)
		return c;
	if (x->ask.question.type != y->ask.question.type)
		return x->ask.question.type < y->ask.question.type ? -1 : 1;
	if (x->ask.transport != y->ask.transport)
		return x->ask.transport < y->ask.transport ? -1 : 1;
	/* Shapes have whatever port there is. */
	if (x->ask.row || y->ask.row) {
		c = strcmp(x->ask.row ? x->ask.row : "", y->ask.row ? y->ask.row : "");
		if (c)
			return c;
	} else if (x->ask.source.port != y->ask.source.port) {
		return x->ask.source.port < y->ask.source.port ? -1 : 1;
	}
	return (x->outcome > y->outcome) - (x->outcome < y->outcome);
}

static int compare_items(const struct item *x, const struct item *y)
{
	int c = compare_kind(x->o, y->o);

	return c || x->home == y->home ? c : strcmp(x->home->name, y->home->name);
}

static int by_kind(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int c = compare_items(x, y);

	return c ? c : (x->at > y->at) - (x->at < y->at);
}

struct group {
	const struct observation *o;
	const struct facts *home;
	size_t at;
	uint64_t count;
};

static int by_place(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static const char *ask_text(struct arena *a, const struct observation *o)
{
	struct buf b = { .arena = a };
	struct addr from = o->from.family ? o->from : o->ask.source;
	char text[ADDR_TEXT];

	if (o->ask.connect_only)
		buf_str(&b, "a connection");
	else if (o->ask.question.name)
		buf_str(&b, words_question(a, &o->ask.question));
	else
		buf_str(&b, "a query without a question");
	buf_printf(&b, " over %s", transport_name((enum transport)o->ask.transport));
	if (o->ask.row)
		buf_printf(&b, " in shape %s", o->ask.row);
	if (!o->ask.source.port || o->ask.row)
		return buf_text(&b);
	from.port = o->ask.source.port;
	if (from.family)
		buf_printf(&b, " from %s", addr_text_port(&from, text));
	else
		buf_printf(&b, " from port %u", from.port);
	return buf_text(&b);
}

/* NULL when there is one only. */
static const char *vantage_name(struct making *m, const struct facts *home)
{
	return m->r->facts->elsewhere.n ? words_vantage(m->a, home) : NULL;
}

static bool same_vantage(const struct report_evidence *x, const struct report_evidence *y)
{
	return !x->vantage || !y->vantage || strcmp(x->vantage, y->vantage) == 0;
}

/* The evidence in groups, in the order in which the check gave it. */
static void group(struct making *m, struct report_finding *x)
{
	const struct facts *f = m->r->facts;
	size_t n = x->finding->evidence.n, used = 0, ngroups = 0;
	struct item *items = arena_alloc(m->a, n * sizeof(*items));
	struct group *groups = arena_alloc(m->a, n * sizeof(*groups));

	for (size_t i = 0; i < n; i++) {
		size_t at = x->finding->evidence.v[i];

		if (facts_at(f, at))
			items[used++] = (struct item){ facts_at(f, at), facts_home(f, at), i };
	}
	if (!used)
		return;
	qsort(items, used, sizeof(*items), by_kind);
	for (size_t i = 0; i < used; i++) {
		if (i && compare_items(&items[i - 1], &items[i]) == 0)
			groups[ngroups - 1].count++;
		else
			groups[ngroups++] =
				(struct group){ items[i].o, items[i].home, items[i].at, 1 };
	}
	qsort(groups, ngroups, sizeof(*groups), by_place);
	for (size_t i = 0; i < ngroups; i++) {
		const struct observation *o = groups[i].o;

		vec_push(m->a, &x->evidence,
			(struct report_evidence){ o->ask.server, ask_text(m->a, o),
				outcome_slug(o->outcome), vantage_name(m, groups[i].home),
				groups[i].count });
	}
}

/* Groups that differ in the server only, as one line; NULL when an earlier group said it. */
static const char *seen_line(
	struct arena *a, const struct report_finding *x, const struct report_evidence *first)
{
	struct VEC(struct addr) servers = { 0 };
	unsigned long long count = 0;

	for (size_t i = 0; i < x->evidence.n && i < GROUPS_MOST; i++) {
		const struct report_evidence *e = &x->evidence.v[i];

		if (strcmp(e->ask, first->ask) != 0 || strcmp(e->outcome, first->outcome) != 0 ||
			!same_vantage(e, first))
			continue;
		if (e < first)
			return NULL;
		vec_push(a, &servers, e->server);
		count += e->count;
	}
	return arena_printf(a, "%llu x %s: %s to %s%s%s", count, first->outcome, first->ask,
		words_servers(a, servers.v, servers.n), first->vantage ? ", at " : "",
		first->vantage ? first->vantage : "");
}

/* The first groups, a line each. */
static void see(struct making *m, struct report_finding *x)
{
	size_t left = x->evidence.n > GROUPS_MOST ? x->evidence.n - GROUPS_MOST : 0;

	for (size_t i = 0; i < x->evidence.n && i < GROUPS_MOST; i++) {
		const char *line = seen_line(m->a, x, &x->evidence.v[i]);

		if (line && x->seen.n < SEEN_MOST)
			vec_push(m->a, &x->seen, line);
		else if (line)
			left++;
	}
	if (left)
		vec_push(m->a, &x->seen,
			arena_printf(m->a, "and %zu more of such (--json has all)", left));
}

/*
 * Without the cookie: what is to be shown does not depend on it, it is good for an hour and for
 * this host only, and who replays the line need not know it.
 */
static struct shape without_cookie(const struct shape *shape)
{
	struct shape s = *shape;

	if (s.noptions && s.options[s.noptions - 1].code == EDNS_COOKIE)
		s.noptions--;
	return s;
}

static const char *dig_line(
	struct arena *a, const struct observation *o, uint16_t port, const struct shape *shape)
{
	static const char *const manners[TRANSPORTS] = {
		[TRANSPORT_UDP] = "",
		[TRANSPORT_TCP] = " +tcp",
		[TRANSPORT_TLS] = " +tls",
		[TRANSPORT_HTTPS] = " +https",
		[TRANSPORT_HTTP] = " +http-plain",
	};
	struct buf b = { .arena = a }, q = { .arena = a };
	struct addr from = o->from.family ? o->from : o->ask.source;
	char text[ADDR_TEXT];

	/* Behind "dig", which query_dig() begins with, comes what only the caller knows. */
	query_dig(&q, shape, &o->ask.question);
	buf_str(&b, "dig");
	from.port = port;
	if (port && from.family)
		buf_printf(&b, " -b %s", addr_text_port(&from, text));
	else if (port)
		buf_printf(
			&b, " -b %s#%u", o->ask.server.family == ADDR_V6 ? "::" : "0.0.0.0", port);
	buf_printf(&b, " +tries=1 +time=2%s", manners[o->ask.transport]);
	if (o->ask.transport == TRANSPORT_HTTPS && o->ask.secure && o->ask.secure->path)
		buf_printf(&b, "=%s", o->ask.secure->path);
	if (o->ask.server.port != DNS_PORT)
		buf_printf(&b, " -p %u", o->ask.server.port);
	buf_printf(&b, " @%s%s", addr_text(&o->ask.server, text), buf_text(&q) + strlen("dig"));
	query_dig_cannot(&b, shape, o->ask.split);
	return buf_text(&b);
}

const char *prove_dig(struct arena *a, const struct observation *o, uint16_t port)
{
	struct shape shape = without_cookie(&o->ask.shape);

	/* Of a row of the table of shapes the cookie may be what it is about. */
	return dig_line(a, o, port, o->ask.row ? &o->ask.shape : &shape);
}

const char *prove_dig_whole(struct arena *a, const struct observation *o, uint16_t port)
{
	return dig_line(a, o, port, &o->ask.shape);
}

void prove_try(struct making *m, struct report_finding *x, const struct observation *o,
	struct prove_line l)
{
	const char *root = l.port && l.port < PRIVILEGED ? " (as root)" : "";

	vec_push(m->a, &x->reproduce,
		(struct report_try){
			prove_dig(m->a, o, l.port), arena_printf(m->a, "%s%s", l.expect, root) });
}

/* The first few kinds of evidence once more. */
static void try_evidence(struct making *m, struct report_finding *x)
{
	const struct facts *f = m->r->facts;
	const struct observation *last = NULL;

	vec_each (const size_t, i, x->finding->evidence) {
		const struct observation *o = facts_at(f, *i);
		const char *expect, *vantage = o ? vantage_name(m, facts_home(f, *i)) : NULL;

		if (x->reproduce.n == TRIES_MOST)
			return;
		if (!o || !o->ask.question.name || o->outcome == OUTCOME_NOT_SENT ||
			(last && compare_kind(last, o) == 0))
			continue;
		expect = observation_answered(o)	   ? "a reply"
			 : o->outcome == OUTCOME_CONNECTED ? "a connection"
			 : observation_silent(o)	   ? "no reply"
							   : "an error";
		expect = arena_printf(m->a, "seen%s%s: %s", vantage ? " at " : "",
			vantage ? vantage : "", expect);
		prove_try(m, x, o,
			(struct prove_line){ o->ask.row ? 0 : o->ask.source.port, expect });
		last = o;
	}
}

/* What the resolver's packets show, dig does not. */
static void nothing(struct making *m, struct report_finding *x)
{
	(void)m;
	(void)x;
}

static const struct {
	const char *id;
	void (*see)(struct making *m, struct report_finding *x);
	void (*tries)(struct making *m, struct report_finding *x);
	void (*not_cause)(struct making *m, struct report_finding *x);
} proofs[] = {
	{ "source-port-filter", prove_ports_seen, prove_ports, prove_ports_not_cause },
	{ "flow-hash-loss", prove_flows_seen, prove_flows, prove_flows_not_cause },
	{ "source-port-policer", prove_policer_seen, prove_policer, prove_policer_not_cause },
	{ "nat-rewrites-ports", prove_nat_seen, prove_nat, prove_nat_not_cause },
	{ "resolver-uses-filtered-ports", prove_exposure_seen, prove_exposure, nothing },
	{ "resolver-fixed-port", prove_pool_seen, nothing, nothing },
	{ "resolver-small-pool", prove_pool_seen, nothing, nothing },
	{ "resolver-sequential-ports", prove_pool_seen, nothing, nothing },
	{ "resolver-no-0x20", prove_samples_seen, nothing, nothing },
	{ "pool-differs-from-config", prove_pool_seen, nothing, nothing },
	{ "query-isolated", see, isolate_tries, nothing },
	{ "unreachable", see, try_evidence, prove_silence_not_cause },
	{ "lame-delegation", see, try_evidence, prove_reply_not_cause },
	{ "answer-mismatch", see, try_evidence, prove_reply_not_cause },
	{ "serial-mismatch", see, try_evidence, prove_reply_not_cause },
};

void report_prove(struct making *m, struct report_finding *x)
{
	group(m, x);
	for (size_t i = 0; i < ARRAY_LEN(proofs); i++) {
		if (strcmp(proofs[i].id, x->finding->id) != 0)
			continue;
		proofs[i].see(m, x);
		proofs[i].tries(m, x);
		proofs[i].not_cause(m, x);
		report_vantage_seen(m, x);
		return;
	}
	see(m, x);
	try_evidence(m, x);
	report_vantage_seen(m, x);
}
