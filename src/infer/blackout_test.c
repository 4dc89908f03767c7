/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times of silence to everything, told from what is none; written down as strips of time. */
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "infer/voids.h"
#include "tap.h"

enum { SECOND = 1000000, STEP = 10000 };

/*
 * A letter is an ask, 10 ms after the one before; small: silent. S: the plain question; R: a shape
 * that is answered; D: a shape that never is; K: a knock; T: one over TCP; O: one at another
 * operator's; L: a reply that came too late. A space is a second.
 */
#define TEN   "SRRRRRSRRR"
#define FELL  "rrsrrrrrsr"
#define KNOCK " kktO  kktO    kktO"
#define NEAR  " kkto  kkto    kkto"
#define BACK  "        KKTOO"

static const struct strip {
	const char *what, *strip;
	enum blackout_verdict verdict;
	enum blackout_place place;
	size_t n;	 /* blackouts */
	uint32_t before; /* the first */
} strips[] = {
	{ "all is well", TEN TEN TEN, BLACKOUT_NONE, 0, 0, 0 },
	{ "a guard, twice", TEN TEN FELL KNOCK BACK TEN TEN FELL KNOCK, BLACKOUT_REPEATED,
		BLACKOUT_FAR, 2, 20 },
	{ "a near guard, twice", TEN TEN FELL NEAR BACK TEN TEN FELL NEAR, BLACKOUT_REPEATED,
		BLACKOUT_NEAR, 2, 20 },
	{ "nobody else was asked",
		TEN TEN FELL " kkt  kkt    kkt KK" TEN TEN FELL " kkt  kkt    kkt",
		BLACKOUT_REPEATED, BLACKOUT_UNTOLD, 2, 20 },
	{ "the other one never replied", TEN TEN FELL NEAR "        KKToo" TEN TEN FELL NEAR,
		BLACKOUT_REPEATED, BLACKOUT_UNTOLD, 2, 20 },
	{ "once, and not asked as often again", TEN TEN FELL KNOCK BACK TEN, BLACKOUT_ONCE,
		BLACKOUT_FAR, 1, 20 },
	{ "once, and asked as often again", TEN FELL KNOCK BACK TEN TEN TEN TEN, BLACKOUT_PASSED,
		BLACKOUT_FAR, 1, 10 },
	{ "once, and then a silence that ended soon",
		TEN FELL KNOCK BACK TEN FELL " kk  KK" TEN TEN TEN TEN, BLACKOUT_ONCE, BLACKOUT_FAR,
		1, 10 },
	{ "a second one, but after far more queries",
		TEN FELL KNOCK BACK TEN TEN TEN TEN TEN FELL KNOCK BACK, BLACKOUT_PASSED,
		BLACKOUT_FAR, 2, 10 },
	{ "it never came back", TEN TEN FELL KNOCK "        kktO", BLACKOUT_LASTING, BLACKOUT_FAR,
		1, 20 },
	{ "it came back at the second knock", TEN TEN FELL " kkt  KK" TEN, BLACKOUT_NONE, 0, 0, 0 },
	{ "losses, and no knocks", TEN FELL FELL TEN, BLACKOUT_NONE, 0, 0, 0 },
	{ "few were lost before the knocks", TEN "rsr" KNOCK BACK TEN, BLACKOUT_NONE, 0, 0, 0 },
	{ "shapes that are dropped anyway",
		"SRRR"
		"ddddddddddddd"
		"  SR"
		"ddddddd"
		"   S",
		BLACKOUT_NONE, 0, 0, 0 },
	{ "a reply was late, and the server alive", TEN FELL " kkt  kkL    kkt        KKT" TEN,
		BLACKOUT_NONE, 0, 0, 0 },
	{ "TCP is answered, and it is short: a limit",
		TEN FELL " kkTO  kkTO    kkTO" BACK TEN, BLACKOUT_NONE, 0, 0, 0 },
	{ "TCP is answered, and it is long",
		TEN TEN FELL " kkTO  kkTO    kkTO        kkTO                kkTO" BACK TEN,
		BLACKOUT_ONCE, BLACKOUT_FAR, 1, 20 },
};

static struct name apex;

static void put(struct facts *f, char letter, uint64_t now)
{
	char kind = (char)(letter & ~0x20);
	struct observation o = { .sent = now,
		.outcome = letter & 0x20 ? OUTCOME_TIMEOUT : OUTCOME_ANSWERED };
	static const struct msg reply = { 0 };

	addr_parse_port(kind == 'O' ? "198.51.100.1#53" : "192.0.2.1#53", &o.ask.server);
	o.ask.role = kind == 'S'	   ? ROLE_SHAPE_STEADY
		     : strchr("RDL", kind) ? ROLE_SHAPE
					   : ROLE_SHAPE_KNOCK;
	o.ask.row = kind == 'R' ? "do" : kind == 'D' ? "ednsopt" : "edns";
	o.ask.question = (struct question){ &apex, RR_SOA, CLASS_IN };
	o.ask.transport = kind == 'T' ? TRANSPORT_TCP : TRANSPORT_UDP;
	if (kind == 'L')
		o.outcome = OUTCOME_LATE;
	o.done = now + 1000;
	o.msg = o.outcome == OUTCOME_ANSWERED ? &reply : NULL;
	facts_add(f, &o);
}

static void test_strip(const struct strip *s)
{
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct blackouts b;
	struct addr server;
	uint64_t now = SECOND;

	for (const char *c = s->strip; *c; c++) {
		now += *c == ' ' ? SECOND : STEP;
		if (*c != ' ')
			put(f, *c, now);
	}
	addr_parse_port("192.0.2.1#53", &server);
	blackout_judge(a, f, &server, &b);
	is_str(blackout_slug(b.verdict), blackout_slug(s->verdict), s->what);
	is_int((int64_t)b.v.n, (int64_t)s->n, "… so many blackouts");
	if (s->n) {
		is_int(b.place, s->place, "… at that place");
		is_int(b.v.v[0].before, s->before, "… after so many queries");
	}
	arena_free(a);
}

/* What is left out: silences of the blackout, and no others, and no replies. */
static void test_voids(void)
{
	static const char strip[] = TEN "r" TEN FELL KNOCK BACK TEN "r" TEN;
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct voids v;
	struct addr server;
	uint64_t now = SECOND;
	unsigned int out = 0, heard = 0;

	for (const char *c = strip; *c; c++) {
		now += *c == ' ' ? SECOND : STEP;
		if (*c != ' ')
			put(f, *c, now);
	}
	addr_parse_port("192.0.2.1#53", &server);
	voids_judge(a, f, &server, &v);
	for (size_t i = 0; i < f->n; i++) {
		bool covered =
			addr_equal(&f->v[i]->ask.server, &server) && voids_cover(&v, f->v[i]);

		out += covered;
		heard += covered && f->v[i]->msg;
	}
	is_int(out, 10 + 3 * 3, "silences of the blackout are left out, and not the two others");
	is_int(heard, 0, "… and no reply is");
	ok(!v.limit.limiting, "… which is no limit");
	arena_free(a);
}

int main(void)
{
	name_parse("z.test.", &apex);
	for (size_t i = 0; i < ARRAY_LEN(strips); i++)
		test_strip(&strips[i]);
	test_voids();
	is_int(blackout_again(100), 216, "twice as many, and some more");
	is_str(blackout_slug((enum blackout_verdict)99), "unknown", "a slug for what is none");
	return tap_done();
}
