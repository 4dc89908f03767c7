/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server of messages on the loopback: datagrams, connections, and clients that misbehave. */
#include "net/serve.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "tap.h"

enum { PATIENCE = 20, MANY = 200 }; /* s that a test waits for what must come */

static volatile sig_atomic_t stop;

/* Echoes the query with the transport in front, twice the octets of "big", nothing for "none". */
static size_t echo(void *user, const struct serve_query *q, uint8_t *out)
{
	size_t n = q->wire.n;

	(void)user;
	if (n == 4 && memcmp(q->wire.p, "none", 4) == 0)
		return 0;
	if (n + 1 > SERVE_REPLY)
		n = SERVE_REPLY - 1;
	out[0] = q->transport == TRANSPORT_TCP ? 'T' : 'U';
	memcpy(out + 1, q->wire.p, n);
	return n + 1;
}

static void *run(void *s)
{
	serve_run(s);
	return NULL;
}

/* From 127.0.net.1, or, when net is 0, as the kernel likes it. -1: could not. */
static int connect_from(unsigned int net, const struct addr *a, int type)
{
	struct sockaddr_storage sa;
	struct addr from = { .family = ADDR_V4, .ip = { 127, 0, (uint8_t)net, 1 } };
	socklen_t n = addr_to_sockaddr(&from, &sa);
	struct timeval patience = { .tv_sec = PATIENCE };
	int fd = socket(AF_INET, type, 0);

	if (net && bind(fd, (struct sockaddr *)&sa, n) < 0) {
		close(fd);
		return -1;
	}
	n = addr_to_sockaddr(a, &sa);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&sa, n) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* So many octets, or the end; what came as text. */
static const char *receive(int fd, size_t n)
{
	static char text[70000];
	size_t at = 0;

	while (at < n) {
		ssize_t got = recv(fd, text + at, n - at, 0);

		if (got <= 0)
			break;
		at += (size_t)got;
	}
	text[at] = '\0';
	return text;
}

static int connect_to(const struct addr *a, int type)
{
	return connect_from(0, a, type);
}

