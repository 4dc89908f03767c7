/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names from lines of logs, and never a mail address. */
#include "intake/logname.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "dns/hostname.h"

/* Octets of a local part in quotes or brackets; RFC 5321 4.5.3.1.1 has 64, and nobody looks on for
 * ever. */
enum { LOCAL_MOST = 1024 };

/* What ends an address that stands without brackets. */
static bool ends_address(uint8_t c)
{
	return c <= ' ' || c == 0x7f || strchr("<>()[],;:\"", c) != NULL;
}

/* The quote that closes the string which begins at from, or NULL. */
static const uint8_t *closing(const uint8_t *from, const uint8_t *end)
{
	end = end - from > LOCAL_MOST ? from + LOCAL_MOST : end;
	for (const uint8_t *p = from + 1; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '"')
			return p;
	}
	return NULL;
}

/* The "@" of an address in brackets whose local part begins behind "<"; NULL: none there. */
static const uint8_t *in_brackets(const uint8_t *from, const uint8_t *end)
{
	const uint8_t *close;

	end = end - from > LOCAL_MOST ? from + LOCAL_MOST : end;
	close = memchr(from, '>', (size_t)(end - from));
	return close ? memrchr(from, '@', (size_t)(close - from)) : NULL;
}

/* The "@" behind a quoted string that begins here; NULL: none does. */
static const uint8_t *in_quotes(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *close = *p == '"' ? closing(p, end) : NULL;

	return close && close + 1 < end && close[1] == '@' ? close + 1 : NULL;
}

/* Keys before addresses that stand without brackets: patterns look for them. */
static const char *const keys[] = {
	"envelope-from=",
	"from=",
	"header.from=",
	"header.i=",
	"smtp.mailfrom=",
	"to=",
};

/* An "@" follows what was copied: how much of that is a local part, which goes again. */
static size_t local_part(const uint8_t *to, const uint8_t *end)
{
	const uint8_t *word = end;

	while (word > to && !ends_address(word[-1]))
		word--;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		size_t size = strlen(keys[i]);

		if ((size_t)(end - word) >= size && memcmp(word, keys[i], size) == 0)
			return (size_t)(end - word) - size;
	}
	return (size_t)(end - word);
}

size_t logname_strip(struct span line, uint8_t *to)
{
	const uint8_t *p = line.p, *end = line.p + line.n, *at;
	uint8_t *out = to;

	if (!line.n || !memchr(line.p, '@', line.n)) {
		if (line.n)
			memcpy(to, line.p, line.n);
		return line.n;
	}
	while (p < end) {
		if ((at = in_quotes(p, end)) != NULL) {
			p = at;
			continue;
		}
		if (*p == '@')
			out -= local_part(to, out);
		*out++ = *p++;
		if (p[-1] == '<' && p < end && !in_quotes(p, end) &&
			(at = in_brackets(p, end)) != NULL)
			p = at;
	}
	return (size_t)(out - to);
}

bool logname_char(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

/* Labels of services off the front; false: an underscore stands elsewhere. */
static bool take_services(struct name *n, enum logname_service *ret)
{
	unsigned int at = 0, cut = 0;
	struct span label;

	*ret = LOGNAME_HOST;
	while ((label = hostname_label(n, &at)).n) {
		if (label.p[0] != '_')
			continue;
		cut = at;
		if (label.n == 10 && strncasecmp((const char *)label.p, "_domainkey", 10) == 0)
			*ret = LOGNAME_DKIM;
		else if (label.n == 6 && strncasecmp((const char *)label.p, "_dmarc", 6) == 0)
			*ret = LOGNAME_DMARC;
		else
			*ret = LOGNAME_OTHER;
	}
	n->len = (uint8_t)(n->len - cut);
	memmove(n->wire, n->wire + cut, n->len);
	return n->len > 1;
}

/* A top-level domain is letters, or an A-label (RFC 1123 2.1 as erratum 1353 and RFC 3696 2 read
 * it). */
static bool is_top(struct span label)
{
	if (label.n > 4 && strncasecmp((const char *)label.p, "xn--", 4) == 0)
		return true;
	for (size_t i = 0; i < label.n; i++)
		if ((label.p[i] | 0x20) < 'a' || (label.p[i] | 0x20) > 'z')
			return false;
	return label.n >= 2;
}

static bool is_host(const struct name *n)
{
	struct span label, last = { NULL, 0 };
	unsigned int at = 0;

	/* Names with hyphens in places 3 and 4 are in use: no rule for hosts, but for registries.
	 */
	if (name_labels(n) < 2 || (hostname_breaks(n) & ~(unsigned int)HOSTNAME_DOUBLE_DASH))
		return false;
	while ((label = hostname_label(n, &at)).n)
		last = label;
	return is_top(last);
}

bool logname_read(
	struct span text, struct name *ret, enum logname_service *ret_service, size_t *ret_size)
{
	char copy[NAME_MAX_WIRE + 1];
	struct name n;
	size_t size = 0;

	while (size < text.n && logname_char(text.p[size]))
		size++;
	if (ret_size)
		*ret_size = size;
	if (!size || size >= sizeof(copy))
		return false;
	memcpy(copy, text.p, size);
	copy[size] = '\0';
	if (name_parse(copy, &n) || !take_services(&n, ret_service) || !is_host(&n))
		return false;
	*ret = name_lower(&n);
	return true;
}
