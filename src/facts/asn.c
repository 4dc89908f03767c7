// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of prefixes and their autonomous systems: read, searched by longest prefix.
#include "facts/asn.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"

enum { LINE = 4096, DECIMAL = 10 };

static unsigned int most_bits(uint8_t family)
{
	return family == ADDR_V4 ? 32 : 128;
}

static struct asn_prefix mask(const struct addr *addr, unsigned int bits)
{
	struct asn_prefix p = { .family = addr->family, .bits = (uint8_t)bits };
	unsigned int whole = bits / 8, rest = bits % 8;

	memcpy(p.ip, addr->ip, whole);
	if (rest)
		p.ip[whole] = (uint8_t)(addr->ip[whole] & (0xff << (8 - rest)));
	return p;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_prefix(const struct asn_prefix *a, const struct asn_prefix *b)
{
	int by = order(a->family, b->family);

	if (by == 0)
		by = memcmp(a->ip, b->ip, sizeof(a->ip));
	return by ? by : order(a->bits, b->bits);
}

static int compare(const void *x, const void *y)
{
	const struct asn_row *a = x, *b = y;
	int by = compare_prefix(&a->prefix, &b->prefix);

	return by ? by : order(a->asn, b->asn);
}

/* A decimal number up to most; false for anything else. */
static bool number(const char *text, uint64_t most, uint64_t *ret)
{
	uint64_t v = 0;

	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '9' || v > most)
			return false;
		v = v * DECIMAL + (uint64_t)(*p - '0');
	}
	*ret = v;
	return *text && v <= most;
}

/* ip and length, each a text; length NULL: behind a slash in ip, which is cut there. */
static bool read_prefix(char *ip, const char *length, struct asn_prefix *ret)
{
	char *slash = length ? NULL : strchr(ip, '/');
	struct addr addr;
	uint64_t bits;

	if (slash) {
		*slash = '\0';
		length = slash + 1;
	}
	if (!length || addr_parse(ip, &addr) < 0 || addr.scope ||
		!number(length, most_bits(addr.family), &bits))
		return false;
	*ret = mask(&addr, (unsigned int)bits);
	return true;
}

/* Adds a row for each number of a list; false when one is none, or there is none. */
static bool read_numbers(
	struct arena *a, char *list, const struct asn_prefix *prefix, struct asn_rows *ret)
{
	static const char between[] = " \t_,";
	size_t before = ret->n;
	char *rest = list;

	for (char *word = strtok_r(list, between, &rest); word;
		word = strtok_r(NULL, between, &rest)) {
		uint64_t asn;

		if (!number(word, UINT32_MAX, &asn))
			return false;
		vec_push(a, ret, (struct asn_row){ *prefix, (uint32_t)asn });
	}
	return ret->n > before;
}

static bool read_line(struct arena *a, char *line, struct asn_rows *ret)
{
	static const char blank[] = " \t\r";
	struct asn_prefix prefix;
	char *rest = line, *ip = strtok_r(line, blank, &rest), *length = NULL;

	if (!ip || *ip == '#')
		return true;
	if (!strchr(ip, '/'))
		length = strtok_r(NULL, blank, &rest);
	if (!strchr(ip, '/') && !length)
		return false;
	rest += strspn(rest, blank);
	rest[strcspn(rest, "\r")] = '\0';
	return read_prefix(ip, length, &prefix) && read_numbers(a, rest, &prefix, ret);
}

static void settle(struct asn_rows *rows)
{
	size_t kept = 0;

	if (rows->n)
		qsort(rows->v, rows->n, sizeof(*rows->v), compare);
	for (size_t i = 0; i < rows->n; i++)
		if (!kept || compare(&rows->v[kept - 1], &rows->v[i]) != 0)
			rows->v[kept++] = rows->v[i];
	rows->n = kept;
}

int asn_read(struct arena *a, struct span text, struct asn_rows *ret, size_t *ret_line)
{
	struct asn_rows rows = { 0 };
	char line[LINE];
	size_t at = 0;

	for (size_t i = 1; at < text.n; i++) {
		const uint8_t *p = text.p + at, *end = memchr(p, '\n', text.n - at);
		size_t n = end ? (size_t)(end - p) : text.n - at;

		at += n + 1;
		if (n < sizeof(line) && !memchr(p, '\0', n)) {
			memcpy(line, p, n);
			line[n] = '\0';
			if (read_line(a, line, &rows))
				continue;
		}
		*ret_line = i;
		return -ERR_PARSE;
	}
	settle(&rows);
	*ret = rows;
	return 0;
}

