/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries and replies, packet by packet. */
#include "intake/pairing.h"

#include "base/err.h"
#include "intake/test_packet.h"
#include "tap.h"

#define R "192.0.2.10"
#define S "198.51.100.4#53"
#define T "203.0.113.11#53"

enum what { QUERY, REPLY, ICMP, ICMP_SHORT, SYN, SYN_ACK, RST, TCP_QUERY, TCP_REPLY, EMPTY, TIME };
enum { STEPS = 8, SEEN = 4 };

/* from and to are the query's, whatever is sent; the resolver is R when from is a number. */
struct step {
	unsigned int ms;
	enum what what;
	const char *from, *to;
	uint16_t id;
	const char *name;
};

#define AT(ms)                                                                                     \
	{                                                                                          \
		ms, TIME, NULL, NULL, 0, NULL                                                      \
	}
#define SIGNAL(ms, what)                                                                           \
	{                                                                                          \
		ms, what, R "#1000", S, 0, NULL                                                    \
	}

struct row {
	const char *name;
	struct step steps[STEPS];
	/* Of each sighting a letter: answered, silent, icmp, unknown; and what went beside them. */
	const char *ends;
	unsigned int strays, copies, evicted, over, foreign;
	unsigned int waiting, sightings; /* bounds; 0: none */
};

