/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chances worked out by hand, and those of whoever asks so and so often. */
#include "infer/servfail.h"

#include <math.h>

#include "base/addr.h"
#include "base/err.h"
#include "prop.h"
#include "tap.h"

#define S	UINT64_C(1000000)
#define FOREVER (1000 * S)

enum { RTT = 20000 };

/* f to the power of tries, and what else a case wants. */
struct row {
	const char *software, *version;
	uint32_t n, tries; /* addresses; draws that must all be blocked */
	uint64_t patience;
	bool cold;
	double slack; /* factor that the result may be off */
};

/*
 * Tries while a client waits: the table of numbers of tries was counted from the constants of the
 * source codes, by hand: 5 s and until it gives up.
 */
static const struct row rows[] = {
	{ "pdns-recursor", "4.8.8", 1, 1, 0, false, 1 },
	{ "pdns-recursor", "4.8.8", 2, 2, 0, false, 1 },
	{ "pdns-recursor", "5.2.0", 4, 4, 0, false, 1 },
	/* 0, 1.5, 3.0, 4.5 and 6.0 s; the sixth would be after 7 s. */
	{ "pdns-recursor", "5.2.0", 8, 5, FOREVER, false, 1 },
	/* 0, 0.8, 1.6, 2.4 and 4.0 s, then 7.2 s; and at two addresses in their turns. */
	{ "bind", "9.18.49", 1, 5, 0, true, 1 },
	{ "bind", "9.18.49", 1, 6, FOREVER, true, 1 },
	{ "bind", "9.20.1", 2, 7, 0, true, 1 },
	{ "bind", "9.20.1", 2, 9, FOREVER, true, 1.2 },
	/*
	 * 0, 0.376, 1.128, 2.632 s, then 5.64 s and, with the delegation fetched again, 11.66 s,
	 * whereupon the server is held to be down; the first three when it is mute after 1.9 s.
	 * Before 1.19.3 each is sent twice. A reply to the second or third turn only leads to one
	 * more: the slack.
	 */
	{ "unbound", "1.19.3", 1, 4, 0, true, 1.7 },
	{ "unbound", "1.19.3", 1, 6, FOREVER, true, 1.8 },
	{ "unbound", "1.17.1", 1, 6, 0, true, 1.8 },
	{ "unbound", "1.22.0", 1, 3, 0, true, 1.9 },
	{ "unbound", "1.19.3", 2, 6, 0, true, 3 },
	{ "dnsmasq", "2.90", 1, 1, 0, false, 1 },
	{ "systemd-resolved", "252", 1, 1, 0, false, 1 },
	{ "coredns", "1.12.0", 1, 3, 0, false, 1 },
	{ "coredns", "1.14.0", 1, 2, 0, false, 1 },
	/* One port as long as it is one server; a new one each time another is asked; one for each.
	 */
	{ "systemd-resolved", "252", 1, 1, 12 * S, false, 1 },
	{ "systemd-resolved", "252", 2, 3, 12 * S, false, 1 },
	{ "glibc", "2.36", 1, 1, 12 * S, false, 1 },
	{ "glibc", "2.36", 2, 2, 18 * S, false, 1 },
};
static const double shares[] = { 1.0 / 64, 0.125, 0.25, 0.5 };

static struct servfail_case case_of(const struct row *r, double share)
{
	struct servfail_case c = {
		.software = r->software,
		.version = r->version,
		.n = r->n,
		.patience = r->patience,
		.cold = r->cold,
		.seed = 7,
		.lookups = 400, /* one a second: Unbound forgets a server after 900 s */
	};

	for (uint32_t i = 0; i < r->n; i++)
		c.servers[i] =
			(struct servfail_server){ .family = ADDR_V4, .blocked = share, .rtt = RTT };
	return c;
}

static void test_powers(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];

		for (size_t k = 0; k < ARRAY_LEN(shares); k++) {
			struct servfail_case c = case_of(r, shares[k]);
			double want = pow(shares[k], r->tries);
			struct servfail_result got = { 0 };
			/* An Unbound that holds its one server to be down fails for that time. */
			bool down =
				!r->cold && shares[k] > 0.4 && strcmp(r->software, "unbound") == 0;

			if (down)
				continue;
			is_int(servfail_predict(&c, &got), 0, r->software);
			ok(got.fail >= want / r->slack * 0.999 &&
					got.fail <= want * r->slack * 1.001,
				"%s %s: %u of %u blocked at %g: %g, wanted %g", r->software,
				r->version, r->tries, r->n, shares[k], got.fail, want);
		}
	}
}

