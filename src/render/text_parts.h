/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of the text report. */
#ifndef RENDER_TEXT_PARTS_H
#define RENDER_TEXT_PARTS_H

#include "render/page.h"

struct text_title {
	const char *word;
	const char *id; /* NULL: none */
	const char *summary;
	enum page_colour colour;
};

void text_tree(const struct page *p, const struct report *r);
void text_cases(const struct page *p, const struct report *r);
void text_shapes(const struct page *p, const struct report *r);
void text_mail(const struct page *p, const struct report *r);
void text_side(const struct page *p, const struct report *r);
void text_strips(const struct page *p, const struct report *r);
void text_sweeps(const struct page *p, const struct report *r);

/* "2026-11-23 15:04:05". */
const char *text_time(struct arena *a, int64_t seconds);

#endif
