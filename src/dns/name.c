/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A domain name in wire form, in the letter case it came in. */
#include "dns/name.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

const struct name name_root = { .len = 1, .wire = { 0 } };

static uint8_t lower(uint8_t c)
{
	/* RFC 4343 2: only the ASCII letters have two cases. */
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The octet at *text, which moves behind it; -ERR_PARSE for a bad escape. */
static int take_octet(const char **text)
{
	const char *t = *text;
	int value;

	if (*t != '\\') {
		*text = t + 1;
		return (uint8_t)*t;
	}
	if (!t[1])
		return -ERR_PARSE;
	if (!is_digit(t[1])) {
		*text = t + 2;
		return (uint8_t)t[1];
	}
	if (!is_digit(t[2]) || !is_digit(t[3]))
		return -ERR_PARSE;
	value = (t[1] - '0') * 100 + (t[2] - '0') * 10 + (t[3] - '0');
	*text = t + 4;
	return value <= 255 ? value : -ERR_PARSE;
}

/* Reads one label into room octets at to (its length first): octets written, or -ERR_PARSE. */
static int take_label(const char **text, uint8_t *to, unsigned int room)
{
	unsigned int n = 0;

	while (**text && **text != '.') {
		int c = take_octet(text);

		if (c < 0 || n == NAME_MAX_LABEL || n + 1 >= room)
			return -ERR_PARSE;
		to[++n] = (uint8_t)c;
	}
	if (n == 0)
		return -ERR_PARSE;
	to[0] = (uint8_t)n;
	return (int)n + 1;
}

int name_parse(const char *text, struct name *ret)
{
	struct name n = { 0 };

	if (strcmp(text, ".") == 0) {
		*ret = name_root;
		return 0;
	}
	do {
		/* One octet is kept for the root's label. */
		int took = take_label(&text, n.wire + n.len, NAME_MAX_WIRE - 1U - n.len);

		if (took < 0)
			return took;
		n.len = (uint8_t)(n.len + took);
		if (*text == '.')
			text++;
	} while (*text);
	n.wire[n.len++] = 0;
	*ret = n;
	return 0;
}

int name_from_wire(struct span wire, struct name *ret)
{
	struct name n = { 0 };
	size_t at = 0;

	for (;;) {
		size_t size;

		if (at >= wire.n || wire.p[at] > NAME_MAX_LABEL)
			return -ERR_PARSE;
		size = wire.p[at] + 1U;
		if (size > wire.n - at || at + size > NAME_MAX_WIRE)
			return -ERR_PARSE;
		at += size;
		if (size == 1)
			break;
	}
	n.len = (uint8_t)at;
	memcpy(n.wire, wire.p, at);
	*ret = n;
	return 0;
}

/* Writes one octet of a label; the characters that master files give a meaning get a backslash. */
static char *put_octet(char *to, uint8_t c)
{
	static const bool special[] = { ['.'] = true,
		['\\'] = true,
		['"'] = true,
		['('] = true,
		[')'] = true,
		[';'] = true,
		['@'] = true,
		['$'] = true,
		['~'] = false };

	if (c <= ' ' || c > '~') {
		*to++ = '\\';
		*to++ = (char)('0' + c / 100);
		*to++ = (char)('0' + c / 10 % 10);
		*to++ = (char)('0' + c % 10);
		return to;
	}
	if (special[c])
		*to++ = '\\';
	*to++ = (char)c;
	return to;
}

const char *name_text(const struct name *n, char *buf)
{
	char *to = buf;

	for (unsigned int at = 0; at < n->len && n->wire[at]; at += n->wire[at] + 1U) {
		for (unsigned int i = 1; i <= n->wire[at]; i++)
			to = put_octet(to, n->wire[at + i]);
		*to++ = '.';
	}
	if (n->len == 1)
		*to++ = '.';
	*to = '\0';
	return buf;
}

void name_put(const struct name *n, struct buf *b)
{
	char text[NAME_TEXT];

	buf_str(b, name_text(n, text));
}

void name_set(struct name *to, const struct name *from)
{
	/* By pieces of a known size, for which no function has to be called. */
	enum { PIECE = 32 };
	uint8_t *t = (uint8_t *)to;
	const uint8_t *f = (const uint8_t *)from;
	size_t size = 1U + from->len;

	_Static_assert(sizeof(*to) % PIECE == 0, "the last piece lies within");
	for (size_t at = 0; at < size; at += PIECE)
		memcpy(t + at, f + at, PIECE);
}

const struct name *name_keep(struct arena *a, const struct name *n)
{
	return arena_dup(a, n, sizeof(*n));
}

/* Label lengths are below 'A', so that lowering whole wire forms compares labels rightly. */
static bool same_octets(const uint8_t *a, const uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

bool name_equal(const struct name *a, const struct name *b)
{
	return name_same_case(a, b) || (a->len == b->len && same_octets(a->wire, b->wire, a->len));
}

struct name name_lower(const struct name *n)
{
	struct name ret = *n;

	/* Octets that count labels are below 64 and no letters. */
	for (unsigned int i = 0; i < n->len; i++)
		if (ret.wire[i] >= 'A' && ret.wire[i] <= 'Z')
			ret.wire[i] = (uint8_t)(ret.wire[i] | 0x20);
	return ret;
}

struct name name_mixed(const struct name *n)
{
	struct name ret = name_lower(n);
	bool up = true;

	for (unsigned int i = 0; i < ret.len; i++) {
		if (ret.wire[i] < 'a' || ret.wire[i] > 'z')
			continue;
		if (up)
			ret.wire[i] = (uint8_t)(ret.wire[i] & ~0x20);
		up = !up;
	}
	return ret;
}

bool name_same_case(const struct name *a, const struct name *b)
{
	return a->len == b->len && memcmp(a->wire, b->wire, a->len) == 0;
}

/* Where n's labels begin; returns how many there are without the root's. */
static unsigned int label_starts(const struct name *n, uint8_t starts[NAME_MAX_WIRE])
{
	unsigned int count = 0;

	for (unsigned int at = 0; at < n->len && n->wire[at]; at += n->wire[at] + 1U)
		starts[count++] = (uint8_t)at;
	return count;
}

static int compare_labels(const uint8_t *a, const uint8_t *b)
{
	unsigned int shorter = a[0] < b[0] ? a[0] : b[0];

	for (unsigned int i = 1; i <= shorter; i++)
		if (lower(a[i]) != lower(b[i]))
			return lower(a[i]) - lower(b[i]);
	return a[0] - b[0];
}

int name_compare(const struct name *a, const struct name *b)
{
	uint8_t as[NAME_MAX_WIRE], bs[NAME_MAX_WIRE];
	unsigned int an = label_starts(a, as), bn = label_starts(b, bs);

	while (an && bn) {
		int order = compare_labels(a->wire + as[--an], b->wire + bs[--bn]);

		if (order)
			return order;
	}
	return (an > 0) - (bn > 0);
}

unsigned int name_labels(const struct name *n)
{
	uint8_t starts[NAME_MAX_WIRE];

	return label_starts(n, starts);
}

bool name_under(const struct name *a, const struct name *b)
{
	unsigned int skip = 0;

	if (!b->len)
		return false;
	/* The tails must begin at the same label, not in the middle of one. */
	while (a->len - skip > b->len)
		skip += a->wire[skip] + 1U;
	return a->len - skip == b->len && same_octets(a->wire + skip, b->wire, b->len);
}

/* The name from octet at on, which begins a label. */
static struct name tail(const struct name *n, unsigned int at)
{
	struct name t = { .len = (uint8_t)(n->len - at) };

	memcpy(t.wire, n->wire + at, t.len);
	return t;
}

struct name name_parent(const struct name *n)
{
	return n->len <= 1 ? *n : tail(n, n->wire[0] + 1U);
}

struct name name_suffix(const struct name *n, unsigned int count)
{
	uint8_t starts[NAME_MAX_WIRE];
	unsigned int labels = label_starts(n, starts);

	if (count >= labels)
		return *n;
	return count ? tail(n, starts[labels - count]) : name_root;
}

int name_prepend(const struct name *n, const char *label, struct name *ret)
{
	size_t size = strlen(label);
	struct name longer;

	assert(size >= 1 && n->len);
	if (size > NAME_MAX_LABEL || size + 1 + n->len > NAME_MAX_WIRE)
		return -ERR_LIMIT;
	longer = (struct name){ .len = (uint8_t)(size + 1 + n->len) };
	longer.wire[0] = (uint8_t)size;
	memcpy(longer.wire + 1, label, size);
	memcpy(longer.wire + 1 + size, n->wire, n->len);
	*ret = longer;
	return 0;
}

struct name name_reverse(struct span ip)
{
	char text[NAME_TEXT], *to = text;
	struct name n;
	int err;

	assert(ip.n == 4 || ip.n == 16);
	for (size_t i = ip.n; i-- > 0;) {
		if (ip.n == 4)
			to += sprintf(to, "%u.", ip.p[i]);
		else
			to += sprintf(to, "%x.%x.", ip.p[i] & 15U, ip.p[i] >> 4U);
	}
	sprintf(to, "%s.arpa.", ip.n == 4 ? "in-addr" : "ip6");
	err = name_parse(text, &n);
	assert(err == 0);
	return n;
}