/* All ports blocked: who has no other way fails always, and says so or does not. */
static void test_all(void)
{
	static const struct {
		const char *software, *version;
		double servfail, timeout;
	} all[] = {
		{ "pdns-recursor", "4.8.8", 1, 0 },
		{ "bind", "9.18.49", 0, 1 },
		{ "unbound", "1.17.1", 1, 0 }, /* it is held to be down */
		{ "dnsmasq", "2.90", 0, 1 },
		{ "dnsdist", "1.7", 0, 1 },
		{ "glibc", "2.36", 0, 1 },
		/* Over TCP they answer. */
		{ "bind", "9.21.23", 0, 0 },
		{ "knot-resolver", "5.6.0", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct servfail_case c = case_of(
			&(struct row){
				.software = all[i].software, .version = all[i].version, .n = 1 },
			1);
		struct servfail_result r = { 0 };

		is_int(servfail_predict(&c, &r), 0, all[i].software);
		is_near(r.servfail, all[i].servfail, 0.01, "all ports blocked: SERVFAIL");
		is_near(r.timeout, all[i].timeout, 0.01, "all ports blocked: silence");
		for (uint32_t k = 0; k < c.n; k++)
			c.servers[k].tcp_blocked = 1;
		is_int(servfail_predict(&c, &r), 0, all[i].software);
		is_near(r.fail, 1, 1e-9, "and TCP, too");
	}
}

/* A second address after 1.5 s; BIND 9.21.23: twice 0.8 s, then TCP: one round trip more than UDP.
 */
static void test_delay(void)
{
	struct servfail_case c =
		case_of(&(struct row){ "pdns-recursor", "4.8.8", 2, 2, 0, false, 1 }, 0.125);
	struct servfail_result r = { 0 };

	is_int(servfail_predict(&c, &r), 0, "pdns-recursor");
	is_near(r.delay, 0.125 / 1.125 * 1.5e6, 1, "mean of the answered: f / (1 + f) of 1.5 s");
	is_near(r.tries, 1.125, 1e-9, "tries: 1 + f");
	c = case_of(&(struct row){ "bind", "9.21.23", 1, 0, 0, true, 1 }, 1);
	is_int(servfail_predict(&c, &r), 0, "bind");
	is_near(r.delay, 1.6e6 + RTT, 1, "two silences and a handshake");
	is_near(r.tries, 3, 1e-9, "three tries");
}

/*
 * Unbound's steps, in 0.7 s without a round trip: the name is asked at 0 and again at 376 ms. When
 * that is answered it is asked anew, and 284 ms later, and when that is answered anew for the last
 * time.
 */
static void test_steps(void)
{
	struct servfail_case c = case_of(
		&(struct row){ .software = "unbound", .version = "1.22.0", .n = 1, .cold = true },
		0.5);
	struct servfail_result r = { 0 };

	c.servers[0].rtt = 0;
	c.patience = 700000;
	is_int(servfail_predict(&c, &r), 0, "unbound");
	is_near(r.timeout, 0.25 * (1 + 0.5 * (1 - 0.25)), 1e-9, "q^2 (1 + (1 - q) (2 q - q^2))");
}

/*
 * Five lost turns are all that an address has. Those in a row are runs, each but the last ended by
 * a reply that leads on, which it can be after one or two of them: the ways to write 5 as a sum of
 * such runs, with a = 1 - q for each reply, are 1 + 2 a + 4 a^2 + 4 a^3 + a^4. All of them end
 * within 1.9 s when the server is known.
 */
static void test_turns(void)
{
	struct servfail_case c =
		case_of(&(struct row){ .software = "unbound", .version = "1.22.0", .n = 1 }, 0.25);
	struct servfail_result r = { 0 };
	double q = 0.25, a = 1 - q;
	double want = pow(q, 5) * (1 + 2 * a + 4 * a * a + 4 * pow(a, 3) + pow(a, 4));

	c.servers[0].rtt = 1000;
	c.gap = 1000; /* so that it does not forget the server meanwhile */
	c.lookups = 4000;
	is_int(servfail_predict(&c, &r), 0, "unbound");
	is_near((r.servfail - r.down) / want, 1, 0.1, "all turns lost");
}

/* Losses besides: a fresh port may be lucky, a port that is kept is not. */
static void test_loss(void)
{
	struct servfail_case c =
		case_of(&(struct row){ .software = "dnsmasq", .version = "2.90", .n = 1 }, 0.125);
	struct servfail_result r = { 0 };

	c.servers[0].loss = 0.1;
	c.client_tries = 3;
	is_int(servfail_predict(&c, &r), 0, "dnsmasq");
	is_near(r.fail, 0.125 + 0.875 * 0.001, 1e-9, "one port for all tries: f + (1 - f) p^3");
	c.software = "coredns";
	c.client_tries = 1;
	is_int(servfail_predict(&c, &r), 0, "coredns");
	is_near(r.fail, pow(0.125 + 0.875 * 0.1, 2), 1e-9, "a port a try: (f + (1 - f) p)^2");
}

/* dnsmasq asks both at once from one port: only what both filters drop is lost. */
static void test_nested(void)
{
	struct servfail_case c = case_of(
		&(struct row){ .software = "dnsmasq", .version = "2.90", .n = 2, .cold = true },
		0.5);
	struct servfail_result r = { 0 };

	c.servers[1].blocked = 0.25;
	is_int(servfail_predict(&c, &r), 0, "dnsmasq");
	is_near(r.fail, 0.25, 1e-9, "the smaller of two filters");
	c.servers[1].blocked = 0;
	is_int(servfail_predict(&c, &r), 0, "dnsmasq");
	is_near(r.fail, 0, 1e-9, "one server is free");
}

/* A second try of the client, after 5 s, hears what the first did not wait for. */
static void test_clients(void)
{
	struct servfail_case c = case_of(&(struct row){ "bind", "9.18.49", 1, 0, 0, true, 1 }, 0.5);
	struct servfail_result r = { 0 };

	c.client_tries = 3;
	is_int(servfail_predict(&c, &r), 0, "bind");
	is_near(r.servfail, pow(0.5, 6), 1e-9, "15 s: BIND says SERVFAIL after 10 s and 6 tries");
	is_near(r.timeout, 0, 1e-9, "nobody waits in vain");
}

/* Ports for life: the mean square of a drawn share is f^2 and the variance, f (1 - f) / n. */
static void test_life(void)
{
	struct servfail_case c = case_of(&(struct row){ .software = "windows", .n = 1 }, 0.125);
	struct servfail_result r = { 0 };

	is_int(servfail_predict(&c, &r), 0, "windows");
	ok(r.assumed, "Windows: not all of it is known");
	is_near(r.fail, 0.125 * 0.125 + 0.125 * 0.875 / 2500, 2e-6,
		"2,500 ports: two tries in 5 s");
	c.life = 4;
	is_int(servfail_predict(&c, &r), 0, "windows");
	is_near(r.fail, 0.125 * 0.125 + 0.125 * 0.875 / 4, 1e-9, "4 ports");
	is_near(r.hit, 1 - pow(0.875, 4), 1e-9, "chance that a process has a blocked one");
	c = case_of(&(struct row){ .software = "dnsdist", .version = "1.7", .n = 1 }, 0.125);
	is_int(servfail_predict(&c, &r), 0, "dnsdist");
	is_near(r.fail, 0.125, 1e-9, "one port: f of all processes fail always");
}

static void test_versions(void)
{
	static const struct {
		const char *version, *since;
	} spans[] = { { "1.9.0", "" }, { "1.17.1", "" }, { "1.17.1-2+deb12u2", "" },
		{ "1.17.1-2+deb12u4", "1.17.1-2+deb12u3" }, { "1.18.0", "1.17.2" },
		{ "1.19.3", "1.19.3" }, { "1.20.0", "1.20" }, { "1.26.0", "1.20" },
		{ NULL, "1.20" } };

	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		struct servfail_case c =
			case_of(&(struct row){ "unbound", spans[i].version, 1, 0, 0, true, 1 }, 0);
		struct servfail_result r = { 0 };

		is_int(servfail_predict(&c, &r), 0, "unbound");
		is_str(r.since, spans[i].since, spans[i].version ? spans[i].version : "no version");
		ok(r.assumed == !spans[i].version, "assumed only without a version");
		is_near(r.fail, 0, 1e-12, "nothing blocked, nothing fails");
	}
}

