// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "consistency": do all servers of the zone say the same.
#include "base/err.h"
#include "check/cases/consistency_ns.h"
#include "dns/rr.h"

/* A server's SOA record. */
struct told {
	const struct entry *e;
	struct soa soa;
};
struct told_list VEC(struct told);

static bool read_soa(const struct cases *c, const struct msg *m, struct soa *ret)
{
	const struct rr *rr = msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_SOA, c->zone });

	return rr && msg_rdata_soa(m, rr, ret) == 0;
}

/* The SOA records of all servers; tells of those that gave none. */
static struct told_list ask_soa(struct cases *c)
{
	struct heard silent = { 0 }, without = { 0 };
	struct told_list list = { 0 };

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = RR_SOA });
		struct told one = { .e = e };

		if (e->state == ENTRY_SILENT)
			vec_push(c->arena, &silent, e);
		else if (e->msg && read_soa(c, e->msg, &one.soa))
			vec_push(c->arena, &list, one);
		else if (e->msg)
			vec_push(c->arena, &without, e);
	}
	cases_emit_heard(c, TAG_NO_RESPONSE, &silent);
	cases_emit_heard(c, TAG_NO_RESPONSE_SOA_QUERY, &without);
	return list;
}

/* What of the SOA record a test case compares. */
struct aspect {
	bool (*same)(const struct soa *a, const struct soa *b);
	/* The value, in words, and as details of a finding. */
	const char *(*text)(struct arena *a, const struct soa *soa);
	void (*detail)(struct cases *c, struct finding *x, const struct soa *soa);
	enum tag one, several;
	const char *values; /* key of the list of all values in several */
};

/* One of each value, in the order of servers. */
static struct told_list distinct(
	struct cases *c, const struct told_list *all, const struct aspect *a)
{
	struct told_list list = { 0 };

	vec_each (const struct told, t, *all) {
		bool have = false;

		vec_each (const struct told, other, list)
			have |= a->same(&other->soa, &t->soa);
		if (!have)
			vec_push(c->arena, &list, *t);
	}
	return list;
}

static struct heard who_says(
	struct cases *c, const struct told_list *all, const struct aspect *a, const struct soa *soa)
{
	struct heard list = { 0 };

	vec_each (const struct told, t, *all)
		if (a->same(&t->soa, soa))
			vec_push(c->arena, &list, t->e);
	return list;
}

/* "VALUE at ns1.example./192.0.2.1, …": x names all servers. */
static const char *value_at(
	struct cases *c, const struct finding *x, const struct heard *who, const char *value)
{
	const struct detail *names = finding_find(x, "nameservers");
	struct buf b = { .arena = c->arena };

	buf_printf(&b, "%s at", value);
	for (size_t i = 0; names && i < x->servers.n; i++)
		for (size_t k = 0; k < who->n; k++)
			if (addr_equal(&x->servers.v[i], &who->v[k]->server))
				buf_printf(&b, " %s", names->texts[i]);
	return buf_text(&b);
}

static void tell_several(struct cases *c, const struct told_list *all, const struct aspect *a)
{
	struct told_list values = distinct(c, all, a);
	struct case_texts texts = { 0 };
	struct heard list = { 0 };
	struct finding *x;

	vec_each (const struct told, t, *all)
		vec_push(c->arena, &list, t->e);
	x = cases_emit_heard(c, a->several, &list);
	cases_int(c, x, "count", values.n);
	vec_each (const struct told, t, values) {
		struct heard who = who_says(c, all, a, &t->soa);

		vec_push(c->arena, &texts, value_at(c, x, &who, a->text(c->arena, &t->soa)));
	}
	cases_texts(c, x, a->values, &texts);
}

/* One value at all servers, or several; how many. */
static size_t judge(struct cases *c, const struct told_list *all, const struct aspect *a)
{
	struct told_list values = distinct(c, all, a);
	struct heard who;

	if (values.n == 1) {
		who = who_says(c, all, a, &values.v[0].soa);
		a->detail(c, cases_emit_heard(c, a->one, &who), &values.v[0].soa);
	} else if (values.n) {
		tell_several(c, all, a);
	}
	return values.n;
}

/* Who says which value. */
static void tell_each(
	struct cases *c, const struct told_list *all, const struct aspect *a, enum tag tag)
{
	struct told_list values = distinct(c, all, a);

	vec_each (const struct told, t, values) {
		struct heard who = who_says(c, all, a, &t->soa);

		a->detail(c, cases_emit_heard(c, tag, &who), &t->soa);
	}
}

static bool same_serial(const struct soa *a, const struct soa *b)
{
	return a->serial == b->serial;
}

static const char *serial_text(struct arena *a, const struct soa *soa)
{
	return arena_printf(a, "%u", soa->serial);
}

static void serial_detail(struct cases *c, struct finding *x, const struct soa *soa)
{
	cases_int(c, x, "serial", soa->serial);
}

