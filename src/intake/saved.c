/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saved queries. */
#include "intake/saved.h"

#include <pcap/pcap.h>

#include "base/err.h"
#include "dns/rr.h"
#include "intake/segments.h"

enum {
	DNS_PORT = 53,
	READ_MOST = 4096,
	TRIED_MOST = 256, /* asks of a tape that are looked at: each is compared with all others */
	OPCODE_BITS = 0x7800,
	RCODE_BITS = 0x000f,
};

/* Only OPT may stand behind the question. */
static bool is_plain(const struct msg *m)
{
	if (!m->has_header || (m->flags & FLAG_QR) || m->ndefects || m->nquestions > 1)
		return false;
	for (size_t i = 0; i < m->nrrs; i++)
		if (m->rrs[i].type != RR_OPT || m->rrs[i].section != MSG_ADDITIONAL)
			return false;
	return m->edns.nopts <= UINT8_MAX;
}

static void take_edns(struct arena *a, const struct msg *m, struct shape *s)
{
	struct shape_option *list;

	if (!m->edns.present)
		return;
	list = arena_alloc(a, (m->edns.nopts + 1) * sizeof(*list));
	for (size_t i = 0; i < m->edns.nopts; i++)
		list[i] = (struct shape_option){ m->edns.opts[i].code, m->edns.opts[i].length,
			m->edns.opts[i].data };
	s->edns = true;
	s->edns_version = m->edns.version;
	s->edns_size = m->edns.size;
	s->edns_flags = m->edns.flags;
	s->options = list;
	s->noptions = (uint8_t)m->edns.nopts;
}

int saved_from_wire(
	struct arena *a, struct span wire, const struct saved_ends *ends, struct ask *ret)
{
	const struct msg *m = msg_read(a, wire);
	struct ask ask = { .server = ends->to,
		.source = ends->from,
		.transport = ends->transport,
		.question = { &name_root, 0, CLASS_IN } };

	if (!is_plain(m))
		return -ERR_PARSE;
	ask.shape.flags = (uint16_t)(m->flags & ~(FLAG_QR | OPCODE_BITS | RCODE_BITS));
	ask.shape.opcode = m->opcode;
	ask.shape.header_only = m->nquestions == 0;
	if (m->nquestions)
		ask.question = m->questions[0];
	take_edns(a, m, &ask.shape);
	*ret = ask;
	return 0;
}

/* A query of the capture, and whether its reply is in it, too. */
struct heard {
	struct ask ask;
	uint16_t id;
	bool answered;
};

struct hearing {
	struct arena *arena;
	struct VEC(struct heard) queries;
	size_t read; /* messages, good ones or not: each takes memory */
};

static bool is_of(const struct heard *q, const struct packet *p, enum transport transport)
{
	return q->ask.transport == transport && addr_equal(&q->ask.server, &p->from) &&
	       addr_equal(&q->ask.source, &p->to);
}

static void take_reply(struct hearing *h, const struct packet *p, enum transport transport)
{
	uint16_t id = (uint16_t)(p->payload.p[0] << 8 | p->payload.p[1]);

	vec_each (struct heard, q, h->queries)
		if (q->id == id && is_of(q, p, transport))
			q->answered = true;
}

static void hear(struct hearing *h, const struct packet *p, enum transport transport)
{
	struct saved_ends ends = { p->from, p->to, (uint8_t)transport };
	struct heard q = { 0 };

	if (p->payload.n < FACTS_HEADER)
		return;
	/* Resolvers may send from port 53: the QR bit tells (RFC 1035 4.1.1). A cut reply is one.
	 */
	if (p->payload.p[2] & (FLAG_QR >> 8)) {
		take_reply(h, p, transport);
		return;
	}
	if (p->cut || p->to.port != DNS_PORT || h->read >= READ_MOST)
		return;
	h->read++;
	if (saved_from_wire(h->arena, p->payload, &ends, &q.ask) < 0)
		return;
	q.id = (uint16_t)(p->payload.p[0] << 8 | p->payload.p[1]);
	vec_push(h->arena, &h->queries, q);
}