static void test_refused(void)
{
	struct servfail_case c = case_of(&rows[0], 0.5);
	struct servfail_result r = { .fail = 42 };

	c.software = "nothing";
	is_int(servfail_predict(&c, &r), -ERR_NONE, "no such software");
	c.software = "pdns-recursor";
	c.n = 0;
	is_int(servfail_predict(&c, &r), -ERR_USAGE, "no server");
	c.n = SERVFAIL_SERVERS + 1;
	is_int(servfail_predict(&c, &r), -ERR_USAGE, "too many servers");
	c.n = 1;
	c.servers[0].blocked = 1.5;
	is_int(servfail_predict(&c, &r), -ERR_USAGE, "more than all");
	c.servers[0].blocked = NAN;
	is_int(servfail_predict(&c, &r), -ERR_USAGE, "no number");
	is_near(r.fail, 42, 0, "the result is untouched");
}

static void test_exposed(void)
{
	struct portset ports = { 0 }, blocked = { 0 };
	struct pool pool = { .ports = &ports };
	struct servfail_share s;

	s = servfail_exposed(&pool, &blocked);
	is_near(s.share, 0, 0, "an empty pool");
	portset_add_range(&ports, (struct portrange){ 1000, 1099 });
	portset_add_range(&blocked, (struct portrange){ 1, 1023 });
	portset_remove(&blocked, 53);
	s = servfail_exposed(&pool, &blocked);
	is_int(s.ports, 100, "ports");
	is_int(s.blocked, 24, "blocked");
	is_near(s.share, 0.24, 1e-12, "share");
	is_near(s.hit, 0.24, 1e-12, "of queries");
	pool.life = 2;
	s = servfail_exposed(&pool, &blocked);
	is_near(s.hit, 1 - 0.76 * 0.76, 1e-12, "of processes with two ports");
	is_near(servfail_per_day(&(struct servfail_result){ .fail = 0.25 }, 2), 43200, 1e-6,
		"failures a day");
}

