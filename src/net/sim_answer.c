/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulated servers say: nothing but the question, or what their zones hold. */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "net/sim.h"
#include "net/sim_reply.h"

enum {
	HEADER = 12,
	CHAIN = 16,
	PLAIN_SIZE = 512,   /* RFC 1035 2.3.4 */
	OUR_SIZE = 1232,    /* RFC 9715 appendix A */
	RCODE_YXDOMAIN = 6, /* RFC 6672 2.2: the name grew too long */
	OPCODE_SHIFT = 11,
	EXTENDED_SHIFT = 4, /* RFC 6891 6.1.3: the upper bits of a code are OPT's */
	SOA_MINIMUM = 4,    /* octets of a SOA's last field */
};

void sim_answer_empty(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	const struct question *q = &ask->question;
	bool asked = !ask->shape.header_only && q->name;

	(void)s;
	buf_u16(ret_reply, id);
	buf_u16(ret_reply, (uint16_t)(FLAG_QR | FLAG_AA | (ask->shape.flags & FLAG_RD)));
	buf_u16(ret_reply, asked);
	buf_put(ret_reply, "\0\0\0\0\0", 6);
	if (!asked)
		return;
	buf_put(ret_reply, q->name->wire, q->name->len);
	buf_u16(ret_reply, q->type);
	buf_u16(ret_reply, q->class);
}

/* Overwrites two octets of the message. */
static void patch(struct sim_reply *r, size_t offset, uint16_t v)
{
	r->out->p[offset] = (char)(v >> 8);
	r->out->p[offset + 1] = (char)v;
}

static void put_rr(struct sim_reply *r, const struct sim_put *p, const struct sim_record *record)
{
	const struct name *owner = p->as ? p->as : &record->owner;
	bool bound = p->most && record->ttl > p->most;

	buf_put(r->out, owner->wire, owner->len);
	buf_u16(r->out, record->type);
	buf_u16(r->out, CLASS_IN);
	buf_u32(r->out, bound ? p->most : record->ttl);
	buf_u16(r->out, (uint16_t)record->rdata.n);
	buf_put(r->out, record->rdata.p, record->rdata.n);
	r->counts[p->section]++;
}

bool sim_reply_put(struct sim_reply *r, const struct sim_put *p)
{
	const struct sim_record *record;
	bool any = false;
	size_t i = 0;

	while ((record = sim_zone_next(r->zone, p->owner, p->type, &i))) {
		put_rr(r, p, record);
		any = true;
	}
	i = 0;
	while (any && r->secure && p->type &&
		(record = sim_zone_next(r->zone, p->owner, RR_RRSIG, &i)))
		if (sim_record_covers(record) == p->type)
			put_rr(r, p, record);
	return any;
}

static bool put_set(
	struct sim_reply *r, enum msg_section section, const struct name *owner, uint16_t type)
{
	return sim_reply_put(r, &(struct sim_put){ section, owner, type, NULL, 0 });
}

/* The addresses that the zone has of the servers of a zone. */
static void put_addresses(struct sim_reply *r, const struct name *owner)
{
	const struct sim_record *record;
	size_t i = 0;

	while ((record = sim_zone_next(r->zone, owner, RR_NS, &i))) {
		struct name target = sim_record_name(record, 0);

		put_set(r, MSG_ADDITIONAL, &target, RR_A);
		put_set(r, MSG_ADDITIONAL, &target, RR_AAAA);
	}
}

/* RFC 2308 3: what is not there may be remembered for as long as the SOA's last field says. */
static void put_soa(struct sim_reply *r)
{
	const struct name *apex = &r->zone->apex;
	size_t i = 0;
	const struct sim_record *soa = sim_zone_next(r->zone, apex, RR_SOA, &i);
	struct sim_put put = { MSG_AUTHORITY, apex, RR_SOA, NULL, 0 };

	if (!soa || soa->rdata.n < SOA_MINIMUM)
		return;
	for (size_t k = soa->rdata.n - SOA_MINIMUM; k < soa->rdata.n; k++)
		put.most = put.most << 8 | soa->rdata.p[k];
	sim_reply_put(r, &put);
}

