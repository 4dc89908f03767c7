// SPDX-License-Identifier: GPL-3.0-or-later
// Family zone: does the delegation tree agree with itself, from the first zone below the root on.
#include "check/check.h"

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "infer/reply.h"

/* One zone under check. */
struct view {
	const struct check_input *in;
	struct findings *f;
	const struct cut_tree *tree;
	const struct cut_zone *zone;
};

struct texts VEC(const char *);

/*
 * Runs one look at every zone below the root that the lookup depends on: those on its way, and
 * those in which the names of their servers lie.
 */
static void each_zone(
	const struct check_input *in, struct findings *f, void (*look)(const struct view *v))
{
	const struct cut_tree *t = in->inferences->tree;

	if (!t)
		return;
	vec_each (const struct cut_zone, z, t->zones)
		if ((z->on_path || z->for_servers) && name_labels(z->apex) > 0)
			look(&(struct view){ in, f, t, z });
}

static bool is_last(const struct view *v)
{
	return v->tree->last >= 0 && v->zone == &v->tree->zones.v[v->tree->last];
}

static struct finding *add(const struct view *v, const char *id, enum severity severity)
{
	struct finding *x = findings_add(v->f, id, severity, WHERE_ZONE);

	x->subject = v->zone->apex;
	return x;
}

static void evidence(const struct view *v, struct finding *x, size_t index)
{
	vec_each (const size_t, known, x->evidence)
		if (*known == index)
			return;
	if (index != SIZE_MAX)
		finding_evidence(v->f, x, index);
}

static void shown_by(const struct view *v, struct finding *x, const struct cut_server *s)
{
	finding_server(v->f, x, &s->addr);
	evidence(v, x, s->evidence);
}

static void detail_text(const struct view *v, struct finding *x, const char *key, const char *text)
{
	finding_detail(v->f, x, (struct detail){ .key = key, .kind = DETAIL_TEXT, .text = text });
}

static void detail_texts(
	const struct view *v, struct finding *x, const char *key, const struct texts *t)
{
	if (t->n)
		finding_detail(v->f, x,
			(struct detail){
				.key = key, .kind = DETAIL_TEXTS, .texts = t->v, .ntexts = t->n });
}

static const char *name_string(const struct view *v, const struct name *n)
{
	struct buf b = { .arena = v->f->arena };

	name_put(n, &b);
	return buf_text(&b);
}

/* lame-delegation ------------------------------------------------------------------------------ */

/* The delegation, from either side, leads to this server. */
static bool delegated(const struct cut_server *s)
{
	return s->from_parent || s->from_child;
}

/* Its answers can be used. */
static bool works(const struct cut_server *s)
{
	return s->authoritative || (s->serves && !s->lame);
}

static bool any_works(const struct cut_zone *z)
{
	vec_each (const struct cut_server, s, z->servers)
		if (works(s))
			return true;
	return false;
}

/* Servers that are lame in the same way share a finding, shown at the first of them. */
static bool same_lame(const struct cut_server *a, const struct cut_server *b)
{
	return b->lame && delegated(b) && a->why == b->why && a->soa_rcode == b->soa_rcode;
}

static bool is_first(const struct cut_zone *z, const struct cut_server *s)
{
	vec_each (const struct cut_server, other, z->servers)
		if (same_lame(s, other))
			return other == s;
	return false;
}

static void look_lame(const struct view *v)
{
	enum severity severity = any_works(v->zone) ? SEV_WARNING : SEV_ERROR;

	vec_each (const struct cut_server, s, v->zone->servers) {
		char rcode[TEXT_MNEMONIC];
		struct finding *x;

		if (!s->lame || !is_first(v->zone, s))
			continue;
		x = add(v, "lame-delegation", severity);
		text_rcode(s->soa_rcode, rcode);
		detail_text(v, x, "rcode", arena_str(v->f->arena, rcode));
		detail_text(v, x, "why", cut_lame_slug(s->why));
		vec_each (const struct cut_server, other, v->zone->servers)
			if (same_lame(s, other))
				shown_by(v, x, other);
	}
}

