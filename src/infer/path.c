/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From two flows with rising TTLs to the place between two hops. */
#include "infer/path.h"

#include <math.h>

#include "base/err.h"
#include "dns/rr.h"

enum {
	TRACES_MOST = 64,    /* a tape could name any number */
	OFFENDERS_MOST = 16, /* routers that reject */
	REJECTS_LEAST = 2,   /* one alone may be forged, with luck */
	FAR_ENOUGH = 3,	     /* routers passed, so that none of them is the near one */
};

/* A break is said when loss would hide the blocked flow with at most this chance. */
#define DOUBT 0.01

static const char *const breaks[] = {
	[PATH_UNTOLD] = "unknown",
	[PATH_NO_BREAK] = "none",
	[PATH_MIDWAY] = "path",
	[PATH_LAST_STEP] = "last",
};

static const char *const directions[] = {
	[DIRECTION_UNKNOWN] = "unknown",
	[DIRECTION_QUERY] = "query",
	[DIRECTION_REPLY] = "reply",
};

_Static_assert(ARRAY_LEN(breaks) == PATH_BREAKS, "a slug for every kind of break");
_Static_assert(ARRAY_LEN(directions) == DIRECTIONS, "a slug for every direction");

const char *path_break_slug(enum path_break b)
{
	return breaks[b];
}

const char *path_direction_slug(enum path_direction d)
{
	return directions[d];
}

bool path_says_expired(const struct observation *o)
{
	return o->icmp.code == 0 && o->icmp.type == (o->ask.server.family == ADDR_V6 ? 3 : 11);
}

bool path_expired(const struct observation *o)
{
	return o->outcome == OUTCOME_ICMP && path_says_expired(o);
}

bool path_prohibited(const struct observation *o)
{
	if (o->outcome != OUTCOME_ICMP)
		return false;
	if (o->ask.server.family == ADDR_V6)
		return o->icmp.type == 1 && o->icmp.code == 1;
	return o->icmp.type == 3 && (o->icmp.code == 9 || o->icmp.code == 10 || o->icmp.code == 13);
}

/* What was seen. */

static void add_time(struct path_flow *f, uint64_t rtt)
{
	double d;

	f->received++;
	f->last = rtt;
	if (f->received == 1 || rtt < f->best)
		f->best = rtt;
	if (rtt > f->worst)
		f->worst = rtt;
	d = (double)rtt - f->mean;
	f->mean += d / f->received;
	f->squares += d * ((double)rtt - f->mean);
}

double path_deviation(const struct path_flow *f)
{
	return f->received > 1 ? sqrt(f->squares / (f->received - 1)) : 0;
}

static void add_router(struct path_hop *h, struct addr addr, bool steady)
{
	unsigned int i = 0;

	addr.port = 0;
	while (i < h->nrouters && !addr_equal(&h->routers[i].addr, &addr))
		i++;
	if (i == PATH_ROUTERS || !addr.family)
		return;
	if (i == h->nrouters)
		h->routers[h->nrouters++] = (struct path_router){ .addr = addr };
	h->routers[i].open |= steady;
	h->routers[i].blocked |= !steady;
}

const struct path_router *path_router_of(const struct path_hop *h, bool blocked)
{
	for (unsigned int i = 0; i < h->nrouters; i++)
		if (blocked ? h->routers[i].blocked : h->routers[i].open)
			return &h->routers[i];
	return h->nrouters ? &h->routers[0] : NULL;
}

/* A reply to a TTL is one to every larger TTL, so only the shortest way counts. */
static void arrived(struct path_result *r, struct path_hop *h, const struct observation *o)
{
	bool steady = o->ask.role == ROLE_PATH_STEADY;

	h->destination = true;
	add_router(h, o->ask.server, steady);
	if (steady && (!r->distance || o->ask.ttl < r->distance))
		r->distance = o->ask.ttl;
}

static void observe(struct path_result *r, struct path_hop *h, const struct observation *o)
{
	bool steady = o->ask.role == ROLE_PATH_STEADY;
	struct path_flow *f = steady ? &h->open : &h->blocked;
	uint64_t rtt = o->done > o->sent ? o->done - o->sent : 0;

	f->sent += o->outcome != OUTCOME_LATE;
	if (path_prohibited(o)) {
		f->rejected++;
	} else if (path_expired(o)) {
		add_router(h, o->icmp.offender, steady);
		add_time(f, rtt);
	} else if (observation_replied(o)) {
		arrived(r, h, o);
		add_time(f, rtt);
	}
}

