// SPDX-License-Identifier: GPL-3.0-or-later
// Mailboxes that are written as domain names.
#include "dns/mailbox.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "dns/hostname.h"

/* RFC 5322 3.2.3: atext. */
static bool is_atext(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* RFC 5322 3.2.3: dot-atom-text. */
static bool is_dot_atom(struct span text)
{
	bool atom = false; /* the octet before is a part of one */

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '.' ? !atom : !is_atext(text.p[i]))
			return false;
		atom = text.p[i] != '.';
	}
	return atom;
}

/* RFC 5322 3.2.4: quoted-string, of printable characters and blanks. */
static bool is_quoted(struct span text)
{
	if (text.n < 2 || text.p[0] != '"' || text.p[text.n - 1] != '"')
		return false;
	for (size_t i = 1; i < text.n - 1; i++) {
		if (text.p[i] == '"')
			return false;
		if (text.p[i] == '\\' && ++i == text.n - 1)
			return false;
		if (text.p[i] < ' ' || text.p[i] > '~')
			return false;
	}
	return true;
}

int mailbox_from_name(struct arena *a, const struct name *n, struct mailbox *ret)
{
	struct buf domain = { .arena = a }, text = { .arena = a };
	unsigned int at = 0;
	struct span local = hostname_label(n, &at), label;
	struct name parsed;

	while ((label = hostname_label(n, &at)).n) {
		if (domain.n)
			buf_char(&domain, '.');
		buf_put(&domain, label.p, label.n);
	}
	if (!is_dot_atom(local) && !is_quoted(local))
		return -ERR_PARSE;
	if (!is_dot_atom(buf_span(&domain)) || name_parse(buf_text(&domain), &parsed) < 0)
		return -ERR_PARSE;
	buf_put(&text, local.p, local.n);
	buf_char(&text, '@');
	buf_put(&text, domain.p, domain.n);
	*ret = (struct mailbox){ buf_text(&text), parsed };
	return 0;
}
