/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz target of dns/spf: the term at fault lies within the text; a good record is printable; the
 * verdict depends neither on letter case nor on blanks at the end.
 */
#include <stdlib.h>

#include "dns/spf.h"
#include "dns/spf_terms.h"
#include "fuzz/fuzz.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* The terms of a good record lie within it, in their order, and end where it does. */
static void walk(struct span text)
{
	struct spf_terms at = spf_terms(text);
	const uint8_t *last = text.p;
	struct spf_term term;
	struct arena *a = arena_new();
	struct name name;

	while (spf_next(&at, &term)) {
		must(term.text.n && term.text.p >= last);
		last = term.text.p + term.text.n;
		must(last <= text.p + text.n);
		if (!term.domain.n)
			continue;
		must(term.domain.p > term.text.p && term.domain.p + term.domain.n <= last);
		if (spf_domain(a, term.domain, &name) == 0)
			must(name.len > 0);
	}
	arena_free(a);
}

/* The text in upper case and a blank, exactly as long, so that a sanitizer sees who reads on. */
static uint8_t *shout(const uint8_t *data, size_t size)
{
	uint8_t *upper = malloc(size + 1);

	for (size_t i = 0; i < size; i++)
		upper[i] = data[i] >= 'a' && data[i] <= 'z' ? (uint8_t)(data[i] - 0x20) : data[i];
	upper[size] = ' ';
	return upper;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *upper = shout(data, size);
	struct span text = { data, size }, bad = { NULL, 0 }, other;
	int verdict = spf_check(text, &bad);

	if (verdict < 0) {
		must(bad.p >= data && bad.p + bad.n <= data + size);
	} else {
		must(spf_is_record(text));
		for (size_t i = 0; i < size; i++)
			must(data[i] >= ' ' && data[i] <= '~');
		walk(text);
	}
	must(spf_check((struct span){ upper, size }, &other) == verdict);
	if (spf_is_record(text))
		must(spf_check((struct span){ upper, size + 1 }, &other) == verdict);
	must(!spf_is_null(text) || verdict == 0);
	free(upper);
	return 0;
}