/* A router behind address translation; the ask itself is counted when its time is out. */
static void heard(struct path_result *r, const struct observation *o)
{
	bool steady = o->ask.role == ROLE_PATH_STEADY;
	uint64_t took = o->done > o->sent ? o->done - o->sent : 0;
	const struct path_quotes *q;
	unsigned int ttl = o->ask.ttl;

	for (unsigned int n = path_quoted(r, o, &q); n > 0; n--, ttl = q->ttl, took = q->took) {
		struct path_hop *h = &r->hop[ttl];

		add_router(h, o->icmp.offender, steady);
		add_time(steady ? &h->open : &h->blocked, took);
	}
}

void path_add(struct path_result *r, const struct observation *o)
{
	bool steady = o->ask.role == ROLE_PATH_STEADY;

	if ((!steady && o->ask.role != ROLE_PATH) || !o->ask.ttl || o->ask.ttl > PATH_HOPS ||
		!addr_equal(&o->ask.server, &r->server) || o->outcome == OUTCOME_NOT_SENT ||
		(!steady && o->ask.source.port != r->blocked_port))
		return;
	if (o->outcome == OUTCOME_STRAY) {
		r->vague += o->why == WHY_STRAY_ICMP;
		if (o->why == WHY_STRAY_QUOTE)
			heard(r, o);
		return;
	}
	if (steady)
		r->open_port = o->ask.source.port;
	if (o->ask.ttl > r->hops)
		r->hops = o->ask.ttl;
	if (path_expired(o))
		path_quoted(r, o, NULL);
	observe(r, &r->hop[o->ask.ttl], o);
}

/* What follows. */

double path_hidden(const struct path_hop *h)
{
	double received = h->open.received, p = 1;
	/* Late replies and forged errors may be more than what was sent. */
	double all = fmax(h->open.sent, received), lost = all - received;

	if (h->blocked.rejected)
		return 0;
	if (!h->open.received)
		return 1;
	for (uint32_t i = 0; i < h->blocked.sent; i++)
		p *= (lost + 0.5 + i) / (all + 1 + i);
	return p;
}

/* The last hop that passed the blocked flow, and the next one that only the open one is heard of.
 */
static void find_break(struct path_result *r)
{
	unsigned int last = r->distance ? r->distance : r->hops;

	r->after = r->before = r->beyond = 0;
	for (unsigned int t = 1; t <= last; t++)
		if (r->hop[t].blocked.received)
			r->after = t;
	for (unsigned int t = last; t > r->after; t--) {
		if (!r->hop[t].open.received)
			continue;
		r->before = t;
		r->beyond += !r->hop[t].destination;
	}
}

static bool got_through(const struct path_result *r)
{
	for (unsigned int t = 1; t <= PATH_HOPS; t++) {
		const struct path_hop *h = &r->hop[t];

		for (unsigned int i = 0; h->destination && i < h->nrouters; i++)
			if (h->routers[i].blocked &&
				addr_same_host(&h->routers[i].addr, &r->server))
				return true;
	}
	return false;
}

static enum path_why why_untold(const struct path_result *r)
{
	if (!r->blocked_port)
		return PATH_WHY_ONE_FLOW;
	if (!r->before)
		return PATH_WHY_SILENT;
	return r->hidden > DOUBT ? PATH_WHY_FEW : PATH_WHY_NONE;
}

void path_judge(struct path_result *r)
{
	find_break(r);
	r->direction = DIRECTION_UNKNOWN;
	r->hidden = r->before ? path_hidden(&r->hop[r->before]) : 1;
	r->why = PATH_WHY_NONE;
	if (r->blocked_port && got_through(r)) {
		r->broken = PATH_NO_BREAK;
		return;
	}
	r->why = why_untold(r);
	if (r->why != PATH_WHY_NONE) {
		r->broken = PATH_UNTOLD;
		return;
	}
	r->broken = r->hop[r->before].destination ? PATH_LAST_STEP : PATH_MIDWAY;
	/* A router there tells of queries alone: replies do not come by it as time exceeded. */
	if (r->broken == PATH_MIDWAY)
		r->direction = DIRECTION_QUERY;
}

bool path_is_broken(const struct path_result *r)
{
	return r && (r->broken == PATH_MIDWAY || r->broken == PATH_LAST_STEP);
}

void path_heard_near(struct path_result *r)
{
	if (r->direction == DIRECTION_UNKNOWN && r->broken == PATH_LAST_STEP &&
		r->after >= FAR_ENOUGH)
		r->direction = DIRECTION_REPLY;
}

void path_heard_reject(struct path_result *r)
{
	if (path_is_broken(r))
		r->direction = DIRECTION_QUERY;
}

/* From facts. */

