/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model of what is known: observations in the order in which they were made. */
#include "facts/facts.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"

static const char *const outcomes[] = {
	[OUTCOME_ANSWERED] = "answered",
	[OUTCOME_MALFORMED] = "malformed",
	[OUTCOME_TIMEOUT] = "timeout",
	[OUTCOME_ICMP] = "icmp",
	[OUTCOME_CONNECTED] = "connected",
	[OUTCOME_CHANNEL] = "channel",
	[OUTCOME_REFUSED] = "refused",
	[OUTCOME_RESET] = "reset",
	[OUTCOME_NOT_SENT] = "not-sent",
	[OUTCOME_LATE] = "late",
	[OUTCOME_STRAY] = "stray",
};

static const struct {
	const char *slug, *text;
} whys[] = {
	[WHY_NONE] = { "none", "no reason" },
	[WHY_PORT_IN_USE] = { "port-in-use", "held by another process" },
	[WHY_PORT_WAITS] = { "port-waits",
		"the port's last connection to that server is not over yet (TIME_WAIT)" },
	[WHY_PRIVILEGE] = { "privilege", "needs the right to bind ports below 1024" },
	[WHY_NO_ADDRESS] = { "no-address", "the source address is not of this host" },
	[WHY_NO_ROUTE] = { "no-route", "this host knows no way there" },
	[WHY_FAMILY] = { "family", "the address family is off or does not match the source" },
	[WHY_BUDGET] = { "budget", "the budget of queries for this server is used up" },
	[WHY_STOPPED] = { "stopped", "the run was stopped" },
	[WHY_FIREWALL] = { "firewall", "a firewall on this machine forbids it" },
	[WHY_LOCAL] = { "local", "this host refused to send it" },
	[WHY_STRAY_ID] = { "stray-id", "the id is of no query in flight" },
	[WHY_STRAY_QUESTION] = { "stray-question", "the question is not the one that was asked" },
	[WHY_STRAY_SOURCE] = { "stray-source", "from another address or port than was asked" },
	[WHY_STRAY_QUERY] = { "stray-query", "a query, not a response" },
	[WHY_STRAY_NOISE] = { "stray-noise", "too short for a header" },
	[WHY_STRAY_ICMP] = { "stray-icmp", "an ICMP error that does not say about which query" },
	[WHY_STRAY_AGAIN] = { "stray-again", "a reply that came once more" },
	[WHY_STRAY_QUOTE] = { "stray-quote", "an ICMP error that quotes another sender" },
};

static const char *const roles[] = {
	[ROLE_LOOKUP] = "lookup",
	[ROLE_RESOLVER] = "resolver",
	[ROLE_WALK] = "walk",
	[ROLE_SWEEP] = "sweep",
	[ROLE_STEADY] = "steady",
	[ROLE_AGAIN] = "again",
	[ROLE_TWIN] = "twin",
	[ROLE_PLACE] = "place",
	[ROLE_PLACE_STEADY] = "place-steady",
	[ROLE_COOKIE] = "cookie",
	[ROLE_PATH] = "path",
	[ROLE_PATH_STEADY] = "path-steady",
	[ROLE_HOP_NAME] = "hop-name",
	[ROLE_HOST] = "host",
	[ROLE_SAMPLE] = "sample",
	[ROLE_VERSION] = "version",
	[ROLE_BEACON] = "beacon",
	[ROLE_TREE] = "tree",
	[ROLE_SHAPE] = "shape",
	[ROLE_SHAPE_CONTROL] = "shape-control",
	[ROLE_SHAPE_STEADY] = "shape-steady",
	[ROLE_SHAPE_KNOCK] = "shape-knock",
	[ROLE_REPEAT] = "repeat",
	[ROLE_UNCHECKED] = "unchecked",
	[ROLE_FRESH] = "fresh",
	[ROLE_ELSEWHERE] = "elsewhere",
	[ROLE_OPINION] = "opinion",
	[ROLE_NOBODY] = "nobody",
	[ROLE_SOURCE] = "source",
	[ROLE_ISOLATE] = "isolate",
	[ROLE_ISOLATE_STEADY] = "isolate-steady",
};

