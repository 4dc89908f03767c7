/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections of clients: queries behind two-octet lengths, perhaps several at once (RFC 7766 6.2).
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "net/serve_inner.h"

enum { LENGTH = 2, V4_OCTETS = 3, V6_OCTETS = 7, ACCEPTS = 16 };

struct serve_link {
	struct serve *serve;
	struct loop_watch watch; /* fd -1: free */
	struct loop_timer timer; /* ends it */
	struct addr from;
	uint64_t born, heard; /* loop's clock; heard: the last whole query */
	uint32_t queries;
	bool eof;  /* nothing more comes */
	bool last; /* nothing more is answered: it ends when all is written */
	size_t in_n, out_n, out_at;
	uint8_t in[LENGTH + SERVE_QUERY];
	uint8_t out[LENGTH + SERVE_REPLY];
};

static void end(struct serve_link *l)
{
	loop_timer_cancel(l->serve->loop, &l->timer);
	loop_unwatch(l->serve->loop, &l->watch);
	close(l->watch.fd);
	l->watch.fd = -1;
}

static void too_late(void *user)
{
	end(user);
}

static void set_timer(struct serve_link *l)
{
	uint64_t idle = l->heard + SERVE_IDLE, total = l->born + SERVE_TOTAL;

	loop_timer_set(l->serve->loop, &l->timer, idle < total ? idle : total);
}

/* Sends what waits; false when the connection is over. */
static bool flush(struct serve_link *l)
{
	while (l->out_at < l->out_n) {
		ssize_t n = send(l->watch.fd, l->out + l->out_at, l->out_n - l->out_at,
			MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		l->out_at += (size_t)n;
	}
	l->out_at = l->out_n = 0;
	return true;
}

static size_t wanted(const struct serve_link *l)
{
	return l->in_n < LENGTH ? 0 : LENGTH + (size_t)(l->in[0] << 8 | l->in[1]);
}

/* The first whole query in the buffer to its reply. */
static void answer(struct serve_link *l, size_t size)
{
	struct serve *s = l->serve;
	struct serve_query q = { { l->in + LENGTH, size - LENGTH }, l->from, TRANSPORT_TCP,
		serve_now(s) };
	size_t n = s->setup.reply(s->setup.user, &q, l->out + LENGTH);

	l->in_n -= size;
	memmove(l->in, l->in + size, l->in_n);
	l->heard = loop_now();
	l->last |= ++l->queries >= SERVE_OF_CONNECTION;
	/* What gets no reply is no DNS client that could need this connection. */
	l->last |= n == 0;
	if (!n)
		return;
	l->out[0] = (uint8_t)(n >> 8U);
	l->out[1] = (uint8_t)n;
	l->out_n = LENGTH + n;
}

/*
 * A reply that waits keeps the next query waiting: who does not read is not answered. False when
 * the connection is over.
 */
static bool answer_all(struct serve_link *l)
{
	while (!l->out_n && !l->last) {
		size_t size = wanted(l);

		if (size > sizeof(l->in)) {
			l->serve->counts.oversized++;
			return false;
		}
		if (!size || l->in_n < size)
			break;
		answer(l, size);
		if (!flush(l))
			return false;
	}
	return l->out_n || !(l->last || l->eof);
}

static void fill(struct serve_link *l)
{
	size_t room = sizeof(l->in) - l->in_n;
	ssize_t n;

	if (!room || l->eof)
		return;
	n = recv(l->watch.fd, l->in + l->in_n, room, MSG_DONTWAIT);
	if (n > 0)
		l->in_n += (size_t)n;
	/* A client may close its half and still read. */
	l->eof = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static bool serve_link(struct serve_link *l, uint32_t events)
{
	if (events & EPOLLERR)
		return false;
	if (!flush(l))
		return false;
	if (!l->out_n && !l->last)
		fill(l);
	return answer_all(l);
}

static void link_ready(void *user, uint32_t events)
{
	struct serve_link *l = user;

	if (!serve_link(l, events)) {
		end(l);
		return;
	}
	loop_rewatch(l->serve->loop, &l->watch, l->out_n ? EPOLLOUT : EPOLLIN);
	set_timer(l);
}

static bool same_prefix(const struct addr *a, const struct addr *b)
{
	return a->family == b->family &&
	       memcmp(a->ip, b->ip, a->family == ADDR_V4 ? V4_OCTETS : V6_OCTETS) == 0;
}

/* A place for a connection: a free one, or that of the longest silence. NULL: turned away. */
static struct serve_link *find_place(struct serve *s, const struct addr *from)
{
	struct serve_link *best = NULL;
	size_t neighbours = 0;

	for (size_t i = 0; i < SERVE_CONNECTIONS; i++) {
		struct serve_link *l = &s->links[i];
		bool open = l->watch.fd >= 0;

		neighbours += open && same_prefix(&l->from, from);
		if (!best || (best->watch.fd >= 0 && (!open || l->heard < best->heard)))
			best = l;
	}
	if (neighbours >= SERVE_OF_PREFIX)
		return NULL;
	if (best->watch.fd >= 0) {
		s->counts.turned_away++;
		end(best);
	}
	return best;
}

static void take(struct serve *s, int fd, const struct addr *from)
{
	struct serve_link *l = find_place(s, from);
	int on = 1;

	if (!l) {
		s->counts.turned_away++;
		close(fd);
		return;
	}
	l->watch = (struct loop_watch){ .ready = link_ready, .user = l, .fd = fd };
	l->timer = (struct loop_timer){ .fire = too_late, .user = l };
	l->from = *from;
	l->born = l->heard = loop_now();
	l->queries = 0;
	l->last = l->eof = false;
	l->in_n = l->out_n = l->out_at = 0;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (loop_watch(s->loop, &l->watch, EPOLLIN) < 0) {
		close(fd);
		l->watch.fd = -1;
		return;
	}
	s->counts.connections++;
	set_timer(l);
}

void serve_tcp_ready(void *user, uint32_t events)
{
	struct serve_socket *k = user;

	(void)events;
	for (int i = 0; i < ACCEPTS; i++) {
		struct sockaddr_storage sa;
		socklen_t n = sizeof(sa);
		int fd = accept4(
			k->tcp.fd, (struct sockaddr *)&sa, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
		struct addr from;

		if (fd < 0)
			return;
		from = addr_from_sockaddr((struct sockaddr *)&sa);
		take(k->serve, fd, &from);
	}
}

void serve_tcp_init(struct serve *s, struct arena *a)
{
	s->links = arena_alloc(a, SERVE_CONNECTIONS * sizeof(*s->links));
	for (size_t i = 0; i < SERVE_CONNECTIONS; i++) {
		s->links[i].serve = s;
		s->links[i].watch.fd = -1;
	}
}

void serve_tcp_done(struct serve *s)
{
	for (size_t i = 0; i < SERVE_CONNECTIONS; i++)
		if (s->links[i].watch.fd >= 0)
			end(&s->links[i]);
}
