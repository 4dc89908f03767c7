/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any text as a sample, and as a label: what is parsed is written to the same text, in lower case;
 * and any bytes as a reply to an asker.
 */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "beacon/beacon.h"
#include "fuzz/fuzz.h"

static void sample(const uint8_t *data, size_t size)
{
	struct beacon_sample s;
	char text[BEACON_SAMPLE_TEXT];

	if (beacon_sample_parse((struct span){ data, size }, &s) < 0)
		return;
	assert(beacon_sample_text(&s, text) == size);
	assert(strncasecmp(text, (const char *)data, size) == 0);
}

static void label(const uint8_t *data, size_t size)
{
	struct beacon_label l;
	char text[NAME_MAX_LABEL + 1];
	struct name n = { .len = (uint8_t)(size + 2) };

	n.wire[0] = (uint8_t)size;
	memcpy(n.wire + 1, data, size);
	if (beacon_label_parse(&n, &l) < 0)
		return;
	assert(beacon_label_text(&l, text) == size);
	assert(strncasecmp(text, (const char *)data, size) == 0);
}

static void reply(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct beacon_samples all;
	size_t n = beacon_read(msg_read(a, (struct span){ data, size }), &all);

	assert(n <= BEACON_STEPS_MOST + 1);
	for (size_t i = 0; i < n; i++)
		assert(beacon_case(&all.names[i]) == (all.v[i].upper & beacon_case(&all.names[i])));
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sample(data, size);
	if (size > 0 && size <= NAME_MAX_LABEL)
		label(data, size);
	reply(data, size);
	return 0;
}
