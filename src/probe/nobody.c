/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks addresses that are nobody's. */
#include "probe/nobody.h"

#include <assert.h>

#include "base/err.h"
#include "base/vec.h"
#include "dns/rr.h"
#include "probe/lookup.h"

enum { DNS_PORT = 53, TRIES = 2 };

/* TEST-NET-2 and TEST-NET-3; the prefix of IPv6 for documentation. */
static const char *const addresses[] = { "198.51.100.253", "203.0.113.253", "2001:db8:ffff::253" };

struct nobody {
	struct probe_group group;
	struct VEC(struct probe *) children;
};

static void ask(struct arena *a, struct nobody *n, const struct nobody_plan *p, struct addr addr)
{
	struct addr *server = arena_dup(a, &addr, sizeof(addr));
	struct lookup_plan plan = {
		.question = { &name_root, RR_SOA, CLASS_IN },
		.shape = shape_stub,
		.servers = server,
		.nservers = 1,
		.role = ROLE_NOBODY,
		.tries = TRIES,
		.timeout = p->timeout,
	};

	server->port = DNS_PORT;
	if (p->source.family == addr.family)
		plan.source = p->source;
	vec_push(a, &n->children, lookup_probe(lookup_new(a, &plan)));
}

struct probe *nobody_new(struct arena *a, const struct nobody_plan *plan)
{
	struct nobody *n = arena_alloc(a, sizeof(*n));

	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		struct addr addr;
		int err = addr_parse(addresses[i], &addr);

		assert(err == 0);
		if (addr.family == ADDR_V6 ? plan->v6 : plan->v4)
			ask(a, n, plan, addr);
	}
	probe_group_init(&n->group, n->children.v, n->children.n);
	return &n->group.probe;
}
