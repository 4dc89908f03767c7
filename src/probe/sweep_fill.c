/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rounds of a sweep consist of: which ports are asked, in which order, in which role. */
#include "base/err.h"
#include "probe/sweep_inner.h"

enum {
	BASELINE_PORTS = 20,  /* scattered over the ports in question */
	BASELINE_STEADY = 24, /* asks that measure the loss before the survey */
	STRATUM = 256,	      /* one port in each block: no range of 511 escapes */
	VERIFY_PORTS = 32,    /* random ports asked when the set seems decided… */
	VERIFY_MORE = 256,    /* … and when a port was found by chance that nobody would block */
	EDGE_ASKS = 2,	      /* of an open port at a boundary, at the end */
	STEADY_LEAST = 8,     /* a steady ask after so many others, in small rounds… */
	STEADY_MOST = 32,     /* … and in big ones: about 12 a round in between */
	STEADY_ROUND = 12,
	STEADY_PORTS = 24, /* that steady asks go from */
	AGAIN_ROUNDS = 2,  /* after the pause, without loss; more with it */
	AGAIN_ROUNDS_MOST = 6,
	DEEPEN = 48,	/* silent ports without order that are held to more depth */
	TWIN_DEAD = 32, /* silent ports asked at another destination… */
	TWIN_OPEN = 32, /* … and open ones: at least, and at most… */
	TWIN_OPEN_MOST = 128,
	TWIN_HITS = 8, /* … so many that this number should be dead there */
	TWIN_SURE = 2, /* dead elsewhere only: that decides, another one is not asked */
};

#define TWIN_ERROR 1e-2 /* chance that loss silences a port at another destination */

static bool may_ask(const struct sweep *s, uint16_t port)
{
	return !portset_has(&s->log.table->untested, port);
}

static void put(struct sweep *s, uint16_t port, enum role role)
{
	vec_push(s->arena, &s->round, (struct due){ .port = port, .role = (uint8_t)role });
}

/* Ports drawn evenly: one in each of `parts` equal slices of the set. */
static void draw_slices(
	struct sweep *s, const struct portset *from, unsigned int parts, struct portset *ret)
{
	uint32_t count = portset_count(from);

	for (uint32_t i = 0; i < parts; i++) {
		uint32_t lo = (uint32_t)((uint64_t)count * i / parts);
		uint32_t hi = (uint32_t)((uint64_t)count * (i + 1) / parts);

		if (hi > lo)
			portset_add(ret,
				(uint16_t)portset_nth(from, lo + rng_below(&s->plan.rng, hi - lo)));
	}
}

/* The set has a member in the block of ports. */
static bool in_block(const struct portset *set, uint32_t block)
{
	int32_t p = portset_next(set, block);

	return p >= 0 && (uint32_t)p < block + STRATUM;
}

/* Blocks with a seed, or of which the baseline has an open port, need no other. */
static void draw_strata(struct sweep *s, struct portset *ret)
{
	struct portset seeds = *ret;

	for (uint32_t block = 0; block < 65536; block += STRATUM) {
		struct portset here = { 0 };
		uint32_t n;

		if (in_block(&s->is_open, block) || in_block(&seeds, block))
			continue;
		portset_add_range(&here,
			(struct portrange){ (uint16_t)block, (uint16_t)(block + STRATUM - 1) });
		portset_and(&here, &s->ports);
		n = portset_count(&here);
		if (n)
			portset_add(ret, (uint16_t)portset_nth(&here, rng_below(&s->plan.rng, n)));
	}
}

/* Those that answered first were drawn from all ports: no rule or policer has most of them. */
static uint16_t steady_port(struct sweep *s)
{
	uint32_t n = (uint32_t)(s->open.n < STEADY_PORTS ? s->open.n : STEADY_PORTS);

	return s->open.v[rng_below(&s->plan.rng, n)];
}

/* The ports of the set that can be used, in random order. */
static uint16_t *shuffled(struct sweep *s, const struct portset *ports, size_t *ret_n)
{
	uint16_t *order = arena_alloc(s->arena, (portset_count(ports) + 1) * sizeof(*order));
	size_t n = 0;

	for (int32_t p = portset_next(ports, 0); p >= 0; p = portset_next(ports, (uint32_t)p + 1))
		if (may_ask(s, (uint16_t)p))
			order[n++] = (uint16_t)p;
	rng_shuffle(&s->plan.rng, order, n, sizeof(*order));
	*ret_n = n;
	return order;
}

/*
 * Makes the round that asks each port of the set once, in random order, with steady asks between
 * and at the end, so that every silence has one before and behind it.
 */
static void fill_round(struct sweep *s, const struct portset *ports)
{
	size_t n, every;
	const uint16_t *order = shuffled(s, ports, &n);

	every = n / STEADY_ROUND;
	every = every < STEADY_LEAST ? STEADY_LEAST : every > STEADY_MOST ? STEADY_MOST : every;
	for (size_t i = 0; i < n; i++) {
		if (s->open.n && i % every == 0)
			put(s, steady_port(s), ROLE_STEADY);
		put(s, order[i], ROLE_SWEEP);
	}
	if (n && s->open.n)
		put(s, steady_port(s), ROLE_STEADY);
}

