/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frame streams whole, in pieces, and against their rules. */
#include "base/frames.h"

#include "base/err.h"
#include "tap.h"

#define TYPE  "\0\0\0\1\0\0\0\4text"
#define START "\0\0\0\0\0\0\0\x10\0\0\0\2" TYPE
#define READY "\0\0\0\0\0\0\0\x10\0\0\0\4" TYPE
#define STOP  "\0\0\0\0\0\0\0\4\0\0\0\3"
#define DATA  "\0\0\0\3abc\0\0\0\1d"

/* Frames that came are written one behind the other, a dash behind each. */
static const struct row {
	const char *name;
	const char *bytes;
	size_t n;
	const char *frames;
	int rc;
	bool started, stopped, whole;
	size_t answers; /* octets */
} rows[] = {
#define BYTES(s) s, sizeof(s) - 1
	{ "one way", BYTES(START DATA STOP), "abc-d-", 0, true, true, true, 0 },
	{ "with a handshake", BYTES(READY START DATA STOP), "abc-d-", 0, true, true, true,
		24 + 12 },
	{ "without STOP", BYTES(START DATA), "abc-d-", 0, true, false, true, 0 },
	{ "cut in a frame", BYTES(START "\0\0\0\3ab"), "", 0, true, false, false, 0 },
	{ "cut in a length", BYTES(START DATA "\0\0"), "abc-d-", 0, true, false, false, 0 },
	{ "no content type", BYTES("\0\0\0\0\0\0\0\4\0\0\0\2" DATA), "abc-d-", 0, true, false, true,
		0 },
	{ "one of several content types",
		BYTES("\0\0\0\0\0\0\0\x1d\0\0\0\2\0\0\0\1\0\0\0\5other" TYPE DATA), "abc-d-", 0,
		true, false, true, 0 },
	{ "other content", BYTES("\0\0\0\0\0\0\0\x10\0\0\0\2\0\0\0\1\0\0\0\4tax!" DATA), "",
		-ERR_PARSE, false, false, false, 0 },
	{ "a content type beyond its frame",
		BYTES("\0\0\0\0\0\0\0\x10\0\0\0\2\0\0\0\1\0\0\1\4text"), "", -ERR_PARSE, false,
		false, false, 0 },
	{ "data first", BYTES(DATA), "", -ERR_PARSE, false, false, false, 0 },
	{ "text", BYTES("#!/bin/sh\n"), "", -ERR_PARSE, false, false, false, 0 },
	{ "STOP first", BYTES(STOP), "", -ERR_PARSE, false, false, false, 0 },
	{ "START twice", BYTES(START START), "", -ERR_PARSE, true, false, false, 0 },
	{ "READY behind START", BYTES(START READY), "", -ERR_PARSE, true, false, false, 0 },
	{ "ACCEPT", BYTES("\0\0\0\0\0\0\0\4\0\0\0\1"), "", -ERR_PARSE, false, false, false, 0 },
	{ "an unknown control frame", BYTES("\0\0\0\0\0\0\0\4\0\0\0\x9"), "", -ERR_PARSE, false,
		false, false, 0 },
	{ "a short control frame", BYTES("\0\0\0\0\0\0\0\3\0\0\0"), "", -ERR_PARSE, false, false,
		false, 0 },
	{ "a long control frame", BYTES("\0\0\0\0\0\0\x2\1\0\0\0"), "", -ERR_PARSE, false, false,
		false, 0 },
	{ "a frame too long", BYTES(START "\0\4\0\1abc"), "", -ERR_PARSE, true, false, false, 0 },
	{ "a long frame to come", BYTES(START "\0\4\0\0abc"), "", 0, true, false, false, 0 },
	{ "bytes behind STOP", BYTES(START STOP "whatever"), "", 0, true, true, true, 0 },
};

static void take(void *user, struct span frame)
{
	struct buf *b = user;

	buf_put(b, frame.p, frame.n);
	buf_char(b, '-');
}

/* In pieces of so many octets. */
static void run(const struct row *r, size_t piece)
{
	struct arena *a = arena_new();
	struct buf got = { .arena = a };
	struct frames s = { .arena = a, .type = "text", .take = take, .user = &got };
	int rc = 0;

	for (size_t i = 0; i < r->n && rc == 0; i += piece) {
		size_t n = r->n - i < piece ? r->n - i : piece;

		rc = frames_feed(&s, (struct span){ (const uint8_t *)r->bytes + i, n });
	}
	ok(rc == r->rc && strcmp(buf_text(&got), r->frames) == 0 && s.started == r->started &&
			s.stopped == r->stopped && s.answer.n == r->answers &&
			(rc < 0) == (s.why != NULL) && (rc < 0 || frames_whole(&s) == r->whole),
		"%s, in pieces of %zu: %d, %s%s", r->name, piece, rc, buf_text(&got),
		s.why ? s.why : "");
	arena_free(a);
}

static void bounded(void)
{
	static const uint8_t length[] = { 0, 3, 0xff, 0xfc };
	static uint8_t body[0x3fffc];
	struct arena *a = arena_new();
	struct buf got = { .arena = arena_new() };
	struct frames s = { .arena = a, .type = "text", .take = take, .user = &got };

	frames_feed(&s, (struct span){ (const uint8_t *)START, sizeof(START) - 1 });
	for (int i = 0; i < 100; i++) {
		frames_feed(&s, (struct span){ length, sizeof(length) });
		frames_feed(&s, (struct span){ body, sizeof(body) });
		got.n = 0;
	}
	ok(s.taken == 100 && arena_used(a) < 4 * (size_t)FRAMES_MOST,
		"a hundred of the longest frames: %zu octets of memory", arena_used(a));
	arena_free(got.arena);
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		run(&rows[i], rows[i].n);
		run(&rows[i], 1);
		run(&rows[i], 5);
	}
	bounded();
	return tap_done();
}
