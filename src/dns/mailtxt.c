// SPDX-License-Identifier: GPL-3.0-or-later
// TXT records that speak of mail: lists of tags, and what each kind demands of them.
#include "dns/mailtxt.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"

enum {
	TAGS_MOST = 64,	   /* of one record */
	STS_ID_MOST = 32,  /* characters of an id (RFC 8461 3.1) */
	RSA_LEAST = 140,   /* octets of a key with 1024 bits in its shortest form (RFC 8301 3.2) */
	ED25519_SIZE = 32, /* RFC 8463 3 */
	PCT_MOST = 100,
};

/* One "tag=value" without white space around either. */
struct tag {
	struct span name, value;
};
struct tags {
	struct tag v[TAGS_MOST];
	size_t n;
};

static bool is_alpha(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool one_of(uint8_t c, const char *set)
{
	return c && strchr(set, c);
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span trimmed(struct span s)
{
	while (s.n && is_blank(s.p[0]))
		s = (struct span){ s.p + 1, s.n - 1 };
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static bool is(struct span s, const char *word)
{
	return s.n == strlen(word) && (!s.n || memcmp(s.p, word, s.n) == 0);
}

static bool is_any_case(struct span s, const char *word)
{
	return s.n == strlen(word) && (!s.n || strncasecmp((const char *)s.p, word, s.n) == 0);
}

/* Up to the next separator, which goes with it: what is left stays in *rest. */
static struct span part(struct span *rest, char separator)
{
	const uint8_t *end = rest->n ? memchr(rest->p, separator, rest->n) : NULL;
	struct span s = { rest->p, end ? (size_t)(end - rest->p) : rest->n };
	size_t used = s.n + (end != NULL);

	*rest = (struct span){ rest->p + used, rest->n - used };
	return trimmed(s);
}

static bool is_tag_name(struct span s)
{
	if (!s.n || !(is_alpha(s.p[0]) || is_digit(s.p[0])))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_alpha(s.p[i]) && !is_digit(s.p[i]) && !one_of(s.p[i], "_-."))
			return false;
	return true;
}

static bool is_printable(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < ' ' || s.p[i] > '~') && !is_blank(s.p[i]))
			return false;
	return true;
}

static const struct tag *find(const struct tags *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (is(list->v[i].name, name))
			return &list->v[i];
	return NULL;
}

static bool twice(const struct tags *list, struct span name)
{
	for (size_t i = 0; i < list->n; i++)
		if (span_equal(list->v[i].name, name))
			return true;
	return false;
}

/* NULL, or what is wrong with the list itself (RFC 6376 3.2, from which the others come). */
static const char *read_tags(struct span text, struct tags *ret)
{
	ret->n = 0;
	if (!is_printable(text))
		return "it has characters that are not printable ASCII";
	while (text.n) {
		struct span one = part(&text, ';');
		const uint8_t *equals = one.n ? memchr(one.p, '=', one.n) : NULL;
		struct tag t;
		size_t n;

		if (!one.n && !trimmed(text).n)
			break;
		if (!equals)
			return one.n ? "a part of it is no tag=value" : "a part of it is empty";
		n = (size_t)(equals - one.p);
		t.name = trimmed((struct span){ one.p, n });
		t.value = trimmed((struct span){ equals + 1, one.n - n - 1 });
		if (!is_tag_name(t.name))
			return "a tag has a name that is none";
		if (twice(ret, t.name))
			return "a tag is there twice";
		if (ret->n == TAGS_MOST)
			return "it has more tags than anybody needs";
		ret->v[ret->n++] = t;
	}
	return NULL;
}

/* DKIM ----------------------------------------------------------------------------------------- */

static bool is_base64(uint8_t c)
{
	return is_alpha(c) || is_digit(c) || c == '+' || c == '/';
}

/* Octets that the base64 text stands for (RFC 4648 4; blanks, and no padding); -1: it is none. */
static long base64_size(struct span s)
{
	long chars = 0, pad = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (is_blank(s.p[i]))
			continue;
		if (s.p[i] == '=')
			pad++;
		else if (pad || !is_base64(s.p[i]))
			return -1;
		else
			chars++;
	}
	if (pad > 2 || chars % 4 == 1 || (pad && (chars + pad) % 4))
		return -1;
	return chars * 3 / 4;
}

