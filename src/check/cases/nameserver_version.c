// SPDX-License-Identifier: GPL-3.0-or-later
// nameserver15: what servers say of their software.
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "check/cases/nameserver_inner.h"
#include "check/cases/txt.h"
#include "dns/rr.h"

static const char *const queries[] = { "version.bind", "version.server" };
enum { QUERIES = ARRAY_LEN(queries) };

/* A text that a query brought, and who gave it. */
struct version {
	size_t query;
	const char *text;
	struct heard heard;
};

struct versions {
	struct cases *c;
	struct VEC(struct version) told;
	struct heard errors[QUERIES];
	struct heard asked;	  /* SOA replies: who was asked for a version at all … */
	struct heard wrong_class; /* … and who answered from another class */
};

/* Without blanks at its ends. */
static const char *trim(struct arena *a, const char *text)
{
	static const char blank[] = " \t";
	char *ret;
	size_t n;

	text += strspn(text, blank);
	ret = arena_str(a, text);
	for (n = strlen(ret); n > 0 && strchr(blank, ret[n - 1]); n--)
		ret[n - 1] = '\0';
	return ret;
}

static bool has_server(const struct heard *list, const struct addr *server)
{
	vec_each (const struct entry *, e, *list)
		if (addr_equal(&(*e)->server, server))
			return true;
	return false;
}

static void note(struct versions *v, struct heard *list, const struct entry *e)
{
	if (!has_server(list, &e->server))
		vec_push(v->c->arena, list, e);
}

static void add_text(struct versions *v, size_t query, const char *text, const struct entry *e)
{
	struct version *found = NULL;

	vec_each (struct version, x, v->told)
		if (x->query == query && strcmp(x->text, text) == 0)
			found = x;
	if (!found) {
		vec_push(v->c->arena, &v->told, (struct version){ .query = query, .text = text });
		found = &v->told.v[v->told.n - 1];
	}
	note(v, &found->heard, e);
}

static void read_reply(struct versions *v, size_t query, const struct entry *e)
{
	for (size_t i = 0; i < e->msg->nrrs; i++) {
		const struct rr *rr = &e->msg->rrs[i];
		const char *text;

		if (rr->section != MSG_ANSWER || rr->type != RR_TXT ||
			!name_equal(rr->owner, e->question->name))
			continue;
		if (rr->class != CLASS_CH)
			note(v, &v->wrong_class, e);
		text = trim(v->c->arena, txt_join(v->c->arena, rr));
		if (*text)
			add_text(v, query, text, e);
	}
}

static void ask(struct versions *v, const struct server *s)
{
	const struct entry *soa = cases_ask(v->c, s, &(struct cases_q){ .type = RR_SOA });

	if (!soa->msg)
		return;
	vec_push(v->c->arena, &v->asked, soa);
	for (size_t i = 0; i < QUERIES; i++) {
		const struct entry *e;
		struct name name;
		int err = name_parse(queries[i], &name);

		assert(err == 0);
		e = cases_ask_ch(v->c, s,
			&(struct cases_q){ .type = RR_TXT, .name = &name, .zone = &name_root });
		if (e->state == ENTRY_SILENT || (e->msg && e->msg->rcode == RCODE_SERVFAIL))
			vec_push(v->c->arena, &v->errors[i], e);
		else if (e->msg)
			read_reply(v, i, e);
	}
}

/* Those that told nothing. */
static struct heard discreet(const struct versions *v)
{
	struct heard ret = { 0 };

	vec_each (const struct entry *, e, v->asked) {
		bool told = false;

		vec_each (const struct version, x, v->told)
			told |= has_server(&x->heard, &(*e)->server);
		if (!told)
			vec_push(v->c->arena, &ret, *e);
	}
	return ret;
}

void nameserver15(struct cases *c)
{
	struct versions v = { .c = c };
	struct heard quiet;
	struct finding *x;

	vec_each (const struct server, s, c->del->all)
		ask(&v, s);
	vec_each (const struct version, told, v.told) {
		x = cases_emit_heard(c, TAG_N15_SOFTWARE_VERSION, &told->heard);
		cases_text(c, x, "query_name", queries[told->query]);
		cases_text(c, x, "string", told->text);
	}
	for (size_t i = 0; i < QUERIES; i++) {
		x = cases_emit_heard(c, TAG_N15_ERROR_ON_VERSION_QUERY, &v.errors[i]);
		if (x)
			cases_text(c, x, "query_name", queries[i]);
	}
	quiet = discreet(&v);
	cases_emit_heard(c, TAG_N15_NO_VERSION_REVEALED, &quiet);
	cases_emit_heard(c, TAG_N15_WRONG_CLASS, &v.wrong_class);
}
