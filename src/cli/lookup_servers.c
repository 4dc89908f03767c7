/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which servers a lookup asks: those of its "@" words, or the system's. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "cli/lookup_run.h"
#include "cli/resolvconf.h"

void lookup_complain(const char *why)
{
	fprintf(stderr, "dnsfault lookup: %s\n", why);
}

static bool wanted(const struct digargs *args, const struct addr *a)
{
	return !(args->v4 && a->family != ADDR_V4) && !(args->v6 && a->family != ADDR_V6);
}

int lookup_resolve(struct lookup_run *r, const char *name, struct lookup_servers *ret)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list = NULL;
	const char *hash = strchr(name, '#');
	char *host = arena_str(r->arena, name);
	struct addr port = { .port = r->port };
	size_t before = ret->n;

	if (hash) {
		host[hash - name] = '\0';
		/* The port is read as that of any address. */
		if (addr_parse_port(arena_printf(r->arena, "0.0.0.0%s", hash), &port))
			return -ERR_PARSE;
	}
	if (getaddrinfo(host, NULL, &hints, &list))
		return -ERR_NONE;
	for (const struct addrinfo *i = list; i; i = i->ai_next) {
		struct addr a = addr_with_port(addr_from_sockaddr(i->ai_addr), port.port);

		if (a.family != ADDR_NONE && wanted(r->args, &a))
			vec_push(r->arena, ret, (struct lookup_server){ a, host });
	}
	freeaddrinfo(list);
	return ret->n > before ? 0 : -ERR_NONE;
}

/* One "@" word. */
static int add_server(struct lookup_run *r, const char *word, struct lookup_servers *ret)
{
	struct addr a;
	int err;

	if (!addr_parse_port(word, &a)) {
		char text[ADDR_TEXT];

		if (!a.port)
			a.port = r->port;
		if (wanted(r->args, &a))
			vec_push(r->arena, ret,
				(struct lookup_server){
					a, arena_str(r->arena, addr_text(&a, text)) });
		return 0;
	}
	err = lookup_resolve(r, word, ret);
	if (err)
		lookup_complain(
			arena_printf(r->arena, "couldn't get address for '%s': not found", word));
	return err;
}

/* Those of /etc/resolv.conf. */
static void add_resolvers(struct lookup_run *r, struct lookup_servers *ret)
{
	struct resolvconf conf = resolvconf_read(r->arena);
	char text[ADDR_TEXT];

	for (size_t i = 0; i < conf.n; i++) {
		struct addr a = addr_with_port(conf.v[i], r->port);

		if (wanted(r->args, &a))
			vec_push(r->arena, ret,
				(struct lookup_server){
					a, arena_str(r->arena, addr_text(&a, text)) });
	}
}

int lookup_servers_of(struct lookup_run *r, const struct digargs_lookup *l,
	struct lookup_servers *ret, size_t *ret_named)
{
	*ret_named = 0;
	r->port = lookup_port(r->args, l);
	for (size_t i = 0; i < l->servers.n; i++) {
		size_t before = ret->n;
		int err = add_server(r, l->servers.v[i], ret);

		if (err)
			return err;
		if (i < l->servers_before)
			*ret_named = ret->n - before;
	}
	if (!l->servers.n)
		add_resolvers(r, ret);
	return 0;
}
