// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec14: lengths of RSA keys.
#include "base/err.h"
#include "check/cases/dnssec_said.h"

/* Bits of a modulus: RFC 3110 2, RFC 5702 2; what is recommended by NIST SP 800-57 part 1. */
enum { BITS_GOOD = 2048 };
static const struct limits_row {
	uint8_t algorithm;
	unsigned int least, most;
} limits[] = {
	{ 5, 512, 4096 },
	{ 7, 512, 4096 },
	{ 8, 512, 4096 },
	{ 10, 1024, 4096 },
};

/* NULL: no RSA, or one that is not to be used anyway. */
static const struct limits_row *limits_of(uint8_t algorithm)
{
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (limits[i].algorithm == algorithm)
			return &limits[i];
	return NULL;
}

/* A key, and who has it. */
struct sized {
	struct dnskey key;
	struct heard heard;
};
struct sizes VEC(struct sized);

static void add(
	struct cases *c, struct sizes *list, const struct dnskey *key, const struct entry *e)
{
	size_t at = 0;

	while (at < list->n &&
		(list->v[at].key.tag != key->tag || list->v[at].key.algorithm != key->algorithm ||
			list->v[at].key.bits != key->bits))
		at++;
	if (at == list->n)
		vec_push(c->arena, list, (struct sized){ .key = *key });
	vec_push(c->arena, &list->v[at].heard, e);
}

/* Says what is wrong with the key's length; true: nothing. */
static bool judge(struct cases *c, const struct sized *s)
{
	const struct limits_row *row = limits_of(s->key.algorithm);
	struct finding *x;
	enum tag tag;

	if (!row || !s->key.bits)
		return true;
	if (s->key.bits < row->least)
		tag = TAG_DNSKEY_TOO_SMALL_FOR_ALGO;
	else if (s->key.bits < BITS_GOOD)
		tag = TAG_DNSKEY_SMALLER_THAN_REC;
	else if (s->key.bits > row->most)
		tag = TAG_DNSKEY_TOO_LARGE_FOR_ALGO;
	else
		return true;
	x = cases_emit_heard(c, tag, &s->heard);
	cases_int(c, x, "keytag", s->key.tag);
	cases_int(c, x, "algo_num", s->key.algorithm);
	cases_text(c, x, "algo_descr", dnssec_algorithm_row(s->key.algorithm)->descr);
	cases_int(c, x, "keysize", s->key.bits);
	cases_int(c, x, "keysizemin", row->least);
	cases_int(c, x, "keysizemax", row->most);
	cases_int(c, x, "keysizerec", BITS_GOOD);
	return false;
}

void dnssec14(struct cases *c)
{
	struct heard asked = dnssec_ask(c, &c->del->all, RR_DNSKEY), silent = { 0 }, none = { 0 };
	struct sizes sizes = { 0 };
	struct finding *x;
	bool good = true;

	for (size_t i = 0; i < asked.n; i++) {
		const struct entry *e = asked.v[i];
		struct dnssec_keys keys = { 0 };

		if (!dnssec_said_settled(e))
			continue;
		if (e->msg && !e->truncated)
			keys = dnssec_keys(c, e);
		if (!e->msg || e->truncated)
			vec_push(c->arena, &silent, e);
		else if (!keys.n)
			vec_push(c->arena, &none, e);
		vec_each (const struct dnskey, k, keys)
			add(c, &sizes, k, e);
	}
	x = cases_emit_heard(c, TAG_NO_RESPONSE, &silent);
	if (x)
		cases_name(c, x, "query_name", c->zone);
	cases_emit_heard(c, TAG_NO_RESPONSE_DNSKEY, &none);
	vec_each (const struct sized, s, sizes)
		good &= judge(c, s);
	if (good && sizes.n && !none.n)
		cases_emit(c, TAG_KEY_SIZE_OK);
}
