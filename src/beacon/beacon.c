/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way from a query to a reply: what is answered at all, to whom, and how much. */
#include "beacon/beacon.h"

#include <string.h>

#include "base/err.h"
#include "beacon/beacon_cookie.h"
#include "beacon/beacon_inner.h"
#include "dns/rr.h"

enum {
	PLAIN_SIZE = 512, /* RFC 1035 4.2.1 */
	OPT_SIZE = 11,
	OPT_COOKIE = 4 + BEACON_COOKIE_WHOLE,
	COOKIE_MOST = BEACON_COOKIE_CLIENT + 32, /* RFC 7873 4 */
	SECOND = 1000000,
};

struct beacon *beacon_new(struct arena *a, const struct beacon_setup *setup)
{
	struct beacon *b = arena_alloc(a, sizeof(*b));

	b->setup = *setup;
	if (b->setup.nglue > BEACON_GLUE_MOST)
		b->setup.nglue = BEACON_GLUE_MOST;
	b->setup.glue = arena_dup(a, setup->glue, b->setup.nglue * sizeof(*setup->glue));
	if (name_prepend(&setup->zone, "hostmaster", &b->mail) < 0)
		b->mail = setup->zone;
	b->limit = beacon_limit_new(a, setup->rate, setup->secret);
	b->scratch = arena_new();
	return b;
}

void beacon_free(struct beacon *b)
{
	if (b)
		arena_free(b->scratch);
}

struct beacon_counts beacon_counts(const struct beacon *b)
{
	return b->counts;
}

/*
 * Nobody can be there: no address or port 0, a group or everybody (RFC 5771, RFC 4291 2.7). All
 * other ports are answered, those of echo, daytime, chargen and time too, which other servers
 * leave unanswered: low source ports are what askers want to see. No loop can come of it, because
 * only one well-formed question is answered, and a reply is none: what echoes it sends back a
 * response, which is ignored, and a text has no octets of value 0 where a header counts questions.
 */
static bool unanswerable(const struct addr *a)
{
	static const uint8_t any[16];

	if (!a->port || a->family == ADDR_NONE)
		return true;
	if (a->family == ADDR_V4)
		return a->ip[0] == 0 || a->ip[0] >= 224;
	return a->ip[0] == 0xff || memcmp(a->ip, any, sizeof(any)) == 0;
}

/* One question whose name is written out: a reply repeats its octets, and is no larger so far. */
static bool has_question(const struct msg *m)
{
	const struct name *n = m->nquestions ? m->questions[0].name : NULL;

	return m->counts[MSG_QUESTION] == 1 && n && n->len &&
	       m->wire.n >= BEACON_QUESTION_AT + (size_t)n->len + 4 &&
	       memcmp(m->wire.p + BEACON_QUESTION_AT, n->wire, n->len) == 0;
}

static uint8_t options_of(const struct msg *m)
{
	static const struct {
		uint16_t code;
		uint8_t bit;
	} known[] = {
		{ EDNS_COOKIE, BEACON_COOKIE },
		{ EDNS_CLIENT_SUBNET, BEACON_SUBNET },
		{ EDNS_NSID, BEACON_NSID },
		{ EDNS_PADDING, BEACON_PADDING },
	};
	uint8_t all = 0;

	for (size_t i = 0; i < m->edns.nopts; i++) {
		uint8_t bit = BEACON_OTHER;

		for (size_t k = 0; k < ARRAY_LEN(known); k++)
			if (known[k].code == m->edns.opts[i].code)
				bit = known[k].bit;
		all |= bit;
	}
	return all;
}

static struct beacon_cookie cookie_of(const struct beacon *b, const struct beacon_query *q)
{
	return (struct beacon_cookie){ b->setup.cookie_secret, q->from,
		(uint32_t)(q->now / SECOND) };
}

/* The name was given to this address lately. */
static bool proven_by_name(const struct beacon *b, const struct beacon_seen *s)
{
	uint64_t epoch = s->query->now / SECOND / BEACON_EPOCH;

	if (!s->chained || s->label.first)
		return false;
	for (uint64_t e = epoch ? epoch - 1 : 0; e <= epoch; e++)
		if (beacon_proof(b, &s->label, &s->query->from, e) == s->label.proof)
			return true;
	return false;
}

