/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rate limiting of simulated servers: who is limited, by what key, and who is exempt. */
#include "net/sim.h"

#include <string.h>

#include "dns/rr.h"
#include "tap.h"

enum { SECOND = 1000000, CLIENT = 8, COOKIE = 24 };

static struct name apex, www, none1, none2;

static const struct sim_zone zones[] = {
	{ "example.", "example. SOA ns.example. root.example. 1 2 3 4 5\n"
		      "example. NS ns.example.\n"
		      "example. MX 10 www.example.\n"
		      "ns.example. A 192.0.2.1\n"
		      "www.example. A 192.0.2.2\n" },
	{ NULL, NULL },
};

static const struct msg *last; /* the reply to the last ask; NULL: silence */

/* A server in a net of its own. */
struct world {
	struct arena *arena;
	struct rng rng;
	struct sim_server server;
	struct sim_net net;
	struct wire *wire;
	struct shape shape;
	struct addr source;
};

static void world_init(struct world *w, const struct sim_limit *limit)
{
	*w = (struct world){ .arena = arena_new(), .rng = rng_seed(3), .shape = shape_iterative };
	w->server = (struct sim_server){
		.limit = limit, .answer = sim_answer_zones, .user = (void *)zones
	};
	addr_parse_port("192.0.2.1#53", &w->server.addr);
	w->net = (struct sim_net){ .rtt = 1000, .servers = &w->server, .nservers = 1 };
	w->wire = sim_new(w->arena, &w->rng, &w->net);
}

static void world_done(struct world *w)
{
	w->wire->ops->free(w->wire);
	arena_free(w->arena);
}

static void sleep_until(struct world *w, uint64_t t)
{
	struct observation o;

	while (w->wire->ops->next(w->wire, t, &o))
		;
}

/* What came of one ask: 'r'eply, 't'runcated, 'b'ad cookie, '-' nothing. */
static char ask(struct world *w, const struct name *name, uint16_t type)
{
	struct ask a = { .server = w->server.addr,
		.source = addr_with_port(w->source, (uint16_t)(1024 + rng_below(&w->rng, 60000))),
		.timeout = 2000,
		.question = { name, type, CLASS_IN },
		.shape = w->shape };
	struct observation o = { 0 };

	w->wire->ops->send(w->wire, &a);
	w->wire->ops->next(w->wire, UINT64_MAX, &o);
	last = o.outcome == OUTCOME_ANSWERED ? o.msg : NULL;
	if (!last)
		return '-';
	return last->rcode == RCODE_BADCOOKIE ? 'b' : last->flags & FLAG_TC ? 't' : 'r';
}

/* Many at once; the letters of what came. */
static const char *burst(struct world *w, const struct name *name, uint16_t type, size_t n)
{
	char *text = arena_alloc(w->arena, n + 1);

	for (size_t i = 0; i < n; i++)
		text[i] = ask(w, name, type);
	return text;
}

static size_t count(const char *text, char c)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == c;
	return n;
}

static void use_cookie(struct world *w, const uint8_t *data, uint16_t length)
{
	struct shape_option o = { EDNS_COOKIE, length, arena_dup(w->arena, data, length) };

	w->shape.options = arena_dup(w->arena, &o, sizeof(o));
	w->shape.noptions = 1;
}

static void test_bind(void)
{
	static const struct sim_limit limit = { SIM_LIMIT_BIND, .rate = 5, .slip = 2 };
	struct world w;

	world_init(&w, &limit);
	is_str(burst(&w, &apex, RR_SOA, 11), "rrrrrt-t-t-",
		"BIND: 5 a second, then every other one");
	is_str(burst(&w, &apex, RR_MX, 5), "rrrrr", "another type has a bucket of its own");
	burst(&w, &none1, RR_A, 5);
	is_str(burst(&w, &none2, RR_A, 2), "t-", "names that do not exist have one of their zone");
	sleep_until(&w, 3 * SECOND);
	is_str(burst(&w, &apex, RR_SOA, 5), "rrrrt", "what was limited is owed");
	addr_parse("198.51.100.77", &w.source);
	is_str(burst(&w, &apex, RR_SOA, 1), "-", "a neighbour in the /24 is limited too");
	addr_parse("198.51.101.1", &w.source);
	is_str(burst(&w, &apex, RR_SOA, 5), "rrrrr", "others are not");
	world_done(&w);
}