static bool lists(struct span value, const char *one, const char *other)
{
	while (value.n) {
		struct span s = part(&value, ':');

		if (is(s, one) || is(s, other))
			return true;
	}
	return false;
}

static const char *check_key(const struct tags *list, struct mailtxt *ret)
{
	const struct tag *k = find(list, "k"), *p = find(list, "p");
	bool rsa = !k || is(k->value, "rsa");
	long size;

	if (!p)
		return "it has no key: p= is missing";
	ret->revoked = !p->value.n;
	if (!rsa && !is(k->value, "ed25519"))
		return "its key type is one that verifiers do not know";
	if (ret->revoked)
		return NULL;
	size = base64_size(p->value);
	if (size < 0)
		return "the key in p= is not base64";
	if (rsa && size < RSA_LEAST)
		return "its RSA key has less than 1024 bits, or is cut short";
	if (!rsa && size != ED25519_SIZE)
		return "its Ed25519 key has not 32 octets";
	return NULL;
}

static const char *check_dkim(const struct tags *list, struct mailtxt *ret)
{
	const struct tag *v = find(list, "v"), *s = find(list, "s"), *h = find(list, "h");

	if (v && (v != list->v || !is(v->value, "DKIM1")))
		return "v= is not the first tag, or not DKIM1";
	if (s && !lists(s->value, "*", "email"))
		return "s= says that it is not for mail";
	if (h && !lists(h->value, "sha256", "sha256"))
		return "h= leaves no hash that signers use";
	return check_key(list, ret);
}

/* DMARC ---------------------------------------------------------------------------------------- */

static bool is_policy(struct span s)
{
	return is_any_case(s, "none") || is_any_case(s, "quarantine") || is_any_case(s, "reject");
}

static bool is_alignment(struct span s)
{
	return is_any_case(s, "r") || is_any_case(s, "s");
}

static bool is_number(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n > 0 && s.n <= 10;
}

static bool is_percent(struct span s)
{
	unsigned int v = 0;

	if (!is_number(s) || s.n > 3)
		return false;
	for (size_t i = 0; i < s.n; i++)
		v = v * 10 + (unsigned int)(s.p[i] - '0');
	return v <= PCT_MOST;
}

static bool is_failure_options(struct span s)
{
	if (!s.n)
		return false;
	while (s.n) {
		struct span one = part(&s, ':');

		if (one.n != 1 || !one_of(one.p[0], "01dsDS"))
			return false;
	}
	return true;
}

/* scheme ":" and something behind it (RFC 3986 3). */
static bool is_uri(struct span s)
{
	size_t n = 0;

	while (n < s.n && (is_alpha(s.p[n]) || (n && is_digit(s.p[n]))))
		n++;
	if (!n || n + 1 >= s.n || s.p[n] != ':')
		return false;
	for (; n < s.n; n++)
		if (is_blank(s.p[n]))
			return false;
	return true;
}

static bool is_uris(struct span s)
{
	if (!s.n)
		return false;
	while (s.n)
		if (!is_uri(part(&s, ',')))
			return false;
	return true;
}

static bool is_psd(struct span s)
{
	return s.n == 1 && one_of(s.p[0], "ynuYNU");
}

static bool is_yes_no(struct span s)
{
	return is_any_case(s, "y") || is_any_case(s, "n");
}

/* Tags whose bad value is replaced by the default (RFC 7489 6.3), and those that are no such. */
static const struct {
	const char *name;
	bool (*fits)(struct span value);
	bool counts; /* the policy cannot be applied without it (6.6.3, step 6) */
	const char *why;
} dmarc_tags[] = {
	{ "p", is_policy, true, "p= is none of none, quarantine, reject" },
	{ "sp", is_policy, true, "sp= is none of none, quarantine, reject" },
	{ "np", is_policy, false, "np= is none of none, quarantine, reject" },
	{ "adkim", is_alignment, false, "adkim= is neither r nor s" },
	{ "aspf", is_alignment, false, "aspf= is neither r nor s" },
	{ "pct", is_percent, false, "pct= is no number from 0 to 100" },
	{ "ri", is_number, false, "ri= is no number of seconds" },
	{ "fo", is_failure_options, false, "fo= is not made of 0, 1, d and s" },
	{ "rua", is_uris, false, "rua= is no list of URIs, as mailto:reports@example.com" },
	{ "ruf", is_uris, false, "ruf= is no list of URIs, as mailto:reports@example.com" },
	{ "psd", is_psd, false, "psd= is none of y, n, u" },
	{ "t", is_yes_no, false, "t= is neither y nor n" },
};

