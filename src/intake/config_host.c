/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This host as the readers of configurations see it: its files, names and kernel's ports. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/config_read.h"

/* Linux' default range: Documentation/networking/ip-sysctl.rst, ip_local_port_range. */
enum { KERNEL_LO = 32768, KERNEL_HI = 60999, CHUNK = 1 << 14 };

/*
 * Opens a file below a root as a process sees it that lives there: links that begin with a slash
 * stay in it. Linux < 5.6 has no such call: then links may lead out.
 */
static int open_below(const char *root, const char *path)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
	char whole[4096];
	int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC), fd;

	if (dir < 0)
		return -1;
	fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
	close(dir);
	if (fd >= 0 || errno != ENOSYS)
		return fd;
	if ((size_t)snprintf(whole, sizeof(whole), "%s%s", root, path) >= sizeof(whole)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(whole, O_RDONLY | O_CLOEXEC);
}

static int open_file(const char *root, const char *path)
{
	if (*root && *path == '/')
		return open_below(root, path);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int read_all(struct arena *a, FILE *f, struct span *ret)
{
	struct buf b = { .arena = a };
	char *chunk = arena_alloc(a, CHUNK);
	size_t n;

	while ((n = fread(chunk, 1, CHUNK, f)) > 0) {
		buf_put(&b, chunk, n);
		if (b.n > CONFIG_FILE_MOST) {
			errno = EFBIG;
			return -ERR_LIMIT;
		}
	}
	if (ferror(f))
		return -ERR_OPEN;
	*ret = buf_span(&b);
	return 0;
}

static int real_read(
	const struct config_host *h, struct arena *a, const char *path, struct span *ret)
{
	int fd = open_file(h->root, path), err;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "rb");

	if (!f) {
		int why = errno;

		if (fd >= 0)
			close(fd);
		errno = why;
		return -ERR_OPEN;
	}
	err = read_all(a, f, ret);
	fclose(f);
	return err;
}

/* The root is no pattern, whatever its letters are. */
static size_t put_root(struct buf *b, const char *root)
{
	for (const char *p = root; *p; p++) {
		if (strchr("\\*?[]{}~", *p))
			buf_char(b, '\\');
		buf_char(b, *p);
	}
	return strlen(root);
}

static const char **real_match(const struct config_host *h, struct arena *a, const char *pattern)
{
	struct buf b = { .arena = a };
	size_t skip = *pattern == '/' ? put_root(&b, h->root) : 0, n = 0;
	const char **names;
	glob_t g = { 0 };

	buf_str(&b, pattern);
	if (glob(buf_text(&b), GLOB_BRACE, NULL, &g) == 0)
		n = g.gl_pathc < CONFIG_FILES_MOST ? g.gl_pathc : CONFIG_FILES_MOST + 1;
	n = n > g.gl_pathc ? g.gl_pathc : n;
	names = arena_alloc(a, (n + 1) * sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[i] = arena_str(a, g.gl_pathv[i] + skip);
	globfree(&g);
	return names;
}

/* The first line of a file of /proc/sys. */
static bool read_sysctl(const char *path, char *line, int size)
{
	FILE *f = fopen(path, "r");
	bool got = f && fgets(line, size, f);

	if (f)
		fclose(f);
	if (got)
		line[strcspn(line, "\n")] = '\0';
	return got;
}

static bool read_range(const char *line, struct portrange *ret)
{
	char *end;
	unsigned long lo = strtoul(line, &end, 10), hi = strtoul(end, NULL, 10);

	if (lo < 1 || hi > UINT16_MAX || lo > hi)
		return false;
	*ret = (struct portrange){ (uint16_t)lo, (uint16_t)hi };
	return true;
}

struct config_host config_host_real(void)
{
	static char line[1 << 18]; /* holds every second port of 65,536 as a number */
	struct config_host h = { .read = real_read, .match = real_match, .root = "" };
	struct portrange range = { KERNEL_LO, KERNEL_HI };

	h.kernel_read = read_sysctl("/proc/sys/net/ipv4/ip_local_port_range", line, sizeof(line)) &&
			read_range(line, &range);
	portset_add_range(&h.kernel, range);
	/* The kernel writes ranges, "8080,9148-9150"; what does not parse reserves nothing. */
	if (read_sysctl("/proc/sys/net/ipv4/ip_local_reserved_ports", line, sizeof(line)))
		portset_parse(line, &h.reserved, NULL);
	return h;
}