static const struct {
	const char *slug, *text;
} gaps[] = {
	[GAP_NONE] = { "none", "nothing" },
	[GAP_CONFIG] = { "config", "the resolver's configuration" },
	[GAP_PACKETS] = { "packets", "the packets that the resolver sends" },
	[GAP_RESOLVER] = { "resolver", "which source ports the resolver uses" },
	[GAP_CAPTURE] = { "capture", "a part of the recording" },
	[GAP_QUESTIONS] = { "questions", "what further questions would show" },
};

_Static_assert(ARRAY_LEN(gaps) == GAPS, "a slug for every gap");
_Static_assert(ARRAY_LEN(outcomes) == OUTCOMES, "a slug for every outcome");
_Static_assert(ARRAY_LEN(whys) == WHYS, "a slug for every why");
_Static_assert(ARRAY_LEN(roles) == ROLES, "a slug for every role");

struct facts *facts_new(struct arena *a)
{
	struct facts *f = arena_alloc(a, sizeof(*f));

	f->arena = a;
	return f;
}

void facts_expect(struct facts *f, size_t n)
{
	const struct observation **v;

	if (n <= f->cap)
		return;
	v = arena_alloc(f->arena, n * sizeof(const struct observation *));
	if (f->n)
		memcpy(v, f->v, f->n * sizeof(const struct observation *));
	f->v = v;
	f->cap = n;
}

const struct observation *facts_add(struct facts *f, const struct observation *o)
{
	const struct observation *kept = arena_dup(f->arena, o, sizeof(*o));

	vec_push(f->arena, f, kept);
	return kept;
}

