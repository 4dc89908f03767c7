/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proof of what is said of the resolver's pool, and the exact line that changes it. */
#include <string.h>

#include "fault/remedy.h"
#include "render/prove.h"

enum { RANGES_MOST = 6, SETTINGS_MOST = 4 };

static const char *text_of(const struct finding *x, const char *key)
{
	const struct detail *d = finding_find(x, key);

	return d ? d->text : NULL;
}

static uint64_t int_of(const struct finding *x, const char *key)
{
	const struct detail *d = finding_find(x, key);

	return d ? (uint64_t)d->integer : 0;
}

static const struct portset *ports_of(const struct finding *x, const char *key)
{
	const struct detail *d = finding_find(x, key);

	return d ? d->ports : NULL;
}

/* "unbound 1.17.1", or who else it is. */
static const char *who(struct making *m, const struct finding *x)
{
	const char *software = text_of(x, "software"), *version = text_of(x, "version");

	if (!software)
		return "the resolver";
	return version ? arena_printf(m->a, "%s %s", software, words_safe(m->a, version))
		       : software;
}

/* The line of the file that made it. */
static void see_setting(struct making *m, struct report_finding *x)
{
	const char *file = text_of(x->finding, "file"), *setting = text_of(x->finding, "setting");
	uint64_t line = int_of(x->finding, "line");

	if (!file)
		return;
	file = words_safe(m->a, file);
	if (line)
		file = arena_printf(m->a, "%s, line %llu", file, (unsigned long long)line);
	vec_push(m->a, &x->seen,
		setting ? arena_printf(m->a, "%s: %s", file, words_safe(m->a, setting)) : file);
}

void prove_samples_seen(struct making *m, struct report_finding *x)
{
	unsigned long long n = int_of(x->finding, "samples"),
			   ports = int_of(x->finding, "distinct");

	if (n)
		vec_push(m->a, &x->seen,
			arena_printf(m->a, "%llu queries of it were seen, from %llu port%s", n,
				ports, ports == 1 ? "" : "s"));
}

static void see_toll(struct making *m, struct report_finding *x)
{
	unsigned long long hit = int_of(x->finding, "hit_asked"),
			   rest = int_of(x->finding, "rest_asked");

	if (hit)
		vec_push(m->a, &x->seen,
			arena_printf(m->a,
				"its own queries to these servers from dropped ports: %llu of %llu "
				"answered",
				(unsigned long long)int_of(x->finding, "hit_answered"), hit));
	if (rest)
		vec_push(m->a, &x->seen,
			arena_printf(m->a, "%s: %llu of %llu answered",
				hit ? "and from its other ports"
				    : "its own queries to these servers",
				(unsigned long long)int_of(x->finding, "rest_answered"), rest));
}

static void see_others(struct making *m, struct report_finding *x)
{
	unsigned long long n = int_of(x->finding, "others_asked");

	if (n)
		vec_push(m->a, &x->seen,
			arena_printf(m->a,
				"other servers, from the same ports: %llu of %llu answered",
				(unsigned long long)int_of(x->finding, "others_answered"), n));
}

/* The settings that made the pool, and where they stand. */
static const char *settings_of(struct making *m, const struct report_finding *x)
{
	const struct detail *d = finding_find(x->finding, "settings");
	struct buf b = { .arena = m->a };

	for (size_t i = 0; d && i < d->ntexts && i < SETTINGS_MOST; i++)
		buf_printf(&b, "%s\"%s\"", i ? " and " : "", words_safe(m->a, d->texts[i]));
	return b.n ? buf_text(&b) : NULL;
}

/* Where and what to write; NULL: a set is to be avoided, and the software cannot. */
static const char *change(struct making *m, const struct report_finding *x, const struct remedy *r,
	const struct portset *avoid)
{
	const char *line = avoid ? remedy_avoid(m->a, r, avoid) : NULL;
	const char *old = settings_of(m, x), *file = text_of(x->finding, "file");
	const char *place = file ? words_safe(m->a, file) : r->file;

	if (!place)
		place = "command";
	if (line)
		return arena_printf(m->a, "%s, for %s: add %s", place, who(m, x->finding), line);
	if (avoid)
		return NULL;
	if (old && r->without)
		return arena_printf(m->a, "%s, for %s: take out %s; %s then", place,
			who(m, x->finding), old, r->widen);
	if (old)
		return arena_printf(m->a, "%s, for %s: instead of %s write: %s", place,
			who(m, x->finding), old, r->widen);
	return arena_printf(m->a, "%s, for %s: %s", r->file ? r->file : "command",
		who(m, x->finding), r->widen);
}

