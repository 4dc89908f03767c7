/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ask a quote with another sender is about, and what becomes of the ask. */
#include "net/rawicmp.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <netinet/in.h>

#include "base/err.h"
#include "net/loop.h"
#include "tap.h"

enum { SENT_MOST = 3, NONE = -1, SECOND = 1000000, PORT = 1000, SEEN = 41000 };

static struct arena *arena;
static struct rng rng;

static struct addr host(const char *text, uint16_t port)
{
	struct addr a = { 0 };

	addr_parse(text, &a);
	return addr_with_port(a, port);
}

struct sent {
	const char *server; /* NULL: no more */
	uint16_t id, port;
	uint64_t ago; /* µs */
	bool over;
};

struct row {
	const char *name;
	struct sent sent[SENT_MOST];
	const char *to;
	uint16_t id, from; /* in the quote */
	int about;
};

#define A "192.0.2.1"
#define B "192.0.2.2"

static const struct row rows[] = {
	{ "another port", { { A, 7, PORT, SECOND, false } }, A, 7, SEEN, 0 },
	{ "as it was sent", { { A, 7, PORT, SECOND, false } }, A, 7, PORT, NONE },
	{ "another destination", { { A, 7, PORT, SECOND, false } }, B, 7, SEEN, NONE },
	{ "another id", { { A, 7, PORT, SECOND, false } }, A, 8, SEEN, NONE },
	{ "the id of the second", { { A, 7, PORT, SECOND, false }, { A, 8, 2000, SECOND, false } },
		A, 8, SEEN, 1 },
	{ "two asks have that id", { { A, 7, PORT, SECOND, false }, { A, 7, 2000, SECOND, false } },
		A, 7, SEEN, NONE },
	{ "one of two with that id left as quoted",
		{ { A, 7, PORT, SECOND, false }, { A, 7, 2000, SECOND, false } }, A, 7, 2000,
		NONE },
	{ "the other one with that id is of another server",
		{ { A, 7, PORT, SECOND, false }, { B, 7, 2000, SECOND, false } }, B, 7, SEEN, 1 },
	{ "over just now", { { A, 7, PORT, 2 * SECOND, true } }, A, 7, SEEN, 0 },
	{ "over long ago", { { A, 7, PORT, 30 * SECOND, true } }, A, 7, SEEN, NONE },
	{ "nothing sent", { { NULL, 0, 0, 0, false } }, A, 7, SEEN, NONE },
};

static struct flight *launch(struct flights *fs, const struct sent *s)
{
	struct ask ask = { .server = host(s->server, 53), .timeout = SECOND, .ttl = 3 };
	struct flight *f = flight_new(fs, &ask);

	f->obs.id = s->id;
	f->obs.from = host("10.0.0.2", s->port);
	f->obs.sent = loop_now() - s->ago;
	f->over = s->over;
	flight_list(fs, f);
	loop_timer_set(fs->loop, &f->timer, loop_now() + SECOND);
	return f;
}

static struct flights flights(void)
{
	struct flights fs = { .own = arena, .keep = arena, .scratch = arena, .rng = &rng };

	loop_new(&fs.loop);
	return fs;
}

static void match(const struct row *r)
{
	struct rawquote q = { 11, 0, host("10.0.0.2", r->from), host(r->to, 53), r->id };
	struct flight *v[SENT_MOST] = { NULL }, *got;
	struct flights fs = flights();
	int about = NONE;

	for (int i = 0; i < SENT_MOST && r->sent[i].server; i++)
		v[i] = launch(&fs, &r->sent[i]);
	got = rawicmp_match(&fs, &q, loop_now());
	for (int i = 0; i < SENT_MOST; i++)
		if (got && v[i] == got)
			about = i;
	is_int(about, r->about, r->name);
	loop_free(fs.loop);
}

static struct flight_quote quote(void)
{
	return (struct flight_quote){ { 11, 0, host("198.51.100.1", 0) }, host("10.0.0.2", SEEN) };
}

static unsigned int quotes(struct flights *fs, struct flight *f)
{
	struct flight_quote q = quote();
	struct observation o;
	unsigned int n = 0;

	for (int i = 0; i < 100; i++)
		flight_quote(fs, f, &q);
	while (flight_take(fs, &o))
		n += o.outcome == OUTCOME_STRAY && o.why == WHY_STRAY_QUOTE &&
		     o.quoted.port == SEEN && o.icmp.type == 11 && o.from.port == PORT &&
		     addr_same_host(&o.sender, &q.icmp.offender) && !o.msg;
	return n;
}

