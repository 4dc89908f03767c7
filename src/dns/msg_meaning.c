/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reply says about its question. */
#include "dns/msg.h"

#include "base/err.h"
#include "dns/rr.h"

enum { MAX_CHAIN = 16 };

static const struct {
	uint16_t rcode;
	enum msg_meaning meaning;
} rcode_meanings[] = {
	{ RCODE_NXDOMAIN, MEANS_NXDOMAIN },
	{ RCODE_SERVFAIL, MEANS_SERVFAIL },
	{ RCODE_REFUSED, MEANS_REFUSED },
};

/* Question types that any record at the owner answers (RFC 1035 3.2.3, RFC 1995). */
static bool is_any(uint16_t type)
{
	return type == RR_ANY || type == RR_AXFR || type == RR_IXFR;
}

static const struct rr *find_answer(
	const struct msg *m, const struct name *owner, const struct question *q)
{
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];

		if (rr->section == MSG_ANSWER && (rr->type == q->type || is_any(q->type)) &&
			(rr->class == q->class || q->class == CLASS_ANY) &&
			name_equal(rr->owner, owner))
			return rr;
	}
	return NULL;
}

/* Steps of the alias chain; *ret_end is where it ends. */
static unsigned int follow(const struct msg *m, const struct question *q, struct name *ret_end)
{
	struct question alias = { .type = RR_CNAME, .class = q->class };
	unsigned int steps = 0;

	name_set(ret_end, q->name);
	if (q->type == RR_CNAME || is_any(q->type))
		return 0;
	while (steps < MAX_CHAIN && !find_answer(m, ret_end, q)) {
		const struct rr *rr = find_answer(m, ret_end, &alias);

		if (!rr || msg_rdata_name(m, rr, ret_end, NULL))
			break;
		steps++;
	}
	return steps;
}

struct name msg_chain_end(const struct msg *m, const struct question *q)
{
	struct name end;

	follow(m, q, &end);
	return end;
}

/* A SOA at or above the name: the server says that it knows all about it (RFC 2308 2.2). */
static bool has_soa_above(const struct msg *m, const struct name *n)
{
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];

		if (rr->section == MSG_AUTHORITY && rr->type == RR_SOA && name_under(n, rr->owner))
			return true;
	}
	return false;
}

/* A delegation from zone (the root's when unknown) leads strictly below it. */
static bool is_below(const struct name *owner, const struct name *zone)
{
	return name_under(owner, zone) && !name_equal(owner, zone);
}

/* A NOERROR reply without answer to q: nodata, or a referral down or up. */
static enum msg_meaning without_answer(
	const struct msg *m, const struct question *q, const struct name *zone)
{
	bool upward = false;

	if (msg_find(m, (struct rr_wanted){ MSG_ANSWER, 0, NULL }) ||
		msg_find(m, (struct rr_wanted){ MSG_AUTHORITY, RR_SOA, NULL }))
		return MEANS_NODATA;
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];

		if (rr->section != MSG_AUTHORITY || rr->type != RR_NS ||
			!name_under(q->name, rr->owner))
			continue;
		if (is_below(rr->owner, zone ? zone : &name_root))
			return MEANS_REFERRAL;
		upward = true;
	}
	/* With AA the NS of the zone itself are an apex without SOA: sloppy, but no referral. */
	return upward && !(m->flags & FLAG_AA) ? MEANS_UPWARD : MEANS_NODATA;
}

enum msg_meaning msg_meaning(const struct msg *m, const struct question *q, const struct name *zone)
{
	struct name end;
	unsigned int steps;

	if (!msg_usable(m))
		return MEANS_UNREADABLE;
	if (m->flags & FLAG_TC)
		return MEANS_TRUNCATED;
	for (size_t i = 0; i < ARRAY_LEN(rcode_meanings); i++)
		if (m->rcode == rcode_meanings[i].rcode)
			return rcode_meanings[i].meaning;
	if (m->rcode != RCODE_NOERROR)
		return MEANS_OTHER_RCODE;

	steps = follow(m, q, &end);
	if (find_answer(m, &end, q))
		return MEANS_ANSWER;
	if (!steps)
		return without_answer(m, q, zone);
	/* RFC 2308 2.2: the chain was followed to its end, and nothing of the type is there. */
	return has_soa_above(m, &end) ? MEANS_NODATA : MEANS_ALIAS;
}
