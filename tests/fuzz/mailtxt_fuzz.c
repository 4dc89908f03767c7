/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz target of dns/mailtxt: the first octet chooses the kind, the rest is the record. A record
 * that can be used is one of its kind and printable; the policy lies within the text; blanks and a
 * semicolon at the end change nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "dns/mailtxt.h"
#include "fuzz/fuzz.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check(enum mailtxt_kind kind, struct span text)
{
	struct mailtxt found, again;
	const char *why = mailtxt_check(kind, text, &found), *other;
	uint8_t *longer = malloc(text.n + 2);

	if (text.n)
		memcpy(longer, text.p, text.n);
	longer[text.n] = ' ';
	longer[text.n + 1] = '\t';
	other = mailtxt_check(kind, (struct span){ longer, text.n + 2 }, &again);
	must(why == other && found.revoked == again.revoked && found.psd == again.psd);
	if (found.policy.n)
		must(found.policy.p >= text.p &&
			found.policy.p + found.policy.n <= text.p + text.n);
	if (!why) {
		must(mailtxt_is(kind, text) && !found.harmless);
		for (size_t i = 0; i < text.n; i++)
			must(text.p[i] <= '~' && text.p[i] != '\0');
		longer[text.n] = text.n && memchr(text.p, ';', text.n) ? ' ' : ';';
		must(!mailtxt_check(kind, (struct span){ longer, text.n + 1 }, &again));
	}
	free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size)
		check((enum mailtxt_kind)(data[0] % MAILTXT_KINDS),
			(struct span){ data + 1, size - 1 });
	return 0;
}
