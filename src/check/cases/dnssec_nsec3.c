// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec03: the parameters of NSEC3.
#include "check/cases/dnssec_inner.h"

enum { HASH_SHA1 = 1 };

struct nsec3_lists {
	struct heard keyless, with_nsec3, without_nsec3, several, silent, error;
	bool keys;
	/* By hash algorithm, flags, iterations, octets of salt. */
	struct dnssec_groups hash, flags, iterations, salt;
};

/* The first record that can be read, and how many there are. */
static size_t find_nsec3(const struct msg *m, struct nsec3 *ret)
{
	struct nsec3 one;
	size_t n = 0;

	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];

		if (rr->section != MSG_AUTHORITY || rr->type != RR_NSEC3 || nsec3_read(rr, &one))
			continue;
		if (!n++)
			*ret = one;
	}
	return n;
}

static void take_number(
	struct cases *c, struct dnssec_groups *g, unsigned int number, const struct entry *e)
{
	dnssec_group(c, g, (struct dnssec_id){ .number = number }, e);
}

static void take_reply(struct cases *c, struct nsec3_lists *l, const struct entry *e)
{
	struct nsec3 nsec3 = { 0 };
	size_t n;

	if (!tree_is_authority(e->msg)) {
		vec_push(c->arena, &l->error, e);
		return;
	}
	n = find_nsec3(e->msg, &nsec3);
	if (!n) {
		vec_push(c->arena, &l->without_nsec3, e);
		return;
	}
	if (n > 1)
		vec_push(c->arena, &l->several, e);
	vec_push(c->arena, &l->with_nsec3, e);
	take_number(c, &l->hash, nsec3.hash, e);
	take_number(c, &l->flags, nsec3.flags, e);
	take_number(c, &l->iterations, nsec3.iterations, e);
	take_number(c, &l->salt, (unsigned int)nsec3.salt.n, e);
}

/* Only servers with keys are asked for NSEC. */
static void take_server(
	struct cases *c, struct nsec3_lists *l, const struct server *s, const struct entry *keys)
{
	const struct entry *e;

	if (!tree_is_authority(keys->msg))
		return;
	if (!dnssec_keys(c, keys).n) {
		vec_push(c->arena, &l->keyless, keys);
		return;
	}
	l->keys = true;
	e = cases_ask(c, s, &(struct cases_q){ .type = RR_NSEC, .manner = MANNER_DNSSEC });
	if (e->state == ENTRY_SILENT)
		vec_push(c->arena, &l->silent, e);
	if (e->msg)
		take_reply(c, l, e);
}

/* A finding about all of the groups: servers differ. */
static void emit_inconsistent(struct cases *c, enum tag tag, const struct dnssec_groups *g)
{
	struct finding *x;

	if (g->n < 2)
		return;
	x = cases_emit(c, tag);
	vec_each (const struct dnssec_group, group, *g)
		cases_evidence(c, x, group->heard.v[0]);
}

/* One value is as it should be. */
struct rating {
	unsigned int right;
	enum tag inconsistent, good, bad;
};

static void emit_rated(struct cases *c, const struct dnssec_groups *g, const struct rating *r)
{
	emit_inconsistent(c, r->inconsistent, g);
	vec_each (const struct dnssec_group, group, *g) {
		struct finding *x = cases_emit_heard(
			c, group->id.number == r->right ? r->good : r->bad, &group->heard);

		if (group->id.number != r->right)
			cases_int(c, x, "int", group->id.number);
	}
}

static void emit_flags(struct cases *c, const struct dnssec_groups *g)
{
	enum tag enabled = name_labels(c->zone) <= 1 ? TAG_DS03_NSEC3_OPT_OUT_ENABLED_TLD
						     : TAG_DS03_NSEC3_OPT_OUT_ENABLED_NON_TLD;

	emit_inconsistent(c, TAG_DS03_INCONSISTENT_NSEC3_FLAGS, g);
	vec_each (const struct dnssec_group, group, *g) {
		for (unsigned int bit = 0; bit < 7; bit++)
			if (group->id.number & (0x80U >> bit))
				cases_int(c,
					cases_emit_heard(
						c, TAG_DS03_UNASSIGNED_FLAG_USED, &group->heard),
					"int", bit);
		cases_emit_heard(c,
			group->id.number & NSEC3_OPT_OUT ? enabled
							 : TAG_DS03_NSEC3_OPT_OUT_DISABLED,
			&group->heard);
	}
}

static void emit(struct cases *c, const struct nsec3_lists *l)
{
	cases_emit_heard(c,
		l->keys ? TAG_DS03_SERVER_NO_DNSSEC_SUPPORT : TAG_DS03_NO_DNSSEC_SUPPORT,
		&l->keyless);
	cases_emit_heard(c, l->with_nsec3.n ? TAG_DS03_SERVER_NO_NSEC3 : TAG_DS03_NO_NSEC3,
		&l->without_nsec3);
	cases_emit_heard(c, TAG_DS03_ERR_MULT_NSEC3, &l->several);
	emit_rated(c, &l->hash,
		&(struct rating){ HASH_SHA1, TAG_DS03_INCONSISTENT_HASH_ALGO,
			TAG_DS03_LEGAL_HASH_ALGO, TAG_DS03_ILLEGAL_HASH_ALGO });
	emit_flags(c, &l->flags);
	emit_rated(c, &l->iterations,
		&(struct rating){ 0, TAG_DS03_INCONSISTENT_ITERATION,
			TAG_DS03_LEGAL_ITERATION_VALUE, TAG_DS03_ILLEGAL_ITERATION_VALUE });
	emit_rated(c, &l->salt,
		&(struct rating){ 0, TAG_DS03_INCONSISTENT_SALT_LENGTH, TAG_DS03_LEGAL_EMPTY_SALT,
			TAG_DS03_ILLEGAL_SALT_LENGTH });
	cases_emit_heard(c, TAG_DS03_NO_RESPONSE_NSEC_QUERY, &l->silent);
	cases_emit_heard(c, TAG_DS03_ERROR_RESPONSE_NSEC_QUERY, &l->error);
}

void dnssec03(struct cases *c)
{
	const struct heard keys = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	struct nsec3_lists lists = { 0 };

	vec_each (const struct server, s, c->del->all)
		take_server(c, &lists, s, keys.v[s - c->del->all.v]);
	emit(c, &lists);
}
