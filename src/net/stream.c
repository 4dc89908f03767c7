/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP connections, with or without TLS and HTTP/2, that carry one query each, several, or none. */
#include "net/stream.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "net/connect.h"
#include "net/stream_inner.h"

struct streams *streams_new(struct arena *a, struct flights *fs, struct route *route)
{
	struct streams *ss = arena_alloc(a, sizeof(*ss));

	*ss = (struct streams){ .fs = fs, .route = route, .arena = a };
	return ss;
}

static struct stream *stream_new(struct streams *ss)
{
	struct stream *st = ss->spare;

	if (st)
		ss->spare = st->next;
	else
		st = arena_alloc(ss->arena, sizeof(*st));
	*st = (struct stream){ .streams = ss, .next = ss->open, .watch = { .fd = -1 } };
	if (ss->open)
		ss->open->before = st;
	ss->open = st;
	return st;
}

static void stream_free(struct stream *st)
{
	struct streams *ss = st->streams;
	struct piece *next;

	loop_timer_cancel(ss->fs->loop, &st->gap);
	loop_timer_cancel(ss->fs->loop, &st->idle);
	for (struct piece *p = st->out; p; p = next) {
		next = p->next;
		free(p);
	}
	free(st->in);
	http_free(st->http);
	secure_free(st->tls);
	if (st->watch.fd >= 0) {
		loop_unwatch(ss->fs->loop, &st->watch);
		close(st->watch.fd);
		ours_close(ss->fs->ours, &(struct ours_ends){ true, st->from, st->first.server });
	}
	*(st->before ? &st->before->next : &ss->open) = st->next;
	if (st->next)
		st->next->before = st->before;
	*st = (struct stream){ .next = ss->spare };
	ss->spare = st;
}

void streams_free(struct streams *ss)
{
	struct stream *next;

	for (struct stream *st = ss ? ss->open : NULL; st; st = next) {
		next = st->next;
		stream_free(st);
	}
}

/* Several asks may be on it. */
static bool shared(const struct ask *ask)
{
	return ask->stream && !ask->connect_only;
}

/* Ends the asks that still wait, and the connection with them. */
static void finish(struct stream *st, struct connect_end end)
{
	struct flights *fs = st->streams->fs;
	struct flight *next;

	for (struct flight *f = st->flights; f; f = next) {
		next = f->next;
		if (!f->over) {
			f->obs.icmp = end.icmp;
			if (end.said)
				flight_channel(fs, f, end.said, end.certificate);
			else
				flight_over(fs, f, end.outcome);
		}
		flight_free(fs, f);
	}
	stream_free(st);
}

static void fail(struct stream *st, int error)
{
	if (error == EPROTO) {
		const char *tls = st->tls ? secure_why(st->tls) : NULL;

		finish(st, (struct connect_end){ .outcome = OUTCOME_CHANNEL,
				   .said = tls ? tls : http_why(st->http),
				   .certificate = st->tls && secure_is_certificate(st->tls) });
		return;
	}
	finish(st, connect_failure(st->watch.fd, error, &st->first.server, st->connected));
}

static void stream_close(void *user)
{
	finish(user, (struct connect_end){ .outcome = OUTCOME_RESET });
}

/*
 * To be called after whatever may have ended an ask. Forgets those to which nothing more can come,
 * and closes the connection, now or after a while, when no ask waits.
 */
static void settle(struct stream *st)
{
	struct flights *fs = st->streams->fs;

	for (struct flight **at = &st->flights, *f; (f = *at);) {
		if (!f->over || !f->settled) {
			at = &f->next;
			continue;
		}
		*at = f->next;
		flight_free(fs, f);
	}
	if (stream_waiting(st))
		return;
	if (!shared(&st->first) || !st->connected)
		stream_close(st);
	else if (!st->idle.place)
		loop_timer_set(fs->loop, &st->idle, loop_now() + STREAM_IDLE);
}

