/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of losses by source port that are no set of blocked ports: hashes over flows, policers. */
#include <string.h>

#include "base/err.h"
#include "check/check_ports.h"

enum { EVIDENCE_MOST = 64 };

/* Silence, however deep, is no proof. */
#define SUREST (1 - 1e-9)
/* That ports of a policer lose more than others is tested at 1e-3. */
#define POLICER_SURE 0.999

/* Sweep asks of the server from those ports, then those from the same ports elsewhere. */
static void collect(const struct check_input *in, struct findings *f, struct finding *x,
	const struct sweep_result *s)
{
	size_t n = 0;

	for (size_t i = 0; i < in->facts->n && n < EVIDENCE_MOST; i++) {
		const struct observation *o = in->facts->v[i];
		bool own = addr_equal(&o->ask.server, &s->server) &&
			   (o->ask.role == ROLE_SWEEP || o->ask.role == ROLE_AGAIN);
		bool silent = ports_is_silence(o);

		if (!(own && silent) && o->ask.role != ROLE_TWIN)
			continue;
		finding_evidence(f, x, i);
		n++;
	}
}

static const char *const reshuffles[] = {
	[RESHUFFLE_UNTESTED] = "untested",
	[RESHUFFLE_YES] = "yes",
	[RESHUFFLE_NO] = "no",
};

static void describe_flows(struct findings *f, struct finding *x, const struct sweep_result *s)
{
	const struct ports_flows *w = &s->ports.flows;

	if (w->members)
		finding_int(f, x, "members", w->members);
	if (w->least)
		finding_int(f, x, "members_least", w->least);
	if (w->most)
		finding_int(f, x, "members_most", w->most);
	finding_share(f, x, "share", w->share);
	finding_share(f, x, "share_least", w->share_low);
	finding_share(f, x, "share_most", w->share_high);
	finding_text(f, x, "reshuffled", reshuffles[w->reshuffle]);
	if (w->bits)
		finding_int(f, x, "bits", w->bits);
	if (w->mask) {
		finding_int(f, x, "port_mask", w->mask);
		finding_int(f, x, "port_value", w->value);
	}
	if (!w->twin.server.family)
		return;
	finding_detail(f, x,
		(struct detail){ .key = "twin", .kind = DETAIL_ADDR, .addr = w->twin.server });
	finding_text(f, x, "twin_transport", w->twin.transport == TRANSPORT_TCP ? "tcp" : "udp");
	finding_int(f, x, "silent_here_only", w->twin.here);
	finding_int(f, x, "silent_there_only", w->twin.there);
	finding_int(f, x, "silent_at_both", w->twin.both);
}

/* A group of links is in front of a site, not of a server: one finding for all of them. */
static void flow_hash_loss(const struct check_input *in, struct findings *f)
{
	size_t first = f->list.n;

	vec_each (const struct sweep_result, s, in->inferences->sweeps) {
		struct finding *x;

		if (s->ports.pattern != PATTERN_HASH)
			continue;
		if (f->list.n == first) {
			x = findings_add(f, "flow-hash-loss", check_ports_severity(in, &s->server),
				WHERE_PATH);
			x->subject = s->zone;
			x->confidence = SUREST;
			describe_flows(f, x, s);
		}
		x = &f->list.v[first];
		if (s->ports.confidence < x->confidence)
			x->confidence = s->ports.confidence;
		finding_server(f, x, &s->server);
		collect(in, f, x, s);
	}
}

static enum where policer_place(const struct sweep_result *s)
{
	for (enum place_verdict p = PLACE_NEAR; p < PLACES; p++)
		if (!portset_empty(&s->place.at[p]))
			return check_ports_where(p);
	return WHERE_UNKNOWN;
}

static void policer_of(
	const struct check_input *in, struct findings *f, const struct sweep_result *s)
{
	struct finding *x = findings_add(
		f, "source-port-policer", check_ports_severity(in, &s->server), policer_place(s));

	x->subject = s->zone;
	x->confidence = POLICER_SURE;
	finding_ports(f, x, "policed", &s->ports.policed);
	finding_text(f, x, "rate", arena_printf(f->arena, "%.2g", s->ports.policed_rate));
	finding_share(f, x, "lost", s->ports.policed_loss);
	finding_share(f, x, "loss", s->ports.loss);
	finding_int(f, x, "controls", s->place.alive);
	finding_int(f, x, "controls_answered", s->place.replies);
	finding_server(f, x, &s->server);
	collect(in, f, x, s);
}

/* Servers whose own sweep could not tell it from a filter go with the first that could. */
static void source_port_policer(const struct check_input *in, struct findings *f)
{
	size_t first = f->list.n;

	vec_each (const struct sweep_result, s, in->inferences->sweeps)
		if (s->ports.pattern == PATTERN_POLICER && !s->ports.by_sibling)
			policer_of(in, f, s);
	vec_each (const struct sweep_result, s, in->inferences->sweeps)
		if (s->ports.by_sibling && f->list.n > first)
			finding_server(f, &f->list.v[first], &s->server);
}

static const struct check rows[] = {
	{ "flow-hash-loss", flow_hash_loss },
	{ "source-port-policer", source_port_policer },
};

const struct family family_patterns = { "patterns", rows, ARRAY_LEN(rows) };
