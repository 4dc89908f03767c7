// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec01 to dnssec09 in signed worlds that are healthy, or spoilt in one way.
#include <string.h>

#include "base/err.h"
#include "check/cases.h"
#include "signer.h"
#include "treeworld.h"

enum { DAY = SIGNER_DAY, HOUR = 3600, ALG_NONE = 99 };

#define CSK(which, number)                                                                         \
	{                                                                                          \
		.pem = which, .algorithm = number, .flags = 257, .signs = SIGNER_BOTH              \
	}
#define SOUND_KEY CSK(SIGNER_P256_1, 13)
#define SOUND_DS                                                                                   \
	{                                                                                          \
		.key = 1, .digest = 2                                                              \
	}
#define SOUND .keys = { SOUND_KEY }, .ds = { SOUND_DS }, .denial = SIGNER_NSEC3
#define KEYLESS(number)                                                                            \
	{                                                                                          \
		.algorithm = number, .flags = 256, .raw = "0123456789abcdef"                       \
	}

static const struct signer_plan xa_opt_out = {
	.keys = { CSK(SIGNER_P256_3, 13) }, .denial = SIGNER_NSEC3, .opt_out = true
};
static const struct signer_plan sound = { SOUND };
static const struct signer_plan no_ds = { .keys = { SOUND_KEY } };

/* dnssec01 */
static const struct signer_plan two_digests = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 1 }, SOUND_DS } };
static const struct signer_plan sha1 = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 1 } } };
static const struct signer_plan sha384 = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 4 } } };
static const struct signer_plan strange_digests = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 128 }, { .key = 1, .digest = 7 }, { .key = 1, .digest = 253 },
		SOUND_DS } };
static const struct signer_plan null_digest = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 0 }, SOUND_DS } };

/* dnssec02 */
static const struct signer_plan wrong_digest = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 2, .wrong_digest = true } } };
static const struct signer_plan wrong_tag = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 2, .wrong_tag = true } } };
static const struct signer_plan wrong_algorithm = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 2, .algorithm = 8 } } };
static const struct signer_plan unknown_algorithm = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 2, .algorithm = ALG_NONE } } };
static const struct signer_plan private_digest = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 253 } } };
static const struct signer_plan one_too_many = { .keys = { SOUND_KEY },
	.ds = { SOUND_DS, { .key = 1, .digest = 2, .wrong_tag = true } } };
static const struct signer_plan no_zone_key = {
	.keys = { { .pem = SIGNER_P256_1, .algorithm = 13, .flags = 0, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 253 } },
};
static const struct signer_plan no_sep = {
	.keys = { { .pem = SIGNER_P256_1, .algorithm = 13, .flags = 256, .signs = SIGNER_BOTH } },
	.ds = { SOUND_DS },
};
static const struct signer_plan idle_key = {
	.keys = { { .pem = SIGNER_P256_1, .algorithm = 13, .flags = 257 }, CSK(SIGNER_P256_2, 13) },
	.ds = { SOUND_DS },
};
static const struct signer_plan half_idle = {
	.keys = { SOUND_KEY, { .pem = SIGNER_P256_2, .algorithm = 13, .flags = 257 } },
	.ds = { SOUND_DS, { .key = 2, .digest = 2 } },
};
static const struct signer_plan other_keys = { .keys = { CSK(SIGNER_P256_2, 13) },
	.denial = SIGNER_NSEC3 };

/* dnssec03 */
static const struct signer_plan nsec = { .keys = { SOUND_KEY }, .ds = { SOUND_DS } };
static const struct signer_plan salted = { SOUND, .iterations = 10, .salt = "aabbcc" };
static const struct signer_plan opt_out = { SOUND, .opt_out = true };
static const struct signer_plan all_other = { SOUND, .iterations = 1, .salt = "aa",
	.opt_out = true };

/* dnssec04 */
#define LIVES(begin, end)                                                                          \
	{                                                                                          \
		SOUND, .from = begin, .to = end                                                    \
	}
