/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was meant to be tested and was not, and why: a silent gap would look like health. */
#include <string.h>

#include "render/words.h"

/* Ports of all sweeps that could not be used, by reason. */
static void ports(struct making *m)
{
	struct portset *by_why = arena_alloc(m->a, WHYS * sizeof(*by_why));

	vec_each (const struct sweep_result, s, m->r->inferences->sweeps) {
		for (int32_t p = portset_next(&s->ports.untested, 0); p >= 0;
			p = portset_next(&s->ports.untested, (uint32_t)p + 1)) {
			enum why why = s->why ? ports_why(s->why, (uint32_t)p) : WHY_LOCAL;

			portset_add(&by_why[why < WHYS ? why : WHY_LOCAL], (uint16_t)p);
		}
	}
	for (int why = 0; why < WHYS; why++) {
		if (portset_empty(&by_why[why]))
			continue;
		vec_push(m->a, &m->r->untested,
			(struct report_untested){ arena_printf(m->a, "source %s",
							  words_some_ports(m->a, &by_why[why])),
				why_text((enum why)why) });
	}
}

/* Asks other than the sweeps' that never left, by reason. */
static void asks(struct making *m)
{
	const struct facts *f = m->r->facts;
	struct {
		uint64_t n;
		struct addr server; /* the first */
	} by_why[WHYS] = { { 0 } };

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->outcome != OUTCOME_NOT_SENT || o->ask.role == ROLE_SWEEP ||
			o->ask.role == ROLE_COOKIE || o->why >= WHYS)
			continue;
		if (!by_why[o->why].n++)
			by_why[o->why].server = o->ask.server;
	}
	for (int why = 0; why < WHYS; why++) {
		unsigned long long n = by_why[why].n;

		if (!n)
			continue;
		vec_push(m->a, &m->r->untested,
			(struct report_untested){ arena_printf(m->a, "%llu %s, the first to %s", n,
							  n == 1 ? "query" : "queries",
							  words_server(m->a, &by_why[why].server)),
				why_text((enum why)why) });
	}
}

/* What is missing of one sweep; NULL: nothing. */
static const char *gap(struct making *m, const struct sweep_result *s, const char **ret_what)
{
	static const char *const doubts[] = {
		[DOUBT_NONE] = "no reason known",
		[DOUBT_LOSS] = "the path loses too much",
		[DOUBT_SCATTER] = "silent ports form no set that could be named",
		[DOUBT_MIXED] = "the same ports answer at times and do not at others",
		[DOUBT_FEW] = "too few queries could be made",
	};
	const char *server = words_server(m->a, &s->server);

	*ret_what = server;
	if (!s->ports.sent && s->unsent)
		return why_text((enum why)s->unsent);
	if (s->unsent == WHY_BUDGET && s->ports.doubt != DOUBT_LOSS) {
		*ret_what = arena_printf(m->a, "the rest of the sweep towards %s", server);
		return why_text(WHY_BUDGET);
	}
	if (s->ports.pattern == PATTERN_UNKNOWN) {
		*ret_what = arena_printf(m->a, "source ports towards %s", server);
		return doubts[s->ports.doubt];
	}
	if (s->ports.pattern != PATTERN_RANGES || s->ports.complete)
		return NULL;
	*ret_what = arena_printf(m->a, "all edges of the blocked ports towards %s", server);
	return "the sweep ended before";
}

static void sweeps(struct making *m)
{
	vec_each (const struct sweep_result, s, m->r->inferences->sweeps) {
		const char *what, *why = gap(m, s, &what);

		if (why)
			vec_push(m->a, &m->r->untested, (struct report_untested){ what, why });
	}
}

/* A private address that a public server replied to was translated, and perhaps its ports were. */
static bool is_translated(const struct facts *f, uint8_t family)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role == ROLE_SWEEP && o->from.family == family && ports_proves_open(o) &&
			addr_is_private(&o->from) && !addr_is_special(&o->ask.server))
			return true;
	}
	return false;
}

