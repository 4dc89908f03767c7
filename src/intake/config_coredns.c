/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Corefiles of CoreDNS (1.13): the plugins forward and unbound. Sockets of forward are the
 * kernel's choice, kept for the next queries while they are used, and given up when no answer comes
 * (plugin/pkg/proxy/persistent.go and connect.go).
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "intake/config_brace.h"
#include "intake/config_kinds.h"
#include "intake/config_unbound.h"

static const struct config_brace_syntax corefile = { .lines = true };

struct coredns {
	struct config_reader *r;
	const struct config_brace_block *top;
	const char *directory;	/* of the Corefile: imports are relative to it */
	bool root;		/* in a server block of the root */
	bool forwards, unbound; /* plugins that were met */
};

/* Plugins that send queries: one row each. */
static void read_forward(struct coredns *c, const struct config_brace_stmt *s);
static void read_unbound(struct coredns *c, const struct config_brace_stmt *s);

static const struct {
	const char *word;
	void (*read)(struct coredns *c, const struct config_brace_stmt *s);
} plugins[] = {
	{ "forward", read_forward },
	{ "proxy", read_forward }, /* until 1.5.0, with the same words in front */
	{ "unbound", read_unbound },
};

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Behind "scheme://"; *ret_tcp: one that does not go over UDP. */
static const char *behind_scheme(const char *to, bool *ret_tcp)
{
	const char *sign = strstr(to, "://");

	*ret_tcp = sign && !starts(to, "dns://");
	return sign ? sign + 3 : to;
}

/* "192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:5353", with "%zone". */
static bool read_server(const char *text, struct addr *ret)
{
	char host[ADDR_TEXT];
	bool bracket = *text == '[';
	const char *colon = strchr(text, ':'), *end;
	unsigned long port = 0;

	if (bracket)
		end = strchr(text, ']');
	else
		end = colon && strchr(colon + 1, ':') ? NULL : colon;
	if (!end)
		end = text + strlen(text);
	if ((size_t)(end - text) >= sizeof(host))
		return false;
	memcpy(host, text + bracket, (size_t)(end - text) - bracket);
	host[(size_t)(end - text) - bracket] = '\0';
	host[strcspn(host, "%")] = '\0';
	if (addr_parse(host, ret) < 0)
		return false;
	colon = *end == ']' ? end + 1 : end;
	if (*colon == ':')
		port = strtoul(colon + 1, NULL, 10);
	ret->port = port <= UINT16_MAX ? (uint16_t)port : 0;
	return true;
}

static void add_server(struct coredns *c, const struct addr *a)
{
	if (c->root && c->r->audit->forwards.n < CONFIG_POOLS_MOST)
		vec_push(c->r->arena, &c->r->audit->forwards, *a);
}

/* The "nameserver" lines of a resolv.conf. */
static void read_resolv(struct coredns *c, const char *path, const struct pool_line *at)
{
	struct span text, line;
	struct addr a;

	if (config_open(c->r, path, at, &text) < 0)
		return;
	while (config_next_line(&text, &line)) {
		char *word = arena_printf(c->r->arena, "%.*s", (int)line.n, (const char *)line.p);

		if (!starts(word, "nameserver"))
			continue;
		word += strlen("nameserver");
		word += strspn(word, " \t");
		word[strcspn(word, " \t#;")] = '\0';
		if (addr_parse(word, &a) == 0)
			add_server(c, &a);
	}
}

static void read_to(struct coredns *c, const char *to, const struct pool_line *at)
{
	bool tcp;
	const char *host = behind_scheme(to, &tcp);
	struct addr a;

	if (tcp)
		config_remark(c->r, "tcp-only", at, to);
	if (read_server(host, &a))
		add_server(c, &a);
	else if (*host == '/' || *host == '.')
		read_resolv(c, config_path(c->r, c->directory, host), at);
	else
		config_remark(c->r, "forward-name", at, to);
}

/* "forward FROM TO... { OPTIONS }" */
static void read_forward(struct coredns *c, const struct config_brace_stmt *s)
{
	const struct config_brace_block *block = config_brace_block(s);
	const struct config_brace_stmt *expire = config_brace_find(block, "expire");
	const struct config_brace_stmt *tcp = config_brace_find(block, "force_tcp");
	struct pool_line at = config_brace_line(c->r, s);
	bool root = c->root;

	c->root = root && strcmp(config_brace_word(s, 1), ".") == 0;
	for (size_t i = 2; i < s->items.n && s->items.v[i].word; i++)
		read_to(c, config_brace_word(s, i), &at);
	c->root = root;
	c->forwards = true;
	if (expire)
		at = config_brace_line(c->r, expire);
	config_remark(c->r, "sockets-kept", &at, expire ? config_brace_word(expire, 1) : "10s");
	if (!tcp)
		return;
	at = config_brace_line(c->r, tcp);
	config_remark(c->r, "tcp-only", &at, NULL);
}

