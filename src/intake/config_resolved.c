/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * systemd-resolved: resolved.conf(5) and its drop-ins. It has no option for ports: the kernel
 * chooses one for each server of a transaction, which keeps it for all its tries with that server
 * (resolved-dns-transaction.c).
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "intake/config_kinds.h"
#include "intake/config_pairs.h"
#include "intake/config_part.h"

enum { DNS_PORT = 53 };

/* Where it looks, the first that has a name first: systemd's CONF_PATHS. */
static const char *const dirs[] = { "/etc/systemd", "/run/systemd", "/usr/local/lib/systemd",
	"/usr/lib/systemd" };

struct servers {
	struct VEC(struct addr) v;
};

struct resolved {
	struct config_reader *r;
	struct servers dns, fallback;
	struct pool_line tls; /* the line that says so; file NULL: none */
};

/* systemd.syntax(7). */
static const struct config_pairs_rules rules = {
	.comments = "#;", .continued = true, .sections = true
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "address:port%interface#name", blanks between; an empty value forgets all before it. */
static void take_servers(struct resolved *d, const struct config_pair *pair, struct servers *ret)
{
	char *rest = arena_str(d->r->arena, pair->value);

	if (!*pair->value)
		ret->v.n = 0;
	for (char *word; (word = strtok_r(NULL, " \t", &rest));) {
		struct addr server;

		word[strcspn(word, "%#")] = '\0';
		if (config_part_addr(word, ':', DNS_PORT, &server))
			config_remark(d->r, "bad-value", &pair->at, word);
		else
			vec_push(d->r->arena, &ret->v, server);
	}
}

/* DNSOverTLS=yes, as systemd.syntax(7) has it: nothing goes by UDP then. */
static bool is_strict(const char *value)
{
	static const char *const yes[] = { "1", "yes", "y", "true", "t", "on" };

	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		if (strcasecmp(yes[i], value) == 0)
			return true;
	return false;
}

static void take_pair(struct resolved *d, const struct config_pair *pair)
{
	if (!pair->section || strcmp(pair->section, "Resolve") != 0 || !pair->value)
		return;
	if (strcmp(pair->key, "DNS") == 0)
		take_servers(d, pair, &d->dns);
	else if (strcmp(pair->key, "FallbackDNS") == 0)
		take_servers(d, pair, &d->fallback);
	else if (strcmp(pair->key, "DNSOverTLS") == 0)
		d->tls = is_strict(pair->value) ? pair->at : (struct pool_line){ 0 };
}

static void read_bytes(struct resolved *d, const char *path, struct span bytes)
{
	struct config_pairs pairs = {
		.arena = d->r->arena, .rules = &rules, .file = path, .rest = bytes
	};
	struct config_pair pair;

	while (config_pairs_next(&pairs, &pair))
		take_pair(d, &pair);
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(base_name(*x), base_name(*y));
}

struct files {
	struct VEC(const char *) v;
};

/* The drop-ins of a folder, but those whose names another folder had before. */
static void add_files(struct resolved *d, const char *dir, struct files *ret)
{
	for (const char **f = config_part_files(d->r, dir, "*.conf"); *f; f++) {
		bool has = false;

		vec_each (const char *, known, ret->v)
			has = has || by_name(known, f) == 0;
		if (!has && ret->v.n < CONFIG_FILES_MOST)
			vec_push(d->r->arena, &ret->v, *f);
	}
}

static bool usual(const char *path)
{
	return path && strcmp(path, config_kind_find("systemd-resolved")->file) == 0;
}

/* Sorted by name, whatever the folder: systemd.unit(5). */
static struct files find_files(struct resolved *d, const char *path)
{
	struct files files = { 0 };

	if (path)
		add_files(d, arena_printf(d->r->arena, "%s.d", path), &files);
	for (size_t i = 1; usual(path) && i < ARRAY_LEN(dirs); i++)
		add_files(d, arena_printf(d->r->arena, "%s/resolved.conf.d", dirs[i]), &files);
	if (files.v.n)
		qsort(files.v.v, files.v.n, sizeof(*files.v.v), by_name);
	return files;
}

/* The main file; distributions may have it elsewhere than in /etc, and it may be missing. */
static bool read_main(struct resolved *d, const char *path)
{
	struct span bytes;

	if (!config_open(d->r, path, NULL, &bytes)) {
		read_bytes(d, path, bytes);
		return true;
	}
	for (size_t i = 1; usual(path) && i < ARRAY_LEN(dirs); i++) {
		const char *other = arena_printf(d->r->arena, "%s/resolved.conf", dirs[i]);

		if (config_open(d->r, other, NULL, &bytes))
			continue;
		d->r->audit->file = other;
		read_bytes(d, other, bytes);
		return true;
	}
	return false;
}

/* FallbackDNS= is for when nothing else names a server; what links name is not known here. */
static void add_forwards(struct resolved *d)
{
	const struct servers *s = d->dns.v.n ? &d->dns : &d->fallback;

	vec_each (struct addr, server, s->v)
		config_part_forward(d->r, server);
	if (d->tls.file)
		config_remark(d->r, "tcp-only", &d->tls, NULL);
}

int config_resolved_read(struct config_reader *r, struct audit *ret)
{
	struct resolved d = { .r = r };
	const char *path = r->file->path;
	struct files files = find_files(&d, path);
	bool any = read_main(&d, path);
	struct pool *p;

	(void)ret; /* is r->audit */
	if (!any && !files.v.n)
		return -ERR_OPEN;
	vec_each (const char *, file, files.v) {
		struct pool_line at = { .file = r->audit->file };
		struct span bytes;

		if (!config_open(r, *file, &at, &bytes))
			read_bytes(&d, *file, bytes);
	}
	p = config_pool(r);
	p->ports = config_kernel_ports(r);
	p->kernel = true;
	p->per_try = PER_TRY_REUSED;
	config_judge(r, p);
	add_forwards(&d);
	return 0;
}
