/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building findings, and the slugs of their two scales. */
#include "check/finding.h"

#include <string.h>

#include "base/err.h"

struct finding *findings_add(
	struct findings *f, const char *id, enum severity severity, enum where where)
{
	struct finding x = { .id = id, .severity = severity, .where = where, .confidence = 1 };

	vec_push(f->arena, &f->list, x);
	return &f->list.v[f->list.n - 1];
}

void findings_untested(struct findings *f, const char *what, const char *why)
{
	vec_push(f->arena, &f->untested, (struct finding_gap){ what, why });
}

void finding_server(struct findings *f, struct finding *x, const struct addr *server)
{
	vec_push(f->arena, &x->servers, *server);
}

void finding_evidence(struct findings *f, struct finding *x, size_t observation)
{
	vec_push(f->arena, &x->evidence, observation);
}

void finding_detail(struct findings *f, struct finding *x, struct detail d)
{
	vec_push(f->arena, &x->details, d);
}

struct detail *finding_find(const struct finding *x, const char *key)
{
	vec_each (struct detail, d, x->details)
		if (strcmp(d->key, key) == 0)
			return d;
	return NULL;
}

bool finding_names(const struct finding *x, const struct addr *server)
{
	vec_each (const struct addr, s, x->servers)
		if (addr_equal(s, server))
			return true;
	return false;
}

void finding_int(struct findings *f, struct finding *x, const char *key, uint64_t v)
{
	finding_detail(
		f, x, (struct detail){ .key = key, .kind = DETAIL_INT, .integer = (int64_t)v });
}

void finding_share(struct findings *f, struct finding *x, const char *key, double v)
{
	finding_detail(f, x, (struct detail){ .key = key, .kind = DETAIL_SHARE, .number = v });
}

void finding_text(struct findings *f, struct finding *x, const char *key, const char *v)
{
	finding_detail(f, x, (struct detail){ .key = key, .kind = DETAIL_TEXT, .text = v });
}

void finding_ports(struct findings *f, struct finding *x, const char *key, const struct portset *v)
{
	finding_detail(f, x,
		(struct detail){ .key = key,
			.kind = DETAIL_PORTS,
			.ports = arena_dup(f->arena, v, sizeof(*v)) });
}

const char *severity_slug(enum severity s)
{
	static const char *const slugs[] = {
		[SEV_DEBUG] = "debug",
		[SEV_INFO] = "info",
		[SEV_NOTICE] = "notice",
		[SEV_WARNING] = "warning",
		[SEV_ERROR] = "error",
		[SEV_CRITICAL] = "critical",
	};

	return (size_t)s < ARRAY_LEN(slugs) ? slugs[s] : "unknown";
}

const char *where_slug(enum where w)
{
	static const char *const slugs[] = {
		[WHERE_NONE] = "none",
		[WHERE_NEAR] = "near",
		[WHERE_RESOLVER] = "resolver",
		[WHERE_PATH] = "path",
		[WHERE_FAR] = "far",
		[WHERE_ZONE] = "zone",
		[WHERE_UNKNOWN] = "unknown",
	};

	return (size_t)w < ARRAY_LEN(slugs) ? slugs[w] : "unknown";
}

const char *effect_slug(enum effect e)
{
	static const char *const slugs[] = {
		[EFFECT_COSMETIC] = "cosmetic",
		[EFFECT_INTERMITTENT] = "intermittent",
		[EFFECT_EXPLAINS] = "explains",
	};

	return (size_t)e < ARRAY_LEN(slugs) ? slugs[e] : NULL;
}
