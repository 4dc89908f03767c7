// SPDX-License-Identifier: GPL-3.0-or-later
// Reads referrals, aliases, NS sets, addresses and canonical answers out of single replies.
#include "infer/reply.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "dns/name.h"
#include "dns/rr.h"

enum { DNS_PORT = 53 };

static bool speaks_no_edns(const struct observation *o)
{
	/* RFC 6891 7: responders without EDNS answer FORMERR or NOTIMP; none puts an OPT in it. */
	return o->ask.shape.edns && !o->msg->edns.present &&
	       (o->msg->rcode == RCODE_FORMERR || o->msg->rcode == RCODE_NOTIMP);
}

enum reply_rank reply_rank(const struct observation *o)
{
	if (o->outcome != OUTCOME_ANSWERED && o->outcome != OUTCOME_LATE &&
		o->outcome != OUTCOME_MALFORMED)
		return REPLY_NOTHING;
	if (!o->msg || !msg_usable(o->msg))
		return REPLY_NOISE;
	if (o->msg->flags & FLAG_TC)
		return REPLY_PART;
	return speaks_no_edns(o) ? REPLY_NO_EDNS : REPLY_WHOLE;
}

bool reply_authority(const struct msg *m)
{
	return (m->flags & FLAG_AA) && (m->rcode == RCODE_NOERROR || m->rcode == RCODE_NXDOMAIN);
}

static bool strictly_under(const struct name *a, const struct name *b)
{
	return name_under(a, b) && !name_equal(a, b);
}

const struct name *reply_delegation(
	const struct msg *m, const struct name *zone, const struct name *qname)
{
	if (m->rcode != RCODE_NOERROR ||
		msg_count(m, (struct rr_wanted){ MSG_ANSWER, 0, qname }) > 0 ||
		msg_count(m, (struct rr_wanted){ MSG_AUTHORITY, RR_SOA, NULL }) > 0)
		return NULL;

	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];

		if (rr->section == MSG_AUTHORITY && rr->type == RR_NS &&
			strictly_under(rr->owner, zone) && name_under(qname, rr->owner))
			return rr->owner;
	}
	return NULL;
}

const struct name *reply_zone(const struct msg *m, const struct question *q)
{
	static const struct {
		enum msg_section section;
		uint16_t type;
	} places[] = {
		{ MSG_ANSWER, RR_SOA },
		{ MSG_AUTHORITY, RR_SOA },
		{ MSG_AUTHORITY, RR_NS },
	};
	struct name target;

	/* Behind an alias the authority section speaks of the target's zone. */
	if (!reply_authority(m) || reply_alias(m, q, &target))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		const struct rr *rr =
			msg_find(m, (struct rr_wanted){ places[i].section, places[i].type, NULL });

		if (rr && name_under(q->name, rr->owner))
			return rr->owner;
	}
	return NULL;
}

struct name reply_home(const struct question *q)
{
	return q->type == RR_DS ? name_parent(q->name) : *q->name;
}

bool reply_alias(const struct msg *m, const struct question *q, struct name *ret)
{
	const struct rr *rr = msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_CNAME, q->name });
	uint16_t skip = 0;

	if (!rr || q->type == RR_CNAME || q->type == RR_ANY)
		return false;
	return msg_rdata_name(m, rr, ret, &skip) == 0;
}

static bool wanted(const struct rr *rr, const struct rr_wanted *w)
{
	return rr->section == w->section && rr->class == CLASS_IN &&
	       (!w->owner || name_equal(rr->owner, w->owner));
}

static bool has_name(const struct reply_names *list, const struct name *n)
{
	for (size_t i = 0; i < list->n; i++)
		if (name_equal(list->v[i], n))
			return true;
	return false;
}

void reply_ns(struct arena *a, const struct msg *m, struct rr_wanted w, struct reply_names *ret)
{
	for (size_t i = 0; i < m->nrrs && ret->n < REPLY_NAMES; i++) {
		const struct rr *rr = &m->rrs[i];
		struct name target;
		uint16_t skip = 0;

		if (rr->type != RR_NS || !wanted(rr, &w) ||
			msg_rdata_name(m, rr, &target, &skip) != 0)
			continue;
		if (!has_name(ret, &target))
			vec_push(a, ret, name_keep(a, &target));
	}
}

