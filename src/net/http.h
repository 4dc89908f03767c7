/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS over HTTP/2 (RFC 8484), without a socket: octets in, octets out, replies by call. Hostile
 * octets end it; a reply is held up to the size of a DNS message.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

enum { HTTP_BODY = 65535 };

struct http;

struct http_conf {
	const char *authority, *path;
	bool plain, get; /* not over TLS; GET instead of POST */
	/*
	 * A call is over: message NULL in span: it brought none, and why is one line. Valid for the
	 * call, which comes from within http_take, or from http_out for one that was given up here.
	 */
	void (*reply)(void *user, int32_t call, struct span message, const char *why);
	void *user;
};

/* Texts of conf are borrowed. */
struct http *http_new(struct arena *a, const struct http_conf *conf);
/* Takes NULL. Calls nothing back. */
void http_free(struct http *h);

/* Calls can be made: the server did not say that it is going away. */
bool http_open(const struct http *h);
/* A query as a call of its own: its number, or -1 when no more can be made. */
int32_t http_ask(struct http *h, struct span query);
/* Octets that came. What has to be sent is still to be asked for. */
void http_take(struct http *h, struct span octets);
/* What has to be sent next, valid until the next call of any of these; empty: nothing. */
struct span http_out(struct http *h);
/* When that is empty: why nothing more can come, one line; NULL: something can. */
const char *http_why(const struct http *h);

#endif