static void look(const struct beacon *b, struct beacon_seen *s)
{
	const struct msg *m = s->msg;
	const struct edns_opt *option = m->edns.present ? msg_option(m, EDNS_COOKIE) : NULL;
	struct beacon_cookie mine = cookie_of(b, s->query);

	if (option)
		s->cookie = (struct span){ option->data, option->length };
	s->question = m->questions[0];
	s->sample = (struct beacon_sample){
		.from = s->query->from,
		.tcp = s->query->transport == TRANSPORT_TCP,
		.id = m->id,
		.flags = m->flags,
		.edns = m->edns.present,
		.edns_size = m->edns.present ? m->edns.size : 0,
		.dnssec_ok = m->edns.present && m->edns.flags & EDNS_DO,
		.options = m->edns.present ? options_of(m) : 0,
		.type = s->question.type <= UINT8_MAX ? (uint8_t)s->question.type : 0,
		.upper = beacon_case(s->question.name),
	};
	s->chained = name_labels(s->question.name) == name_labels(&b->setup.zone) + 1 &&
		     beacon_label_parse(s->question.name, &s->label) == 0;
	s->proven = s->sample.tcp || (s->cookie.p && beacon_cookie_good(&mine, s->cookie)) ||
		    proven_by_name(b, s);
}

/* RFC 7873 4: a client's cookie alone, or with 8 to 32 octets of a server's. */
static bool bad_cookie(const struct beacon_seen *s)
{
	return s->cookie.p && s->cookie.n != BEACON_COOKIE_CLIENT &&
	       (s->cookie.n < BEACON_COOKIE_CLIENT + 8 || s->cookie.n > COOKIE_MOST);
}

/* Why a query gets nothing but an error; RCODE_NOERROR when it gets more. */
static uint16_t error_of(const struct beacon *b, const struct beacon_seen *s)
{
	const struct msg *m = s->msg;
	const struct question *q = &s->question;

	if (m->opcode != OPCODE_QUERY)
		return RCODE_NOTIMP;
	if (m->ndefects || m->counts[MSG_ANSWER] || m->counts[MSG_AUTHORITY] ||
		m->flags & FLAG_TC || bad_cookie(s))
		return RCODE_FORMERR;
	if (m->edns.present && m->edns.version)
		return RCODE_BADVERS;
	if (q->class != CLASS_IN || !name_under(q->name, &b->setup.zone) || q->type == RR_AXFR ||
		q->type == RR_IXFR)
		return RCODE_REFUSED;
	return RCODE_NOERROR;
}

/* What a reply may take: not more than was asked from whoever has proven nothing. */
static size_t room_for(const struct beacon_seen *s)
{
	size_t size = s->sample.edns && s->sample.edns_size > PLAIN_SIZE ? s->sample.edns_size
									 : PLAIN_SIZE;

	if (s->sample.tcp || size > BEACON_REPLY)
		size = BEACON_REPLY;
	return s->proven || size < s->query->wire.n ? size : s->query->wire.n;
}

/* A header to be filled in, and the question to the octet as it came (its letter case too). */
static struct beacon_draft begin(struct beacon *b, const struct beacon_seen *s)
{
	struct beacon_draft d = { .b = { .arena = b->scratch } };

	buf_put(&d.b, s->msg->wire.p, BEACON_QUESTION_AT + s->question.name->len + 4U);
	return d;
}

