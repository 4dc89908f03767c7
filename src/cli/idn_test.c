/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names in letters, names in the DNS, and names that shall stay what they are. */
#include "cli/idn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/name.h"
#include "tap.h"

/* What a user types; NULL: is refused. */
static const struct {
	const char *text, *want;
} ins[] = {
	{ "bücher.test", "xn--bcher-kva.test" },
	{ "BÜCHER.test.", "xn--bcher-kva.test." },
	{ "straße.test", "xn--strae-oqa.test" },
	{ "日本語.test", "xn--wgv71a119e.test" },
	{ "💩.test", "xn--ls8h.test" },
	{ "LIVE.com", "LIVE.com" },
	{ "_dmarc.Live.com", "_dmarc.Live.com" },
	{ "*.test", "*.test" },
	{ "a\\.b.test", "a\\.b.test" },
	{ ".", "." },
	{ "☃-.test", NULL },
	{ "xn--a.test", NULL },
	{ "\xff.test", NULL },
};

/* What a server sends, and what is shown of it. */
static const struct {
	const char *text, *want;
} outs[] = {
	{ "xn--bcher-kva.test.", "bücher.test." },
	{ "mail.XN--BCHER-KVA.test.", "mail.BüCHER.test." },
	{ "xn--wgv71a119e.test.", "日本語.test." },
	{ "xn--ls8h.test.", "💩.test." },
	{ "LIVE.com.", "LIVE.com." },
	{ ".", "." },
	{ "xn--a.test.", "xn--a.test." },
	{ "xn--.test.", "xn--.test." },
	{ "xn--99999999999.test.", "xn--99999999999.test." },
	/* U+202E, which turns what follows; U+00AD, which nobody sees; U+FF41, another way to write
	   a. */
	{ "xn--ab-g4t.test.", "xn--ab-g4t.test." },
	{ "xn--ab-5da.test.", "xn--ab-5da.test." },
	{ "xn--mi7c.test.", "xn--mi7c.test." },
	{ "b\\195\\188cher.xn--bcher-kva.", "b\\195\\188cher.bücher." },
};

static void test_in(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(ins); i++) {
		const char *why = NULL, *got = idn_to_ascii(a, ins[i].text, &why);
		bool good = ins[i].want ? got && strcmp(got, ins[i].want) == 0 : !got && why;

		if (!ok(good, "in: %s", ins[i].text))
			printf("# %s (%s)\n", got ? got : "nothing", why ? why : "");
	}
}

static void test_out(void)
{
	for (size_t i = 0; i < ARRAY_LEN(outs); i++) {
		char text[NAME_TEXT];

		snprintf(text, sizeof(text), "%s", outs[i].text);
		idn_to_locale(text);
		if (!ok(strcmp(text, outs[i].want) == 0, "out: %s", outs[i].text))
			printf("# %s\n", text);
	}
}

static void test_no_letters(struct arena *a)
{
	char text[NAME_TEXT] = "xn--bcher-kva.test.";
	const char *why = NULL;

	setenv("LC_ALL", "C", 1);
	idn_to_locale(text);
	is_str(text, "xn--bcher-kva.test.", "a locale without the letter: stays");
	ok(!idn_to_ascii(a, "bücher.test", &why) && why, "and takes none");
	ok(idn_to_ascii(a, "xn--bcher-kva.test", &why), "but the name as it is in the DNS");
}

int main(void)
{
	struct arena *a = arena_new();

	setenv("LC_ALL", "C.UTF-8", 1);
	test_in(a);
	test_out();
	test_no_letters(a);
	setenv("IDN_DISABLE", "1", 1);
	ok(!idn_wanted(), "IDN_DISABLE");
	arena_free(a);
	return tap_done();
}
