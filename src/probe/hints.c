// SPDX-License-Identifier: GPL-3.0-or-later
// Where a walk starts: the root servers as IANA publishes them, or a hints file.
#include "probe/walk.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"

/* named.root of 2024-04-18 (root zone 2024041801). */
static const struct {
	char letter;
	const char *v4, *v6;
} roots[] = {
	{ 'a', "198.41.0.4", "2001:503:ba3e::2:30" },
	{ 'b', "170.247.170.2", "2801:1b8:10::b" },
	{ 'c', "192.33.4.12", "2001:500:2::c" },
	{ 'd', "199.7.91.13", "2001:500:2d::d" },
	{ 'e', "192.203.230.10", "2001:500:a8::e" },
	{ 'f', "192.5.5.241", "2001:500:2f::f" },
	{ 'g', "192.112.36.4", "2001:500:12::d0d" },
	{ 'h', "198.97.190.53", "2001:500:1::53" },
	{ 'i', "192.36.148.17", "2001:7fe::53" },
	{ 'j', "192.58.128.30", "2001:503:c27::2:30" },
	{ 'k', "193.0.14.129", "2001:7fd::1" },
	{ 'l', "199.7.83.42", "2001:500:9f::42" },
	{ 'm', "202.12.27.33", "2001:dc3::35" },
};

struct hint_list VEC(struct walk_hint);

static void add(struct arena *a, struct hint_list *list, const char *ns, const char *addr)
{
	struct walk_hint hint = { 0 };
	struct name name;

	if (name_parse(ns, &name) != 0 || addr_parse_port(addr, &hint.addr) != 0)
		return;
	hint.ns = name_keep(a, &name);
	if (!hint.addr.port)
		hint.addr.port = 53;
	vec_push(a, list, hint);
}

const struct walk_hint *walk_root_hints(struct arena *a, size_t *ret_n)
{
	struct hint_list list = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
		char ns[32];

		snprintf(ns, sizeof(ns), "%c.root-servers.net.", roots[i].letter);
		add(a, &list, ns, roots[i].v4);
		add(a, &list, ns, roots[i].v6);
	}
	*ret_n = list.n;
	return list.v;
}

/* One line's record: owner, type and rdata as words. */
struct line {
	char *owner, *type, *rdata;
};

/* TTLs and the class may stand between owner and type (RFC 1035 5.1). */
static bool skippable(const char *word)
{
	return strspn(word, "0123456789") == strlen(word) || strcasecmp(word, "IN") == 0;
}

/* Splits a line; false when it is empty but for comments and directives. -ERR_PARSE in *ret. */
static bool split(char *text, char **owner, struct line *l, int *ret)
{
	bool same = *text == ' ' || *text == '\t';
	char *save = NULL, *word;

	text[strcspn(text, ";\r")] = '\0';
	word = strtok_r(text, " \t", &save);
	if (!word || *word == '$')
		return false;
	if (!same) {
		*owner = word;
		word = strtok_r(NULL, " \t", &save);
	}
	while (word && skippable(word))
		word = strtok_r(NULL, " \t", &save);
	*l = (struct line){ *owner, word, strtok_r(NULL, " \t", &save) };
	*ret = l->owner && l->type && l->rdata ? 0 : -ERR_PARSE;
	return true;
}

/* One record: addresses become hints; NS records only have to be readable. */
static int take(struct arena *a, struct hint_list *list, const struct line *l)
{
	struct name owner, target;
	struct addr addr;

	if (name_parse(l->owner, &owner) != 0)
		return -ERR_PARSE;
	if (strcasecmp(l->type, "NS") == 0)
		return name_parse(l->rdata, &target);
	if (strcasecmp(l->type, "A") != 0 && strcasecmp(l->type, "AAAA") != 0)
		return 0;
	if (addr_parse(l->rdata, &addr) != 0)
		return -ERR_PARSE;
	if ((addr.family == ADDR_V6) != (strlen(l->type) == 4))
		return -ERR_PARSE;
	add(a, list, l->owner, l->rdata);
	return 0;
}

int walk_read_hints(struct arena *a, struct span text, struct walk_plan *plan, size_t *ret_line)
{
	char *at = arena_strn(a, text.p, text.n), *owner = NULL;
	struct hint_list list = { 0 };
	size_t line = 0;

	while (at) {
		char *next = strchr(at, '\n');
		struct line l;
		int err = 0;

		line++;
		if (next)
			*next++ = '\0';
		if (split(at, &owner, &l, &err) && !err)
			err = take(a, &list, &l);
		if (err) {
			*ret_line = line;
			return -ERR_PARSE;
		}
		at = next;
	}
	if (!list.n) {
		*ret_line = line;
		return -ERR_PARSE;
	}
	plan->hints = list.v;
	plan->nhints = list.n;
	return 0;
}