/* Whatever the case, shares are shares, and the same seed says the same. */
static bool case_sound(struct rng *rng)
{
	static const char *const all[] = { "unbound", "bind", "pdns-recursor", "knot-resolver",
		"dnsmasq", "systemd-resolved", "coredns", "glibc", "dnsdist", "windows" };
	struct servfail_case c = {
		.software = all[rng_below(rng, ARRAY_LEN(all))],
		.n = 1 + rng_below(rng, SERVFAIL_SERVERS),
		.life = rng_below(rng, 3),
		.client_tries = rng_below(rng, 4),
		.patience = rng_below(rng, 20) * S,
		.gap = rng_below(rng, 2) * 100 * S,
		.cold = rng_below(rng, 2),
		.seed = rng_u64(rng),
		.lookups = 200,
	};
	struct servfail_result r = { 0 }, again = { 0 };

	for (uint32_t i = 0; i < c.n; i++)
		c.servers[i] = (struct servfail_server){
			.family = rng_below(rng, 2) ? ADDR_V4 : ADDR_V6,
			.blocked = rng_below(rng, 5) / 4.0,
			.loss = rng_below(rng, 5) / 4.0,
			.rtt = rng_below(rng, 3000000),
			.tcp_blocked = rng_below(rng, 3) / 2.0,
		};
	if (servfail_predict(&c, &r) || servfail_predict(&c, &again))
		return false;
	return r.servfail >= 0 && r.timeout >= 0 && r.fail <= 1 + 1e-9 && r.delay >= 0 &&
	       r.tries >= 0 && r.error >= 0 && r.fail == again.fail && r.delay == again.delay;
}

int main(void)
{
	test_powers();
	test_all();
	test_delay();
	test_steps();
	test_turns();
	test_loss();
	test_nested();
	test_clients();
	test_life();
	test_versions();
	test_refused();
	test_exposed();
	prop("any case", case_sound, 200);
	return tap_done();
}
