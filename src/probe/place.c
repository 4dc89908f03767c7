/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks control servers from ports that the target does not answer. */
#include "probe/place.h"

#include <assert.h>

#include "base/vec.h"
#include "infer/ports.h"

enum {
	DEFAULT_SAMPLES = 16,
	STEADY_EVERY = 4, /* an ask from an open port after so many others, to each control */
	CONTROLS_MOST = 32,
	STEADY_FIRST = 3,  /* asks from open ports before a control counts as alive or not */
	BORDERS_MOST = 48, /* ports asked to find where a near rule in a far one ends */
};

/* One ask of a round. control is an index; the target itself is ncontrols. */
struct due {
	uint16_t port;
	uint8_t control;
	bool steady;
};

struct place {
	struct probe probe;
	struct place_plan plan;
	struct arena *arena;
	struct portset sample,
		solved;		 /* solved: a control answered from it, or it cannot be used */
	struct portset open;	 /* for steady asks */
	struct portset answered; /* by a control */
	struct portset known;	 /* seeds, that each control needs not be asked for at first */
	struct portset heard;	 /* asked to the end: answered or silent for good */
	unsigned int borders;
	unsigned int round;
	struct VEC(struct due) dues;
	size_t next, flying, asked;
	uint64_t rest_until;
	bool dropped[CONTROLS_MOST + 1]; /* no use asking it any more; the last is the target */
	bool spent, finished;
};

static uint16_t any_of(struct place *p, const struct portset *s)
{
	return (uint16_t)portset_nth(s, rng_below(&p->plan.rng, portset_count(s)));
}

static bool of_named(uint16_t port)
{
	for (unsigned int i = 0; i < ports_nof_named; i++)
		if (port >= ports_of_named[i].lo && port <= ports_of_named[i].hi)
			return true;
	return false;
}

/*
 * Seeds inside of ranges: a rule near may hide in a wider one that is far. Not those that BIND, and
 * so a control, drops by itself.
 */
static void choose_seeds(struct place *p)
{
	for (unsigned int i = 0; i < ports_nseeds; i++) {
		uint16_t port = ports_seeds[i];

		if (!portset_has(p->plan.asked, port) || portset_has(&p->sample, port) ||
			of_named(port))
			continue;
		portset_add(&p->known, port);
		portset_add(&p->sample, port);
	}
}

/* Ends of every range first, then random members, so that each range has its own witnesses. */
static void choose(struct place *p)
{
	unsigned int most = p->plan.samples ? p->plan.samples : DEFAULT_SAMPLES, n = 0;
	const struct portset *b = p->plan.blocked;
	struct portrange r;

	for (uint32_t at = 0; n < most && portset_next_range(b, at, &r); at = (uint32_t)r.hi + 1) {
		portset_add(&p->sample, r.lo);
		portset_add(&p->sample, r.hi);
		n += r.lo == r.hi ? 1 : 2;
	}
	for (unsigned int i = 0; i < most && portset_count(&p->sample) < most; i++)
		portset_add(&p->sample, any_of(p, p->plan.asked));
	if (p->plan.ncontrols > 1)
		choose_seeds(p);
}

/* Ports half way between two of one range of which one is near and one is not. */
static void choose_borders(struct place *p, struct portrange r)
{
	int32_t before = -1;

	for (uint32_t port = r.lo; port <= r.hi && p->borders < BORDERS_MOST; port++) {
		uint32_t mid = before < 0 ? port : ((uint32_t)before + port) / 2;

		if (!portset_has(&p->heard, (uint16_t)port))
			continue;
		if (before >= 0 && mid > (uint32_t)before &&
			portset_has(&p->answered, (uint16_t)before) !=
				portset_has(&p->answered, (uint16_t)port)) {
			portset_add(&p->sample, (uint16_t)mid);
			p->borders++;
		}
		before = (int32_t)port;
	}
}

/* What is silent by now is near, if anything is; false when no border is left to be found. */
static bool refine(struct place *p)
{
	unsigned int before = p->borders;
	struct portrange r;

	for (int32_t port = portset_next(&p->sample, 0); port >= 0;
		port = portset_next(&p->sample, (uint32_t)port + 1)) {
		if (!portset_has(&p->solved, (uint16_t)port) ||
			portset_has(&p->answered, (uint16_t)port))
			portset_add(&p->heard, (uint16_t)port);
		portset_add(&p->solved, (uint16_t)port);
	}
	for (uint32_t at = 0; portset_next_range(p->plan.blocked, at, &r); at = (uint32_t)r.hi + 1)
		choose_borders(p, r);
	return p->borders > before;
}

static void put(struct place *p, uint16_t port, size_t control, bool steady)
{
	vec_push(p->arena, &p->dues,
		(struct due){ .port = port, .control = (uint8_t)control, .steady = steady });
}

/* From a port that reaches the target; from one of the kernel's choice when none does. */
static void put_steady(struct place *p)
{
	for (size_t c = 0; c < p->plan.ncontrols; c++)
		if (!p->dropped[c])
			put(p, portset_empty(&p->open) ? 0 : any_of(p, &p->open), c, true);
}

