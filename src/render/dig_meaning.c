/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a lookup in plain words: what it says about the name, and how to go on. */
#include "render/dig_meaning.h"

#include <string.h>

#include "base/err.h"
#include "dns/dnssec.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dns/text.h"

enum { NXNAME = 128 }; /* RFC 9824 2: the pseudo-type that says "no such name" */

/* "the-name (by way of an alias)": the name that the reply is about. */
static void put_subject(const struct saying *s)
{
	if (s->alias) {
		dig_name(s->q->name, s->out);
		buf_str(s->out, " is an alias that leads to ");
	}
	dig_name(&s->end, s->out);
}

/* RFC 2308 section 2: which kind of negative reply it is, and section 5: how long it is kept. */
static void put_negative(const struct saying *s, bool nxdomain)
{
	const struct rr *soa = msg_find(s->m, (struct rr_wanted){ MSG_AUTHORITY, RR_SOA, NULL });
	bool ns = msg_find(s->m, (struct rr_wanted){ MSG_AUTHORITY, RR_NS, NULL });
	struct soa fields;
	unsigned int type = soa ? (ns ? 1 : 2) : (nxdomain && ns ? 4 : 3);

	buf_printf(s->out, " (%s type %u of RFC 2308", nxdomain ? "NXDOMAIN" : "NODATA", type);
	if (soa && !msg_rdata_soa(s->m, soa, &fields)) {
		uint32_t ttl = soa->ttl < fields.minimum ? soa->ttl : fields.minimum;

		buf_str(s->out, "; zone ");
		dig_name(soa->owner, s->out);
		buf_printf(s->out, "; may be kept %u s)", ttl);
	} else {
		buf_str(s->out, "; no SOA, so nobody may keep it)");
	}
}

static void put_standing(const struct saying *s)
{
	if (s->m->flags & FLAG_AD)
		buf_str(s->out, ", validated by the resolver (AD)");
	else if (s->m->flags & FLAG_AA)
		buf_str(s->out, ", from an authority");
	else if (s->m->flags & FLAG_RA)
		buf_str(s->out, ", from a resolver");
	else
		buf_str(s->out,
			", from a server that is no authority for it (no AA) and does no recursion "
			"(no RA); a delegation that names it is lame");
}

static void on_answer(const struct saying *s)
{
	bool any = s->q->type == RR_ANY;
	size_t n = msg_count(s->m, (struct rr_wanted){ MSG_ANSWER, any ? 0 : s->q->type, &s->end });

	buf_str(s->out, s->alias ? "answer by an alias: " : "answer: ");
	put_subject(s);
	buf_printf(s->out, "%s %zu ", s->alias ? ", which has" : " has", n);
	if (!any) {
		meaning_put_type(s);
		buf_char(s->out, ' ');
	}
	buf_str(s->out, n == 1 ? "record" : "records");
	put_standing(s);
	if (any)
		buf_str(s->out, "; ANY need not show all there is (RFC 8482)");
}

static void on_alias(const struct saying *s)
{
	buf_str(s->out, "alias: ");
	put_subject(s);
	buf_str(s->out, ", of which the reply says no more: ask for ");
	dig_name(&s->end, s->out);
	buf_char(s->out, ' ');
	meaning_put_type(s);
}

/* RFC 9824: NOERROR, and an NSEC of the name itself that says that there is no such name. */
static bool compact_denial(const struct saying *s)
{
	for (size_t i = 0; i < s->m->nrrs; i++) {
		const struct rr *rr = &s->m->rrs[i];
		struct nsec nsec;

		if (rr->section == MSG_AUTHORITY && rr->type == RR_NSEC &&
			name_equal(rr->owner, &s->end) && !nsec_read(s->m, rr, &nsec) &&
			bitmap_has(nsec.types, NXNAME))
			return true;
	}
	return false;
}

/* RFC 4034 6.1: names below a name come right behind it, so the next one of its NSEC may be there.
 */
static bool nsec_above(const struct saying *s, const struct rr *rr)
{
	struct name next;

	return !msg_rdata_name(s->m, rr, &next, NULL) && name_compare(rr->owner, &s->end) < 0 &&
	       name_under(&next, &s->end) && !name_equal(&next, &s->end);
}