/* Where a name is found in the zone (RFC 1034 4.3.2 step 3, RFC 4592, RFC 6672 3.2). */
struct place {
	enum { AT_NAME, AT_CUT, AT_DNAME, AT_WILDCARD, NOWHERE } kind;
	struct name at;
};

struct name sim_reply_encloser(const struct sim_reply *r, const struct name *n)
{
	struct name at = *n;

	while (name_labels(&at) > name_labels(&r->zone->apex) && !sim_zone_exists(r->zone, &at))
		at = name_parent(&at);
	return at;
}

/* DS is the parent's: it is no part of what lies below a cut (RFC 4035 3.1.4.1). */
static struct place find(const struct sim_reply *r, const struct name *n, uint16_t type)
{
	unsigned int first = name_labels(&r->zone->apex), last = name_labels(n);
	struct place p = { .kind = AT_NAME };
	struct name encloser;

	for (unsigned int i = first; i <= last; i++) {
		p.at = name_suffix(n, i);
		if (i > first && !(type == RR_DS && i == last) &&
			sim_zone_has(r->zone, &p.at, RR_NS)) {
			p.kind = AT_CUT;
			return p;
		}
		if (i < last && sim_zone_has(r->zone, &p.at, RR_DNAME)) {
			p.kind = AT_DNAME;
			return p;
		}
	}
	if (sim_zone_exists(r->zone, n))
		return p;
	encloser = sim_reply_encloser(r, n);
	p.kind = NOWHERE;
	if (name_prepend(&encloser, "*", &p.at) == 0 && sim_zone_exists(r->zone, &p.at))
		p.kind = AT_WILDCARD;
	return p;
}

/* Puts what lies above a cut: the zone's servers and, signed, its DS or the proof of none. */
static void put_referral(struct sim_reply *r, const struct name *cut)
{
	put_set(r, MSG_AUTHORITY, cut, RR_NS);
	if (r->secure && !put_set(r, MSG_AUTHORITY, cut, RR_DS))
		sim_reply_deny(r, SIM_NO_DS, cut);
	r->servers = *cut;
}

/* Puts a DNAME and the CNAME that follows from it; *n moves on. false: it grew too long. */
static bool put_dname(struct sim_reply *r, const struct name *at, struct name *n)
{
	struct sim_record cname = { .owner = *n, .type = RR_CNAME };
	const struct sim_record *dname;
	size_t i = 0, kept = n->len - at->len;
	struct name target;

	dname = sim_zone_next(r->zone, at, RR_DNAME, &i);
	put_set(r, MSG_ANSWER, at, RR_DNAME);
	target = sim_record_name(dname, 0);
	if (kept + target.len > NAME_MAX_WIRE)
		return false;
	memmove(target.wire + kept, target.wire, target.len);
	memcpy(target.wire, n->wire, kept);
	target.len = (uint8_t)(target.len + kept);
	cname.ttl = dname->ttl;
	cname.rdata = (struct span){ target.wire, target.len };
	put_rr(r, &(struct sim_put){ .section = MSG_ANSWER }, &cname);
	*n = target;
	return true;
}

/* Puts what a name, or the wildcard in its place, has. true: an alias leads on, to *n. */
static bool put_data(struct sim_reply *r, const struct place *p, struct name *n, uint16_t type)
{
	bool wild = p->kind == AT_WILDCARD;
	struct name owner = *n;
	struct sim_put put = { MSG_ANSWER, wild ? &p->at : &owner, type == RR_ANY ? 0 : type,
		wild ? &owner : NULL, 0 };
	const struct sim_record *alias;
	size_t i = 0;
	bool any = sim_reply_put(r, &put);

	if (any && type == RR_NS)
		r->servers = owner;
	alias = any ? NULL : sim_zone_next(r->zone, put.owner, RR_CNAME, &i);
	if (alias) {
		put.type = RR_CNAME;
		sim_reply_put(r, &put);
		*n = sim_record_name(alias, 0);
	}
	if ((any || alias) && wild && r->nexpanded < SIM_EXPANDED)
		r->expanded[r->nexpanded++] = owner;
	if (any || alias)
		return alias != NULL;
	put_soa(r);
	sim_reply_deny(r, wild ? SIM_NO_WILD_TYPE : SIM_NO_TYPE, &owner);
	return false;
}