static void fill_survey(struct sweep *s)
{
	struct portset ports = { 0 };

	if (s->plan.every) {
		ports = s->ports;
	} else {
		for (unsigned int i = 0; i < ports_nseeds; i++)
			portset_add(&ports, ports_seeds[i]);
		portset_and(&ports, &s->ports);
		draw_strata(s, &ports);
	}
	portset_minus(&ports, &s->is_open);
	fill_round(s, &ports);
}

/*
 * Both sides of every boundary once more, all at once: a policer that let a single packet of an
 * open one pass now and then lets not all of them pass.
 */
static void put_edges(struct sweep *s)
{
	struct portset open, blocked;
	const uint16_t *order;
	size_t n, first = s->round.n;

	ports_edges(s->log.table, &s->scope, &open, &blocked);
	order = shuffled(s, &blocked, &n);
	for (size_t i = 0; i < n; i++)
		put(s, order[i], ROLE_SWEEP);
	order = shuffled(s, &open, &n);
	for (size_t i = 0; i < n * EDGE_ASKS; i++)
		put(s, order[i % n], ROLE_SWEEP);
	if (s->round.n > first) {
		rng_shuffle(
			&s->plan.rng, s->round.v + first, s->round.n - first, sizeof(*s->round.v));
		put(s, steady_port(s), ROLE_STEADY);
	}
}

static void fill_verify(struct sweep *s)
{
	struct portset ports = { 0 };
	bool doubt = ports_lone(s->log.table, &s->scope) > 0 || sweep_is_doubtful(s);

	if (s->verified && (!doubt || s->more))
		return;
	s->more |= doubt;
	s->verified = true;
	draw_slices(s, &s->ports, doubt ? VERIFY_MORE : VERIFY_PORTS, &ports);
	portset_minus(&ports, &s->is_open);
	fill_round(s, &ports);
	put_edges(s);
}

static const uint16_t let_in[] = { 53, 1024, 1025, 5353, 10053, 32768, 49152, 60000, 65535 };

static void fill_baseline(struct sweep *s)
{
	struct portset ports = { 0 };

	/* From all ports, not those in question: they may all be blocked, and others are not. */
	draw_slices(s, &ports_all, BASELINE_PORTS, &ports);
	/* Some rules let only a few ports in, and then most often these. */
	for (size_t i = 0; s->tries > 0 && i < ARRAY_LEN(let_in); i++)
		portset_add(&ports, let_in[i]);
	fill_round(s, &ports);
}

static void fill_cookie(struct sweep *s)
{
	for (unsigned int i = cookie_asks(&s->cookie); i > 0; i--)
		put(s, steady_port(s), ROLE_COOKIE);
}

static void fill_steady(struct sweep *s)
{
	for (unsigned int i = 0; i < BASELINE_STEADY; i++)
		put(s, steady_port(s), ROLE_STEADY);
}

static void fill_refine(struct sweep *s)
{
	struct portset needs;

	ports_needs(s->log.table, &s->scope, &needs);
	fill_round(s, &needs);
}

/* A resolver on this host gives its ports back in a moment, and connections end. */
static bool is_held(enum why why)
{
	return why == WHY_PORT_IN_USE || why == WHY_PORT_WAITS;
}

/* Ports that were held. */
static void fill_held(struct sweep *s)
{
	struct ports_table *t = s->log.table;
	struct portset held = { 0 };

	for (int32_t p = portset_next(&t->untested, 0); p >= 0;
		p = portset_next(&t->untested, (uint32_t)p + 1))
		if (is_held(ports_why(t, (uint32_t)p)) && portset_has(&s->ports, (uint16_t)p))
			portset_add(&held, (uint16_t)p);
	portset_minus(&t->untested, &held);
	fill_round(s, &held);
}

/* Ports of each kind, mixed, one after the other. */
static void fill_again(struct sweep *s)
{
	struct portset ports = { 0 }, group;
	const uint16_t *order;
	size_t n;

	if (s->again_rounds == 0)
		for (enum ports_group g = 0; g < GROUPS; g++) {
			ports_group(s->log.table, &s->scope, g, &group);
			portset_or(&ports, &group);
		}
	else
		ports = s->again;
	s->again = ports;
	s->again_rounds++;
	order = shuffled(s, &ports, &n);
	for (size_t i = 0; i < n; i++)
		put(s, order[i], ROLE_AGAIN);
}

unsigned int sweep_again_rounds(const struct sweep *s)
{
	unsigned int n = AGAIN_ROUNDS + (unsigned int)(ports_loss_upper(s->log.table) * 16);

	return n < AGAIN_ROUNDS_MOST ? n : AGAIN_ROUNDS_MOST;
}

/* Drawn once: losses that come later may make any of them shallow again. */
static void shallow_ones(struct sweep *s, struct portset *ret)
{
	ports_shallow(s->log.table, &s->scope, ret);
	if (portset_empty(&s->deepen))
		draw_slices(s, ret, DEEPEN, &s->deepen);
	portset_and(ret, &s->deepen);
}

