/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the zone's names have: the apex, the server's own name, chains, and samples as text. */
#include <string.h>

#include "base/err.h"
#include "beacon/beacon_inner.h"
#include "dns/rr.h"

enum {
	POINTER = 0xc000,  /* RFC 1035 4.1.4 */
	NS_TTL = 3600,	   /* of NS and addresses; what was seen has 0 */
	STRING_MOST = 255, /* RFC 1035 3.3.14 */
	PROOF_SHIFT = 64 - BEACON_PROOF_BITS,
	SECOND = 1000000,
};

/* Serial, refresh, retry, expire; minimum 0: nothing negative is kept (RFC 2308 5). */
static const uint32_t soa_numbers[] = { 1, 3600, 600, 86400, 0 };

/* Owner, type, class, TTL. Returns where the length of the rdata is to be filled in. */
static size_t begin_rr(struct beacon_draft *d, unsigned int owner, uint16_t type, uint32_t ttl)
{
	buf_u16(&d->b, (uint16_t)(POINTER | owner));
	buf_u16(&d->b, type);
	buf_u16(&d->b, CLASS_IN);
	buf_u32(&d->b, ttl);
	buf_u16(&d->b, 0);
	return d->b.n;
}

static void end_rr(struct beacon_draft *d, size_t rdata)
{
	size_t n = d->b.n - rdata;

	d->b.p[rdata - 2] = (char)(n >> 8U);
	d->b.p[rdata - 1] = (char)n;
}

/* Where the zone's name stands in the question. */
static unsigned int zone_at(const struct beacon *b, const struct beacon_seen *s)
{
	return BEACON_QUESTION_AT + (unsigned int)(s->question.name->len - b->setup.zone.len);
}

static void put_soa(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	size_t rdata = begin_rr(d, zone_at(b, s), RR_SOA, 0);

	buf_put(&d->b, b->setup.ns.wire, b->setup.ns.len);
	buf_put(&d->b, b->mail.wire, b->mail.len);
	for (size_t i = 0; i < ARRAY_LEN(soa_numbers); i++)
		buf_u32(&d->b, soa_numbers[i]);
	end_rr(d, rdata);
}

static void no_data(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	put_soa(b, s, d);
	d->authorities++;
}

/* Addresses of a family, of the name that stands at owner. Their number. */
static uint16_t put_addresses(
	const struct beacon *b, struct beacon_draft *d, uint8_t family, unsigned int owner)
{
	uint16_t n = 0;

	for (size_t i = 0; i < b->setup.nglue; i++) {
		struct span ip = addr_octets(&b->setup.glue[i]);
		size_t rdata;

		if (b->setup.glue[i].family != family)
			continue;
		rdata = begin_rr(d, owner, family == ADDR_V4 ? RR_A : RR_AAAA, NS_TTL);
		buf_put(&d->b, ip.p, ip.n);
		end_rr(d, rdata);
		n++;
	}
	return n;
}

static void put_ns(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	size_t rdata = begin_rr(d, BEACON_QUESTION_AT, RR_NS, NS_TTL);

	(void)s;
	buf_put(&d->b, b->setup.ns.wire, b->setup.ns.len);
	end_rr(d, rdata);
	d->answers++;
	if (!name_under(&b->setup.ns, &b->setup.zone))
		return;
	d->additionals += put_addresses(b, d, ADDR_V4, (unsigned int)rdata);
	d->additionals += put_addresses(b, d, ADDR_V6, (unsigned int)rdata);
}

static void answer_apex(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	bool any = s->question.type == RR_ANY;

	b->counts.others++;
	if (s->question.type == RR_NS) {
		put_ns(b, s, d);
	} else if (s->question.type == RR_SOA || any) {
		put_soa(b, s, d);
		d->answers++;
	} else {
		no_data(b, s, d);
	}
}

static void answer_ns(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	uint16_t type = s->question.type;

	b->counts.others++;
	if (type == RR_A || type == RR_ANY)
		d->answers += put_addresses(b, d, ADDR_V4, BEACON_QUESTION_AT);
	if (type == RR_AAAA || type == RR_ANY)
		d->answers += put_addresses(b, d, ADDR_V6, BEACON_QUESTION_AT);
	if (!d->answers)
		no_data(b, s, d);
}

uint64_t beacon_proof(const struct beacon *b, const struct beacon_label *l, const struct addr *from,
	uint64_t epoch)
{
	struct span ip = addr_octets(from);
	struct beacon_label bare = *l;
	char text[NAME_MAX_LABEL + 1];
	uint8_t input[BEACON_PROOF_TEXT];
	size_t n = 0, size;

	bare.proof = 0;
	size = beacon_label_text(&bare, text);
	for (unsigned int i = 0; i < 8; i++)
		input[n++] = (uint8_t)(epoch >> (8 * i));
	input[n++] = (uint8_t)ip.n;
	memcpy(input + n, ip.p, ip.n);
	n += ip.n;
	memcpy(input + n, text, size);
	return siphash(b->setup.secret, (struct span){ input, n + size }) >> PROOF_SHIFT;
}