static const struct row rows[] = {
	{ .name = "nothing", .ends = "" },
	{ .name = "a reply",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 20, REPLY, R "#1000", S, 7, "a.x" } },
		.ends = "a" },
	{ .name = "in another case",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 20, REPLY, R "#1000", S, 7, "A.x" } },
		.ends = "a" },
	{ .name = "IPv6",
		.steps = { { 0, QUERY, "2001:db8::1#1000", "2001:db8::4#53", 7, "a.x" },
			{ 20, REPLY, "2001:db8::1#1000", "2001:db8::4#53", 7, "a.x" } },
		.ends = "a" },
	{ .name = "from port 53",
		.steps = { { 0, QUERY, R "#53", S, 7, "a.x" },
			{ 20, REPLY, R "#53", S, 7, "a.x" } },
		.ends = "a" },
	{ .name = "silence",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" }, AT(5001) },
		.ends = "s" },
	{ .name = "an end too early to tell",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" }, AT(4999) },
		.ends = "u" },
	{ .name = "a reply too late",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 5001, REPLY, R "#1000", S, 7, "a.x" } },
		.ends = "s",
		.strays = 1 },
	{ .name = "replies with one thing wrong each",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 1, REPLY, R "#1001", S, 7, "a.x" }, { 2, REPLY, R "#1000", T, 7, "a.x" },
			{ 3, REPLY, R "#1000", S, 8, "a.x" },
			{ 4, REPLY, R "#1000", S, 7, "b.x" } },
		.ends = "u",
		.strays = 4 },
	{ .name = "a reply without question",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 20, EMPTY, R "#1000", S, 7, NULL } },
		.ends = "a" },
	{ .name = "retries from other ports",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 800, QUERY, R "#1001", S, 8, "a.x" },
			{ 1600, QUERY, R "#1002", T, 9, "a.x" },
			{ 1620, REPLY, R "#1002", T, 9, "a.x" }, AT(9000) },
		.ends = "ssa" },
	{ .name = "retries from the same port with the same id: the latest is answered",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 800, QUERY, R "#1000", S, 7, "a.x" },
			{ 820, REPLY, R "#1000", S, 7, "a.x" }, AT(9000) },
		.ends = "sa" },
	{ .name = "a second reply is to the other one",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 800, QUERY, R "#1000", S, 7, "a.x" },
			{ 820, REPLY, R "#1000", S, 7, "a.x" },
			{ 830, REPLY, R "#1000", S, 7, "a.x" },
			{ 840, REPLY, R "#1000", S, 7, "a.x" } },
		.ends = "aa",
		.copies = 1 },
	{ .name = "packets seen twice",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 0, QUERY, R "#1000", S, 7, "a.x" }, { 9, REPLY, R "#1000", S, 7, "a.x" },
			{ 9, REPLY, R "#1000", S, 7, "a.x" } },
		.ends = "a",
		.copies = 2 },
	{ .name = "an error",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 1, ICMP, R "#1000", S, 7, "a.x" }, AT(9000) },
		.ends = "i" },
	{ .name = "an error that quotes no id",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 1, ICMP_SHORT, R "#1000", S, 7, "a.x" }, AT(9000) },
		.ends = "i" },
	{ .name = "errors about others",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 1, ICMP, R "#1000", S, 8, "a.x" },
			{ 1, ICMP_SHORT, R "#1001", S, 7, "a.x" },
			{ 1, ICMP, R "#1000", T, 7, "a.x" }, AT(9000) },
		.ends = "s",
		.strays = 3 },
	{ .name = "a reply in spite of an error",
		.steps = { { 0, QUERY, R "#1000", S, 7, "a.x" },
			{ 1, ICMP, R "#1000", S, 7, "a.x" },
			{ 20, REPLY, R "#1000", S, 7, "a.x" } },
		.ends = "a" },
	{ .name = "TCP",
		.steps = { SIGNAL(0, SYN), SIGNAL(1, SYN_ACK),
			{ 2, TCP_QUERY, R "#1000", S, 7, "a.x" },
			{ 3, TCP_REPLY, R "#1000", S, 7, "a.x" } },
		.ends = "a" },
	{ .name = "TCP, nobody there",
		.steps = { SIGNAL(0, SYN), SIGNAL(1000, SYN), AT(9000) },
		.ends = "s" },
	{ .name = "TCP, refused",
		.steps = { SIGNAL(0, SYN), SIGNAL(1, RST), AT(9000) },
		.ends = "u" },
	{ .name = "TCP, silence behind the query",
		.steps = { SIGNAL(0, SYN), SIGNAL(1, SYN_ACK),
			{ 2, TCP_QUERY, R "#1000", S, 7, "a.x" },
			{ 800, TCP_QUERY, R "#1000", S, 7, "a.x" }, AT(9000) },
		.ends = "s",
		.copies = 1 },
	{ .name = "TCP, reset behind the query",
		.steps = { SIGNAL(0, SYN), SIGNAL(1, SYN_ACK),
			{ 2, TCP_QUERY, R "#1000", S, 7, "a.x" }, SIGNAL(3, RST), AT(9000) },
		.ends = "u" },
	{ .name = "TCP, two queries, an unread answer",
		.steps = { { 1, TCP_QUERY, R "#1000", S, 7, "a.x" },
			{ 2, TCP_QUERY, R "#1000", S, 8, "b.x" },
			{ 3, TCP_REPLY, R "#1000", S, 8, "b.x" }, AT(9000) },
		.ends = "ua" },
	{ .name = "stubs",
		.steps = { { 0, QUERY, "127.0.0.1#1000", "127.0.0.1#53", 1, "a.x" },
			{ 0, QUERY, R "#1000", R "#53", 2, "a.x" },
			{ 0, QUERY, "192.0.2.77#1000", R "#53", 3, "a.x" },
			{ 1, QUERY, R "#1000", S, 4, "a.x" } },
		.ends = "u",
		.foreign = 1 },
	{ .name = "no room to wait",
		.steps = { { 0, QUERY, R "#1000", S, 1, "a.x" },
			{ 1, QUERY, R "#1001", S, 2, "a.x" }, { 2, QUERY, R "#1002", S, 3, "a.x" },
			{ 3, REPLY, R "#1000", S, 1, "a.x" }, { 4, REPLY, R "#1001", S, 2, "a.x" },
			AT(9000) },
		.ends = "uas",
		.strays = 1,
		.evicted = 1,
		.waiting = 2 },
	{ .name = "no room to keep",
		.steps = { { 0, QUERY, R "#1000", S, 1, "a.x" },
			{ 1, QUERY, R "#1001", S, 2, "a.x" },
			{ 2, REPLY, R "#1000", S, 1, "a.x" } },
		.ends = "a",
		.over = 1,
		.sightings = 1 },
	{ .name = "out of order",
		.steps = { { 50, QUERY, R "#1000", S, 1, "a.x" },
			{ 20, QUERY, R "#1001", S, 2, "a.x" },
			{ 60, REPLY, R "#1000", S, 1, "a.x" } },
		.ends = "ua" },
};

