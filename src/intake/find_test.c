/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resolvers are found in a /proc of the test's own making. */
#include "intake/find.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "intake/find_run.h"
#include "tap.h"

static struct arena *arena;
static char top[] = "/tmp/find_test.XXXXXX";
static struct find_host host;

static const char *path(const char *name)
{
	return arena_printf(arena, "%s/%s", top, name);
}

/* A file with the folders before it; ends of strings may be in it. */
static void put(const char *name, const char *text, size_t n)
{
	char *p = arena_str(arena, path(name));
	FILE *f;

	for (char *slash = strchr(p + sizeof(top), '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(p, 0755);
		*slash = '/';
	}
	f = fopen(p, "w");
	if (!ok(f && fwrite(text, 1, n, f) == n && fclose(f) == 0, "made %s", name))
		exit(1);
}

static void lead(const char *name, const char *to)
{
	const char *p = path(name);

	unlink(p); /* the link of before, which put() would follow */
	put(name, "", 0);
	unlink(p);
	if (symlink(to, p) < 0)
		ok(false, "cannot link %s", name);
}

/* A process with a socket, a program and its arguments (of n octets, a NUL behind each). */
static void process(unsigned int pid, unsigned int inode, const char *exe, struct span args)
{
	lead(arena_printf(arena, "proc/%u/fd/3", pid), "/dev/null");
	lead(arena_printf(arena, "proc/%u/fd/7", pid), arena_printf(arena, "socket:[%u]", inode));
	lead(arena_printf(arena, "proc/%u/exe", pid), exe);
	lead(arena_printf(arena, "proc/%u/cwd", pid), "/srv/work");
	lead(arena_printf(arena, "proc/%u/root", pid), "/");
	lead(arena_printf(arena, "proc/%u/ns/mnt", pid), "mnt:[1]");
	put(arena_printf(arena, "proc/%u/cmdline", pid), (const char *)args.p, args.n);
}

#define ARGS(text) ((struct span){ (const uint8_t *)(text), sizeof(text) })
#define SOCKETS                                                                                    \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "      \
	"timeout "                                                                                 \
	"inode ref pointer drops\n"

static struct found_resolver expect(const char *where, int want)
{
	struct found_resolver r = { 0 };
	struct addr a;

	addr_parse_port(where, &a);
	is_int(find_resolver(arena, &host, &a, &r), want, where);
	return r;
}

static void make_sockets(void)
{
	/* The kernel writes addresses as words of the host: these rows are of little endian. */
	static const char udp[] = SOCKETS "  1: 0100007F:0035 00000000:0000 07 00000000:00000000 "
					  "00:00000000 00000000   0   0 101 2 "
					  "0 0\n"
					  "  2: 010200C0:0035 010200C0:9C40 01 00000000:00000000 "
					  "00:00000000 00000000   0   0 999 2 "
					  "0 0\n"
					  "  3: 00000000:14E9 00000000:0000 07 00000000:00000000 "
					  "00:00000000 00000000   0   0 102 2 "
					  "0 0\n"
					  "  4: 3500007F:0035 00000000:0000 07 00000000:00000000 "
					  "00:00000000 00000000   0   0 103 2 "
					  "0 0\n"
					  "garbage\n";
	static const char udp6[] =
		SOCKETS "  1: 00000000000000000000000001000000:0035 "
			"00000000000000000000000000000000:0000 07 "
			"00000000:00000000 00:00000000 00000000   0   0 104 2 0 0\n"
			"  2: 00000000000000000000000000000000:14EA "
			"00000000000000000000000000000000:0000 07 "
			"00000000:00000000 00:00000000 00000000   0   0 105 2 0 0\n";
	static const char fib[] = "Main:\n  +-- 0.0.0.0/0 3 0 4\n     |-- 192.0.2.1\n"
				  "        /32 host LOCAL\n     |-- 192.0.2.255\n"
				  "        /32 link BROADCAST\n";
	static const char inet6[] = "20010db8000000000000000000000001 02 40 00 80     eth0\n";

	put("proc/net/udp", udp, strlen(udp));
	put("proc/net/udp6", udp6, strlen(udp6));
	put("proc/net/fib_trie", fib, strlen(fib));
	put("proc/net/if_inet6", inet6, strlen(inet6));
	lead("proc/self/ns/mnt", "mnt:[1]");
}

static void check_processes(void)
{
	struct found_resolver r;

	process(11, 101, "/usr/sbin/unbound", ARGS("unbound\0-d\0-c\0conf/my.conf"));
	process(9, 102, "/sbin/init", ARGS("init"));
	process(12, 102, "/usr/sbin/named (deleted)", ARGS("named\0-c/etc/my.conf"));
	process(13, 103, "/opt/own/server", ARGS("server\0-c\0x"));
	process(15, 105, "/usr/bin/coredns", ARGS("coredns\0-conf=/etc/Corefile\0-conf\0/last"));

	r = expect("127.0.0.1", 0);
	is_str(r.kind, "unbound", "unbound");
	is_int(r.pid, 11, "its pid");
	is_str(r.config, "/srv/work/conf/my.conf", "a relative file");
	is_str(r.root, host.root, "no root");
	is_int(r.args.n, 3, "arguments");
	r = expect("192.0.2.1#5353", 0);
	is_str(r.kind, "bind", "the known program goes before the one that it was started by");
	is_str(r.exe, "/usr/sbin/named", "the path of a program that was replaced");
	is_str(r.config, "/etc/my.conf", "right behind the letter");
	r = expect("127.0.0.53", 0);
	ok(!r.kind && r.pid == 13, "a program that is not known");
	is_str(r.exe, "/opt/own/server", "its path");
	r = expect("2001:db8::1#5354", 0);
	is_str(r.kind, "coredns", "of all addresses");
	is_str(r.config, "/last", "the last option counts");
	r = expect("192.0.2.1#5354", 0);
	is_str(r.kind, "coredns", "IPv4 to a socket of IPv6");
	expect("192.0.2.1", -ERR_NONE); /* only a connected socket there */
	expect("192.0.2.2#5353", -ERR_NONE);
	expect("192.0.2.255#5353", -ERR_NONE);
	expect("2001:db8::2#5354", -ERR_NONE);
	expect("::1", -ERR_NONE); /* the socket's process has gone */
}

static void check_roots(void)
{
	struct found_resolver r;

	process(12, 102, "/usr/sbin/named", ARGS("named\0-t\0/jail\0-c\0/etc/n.conf"));
	lead("proc/12/root", "/jail");
	lead("proc/12/cwd", "/jail/var");
	r = expect("192.0.2.1#5353", 0);
	is_str(r.root, arena_printf(arena, "%s/jail", host.root), "BIND reads behind chroot()");
	is_str(r.config, "/etc/n.conf", "its file there");
	lead("proc/11/root", "/jail");
	r = expect("127.0.0.1", 0);
	is_str(r.root, host.root, "Unbound has read before");
	lead("proc/11/ns/mnt", "mnt:[2]");
	r = expect("127.0.0.1", 0);
	is_str(r.root, path("proc/11/root"), "another mount namespace");
	put("files/etc/bind/named.conf", "", 0);
	lead("proc/12/root", "/");
	put("proc/12/cmdline", "named", 6);
	r = expect("192.0.2.1#5353", 0);
	is_str(r.config, "/etc/bind/named.conf", "a well-known file");
	unlink(path("files/etc/bind/named.conf"));
	r = expect("192.0.2.1#5353", 0);
	ok(!r.config, "none");
}

static void check_files(void)
{
	struct find_list list = { 0 };

	put("files/etc/named.conf", "", 0);
	put("files/etc/unbound/unbound.conf", "", 0);
	find_files(arena, &host, &list);
	is_int(list.n, 2, "two kinds have files");
	is_str(list.v[0].kind, "bind", "BIND");
	is_str(list.v[0].config, "/etc/named.conf", "of another distribution");
	is_str(list.v[1].kind, "unbound", "Unbound");
	ok(list.v[0].pid == 0 && !list.v[0].version, "no more is known");
}

static void check_versions(void)
{
	static const struct {
		const char *kind, *printed, *version;
	} rows[] = {
		{ "bind", "BIND 9.18.49-1~deb12u3-Debian (Extended Support Version) <id:>\n",
			"9.18.49-1~deb12u3-Debian" },
		{ "unbound", "Version 1.17.1\n\nConfigure line: --prefix=/usr\n", "1.17.1" },
		{ "unbound",
			"Version 1.9.0\n\nConfigure line: --disable-explicit-port-randomisation\n",
			"1.9.0 --disable-explicit-port-randomisation" },
		{ "pdns-recursor", "Nov 24 18:39:22 PowerDNS Recursor 4.8.8 (C) 2001-2022\n",
			"4.8.8" },
		{ "dnsmasq", "Dnsmasq version 2.90  Copyright (c) 2000-2024\n", "2.90" },
		{ "knot-resolver", "Knot Resolver, version 5.6.0\n", "5.6.0" },
		{ "dnsdist", "dnsdist 1.7.3 (Lua 5.1.4 [LuaJIT 2.1.0-beta3])\n", "1.7.3" },
		{ "coredns", "CoreDNS-1.11.1\nlinux/amd64, go1.20.7\n", "1.11.1" },
		{ "systemd-resolved", "systemd 252 (252.39-1~deb12u1)\n", "252" },
		{ "bind", "BIND unknown\n", NULL },
		{ "bind", "", NULL },
		{ "none", "Version 1\n", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct span printed = { (const uint8_t *)rows[i].printed, strlen(rows[i].printed) };

		is_str(find_version(arena, rows[i].kind, printed), rows[i].version, rows[i].kind);
	}
}

static int version_of_all(struct arena *a, const char *exe, const char *arg, struct span *ret)
{
	const char *text = arena_printf(a, "Version 9 %s %s\n", exe, arg);

	*ret = (struct span){ (const uint8_t *)text, strlen(text) };
	return 0;
}

/* A program is run only when nobody else could have made it. */
static void check_trust(void)
{
	struct found_resolver r;

	host.run = version_of_all;
	put("files/unbound", "", 0);
	lead("proc/11/exe", path("files/unbound"));
	lead("proc/11/ns/mnt", "mnt:[1]");
	chmod(path("files/unbound"), 0755);
	r = expect("127.0.0.1", 0);
	is_str(r.version, "9", "a program of our own");
	chmod(path("files/unbound"), 0777);
	r = expect("127.0.0.1", 0);
	ok(!r.version, "others may write it");
	chmod(path("files/unbound"), 0755);
	lead("proc/11/ns/mnt", "mnt:[2]");
	r = expect("127.0.0.1", 0);
	ok(!r.version, "of another mount namespace");
	host.run = NULL;
}

static void check_privilege(void)
{
	lead("proc/11/ns/mnt", "mnt:[1]");
	chmod(path("proc/11/fd"), 0);
	if (access(path("proc/11/fd"), R_OK) == 0)
		ok(true, "all may be read: # SKIP run as root");
	else
		expect("127.0.0.1", -ERR_PRIVILEGE);
	chmod(path("proc/11/fd"), 0755);
}

static void check_run(void)
{
	struct span out = { 0 };

	is_int(find_run(arena, "/nowhere/program", "-v", &out), -ERR_SYSTEM, "no program");
	is_int(find_run(arena, "/bin/echo", "Version 1", &out), 0, "a program");
	ok(out.n == 10 && memcmp(out.p, "Version 1\n", 10) == 0, "what it printed");
	is_int(find_run(arena, "/usr/bin/yes", "1", &out), 0, "one that prints without end");
	ok(out.n > 1000 && out.n < 32768, "is ended");
	is_int(find_run(arena, "/bin/cat", "/gone", &out), 0, "one that fails");
	ok(out.n > 0, "has printed its error");
	is_int(find_run(arena, "/bin/cat", "-", &out), 0, "one that reads");
	is_int((int64_t)out.n, 0, "gets nothing");
}

static int forget(const char *name, const struct stat *s, int type, struct FTW *ftw)
{
	(void)s;
	(void)type;
	(void)ftw;
	return remove(name);
}

int main(void)
{
	arena = arena_new();
	if (!mkdtemp(top))
		return 1;
	host = (struct find_host){ .proc = path("proc"), .root = path("files") };
	make_sockets();
	check_processes();
	check_roots();
	check_files();
	check_versions();
	check_trust();
	check_privilege();
	check_run();
	nftw(top, forget, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(arena);
	return tap_done();
}
