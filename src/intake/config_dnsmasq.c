/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dnsmasq: lines of "option=value" (src/option.c, network.c and forward.c of v2.42 to v2.92).
 *
 * A query and its retries go out from one port, of min-port .. max-port, or of the kernel's range
 * when none of the two is set (since 2.85; 1024 .. 65535 before, whatever the man page says of
 * later ones). port-limit (2.88) lets a query have more ports than one. query-port is one port for
 * all; 0 is one of the kernel's, or of min-port .. max-port, for the life of the process, as all of
 * them had it before 2.43. Files may set each of these once.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "intake/config_kinds.h"
#include "intake/config_pairs.h"
#include "intake/config_part.h"

enum {
	DNS_PORT = 53,
	LOWEST = 1024, /* MIN_PORT of dns-protocol.h; and ip_unprivileged_port_start's default */
	HIGHEST = 65535,
	SERVERS = 4096, /* that are looked at */
};

enum setting { MIN, MAX, QUERY, LIMIT, USER, SETTINGS };

static const char *const names[] = {
	[MIN] = "min-port",
	[MAX] = "max-port",
	[QUERY] = "query-port",
	[LIMIT] = "port-limit",
	[USER] = "user",
};

_Static_assert(ARRAY_LEN(names) == SETTINGS, "a name for every setting");

struct server {
	struct addr addr;
	bool all;	 /* for all domains */
	bool has_source; /* "@": then query-port does not count */
	uint16_t source; /* its port; 0: none */
	struct pool_line at;
};

struct dnsmasq {
	struct config_reader *r;
	struct {
		const char *text; /* NULL: not set */
		struct pool_line at;
	} v[SETTINGS];
	uint16_t lo, hi; /* of the range; 0: the kernel's */
	bool no_resolv;
	struct VEC(struct pool_line) resolv; /* text: the file */
	struct VEC(struct server) servers;
	struct VEC(const char *) seen; /* files: none is read twice */
};

static const struct config_pairs_rules rules = {
	.comments = "", .comment_behind = true, .quotes = true
};

static void read_file(struct dnsmasq *d, const char *path, const struct pool_line *wanted_by);

static uint16_t port_of(struct dnsmasq *d, enum setting s)
{
	uint16_t port;

	if (!d->v[s].text)
		return 0;
	if (!config_part_port(d->v[s].text, &port))
		return port;
	config_remark(d->r, "refused-option", &d->v[s].at, d->v[s].text);
	return 0;
}

/* "*suffix" items are those of which one must match; the others must not. No '*' alone. */
static bool suffixes_want(const char *name, const char *list)
{
	bool must = false, match = false;
	size_t n = strlen(name);

	while (*list) {
		size_t size = strcspn(list, ","), skip = *list == '*';
		const char *suffix = list + skip;
		size_t length = size - skip;
		bool ends = length && n > length && strncmp(name + n - length, suffix, length) == 0;

		if (ends && !skip)
			return false;
		must = must || (skip && length);
		match = match || ends;
		list += size + (list[size] == ',');
	}
	return !must || match;
}

/* option.c '7': no hidden ones, no emacs' backups; and no folders. */
static bool wants_file(const char *path, const char *suffixes)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t n = strlen(name);

	if (n == 0 || name[n - 1] == '~' || (*name == '#' && name[n - 1] == '#'))
		return false;
	return suffixes_want(name, suffixes);
}

static void read_dir(struct dnsmasq *d, const char *value, const struct pool_line *at)
{
	size_t n = strcspn(value, ",");
	const char *suffixes = value + n + (value[n] == ',');
	const char *dir;

	while (n > 1 && value[n - 1] == '/')
		n--;
	dir = arena_printf(d->r->arena, "%.*s", (int)n, value);
	for (const char **f = config_part_files(d->r, dir, "*"); *f; f++)
		if (wants_file(*f, suffixes) && !*config_part_files(d->r, *f, "."))
			read_file(d, *f, at);
}

