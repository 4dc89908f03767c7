// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec05, dnssec06: the zone's keys, and that signatures come with them.
#include "check/cases/dnssec_inner.h"

#include "base/err.h"

void dnssec05(struct cases *c)
{
	static const enum tag order[] = { TAG_DS05_ALGO_DEPRECATED, TAG_DS05_ALGO_RESERVED,
		TAG_DS05_ALGO_UNASSIGNED, TAG_DS05_ALGO_NOT_RECOMMENDED, TAG_DS05_ALGO_PRIVATE,
		TAG_DS05_ALGO_NOT_ZONE_SIGN, TAG_DS05_ALGO_OK };
	const struct heard asked = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	struct heard ignored = { 0 }, without = { 0 };
	struct dnssec_groups all = { 0 };

	for (size_t i = 0; i < asked.n; i++) {
		const struct entry *e = asked.v[i];
		const struct dnssec_keys keys = dnssec_keys(c, e);

		if (e->state == ENTRY_PENDING || e->state == ENTRY_UNSENT)
			continue;
		if (!tree_is_authority(e->msg))
			vec_push(c->arena, &ignored, e);
		else if (!keys.n)
			vec_push(c->arena, &without, e);
		else
			vec_each (const struct dnskey, k, keys)
				dnssec_group(
					c, &all, (struct dnssec_id){ k->tag, k->algorithm }, e);
	}
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		struct dnssec_groups rated = { 0 };

		vec_each (const struct dnssec_group, g, all)
			if (dnssec_algorithm_row((uint8_t)g->id.number)->rated == order[i])
				vec_push(c->arena, &rated, *g);
		dnssec_emit_groups(c, order[i], &rated, DNSSEC_TAG | DNSSEC_ALGORITHM);
	}
	if (!without.n && !all.n)
		cases_emit_heard(c, TAG_DS05_NO_RESPONSE, &ignored);
	cases_emit_heard(c, all.n ? TAG_DS05_SERVER_NO_DNSSEC : TAG_DS05_ZONE_NO_DNSSEC, &without);
}

/* It only makes sense when dnssec07 finds keys: where no server has any, nothing is said. */
void dnssec06(struct cases *c)
{
	const struct heard asked = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	struct heard good = { 0 }, broken = { 0 };
	bool keys = false;

	for (size_t i = 0; i < asked.n; i++) {
		const struct msg *m = asked.v[i]->msg;
		bool key = m && msg_count(m, (struct rr_wanted){ MSG_ANSWER, RR_DNSKEY, NULL });

		keys |= key;
		if (key && msg_count(m, (struct rr_wanted){ MSG_ANSWER, RR_RRSIG, NULL }))
			vec_push(c->arena, &good, asked.v[i]);
		else if (m && m->rcode == RCODE_NOERROR)
			vec_push(c->arena, &broken, asked.v[i]);
	}
	if (!keys)
		return;
	cases_emit_heard(c, TAG_EXTRA_PROCESSING_OK, &good);
	cases_emit_heard(c, TAG_EXTRA_PROCESSING_BROKEN, &broken);
}
