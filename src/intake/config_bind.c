/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * named.conf of BIND, as bin/named/server.c, lib/isccfg/namedconf.c and lib/dns/dispatch.c of
 * 9.18.50 and 9.21.26 read it. Ports are set per family for the whole process; query-source is one
 * of a view, which clauses of servers go before.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "intake/config_brace.h"
#include "intake/config_kinds.h"

/* 9.21.2's notes: what set ports was removed (GL #3843). */
#define PORTS_REMOVED "9.21.2"

/* check.c refuses a query-source of the port that is listened on (change 5714, GL #2852). */
#define LISTENER_REFUSED "9.16.22"

static const struct config_brace_syntax named_conf = {
	.c_quotes = true,
	.include = "include",
	.directory = "directory",
};

/* The names of what is twofold. */
static const struct family {
	uint8_t family;
	const char *use, *avoid, *source;
} families[] = {
	{ ADDR_V4, "use-v4-udp-ports", "avoid-v4-udp-ports", "query-source" },
	{ ADDR_V6, "use-v6-udp-ports", "avoid-v6-udp-ports", "query-source-v6" },
};

/* What a query-source says. */
struct source {
	const struct config_brace_stmt *stmt; /* NULL: nothing says anything */
	uint16_t port;			      /* 0: any */
	bool none;			      /* the family is not used */
};

struct bind {
	struct config_reader *r;
	const struct config_brace_block *top, *options;
};

struct clause {
	const struct config_brace_stmt *stmt; /* `server ADDRESS[/BITS] { ... }` */
	struct addr block;
	uint8_t bits;
};

/* A number in decimal up to most; -1 for all else. */
static int32_t number(const char *word, int32_t most)
{
	char *end;
	long v = strtol(word, &end, 10);

	return *word < '0' || *word > '9' || *end || v > most ? -1 : (int32_t)v;
}

static void remark(struct bind *b, const char *slug, const struct config_brace_stmt *s)
{
	struct pool_line at = config_brace_line(b->r, s);

	config_remark(b->r, slug, &at, NULL);
}

/* "600", or "range 600 700". */
static bool read_ports(const struct config_brace_stmt *s, struct portrange *ret)
{
	bool range = config_brace_is(s, 0, "range");
	int32_t lo = number(config_brace_word(s, range), UINT16_MAX);
	int32_t hi = range ? number(config_brace_word(s, 2), UINT16_MAX) : lo;

	if (lo < 0 || hi < lo || s->items.n != (range ? 3 : 1))
		return false;
	*ret = (struct portrange){ (uint16_t)lo, (uint16_t)hi };
	return true;
}

static void read_list(struct bind *b, const struct config_brace_stmt *list, struct portset *into)
{
	struct portrange range;

	vec_each (const struct config_brace_stmt, s, config_brace_block(list)->stmts) {
		if (read_ports(s, &range))
			portset_add_range(into, range);
		else
			remark(b, "bad-value", s);
	}
}

/*
 * The process' ports of a family: what use-* lists, else the kernel's range, of v4 for both
 * (isc_net_getudpportrange(); reserved ports are not asked for); and of these none that avoid-*
 * lists. Port 0 would be the kernel's choice, once in many.
 */
static const struct portset *family_ports(struct bind *b, const struct family *f)
{
	const struct config_brace_stmt *use = config_brace_find(b->options, f->use);
	const struct config_brace_stmt *avoid = config_brace_find(b->options, f->avoid);
	struct portset *ports = arena_alloc(b->r->arena, sizeof(*ports));
	struct portset *avoided = arena_alloc(b->r->arena, sizeof(*avoided));

	if (config_since(b->r, PORTS_REMOVED))
		use = avoid = NULL;
	if (use)
		read_list(b, use, ports);
	else
		*ports = *config_kernel_range(b->r);
	if (avoid)
		read_list(b, avoid, avoided);
	portset_minus(ports, avoided);
	portset_remove(ports, 0);
	return ports;
}

/* The lines that family_ports() went by. */
static void family_lines(struct bind *b, const struct family *f, struct pool *p)
{
	const char *names[] = { f->use, f->avoid };

	for (size_t i = 0; i < ARRAY_LEN(names) && !config_since(b->r, PORTS_REMOVED); i++) {
		const struct config_brace_stmt *s = config_brace_find(b->options, names[i]);
		struct pool_line at;

		if (!s)
			continue;
		at = config_brace_line(b->r, s);
		config_line(b->r, p, &at);
	}
}

/* The port that is listened on where none is said. */
static uint16_t listener(const struct bind *b)
{
	const struct config_brace_stmt *s = config_brace_find(b->options, "port");
	int32_t port = s ? number(config_brace_word(s, 1), UINT16_MAX) : -1;

	return port < 0 ? 53 : (uint16_t)port;
}

/* "[address] (ADDRESS | * | none) [port (PORT | *)]" in any order; dscp was once there, too. */
static struct source read_source(struct bind *b, const struct config_brace_stmt *s)
{
	struct source got = { .stmt = s };

