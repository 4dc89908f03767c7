/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Own sockets by ends and time. */
#include "net/ours.h"

#include "prop.h"
#include "tap.h"

static struct addr addr(const char *text)
{
	struct addr a = { 0 };

	addr_parse_port(text, &a);
	return a;
}

static struct ours_ends ends(bool tcp, const char *local, const char *remote)
{
	return (struct ours_ends){ tcp, addr(local), addr(remote) };
}

static void test_udp(void)
{
	struct arena *a = arena_new();
	struct ours *o = ours_new(a);
	struct ours_ends e = ends(false, "192.0.2.1#1000", "198.51.100.1#53"), other = e;
	struct ours_ends tcp = e;
	uint64_t now = ours_now();

	other.local.port = 1001;
	tcp.tcp = true;
	ok(!ours_has(o, &e, now), "nothing is ours before a socket is");
	ours_open(o, &e, now);
	ok(ours_has(o, &e, now), "what leaves it is");
	ok(!ours_has(o, &e, now - 1), "not what left before");
	ok(!ours_has(o, &other, now), "nor another port's");
	ok(!ours_has(o, &tcp, now), "nor TCP's");
	other = ends(false, "192.0.2.1#1000", "203.0.113.7#53");
	ok(ours_has(o, &other, now), "whomever it speaks with");
	other = ends(false, "192.0.2.2#1000", "198.51.100.1#53");
	ok(!ours_has(o, &other, now), "not the same port at another address");
	ours_close(o, &e);
	ok(ours_has(o, &e, now + 1), "while it was open, told later");
	ok(!ours_has(o, &e, ours_now() + 10), "not when another may have it");
	ours_open(o, &e, ours_now() + 1000);
	ok(!ours_has(o, &e, ours_now() + 900), "not between two of ours");
	ok(ours_has(o, &e, ours_now() + 2000), "the second one");
	ours_forget(o, now);
	is_int((int64_t)ours_count(o), 2, "what may still be asked for stays");
	ours_forget(o, ours_now() + 1);
	is_int((int64_t)ours_count(o), 1, "the open one stays");
	ok(!ours_has(o, &e, now), "the closed one is forgotten");
	arena_free(a);
}

static void test_tcp(void)
{
	struct arena *a = arena_new();
	struct ours *o = ours_new(a);
	struct ours_ends e = ends(true, "2001:db8::1#1000", "2001:db8::53#53"), scoped = e;
	struct ours_ends other = ends(true, "2001:db8::1#1000", "2001:db8::54#53");
	uint64_t now = ours_now();

	scoped.local.scope = 2;
	ours_open(o, &scoped, now);
	ok(ours_has(o, &e, now), "a connection, whatever the scope");
	ok(!ours_has(o, &other, now), "not another's from the same port");
	ours_close(o, &scoped);
	ok(ours_has(o, &e, ours_now() + 1000), "the kernel's last words, too");
	ok(!ours_has(o, &e, ours_now() + OURS_AFTER + 1000), "and no others");
	ours_close(o, &other);
	ours_forget(o, UINT64_MAX);
	is_int((int64_t)ours_count(o), 0, "nothing is left");
	ours_open(NULL, &e, 0);
	ours_close(NULL, &e);
	ours_expect(NULL, 53);
	arena_free(a);
}

static void told(void *user, uint16_t port)
{
	unsigned int *sum = user;

	*sum += port;
}

static void test_ports(void)
{
	struct arena *a = arena_new();
	struct ours *o = ours_new(a);
	unsigned int sum = 0;

	ours_on_port(o, told, &sum);
	for (int i = 0; i < 3; i++) {
		ours_expect(o, 53);
		ours_expect(o, 65535);
		ours_expect(o, 0);
	}
	is_int(sum, 53 + 65535, "each port is told once");
	arena_free(a);
}

/* Memory does not grow with the number of sockets, only with those at once. */
static void test_bounds(void)
{
	struct arena *a = arena_new();
	struct ours *o = ours_new(a);
	struct ours_ends e = ends(false, "192.0.2.1#1", "198.51.100.1#53");
	size_t used = 0;

	for (uint32_t i = 0; i < 100000; i++) {
		e.local.port = (uint16_t)(1 + i % 60000);
		ours_open(o, &e, i);
		ours_close(o, &e);
		ours_forget(o, UINT64_MAX);
		if (i == 1000)
			used = arena_used(a);
	}
	is_int((int64_t)arena_used(a), (int64_t)used, "places are used again");
	arena_free(a);
}

int main(void)
{
	test_udp();
	test_tcp();
	test_ports();
	test_bounds();
	return tap_done();
}
