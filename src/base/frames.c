/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frame streams: lengths, control frames, and the order in which they may come. */
#include "base/frames.h"

#include <string.h>

#include "base/err.h"

/* fstrm/control.h */
enum control { ACCEPT = 1, START = 2, STOP = 3, READY = 4, FINISH = 5 };
enum { CONTENT_TYPE = 1, WORD = 4 };

static uint32_t word(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static struct span behind(struct span s, size_t n)
{
	return (struct span){ s.p + n, s.n - n };
}

static int refuse(struct frames *s, const char *why)
{
	s->why = why;
	return -ERR_PARSE;
}

static bool is_type(const struct frames *s, struct span name)
{
	return name.n == strlen(s->type) && memcmp(name.p, s->type, name.n) == 0;
}

/*
 * Fields of a control frame: one that names our content is needed where there are any. A stream
 * without is one whose sides do not care.
 */
static bool has_type(const struct frames *s, struct span fields)
{
	bool none = true;

	while (fields.n) {
		size_t n;

		if (fields.n < 2 * WORD || word(fields.p) != CONTENT_TYPE)
			return false;
		n = word(fields.p + WORD);
		fields = behind(fields, 2 * WORD);
		if (n > fields.n)
			return false;
		if (is_type(s, (struct span){ fields.p, n }))
			return true;
		none = false;
		fields = behind(fields, n);
	}
	return none;
}

/* Control frames begin with a length of 0, then their own. */
static void answer(struct frames *s, enum control kind)
{
	size_t n = strlen(s->type);

	if (!s->answer.arena)
		s->answer.arena = s->arena;
	buf_u32(&s->answer, 0);
	buf_u32(&s->answer, kind == ACCEPT ? (uint32_t)(3 * WORD + n) : WORD);
	buf_u32(&s->answer, kind);
	if (kind != ACCEPT)
		return;
	buf_u32(&s->answer, CONTENT_TYPE);
	buf_u32(&s->answer, (uint32_t)n);
	buf_put(&s->answer, s->type, n);
}

static int take_ready(struct frames *s, struct span fields)
{
	if (s->ready || s->started)
		return refuse(s, "a handshake in the middle of the stream");
	if (!has_type(s, fields))
		return refuse(s, "the stream offers other content");
	s->ready = true;
	answer(s, ACCEPT);
	return 0;
}

static int take_start(struct frames *s, struct span fields)
{
	if (s->started)
		return refuse(s, "the stream starts twice");
	if (!has_type(s, fields))
		return refuse(s, "the stream has other content");
	s->started = true;
	return 0;
}

static int take_stop(struct frames *s, struct span fields)
{
	(void)fields;
	if (!s->started)
		return refuse(s, "the stream stops before it starts");
	s->stopped = true;
	if (s->ready)
		answer(s, FINISH);
	return 0;
}

static int (*const takers[])(struct frames *s, struct span fields) = {
	[START] = take_start,
	[STOP] = take_stop,
	[READY] = take_ready,
};

static int take_control(struct frames *s, struct span frame)
{
	uint32_t kind = word(frame.p);

	/* ACCEPT and FINISH are what we say. */
	if (kind >= ARRAY_LEN(takers) || !takers[kind])
		return refuse(s, "a control frame that has no place here");
	return takers[kind](s, behind(frame, WORD));
}

/* The frame that bytes begin with: its octets, 0: not whole yet, or -ERR_PARSE. */
static int64_t take_frame(struct frames *s, struct span bytes)
{
	size_t n;

	if (bytes.n < WORD)
		return 0;
	n = word(bytes.p);
	if (n > FRAMES_MOST)
		return refuse(s, "a frame that is too long; this may be no frame stream");
	if (n && !s->started)
		return refuse(s, "data before the start; this may be no frame stream");
	if (n) {
		if (bytes.n - WORD < n)
			return 0;
		s->taken++;
		s->take(s->user, (struct span){ bytes.p + WORD, n });
		return WORD + (int64_t)n;
	}
	if (bytes.n < 2 * WORD)
		return 0;
	n = word(bytes.p + WORD);
	if (n < WORD || n > FRAMES_CONTROL_MOST)
		return refuse(s, "a control frame of a wrong length");
	if (bytes.n - 2 * WORD < n)
		return 0;
	return take_control(s, (struct span){ bytes.p + 2 * WORD, n }) < 0 ? -ERR_PARSE
									   : 2 * WORD + (int64_t)n;
}

int frames_feed(struct frames *s, struct span bytes)
{
	size_t done = 0;
	int64_t n = 0;

	if (s->why)
		return -ERR_PARSE;
	if (!s->rest.arena)
		s->rest.arena = s->arena;
	buf_put(&s->rest, bytes.p, bytes.n);
	while (!s->stopped && (n = take_frame(s, behind(buf_span(&s->rest), done))) > 0)
		done += (size_t)n;
	/* What is left is less than a frame: the buffer stays within a frame and a chunk. */
	s->rest.n -= done;
	memmove(s->rest.p, s->rest.p + done, s->rest.n);
	return n < 0 ? -ERR_PARSE : 0;
}

bool frames_whole(const struct frames *s)
{
	return s->stopped || !s->rest.n;
}