static void lame_delegation(const struct check_input *in, struct findings *f)
{
	each_zone(in, f, look_lame);
}

/* ns-set-mismatch ------------------------------------------------------------------------------ */

static void look_ns_sets(const struct view *v)
{
	struct texts parent_only = { 0 }, child_only = { 0 };
	struct finding *x;

	if (!v->zone->parent_ns_known || !v->zone->child_ns_known)
		return;
	vec_each (const struct cut_ns, ns, v->zone->ns) {
		if (ns->in_parent && !ns->in_child)
			vec_push(v->f->arena, &parent_only, name_string(v, ns->name));
		if (ns->in_child && !ns->in_parent)
			vec_push(v->f->arena, &child_only, name_string(v, ns->name));
	}
	if (!parent_only.n && !child_only.n)
		return;

	x = add(v, "ns-set-mismatch", SEV_WARNING);
	detail_texts(v, x, "parent_only", &parent_only);
	detail_texts(v, x, "child_only", &child_only);
	evidence(v, x, v->zone->parent_evidence);
	evidence(v, x, v->zone->child_evidence);
}

static void ns_set_mismatch(const struct check_input *in, struct findings *f)
{
	each_zone(in, f, look_ns_sets);
}

/* stale-glue, missing-glue --------------------------------------------------------------------- */

/* An authority was asked for addresses of this family and answered. */
static bool resolved(const struct cut_ns *ns, uint8_t family)
{
	return family == ADDR_V4 ? ns->resolved_v4 : ns->resolved_v6;
}

static const struct cut_server *server_at(const struct cut_zone *z, const struct addr *addr)
{
	vec_each (const struct cut_server, s, z->servers)
		if (addr_equal(&s->addr, addr))
			return s;
	return NULL;
}

static void put_addrs(const struct view *v, const struct reply_addrs *list, struct texts *ret)
{
	vec_each (const struct addr, addr, *list) {
		char text[ADDR_TEXT];

		vec_push(v->f->arena, ret, arena_str(v->f->arena, addr_text(addr, text)));
	}
}

/* Addresses of one list that are not in the other, of families whose addresses are known. */
struct glue_diff {
	unsigned int stale;  /* given by the parent, not by the authority */
	unsigned int absent; /* the other way round, in a family of which the parent gives some */
	unsigned int dead;   /* stale ones that were asked and never answered */
	bool v4, v6;	     /* the parent gives addresses of this family */
};

static struct glue_diff compare_glue(const struct cut_zone *z, const struct cut_ns *ns)
{
	struct glue_diff d = { 0 };

	vec_each (const struct addr, addr, ns->glue) {
		const struct cut_server *s = server_at(z, addr);

		d.v4 |= addr->family == ADDR_V4;
		d.v6 |= addr->family == ADDR_V6;
		if (!resolved(ns, addr->family) || reply_addr_has(&ns->addrs, addr))
			continue;
		d.stale++;
		d.dead += s && s->asked && !s->replied;
	}
	vec_each (const struct addr, addr, ns->addrs)
		d.absent +=
			!reply_addr_has(&ns->glue, addr) && (addr->family == ADDR_V4 ? d.v4 : d.v6);
	return d;
}

