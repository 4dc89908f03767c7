/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lookups that ended in an error or without a reply, in plain words. */
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "render/dig_meaning.h"

void meaning_put_type(const struct saying *s)
{
	char text[TEXT_MNEMONIC];

	buf_str(s->out, text_type(s->q->type, text));
}

void meaning_put_server(const struct saying *s)
{
	char text[ADDR_TEXT];

	buf_str(s->out, addr_text_port(&s->o->ask.server, text));
}

void meaning_put_go_on(const struct saying *s)
{
	buf_str(s->out, "; go on with: dnsfault ");
	dig_name(s->q->name, s->out);
	buf_char(s->out, ' ');
	meaning_put_type(s);
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

void meaning_servfail(const struct saying *s)
{
	uint64_t took = s->o->done > s->o->sent ? s->o->done - s->o->sent : 0;

	buf_str(s->out, "server failure: ");
	meaning_put_server(s);
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
	meaning_put_go_on(s);
}

void meaning_server_refused(const struct saying *s)
{
	buf_str(s->out, "refused by ");
	meaning_put_server(s);
	buf_str(s->out, ": it does not serve ");
	dig_name(s->q->name, s->out);
	if (s->o->ask.shape.flags & FLAG_RD)
		buf_str(s->out, ", or does no recursion for your address");
	else
		buf_str(s->out,
			" to your address; if a delegation names it, that delegation is lame");
	put_ede(s, ".");
}

void meaning_truncated(const struct saying *s)
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

void meaning_other_rcode(const struct saying *s)
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
	meaning_put_server(s);
	buf_str(s->out, " did not answer the question");
}

void meaning_unreadable(const struct saying *s)
{
	buf_str(s->out, "malformed reply, shown as far as it can be read: ");
	msg_defects_text(s->m, s->out);
}

void meaning_timeout(const struct saying *s)
{
	const struct facts *f = s->v->facts;
	size_t tries = 0;

	for (size_t i = s->v->first; i < f->n; i++)
		tries += f->v[i]->outcome == OUTCOME_TIMEOUT;
	buf_str(s->out, "no reply from ");
	meaning_put_server(s);
	buf_printf(s->out,
		" over %s (%zu %s without a reply in all): the server is down, or a "
		"filter on the way or before it drops the query or the reply",
		transport_name((enum transport)s->o->ask.transport), tries,
		tries == 1 ? "query" : "queries");
	if (s->o->ask.source.port)
		buf_printf(s->out, "; it may be source port %u that is dropped: try another",
			s->o->ask.source.port);
	meaning_put_go_on(s);
}

void meaning_icmp(const struct saying *s)
{
	char text[ADDR_TEXT];
	const struct icmp *icmp = &s->o->icmp;

	if (addr_same_host(&icmp->offender, &s->o->ask.server) ||
		icmp->offender.family == ADDR_NONE) {
		buf_str(s->out, "no server there: ");
		meaning_put_server(s);
		buf_str(s->out, " says itself that nothing listens on this port");
	} else {
		buf_str(s->out, "the way to ");
		meaning_put_server(s);
		buf_printf(s->out, " is barred: %s says so (ICMP type %u code %u)",
			addr_text(&icmp->offender, text), icmp->type, icmp->code);
	}
}

void meaning_refused(const struct saying *s)
{
	buf_str(s->out, "no server there: ");
	meaning_put_server(s);
	buf_str(s->out, " refuses TCP connections");
}

void meaning_reset(const struct saying *s)
{
	meaning_put_server(s);
	buf_str(s->out, " closed the TCP connection before it replied");
}

void meaning_channel(const struct saying *s)
{
	meaning_put_server(s);
	buf_printf(s->out, " takes TCP connections, but not the query over %s: %s%s",
		transport_name((enum transport)s->o->ask.transport),
		s->o->certificate ? "its certificate is not accepted, " : "",
		s->o->said ? s->o->said : "the channel failed");
}

void meaning_not_sent(const struct saying *s)
{
	buf_printf(s->out, "nothing was sent (%s): this says nothing about the server",
		why_text((enum why)s->o->why));
}
