// SPDX-License-Identifier: GPL-3.0-or-later
// The terms of an SPF record one by one.
#include "dns/spf_terms.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "dns/spf.h"

static const struct {
	const char *name;
	uint8_t behind; /* the character in front of a domain-spec */
	enum spf_kind kind;
} names[] = {
	{ "all", ':', SPF_ALL },
	{ "include", ':', SPF_INCLUDE },
	{ "a", ':', SPF_A },
	{ "mx", ':', SPF_MX },
	{ "ptr", ':', SPF_PTR },
	{ "exists", ':', SPF_EXISTS },
	{ "redirect", '=', SPF_REDIRECT },
};

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The lengths of prefixes are no part of a name; a domain-spec ends with neither. */
static struct span without_cidr(struct span s)
{
	size_t at = s.n;

	for (size_t i = s.n; i > 0 && (s.p[i - 1] == '/' || is_digit(s.p[i - 1])); i--)
		if (s.p[i - 1] == '/')
			at = i - 1;
	return (struct span){ s.p, at };
}

struct spf_terms spf_terms(struct span text)
{
	struct spf_terms at = { { text.p, 0 } };
	size_t n = 0;

	/* Behind "v=spf1". */
	while (n < text.n && text.p[n] != ' ')
		n++;
	at.rest = (struct span){ text.p + n, text.n - n };
	return at;
}

static void read_term(struct spf_term *t)
{
	struct span s = t->text;
	size_t n = 0;

	t->kind = SPF_OTHER;
	t->domain = (struct span){ NULL, 0 };
	if (strchr("+-?~", s.p[0]))
		s = (struct span){ s.p + 1, s.n - 1 };
	while (n < s.n && s.p[n] != ':' && s.p[n] != '=' && s.p[n] != '/')
		n++;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (n != strlen(names[i].name) ||
			strncasecmp((const char *)s.p, names[i].name, n) != 0 ||
			(n < s.n && s.p[n] != names[i].behind && s.p[n] != '/'))
			continue;
		t->kind = names[i].kind;
		if (n < s.n && s.p[n] == names[i].behind)
			t->domain = without_cidr((struct span){ s.p + n + 1, s.n - n - 1 });
	}
}

bool spf_next(struct spf_terms *at, struct spf_term *ret)
{
	struct span *rest = &at->rest;

	while (rest->n && rest->p[0] == ' ')
		*rest = (struct span){ rest->p + 1, rest->n - 1 };
	ret->text = (struct span){ rest->p, 0 };
	while (ret->text.n < rest->n && rest->p[ret->text.n] != ' ')
		ret->text.n++;
	*rest = (struct span){ rest->p + ret->text.n, rest->n - ret->text.n };
	if (!ret->text.n)
		return false;
	read_term(ret);
	return true;
}

int spf_domain(struct arena *a, struct span spec, struct name *ret)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < spec.n; i++) {
		if (spec.p[i] == '%' || spec.p[i] <= ' ' || spec.p[i] > '~')
			return -ERR_PARSE;
		/* No escape of master files is meant here. */
		if (spec.p[i] == '\\')
			buf_char(&b, '\\');
		buf_char(&b, (char)spec.p[i]);
	}
	return name_parse(buf_text(&b), ret);
}
