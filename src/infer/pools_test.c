/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is made of audits, sightings and blocked sets together. */
#include "infer/pools.h"

#include "base/err.h"
#include "side.h"
#include "tap.h"

enum { ROW_POOLS = 2, ROW_SIGHTS = 3 };

/* Blocked sets are given, so that the cases do not hang on how sweeps are judged. */
struct row {
	const char *name;
	const char *pools[ROW_POOLS]; /* ports; none: no audit */
	const char *forwards;	      /* upstream; NULL: it is no forwarder */
	struct side_sights sights[ROW_SIGHTS];
	const char *blocked;
	enum pool_basis basis;
	double fraction;
	const char *hit;
	bool by_toll, refuted;
	const char *scope; /* ports asked for; NULL: all */
	uint32_t unasked;
	bool untested;
};

#define ANSWERED .end = SIGHT_ANSWERED
#define SILENT	 .end = SIGHT_SILENT

static const struct row rows[] = {
	{ .name = "nothing is known", .blocked = "1000-1001", .hit = "" },
	{ .name = "the file alone",
		.pools = { "1000-1009" },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.fraction = 0.2,
		.hit = "1000-1001" },
	{ .name = "the file, and nothing of it is dropped",
		.pools = { "2000-2009" },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.hit = "" },
	{ .name = "a pool without a port",
		.pools = { "" },
		.sights = { { .ports = "4000", .n = 40, .to = SIDE_SERVER, SILENT } },
		.blocked = "1000-1001",
		.basis = BASIS_SEEN,
		.fraction = 1,
		.hit = "4000",
		.by_toll = true },
	{ .name = "a file that the packets agree with",
		.pools = { "1000-1009" },
		.sights = { { .ports = "1000-1009", .n = 60, ANSWERED } },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.fraction = 0.2,
		.hit = "1000-1001" },
	{ .name = "a file that the packets contradict",
		.pools = { "20000-29999" },
		.sights = { { .ports = "1000", .n = 60, ANSWERED } },
		.blocked = "1000-1001",
		.basis = BASIS_SEEN,
		.fraction = 1,
		.hit = "1000" },
	{ .name = "packets without a file",
		.sights = { { .ports = "1001", .n = 20, ANSWERED } },
		.blocked = "1000-1001",
		.basis = BASIS_SEEN,
		.fraction = 1,
		.hit = "1001" },
	{ .name = "too few packets",
		.sights = { { .ports = "1001", .n = 4, ANSWERED } },
		.blocked = "1000-1001",
		.hit = "" },
	{ .name = "packets of the other family",
		.sights = { { .ports = "1001", .n = 20, .from = "2001:db8::53", ANSWERED } },
		.blocked = "1000-1001",
		.hit = "" },
	{ .name = "ports of TCP are no pool",
		.sights = { { .ports = "1001", .n = 20, .transport = TRANSPORT_TCP, ANSWERED } },
		.blocked = "1000-1001",
		.hit = "" },
	{ .name = "what arrives outweighs what is said and what leaves",
		.pools = { "53" },
		.sights = { { .ports = "53", .n = 20, ANSWERED },
			{ SIGHT_BEACON, "1000", 20, SIGHT_UNKNOWN, "198.51.100.7", NULL, 0 } },
		.blocked = "1000-1001",
		.basis = BASIS_ARRIVES,
		.fraction = 1,
		.hit = "1000" },
	{ .name = "a part of the pool was asked for",
		.pools = { "1000-1009" },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.fraction = 0.2,
		.hit = "1000-1001",
		.scope = "990-1004",
		.unasked = 5 },
	{ .name = "nothing of the pool was asked for",
		.pools = { "2000-2009" },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.hit = "",
		.scope = "990-1004",
		.unasked = 10,
		.untested = true },
	{ .name = "but answers to its own queries were seen",
		.pools = { "2000-2009" },
		.sights = { { .ports = "2000-2009", .n = 12, .to = SIDE_SERVER, ANSWERED } },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.hit = "",
		.scope = "990-1004",
		.unasked = 10 },
	{ .name = "or none of them had one",
		.pools = { "1000-1009" },
		.sights = { { .ports = "1000-1009", .n = 12, .to = SIDE_SERVER, SILENT } },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.fraction = 1,
		.hit = "1000-1009",
		.by_toll = true,
		.scope = "990-1004",
		.unasked = 5 },
	{ .name = "silence that no set explains",
		.pools = { "4000" },
		.sights = { { .ports = "4000", .n = 12, .to = SIDE_SERVER, SILENT } },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.fraction = 1,
		.hit = "4000",
		.by_toll = true },
	{ .name = "one answer ends that suspicion",
		.pools = { "4000" },
		.sights = { { .ports = "4000", .n = 12, .to = SIDE_SERVER, SILENT },
			{ .ports = "4000", .n = 1, .to = SIDE_SERVER, ANSWERED } },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.hit = "" },
	{ .name = "a few silences are loss",
		.pools = { "4000" },
		.sights = { { .ports = "4000", .n = 2, .to = SIDE_SERVER, SILENT } },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.hit = "" },
	{ .name = "answers to ports that are said to be dropped",
		.pools = { "1000-1009" },
		.sights = { { .ports = "1000-1001", .n = 4, .to = SIDE_SERVER, ANSWERED } },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.hit = "",
		.refuted = true },
	{ .name = "answers to some of them only",
		.pools = { "1000-1009" },
		.sights = { { .ports = "1000-1001", .n = 4, .to = SIDE_SERVER, ANSWERED },
			{ .ports = "1000", .n = 1, .to = SIDE_SERVER, SILENT } },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.fraction = 0.2,
		.hit = "1000-1001" },
	{ .name = "a forwarder asks its upstream",
		.pools = { "1000-1009" },
		.forwards = SIDE_SERVER,
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.fraction = 0.2,
		.hit = "1000-1001" },
	{ .name = "a forwarder asks nobody else",
		.pools = { "1000-1009" },
		.forwards = SIDE_ELSE,
		.blocked = "1000-1001",
		.hit = "" },
	{ .name = "unless it was seen to",
		.pools = { "1000-1009" },
		.forwards = SIDE_ELSE,
		.sights = { { .ports = "1005", .n = 1, .to = SIDE_SERVER, ANSWERED } },
		.blocked = "1000-1001",
		.basis = BASIS_SAID,
		.fraction = 0.2,
		.hit = "1000-1001" },
};