/* Packets by what is to be sent; those of servers go the other way. */

static struct span of_udp(struct arena *a, const struct step *s, struct ends e)
{
	return test_udp(a, e, test_message(a, s->id, s->name, s->what == REPLY ? FLAG_QR : 0));
}

static struct span of_empty(struct arena *a, const struct step *s, struct ends e)
{
	uint8_t header[12] = { (uint8_t)(s->id >> 8), (uint8_t)s->id, 0x80, 1 };

	return test_udp(a, e, (struct span){ header, sizeof(header) });
}

static struct span of_icmp(struct arena *a, const struct step *s, struct ends e)
{
	struct span q = of_udp(a, s, e);

	if (s->what == ICMP_SHORT)
		q.n = 28;
	return test_icmp(a, (struct ends){ "192.0.2.9", R }, 0x030d, q);
}

static struct span of_signal(struct arena *a, const struct step *s, struct ends e)
{
	uint8_t flags = s->what == SYN	     ? PACKET_SYN
			: s->what == SYN_ACK ? PACKET_SYN | PACKET_ACK
					     : PACKET_RST;

	return test_tcp(a, e, flags, (struct span){ 0 });
}

static struct span of_tcp(struct arena *a, const struct step *s, struct ends e)
{
	uint16_t flags = s->what == TCP_REPLY ? FLAG_QR : 0;

	return test_tcp(a, e, PACKET_ACK, test_framed(a, test_message(a, s->id, s->name, flags)));
}

static struct span of_time(struct arena *a, const struct step *s, struct ends e)
{
	(void)a;
	(void)s;
	(void)e;
	return (struct span){ 0 };
}

static const struct {
	struct span (*make)(struct arena *a, const struct step *s, struct ends e);
	bool back;
} makers[] = {
	[QUERY] = { of_udp, false },
	[REPLY] = { of_udp, true },
	[ICMP] = { of_icmp, false },
	[ICMP_SHORT] = { of_icmp, false },
	[SYN] = { of_signal, false },
	[SYN_ACK] = { of_signal, true },
	[RST] = { of_signal, true },
	[TCP_QUERY] = { of_tcp, false },
	[TCP_REPLY] = { of_tcp, true },
	[EMPTY] = { of_empty, true },
	[TIME] = { of_time, false },
};

static void feed(struct arena *a, struct pairing *p, const struct step *s)
{
	struct ends e = makers[s->what].back ? (struct ends){ s->to, s->from }
					     : (struct ends){ s->from, s->to };

	pairing_packet(
		p, &(struct packet_raw){ PACKET_LINK_RAW, 1000000000 + 1000 * (uint64_t)s->ms,
			   makers[s->what].make(a, s, e) });
}

static bool in_order(const struct facts *f)
{
	for (size_t i = 1; i < f->sightings.n; i++)
		if (f->sightings.v[i - 1].at > f->sightings.v[i].at)
			return false;
	return true;
}