static void becomes(void)
{
	struct flights fs = flights();
	struct sent s = { A, 7, PORT, SECOND / 10, false };
	struct flight *f = launch(&fs, &s);
	struct observation o;

	is_int(quotes(&fs, f), FLIGHT_STRAYS, "extra observations, in bounds");
	flight_over(&fs, f, OUTCOME_TIMEOUT);
	ok(flight_take(&fs, &o) && o.outcome == OUTCOME_TIMEOUT && !o.quoted.family && !o.icmp.type,
		"what comes of the ask is not touched");
	flight_free(&fs, f);
	is_int(fs.listed.n, 0, "what is given back is found no more");
	f = launch(&fs, &s);
	flight_over(&fs, f, OUTCOME_ANSWERED);
	flight_take(&fs, &o);
	is_int(quotes(&fs, f), FLIGHT_STRAYS, "also when the ask is over");
	loop_free(fs.loop);
}

/* Time exceeded, with a quote of a query from SEEN to the server; all of it over loopback. */
static bool send_error(const struct addr *from, const struct addr *server, uint16_t id)
{
	bool v6 = server->family == ADDR_V6;
	uint8_t p[80] = { v6 ? 3 : 11 }, *udp = p + 8 + (v6 ? 40 : 20);
	struct addr to = addr_with_port(*from, 0);
	size_t n = v6 ? 76 : 56;
	struct sockaddr_storage sa;
	socklen_t len = addr_to_sockaddr(&to, &sa);
	int fd = socket(sa.ss_family, SOCK_RAW | SOCK_CLOEXEC, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	uint32_t sum = 0;
	bool sent;

	if (fd < 0)
		return false;
	p[8] = v6 ? 0x60 : 0x45;
	p[v6 ? 14 : 17] = IPPROTO_UDP;
	memcpy(p + (v6 ? 16 : 20), from->ip, v6 ? 16 : 4);
	memcpy(p + (v6 ? 32 : 24), server->ip, v6 ? 16 : 4);
	udp[0] = SEEN >> 8;
	udp[1] = SEEN & 0xff;
	udp[3] = 53;
	udp[5] = 20;
	udp[8] = (uint8_t)(id >> 8);
	udp[9] = (uint8_t)id;
	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	sum = ~((sum & 0xffff) + (sum >> 16));
	/* Of ICMPv6 the kernel makes it. */
	p[2] = (uint8_t)(sum >> 8);
	p[3] = (uint8_t)sum;
	sent = sendto(fd, p, n, 0, (struct sockaddr *)&sa, len) == (ssize_t)n;
	close(fd);
	return sent;
}

static void comes(const char *us, const char *server)
{
	struct flights fs = flights();
	struct rawicmp *r = rawicmp_new(arena, &fs);
	struct sent s = { server, 0x1234, PORT, SECOND / 10, false };
	struct flight *f = launch(&fs, &s);
	uint64_t until = loop_now() + SECOND;
	struct observation o = { .outcome = OUTCOME_TIMEOUT };

	f->obs.from = host(us, PORT);
	/* One of another id before it, which must make nothing. */
	if (!r || !send_error(&f->obs.from, &f->obs.ask.server, 0x4321) ||
		!send_error(&f->obs.from, &f->obs.ask.server, 0x1234)) {
		ok(true, "a quote comes in, %s # skip no raw socket", us);
	} else {
		while (!flight_take(&fs, &o) && loop_now() < until)
			loop_wait(fs.loop, until);
		ok(o.why == WHY_STRAY_QUOTE && o.id == 0x1234 && o.quoted.port == SEEN &&
				addr_same_host(&o.quoted, &o.from) &&
				addr_same_host(&o.icmp.offender, &o.from) &&
				!o.icmp.offender.port && !flight_take(&fs, &o),
			"a quote comes in, %s", us);
	}
	rawicmp_free(r);
	loop_free(fs.loop);
}

static void drops(void)
{
	struct flights fs = flights();
	int fd;

	is_int(rawicmp_drop_privilege(), 0, "the right is given up");
	fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	ok(fd < 0 && rawicmp_new(arena, &fs) == NULL, "and gone");
	if (fd >= 0)
		close(fd);
	rawicmp_free(NULL);
	loop_free(fs.loop);
}

int main(void)
{
	arena = arena_new();
	rng = rng_seed(1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		match(&rows[i]);
	becomes();
	comes("127.0.0.1", A);
	comes("::1", "2001:db8::1");
	drops();
	arena_free(arena);
	return tap_done();
}
