/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP connections that carry one query each, or none. */
#include "net/stream.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "net/icmp.h"
#include "net/route.h"

enum { LENGTH = 2, TURNS = 64 };

struct stream {
	struct streams *streams;
	struct flight *flight;
	struct loop_watch watch;
	struct stream *next, *before; /* among the open ones; next also chains spare ones */
	bool connected;
	uint8_t *out, *in; /* heap */
	size_t out_n, out_at;
	size_t in_n, in_at; /* in_n: length field and message; only LENGTH until that is known */
};

struct streams {
	struct flights *fs;
	struct route *route;
	struct arena *arena;
	struct stream *open, *spare;
};

struct streams *streams_new(struct arena *a, struct flights *fs, struct route *route)
{
	struct streams *ss = arena_alloc(a, sizeof(*ss));

	*ss = (struct streams){ .fs = fs, .route = route, .arena = a };
	return ss;
}

static void *heap(size_t size)
{
	void *p = malloc(size);

	if (!p)
		err_no_memory();
	return p;
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

	if (st->watch.fd >= 0) {
		loop_unwatch(ss->fs->loop, &st->watch);
		close(st->watch.fd);
	}
	free(st->out);
	free(st->in);
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

/* Ends the ask, and the connection with it. */
static void finish(struct stream *st, enum outcome outcome)
{
	struct flight *f = st->flight;
	struct flights *fs = st->streams->fs;

	if (!f->over)
		flight_over(fs, f, outcome);
	stream_free(st);
	flight_free(fs, f);
}

static void refuse(struct stream *st, enum why why)
{
	flight_not_sent(st->streams->fs, st->flight, why);
	finish(st, OUTCOME_NOT_SENT);
}

/*
 * What the kernel says of a connection that failed, where no error queue tells more: the outcome,
 * and the ICMP type and code that the errno most likely stands for (RFC 792, RFC 4443).
 */
static const struct failure {
	int error;
	uint8_t outcome;
	struct {
		uint8_t type, code;
	} v4, v6;
} failures[] = {
	{ ECONNRESET, OUTCOME_RESET, { 0, 0 }, { 0, 0 } },
	{ EPIPE, OUTCOME_RESET, { 0, 0 }, { 0, 0 } },
	{ ETIMEDOUT, OUTCOME_TIMEOUT, { 0, 0 }, { 0, 0 } },
	{ ENETUNREACH, OUTCOME_ICMP, { 3, 0 }, { 1, 0 } },
	{ EHOSTUNREACH, OUTCOME_ICMP, { 3, 1 }, { 1, 3 } },
	{ ENOPROTOOPT, OUTCOME_ICMP, { 3, 2 }, { 4, 1 } },
	{ EHOSTDOWN, OUTCOME_ICMP, { 3, 7 }, { 1, 3 } },
	{ EACCES, OUTCOME_ICMP, { 3, 13 }, { 1, 1 } },
};

/* Newer kernels queue ICMP errors for TCP too, as they came. */
static bool take_error(struct stream *st)
{
	struct icmp_error e;

	while (icmp_take(st->watch.fd, &e)) {
		if (!e.from_net)
			continue;
		st->flight->obs.icmp = e.icmp;
		return true;
	}
	return false;
}

static enum outcome read_failure(struct stream *st, int error)
{
	struct observation *o = &st->flight->obs;
	bool v6 = o->ask.server.family == ADDR_V6;

	if (take_error(st))
		return OUTCOME_ICMP;
	if (error == ECONNREFUSED)
		return st->connected ? OUTCOME_RESET : OUTCOME_REFUSED;
	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		const struct failure *f = &failures[i];

		if (f->error != error)
			continue;
		o->icmp.type = v6 ? f->v6.type : f->v4.type;
		o->icmp.code = v6 ? f->v6.code : f->v4.code;
		return (enum outcome)f->outcome;
	}
	return OUTCOME_RESET;
}

static void fail(struct stream *st, int error)
{
	finish(st, read_failure(st, error));
}

