/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the tapes of tests/fixtures, for the tests that make them. */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <stdio.h>

#include "base/err.h"
#include "facts/tape.h"

/* 0, -ERR_OPEN, -ERR_WRITE. */
__attribute__((unused)) static int fixture_write(const char *path, const struct facts *f)
{
	struct buf b = { .arena = f->arena };
	FILE *file = fopen(path, "w");

	if (!file)
		return -ERR_OPEN;
	tape_write(f, &b);
	fwrite(b.p, 1, b.n, file);
	return fclose(file) ? -ERR_WRITE : 0;
}

#endif
