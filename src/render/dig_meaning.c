/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a lookup in plain words: what it says about the name, and how to go on. */
#include "render/dig.h"

#include <string.h>

#include "base/err.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dns/text.h"

enum { NXNAME = 128 }; /* RFC 9824 2: the pseudo-type that says "no such name" */

struct saying {
	const struct dig_view *v;
	const struct observation *o;
	const struct msg *m;
	const struct question *q;
	struct name end; /* of the alias chain */
	bool alias;
	struct buf *out;
};

static void put_type(const struct saying *s)
{
	char text[TEXT_MNEMONIC];

	buf_str(s->out, text_type(s->q->type, text));
}

static void put_server(const struct saying *s)
{
	char text[ADDR_TEXT];

	buf_str(s->out, addr_text_port(&s->o->ask.server, text));
}

/* "the-name (by way of an alias)": the name that the reply is about. */
static void put_subject(const struct saying *s)
{
	if (s->alias) {
		dig_name(s->q->name, s->out);
		buf_str(s->out, " is an alias that leads to ");
	}
	dig_name(&s->end, s->out);
}

static void put_go_on(const struct saying *s)
{
	buf_str(s->out, "; go on with: dnsfault ");
	dig_name(s->q->name, s->out);
	buf_char(s->out, ' ');
	put_type(s);
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
}