/* Writes what it can; 0 or an errno. */
static int push(struct stream *st)
{
	while (st->out_at < st->out_n) {
		ssize_t n = send(
			st->watch.fd, st->out + st->out_at, st->out_n - st->out_at, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : errno;
		st->out_at += (size_t)n;
	}
	loop_rewatch(st->streams->fs->loop, &st->watch, EPOLLIN);
	return 0;
}

/* The bytes that were waited for are there: the length, or a message. */
static void take_in(struct stream *st)
{
	size_t n = LENGTH + ((size_t)st->in[0] << 8 | st->in[1]);
	uint8_t *in;

	if (st->in_n == LENGTH && n > LENGTH) {
		in = realloc(st->in, n);
		if (!in)
			err_no_memory();
		st->in = in;
		st->in_n = n;
		return;
	}
	flight_receive(
		st->streams->fs, st->flight, (struct span){ st->in + LENGTH, st->in_n - LENGTH });
	/* It was a stray: the reply may follow. */
	st->in_n = LENGTH;
	st->in_at = 0;
}

/* Reads until the ask is over, or nothing is there for now; 0, or an errno for a failed read. */
static int pull(struct stream *st)
{
	/* Bounded, since a server could send for ever. */
	for (int i = 0; i < TURNS && !st->flight->over; i++) {
		ssize_t n = recv(st->watch.fd, st->in + st->in_at, st->in_n - st->in_at, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : errno;
		if (n == 0)
			return ECONNRESET;
		st->in_at += (size_t)n;
		if (st->in_at == st->in_n)
			take_in(st);
	}
	return 0;
}

static void stream_ready(void *user, uint32_t events)
{
	struct stream *st = user;
	int error = 0;
	socklen_t len = sizeof(error);

	if (!st->connected) {
		if (getsockopt(st->watch.fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
			error = errno;
		if (error || !(events & EPOLLOUT)) {
			fail(st, error ? error : ECONNRESET);
			return;
		}
		st->connected = true;
		if (st->flight->obs.ask.connect_only) {
			finish(st, OUTCOME_CONNECTED);
			return;
		}
	}
	if (st->out_at < st->out_n)
		error = push(st);
	/* What came before a reset counts. */
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		error = pull(st);
	if (st->flight->over)
		finish(st, OUTCOME_ANSWERED);
	else if (error)
		fail(st, error);
	else if ((events & EPOLLERR) && take_error(st))
		finish(st, OUTCOME_ICMP);
}

static void stream_timeout(void *user)
{
	struct stream *st = user;

	finish(st, OUTCOME_TIMEOUT);
}

/*
 * A connection for its own sake ends with a reset (RFC 9293 3.10.4, linger 0 in socket(7)), which
 * leaves no TIME_WAIT on either side: its port can be used again at once. The kernel repeats the
 * SYN once only, 1 s after the first (RFC 6298 2.1, tcp(7)).
 */
static void set_fleeting(int fd)
{
	struct linger reset = { .l_onoff = 1 };
	int once = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &once, sizeof(once));
}

static void set_options(int fd, const struct ask *ask)
{
	bool v6 = ask->server.family == ADDR_V6;
	int on = 1, ttl = ask->ttl;

	(void)icmp_enable(fd, ask->server.family);
	/* A port whose last connection is in TIME_WAIT may connect elsewhere. */
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (ask->connect_only)
		set_fleeting(fd);
	if (v6)
		route_no_flow_label(fd);
	if (ttl)
		(void)setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
			v6 ? IPV6_UNICAST_HOPS : IP_TTL, &ttl, sizeof(ttl));
}

/* To the address that the kernel would take: others may hold the port on other addresses. */
static enum why bind_source(struct route *route, int fd, const struct ask *ask)
{
	struct addr source;
	struct sockaddr_storage sa;
	enum why why = WHY_NONE;
	socklen_t n;

	if (ask->source.family == ADDR_NONE && ask->source.port == 0)
		return WHY_NONE;
	why = route_source(route, ask, loop_now(), &source);
	if (why != WHY_NONE)
		return why;
	n = addr_to_sockaddr(&source, &sa);
	if (bind(fd, (struct sockaddr *)&sa, n) < 0)
		return route_bind_error(errno);
	return WHY_NONE;
}

static enum why start_connect(int fd, const struct ask *ask)
{
	struct sockaddr_storage sa;
	socklen_t n = addr_to_sockaddr(&ask->server, &sa);

	if (connect(fd, (struct sockaddr *)&sa, n) == 0 || errno == EINPROGRESS)
		return WHY_NONE;
	/* Here it means that a connection of these very ends is open or in TIME_WAIT. */
	if (errno == EADDRNOTAVAIL && ask->source.port)
		return WHY_PORT_IN_USE;
	return route_send_error(errno);
}

static enum why stream_open(struct stream *st)
{
	const struct ask *ask = &st->flight->obs.ask;
	int domain = ask->server.family == ADDR_V6 ? AF_INET6 : AF_INET, fd;
	struct sockaddr_storage sa = { 0 };
	socklen_t n = sizeof(sa);
	enum why why;

	if (ask->server.family == ADDR_NONE ||
		(ask->source.family != ADDR_NONE && ask->source.family != ask->server.family))
		return WHY_FAMILY;
	fd = socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno == EAFNOSUPPORT ? WHY_FAMILY : WHY_LOCAL;
	set_options(fd, ask);
	why = bind_source(st->streams->route, fd, ask);
	st->flight->obs.sent = loop_now();
	if (why == WHY_NONE)
		why = start_connect(fd, ask);
	st->watch.fd = fd;
	if (why == WHY_NONE && loop_watch(st->streams->fs->loop, &st->watch, EPOLLIN | EPOLLOUT))
		why = WHY_LOCAL;
	if (why == WHY_NONE && getsockname(fd, (struct sockaddr *)&sa, &n) == 0)
		st->flight->obs.from = addr_from_sockaddr((struct sockaddr *)&sa);
	return why;
}

void streams_send(struct streams *ss, struct flight *f)
{
	struct stream *st = stream_new(ss);
	struct buf query = { 0 };
	enum why why;

	st->flight = f;
	st->watch.ready = stream_ready;
	st->watch.user = st;
	if (!f->obs.ask.connect_only) {
		query = flight_query(ss->fs, f, true);
		st->out = heap(query.n);
		memcpy(st->out, query.p, query.n);
		st->out_n = query.n;
		st->in = heap(LENGTH);
		st->in_n = LENGTH;
	}
	f->timer.fire = stream_timeout;
	f->timer.user = st;
	why = stream_open(st);
	if (why == WHY_NONE)
		loop_timer_set(ss->fs->loop, &f->timer, f->obs.sent + f->obs.ask.timeout);
	else
		refuse(st, why);
}
