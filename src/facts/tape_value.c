/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values as a tape writes them, and names that a tape repeats. */
#include "facts/tape_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* Names that a hostile tape makes collide are kept twice rather than sought for long. */
enum { NAME_STEPS = 32 };

const char *tape_addr_text(const struct addr *a, char *buf)
{
	char ip[ADDR_TEXT] = "*", scope[16] = "", port[16] = "";
	struct addr plain = *a;

	plain.scope = 0;
	if (a->family != ADDR_NONE)
		addr_text(&plain, ip);
	if (a->scope)
		snprintf(scope, sizeof(scope), "%%%u", (unsigned int)a->scope);
	if (a->port)
		snprintf(port, sizeof(port), "#%u", (unsigned int)a->port);
	snprintf(buf, TAPE_ADDR_TEXT, "%s%s%s", ip, scope, port);
	return buf;
}

/* Cuts "mark" and the number behind it from the end of text. false: it is no such number. */
static bool cut_number(char *text, char mark, uint32_t most, uint32_t *ret)
{
	char *p = strrchr(text, mark), *end;
	unsigned long v;

	if (!p)
		return true;
	if (p[1] < '0' || p[1] > '9')
		return false;
	v = strtoul(p + 1, &end, 10);
	if (*end || v > most)
		return false;
	*p = '\0';
	*ret = (uint32_t)v;
	return true;
}

int tape_addr_parse(const char *from, struct addr *ret)
{
	uint32_t scope = 0, port = 0;
	char text[TAPE_ADDR_TEXT];
	struct addr a = { 0 };
	size_t n = strlen(from);

	if (n >= sizeof(text))
		return -ERR_PARSE;
	memcpy(text, from, n + 1);
	if (!cut_number(text, '#', UINT16_MAX, &port) ||
		!cut_number(text, '%', UINT32_MAX, &scope) || strpbrk(text, "#%"))
		return -ERR_PARSE;
	if (strcmp(text, "*") != 0 && addr_parse(text, &a) < 0)
		return -ERR_PARSE;
	a.port = (uint16_t)port;
	a.scope = scope;
	*ret = a;
	return 0;
}

static size_t name_slot(const struct tape_names *names, const struct name *n)
{
	/* FNV-1a (RFC 9923). */
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < n->len; i++)
		hash = (hash ^ n->wire[i]) * 0x100000001b3U;
	return (size_t)(hash ^ hash >> 32) & (names->cap - 1);
}

/* Where the name is or would be; NULL when the way there is too long. */
static const struct name **name_find(const struct tape_names *names, const struct name *n)
{
	size_t slot = name_slot(names, n);

	for (size_t i = 0; i < NAME_STEPS && i < names->cap; i++) {
		const struct name **p = &names->v[(slot + i) & (names->cap - 1)];

		if (!*p || name_same_case(*p, n))
			return p;
	}
	return NULL;
}

static void names_grow(struct arena *a, struct tape_names *names)
{
	struct tape_names grown = { .n = names->n, .cap = names->cap ? names->cap * 2 : 64 };

	grown.v = arena_alloc(a, grown.cap * sizeof(const struct name *));
	for (size_t i = 0; i < names->cap; i++) {
		const struct name **p = names->v[i] ? name_find(&grown, names->v[i]) : NULL;

		if (p)
			*p = names->v[i];
	}
	*names = grown;
}

const struct name *tape_name_keep(struct tape_names *names, struct arena *a, const struct name *n)
{
	const struct name **p;

	if (names->n * 2 >= names->cap)
		names_grow(a, names);
	p = name_find(names, n);
	if (!p)
		return name_keep(a, n);
	if (!*p) {
		*p = name_keep(a, n);
		names->n++;
	}
	return *p;
}
