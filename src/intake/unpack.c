/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain and packed streams, by the libraries of their makers. */
#include "intake/unpack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/err.h"

enum { IN_SIZE = 64 * 1024, MAGIC = 6, WINDOW_LOG = 27, GZIP_ONLY = 16 };

struct unpack {
	FILE *stream;
	size_t (*read)(struct unpack *u, void *to, size_t size); /* NULL: not known yet */
	const char *why;
	bool over; /* nothing more comes */

	unsigned char in[IN_SIZE];
	size_t at, n; /* of in: what was not taken yet */
	bool between; /* gzip: a member ended, a next one may follow; zstd: a frame */

	z_stream gzip;
	bool gzip_on;
	ZSTD_DStream *zstd;
};

/* The end, for a reason or without one. */
static size_t end(struct unpack *u, const char *why)
{
	u->over = true;
	u->why = why;
	return 0;
}

/* Octets of the stream into in, behind those that stand there; false: there are none. */
static bool fill(struct unpack *u)
{
	size_t got;

	if (u->at == u->n)
		u->at = u->n = 0;
	got = fread(u->in + u->n, 1, sizeof(u->in) - u->n, u->stream);
	u->n += got;
	return got > 0;
}

static const char *read_failed(const struct unpack *u)
{
	return ferror(u->stream) ? "it cannot be read on" : NULL;
}

static size_t read_plain(struct unpack *u, void *to, size_t size)
{
	size_t n;

	if (u->at == u->n && !fill(u))
		return end(u, read_failed(u));
	n = u->n - u->at < size ? u->n - u->at : size;
	memcpy(to, u->in + u->at, n);
	u->at += n;
	return n;
}

/* Behind a member: another one, zeros that fill a tape's block, or nothing. False: the end. */
static bool next_member(struct unpack *u)
{
	while (u->at < u->n || fill(u)) {
		if (u->in[u->at] != 0)
			break;
		u->at++;
	}
	if (u->at == u->n)
		return end(u, read_failed(u)) > 0;
	if (inflateReset(&u->gzip) != Z_OK)
		return end(u, "gzip: cannot go on") > 0;
	u->between = false;
	return true;
}

static size_t read_gzip(struct unpack *u, void *to, size_t size)
{
	u->gzip.next_out = to;
	u->gzip.avail_out = (uInt)size;
	while (u->gzip.avail_out == size) {
		bool dry;
		int rc;

		if (u->between && !next_member(u))
			return 0;
		/* Something may still come out when nothing goes in. */
		dry = u->at == u->n && !fill(u);
		u->gzip.next_in = u->in + u->at;
		u->gzip.avail_in = (uInt)(u->n - u->at);
		rc = inflate(&u->gzip, Z_NO_FLUSH);
		u->at = u->n - u->gzip.avail_in;
		if (rc == Z_MEM_ERROR)
			err_no_memory();
		if (rc == Z_BUF_ERROR && dry)
			return end(u, read_failed(u) ? read_failed(u) : "gzip: it ends too early");
		u->between = rc == Z_STREAM_END;
		if (rc != Z_OK && rc != Z_STREAM_END) {
			/* What came out before the damage counts. */
			end(u, "gzip: it is damaged");
			break;
		}
	}
	return size - u->gzip.avail_out;
}

static size_t read_zstd(struct unpack *u, void *to, size_t size)
{
	ZSTD_outBuffer out = { to, size, 0 };

	while (!out.pos) {
		ZSTD_inBuffer in;
		size_t rc, before;

		/* When nothing came in, the window may still hold something. */
		if (u->at == u->n && !fill(u) && u->between)
			return end(u, read_failed(u));
		in = (ZSTD_inBuffer){ u->in, u->n, u->at };
		before = in.pos;
		rc = ZSTD_decompressStream(u->zstd, &out, &in);
		u->at = in.pos;
		if (ZSTD_isError(rc)) {
			end(u, "zstd: it is damaged, or wants too much memory");
			break;
		}
		u->between = rc == 0;
		if (!out.pos && in.pos == before && u->at == u->n && feof(u->stream))
			return end(u, u->between ? NULL : "zstd: it ends too early");
		if (!out.pos && ferror(u->stream))
			return end(u, read_failed(u));
	}
	return out.pos;
}

static bool begin_gzip(struct unpack *u)
{
	if (inflateInit2(&u->gzip, MAX_WBITS + GZIP_ONLY) != Z_OK)
		err_no_memory();
	u->gzip_on = true;
	u->read = read_gzip;
	return true;
}

static bool begin_zstd(struct unpack *u)
{
	u->zstd = ZSTD_createDStream();
	if (!u->zstd)
		err_no_memory();
	ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG);
	u->read = read_zstd;
	return true;
}

static bool refuse_xz(struct unpack *u)
{
	return end(u, "it is packed by xz, which is not read here") > 0;
}

static bool refuse_bzip2(struct unpack *u)
{
	return end(u, "it is packed by bzip2, which is not read here") > 0;
}

static const struct {
	const char *magic;
	size_t size;
	bool (*begin)(struct unpack *u); /* false: it is over */
} kinds[] = {
	{ "\x1f\x8b", 2, begin_gzip },
	{ "\x28\xb5\x2f\xfd", 4, begin_zstd },
	{ "\xfd"
	  "7zXZ",
		5, refuse_xz },
	{ "BZh", 3, refuse_bzip2 },
};

/* False: it is over. */
static bool begin(struct unpack *u)
{
	u->read = read_plain;
	while (u->n < MAGIC && fill(u))
		;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (u->n >= kinds[i].size && memcmp(u->in, kinds[i].magic, kinds[i].size) == 0)
			return kinds[i].begin(u);
	return true;
}

struct unpack *unpack_new(FILE *stream)
{
	struct unpack *u = calloc(1, sizeof(*u));

	if (!u)
		err_no_memory();
	u->stream = stream;
	return u;
}

size_t unpack_read(struct unpack *u, void *to, size_t size)
{
	if (!size || u->over || (!u->read && !begin(u)))
		return 0;
	return u->read(u, to, size);
}

const char *unpack_why(const struct unpack *u)
{
	return u->why;
}

void unpack_free(struct unpack *u)
{
	if (!u)
		return;
	if (u->gzip_on)
		inflateEnd(&u->gzip);
	ZSTD_freeDStream(u->zstd);
	free(u);
}
