/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The servers that tests of the real network ask. */
#include "net/responder.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "dns/rr.h"

enum { PACKET = 65536, LIFE = 60, HEADER = 12, PAUSE = 1000, HELD = 512 };

struct out {
	int fd, other;
	const struct sockaddr *to;
	socklen_t to_len;
	bool tcp;
};

static unsigned char reply[PACKET];

/* Of the connection: a reply that is held back until another one is sent. */
static unsigned char held[HELD];
static size_t nheld;

int responder_bind(int type, uint8_t family, struct addr *ret)
{
	struct addr a = { .family = family };
	struct sockaddr_storage sa;
	socklen_t n;
	int fd;

	addr_parse(family == ADDR_V6 ? "::1" : "127.0.0.1", &a);
	n = addr_to_sockaddr(&a, &sa);
	fd = socket(sa.ss_family, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&sa, n) < 0 ||
		getsockname(fd, (struct sockaddr *)&sa, &n) < 0) {
		close(fd);
		return -1;
	}
	*ret = addr_from_sockaddr((struct sockaddr *)&sa);
	return fd;
}

static void emit(const struct out *o, const unsigned char *p, size_t n)
{
	unsigned char length[] = { (unsigned char)(n >> 8), (unsigned char)n };
	ssize_t sent = 0;

	if (o->tcp)
		sent = send(o->fd, length, sizeof(length), MSG_NOSIGNAL | MSG_MORE);
	if (sent >= 0)
		sent = sendto(o->fd, p, n, MSG_NOSIGNAL, o->to, o->to_len);
	(void)sent;
}

static void plain(const struct out *o, size_t n)
{
	emit(o, reply, n);
}

static void twice(const struct out *o, size_t n)
{
	emit(o, reply, n);
	emit(o, reply, n);
}

/* The held one follows: replies in another order than their queries. */
static void keep(const struct out *o, size_t n)
{
	emit(o, reply, n);
	if (nheld)
		emit(o, held, nheld);
	nheld = 0;
}

static void hold(const struct out *o, size_t n)
{
	(void)o;
	nheld = n < sizeof(held) ? n : sizeof(held);
	memcpy(held, reply, nheld);
}

/* The rcode is the number of segments that the connection brought. */
static void segments(const struct out *o, size_t n)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	(void)getsockopt(o->fd, IPPROTO_TCP, TCP_INFO, &info, &len);
	reply[3] |= info.tcpi_data_segs_in & 15;
	emit(o, reply, n);
}

/* One octet differs, then the true reply. */
static void spoilt(const struct out *o, size_t n, size_t at)
{
	reply[at] ^= 0x20;
	emit(o, reply, n);
	reply[at] ^= 0x20;
	emit(o, reply, n);
}

static void wrong_id(const struct out *o, size_t n)
{
	spoilt(o, n, 1);
}

static void wrong_question(const struct out *o, size_t n)
{
	spoilt(o, n, HEADER + 1);
}

static void query(const struct out *o, size_t n)
{
	reply[2] &= 0x7f;
	emit(o, reply, n);
	reply[2] |= 0x80;
	emit(o, reply, n);
}

static void source(const struct out *o, size_t n)
{
	struct out other = *o;

	other.fd = o->other;
	emit(&other, reply, n);
	emit(o, reply, n);
}

static void noise(const struct out *o, size_t n)
{
	emit(o, reply, 3);
	emit(o, reply, n);
}

static void flood(const struct out *o, size_t n)
{
	for (int i = 0; i < 40; i++)
		emit(o, reply, 3);
	emit(o, reply, n);
}

static void late(const struct out *o, size_t n)
{
	usleep(60000);
	emit(o, reply, n);
}

static void silent(const struct out *o, size_t n)
{
	(void)o;
	(void)n;
}

static void huge(const struct out *o, size_t n)
{
	size_t size = o->tcp ? 65535 : 65507;

	for (size_t i = n; i < size; i++)
		reply[i] = (unsigned char)(i * 7);
	reply[7] = 200;
	emit(o, reply, size);
}

static void bad(const struct out *o, size_t n)
{
	reply[7] = 1;
	emit(o, reply, n);
}

/* Damaged first, then the true reply. */
static void bad_good(const struct out *o, size_t n)
{
	reply[7] = 1;
	emit(o, reply, n);
	reply[7] = 0;
	emit(o, reply, n);
}

static void formerr(const struct out *o, size_t n)
{
	(void)n;
	memset(reply + 4, 0, 8);
	reply[3] = 1;
	emit(o, reply, HEADER);
}

/* An error that names no question, then the true reply. */
static void formerr_good(const struct out *o, size_t n)
{
	unsigned char error[HEADER] = { reply[0], reply[1], reply[2], 1 };

	emit(o, error, HEADER);
	emit(o, reply, n);
}

static void drip(const struct out *o, size_t n)
{
	unsigned char all[PACKET];

	all[0] = (unsigned char)(n >> 8);
	all[1] = (unsigned char)n;
	memcpy(all + 2, reply, n);
	for (size_t i = 0; i < n + 2; i++) {
		if (send(o->fd, all + i, 1, MSG_NOSIGNAL) < 0)
			return;
		usleep(PAUSE);
	}
}

