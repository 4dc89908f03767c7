/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Domains, types and meanings around a mark. */
#include "intake/logpattern.h"

#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "intake/logname.h"

enum { WORDS_WITHIN = 512 }; /* octets behind the mark in which the reason stands */

/* The part of a line from one octet up to another one. */
static struct span part(struct span text, size_t from, size_t to)
{
	return (struct span){ text.p + from, to - from };
}

/* Where the key begins; false: nowhere. */
static bool find(struct span in, const char *key, size_t *ret)
{
	const uint8_t *p = in.n ? memmem(in.p, in.n, key, strlen(key)) : NULL;

	if (p)
		*ret = (size_t)(p - in.p);
	return p != NULL;
}

static bool find_last(struct span in, const char *key, size_t *ret)
{
	size_t size = strlen(key);
	const uint8_t *p = in.p + in.n;

	while (in.n && (p = memrchr(in.p, key[0], (size_t)(p - in.p))) != NULL) {
		if (in.n - (size_t)(p - in.p) >= size && memcmp(p, key, size) == 0) {
			*ret = (size_t)(p - in.p);
			return true;
		}
	}
	return false;
}

static bool ends_with(struct span text, const char *key)
{
	size_t size = strlen(key);

	return text.n >= size && memcmp(text.p + text.n - size, key, size) == 0;
}

/* Where the run of a name's letters begins that ends there. */
static size_t name_begin(struct span text, size_t end)
{
	while (end && logname_char(text.p[end - 1]))
		end--;
	return end;
}

/* A mark in a line. */
struct spot {
	const struct logpattern *p;
	struct span text;
	size_t at, end; /* of the mark */
};

static bool place_behind(const struct spot *s, const char *key, size_t *ret)
{
	(void)key;
	*ret = s->end;
	return true;
}

static bool place_before(const struct spot *s, const char *key, size_t *ret)
{
	size_t end = s->at;

	if (key && !ends_with(part(s->text, 0, end), key))
		return false;
	end -= key ? strlen(key) : 0;
	*ret = name_begin(s->text, end);
	return *ret < end;
}

static bool place_rest(const struct spot *s, const char *key, size_t *ret)
{
	if (!find(part(s->text, s->end, s->text.n), key, ret))
		return false;
	*ret += s->end + strlen(key);
	return true;
}

static bool place_last(const struct spot *s, const char *key, size_t *ret)
{
	if (!find_last(part(s->text, 0, s->at), key, ret))
		return false;
	*ret += strlen(key);
	return true;
}

static bool place_line(const struct spot *s, const char *key, size_t *ret)
{
	if (!find(s->text, key, ret))
		return false;
	*ret += strlen(key);
	return true;
}

static bool place_typed(const struct spot *s, const char *key, size_t *ret)
{
	size_t type = name_begin(s->text, s->at);

	(void)key;
	if (type == s->at || !type || s->text.p[type - 1] != ' ')
		return false;
	*ret = name_begin(s->text, type - 1);
	return *ret < type - 1;
}

static bool (*const places[])(const struct spot *s, const char *key, size_t *ret) = {
	[LOGPATTERN_BEHIND] = place_behind,
	[LOGPATTERN_BEFORE] = place_before,
	[LOGPATTERN_REST] = place_rest,
	[LOGPATTERN_LAST] = place_last,
	[LOGPATTERN_LINE] = place_line,
	[LOGPATTERN_TYPED] = place_typed,
};

/* The reverse name of an address in text form; *ret_size: its octets. */
static bool read_reverse(struct span text, struct name *ret, size_t *ret_size)
{
	char copy[64];
	struct addr a;
	size_t n = 0;

	if (text.n >= 5 && memcmp(text.p, "IPv6:", 5) == 0)
		text = part(text, 5, text.n);
	while (n < text.n && n < sizeof(copy) - 1 && text.p[n] &&
		strchr("0123456789abcdefABCDEF.:", text.p[n]))
		n++;
	memcpy(copy, text.p, n);
	copy[n] = '\0';
	while (n && copy[n - 1] == ':') /* ends a clause */
		copy[--n] = '\0';
	if (addr_parse(copy, &a))
		return false;
	*ret = name_reverse((struct span){ a.ip, a.family == ADDR_V4 ? 4 : 16 });
	*ret_size = n;
	return true;
}

/* A domain that was found, and where. */
struct found {
	struct name name;
	enum logname_service service;
	size_t begin, end; /* octets of the line */
};

static bool read_domain(
	const struct logpattern *p, struct span text, size_t begin, struct found *ret)
{
	struct span rest;
	size_t size;

	while (begin < text.n && text.p[begin] && strchr("<@'\"[", text.p[begin]))
		begin++;
	rest = part(text, begin, text.n);
	ret->service = LOGNAME_HOST;
	if (p->what == LOGFAIL_PTR ? !read_reverse(rest, &ret->name, &size)
				   : !logname_read(rest, &ret->name, &ret->service, &size))
		return false;
	ret->begin = begin;
	ret->end = begin + size;
	return true;
}

/* A column's field is an address or a name as a whole. */
static bool read_column(const struct logpattern_line *line, const char *name, struct found *ret)
{
	struct span field;
	const uint8_t *at;
	size_t size;

	if (!line->column || !line->column(line->user, name, &field) || !field.n)
		return false;
	at = memrchr(field.p, '@', field.n);
	if (at)
		field = part(field, (size_t)(at - field.p) + 1, field.n);
	ret->begin = ret->end = 0;
	return logname_read(field, &ret->name, &ret->service, &size) && size == field.n;
}

