/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PowerDNS Recursor: "key=value" lines (pdns/arguments.cc of 4.8.8), or YAML since 5.0.0 (its
 * documentation "New Style (YAML) Settings", and rec-main.cc of 5.0.0 to 5.4.0).
 *
 * The port is min + random(max - min + 1) until it is none of avoid, for each packet anew:
 * UDPClientSocks::makeClientSocket() of rec-4.2.0 to rec-5.5.0; 1025 + random(64510) before
 * (rec-3.6.0, rec-4.1.18). When 8 such ports in a row are in use, one of the kernel's is taken: too
 * rare to count it in, but for pools of a few ports, which a remark says (4.8.8 with one port: 13
 * of 400 queries, one after the other).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/config_kinds.h"
#include "intake/config_pairs.h"
#include "intake/config_part.h"
#include "intake/config_yaml.h"

enum setting { MIN, MAX, AVOID, INCLUDE, SINGLE, ZONES, ZONES_RECURSE, ZONES_FILE, SETTINGS };

/* UDP ports: rec-4.2.0's limits of min, max and avoid; a port outside of them and it exits. */
enum { LOWEST = 1024, HIGHEST = 65535, DNS_PORT = 53, FEW = 16 };

static const struct {
	const char *old, *section, *name; /* in "key=value" files; in YAML */
} names[] = {
	[MIN] = { "udp-source-port-min", "outgoing", "udp_source_port_min" },
	[MAX] = { "udp-source-port-max", "outgoing", "udp_source_port_max" },
	[AVOID] = { "udp-source-port-avoid", "outgoing", "udp_source_port_avoid" },
	[INCLUDE] = { "include-dir", "recursor", "include_dir" },
	[SINGLE] = { "single-socket", "outgoing", "single_socket" },
	[ZONES] = { "forward-zones", "recursor", "forward_zones" },
	[ZONES_RECURSE] = { "forward-zones-recurse", "recursor", "forward_zones_recurse" },
	[ZONES_FILE] = { "forward-zones-file", "recursor", "forward_zones_file" },
};

_Static_assert(ARRAY_LEN(names) == SETTINGS, "a name for every setting");

/* What a setting is worth so far. */
struct value {
	struct buf all;
	const char *text; /* all of it; NULL: the default */
	struct VEC(struct pool_line) lines;
};

struct pdns {
	struct config_reader *r;
	struct value v[SETTINGS];
};

/* arguments.cc: '\' continues, whatever the line is; '#' behind a blank begins a comment. */
static const struct config_pairs_rules rules = {
	.comments = "", .comment_behind = true, .continued = true, .adds = true
};

/* 4791 since 5.2.0 (pull request 14957). */
static const char *default_avoid(const struct pdns *p)
{
	return config_since(p->r, "5.2.0") ? "4791, 11211" : "11211";
}

static const char *worth(const struct pdns *p, enum setting s)
{
	const char *text = p->v[s].text;

	if (text)
		return text;
	return s == AVOID ? default_avoid(p) : "";
}

static void put(struct pdns *p, enum setting s, const char *text, const struct pool_line *at)
{
	p->v[s].all = (struct buf){ .arena = p->r->arena };
	buf_str(&p->v[s].all, text);
	p->v[s].text = buf_text(&p->v[s].all);
	p->v[s].lines.n = 0;
	vec_push(p->r->arena, &p->v[s].lines, *at);
}

/* Adds to what is there, the default among it: "a, b". */
static void add(struct pdns *p, enum setting s, const char *text, const struct pool_line *at)
{
	struct value *v = &p->v[s];

	v->all.arena = p->r->arena;
	if (!v->text)
		buf_str(&v->all, worth(p, s));
	if (v->all.n && *text)
		buf_str(&v->all, ", ");
	buf_str(&v->all, text);
	v->text = buf_text(&v->all);
	vec_push(p->r->arena, &v->lines, *at);
}