static void hear_stream(void *user, const struct packet *p)
{
	hear(user, p, TRANSPORT_TCP);
}

/* What is missing may have been replies: those queries are not said to have none. */
static void lose_stream(void *user, const struct packet *p)
{
	struct hearing *h = user;

	vec_each (struct heard, q, h->queries)
		if (is_of(q, p, TRANSPORT_TCP))
			q->answered = true;
}

static int choose(const struct hearing *h, struct ask *ret)
{
	const struct heard *best = NULL;

	vec_each (const struct heard, q, h->queries)
		if (!best || (best->answered && !q->answered))
			best = q;
	if (!best)
		return -ERR_NONE;
	*ret = best->ask;
	ret->source = (struct addr){ .port = best->ask.source.port };
	return 0;
}

static void hear_all(struct hearing *h, pcap_t *p)
{
	struct segments_to to = { hear_stream, lose_stream, h };
	struct segments *streams = segments_new(h->arena, &to);
	struct pcap_pkthdr *head;
	const unsigned char *bytes;

	while (pcap_next_ex(p, &head, &bytes) == 1) {
		struct packet_raw raw = { pcap_datalink(p), 0, { bytes, head->caplen } };
		struct packet packet;
		enum packet_kind kind = packet_read(&raw, &packet);

		if (kind == PACKET_UDP)
			hear(h, &packet, TRANSPORT_UDP);
		else if (kind == PACKET_TCP &&
			 (packet.from.port == DNS_PORT || packet.to.port == DNS_PORT))
			segments_take(streams, &packet);
	}
}

int saved_from_capture(struct arena *a, FILE *stream, struct ask *ret)
{
	struct hearing h = { .arena = a };
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_fopen_offline(stream, why);

	if (!p) {
		fclose(stream);
		return -ERR_PARSE;
	}
	hear_all(&h, p);
	pcap_close(p);
	return choose(&h, ret);
}

/* The same query, as far as a failure would be the same. Options are told by their number only. */
static bool is_same(const struct ask *a, const struct ask *b)
{
	const struct shape *s = &a->shape, *t = &b->shape;

	return a->transport == b->transport && a->source.port == b->source.port &&
	       addr_equal(&a->server, &b->server) && a->question.type == b->question.type &&
	       a->question.class == b->question.class && s->flags == t->flags &&
	       s->opcode == t->opcode && s->edns == t->edns && s->edns_size == t->edns_size &&
	       s->edns_flags == t->edns_flags && s->noptions == t->noptions && a->question.name &&
	       b->question.name && name_same_case(a->question.name, b->question.name);
}

static bool is_extra(const struct observation *o)
{
	return !o->sent || o->outcome == OUTCOME_STRAY || o->outcome == OUTCOME_LATE;
}

/* How often the ask was silent; 0 when it was answered, too. */
static size_t silences(const struct facts *f, const struct ask *ask)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (!o->sent || !is_same(&o->ask, ask))
			continue;
		if (!observation_silent(o))
			return 0;
		n++;
	}
	return n;
}

/* Where much is lost, what was silent once may be nothing but that. */
static const struct observation *most_silent(const struct facts *f)
{
	const struct observation *best = NULL;
	size_t most = 0, tried = 0;

	for (size_t i = 0; i < f->n && tried < TRIED_MOST; i++) {
		const struct observation *o = f->v[i];
		size_t n;

		if (is_extra(o) || !observation_silent(o) || (best && is_same(&best->ask, &o->ask)))
			continue;
		tried++;
		n = silences(f, &o->ask);
		if (best && n <= most)
			continue;
		best = o;
		most = n;
	}
	return best;
}

int saved_from_facts(const struct facts *f, struct ask *ret)
{
	const struct observation *best = most_silent(f);

	for (size_t i = 0; i < f->n && !best; i++)
		if (!is_extra(f->v[i]) && !observation_answered(f->v[i]))
			best = f->v[i];
	if (!best)
		return -ERR_NONE;
	*ret = best->ask;
	return 0;
}
