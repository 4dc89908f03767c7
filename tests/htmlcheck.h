/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a page what render/markup.h promises? Elements close in order, attributes are quoted, nothing
 * steers a terminal or turns text round, nothing names an address elsewhere, no script runs.
 */
#ifndef TESTS_HTMLCHECK_H
#define TESTS_HTMLCHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { HTMLCHECK_DEPTH = 64, HTMLCHECK_NAME = 16 };

struct htmlcheck {
	const char *p;
	char open[HTMLCHECK_DEPTH][HTMLCHECK_NAME];
	int depth;
	const char *wrong; /* NULL: nothing so far */
};

static bool htmlcheck_is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == ':';
}

/* The name at p, cut to fit. */
static void htmlcheck_name(struct htmlcheck *h, char *ret)
{
	size_t n = 0;

	while (htmlcheck_is_name(*h->p)) {
		if (n + 1 < HTMLCHECK_NAME)
			ret[n++] = *h->p;
		h->p++;
	}
	ret[n] = '\0';
}

static bool htmlcheck_begins(const char *p, const char *with)
{
	return strncmp(p, with, strlen(with)) == 0;
}

static void htmlcheck_entity(struct htmlcheck *h)
{
	static const char *const known[] = { "&lt;", "&gt;", "&amp;", "&quot;", "&#39;" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (htmlcheck_begins(h->p, known[i])) {
			h->p += strlen(known[i]);
			return;
		}
	h->wrong = "a bare &";
}

/* Controls, C1 controls and marks of direction, as UTF-8. */
static bool htmlcheck_steers(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	if ((u[0] < ' ' && u[0] != '\n') || u[0] == 0x7f)
		return true;
	if (u[0] == 0xc2 && u[1] >= 0x80 && u[1] < 0xa0)
		return true;
	if (u[0] != 0xe2)
		return false;
	return (u[1] == 0x80 &&
		       ((u[2] >= 0x8b && u[2] <= 0x8f) || (u[2] >= 0xa8 && u[2] <= 0xae))) ||
	       (u[1] == 0x81 && u[2] >= 0xa0 && u[2] <= 0xaf);
}

static void htmlcheck_attribute(struct htmlcheck *h)
{
	char name[HTMLCHECK_NAME];
	bool link;

	htmlcheck_name(h, name);
	link = strcmp(name, "href") == 0;
	if (!name[0] || h->p[0] != '=' || h->p[1] != '"')
		h->wrong = "an attribute without quotes";
	else if (strcmp(name, "src") == 0 || htmlcheck_begins(name, "on") ||
		 (link && h->p[2] != '#'))
		h->wrong = "an attribute that loads or runs something";
	if (h->wrong)
		return;
	for (h->p += 2; *h->p && *h->p != '"' && !h->wrong;) {
		if (*h->p == '&')
			htmlcheck_entity(h);
		else if (*h->p == '<' || *h->p == '>' || htmlcheck_steers(h->p))
			h->wrong = "a character that an attribute must not have";
		else
			h->p++;
	}
	if (*h->p == '"')
		h->p++;
	else if (!h->wrong)
		h->wrong = "an attribute without end";
}

static void htmlcheck_close(struct htmlcheck *h)
{
	char name[HTMLCHECK_NAME];

	h->p += 2;
	htmlcheck_name(h, name);
	if (!h->depth || strcmp(h->open[h->depth - 1], name) != 0 || *h->p != '>')
		h->wrong = "an element that is not open is closed";
	else
		h->depth--, h->p++;
}

/* To the end tag: style and data are not markup. */
static void htmlcheck_raw(struct htmlcheck *h, const char *end)
{
	const char *at = strstr(h->p, end);

	if (at)
		h->p = at;
	else
		h->wrong = "style or data without end";
}

static void htmlcheck_open(struct htmlcheck *h)
{
	char name[HTMLCHECK_NAME];
	const char *from = h->p++;

	htmlcheck_name(h, name);
	while (*h->p == ' ' && !h->wrong) {
		h->p++;
		htmlcheck_attribute(h);
	}
	if (h->wrong)
		return;
	if (!name[0] || *h->p++ != '>') {
		h->wrong = "a tag that is none";
		return;
	}
	if (strcmp(name, "meta") == 0)
		return;
	if (h->depth == HTMLCHECK_DEPTH) {
		h->wrong = "too deep";
		return;
	}
	snprintf(h->open[h->depth++], HTMLCHECK_NAME, "%s", name);
	if (strcmp(name, "style") == 0)
		htmlcheck_raw(h, "</style>");
	else if (strcmp(name, "script") == 0 &&
		 !htmlcheck_begins(from, "<script type=\"application/x-ndjson\""))
		h->wrong = "a script";
	else if (strcmp(name, "script") == 0)
		htmlcheck_raw(h, "</script>");
}

/* What is wrong with the page; NULL: nothing. */
static inline const char *htmlcheck(const char *page)
{
	static const char doctype[] = "<!doctype html>\n";
	struct htmlcheck h = { .p = page };

	if (!htmlcheck_begins(page, doctype))
		return "no doctype";
	for (h.p += strlen(doctype); *h.p && !h.wrong;) {
		if (htmlcheck_begins(h.p, "</"))
			htmlcheck_close(&h);
		else if (*h.p == '<')
			htmlcheck_open(&h);
		else if (*h.p == '&')
			htmlcheck_entity(&h);
		else if (*h.p == '>' || htmlcheck_steers(h.p))
			h.wrong = "a character that text must not have";
		else
			h.p++;
	}
	return h.wrong ? h.wrong : h.depth ? "an element that is never closed" : NULL;
}

#endif