/* The end of a text that a mark divides, and the text ends there; NULL: no such mark. */
static char *split(char *text, char mark)
{
	char *at = strchr(text, mark);

	if (at)
		*at++ = '\0';
	return at;
}

/* "address%scope#port@interface@source#port": parse_server(). */
static void add_server(struct dnsmasq *d, const char *value, struct server *s)
{
	char *text = arena_str(d->r->arena, value);
	char *source = split(text, '@');
	char *source_port = source ? split(source, '#') : NULL, *port = split(text, '#');
	uint16_t to = DNS_PORT;

	s->has_source = source != NULL;
	split(text, '%');
	if ((source_port && config_part_port(source_port, &s->source)) ||
		(port && config_part_port(port, &to)))
		config_remark(d->r, "refused-option", &s->at, value);
	if (config_part_addr(text, '#', to, &s->addr)) {
		config_remark(d->r, "forward-name", &s->at, text);
		return;
	}
	if (d->servers.n < SERVERS)
		vec_push(d->r->arena, &d->servers, *s);
}

/*
 * "/domain/domain/server": "" among the domains means names without dots, "#" all. Without a server
 * it is an answer from here, and "#" says: as other names.
 */
static void take_server(struct dnsmasq *d, const struct config_pair *pair)
{
	char *text = arena_str(d->r->arena, pair->value);
	struct server s = { .all = *text != '/', .at = pair->at };

	while (*text == '/' && strchr(text + 1, '/')) {
		char *end = strchr(text + 1, '/');

		s.all = s.all || (end - text == 2 && text[1] == '#');
		text = end;
	}
	text += *text == '/';
	if (*text && strcmp(text, "#") != 0)
		add_server(d, text, &s);
}

/* "network,server" */
static void take_reverse(struct dnsmasq *d, const struct config_pair *pair)
{
	const char *comma = strchr(pair->value, ',');
	struct server s = { .at = pair->at };

	if (comma && comma[1])
		add_server(d, comma + 1, &s);
}

static void take_conf_file(struct dnsmasq *d, const struct config_pair *pair)
{
	read_file(d, pair->value, &pair->at);
}

static void take_conf_dir(struct dnsmasq *d, const struct config_pair *pair)
{
	read_dir(d, pair->value, &pair->at);
}

static void take_script(struct dnsmasq *d, const struct config_pair *pair)
{
	config_remark(d->r, "computed", &pair->at, NULL);
	d->r->audit->unread = true;
}

static void take_resolv(struct dnsmasq *d, const struct config_pair *pair)
{
	vec_push(d->r->arena, &d->resolv,
		(struct pool_line){ pair->at.file, pair->at.line, pair->value });
}

static void take_pair(struct dnsmasq *d, const struct config_pair *pair)
{
	static const struct {
		const char *name;
		void (*take)(struct dnsmasq *d, const struct config_pair *pair);
	} options[] = {
		{ "conf-dir", take_conf_dir },
		{ "conf-file", take_conf_file },
		{ "conf-script", take_script },
		{ "local", take_server },
		{ "resolv-file", take_resolv },
		{ "rev-server", take_reverse },
		{ "server", take_server },
		{ "servers-file", take_conf_file },
	};

	if (strcmp(pair->key, "no-resolv") == 0)
		d->no_resolv = true;
	if (!pair->value || !*pair->value)
		return;
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (strcmp(options[i].name, pair->key) == 0)
			options[i].take(d, pair);
	for (enum setting s = 0; s < SETTINGS; s++) {
		if (strcmp(names[s], pair->key) != 0)
			continue;
		if (d->v[s].text) /* ARG_ONE: "illegal repeated keyword" */
			config_remark(d->r, "refused-option", &pair->at, names[s]);
		d->v[s].text = pair->value;
		d->v[s].at = pair->at;
	}
}

static bool seen(struct dnsmasq *d, const char *path)
{
	vec_each (const char *, known, d->seen)
		if (strcmp(*known, path) == 0)
			return true;
	vec_push(d->r->arena, &d->seen, arena_str(d->r->arena, path));
	return false;
}