static void take_pair(struct pdns *p, const struct config_pair *pair)
{
	for (enum setting s = 0; s < SETTINGS; s++) {
		if (strcmp(names[s].old, pair->key) != 0)
			continue;
		if (pair->adds)
			add(p, s, pair->value ? pair->value : "", &pair->at);
		else
			put(p, s, pair->value ? pair->value : "", &pair->at);
	}
}

static void read_pairs(struct pdns *p, const char *path, struct span bytes)
{
	struct config_pairs pairs = {
		.arena = p->r->arena, .rules = &rules, .file = path, .rest = bytes
	};
	struct config_pair pair;

	while (config_pairs_next(&pairs, &pair))
		take_pair(p, &pair);
}

/* Words of a list, "a, b"; a scalar alone; a zone of forward_zones, "zone=a;b". */
static const char *yaml_words(struct pdns *p, const struct config_yaml *n)
{
	struct buf b = { .arena = p->r->arena };

	if (n->type == CONFIG_YAML_SCALAR)
		return n->text;
	for (size_t i = 0; i < n->items.n; i++) {
		const struct config_yaml *item = n->items.v[i];
		const struct config_yaml *to = config_yaml_get(item, "forwarders");

		buf_str(&b, i ? ", " : "");
		if (item->type == CONFIG_YAML_MAP)
			buf_printf(&b, "%s=", config_yaml_text(config_yaml_get(item, "zone"), ""));
		else
			buf_str(&b, config_yaml_text(item, ""));
		for (size_t k = 0; to && to->type == CONFIG_YAML_LIST && k < to->items.n; k++)
			buf_printf(&b, "%s%s", k ? ";" : "", config_yaml_text(to->items.v[k], ""));
	}
	return arena_str(p->r->arena, buf_text(&b));
}

/* Lists of included files extend what is there, unless it is the default. */
static void take_yaml(struct pdns *p, enum setting s, const struct config_yaml *n)
{
	const char *text = yaml_words(p, n);
	const char *now = worth(p, s), *first = s == AVOID ? default_avoid(p) : "";

	if (n->type == CONFIG_YAML_ALIAS)
		config_remark(p->r, "computed", &n->at, NULL);
	else if (n->type == CONFIG_YAML_LIST && !n->overrides && strcmp(now, first) != 0)
		add(p, s, text, &n->at);
	else
		put(p, s, text, &n->at);
}

static void read_tree(struct pdns *p, const struct config_yaml *root)
{
	for (enum setting s = 0; s < SETTINGS; s++) {
		const struct config_yaml *n =
			config_yaml_get(config_yaml_get(root, names[s].section), names[s].name);

		if (n)
			take_yaml(p, s, n);
	}
}

static void read_yaml(struct pdns *p, const char *path, struct span bytes)
{
	struct pool_line at = { .file = path };
	const struct config_yaml *root;

	if (config_yaml_read(p->r->arena, &at, bytes, &root)) {
		config_remark(p->r, "syntax", &at, NULL);
		p->r->audit->unread = true;
		return;
	}
	read_tree(p, root);
}

static int by_letters(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	int by = strcasecmp(*x, *y);

	return by ? by : strcmp(*x, *y);
}

/* arguments.cc gatherIncludes(): sorted without regard to case; names with a dot first are not. */
static void read_includes(struct pdns *p, bool yaml)
{
	const struct value *dir = &p->v[INCLUDE];
	const char **files;
	size_t n = 0;

	if (!dir->text || !*dir->text)
		return;
	files = config_part_files(p->r, dir->text, yaml ? "*.yml" : "*.conf");
	while (files[n])
		n++;
	qsort(files, n, sizeof(*files), by_letters);
	for (size_t i = 0; i < n; i++) {
		struct span bytes;

		if (config_open(p->r, files[i], &dir->lines.v[0], &bytes))
			continue;
		if (yaml)
			read_yaml(p, files[i], bytes);
		else
			read_pairs(p, files[i], bytes);
	}
}