	for (size_t i = 1; s && i < s->items.n; i++) {
		int32_t port;

		got.none |= config_brace_is(s, i, "none");
		if (!config_brace_is(s, i, "port"))
			continue;
		port = number(config_brace_word(s, ++i), UINT16_MAX);
		if (port < 0 && strcmp(config_brace_word(s, i), "*") != 0)
			remark(b, "bad-value", s);
		got.port = port > 0 ? (uint16_t)port : 0;
	}
	if (got.port && config_since(b->r, PORTS_REMOVED)) {
		remark(b, "removed-option", s);
		got.port = 0;
	}
	if (got.port && got.port == listener(b) && config_since(b->r, LISTENER_REFUSED))
		remark(b, "refused-option", s);
	return got;
}

static bool same_source(const struct source *a, const struct source *b)
{
	return a->port == b->port && a->none == b->none;
}

static void add_pool(struct bind *b, const struct family *f, const struct source *source,
	const struct clause *only)
{
	struct pool *p;
	struct pool_line at;

	if (source->none) {
		remark(b, "family-off", source->stmt);
		return;
	}
	p = config_pool(b->r);
	p->family = f->family;
	if (only) {
		p->only = only->block;
		p->only_bits = only->bits;
	}
	p->fixed = source->port != 0;
	p->per_try = p->fixed ? PER_TRY_REUSED : PER_TRY_FRESH;
	if (p->fixed) {
		p->ports = config_range(b->r, source->port, source->port);
		at = config_brace_line(b->r, source->stmt);
		config_line(b->r, p, &at);
	} else {
		p->ports = family_ports(b, f);
		p->kernel =
			config_since(b->r, PORTS_REMOVED) || !config_brace_find(b->options, f->use);
		family_lines(b, f, p);
	}
	config_judge(b->r, p);
}

static bool read_clause(const struct config_brace_stmt *s, struct clause *ret)
{
	char text[ADDR_TEXT];
	const char *word = config_brace_word(s, 1), *slash = strchr(word, '/');
	size_t n = slash ? (size_t)(slash - word) : strlen(word);
	int32_t whole, bits;

	if (n >= sizeof(text))
		return false;
	memcpy(text, word, n);
	text[n] = '\0';
	ret->stmt = s;
	if (addr_parse(text, &ret->block) < 0)
		return false;
	whole = ret->block.family == ADDR_V4 ? 32 : 128;
	bits = slash ? number(slash + 1, whole) : whole;
	ret->bits = (uint8_t)bits;
	return bits >= 0;
}

/* The longest prefix goes first, and of these the one that was written first. */
static int by_prefix(const void *a, const void *b)
{
	const struct clause *x = a, *y = b;

	if (x->bits != y->bits)
		return (int)y->bits - (int)x->bits;
	return (x->stmt > y->stmt) - (x->stmt < y->stmt);
}

/* Servers whose clause names a source of their own. */
static void add_clauses(struct bind *b, const struct config_brace_block *block)
{
	struct VEC(struct clause) clauses = { 0 };

	vec_each (const struct config_brace_stmt, s, block->stmts) {
		struct clause c;

		if (!config_brace_is(s, 0, "server"))
			continue;
		if (read_clause(s, &c))
			vec_push(b->r->arena, &clauses, c);
		else
			remark(b, "bad-value", s);
	}
	if (clauses.n)
		qsort(clauses.v, clauses.n, sizeof(*clauses.v), by_prefix);
	vec_each (const struct clause, c, clauses) {
		const struct family *f = &families[c->block.family == ADDR_V6];
		struct source source =
			read_source(b, config_brace_find(config_brace_block(c->stmt), f->source));

		if (source.stmt)
			add_pool(b, f, &source, c);
	}
}

/* A view's statement of the options' kind, or the options' own. */
static const struct config_brace_stmt *effective(
	const struct bind *b, const struct config_brace_block *view, const char *word)
{
	const struct config_brace_stmt *s = view ? config_brace_find(view, word) : NULL;

	return s ? s : config_brace_find(b->options, word);
}

/* A view that only answers for its own zones sends no queries that matter here. */
static bool recurses(const struct bind *b, const struct config_brace_block *view)
{
	const struct config_brace_stmt *s = effective(b, view, "recursion");

	return !s || !(config_brace_is(s, 1, "no") || config_brace_is(s, 1, "false") ||
			     config_brace_is(s, 1, "0"));
}

/* The only view that recurses: then it speaks for all; NULL: none does or several do. */
static const struct config_brace_block *only_view(const struct bind *b)
{
	const struct config_brace_block *only = NULL;
	size_t n = 0;

	vec_each (const struct config_brace_stmt, s, b->top->stmts) {
		if (!config_brace_is(s, 0, "view") || !recurses(b, config_brace_block(s)))
			continue;
		only = config_brace_block(s);
		n++;
	}
	return n == 1 ? only : NULL;
}

