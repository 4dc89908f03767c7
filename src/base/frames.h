/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frame streams, the container that dnstap travels in, as the side that reads
 * (https://farsightsec.github.io/fstrm/, fstrm 0.6.1: fstrm/control.h). Bytes go in as they come,
 * frames come out. A stream is either one way (START, frames, STOP: files), or begins with a
 * handshake (READY, our ACCEPT, START, frames, STOP, our FINISH: sockets); which one shows itself.
 *
 *	struct frames s = { .arena = a, .type = "protobuf:dnstap.Dnstap", .take = use, .user = me };
 *	while ((n = read(fd, chunk, sizeof(chunk))) > 0 && !frames_feed(&s, (struct span){ chunk, n
 *})) if (s.answer.n)
 *			...write it, s.answer.n = 0
 *	if (!s.stopped)
 *		...it ended in the middle
 */
#ifndef BASE_FRAMES_H
#define BASE_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

enum {
	/* Octets of a data frame: two DNS messages of 65,535 and what is said about them. */
	FRAMES_MOST = 256 * 1024,
	FRAMES_CONTROL_MOST = 512, /* FSTRM_CONTROL_FRAME_LENGTH_MAX */
};

struct frames {
	/* Set by the caller; the rest is zeroed. */
	struct arena *arena;
	const char *type;			     /* the content that is wanted */
	void (*take)(void *user, struct span frame); /* a data frame; valid for the call */
	void *user;

	struct buf answer; /* bytes for the other side, when there is a way to it */
	struct buf rest;   /* a frame that is not whole yet */
	uint64_t taken;	   /* data frames */
	bool ready;	   /* there was a handshake */
	bool started, stopped;
	const char *why; /* why it cannot be read on; NULL: it can */
};

/*
 * Takes the next bytes. 0, or -ERR_PARSE with s->why set: then nothing more is read. Bytes behind
 * STOP are not looked at: s->stopped.
 */
int frames_feed(struct frames *s, struct span bytes);

/* Nothing is pending: the stream stands between two frames. */
bool frames_whole(const struct frames *s);

#endif
