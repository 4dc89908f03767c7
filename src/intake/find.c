/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an address to the process that listens there, its program and its configuration. */
#include "intake/find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/config.h"
#include "intake/find_kinds.h"
#include "intake/find_run.h"
#include "intake/find_socket.h"

enum { ARGS_MOST = 64, CMDLINE_MOST = 1 << 16, TEXT_MOST = 64 };

struct finder {
	struct arena *a;
	const struct find_host *h;
	uint32_t pid;
	bool denied; /* a process kept its files to itself */
};

struct find_host find_host_real(void)
{
	return (struct find_host){ .proc = "/proc", .root = "", .run = find_run };
}

/* "/proc/PID/NAME" */
static const char *at_proc(const struct finder *f, const char *name)
{
	return arena_printf(f->a, "%s/%" PRIu32 "/%s", f->h->proc, f->pid, name);
}

/* Where a link leads; NULL when that is not told. */
static char *follow(struct arena *a, const char *path)
{
	char to[PATH_MAX];
	ssize_t n = readlink(path, to, sizeof(to) - 1);

	if (n < 0)
		return NULL;
	to[n] = '\0';
	return arena_str(a, to);
}

static bool among(const struct find_inodes *inodes, const char *link)
{
	uint64_t inode;

	if (!link || sscanf(link, "socket:[%" SCNu64 "]", &inode) != 1)
		return false;
	vec_each (const uint64_t, i, *inodes)
		if (*i == inode)
			return true;
	return false;
}

/* One of the process' open files is one of the sockets. */
static bool has_socket(struct finder *f, const struct find_inodes *inodes)
{
	DIR *d = opendir(at_proc(f, "fd"));
	struct dirent *e;
	bool found = false;
	char link[TEXT_MOST];

	if (!d) {
		f->denied = f->denied || errno == EACCES || errno == EPERM;
		return false;
	}
	/* glibc's readdir() is safe on a stream of one's own. */
	/* cppcheck-suppress readdirCalled */
	while (!found && (e = readdir(d))) {
		ssize_t n = readlinkat(dirfd(d), e->d_name, link, sizeof(link) - 1);

		if (n < 0)
			continue;
		link[n] = '\0';
		found = among(inodes, link);
	}
	closedir(d);
	return found;
}

/* The program's path; what a package's update has replaced is told as "(deleted)". */
static const char *program(struct finder *f)
{
	static const char deleted[] = " (deleted)";
	char *exe = follow(f->a, at_proc(f, "exe"));
	size_t n = exe ? strlen(exe) : 0;

	if (n > strlen(deleted) && strcmp(exe + n - strlen(deleted), deleted) == 0)
		exe[n - strlen(deleted)] = '\0';
	return exe;
}

static const char *kind_of(const char *exe)
{
	const char *slash = exe ? strrchr(exe, '/') : NULL;
	const char *name = slash ? slash + 1 : exe;

	for (size_t i = 0; name && i < config_nkinds; i++)
		if (config_kinds[i].program && strcmp(config_kinds[i].program, name) == 0)
			return config_kinds[i].slug;
	return NULL;
}

static void read_args(struct finder *f, struct found_resolver *ret)
{
	FILE *file = fopen(at_proc(f, "cmdline"), "re");
	char *text = arena_alloc(f->a, CMDLINE_MOST + 1), *word = text;
	size_t n = file ? fread(text, 1, CMDLINE_MOST, file) : 0;

	if (file)
		fclose(file);
	for (word += strlen(word) + 1; word < text + n && ret->args.n < ARGS_MOST;
		word += strlen(word) + 1)
		vec_push(f->a, &ret->args, word);
}

/*
 * What an option says: behind it with "=", in the next word, or, of a letter's, right behind the
 * letter. The last one counts. NULL: it is not given.
 */