bool sweep_is_shallow(struct sweep *s)
{
	struct portset shallow;

	shallow_ones(s, &shallow);
	return !portset_empty(&shallow);
}

static void fill_deepen(struct sweep *s)
{
	struct portset shallow;

	shallow_ones(s, &shallow);
	fill_round(s, &shallow);
}

/* Ports known one way or the other here, drawn evenly. */
static void choose_twin(struct sweep *s)
{
	const struct ports_table *t = s->log.table;
	struct portset dead = { 0 }, open = { 0 }, shallow;
	uint32_t ndead, nopen;

	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1))
		portset_add(ports_open(t, (uint16_t)p) ? &open : &dead, (uint16_t)p);
	ports_shallow(t, &s->scope, &shallow);
	portset_minus(&dead, &shallow);
	portset_and(&dead, &s->ports);
	portset_and(&open, &s->ports);
	ndead = portset_count(&dead);
	nopen = portset_count(&open);
	draw_slices(s, &dead, ndead < TWIN_DEAD ? ndead : TWIN_DEAD, &s->twin.dead);
	nopen = ndead ? TWIN_HITS * (nopen + ndead) / ndead : 0;
	nopen = nopen < TWIN_OPEN ? TWIN_OPEN : nopen > TWIN_OPEN_MOST ? TWIN_OPEN_MOST : nopen;
	draw_slices(s, &open, nopen, &s->twin.open);
}

/* Chosen ports without a reply there. */
static void twin_silent(const struct sweep *s, const struct portset *chosen, struct portset *ret)
{
	*ret = *chosen;
	portset_minus(ret, &s->twin.replied);
	portset_minus(ret, &s->twin.failed);
}

static bool twin_is_done(const struct sweep *s)
{
	return s->twin.tries >= ports_silences(s->log.table, TWIN_ERROR);
}

/* Asks once more from what is silent there. */
static void put_twin(struct sweep *s)
{
	struct portset silent, open;
	const uint16_t *order;
	size_t n;

	s->twin.tries++;
	twin_silent(s, &s->twin.dead, &silent);
	twin_silent(s, &s->twin.open, &open);
	portset_or(&silent, &open);
	order = shuffled(s, &silent, &n);
	for (size_t i = 0; i < n; i++)
		put(s, order[i], ROLE_TWIN);
}

/* Few narrow ranges: a rule has the same ones at another address of the site. */
static void fill_same(struct sweep *s)
{
	struct portset narrow;

	ports_narrow(s->log.table, &s->scope, &narrow);
	if (!s->plan.ntwins || portset_empty(&narrow) || (s->same && twin_is_done(s)))
		return;
	if (!s->same)
		s->twin = (struct twin){ .dead = narrow };
	s->same = true;
	put_twin(s);
}

bool sweep_is_doubtful(const struct sweep *s)
{
	struct portset narrow;

	ports_narrow(s->log.table, &s->scope, &narrow);
	if (portset_empty(&narrow))
		return false;
	return s->same ? !portset_empty(&s->twin.replied) : portset_ranges(&narrow) > 1;
}

/* The next destination that was not asked, once the last one did not decide; false: no more. */
static bool next_twin(struct sweep *s)
{
	struct portset there;

	twin_silent(s, &s->twin.open, &there);
	if (!portset_empty(&s->twin.replied) && portset_count(&there) >= TWIN_SURE)
		return false;
	s->twin.index++;
	s->twin.tries = 0;
	s->twin.replied = s->twin.failed = (struct portset){ 0 };
	return s->twin.index < s->plan.ntwins ||
	       (s->twin.index == s->plan.ntwins && s->plan.transport == TRANSPORT_UDP);
}

static void fill_twin(struct sweep *s)
{
	if (s->same || portset_empty(&s->twin.dead)) {
		s->same = false;
		s->twin = (struct twin){ .index = 0 };
		choose_twin(s);
	}
	if (!twin_is_done(s) || next_twin(s))
		put_twin(s);
}

void sweep_fill(struct sweep *s)
{
	static void (*const fills[])(struct sweep *) = {
		[PHASE_BASELINE] = fill_baseline,
		[PHASE_COOKIE] = fill_cookie,
		[PHASE_STEADY] = fill_steady,
		[PHASE_SURVEY] = fill_survey,
		[PHASE_REFINE] = fill_refine,
		[PHASE_SAME] = fill_same,
		[PHASE_VERIFY] = fill_verify,
		[PHASE_HELD] = fill_held,
		[PHASE_AGAIN] = fill_again,
		[PHASE_DEEPEN] = fill_deepen,
		[PHASE_TWIN] = fill_twin,
	};

	s->round.n = s->next = 0;
	if (s->phase != PHASE_END)
		fills[s->phase](s);
}

uint32_t sweep_least(const struct sweep_plan *plan)
{
	const struct portset *ports = plan->ports ? plan->ports : &ports_all;
	uint32_t n = BASELINE_PORTS + BASELINE_STEADY;

	if (plan->every)
		return n + portset_count(ports);
	for (uint32_t block = 0; block < 65536; block += STRATUM)
		n += in_block(ports, block);
	return n;
}
