/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated servers answer from their zones as servers do, and lies are seen as lies. */
#include "base/err.h"
#include "dns/rr.h"
#include "net/sim.h"
#include "tap.h"

enum { RTT = 20000, TIMEOUT = 100000 };

static const struct addr server = { .family = ADDR_V4, .port = 53, .ip = { 192, 0, 2, 1 } };

static struct ask iterative(void)
{
	return (struct ask){ .server = server, .timeout = TIMEOUT, .shape = shape_iterative };
}

static struct observation ask_once(
	struct arena *a, const struct sim_net *net, const struct ask *ask)
{
	struct rng r = rng_seed(7);
	struct wire *w = sim_new(a, &r, net);
	struct observation o = { 0 };

	w->ops->send(w, ask);
	do
		ok(w->ops->next(w, UINT64_MAX, &o), "an observation comes");
	while (o.outcome == OUTCOME_STRAY);
	w->ops->free(w);
	return o;
}

static const struct sim_zone zones[] = {
	{ "com.", "com. 900 IN SOA a.gtld.test. nstld.test. 1 1800 900 604800 86400\n"
		  "com. NS a.gtld.test. ; a comment\n"
		  "\n"
		  "live.com. NS ns1.msft.net.\n"
		  "live.com. NS ns2.live.com.\n"
		  "ns2.live.com. A 192.0.2.2\n"
		  "ns2.live.com. AAAA 2001:db8::2\n"
		  "live.com. DS \\# 24 3039 0801 0102030405060708 090a0b0c0d0e0f1011121314\n" },
	{ "example.com.", "example.com. SOA ns.example.com. host.example.com. 7 1 2 3 4\n"
			  "example.com. NS ns.example.com.\n"
			  "ns.example.com. A 192.0.2.7\n"
			  "www.example.com. CNAME host.example.com.\n"
			  "host.example.com. A 192.0.2.8\n"
			  "out.example.com. CNAME www.live.com.\n"
			  "loop.example.com. CNAME loop.example.com.\n"
			  "nothing.example.com. CNAME gone.example.com.\n"
			  "deep.empty.example.com. TXT \"one text; two\" three\n"
			  "mail.example.com. MX 10 host.example.com.\n"
			  "srv.example.com. SRV 1 2 53 host.example.com.\n"
			  "odd.example.com. TYPE65280 \\# 3 abcdef\n"
			  "big.example.com. TXT \\# 0\n"
			  "cut.example.com. NS ns.elsewhere.test.\n"
			  "to-cut.example.com. CNAME www.cut.example.com.\n"
			  "*.wild.example.com. MX 10 host.example.com.\n"
			  "*.alias.example.com. CNAME host.example.com.\n"
			  "there.wild.example.com. A 192.0.2.9\n"
			  "moved.example.com. DNAME host.example.com.\n"
			  "x.host.example.com. A 192.0.2.10" },
	{ "2.0.192.in-addr.arpa.", "2.0.192.in-addr.arpa. SOA ns.test. h.test. 1 2 3 4 5\n"
				   "7.2.0.192.in-addr.arpa. PTR ns.example.com." },
	{ NULL, NULL },
};

