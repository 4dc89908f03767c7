/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was tried and what the replies meant: resolver, tree, servers, ports. */
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "render/opinion.h"
#include "render/words.h"

enum { NAMES_MOST = 6, SERVER_LINES_MOST = 8, MEANINGS = MEANS_UNREADABLE + 1 };

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* How long resolvers try before they give up: a fingerprint when the log cannot be read. */
static const struct {
	uint64_t from, to;    /* µs */
	const char *software; /* that does so; NULL: any */
	const char *text;
} failures[] = {
	{ 0, 200000, NULL,
		"so fast that it was refused, remembered from an earlier failure, or judged from "
		"replies: the servers did answer the resolver, or were not asked" },
	{ 1400000, 1700000, "pdns-recursor",
		"PowerDNS gives up after 1.5 s when a server does not answer it" },
	{ 9500000, 11500000, "bind", "BIND gives up after 10 s when no server answers it" },
	{ 200001, 11500000, NULL, "it waited for servers in between" },
	{ 11500001, UINT64_MAX, NULL, "it waited long for servers" },
};

/* software: NULL: unknown, and anything may be meant. */
static const char *failure_text(uint64_t took, const char *software)
{
	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		if (took >= failures[i].from && took <= failures[i].to &&
			(!software || !failures[i].software ||
				strcmp(software, failures[i].software) == 0))
			return failures[i].text;
	}
	return NULL;
}

/* "; extended error 22 (No Reachable Authority): text" */
static void put_ede(struct buf *b, const struct resolver_result *r)
{
	const struct edns_opt *o =
		r->seen && r->seen->msg ? msg_option(r->seen->msg, EDNS_EDE) : NULL;
	const char *name;

	if (r->ede < 0)
		return;
	name = text_ede((uint16_t)r->ede);
	buf_printf(b, "; it adds extended error %d (%s)", r->ede, name ? name : "unknown");
	if (o && o->length > 2) {
		buf_str(b, ": ");
		text_safe(b, (struct span){ o->data + 2, o->length - 2U });
	}
}

static void put_no_reply(struct buf *b, const struct resolver_result *r)
{
	char text[ADDR_TEXT];

	if (r->seen->outcome == OUTCOME_ICMP)
		buf_printf(b, "no reply, but ICMP type %u code %u from %s", r->seen->icmp.type,
			r->seen->icmp.code, addr_text(&r->seen->icmp.offender, text));
	else if (r->seen->outcome == OUTCOME_NOT_SENT)
		buf_printf(b, "not asked: %s", why_text(r->seen->why));
	else
		buf_printf(b, "no reply (%s) within %s", outcome_slug(r->seen->outcome),
			words_duration(b->arena, r->took));
}

static const char *resolver_line(
	struct arena *a, const struct resolver_result *r, const char *software)
{
	struct buf b = { .arena = a };
	char rcode[TEXT_MNEMONIC];

	buf_printf(&b, "resolver %s: ", words_server(a, &r->server));
	if (!r->seen || !r->seen->msg) {
		if (r->seen)
			put_no_reply(&b, r);
		else
			buf_str(&b, "no reply");
		return buf_text(&b);
	}
	if (r->meaning == MEANS_OTHER_RCODE)
		buf_str(&b, text_rcode(r->seen->msg->rcode, rcode));
	else
		buf_str(&b, words_meaning(r->meaning));
	buf_printf(&b, ", after %s", words_duration(a, r->took));
	if (r->meaning == MEANS_SERVFAIL && failure_text(r->took, software))
		buf_printf(&b, "; %s", failure_text(r->took, software));
	put_ede(&b, r);
	return buf_text(&b);
}

struct tally {
	size_t asked, replied, lame;
};

static struct tally tally(const struct cut_zone *z)
{
	struct tally t = { 0, 0, 0 };

	vec_each (const struct cut_server, s, z->servers) {
		t.asked += s->asked;
		t.replied += s->replied;
		t.lame += s->lame;
	}
	return t;
}

static bool on_path(const struct cut_tree *t, const struct cut_zone *z)
{
	return z->on_path || (t->last >= 0 && z == &t->zones.v[t->last]);
}

/* Ids of findings about the tree, comma-separated; NULL when there are none. */
static const char *tree_findings(struct arena *a, const struct findings *f)
{
	struct buf b = { .arena = a };
	const char *last = "";

	vec_each (const struct finding, x, f->list) {
		if (x->where != WHERE_ZONE || strcmp(x->id, last) == 0)
			continue;
		buf_printf(&b, "%s%s", b.n ? ", " : "", x->id);
		last = x->id;
	}
	return b.n ? buf_text(&b) : NULL;
}

