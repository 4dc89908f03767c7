/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resolvers that this host is configured to use. */
#include "cli/resolvconf.h"

#include <stdlib.h>
#include <string.h>

#include "cli/file.h"

enum { DNS_PORT = 53, SERVERS_MOST = 3, NDOTS_MOST = 15 };

#define SPACE " \t\r"
#define NDOTS "ndots:"

/* Calls take for the words of each line. */
static void each_line(
	struct arena *a, void *user, void (*take)(void *user, const char *key, char *words))
{
	struct span text = { 0 };
	char *save = NULL;

	(void)file_read(a, "/etc/resolv.conf", &text);
	for (char *line = strtok_r(arena_strn(a, text.p, text.n), "\n", &save); line;
		line = strtok_r(NULL, "\n", &save)) {
		char *words = NULL, *key = strtok_r(line, SPACE, &words);

		if (key)
			take(user, key, words);
	}
}

struct reading {
	struct arena *arena;
	struct resolvconf list;
	struct resolvsearch search;
};

static void take_server(void *user, const char *key, char *words)
{
	struct reading *r = user;
	char *save = NULL, *value = strtok_r(words, SPACE, &save);
	struct addr addr;

	if (value && strcmp(key, "nameserver") == 0 && r->list.n < SERVERS_MOST &&
		addr_parse(value, &addr) == 0)
		vec_push(r->arena, &r->list, addr_with_port(addr, DNS_PORT));
}

struct resolvconf resolvconf_read(struct arena *a)
{
	struct reading r = { .arena = a };
	struct addr addr;

	each_line(a, &r, take_server);
	if (!r.list.n && addr_parse("127.0.0.1", &addr) == 0)
		vec_push(a, &r.list, addr_with_port(addr, DNS_PORT));
	return r.list;
}

static void take_ndots(struct reading *r, const char *option)
{
	unsigned long n;

	if (strncmp(option, NDOTS, strlen(NDOTS)) != 0)
		return;
	n = strtoul(option + strlen(NDOTS), NULL, 10);
	r->search.ndots = n > NDOTS_MOST ? NDOTS_MOST : (unsigned int)n;
}

static void take_search(void *user, const char *key, char *words)
{
	struct reading *r = user;
	bool names = strcmp(key, "search") == 0 || strcmp(key, "domain") == 0;
	char *save = NULL;

	if (names)
		r->search.domains = (struct VEC_domains){ 0 };
	for (char *w = strtok_r(words, SPACE, &save); w; w = strtok_r(NULL, SPACE, &save)) {
		if (names)
			vec_push(r->arena, &r->search.domains, w);
		else if (strcmp(key, "options") == 0)
			take_ndots(r, w);
	}
}

struct resolvsearch resolvconf_search(struct arena *a)
{
	struct reading r = { .arena = a, .search = { .ndots = 1 } };

	each_line(a, &r, take_search);
	return r.search;
}
