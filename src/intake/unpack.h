/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The octets of a stream that may be packed by gzip (RFC 1952) or zstd (RFC 8878), which its first
 * octets tell; members and frames may follow each other, as they do when logs are put together.
 * Memory is bounded, whatever a stream unpacks to: the window is 128 MiB at most (zstd -d's own
 * bound), and nothing is kept.
 *
 *	struct unpack *u = unpack_new(stream);
 *	while ((n = unpack_read(u, block, sizeof(block))) > 0)
 *		...
 *	why = unpack_why(u);		// of a truncated or damaged stream
 *	unpack_free(u);
 */
#ifndef INTAKE_UNPACK_H
#define INTAKE_UNPACK_H

#include <stdio.h>

struct unpack;

/* The stream stays the caller's, and open. */
struct unpack *unpack_new(FILE *stream);

/* The next octets, at most size of them; 0: there are no more, or none that can be read. */
size_t unpack_read(struct unpack *u, void *to, size_t size);

/* Why the stream could not be read to its end; NULL: it could, or it is not over. */
const char *unpack_why(const struct unpack *u);

/* Takes NULL. */
void unpack_free(struct unpack *u);

#endif
