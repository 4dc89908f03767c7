// SPDX-License-Identifier: GPL-3.0-or-later
// Rules for names of hosts.
#include "dns/hostname.h"

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

struct span hostname_label(const struct name *n, unsigned int *at)
{
	struct span label = { NULL, 0 };

	if (*at < n->len && n->wire[*at]) {
		label = (struct span){ &n->wire[*at + 1], n->wire[*at] };
		*at += 1U + n->wire[*at];
	}
	return label;
}

/* An A-label, or what looks like one (RFC 5890 2.3.1). */
static bool is_ace(struct span label)
{
	return (label.p[0] | 0x20) == 'x' && (label.p[1] | 0x20) == 'n';
}

unsigned int hostname_label_breaks(struct span label)
{
	unsigned int broken = 0;

	for (size_t i = 0; i < label.n; i++)
		if (!is_letter(label.p[i]) && !is_digit(label.p[i]) && label.p[i] != '-')
			broken |= HOSTNAME_CHARS;
	if (label.n && label.p[0] == '-')
		broken |= HOSTNAME_FIRST;
	if (label.n && label.p[label.n - 1] == '-')
		broken |= HOSTNAME_LAST;
	if (label.n >= 4 && label.p[2] == '-' && label.p[3] == '-' && !is_ace(label))
		broken |= HOSTNAME_DOUBLE_DASH;
	return broken;
}

static bool all_digits(struct span label)
{
	for (size_t i = 0; i < label.n; i++)
		if (!is_digit(label.p[i]))
			return false;
	return label.n > 0;
}

unsigned int hostname_breaks(const struct name *n)
{
	struct span label, last = { NULL, 0 };
	unsigned int broken = 0, at = 0;

	while ((label = hostname_label(n, &at)).n) {
		broken |= hostname_label_breaks(label);
		last = label;
	}
	return broken | (all_digits(last) ? HOSTNAME_NUMERIC_TLD : 0U);
}