static const char *option(const struct found_resolver *r, const char *name)
{
	size_t n = strlen(name);
	const char *said = NULL;

	for (size_t i = 0; i < r->args.n; i++) {
		const char *arg = r->args.v[i];

		if (strncmp(arg, name, n) != 0)
			continue;
		if (arg[n] == '=')
			said = arg + n + 1;
		else if (arg[n] && n == 2)
			said = arg + n;
		else if (!arg[n] && i + 1 < r->args.n)
			said = r->args.v[i + 1];
	}
	return said;
}

/* A path as it is below the root: one that says the root again loses it. */
static const char *below(const struct found_resolver *r, const char *path)
{
	size_t n = strlen(r->root);

	if (n && strncmp(path, r->root, n) == 0 && path[n] == '/')
		return path + n;
	return path;
}

static const char *absolute(struct finder *f, const struct found_resolver *r, const char *name)
{
	const char *cwd;

	if (*name == '/')
		return name;
	cwd = follow(f->a, at_proc(f, "cwd"));
	if (!cwd)
		return name;
	cwd = below(r, cwd);
	return arena_printf(f->a, "%s%s%s", cwd, strcmp(cwd, "/") == 0 ? "" : "/", name);
}

static bool exists(struct arena *a, const char *root, const char *path)
{
	return access(arena_printf(a, "%s%s", root, path), F_OK) == 0;
}

/* The file that the arguments name, else the first well-known one that is there; NULL: none. */
static const char *config_of(
	struct finder *f, const struct found_resolver *r, const struct find_kind *k)
{
	const char *said = k->folder ? option(r, k->folder) : NULL;

	if (said)
		return arena_printf(f->a, "%s%s", absolute(f, r, said), strrchr(k->files[0], '/'));
	for (size_t i = 0; i < FIND_WORDS && k->options[i]; i++) {
		said = option(r, k->options[i]);
		if (said)
			return absolute(f, r, said);
	}
	for (size_t i = 0; i < FIND_WORDS && k->files[i]; i++) {
		const char *path = absolute(f, r, k->files[i]);

		if (exists(f->a, r->root, path))
			return path;
	}
	return NULL;
}

static bool same_namespace(struct finder *f, const char *name)
{
	const char *theirs = follow(f->a, at_proc(f, name));
	const char *ours = follow(f->a, arena_printf(f->a, "%s/self/%s", f->h->proc, name));

	return !theirs || !ours || strcmp(theirs, ours) == 0;
}

/*
 * Before the files of a process: its root, where it lives in another mount namespace or reads its
 * configuration behind chroot(2); nothing where it has read it before.
 */
static const char *root_of(struct finder *f, const struct find_kind *k)
{
	const char *root;

	if (!same_namespace(f, "ns/mnt"))
		return at_proc(f, "root");
	root = follow(f->a, at_proc(f, "root"));
	if (!k->chrooted || !root || strcmp(root, "/") == 0)
		return f->h->root;
	return arena_printf(f->a, "%s%s", f->h->root, root);
}

/* Nobody but root and us could have put it there. */
static bool is_safe(const struct stat *s)
{
	return S_ISREG(s->st_mode) && (s->st_uid == 0 || s->st_uid == geteuid()) &&
	       !(s->st_mode & (S_IWGRP | S_IWOTH));
}

static bool is_trusted(struct finder *f, const char *exe)
{
	struct stat s;

	return same_namespace(f, "ns/mnt") && stat(exe, &s) == 0 && is_safe(&s);
}

static const char *version_of(struct finder *f, const struct find_kind *k)
{
	const char *exe = at_proc(f, "exe");
	struct span printed;

	if (!f->h->run || !k->ask || !is_trusted(f, exe) ||
		f->h->run(f->a, exe, k->ask, &printed) < 0)
		return NULL;
	return find_version(f->a, k->kind, printed);
}

