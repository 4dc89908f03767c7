// SPDX-License-Identifier: GPL-3.0-or-later
// Data of the zone's own name, from the first suitable reply.
#include "check/cases/apex.h"

#include "dns/rr.h"

static bool suits(const struct msg *m, const struct apex_wish *wish)
{
	if (wish->authority && !(m->flags & FLAG_AA))
		return false;
	return !wish->answered || tree_answers(m, NULL, wish->type);
}

struct apex_found apex_reply(struct cases *c, struct apex_wish wish)
{
	struct apex_found f = { .pending = c->del->pending, .unsent = c->del->all.n > 0 };

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = wish.type });

		f.unsent &= e->state == ENTRY_UNSENT;
		if (f.entry)
			continue;
		f.pending |= e->state == ENTRY_PENDING;
		if (e->msg && suits(e->msg, &wish))
			f.entry = e;
	}
	if (f.pending)
		f.entry = NULL;
	return f;
}

bool apex_soa(
	struct cases *c, struct apex_wish wish, struct soa *ret, const struct entry **ret_entry)
{
	struct apex_found f;
	const struct rr *rr = NULL;

	wish.type = RR_SOA;
	f = apex_reply(c, wish);
	if (f.entry)
		rr = msg_find(f.entry->msg, (struct rr_wanted){ MSG_ANSWER, RR_SOA, NULL });
	if (rr && msg_rdata_soa(f.entry->msg, rr, ret) == 0) {
		*ret_entry = f.entry;
		return true;
	}
	if (!f.pending && !f.unsent)
		cases_emit(c, TAG_NO_RESPONSE_SOA_QUERY);
	return false;
}

struct reply_names apex_exchanges(struct cases *c, const struct msg *m)
{
	struct reply_names names = { 0 };

	for (size_t i = 0; i < m->nrrs; i++) {
		uint16_t skip = 2; /* the preference */
		bool again = false;
		struct name n;

		if (m->rrs[i].section != MSG_ANSWER || m->rrs[i].type != RR_MX ||
			msg_rdata_name(m, &m->rrs[i], &n, &skip) < 0)
			continue;
		for (size_t k = 0; k < names.n; k++)
			again |= name_equal(names.v[k], &n);
		if (!again && names.n < REPLY_NAMES)
			vec_push(c->arena, &names, tree_name(c->tree, &n));
	}
	return names;
}

bool apex_is_localhost(const struct addr *addr)
{
	static const struct addr v4 = { .family = ADDR_V4, .ip = { 127, 0, 0, 1 } };
	static const struct addr v6 = { .family = ADDR_V6, .ip = { [15] = 1 } };

	return addr_same_host(addr, &v4) || addr_same_host(addr, &v6);
}