static void run(struct arena *a, const struct row *row, bool told)
{
	struct addr us[] = { test_addr(R), test_addr("2001:db8::1") };
	struct pairing_filter filter = { .resolvers = us,
		.nresolvers = told ? ARRAY_LEN(us) : 0,
		.waiting_most = row->waiting,
		.sightings_most = row->sightings };
	struct pairing *p = pairing_new(a, &filter);
	struct facts *f = facts_new(a);
	char ends[SEEN + 1] = "";
	const struct pairing_tally *t;

	for (int i = 0; i < STEPS && (row->steps[i].from || row->steps[i].what == TIME); i++)
		feed(a, p, &row->steps[i]);
	pairing_end(p, 0, f);
	for (size_t i = 0; i < f->sightings.n && i < SEEN; i++)
		ends[i] = sighting_end_slug(f->sightings.v[i].end)[0];
	t = &pairing_report(p)->tally;
	ok(strcmp(ends, row->ends) == 0 && t->strays == row->strays && t->copies == row->copies &&
			t->evicted == row->evicted && t->over == row->over &&
			t->foreign == (told ? 0 : row->foreign) && in_order(f),
		"%s, resolver %s: %s; strays %u copies %u evicted %u over %u foreign %u", row->name,
		told ? "told" : "detected", ends, (unsigned int)t->strays, (unsigned int)t->copies,
		(unsigned int)t->evicted, (unsigned int)t->over, (unsigned int)t->foreign);
	pairing_free(p);
}

static void details(struct arena *a)
{
	static const struct step steps[] = { { 0, QUERY, R "#1000", S, 7, "Live.com" },
		{ 20, REPLY, R "#1000", S, 7, "live.com" },
		{ 30, QUERY, R "#1001", S, 8, "Live.com" } };
	struct pairing *p = pairing_new(a, &(struct pairing_filter){ 0 });
	struct facts *f = facts_new(a);
	const struct sighting *s;
	char text[NAME_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		feed(a, p, &steps[i]);
	is_int(pairing_count(p), 2, "sightings so far");
	pairing_end(p, 0, f);
	s = f->sightings.v;
	is_str(name_text(s->question.name, text), "Live.com.", "the name keeps its case");
	ok(s->question.name == s[1].question.name, "and is kept once");
	ok(s->source == SIGHT_CAPTURE && s->from.port == 1000 && s->server.port == 53 &&
			s->at == 1000000000 && s->rtt == 20000 && s->id == 7 && s->rcode == 0 &&
			s->edns && s->edns_size == 1232 && s->flags == 0 &&
			s->question.type == RR_A,
		"a sighting says all that was seen");
	ok(pairing_report(p)->nresolvers == 1 && pairing_report(p)->resolvers[0].port == 0,
		"who was detected is said");
	pairing_free(p);
}

/* dnstap: no address of the resolver, a wrong port in replies, and in no order. */
static void events(struct arena *a)
{
	struct pairing *p = pairing_new(a, &(struct pairing_filter){ .source = SIGHT_DNSTAP });
	struct addr from = { .port = 1000 }, wrong = { .port = 2000 }, server = test_addr(S);
	struct span query = test_message(a, 7, "a.x", 0),
		    reply = test_message(a, 7, "a.x", FLAG_QR);
	struct facts *f = facts_new(a);

	pairing_event(p, &(struct pairing_event){ false, 0, from, server, 1000000, query });
	pairing_event(p, &(struct pairing_event){ false, 0, from, server, 7500000, query });
	pairing_event(p, &(struct pairing_event){ true, 0, wrong, server, 1100000, reply });
	pairing_event(p, &(struct pairing_event){ true, 0, wrong, server, 7600000, query });
	pairing_end(p, 0, f);
	is_int(f->sightings.n, 2, "dnstap: queries are never copies");
	ok(f->sightings.n == 2 && f->sightings.v[0].end == SIGHT_ANSWERED &&
			f->sightings.v[0].from.port == 1000 && f->sightings.v[0].rtt == 100000 &&
			f->sightings.v[0].from.family == ADDR_NONE,
		"dnstap: a reply from another thread comes late, and its port is not looked at");
	is_int(pairing_report(p)->tally.unread, 1, "dnstap: a reply that is none");
	pairing_free(p);
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		run(a, &rows[i], true);
		run(a, &rows[i], false);
	}
	details(a);
	events(a);
	arena_free(a);
	return tap_done();
}
