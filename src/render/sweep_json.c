/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sweeps came to, in JSON. */
#include "render/sweep_json.h"

#include "render/words.h"

void ports_json(struct json *j, const char *key, const struct portset *s)
{
	struct buf b = { .arena = j->out->arena };

	portset_text(s, &b);
	json_str(j, key, buf_text(&b));
}

static void put_untested_ports(struct json *j, const struct sweep_result *s)
{
	const struct portset *untested = &s->ports.untested;
	struct portset *by_why;

	if (portset_empty(untested))
		return;
	by_why = arena_alloc(j->out->arena, WHYS * sizeof(*by_why));
	for (int32_t p = portset_next(untested, 0); p >= 0;
		p = portset_next(untested, (uint32_t)p + 1)) {
		enum why why = s->why ? ports_why(s->why, (uint32_t)p) : WHY_LOCAL;

		portset_add(&by_why[why < WHYS ? why : WHY_LOCAL], (uint16_t)p);
	}
	json_array(j, "untested");
	for (int why = 0; why < WHYS; why++) {
		if (portset_empty(&by_why[why]))
			continue;
		json_object(j, NULL);
		ports_json(j, "ports", &by_why[why]);
		json_str(j, "why", why_text((enum why)why));
		json_end(j);
	}
	json_end(j);
}

static void put_flows(struct json *j, const struct ports_flows *w)
{
	json_object(j, "flows");
	json_double(j, "share", w->share);
	if (w->members)
		json_uint(j, "members", w->members);
	json_str(j, "reshuffled",
		w->reshuffle == RESHUFFLE_YES  ? "yes"
		: w->reshuffle == RESHUFFLE_NO ? "no"
					       : "untested");
	json_end(j);
}

static void put_sweep(struct json *j, const struct sweep_result *s)
{
	json_object(j, NULL);
	json_str(j, "server", words_server(j->out->arena, &s->server));
	json_str(j, "transport", s->transport == TRANSPORT_TCP ? "tcp" : "udp");
	json_str(j, "pattern", pattern_slug(s->ports.pattern));
	ports_json(j, "blocked", &s->ports.blocked);
	if (!portset_empty(&s->ports.own))
		ports_json(j, "dropped_by_software", &s->ports.own);
	if (!portset_empty(&s->ports.policed)) {
		ports_json(j, "policed", &s->ports.policed);
		json_double(j, "policed_rate", s->ports.policed_rate);
	}
	if (s->ports.pattern == PATTERN_HASH)
		put_flows(j, &s->ports.flows);
	if (s->ports.clock)
		json_bool(j, "followed_clock", true);
	put_untested_ports(j, s);
	json_double(j, "loss", s->ports.loss);
	json_uint(j, "sent", s->ports.sent);
	json_object(j, "undiscovered");
	json_double(j, "fraction", s->ports.undiscovered);
	json_double(j, "confidence", s->ports.undiscovered_confidence);
	json_end(j);
	json_end(j);
}

void sweeps_json(struct json *j, const struct report *r)
{
	if (!r->inferences->sweeps.n)
		return;
	json_array(j, "sweeps");
	vec_each (const struct sweep_result, s, r->inferences->sweeps)
		put_sweep(j, s);
	json_end(j);
}

void untested_json(struct json *j, const struct report *r)
{
	json_array(j, "untested");
	vec_each (const struct report_untested, u, r->untested) {
		json_object(j, NULL);
		json_str(j, "what", u->what);
		json_str(j, "why", u->why);
		json_end(j);
	}
	json_end(j);
}
