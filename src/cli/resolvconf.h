/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resolvers that this host is configured to use. */
#ifndef CLI_RESOLVCONF_H
#define CLI_RESOLVCONF_H

#include "base/addr.h"
#include "base/arena.h"
#include "base/vec.h"

struct resolvconf VEC(struct addr);

/*
 * The nameserver lines of /etc/resolv.conf (resolv.conf(5): at most 3), with port 53. None there,
 * or no such file: 127.0.0.1, as the C library does.
 */
struct resolvconf resolvconf_read(struct arena *a);

struct VEC_domains VEC(const char *);

struct resolvsearch {
	struct VEC_domains domains;
	unsigned int ndots;
};

/*
 * The last "search" or "domain" line of it, and ndots of its "options" lines (at most 15; 1 without
 * any): resolv.conf(5).
 */
struct resolvsearch resolvconf_search(struct arena *a);

#endif
