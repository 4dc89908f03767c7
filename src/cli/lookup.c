/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verb lookup: dig's hands, dig's page, and what the reply means. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/err.h"
#include "cli/file.h"
#include "cli/lookup_run.h"
#include "cli/resolvconf.h"
#include "cli/verb.h"
#include "dns/name.h"
#include "net/real.h"

static void complain(const char *why)
{
	fprintf(stderr, "dnsfault lookup: %s\n", why);
}

static bool wanted(const struct digargs *args, const struct addr *a)
{
	return !(args->v4 && a->family != ADDR_V4) && !(args->v6 && a->family != ADDR_V6);
}

/* All addresses of a server's name, as the system resolves it. */
static int resolve(struct lookup_run *r, const char *name, struct lookup_servers *ret)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list = NULL;
	const char *hash = strchr(name, '#');
	char *host = arena_str(r->arena, name);
	struct addr port = { .port = r->args->port };
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
			a.port = r->args->port;
		if (wanted(r->args, &a))
			vec_push(r->arena, ret,
				(struct lookup_server){
					a, arena_str(r->arena, addr_text(&a, text)) });
		return 0;
	}
	err = resolve(r, word, ret);
	if (err)
		complain(arena_printf(r->arena, "couldn't get address for '%s': not found", word));
	return err;
}

/* Those of /etc/resolv.conf. */
static void add_resolvers(struct lookup_run *r, struct lookup_servers *ret)
{
	struct resolvconf conf = resolvconf_read(r->arena);
	char text[ADDR_TEXT];

	for (size_t i = 0; i < conf.n; i++) {
		struct addr a = addr_with_port(conf.v[i], r->args->port);

		if (wanted(r->args, &a))
			vec_push(r->arena, ret,
				(struct lookup_server){
					a, arena_str(r->arena, addr_text(&a, text)) });
	}
}

/*
 * The servers of one lookup: those it names, or the system's. 0 or an error, said. *ret_named: how
 * many addresses dig counts in its banner.
 */
static int servers_of(struct lookup_run *r, const struct digargs_lookup *l,
	struct lookup_servers *ret, size_t *ret_named)
{
	*ret_named = 0;
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

static const char *bad_name(const char *name)
{
	if (!*name)
		return "it is empty";
	if (*name == '.' || strstr(name, ".."))
		return "empty label";
	return "a label over 63 octets, a name over 255, or a bad escape";
}

static int one(
	struct lookup_run *r, const struct digargs_lookup *l, const struct lookup_servers *servers)
{
	struct lookup_target t = { .settings = l, .servers = servers };
	struct lookup_result result;
	struct name name;

	if (name_parse(l->name, &name)) {
		complain(arena_printf(
			r->arena, "'%s' is not a legal name (%s)", l->name, bad_name(l->name)));
		return DIG_VALUE;
	}
	t.question = (struct question){ name_keep(r->arena, &name), l->type, l->class };
	t.shape = lookup_shape(r, l);
	if (l->trace)
		return lookup_trace(r, &t);
	result = lookup_ask(r, &t);
	return lookup_show(r, &t, &result, true);
}

static const char *make_banner(struct lookup_run *r, struct digargs_words words, size_t named)
{
	struct buf b = { .arena = r->arena };

	buf_str(&b, "\n; <<>> dnsfault " DNSFAULT_VERSION " <<>>");
	for (int i = 0; i < words.argc; i++)
		buf_printf(&b, " %s", words.argv[i]);
	buf_char(&b, '\n');
	if (named)
		buf_printf(&b, "; (%zu server%s found)\n", named, named == 1 ? "" : "s");
	buf_str(&b, ";; global options: +cmd\n");
	return buf_text(&b);
}

static int worse(int a, int b)
{
	return a > b ? a : b;
}

/* All lookups in turn, each printed when it is over. */
static int all(struct lookup_run *r, struct digargs_words words)
{
	struct lookup_servers *servers =
		arena_alloc(r->arena, r->args->lookups.n * sizeof(*servers));
	int code = DIG_OK;

	for (size_t i = 0; i < r->args->lookups.n; i++) {
		size_t named;

		if (servers_of(r, &r->args->lookups.v[i], &servers[i], &named))
			return DIG_USAGE;
		if (i == 0 && r->args->cmd && !r->args->yaml && !r->args->json)
			r->banner = make_banner(r, words, named);
	}
	for (size_t i = 0; i < r->args->lookups.n; i++) {
		r->out = (struct buf){ .arena = r->arena };
		code = worse(code, one(r, &r->args->lookups.v[i], &servers[i]));
		if (file_print(buf_span(&r->out)))
			return worse(code, DIG_FILE);
	}
	return code;
}

/* Opens the sockets' loop and draws the command's cookie. */
static int open_run(struct lookup_run *r)
{
	uint64_t seed = 0;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed) ||
		getrandom(r->cookie, sizeof(r->cookie), 0) != sizeof(r->cookie))
		return -ERR_SYSTEM;
	r->rng = rng_seed(seed);
	r->facts = facts_new(r->arena);
	return real_new(r->arena, &r->rng, NULL, &r->wire);
}

static int help(struct arena *a)
{
	struct buf b = { .arena = a };

	digargs_help(&b);
	return file_print(buf_span(&b)) ? DIG_FILE : DIG_OK;
}

static int run(struct arena *a, struct digargs_words words)
{
	struct digargs args;
	struct digargs_fail fail;
	struct lookup_run r = { .arena = a, .args = &args };
	int code;

	if (digargs_parse(a, words, &args, &fail)) {
		complain(fail.why);
		return fail.code;
	}
	if (args.help)
		return help(a);
	if (args.version) {
		static const char text[] = "dnsfault " DNSFAULT_VERSION "\n";

		return file_print((struct span){ (const uint8_t *)text, sizeof(text) - 1 })
			       ? DIG_FILE
			       : DIG_OK;
	}
	fputs(buf_text(&args.notes), stderr);
	if (open_run(&r)) {
		complain("cannot open the network");
		return DIG_NO_REPLY;
	}
	code = all(&r, words);
	r.wire->ops->free(r.wire);
	return code;
}

int lookup_main(int argc, char **argv)
{
	struct arena *a = arena_new();
	int code = run(a, (struct digargs_words){ argc, argv });

	arena_free(a);
	return code;
}
