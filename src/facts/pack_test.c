/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packs: what goes in comes out, of one piece of work and no other, and is small. */
#include "facts/pack.h"

#include "dns/rr.h"
#include "facts/test_observation.h"
#include "prop.h"
#include "tap.h"

enum { MOST = 40, SWEEP = 500, OCTETS = 100 };

struct unpacked {
	struct observation v[MOST];
	size_t n;
	bool marked;
};

static void take(void *user, const struct observation *o)
{
	struct unpacked *u = user;

	u->marked &= !o->ask.owner && o->ask.work == WORK_BORROWED;
	u->v[u->n++] = *o;
}

/* The facts are gone by the time it is unpacked. */
static bool case_round_trip(struct rng *r)
{
	struct arena *into = arena_new();
	struct observation want[MOST];
	struct unpacked got = { .marked = true };
	struct facts *f;
	struct pack *p;
	size_t n = 0, total = rng_below(r, MOST), skipped = total / 4;
	bool same;

	arena = arena_new();
	f = facts_new(arena);
	for (size_t i = 0; i < total; i++) {
		struct observation o = random_observation(r);

		/* A sweep asks much alike. */
		if (n && rng_below(r, 2)) {
			o.ask = want[n - 1].ask;
			o.ask.source.port = (uint16_t)rng_u64(r);
			o.msg = random_msg(r, o.ask.brief);
		}
		o.ask.work = rng_below(r, 3) ? 7 : 8;
		o.said = rng_below(r, 8) ? NULL : "the certificate is expired";
		facts_add(f, &o);
		if (o.ask.work == 7 && i >= skipped)
			want[n++] = o;
	}
	p = pack_new(f, &(struct pack_of){ 7, skipped });
	pack_each(p, &(struct pack_into){ into, take, &got });
	same = pack_count(p) == n && got.n == n && got.marked;
	pack_free(p);
	for (size_t i = 0; same && i < n; i++)
		same = same_observation(&want[i], &got.v[i]) &&
		       same_text(want[i].said, got.v[i].said);
	arena_free(arena);
	arena_free(into);
	return same;
}

static void test_size(void)
{
	static const uint8_t wire[FACTS_HEADER] = { 1, 2, 3 };
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct pack *p;

	for (int i = 0; i < SWEEP; i++) {
		struct observation o = { .ask = { .work = 1, .brief = true, .role = ROLE_SWEEP },
			.outcome = i % 5 ? OUTCOME_ANSWERED : OUTCOME_TIMEOUT };

		o.ask.source.port = (uint16_t)i;
		o.ask.shape = shape_iterative;
		o.ask.question = (struct question){ &name_root, RR_NS, CLASS_IN };
		o.msg = i % 5 ? facts_header(a, (struct span){ wire, sizeof(wire) }) : NULL;
		facts_add(f, &o);
	}
	p = pack_new(f, &(struct pack_of){ 1, 0 });
	ok(pack_size(p) / SWEEP < OCTETS, "a sweep takes %zu octets an ask", pack_size(p) / SWEEP);
	pack_free(p);
	pack_free(NULL);
	arena_free(a);
}

int main(void)
{
	prop("unpack(pack(facts)) = the facts of that work", case_round_trip, 2000);
	test_size();
	return tap_done();
}