bool reply_addr_has(const struct reply_addrs *list, const struct addr *addr)
{
	for (size_t i = 0; i < list->n; i++)
		if (addr_equal(&list->v[i], addr))
			return true;
	return false;
}

bool reply_addr_add(struct arena *a, struct reply_addrs *list, struct addr addr)
{
	if (list->n >= REPLY_ADDRS || reply_addr_has(list, &addr))
		return false;
	vec_push(a, list, addr);
	return true;
}

static bool rr_addr(const struct rr *rr, struct addr *ret)
{
	static const struct {
		uint16_t type, length;
		uint8_t family;
	} kinds[] = { { RR_A, 4, ADDR_V4 }, { RR_AAAA, 16, ADDR_V6 } };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (rr->type != kinds[i].type || rr->rdlength != kinds[i].length)
			continue;
		*ret = (struct addr){ .family = kinds[i].family, .port = DNS_PORT };
		memcpy(ret->ip, rr->rdata, kinds[i].length);
		return true;
	}
	return false;
}

void reply_addrs(struct arena *a, const struct msg *m, struct rr_wanted w, struct reply_addrs *ret)
{
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];
		struct addr addr;

		if (wanted(rr, &w) && (!w.type || rr->type == w.type) && rr_addr(rr, &addr))
			reply_addr_add(a, ret, addr);
	}
}

/* Where names lie in rdata: octets before the first, and how many there are (RFC 4034 6.2). */
static const struct {
	uint16_t type;
	uint8_t before, names;
} layouts[] = {
	{ RR_NS, 0, 1 },
	{ RR_CNAME, 0, 1 },
	{ RR_PTR, 0, 1 },
	{ RR_DNAME, 0, 1 },
	{ RR_SOA, 0, 2 },
	{ RR_MX, 2, 1 },
	{ RR_SRV, 6, 1 },
	{ 14 /* MINFO */, 0, 2 },
	{ 17 /* RP */, 0, 2 },
	{ 18 /* AFSDB */, 2, 1 },
	{ 21 /* RT */, 2, 1 },
	{ 36 /* KX */, 2, 1 },
};

static void put_lower(struct buf *b, const struct name *n)
{
	for (size_t i = 0; i < n->len; i++) {
		uint8_t c = n->wire[i];

		/* Length octets are at most 63, below 'A'. */
		buf_u8(b, c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c);
	}
}

static struct span canonical(struct arena *a, const struct msg *m, const struct rr *rr)
{
	struct buf b = { .arena = a };
	uint16_t at = 0;

	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		struct name n;

		if (layouts[i].type != rr->type || rr->rdlength < layouts[i].before)
			continue;
		at = layouts[i].before;
		buf_put(&b, rr->rdata, at);
		for (unsigned int k = 0; k < layouts[i].names; k++) {
			if (msg_rdata_name(m, rr, &n, &at) != 0)
				return (struct span){ rr->rdata, rr->rdlength };
			put_lower(&b, &n);
		}
	}
	/* Serials are compared by themselves. */
	if (rr->type == RR_SOA && at + 4 <= rr->rdlength)
		at = (uint16_t)(at + 4);
	buf_put(&b, rr->rdata + at, (size_t)(rr->rdlength - at));
	return buf_span(&b);
}

static int span_compare(const void *x, const void *y)
{
	const struct span *a = x, *b = y;
	size_t n = a->n < b->n ? a->n : b->n;
	int order = n ? memcmp(a->p, b->p, n) : 0;

	return order ? order : (a->n > b->n) - (a->n < b->n);
}

struct span reply_answer(struct arena *a, const struct msg *m, const struct question *q)
{
	struct VEC(struct span) set = { 0 };
	struct buf b = { .arena = a };

	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];

		if (rr->section == MSG_ANSWER && name_equal(rr->owner, q->name) &&
			(rr->type == q->type || rr->type == RR_CNAME))
			vec_push(a, &set, canonical(a, m, rr));
	}
	if (set.n)
		qsort(set.v, set.n, sizeof(*set.v), span_compare);
	for (size_t i = 0; i < set.n; i++) {
		if (i && span_compare(&set.v[i - 1], &set.v[i]) == 0)
			continue;
		buf_u16(&b, (uint16_t)set.v[i].n);
		buf_put(&b, set.v[i].p, set.v[i].n);
	}
	return buf_span(&b);
}