/* One step of the chain; true: an alias leads on, to *n. */
static bool put_step(struct sim_reply *r, struct name *n, uint16_t type)
{
	struct place p = find(r, n, type);

	switch (p.kind) {
	case AT_CUT:
		if (!r->counts[MSG_ANSWER])
			r->flags &= (uint16_t)~FLAG_AA;
		put_referral(r, &p.at);
		return false;
	case AT_DNAME:
		if (put_dname(r, &p.at, n))
			return true;
		r->flags |= RCODE_YXDOMAIN;
		return false;
	case NOWHERE: /* RFC 2308 2.1 */
		r->flags |= RCODE_NXDOMAIN;
		put_soa(r);
		sim_reply_deny(r, SIM_NO_NAME, n);
		return false;
	default: return put_data(r, &p, n, type);
	}
}

static void put_answer(struct sim_reply *r, struct name n, uint16_t type)
{
	size_t i = 0;

	r->flags |= FLAG_AA;
	while (i++ < CHAIN && name_under(&n, &r->zone->apex) && put_step(r, &n, type))
		continue;
	for (i = 0; i < r->nexpanded; i++)
		sim_reply_deny(r, SIM_NO_EXACT, &r->expanded[i]);
	/* Of a referral they are needed, and for anything else they are a courtesy. */
	if (r->flags & FLAG_AA && !r->counts[MSG_AUTHORITY])
		r->additional = r->out->n;
	if (r->servers.len)
		put_addresses(r, &r->servers);
}

/* RFC 5936 2.2, in one message. */
static void put_transfer(struct sim_reply *r)
{
	struct sim_put all = { .section = MSG_ANSWER };

	r->flags |= FLAG_AA;
	r->secure = false;
	put_set(r, MSG_ANSWER, &r->zone->apex, RR_SOA);
	vec_each (const struct sim_record, record, r->zone->v)
		if (record->type != RR_SOA)
			put_rr(r, &all, record);
	put_set(r, MSG_ANSWER, &r->zone->apex, RR_SOA);
}

/* RFC 6891 6.1.1 to 6.1.4: version 0, nothing of the query's options; DO comes back. */
static void put_opt(struct sim_reply *r, const struct ask *ask, uint16_t rcode)
{
	buf_u8(r->out, 0);
	buf_u16(r->out, RR_OPT);
	buf_u16(r->out, OUR_SIZE);
	buf_u8(r->out, (uint8_t)(rcode >> EXTENDED_SHIFT));
	buf_u8(r->out, 0);
	buf_u16(r->out, ask->shape.edns_flags & EDNS_DO);
	buf_u16(r->out, 0);
	r->counts[MSG_ADDITIONAL]++;
}

/* Leaves out what lies behind offset. */
static void cut_at(struct sim_reply *r, const struct ask *ask, size_t offset)
{
	r->out->n = offset;
	r->counts[MSG_ADDITIONAL] = 0;
	if (ask->shape.edns)
		put_opt(r, ask, RCODE_NOERROR);
}

/*
 * RFC 2181 section 9: additional records that nobody needs are left out first; what still does not
 * fit is left out whole, and TC says so.
 */
static void cut_to_size(struct sim_reply *r, const struct ask *ask, size_t question_end)
{
	size_t most = ask->shape.edns && ask->shape.edns_size > PLAIN_SIZE ? ask->shape.edns_size
									   : PLAIN_SIZE;

	if (ask->transport != TRANSPORT_UDP || r->out->n - r->start <= most)
		return;
	if (r->additional)
		cut_at(r, ask, r->additional);
	if (r->out->n - r->start <= most)
		return;
	r->flags |= FLAG_TC;
	r->counts[MSG_ANSWER] = r->counts[MSG_AUTHORITY] = 0;
	cut_at(r, ask, question_end);
}