static struct facts *facts_of(struct arena *a, const struct row *row)
{
	struct facts *f = facts_new(a);

	if (row->pools[0])
		side_audit(f, "unbound");
	for (size_t i = 0; i < ROW_POOLS && row->pools[i]; i++)
		side_pool(f, row->pools[i]);
	if (row->forwards) {
		f->audits.v[0]->forwarder = true;
		vec_push(a, &f->audits.v[0]->forwards, side_addr(row->forwards));
	}
	for (size_t i = 0; i < ROW_SIGHTS && row->sights[i].ports; i++)
		side_sights(f, &row->sights[i]);
	return f;
}

static struct pools_sweep sweep_of(struct facts *f, const char *server, const char *blocked)
{
	struct ports_result *r = arena_alloc(f->arena, sizeof(*r));

	r->pattern = *blocked ? PATTERN_RANGES : PATTERN_NONE;
	r->blocked = *side_ports(f, blocked);
	r->loss_upper = 0.05;
	return (struct pools_sweep){ .server = side_addr(server), .ports = r, .rtt = 20000 };
}

static const char *text_of(struct arena *a, const struct portset *s)
{
	struct buf b = { .arena = a };

	portset_text(s, &b);
	return buf_text(&b);
}

static void exposure(struct arena *a, const struct row *row)
{
	struct facts *f = facts_of(a, row);
	struct pools_sweep s = sweep_of(f, SIDE_SERVER, row->blocked);
	struct pools p;
	const struct exposure *x;

	s.scope = row->scope ? side_ports(f, row->scope) : NULL;
	p = pools_infer(a, f, &s, 1);
	x = pools_exposure(&p, &s.server);
	ok(x != NULL, "%s: the server is there", row->name);
	if (!x)
		return;
	if (!ok(x->basis == row->basis && x->by_toll == row->by_toll && x->refuted == row->refuted,
		    "%s: basis", row->name))
		printf("#   basis %s, by toll %d, refuted %d\n", pool_basis_slug(x->basis),
			x->by_toll, x->refuted);
	is_int(x->unasked, row->unasked, row->name);
	ok(x->untested == row->untested, "%s: tested", row->name);
	ok(!p.predicted || !row->unasked || row->by_toll, "%s: prediction", row->name);
	is_near(x->fraction, row->fraction, 1e-9, row->name);
	is_str(text_of(a, &x->hit), row->hit, row->name);
	ok((x->pool != NULL) == (row->basis != BASIS_NONE), "%s: pool", row->name);
}

/* Queries by the side of the blocked set that they came from, and those over TCP. */
static void tolls(struct arena *a)
{
	struct facts *f = facts_new(a);
	struct pools_sweep s = sweep_of(f, SIDE_SERVER, "1000-1001");
	struct pools p;
	const struct exposure *x;

	side_sights(f,
		&(struct side_sights){ .ports = "1000-1001", .n = 5, .to = SIDE_SERVER, SILENT });
	side_sights(
		f, &(struct side_sights){ .ports = "2000", .n = 7, .to = SIDE_SERVER, ANSWERED });
	side_sights(f, &(struct side_sights){ .ports = "1000",
			       .n = 3,
			       .to = SIDE_SERVER,
			       .transport = TRANSPORT_TCP,
			       ANSWERED });
	side_sights(f, &(struct side_sights){ .ports = "1000", .n = 9, ANSWERED });
	p = pools_infer(a, f, &s, 1);
	x = &p.exposures.v[0];
	ok(x->from_hit.asked == 5 && x->from_hit.silent == 5 && !x->from_hit.answered,
		"from the blocked set");
	ok(x->from_rest.asked == 7 && x->from_rest.answered == 7, "from others");
	ok(x->tcp.asked == 3 && x->tcp.answered == 3, "over TCP");
}

