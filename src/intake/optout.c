/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who does not want to be asked. */
#include "intake/optout.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { LINE = 512 };

static bool read_bits(const char *text, uint8_t most, uint8_t *ret)
{
	char *end;
	unsigned long bits = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || bits > most)
		return false;
	*ret = (uint8_t)bits;
	return true;
}

/* What is behind the bits does not count, whatever it is. */
static void clear_host(struct asn_prefix *p)
{
	for (unsigned int bit = p->bits; bit < 8 * sizeof(p->ip); bit++)
		p->ip[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
}

static bool read_network(struct arena *a, char *word, struct optout *ret)
{
	char *slash = strchr(word, '/');
	struct asn_prefix p = { 0 };
	struct addr addr;
	uint8_t most;

	if (slash)
		*slash = '\0';
	if (addr_parse(word, &addr) < 0)
		return false;
	most = addr.family == ADDR_V4 ? 32 : 128;
	p.family = addr.family;
	p.bits = most;
	memcpy(p.ip, addr.ip, sizeof(p.ip));
	if (slash && !read_bits(slash + 1, most, &p.bits))
		return false;
	clear_host(&p);
	vec_push(a, &ret->networks, p);
	return true;
}

static bool read_name(struct arena *a, const char *word, struct optout *ret)
{
	struct name name;

	if (strchr(word, '/') || name_parse(word, &name) < 0)
		return false;
	vec_push(a, &ret->names, name_keep(a, &name));
	return true;
}

static bool read_line(struct arena *a, char *line, struct optout *ret)
{
	static const char space[] = " \t\r";
	char *save = NULL, *word;

	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, space, &save);
	if (!word)
		return true;
	if (strtok_r(NULL, space, &save))
		return false;
	/* An address is a name, too, by its letters; "192.0.2.0/33" is neither. */
	return read_network(a, arena_str(a, word), ret) || read_name(a, word, ret);
}

int optout_read(struct arena *a, struct span text, struct optout *ret, size_t *ret_line)
{
	struct optout o = { 0 };
	size_t at = 0;

	for (size_t i = 1; at < text.n; i++) {
		const uint8_t *p = text.p + at, *end = memchr(p, '\n', text.n - at);
		size_t n = end ? (size_t)(end - p) : text.n - at;
		char line[LINE];

		at += n + 1;
		*ret_line = i;
		if (n >= sizeof(line) || memchr(p, '\0', n))
			return -ERR_PARSE;
		memcpy(line, p, n);
		line[n] = '\0';
		if (!read_line(a, line, &o))
			return -ERR_PARSE;
	}
	*ret = o;
	return 0;
}

bool optout_has_addr(const struct optout *o, const struct addr *a)
{
	vec_each (const struct asn_prefix, p, o->networks)
		if (asn_covers(p, a))
			return true;
	return false;
}

bool optout_has_name(const struct optout *o, const struct name *n)
{
	vec_each (const struct name *, below, o->names)
		if (name_under(n, *below))
			return true;
	return false;
}