/* Zones on and beside the way, of which no server replies: names of servers are in such. */
static bool put_dead(struct buf *b, const struct cut_tree *t)
{
	bool any = false;

	vec_each (const struct cut_zone, z, t->zones) {
		struct tally n = tally(z);

		if (!n.asked || n.replied)
			continue;
		buf_printf(b, "; no server of %s replies", words_name(b->arena, z->apex));
		any = true;
	}
	return any;
}

static const char *tree_line(struct making *m, const struct cut_tree *t)
{
	const char *found = tree_findings(m->a, m->findings);
	struct buf b = { .arena = m->a };
	size_t asked = 0, replied = 0, n = 0;
	bool dead;

	buf_str(&b, "tree: ");
	vec_each (const struct cut_zone, z, t->zones) {
		if (!on_path(t, z))
			continue;
		asked += tally(z).asked;
		replied += tally(z).replied;
		if (n < NAMES_MOST)
			buf_printf(&b, "%s%s", n ? " > " : "", words_name(m->a, z->apex));
		n++;
	}
	if (n > NAMES_MOST)
		buf_printf(&b, " and %zu more", n - NAMES_MOST);
	buf_printf(&b, "%s%zu of %zu servers reply", n ? "; " : "", replied, asked);
	dead = put_dead(&b, t);
	if (t->last < 0)
		buf_str(&b, "; the name's zone was not reached");
	else if (found)
		buf_printf(&b, "; found: %s", found);
	else if (!dead && replied == asked)
		buf_str(&b, "; parents and children agree");
	return buf_text(&b);
}

/* "servers of live.com.: 3 of 4 say data; 1 does not reply" */
static const char *answers_line(struct arena *a, const struct cut_zone *z)
{
	struct buf b = { .arena = a };
	size_t said[MEANINGS] = { 0 }, silent = 0, mute = 0;

	vec_each (const struct cut_server, s, z->servers) {
		if (s->reply)
			said[(int)s->meaning < MEANINGS ? s->meaning : MEANS_UNREADABLE]++;
		else if (s->asked && !s->replied)
			silent++;
		else if (s->asked)
			mute++;
	}
	buf_printf(&b, "servers of %s asked directly: ", words_name(a, z->apex));
	for (size_t i = 0, first = 1; i < MEANINGS; i++) {
		if (!said[i])
			continue;
		buf_printf(&b, "%s%zu x %s", first ? "" : "; ", said[i],
			words_meaning((enum msg_meaning)i));
		first = 0;
	}
	if (silent)
		buf_printf(&b, "%s%zu x no reply", b.p[b.n - 1] == ' ' ? "" : "; ", silent);
	if (mute)
		buf_printf(&b, "%s%zu x replies to other questions only",
			b.p[b.n - 1] == ' ' ? "" : "; ", mute);
	if (b.p[b.n - 1] == ' ')
		buf_str(&b, "none could be asked");
	return buf_text(&b);
}

/* The largest loss and share left open among the sweeps. */
static const char *ports_line(struct arena *a, const struct inferences *in)
{
	struct buf b = { .arena = a };
	double loss = 0, open = 0;
	uint64_t sent = 0;
	size_t blocked = 0, other = 0, unknown = 0, n = 0;

	vec_each (const struct sweep_result, s, in->sweeps) {
		if (!s->ports.sent)
			continue; /* listed as not tested */
		n++;
		sent += s->ports.sent;
		loss = s->ports.loss > loss ? s->ports.loss : loss;
		open = s->ports.undiscovered > open ? s->ports.undiscovered : open;
		blocked += s->ports.pattern == PATTERN_RANGES || s->ports.pattern == PATTERN_ALL;
		other += s->ports.pattern == PATTERN_HASH || s->ports.pattern == PATTERN_POLICER;
		unknown += s->ports.pattern == PATTERN_UNKNOWN;
	}
	buf_printf(&b, "ports: %zu server%s, %llu quer%s; ", n, plural(n), (unsigned long long)sent,
		sent == 1 ? "y" : "ies");
	if (blocked)
		buf_printf(&b, "blocked ones at %zu", blocked);
	else
		buf_str(&b, "no blocked one found");
	if (other)
		buf_printf(&b, "; loss by flow or by rate at %zu", other);
	if (unknown)
		buf_printf(&b, "; undecided at %zu", unknown);
	if (unknown + other < n)
		buf_printf(&b,
			"; blocked and unseen may be at most %s of all ports (95%% sure); loss %s",
			words_share(a, open), words_share(a, loss));
	return buf_text(&b);
}

/* both: parent and zone each gave their list, so that a difference means something. */
static const char *server_says(struct arena *a, const struct cut_server *s, bool both)
{
	struct buf b = { .arena = a };

	if (!s->asked)
		buf_str(&b, "not asked");
	else if (!s->replied)
		buf_str(&b, "silent");
	else if (s->lame)
		buf_printf(&b, "lame (%s)", cut_lame_slug(s->why));
	else if (s->has_serial)
		buf_printf(&b, "answers, serial %u", s->serial);
	else
		buf_str(&b, "answers");
	if (both && s->from_parent != s->from_child)
		buf_str(&b, s->from_parent ? " (on the parent's list only)"
					   : " (on the zone's list only)");
	return buf_text(&b);
}

