/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files in and out. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include "base/arena.h"
#include "base/span.h"

/* The content of a regular file or pipe, at most 1 GiB. -ERR_OPEN with errno set; -ERR_LIMIT. */
int file_read(struct arena *a, const char *path, struct span *ret);

/* Writes a new content. -ERR_OPEN or -ERR_WRITE with errno set. */
int file_write(const char *path, struct span content);

/* Writes to standard output, all of it. -ERR_WRITE with errno set. */
int file_print(struct span content);

#endif