/* RFC 5155 7.1: an empty non-terminal has an NSEC3 of its own, with no types. */
static bool nsec3_empty(const struct saying *s, const struct rr *rr)
{
	struct nsec3 fields;
	uint8_t owner[NSEC3_HASH], end[NSEC3_HASH];

	return !nsec3_read(rr, &fields) && !fields.types.n && !nsec3_owner_hash(rr->owner, owner) &&
	       !nsec3_hash(&fields, &s->end, end) && memcmp(owner, end, sizeof(end)) == 0;
}

/* Only names below it have records: what DNSSEC's proof shows and the bare reply does not. */
static bool is_empty_non_terminal(const struct saying *s)
{
	for (size_t i = 0; i < s->m->nrrs; i++) {
		const struct rr *rr = &s->m->rrs[i];

		if (rr->section == MSG_AUTHORITY &&
			((rr->type == RR_NSEC && nsec_above(s, rr)) ||
				(rr->type == RR_NSEC3 && nsec3_empty(s, rr))))
			return true;
	}
	return false;
}

static void on_nodata(const struct saying *s)
{
	bool extra = !s->alias && msg_find(s->m, (struct rr_wanted){ MSG_ANSWER, 0, NULL });

	if (compact_denial(s)) {
		buf_str(s->out, "no such name: ");
		put_subject(s);
		buf_str(s->out, " does not exist (compact denial, RFC 9824)");
		return;
	}
	buf_str(s->out, "no data: ");
	put_subject(s);
	buf_str(s->out, s->alias ? ", which exists but has no " : " exists, but has no ");
	meaning_put_type(s);
	buf_str(s->out, " record");
	if (is_empty_non_terminal(s))
		buf_str(s->out, " nor any other: it is an empty non-terminal, only names below it "
				"have records");
	put_negative(s, false);
	if (extra)
		buf_str(s->out, "; the records in the answer section were not asked for");
}

static void on_nxdomain(const struct saying *s)
{
	buf_str(s->out, "no such name: ");
	put_subject(s);
	buf_str(s->out, s->alias ? ", which does not exist"
				 : " does not exist, nor does anything below it");
	put_negative(s, true);
}

/* The names of the NS records that lead elsewhere, and the zone they are of. */
static const struct name *put_delegation(const struct saying *s)
{
	const struct name *zone = NULL;
	struct name ns;
	size_t n = 0;

	for (size_t i = 0; i < s->m->nrrs; i++) {
		const struct rr *rr = &s->m->rrs[i];

		if (rr->section != MSG_AUTHORITY || rr->type != RR_NS ||
			(zone && !name_equal(zone, rr->owner)) ||
			msg_rdata_name(s->m, rr, &ns, NULL))
			continue;
		zone = rr->owner;
		if (n++ < 4) {
			buf_str(s->out, n > 1 ? ", " : "");
			dig_name(&ns, s->out);
		}
	}
	if (n > 4)
		buf_printf(s->out, " and %zu more", n - 4);
	return zone ? zone : &name_root;
}

/* The glue has the address of the server that was asked. */
static bool names_itself(const struct saying *s)
{
	const struct addr *server = &s->o->ask.server;
	size_t size = server->family == ADDR_V4 ? 4 : 16;

	for (size_t i = 0; i < s->m->nrrs; i++) {
		const struct rr *rr = &s->m->rrs[i];

		if (rr->section == MSG_ADDITIONAL && rr->rdlength == size &&
			rr->type == (size == 4 ? RR_A : RR_AAAA) &&
			memcmp(rr->rdata, server->ip, size) == 0)
			return true;
	}
	return false;
}

static void on_referral(const struct saying *s)
{
	const struct name *zone;

	buf_str(s->out, "referral: this server does not answer for ");
	dig_name(s->q->name, s->out);
	buf_str(s->out, " itself but sends on to ");
	zone = put_delegation(s);
	buf_str(s->out, ", the servers of ");
	dig_name(zone, s->out);
	if (names_itself(s))
		buf_str(s->out, "; it is one of them itself, but does not serve that zone: lame");
	else if (s->o->ask.shape.flags & FLAG_RD)
		buf_str(s->out, "; it does no recursion for you");
}

static void on_upward(const struct saying *s)
{
	const struct name *zone;

	buf_str(s->out, "upward referral: this server does not serve ");
	dig_name(s->q->name, s->out);
	buf_str(s->out, " and points back up to ");
	zone = put_delegation(s);
	buf_str(s->out, ", the servers of ");
	buf_str(s->out, name_equal(zone, &name_root) ? "the root" : "");
	if (!name_equal(zone, &name_root))
		dig_name(zone, s->out);
	buf_str(s->out, "; if a delegation names it, that delegation is lame");
}

