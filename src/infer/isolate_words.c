/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for what comes of a query. */
#include "base/err.h"
#include "dns/text.h"
#include "infer/isolate.h"

/* How it comes out: what the server does to a query, and what a query gets. */
static const struct {
	const char *does, *gets;
} kinds[] = {
	[ISOLATE_SILENT] = { "does not answer", "no reply" },
	[ISOLATE_RCODE] = { "answers an error to", "an error" },
	[ISOLATE_MALFORMED] = { "gives unreadable replies to", "a reply that cannot be read" },
	[ISOLATE_ICMP] = { "is not reached by", "an ICMP error" },
	[ISOLATE_REFUSED] = { "makes no TCP connection for", "no TCP connection" },
	[ISOLATE_RESET] = { "closes the TCP connection of", "a TCP connection that is closed" },
	[ISOLATE_WORKS] = { "answers", "a reply" },
};

static const char *const meanings[] = {
	[MEANS_ANSWER] = "NOERROR with data",
	[MEANS_ALIAS] = "NOERROR with an alias",
	[MEANS_NODATA] = "NOERROR without data (NODATA)",
	[MEANS_REFERRAL] = "NOERROR with a referral",
	[MEANS_UPWARD] = "NOERROR with a referral upward",
	[MEANS_NXDOMAIN] = "NXDOMAIN",
	[MEANS_TRUNCATED] = "a truncated reply (TC)",
	[MEANS_UNREADABLE] = NULL,
};

const char *isolate_gets(struct arena *a, const struct isolate_got *g)
{
	const char *meaning = g->meaning < ARRAY_LEN(meanings) ? meanings[g->meaning] : NULL;
	char text[TEXT_MNEMONIC];

	if (g->kind == ISOLATE_RCODE)
		return arena_str(a, text_rcode(g->code, text));
	return g->kind == ISOLATE_WORKS && meaning ? meaning : kinds[g->kind].gets;
}

const char *isolate_does(struct arena *a, const struct isolate_got *g)
{
	char text[TEXT_MNEMONIC];

	if (g->kind == ISOLATE_RCODE)
		return arena_printf(a, "answers %s to", text_rcode(g->code, text));
	return kinds[g->kind].does;
}
