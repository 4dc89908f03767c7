/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Factors between two queries: every set of them is a valid query, none is lost. */
#include "infer/factor.h"

#include <string.h>

#include "dns/rr.h"
#include "tap.h"

static const uint8_t cookie[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const struct shape_option options[] = { { EDNS_COOKIE, 8, cookie }, { EDNS_NSID, 0, NULL } };
static const struct shape_option nsid[] = { { EDNS_NSID, 0, NULL } };

static struct ask plain(struct arena *a, const char *name)
{
	struct ask ask = { .question = { NULL, RR_SOA, CLASS_IN } };
	struct name n;

	if (addr_parse_port("192.0.2.1#53", &ask.server) < 0 || name_parse(name, &n) < 0)
		return ask;
	ask.question.name = name_keep(a, &n);
	return ask;
}

static struct ask full(struct arena *a)
{
	struct ask ask = plain(a, "Z.test.");

	ask.question.type = RR_TLSA;
	ask.source.port = 600;
	ask.shape = (struct shape){ .flags = FLAG_CD,
		.edns = true,
		.edns_size = 4096,
		.edns_flags = EDNS_DO | 0x80,
		.options = options,
		.noptions = 2 };
	return ask;
}

static bool has(const struct factor_pair *p, struct arena *a, const char *slug)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(factor_slug(a, &p->v[i]), slug) == 0)
			return true;
	return false;
}

static size_t place(const struct factor_pair *p, struct arena *a, const char *slug)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(factor_slug(a, &p->v[i]), slug) == 0)
			return i;
	return FACTORS_MOST;
}

static void test_pair(struct arena *a)
{
	static const char *const slugs[] = { "edns", "qtype", "do", "option-10", "option-3",
		"edns-size", "port", "case", "cd", "edns-flags" };
	struct ask f = full(a), w = plain(a, "z.test.");
	struct factor_pair p;
	struct ask got;
	bool sound = true;

	ok(factor_pair_make(&p, &f, &w) == 0 && p.n == 10, "ten factors, not %zu", p.n);
	for (size_t i = 0; i < 10; i++)
		ok(has(&p, a, slugs[i]), "%s is one", slugs[i]);
	got = factor_ask(a, &p, factor_all(&p));
	ok(factor_same(&got, &f), "all of them make the failing query");
	got = factor_ask(a, &p, 0);
	ok(factor_same(&got, &w), "none of them makes the working one");
	for (uint64_t set = 0; set <= factor_all(&p); set++) {
		got = factor_ask(a, &p, set);
		sound &= got.shape.edns ||
			 (!got.shape.edns_flags && !got.shape.noptions && !got.shape.edns_size);
		sound &= !got.shape.edns || got.shape.edns_size >= 512;
	}
	ok(sound, "nothing of EDNS without EDNS");
	got = factor_ask(a, &p, factor_bit(place(&p, a, "option-10")));
	ok(got.shape.edns && got.shape.noptions == 1 && got.shape.options[0].code == EDNS_COOKIE &&
			!got.shape.edns_flags && got.shape.edns_size == 512,
		"an option brings EDNS, and nothing else");
}

static void test_options(struct arena *a)
{
	struct ask f = full(a), w = full(a), got;
	struct factor_pair p;

	w.shape.options = nsid;
	w.shape.noptions = 1;
	ok(factor_pair_make(&p, &f, &w) == 0 && p.n == 1, "one option differs");
	got = factor_ask(a, &p, 0);
	ok(got.shape.noptions == 1 && got.shape.options[0].code == EDNS_NSID, "the other stays");
	ok(factor_pair_make(&p, &w, &f) == 0 && p.n == 1, "the option is left out");
	got = factor_ask(a, &p, 1);
	ok(factor_same(&got, &w), "… and so it is");
	w.shape = (struct shape){ 0 };
	ok(factor_pair_make(&p, &w, &f) == 0 && p.n == 2 && has(&p, a, "edns") && has(&p, a, "cd"),
		"without EDNS all of it goes at once");
	got = factor_ask(a, &p, factor_all(&p));
	ok(factor_same(&got, &w), "… and so it does");
}

static void test_server(struct arena *a)
{
	struct ask f = plain(a, "z.test."), w = plain(a, "z.test."), got;
	struct factor_pair p;
	struct buf b = { .arena = a };

	if (addr_parse_port("2001:db8::1#53", &f.server) < 0 ||
		addr_parse("2001:db8::2", &f.source) < 0 || addr_parse("192.0.2.9", &w.source) < 0)
		return;
	w.source.port = 7;
	ok(factor_pair_make(&p, &f, &w) == 0 && p.n == 2, "family and port");
	got = factor_ask(a, &p, factor_bit(place(&p, a, "server")));
	ok(got.source.family == ADDR_V6 && got.source.port == 7, "the source has the family, too");
	factor_words(&b, &p, place(&p, a, "server"));
	ok(strncmp(buf_text(&b), "over IPv6", 9) == 0, "%s", buf_text(&b));
}

int main(void)
{
	struct arena *a = arena_new();

	test_pair(a);
	test_options(a);
	test_server(a);
	arena_free(a);
	return tap_done();
}