/* The line that the last word on a setting stands in. */
static const struct pool_line *last_line(const struct value *v)
{
	return v->lines.n ? &v->lines.v[v->lines.n - 1] : NULL;
}

/* As strtol() reads it: "0x400" is a number, too (asNum() of arguments.cc). */
static uint16_t port_of(struct pdns *p, enum setting s, uint16_t lowest, uint16_t otherwise)
{
	const char *text = p->v[s].text;
	char *end;
	long v;

	if (!text)
		return otherwise;
	errno = 0;
	v = strtol(text, &end, 0);
	if (end == text || errno || v < lowest || v > HIGHEST) {
		config_remark(p->r, "refused-option", last_line(&p->v[s]), text);
		return otherwise;
	}
	return (uint16_t)v;
}

static void remove_avoided(struct pdns *p, struct portset *ports)
{
	char *rest = arena_str(p->r->arena, worth(p, AVOID));

	for (char *word; (word = strtok_r(NULL, ", ", &rest));) {
		char *end;
		long v = strtol(word, &end, 10);

		if (end == word || v < LOWEST || v > HIGHEST)
			config_remark(p->r, "refused-option", last_line(&p->v[AVOID]), word);
		else
			portset_remove(ports, (uint16_t)v);
	}
}

/* Options of a version that has none of them: it exits at a setting that it does not know. */
static void add_old_pool(struct pdns *p, struct pool *pool)
{
	pool->ports = config_range(p->r, 1025, 65534);
	for (enum setting s = MIN; s <= AVOID; s++)
		if (p->v[s].text)
			config_remark(p->r, "refused-option", last_line(&p->v[s]), names[s].old);
}

static void add_pool(struct pdns *p)
{
	struct pool *pool = config_pool(p->r);
	struct portset *ports;
	uint16_t lo, hi;

	pool->per_try = PER_TRY_FRESH;
	if (!config_since(p->r, "4.2")) {
		add_old_pool(p, pool);
		return;
	}
	lo = port_of(p, MIN, LOWEST, LOWEST);
	hi = port_of(p, MAX, lo, HIGHEST);
	ports = config_range(p->r, lo, hi);
	remove_avoided(p, ports);
	pool->ports = ports;
	pool->fixed = lo == hi;
	for (enum setting s = MIN; s <= AVOID; s++)
		vec_each (struct pool_line, line, p->v[s].lines)
			config_line(p->r, pool, line);
	config_judge(p->r, pool);
	if (portset_count(ports) <= FEW)
		config_remark(p->r, "kernel-helps", pool->lines.n ? pool->lines.v : NULL, NULL);
}

/* "zone=address;address" of the root, in a list that blanks and commas divide. */
static void add_zone(struct pdns *p, char *zone, const struct pool_line *at)
{
	char *rest = strchr(zone, '=');

	if (*zone == '+') /* of forward-zones-file: with the RD bit */
		zone++;
	if (!rest || rest - zone != 1 || *zone != '.')
		return;
	rest++;
	for (char *word; (word = strtok_r(NULL, ";", &rest));) {
		struct addr server;

		if (config_part_addr(word, ':', DNS_PORT, &server))
			config_remark(p->r, "bad-value", at, word);
		else
			config_part_forward(p->r, &server);
	}
}

static void add_zones(struct pdns *p, const char *text, const struct pool_line *at)
{
	char *rest = arena_str(p->r->arena, text);

	for (char *word; (word = strtok_r(NULL, " ,\t\r\n", &rest));)
		add_zone(p, word, at);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), size = strlen(end);

	return n >= size && strcmp(text + n - size, end) == 0;
}