static const struct signer_plan expired = LIVES(-10 * DAY, -DAY);
static const struct signer_plan ahead = LIVES(DAY, 10 * DAY);
static const struct signer_plan hours_left = LIVES(-10 * DAY, 11 * HOUR);
static const struct signer_plan enough_left = LIVES(-10 * DAY, 12 * HOUR);
static const struct signer_plan far_end = LIVES(-HOUR, 181 * DAY);
static const struct signer_plan long_life = LIVES(-170 * DAY, 20 * DAY);

/* dnssec05 */
static const struct signer_plan strange_keys = {
	.keys = { SOUND_KEY, KEYLESS(2), KEYLESS(253), KEYLESS(4), KEYLESS(ALG_NONE), KEYLESS(5) },
	.ds = { SOUND_DS },
};
static const struct signer_plan sha512 = { .keys = { CSK(SIGNER_RSA2048_1, 10) },
	.ds = { SOUND_DS } };

/* dnssec06 to dnssec09 */
#define SPOIL(name, what)                                                                          \
	static const struct signer_plan keys_##name = { SOUND,                                     \
		.spoils = { { .type = RR_DNSKEY, what } }, .stranger = ALG_NONE };                 \
	static const struct signer_plan soa_##name = { SOUND,                                      \
		.spoils = { { .type = RR_SOA, what } }, .stranger = ALG_NONE }
SPOIL(unsigned, .how = SIGNER_UNSIGNED);
SPOIL(wrong, .how = SIGNER_WRONG);
SPOIL(tag, .how = SIGNER_TAG);
SPOIL(stranger, .how = SIGNER_STRANGER);
SPOIL(unknown, .how = SIGNER_ALGORITHM);
#define TIMES(begin, end) .how = SIGNER_TIMES, .from = begin, .to = end
SPOIL(expired, TIMES(-10 * DAY, -1));
SPOIL(last_second, TIMES(-10 * DAY, 0));
SPOIL(ahead, TIMES(1, 10 * DAY));
SPOIL(first_second, TIMES(0, 10 * DAY));
static const struct signer_plan one_expired = { .keys = { SOUND_KEY, CSK(SIGNER_P256_2, 13) },
	.ds = { SOUND_DS },
	.spoils = { { .key = 2, TIMES(-10 * DAY, -DAY) } } };

static const struct signer_plan expired_no_ds = {
	.keys = { SOUND_KEY }, .from = -10 * DAY, .to = -DAY
};
static const struct signer_plan private_wrong = { .keys = { SOUND_KEY },
	.ds = { { .key = 1, .digest = 253 } },
	.spoils = { { .type = RR_DNSKEY, .how = SIGNER_WRONG } } };
static const struct signer_plan half_wrong = { .keys = { SOUND_KEY },
	.ds = { SOUND_DS, { .key = 1, .digest = 2, .wrong_digest = true } } };

/* NSEC3 flags (RFC 5155 3.1.2), in the first record. */
static void set_flag(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	vec_each (struct treeworld_record, one, r->records)
		if (one->type == RR_NSEC3)
			((uint8_t *)one->rdata.p)[1] |= 0x80;
}

/* An unknown hash algorithm: simulated servers prove nothing by it. */
static void set_hash(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	vec_each (struct treeworld_record, one, r->records)
		if (one->type == RR_NSEC3)
			((uint8_t *)one->rdata.p)[0] = 2;
}

/* The NSEC3 record twice, with another hash of the next name. */
static void double_nsec3(struct treeworld_reply *r, const struct ask *ask)
{
	struct treeworld_record again = { 0 };

	(void)ask;
	vec_each (struct treeworld_record, one, r->records)
		if (one->type == RR_NSEC3)
			again = *one;
	if (!again.rdata.n)
		return;
	again.owner.wire[1] ^= 1;
	vec_push(r->arena, &r->records, again);
}

/* A DNSKEY record of another name beside the true answer's signature. */
static void rename_keys(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	vec_each (struct treeworld_record, one, r->records)
		if (one->type == RR_DNSKEY || one->type == RR_DS || one->type == RR_SOA)
			one->owner.wire[1] ^= 1;
}

