/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times of all forms; wanted values are date(1)'s. */
#include "intake/logstamp.h"

#include <time.h>

#include "base/err.h"
#include "prop.h"
#include "tap.h"

/* 2026-11-28 12:00:00 UTC; the log's zone is UTC+2 where a row says so. */
#define NOW 1795867200ULL

static const struct {
	const char *line;
	uint64_t want; /* milliseconds */
	int32_t offset;
} rows[] = {
	{ "Nov 28 09:17:01 mx1 postfix", 1795857421000, 0 },
	{ "Nov 28 09:17:01 mx1 postfix", 1795850221000, 7200 },
	{ "Nov  8 09:17:01 mx1 postfix", 1794129421000, 0 },
	{ "Nov 29 09:17:01 tomorrow is last year's from noon on", 1795943821000, 0 },
	{ "Nov 29 12:00:01 mx1", 1764417601000, 0 },
	{ "Dec 31 23:59:59 mx1", 1767225599000, 0 },
	{ "Feb 29 00:00:00 of the last leap year", 1709164800000, 0 },
	{ "<22>Nov 28 09:17:01 mx1", 1795857421000, 0 },
	{ "<22>1 2026-11-28T09:17:01.250000+01:00 mx1", 1795853821250, 7200 },
	{ "2026-11-28T09:17:01Z mx1", 1795857421000, 7200 },
	{ "2026-11-28T09:17:01.5-05:30 mx1", 1795877221500, 0 },
	{ "2026-11-28 09:17:01 1abc", 1795857421000, 0 },
	{ "2026-11-28 09:17:01 1abc", 1795850221000, 7200 },
	{ "2026-11-28 09:17:01.123 +0100 1abc", 1795853821123, 7200 },
	{ "2026-11-28 09:17:01+0100,x", 1795853821000, 7200 },
	{ "28-Nov-2026 09:17:01.123 query", 1795857421123, 0 },
	{ "[1795857421] unbound", 1795857421000, 7200 },
	{ "1970-01-01 00:00:01 x", 1000, 0 },
	{ "", 0, 0 },
	{ "Nov", 0, 0 },
	{ "Nov 31 00:00:00 x", 0, 0 },
	{ "Xxx 28 09:17:01 x", 0, 0 },
	{ "Nov 28 24:17:01 x", 0, 0 },
	{ "2026-02-29 00:00:00 x", 0, 0 },
	{ "2026-13-01 00:00:00 x", 0, 0 },
	{ "2026-00-01 00:00:00 x", 0, 0 },
	{ "1960-01-01 00:00:00 x", 0, 0 },
	{ "<22", 0, 0 },
	{ "[17958", 0, 0 },
	{ "no time", 0, 0 },
};

/* As gmtime(3) has it, for any second up to 2200. */
static bool case_dates(struct rng *r)
{
	time_t t = (time_t)(rng_u64(r) % 7258118400ULL) + 1;
	struct logstamp_clock clock = { .now = NOW * 1000000 };
	char line[64];
	struct tm tm;

	strftime(line, sizeof(line), "%Y-%m-%d %H:%M:%S ", gmtime_r(&t, &tm));
	return logstamp_read((struct span){ (uint8_t *)line, strlen(line) }, &clock) ==
	       (uint64_t)t * 1000000;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct logstamp_clock clock = { NOW * 1000000, rows[i].offset };
		struct span line = { (const uint8_t *)rows[i].line, strlen(rows[i].line) };

		is_int((int64_t)logstamp_read(line, &clock), (int64_t)rows[i].want * 1000,
			rows[i].line);
	}
	is_int((int64_t)logstamp_read((struct span){ (const uint8_t *)"Nov 28 09:17:01 ", 16 },
		       &(struct logstamp_clock){ 0 }),
		0, "no year without a clock");
	prop("dates as of gmtime()", case_dates, 5000);
	return tap_done();
}
