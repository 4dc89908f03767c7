/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /proc/net/udp, udp6, fib_trie and if_inet6 (Documentation/networking/proc_net_tcp.rst). */
#include "intake/find_socket.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

enum { LINE = 512 };

/* A socket's line: its own address and inode; false for the heading and for connected ones. */
struct row {
	struct addr local;
	uint64_t inode;
};

/* Words of 32 bits, each in the host's order: eight digits one. */
static bool read_ip(const char *hex, struct addr *ret)
{
	size_t n = strlen(hex) / 8;

	if (n != 1 && n != 4)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint32_t word;

		if (sscanf(hex + i * 8, "%8" SCNx32, &word) != 1)
			return false;
		memcpy(ret->ip + i * 4, &word, 4);
	}
	ret->family = n == 1 ? ADDR_V4 : ADDR_V6;
	return true;
}

static bool read_row(const char *line, struct row *ret)
{
	char local[33], remote[33];
	unsigned int port, peer;

	*ret = (struct row){ 0 };
	if (sscanf(line, " %*d: %32[0-9A-F]:%4X %32[0-9A-F]:%4X %*s %*s %*s %*s %*s %*s %" SCNu64,
		    local, &port, remote, &peer, &ret->inode) != 5)
		return false;
	ret->local.port = (uint16_t)port;
	return peer == 0 && read_ip(local, &ret->local);
}

static bool is_any(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->ip, zero, sizeof(zero)) == 0;
}

/* An IPv4 address as a socket of IPv6 has it (RFC 4291 2.5.5.2). */
static struct addr unmapped(const struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct addr v4 = { .family = ADDR_V4, .port = a->port };

	if (a->family != ADDR_V6 || memcmp(a->ip, mapped, sizeof(mapped)) != 0)
		return *a;
	memcpy(v4.ip, a->ip + sizeof(mapped), 4);
	return v4;
}

static bool is_wanted(const struct row *r, const struct addr *listens, bool any)
{
	struct addr local = unmapped(&r->local);

	if (r->local.port != (listens->port ? listens->port : 53))
		return false;
	if (any) /* a v6 socket of all addresses may get IPv4, too */
		return is_any(&r->local) &&
		       (r->local.family == listens->family || r->local.family == ADDR_V6);
	local.scope = listens->scope;
	return addr_same_host(&local, listens);
}

static FILE *open_net(struct arena *a, const char *proc, const char *name)
{
	return fopen(arena_printf(a, "%s/net/%s", proc, name), "re");
}

static void gather(struct arena *a, FILE *f, const struct addr *listens, struct find_inodes *both)
{
	char line[LINE];
	struct row r;

	while (f && fgets(line, sizeof(line), f)) {
		if (!read_row(line, &r))
			continue;
		if (is_wanted(&r, listens, false))
			vec_push(a, &both[0], r.inode);
		else if (is_wanted(&r, listens, true))
			vec_push(a, &both[1], r.inode);
	}
	if (f)
		fclose(f);
}

/* An address is followed by what it is: "|-- 192.0.2.1", "/32 host LOCAL". */
static bool in_fib(FILE *f, const char *text)
{
	char line[LINE], word[ADDR_TEXT] = "";
	bool found = false;

	while (!found && fgets(line, sizeof(line), f)) {
		if (sscanf(line, " |-- %79s", word) == 1)
			continue;
		found = strstr(line, "/32 host LOCAL") && strcmp(word, text) == 0;
	}
	return found;
}

static bool in_inet6(FILE *f, const struct addr *a)
{
	char line[LINE], hex[33] = "";
	bool found = false;

	for (size_t i = 0; i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02x", a->ip[i]);
	while (!found && fgets(line, sizeof(line), f))
		found = strncmp(line, hex, 32) == 0;
	return found;
}

static bool is_ours(struct arena *a, const char *proc, const struct addr *listens)
{
	char text[ADDR_TEXT];
	FILE *f;
	bool found;

	if (addr_is_loopback(listens) || is_any(listens))
		return true;
	f = open_net(a, proc, listens->family == ADDR_V4 ? "fib_trie" : "if_inet6");
	if (!f)
		return false;
	found = listens->family == ADDR_V4 ? in_fib(f, addr_text(listens, text))
					   : in_inet6(f, listens);
	fclose(f);
	return found;
}

void find_socket_inodes(
	struct arena *a, const char *proc, const struct addr *listens, struct find_inodes *ret)
{
	struct find_inodes both[2] = { 0 };

	if (listens->family == ADDR_NONE)
		return;
	gather(a, open_net(a, proc, "udp"), listens, both);
	gather(a, open_net(a, proc, "udp6"), listens, both);
	if (!is_ours(a, proc, listens))
		both[1].n = 0;
	for (size_t i = 0; i < ARRAY_LEN(both); i++)
		vec_each (const uint64_t, inode, both[i])
			vec_push(a, ret, *inode);
}