static void read_bytes(struct dnsmasq *d, const char *path, struct span bytes)
{
	struct config_pairs pairs = {
		.arena = d->r->arena, .rules = &rules, .file = path, .rest = bytes
	};
	struct config_pair pair;

	d->r->depth++;
	while (config_pairs_next(&pairs, &pair))
		take_pair(d, &pair);
	d->r->depth--;
}

static void read_file(struct dnsmasq *d, const char *path, const struct pool_line *wanted_by)
{
	struct span bytes;

	if (!seen(d, path) && !config_open(d->r, path, wanted_by, &bytes))
		read_bytes(d, path, bytes);
}

/*
 * The range that ports are bound in; 0 and 0: the kernel's. dnsmasq.c of 2.85: one end alone makes
 * the other 1024 or 65535; network.c of 2.43 and 2.44: min-port itself is not drawn.
 */
static void find_range(struct dnsmasq *d)
{
	uint16_t lo = port_of(d, MIN), hi = port_of(d, MAX);

	if (hi && !config_since(d->r, "2.76")) {
		config_remark(d->r, "refused-option", &d->v[MAX].at, names[MAX]);
		hi = 0;
	}
	if (hi && hi < lo) {
		config_remark(d->r, "refused-option", &d->v[MAX].at, names[MAX]);
		lo = hi = 0;
	}
	if (!lo && !hi && config_since(d->r, "2.85"))
		return;
	if (lo && lo < HIGHEST && !config_since(d->r, "2.45"))
		lo++;
	lo = lo ? lo : LOWEST;
	hi = hi ? hi : HIGHEST;
	if (hi < lo) /* max-port alone, below 1024 */
		config_remark(d->r, "refused-option", &d->v[MAX].at, names[MAX]);
	hi = hi < lo ? HIGHEST : hi;
	/* bind() refuses lower ones to all but root, and another is drawn. */
	if (lo < LOWEST && (!d->v[USER].text || strcmp(d->v[USER].text, "root") != 0)) {
		config_remark(d->r, "low-ports", &d->v[MIN].at, NULL);
		lo = hi < LOWEST ? lo : LOWEST;
	}
	d->lo = lo;
	d->hi = hi;
}

static void add_lines(struct dnsmasq *d, struct pool *p, enum setting first, enum setting last)
{
	for (enum setting s = first; s <= last; s++)
		if (d->v[s].text)
			config_line(d->r, p, &d->v[s].at);
}

/* Whether a query may have several ports, one a try. */
static bool fresh(struct dnsmasq *d)
{
	return d->v[LIMIT].text && strtoul(d->v[LIMIT].text, NULL, 10) > 1 &&
	       config_since(d->r, "2.88");
}

static void random_ports(struct dnsmasq *d, struct pool *p)
{
	p->per_try = fresh(d) ? PER_TRY_FRESH : PER_TRY_REUSED;
	p->kernel = !d->lo;
	p->ports = d->lo ? config_range(d->r, d->lo, d->hi) : config_kernel_ports(d->r);
	add_lines(d, p, MIN, MAX);
	add_lines(d, p, LIMIT, LIMIT);
}

/*
 * A socket that is bound once and kept: local_bind() takes a port of the range since 2.83, and left
 * it to the kernel before.
 */
static void kept_port(struct dnsmasq *d, struct pool *p)
{
	if (config_since(d->r, "2.83")) {
		random_ports(d, p);
	} else {
		p->kernel = true;
		p->ports = config_kernel_ports(d->r);
	}
	p->life = 1;
	p->per_try = PER_TRY_REUSED;
}

static void one_port(struct dnsmasq *d, struct pool *p, uint16_t port)
{
	p->per_try = PER_TRY_REUSED;
	p->fixed = true;
	p->ports = config_range(d->r, port, port);
}

