/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of rate limiting, on facts made by stories that a seed repeats. */
#include "infer/limit.h"

#include "base/rng.h"
#include "dns/rr.h"
#include "tap.h"

enum { SECOND = 1000000, SMALL = 100, LONG = 900, START = 5 * SECOND };

static struct name apex;

static struct shape_option half = { EDNS_COOKIE, 8, (const uint8_t *)"12345678" };
static struct shape_option full = { EDNS_COOKIE, 24, (const uint8_t *)"123456781234567812345678" };

/* A server and what it makes of asks. */
struct story {
	const char *name;
	double loss;	      /* of the path */
	double limit;	      /* asks a second that are answered; beyond: over */
	enum limit_sign over; /* how it shows */
	uint32_t size;	      /* of whole answers */
	double odd;	      /* chance of TC, or of `over`, whatever the rate */
	bool no_ns;	      /* the second question is always truncated */
	uint16_t blocked;     /* ports below are dropped */
	uint16_t policed;     /* ports below are limited, others not */
	bool burst;	      /* the path fails from 10 s to 14 s */
	bool cookie;	      /* sent in the second half, and exempt */
	unsigned int peaks;   /* how often it is asked fast */
	/* Wanted. */
	bool limiting;
	enum limit_sign sign;
};

struct world {
	const struct story *story;
	struct arena *arena;
	struct facts *facts;
	struct rng rng;
	struct addr server;
	uint64_t now;
	double tokens;
	uint32_t n;
	bool with_cookie;
};

static const struct msg *reply(struct world *w, uint16_t flags, uint16_t rcode)
{
	struct msg *m = arena_alloc(w->arena, sizeof(*m));

	m->has_header = true;
	m->flags = (uint16_t)(FLAG_QR | flags | rcode);
	m->rcode = rcode;
	return m;
}

/* What becomes of a packet that arrives: a message, or NULL. */
static const struct msg *serve(struct world *w, struct observation *o)
{
	const struct story *s = w->story;
	bool over = s->limit > 0 && w->tokens < 1 && !(s->cookie && w->with_cookie);

	if (s->no_ns && o->ask.question.type == RR_NS)
		return reply(w, FLAG_TC, 0);
	if (s->policed && o->ask.source.port >= s->policed)
		over = false;
	else if (s->limit > 0 && !over)
		w->tokens -= 1;
	if (rng_unit(&w->rng) < s->odd)
		over = true;
	if (!over) {
		o->size = s->size;
		return reply(w, 0, 0);
	}
	if (s->over == LIMIT_LOSS)
		return NULL;
	if (s->over == LIMIT_REFUSED)
		return reply(w, 0, RCODE_REFUSED);
	if (s->over == LIMIT_BADCOOKIE)
		return reply(w, 0, RCODE_BADCOOKIE & 15);
	return reply(w, FLAG_TC, 0);
}

static void ask(struct world *w, double rate)
{
	const struct story *s = w->story;
	struct observation o = { .ask = { .server = w->server,
					 .role = w->n % 10 ? ROLE_SWEEP : ROLE_STEADY,
					 .brief = true,
					 .question = { &apex, w->n % 2 ? RR_NS : RR_SOA, CLASS_IN },
					 .shape = shape_iterative } };
	uint64_t gap = (uint64_t)(SECOND / rate);

	o.ask.source.port = (uint16_t)(1 + rng_below(&w->rng, w->n % 3 ? 65535 : 1023));
	if (o.ask.role == ROLE_STEADY)
		o.ask.source.port |= 0x8000;
	if (w->with_cookie || s->over == LIMIT_BADCOOKIE) {
		o.ask.shape.options = w->with_cookie ? &full : &half;
		o.ask.shape.noptions = 1;
	}
	w->now += gap;
	w->tokens += s->limit * (double)gap / SECOND;
	w->tokens = w->tokens > s->limit ? s->limit : w->tokens;
	o.sent = w->now;
	o.done = w->now + 20000;
	if (rng_unit(&w->rng) >= s->loss && o.ask.source.port >= s->blocked &&
		!(s->burst && w->now > 10 * SECOND + START && w->now < 14 * SECOND + START))
		o.msg = serve(w, &o);
	o.outcome = o.msg ? OUTCOME_ANSWERED : OUTCOME_TIMEOUT;
	w->n++;
	facts_add(w->facts, &o);
}

static void ask_for(struct world *w, double rate, unsigned int seconds)
{
	for (unsigned int i = 0; i < rate * seconds; i++)
		ask(w, rate);
}

/* Slow, then fast and slow again as often as the story wants. Ports that are lost are asked again.
 */
static void tell(struct world *w, const struct story *s, uint64_t seed, struct limit *ret)
{
	*w = (struct world){
		.story = s, .arena = arena_new(), .rng = rng_seed(seed), .now = START
	};
	w->facts = facts_new(w->arena);
	addr_parse_port("192.0.2.1#53", &w->server);
	w->tokens = s->limit;
	ask_for(w, 5, 10);
	for (unsigned int i = 0; i < s->peaks; i++) {
		w->with_cookie = s->cookie && i * 2 >= s->peaks;
		ask_for(w, 40, 4);
		ask_for(w, 5, 8);
	}
	/* Once more from each, slowly: a port that never answers is no evidence. */
	for (size_t i = 0, n = w->facts->n; i < n; i++) {
		struct observation o = *w->facts->v[i];

		if (o.outcome != OUTCOME_TIMEOUT || o.ask.source.port < s->blocked)
			continue;
		w->now += SECOND / 4;
		o.sent = w->now;
		o.done = w->now + 20000;
		o.outcome = OUTCOME_ANSWERED;
		o.size = s->size;
		o.msg = reply(w, 0, 0);
		facts_add(w->facts, &o);
	}
	limit_judge(w->arena, w->facts, &w->server, ret);
}