static const struct {
	const char *name;
	uint16_t type;
	enum msg_meaning meaning;
	uint8_t answers, authority, additional; /* with OPT */
} lookups[] = {
	{ "live.com.", RR_MX, MEANS_REFERRAL, 0, 2, 3 },
	{ "a.b.live.com.", RR_A, MEANS_REFERRAL, 0, 2, 3 },
	{ "live.com.", RR_NS, MEANS_REFERRAL, 0, 2, 3 },
	{ "live.com.", RR_DS, MEANS_ANSWER, 1, 0, 1 },
	{ "a.live.com.", RR_DS, MEANS_REFERRAL, 0, 2, 3 },
	{ "com.", RR_SOA, MEANS_ANSWER, 1, 0, 1 },
	{ "com.", RR_NS, MEANS_ANSWER, 1, 0, 1 },
	{ "com.", RR_A, MEANS_NODATA, 0, 1, 1 },
	{ "gone.com.", RR_A, MEANS_NXDOMAIN, 0, 1, 1 },
	{ "org.", RR_A, MEANS_REFUSED, 0, 0, 1 },
	{ "example.com.", RR_NS, MEANS_ANSWER, 1, 0, 2 },
	{ "EXAMPLE.com.", RR_SOA, MEANS_ANSWER, 1, 0, 1 },
	{ "example.com.", RR_DS, MEANS_NXDOMAIN, 0, 1, 1 }, /* asked of com., which lacks it */
	{ "www.example.com.", RR_A, MEANS_ANSWER, 2, 0, 1 },
	{ "www.example.com.", RR_CNAME, MEANS_ANSWER, 1, 0, 1 },
	{ "www.example.com.", RR_MX, MEANS_NODATA, 1, 1, 1 },
	{ "out.example.com.", RR_A, MEANS_ALIAS, 1, 0, 1 },
	{ "loop.example.com.", RR_A, MEANS_ALIAS, 16, 0, 1 },
	{ "nothing.example.com.", RR_A, MEANS_NXDOMAIN, 1, 1, 1 },
	{ "empty.example.com.", RR_A, MEANS_NODATA, 0, 1, 1 },
	{ "deep.empty.example.com.", RR_TXT, MEANS_ANSWER, 1, 0, 1 },
	{ "mail.example.com.", RR_MX, MEANS_ANSWER, 1, 0, 1 },
	{ "srv.example.com.", RR_SRV, MEANS_ANSWER, 1, 0, 1 },
	{ "odd.example.com.", 65280, MEANS_ANSWER, 1, 0, 1 },
	{ "odd.example.com.", RR_ANY, MEANS_ANSWER, 1, 0, 1 },
	{ "www.cut.example.com.", RR_A, MEANS_REFERRAL, 0, 1, 1 },
	{ "to-cut.example.com.", RR_A, MEANS_ALIAS, 1, 1, 1 },
	{ "a.wild.example.com.", RR_MX, MEANS_ANSWER, 1, 0, 1 },
	{ "a.b.wild.example.com.", RR_MX, MEANS_ANSWER, 1, 0, 1 },
	{ "a.wild.example.com.", RR_A, MEANS_NODATA, 0, 1, 1 },
	{ "a.alias.example.com.", RR_A, MEANS_ANSWER, 2, 0, 1 },
	{ "there.wild.example.com.", RR_MX, MEANS_NODATA, 0, 1, 1 },
	{ "x.there.wild.example.com.", RR_MX, MEANS_NXDOMAIN, 0, 1, 1 },
	{ "wild.example.com.", RR_MX, MEANS_NODATA, 0, 1, 1 },
	{ "x.moved.example.com.", RR_A, MEANS_ANSWER, 3, 0, 1 },
	{ "moved.example.com.", RR_DNAME, MEANS_ANSWER, 1, 0, 1 },
	{ "moved.example.com.", RR_A, MEANS_NODATA, 0, 1, 1 },
	{ "y.moved.example.com.", RR_A, MEANS_NXDOMAIN, 2, 1, 1 },
	{ "7.2.0.192.in-addr.arpa.", RR_PTR, MEANS_ANSWER, 1, 0, 1 },
	{ "8.2.0.192.in-addr.arpa.", RR_PTR, MEANS_NXDOMAIN, 0, 1, 1 },
};

static void check_lookup(size_t i, const struct msg *m, const struct question *q)
{
	const char *name = lookups[i].name;

	ok(m != NULL, "%s %u: a message", name, (unsigned int)q->type);
	if (!m)
		return;
	is_int(msg_meaning(m, q, NULL), lookups[i].meaning, name);
	is_int(m->ndefects, 0, "no defects");
	is_int(m->counts[MSG_ANSWER], lookups[i].answers, "answers");
	is_int(m->counts[MSG_AUTHORITY], lookups[i].authority, "authority");
	is_int(m->counts[MSG_ADDITIONAL], lookups[i].additional, "additional");
	ok(!!(m->flags & FLAG_AA) == (lookups[i].meaning != MEANS_REFERRAL &&
					     lookups[i].meaning != MEANS_REFUSED),
		"%s: AA", name);
}

static void test_zones(void)
{
	struct sim_server s = { .addr = server, .answer = sim_answer_zones, .user = (void *)zones };
	struct sim_net net = { .rtt = RTT, .servers = &s, .nservers = 1 };
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(lookups); i++) {
		struct ask ask = iterative();
		struct observation o;
		struct name name;

		name_parse(lookups[i].name, &name);
		ask.question = (struct question){ &name, lookups[i].type, CLASS_IN };
		o = ask_once(a, &net, &ask);
		check_lookup(i, o.msg, &ask.question);
	}
	arena_free(a);
}