/* Why it is not known whether ports are rewritten; NULL: it is, or nothing hints at translation. */
static const char *why_ports_unknown(
	const struct facts *f, const struct nat_result *r, uint8_t family)
{
	if (r->verdict != NAT_UNTOLD || !is_translated(f, family))
		return NULL;
	if (!f->quotes)
		return "that takes a beacon, or the right to open raw sockets (CAP_NET_RAW) and a "
		       "trace: ports are those that leave this host";
	if (r->back)
		return "quotes in ICMP errors are translated back, so that takes a beacon: ports "
		       "are those that leave this host";
	return "that takes a beacon: ports are those that leave this host";
}

static void translation(struct making *m)
{
	const struct inferences *in = m->r->inferences;
	const char *why = why_ports_unknown(m->r->facts, &in->nat_v4, ADDR_V4);

	if (!why)
		why = why_ports_unknown(m->r->facts, &in->nat_v6, ADDR_V6);
	if (why)
		vec_push(m->a, &m->r->untested,
			(struct report_untested){
				"whether address translation rewrites source ports", why });
	else if (in->paths.n && !m->r->facts->quotes)
		vec_push(m->a, &m->r->untested,
			(struct report_untested){
				"whether routers quote other source ports than were sent",
				"reading ICMP errors whole needs the right to open raw sockets "
				"(CAP_NET_RAW)" });
}

static void unknowns(struct making *m)
{
	translation(m);
	if (report_is_looked(m->r))
		report_looked_untested(m);
	else if (m->r->facts->question.name && !m->r->inferences->resolver.asked &&
		 !report_is_tree(m->r) && !report_is_shapes(m->r) && !report_is_mail(m->r))
		vec_push(m->a, &m->r->untested,
			(struct report_untested){ "the resolver's own reply",
				"no resolver of the address family asked for is configured" });

	vec_each (const struct finding, x, m->findings->list) {
		const struct detail *hits = finding_find(x, "hits_resolver");

		if (!hits || strcmp(hits->text, "unknown") != 0 ||
			strcmp(m->r->command, "diagnose") != 0)
			continue;
		vec_push(m->a, &m->r->untested,
			(struct report_untested){ "whether the resolver draws blocked ports",
				"neither its configuration nor its packets were seen: run this on "
				"its own host, or ask with dnsfault resolver --beacon" });
		break;
	}
	vec_each (const struct finding_gap, g, m->findings->untested)
		vec_push(m->a, &m->r->untested, (struct report_untested){ g->what, g->why });
	vec_each (const struct facts_gap, g, m->r->facts->gaps)
		vec_push(m->a, &m->r->untested,
			(struct report_untested){ gap_text((enum gap_kind)g->gap),
				g->why ? words_safe(m->a, g->why) : "no reason known" });
	if (m->r->facts->note)
		vec_push(m->a, &m->r->untested,
			(struct report_untested){
				"the rest of the run", words_safe(m->a, m->r->facts->note) });
}

/* Test cases that another one's finding made senseless: they are many, and said in one line. */
static void skipped(struct making *m)
{
	size_t n = m->findings->skipped;

	if (n)
		vec_push(m->a, &m->r->untested,
			(struct report_untested){
				arena_printf(m->a, "%zu test case%s", n, n == 1 ? "" : "s"),
				"what was found before leaves them nothing to look at: without a "
				"delegation there is no zone, and without a signature no DNSSEC" });
}

/* Shapes that got no reply, not often enough to be called dropped, or that could not be sent. */
static void shapes(struct making *m)
{
	vec_each (const struct matrix, x, m->r->inferences->matrices) {
		struct buf b = { .arena = m->a };

		vec_each (const struct matrix_cell, c, x->cells)
			if (c->state == CELL_UNTOLD && !x->control)
				buf_printf(&b, "%s%s", b.n ? ", " : "shapes ", c->row->slug);
		if (b.n)
			vec_push(m->a, &m->r->untested,
				(struct report_untested){
					arena_printf(m->a, "%s at %s", buf_text(&b),
						words_server(m->a, &x->server)),
					x->voided ? "no reply, and too few tries, or none that no "
						    "block and no limit swallowed"
						  : "no reply, and too few tries to tell a drop "
						    "from loss" });
	}
}

void report_untested(struct making *m)
{
	ports(m);
	sweeps(m);
	asks(m);
	unknowns(m);
	skipped(m);
	shapes(m);
}
