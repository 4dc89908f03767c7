/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of sockets as the kernel prints them, in a folder of their own. */
#include "intake/sockets.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "tap.h"

#define HEAD                                                                                       \
	"   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "     \
	"timeout inode ref pointer drops             \n"
#define REST " 00:00000000 00000000   107        0 "

/* Inodes: 1 connected to port 53; 2 bound to port 53; 3 not connected; 4 of another server. */
static const char udp[] = HEAD
	"  13: 0A0200C0:9C40 046433C6:0035 01 00000000:00000000" REST "1 2 0000000000000000 0\n"
	"  14: 0100007F:0035 00000000:0000 07 00000000:00000000" REST "2 2 0000000000000000 0\n"
	" 999: 00000000:C350 00000000:0000 07 00000000:00000000" REST "3 2 0000000000000000 0\n"
	"  16: 0A0200C0:9C41 046433C6:007B 01 00000000:00000000" REST "4 2 0000000000000000 0\n"
	"noise\n"
	"  17: 0A0200:9C42 046433C6:0035 01 00000000:00000000" REST "9 2 0000000000000000 0\n";
/* 5 over IPv6; 6 an IPv4-mapped pair. */
static const char udp6[] =
	HEAD "   1: B80D0120000000000000000001000000:1388 B80D0120000000000000000004000000:0035 01 "
	     "00000000:00000000" REST "5 2 0000000000000000 0\n"
	     "   2: 0000000000000000FFFF00000A0200C0:1389 0000000000000000FFFF0000046433C6:0035 01 "
	     "00000000:00000000" REST "6 2 0000000000000000 0\n";

static bool write_file(const char *root, const char *name, const char *bytes)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", root, name);
	f = fopen(path, "w");
	if (!f)
		return false;
	fputs(bytes, f);
	return fclose(f) == 0;
}

static bool link_at(const char *root, const char *name, const char *to)
{
	char path[256];

	snprintf(path, sizeof(path), "%s%s", root, name);
	return symlink(to, path) == 0;
}

static void folder(const char *root, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s%s", root, name);
	mkdir(path, 0700);
}

static void remove_all(const char *root)
{
	static const char *const names[] = { "/proc/77/fd/4", "/proc/77/fd/5", "/proc/77/fd/6",
		"/proc/77/fd/7", "/proc/77/fd", "/proc/77", "/proc/net/udp", "/proc/net/udp6",
		"/proc/net", "/proc", "" };
	char path[256];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s%s", root, names[i]);
		remove(path);
	}
}

static bool is_seen(const struct sighting *s, const char *from, const char *server)
{
	char a[ADDR_TEXT], b[ADDR_TEXT];

	return strcmp(addr_text_port(&s->from, a), from) == 0 &&
	       strcmp(addr_text_port(&s->server, b), server) == 0 && s->at == 12345 &&
	       s->source == SIGHT_SOCKET && s->end == SIGHT_UNKNOWN && !s->question.name;
}

static void all(struct arena *a, const char *root)
{
	struct sockets s = { .arena = a, .root = root };
	struct facts *f = facts_new(a);

	is_int(sockets_look(&s, f, 12345), 0, "all that ask port 53");
	ok(f->sightings.n == 3 &&
			is_seen(&f->sightings.v[0], "192.0.2.10#40000", "198.51.100.4#53") &&
			is_seen(&f->sightings.v[1], "2001:db8::1#5000", "2001:db8::4#53") &&
			is_seen(&f->sightings.v[2], "192.0.2.10#5001", "198.51.100.4#53"),
		"of both families");
	sockets_look(&s, f, 12346);
	is_int(f->sightings.n, 3, "are told once");
}

static void ours(struct arena *a, const char *root)
{
	struct sockets s = { .arena = a, .root = root };
	struct facts *f = facts_new(a);

	is_int(sockets_ignore(&s, 77), 0, "but for ours");
	sockets_look(&s, f, 12345);
	ok(f->sightings.n == 2 && f->sightings.v[0].from.port == 5000, "are told");
}

static void of_process(struct arena *a, const char *root)
{
	struct sockets s = { .arena = a, .root = root };
	struct facts *f = facts_new(a);

	is_int(sockets_of_process(&s, 78), -ERR_NONE, "no such process");
	is_int(sockets_of_process(&s, 77), 0, "those of a process");
	sockets_look(&s, f, 12345);
	ok(f->sightings.n == 2 &&
			is_seen(&f->sightings.v[0], "192.0.2.10#40000", "198.51.100.4#53") &&
			is_seen(&f->sightings.v[1], "(none)#50000", "(none)#0"),
		"that ask port 53 or are not connected, but do not listen there");
}

int main(void)
{
	char root[] = "/tmp/sockets-test-XXXXXX";
	struct arena *a = arena_new();
	struct sockets none = { .arena = a, .root = "/nonexistent" };

	if (!mkdtemp(root)) {
		ok(false, "a folder");
		return tap_done();
	}
	folder(root, "/proc");
	folder(root, "/proc/net");
	folder(root, "/proc/77");
	folder(root, "/proc/77/fd");
	ok(write_file(root, "/proc/net/udp", udp) && write_file(root, "/proc/net/udp6", udp6) &&
			link_at(root, "/proc/77/fd/4", "socket:[1]") &&
			link_at(root, "/proc/77/fd/5", "socket:[2]") &&
			link_at(root, "/proc/77/fd/6", "socket:[3]") &&
			link_at(root, "/proc/77/fd/7", "/dev/null"),
		"files");
	all(a, root);
	ours(a, root);
	of_process(a, root);
	is_int(sockets_look(&none, facts_new(a), 1), -ERR_OPEN, "no /proc");
	remove_all(root);
	arena_free(a);
	return tap_done();
}
