// SPDX-License-Identifier: GPL-3.0-or-later
// The syntax of SPF records. Names in comments are those of the grammar in RFC 7208 12.
#include "dns/spf.h"

#include <string.h>
#include <strings.h>

#include "base/addr.h"
#include "base/err.h"

enum { VERSION = 6 }; /* octets of "v=spf1" */

static bool is_alpha(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_alphanum(uint8_t c)
{
	return is_alpha(c) || is_digit(c);
}

static bool one_of(uint8_t c, const char *set)
{
	return c && strchr(set, c);
}

static struct span behind(struct span s, size_t n)
{
	return (struct span){ s.p + n, s.n - n };
}

/* Letter case does not matter in words of the grammar (RFC 5234 2.3). */
static bool is_word(struct span s, const char *word)
{
	return s.n == strlen(word) && strncasecmp((const char *)s.p, word, s.n) == 0;
}

/* Octets of the digits at the start of s. */
static size_t digits(struct span s)
{
	size_t n = 0;

	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n;
}

static bool all_zero(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '0')
			return false;
	return true;
}

/*
 * Octets of the macro-expand at the start of s; 0: there is none that fits. One that keeps no
 * part ("%{d0}") has no meaning and is refused (7.3).
 */
static size_t macro(struct span s)
{
	size_t i = 3, n;

	if (s.n < 2 || s.p[0] != '%')
		return 0;
	if (one_of(s.p[1], "%_-"))
		return 2;
	if (s.n < 4 || s.p[1] != '{' || !one_of(s.p[2] | 0x20, "slodiphcrtv"))
		return 0;
	n = digits(behind(s, i));
	if (n && all_zero((struct span){ s.p + i, n }))
		return 0;
	i += n;
	i += i < s.n && (s.p[i] | 0x20) == 'r';
	while (i < s.n && one_of(s.p[i], ".-+,/_="))
		i++;
	return i < s.n && s.p[i] == '}' ? i + 1 : 0;
}

/* *ret_literal: the octets behind the last macro-expand. */
static bool is_macro_string(struct span s, struct span *ret_literal)
{
	*ret_literal = s;
	for (size_t i = 0; i < s.n;) {
		size_t n = s.p[i] == '%' ? macro(behind(s, i)) : s.p[i] > ' ' && s.p[i] <= '~';

		if (!n)
			return false;
		i += n;
		if (s.p[i - n] == '%')
			*ret_literal = behind(s, i);
	}
	return true;
}

static bool is_toplabel(struct span s)
{
	bool numeric = true;

	if (!s.n || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_alphanum(s.p[i]) && s.p[i] != '-')
			return false;
		numeric = numeric && is_digit(s.p[i]);
	}
	return !numeric;
}

/* It ends with a macro, or with a dot and a top-level label. */
static bool is_domain_spec(struct span s)
{
	struct span literal;
	size_t start;

	if (!s.n || !is_macro_string(s, &literal))
		return false;
	if (!literal.n)
		return true;
	literal.n -= literal.p[literal.n - 1] == '.';
	for (start = literal.n; start > 0 && literal.p[start - 1] != '.'; start--)
		;
	return start > 0 && is_toplabel(behind(literal, start));
}

/* The number of a cidr-length: no leading zero, at most max. */
static bool is_length(struct span s, unsigned int max)
{
	unsigned int v = 0;

	if (!s.n || s.n > 3 || digits(s) != s.n || (s.p[0] == '0' && s.n > 1))
		return false;
	for (size_t i = 0; i < s.n; i++)
		v = v * 10 + (unsigned int)(s.p[i] - '0');
	return v <= max;
}

/* dual-cidr-length, which may be empty: "/24", "//64", "/24//64". */
static bool is_dual_cidr(struct span s)
{
	size_t n;

	if (s.n >= 2 && s.p[0] == '/' && s.p[1] != '/') {
		n = digits(behind(s, 1));
		if (!is_length((struct span){ s.p + 1, n }, 32))
			return false;
		s = behind(s, n + 1);
	}
	return !s.n || (s.n > 2 && s.p[0] == '/' && s.p[1] == '/' && is_length(behind(s, 2), 128));
}

/*
 * Where the dual-cidr-length begins. A domain-spec can hold slashes, but it cannot end with one and
 * digits: it is the first slash of all slashes and digits at the end.
 */
static size_t find_cidr(struct span s)
{
	size_t at = s.n;

	for (size_t i = s.n; i > 0 && (s.p[i - 1] == '/' || is_digit(s.p[i - 1])); i--)
		if (s.p[i - 1] == '/')
			at = i - 1;
	return at;
}