static void look_stale_glue(const struct view *v)
{
	vec_each (const struct cut_ns, ns, v->zone->ns) {
		struct glue_diff d = compare_glue(v->zone, ns);
		struct texts glue = { 0 }, actual = { 0 };
		enum severity severity =
			SEV_NOTICE; /* addresses that are only absent harm nobody */
		struct finding *x;

		if (!ns->in_parent || (!d.stale && !d.absent))
			continue;
		/* Off the path not every server is asked: that one is dead is chance there. */
		if (d.stale)
			severity = v->zone->on_path && d.dead == d.stale ? SEV_ERROR : SEV_WARNING;
		x = add(v, "stale-glue", severity);
		finding_detail(v->f, x,
			(struct detail){ .key = "ns", .kind = DETAIL_NAME, .name = ns->name });
		put_addrs(v, &ns->glue, &glue);
		put_addrs(v, &ns->addrs, &actual);
		detail_texts(v, x, "glue", &glue);
		detail_texts(v, x, "actual", &actual);
		evidence(v, x, ns->glue_evidence);
		evidence(v, x, ns->addrs_evidence);
		vec_each (const struct addr, addr, ns->glue)
			if (!reply_addr_has(&ns->addrs, addr))
				finding_server(v->f, x, addr);
	}
}

static void stale_glue(const struct check_input *in, struct findings *f)
{
	each_zone(in, f, look_stale_glue);
}

static void look_missing_glue(const struct view *v)
{
	/* Without any address nobody can reach the zone. */
	enum severity severity = v->zone->servers.n ? SEV_WARNING : SEV_ERROR;

	if (!v->zone->parent_ns_known)
		return;
	vec_each (const struct cut_ns, ns, v->zone->ns) {
		struct finding *x;

		if (!ns->in_parent || !ns->needs_glue || ns->glue.n)
			continue;
		x = add(v, "missing-glue", severity);
		finding_detail(v->f, x,
			(struct detail){ .key = "ns", .kind = DETAIL_NAME, .name = ns->name });
		evidence(v, x, v->zone->parent_evidence);
	}
}

static void missing_glue(const struct check_input *in, struct findings *f)
{
	each_zone(in, f, look_missing_glue);
}

/* serial-mismatch, answer-mismatch ------------------------------------------------------------- */

/* Servers that say the same. */
struct group {
	enum msg_meaning meaning;
	struct span answer;
	uint32_t serial;
	const struct msg *reply;
	struct VEC(const struct cut_server *) servers;
};
struct groups VEC(struct group);

/* Puts s into the group that key describes, a new one if there is none. */
static void group_add(
	const struct view *v, struct groups *all, struct group key, const struct cut_server *s)
{
	struct group *found = NULL;

	vec_each (struct group, g, *all)
		if (g->meaning == key.meaning && g->serial == key.serial &&
			span_equal(g->answer, key.answer))
			found = g;
	if (!found) {
		vec_push(v->f->arena, all, key);
		found = &all->v[all->n - 1];
	}
	vec_push(v->f->arena, &found->servers, s);
}

static struct groups by_serial(const struct view *v)
{
	struct groups all = { 0 };

	vec_each (const struct cut_server, s, v->zone->servers)
		if (s->has_serial)
			group_add(v, &all, (struct group){ .serial = s->serial }, s);
	return all;
}

/* What authorities of the last zone say about the question at the end of its aliases. */
static struct groups by_answer(const struct view *v)
{
	struct question q = v->in->facts->question;
	struct groups all = { 0 };

	/* RFC 8482: what comes for ANY is the server's choice. */
	if (!is_last(v) || q.type == RR_ANY)
		return all;
	q.name = v->tree->end;
	vec_each (const struct cut_server, s, v->zone->servers)
		if (s->reply && !s->lame && reply_authority(s->reply) &&
			!(s->reply->flags & FLAG_TC))
			group_add(v, &all,
				(struct group){
					.meaning = s->meaning,
					.answer = reply_answer(v->f->arena, s->reply, &q),
					.reply = s->reply,
				},
				s);
	return all;
}

/* "2024010101 (192.0.2.1, 192.0.2.2)": what the group says is in b already. */
static const char *put_servers(const struct group *g, struct buf *b)
{
	char text[ADDR_TEXT];

	for (size_t i = 0; i < g->servers.n; i++) {
		buf_str(b, i ? ", " : " (");
		buf_str(b, addr_text(&g->servers.v[i]->addr, text));
	}
	buf_str(b, ")");
	return buf_text(b);
}

