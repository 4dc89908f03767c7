/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of base/portset. */
#include "base/portset.h"

#include "prop.h"
#include "tap.h"

#include "base/err.h"

/* Text in, canonical text out. */
static const struct {
	const char *text, *want;
	uint32_t count, ranges;
} good[] = {
	{ "", "", 0, 0 },
	{ "0", "0", 1, 1 },
	{ "65535", "65535", 1, 1 },
	{ "0-65535", "0-65535", 65536, 1 },
	{ "1-52,54-1023", "1-52,54-1023", 1022, 2 },
	{ "54-1023,1-52", "1-52,54-1023", 1022, 2 },
	{ "7000-7999", "7000-7999", 1000, 1 },
	{ "1-10,5-20,21", "1-21", 21, 1 },
	{ "53,53,53", "53", 1, 1 },
	{ "63,64", "63-64", 2, 1 },
	{ "63,65", "63,65", 2, 2 },
	{ "64-127", "64-127", 64, 1 },
	{ "0-63", "0-63", 64, 1 },
	{ "63-128", "63-128", 66, 1 },
	{ "5-5", "5", 1, 1 },
	{ "0-49151", "0-49151", 49152, 1 },
	{ "11211,1,65535,0", "0-1,11211,65535", 4, 3 },
};

static const struct {
	const char *text;
	size_t at;
} bad[] = {
	{ ",", 0 },
	{ "1,", 2 },
	{ "1,,2", 2 },
	{ "65536", 4 },
	{ "99999999999999999999", 4 },
	{ "-1", 0 },
	{ "1-", 2 },
	{ "1--2", 2 },
	{ "2-1", 2 },
	{ "1-65536", 6 },
	{ " 1", 0 },
	{ "1 ", 1 },
	{ "1, 2", 2 },
	{ "a", 0 },
	{ "1;2", 1 },
	{ "0x10", 1 },
	{ "01", 1 },
	{ "1-02", 3 },
	{ "00", 1 },
	{ "1-2-3", 3 },
	{ "+1", 0 },
	{ "1.5", 1 },
};

static void test_good(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct buf b = { .arena = a };
		struct portset s;

		ok(portset_parse(good[i].text, &s, NULL) == 0, "reads '%s'", good[i].text);
		portset_text(&s, &b);
		is_str(buf_text(&b), good[i].want, "text");
		is_int(portset_count(&s), good[i].count, "count");
		is_int(portset_ranges(&s), good[i].ranges, "ranges");
		is_int(portset_empty(&s), good[i].count == 0, "empty");
	}
}

static void test_bad(void)
{
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct portset s = { .w = { 42 } };
		size_t at = 99;

		is_int(portset_parse(bad[i].text, &s, &at), -ERR_PARSE, bad[i].text);
		is_int((int64_t)at, (int64_t)bad[i].at, "offset");
		is_int((int64_t)s.w[0], 42, "result untouched");
		ok(portset_parse(bad[i].text, &s, NULL) < 0, "no offset wanted");
	}
}

static void test_walk(void)
{
	struct portset s = { 0 };
	struct portrange r = { 7, 7 };

	is_int(portset_next(&s, 0), -1, "nothing in the empty set");
	ok(!portset_next_range(&s, 0, &r) && r.lo == 7, "no range in the empty set");
	is_int(portset_nth(&s, 0), -1, "no first member of the empty set");
	portset_parse("10-20,64-200,65535", &s, NULL);
	is_int(portset_next(&s, 0), 10, "first");
	is_int(portset_next(&s, 20), 20, "itself");
	is_int(portset_next(&s, 21), 64, "over a gap");
	is_int(portset_next(&s, 201), 65535, "the last port");
	is_int(portset_next(&s, 65536), -1, "behind the end");
	ok(portset_next_range(&s, 0, &r) && r.lo == 10 && r.hi == 20, "first range");
	ok(portset_next_range(&s, 10, &r) && r.lo == 10 && r.hi == 20, "range that begins here");
	ok(portset_next_range(&s, 11, &r) && r.lo == 64 && r.hi == 200,
		"range begun before is out");
	ok(portset_next_range(&s, 201, &r) && r.lo == 65535 && r.hi == 65535, "last range");
	ok(!portset_next_range(&s, 65536, &r), "no range behind the end");
	is_int(portset_nth(&s, 0), 10, "nth 0");
	is_int(portset_nth(&s, 10), 20, "nth 10");
	is_int(portset_nth(&s, 11), 64, "nth 11");
	is_int(portset_nth(&s, 148), 65535, "nth last");
	is_int(portset_nth(&s, 149), -1, "nth beyond");
}

