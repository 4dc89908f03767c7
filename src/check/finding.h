/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A finding: what is wrong, where, how sure, and the observations that show it. No prose. */
#ifndef CHECK_FINDING_H
#define CHECK_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/portset.h"
#include "base/vec.h"
#include "dns/name.h"

/* Zonemaster's levels. What is below NOTICE is told only where it was asked for. */
enum severity { SEV_DEBUG, SEV_INFO, SEV_NOTICE, SEV_WARNING, SEV_ERROR, SEV_CRITICAL };

/* What it does to a lookup of the name that was asked about. */
enum effect {
	EFFECT_UNTOLD,
	EFFECT_COSMETIC,     /* nothing */
	EFFECT_INTERMITTENT, /* some fail: those that meet one of several servers */
	EFFECT_EXPLAINS,     /* it fails */
};

enum where {
	WHERE_NONE,
	WHERE_NEAR,
	WHERE_RESOLVER,
	WHERE_PATH,
	WHERE_FAR,
	WHERE_ZONE,
	WHERE_UNKNOWN,
};

/* One number of a finding: a key of its catalogue entry's template and of JSON "detail". */
enum detail_kind {
	DETAIL_INT,	 /* integer */
	DETAIL_SHARE,	 /* number: a probability, shown as per cent */
	DETAIL_DURATION, /* integer: µs */
	DETAIL_TEXT,	 /* text */
	DETAIL_NAME,	 /* name */
	DETAIL_ADDR,	 /* addr */
	DETAIL_PORTS,	 /* ports */
	DETAIL_TEXTS,	 /* texts: several */
};

struct detail {
	const char *key;
	enum detail_kind kind;
	int64_t integer;
	double number;
	const char *text;
	const struct name *name;
	struct addr addr;
	const struct portset *ports;
	const char *const *texts;
	size_t ntexts;
};

/* What another vantage point knows of a finding (check/vantage.h). */
struct finding_vantage {
	const struct facts *facts; /* one of elsewhere */
	/* Its queries that are the same as some that were silent here. */
	uint64_t answered, silent;
	bool alike;	   /* it has the same finding, of a server of this one's */
	bool same_address; /* it is the same address, at another time */
};

struct finding {
	const char *id; /* slug in the catalogue */
	enum severity severity;
	enum where where;
	const struct name *subject;  /* the name it is about; NULL: none */
	const char *tag, *test_case; /* Zonemaster's, as they are printed; NULL: none */
	const char *line; /* template of its summary (fault/fault.h); NULL: the catalogue's */
	enum effect effect;
	struct VEC(struct addr) servers;
	double confidence;
	struct VEC(struct detail) details;
	struct VEC(size_t) evidence;		     /* indices of observations, for facts_at() */
	struct VEC(struct finding_vantage) vantages; /* those that know something of it */
};

/* A check that was not made. */
struct finding_gap {
	const char *what; /* "connectivity03" */
	const char *why;  /* a part of a sentence: "there are no AS data" */
};

struct findings {
	struct arena *arena;
	struct VEC(struct finding) list;
	struct VEC(struct finding_gap) untested;
	struct VEC(const char *) ran;	 /* ids of test cases */
	size_t skipped;			 /* test cases that made no sense any more */
	const struct vantages *vantages; /* check/vantage.h; NULL: there is one only */
};

/* Adds an empty finding of that id and returns it, to be filled; valid until the next call. */
struct finding *findings_add(
	struct findings *f, const char *id, enum severity severity, enum where where);

/* Notes that a check was not made. Both texts are borrowed. */
void findings_untested(struct findings *f, const char *what, const char *why);

/* Fill-in helpers; texts and names are borrowed. */
void finding_server(struct findings *f, struct finding *x, const struct addr *server);
void finding_evidence(struct findings *f, struct finding *x, size_t observation);
void finding_detail(struct findings *f, struct finding *x, struct detail d);

/* The detail of that key; NULL: none. Borrowed, valid until another is added. */
struct detail *finding_find(const struct finding *x, const char *key);
bool finding_names(const struct finding *x, const struct addr *server);

/* The common kinds of detail. */
void finding_int(struct findings *f, struct finding *x, const char *key, uint64_t v);
void finding_share(struct findings *f, struct finding *x, const char *key, double v);
void finding_text(struct findings *f, struct finding *x, const char *key, const char *v);
/* The set is copied. */
void finding_ports(struct findings *f, struct finding *x, const char *key, const struct portset *v);

const char *severity_slug(enum severity s);
const char *effect_slug(enum effect e); /* "explains"; NULL: untold */
const char *where_slug(enum where w);

#endif
