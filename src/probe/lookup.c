/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One lookup: servers in turn, tries, and the retries that a reply itself asks for. */
#include "probe/lookup.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/xfr.h"

enum { COOKIE_CLIENT = 8 }; /* octets, RFC 7873 4 */

struct lookup {
	struct probe probe;
	struct arena *arena;
	struct lookup_plan plan;
	struct shape shape; /* the plan's, as replies have changed it */
	enum transport transport;
	size_t server;	    /* index of the one that is asked */
	unsigned int tried; /* tries of this server and transport */
	uint64_t tag;	    /* of the ask in flight */
	bool flying, done;
	bool recooked; /* the server's cookie has been used once */
	const struct observation *last;
};

static void next_server(struct lookup *l)
{
	l->server++;
	l->tried = 0;
	l->transport = l->plan.transport;
	l->shape = l->plan.shape;
	l->recooked = false;
	l->done = l->server >= l->plan.nservers;
}

static void over_tcp(struct lookup *l)
{
	l->transport = TRANSPORT_TCP;
	l->tried = 0;
}

/* The cookie of the reply, when it is a server's answer to ours; NULL otherwise. */
static const struct edns_opt *server_cookie(const struct lookup *l, const struct msg *m)
{
	const struct edns_opt *theirs = msg_option(m, EDNS_COOKIE);

	if (!theirs || theirs->length < 2 * COOKIE_CLIENT)
		return NULL;
	for (size_t i = 0; i < l->shape.noptions; i++) {
		const struct shape_option *ours = &l->shape.options[i];

		if (ours->code == EDNS_COOKIE && ours->length >= COOKIE_CLIENT &&
			memcmp(ours->data, theirs->data, COOKIE_CLIENT) == 0)
			return theirs;
	}
	return NULL;
}

/* Sends the server's cookie from now on. */
static void use_cookie(struct lookup *l, const struct edns_opt *cookie)
{
	struct shape_option *options = arena_dup(
		l->arena, l->shape.options, l->shape.noptions * sizeof(*l->shape.options));

	for (size_t i = 0; i < l->shape.noptions; i++) {
		if (options[i].code != EDNS_COOKIE)
			continue;
		options[i].data = arena_dup(l->arena, cookie->data, cookie->length);
		options[i].length = cookie->length;
	}
	l->shape.options = options;
}

static bool wants_tcp(const struct lookup *l, const struct msg *m)
{
	return m->has_header && m->flags & FLAG_TC && l->transport == TRANSPORT_UDP &&
	       !l->plan.ignore_tc;
}

/* RFC 7873 5.3: once more with the server's cookie, then over TCP, then the reply stands. */
static bool retry_cookie(struct lookup *l, const struct msg *m)
{
	const struct edns_opt *cookie = server_cookie(l, m);

	if (m->rcode != RCODE_BADCOOKIE || !cookie || l->plan.keep_badcookie)
		return false;
	use_cookie(l, cookie);
	if (l->recooked) {
		if (l->transport != TRANSPORT_UDP)
			return false;
		over_tcp(l);
	}
	l->recooked = true;
	return true;
}

/* RFC 6891 6.1.3: the reply names the highest version that the server knows. */
static bool retry_version(struct lookup *l, const struct msg *m)
{
	if (m->rcode != RCODE_BADVERS || !m->edns.present || !l->shape.edns ||
		m->edns.version >= l->shape.edns_version || l->plan.keep_version)
		return false;
	l->shape.edns_version = m->edns.version;
	return true;
}

static void on_answer(struct lookup *l, const struct observation *o)
{
	if (wants_tcp(l, o->msg)) {
		over_tcp(l);
		return;
	}
	if (retry_cookie(l, o->msg) || retry_version(l, o->msg))
		return;
	if (o->msg->rcode == RCODE_SERVFAIL && l->plan.next_on_servfail &&
		l->server + 1 < l->plan.nservers)
		next_server(l);
	else
		l->done = true;
}

static void on_malformed(struct lookup *l, const struct observation *o)
{
	/* A reply that was cut where it did not fit is still asked for again over TCP. */
	if (o->msg && wants_tcp(l, o->msg))
		over_tcp(l);
	else
		l->done = true;
}

static void on_silence(struct lookup *l, const struct observation *o)
{
	(void)o;
	if (++l->tried >= l->plan.tries)
		next_server(l);
}

/* What it lacks now it will lack at the next try. */
static void on_channel(struct lookup *l, const struct observation *o)
{
	(void)o;
	next_server(l);
}

