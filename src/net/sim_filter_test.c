/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated filters drop what they say: shares, sets by bits of the port, full tables. */
#include "net/sim_filter.h"

#include "tap.h"

enum { PORTS = 65535, SECOND = 1000000 };

static struct sim_packet packet(uint16_t port, const char *to)
{
	struct sim_packet p = { .transport = TRANSPORT_UDP, .now = SECOND };

	addr_parse_port("198.51.100.1#1", &p.from);
	addr_parse_port(to, &p.to);
	p.from.port = port;
	return p;
}

/* The source ports that a group of members does not pass. */
static void dead_ports(const struct sim_filter *f, const char *to, struct portset *ret)
{
	struct sim_filter_state state = { .bucket = { .at = 0 } };

	*ret = (struct portset){ 0 };
	for (uint32_t port = 1; port <= PORTS; port++) {
		struct sim_packet p = packet((uint16_t)port, to);

		if (!sim_filter_passes(f, &state, NULL, &p))
			portset_add(ret, (uint16_t)port);
	}
}

static void test_hashes(void)
{
	static const unsigned int members[] = { 2, 8, 32 };

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		struct sim_filter f = { .members = members[i], .hash_key = 12345 };
		uint32_t want = PORTS / members[i], here, both;
		struct portset a, b;

		dead_ports(&f, "192.0.2.1#53", &a);
		dead_ports(&f, "192.0.2.2#53", &b);
		here = portset_count(&a);
		portset_and(&b, &a);
		both = portset_count(&b);
		ok(here > want * 9 / 10 && here < want * 11 / 10, "1 of %u: %u ports", members[i],
			here);
		ok(both < want * 2 / members[i], "1 of %u: elsewhere others: %u are both",
			members[i], both);
	}
}

static void test_bits(void)
{
	struct sim_filter f = { .members = 4, .hash = SIM_HASH_PORT, .hash_key = 2 };
	struct portset a, b;

	dead_ports(&f, "192.0.2.1#53", &a);
	dead_ports(&f, "192.0.2.2#53", &b);
	ok(portset_equal(&a, &b), "a hash of the port alone is the same elsewhere");
	ok(portset_has(&a, 0x20) && portset_has(&a, 0xff6f) && !portset_has(&a, 0x10),
		"its ports go by bits");
	f.hash = SIM_HASH_LINEAR;
	dead_ports(&f, "192.0.2.1#53", &a);
	dead_ports(&f, "192.0.2.2#53", &b);
	ok(!portset_equal(&a, &b), "one with the address is not");
}

static void test_table(struct arena *a)
{
	struct sim_filter f = { .flows = 10, .flow_life = SECOND };
	struct sim_filter_state state = { .bucket = { .at = 0 } };
	struct sim_packet p;
	unsigned int passed = 0;

	for (uint16_t port = 1; port <= 20; port++) {
		p = packet(port, "192.0.2.1#53");
		passed += sim_filter_passes(&f, &state, a, &p);
	}
	is_int(passed, 10, "a full table takes no new flow");
	p = packet(3, "192.0.2.1#53");
	ok(sim_filter_passes(&f, &state, a, &p), "but passes those that it has");
	p = packet(15, "192.0.2.1#53");
	p.now += 2 * SECOND;
	ok(sim_filter_passes(&f, &state, a, &p), "and new ones when others have ended");
}

static void test_guard(void)
{
	struct sim_filter f = {
		.guard_after = 3, .guard_forgets = SECOND, .guard_lasts = 10 * SECOND
	};
	struct sim_filter_state state = { .bucket = { .at = 0 } };
	/* Times in tenths of a second, and whether the packet passes. */
	static const struct {
		unsigned int at;
		bool passes;
	} rows[] = { { 10, true }, { 11, true }, { 12, true }, { 13, false }, { 50, false },
		{ 112, false }, { 113, true }, { 114, true }, { 125, true }, { 126, true },
		{ 127, true }, { 128, false } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sim_packet p = packet(2000, "192.0.2.1#53");

		p.now = (uint64_t)rows[i].at * SECOND / 10;
		is_int(sim_filter_passes(&f, &state, NULL, &p), rows[i].passes, "a guard counts");
	}
}

static void test_outage(void)
{
	struct sim_filter f = { .out_from = 2 * SECOND, .out_to = 3 * SECOND };
	struct sim_filter_state state = { .bucket = { .at = 0 } };
	struct sim_packet p = packet(2000, "192.0.2.1#53");

	for (unsigned int s = 1; s <= 3; s++) {
		p.now = (uint64_t)s * SECOND;
		is_int(sim_filter_passes(&f, &state, NULL, &p), s != 2, "an outage passes");
	}
}

int main(void)
{
	test_guard();
	test_outage();
	struct arena *a = arena_new();

	test_hashes();
	test_bits();
	test_table(a);
	arena_free(a);
	return tap_done();
}
