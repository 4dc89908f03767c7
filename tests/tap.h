/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Test Anything Protocol for C tests: every check is one counted, named line.
 *
 *	int main(void)
 *	{
 *		ok(portset_empty(&s), "new set is empty");
 *		is_int(portset_count(&s), 0, "count");
 *		is_str(text, "1-52", "text");
 *		return tap_done();
 *	}
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static unsigned int tap_count, tap_failed;

__attribute__((format(printf, 2, 3), unused)) static bool ok(bool good, const char *form, ...)
{
	va_list args;

	tap_count++;
	tap_failed += !good;
	printf("%sok %u - ", good ? "" : "not ", tap_count);
	va_start(args, form);
	vprintf(form, args);
	va_end(args);
	putchar('\n');
	return good;
}

__attribute__((unused)) static bool is_int(int64_t got, int64_t want, const char *name)
{
	bool good = ok(got == want, "%s", name);

	if (!good)
		printf("#   got %" PRId64 ", wanted %" PRId64 "\n", got, want);
	return good;
}

__attribute__((unused)) static bool is_str(const char *got, const char *want, const char *name)
{
	bool good = ok(got && want ? strcmp(got, want) == 0 : got == want, "%s", name);

	if (!good)
		printf("#   got '%s'\n#   wanted '%s'\n", got ? got : "(none)",
			want ? want : "(none)");
	return good;
}

__attribute__((unused)) static bool is_near(double got, double want, double eps, const char *name)
{
	bool good = ok(got >= want - eps && got <= want + eps, "%s", name);

	if (!good)
		printf("#   got %.12g, wanted %.12g +- %g\n", got, want, eps);
	return good;
}

__attribute__((unused)) static int tap_done(void)
{
	printf("1..%u\n", tap_count);
	return tap_failed ? 1 : 0;
}

#endif
