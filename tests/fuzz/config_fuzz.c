/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz target of intake/config: the first octet picks a kind, the rest is its main file, and parts
 * of it, cut at octets of 0, are the files that it includes, whatever their names.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "fuzz/fuzz.h"
#include "intake/config.h"
#include "intake/config_words.h"

enum { FILES = 8 };

/* The parts, and which is the next to be given. */
static struct files {
	struct span part[FILES];
	size_t n, next;
} files;

static void must(bool holds)
{
	if (!holds)
		abort();
}

static int read_part(
	const struct config_host *h, struct arena *a, const char *path, struct span *ret)
{
	(void)h;
	must(path != NULL);
	if (files.next == files.n && files.n > 1)
		files.next = 1; /* so that files may include each other */
	if (files.next == files.n) {
		errno = ENOENT;
		return -ERR_OPEN;
	}
	*ret = files.part[files.next++];
	ret->p = arena_dup(a, ret->p, ret->n);
	return 0;
}

static const char **match_pattern(const struct config_host *h, struct arena *a, const char *pattern)
{
	const char **names = arena_alloc(a, 3 * sizeof(*names));

	(void)h;
	names[0] = arena_str(a, pattern);
	names[1] = "/second";
	return names;
}

static void check_line(const struct pool_line *l)
{
	must(!l->text || strlen(l->text) < SIZE_MAX);
	must(!l->file || strlen(l->file) < SIZE_MAX);
}

static void check_audit(const struct audit *t)
{
	must(t->pools.n > 0 && t->software);
	vec_each (const struct pool, p, t->pools) {
		must(p->ports && p->software && p->per_try < PER_TRIES);
		must(p->only_bits <= (p->only.family == ADDR_V4 ? 32 : 128));
		vec_each (const struct pool_line, l, p->lines)
			check_line(l);
	}
	vec_each (const struct addr, f, t->forwards)
		must(f->family != ADDR_NONE);
	vec_each (const struct pool_remark, r, t->remarks) {
		must(config_words_text(r->slug) != NULL);
		check_line(&r->at);
	}
}

static void cut(const uint8_t *data, size_t size)
{
	files = (struct files){ 0 };
	while (files.n < FILES) {
		const uint8_t *end = size ? memchr(data, 0, size) : NULL;
		size_t n = end && files.n + 1 < FILES ? (size_t)(end - data) : size;

		files.part[files.n++] = (struct span){ data, n };
		if (n == size)
			return;
		data += n + 1;
		size -= n + 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct config_host *h = arena_alloc(a, sizeof(*h));
	struct config_file f = { .version = NULL };
	const struct audit *t = NULL;

	if (size < 2) {
		arena_free(a);
		return 0;
	}
	*h = (struct config_host){ .read = read_part, .match = match_pattern, .root = "" };
	portset_add_range(&h->kernel, (struct portrange){ 32768, 60999 });
	h->kernel_read = data[0] & 0x80;
	f.path = data[0] & 0x40 ? "/main.yml" : "/main"; /* some kinds have two syntaxes */
	f.kind = config_kinds[(data[0] & 0x3f) % config_nkinds].slug;
	cut(data + 1, size - 1);
	if (config_read(a, h, &f, &t) == 0)
		check_audit(t);
	arena_free(a);
	return 0;
}
