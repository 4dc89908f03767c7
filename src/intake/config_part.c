/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of values that several kinds have. */
#include "intake/config_part.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"

int config_part_port(const char *text, uint16_t *ret)
{
	unsigned int v = 0;

	if (!*text)
		return -ERR_PARSE;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -ERR_PARSE;
		v = v * 10 + (unsigned int)(*text - '0');
		if (v > UINT16_MAX)
			return -ERR_PARSE;
	}
	*ret = (uint16_t)v;
	return 0;
}

/* What stands behind the address: nothing, or the mark and a port. */
static int parse_behind(const char *text, char mark, uint16_t *ret)
{
	if (!*text)
		return 0;
	return *text == mark ? config_part_port(text + 1, ret) : -ERR_PARSE;
}

int config_part_addr(const char *text, char mark, uint16_t port, struct addr *ret)
{
	char host[ADDR_TEXT];
	bool bracket = *text == '[';
	const char *end = bracket ? strchr(text, ']') : strchr(text, mark);
	const char *behind;
	struct addr a;
	size_t n;

	text += bracket;
	if (bracket && !end)
		return -ERR_PARSE;
	if (!bracket && mark == ':' && end && strchr(end + 1, ':'))
		end = NULL; /* all colons are of the address */
	n = end ? (size_t)(end - text) : strlen(text);
	behind = end ? end + bracket : text + n;
	if (n >= sizeof(host) || parse_behind(behind, mark, &port))
		return -ERR_PARSE;
	memcpy(host, text, n);
	host[n] = '\0';
	if (strchr(host, '%') || addr_parse(host, &a))
		return -ERR_PARSE;
	*ret = addr_with_port(a, port);
	return 0;
}

void config_part_forward(struct config_reader *r, const struct addr *server)
{
	vec_each (struct addr, known, r->audit->forwards)
		if (addr_equal(known, server))
			return;
	if (r->audit->forwards.n < CONFIG_POOLS_MOST)
		vec_push(r->arena, &r->audit->forwards, *server);
}

const char **config_part_files(struct config_reader *r, const char *dir, const char *pattern)
{
	struct buf b = { .arena = r->arena };

	for (const char *p = dir; *p; p++) {
		if (strchr("\\*?[]{}~", *p))
			buf_char(&b, '\\');
		buf_char(&b, *p);
	}
	buf_printf(&b, "/%s", pattern);
	return r->host->match(r->host, r->arena, buf_text(&b));
}