const char *find_version(struct arena *a, const char *kind, struct span printed)
{
	const struct find_kind *k = find_kinds_row(kind);
	const char *text = arena_printf(a, "%.*s", (int)printed.n, (const char *)printed.p);
	const char *at = k ? strstr(text, k->before) : NULL;
	size_t n;

	if (!at)
		return NULL;
	at += strlen(k->before);
	n = strcspn(at, " \t\r\n(");
	if (*at < '0' || *at > '9' || n > TEXT_MOST)
		return NULL;
	if (k->build && strstr(text, k->build))
		return arena_printf(a, "%.*s %s", (int)n, at, k->build);
	return arena_printf(a, "%.*s", (int)n, at);
}

const char *find_installed(struct arena *a, const struct find_host *h, const char *kind)
{
	static const char *const folders[] = { "/usr/sbin", "/usr/bin", "/usr/local/sbin",
		"/usr/local/bin", "/usr/lib/systemd" };
	const struct config_kind *c = config_kind_find(kind);
	const struct find_kind *k = find_kinds_row(kind);

	if (!h->run || !c || !c->program || !k || !k->ask)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		const char *exe = arena_printf(a, "%s%s/%s", h->root, folders[i], c->program);
		struct span printed;
		struct stat s;

		if (stat(exe, &s) == 0 && is_safe(&s))
			return h->run(a, exe, k->ask, &printed) < 0
				       ? NULL
				       : find_version(a, kind, printed);
	}
	return NULL;
}

static struct found_resolver describe(struct finder *f)
{
	struct found_resolver r = { .pid = f->pid, .root = "" };
	const struct find_kind *k;

	r.exe = program(f);
	r.kind = kind_of(r.exe);
	read_args(f, &r);
	k = find_kinds_row(r.kind);
	if (!k)
		return r;
	r.root = root_of(f, k);
	r.config = config_of(f, &r, k);
	r.version = version_of(f, k);
	return r;
}

/* A process' number; 0 for what else stands in /proc. */
static uint32_t pid_of(const char *name)
{
	char *end;
	unsigned long pid = strtoul(name, &end, 10);

	return *name >= '0' && *name <= '9' && !*end && pid <= INT32_MAX ? (uint32_t)pid : 0;
}

/*
 * The process with a socket: of several (a manager that hands it on, children) one whose program
 * is known.
 */
static int find_process(
	struct finder *f, const struct find_inodes *inodes, struct found_resolver *ret)
{
	DIR *d = opendir(f->h->proc);
	struct dirent *e;
	uint32_t other = 0, known = 0;

	if (!d)
		return -ERR_OPEN;
	/* cppcheck-suppress readdirCalled */
	while (!known && (e = readdir(d))) {
		f->pid = pid_of(e->d_name);
		if (!f->pid || !has_socket(f, inodes))
			continue;
		other = other ? other : f->pid;
		known = kind_of(program(f)) ? f->pid : 0;
	}
	closedir(d);
	f->pid = known ? known : other;
	if (!f->pid)
		return f->denied ? -ERR_PRIVILEGE : -ERR_NONE;
	*ret = describe(f);
	return 0;
}

int find_resolver(struct arena *a, const struct find_host *h, const struct addr *listens,
	struct found_resolver *ret)
{
	struct finder f = { .a = a, .h = h };
	struct find_inodes inodes = { 0 };

	find_socket_inodes(a, h->proc, listens, &inodes);
	return inodes.n ? find_process(&f, &inodes, ret) : -ERR_NONE;
}

void find_files(struct arena *a, const struct find_host *h, struct find_list *ret)
{
	for (size_t i = 0; i < config_nkinds; i++) {
		const struct find_kind *k = find_kinds_row(config_kinds[i].slug);
		struct found_resolver r = { .kind = config_kinds[i].slug, .root = h->root };

		for (size_t j = 0; k && j < FIND_WORDS && k->files[j] && !r.config; j++)
			if (*k->files[j] == '/' && exists(a, h->root, k->files[j]))
				r.config = k->files[j];
		if (r.config)
			vec_push(a, ret, r);
	}
}
