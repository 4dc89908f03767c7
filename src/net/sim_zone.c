// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the text of simulated zones. It is a test's own: what cannot be read is a bug there.
#include "net/sim_zone.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"

enum {
	WORD = 8192, /* bytes that hold a word of a record */
	TTL = 3600,  /* of records that name none */
};

/*
 * The next word of the line, without quotes; NULL at the line's end or a comment. buf has WORD
 * bytes.
 */
static const char *word(const char **p, char *buf)
{
	size_t n;

	*p += strspn(*p, " \t");
	if (**p == '"') {
		n = strcspn(++*p, "\"\n");
		assert((*p)[n] == '"' && n < WORD);
		memcpy(buf, *p, n);
		*p += n + 1;
	} else {
		n = strcspn(*p, " \t\n;");
		if (!n)
			return NULL;
		assert(n < WORD);
		memcpy(buf, *p, n);
		*p += n;
	}
	buf[n] = '\0';
	return buf;
}

static struct name need_name(const char *text)
{
	struct name n;
	int err = text ? name_parse(text, &n) : -ERR_PARSE;

	assert(err == 0);
	return n;
}

static unsigned long need_number(const char *text)
{
	char *end = NULL;
	unsigned long v = text ? strtoul(text, &end, 10) : 0;

	assert(end && end != text && !*end);
	return v;
}

static uint16_t need_type(const char *text)
{
	uint16_t type = 0;
	int err = text_parse_type(text, &type);

	assert(err == 0 && type);
	return type;
}

/* Fields of rdata in order: n name, 1 2 4 numbers, a A, 6 AAAA, t texts to the end. */
static const struct {
	uint16_t type;
	const char *form;
} forms[] = {
	{ RR_A, "a" },
	{ RR_AAAA, "6" },
	{ RR_NS, "n" },
	{ RR_CNAME, "n" },
	{ RR_PTR, "n" },
	{ RR_DNAME, "n" },
	{ RR_MX, "2n" },
	{ RR_SRV, "222n" },
	{ RR_SOA, "nn44444" },
	{ RR_TXT, "t" },
};

static void put_texts(struct buf *b, const char **data)
{
	char buf[WORD];
	const char *w;

	while ((w = word(data, buf))) {
		assert(strlen(w) <= UINT8_MAX);
		buf_u8(b, (uint8_t)strlen(w));
		buf_str(b, w);
	}
}

static void put_ip(struct buf *b, const char *text, enum addr_family family)
{
	struct addr a = { 0 };
	int err = text ? addr_parse(text, &a) : -ERR_PARSE;

	assert(err == 0 && a.family == family);
	buf_put(b, a.ip, family == ADDR_V4 ? 4 : 16);
}

static void put_field(struct buf *b, char form, const char **data)
{
	char buf[WORD];
	const char *w;
	struct name n;

	if (form == 't') {
		put_texts(b, data);
		return;
	}
	w = word(data, buf);
	if (form == 'n') {
		n = need_name(w);
		buf_put(b, n.wire, n.len);
	} else if (form == 'a' || form == '6') {
		put_ip(b, w, form == 'a' ? ADDR_V4 : ADDR_V6);
	} else if (form == '4') {
		buf_u32(b, (uint32_t)need_number(w));
	} else if (form == '2') {
		buf_u16(b, (uint16_t)need_number(w));
	}
}

static uint8_t digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	assert(at);
	return (uint8_t)(at - digits);
}

/* RFC 3597 section 5: \# LENGTH HEX … */
static void put_unknown(struct buf *b, const char **data)
{
	char buf[WORD];
	const char *w = word(data, buf);
	unsigned long length;
	size_t before = b->n;

	assert(w && strcmp(w, "\\#") == 0);
	length = need_number(word(data, buf));
	while ((w = word(data, buf)))
		for (; *w; w += 2)
			buf_u8(b, (uint8_t)(digit(w[0]) << 4 | digit(w[1])));
	assert(b->n - before == length);
}

static void put_rdata(struct buf *b, uint16_t type, const char *data)
{
	const char *peek = data, *form = NULL;
	char buf[WORD];
	const char *first = word(&peek, buf);

	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (forms[i].type == type)
			form = forms[i].form;
	if (!form || (first && strcmp(first, "\\#") == 0)) {
		put_unknown(b, &data);
		return;
	}
	for (; *form; form++)
		put_field(b, *form, &data);
}

/* Moves *text behind the next record; false when there is none. */
static bool next_record(struct buf *b, const char **text, struct sim_record *ret)
{
	char buf[WORD];
	const char *w;

	while (!(w = word(text, buf))) {
		*text += strcspn(*text, "\n");
		if (!**text)
			return false;
		++*text;
	}
	ret->owner = need_name(w);
	ret->ttl = TTL;
	ret->type = 0;
	while (!ret->type) {
		w = word(text, buf);
		assert(w);
		if (*w >= '0' && *w <= '9')
			ret->ttl = (uint32_t)need_number(w);
		else if (strcmp(w, "IN") != 0)
			ret->type = need_type(w);
	}
	b->n = 0;
	put_rdata(b, ret->type, *text);
	*text += strcspn(*text, "\n");
	return true;
}

struct sim_records *sim_zone_read(struct arena *a, const char *apex, const char *text)
{
	struct sim_records *z = arena_alloc(a, sizeof(*z));
	struct sim_record r;
	struct buf b = { .arena = a };

	z->apex = need_name(apex);
	while (next_record(&b, &text, &r)) {
		r.rdata = (struct span){ arena_dup(a, b.p, b.n), b.n };
		vec_push(a, &z->v, r);
	}
	return z;
}

const struct sim_record *sim_zone_next(
	const struct sim_records *z, const struct name *owner, uint16_t type, size_t *i)
{
	while (*i < z->v.n) {
		const struct sim_record *r = &z->v.v[(*i)++];

		if ((!type || r->type == type) && name_equal(&r->owner, owner))
			return r;
	}
	return NULL;
}

bool sim_zone_has(const struct sim_records *z, const struct name *owner, uint16_t type)
{
	size_t i = 0;

	return sim_zone_next(z, owner, type, &i) != NULL;
}

bool sim_zone_exists(const struct sim_records *z, const struct name *n)
{
	/* NSEC3 records and their signatures stand at names that are none of the zone's own. */
	vec_each (const struct sim_record, r, z->v)
		if (name_under(&r->owner, n) && r->type != RR_NSEC3 &&
			sim_record_covers(r) != RR_NSEC3)
			return true;
	return false;
}

struct name sim_record_name(const struct sim_record *r, size_t skip)
{
	struct name n = { 0 };
	int err =
		r->rdata.n > skip
			? name_from_wire((struct span){ r->rdata.p + skip, r->rdata.n - skip }, &n)
			: -ERR_PARSE;

	assert(err == 0);
	return n;
}

uint16_t sim_record_covers(const struct sim_record *r)
{
	if (r->type != RR_RRSIG || r->rdata.n < 2)
		return 0;
	return (uint16_t)(r->rdata.p[0] << 8 | r->rdata.p[1]);
}