/* Every unsolved port to every control once; in the first round to the target as well. */
static void fill(struct place *p)
{
	struct VEC(struct due) order = { 0 };

	for (int32_t port = portset_next(&p->sample, 0); port >= 0;
		port = portset_next(&p->sample, (uint32_t)port + 1)) {
		bool first = p->round == 0 && !p->borders;
		size_t n = p->plan.ncontrols + (first && p->plan.target.server.family);
		/* One control in turn is enough to hear that a seed is not near. */
		bool known = first && portset_has(&p->known, (uint16_t)port);

		if (portset_has(&p->solved, (uint16_t)port))
			continue;
		for (size_t c = 0; c < n; c++)
			if (!p->dropped[c] && (!known || c == (size_t)port % p->plan.ncontrols))
				vec_push(p->arena, &order,
					(struct due){
						.port = (uint16_t)port, .control = (uint8_t)c });
	}
	p->dues.n = p->next = 0;
	if (!order.n)
		return;
	rng_shuffle(&p->plan.rng, order.v, order.n, sizeof(*order.v));
	for (unsigned int i = 0; p->round == 0 && !p->borders && i + 1 < STEADY_FIRST; i++)
		put_steady(p);
	for (size_t i = 0; i < order.n; i++) {
		vec_push(p->arena, &p->dues, order.v[i]);
		if (i % (STEADY_EVERY * (p->plan.ncontrols + 1)) == 0)
			put_steady(p);
	}
}

/* Nothing is blocked, perhaps because nothing answers: then only see whether controls do. */
static void turn_alive(struct place *p)
{
	p->finished = p->round > 0;
	p->dues.n = p->next = 0;
	for (unsigned int i = 0; p->round == 0 && i < STEADY_FIRST; i++)
		put_steady(p);
	p->round++;
}

static void turn(struct place *p)
{
	if (portset_empty(&p->sample)) {
		turn_alive(p);
		return;
	}
	if (!p->spent && p->round < p->plan.silences)
		fill(p);
	else
		p->dues.n = p->next = 0;
	p->round++;
	if (p->dues.n)
		return;
	p->round = 0;
	if (!p->spent && refine(p))
		fill(p);
	p->round++;
	p->finished = p->dues.n == 0;
}

static void make_ask(struct place *p, const struct due *d, struct ask *ret)
{
	bool target = d->control == p->plan.ncontrols;
	const struct place_control *c = target ? &p->plan.target : &p->plan.controls[d->control];

	*ret = (struct ask){
		.owner = &p->probe,
		.server = c->server,
		.source = addr_with_port(p->plan.source, d->port),
		.transport = (uint8_t)p->plan.transport,
		.brief = true,
		.connect_only = p->plan.transport == TRANSPORT_TCP,
		.timeout = p->plan.timeout,
		.question = c->question,
		.shape = p->plan.shape,
		.role = target	    ? ROLE_SWEEP
			: d->steady ? ROLE_PLACE_STEADY
				    : ROLE_PLACE,
	};
	p->asked++;
	p->flying++;
}

static enum want want(struct probe *probe, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct place *p = (struct place *)probe;

	*ret_wake = PROBE_NO_WAKE;
	if (p->spent)
		p->next = p->dues.n;
	if (p->next == p->dues.n && !p->flying && !p->finished) {
		if (now < p->rest_until) {
			*ret_wake = p->rest_until;
			return WANT_WAIT;
		}
		turn(p);
	}
	if (p->next < p->dues.n) {
		make_ask(p, &p->dues.v[p->next++], ret_ask);
		return WANT_ASK;
	}
	return p->finished && !p->flying ? WANT_DONE : WANT_WAIT;
}

/* A port that cannot be used is of no use to any control; another reason is the control's own. */
static void unsendable(struct place *p, const struct observation *o)
{
	if (o->why == WHY_STOPPED)
		p->spent = true;
	else if (why_is_port(o->why))
		portset_add(&p->solved, o->ask.source.port);
	else
		for (size_t c = 0; c < p->plan.ncontrols; c++)
			p->dropped[c] |= addr_equal(&p->plan.controls[c].server, &o->ask.server);
}

static void reply(struct probe *probe, const struct observation *o, uint64_t now)
{
	struct place *p = (struct place *)probe;
	uint16_t port = o->ask.source.port;

	(void)now;
	if (o->ask.role == ROLE_PLACE && ports_proves_open(o)) {
		portset_add(&p->solved, port);
		portset_add(&p->answered, port);
	}
	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	assert(p->flying > 0);
	p->flying--;
	if (o->outcome == OUTCOME_NOT_SENT)
		unsendable(p, o);
	if (o->sent && o->sent + p->plan.spacing > p->rest_until)
		p->rest_until = o->sent + p->plan.spacing;
}

static void progress(const struct probe *probe, struct progress *ret)
{
	const struct place *p = (const struct place *)probe;

	*ret = (struct progress){
		.phase = "controls",
		.asked = p->asked,
		.expected = p->asked + (p->dues.n - p->next),
		.found = portset_count(&p->solved),
	};
}

static const struct probe_ops ops = { .want = want, .reply = reply, .progress = progress };

struct place *place_new(struct arena *a, const struct place_plan *plan)
{
	struct place *p = arena_alloc(a, sizeof(*p));

	p->probe.ops = &ops;
	p->plan = *plan;
	p->arena = a;
	if (p->plan.ncontrols > CONTROLS_MOST)
		p->plan.ncontrols = CONTROLS_MOST;
	if (plan->open)
		p->open = *plan->open;
	if (plan->blocked && !portset_empty(plan->asked))
		choose(p);
	p->finished = !plan->ncontrols;
	return p;
}

struct probe *place_probe(struct place *p)
{
	return &p->probe;
}