/* Which servers count, and that nothing is foretold without a loss. */
static void prediction(struct arena *a)
{
	static const struct row said = { .pools = { "1000-1009" } };
	struct facts *f = facts_of(a, &said);
	struct pools_sweep sweeps[] = { sweep_of(f, SIDE_SERVER, "1000-1001"),
		sweep_of(f, SIDE_SECOND, "1000-1001") };
	struct pools both = pools_infer(a, f, sweeps, 2), one, none;

	ok(both.predicted && both.lookups.fail > 0 && both.lookups.fail < 0.1,
		"two servers, a fifth dropped: some lookups fail");
	sweeps[1] = sweep_of(f, SIDE_SECOND, "");
	one = pools_infer(a, f, sweeps, 2);
	ok(one.predicted && one.lookups.fail < both.lookups.fail,
		"a server without a filter makes it better");
	is_int((int64_t)one.exposures.n, 1, "and has no exposure");
	sweeps[0] = sweep_of(f, SIDE_SERVER, "3000-3001");
	none = pools_infer(a, f, sweeps, 2);
	ok(!none.predicted, "nothing of the pool is dropped: nothing to foretell");
	f->audits.v[0]->software = "nobody-knows-it";
	sweeps[0] = sweep_of(f, SIDE_SERVER, "1000-1001");
	ok(!pools_infer(a, f, sweeps, 2).predicted, "software without a row");
}

/* Most queries first, the source does not matter; a sender of a few is none. */
static void senders(struct arena *a)
{
	struct facts *f = facts_new(a);
	struct pools p;

	side_sights(f, &(struct side_sights){ .ports = "4000", .n = 10, ANSWERED });
	side_sights(f,
		&(struct side_sights){ .ports = "5000", .n = 30, .from = "192.0.2.54", ANSWERED });
	side_sights(f,
		&(struct side_sights){ .ports = "6000", .n = 7, .from = "192.0.2.55", ANSWERED });
	p = pools_infer(a, f, NULL, 0);
	is_int((int64_t)p.seen.n, 2, "senders of at least eight");
	ok(p.seen.n == 2 && p.seen.v[0].estimate->samples == 30 &&
			p.seen.v[1].estimate->samples == 10,
		"by number");
	ok(!p.audit && !p.exposures.n && !p.predicted, "and nothing else");
}

/* As many addresses as there may be, each with a few queries. */
static void crowd(struct arena *a)
{
	struct facts *f = facts_new(a);
	size_t before;
	struct pools p;

	for (int i = 0; i < 200; i++)
		side_sights(f, &(struct side_sights){ .ports = "1024-65535",
				       .n = 60,
				       .from = arena_printf(a, "10.0.0.%d", i),
				       ANSWERED });
	before = arena_used(a);
	p = pools_infer(a, f, NULL, 0);
	ok(p.seen.n <= SIGHTS * 16U, "senders are bounded: %zu", p.seen.n);
	ok(arena_used(a) - before < 64U * 200000U, "and what each takes: %zu",
		arena_used(a) - before);
}

/* A pool for a server of its own is not held against the pool of the others. */
static void single_servers(struct arena *a)
{
	struct facts *f = facts_new(a);
	struct pool *only;
	struct pools p;

	side_audit(f, "dnsmasq");
	only = side_pool(f, "4000");
	only->only = side_addr("203.0.113.11");
	only->only_bits = 32;
	side_pool(f, "20000-29999");
	side_sights(
		f, &(struct side_sights){ .ports = "4000", .n = 60, .to = SIDE_SERVER, ANSWERED });
	p = pools_infer(a, f, NULL, 0);
	ok(p.seen.n == 1 && p.seen.v[0].fits.fit <= POOL_FITS,
		"queries to the server of another pool");
	side_sights(f, &(struct side_sights){ .ports = "4000", .n = 100, ANSWERED });
	f->sightings.v += 60;
	f->sightings.n -= 60;
	p = pools_infer(a, f, NULL, 0);
	ok(p.seen.n == 1 && p.seen.v[0].fits.fit == POOL_FIT_OUTSIDE,
		"the same port to others is not as configured");
}

/* A prefix that is longer than an address, as a tape could not say it. */
static void prefixes(struct arena *a)
{
	struct facts *f = facts_new(a);
	struct addr server = side_addr(SIDE_SERVER), second = side_addr(SIDE_SECOND);
	struct audit *audit = side_audit(f, "bind");
	struct pool *only = side_pool(f, "4000");

	only->only = side_addr("203.0.113.11");
	for (unsigned int bits = 0; bits < 256; bits += 51) {
		only->only_bits = (uint8_t)bits;
		ok(audit_pool(audit, &server) == only &&
				(audit_pool(audit, &second) == only) == (bits < 30),
			"%u bits", bits);
	}
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		exposure(a, &rows[i]);
	tolls(a);
	prediction(a);
	senders(a);
	crowd(a);
	single_servers(a);
	prefixes(a);
	is_str(pool_basis_slug((enum pool_basis)99), "none", "a basis that there is not");
	arena_free(a);
	return tap_done();
}