static void show_groups(const struct view *v, struct finding *x, const struct groups *all)
{
	vec_each (const struct group, g, *all)
		for (size_t i = 0; i < g->servers.n; i++) {
			const struct cut_server *s = g->servers.v[i];

			finding_server(v->f, x, &s->addr);
			evidence(v, x, g->reply ? s->reply_evidence : s->evidence);
		}
}

static void look_serials(const struct view *v)
{
	struct groups all = by_serial(v), answers = by_answer(v);
	struct texts serials = { 0 };
	struct finding *x;

	if (all.n < 2)
		return;
	/* Transfers take their time; that matters when it is what the lookup was about. */
	x = add(v, "serial-mismatch", answers.n > 1 ? SEV_WARNING : SEV_NOTICE);
	vec_each (const struct group, g, all) {
		struct buf b = { .arena = v->f->arena };

		buf_printf(&b, "%u", g->serial);
		vec_push(v->f->arena, &serials, put_servers(g, &b));
	}
	detail_texts(v, x, "serials", &serials);
	show_groups(v, x, &all);
}

static void serial_mismatch(const struct check_input *in, struct findings *f)
{
	each_zone(in, f, look_serials);
}

static void put_answer(const struct view *v, const struct group *g, struct buf *b)
{
	static const char *const words[] = {
		[MEANS_ANSWER] = "other records",
		[MEANS_ALIAS] = "an alias",
		[MEANS_NODATA] = "NODATA",
		[MEANS_NXDOMAIN] = "NXDOMAIN",
	};
	const char *word = (size_t)g->meaning < ARRAY_LEN(words) ? words[g->meaning] : NULL;
	bool any = false;

	for (size_t i = 0; i < g->reply->nrrs; i++) {
		const struct rr *rr = &g->reply->rrs[i];

		if (rr->section != MSG_ANSWER || !name_equal(rr->owner, v->tree->end) ||
			(rr->type != v->in->facts->question.type && rr->type != RR_CNAME))
			continue;
		buf_str(b, any ? "; " : "");
		text_rdata(b, g->reply, rr);
		any = true;
	}
	if (!any)
		buf_str(b, word ? word : "another reply");
}

/*
 * Address records that differ while the meaning is the same are the work of servers that balance
 * load or answer by place; other types and other meanings have no such excuse.
 */
static enum severity answers_severity(const struct view *v, const struct groups *all)
{
	uint16_t type = v->in->facts->question.type;
	bool balanced = type == RR_A || type == RR_AAAA;

	vec_each (const struct group, g, *all)
		balanced &= g->meaning == all->v[0].meaning;
	return balanced ? SEV_NOTICE : SEV_WARNING;
}

static void look_answers(const struct view *v)
{
	struct groups all = by_answer(v);
	struct texts answers = { 0 };
	struct finding *x;

	if (all.n < 2)
		return;
	x = add(v, "answer-mismatch", answers_severity(v, &all));
	vec_each (const struct group, g, all) {
		struct buf b = { .arena = v->f->arena };

		put_answer(v, g, &b);
		vec_push(v->f->arena, &answers, put_servers(g, &b));
	}
	detail_texts(v, x, "answers", &answers);
	show_groups(v, x, &all);
}

static void answer_mismatch(const struct check_input *in, struct findings *f)
{
	each_zone(in, f, look_answers);
}

static const struct check checks[] = {
	{ "lame-delegation", lame_delegation },
	{ "ns-set-mismatch", ns_set_mismatch },
	{ "stale-glue", stale_glue },
	{ "missing-glue", missing_glue },
	{ "serial-mismatch", serial_mismatch },
	{ "answer-mismatch", answer_mismatch },
};

const struct family family_zone = { "zone", checks, ARRAY_LEN(checks) };