/* A line a zone, or YAML (since 5.0.0): a list of what forward_zones has. */
static void add_zones_file(struct pdns *p)
{
	const struct value *v = &p->v[ZONES_FILE];
	struct config_pairs_rules plain = { .comments = "#", .comment_behind = true };
	struct pool_line at = { .file = v->text };
	const struct config_yaml *root;
	struct config_pair pair;
	struct span bytes;

	if (!v->text || !*v->text || config_open(p->r, v->text, last_line(v), &bytes))
		return;
	if (ends_with(v->text, ".yml")) {
		if (config_yaml_read(p->r->arena, &at, bytes, &root))
			config_remark(p->r, "syntax", &at, NULL);
		else if (root && root->type == CONFIG_YAML_LIST)
			add_zones(p, yaml_words(p, root), &root->at);
		return;
	}
	for (struct config_pairs pairs = { p->r->arena, &plain, v->text, bytes, 0, NULL };
		config_pairs_next(&pairs, &pair);) {
		char *zone =
			arena_printf(p->r->arena, "%s=%s", pair.key, pair.value ? pair.value : "");

		/* parseZoneConfiguration(): here commas may stand between addresses. */
		for (char *c = zone; *c; c++)
			*c = *c == ',' || *c == ' ' ? ';' : *c;
		add_zone(p, zone, &pair.at);
	}
}

static void finish(struct pdns *p, bool yaml)
{
	const struct value *single = &p->v[SINGLE];

	read_includes(p, yaml);
	add_pool(p);
	for (enum setting s = ZONES; s <= ZONES_RECURSE; s++)
		if (p->v[s].text)
			add_zones(p, p->v[s].text, last_line(&p->v[s]));
	add_zones_file(p);
	/* Declared by rec-3.6.0 to rec-5.5.0, and looked at by none of them. */
	if (single->text && strcmp(single->text, "no") != 0 && strcmp(single->text, "off") != 0 &&
		strcmp(single->text, "false") != 0)
		config_remark(p->r, "obsolete-option", last_line(single), names[SINGLE].old);
}

/*
 * Since 5.0.0 recursor.yml is read when it stands beside recursor.conf, which is read no more. True
 * when it does.
 */
static bool read_neighbour(struct pdns *p, const char *path, struct span *ret)
{
	size_t n = strlen(path) - strlen(".conf");
	const char *other;

	if (!ends_with(path, ".conf") || (p->r->audit->version && !config_since(p->r, "5.0")))
		return false;
	other = arena_printf(p->r->arena, "%.*s.yml", (int)n, path);
	if (config_open(p->r, other, NULL, ret))
		return false;
	config_remark(p->r, "other-file", NULL, other);
	p->r->audit->file = other;
	return true;
}

/* Since 5.1.0 recursor.conf may have YAML, too: it is tried first; a file of comments is one. */
static bool is_tree(struct pdns *p, struct span bytes)
{
	struct pool_line at = { 0 };
	const struct config_yaml *root;

	if (p->r->audit->version && !config_since(p->r, "5.1"))
		return false;
	if (config_yaml_read(p->r->arena, &at, bytes, &root))
		return false;
	return root ? root->type == CONFIG_YAML_MAP : p->r->audit->version != NULL;
}

int config_pdns_read(struct config_reader *r, struct audit *ret)
{
	struct pdns p = { .r = r };
	const char *path = r->file->path;
	struct span bytes;
	bool yaml;

	yaml = path && read_neighbour(&p, path, &bytes);
	if (!yaml && config_open(r, path, NULL, &bytes))
		return -ERR_OPEN;
	yaml = yaml || (path && ends_with(path, ".yml")) || is_tree(&p, bytes);
	/* Old style files are what versions up to 5.1 read without being told to. */
	if (!ret->version)
		ret->assumed = yaml || !path ? "5.2.0" : "5.1.0";
	if (yaml)
		read_yaml(&p, ret->file, bytes);
	else if (path)
		read_pairs(&p, path, bytes);
	if (!yaml && path && ret->version && config_since(r, "5.2"))
		config_remark(r, "old-settings", NULL, NULL);
	finish(&p, yaml);
	return 0;
}
