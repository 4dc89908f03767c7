/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words for where a query was seen and what came of it. */
#include "facts/sighting.h"

#include <string.h>

#include "base/err.h"

static const char *const sources[] = {
	[SIGHT_CAPTURE] = "capture",
	[SIGHT_DNSTAP] = "dnstap",
	[SIGHT_SOCKET] = "socket",
	[SIGHT_BEACON] = "beacon",
};

static const char *const ends[] = {
	[SIGHT_UNKNOWN] = "unknown",
	[SIGHT_ANSWERED] = "answered",
	[SIGHT_SILENT] = "silent",
	[SIGHT_ICMP] = "icmp",
};

_Static_assert(ARRAY_LEN(sources) == SIGHTS, "a slug for every source");
_Static_assert(ARRAY_LEN(ends) == SIGHT_ENDS, "a slug for every end");

const char *sighting_source_slug(enum sighting_source s)
{
	return s < SIGHTS ? sources[s] : NULL;
}

const char *sighting_end_slug(enum sighting_end e)
{
	return e < SIGHT_ENDS ? ends[e] : NULL;
}

int sighting_source_parse(const char *slug, enum sighting_source *ret)
{
	for (enum sighting_source s = 0; s < SIGHTS; s++) {
		if (strcmp(slug, sources[s]) == 0) {
			*ret = s;
			return 0;
		}
	}
	return -ERR_NONE;
}

int sighting_end_parse(const char *slug, enum sighting_end *ret)
{
	for (enum sighting_end e = 0; e < SIGHT_ENDS; e++) {
		if (strcmp(slug, ends[e]) == 0) {
			*ret = e;
			return 0;
		}
	}
	return -ERR_NONE;
}
