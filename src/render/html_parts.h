/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the page; each draws nothing when the report has nothing for it. */
#ifndef RENDER_HTML_PARTS_H
#define RENDER_HTML_PARTS_H

#include "render/markup.h"
#include "render/picture.h"

struct html {
	struct markup *m;
	const struct report *r;
	const struct pictures *p;
};

/* Style and order of marks, signs and words: never a colour alone. */
const char *html_class(enum report_mark mark);
const char *html_sign(enum report_mark mark);
const char *html_word(enum report_mark mark);
void html_mark(struct markup *m, enum report_mark mark);

/* A section with its heading, left open; id is its anchor. */
void html_section(struct markup *m, const char *id, const char *heading);
void html_end(struct markup *m);
/* A list of lines. */
void html_lines(struct markup *m, const char *class, const struct VEC_texts *v);
/* "and 42 more servers"; nothing for none. */
void html_left(struct markup *m, size_t n, const char *what);

void html_verdict(const struct html *h);
void html_findings(const struct html *h);
void html_time(const struct html *h);
void html_ports(const struct html *h);
void html_path(const struct html *h);
void html_tree(const struct html *h);
void html_matrix(const struct html *h);
void html_pool(const struct html *h);
void html_mail(const struct html *h);
void html_cases(const struct html *h);
void html_lookup(const struct html *h);
void html_vantages(const struct html *h);
void html_untested(const struct html *h);

/* What a finding rests on: a list of terms, then commands. */
void html_proof(const struct html *h, const struct report_finding *x, bool advice);

/* The style sheet. */
extern const char *const html_style[];
extern const size_t html_nstyle;

#endif