static int find_domain(const struct spot *s, const struct logpattern_line *line, struct found *ret)
{
	int rc = -ERR_NONE;
	size_t begin;

	for (size_t i = 0; i < LOGPATTERN_SLOTS && s->p->slots[i].place; i++) {
		const struct logpattern_slot *slot = &s->p->slots[i];

		if (slot->place == LOGPATTERN_COLUMN) {
			if (line->column && read_column(line, slot->key, ret))
				return 0;
			rc = line->column ? -ERR_PARSE : rc;
		} else if (places[slot->place](s, slot->key, &begin)) {
			if (read_domain(s->p, s->text, begin, ret))
				return 0;
			rc = -ERR_PARSE;
		}
	}
	return rc;
}

/* The type's mnemonic at the text's begin; 0: it is none. */
static uint16_t read_type(struct span text)
{
	char copy[16];
	uint16_t type;
	size_t n = 0;

	while (n < text.n && n < sizeof(copy) - 1 && logname_char(text.p[n]) && text.p[n] != '.')
		n++;
	memcpy(copy, text.p, n);
	copy[n] = '\0';
	return n && !text_parse_type(copy, &type) ? type : 0;
}

static uint16_t find_type(const struct spot *s, const struct found *d)
{
	struct span rest = part(s->text, d->end, s->text.n);
	const char *key = s->p->type_key;
	size_t size = key ? strlen(key) : 0, type;

	if (s->p->slots[0].place == LOGPATTERN_TYPED) {
		type = name_begin(s->text, s->at);
		return read_type(part(s->text, type, s->text.n));
	}
	if (!key)
		return s->p->type;
	if (rest.n < size || memcmp(rest.p, key, size) != 0)
		return 0;
	return read_type(part(rest, size, rest.n));
}

/* A reply's code or enhanced code ends before the octet: whether it says 5. */
static bool code_is_permanent(struct span text, size_t end)
{
	while (end && text.p[end - 1] && strchr(" <@'\"[", text.p[end - 1]))
		end--;
	end = name_begin(text, end);
	return text.p[end] == '5';
}

static int find_how(const struct spot *s, const struct logpattern_line *line, const struct found *d,
	uint8_t *ret)
{
	struct span rest = part(s->text, s->end, s->text.n);
	size_t at;

	if (rest.n > WORDS_WITHIN)
		rest.n = WORDS_WITHIN;
	for (const struct logpattern_word *w = s->p->words; w && w->text; w++) {
		if (find(rest, w->text, &at)) {
			*ret = w->how;
			return w->how == LOGPATTERN_NOT ? -ERR_NONE : 0;
		}
	}
	if (s->p->how == LOGPATTERN_BY_WORD)
		return -ERR_NONE;
	*ret = s->p->how;
	if (*ret == LOGPATTERN_BY_STATE)
		*ret = line->state;
	if (*ret == LOGPATTERN_BY_CODE) {
		size_t first = d->begin && d->begin < s->at ? d->begin : s->at;

		*ret = code_is_permanent(s->text, first) ? LOGFAIL_PERMANENT : LOGFAIL_UNKNOWN;
	}
	return 0;
}

static const struct {
	uint16_t type;
	uint8_t what;
} types[] = {
	{ RR_MX, LOGFAIL_MX },
	{ RR_A, LOGFAIL_ADDRESS },
	{ RR_AAAA, LOGFAIL_ADDRESS },
	{ RR_TLSA, LOGFAIL_TLSA },
	{ RR_PTR, LOGFAIL_PTR },
	{ RR_TXT, LOGFAIL_TXT },
};

/* What failed, where the type or the labels in front of the domain say it. */
static uint8_t find_what(const struct logpattern *p, const struct found *d, uint16_t type)
{
	uint8_t what = p->what;

	if (what == LOGPATTERN_TYPED_WHAT) {
		what = LOGFAIL_QUERY;
		for (size_t i = 0; i < ARRAY_LEN(types); i++)
			if (types[i].type == type)
				what = types[i].what;
	}
	if ((what == LOGFAIL_TXT || what == LOGFAIL_QUERY) && d->service == LOGNAME_DKIM)
		return LOGFAIL_DKIM;
	if ((what == LOGFAIL_TXT || what == LOGFAIL_QUERY) && d->service == LOGNAME_DMARC)
		return LOGFAIL_DMARC;
	return what;
}

/* A reply of the other side stands before the mark. */
static bool is_reply(const struct spot *s)
{
	static const char *const cues[] = {
		" said: ",		   /* Postfix */
		", stat=",		   /* sendmail */
		"SMTP error from remote ", /* Exim */
		"smtp;",		   /* a Diagnostic-Code of RFC 3464 */
	};
	size_t at;

	for (size_t i = 0; i < ARRAY_LEN(cues); i++)
		if (find(part(s->text, 0, s->at), cues[i], &at))
			return true;
	return false;
}

int logpattern_read(const struct logpattern *p, const struct logpattern_line *line, size_t at,
	struct logfail *ret)
{
	struct spot s = { p, line->text, at, at + strlen(p->mark) };
	struct found d = { .service = LOGNAME_HOST };
	struct logfail fail = { 0 };
	int rc = find_domain(&s, line, &d);

	if (rc)
		return rc;
	if (p->keys && d.service != LOGNAME_DKIM && d.service != LOGNAME_DMARC)
		return -ERR_NONE;
	fail.theirs = p->reply != LOGPATTERN_OURS && is_reply(&s);
	if (fail.theirs && p->reply == LOGPATTERN_IDLE)
		return -ERR_NONE;
	rc = find_how(&s, line, &d, &fail.how);
	if (rc)
		return rc;
	fail.domain = d.name;
	fail.type = find_type(&s, &d);
	fail.what = find_what(p, &d, fail.type);
	*ret = fail;
	return 0;
}