/* An OPT answers one (RFC 6891 7), with a cookie when there is room for it. */
static void put_opt(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	struct beacon_cookie mine = cookie_of(b, s->query);
	bool cookie =
		s->cookie.p && !bad_cookie(s) && d->b.n + OPT_SIZE + OPT_COOKIE <= room_for(s);
	uint8_t data[BEACON_COOKIE_WHOLE];

	buf_u8(&d->b, 0);
	buf_u16(&d->b, RR_OPT);
	buf_u16(&d->b, BEACON_REPLY);
	buf_u8(&d->b, (uint8_t)(d->rcode >> 4U));
	buf_u8(&d->b, 0);
	buf_u16(&d->b, s->sample.dnssec_ok ? EDNS_DO : 0); /* RFC 3225 3 */
	buf_u16(&d->b, cookie ? OPT_COOKIE : 0);
	d->additionals++;
	if (!cookie)
		return;
	beacon_cookie_make(&mine, s->cookie.p, data);
	buf_u16(&d->b, EDNS_COOKIE);
	buf_u16(&d->b, BEACON_COOKIE_WHOLE);
	buf_put(&d->b, data, sizeof(data));
}

static void put_number(struct buf *b, size_t at, unsigned int v)
{
	b->p[at] = (char)(v >> 8U);
	b->p[at + 1] = (char)v;
}

static void finish(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d)
{
	unsigned int flags = FLAG_QR | (unsigned int)s->msg->opcode << 11U |
			     (s->msg->flags & FLAG_RD) | (d->truncated ? FLAG_TC : 0U) |
			     (d->rcode == RCODE_NOERROR ? FLAG_AA : 0U) | (d->rcode & 15U);

	/* An OPT that is damaged is answered as if it were not there. */
	if (s->sample.edns && !s->msg->ndefects)
		put_opt(b, s, d);
	put_number(&d->b, 2, flags);
	put_number(&d->b, 6, d->answers);
	put_number(&d->b, 8, d->authorities);
	put_number(&d->b, 10, d->additionals);
}

/* TC=1 and no data: the sender is to come by TCP. */
static struct beacon_draft truncated(struct beacon *b, const struct beacon_seen *s)
{
	struct beacon_draft d = begin(b, s);

	b->counts.truncated++;
	d.truncated = true;
	finish(b, s, &d);
	return d;
}

static struct beacon_draft refused(struct beacon *b, const struct beacon_seen *s, uint16_t rcode)
{
	struct beacon_draft d = begin(b, s);

	b->counts.refused++;
	d.rcode = rcode;
	finish(b, s, &d);
	return d;
}

static struct beacon_draft answer(struct beacon *b, const struct beacon_seen *s)
{
	struct beacon_counts before = b->counts;
	struct beacon_draft d = begin(b, s);

	beacon_zone_answer(b, s, &d);
	if (d.b.n + (s->sample.edns ? OPT_SIZE : 0) > room_for(s)) {
		b->counts = before;
		return truncated(b, s);
	}
	finish(b, s, &d);
	return d;
}

static struct beacon_draft reply(
	struct beacon *b, const struct beacon_seen *s, enum beacon_limit_says says)
{
	uint16_t rcode = error_of(b, s);

	if (rcode != RCODE_NOERROR)
		return refused(b, s, rcode);
	if (says == BEACON_LIMIT_SLIP)
		return truncated(b, s);
	return answer(b, s);
}

static size_t ignore(struct beacon *b)
{
	b->counts.ignored++;
	return 0;
}

size_t beacon_reply(struct beacon *b, const struct beacon_query *q, uint8_t *out)
{
	struct beacon_seen s = { .query = q };
	enum beacon_limit_says says = BEACON_LIMIT_PASS;
	struct beacon_draft d;

	arena_reset(b->scratch);
	++*(q->transport == TRANSPORT_TCP ? &b->counts.tcp : &b->counts.udp);
	if (unanswerable(&q->from))
		return ignore(b);
	s.msg = msg_read(b->scratch, q->wire);
	/* A response is never answered: two servers would talk for ever. */
	if (!s.msg->has_header || s.msg->flags & FLAG_QR || !has_question(s.msg))
		return ignore(b);
	if (q->transport == TRANSPORT_UDP)
		says = beacon_limit_ask(b->limit, &q->from, q->now);
	if (says == BEACON_LIMIT_DROP) {
		b->counts.limited++;
		return 0;
	}
	look(b, &s);
	d = reply(b, &s, says);
	if (d.b.n > BEACON_REPLY)
		return ignore(b);
	memcpy(out, d.b.p, d.b.n);
	return d.b.n;
}