/* "unbound [FROM] { option NAME VALUE; config FILE }", a plugin that is built in on demand. */
static void read_unbound(struct coredns *c, const struct config_brace_stmt *s)
{
	struct pool_line at = config_brace_line(c->r, s);
	struct config_unbound_from from = { .wanted_by = &at };
	struct VEC(struct pool_line) extras = { 0 };

	c->unbound = true;
	vec_each (const struct config_brace_stmt, o, config_brace_block(s)->stmts) {
		const char *name = config_brace_word(o, 1);
		struct pool_line extra = o->at;

		if (config_brace_is(o, 0, "config"))
			from.path = config_path(c->r, c->directory, name);
		if (!config_brace_is(o, 0, "option"))
			continue;
		extra.text = arena_printf(c->r->arena, "%.*s: %s", (int)strcspn(name, ":"), name,
			config_brace_word(o, 2));
		vec_push(c->r->arena, &extras, extra);
	}
	from.extras = extras.v;
	from.nextras = extras.n;
	if (config_unbound_add(c->r, &from) == 0)
		return;
	from.path = NULL;
	config_unbound_add(c->r, &from);
}

static void read_block(struct coredns *c, const struct config_brace_block *b);

/* "(name) { ... }", which an import of that name stands for. */
static const struct config_brace_block *snippet(const struct coredns *c, const char *name)
{
	vec_each (const struct config_brace_stmt, s, c->top->stmts) {
		const char *word = config_brace_word(s, 0);
		size_t n = strlen(name);

		if (*word == '(' && strncmp(word + 1, name, n) == 0 &&
			strcmp(word + 1 + n, ")") == 0)
			return config_brace_block(s);
	}
	return NULL;
}

static void import_files(struct coredns *c, const struct config_brace_stmt *s,
	void (*read)(struct coredns *c, const struct config_brace_block *b))
{
	const char *name = config_path(c->r, c->directory, config_brace_word(s, 1));
	const char *alone[] = { name, NULL };
	const char **names =
		strpbrk(name, "*?[") ? c->r->host->match(c->r->host, c->r->arena, name) : alone;
	struct pool_line at = config_brace_line(c->r, s);

	for (; *names; names++) {
		struct config_brace_file file = { *names, &at };
		const struct config_brace_block *b;

		if (config_brace_read(c->r, &corefile, file, &b) == 0)
			read(c, b);
	}
}

/* What stands in an import: plugins in a server block, server blocks outside. */
static void import(struct coredns *c, const struct config_brace_stmt *s,
	void (*read)(struct coredns *c, const struct config_brace_block *b))
{
	const struct config_brace_block *b = snippet(c, config_brace_word(s, 1));

	c->r->depth++;
	if (!b)
		import_files(c, s, read);
	else if (c->r->depth <= CONFIG_DEPTH_MOST)
		read(c, b);
	c->r->depth--;
}

/* A key of a server block, "[scheme://]ZONE[:PORT]", is the root's. */
static bool is_root_key(const char *key)
{
	bool tcp;
	const char *zone = behind_scheme(key, &tcp);

	return *zone == '.' ? !zone[1] || strchr(":,", zone[1]) : *zone == ':';
}

static bool is_root(const struct config_brace_stmt *s)
{
	for (size_t i = 0; i < s->items.n && s->items.v[i].word; i++)
		if (is_root_key(s->items.v[i].word))
			return true;
	return false;
}

static void read_plugin(struct coredns *c, const struct config_brace_stmt *s)
{
	for (size_t i = 0; i < ARRAY_LEN(plugins); i++)
		if (config_brace_is(s, 0, plugins[i].word))
			plugins[i].read(c, s);
}

/* Plugins of a server block, a snippet or an import. */
static void read_block(struct coredns *c, const struct config_brace_block *b)
{
	vec_each (const struct config_brace_stmt, s, b->stmts) {
		if (config_brace_is(s, 0, "import"))
			import(c, s, read_block);
		else
			read_plugin(c, s);
	}
}

/*
 * Server blocks. A file of a single one may leave its braces out: then its key is a statement
 * without a block, and the plugins are the file's.
 */
static void read_servers(struct coredns *c, const struct config_brace_block *file)
{
	bool bare = false;

	vec_each (const struct config_brace_stmt, s, file->stmts) {
		const char *last = config_brace_word(s, s->items.n - 1);

		if (*config_brace_word(s, 0) == '(')
			continue;
		if (bare) {
			read_plugin(c, s);
			continue;
		}
		c->root = is_root(s);
		if (config_brace_is(s, 0, "import"))
			import(c, s, read_servers);
		else if (!*last)
			read_block(c, config_brace_block(s));
		else
			bare = !strchr(last, ',');
	}
}

int config_coredns_read(struct config_reader *r, struct audit *ret)
{
	struct coredns c = { .r = r };
	struct pool *p;
	int err = config_brace_read(
		r, &corefile, (struct config_brace_file){ r->file->path, NULL }, &c.top);

	if (err)
		return err;
	ret->assumed = ret->version ? NULL : "1.13.0";
	c.directory = r->file->path ? config_dir(r, r->file->path) : NULL;
	read_servers(&c, c.top);
	if (c.unbound && !c.forwards)
		return 0;
	if (!c.forwards)
		config_remark(r, "no-upstream", NULL, NULL);
	p = config_pool(r);
	p->ports = config_kernel_ports(r);
	p->kernel = true;
	p->per_try = PER_TRY_FRESH;
	return 0;
}