/* What does not fit is truncated over UDP and whole over TCP. */
static void test_sizes(void)
{
	static const char text[] = "big. TXT 0123456789012345678901234567890123456789\n";
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	struct sim_zone big[2] = { { .apex = "big." } };
	struct sim_server s = { .addr = server, .answer = sim_answer_zones, .user = big };
	struct sim_net net = { .rtt = RTT, .servers = &s, .nservers = 1 };
	struct ask ask = iterative();
	struct observation o;
	struct name name;

	for (int i = 0; i < 20; i++)
		buf_str(&b, text);
	big[0].text = buf_text(&b);
	name_parse("big.", &name);
	ask.question = (struct question){ &name, RR_TXT, CLASS_IN };
	o = ask_once(a, &net, &ask);
	ok(o.msg && o.msg->counts[MSG_ANSWER] == 20, "1232 octets are enough");
	ask.shape = (struct shape){ 0 };
	o = ask_once(a, &net, &ask);
	ok(o.msg && o.msg->flags & FLAG_TC && o.size == 21 && !o.msg->nrrs, "512 are not");
	ask.transport = TRANSPORT_TCP;
	o = ask_once(a, &net, &ask);
	ok(o.msg && o.msg->counts[MSG_ANSWER] == 20, "TCP has room");
	arena_free(a);
}

/* What is special about a query, and about the reply to it. */
static const struct manners {
	const char *what;
	struct shape shape;
	uint8_t transport;
	uint16_t class, type;
	bool transfers;
	uint16_t rcode, answers;
	bool opt;
	uint16_t edns_flags;
} manners[] = {
	{ "plain", { 0 }, TRANSPORT_UDP, CLASS_IN, RR_SOA, false, RCODE_NOERROR, 1, false, 0 },
	{ "RD", { .flags = FLAG_RD }, TRANSPORT_UDP, CLASS_IN, RR_SOA, false, RCODE_NOERROR, 1,
		false, 0 },
	{ "TCP", { 0 }, TRANSPORT_TCP, CLASS_IN, RR_SOA, false, RCODE_NOERROR, 1, false, 0 },
	{ "EDNS", { .edns = true, .edns_size = 512 }, TRANSPORT_UDP, CLASS_IN, RR_SOA, false,
		RCODE_NOERROR, 1, true, 0 },
	{ "DO", { .edns = true, .edns_size = 1232, .edns_flags = EDNS_DO }, TRANSPORT_UDP, CLASS_IN,
		RR_SOA, false, RCODE_NOERROR, 1, true, EDNS_DO },
	{ "Z bits", { .edns = true, .edns_size = 512, .edns_flags = 3 }, TRANSPORT_UDP, CLASS_IN,
		RR_SOA, false, RCODE_NOERROR, 1, true, 0 },
	{ "version 1", { .edns = true, .edns_version = 1 }, TRANSPORT_UDP, CLASS_IN, RR_SOA, false,
		RCODE_BADVERS, 0, true, 0 },
	{ "option",
		{ .edns = true, .options = &(struct shape_option){ .code = 137 }, .noptions = 1 },
		TRANSPORT_UDP, CLASS_IN, RR_SOA, false, RCODE_NOERROR, 1, true, 0 },
	{ "opcode", { .opcode = OPCODE_STATUS }, TRANSPORT_UDP, CLASS_IN, RR_SOA, false,
		RCODE_NOTIMP, 0, false, 0 },
	{ "two questions", { .twice = true }, TRANSPORT_UDP, CLASS_IN, RR_SOA, false, RCODE_FORMERR,
		0, false, 0 },
	{ "octets behind", { .trailing = 7 }, TRANSPORT_UDP, CLASS_IN, RR_SOA, false, RCODE_NOERROR,
		1, false, 0 },
	{ "class", { 0 }, TRANSPORT_UDP, CLASS_CH, RR_TXT, false, RCODE_REFUSED, 0, false, 0 },
	{ "transfer", { 0 }, TRANSPORT_TCP, CLASS_IN, RR_AXFR, false, RCODE_REFUSED, 0, false, 0 },
	{ "transfer over UDP", { 0 }, TRANSPORT_UDP, CLASS_IN, RR_AXFR, true, RCODE_REFUSED, 0,
		false, 0 },
	{ "transfer allowed", { 0 }, TRANSPORT_TCP, CLASS_IN, RR_AXFR, true, RCODE_NOERROR, 8,
		false, 0 },
};