/* Pools of views whose source is not the one that was told: which view asks is not known. */
static void add_views(struct bind *b, const struct family *f, const struct source *told)
{
	vec_each (const struct config_brace_stmt, s, b->top->stmts) {
		const struct config_brace_block *view = config_brace_block(s);
		const struct config_brace_stmt *own = config_brace_find(view, f->source);
		struct source source;

		if (!config_brace_is(s, 0, "view") || !own || !recurses(b, view))
			continue;
		source = read_source(b, own);
		if (same_source(&source, told))
			continue;
		remark(b, "view-pool", own);
		add_pool(b, f, &source, NULL);
	}
}

/* "... port 5353": of a forwarder, or of all in the list. */
static uint16_t forwarder_port(const struct config_brace_stmt *s)
{
	int32_t port = 0;

	for (size_t i = 1; i + 1 < s->items.n; i++)
		if (config_brace_is(s, i, "port"))
			port = number(config_brace_word(s, i + 1), UINT16_MAX);
	return port > 0 ? (uint16_t)port : 0;
}

static void add_forwarders(struct bind *b, const struct config_brace_stmt *forwarders)
{
	uint16_t all = forwarder_port(forwarders);

	vec_each (const struct config_brace_stmt, s, config_brace_block(forwarders)->stmts) {
		struct addr a;

		if (addr_parse(config_brace_word(s, 0), &a) < 0)
			continue; /* a name of servers */
		a.port = forwarder_port(s) ? forwarder_port(s) : all;
		if (b->r->audit->forwards.n < CONFIG_POOLS_MOST)
			vec_push(b->r->arena, &b->r->audit->forwards, a);
	}
}

/* The zone of the root, where it forwards. */
static const struct config_brace_block *root_zone(const struct config_brace_block *block)
{
	vec_each (const struct config_brace_stmt, s, block->stmts) {
		const struct config_brace_stmt *type =
			config_brace_find(config_brace_block(s), "type");

		if (config_brace_is(s, 0, "zone") && config_brace_is(s, 1, ".") && type &&
			config_brace_is(type, 1, "forward"))
			return config_brace_block(s);
	}
	return NULL;
}

/* Forwarders of the root's zone go before a view's, and these before the options'. */
static void read_forwards(struct bind *b, const struct config_brace_block *view)
{
	const struct config_brace_block *zone = root_zone(view ? view : b->top);
	const struct config_brace_stmt *forwarders = effective(b, view, "forwarders");
	const struct config_brace_stmt *how = effective(b, view, "forward");

	if (zone) {
		forwarders = config_brace_find(zone, "forwarders");
		how = config_brace_find(zone, "forward");
	}
	if (!forwarders)
		return;
	add_forwarders(b, forwarders);
	/* "first" is the default, and asks others when the forwarders do not answer. */
	if (b->r->audit->forwards.n && !(how && config_brace_is(how, 1, "only")))
		remark(b, "forward-first", how ? how : forwarders);
}

/* What is obeyed no more, or not yet. */
static void remark_options(struct bind *b, const struct config_brace_block *block)
{
	static const struct {
		const char *word, *since, *slug; /* since NULL: in all versions */
	} rows[] = {
		{ "use-queryport-pool", NULL, "obsolete-option" },
		{ "queryport-pool-ports", NULL, "obsolete-option" },
		{ "queryport-pool-updateinterval", NULL, "obsolete-option" },
		{ "use-v4-udp-ports", PORTS_REMOVED, "removed-option" },
		{ "use-v6-udp-ports", PORTS_REMOVED, "removed-option" },
		{ "avoid-v4-udp-ports", PORTS_REMOVED, "removed-option" },
		{ "avoid-v6-udp-ports", PORTS_REMOVED, "removed-option" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct config_brace_stmt *s = config_brace_find(block, rows[i].word);

		if (s && (!rows[i].since || config_since(b->r, rows[i].since)))
			remark(b, rows[i].slug, s);
	}
}

/* Every options{} there is: BIND takes one, files in the making may have more. */
static const struct config_brace_block *all_options(struct bind *b)
{
	struct config_brace_block *all = arena_alloc(b->r->arena, sizeof(*all));

	vec_each (const struct config_brace_stmt, s, b->top->stmts) {
		if (!config_brace_is(s, 0, "options"))
			continue;
		vec_each (const struct config_brace_stmt, o, config_brace_block(s)->stmts)
			vec_push(b->r->arena, &all->stmts, *o);
	}
	return all;
}

int config_bind_read(struct config_reader *r, struct audit *ret)
{
	struct bind b = { .r = r };
	const struct config_brace_block *view;
	int err = config_brace_read(
		r, &named_conf, (struct config_brace_file){ r->file->path, NULL }, &b.top);

	if (err)
		return err;
	ret->assumed = ret->version ? NULL : "9.18.0";
	b.options = all_options(&b);
	view = only_view(&b);
	remark_options(&b, b.options);
	vec_each (const struct config_brace_stmt, s, b.top->stmts)
		if (config_brace_is(s, 0, "view"))
			remark_options(&b, config_brace_block(s));
	if (view)
		add_clauses(&b, view);
	add_clauses(&b, b.top);
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		struct source source = read_source(&b, effective(&b, view, families[i].source));

		add_pool(&b, &families[i], &source, NULL);
		if (!view)
			add_views(&b, &families[i], &source);
	}
	read_forwards(&b, view);
	return 0;
}
