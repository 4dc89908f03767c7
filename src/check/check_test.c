/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry's order and verdicts, with families that make what the case wants. */
#include "base/err.h"
#include "check/check.h"
#include "check/cases.h"
#include "tap.h"

struct made {
	const char *id;
	enum severity severity;
	enum where where;
};

/* Test cases have tests of their own. */
void cases_run(struct tree *t, struct findings *f)
{
	(void)t;
	(void)f;
}

static const struct made *to_make;
static size_t nto_make;

static void make(const struct check_input *in, struct findings *f)
{
	(void)in;
	for (size_t i = 0; i < nto_make; i++)
		findings_add(f, to_make[i].id, to_make[i].severity, to_make[i].where)->confidence =
			(double)i;
}

static const struct check one = { "any", make };
const struct family family_interception = { "interception", NULL, 0 };
const struct family family_family = { "family", NULL, 0 };
const struct family family_resolver_why = { "resolver_why", NULL, 0 };
const struct family family_ports = { "ports", &one, 1 };
const struct family family_patterns = { "patterns", NULL, 0 };
const struct family family_limits = { "limits", NULL, 0 };
const struct family family_nat = { "nat", NULL, 0 };
const struct family family_servers = { "servers", NULL, 0 };
const struct family family_shapes = { "shapes", NULL, 0 };
const struct family family_transport = { "transport", NULL, 0 };
const struct family family_newports = { "newports", NULL, 0 };
const struct family family_zone = { "zone", NULL, 0 };
const struct family family_tree = { "tree", NULL, 0 };
const struct family family_dnssec = { "dnssec", NULL, 0 };
const struct family family_mail = { "mail", NULL, 0 };
const struct family family_resolver = { "resolver", NULL, 0 };
const struct family family_pools = { "pools", NULL, 0 };
const struct family family_exposure = { "exposure", NULL, 0 };

static struct findings run(struct arena *a, const struct made *m, size_t n)
{
	struct findings f = { .arena = a };
	struct inferences x = { .sent = 0 };
	struct check_input in = { facts_new(a), &x };

	to_make = m;
	nto_make = n;
	check_run(&in, &f);
	return f;
}

static void order(struct arena *a)
{
	static const struct made m[] = {
		{ "unreachable", SEV_WARNING, WHERE_FAR },
		{ "stale-glue", SEV_NOTICE, WHERE_ZONE },
		{ "unreachable", SEV_WARNING, WHERE_NEAR },
		{ "serial-mismatch", SEV_WARNING, WHERE_ZONE },
		{ "source-port-filter", SEV_ERROR, WHERE_FAR },
	};
	static const double want[] = { 4, 3, 0, 2, 1 };
	struct findings f = run(a, m, ARRAY_LEN(m));

	is_int((int64_t)f.list.n, ARRAY_LEN(m), "all findings are kept");
	for (size_t i = 0; i < f.list.n; i++)
		ok(f.list.v[i].confidence == want[i], "place %zu: %s", i, f.list.v[i].id);
	f = run(a, NULL, 0);
	is_int((int64_t)f.list.n, 0, "no finding is no finding");
}

/* What a case's facts are, beside its findings. */
struct world {
	const char *name;
	const char *command;
	struct made found; /* id NULL: nothing */
	const char *note;
	uint64_t answered;
	enum port_pattern patterns[2]; /* of two sweeps, when swept */
	enum ports_doubt doubt;
	enum msg_meaning resolver; /* what it said, when asked */
	enum msg_meaning tree;	   /* what the zone says, when walked */
	enum verdict_state state;
	enum undecided reason;
	enum where where;
	bool swept, asked, walked, no_privilege, thin, unsent;
};

#define WELL	    .answered = 9
#define GOOD	    .asked = true, .resolver = MEANS_ANSWER, .walked = true, .tree = MEANS_ANSWER
#define BROKEN	    .asked = true, .resolver = MEANS_SERVFAIL, .walked = true, .tree = MEANS_ANSWER
#define OPEN	    .state = VERDICT_UNDECIDED, .where = WHERE_UNKNOWN
#define SWEPT(a, b) .swept = true, .patterns = { a, b }

