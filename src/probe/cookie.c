/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The handshake for a DNS cookie, and its renewal. */
#include "probe/cookie.h"

#include <string.h>

#include "dns/rr.h"

enum {
	TRIES = 3,    /* handshake asks without a result, in either state */
	BAD_MOST = 8, /* BADCOOKIE in a row: the server does not know its own cookies */
};

#define RENEW 1800000000U /* µs */

static void set_option(struct cookie *c, const uint8_t *data, uint16_t length)
{
	struct shape_option o = { EDNS_COOKIE, length, arena_dup(c->arena, data, length) };

	/* Asks borrow their options: each cookie is an object of its own. */
	c->with = c->plain;
	c->with.options = arena_dup(c->arena, &o, sizeof(o));
	c->with.noptions = 1;
}

void cookie_init(struct cookie *c, struct arena *a, const struct shape *plain, struct rng *rng)
{
	uint64_t half = rng_u64(rng);

	*c = (struct cookie){ .arena = a, .plain = *plain, .with = *plain };
	memcpy(c->client, &half, sizeof(c->client));
	if (!plain->edns || plain->noptions)
		c->state = COOKIE_NONE;
	else
		set_option(c, c->client, sizeof(c->client));
}

unsigned int cookie_asks(const struct cookie *c)
{
	if (c->state != COOKIE_ASKING && c->state != COOKIE_PROVING)
		return 0;
	/* One is enough as a rule; after a loss the others go together. */
	return c->silent ? TRIES - c->silent : 1;
}

void cookie_handshake(const struct cookie *c, struct ask *ask)
{
	ask->role = ROLE_COOKIE;
	ask->shape = c->with;
	ask->brief = false;
}

void cookie_put(const struct cookie *c, struct ask *ask, uint64_t now)
{
	ask->shape = c->state == COOKIE_HELD ? c->with : c->plain;
	if (c->state == COOKIE_HELD && (c->stale || now > c->since + RENEW))
		ask->brief = false;
}

static void enter(struct cookie *c, enum cookie_state state)
{
	c->state = state;
	c->silent = 0;
}

static void came_to_nothing(struct cookie *c)
{
	if (++c->silent >= TRIES)
		enter(c, COOKIE_NONE);
}

/* Takes the server's half from a reply that returns ours; false: there is none. */
static bool take(struct cookie *c, const struct observation *o)
{
	const struct edns_opt *opt = msg_option(o->msg, EDNS_COOKIE);

	if (!opt || opt->length < COOKIE_CLIENT + COOKIE_SERVER_LEAST ||
		opt->length > COOKIE_CLIENT + COOKIE_SERVER_MOST ||
		memcmp(opt->data, c->client, COOKIE_CLIENT) != 0)
		return false;
	if (c->with.options[0].length != opt->length ||
		memcmp(c->with.options[0].data, opt->data, opt->length) != 0)
		set_option(c, opt->data, opt->length);
	c->since = o->done;
	c->stale = false;
	return true;
}

/* Rate limiting slips replies without any option (NSD): these say nothing of cookies. */
static bool is_slip(const struct observation *o)
{
	return observation_answered(o) && o->msg->flags & FLAG_TC &&
	       !msg_option(o->msg, EDNS_COOKIE);
}

static bool tells_nothing(const struct observation *o)
{
	return o->outcome == OUTCOME_TIMEOUT || o->outcome == OUTCOME_ICMP ||
	       o->outcome == OUTCOME_NOT_SENT || is_slip(o);
}

static void shake(struct cookie *c, const struct observation *o)
{
	bool silent = tells_nothing(o);
	bool no = !silent &&
		  (!observation_answered(o) || o->msg->rcode == RCODE_FORMERR || !take(c, o));

	if (no)
		enter(c, COOKIE_NONE);
	else if (silent || (c->state == COOKIE_PROVING && o->msg->rcode == RCODE_BADCOOKIE))
		came_to_nothing(c);
	else
		enter(c, c->state == COOKIE_ASKING ? COOKIE_PROVING : COOKIE_HELD);
}

void cookie_seen(struct cookie *c, const struct observation *o)
{
	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	if (o->ask.role == ROLE_COOKIE) {
		if (cookie_asks(c) > 0)
			shake(c, o);
		return;
	}
	if (c->state != COOKIE_HELD || !observation_answered(o) ||
		!shape_find(&o->ask.shape, EDNS_COOKIE))
		return;
	c->stale |= observation_badcookie(o);
	c->bad = observation_badcookie(o) ? c->bad + 1 : 0;
	if (!o->ask.brief)
		take(c, o);
	if (c->bad >= BAD_MOST)
		enter(c, COOKIE_NONE);
}
