/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unbound.conf, as util/configlexer.lex, configparser.y and config_file.c of 1.17.1 and 1.26 read
 * it: words that end with a colon, each with a value behind it; ends of lines mean nothing.
 */
#include <string.h>

#include "base/err.h"
#include "intake/config_kinds.h"
#include "intake/config_unbound.h"
#include "intake/unbound_ports.h"

struct unbound {
	struct config_reader *r;
	struct portset ports;
	struct pool *pool;
	const char *directory;	      /* where relative includes are looked for */
	const char *clause;	      /* "server:"; NULL: outside of all */
	bool kernel;		      /* built to leave ports to the kernel */
	bool root;		      /* in a forward-zone: its name is "." */
	struct VEC(struct addr) zone; /* forward-addr of this zone */
	struct pool_line first;	      /* its forward-first */
	const char *interface;	      /* an outgoing one was said */
};

/* A file while it is read. */
struct lexer {
	struct unbound *u;
	const char *file;
	struct span text;
	size_t at;
	uint32_t line;
};

static int peek(const struct lexer *l)
{
	return l->at < l->text.n ? l->text.p[l->at] : -1;
}

static void step(struct lexer *l)
{
	if (peek(l) == '\n')
		l->line++;
	l->at++;
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0;
}

/* Blanks and comments: those begin where a word would. */
static void skip_blanks(struct lexer *l)
{
	for (;;) {
		while (peek(l) >= 0 && is_blank(peek(l)))
			step(l);
		if (peek(l) != '#')
			return;
		while (peek(l) >= 0 && peek(l) != '\n')
			step(l);
	}
}

/* A keyword with its colon, which may stand right before its value; else "". */
static const char *read_keyword(struct lexer *l)
{
	size_t first;

	skip_blanks(l);
	first = l->at;
	while (peek(l) >= 0 && !is_blank(peek(l)) && peek(l) != ':')
		step(l);
	if (peek(l) != ':')
		return "";
	step(l);
	return arena_printf(
		l->u->r->arena, "%.*s", (int)(l->at - first), (const char *)l->text.p + first);
}

/* A value: in quotes of either kind, or up to the next blank. */
static const char *read_value(struct lexer *l)
{
	struct buf b = { .arena = l->u->r->arena };
	int quote, c;

	skip_blanks(l);
	quote = peek(l) == '"' || peek(l) == '\'' ? peek(l) : 0;
	if (quote)
		step(l);
	while ((c = peek(l)) >= 0 && !(quote ? c == quote || c == '\n' : is_blank(c))) {
		if (c == '\\' && l->at + 1 < l->text.n) {
			buf_char(&b, (char)c);
			step(l);
			c = peek(l);
		}
		buf_char(&b, (char)c);
		step(l);
	}
	if (quote && c == quote)
		step(l);
	return arena_str(l->u->r->arena, buf_text(&b));
}

/* A setting that has been read: its value, and where it stood. */
struct setting {
	const char *value;
	struct pool_line at;
};

/* "600", "600-700": no blanks. */
static bool read_ports(const char *text, struct portset *ret)
{
	return *text && !strchr(text, ',') && portset_parse(text, ret, NULL) == 0;
}

static void mark(struct unbound *u, const struct setting *s, bool permit)
{
	struct portset set;

	if (!read_ports(s->value, &set)) {
		config_remark(u->r, "bad-value", &s->at, NULL);
		return;
	}
	if (u->kernel)
		config_remark(u->r, "ignored-option", &s->at, NULL);
	else if (permit)
		portset_or(&u->ports, &set);
	else
		portset_minus(&u->ports, &set);
	if (!u->kernel)
		config_line(u->r, u->pool, &s->at);
}

static void permit(struct unbound *u, const struct setting *s)
{
	mark(u, s, true);
}

static void avoid(struct unbound *u, const struct setting *s)
{
	mark(u, s, false);
}

static void set_directory(struct unbound *u, const struct setting *s)
{
	if (*s->value)
		u->directory = config_path(u->r, u->directory, s->value);
}