/* A random set of a few ranges beside the plainest model of it: one bool a port. */
struct pair {
	struct portset set;
	bool model[65536];
};

static void random_pair(struct rng *r, struct pair *p)
{
	uint32_t n = rng_below(r, 8);

	*p = (struct pair){ 0 };
	for (uint32_t i = 0; i < n; i++) {
		uint32_t lo = rng_below(r, 65536);
		uint32_t size = rng_below(r, 2) ? rng_below(r, 65536 - lo) : rng_below(r, 3);
		uint32_t hi = lo + size > 65535 ? 65535 : lo + size;

		portset_add_range(&p->set, (struct portrange){ (uint16_t)lo, (uint16_t)hi });
		for (uint32_t port = lo; port <= hi; port++)
			p->model[port] = true;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint16_t port = (uint16_t)rng_below(r, 65536);

		portset_remove(&p->set, port);
		p->model[port] = false;
		port = (uint16_t)rng_below(r, 65536);
		portset_add(&p->set, port);
		p->model[port] = true;
	}
}

static bool matches(const struct pair *p)
{
	for (uint32_t port = 0; port < 65536; port++) {
		if (portset_has(&p->set, (uint16_t)port) != p->model[port])
			return false;
	}
	return true;
}

static bool case_model(struct rng *r)
{
	static struct pair p;
	uint32_t count = 0, ranges = 0;
	int32_t next;

	random_pair(r, &p);
	if (!matches(&p))
		return false;
	next = portset_next(&p.set, 0);
	for (uint32_t port = 0; port < 65536; port++) {
		if (!p.model[port])
			continue;
		if (next != (int32_t)port || portset_nth(&p.set, count) != next)
			return false;
		next = portset_next(&p.set, port + 1);
		count++;
		ranges += port == 0 || !p.model[port - 1];
	}
	return next == -1 && count == portset_count(&p.set) && ranges == portset_ranges(&p.set);
}

static bool case_text(struct rng *r)
{
	static struct pair p;
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	struct portset back;
	bool same;

	random_pair(r, &p);
	portset_text(&p.set, &b);
	same = portset_parse(buf_text(&b), &back, NULL) == 0 && portset_equal(&back, &p.set);
	arena_free(a);
	return same;
}

static bool case_algebra(struct rng *r)
{
	static struct pair a, b, either, both, less;

	random_pair(r, &a);
	random_pair(r, &b);
	either = both = less = a;
	portset_or(&either.set, &b.set);
	portset_and(&both.set, &b.set);
	portset_minus(&less.set, &b.set);
	for (uint32_t port = 0; port < 65536; port++) {
		either.model[port] = a.model[port] || b.model[port];
		both.model[port] = a.model[port] && b.model[port];
		less.model[port] = a.model[port] && !b.model[port];
	}
	return matches(&either) && matches(&both) && matches(&less) &&
	       portset_equal(&a.set, &b.set) == (memcmp(a.model, b.model, sizeof(a.model)) == 0);
}

/* Any bytes: never a crash, and what is read writes back to the same set. */
static bool case_noise(struct rng *r)
{
	static const char letters[] = "0123456789-,-, x";
	char text[24];
	size_t n = rng_below(r, sizeof(text)), at = SIZE_MAX;
	struct portset s;

	for (size_t i = 0; i < n; i++)
		text[i] = letters[rng_below(r, sizeof(letters) - 1)];
	text[n] = '\0';
	return portset_parse(text, &s, &at) == 0 ? at == SIZE_MAX : at <= n;
}

int main(void)
{
	struct arena *a = arena_new();

	test_good(a);
	test_bad();
	test_walk();
	prop("set = model, member by member", case_model, 20);
	prop("parse(text(s)) = s", case_text, 300);
	prop("or, and, minus = the same on the model", case_algebra, 60);
	prop("noise is refused with an offset", case_noise, 20000);
	arena_free(a);
	return tap_done();
}