static bool put(int fd, const void *p, size_t n)
{
	return send(fd, p, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static void test_udp(const struct addr *a)
{
	int fd = connect_to(a, SOCK_DGRAM);
	static char large[SERVE_QUERY + 1];
	unsigned int back = 0;

	ok(put(fd, "none", 4) && put(fd, "hello", 5), "datagrams go out");
	is_str(receive(fd, 6), "Uhello", "the one that is answered is");
	ok(put(fd, large, sizeof(large)) && put(fd, "next", 4), "a datagram too large");
	is_str(receive(fd, 5), "Unext", "is ignored");
	for (unsigned int i = 0; i < MANY; i++) {
		put(fd, "again", 5);
		back += strcmp(receive(fd, 6), "Uagain") == 0;
	}
	is_int(back, MANY, "many");
	close(fd);
}

static void test_tcp(const struct addr *a)
{
	int fd = connect_to(a, SOCK_STREAM), other = connect_to(a, SOCK_STREAM);
	char byte[] = "\0\3abc";

	ok(fd >= 0 && other >= 0, "two connections");
	ok(put(fd, "\0\3one\0\3two\0\5th", 14), "two queries and a half at once");
	ok(memcmp(receive(fd, 12), "\0\4Tone\0\4Ttwo", 12) == 0, "two replies");
	for (size_t i = 0; i < 5; i++)
		put(other, byte + i, 1);
	ok(memcmp(receive(other, 6), "\0\4Tabc", 6) == 0, "another, octet by octet");
	ok(put(fd, "ree", 3) && memcmp(receive(fd, 8), "\0\6Tthree", 8) == 0, "the other half");
	ok(put(fd, "\0\3end", 5) && shutdown(fd, SHUT_WR) == 0, "a client that only reads on");
	ok(memcmp(receive(fd, 6), "\0\4Tend", 6) == 0, "is answered");
	is_str(receive(fd, 1), "", "and the connection ends");
	close(fd);
	ok(put(other, "\0\4none", 6) && !*receive(other, 1), "what is no query ends it too");
	close(other);
	fd = connect_to(a, SOCK_STREAM);
	ok(put(fd, "\xff\xff", 2) && !*receive(fd, 1), "and so does one too large");
	close(fd);
}

/* One client that does not read, and many that say nothing, keep nobody out. */
static void test_crowd(const struct addr *a)
{
	int fds[SERVE_CONNECTIONS * 2], fd, taken = 0;

	fd = connect_to(a, SOCK_STREAM);
	for (unsigned int i = 0; i < 3000; i++)
		if (send(fd, "\0\4fill", 6, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			break;
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = connect_from(1 + (unsigned int)i / 8, a, SOCK_STREAM);
		taken += fds[i] >= 0;
	}
	ok(taken == ARRAY_LEN(fds), "%d silent connections of several networks", taken);
	put(fds[ARRAY_LEN(fds) - 1], "\0\2hi", 4);
	ok(memcmp(receive(fds[ARRAY_LEN(fds) - 1], 5), "\0\3Thi", 5) == 0, "the last is served");
	is_str(receive(fds[0], 1), "", "the first had to go");
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	close(fd);
	/* Places are free again once the server has seen the ends. */
	for (unsigned int i = 0; i < PATIENCE * 10; i++) {
		const char *got = "";

		fd = connect_to(a, SOCK_STREAM);
		if (put(fd, "\0\2hi", 4))
			got = receive(fd, 5);
		close(fd);
		if (memcmp(got, "\0\3Thi", 5) == 0) {
			ok(true, "then there is room again");
			return;
		}
		usleep(100000);
	}
	ok(false, "then there is room again");
}

static void test_failures(const struct addr *used)
{
	struct addr all[2] = { *used, *used };
	struct serve_setup setup = { .listen = all, .nlisten = 2, .reply = echo, .stop = &stop };
	struct arena *a = arena_new();
	struct serve *s = NULL;
	size_t failed = 9;

	all[0].port = 0;
	ok(serve_new(a, &setup, &s, &failed) == -ERR_OPEN && failed == 1 && !s,
		"a port that is in use");
	addr_parse_port("198.51.100.77#53000", &all[0]);
	ok(serve_new(a, &setup, &s, &failed) == -ERR_OPEN && failed == 0, "an address of others");
	setup.nlisten = SERVE_ADDRS_MOST + 1;
	ok(serve_new(a, &setup, &s, &failed) == -ERR_LIMIT, "too many addresses");
	serve_free(NULL);
	arena_free(a);
}

/* A port that is free for both transports. */
static int start(struct arena *a, struct addr *at, struct serve **ret)
{
	struct serve_setup setup = { .listen = at, .nlisten = 1, .reply = echo, .stop = &stop };

	addr_parse("127.0.0.1", at);
	for (unsigned int i = 0; i < 200; i++) {
		at->port = (uint16_t)(20000 + ((unsigned int)getpid() * 7 + i * 31) % 12000);
		if (serve_new(a, &setup, ret, NULL) == 0)
			return 0;
	}
	return -1;
}

int main(void)
{
	struct arena *a = arena_new();
	struct serve *s = NULL;
	struct addr at;
	pthread_t thread;

	if (start(a, &at, &s) < 0 || pthread_create(&thread, NULL, run, s) != 0) {
		ok(false, "a server on the loopback");
		return tap_done();
	}
	test_udp(&at);
	test_tcp(&at);
	test_crowd(&at);
	test_failures(&at);
	stop = 1;
	pthread_join(thread, NULL);
	is_int((int64_t)serve_counts(s).oversized, 2, "queries too large are counted");
	ok(serve_counts(s).turned_away > 0, "crowds are turned away");
	serve_free(s);
	arena_free(a);
	return tap_done();
}
