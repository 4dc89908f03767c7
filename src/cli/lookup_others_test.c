/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which look-ups other vantage points can be asked for, and which have a tape. */
#include "cli/lookup_others.h"

#include <string.h>

#include "base/err.h"
#include "tap.h"

/* What agents are not asked with is said, and not left out. NULL: it travels. */
static const struct {
	const char *words, *part;
} refusals[] = {
	{ "a.test --vantage x", NULL },
	{ "a.test --save x +nsid +tls", NULL },
	{ "@192.0.2.1 -p 54 -x 192.0.2.1 -4 +tcp +norec +cd +do +tries=5 +time=9 +short "
	  "-b 192.0.2.2 --vantage x",
		NULL },
	{ "a.test +json --vantage x", NULL },
	{ "a.test b.test --vantage x", "one look-up" },
	{ "a.test b.test --save x", "one look-up" },
	{ "-f file --vantage x", "one look-up" },
	{ "a.test axfr --save x", "one question" },
	{ "a.test ixfr=1 --vantage x", "one question" },
	{ "a.test +trace --vantage x", "one question" },
	{ "a.test +nssearch --vantage x", "one question" },
	{ "a.test +search --vantage x", "one question" },
	{ "a.test any --vantage x", "ANY" },
	{ "a.test ch --vantage x", "class" },
	{ "a.test +yaml --vantage x", "+yaml" },
	{ "a.test -y k:c2VjcmV0 --vantage x", "signed" },
	{ "a.test -p 54 --vantage x", "-p" },
	{ "a.test +time=61 --vantage x", "60 seconds" },
	{ "a.test +tries=21 --vantage x", "tries" },
	{ "a.test +tls --vantage x", "TLS" },
	{ "a.test +https --vantage x", "TLS" },
	{ "a.test +proxy --vantage x", "+proxy" },
	{ "a.test +noedns --vantage x", "+noedns" },
	{ "a.test +edns=1 --vantage x", "+edns" },
	{ "a.test +bufsize=512 --vantage x", "+bufsize" },
	{ "a.test +ednsopt=3 --vantage x", "+ednsopt" },
	{ "a.test +ednsflags=1 --vantage x", "+ednsflags" },
	{ "a.test +subnet=192.0.2.0/24 --vantage x", "+subnet" },
	{ "a.test +nsid --vantage x", "+nsid" },
	{ "a.test +nocookie --vantage x", "+nocookie" },
	{ "a.test +cookie=0011223344556677 --vantage x", "+cookie" },
	{ "a.test +padding=128 --vantage x", "+padding" },
	{ "a.test +opcode=4 --vantage x", "+opcode" },
	{ "a.test +qid=7 --vantage x", "+qid" },
	{ "a.test +ignore --vantage x", "+ignore" },
	{ "a.test +aa --vantage x", "+aaflag" },
	{ "a.test +noad --vantage x", "+noadflag" },
	{ "a.test +zflag --vantage x", "+zflag" },
	{ "a.test +header-only --vantage x", "+header-only" },
	{ "a.test +nofail --vantage x", "+nofail" },
};

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		const char *words = refusals[i].words, *part = refusals[i].part, *why;
		struct digargs args;
		struct digargs_fail fail = { 0 };

		if (digargs_parse(a, digargs_split(a, words), &args, &fail) < 0) {
			ok(false, "%s: is read", words);
			continue;
		}
		why = lookup_others_refusal(a, &args);
		ok(part ? why && strstr(why, part) : !why, "%s: %s", words, why ? why : "is asked");
	}
	arena_free(a);
	return tap_done();
}
