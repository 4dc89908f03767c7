/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resolvers that this host is configured to use. */
#include "cli/resolvconf.h"

#include <string.h>

#include "cli/file.h"

enum { DNS_PORT = 53, SERVERS_MOST = 3 };

struct resolvconf resolvconf_read(struct arena *a)
{
	struct resolvconf list = { 0 };
	struct span text = { 0 };
	struct addr addr;
	char *copy, *save = NULL;

	(void)file_read(a, "/etc/resolv.conf", &text);
	copy = arena_alloc(a, text.n + 1);
	if (text.n)
		memcpy(copy, text.p, text.n);
	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *words = NULL, *key = strtok_r(line, " \t\r", &words);
		char *value = strtok_r(NULL, " \t\r", &words);

		if (!key || !value || strcmp(key, "nameserver") != 0 || list.n == SERVERS_MOST)
			continue;
		if (addr_parse(value, &addr) == 0)
			vec_push(a, &list, addr_with_port(addr, DNS_PORT));
	}
	if (!list.n && addr_parse("127.0.0.1", &addr) == 0)
		vec_push(a, &list, addr_with_port(addr, DNS_PORT));
	return list;
}