/* An address of the family and perhaps a prefix length behind it. */
static bool is_network(struct span s, enum addr_family family)
{
	const uint8_t *slash = s.n ? memchr(s.p, '/', s.n) : NULL;
	size_t n = slash ? (size_t)(slash - s.p) : s.n;
	char text[ADDR_TEXT];
	struct addr addr;

	if (!n || n >= sizeof(text) || memchr(s.p, '%', n) || memchr(s.p, '\0', n))
		return false;
	memcpy(text, s.p, n);
	text[n] = '\0';
	if (addr_parse(text, &addr) < 0 || addr.family != family)
		return false;
	return !slash || is_length(behind(s, n + 1), family == ADDR_V4 ? 32 : 128);
}

/* What may follow the name of a mechanism; rest begins with the octet behind it. */
static bool is_nothing(struct span rest)
{
	return !rest.n;
}

static bool is_domain(struct span rest)
{
	return rest.n && rest.p[0] == ':' && is_domain_spec(behind(rest, 1));
}

static bool is_domain_or_nothing(struct span rest)
{
	return !rest.n || is_domain(rest);
}

static bool is_domain_cidr(struct span rest)
{
	size_t at = find_cidr(rest);

	return is_domain_or_nothing((struct span){ rest.p, at }) && is_dual_cidr(behind(rest, at));
}

static bool is_ip4(struct span rest)
{
	return rest.n && rest.p[0] == ':' && is_network(behind(rest, 1), ADDR_V4);
}

static bool is_ip6(struct span rest)
{
	return rest.n && rest.p[0] == ':' && is_network(behind(rest, 1), ADDR_V6);
}

struct mechanism {
	const char *name;
	bool (*rest)(struct span rest);
};
static const struct mechanism mechanisms[] = {
	{ "a", is_domain_cidr },
	{ "all", is_nothing },
	{ "exists", is_domain },
	{ "include", is_domain },
	{ "ip4", is_ip4 },
	{ "ip6", is_ip6 },
	{ "mx", is_domain_cidr },
	{ "ptr", is_domain_or_nothing },
};

static bool is_directive(struct span term)
{
	size_t n = 0;

	if (one_of(term.p[0], "+-?~"))
		term = behind(term, 1);
	while (n < term.n && is_alphanum(term.p[n]))
		n++;
	for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++)
		if (is_word((struct span){ term.p, n }, mechanisms[i].name))
			return mechanisms[i].rest(behind(term, n));
	return false;
}

/* The modifiers that may be there once, and whether they were. */
struct modifiers {
	bool redirect, exp;
};

/* A domain-spec behind a modifier that was not there before. */
static bool is_first(bool *seen, struct span value)
{
	bool first = !*seen;

	*seen = true;
	return first && is_domain_spec(value);
}

/* The name of a modifier: ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ) in front of "=". 0: none. */
static size_t modifier_name(struct span term)
{
	size_t n = 0;

	if (!is_alpha(term.p[0]))
		return 0;
	while (n < term.n && (is_alphanum(term.p[n]) || one_of(term.p[n], "-_.")))
		n++;
	return n < term.n && term.p[n] == '=' ? n : 0;
}

static bool is_term(struct span term, struct modifiers *seen)
{
	size_t n = modifier_name(term);
	struct span name = { term.p, n }, value, literal;

	if (!n)
		return is_directive(term);
	value = behind(term, n + 1);
	if (is_word(name, "redirect"))
		return is_first(&seen->redirect, value);
	if (is_word(name, "exp"))
		return is_first(&seen->exp, value);
	return is_macro_string(value, &literal);
}

bool spf_is_record(struct span text)
{
	return text.n >= VERSION && is_word((struct span){ text.p, VERSION }, "v=spf1") &&
	       (text.n == VERSION || text.p[VERSION] == ' ');
}

/* The next term of what is left; n 0: there is none. */
static struct span next_term(struct span *rest)
{
	struct span term;

	while (rest->n && rest->p[0] == ' ')
		*rest = behind(*rest, 1);
	term = (struct span){ rest->p, 0 };
	while (term.n < rest->n && rest->p[term.n] != ' ')
		term.n++;
	*rest = behind(*rest, term.n);
	return term;
}

int spf_check(struct span text, struct span *ret_term)
{
	struct modifiers seen = { false, false };
	struct span rest = text, term;

	if (!spf_is_record(text)) {
		*ret_term = next_term(&rest);
		return -ERR_PARSE;
	}
	rest = behind(text, VERSION);
	while ((term = next_term(&rest)).n)
		if (!is_term(term, &seen)) {
			*ret_term = term;
			return -ERR_PARSE;
		}
	return 0;
}

bool spf_is_null(struct span text)
{
	struct span rest;

	if (!spf_is_record(text))
		return false;
	rest = behind(text, VERSION);
	return is_word(next_term(&rest), "-all") && !next_term(&rest).n;
}
