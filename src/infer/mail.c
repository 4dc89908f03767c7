/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail servers of a domain. */
#include "infer/mail.h"

#include "dns/rr.h"

enum { PREFERENCE = 2 }; /* octets of an MX record before the name (RFC 1035 3.3.9) */

static void add(struct tree *t, struct mail *m, const struct rr *rr)
{
	struct mail_exchange x;
	uint16_t at = PREFERENCE;
	struct name name;

	if (msg_rdata_name(m->entry->msg, rr, &name, &at) < 0 || name.len == 1)
		return;
	vec_each (struct mail_exchange, have, m->exchanges)
		if (name_equal(have->name, &name))
			return;
	x.name = tree_name(t, &name);
	x.addrs = resolve_addrs(t, x.name);
	m->pending |= resolve_addrs_pending(x.addrs);
	vec_push(t->arena, &m->exchanges, x);
}

struct mail mail_of(struct tree *t, const struct name *domain)
{
	const struct resolved *r = resolve(t, domain, RR_MX);
	struct mail m = { .pending = r->state == RESOLVE_PENDING };

	if (r->state != RESOLVE_FOUND)
		return m;
	m.entry = r->entry;
	for (size_t i = 0; i < r->entry->msg->nrrs && m.exchanges.n < MAIL_EXCHANGES; i++) {
		const struct rr *rr = &r->entry->msg->rrs[i];

		if (rr->section == MSG_ANSWER && rr->type == RR_MX &&
			name_equal(rr->owner, r->name))
			add(t, &m, rr);
	}
	return m;
}

static bool absent(enum resolve_state s)
{
	return s == RESOLVE_NODATA || s == RESOLVE_NXDOMAIN;
}

bool mail_addressless(const struct mail_exchange *x)
{
	return absent(x->addrs->v4) && absent(x->addrs->v6);
}

const struct name *mail_planned(const struct tree *t)
{
	if (t->plan->lookup.name)
		return t->plan->lookup.type == RR_MX ? t->plan->lookup.name : NULL;
	return t->plan->cases.n ? NULL : t->plan->zone;
}