static void half(const struct out *o, size_t n)
{
	unsigned char length[] = { 0, (unsigned char)n };

	if (send(o->fd, length, 2, MSG_NOSIGNAL) == 2 && send(o->fd, reply, n / 2, MSG_NOSIGNAL))
		usleep(PAUSE);
}

static void reset(const struct out *o, size_t n)
{
	struct linger hard = { .l_onoff = 1 };

	(void)n;
	setsockopt(o->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
}

static const struct act {
	const char *label;
	void (*act)(const struct out *o, size_t n);
	bool more; /* the connection stays open for another query */
} acts[] = {
	{ "twice", twice, false },
	{ "wrongid", wrong_id, false },
	{ "wrongq", wrong_question, false },
	{ "query", query, false },
	{ "source", source, false },
	{ "noise", noise, false },
	{ "flood", flood, false },
	{ "late", late, false },
	{ "silent", silent, false },
	{ "close", silent, false },
	{ "huge", huge, false },
	{ "bad", bad, false },
	{ "badgood", bad_good, false },
	{ "formerr", formerr, false },
	{ "errgood", formerr_good, false },
	{ "drip", drip, false },
	{ "half", half, false },
	{ "reset", reset, false },
	{ "keep", keep, true },
	{ "hold", hold, true },
	{ "mute", silent, true },
	{ "segments", segments, false },
};

/* reply holds a query of n octets: makes it the plain reply and acts. Returns what was done. */
static const struct act *act(const struct out *o, size_t n)
{
	static const struct act other = { "", plain, false };

	if (n <= HEADER || reply[HEADER] >= 64 || HEADER + 1U + reply[HEADER] > n)
		return &other;
	reply[2] |= 0x80;
	/* The OPT is not echoed: the end of the question ends the reply. */
	reply[11] = 0;
	for (size_t i = HEADER; i < n; i += 1U + reply[i])
		if (reply[i] == 0) {
			n = i + 5;
			break;
		}
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (strlen(acts[i].label) == reply[HEADER] &&
			memcmp(acts[i].label, reply + HEADER + 1, reply[HEADER]) == 0) {
			acts[i].act(o, n);
			return &acts[i];
		}
	plain(o, n);
	return &other;
}

static void serve_udp(int fd, int other)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(fd, reply, sizeof(reply), 0, (struct sockaddr *)&from, &len);
	struct out o = { .fd = fd, .other = other, .to = (struct sockaddr *)&from, .to_len = len };

	if (n > 0)
		act(&o, (size_t)n);
}

static void serve_tcp(int listener)
{
	int fd = accept(listener, NULL, NULL);
	unsigned char length[2];
	struct out o = { .fd = fd, .tcp = true };
	const struct act *done = NULL;
	ssize_t n;

	if (fd < 0)
		return;
	nheld = 0;
	do {
		if (recv(fd, length, 2, MSG_WAITALL) != 2)
			break;
		n = recv(fd, reply, (size_t)length[0] << 8 | length[1], MSG_WAITALL);
		if (n <= 0)
			break;
		done = act(&o, (size_t)n);
		/* It stays open, so that the client is the one to give up. */
		if (strcmp(done->label, "silent") == 0)
			return;
	} while (done->more);
	close(fd);
}

static void serve(const int *fds)
{
	struct pollfd p[] = { { .fd = fds[0], .events = POLLIN },
		{ .fd = fds[1], .events = POLLIN }, { .fd = fds[2], .events = POLLIN },
		{ .fd = fds[3], .events = POLLIN } };

	alarm(LIFE);
	while (poll(p, ARRAY_LEN(p), -1) > 0) {
		if (p[0].revents)
			serve_udp(fds[0], fds[1]);
		if (p[1].revents)
			serve_udp(fds[1], fds[0]);
		if (p[2].revents)
			serve_tcp(fds[2]);
		if (p[3].revents)
			serve_udp(fds[3], fds[3]);
	}
}

int responder_start(struct responder *r)
{
	int fds[4];

	*r = (struct responder){ 0 };
	fds[0] = responder_bind(SOCK_DGRAM, ADDR_V4, &r->udp);
	fds[1] = responder_bind(SOCK_DGRAM, ADDR_V4, &r->udp2);
	fds[2] = responder_bind(SOCK_STREAM, ADDR_V4, &r->tcp);
	fds[3] = responder_bind(SOCK_DGRAM, ADDR_V6, &r->udp6);
	if (fds[0] < 0 || fds[1] < 0 || fds[2] < 0 || listen(fds[2], SOMAXCONN) < 0)
		return -1;
	r->child = fork();
	if (r->child == 0) {
		serve(fds);
		_exit(0);
	}
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return r->child > 0 ? 0 : -1;
}

void responder_stop(struct responder *r)
{
	kill(r->child, SIGKILL);
	waitpid(r->child, NULL, 0);
}

struct ask responder_ask(struct arena *a, const struct responder *r, const char *label)
{
	struct name name;

	name_parse(arena_printf(a, "%s.test.", label), &name);
	return (struct ask){ .server = r->udp,
		.timeout = 1000000,
		.role = ROLE_LOOKUP,
		.question = { name_keep(a, &name), RR_A, CLASS_IN },
		.shape = shape_stub };
}
