/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Test cases of the delegation tree, after Zonemaster's public specifications (v2025.2): a test
 * case reads replies through the tree and emits tags; each tag becomes a finding. To add one: a
 * function and a row in its module's table (check/cases/MODULE.c), and rows of its tags in
 * check/cases/MODULE.def.
 *
 *	static void delegation06(struct cases *c)
 *	{
 *		struct heard without = { 0 };
 *
 *		vec_each (const struct server, s, c->del->all) {
 *			const struct entry *e = cases_ask(c, s, &(struct cases_q){ RR_SOA });
 *
 *			if (e->msg && !tree_answers(e->msg, c->zone, RR_SOA))
 *				vec_push(c->arena, &without, e);
 *		}
 *		cases_emit_heard(c, TAG_SOA_NOT_EXISTS, &without);
 *	}
 *
 * A test case runs many times before all replies are there (infer/ledger.h). It asks for all that
 * it may need before it looks at the first reply, so that servers are asked side by side, and it
 * does not stop at a reply that is pending. Only what the last run emits is kept.
 *
 * "No response" is the state ENTRY_SILENT. ENTRY_UNSENT says nothing of the server: its family is
 * off, or there is no route.
 */
#ifndef CHECK_CASES_H
#define CHECK_CASES_H

#include "check/check.h"
#include "infer/delegation.h"
#include "infer/tree.h"

enum tag {
#define TAG(name, level, where, harm, id, text) TAG_##name,
#include "check/tags.def"
#undef TAG
	TAGS
};

/* What a tag means for a lookup. */
enum harm {
	HARM_NONE,   /* style or risk: never the cause of a failure */
	HARM_SERVER, /* lookups that meet one of its servers fail, are slow, or get other data */
	HARM_ZONE,   /* lookups fail whichever server they meet */
};

struct tag_row {
	const char *name; /* Zonemaster's: "B02_NO_WORKING_NS" */
	enum severity level;
	enum where where;
	enum harm harm;
	const char *id;	  /* of the finding, in the catalogue; "passed", "noted" for INFO, DEBUG */
	const char *text; /* its one line, in the form of struct fault's summary */
};
extern const struct tag_row tag_table[TAGS];

struct cases;

struct tree_case {
	const char *id;	   /* "basic01" */
	const char *title; /* what it tests, a few words */
	void (*run)(struct cases *c);
};

struct case_module {
	const char *name; /* "basic" */
	const struct tree_case *cases;
	size_t n;
};
extern const struct case_module *const case_modules[];
extern const size_t case_nmodules;

/* NULL: no such test case. Letter case does not matter. */
const struct tree_case *case_find(const char *id);

/* One run of the test cases. */
struct cases {
	struct arena *arena; /* of the pass */
	struct tree *tree;
	const struct tree_plan *plan;
	const struct name *zone;      /* the tested one, in lower case */
	const struct delegation *del; /* its two sides */
	struct findings *findings;    /* with an arena of their own */
	const struct tree_case *running;
	int64_t wall; /* seconds since 1970: when the facts were gathered */
	bool over;    /* a test case said that the others make no sense, but basic03 */
	/* dnssec07 says so, or cannot tell yet: dnssec cases make no sense, but dnssec11. */
	bool unsigned_zone;
	bool no_reverse; /* address02: some server's address has no name; address03 is left out */
	/* dnssec07: no DS that can be followed leads to it; what DNSSEC lacks fails no lookup. */
	bool insecure;
};

/* Runs all test cases that the plan names, in Zonemaster's order and with its stops. */
void cases_run(struct tree *t, struct findings *f);

/* A question of class IN about the tested zone's name, plain, unless said otherwise. */
struct cases_q {
	uint16_t type;
	enum manner manner;
	const struct name *name; /* NULL: the tested zone */
	const struct name *zone; /* that the server is asked for; NULL: the tested zone */
};
/* Never NULL; the entry belongs to the pass. */
const struct entry *cases_ask(struct cases *c, const struct server *s, const struct cases_q *q);
/* The same of class CH. */
const struct entry *cases_ask_ch(struct cases *c, const struct server *s, const struct cases_q *q);

/* Emits a tag: the finding, to be filled. Valid until the next one. */
struct finding *cases_emit(struct cases *c, enum tag tag);

/* The same about one reply (or silence): its server and evidence are filled in. */
struct finding *cases_emit_of(struct cases *c, enum tag tag, const struct entry *e);

/* The same about several, if there are any; NULL otherwise. */
struct heard VEC(const struct entry *);
struct finding *cases_emit_heard(struct cases *c, enum tag tag, const struct heard *list);

/* The same about servers without a reply of theirs. */
struct finding *cases_emit_servers(struct cases *c, enum tag tag, const struct servers *list);

/*
 * The detail "nameservers" of what is said of servers: "ns1.example./192.0.2.1". All of the
 * functions above that know servers add it.
 */

/* Says that the running test case cannot be run, and why: a part of a sentence, borrowed. */
void cases_untested(struct cases *c, const char *why);

/* More details. Names and texts are copied; "ns" is the usual key of a name server's name. */
void cases_name(struct cases *c, struct finding *x, const char *key, const struct name *n);
void cases_int(struct cases *c, struct finding *x, const char *key, uint64_t v);
void cases_text(struct cases *c, struct finding *x, const char *key, const char *text);
void cases_type(struct cases *c, struct finding *x, const char *key, uint16_t type);
void cases_rcode(struct cases *c, struct finding *x, const char *key, uint16_t rcode);
void cases_addr(struct cases *c, struct finding *x, const char *key, const struct addr *addr);
/* Several names, each once, as one list. */
void cases_names(struct cases *c, struct finding *x, const char *key, const struct reply_names *n);
/* Several texts. */
struct case_texts VEC(const char *);
void cases_texts(struct cases *c, struct finding *x, const char *key, const struct case_texts *v);
/* One more observation that shows it. */
void cases_evidence(struct cases *c, struct finding *x, const struct entry *e);

#endif