/* query-port=0, or none before 2.43: one socket that keeps what it was bound to. */
static bool one_for_life(struct dnsmasq *d)
{
	if (!config_since(d->r, "2.43"))
		return port_of(d, QUERY) == 0;
	return d->v[QUERY].text && port_of(d, QUERY) == 0;
}

static void add_pool(struct dnsmasq *d)
{
	uint16_t port = port_of(d, QUERY);
	struct pool *p = config_pool(d->r);

	if (port)
		one_port(d, p, port);
	else if (one_for_life(d))
		kept_port(d, p);
	else
		random_ports(d, p);
	add_lines(d, p, QUERY, QUERY);
}

/*
 * For one server: option.c of 2.90 takes query-port only for servers without "@". Before 2.85 such
 * a server has a socket of its own for life (allocate_sfd()), since then only with query-port=0.
 */
static void add_server_pool(struct dnsmasq *d, const struct server *s)
{
	bool kept = !config_since(d->r, "2.85") || one_for_life(d);
	struct pool *p;

	if (!s->has_source || (!s->source && !kept && !port_of(d, QUERY)))
		return;
	p = config_pool(d->r);
	p->family = s->addr.family;
	p->only = addr_with_port(s->addr, 0);
	p->only_bits = s->addr.family == ADDR_V4 ? 32 : 128;
	if (s->source)
		one_port(d, p, s->source);
	else if (kept)
		kept_port(d, p);
	else
		random_ports(d, p);
	config_line(d->r, p, &s->at);
}

/* resolv.conf(5): "nameserver address". */
static void read_resolv(struct dnsmasq *d, const char *path, const struct pool_line *wanted_by)
{
	struct span bytes, line;

	if (config_open(d->r, path, wanted_by, &bytes))
		return;
	while (config_next_line(&bytes, &line)) {
		char *text = arena_printf(d->r->arena, "%.*s", (int)line.n, (const char *)line.p);
		char *rest = NULL, *word = strtok_r(text, " \t", &rest);
		struct addr server;

		if (!word || strcmp(word, "nameserver") != 0)
			continue;
		word = strtok_r(NULL, " \t", &rest);
		if (word && !config_part_addr(word, '#', DNS_PORT, &server))
			config_part_forward(d->r, &server);
	}
}

static void add_forwards(struct dnsmasq *d)
{
	vec_each (struct server, s, d->servers)
		if (s->all)
			config_part_forward(d->r, &s->addr);
	if (d->no_resolv)
		return;
	vec_each (struct pool_line, at, d->resolv)
		read_resolv(d, at->text, at);
	if (!d->resolv.n)
		read_resolv(d, "/etc/resolv.conf", NULL);
}

/*
 * Debian's init script adds "-7 $CONFIG_DIR" of /etc/default/dnsmasq to the command line: its files
 * are read before the main one.
 */
static void read_debian(struct dnsmasq *d)
{
	struct config_pairs pairs = {
		.arena = d->r->arena, .rules = &rules, .file = "/etc/default/dnsmasq"
	};
	struct config_pair pair;

	if (config_open(d->r, pairs.file, NULL, &pairs.rest))
		return;
	while (config_pairs_next(&pairs, &pair))
		if (strcmp(pair.key, "CONFIG_DIR") == 0 && pair.value)
			read_dir(d, pair.value, &pair.at);
}

int config_dnsmasq_read(struct config_reader *r, struct audit *ret)
{
	struct dnsmasq d = { .r = r };
	const char *path = r->file->path;
	struct span bytes;

	if (config_open(r, path, NULL, &bytes))
		return -ERR_OPEN;
	if (!ret->version)
		ret->assumed = "2.90";
	if (path && strcmp(path, config_kind_find(ret->software)->file) == 0)
		read_debian(&d);
	if (path && !seen(&d, path))
		read_bytes(&d, path, bytes);
	find_range(&d);
	vec_each (struct server, s, d.servers)
		add_server_pool(&d, s);
	add_pool(&d);
	add_forwards(&d);
	return 0;
}