static void clear_do(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	r->edns_flags = 0;
}

#define NS1	    "ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1"
#define NS2	    "ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1"
#define OTHER	    "ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1"
#define XA_A	    "a.nic.xa/9.13.0.1 a.nic.xa/2a09:13::1"
#define XA_B	    "b.nic.xa/9.14.0.1 b.nic.xa/2a09:14::1"
#define TAG_P256_1  "31849"
#define UNDELEGATED "ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1"
#define OF(...)	    .changes = { { __VA_ARGS__ } }
#define AT_NS2(...)                                                                                \
	{                                                                                          \
		.at = "ns2.child.xa", .zone = "child.xa.", __VA_ARGS__                             \
	}
#define NO_DS_AT_B                                                                                 \
	{                                                                                          \
		.at = "b.nic.xa", .zone = "xa.", .drop = "child.xa. DS"                            \
	}

#include "dnssec_a_rows.h"

/* Tags that a row has met: of dnssec01 to dnssec09. */
static bool seen[TAGS];

static void note(const struct findings *f)
{
	vec_each (const struct finding, x, f->list)
		for (size_t i = 0; i < TAGS && x->tag; i++)
			if (strcmp(tag_table[i].name, x->tag) == 0)
				seen[i] = true;
}

/* Every key of a finding's line is there; between brackets it need not be. */
static bool line_whole(struct arena *a, const struct finding *x)
{
	bool whole = true, inside = false;

	for (const char *t = x->line; *t; t++) {
		if (*t == '[' || *t == ']')
			inside = *t == '[';
		if (*t != '{' || inside)
			continue;
		whole &= strncmp(t, "{subject}", 9) == 0 ||
			 finding_find(x, arena_printf(a, "%.*s", (int)strcspn(t + 1, "}"), t + 1));
	}
	return whole;
}

static void test_lines(struct arena *a, const struct findings *f)
{
	vec_each (const struct finding, x, f->list)
		if (x->tag && (!x->line || !line_whole(a, x)))
			ok(false, "%s: %s", x->tag, x->line ? x->line : "no line");
}

static void run_row(const struct treeworld_row *row)
{
	struct arena *a = arena_new();
	struct treeworld_run run = treeworld_run(a, row);

	ok(run.ended, "%s, %s: ends", row->cases, row->what);
	is_str(treeworld_tags(a, &run, row), row->expect,
		arena_printf(a, "%s, %s", row->cases, row->what));
	note(&run.findings);
	test_lines(a, &run.findings);
	arena_free(a);
}

/* What it does to lookups. */
static const struct weight {
	struct treeworld_row row;
	const char *tag;
	enum effect effect;
} weights[] = {
	{ { .cases = "dnssec07 dnssec08", .secure = true, .child = &keys_expired },
		"DS08_DNSKEY_RRSIG_EXPIRED", EFFECT_EXPLAINS },
	{ { .cases = "dnssec07 dnssec08",
		  .secure = true,
		  .child = &sound,
		  .changes = { AT_NS2(.sign = &expired) } },
		"DS08_DNSKEY_RRSIG_EXPIRED", EFFECT_INTERMITTENT },
	/* Another signature is good; no DS leads to the zone. */
	{ { .cases = "dnssec07 dnssec08", .secure = true, .child = &one_expired },
		"DS08_DNSKEY_RRSIG_EXPIRED", EFFECT_COSMETIC },
	{ { .cases = "dnssec07 dnssec08", .secure = true, .child = &expired_no_ds },
		"DS08_DNSKEY_RRSIG_EXPIRED", EFFECT_COSMETIC },
	{ { .cases = "dnssec07 dnssec02", .secure = true, .child = &wrong_digest },
		"DS02_NO_MATCH_DS_DNSKEY", EFFECT_EXPLAINS },
	{ { .cases = "dnssec07 dnssec02", .secure = true, .child = &half_wrong },
		"DS02_NO_MATCH_DS_DNSKEY", EFFECT_COSMETIC },
	{ { .cases = "dnssec07 dnssec02", .secure = true, .child = &wrong_tag },
		"DS02_NO_VALID_DNSKEY_FOR_ANY_DS", EFFECT_EXPLAINS },
	{ { .cases = "dnssec07 dnssec02", .secure = true, .child = &wrong_algorithm },
		"DS02_NO_MATCH_DS_DNSKEY", EFFECT_EXPLAINS },
	/* Of a DS that they do not know validators make nothing. */
	{ { .cases = "dnssec07 dnssec02", .secure = true, .child = &unknown_algorithm },
		"DS02_NO_MATCH_DS_DNSKEY", EFFECT_COSMETIC },
	{ { .cases = "dnssec07" }, "DS07_NOT_SIGNED_ON_SERVER", EFFECT_COSMETIC },
	/* Who cannot follow the DS takes the zone for unsigned. */
	{ { .cases = "dnssec07 dnssec02", .secure = true, .child = &private_wrong },
		"DS02_RRSIG_NOT_VALID_BY_DNSKEY", EFFECT_COSMETIC },
};