static bool is_yes(const struct setting *s)
{
	return strcmp(s->value, "yes") == 0;
}

static void set_caps(struct unbound *u, const struct setting *s)
{
	if (is_yes(s))
		config_remark(u->r, "caps-for-id", &s->at, NULL);
}

static void set_no_udp(struct unbound *u, const struct setting *s)
{
	if (is_yes(s))
		config_remark(u->r, "tcp-only", &s->at, NULL);
}

static void set_udp(struct unbound *u, const struct setting *s)
{
	if (strcmp(s->value, "no") == 0)
		config_remark(u->r, "tcp-only", &s->at, NULL);
}

static void set_interface(struct unbound *u, const struct setting *s)
{
	if (u->interface && strcmp(u->interface, s->value) != 0)
		config_remark(u->r, "many-addresses", &s->at, s->value);
	u->interface = s->value;
}

static void zone_name(struct unbound *u, const struct setting *s)
{
	u->root = strcmp(s->value, ".") == 0;
}

/* "ADDRESS[@PORT][#NAME]" */
static void zone_addr(struct unbound *u, const struct setting *s)
{
	char *text = arena_str(u->r->arena, s->value);
	char *at = strchr(text, '@');
	struct addr a;
	unsigned long port = 0;

	text[strcspn(text, "@#")] = '\0';
	if (addr_parse(text, &a) < 0) {
		config_remark(u->r, "bad-value", &s->at, NULL);
		return;
	}
	for (; at && at[1] >= '0' && at[1] <= '9' && port < 65536; at++)
		port = port * 10 + (unsigned long)(at[1] - '0');
	a.port = port < 65536 ? (uint16_t)port : 0;
	if (u->zone.n < CONFIG_POOLS_MOST)
		vec_push(u->r->arena, &u->zone, a);
}

static void zone_first(struct unbound *u, const struct setting *s)
{
	if (is_yes(s))
		u->first = s->at;
}

/* What a clause that ends has gathered. */
static void end_clause(struct unbound *u)
{
	if (u->root) {
		vec_each (const struct addr, a, u->zone)
			vec_push(u->r->arena, &u->r->audit->forwards, *a);
		if (u->zone.n && u->first.text)
			config_remark(u->r, "forward-first", &u->first, NULL);
	}
	u->zone.n = 0;
	u->root = false;
	u->first = (struct pool_line){ 0 };
}

#define SERVER	"server:"
#define FORWARD "forward-zone:"

static const struct {
	const char *clause, *keyword;
	void (*set)(struct unbound *u, const struct setting *s);
} settings[] = {
	{ SERVER, "outgoing-port-permit:", permit },
	{ SERVER, "outgoing-port-avoid:", avoid },
	{ SERVER, "outgoing-interface:", set_interface },
	{ SERVER, "directory:", set_directory },
	{ SERVER, "use-caps-for-id:", set_caps },
	{ SERVER, "do-udp:", set_udp },
	{ SERVER, "tcp-upstream:", set_no_udp },
	{ SERVER, "tls-upstream:", set_no_udp },
	{ SERVER, "ssl-upstream:", set_no_udp },
	{ FORWARD, "name:", zone_name },
	{ FORWARD, "forward-addr:", zone_addr },
	{ FORWARD, "forward-first:", zone_first },
};

/* Keywords without a value: a clause begins. */
static const char *const clauses[] = { SERVER, FORWARD, "stub-zone:", "auth-zone:", "rpz:", "view:",
	"remote-control:", "python:", "dynlib:", "dnstap:", "dnscrypt:", "cachedb:", "ipset:" };

static bool begin_clause(struct unbound *u, const char *keyword)
{
	for (size_t i = 0; i < ARRAY_LEN(clauses); i++) {
		if (strcmp(clauses[i], keyword) != 0)
			continue;
		end_clause(u);
		u->clause = clauses[i];
		return true;
	}
	return false;
}

static void read_text(struct unbound *u, const char *file, struct span text);