static void check_manners(const struct manners *row, const struct msg *m)
{
	ok(m != NULL, "%s: a message", row->what);
	if (!m)
		return;
	is_int(m->rcode, row->rcode, row->what);
	is_int(m->ndefects, 0, row->what);
	is_int(m->counts[MSG_ANSWER], row->answers, row->what);
	is_int(m->edns.present, row->opt, row->what);
	is_int(m->edns.version, 0, row->what);
	is_int(m->edns.flags, row->edns_flags, row->what);
	is_int((int)m->edns.nopts, 0, row->what);
	is_int(m->flags & (FLAG_RA | FLAG_TC | FLAG_AD), 0, row->what);
	is_int(m->flags & FLAG_AA, row->rcode ? 0 : FLAG_AA, row->what);
}

static void test_manners(void)
{
	struct sim_server s = { .addr = server, .answer = sim_answer_zones, .user = (void *)zones };
	struct sim_net net = { .rtt = RTT, .servers = &s, .nservers = 1 };
	struct arena *a = arena_new();
	struct name name;

	name_parse("cOm.", &name);
	for (size_t i = 0; i < ARRAY_LEN(manners); i++) {
		const struct manners *row = &manners[i];
		struct ask ask = iterative();

		ask.shape = row->shape;
		ask.transport = row->transport;
		ask.question = (struct question){ &name, row->type, row->class };
		s.transfers = row->transfers;
		check_manners(row, ask_once(a, &net, &ask).msg);
	}
	arena_free(a);
}

/* A server that speaks from another address over UDP is heard, but not as the one asked. */
static void test_speaks(void)
{
	struct addr other = { .family = ADDR_V4, .port = 53, .ip = { 192, 0, 2, 99 } };
	struct sim_server s = { .addr = server, .speaks = other };
	struct sim_net net = { .rtt = RTT, .servers = &s, .nservers = 1 };
	struct arena *a = arena_new();
	struct rng r = rng_seed(7);
	struct wire *w = sim_new(a, &r, &net);
	struct observation stray = { 0 }, end = { 0 };
	struct ask ask = iterative();

	w->ops->send(w, &ask);
	ok(w->ops->next(w, UINT64_MAX, &stray), "something comes");
	ok(w->ops->next(w, UINT64_MAX, &end), "and the ask ends");
	w->ops->free(w);
	is_int(stray.outcome, OUTCOME_STRAY, "a stray");
	is_int(stray.why, WHY_STRAY_SOURCE, "by its source");
	ok(addr_equal(&stray.sender, &other), "which is told");
	is_int(end.outcome, OUTCOME_TIMEOUT, "the server asked is silent");
	ask.transport = TRANSPORT_TCP;
	is_int(ask_once(a, &net, &ask).outcome, OUTCOME_ANSWERED, "TCP knows its peer");
	arena_free(a);
}

/* Servers that do not answer as they should. */

static void answer_patched(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	const uint8_t *patch = s->user; /* offset, bits to flip, length to cut to (0: whole) */

	sim_answer_empty(s, ask, id, ret_reply);
	ret_reply->p[patch[0]] = (char)(ret_reply->p[patch[0]] ^ patch[1]);
	if (patch[2])
		ret_reply->n = patch[2];
}

static void answer_nothing(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	(void)s;
	(void)ask;
	(void)id;
	(void)ret_reply;
}

static const struct {
	const char *name, *want;
	uint8_t patch[3];
} liars[] = {
	{ "good", "answered", { 0, 0, 0 } },
	{ "another id", "timeout", { 1, 1, 0 } },
	{ "a query", "timeout", { 2, 0x80, 0 } },
	{ "another case", "timeout", { 13, 0x20, 0 } },
	{ "noise", "timeout", { 0, 0, 11 } },
	{ "records missing", "malformed", { 7, 3, 0 } },
};

static void test_liars(void)
{
	struct sim_server far = { .addr = server, .answer = answer_patched };
	struct sim_net net = { .rtt = RTT, .servers = &far, .nservers = 1 };
	struct arena *a = arena_new();
	struct ask ask = iterative();
	struct name live;

	name_parse("live.com.", &live);
	ask.question = (struct question){ &live, RR_MX, CLASS_IN };
	for (size_t i = 0; i < 2 * ARRAY_LEN(liars); i++) {
		uint8_t patch[3];

		memcpy(patch, liars[i / 2].patch, sizeof(patch));
		far.user = patch;
		ask.brief = i % 2;
		is_str(outcome_slug(ask_once(a, &net, &ask).outcome), liars[i / 2].want,
			liars[i / 2].name);
	}
	far.answer = answer_nothing;
	is_int(ask_once(a, &net, &ask).outcome, OUTCOME_TIMEOUT, "silence");
	arena_free(a);
}

int main(void)
{
	test_liars();
	test_zones();
	test_sizes();
	test_manners();
	test_speaks();
	return tap_done();
}
