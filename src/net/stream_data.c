/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes over a connection: octets that wait to be written, and messages in what is read. */
#include "net/stream_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "net/match.h"
#include "net/proxy.h"

static void *heap(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		err_no_memory();
	return p;
}

struct flight *stream_waiting(const struct stream *st)
{
	struct flight *f = st->flights;

	while (f && f->over)
		f = f->next;
	return f;
}

struct flight *stream_by_id(const struct stream *st, uint16_t id)
{
	struct flight *f = st->flights;

	while (f && f->obs.id != id)
		f = f->next;
	return f;
}

int stream_push(struct stream *st)
{
	struct piece *p;

	while (!st->gap.place && (p = st->out)) {
		ssize_t n;

		if (p->later) {
			p->later = false;
			loop_timer_set(st->streams->fs->loop, &st->gap, loop_now() + STREAM_SPLIT);
			break;
		}
		n = secure_send(
			st->tls, st->watch.fd, (struct span){ p->octets + p->at, p->n - p->at });
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : errno;
		p->at += (size_t)n;
		if (p->at < p->n)
			continue;
		st->out = p->next;
		free(p);
	}
	return 0;
}

/*
 * Replies come in any order (RFC 7766 7): the id says to which ask. One that waits has to bear what
 * answers none.
 */
static void take_message(struct stream *st, struct span message)
{
	struct flight *f = stream_by_id(st, match_id(message));

	if (!f)
		f = stream_waiting(st);
	if (f)
		flight_receive(st->streams->fs, f, message);
}

/* The bytes that were waited for are there: the length, or a message. */
static void take_in(struct stream *st)
{
	size_t n = LENGTH + ((size_t)st->in[0] << 8 | st->in[1]);

	if (st->in_n == LENGTH && n > LENGTH) {
		st->in = heap(st->in, n);
		st->in_n = n;
		return;
	}
	take_message(st, (struct span){ st->in + LENGTH, st->in_n - LENGTH });
	st->in_n = LENGTH;
	st->in_at = 0;
}

static void append(struct stream *st, struct span octets, bool later)
{
	struct piece *p = heap(NULL, sizeof(*p) + octets.n), **at = &st->out;

	*p = (struct piece){ .later = later, .n = octets.n };
	memcpy(p->octets, octets.p, octets.n);
	while (*at)
		at = &(*at)->next;
	*at = p;
}

/* What HTTP/2 has to say waits to be written. */
static void append_http(struct stream *st)
{
	for (struct span s = http_out(st->http); s.n; s = http_out(st->http))
		append(st, s, false);
}

static void http_reply(void *user, int32_t call, struct span message, const char *why)
{
	struct stream *st = user;
	struct flight *f = st->flights;

	while (f && f->call != call)
		f = f->next;
	if (f && !why)
		flight_receive(st->streams->fs, f, message);
	else if (f && !f->over)
		flight_channel(st->streams->fs, f, why, false);
	if (f && !f->over)
		flight_over(st->streams->fs, f, OUTCOME_MALFORMED);
}

int stream_take(struct stream *st, size_t n)
{
	int error;

	if (!st->http) {
		st->in_at += n;
		if (st->in_at == st->in_n)
			take_in(st);
		return 0;
	}
	http_take(st->http, (struct span){ st->in, n });
	append_http(st);
	error = st->out ? stream_push(st) : 0;
	return !error && http_why(st->http) ? EPROTO : error;
}

/* What stands in front of all: within TLS it waits for it, else it is what the fresh socket takes
 * first. */
static void put_proxy(struct stream *st, const struct ask *ask)
{
	struct buf b = { .arena = st->streams->arena };

	proxy_put(&b, ask);
	if (b.n)
		append(st, buf_span(&b), false);
}

int stream_push_plain(struct stream *st)
{
	int error = 0;

	if (st->tls && st->first.secure && st->first.secure->proxy_plain && st->out) {
		struct secure *tls = st->tls;
		struct piece *rest = st->out->next;

		st->tls = NULL;
		st->out->next = NULL;
		error = stream_push(st);
		st->tls = tls;
		/* Nothing was written on this connection before: a header finds room, whole. */
		if (!error && st->out)
			error = ENOBUFS;
		if (st->out)
			st->out->next = rest;
		else
			st->out = rest;
	}
	return error;
}

void stream_channel(struct stream *st, const struct ask *ask)
{
	const struct ask_secure *s = ask->secure;
	struct arena *a = st->streams->arena;
	char host[ADDR_TEXT];

	if (ask->transport == TRANSPORT_TLS || ask->transport == TRANSPORT_HTTPS)
		st->tls = secure_new(a, ask);
	put_proxy(st, ask);
	if (ask->transport < TRANSPORT_HTTPS)
		return;
	addr_text(&ask->server, host);
	st->in = heap(NULL, CHUNK);
	st->in_n = CHUNK;
	st->http = http_new(a,
		&(struct http_conf){
			.authority = arena_printf(a, strchr(host, ':') ? "[%s]:%u" : "%s:%u",
				s && s->hostname && !strchr(s->hostname, ':') ? s->hostname : host,
				ask->server.port),
			.path = s && s->path ? s->path : "/dns-query",
			.plain = ask->transport == TRANSPORT_HTTP,
			.get = s && s->get,
			.reply = http_reply,
			.user = st,
		});
}

void stream_enqueue(struct stream *st, struct flight *f)
{
	struct buf b = flight_query(st->streams->fs, f, !st->http);
	struct span query = buf_span(&b), head = query;

	if (st->http) {
		f->call = http_ask(st->http, query);
		append_http(st);
		return;
	}
	if (f->obs.ask.split && f->obs.ask.split < query.n)
		head.n = f->obs.ask.split;
	append(st, head, false);
	if (head.n < query.n)
		append(st, (struct span){ query.p + head.n, query.n - head.n }, true);
	if (!st->in) {
		st->in = heap(NULL, LENGTH);
		st->in_n = LENGTH;
	}
}