/*
 * The distance of the last serial from first in serial number arithmetic (RFC 1982 3.2); 2^31 or
 * more: some serial cannot be said to come behind first.
 */
static uint32_t span_from(const struct told_list *all, uint32_t first)
{
	uint32_t span = 0;

	vec_each (const struct told, t, *all)
		if (t->soa.serial - first > span)
			span = t->soa.serial - first;
	return span;
}

/* The zone's serials are further apart than none at all, which is what is accepted. */
static void tell_variation(struct cases *c, const struct told_list *all)
{
	struct finding *x = cases_emit(c, TAG_SOA_SERIAL_VARIATION);
	uint32_t first = all->v[0].soa.serial;

	vec_each (const struct told, t, *all) {
		cases_evidence(c, x, t->e);
		if (span_from(all, t->soa.serial) < span_from(all, first))
			first = t->soa.serial;
	}
	cases_int(c, x, "serial_min", first);
	cases_int(c, x, "serial_max", (uint32_t)(first + span_from(all, first)));
	cases_int(c, x, "max_variation", 0);
}

static void consistency01(struct cases *c)
{
	static const struct aspect serial = { same_serial, serial_text, serial_detail,
		TAG_ONE_SOA_SERIAL, TAG_MULTIPLE_SOA_SERIALS, "serials" };
	struct told_list all = ask_soa(c);

	if (judge(c, &all, &serial) > 1)
		tell_variation(c, &all);
	tell_each(c, &all, &serial, TAG_SOA_SERIAL);
}

static const char *name_words(struct arena *a, const struct name *n)
{
	char text[NAME_TEXT];

	return arena_str(a, name_text(n, text));
}

static bool same_rname(const struct soa *a, const struct soa *b)
{
	return name_equal(&a->rname, &b->rname);
}

static const char *rname_text(struct arena *a, const struct soa *soa)
{
	return name_words(a, &soa->rname);
}

static void rname_detail(struct cases *c, struct finding *x, const struct soa *soa)
{
	cases_name(c, x, "rname", &soa->rname);
}

static void consistency02(struct cases *c)
{
	static const struct aspect rname = { same_rname, rname_text, rname_detail,
		TAG_ONE_SOA_RNAME, TAG_MULTIPLE_SOA_RNAMES, "rnames" };
	struct told_list all = ask_soa(c);

	if (judge(c, &all, &rname) > 1)
		tell_each(c, &all, &rname, TAG_SOA_RNAME);
}

static bool same_timers(const struct soa *a, const struct soa *b)
{
	return a->refresh == b->refresh && a->retry == b->retry && a->expire == b->expire &&
	       a->minimum == b->minimum;
}

static const char *timers_text(struct arena *a, const struct soa *soa)
{
	return arena_printf(a, "%u/%u/%u/%u", soa->refresh, soa->retry, soa->expire, soa->minimum);
}

static void timers_detail(struct cases *c, struct finding *x, const struct soa *soa)
{
	cases_int(c, x, "refresh", soa->refresh);
	cases_int(c, x, "retry", soa->retry);
	cases_int(c, x, "expire", soa->expire);
	cases_int(c, x, "minimum", soa->minimum);
}

static void consistency03(struct cases *c)
{
	static const struct aspect timers = { same_timers, timers_text, timers_detail,
		TAG_ONE_SOA_TIME_PARAMETER_SET, TAG_MULTIPLE_SOA_TIME_PARAMETER_SET, "sets" };
	struct told_list all = ask_soa(c);

	if (judge(c, &all, &timers) > 1)
		tell_each(c, &all, &timers, TAG_SOA_TIME_PARAMETER_SET);
}

static bool same_mname(const struct soa *a, const struct soa *b)
{
	return name_equal(&a->mname, &b->mname);
}

static const char *mname_text(struct arena *a, const struct soa *soa)
{
	return name_words(a, &soa->mname);
}

static void mname_detail(struct cases *c, struct finding *x, const struct soa *soa)
{
	cases_name(c, x, "mname", &soa->mname);
}

static void consistency06(struct cases *c)
{
	static const struct aspect mname = { same_mname, mname_text, mname_detail,
		TAG_ONE_SOA_MNAME, TAG_MULTIPLE_SOA_MNAMES, "mnames" };
	struct told_list all = ask_soa(c);

	judge(c, &all, &mname);
}

static const struct tree_case cases[] = {
	{ "consistency01", "one serial at all servers", consistency01 },
	{ "consistency02", "one RNAME at all servers", consistency02 },
	{ "consistency03", "the same timers at all servers", consistency03 },
	{ "consistency04", "the same NS records at all servers", consistency_ns_sets },
	{ "consistency05", "the same addresses in delegation and zone", consistency_ns_glue },
	{ "consistency06", "one MNAME at all servers", consistency06 },
};

const struct case_module case_consistency = { "consistency", cases, ARRAY_LEN(cases) };