static void test_nsd(void)
{
	static const struct sim_limit limit = { SIM_LIMIT_NSD, .rate = 20, .slip = 2 };
	struct world w;
	const char *seen;

	world_init(&w, &limit);
	seen = burst(&w, &apex, RR_SOA, 100);
	is_int(count(seen, 'r'), 39, "NSD: up to twice the limit in the first second");
	ok(count(seen, 't') > 15 && count(seen, '-') > 15, "then half slips and half is dropped");
	sleep_until(&w, 2 * SECOND + 500);
	is_int(count(burst(&w, &apex, RR_MX, 30), 'r'), 0, "whatever the type, and nothing more");
	is_int(count(burst(&w, &www, RR_A, 30), 'r'), 30, "another name has a bucket of its own");
	sleep_until(&w, 20 * SECOND);
	is_int(count(burst(&w, &apex, RR_SOA, 30), 'r'), 30, "forgotten in time");
	world_done(&w);
}

static void test_knot(void)
{
	static const struct sim_limit limit = { SIM_LIMIT_KNOT, .rate = 5, .slip = 1 };
	struct world w;

	world_init(&w, &limit);
	is_str(burst(&w, &apex, RR_SOA, 22), "rrrrrrrrrrrrrrrrrrrrtt",
		"Knot: 4 s of its rate, then TC");
	is_str(burst(&w, &apex, RR_MX, 2), "tt", "whatever the type");
	sleep_until(&w, 2 * SECOND + 500);
	is_str(burst(&w, &apex, RR_SOA, 6), "rrrrrt", "a second brings a second's worth");
	world_done(&w);
}

static void test_cookies(void)
{
	static const struct sim_limit limit = { SIM_LIMIT_BIND, 5, 2, .cookies = true };
	static const struct sim_limit strict = { SIM_LIMIT_NONE, .cookies = true,
		.needs_cookie = true };
	static const uint8_t mine[CLIENT] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	const struct edns_opt *cookie;
	uint8_t full[COOKIE] = { 0 };
	struct world w;

	world_init(&w, &limit);
	use_cookie(&w, mine, CLIENT);
	is_str(burst(&w, &apex, RR_SOA, 7), "rrrrrb-", "a client's half alone: BADCOOKIE for TC");
	ask(&w, &apex, RR_MX);
	cookie = last ? msg_option(last, EDNS_COOKIE) : NULL;
	ok(cookie && cookie->length == COOKIE && memcmp(cookie->data, mine, CLIENT) == 0,
		"the server's half comes behind the client's");
	ok(last && last->nrrs > 1 && !last->ndefects, "in a reply that is whole");
	if (cookie)
		memcpy(full, cookie->data, COOKIE);
	use_cookie(&w, full, COOKIE);
	is_int(count(burst(&w, &apex, RR_SOA, 50), 'r'), 50, "both halves exempt, from any port");
	addr_parse("198.51.100.77", &w.source);
	ok(ask(&w, &apex, RR_SOA) != 'r', "but not another host");
	w.source = (struct addr){ 0 };
	sleep_until(&w, 3700ULL * SECOND);
	burst(&w, &apex, RR_SOA, 5);
	is_str(burst(&w, &apex, RR_SOA, 1), "b", "nor after an hour");
	full[COOKIE - 1] ^= 1;
	use_cookie(&w, full, COOKIE);
	ok(ask(&w, &apex, RR_SOA) != 'r', "nor a forged one");
	world_done(&w);
	world_init(&w, &strict);
	is_str(burst(&w, &apex, RR_SOA, 2), "rr", "who sends no cookie needs none");
	use_cookie(&w, mine, CLIENT);
	is_str(burst(&w, &apex, RR_SOA, 2), "bb", "who sends half of one is sent the other");
	world_done(&w);
}

int main(void)
{
	name_parse("example.", &apex);
	name_parse("www.example.", &www);
	name_parse("a.example.", &none1);
	name_parse("b.example.", &none2);
	test_bind();
	test_nsd();
	test_knot();
	test_cookies();
	return tap_done();
}