/* A pattern's names are read in their order; one that matches nothing is none. */
static void follow(struct unbound *u, const struct setting *s)
{
	struct config_reader *r = u->r;
	const char *name = config_path(r, u->directory, s->value);
	const char *alone[] = { name, NULL };
	const char **names =
		strpbrk(name, "*?[{~") ? r->host->match(r->host, r->arena, name) : alone;

	r->depth++;
	for (; *names; names++) {
		struct span text;

		if (config_open(r, *names, &s->at, &text) == 0)
			read_text(u, *names, text);
	}
	r->depth--;
}

/* The text of a setting, blanks in one: "keyword: value". */
static struct pool_line place(struct lexer *l, const char *keyword, uint32_t line, size_t first)
{
	const char *raw = arena_printf(
		l->u->r->arena, "%.*s", (int)(l->at - first), (const char *)l->text.p + first);

	return (struct pool_line){
		.file = l->file,
		.line = line,
		.text = arena_printf(
			l->u->r->arena, "%s %s", keyword, raw + strspn(raw, " \t\r\n")),
	};
}

static void obey(struct unbound *u, const char *keyword, const struct setting *s)
{
	bool top = strcmp(keyword, "include-toplevel:") == 0;

	for (size_t i = 0; u->clause && i < ARRAY_LEN(settings); i++)
		if (strcmp(settings[i].clause, u->clause) == 0 &&
			strcmp(settings[i].keyword, keyword) == 0)
			settings[i].set(u, s);
	if (!top && strcmp(keyword, "include:") != 0)
		return;
	if (top) {
		end_clause(u);
		u->clause = NULL;
	}
	follow(u, s);
	if (top) {
		end_clause(u);
		u->clause = NULL;
	}
}

static void read_lexer(struct lexer *l)
{
	for (skip_blanks(l); l->at < l->text.n; skip_blanks(l)) {
		struct setting s;
		uint32_t line = l->line;
		const char *keyword = read_keyword(l);
		size_t first = l->at;

		/* A second value of a keyword that has two, or a stray word. */
		if (!*keyword || begin_clause(l->u, keyword))
			continue;
		s.value = read_value(l);
		s.at = place(l, keyword, line, first);
		obey(l->u, keyword, &s);
	}
}

static void read_text(struct unbound *u, const char *file, struct span text)
{
	struct lexer l = { .u = u, .file = file, .text = text, .line = 1 };

	read_lexer(&l);
}

/* A setting of the server that stands in a file of another kind. */
static void read_extra(struct unbound *u, const struct pool_line *extra)
{
	struct lexer l = { .u = u, .file = extra->file, .line = extra->line };

	l.text = (struct span){ (const uint8_t *)extra->text, strlen(extra->text) };
	u->clause = SERVER;
	read_lexer(&l);
}

/* Builds that leave ports to the kernel say so in the configure line of `unbound -V`. */
static bool is_kernel_build(const char *version)
{
	return version && strstr(version, "disable-explicit-port-randomisation") != NULL;
}

int config_unbound_add(struct config_reader *r, const struct config_unbound_from *from)
{
	struct unbound u = { .r = r, .kernel = is_kernel_build(from->version) };
	struct span text;
	int err = config_open(r, from->path, from->wanted_by, &text);

	if (err)
		return err;
	r->audit->assumed = unbound_ports_default(from->version, &u.ports);
	u.directory = from->path ? config_dir(r, from->path) : NULL;
	u.pool = config_pool(r);
	u.pool->per_try = PER_TRY_FRESH;
	u.pool->kernel = u.kernel;
	read_text(&u, from->path, text);
	for (size_t i = 0; i < from->nextras; i++)
		read_extra(&u, &from->extras[i]);
	end_clause(&u);
	portset_remove(&u.ports, 0); /* marked, but never counted */
	u.pool->ports =
		u.kernel ? config_kernel_ports(r) : arena_dup(r->arena, &u.ports, sizeof(u.ports));
	config_judge(r, u.pool);
	return 0;
}

int config_unbound_read(struct config_reader *r, struct audit *ret)
{
	struct config_unbound_from from = { .path = r->file->path, .version = ret->version };

	return config_unbound_add(r, &from);
}