static void append(struct arena *a, struct asn_rows *to, const struct asn_rows *from)
{
	vec_each (const struct asn_row, row, *from)
		vec_push(a, to, *row);
}

int asn_add(struct arena *a, struct asn_rows *table, struct span text)
{
	struct asn_rows more;
	size_t line;
	int err = asn_read(a, text, &more, &line);

	if (err < 0)
		return err;
	append(a, table, &more);
	settle(table);
	return 0;
}

/* The first row that is not before the prefix. */
static size_t lower_bound(const struct asn_rows *table, const struct asn_prefix *p)
{
	size_t from = 0, to = table->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (compare_prefix(&table->v[middle].prefix, p) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

bool asn_find(const struct asn_rows *table, const struct addr *addr, struct asn_rows *ret)
{
	if (addr->family == ADDR_NONE)
		return false;
	for (unsigned int bits = most_bits(addr->family) + 1; bits-- > 0;) {
		struct asn_prefix p = mask(addr, bits);
		size_t first = lower_bound(table, &p), n = 0;

		while (first + n < table->n && asn_same_prefix(&table->v[first + n].prefix, &p))
			n++;
		if (n) {
			*ret = (struct asn_rows){ .v = table->v + first, .n = n, .cap = n };
			return true;
		}
	}
	return false;
}

struct asn_rows asn_part(
	struct arena *a, const struct asn_rows *table, const struct addr *v, size_t n)
{
	struct asn_rows ret = { 0 }, origin;

	for (size_t i = 0; i < n; i++)
		if (asn_find(table, &v[i], &origin))
			append(a, &ret, &origin);
	settle(&ret);
	return ret;
}

int asn_read_answer(struct arena *a, const char *text, struct asn_rows *ret)
{
	char *rest, *copy = arena_str(a, text), *list = copy, *ip;
	struct asn_rows rows = { 0 };
	struct asn_prefix prefix;

	rest = strchr(copy, '|');
	if (!rest)
		return -ERR_PARSE;
	*rest++ = '\0';
	rest[strcspn(rest, "|")] = '\0';
	ip = rest + strspn(rest, " \t");
	ip[strcspn(ip, " \t")] = '\0';
	if (!read_prefix(ip, NULL, &prefix) || !read_numbers(a, list, &prefix, &rows))
		return -ERR_PARSE;
	settle(&rows);
	*ret = rows;
	return 0;
}

int asn_name(const struct addr *addr, const struct name *zone, struct name *ret)
{
	struct name reversed = name_reverse(addr_octets(addr)), base;
	unsigned int labels = name_labels(&reversed) - 2;
	size_t n = 0;
	int err;

	err = name_prepend(zone, addr->family == ADDR_V4 ? "origin" : "origin6", &base);
	if (err < 0)
		return err;
	/* All labels but those of in-addr.arpa or ip6.arpa. */
	while (labels-- > 0)
		n += reversed.wire[n] + 1U;
	if (n + base.len > NAME_MAX_WIRE)
		return -ERR_LIMIT;
	memcpy(ret->wire, reversed.wire, n);
	memcpy(ret->wire + n, base.wire, base.len);
	ret->len = (uint8_t)(n + base.len);
	return 0;
}

bool asn_covers(const struct asn_prefix *p, const struct addr *addr)
{
	struct asn_prefix q;

	if (p->family != addr->family)
		return false;
	q = mask(addr, p->bits);
	return asn_same_prefix(p, &q);
}

bool asn_same_prefix(const struct asn_prefix *a, const struct asn_prefix *b)
{
	return compare_prefix(a, b) == 0;
}

const char *asn_line(struct arena *a, const struct asn_rows *origin)
{
	struct buf b = { .arena = a };

	buf_str(&b, asn_prefix_text(a, &origin->v[0].prefix));
	vec_each (const struct asn_row, row, *origin)
		buf_printf(&b, " %u", row->asn);
	return buf_text(&b);
}

const char *asn_prefix_text(struct arena *a, const struct asn_prefix *p)
{
	struct addr addr = { .family = p->family };
	char text[ADDR_TEXT];

	memcpy(addr.ip, p->ip, sizeof(addr.ip));
	return arena_printf(a, "%s/%u", addr_text(&addr, text), p->bits);
}
