/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets on their way into the pairing: which are between a resolver and a server. */
#include "dns/rr.h"
#include "intake/pairing_heard.h"

enum {
	DNS_PORT = 53,
	BACK_MOST = 1024, /* of the latest queries, looked through where no id is told */
};

/* Over loopback, or to oneself: a stub of this host. */
static bool is_local(const struct addr *from, const struct addr *server)
{
	return addr_is_loopback(server) || addr_same_host(from, server);
}

/* The way of the query that a packet is, or is the reply to. False: none that is looked at. */
static bool direct(const struct pairing *p, const struct packet *k, struct heard *h)
{
	bool reply = k->from.port == DNS_PORT;

	/* Both ports may be 53; then only the message tells. */
	if (reply && k->to.port == DNS_PORT)
		reply = k->payload.n > 2 && k->payload.p[2] & 0x80;
	h->from = reply ? k->to : k->from;
	h->server = reply ? k->from : k->to;
	h->cut = k->cut;
	return h->server.port == DNS_PORT && !is_local(&h->from, &h->server) &&
	       pairing_is_ours(p, &h->from);
}

static void take_udp(struct pairing *p, const struct packet *k, struct heard *h)
{
	h->transport = TRANSPORT_UDP;
	if (direct(p, k, h))
		pairing_hear(p, h, k->payload);
}

/* The latest query between these ends that waits in vain, whatever its id; NULL: none. */
static struct wait *find_back(const struct pairing *p, const struct heard *h)
{
	for (uint32_t i = 0; i < BACK_MOST; i++) {
		struct wait *w = waiting_back(&p->ws, i);
		const struct sighting *s;

		if (!w)
			return NULL;
		s = waiting_sighting(&p->ws, w);
		if (s->end == SIGHT_UNKNOWN && pairing_same_ends(s, h))
			return w;
	}
	return NULL;
}

/* The same with that id. */
static struct wait *find_id(const struct pairing *p, const struct heard *h, uint16_t id)
{
	struct wait *w = waiting_chain(&p->ws, &h->server, id);

	for (int i = 0; w && i < PAIRING_STEPS; i++, w = waiting_after(&p->ws, w)) {
		const struct sighting *s = waiting_sighting(&p->ws, w);

		if (s->id == id && s->end == SIGHT_UNKNOWN && pairing_same_ends(s, h))
			return w;
	}
	return NULL;
}

/*
 * The message that a segment begins with, behind its length. A query must be there whole, or nobody
 * could tell it from what is no beginning; a reply is known by its id and question.
 */
static struct span segment_message(const struct packet *k, bool *cut)
{
	struct span s = k->payload;
	size_t n;

	if (s.n < 2)
		return (struct span){ 0 };
	n = (size_t)s.p[0] << 8 | s.p[1];
	s = (struct span){ s.p + 2, s.n - 2 };
	*cut = s.n < n;
	if (!*cut)
		s.n = n;
	else if (k->from.port != DNS_PORT && !k->cut)
		s.n = 0;
	return s;
}

/* What a server sends that is no reply shows that it is there; what it means is not told. */
static void take_touch(struct pairing *p, const struct heard *h)
{
	struct wait *w = pairing_find_open(p, h);

	if (!w)
		w = find_back(p, h);
	if (w)
		w->touched = true;
}

/* The kernel, not the resolver, sends a SYN again. */
static void take_syn(struct pairing *p, const struct heard *h)
{
	struct wait *w = pairing_find_open(p, h) ? NULL : pairing_add(p, h);

	if (w)
		w->open = true;
}

static void take_tcp(struct pairing *p, const struct packet *k, struct heard *h)
{
	struct packet inner = *k;
	bool served;

	h->transport = TRANSPORT_TCP;
	inner.payload = segment_message(k, &inner.cut);
	if (!direct(p, &inner, h))
		return;
	served = addr_equal(&h->server, &k->from);
	if (!served && (k->flags & (PACKET_SYN | PACKET_ACK)) == PACKET_SYN)
		take_syn(p, h);
	else
		pairing_hear(p, h, inner.payload);
	if (served && (k->payload.n || k->flags & (PACKET_SYN | PACKET_RST | PACKET_FIN)))
		take_touch(p, h);
}

/* The query goes on to wait: errors can be made up, and a reply would win. */
static void take_icmp(struct pairing *p, const struct packet *k, struct heard *h)
{
	const struct packet_quote *q = &k->quote;
	struct wait *w;

	h->from = q->from;
	h->server = q->to;
	h->transport = q->tcp ? TRANSPORT_TCP : TRANSPORT_UDP;
	if (q->to.port != DNS_PORT || is_local(&q->from, &q->to) || !pairing_is_ours(p, &q->from))
		return;
	w = q->has_id ? find_id(p, h, q->id) : find_back(p, h);
	if (w)
		waiting_sighting(&p->ws, w)->end = SIGHT_ICMP;
	else
		p->report.tally.strays++;
}

static void (*const takers[PACKET_KINDS])(
	struct pairing *p, const struct packet *k, struct heard *h) = {
	[PACKET_UDP] = take_udp,
	[PACKET_TCP] = take_tcp,
	[PACKET_ICMP] = take_icmp,
};

void pairing_packet(struct pairing *p, const struct packet_raw *raw)
{
	struct packet k;
	enum packet_kind kind = packet_read(raw, &k);
	struct heard h = { .at = raw->at };

	p->report.tally.kinds[kind]++;
	waiting_advance(&p->ws, raw->at);
	if (takers[kind])
		takers[kind](p, &k, &h);
}
