/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the server of messages share; nobody else includes it. */
#ifndef NET_SERVE_INNER_H
#define NET_SERVE_INNER_H

#include "net/loop.h"
#include "net/serve.h"

struct batch;
struct serve_link;

/* The two sockets of an address. */
struct serve_socket {
	struct serve *serve;
	struct loop_watch udp, tcp; /* tcp: listens */
};

struct serve {
	struct serve_setup setup;
	struct loop *loop;
	uint64_t began; /* on the loop's clock */
	struct serve_socket *sockets;
	size_t nsockets;
	struct batch *batch;
	struct serve_link *links; /* SERVE_CONNECTIONS */
	struct serve_counts counts;
};

/* µs since 1970. */
uint64_t serve_now(const struct serve *s);

void serve_tcp_init(struct serve *s, struct arena *a);
/* Takes a serve that serve_tcp_init() has seen. */
void serve_tcp_done(struct serve *s);

/* Of a listening socket; user is its struct serve_socket. */
void serve_tcp_ready(void *user, uint32_t events);

#endif
