/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz target of dns/spf: the term at fault lies within the text; a good record is printable; the
 * verdict depends neither on letter case nor on blanks at the end.
 */
#include <stdlib.h>

#include "dns/spf.h"
#include "fuzz/fuzz.h"

static void must(bool holds)
{
	if (!holds)
		abort();
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
	}
	must(spf_check((struct span){ upper, size }, &other) == verdict);
	if (spf_is_record(text))
		must(spf_check((struct span){ upper, size + 1 }, &other) == verdict);
	must(!spf_is_null(text) || verdict == 0);
	free(upper);
	return 0;
}
