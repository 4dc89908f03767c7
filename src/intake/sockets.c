/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of /proc/net/udp, and links of /proc/PID/fd. */
#include "intake/sockets.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

enum { DNS_PORT = 53, LINE = 256 };

/* Where an inode is, or would stand. */
static size_t place_of(const struct sockets_set *s, uint64_t inode)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->v[mid] < inode)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool has(const struct sockets_set *s, uint64_t inode)
{
	size_t i = place_of(s, inode);

	return i < s->n && s->v[i] == inode;
}

/* -ERR_LIMIT when the set is full. */
static int add(struct arena *a, struct sockets_set *s, uint64_t inode)
{
	size_t i = place_of(s, inode);

	if (i < s->n && s->v[i] == inode)
		return 0;
	if (s->n == SOCKETS_MOST)
		return -ERR_LIMIT;
	s->v = vec_room(a, s->v, &s->cap, (struct vec_need){ s->n, sizeof(*s->v) });
	memmove(s->v + i + 1, s->v + i, (s->n - i) * sizeof(*s->v));
	s->v[i] = inode;
	s->n++;
	return 0;
}

/* "socket:[123]" is what a descriptor of a socket links to. */
static bool inode_of_link(const char *text, uint64_t *ret)
{
	char end;

	return sscanf(text, "socket:[%" SCNu64 "%c", ret, &end) == 2 && end == ']';
}

static int add_process(struct sockets *s, struct sockets_set *set, pid_t pid)
{
	char path[LINE], link[LINE];
	const struct dirent *e;
	DIR *dir;

	if ((size_t)snprintf(path, sizeof(path), "%s/proc/%d/fd", s->root, (int)pid) >=
		sizeof(path))
		return -ERR_NONE;
	dir = opendir(path);
	if (!dir)
		return errno == EACCES || errno == EPERM ? -ERR_PRIVILEGE : -ERR_NONE;
	/* glibc's readdir() is safe on a stream of one's own. */
	/* cppcheck-suppress readdirCalled */
	while ((e = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), e->d_name, link, sizeof(link) - 1);
		uint64_t inode;

		if (n <= 0)
			continue;
		link[n] = '\0';
		if (inode_of_link(link, &inode) && add(s->arena, set, inode) < 0)
			break;
	}
	closedir(dir);
	return 0;
}

int sockets_of_process(struct sockets *s, pid_t pid)
{
	int rc = add_process(s, &s->wanted, pid);

	s->by_process = s->by_process || rc == 0;
	return rc;
}

int sockets_ignore(struct sockets *s, pid_t pid)
{
	return add_process(s, &s->ignored, pid);
}

/* Octets of an address as the kernel prints them: words of 8 hex digits, each in host order. */
static bool read_ip(const char *hex, struct addr *ret)
{
	size_t words = strlen(hex) / 8;

	if (strlen(hex) % 8 || (words != 1 && words != 4))
		return false;
	*ret = (struct addr){ .family = words == 1 ? ADDR_V4 : ADDR_V6 };
	for (size_t i = 0; i < words; i++) {
		uint32_t word;

		if (sscanf(hex + 8 * i, "%8" SCNx32, &word) != 1)
			return false;
		memcpy(ret->ip + 4 * i, &word, sizeof(word));
	}
	return true;
}

/* ::ffff:192.0.2.1 is a socket of IPv6 that talks IPv4 (RFC 4291 2.5.5.2). */
static void unmap(struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (a->family != ADDR_V6 || memcmp(a->ip, mapped, sizeof(mapped)) != 0)
		return;
	memmove(a->ip, a->ip + 12, 4);
	memset(a->ip + 4, 0, 12);
	a->family = ADDR_V4;
}

struct line {
	struct addr local, remote;
	uint64_t inode;
};

/* sl local:port remote:port st tx:rx tr:when retrnsmt uid timeout inode ... */
static bool read_line(const char *text, struct line *ret)
{
	char local[33], remote[33];
	unsigned int from, to;

	if (sscanf(text,
		    "%*u: %32[0-9A-Fa-f]:%4x %32[0-9A-Fa-f]:%4x %*x %*x:%*x %*x:%*x %*x %*u %*u "
		    "%" SCNu64,
		    local, &from, remote, &to, &ret->inode) != 5)
		return false;
	if (!read_ip(local, &ret->local) || !read_ip(remote, &ret->remote) || from > UINT16_MAX ||
		to > UINT16_MAX)
		return false;
	unmap(&ret->local);
	unmap(&ret->remote);
	ret->local.port = (uint16_t)from;
	ret->remote.port = (uint16_t)to;
	return true;
}

static bool counts(const struct sockets *s, const struct line *l)
{
	if (!l->local.port || !l->inode || has(&s->ignored, l->inode) || has(&s->told, l->inode))
		return false;
	if (!s->by_process)
		return l->remote.port == DNS_PORT;
	if (!has(&s->wanted, l->inode))
		return false;
	return l->remote.port == DNS_PORT || (!l->remote.port && l->local.port != DNS_PORT);
}

static int tell(struct sockets *s, const struct line *l, struct facts *f)
{
	static const uint8_t none[16];
	struct sighting seen = { .source = SIGHT_SOCKET, .from = l->local };

	if (add(s->arena, &s->told, l->inode) < 0)
		return -ERR_LIMIT;
	if (memcmp(l->local.ip, none, sizeof(none)) == 0)
		seen.from.family = ADDR_NONE;
	if (l->remote.port)
		seen.server = l->remote;
	vec_push(f->arena, &f->sightings, seen);
	return 0;
}

static int look_at(struct sockets *s, struct facts *f, FILE *file)
{
	char text[LINE];
	struct line l;
	int rc = 0;

	for (int i = 0; rc == 0 && i < SOCKETS_LINES_MOST && fgets(text, sizeof(text), file); i++)
		if (read_line(text, &l) && counts(s, &l))
			rc = tell(s, &l, f);
	return rc;
}

int sockets_look(struct sockets *s, struct facts *f, uint64_t now)
{
	static const char *const names[] = { "udp", "udp6" };
	size_t first = f->sightings.n;
	int rc = -ERR_OPEN;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[LINE];
		FILE *file;

		if ((size_t)snprintf(path, sizeof(path), "%s/proc/net/%s", s->root, names[i]) >=
			sizeof(path))
			return -ERR_OPEN;
		file = fopen(path, "r");
		if (!file)
			continue;
		rc = rc == -ERR_LIMIT ? rc : look_at(s, f, file);
		fclose(file);
	}
	for (size_t i = first; i < f->sightings.n; i++)
		f->sightings.v[i].at = now;
	return rc;
}
