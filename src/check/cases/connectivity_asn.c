// SPDX-License-Identifier: GPL-3.0-or-later
// connectivity03 and connectivity04: how many networks the name servers are in.
#include <stdlib.h>

#include "base/err.h"
#include "check/cases/connectivity_inner.h"
#include "check/cases/txt.h"
#include "dns/rr.h"
#include "infer/resolve.h"

/* What is known of one address. */
enum origin_state {
	ORIGIN_PENDING,
	ORIGIN_FOUND,	  /* rows */
	ORIGIN_EMPTY,	  /* nothing is known of it */
	ORIGIN_ERROR,	  /* the service does not work, or speaks of another prefix */
	ORIGIN_MALFORMED, /* the service says nothing that can be read */
};
struct origin {
	struct server server;
	enum origin_state state;
	struct asn_rows rows;	    /* of one prefix */
	const char *raw;	    /* as the service gave it; NULL: from a file */
	const struct entry *answer; /* the same */
};
struct origins VEC(struct origin);

static bool have_data(struct cases *c)
{
	if (c->plan->asn || c->plan->asn_zone)
		return true;
	cases_untested(c, "no source of AS data was given");
	return false;
}

/* Of all texts of an answer, the one with the longest prefix. */
static void read_answer(struct cases *c, const struct resolved *r, struct origin *o)
{
	const struct msg *m = r->entry->msg;

	o->state = ORIGIN_MALFORMED;
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];
		struct asn_rows rows;
		const char *text;

		if (rr->section != MSG_ANSWER || rr->type != RR_TXT ||
			!name_equal(rr->owner, r->name))
			continue;
		text = txt_join(c->arena, rr);
		if (asn_read_answer(c->arena, text, &rows) < 0)
			continue;
		if (!asn_covers(&rows.v[0].prefix, &o->server.addr)) {
			o->state = ORIGIN_ERROR;
			return;
		}
		if (o->rows.n && o->rows.v[0].prefix.bits >= rows.v[0].prefix.bits)
			continue;
		o->rows = rows;
		o->raw = text;
		o->state = ORIGIN_FOUND;
	}
}

static void look_up(struct cases *c, struct origin *o)
{
	static const enum origin_state states[] = {
		[RESOLVE_PENDING] = ORIGIN_PENDING,
		[RESOLVE_FOUND] = ORIGIN_FOUND,
		[RESOLVE_NODATA] = ORIGIN_EMPTY,
		[RESOLVE_NXDOMAIN] = ORIGIN_EMPTY,
		[RESOLVE_FAILED] = ORIGIN_ERROR,
		[RESOLVE_LOOP] = ORIGIN_ERROR,
	};
	const struct resolved *r;
	struct name name;

	if (asn_name(&o->server.addr, c->plan->asn_zone, &name) < 0) {
		o->state = ORIGIN_ERROR;
		return;
	}
	r = resolve(c->tree, &name, RR_TXT);
	o->state = states[r->state];
	o->answer = r->entry;
	if (o->state == ORIGIN_FOUND)
		read_answer(c, r, o);
}

/* Every address of one family, once. */
static struct origins find(struct cases *c, uint8_t family)
{
	struct origins ret = { 0 };

	vec_each (const struct server, s, c->del->all) {
		struct origin o = { .server = *s, .state = ORIGIN_EMPTY };

		if (s->addr.family != family)
			continue;
		if (!c->plan->asn)
			look_up(c, &o);
		else if (asn_find(c->plan->asn, &s->addr, &o.rows))
			o.state = ORIGIN_FOUND;
		vec_push(c->arena, &ret, o);
	}
	return ret;
}

static void add_evidence(struct cases *c, struct finding *x, const struct origin *o)
{
	if (o->answer)
		cases_evidence(c, x, o->answer);
}

/* One tag about all addresses in one of the states, given as bits. */
static void tell_states(
	struct cases *c, const struct origins *all, unsigned int states, enum tag tag)
{
	struct servers list = { 0 };
	struct finding *x;

	vec_each (const struct origin, o, *all)
		if (states & 1U << o->state)
			vec_push(c->arena, &list, o->server);
	x = cases_emit_servers(c, tag, &list);
	if (!x)
		return;
	vec_each (const struct origin, o, *all)
		if (states & 1U << o->state)
			add_evidence(c, x, o);
}

static const char *numbers(struct arena *a, const struct asn_rows *rows)
{
	struct buf b = { .arena = a };

	vec_each (const struct asn_row, row, *rows)
		buf_printf(&b, "%s%u", b.n ? "," : "", row->asn);
	return buf_text(&b);
}

static void tell_origin(struct cases *c, const struct origin *o)
{
	struct servers one = { 0 };
	struct finding *x;

	vec_push(c->arena, &one, o->server);
	if (o->raw) {
		x = cases_emit_servers(c, TAG_ASN_INFOS_RAW, &one);
		cases_text(c, x, "data", o->raw);
		add_evidence(c, x, o);
	}
	x = cases_emit_servers(c, TAG_ASN_INFOS_ANNOUNCE_BY, &one);
	cases_text(c, x, "asn", numbers(c->arena, &o->rows));
	x = cases_emit_servers(c, TAG_ASN_INFOS_ANNOUNCE_IN, &one);
	cases_text(c, x, "prefix", asn_prefix_text(c->arena, &o->rows.v[0].prefix));
}

