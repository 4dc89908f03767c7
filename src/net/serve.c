/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets that are bound, and datagrams in and out; connections are in serve_tcp.c. */
#include "net/serve.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "net/serve_inner.h"

enum {
	BATCH = 32,	    /* datagrams read at once */
	ROUNDS = 4,	    /* batches of one socket before others have their turn */
	PATIENCE = 1000000, /* µs until stop is looked at without any event */
	RECEIVE = 1 << 20,  /* octets that the kernel may keep while we are busy */
	BACKLOG = 64,
};

/* Datagrams of a batch, and the replies to them. */
struct batch {
	uint8_t in[BATCH][SERVE_QUERY], out[BATCH][SERVE_REPLY];
	struct sockaddr_storage from[BATCH];
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH];
};

uint64_t serve_now(const struct serve *s)
{
	return s->setup.epoch + (loop_now() - s->began);
}

static int read_batch(struct serve *s, int fd)
{
	struct batch *b = s->batch;

	for (size_t i = 0; i < BATCH; i++) {
		b->parts[i] = (struct iovec){ b->in[i], sizeof(b->in[i]) };
		b->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &b->from[i],
			.msg_namelen = sizeof(b->from[i]),
			.msg_iov = &b->parts[i],
			.msg_iovlen = 1,
		};
	}
	return recvmmsg(fd, b->messages, BATCH, MSG_DONTWAIT, NULL);
}

/* What is answered moves to the front of the messages; their number. */
static unsigned int answer_batch(struct serve *s, unsigned int n)
{
	struct batch *b = s->batch;
	unsigned int answers = 0;

	for (unsigned int i = 0; i < n; i++) {
		struct mmsghdr *m = &b->messages[i];
		struct serve_query q = { { b->in[i], m->msg_len },
			addr_from_sockaddr((struct sockaddr *)&b->from[i]), TRANSPORT_UDP,
			serve_now(s) };
		size_t size;

		if (m->msg_hdr.msg_flags & MSG_TRUNC) {
			s->counts.oversized++;
			continue;
		}
		size = s->setup.reply(s->setup.user, &q, b->out[i]);
		if (!size)
			continue;
		b->parts[i] = (struct iovec){ b->out[i], size };
		m->msg_hdr.msg_flags = 0;
		b->messages[answers++] = *m;
	}
	return answers;
}

/* A reply that cannot go out (no route, a full queue, a broadcast address) is not worth a wait. */
static void send_batch(struct serve *s, int fd, unsigned int n)
{
	struct batch *b = s->batch;

	for (unsigned int i = 0; i < n;) {
		int sent = sendmmsg(fd, b->messages + i, n - i, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent > 0) {
			i += (unsigned int)sent;
			continue;
		}
		s->counts.unsent++;
		i++;
	}
}

static void udp_ready(void *user, uint32_t events)
{
	struct serve_socket *k = user;

	(void)events;
	for (int i = 0; i < ROUNDS; i++) {
		int n = read_batch(k->serve, k->udp.fd);

		if (n > 0)
			send_batch(k->serve, k->udp.fd, answer_batch(k->serve, (unsigned int)n));
		/* Errors of earlier replies (ICMP) are read here, and are nothing to us. */
		if (n != BATCH)
			return;
	}
}

static void set(int fd, int level, int option, int value)
{
	/* All of them are improvements that can be done without. */
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

static int failure(void)
{
	return errno == EACCES || errno == EPERM ? -ERR_PRIVILEGE : -ERR_OPEN;
}

static int bind_to(const struct addr *a, int type, int *ret_fd)
{
	struct sockaddr_storage sa;
	socklen_t n = addr_to_sockaddr(a, &sa);
	int fd = socket(sa.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err;

	if (fd < 0)
		return failure();
	if (a->family == ADDR_V6)
		set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (type == SOCK_STREAM) {
		set(fd, SOL_SOCKET, SO_REUSEADDR, 1); /* past connections do not hold the port */
	} else {
		set(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE);
		/* ICMP that anybody can forge must not make us fragment (as BIND and Knot do). */
		if (a->family == ADDR_V4)
			set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
	}
	if (bind(fd, (struct sockaddr *)&sa, n) < 0 ||
		(type == SOCK_STREAM && listen(fd, BACKLOG) < 0)) {
		err = errno;
		close(fd);
		errno = err;
		return failure();
	}
	*ret_fd = fd;
	return 0;
}

static int open_sockets(struct serve *s, size_t i)
{
	struct serve_socket *k = &s->sockets[i];
	int err = bind_to(&s->setup.listen[i], SOCK_DGRAM, &k->udp.fd);

	if (err == 0)
		err = bind_to(&s->setup.listen[i], SOCK_STREAM, &k->tcp.fd);
	if (err == 0)
		err = loop_watch(s->loop, &k->udp, EPOLLIN);
	if (err == 0)
		err = loop_watch(s->loop, &k->tcp, EPOLLIN);
	return err;
}

int serve_new(
	struct arena *a, const struct serve_setup *setup, struct serve **ret, size_t *ret_failed)
{
	struct serve *s = arena_alloc(a, sizeof(*s));
	int err;

	if (setup->nlisten > SERVE_ADDRS_MOST)
		return -ERR_LIMIT;
	*s = (struct serve){ .setup = *setup, .began = loop_now(), .nsockets = setup->nlisten };
	s->setup.listen = arena_dup(a, setup->listen, setup->nlisten * sizeof(*setup->listen));
	s->sockets = arena_alloc(a, setup->nlisten * sizeof(*s->sockets));
	s->batch = arena_alloc(a, sizeof(*s->batch));
	for (size_t i = 0; i < s->nsockets; i++)
		s->sockets[i] = (struct serve_socket){ s,
			{ .ready = udp_ready, .user = &s->sockets[i], .fd = -1 },
			{ .ready = serve_tcp_ready, .user = &s->sockets[i], .fd = -1 } };
	serve_tcp_init(s, a);
	err = loop_new(&s->loop);
	for (size_t i = 0; err == 0 && i < s->nsockets; i++) {
		err = open_sockets(s, i);
		if (err < 0 && ret_failed)
			*ret_failed = i;
	}
	if (err < 0) {
		int reason = errno;

		serve_free(s);
		errno = reason;
		return err;
	}
	*ret = s;
	return 0;
}

static void shut(struct serve *s, struct loop_watch *w)
{
	if (w->fd < 0)
		return;
	if (s->loop)
		loop_unwatch(s->loop, w);
	close(w->fd);
	w->fd = -1;
}

void serve_free(struct serve *s)
{
	if (!s)
		return;
	serve_tcp_done(s);
	for (size_t i = 0; i < s->nsockets; i++) {
		shut(s, &s->sockets[i].udp);
		shut(s, &s->sockets[i].tcp);
	}
	loop_free(s->loop);
	s->loop = NULL;
}

void serve_run(struct serve *s)
{
	while (!s->setup.stop || !*s->setup.stop)
		(void)loop_wait(s->loop, loop_now() + PATIENCE);
}

struct serve_counts serve_counts(const struct serve *s)
{
	return s->counts;
}
