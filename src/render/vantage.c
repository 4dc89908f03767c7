/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several vantage points: which there are, what each saw, and what they know of one finding. */
#include "render/vantage.h"

#include <string.h>

#include "base/err.h"
#include "check/vantage.h"
#include "render/text_parts.h"
#include "render/words.h"

enum { SOURCES_MOST = 16 };

static bool known(const struct addr *v, size_t n, const struct addr *one)
{
	for (size_t i = 0; i < n; i++)
		if (addr_equal(&v[i], one))
			return true;
	return false;
}

/* Addresses that it sent from to servers beyond the user's resolver. */
static const char *sources(struct arena *a, const struct facts *f)
{
	struct addr list[SOURCES_MOST];
	size_t n = 0;

	for (size_t i = 0; i < f->n && n < SOURCES_MOST; i++) {
		struct addr from = addr_with_port(f->v[i]->from, 0);

		if (from.family && !observation_to_resolver(f->v[i]) && !known(list, n, &from))
			list[n++] = from;
	}
	return n ? words_servers(a, list, n) : "no address";
}

const char *words_vantage(struct arena *a, const struct facts *f)
{
	return arena_printf(a, "%s (%s)", words_safe(a, f->name ? f->name : "?"), sources(a, f));
}

static void add_ids(struct making *m, struct report_vantage *v, const struct findings *f)
{
	vec_each (const struct finding, x, f->list) {
		bool again = false;

		for (size_t i = 0; i < v->ids.n; i++)
			again |= strcmp(v->ids.v[i], x->id) == 0;
		if (!again)
			vec_push(m->a, &v->ids, x->id);
	}
}

void report_vantages(struct making *m)
{
	static const enum report_mark marks[] = {
		[VERDICT_OK] = MARK_GOOD,
		[VERDICT_FAULT] = MARK_BAD,
		[VERDICT_UNDECIDED] = MARK_DOUBT,
	};
	const struct vantages *all = m->findings->vantages;

	for (size_t i = 0; all && i < all->n; i++) {
		const struct vantage *x = &all->v[i];
		struct check_input in = { x->facts, x->inferences };
		const struct report *alone = report_make(m->a, &in, x->findings, x->verdict);
		struct report_vantage v = {
			.name = words_safe(m->a, x->facts->name ? x->facts->name : "?"),
			.sources = sources(m->a, x->facts),
			.started = x->facts->started,
			.verdict = x->verdict,
			.summary = alone->summary,
			.mark = marks[x->verdict.state],
			.here = i == all->here,
		};

		add_ids(m, &v, x->findings);
		vec_push(m->a, &m->r->vantages, v);
	}
}

static const char *apart_text(struct arena *a, int64_t seconds)
{
	static const struct {
		int64_t unit;
		const char *name;
	} units[] = { { 86400, "days" }, { 3600, "hours" }, { 60, "minutes" } };
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(units) && seconds < 2 * units[i].unit)
		i++;
	return arena_printf(a, "%lld %s", (long long)(seconds / units[i].unit), units[i].name);
}

/* "5 of 5 such queries answered at b.jsonl (192.0.2.12)". */
static const char *seen_text(struct making *m, const struct finding_vantage *v)
{
	const char *name = words_vantage(m->a, v->facts);
	unsigned long long answered = v->answered, all = v->answered + v->silent;
	struct buf b = { .arena = m->a };

	if (all)
		buf_printf(&b, "%llu of %llu such queries answered at %s", answered, all, name);
	else
		buf_printf(&b, "at %s", name);
	if (v->alike)
		buf_printf(&b, "%s the same is found there", all ? ":" : "");
	else if (v->same_address)
		buf_str(&b, ", the same address at another time: this comes and goes, or is over");
	if (vantage_apart(m->r->facts, v->facts) >= VANTAGE_APART)
		buf_printf(&b, "; the runs are %s apart, and servers may have changed in between",
			apart_text(m->a, vantage_apart(m->r->facts, v->facts)));
	return buf_text(&b);
}

void report_vantage_seen(struct making *m, struct report_finding *x)
{
	vec_each (const struct finding_vantage, v, x->finding->vantages)
		vec_push(m->a, &x->seen, seen_text(m, v));
}

/* RFC 3339. */
static const char *stamp(struct arena *a, int64_t seconds)
{
	char *text = arena_printf(a, "%sZ", text_time(a, seconds)), *gap = strchr(text, ' ');

	if (gap)
		*gap = 'T';
	return text;
}

static const char *state_text(const struct verdict *v)
{
	static const char *const states[] = {
		[VERDICT_OK] = "ok",
		[VERDICT_FAULT] = "fault",
		[VERDICT_UNDECIDED] = "undecided",
	};

	return states[v->state];
}

void vantage_text(const struct page *p, const struct report *r)
{
	struct arena *a = p->out->arena;

	if (!r->vantages.n)
		return;
	page_head(p, "Vantage points, each alone");
	vec_each (const struct report_vantage, v, r->vantages) {
		const struct finding *main = v->verdict.main;

		buf_str(p->out, "  ");
		page_mark(p, v->mark);
		buf_char(p->out, ' ');
		page_wrap(p,
			arena_printf(a, "%s, from %s, %s UTC%s: %s%s%s%s: %s", v->name, v->sources,
				text_time(a, v->started), v->here ? " (told above)" : "",
				state_text(&v->verdict), main ? "[" : "", main ? main->id : "",
				main ? "]" : "", v->summary),
			(struct page_place){ 4, 6 });
	}
}

void vantage_json(struct json *j, const struct report *r)
{
	struct arena *a = j->out->arena;

	if (!r->vantages.n)
		return;
	json_array(j, "vantages");
	vec_each (const struct report_vantage, v, r->vantages) {
		json_object(j, NULL);
		json_str(j, "name", v->name);
		json_str(j, "from", v->sources);
		json_str(j, "started", stamp(a, v->started));
		json_bool(j, "here", v->here);
		json_str(j, "state", state_text(&v->verdict));
		json_str(j, "where", where_slug(v->verdict.where));
		json_str(j, "summary", v->summary);
		json_array(j, "ids");
		for (size_t i = 0; i < v->ids.n; i++)
			json_str(j, NULL, v->ids.v[i]);
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

void vantage_finding_json(struct json *j, const struct finding *f)
{
	struct arena *a = j->out->arena;

	if (!f->vantages.n)
		return;
	json_array(j, "vantages");
	vec_each (const struct finding_vantage, v, f->vantages) {
		json_object(j, NULL);
		json_str(j, "name", words_safe(a, v->facts->name ? v->facts->name : "?"));
		json_uint(j, "answered", v->answered);
		json_uint(j, "silent", v->silent);
		json_bool(j, "alike", v->alike);
		if (v->same_address)
			json_bool(j, "same_address", true);
		json_end(j);
	}
	json_end(j);
}