static const struct finding *find_tag(const struct findings *f, const char *tag)
{
	vec_each (const struct finding, x, f->list)
		if (x->tag && strcmp(x->tag, tag) == 0)
			return x;
	return NULL;
}

static void test_weights(void)
{
	for (size_t i = 0; i < ARRAY_LEN(weights); i++) {
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, &weights[i].row);
		const struct finding *x = find_tag(&run.findings, weights[i].tag);

		ok(x != NULL, "weight %zu: %s is there", i, weights[i].tag);
		is_int(x ? (int)x->effect : -1, weights[i].effect, "its effect");
		arena_free(a);
	}
}

/* Questions of that type about child.xa., as those who validate ask. */
static size_t asked(const struct treeworld_run *run, uint16_t type)
{
	size_t n = 0;

	for (size_t i = 0; i < run->facts->n; i++) {
		const struct question *q = &run->facts->v[i]->ask.question;

		n += q->type == type && name_equal(q->name, run->facts->tree->zone) &&
		     run->facts->v[i]->ask.shape.edns_size ==
			     manner_table[MANNER_DNSSEC].shape.edns_size;
	}
	return n;
}

/* In an unsigned zone nothing is asked or said beyond dnssec07 and dnssec11. */
static void test_unsigned(void)
{
	struct arena *a = arena_new();
	struct treeworld_run run = treeworld_run(a, &(struct treeworld_row){ 0 });

	is_int((int)asked(&run, RR_NSEC), 0, "an unsigned zone is not asked for NSEC");
	is_int((int)asked(&run, RR_DNSKEY), 6, "but for keys");
	ok(find_tag(&run.findings, "DS07_NOT_SIGNED") != NULL, "it is told that it is unsigned");
	ok(!find_tag(&run.findings, "DS01_PARENT_ZONE_NO_DS"), "but not by dnssec01");
	ok(!find_tag(&run.findings, "DS05_ZONE_NO_DNSSEC"), "nor by dnssec05");
	arena_free(a);
}

/* Nine test cases, five questions to each server. */
static void test_thrift(void)
{
	struct arena *a = arena_new();
	struct treeworld_run run = treeworld_run(a,
		&(struct treeworld_row){ .secure = true,
			.cases = "dnssec01 dnssec02 dnssec03 dnssec04 dnssec05 dnssec06 dnssec07 "
				 "dnssec08 dnssec09" });

	is_int((int)asked(&run, RR_DNSKEY), 6, "keys: once a server");
	is_int((int)asked(&run, RR_NSEC), 6, "NSEC: once a server");
	is_int((int)asked(&run, RR_DS), 4, "DS: once a server of the parent");
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		run_row(&rows[i]);
	test_weights();
	test_unsigned();
	test_thrift();
	for (size_t i = TAG_DS01_DS_ALGO_DEPRECATED; i < TAG_DS10_ERR_MULT_NSEC; i++)
		if (tag_table[i].level >= SEV_WARNING)
			ok(seen[i], "%s is met", tag_table[i].name);
	return tap_done();
}
