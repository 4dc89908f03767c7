/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report: one typed document made from facts, inferences and findings, walked once by each
 * renderer. All words are chosen here; renderers only lay out.
 */
#ifndef RENDER_REPORT_H
#define RENDER_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"
#include "check/check.h"
#include "facts/facts.h"
#include "infer/inferences.h"

struct VEC_texts VEC(const char *);

/* Observations of one kind that show a finding: "6 x timeout: live.com. MX from port 52". */
struct report_evidence {
	struct addr server;
	const char *ask;     /* "live.com. MX over UDP from 198.51.100.2#52" */
	const char *outcome; /* slug */
	const char *vantage; /* the point that it was seen from; NULL: there is one only */
	uint64_t count;
};

/* A command that shows the fault again, or its absence, and what is to be expected of it. */
struct report_try {
	const char *command; /* a dig line, quoted for a shell */
	const char *expect;
};

struct report_finding {
	const struct finding *finding;
	const char *summary;
	const char *where; /* the place in words */
	const char *sure;  /* the confidence in words */
	struct VEC(struct report_evidence) evidence;
	struct VEC_texts seen; /* the evidence in a few lines */
	struct VEC(struct report_try) reproduce;
	struct VEC_texts not_cause; /* what was ruled out, and by what */
	struct VEC_texts advice_here, advice_there, refs;
};

struct report_untested {
	const char *what, *why;
};

enum report_mark { MARK_NONE, MARK_GOOD, MARK_BAD, MARK_DOUBT };

/* A line of the delegation tree. */
struct report_line {
	unsigned int depth;
	enum report_mark mark;
	const char *text;
};

/* A server of a zone on the way. */
struct report_server {
	enum report_mark mark;
	const struct name *ns; /* NULL: unknown */
	struct addr addr;
	const char *says;	/* what it did, in words */
	struct VEC_texts found; /* ids of findings about it, each once */
};

/* A zone on the way from the root, with every server that was asked or known for it. */
struct report_zone {
	unsigned int depth;
	enum report_mark mark;
	const struct name *apex;
	const char *says; /* "3 of 4 servers reply" */
	struct VEC(struct report_server) servers;
};

/* A look-up that mail takes. */
struct report_mail {
	const char *name, *type;
	const char *purpose;	 /* slug */
	const char *result;	 /* slug */
	const char *secure;	 /* slug of its security; NULL: not validated */
	const char *consequence; /* "": nothing is in the way */
	const char *note;	 /* what is in it, or wrong with it; NULL: nothing */
	const char *about;	 /* what it is for, in words */
	enum report_mark mark;
};

/* One of several places that were asked from, and what was found from there alone. */
struct report_vantage {
	const char *name;    /* its tape's */
	const char *sources; /* addresses that it sent from */
	int64_t started;     /* seconds since 1970, UTC */
	struct verdict verdict;
	const char *summary;  /* of the verdict */
	struct VEC_texts ids; /* of its findings, each once */
	enum report_mark mark;
	bool here; /* this report is its */
};

struct report {
	const struct facts *facts;
	const struct inferences *inferences;
	struct verdict verdict;
	const char *summary; /* of the verdict, one line */
	const char *command;
	struct VEC(struct report_finding) findings;
	struct VEC(struct report_untested) untested;
	struct VEC_texts remedy; /* undecided: what would decide it */
	struct VEC_texts tested; /* what was tried: resolver, tree, ports */
	struct VEC_texts lookup; /* diagnose: what each reply on the way meant */
	struct VEC(struct report_line) tree;
	struct VEC(struct report_zone) zones;  /* parents before children */
	struct VEC(struct report_line) cases;  /* of the tree: a module a line */
	struct VEC(struct report_mail) mail;   /* in the order in which mail takes them */
	struct VEC(struct report_line) shapes; /* what servers made of query shapes */
	struct VEC(struct report_line) side;   /* the resolver's pools, and what filters cost */
	struct VEC(struct report_vantage) vantages; /* none: there is one only */
};

/* Builds the document. Everything belongs to the arena. */
const struct report *report_make(struct arena *a, const struct check_input *in,
	const struct findings *findings, struct verdict v);

/* The exit code of the contract: 0 no fault, 1 fault, 3 undecided. */
int report_exit(const struct report *r);

struct text_style {
	bool colour;
	bool ascii;	    /* no UTF-8 marks */
	unsigned int width; /* columns; 0: 80 */
};

/* Renderers: append the whole output. */
void report_text(const struct report *r, const struct text_style *style, struct buf *out);
void report_json(const struct report *r, struct buf *out);
/* The same in lines: {"finding":{...}} each, then {"report":{...}} with the whole document. */
void report_jsonl(const struct report *r, struct buf *out);

/*
 * A page that stands alone: style and pictures are in it, nothing is asked for elsewhere, and no
 * script is needed. It carries the facts: tape_read() reads them back.
 */
void report_html(const struct report *r, struct buf *out);

/* Plain ASCII of at most 72 columns for a ticket: to whoever runs the servers, or to colleagues. */
enum letter_to { LETTER_THERE, LETTER_OURS };
void report_noc(const struct report *r, enum letter_to to, struct buf *out);

/*
 * The strip of ports 0-65535 of one sweep, and a second one of the part in which blocked ports
 * lie when that is narrow; a line each, indented by two. Cells in ASCII: '#' blocked, 'x' some
 * blocked, '.' none, '?' not tested, '-' not asked for.
 */
void report_strip(const struct sweep_result *s, const struct text_style *style, struct buf *out);

#endif