static const char *check_dmarc(const struct tags *list, struct mailtxt *ret)
{
	const struct tag *p = find(list, "p"), *psd = find(list, "psd"), *rua = find(list, "rua");
	const char *why = NULL;

	if (p)
		ret->policy = p->value;
	if (psd && is_psd(psd->value))
		ret->psd = (char)(psd->value.p[0] | 0x20);
	if (!p && !(rua && is_uris(rua->value)))
		return "it has no policy: p= is missing";
	for (size_t i = 0; i < ARRAY_LEN(dmarc_tags); i++) {
		const struct tag *t = find(list, dmarc_tags[i].name);

		if (!t || dmarc_tags[i].fits(t->value))
			continue;
		if (!why || dmarc_tags[i].counts)
			ret->harmless = !dmarc_tags[i].counts;
		why = why && !dmarc_tags[i].counts ? why : dmarc_tags[i].why;
		if (dmarc_tags[i].counts)
			break;
	}
	return why;
}

/* MTA-STS and reports -------------------------------------------------------------------------- */

static const char *check_sts(const struct tags *list, struct mailtxt *ret)
{
	const struct tag *id = find(list, "id");

	(void)ret;
	if (!id)
		return "id= is missing";
	for (size_t i = 0; i < id->value.n; i++)
		if (!is_alpha(id->value.p[i]) && !is_digit(id->value.p[i]))
			return "id= has other characters than letters and digits";
	if (!id->value.n || id->value.n > STS_ID_MOST)
		return "id= has not 1 to 32 letters and digits";
	return NULL;
}

static bool is_report_uri(struct span s)
{
	return is_uri(s) && ((s.n > 7 && strncasecmp((const char *)s.p, "mailto:", 7) == 0) ||
				    (s.n > 6 && strncasecmp((const char *)s.p, "https:", 6) == 0));
}

static const char *check_tlsrpt(const struct tags *list, struct mailtxt *ret)
{
	const struct tag *rua = find(list, "rua");
	struct span rest;

	(void)ret;
	if (!rua || !rua->value.n)
		return "rua= is missing: it says where reports go";
	rest = rua->value;
	while (rest.n)
		if (!is_report_uri(part(&rest, ',')))
			return "rua= is no list of mailto: and https: URIs";
	return NULL;
}

static const struct {
	const char *version; /* in front; NULL: it may be left out */
	const char *(*check)(const struct tags *list, struct mailtxt *ret);
} kinds[MAILTXT_KINDS] = {
	[MAILTXT_DKIM] = { NULL, check_dkim },
	[MAILTXT_DMARC] = { "DMARC1", check_dmarc },
	[MAILTXT_STS] = { "STSv1", check_sts },
	[MAILTXT_TLSRPT] = { "TLSRPTv1", check_tlsrpt },
};

bool mailtxt_is(enum mailtxt_kind kind, struct span text)
{
	struct span first = part(&text, ';');
	const uint8_t *equals = first.n ? memchr(first.p, '=', first.n) : NULL;
	size_t n;

	if (!kinds[kind].version)
		return true;
	if (!equals)
		return false;
	n = (size_t)(equals - first.p);
	return is(trimmed((struct span){ first.p, n }), "v") &&
	       is(trimmed((struct span){ equals + 1, first.n - n - 1 }), kinds[kind].version);
}

const char *mailtxt_check(enum mailtxt_kind kind, struct span text, struct mailtxt *ret)
{
	struct tags list;
	const char *why = read_tags(text, &list);

	*ret = (struct mailtxt){ .psd = 'u' };
	if (!mailtxt_is(kind, text))
		return "its version does not stand in front";
	return why ? why : kinds[kind].check(&list, ret);
}
