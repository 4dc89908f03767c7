/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files in and out. */
#include "cli/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"

enum { CHUNK = 1 << 16, SIZE_MOST = 1 << 30 };

int file_read(struct arena *a, const char *path, struct span *ret)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	struct buf b = { .arena = a };
	char *chunk = arena_alloc(a, CHUNK);
	size_t n;
	int err = 0;

	if (!f)
		return -ERR_OPEN;
	while (!err && (n = fread(chunk, 1, CHUNK, f)) > 0) {
		buf_put(&b, chunk, n);
		if (b.n > SIZE_MOST) {
			errno = EFBIG;
			err = -ERR_LIMIT;
		}
	}
	if (!err && ferror(f))
		err = -ERR_OPEN;
	if (f != stdin)
		fclose(f);
	if (err == 0)
		*ret = buf_span(&b);
	return err;
}

static int write_all(FILE *f, struct span content)
{
	if (content.n && fwrite(content.p, 1, content.n, f) != content.n)
		return -ERR_WRITE;
	return fflush(f) == 0 ? 0 : -ERR_WRITE;
}

int file_write(const char *path, struct span content)
{
	FILE *f = fopen(path, "wb");
	int err;

	if (!f)
		return -ERR_OPEN;
	err = write_all(f, content);
	if (fclose(f) != 0)
		err = -ERR_WRITE;
	return err;
}

int file_print(struct span content)
{
	return write_all(stdout, content);
}