/*
 * How well a zone fits the question: the deepest one at or above the name; 0: not at all. The DS
 * of an apex is asked of the parent where the server has it.
 */
static unsigned int fit(const struct name *apex, const struct question *q)
{
	if (q->class != CLASS_IN || !name_under(q->name, apex))
		return 0;
	return q->type == RR_DS && name_equal(apex, q->name) ? 1 : name_labels(apex) + 2;
}

static void put_content(struct sim_reply *r, const struct sim_server *s, const struct ask *ask)
{
	const struct question *q = &ask->question;
	bool transfer = q->type == RR_AXFR || q->type == RR_IXFR;

	if (!r->zone || (transfer && (!s->transfers || ask->transport != TRANSPORT_TCP ||
					     !name_equal(q->name, &r->zone->apex)))) {
		r->flags |= RCODE_REFUSED;
		return;
	}
	r->secure = ask->shape.edns && (ask->shape.edns_flags & EDNS_DO) &&
		    sim_zone_has(r->zone, &r->zone->apex, RR_RRSIG);
	if (transfer)
		put_transfer(r);
	else
		put_answer(r, *q->name, q->type);
}

/* The reply from that zone; NULL: the server has none for the question. */
static void answer_from(const struct sim_server *s, const struct sim_records *zone,
	const struct ask *ask, struct sim_reply r)
{
	size_t question_end = r.out->n;
	uint16_t opcode = ask->shape.opcode, rcode = RCODE_NOERROR;

	r.zone = zone;
	r.flags = (uint16_t)(FLAG_QR | opcode << OPCODE_SHIFT | (ask->shape.flags & FLAG_RD));
	if (ask->shape.edns && ask->shape.edns_version > 0)
		rcode = RCODE_BADVERS;
	else if (opcode != OPCODE_QUERY)
		r.flags |= RCODE_NOTIMP;
	else if (ask->shape.twice)
		r.flags |= RCODE_FORMERR;
	else
		put_content(&r, s, ask);
	if (ask->shape.edns)
		put_opt(&r, ask, rcode);
	cut_to_size(&r, ask, question_end);
	patch(&r, r.start + 2, r.flags);
	for (size_t i = 0; i < MSG_SECTIONS; i++)
		patch(&r, r.start + 4 + 2 * i, r.counts[i]);
}

void sim_answer_records(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	struct sim_reply r = { .out = ret_reply, .start = ret_reply->n, .counts = { 1 } };
	const struct sim_records *const *zones = s->user, *best = NULL;
	const struct question *q = &ask->question;
	unsigned int most = 0;

	sim_answer_empty(s, ask, id, ret_reply);
	if (ask->shape.header_only || !q->name)
		return;
	for (; zones && *zones; zones++) {
		unsigned int fits = fit(&(*zones)->apex, q);

		if (fits <= most)
			continue;
		most = fits;
		best = *zones;
	}
	answer_from(s, best, ask, r);
}

void sim_answer_zones(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	struct sim_reply r = { .out = ret_reply, .start = ret_reply->n, .counts = { 1 } };
	const struct question *q = &ask->question;
	const struct sim_zone *best = NULL;
	unsigned int most = 0;
	struct arena *scratch;

	sim_answer_empty(s, ask, id, ret_reply);
	if (ask->shape.header_only || !q->name)
		return;
	for (const struct sim_zone *z = s->user; z && z->text; z++) {
		struct name apex;
		int err = name_parse(z->apex, &apex);
		unsigned int fits = err ? 0 : fit(&apex, q);

		assert(err == 0);
		if (fits <= most)
			continue;
		most = fits;
		best = z;
	}
	scratch = arena_new();
	answer_from(s, best ? sim_zone_read(scratch, best->apex, best->text) : NULL, ask, r);
	arena_free(scratch);
}