static uint16_t number(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

const struct msg *facts_header(struct arena *a, struct span wire)
{
	struct {
		struct msg msg;
		uint8_t octets[FACTS_HEADER];
	} *kept = arena_alloc(a, sizeof(*kept));
	struct msg *m = &kept->msg;

	assert(wire.n >= FACTS_HEADER);
	memcpy(kept->octets, wire.p, FACTS_HEADER);
	m->wire = (struct span){ kept->octets, FACTS_HEADER };
	m->end = FACTS_HEADER;
	m->has_header = true;
	m->id = number(wire.p);
	m->flags = number(wire.p + 2);
	m->opcode = m->flags >> 11 & 15;
	m->rcode = m->flags & 15;
	for (size_t i = 0; i < MSG_SECTIONS; i++)
		m->counts[i] = number(wire.p + 4 + 2 * i);
	return m;
}

static const struct {
	const char *slug, *name;
} transports[TRANSPORTS] = {
	[TRANSPORT_UDP] = { "udp", "UDP" },
	[TRANSPORT_TCP] = { "tcp", "TCP" },
	[TRANSPORT_TLS] = { "tls", "TLS" },
	[TRANSPORT_HTTPS] = { "https", "HTTPS" },
	[TRANSPORT_HTTP] = { "http", "HTTP" },
};

const char *transport_slug(enum transport t)
{
	return t < TRANSPORTS ? transports[t].slug : "unknown";
}

const char *transport_name(enum transport t)
{
	return t < TRANSPORTS ? transports[t].name : "unknown";
}

const char *outcome_slug(enum outcome o)
{
	return o < OUTCOMES ? outcomes[o] : "unknown";
}

const char *why_slug(enum why w)
{
	return w < WHYS ? whys[w].slug : "unknown";
}

const char *why_text(enum why w)
{
	return w < WHYS ? whys[w].text : "unknown";
}

bool why_is_port(enum why w)
{
	return w == WHY_PORT_IN_USE || w == WHY_PORT_WAITS || w == WHY_PRIVILEGE ||
	       w == WHY_FIREWALL || w == WHY_LOCAL;
}

const char *role_slug(enum role r)
{
	return r < ROLES ? roles[r] : "unknown";
}

const char *gap_slug(enum gap_kind g)
{
	return g < GAPS ? gaps[g].slug : "unknown";
}

const char *gap_text(enum gap_kind g)
{
	return g < GAPS ? gaps[g].text : "unknown";
}

int gap_parse(const char *slug, enum gap_kind *ret)
{
	for (enum gap_kind g = 0; g < GAPS; g++) {
		if (strcmp(slug, gaps[g].slug) == 0) {
			*ret = g;
			return 0;
		}
	}
	return -ERR_NONE;
}

int outcome_parse(const char *slug, enum outcome *ret)
{
	for (enum outcome o = 0; o < OUTCOMES; o++) {
		if (strcmp(slug, outcomes[o]) == 0) {
			*ret = o;
			return 0;
		}
	}
	return -ERR_NONE;
}

int why_parse(const char *slug, enum why *ret)
{
	for (enum why w = 0; w < WHYS; w++) {
		if (strcmp(slug, whys[w].slug) == 0) {
			*ret = w;
			return 0;
		}
	}
	return -ERR_NONE;
}

int role_parse(const char *slug, enum role *ret)
{
	for (enum role r = 0; r < ROLES; r++) {
		if (strcmp(slug, roles[r]) == 0) {
			*ret = r;
			return 0;
		}
	}
	return -ERR_NONE;
}

/*
 * Port unreachable (RFC 792: type 3 code 3; RFC 4443 3.1: type 1 code 4) from the host that was
 * asked: the packet arrived there. From a router it says nothing about the server.
 */
static bool port_unreachable(const struct observation *o)
{
	bool v6 = o->ask.server.family == ADDR_V6;

	return o->icmp.type == (v6 ? 1 : 3) && o->icmp.code == (v6 ? 4 : 3) &&
	       addr_same_host(&o->icmp.offender, &o->ask.server);
}

/* The facts in which observation i lies, and its place there. */
static const struct facts *home(const struct facts *f, size_t i, size_t *ret_at)
{
	const struct facts *at = f;

	for (size_t k = 0; at && i >= at->n; k++) {
		i -= at->n;
		at = k < f->elsewhere.n ? f->elsewhere.v[k] : NULL;
	}
	*ret_at = i;
	return at;
}

const struct observation *facts_at(const struct facts *f, size_t i)
{
	size_t at;
	const struct facts *in = home(f, i, &at);

	return in ? in->v[at] : NULL;
}

const struct facts *facts_home(const struct facts *f, size_t i)
{
	size_t at;

	return home(f, i, &at);
}

bool observation_replied(const struct observation *o)
{
	static const bool replies[OUTCOMES] = {
		[OUTCOME_ANSWERED] = true,
		[OUTCOME_MALFORMED] = true,
		[OUTCOME_LATE] = true,
		[OUTCOME_CONNECTED] = true,
		[OUTCOME_REFUSED] = true,
		[OUTCOME_RESET] = true,
		[OUTCOME_CHANNEL] = true,
	};

	if (o->outcome == OUTCOME_ICMP)
		return port_unreachable(o);
	return o->outcome < OUTCOMES && replies[o->outcome];
}

bool observation_badcookie(const struct observation *o)
{
	uint16_t rcode = o->msg ? o->msg->rcode : 0;

	return rcode == RCODE_BADCOOKIE || (o->ask.brief && rcode == (RCODE_BADCOOKIE & 15));
}

bool observation_silent(const struct observation *o)
{
	return o->outcome == OUTCOME_TIMEOUT;
}

bool observation_spoke(const struct observation *o)
{
	return o->outcome == OUTCOME_ANSWERED || o->outcome == OUTCOME_MALFORMED;
}

bool observation_answered(const struct observation *o)
{
	return o->outcome == OUTCOME_ANSWERED && o->msg;
}

bool observation_to_resolver(const struct observation *o)
{
	static const bool resolvers[ROLES] = {
		[ROLE_RESOLVER] = true,
		[ROLE_HOP_NAME] = true,
		[ROLE_HOST] = true,
		[ROLE_SAMPLE] = true,
		[ROLE_VERSION] = true,
		[ROLE_BEACON] = true,
		[ROLE_REPEAT] = true,
		[ROLE_UNCHECKED] = true,
		[ROLE_FRESH] = true,
		[ROLE_ELSEWHERE] = true,
		[ROLE_OPINION] = true,
		/* Whoever replies there is on the way. */
		[ROLE_NOBODY] = true,
	};

	return o->ask.role < ROLES && resolvers[o->ask.role];
}

uint64_t observation_rtt(const struct observation *o)
{
	return observation_replied(o) && o->done > o->sent ? o->done - o->sent : 0;
}