/* What it waits for next. What TLS has read ahead wakes nobody by itself: room to write does. */
static void expect(struct stream *st)
{
	bool writes = st->out && !st->gap.place;

	loop_rewatch(st->streams->fs->loop, &st->watch,
		writes || secure_pending(st->tls) ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* The gap is over, or there is more to write: goes on when there is room. */
static void wake(void *user)
{
	struct stream *st = user;

	loop_rewatch(st->streams->fs->loop, &st->watch, EPOLLIN | EPOLLOUT);
}

/*
 * Reads until nothing is there for now, or the one ask of a connection is over; 0, or an errno for
 * a failed read.
 */
static int pull(struct stream *st)
{
	/* Bounded, since a server could send for ever. */
	for (int i = 0; i < TURNS && (shared(&st->first) || stream_waiting(st)); i++) {
		ssize_t n = secure_recv(
			st->tls, st->watch.fd, st->in + st->in_at, st->in_n - st->in_at);
		int error;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : errno;
		if (n == 0)
			return ECONNRESET;
		error = stream_take(st, (size_t)n);
		if (error)
			return error;
	}
	return 0;
}

/* The handshake is over, one way or the other; false: it was all, and the stream is gone. */
static bool greet(struct stream *st, uint32_t events)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(st->watch.fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error || !(events & EPOLLOUT)) {
		fail(st, error ? error : ECONNRESET);
		return false;
	}
	st->connected = true;
	error = stream_push_plain(st);
	if (error) {
		fail(st, error);
		return false;
	}
	if (!st->first.connect_only)
		return true;
	finish(st, (struct connect_end){ .outcome = OUTCOME_CONNECTED });
	return false;
}

/* The handshake of TLS goes on; false: not over, or all is. */
static bool secure(struct stream *st)
{
	int error = st->tls ? secure_handshake(st->tls) : 0;

	st->secured = error == 0;
	if (error == EAGAIN)
		loop_rewatch(st->streams->fs->loop, &st->watch, secure_events(st->tls));
	else if (error)
		fail(st, error);
	return st->secured;
}

static void stream_ready(void *user, uint32_t events)
{
	struct stream *st = user;
	struct connect_end end = { .outcome = OUTCOME_ICMP };
	int error = 0, read_error = 0;
	bool done;

	if (!st->connected && !greet(st, events))
		return;
	if (!st->secured && !secure(st))
		return;
	if (st->out)
		error = stream_push(st);
	/* What came before a reset counts. */
	if (error || secure_pending(st->tls) || (events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		read_error = pull(st);
	/* What TLS or HTTP/2 said tells more than that no more can be written. */
	error = error && read_error != EPROTO ? error : read_error;
	expect(st);
	done = !shared(&st->first) && !stream_waiting(st);
	if (error && !done)
		fail(st, error);
	else if (!done && (events & EPOLLERR) && connect_take_icmp(st->watch.fd, &end.icmp))
		finish(st, end);
	else
		settle(st);
}

static void stream_timeout(void *user)
{
	struct flight *f = user;
	struct stream *st = f->holder;

	flight_over(st->streams->fs, f, OUTCOME_TIMEOUT);
	settle(st);
}

/* The open connection that the ask may share; NULL: none. */
static struct stream *find(const struct streams *ss, const struct ask *ask)
{
	struct stream *st = shared(ask) ? ss->open : NULL;

	for (; st; st = st->next)
		if (shared(&st->first) && st->first.stream == ask->stream &&
			(st->first.owner == ask->owner || ask->stream == STREAM_ANYBODY) &&
			st->first.transport == ask->transport &&
			secure_alike(st->first.secure, ask->secure) &&
			(!st->http || http_open(st->http)) &&
			addr_equal(&st->first.server, &ask->server) &&
			addr_equal(&st->first.source, &ask->source))
			break;
	return st;
}

/* Files for TLS that cannot be used: nothing is sent then. */
static bool unusable(const struct stream *st)
{
	return st->tls && !st->connected && secure_why(st->tls);
}

static enum why stream_open(struct stream *st, const struct ask *ask)
{
	struct sockaddr_storage sa = { 0 };
	socklen_t n = sizeof(sa);
	uint64_t began = ours_now();
	enum why why;

	st->first = *ask;
	st->gap.fire = wake;
	st->idle.fire = stream_close;
	st->watch.ready = stream_ready;
	st->watch.user = st->gap.user = st->idle.user = st;
	if (!ask->connect_only)
		stream_channel(st, ask);
	if (unusable(st))
		return WHY_NONE;
	why = connect_start(st->streams->route, ask, &st->watch.fd);
	if (why != WHY_NONE)
		return why;
	secure_attach(st->tls, st->watch.fd);
	if (getsockname(st->watch.fd, (struct sockaddr *)&sa, &n) == 0)
		st->from = addr_from_sockaddr((struct sockaddr *)&sa);
	ours_open(st->streams->fs->ours, &(struct ours_ends){ true, st->from, ask->server }, began);
	if (loop_watch(st->streams->fs->loop, &st->watch, EPOLLIN | EPOLLOUT))
		return WHY_LOCAL;
	return WHY_NONE;
}

void streams_send(struct streams *ss, struct flight *f)
{
	struct stream *st = find(ss, &f->obs.ask);
	enum why why = WHY_NONE;

	f->obs.sent = loop_now();
	if (st && st->connected) {
		loop_timer_cancel(ss->fs->loop, &st->idle);
		wake(st);
	}
	if (!st) {
		st = stream_new(ss);
		why = stream_open(st, &f->obs.ask);
	}
	if (why != WHY_NONE || unusable(st)) {
		if (why == WHY_NONE)
			flight_channel(ss->fs, f, secure_why(st->tls), false);
		else
			flight_not_sent(ss->fs, f, why);
		stream_free(st);
		flight_free(ss->fs, f);
		return;
	}
	/* Ids of asks on one connection differ (RFC 7766 6.2.1). */
	if (st->http)
		f->obs.id = 0; /* RFC 8484 4.1; the call tells them apart */
	while (!st->http && stream_by_id(st, f->obs.id))
		f->obs.id = (uint16_t)(rng_u64(ss->fs->rng) >> 48);
	f->obs.from = st->from;
	f->holder = st;
	f->next = st->flights;
	st->flights = f;
	if (!f->obs.ask.connect_only)
		stream_enqueue(st, f);
	f->timer.fire = stream_timeout;
	f->timer.user = f;
	loop_timer_set(ss->fs->loop, &f->timer, f->obs.sent + f->obs.ask.timeout);
}