/* Another server may be reached where this one cannot; a bad source stays bad. */
static void on_not_sent(struct lookup *l, const struct observation *o)
{
	if (o->why == WHY_NO_ROUTE || o->why == WHY_FAMILY || o->why == WHY_BUDGET)
		next_server(l);
	else
		l->done = true;
}

static void (*const reactions[OUTCOMES])(struct lookup *l, const struct observation *o) = {
	[OUTCOME_ANSWERED] = on_answer,
	[OUTCOME_MALFORMED] = on_malformed,
	[OUTCOME_TIMEOUT] = on_silence,
	[OUTCOME_ICMP] = on_silence,
	[OUTCOME_REFUSED] = on_silence,
	[OUTCOME_RESET] = on_silence,
	[OUTCOME_CHANNEL] = on_channel,
	[OUTCOME_NOT_SENT] = on_not_sent,
	[OUTCOME_LATE] = on_answer,
	[OUTCOME_STRAY] = on_answer,
};

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct lookup *l = (struct lookup *)p;

	(void)now;
	if (l->done)
		return WANT_DONE;
	if (l->flying) {
		*ret_wake = PROBE_NO_WAKE;
		return WANT_WAIT;
	}
	*ret_ask = (struct ask){
		.owner = p,
		.tag = ++l->tag,
		.server = l->plan.servers[l->server],
		.source = l->plan.source,
		.transport = (uint8_t)l->transport,
		.role = (uint8_t)l->plan.role,
		.timeout = l->plan.timeout,
		.secure = l->plan.secure,
		.question = l->plan.question,
		.shape = l->shape,
		.zone = l->plan.zone,
		.id_given = l->plan.id_given,
		.id = l->plan.id,
		.stream = l->plan.stream,
		.transfer = l->plan.transfer,
	};
	l->flying = true;
	return WANT_ASK;
}

/* The same question but for the case of the name: servers that do not keep it are many. */
static bool differs_in_case(const struct observation *o)
{
	const struct question *asked = &o->ask.question;
	const struct question *got;

	if (o->why != WHY_STRAY_QUESTION || !o->msg || !o->msg->nquestions)
		return false;
	got = &o->msg->questions[0];
	return got->type == asked->type && got->class == asked->class &&
	       name_equal(got->name, asked->name);
}

/* An extra observation that can stand for the one that is awaited. */
static bool stands_in(const struct lookup *l, const struct observation *o)
{
	if (o->outcome == OUTCOME_STRAY && !differs_in_case(o))
		return false;
	return o->msg && msg_usable(o->msg) && o->ask.transport == l->transport &&
	       addr_equal(&o->ask.server, &l->plan.servers[l->server]);
}

/* What somebody took a part of shall not come again from its begin. */
static bool taken_in_part(const struct lookup *l, const struct observation *o)
{
	const struct transfer *t = o->transfer;

	return l->plan.parts && t && o->ask.transport != TRANSPORT_UDP &&
	       (t->state != XFR_BAD || t->messages > 1);
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct lookup *l = (struct lookup *)p;
	bool extra = o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY;

	(void)now;
	if (l->done || o->outcome >= OUTCOMES || !reactions[o->outcome])
		return;
	if (extra ? !stands_in(l, o) : o->ask.tag != l->tag)
		return;
	l->flying = false;
	l->last = arena_dup(l->arena, o, sizeof(*o));
	if (taken_in_part(l, o))
		l->done = true;
	else
		reactions[o->outcome](l, o);
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct lookup *l = (const struct lookup *)p;

	*ret = (struct progress){ .phase = "lookup", .asked = l->tag };
}

static void part(struct probe *p, const struct observation *o, const struct msg *m)
{
	const struct lookup_parts *parts = ((const struct lookup *)p)->plan.parts;

	if (parts)
		parts->take(parts->user, o, m);
}

struct lookup *lookup_new(struct arena *a, const struct lookup_plan *plan)
{
	static const struct probe_ops ops = {
		.want = want, .reply = reply, .progress = progress, .part = part
	};
	struct lookup *l = arena_alloc(a, sizeof(*l));

	*l = (struct lookup){
		.probe = { &ops },
		.arena = a,
		.plan = *plan,
		.shape = plan->shape,
		.transport = plan->transport,
		.done = !plan->nservers,
	};
	return l;
}

struct probe *lookup_probe(struct lookup *l)
{
	return &l->probe;
}

const struct observation *lookup_last(const struct lookup *l)
{
	return l->done ? l->last : NULL;
}
