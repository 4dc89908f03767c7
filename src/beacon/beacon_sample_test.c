/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples and labels: there and back, and nothing else is taken for one. */
#include "beacon/beacon_sample.h"

#include "base/err.h"
#include "dns/rr.h"
#include "prop.h"

static struct beacon_sample draw_sample(struct rng *r)
{
	bool six = rng_below(r, 2), edns = rng_below(r, 4) > 0;
	struct beacon_sample s = {
		.from = { .family = six ? ADDR_V6 : ADDR_V4, .port = (uint16_t)rng_u64(r) },
		.tcp = rng_below(r, 2),
		.id = (uint16_t)rng_u64(r),
		.flags = (uint16_t)(rng_u64(r) & 0x07f0),
		.edns = edns,
		.dnssec_ok = edns && rng_below(r, 2),
		.edns_size = edns ? (uint16_t)rng_u64(r) : 0,
		.options = edns ? (uint8_t)rng_below(r, 32) : 0,
		.type = (uint8_t)rng_u64(r),
		.upper = (uint32_t)rng_u64(r),
	};

	for (size_t i = 0; i < (six ? 16 : 4); i++)
		s.from.ip[i] = (uint8_t)rng_u64(r);
	return s;
}

static bool same(const struct beacon_sample *a, const struct beacon_sample *b)
{
	return addr_equal(&a->from, &b->from) && a->tcp == b->tcp && a->id == b->id &&
	       a->flags == b->flags && a->edns == b->edns && a->dnssec_ok == b->dnssec_ok &&
	       a->edns_size == b->edns_size && a->options == b->options && a->type == b->type &&
	       a->upper == b->upper;
}

static bool case_sample(struct rng *r)
{
	struct beacon_sample s = draw_sample(r), again;
	char text[BEACON_SAMPLE_TEXT];
	size_t n = beacon_sample_text(&s, text);

	return n <= BEACON_SAMPLE_TEXT &&
	       beacon_sample_parse((struct span){ (uint8_t *)text, n }, &again) == 0 &&
	       same(&s, &again) &&
	       beacon_sample_parse((struct span){ (uint8_t *)text, n - 1 }, &again) < 0;
}

/* In any letter case, in front of any zone; and what is parsed is written the same. */
static bool case_label(struct rng *r)
{
	struct beacon_label l = {
		.steps = (uint8_t)rng_below(r, BEACON_STEPS_MOST + 1),
		.seed = (uint32_t)rng_u64(r) >> (32 - BEACON_SEED_BITS),
		.first = rng_below(r, 3) == 0,
		.proof = rng_u64(r) >> (64 - BEACON_PROOF_BITS),
	}, again;
	char text[NAME_MAX_LABEL + 1], second[NAME_MAX_LABEL + 1];
	struct name n;

	l.sample = draw_sample(r);
	beacon_label_text(&l, text);
	if (name_prepend(&name_root, text, &n) < 0)
		return false;
	beacon_set_case(&n, (uint32_t)rng_u64(r));
	if (beacon_label_parse(&n, &again) < 0)
		return false;
	beacon_label_text(&again, second);
	return strcmp(text, second) == 0 && again.first == l.first && again.steps == l.steps &&
	       again.seed == l.seed && (l.first || same(&l.sample, &again.sample));
}

static bool case_letters(struct rng *r)
{
	uint32_t upper = (uint32_t)rng_u64(r) & 0xfffff;
	struct name n, lower;

	name_parse("1abcdefghij.klmnopqrst.x-9.example", &n);
	lower = n;
	beacon_set_case(&n, upper);
	return beacon_case(&n) == upper && name_equal(&n, &lower) &&
	       name_same_case(&n, &lower) == (upper == 0);
}

static const struct {
	const char *name, *label;
	bool good;
} labels[] = {
	{ "an asker's", "18e30kqa", true },
	{ "in upper case", "18E30KQA", true },
	{ "the last of a chain cannot be first, but asks for itself", "10e30kqa", true },
	{ "no more steps than resolvers take", "1ae30kqa", true },
	{ "too many steps", "1be30kqa", false },
	{ "another version", "28e30kqa", false },
	{ "no digit of base32hex", "18e30kqw", false },
	{ "too short", "18e30kq", false },
	{ "without a sample", "18e30kqaqqqqqqqq", false },
	{ "a sample cut short", "18e30kqaqqqqqqqq000000", false },
	{ "a plain name", "www", false },
	{ "an address that is none", "17e30kqaqqqqqqqq0000000000000000000000000000", true },
	{ "bits left over", "17e30kqaqqqqqqqq0000000000000000000000000001", false },
	{ "EDNS options without EDNS", "17e30kqaqqqqqqqq2000000000000000000000000000", false },
	{ "IPv4's length with IPv6's flag", "17e30kqaqqqqqqqq0g00000000000000000000000000", false },
};

int main(void)
{
	prop("samples", case_sample, 2000);
	prop("labels", case_label, 2000);
	prop("letter case", case_letters, 500);
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		struct beacon_label l;
		struct name n;

		name_prepend(&name_root, labels[i].label, &n);
		ok((beacon_label_parse(&n, &l) == 0) == labels[i].good, "%s: %s", labels[i].name,
			labels[i].label);
	}
	ok(beacon_label_parse(&name_root, &(struct beacon_label){ 0 }) < 0, "the root");
	return tap_done();
}