static const struct world worlds[] = {
	{ "all is well", "diagnose", WELL, GOOD, SWEPT(PATTERN_NONE, PATTERN_NONE) },
	{ "a notice is no fault", "diagnose", { "stale-glue", SEV_NOTICE, WHERE_ZONE }, WELL,
		GOOD },
	{ "a warning is one", "diagnose", { "stale-glue", SEV_WARNING, WHERE_ZONE }, WELL, GOOD,
		.state = VERDICT_FAULT, .where = WHERE_ZONE },
	{ "a finding outweighs what is open", "ports", { "unreachable", SEV_ERROR, WHERE_FAR },
		SWEPT(PATTERN_UNKNOWN, PATTERN_NONE), .state = VERDICT_FAULT, .where = WHERE_FAR },
	{ "stopped, with a finding so far", "ports", { "unreachable", SEV_ERROR, WHERE_FAR }, WELL,
		.note = "stopped", SWEPT(PATTERN_UNKNOWN, PATTERN_NONE), OPEN,
		.reason = UNDECIDED_STOPPED },
	{ "nothing answered", "diagnose", BROKEN, OPEN, .reason = UNDECIDED_SILENCE },
	{ "stopped", "ports", WELL, .note = "interrupted", OPEN, .reason = UNDECIDED_STOPPED },
	{ "a lossy path", "ports", WELL, SWEPT(PATTERN_NONE, PATTERN_UNKNOWN), .doubt = DOUBT_LOSS,
		OPEN, .reason = UNDECIDED_LOSS },
	{ "no pattern", "ports", WELL, SWEPT(PATTERN_UNKNOWN, PATTERN_UNKNOWN),
		.doubt = DOUBT_SCATTER, OPEN, .reason = UNDECIDED_PATTERN },
	{ "one lossy path does not unmake a diagnosis", "diagnose", WELL, GOOD,
		SWEPT(PATTERN_NONE, PATTERN_UNKNOWN), .doubt = DOUBT_LOSS },
	{ "only lossy paths do", "diagnose", WELL, GOOD, SWEPT(PATTERN_UNKNOWN, PATTERN_UNKNOWN),
		.doubt = DOUBT_LOSS, OPEN, .reason = UNDECIDED_LOSS },
	{ "ports asked for and not allowed", "ports", WELL, SWEPT(PATTERN_NONE, PATTERN_NONE),
		.no_privilege = true, OPEN, .reason = UNDECIDED_PRIVILEGE },
	{ "too little asked", "ports", WELL, SWEPT(PATTERN_NONE, PATTERN_NONE), .thin = true, OPEN,
		.reason = UNDECIDED_PATTERN },
	{ "only ports that are not allowed", "ports", SWEPT(PATTERN_UNKNOWN, PATTERN_UNKNOWN),
		.unsent = true, .no_privilege = true, OPEN, .reason = UNDECIDED_PRIVILEGE },
	{ "a diagnosis does without them", "diagnose", WELL, GOOD,
		SWEPT(PATTERN_NONE, PATTERN_NONE), .no_privilege = true },
	{ "a failure that nothing explains", "diagnose", WELL, BROKEN, OPEN,
		.reason = UNDECIDED_CAUSE },
	{ "a walk that leads nowhere", "diagnose", WELL, .walked = true, .tree = MEANS_UNREADABLE,
		OPEN, .reason = UNDECIDED_CAUSE },
	{ "no such name is a result", "diagnose", WELL, .asked = true, .resolver = MEANS_NXDOMAIN,
		.walked = true, .tree = MEANS_NXDOMAIN },
};

static void verdict(struct arena *a, const struct world *w)
{
	struct facts *f = facts_new(a);
	struct inferences x = { .answered_beyond = w->answered, .sent = w->unsent ? 0 : 9 };
	struct cut_tree tree = { .meaning = w->tree };
	struct check_input in = { f, &x };
	struct findings found = { .arena = a };
	struct sweep_result s = { .transport = TRANSPORT_UDP };
	struct verdict v;

	f->command = w->command;
	f->note = w->note;
	f->question.name = &name_root;
	for (size_t i = 0; w->swept && i < ARRAY_LEN(w->patterns); i++) {
		s.ports.pattern = w->patterns[i];
		s.ports.doubt = w->doubt;
		s.ports.undiscovered = w->thin ? 0.5 : 0.01;
		vec_push(a, &x.sweeps, s);
	}
	x.unprivileged = w->no_privilege;
	x.resolver =
		(struct resolver_result){ .asked = w->asked, .meaning = w->resolver, .ede = -1 };
	x.tree = w->walked ? &tree : NULL;
	if (w->found.id)
		findings_add(&found, w->found.id, w->found.severity, w->found.where);
	v = check_verdict(&in, &found);
	ok(v.state == w->state && v.reason == w->reason && v.where == w->where, "%s", w->name);
	ok((v.main != NULL) == (w->state == VERDICT_FAULT || (w->note && w->found.id)),
		"%s: main finding", w->name);
}

static void fill(struct arena *a)
{
	struct findings f = { .arena = a };
	struct finding *x = findings_add(&f, "unreachable", SEV_ERROR, WHERE_FAR);
	struct addr s = { .family = ADDR_V4, .ip = { 192, 0, 2, 1 } };

	finding_server(&f, x, &s);
	finding_evidence(&f, x, 7);
	finding_evidence(&f, x, 8);
	finding_detail(&f, x, (struct detail){ .key = "tried", .kind = DETAIL_INT, .integer = 20 });
	ok(x->servers.n == 1 && addr_equal(&x->servers.v[0], &s), "servers are kept");
	ok(x->evidence.n == 2 && x->evidence.v[1] == 8, "evidence is kept");
	ok(x->details.n == 1 && x->details.v[0].integer == 20, "details are kept");
	is_str(severity_slug(SEV_CRITICAL), "critical", "severity");
	is_str(where_slug(WHERE_RESOLVER), "resolver", "where");
}

int main(void)
{
	struct arena *a = arena_new();

	order(a);
	for (size_t i = 0; i < ARRAY_LEN(worlds); i++)
		verdict(a, &worlds[i]);
	fill(a);
	arena_free(a);
	return tap_done();
}