static const struct story stories[] = {
	{ "no limit", .size = SMALL, .peaks = 3 },
	{ "a lossy path", .loss = 0.3, .size = SMALL, .peaks = 3 },
	{ "an answer that is always truncated", .no_ns = true, .size = SMALL, .peaks = 3 },
	{ "a long answer, truncated by one of two servers", .odd = 0.5, .size = LONG,
		.over = LIMIT_TRUNCATION, .peaks = 3 },
	{ "one of two servers refuses", .odd = 0.5, .size = SMALL, .over = LIMIT_REFUSED,
		.peaks = 3 },
	{ "a port filter", .blocked = 1024, .size = SMALL, .peaks = 3 },
	{ "a port filter and loss", .blocked = 1024, .loss = 0.2, .size = SMALL, .peaks = 3 },
	{ "one loss in time, while fast", .burst = true, .size = SMALL, .peaks = 3 },
	{ "one loss in time, on a lossy path", .burst = true, .loss = 0.1, .size = SMALL,
		.peaks = 3 },
	{ "a policer of some ports", .policed = 1024, .limit = 5, .over = LIMIT_LOSS, .size = SMALL,
		.peaks = 3 },
	{ "a single peak of loss", .limit = 10, .over = LIMIT_LOSS, .size = SMALL, .peaks = 1 },
	{ "slips", .limit = 10, .over = LIMIT_TRUNCATION, .size = SMALL, .peaks = 1,
		.limiting = true, .sign = LIMIT_TRUNCATION },
	{ "slips, long answers", .limit = 10, .over = LIMIT_TRUNCATION, .size = LONG, .peaks = 2,
		.limiting = true, .sign = LIMIT_TRUNCATION },
	{ "slips on a lossy path", .limit = 10, .loss = 0.3, .over = LIMIT_TRUNCATION,
		.size = SMALL, .peaks = 2, .limiting = true, .sign = LIMIT_TRUNCATION },
	{ "slips beside an answer that is always truncated", .limit = 10, .no_ns = true,
		.over = LIMIT_TRUNCATION, .size = SMALL, .peaks = 2, .limiting = true,
		.sign = LIMIT_TRUNCATION },
	{ "BADCOOKIE", .limit = 10, .over = LIMIT_BADCOOKIE, .size = SMALL, .peaks = 2,
		.limiting = true, .sign = LIMIT_BADCOOKIE },
	{ "refusals", .limit = 10, .over = LIMIT_REFUSED, .size = SMALL, .peaks = 2,
		.limiting = true, .sign = LIMIT_REFUSED },
	{ "losses", .limit = 10, .over = LIMIT_LOSS, .size = SMALL, .peaks = 3, .limiting = true,
		.sign = LIMIT_LOSS },
	{ "losses, and others", .limit = 10, .loss = 0.1, .over = LIMIT_LOSS, .size = SMALL,
		.peaks = 3, .limiting = true, .sign = LIMIT_LOSS },
	{ "losses beside a port filter", .limit = 10, .blocked = 1024, .over = LIMIT_LOSS,
		.size = SMALL, .peaks = 3, .limiting = true, .sign = LIMIT_LOSS },
};

static void test_stories(void)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		const struct story *s = &stories[i];
		unsigned int right = 0, near = 0;

		for (uint64_t seed = 1; seed <= 20; seed++) {
			struct world w;
			struct limit l;

			tell(&w, s, seed, &l);
			right += l.limiting == s->limiting && l.sign == s->sign;
			near += !l.limiting || (l.rate >= s->limit * 0.4 && l.rate <= s->limit * 2);
			if (l.limiting && !s->limiting)
				printf("#   seed %d: by %s, error %g\n", (int)seed,
					limit_sign_slug(l.sign), l.error);
			arena_free(w.arena);
		}
		/* A limit may be missed, but none is made up. */
		ok(right >= (s->limiting ? 17 : 20), "%s: %u of 20 are right", s->name, right);
		is_int(near, 20, "the limit is about right, if there is one");
	}
}

static void test_numbers(void)
{
	static const struct story slips = { "slips", .limit = 10, .over = LIMIT_TRUNCATION,
		.size = SMALL, .peaks = 2 };
	static const struct story exempt = { "exempt", .limit = 10, .over = LIMIT_TRUNCATION,
		.size = SMALL, .peaks = 4, .cookie = true };
	struct world w;
	struct limit l;
	struct addr other;

	tell(&w, &slips, 1, &l);
	is_near((double)l.onset / SECOND, 10, 0.6, "the first sign comes with the first peak");
	is_int(l.windows.n, 2, "each peak is a window");
	ok(limit_voids(&l, START + 11 * SECOND), "silences in it are void");
	ok(!limit_voids(&l, START + 5 * SECOND), "before it they are not");
	ok(!limit_voids(&l, START + 18 * SECOND), "nor behind it");
	is_int(l.cookie, LIMIT_COOKIE_UNASKED, "no cookie was asked for");
	ok(l.evidence.n == 16 && l.signs > 16, "the first signs are its evidence");
	addr_parse_port("192.0.2.2#53", &other);
	limit_judge(w.arena, w.facts, &other, &l);
	ok(!l.limiting && !limit_voids(&l, START + 11 * SECOND), "another server does not");
	arena_free(w.arena);
	tell(&w, &exempt, 1, &l);
	ok(l.limiting && l.cookie == LIMIT_COOKIE_EXEMPT, "whoever sends a cookie may be exempt");
	arena_free(w.arena);
}

int main(void)
{
	name_parse("example.", &apex);
	test_stories();
	test_numbers();
	return tap_done();
}