/* The next name of the chain, which is what was seen of the query for this one. */
static void put_alias(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	struct beacon_label next = {
		.steps = s->chained && s->label.steps ? (uint8_t)(s->label.steps - 1) : 0,
		.seed = s->chained ? s->label.seed : 0,
		.sample = s->sample,
	};
	char text[NAME_MAX_LABEL + 1];
	size_t rdata = begin_rr(d, BEACON_QUESTION_AT, RR_CNAME, 0), n;

	next.proof = beacon_proof(b, &next, &s->query->from, s->query->now / SECOND / BEACON_EPOCH);
	n = beacon_label_text(&next, text);
	buf_u8(&d->b, (uint8_t)n);
	buf_put(&d->b, text, n);
	buf_u16(&d->b, (uint16_t)(POINTER | zone_at(b, s)));
	end_rr(d, rdata);
	d->answers++;
	b->counts.aliases++;
}

static void put_string(struct beacon_draft *d, const struct buf *text)
{
	size_t n = text->n < STRING_MOST ? text->n : STRING_MOST;

	buf_u8(&d->b, (uint8_t)n);
	buf_put(&d->b, buf_text(text), n);
}

static void say_flags(struct buf *b, uint16_t flags)
{
	static const struct {
		uint16_t bit;
		const char *name;
	} names[] = {
		{ FLAG_AA, "aa" },
		{ FLAG_RD, "rd" },
		{ FLAG_RA, "ra" },
		{ FLAG_Z, "z" },
		{ FLAG_AD, "ad" },
		{ FLAG_CD, "cd" },
	};
	bool some = false;

	buf_str(b, "flags=");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!(flags & names[i].bit))
			continue;
		buf_printf(b, "%s%s", some ? "," : "", names[i].name);
		some = true;
	}
	if (!some)
		buf_str(b, "none");
}

static void say_edns(struct buf *b, const struct msg *m)
{
	if (!m->edns.present) {
		buf_str(b, "edns=none");
		return;
	}
	buf_printf(b, "edns=%u size=%u%s", m->edns.version, m->edns.size,
		m->edns.flags & EDNS_DO ? " do" : "");
	for (size_t i = 0; i < m->edns.nopts && b->n < STRING_MOST; i++)
		buf_printf(b, "%s%u", i ? "," : " options=", m->edns.opts[i].code);
}

/* A sample for programs, then the same and more for people, a string each. */
static void put_text(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	enum { SAMPLE, ADDRESS, PORT, TRANSPORT, ID, FLAGS, EDNS, NAME, STRINGS };
	struct buf say[STRINGS];
	char text[BEACON_SAMPLE_TEXT], address[ADDR_TEXT];
	size_t rdata = begin_rr(d, BEACON_QUESTION_AT, RR_TXT, 0);

	for (size_t i = 0; i < STRINGS; i++)
		say[i] = (struct buf){ .arena = b->scratch };
	buf_str(&say[SAMPLE], "sample=1");
	buf_put(&say[SAMPLE], text, beacon_sample_text(&s->sample, text));
	buf_printf(&say[ADDRESS], "address=%s", addr_text(&s->query->from, address));
	buf_printf(&say[PORT], "port=%u", s->query->from.port);
	buf_printf(&say[TRANSPORT], "transport=%s", s->sample.tcp ? "tcp" : "udp");
	buf_printf(&say[ID], "id=%u", s->sample.id);
	say_flags(&say[FLAGS], s->msg->flags);
	say_edns(&say[EDNS], s->msg);
	buf_str(&say[NAME], "name=");
	name_put(s->question.name, &say[NAME]);
	for (size_t i = 0; i < STRINGS; i++)
		put_string(d, &say[i]);
	end_rr(d, rdata);
	d->answers++;
	b->counts.texts++;
}

/*
 * A chain goes on for any type, as an alias does. A name that begins none is answered over UDP with
 * what was seen; over TCP with an alias to the end of a chain, because a resolver that was sent
 * here by TC=1 will ask for that by UDP, and is then seen as it always asks.
 */
static void answer_below(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	bool text = s->question.type == RR_TXT || s->question.type == RR_ANY;

	if (s->chained ? s->label.steps > 0 : text && s->sample.tcp) {
		put_alias(b, s, d);
	} else if (text) {
		put_text(b, s, d);
	} else {
		b->counts.others++;
		no_data(b, s, d);
	}
}

void beacon_zone_answer(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	if (name_equal(s->question.name, &b->setup.zone))
		answer_apex(b, s, d);
	else if (name_equal(s->question.name, &b->setup.ns))
		answer_ns(b, s, d);
	else
		answer_below(b, s, d);
}