/* First of the advice: what to write where, for this software and version. */
static void advise(struct making *m, struct report_finding *x, const struct portset *avoid)
{
	const char *software = text_of(x->finding, "software");
	const struct remedy *r =
		software ? remedy_find(software, text_of(x->finding, "version")) : NULL;
	const char *line = r ? change(m, x, r, avoid) : NULL;
	struct VEC_texts old = x->advice_here;

	if (!line)
		return;
	x->advice_here = (struct VEC_texts){ 0 };
	vec_push(m->a, &x->advice_here, line);
	if (r->caution)
		vec_push(m->a, &x->advice_here,
			arena_printf(m->a, "before that, know: %s", r->caution));
	vec_each (const char *, t, old)
		vec_push(m->a, &x->advice_here, *t);
}

void prove_pool_seen(struct making *m, struct report_finding *x)
{
	see_setting(m, x);
	prove_samples_seen(m, x);
	advise(m, x, NULL);
}

/* No set that was found explains it: the packets themselves do. */
static bool by_packets(const struct finding *x)
{
	const char *source = text_of(x, "source");

	return source && strcmp(source, "packets") == 0;
}

/* A pool that lies in the set for the most part is widened; one that it dents avoids the set. */
void prove_exposure_seen(struct making *m, struct report_finding *x)
{
	const struct portset *hit = ports_of(x->finding, "hit");
	const struct portset *pool = ports_of(x->finding, "ports");

	if (hit && pool) {
		vec_push(m->a, &x->seen,
			arena_printf(m->a, "%s draws from %s; %s: %s", who(m, x->finding),
				words_ports(m->a, pool, RANGES_MOST),
				by_packets(x->finding) ? "not answered by what was seen"
						       : "dropped of these",
				portset_equal(hit, pool) ? "all"
							 : words_ports(m->a, hit, RANGES_MOST)));
		see_setting(m, x);
	}
	prove_samples_seen(m, x);
	see_toll(m, x);
	see_others(m, x);
	/* A suspicion is to be confirmed first. */
	if (hit && pool)
		advise(m, x, portset_count(hit) * 2 < portset_count(pool) ? hit : NULL);
}

/* An ask of the sweep of the finding's first server, from which dig lines are made. */
static const struct observation *sweep_ask(const struct facts *f, const struct finding *x)
{
	for (size_t i = 0; i < f->n && x->servers.n; i++)
		if (f->v[i]->ask.role == ROLE_SWEEP && f->v[i]->ask.question.name &&
			addr_equal(&f->v[i]->ask.server, &x->servers.v[0]))
			return f->v[i];
	return NULL;
}

/* What was only seen is confirmed by asking. */
static void try_ports(struct making *m, struct report_finding *x, const struct portset *hit)
{
	struct buf b = { .arena = m->a };

	portset_text(hit, &b);
	vec_push(m->a, &x->reproduce,
		(struct report_try){
			arena_printf(m->a, "dnsfault ports %s --ports %s",
				words_server(m->a, &x->finding->servers.v[0]), buf_text(&b)),
			"asks from these ports, and from others (as root)" });
}

void prove_exposure(struct making *m, struct report_finding *x)
{
	const struct portset *hit = ports_of(x->finding, "hit");
	const struct portset *pool = ports_of(x->finding, "ports");
	const struct observation *o = sweep_ask(m->r->facts, x->finding);
	struct portset rest;
	int32_t port;

	if (hit && !pool && x->finding->servers.n) {
		try_ports(m, x, ports_of(x->finding, "range"));
		return;
	}
	if (!hit || !pool || !o || portset_empty(hit))
		return;
	prove_try(m, x, o,
		(struct prove_line){
			(uint16_t)portset_next(hit, 0), "a port of its pool, no reply" });
	rest = *pool;
	portset_minus(&rest, hit);
	port = portset_next(&rest, 1);
	if (port > 0)
		prove_try(m, x, o,
			(struct prove_line){ (uint16_t)port, "another port of its pool, a reply" });
}
