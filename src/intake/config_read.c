/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of configurations share. */
#include "intake/config_read.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/version.h"
#include "intake/config_words.h"

static struct pool_line copy_line(struct config_reader *r, const struct pool_line *line)
{
	return (struct pool_line){
		.file = line->file ? arena_str(r->arena, line->file) : NULL,
		.line = line->line,
		.text = line->text ? arena_printf(r->arena, "%.*s", CONFIG_LINE_MOST, line->text)
				   : NULL,
	};
}

void config_remark(
	struct config_reader *r, const char *slug, const struct pool_line *at, const char *detail)
{
	struct pool_line whole = { .file = r->audit->file };
	struct pool_remark remark = {
		.slug = slug,
		.text = config_words_text(slug),
		.at = copy_line(r, at ? at : &whole),
		.detail = detail ? arena_str(r->arena, detail) : NULL,
	};

	if (r->audit->remarks.n < CONFIG_REMARKS_MOST)
		vec_push(r->arena, &r->audit->remarks, remark);
}

static int refuse(struct config_reader *r, const struct pool_line *wanted_by, const char *slug,
	const char *detail)
{
	if (wanted_by) {
		config_remark(r, slug, wanted_by, detail);
		r->audit->unread = true;
	}
	return -ERR_OPEN;
}

int config_open(struct config_reader *r, const char *path, const struct pool_line *wanted_by,
	struct span *ret)
{
	int err;

	if (!path) {
		*ret = (struct span){ 0 };
		return 0;
	}
	if (r->depth > CONFIG_DEPTH_MOST)
		return refuse(r, wanted_by, "include-too-deep", path);
	if (r->files == CONFIG_FILES_MOST)
		return refuse(r, wanted_by, "too-many-files", path);
	r->files++;
	errno = 0;
	err = r->host->read(r->host, r->arena, path, ret);
	if (err)
		return refuse(r, wanted_by, "unread-file",
			arena_printf(
				r->arena, "%s: %s", path, errno ? strerror(errno) : err_text(err)));
	return 0;
}

struct pool *config_pool(struct config_reader *r)
{
	struct pool p = { .software = r->audit->software, .version = r->audit->version };

	if (r->audit->pools.n == CONFIG_POOLS_MOST) {
		config_remark(r, "too-many-pools", NULL, NULL);
		return arena_dup(r->arena, &p, sizeof(p));
	}
	vec_push(r->arena, &r->audit->pools, p);
	return &r->audit->pools.v[r->audit->pools.n - 1];
}

void config_line(struct config_reader *r, struct pool *p, const struct pool_line *line)
{
	vec_push(r->arena, &p->lines, copy_line(r, line));
}

/* Ports below this are privileged: net.ipv4.ip_unprivileged_port_start of Linux, by default. */
enum { UNPRIVILEGED = 1024 };

/*
 * Who has that privilege, started by root: bin/named/os.c keeps CAP_NET_BIND_SERVICE; Unbound's
 * setuid() gives it up. Both seen in 9.18.49 and 1.17.1: all of the low ports, and none of them.
 */
static const char *privilege_of(const char *software)
{
	static const struct {
		const char *software, *detail;
	} rows[] = {
		{ "bind", "named keeps it when root starts it on Linux" },
		{ "unbound", "Unbound gives it up when it becomes its username" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].software, software) == 0)
			return rows[i].detail;
	return NULL;
}

void config_judge(struct config_reader *r, const struct pool *p)
{
	const struct pool_line *at = p->lines.n ? &p->lines.v[0] : NULL;
	int32_t least = portset_next(p->ports, 0);

	if (least < 0)
		config_remark(r, "empty-pool", at, NULL);
	else if (least < UNPRIVILEGED)
		config_remark(r, "low-ports", at, privilege_of(r->audit->software));
}

const struct portset *config_kernel_range(struct config_reader *r)
{
	return arena_dup(r->arena, &r->host->kernel, sizeof(r->host->kernel));
}

const struct portset *config_kernel_ports(struct config_reader *r)
{
	struct portset *s = arena_dup(r->arena, &r->host->kernel, sizeof(r->host->kernel));

	portset_minus(s, &r->host->reserved);
	return s;
}

struct portset *config_range(struct config_reader *r, uint16_t lo, uint16_t hi)
{
	struct portset *s = arena_alloc(r->arena, sizeof(*s));

	portset_add_range(s, (struct portrange){ lo, hi });
	return s;
}

bool config_since(const struct config_reader *r, const char *version)
{
	const char *have = r->audit->version ? r->audit->version : r->audit->assumed;

	return !have || version_compare(have, version) >= 0;
}

const char *config_path(struct config_reader *r, const char *dir, const char *name)
{
	return *name == '/' || !dir ? name : arena_printf(r->arena, "%s/%s", dir, name);
}

const char *config_dir(struct config_reader *r, const char *file)
{
	const char *slash = strrchr(file, '/');

	if (!slash)
		return ".";
	return slash == file ? "/" : arena_printf(r->arena, "%.*s", (int)(slash - file), file);
}

bool config_next_line(struct span *rest, struct span *ret)
{
	const uint8_t *end;
	size_t n;

	if (rest->n == 0)
		return false;
	end = memchr(rest->p, '\n', rest->n);
	n = end ? (size_t)(end - rest->p) : rest->n;
	*ret = (struct span){ rest->p, n };
	rest->p += n + (end != NULL);
	rest->n -= n + (end != NULL);
	if (ret->n && ret->p[ret->n - 1] == '\r')
		ret->n--;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

char *config_trim(char *text)
{
	size_t n;

	while (is_blank(*text))
		text++;
	for (n = strlen(text); n && is_blank(text[n - 1]); n--)
		;
	text[n] = '\0';
	return text;
}