static const char *server_text(struct arena *a, const struct cut_server *s, bool both)
{
	return arena_printf(a, "%s%s%s: %s", s->ns ? words_name(a, s->ns) : "", s->ns ? " " : "",
		words_server(a, &s->addr), server_says(a, s, both));
}

static enum report_mark server_mark(const struct cut_server *s)
{
	return s->replied && !s->lame ? MARK_GOOD : MARK_BAD;
}

/* All servers of the last zone, of others those with trouble. */
static void tree_servers(struct making *m, const struct cut_zone *z, unsigned int depth)
{
	const struct cut_tree *t = m->r->inferences->tree;
	bool all = t->last >= 0 && z == &t->zones.v[t->last];
	bool both = z->parent_ns_known && z->child_ns_known;
	size_t shown = 0, left = 0, out = 0;

	vec_each (const struct cut_server, s, z->servers) {
		out += all && !s->asked;
		if (!s->asked || (!all && server_mark(s) != MARK_BAD))
			continue;
		if (shown == SERVER_LINES_MOST) {
			left++;
			continue;
		}
		shown++;
		vec_push(m->a, &m->r->tree,
			(struct report_line){ depth, server_mark(s), server_text(m->a, s, both) });
	}
	if (left)
		vec_push(m->a, &m->r->tree,
			(struct report_line){
				depth, MARK_NONE, arena_printf(m->a, "and %zu more", left) });
	if (out)
		vec_push(m->a, &m->r->tree,
			(struct report_line){ depth, MARK_NONE,
				arena_printf(m->a, "%zu more address%s not asked", out,
					out == 1 ? "" : "es") });
}

static unsigned int depth_of(const struct cut_tree *t, const struct cut_zone *z)
{
	unsigned int depth = 0;

	for (int i = z->parent; i >= 0 && depth < t->zones.n; i = t->zones.v[i].parent)
		depth++;
	return depth;
}

static const char *zone_says(struct arena *a, struct tally n)
{
	if (!n.asked)
		return "no server could be asked";
	return arena_printf(a, "%zu of %zu servers reply%s", n.replied, n.asked,
		n.lame ? ", some without authority" : "");
}

/* With every server, whether it is well or not. */
static void add_zone(struct making *m, const struct cut_zone *z, const struct report_line *line)
{
	bool both = z->parent_ns_known && z->child_ns_known;
	struct report_zone zone = { line->depth, line->mark, z->apex, line->text, { 0 } };

	vec_each (const struct cut_server, s, z->servers)
		vec_push(m->a, &zone.servers,
			(struct report_server){ s->asked ? server_mark(s) : MARK_NONE, s->ns,
				s->addr, server_says(m->a, s, both), { 0 } });
	vec_push(m->a, &m->r->zones, zone);
}

static void tree_lines(struct making *m, const struct cut_tree *t)
{
	vec_each (const struct cut_zone, z, t->zones) {
		struct tally n = tally(z);
		enum report_mark mark = MARK_DOUBT;

		if (n.asked && n.replied == n.asked && !n.lame)
			mark = MARK_GOOD;
		else if (n.asked && n.replied == n.lame)
			mark = MARK_BAD;
		if (!on_path(t, z) && mark == MARK_GOOD)
			continue;
		add_zone(m, z, &(struct report_line){ depth_of(t, z), mark, zone_says(m->a, n) });
		vec_push(m->a, &m->r->tree,
			(struct report_line){ depth_of(t, z), mark,
				arena_printf(m->a, "%s %s", words_name(m->a, z->apex),
					zone_says(m->a, n)) });
		tree_servers(m, z, depth_of(t, z) + 1);
	}
}

void report_describe(struct making *m)
{
	const struct inferences *in = m->r->inferences;
	struct report *r = m->r;

	if (in->resolver.asked) {
		vec_push(m->a, &r->tested,
			resolver_line(m->a, &in->resolver,
				in->pools.audit ? in->pools.audit->software : NULL));
		vec_push(m->a, &r->lookup, r->tested.v[0]);
	}
	opinion_lines(m);
	if (in->tree) {
		const char *line = tree_line(m, in->tree);

		vec_push(m->a, &r->tested, line);
		if (in->tree->last >= 0)
			vec_push(m->a, &r->lookup,
				answers_line(m->a, &in->tree->zones.v[in->tree->last]));
		vec_push(m->a, &r->lookup, line);
		tree_lines(m, in->tree);
	}
	if (in->sweeps.n)
		vec_push(m->a, &r->tested, ports_line(m->a, in));
}
