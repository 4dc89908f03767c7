/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS over a connected, non-blocking socket (RFC 7858, RFC 8310). Where a function takes a struct
 * secure, NULL means that there is no TLS, and bytes go as they are.
 *
 *	struct secure *s = secure_new(arena, &ask);
 *	secure_attach(s, fd);
 *	while ((error = secure_handshake(s)) == EAGAIN)
 *		... wait until fd is ready for what secure_events() says ...
 *	n = secure_send(s, fd, query);
 */
#ifndef NET_SECURE_H
#define NET_SECURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/span.h"
#include "facts/facts.h"

struct secure;

/*
 * Never NULL: when files of the ask's cannot be used, secure_why() says so at once, and there will
 * be no handshake. Texts: in a.
 */
struct secure *secure_new(struct arena *a, const struct ask *ask);
/* The socket that it is to go over. Takes NULL. */
void secure_attach(struct secure *s, int fd);
/* A channel made for one serves the other, too. Takes NULL. */
bool secure_alike(const struct ask_secure *a, const struct ask_secure *b);
/* Takes NULL. The descriptor stays open. */
void secure_free(struct secure *s);

/* Goes on as far as it can. 0: done; EAGAIN; or EPROTO, with secure_why(). */
int secure_handshake(struct secure *s);
/* The events of epoll(7) that it waits for. */
uint32_t secure_events(const struct secure *s);
/* NULL, or why it failed, one line of printable ASCII; what the peer sent is in it, cut. */
const char *secure_why(const struct secure *s);
/* What the handshake says was wrong was the certificate. */
bool secure_is_certificate(const struct secure *s);

/* As recv(2) and send(2) without flags do, with errno; EPROTO: TLS went wrong. */
ssize_t secure_recv(struct secure *s, int fd, void *into, size_t n);
ssize_t secure_send(struct secure *s, int fd, struct span octets);
/* There are octets that recv would give, though the socket may be silent. */
bool secure_pending(const struct secure *s);

#endif
