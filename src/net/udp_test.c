/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether queries may be fragmented, seen on the loopback of a network namespace of their own,
 * which has a small MTU.
 */
#include "net/real.h"

#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "dns/rr.h"
#include "net/loop.h"
#include "tap.h"

enum { SECOND = 1000000, SHORT = 50000, MTU = 1400, BIG = 2000, BIT = 0x40, FROM = 4000, TO = 53 };

static struct arena *arena;
static struct wire *wire;
static int raw; /* sees what comes in, with its IPv4 header */

/* false: it is not permitted here. */
static bool leave(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_mtu = MTU };
	int fd;
	bool good;

	if (unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return false;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	good = ioctl(fd, SIOCSIFMTU, &lo) == 0;
	lo.ifr_flags = IFF_UP;
	good = good && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
	close(fd);
	raw = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
	return good && raw >= 0;
}

/* A server that reads nothing, and so is silent; ADDR_NONE: there is no such address here. */
static struct addr silent_server(const char *host)
{
	struct addr a = { 0 }, none = { 0 };
	struct sockaddr_storage sa;
	socklen_t n;
	int fd;

	addr_parse(host, &a);
	a.port = TO;
	n = addr_to_sockaddr(&a, &sa);
	fd = socket(sa.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return bind(fd, (struct sockaddr *)&sa, n) == 0 ? a : none;
}

static struct observation fate(const struct addr *server, enum ask_df df, uint16_t extra)
{
	static const uint8_t zeros[BIG];
	struct shape_option padding = { EDNS_PADDING, extra, zeros };
	struct ask ask = { .server = *server,
		.source = { .port = FROM },
		.timeout = SHORT,
		.df = (uint8_t)df,
		.question = { &name_root, RR_NS, CLASS_IN },
		.shape = shape_stub };
	struct observation o = { .outcome = OUTCOMES };

	ask.shape.options = &padding;
	ask.shape.noptions = extra > 0;
	wire->ops->send(wire, &ask);
	wire->ops->next(wire, loop_now() + SECOND, &o);
	return o;
}

/* The bit of the one packet that came, 0 or BIT; -1: none came, or more. */
static int bit_seen(void)
{
	uint8_t p[BIG];
	int bit = -1;

	if (recv(raw, p, sizeof(p), 0) >= 20)
		bit = p[6] & BIT;
	return recv(raw, p, sizeof(p), 0) < 0 ? bit : -1;
}

static void test_bit(const struct addr *server)
{
	static const struct {
		const char *name;
		enum ask_df df;
		int bit;
	} rows[] = {
		{ "as the kernel has it", DF_KERNEL, BIT },
		{ "set", DF_SET, BIT },
		{ "not set", DF_UNSET, 0 },
		{ "as the kernel has it, again", DF_KERNEL, BIT },
		{ "not set, again", DF_UNSET, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct observation o = fate(server, rows[i].df, 0);

		is_int(o.outcome, OUTCOME_TIMEOUT, rows[i].name);
		is_int(bit_seen(), rows[i].bit, "the bit");
		is_int(o.from.port, FROM, "from one port");
	}
}

static void test_too_big(const struct addr *server)
{
	struct observation o = fate(server, DF_SET, BIG);

	ok(o.outcome == OUTCOME_NOT_SENT && o.why == WHY_LOCAL,
		"more than the MTU is not sent when it may not be fragmented");
	o = fate(server, DF_UNSET, BIG);
	is_int(o.outcome, OUTCOME_TIMEOUT, "and is, when it may");
	o = fate(server, DF_SET, 0);
	is_int(o.outcome, OUTCOME_TIMEOUT, "less than the MTU is sent");
}

int main(void)
{
	struct rng rng = rng_seed(1);
	struct addr v4, v6;

	if (!leave()) {
		ok(true, "fragments # SKIP no network namespace here");
		return tap_done();
	}
	arena = arena_new();
	if (real_new(arena, &rng, NULL, &wire))
		return 1;
	v4 = silent_server("127.0.0.1");
	v6 = silent_server("::1");
	test_bit(&v4);
	test_too_big(&v4);
	if (v6.family == ADDR_NONE)
		ok(true, "IPv6 # SKIP no ::1");
	else
		test_too_big(&v6);
	wire->ops->free(wire);
	arena_free(arena);
	return tap_done();
}
