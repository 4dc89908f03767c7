/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a resolver draws the source ports of its queries from, as its configuration says it. What
 * was seen of its packets is another fact (facts/sighting.h); infer/pool compares the two.
 */
#ifndef FACTS_POOL_H
#define FACTS_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/portset.h"
#include "base/vec.h"

struct addrs VEC(struct addr);

/* What a resolver does with its port when no answer comes and it asks again. */
enum per_try { PER_TRY_UNKNOWN, PER_TRY_FRESH, PER_TRY_REUSED, PER_TRIES };

/* A line of a file that a pool was made by. */
struct pool_line {
	const char *file; /* as it was opened */
	uint32_t line;	  /* 1-based; 0: the file as a whole (a value of /proc) */
	const char *text; /* the setting as written, without comment and outer blanks */
};

struct pool_lines VEC(struct pool_line);

/*
 * One pool. A resolver may have several: by address family (BIND), and by the server that is asked
 * (BIND `server`, dnsmasq `server=`). The first whose only and family match a server is the one.
 */
struct pool {
	const char *software; /* slug of a row in intake/config.h: "bind", "unbound" */
	const char *version;  /* "9.18.49"; NULL: unknown */
	uint8_t family;	      /* of the servers: ADDR_V4, ADDR_V6; ADDR_NONE: both */
	struct addr only;     /* the pool holds for servers of this block; ADDR_NONE: for all */
	uint8_t only_bits;    /* length of the block's prefix */
	const struct portset *ports; /* that a query can leave from */
	/*
	 * How many of these a process draws for its life and then uses (Windows' socket pool,
	 * dnsdist's sockets, one kernel port of dnsmasq with query-port=0); 0: each query draws
	 * from all of them.
	 */
	uint32_t life;
	uint8_t per_try; /* enum per_try */
	bool fixed;	 /* one port that the configuration names */
	bool kernel;	 /* the kernel chooses, from its range */
	struct VEC(
		struct pool_line) lines; /* settings that made it, in their order; none: defaults */
};

/* What else the reading of a configuration found. */
struct pool_remark {
	const char *slug;
	const char *text; /* a sentence for people, without its full stop */
	struct pool_line at;
	const char *detail; /* a word or a reason; NULL: none */
};

/* The configuration of one resolver. */
struct audit {
	const char *software;	       /* slug */
	const char *version;	       /* NULL: unknown; then semantics of assumed hold */
	const char *assumed;	       /* the version whose semantics were taken */
	const char *file;	       /* the main file; NULL: none was found, defaults hold */
	bool unread;		       /* a file of it could not be read: pools may be wrong */
	struct VEC(struct pool) pools; /* never empty when the software is known */
	bool forwarder; /* it asks upstream servers, and no others: its pools hold towards them */
	struct addrs forwards; /* upstream servers that it sends everything to */
	struct VEC(struct pool_remark) remarks;
};

const char *per_try_slug(enum per_try p);
int per_try_parse(const char *slug, enum per_try *ret);

/* The pool that queries to a server are drawn from; NULL: none of the audit's. Borrowed. */
const struct pool *audit_pool(const struct audit *a, const struct addr *server);

#endif