static void on_answer(const struct saying *s)
{
	bool any = s->q->type == RR_ANY;
	size_t n = msg_count(s->m, (struct rr_wanted){ MSG_ANSWER, any ? 0 : s->q->type, &s->end });

	buf_str(s->out, s->alias ? "answer by an alias: " : "answer: ");
	put_subject(s);
	buf_printf(s->out, "%s %zu ", s->alias ? ", which has" : " has", n);
	if (!any) {
		put_type(s);
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
	put_type(s);
}

/* RFC 9824: NOERROR, and an NSEC of the name itself that says that there is no such name. */
static bool compact_denial(const struct saying *s)
{
	for (size_t i = 0; i < s->m->nrrs; i++) {
		const struct rr *rr = &s->m->rrs[i];
		struct name next;
		uint16_t at = 0;

		if (rr->section != MSG_AUTHORITY || rr->type != RR_NSEC ||
			!name_equal(rr->owner, &s->end) || msg_rdata_name(s->m, rr, &next, &at))
			continue;
		/* RFC 4034 4.1.2: window, length, bits from the left. */
		while (at + 2 <= rr->rdlength && rr->rdata[at] != NXNAME / 256)
			at = (uint16_t)(at + 2 + rr->rdata[at + 1]);
		if (at + 2 + NXNAME / 8 < rr->rdlength && rr->rdata[at + 1] > NXNAME / 8 &&
			rr->rdata[at + 2 + NXNAME / 8] & 0x80 >> NXNAME % 8)
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
	put_type(s);
	buf_str(s->out, " record");
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

static void on_referral(const struct saying *s)
{
	const struct name *zone;

	buf_str(s->out, "referral: this server does not answer for ");
	dig_name(s->q->name, s->out);
	buf_str(s->out, " itself but sends on to ");
	zone = put_delegation(s);
	buf_str(s->out, ", the servers of ");
	dig_name(zone, s->out);
	if (s->o->ask.shape.flags & FLAG_RD)
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

/* RFC 8914 section 4 in a few words of ours. */
static const struct {
	uint16_t code;
	const char *text;
} ede_texts[] = {
	{ 1, "the zone is signed with an algorithm that the resolver does not know" },
	{ 2, "the DS has a digest type that the resolver does not know" },
	{ 3, "old data, because the zone's servers could not be reached in time" },
	{ 4, "the resolver put an answer of its own in place of the true one" },
	{ 5, "the resolver could not find out whether the answer should be signed" },
	{ 6, "the signatures do not prove the answer" },
	{ 7, "a signature has expired: the zone must be signed anew" },
	{ 8, "a signature is not valid yet: somebody's clock is off" },
	{ 9, "the DS at the parent matches no DNSKEY of the zone" },
	{ 10, "the answer should be signed, but no signature came" },
	{ 11, "the zone's key is not marked as one" },
	{ 12, "the proof that there is nothing is missing" },
	{ 13, "the resolver remembers an earlier failure and did not try again" },
	{ 14, "the server is only starting" },
	{ 15, "the resolver's operator blocks the name" },
	{ 16, "somebody else made the resolver's operator block the name" },
	{ 17, "the name is blocked as its users asked" },
	{ 18, "this client is not allowed to ask" },
	{ 19, "an old NXDOMAIN, because the zone's servers could not be reached in time" },
	{ 20, "the server is not an authority for the name" },
	{ 21, "the server does not do what was asked" },
	{ 22, "none of the zone's servers answered the resolver" },
	{ 23, "the resolver met a network error on the way to the zone's servers" },
	{ 24, "the server has no usable copy of the zone" },
	{ 25, "a signature expires before it begins" },
	{ 27, "the zone's NSEC3 has more iterations than the resolver allows" },
};

/* All that the reply itself says about its cause; false when it says nothing. */
static bool put_ede(const struct saying *s, const char *before)
{
	bool any = false;

	for (size_t i = 0; i < s->m->edns.nopts; i++) {
		const struct edns_opt *o = &s->m->edns.opts[i];
		uint16_t code;
		const char *name;

		if (o->code != EDNS_EDE || o->length < 2)
			continue;
		code = (uint16_t)(o->data[0] << 8 | o->data[1]);
		name = text_ede(code);
		buf_printf(s->out, "%s EDE %u", any ? ";" : before, code);
		if (name)
			buf_printf(s->out, " (%s)", name);
		for (size_t j = 0; j < ARRAY_LEN(ede_texts); j++)
			if (ede_texts[j].code == code)
				buf_printf(s->out, ": %s", ede_texts[j].text);
		any = true;
	}
	return any;
}

/* How long resolvers try before they give up: their own time is a fingerprint. */
static const struct {
	uint64_t from, to; /* µs */
	const char *text;
} fingerprints[] = {
	{ 9500000, 11000000, "; it took 10 s, as BIND does when nobody answers it" },
	{ 1400000, 1700000, "; it took 1.5 s, as PowerDNS does when nobody answers it" },
};

static void on_servfail(const struct saying *s)
{
	uint64_t took = s->o->done > s->o->sent ? s->o->done - s->o->sent : 0;

	buf_str(s->out, "server failure: ");
	put_server(s);
	buf_str(s->out, " could not answer.");
	if (!put_ede(s, "")) {
		if (!(s->m->flags & FLAG_RA))
			buf_str(s->out, " An authority says so when its copy of the zone is "
					"missing, expired or broken");
		else if (s->m->flags & FLAG_CD)
			buf_str(s->out, " Usual causes: the zone's servers do not answer the "
					"resolver, or refuse or contradict; it is not DNSSEC "
					"validation, which +cd switched off");
		else
			buf_str(s->out, " Usual causes: DNSSEC validation failed (then +cd gets "
					"an answer), or the zone's servers do not answer the "
					"resolver, or refuse or contradict");
	}
	for (size_t i = 0; i < ARRAY_LEN(fingerprints); i++)
		if (took >= fingerprints[i].from && took <= fingerprints[i].to)
			buf_str(s->out, fingerprints[i].text);
	put_go_on(s);
}

static void on_server_refused(const struct saying *s)
{
	buf_str(s->out, "refused by ");
	put_server(s);
	buf_str(s->out, ": it does not serve ");
	dig_name(s->q->name, s->out);
	if (s->o->ask.shape.flags & FLAG_RD)
		buf_str(s->out, ", or does no recursion for your address");
	else
		buf_str(s->out, " to your address");
	put_ede(s, ".");
}

static void on_truncated(const struct saying *s)
{
	buf_printf(s->out, "truncated: the answer is larger than fits here and is not whole; %s",
		s->o->ask.transport == TRANSPORT_TCP
			? "TC over TCP is a fault of the server"
			: "without +ignore it would be asked for over TCP");
}

/* RFC 1035 4.1.1, RFC 6891, RFC 7873, RFC 2136. */
static const struct {
	uint16_t rcode;
	const char *text;
} rcode_texts[] = {
	{ RCODE_FORMERR, "the server cannot read the query" },
	{ RCODE_NOTIMP, "the server does not do this kind of query" },
	{ RCODE_NOTAUTH, "the server is not an authority for the name" },
	{ RCODE_BADVERS, "the server does not know this version of EDNS" },
	{ RCODE_BADCOOKIE, "the server wants a cookie and did not take ours" },
};

static void on_other_rcode(const struct saying *s)
{
	char text[TEXT_MNEMONIC];

	buf_printf(s->out, "error %s: ", text_rcode(s->m->rcode, text));
	for (size_t i = 0; i < ARRAY_LEN(rcode_texts); i++)
		if (rcode_texts[i].rcode == s->m->rcode) {
			buf_str(s->out, rcode_texts[i].text);
			/* RFC 6891 7. */
			if (s->o->ask.shape.edns && !s->m->edns.present)
				buf_str(s->out, "; it seems not to know EDNS: try +noedns");
			return;
		}
	put_server(s);
	buf_str(s->out, " did not answer the question");
}

static void on_unreadable(const struct saying *s)
{
	buf_str(s->out, "malformed reply, shown as far as it can be read: ");
	msg_defects_text(s->m, s->out);
}

static void (*const by_meaning[])(const struct saying *s) = {
	[MEANS_ANSWER] = on_answer,
	[MEANS_ALIAS] = on_alias,
	[MEANS_NODATA] = on_nodata,
	[MEANS_REFERRAL] = on_referral,
	[MEANS_UPWARD] = on_upward,
	[MEANS_NXDOMAIN] = on_nxdomain,
	[MEANS_SERVFAIL] = on_servfail,
	[MEANS_REFUSED] = on_server_refused,
	[MEANS_TRUNCATED] = on_truncated,
	[MEANS_OTHER_RCODE] = on_other_rcode,
	[MEANS_UNREADABLE] = on_unreadable,
};

static bool is_truncated(const struct observation *o)
{
	return o->msg && o->msg->has_header && o->msg->flags & FLAG_TC &&
	       o->ask.transport == TRANSPORT_UDP;
}

/* What else was seen on the way: a truncated reply, replies that are none, replies that were late.
 */
static void put_asides(const struct saying *s)
{
	const struct facts *f = s->v->facts;
	size_t stray = 0, truncated = 0;

	for (size_t i = s->v->first; i < f->n; i++) {
		const struct observation *o = f->v[i];

		stray += o->outcome == OUTCOME_STRAY && o != s->o;
		truncated += is_truncated(o) && o->outcome == OUTCOME_ANSWERED;
	}
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
	if (stray)
		buf_printf(s->out, "; %zu datagram%s that did not match the query %s not believed",
			stray, stray == 1 ? "" : "s", stray == 1 ? "was" : "were");
}

static void on_timeout(const struct saying *s)
{
	const struct facts *f = s->v->facts;
	size_t tries = 0;

	for (size_t i = s->v->first; i < f->n; i++)
		tries += f->v[i]->outcome == OUTCOME_TIMEOUT;
	buf_str(s->out, "no reply from ");
	put_server(s);
	buf_printf(s->out,
		" over %s (%zu %s without a reply in all): the server is down, or a "
		"filter on the way or before it drops the query or the reply",
		s->o->ask.transport == TRANSPORT_TCP ? "TCP" : "UDP", tries,
		tries == 1 ? "query" : "queries");
	if (s->o->ask.source.port)
		buf_printf(s->out, "; it may be source port %u that is dropped: try another",
			s->o->ask.source.port);
	put_go_on(s);
}

static void on_icmp(const struct saying *s)
{
	char text[ADDR_TEXT];
	const struct icmp *icmp = &s->o->icmp;

	if (addr_same_host(&icmp->offender, &s->o->ask.server) ||
		icmp->offender.family == ADDR_NONE) {
		buf_str(s->out, "no server there: ");
		put_server(s);
		buf_str(s->out, " says itself that nothing listens on this port");
	} else {
		buf_str(s->out, "the way to ");
		put_server(s);
		buf_printf(s->out, " is barred: %s says so (ICMP type %u code %u)",
			addr_text(&icmp->offender, text), icmp->type, icmp->code);
	}
}

static void on_refused(const struct saying *s)
{
	buf_str(s->out, "no server there: ");
	put_server(s);
	buf_str(s->out, " refuses TCP connections");
}

static void on_reset(const struct saying *s)
{
	put_server(s);
	buf_str(s->out, " closed the TCP connection before it replied");
}

static void on_not_sent(const struct saying *s)
{
	buf_printf(s->out, "nothing was sent (%s): this says nothing about the server",
		why_text((enum why)s->o->why));
}

static void (*const by_outcome[OUTCOMES])(const struct saying *s) = {
	[OUTCOME_TIMEOUT] = on_timeout,
	[OUTCOME_ICMP] = on_icmp,
	[OUTCOME_REFUSED] = on_refused,
	[OUTCOME_RESET] = on_reset,
	[OUTCOME_NOT_SENT] = on_not_sent,
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
