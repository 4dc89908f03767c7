/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets that /proc/net lists, and the addresses of the host. */
#ifndef INTAKE_FIND_SOCKET_H
#define INTAKE_FIND_SOCKET_H

#include "base/addr.h"
#include "base/arena.h"
#include "base/vec.h"

struct find_inodes VEC(uint64_t);

/*
 * Inodes of the UDP sockets that get datagrams to that address and port: first those bound to the
 * address itself, then, if the address is one of the host, those bound to all.
 */
void find_socket_inodes(
	struct arena *a, const char *proc, const struct addr *listens, struct find_inodes *ret);

#endif
