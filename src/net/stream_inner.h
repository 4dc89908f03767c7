/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a connection is made of. */
#ifndef NET_STREAM_INNER_H
#define NET_STREAM_INNER_H

#include "net/http.h"
#include "net/secure.h"
#include "net/stream.h"

enum { LENGTH = 2, TURNS = 64, CHUNK = 16384 };

/* Octets that leave in segments of their own. */
struct piece {
	struct piece *next;
	bool later; /* STREAM_SPLIT after the piece before it */
	size_t n, at;
	uint8_t octets[];
};

struct stream {
	struct streams *streams;
	struct flight *flights; /* newest first; one that is over waits for a late reply */
	struct loop_watch watch;
	struct loop_timer gap, idle;  /* until the next piece may leave; until it is closed */
	struct stream *next, *before; /* among the open ones; next also chains spare ones */
	struct ask first;	      /* which the connection was made for */
	struct addr from;
	bool connected, secured; /* TCP stands; so does what is on it */
	struct secure *tls;	 /* NULL: none */
	struct http *http;	 /* NULL: none */
	struct piece *out;	 /* heap */
	uint8_t *in;		 /* heap */
	size_t in_n, in_at; /* in_n: length field and message; only LENGTH until that is known */
};

struct streams {
	struct flights *fs;
	struct route *route;
	struct arena *arena;
	struct stream *open, *spare;
};

/* The newest ask that waits; NULL: none does. */
struct flight *stream_waiting(const struct stream *st);
/* The ask of that id, over or not; NULL: none. */
struct flight *stream_by_id(const struct stream *st, uint16_t id);

/* Makes what stands on TCP, when the ask wants it. */
void stream_channel(struct stream *st, const struct ask *ask);
/* The query waits to be written, in two pieces when it is to be split. */
void stream_enqueue(struct stream *st, struct flight *f);
/* Writes what it can; 0 or an errno. */
int stream_push(struct stream *st);
/* Writes what stands outside of TLS, before its handshake; 0 or an errno. */
int stream_push_plain(struct stream *st);
/* n octets were read to where st->in_at is; 0 or an errno. */
int stream_take(struct stream *st, size_t n);

#endif