/* Traces with a blocked port; where there is none, the open flow stands alone. */
static struct path_results list(struct arena *a, const struct facts *f)
{
	static const enum role roles[] = { ROLE_PATH, ROLE_PATH_STEADY };
	struct path_results all = { 0 };

	for (size_t k = 0; k < ARRAY_LEN(roles); k++)
		for (size_t i = 0; i < f->n && all.n < TRACES_MOST; i++) {
			const struct ask *ask = &f->v[i]->ask;
			uint16_t port = k == 0 ? ask->source.port : 0;
			bool known = false;

			if (ask->role != roles[k] || f->v[i]->outcome == OUTCOME_NOT_SENT)
				continue;
			vec_each (struct path_result, r, all)
				known |= addr_equal(&r->server, &ask->server) &&
					 (k == 1 || r->blocked_port == port);
			if (!known)
				vec_push(a, &all,
					(struct path_result){
						.server = ask->server, .blocked_port = port });
		}
	return all;
}

/* The name that the user's resolver gave for the address; NULL: none. */
static const struct name *name_of(struct arena *a, const struct facts *f, const struct addr *addr)
{
	struct name asked = name_reverse(addr_octets(addr));
	struct name name;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];
		const struct rr *rr;

		if (o->ask.role != ROLE_HOP_NAME || !observation_answered(o) ||
			!o->ask.question.name || !name_equal(o->ask.question.name, &asked))
			continue;
		rr = msg_find(o->msg, (struct rr_wanted){ MSG_ANSWER, RR_PTR, NULL });
		if (rr && msg_rdata_name(o->msg, rr, &name, NULL) == 0)
			return name_keep(a, &name);
	}
	return NULL;
}

static void give_names(struct arena *a, const struct facts *f, struct path_result *r)
{
	for (unsigned int t = 1; t <= r->hops; t++)
		for (unsigned int i = 0; i < r->hop[t].nrouters; i++)
			r->hop[t].routers[i].name = name_of(a, f, &r->hop[t].routers[i].addr);
}

struct path_results path_collect(struct arena *a, const struct facts *f)
{
	struct path_results all = list(a, f);

	vec_each (struct path_result, r, all) {
		for (size_t i = 0; i < f->n; i++)
			path_add(r, f->v[i]);
		path_judge(r);
		if (r->distance)
			r->hops = r->distance;
		give_names(a, f, r);
	}
	return all;
}

/* Rejections. */

struct offender {
	struct path_reject reject;
	bool also_open;
};

/* Ports that the server has answered at any time. */
static struct portset answered(const struct facts *f, const struct ports_subject *subject)
{
	struct portset s = { 0 };

	for (size_t i = 0; i < f->n; i++) {
		const struct ask *ask = &f->v[i]->ask;

		if (ask->source.port && ports_proves_open(f->v[i]) &&
			ask->transport == subject->transport &&
			addr_equal(&ask->server, &subject->server))
			portset_add(&s, ask->source.port);
	}
	return s;
}

static bool concerns(const struct observation *o, const struct ports_subject *subject)
{
	if (!path_prohibited(o) || o->ask.transport != subject->transport || !o->ask.source.port)
		return false;
	if (o->ask.role == ROLE_PLACE || o->ask.role == ROLE_PLACE_STEADY)
		return o->ask.server.family == subject->server.family;
	return (o->ask.role == ROLE_SWEEP || o->ask.role == ROLE_STEADY ||
		       o->ask.role == ROLE_PATH || o->ask.role == ROLE_PATH_STEADY) &&
	       addr_equal(&o->ask.server, &subject->server);
}

struct path_reject path_rejected(
	const struct facts *f, const struct ports_subject *subject, const struct portset *blocked)
{
	struct offender v[OFFENDERS_MOST] = { 0 };
	struct path_reject best = { .count = REJECTS_LEAST - 1 };
	struct portset open = answered(f, subject);
	size_t n = 0, k;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (!concerns(o, subject))
			continue;
		for (k = 0; k < n && !addr_equal(&v[k].reject.by, &o->icmp.offender); k++)
			;
		if (k == OFFENDERS_MOST)
			continue;
		n += k == n;
		v[k].reject.by = o->icmp.offender;
		v[k].reject.icmp = o->icmp;
		v[k].reject.count += portset_has(blocked, o->ask.source.port);
		v[k].also_open |= portset_has(&open, o->ask.source.port);
	}
	for (k = 0; k < n; k++)
		if (!v[k].also_open && v[k].reject.count > best.count)
			best = v[k].reject;
	return best.by.family ? best : (struct path_reject){ 0 };
}
