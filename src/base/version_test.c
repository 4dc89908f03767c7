/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Versions are compared by number, not by letter. */
#include "base/version.h"

#include "base/err.h"
#include "tap.h"

int main(void)
{
	static const struct {
		const char *a, *b;
		int order;
	} rows[] = {
		{ "9.18.49", "9.18.49", 0 },
		{ "9.18.9", "9.18.10", -1 },
		{ "9.21", "9.21.0", 0 },
		{ "9.21.2", "9.20.30", 1 },
		{ "1.17.1-2+deb12u3", "1.17.1", 0 },
		{ "5.2.0~rc1", "5.2", 0 },
		{ "", "0", 0 },
		{ "x", "1", -1 },
		{ "2.90", "2.85", 1 },
		{ "99999999999999999999", "1", 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int order = version_compare(rows[i].a, rows[i].b);

		is_int((order > 0) - (order < 0), rows[i].order, "row");
		order = version_compare(rows[i].b, rows[i].a);
		is_int((order > 0) - (order < 0), -rows[i].order, "and the other way round");
	}
	return tap_done();
}
