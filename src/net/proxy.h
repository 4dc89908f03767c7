/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of the PROXY protocol, version 2, in front of a datagram or of all that a connection
 * carries. */
#ifndef NET_PROXY_H
#define NET_PROXY_H

#include "base/buf.h"
#include "facts/facts.h"

/* Writes the header that the ask wants; nothing when it wants none. */
void proxy_put(struct buf *b, const struct ask *ask);

#endif