static bool same_numbers(const struct asn_rows *a, const struct asn_rows *b)
{
	for (size_t i = 0; a->n == b->n && i < a->n; i++)
		if (a->v[i].asn != b->v[i].asn)
			return false;
	return a->n == b->n;
}

static int ascending(const void *x, const void *y)
{
	const struct asn_row *a = x, *b = y;

	return (a->asn > b->asn) - (a->asn < b->asn);
}

/* All numbers of a family, each once. */
static struct asn_rows collect(struct cases *c, const struct origins *all)
{
	struct asn_rows every = { 0 };
	size_t kept = 0;

	vec_each (const struct origin, o, *all)
		vec_each (const struct asn_row, row, o->rows)
			vec_push(c->arena, &every, *row);
	if (every.n)
		qsort(every.v, every.n, sizeof(*every.v), ascending);
	for (size_t i = 0; i < every.n; i++)
		if (!kept || every.v[kept - 1].asn != every.v[i].asn)
			every.v[kept++] = every.v[i];
	every.n = kept;
	return every;
}

struct family_tags {
	uint8_t family;
	enum tag one, same, different;
};

static void judge_numbers(struct cases *c, const struct origins *all, const struct family_tags *f)
{
	struct asn_rows every = collect(c, all);
	const struct asn_rows *first = NULL;
	struct servers list = { 0 };
	bool same = true;
	struct finding *x;

	vec_each (const struct origin, o, *all) {
		if (o->state != ORIGIN_FOUND)
			continue;
		vec_push(c->arena, &list, o->server);
		first = first ? first : &o->rows;
		same &= same_numbers(first, &o->rows);
	}
	if (!every.n)
		return;
	x = cases_emit_servers(c, every.n == 1 ? f->one : same ? f->same : f->different, &list);
	cases_text(c, x, every.n == 1 ? "asn" : "asn_list", numbers(c->arena, &every));
}

void connectivity03(struct cases *c)
{
	static const struct family_tags families[] = {
		{ ADDR_V4, TAG_IPV4_ONE_ASN, TAG_IPV4_SAME_ASN, TAG_IPV4_DIFFERENT_ASN },
		{ ADDR_V6, TAG_IPV6_ONE_ASN, TAG_IPV6_SAME_ASN, TAG_IPV6_DIFFERENT_ASN },
	};
	struct origins found[ARRAY_LEN(families)];

	if (!have_data(c))
		return;
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		found[i] = find(c, families[i].family);
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		tell_states(c, &found[i], 1U << ORIGIN_EMPTY, TAG_EMPTY_ASN_SET);
		tell_states(c, &found[i], 1U << ORIGIN_ERROR | 1U << ORIGIN_MALFORMED,
			TAG_ERROR_ASN_DATABASE);
		vec_each (const struct origin, o, found[i])
			if (o->state == ORIGIN_FOUND)
				tell_origin(c, o);
	}
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		judge_numbers(c, &found[i], &families[i]);
}

/* The servers in the prefix of o; nothing when o is not the first of them. */
static struct servers sharing(struct cases *c, const struct origins *all, const struct origin *o)
{
	struct servers ret = { 0 };

	vec_each (const struct origin, other, *all) {
		if (other->state != ORIGIN_FOUND ||
			!asn_same_prefix(&other->rows.v[0].prefix, &o->rows.v[0].prefix))
			continue;
		if (!ret.n && other != o)
			return ret;
		vec_push(c->arena, &ret, other->server);
	}
	return ret;
}

static void judge_prefixes(struct cases *c, const struct origins *all, const struct family_tags *f)
{
	struct servers alone = { 0 };
	bool single = false;

	vec_each (const struct origin, o, *all) {
		struct servers list = { 0 };
		struct finding *x;

		if (o->state == ORIGIN_FOUND)
			list = sharing(c, all, o);
		single |= list.n == all->n;
		if (list.n == 1)
			vec_push(c->arena, &alone, list.v[0]);
		if (list.n < 2)
			continue;
		x = cases_emit_servers(c, f->same, &list);
		cases_text(c, x, "ip_prefix", asn_prefix_text(c->arena, &o->rows.v[0].prefix));
	}
	cases_emit_servers(c, f->different, &alone);
	if (single)
		cases_emit(c, f->one);
}

void connectivity04(struct cases *c)
{
	static const struct family_tags families[] = {
		{ ADDR_V4, TAG_CN04_IPV4_SINGLE_PREFIX, TAG_CN04_IPV4_SAME_PREFIX,
			TAG_CN04_IPV4_DIFFERENT_PREFIX },
		{ ADDR_V6, TAG_CN04_IPV6_SINGLE_PREFIX, TAG_CN04_IPV6_SAME_PREFIX,
			TAG_CN04_IPV6_DIFFERENT_PREFIX },
	};
	struct origins found[ARRAY_LEN(families)];

	if (!have_data(c))
		return;
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		found[i] = find(c, families[i].family);
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		tell_states(c, &found[i], 1U << ORIGIN_EMPTY | 1U << ORIGIN_MALFORMED,
			TAG_CN04_EMPTY_PREFIX_SET);
		tell_states(c, &found[i], 1U << ORIGIN_ERROR, TAG_CN04_ERROR_PREFIX_DATABASE);
	}
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		judge_prefixes(c, &found[i], &families[i]);
}