static void (*const by_meaning[])(const struct saying *s) = {
	[MEANS_ANSWER] = on_answer,
	[MEANS_ALIAS] = on_alias,
	[MEANS_NODATA] = on_nodata,
	[MEANS_REFERRAL] = on_referral,
	[MEANS_UPWARD] = on_upward,
	[MEANS_NXDOMAIN] = on_nxdomain,
	[MEANS_SERVFAIL] = meaning_servfail,
	[MEANS_REFUSED] = meaning_server_refused,
	[MEANS_TRUNCATED] = meaning_truncated,
	[MEANS_OTHER_RCODE] = meaning_other_rcode,
	[MEANS_UNREADABLE] = meaning_unreadable,
};

static bool is_truncated(const struct observation *o)
{
	return o->msg && o->msg->has_header && o->msg->flags & FLAG_TC &&
	       o->ask.transport == TRANSPORT_UDP;
}

static const struct {
	enum why why;
	const char *text;
} stray_texts[] = {
	{ WHY_STRAY_ID, "another id" },
	{ WHY_STRAY_QUESTION, "another question" },
	{ WHY_STRAY_SOURCE, "another sender" },
	{ WHY_STRAY_QUERY, "no response (QR is 0)" },
	{ WHY_STRAY_NOISE, "too short for a header" },
	{ WHY_STRAY_AGAIN, "the same reply once more" },
};

/* How many datagrams were not believed, and why. */
static void put_strays(const struct saying *s)
{
	const struct facts *f = s->v->facts;
	size_t counts[WHYS] = { 0 }, all = 0;
	const char *before = " (";

	for (size_t i = s->v->first; i < f->n; i++)
		if (f->v[i]->outcome == OUTCOME_STRAY && f->v[i] != s->o && f->v[i]->why < WHYS) {
			counts[f->v[i]->why]++;
			all++;
		}
	if (!all)
		return;
	buf_printf(s->out, "; %zu datagram%s that did not match the query %s not believed", all,
		all == 1 ? "" : "s", all == 1 ? "was" : "were");
	for (size_t i = 0; i < ARRAY_LEN(stray_texts); i++) {
		if (!counts[stray_texts[i].why])
			continue;
		buf_str(s->out, before);
		if (all > 1)
			buf_printf(s->out, "%zu: ", counts[stray_texts[i].why]);
		buf_str(s->out, stray_texts[i].text);
		before = ", ";
	}
	if (before[0] == ',')
		buf_char(s->out, ')');
}

/* What else was seen on the way: a truncated reply, replies that are none, replies that were late.
 */
static void put_asides(const struct saying *s)
{
	const struct facts *f = s->v->facts;
	size_t truncated = 0;

	for (size_t i = s->v->first; i < f->n; i++)
		truncated += is_truncated(f->v[i]) && f->v[i]->outcome == OUTCOME_ANSWERED;
	if (truncated && s->o->ask.transport == TRANSPORT_TCP)
		buf_printf(s->out, "%s",
			observation_answered(s->o)
				? " (over TCP, because the UDP reply was truncated)"
				: "; the UDP reply was truncated, so TCP is needed and must work "
				  "(RFC 7766)");
	if (s->o->outcome == OUTCOME_LATE)
		buf_str(s->out, "; the reply came only after its time-out");
	if (s->o->outcome == OUTCOME_STRAY)
		buf_str(s->out, "; the server changed the letter case of the name");
	put_strays(s);
}

static void (*const by_outcome[OUTCOMES])(const struct saying *s) = {
	[OUTCOME_TIMEOUT] = meaning_timeout,
	[OUTCOME_ICMP] = meaning_icmp,
	[OUTCOME_REFUSED] = meaning_refused,
	[OUTCOME_RESET] = meaning_reset,
	[OUTCOME_CHANNEL] = meaning_channel,
	[OUTCOME_NOT_SENT] = meaning_not_sent,
};

void dig_meaning(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	struct saying s = { .v = v, .o = o, .m = o->msg, .q = &o->ask.question, .out = out };

	if (o->msg) {
		s.end = msg_chain_end(o->msg, s.q);
		s.alias = !name_equal(&s.end, s.q->name);
		by_meaning[msg_meaning(o->msg, s.q, o->ask.zone)](&s);
	} else if (o->outcome < OUTCOMES && by_outcome[o->outcome]) {
		by_outcome[o->outcome](&s);
	}
	put_asides(&s);
}
