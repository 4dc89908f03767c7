/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains of trust: the root, xa., child.xa. with two servers each, other.xa. with one. */
#include "infer/chain.h"

#include <assert.h>

#include "base/err.h"
#include "dns/rr.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/fetch.h"
#include "signer.h"
#include "tap.h"

enum { RTT = 20000, TIMEOUT = 500000, PORT = 53, END = 1000000000, SERVERS = 7 };

#define CSK(pem, algorithm)                                                                        \
	{                                                                                          \
		pem, algorithm, 257, SIGNER_BOTH, false, 0, NULL, 0                                \
	}
#define CHILD_KEY .keys = { CSK(SIGNER_P256_3, 13) }
#define CHILD_DS  .ds = { { .key = 1, .digest = 2 } }

static const struct signer_plan root_plan = { .keys = { CSK(SIGNER_P256_1, 13) },
	.ds = { { .key = 1, .digest = 2 } } };
static const struct signer_plan xa_plan = { .keys = { CSK(SIGNER_P256_2, 13) },
	.ds = { { .key = 1, .digest = 2 } } };
static const struct signer_plan child_plan = { CHILD_KEY, CHILD_DS };
static const struct signer_plan nsec3_plan = { CHILD_KEY, CHILD_DS, .denial = SIGNER_NSEC3,
	.iterations = 150, .salt = "abcd" };
static const struct signer_plan opt_out_plan = {
	.keys = { CSK(SIGNER_P256_2, 13) }, CHILD_DS, .denial = SIGNER_NSEC3, .opt_out = true
};
static const struct signer_plan many_plan = { CHILD_KEY, CHILD_DS, .denial = SIGNER_NSEC3,
	.iterations = 151 };
static const struct signer_plan no_denial_plan = { CHILD_KEY, CHILD_DS,
	.denial = SIGNER_NO_DENIAL };
static const struct signer_plan bits_plan = { CHILD_KEY, CHILD_DS, .bits_add = RR_TXT };
static const struct signer_plan digest_plan = { CHILD_KEY,
	.ds = { { .key = 1, .digest = 2, .wrong_digest = true } } };
static const struct signer_plan sha1_plan = { CHILD_KEY,
	.ds = { { .key = 1, .digest = 1 }, { .key = 1, .digest = 2, .wrong_digest = true } } };
static const struct signer_plan only_sha1_plan = { CHILD_KEY, .ds = { { .key = 1, .digest = 1 } } };
static const struct signer_plan gost_plan = { CHILD_KEY, .ds = { { .key = 1, .digest = 3 } } };
static const struct signer_plan dsa_plan = { CHILD_KEY,
	.ds = { { .key = 1, .digest = 2, .algorithm = 3 } } };
static const struct signer_plan no_ds_plan = { CHILD_KEY };
static const struct signer_plan unsigned_plan = { CHILD_DS };
static const struct signer_plan expired_plan = { CHILD_KEY, CHILD_DS, .from = -20L * SIGNER_DAY,
	.to = -SIGNER_DAY };
static const struct signer_plan slack_plan = { CHILD_KEY, CHILD_DS, .from = -20L * SIGNER_DAY,
	.to = -CHAIN_SLACK + 10 };
static const struct signer_plan no_slack_plan = { CHILD_KEY, CHILD_DS, .from = -20L * SIGNER_DAY,
	.to = -CHAIN_SLACK - 60 };
static const struct signer_plan early_plan = { CHILD_KEY, CHILD_DS, .from = SIGNER_DAY,
	.to = 9L * SIGNER_DAY };
static const struct signer_plan soon_plan = { CHILD_KEY, CHILD_DS, .from = CHAIN_SLACK - 10,
	.to = 9L * SIGNER_DAY };
static const struct signer_plan rolled_plan = { .keys = { CSK(SIGNER_ED25519_1, 15) }, CHILD_DS };
#define SPOILT(name, ...)                                                                          \
	static const struct signer_plan name = { CHILD_KEY, CHILD_DS,                              \
		.spoils = { { __VA_ARGS__ } } }
SPOILT(wrong_plan, SIGNER_WRONG, "www.child.xa.", RR_A, 0, 0, 0);
SPOILT(missing_plan, SIGNER_UNSIGNED, "www.child.xa.", RR_A, 0, 0, 0);
SPOILT(stranger_plan, SIGNER_STRANGER, "www.child.xa.", RR_A, 0, 0, 0);
SPOILT(tag_plan, SIGNER_TAG, "www.child.xa.", RR_A, 0, 0, 0);
SPOILT(keyset_plan, SIGNER_UNSIGNED, NULL, RR_DNSKEY, 0, 0, 0);
SPOILT(keyset_wrong_plan, SIGNER_WRONG, NULL, RR_DNSKEY, 0, 0, 0);
SPOILT(old_nsec_plan, SIGNER_TIMES, NULL, RR_NSEC, 0, -9L * SIGNER_DAY, -SIGNER_DAY);
SPOILT(old_soa_plan, SIGNER_TIMES, NULL, RR_SOA, 0, -9L * SIGNER_DAY, -SIGNER_DAY);
static const struct signer_plan bad_ds_plan = { .keys = { CSK(SIGNER_P256_2, 13) },
	CHILD_DS,
	.spoils = { { SIGNER_WRONG, NULL, RR_DS, 0, 0, 0 } } };

struct row {
	const char *what, *name;
	uint16_t type;
	const char *want;
	/* NULL: the healthy ones. child2, xa2: of the second server; ds, ds2: what the parent has.
	 */
	const struct signer_plan *xa, *xa2, *child, *child2, *ds, *ds2, *other;
	bool hidden; /* servers of xa. serve child.xa., too, and nobody else does */
	bool no_anchor, undelegated, refused;
};

/* Verdict, zones up to the first that is not secure, answers of the servers. */
#define WAY  ". xa. child.xa."
#define AWAY " | secure secure"

static const struct row rows[] = {
	{ "an answer", "www.child.xa.", RR_A, .want = "secure " WAY AWAY },
	{ "of the apex", "child.xa.", RR_MX, .want = "secure " WAY AWAY },
	{ "of the root", ".", RR_NS, .want = "secure . | secure secure" },
	{ "a DS", "child.xa.", RR_DS, .want = "secure . xa. | secure secure" },
	{ "keys", "child.xa.", RR_DNSKEY, .want = "secure " WAY AWAY },
	{ "no type", "www.child.xa.", RR_TXT, .want = "secure " WAY AWAY },
	{ "no name", "x.y.child.xa.", RR_A, .want = "secure " WAY AWAY },
	{ "a name of nothing", "empty.child.xa.", RR_A, .want = "secure " WAY AWAY },
	{ "a wildcard", "a.b.wild.child.xa.", RR_TXT, .want = "secure " WAY AWAY },
	{ "a wildcard without type", "a.b.wild.child.xa.", RR_A, .want = "secure " WAY AWAY },
	{ "an alias", "alias.child.xa.", RR_A, .want = "secure " WAY AWAY " > secure " WAY AWAY },
	{ "the alias itself", "alias.child.xa.", RR_CNAME, .want = "secure " WAY AWAY },
	{ "a DNAME", "www.moved.child.xa.", RR_A,
		.want = "secure " WAY AWAY " > secure " WAY AWAY },
	{ "a circle", "circle.child.xa.", RR_A, .want = "secure " WAY AWAY },
	{ "an alias into another zone", "far.child.xa.", RR_A,
		.want = "secure " WAY AWAY " > secure . xa. other.xa. | secure" },
	{ "an alias into an unsigned zone", "far.child.xa.", RR_A,
		.want = "insecure " WAY AWAY " > insecure . xa. other.xa.=insecure:none",
		.other = &no_ds_plan },
	{ "an alias into a bad zone", "far.child.xa.", RR_A,
		.want = "bogus " WAY AWAY " > bogus . xa. other.xa.=bogus:expired/DNSKEY@-86400",
		.other = &expired_plan },

	{ "NSEC3: no type", "www.child.xa.", RR_TXT, .want = "secure " WAY AWAY,
		.child = &nsec3_plan },
	{ "NSEC3: no name", "x.y.child.xa.", RR_A, .want = "secure " WAY AWAY,
		.child = &nsec3_plan },
	{ "NSEC3: a name of nothing", "empty.child.xa.", RR_A, .want = "secure " WAY AWAY,
		.child = &nsec3_plan },
	{ "NSEC3: a wildcard", "a.b.wild.child.xa.", RR_TXT, .want = "secure " WAY AWAY,
		.child = &nsec3_plan },
	{ "NSEC3: a wildcard without type", "a.b.wild.child.xa.", RR_A, .want = "secure " WAY AWAY,
		.child = &nsec3_plan },
	{ "NSEC3: too many iterations", "x.child.xa.", RR_A,
		.want = "insecure " WAY " | insecure:iterations/NSEC3 insecure:iterations/NSEC3",
		.child = &many_plan },
	{ "NSEC3: which an answer does not need", "www.child.xa.", RR_A, .want = "secure " WAY AWAY,
		.child = &many_plan },
	{ "NSEC3: opt-out, no name", "x.xa.", RR_A, .want = "insecure . xa. | insecure insecure",
		.xa = &opt_out_plan },
	{ "NSEC3: opt-out, a delegation", "www.child.xa.", RR_A,
		.want = "insecure . xa. child.xa.=insecure:none", .xa = &opt_out_plan,
		.ds = &no_ds_plan },
	{ "NSEC3: opt-out, signed ones stay", "www.child.xa.", RR_A, .want = "secure " WAY AWAY,
		.xa = &opt_out_plan },

	{ "no DS", "www.child.xa.", RR_A, .want = "insecure . xa. child.xa.=insecure:none",
		.ds = &no_ds_plan },
	{ "a wrong digest", "www.child.xa.", RR_A,
		.want = "bogus . xa. child.xa.=bogus:ds-mismatch/DS", .ds = &digest_plan },
	{ "SHA-1 does not count beside a better one", "www.child.xa.", RR_A,
		.want = "bogus . xa. child.xa.=bogus:ds-mismatch/DS", .ds = &sha1_plan },
	{ "alone it does", "www.child.xa.", RR_A, .want = "secure " WAY AWAY,
		.ds = &only_sha1_plan },
	{ "an unknown digest", "www.child.xa.", RR_A,
		.want = "insecure . xa. child.xa.=insecure:algorithm-unsupported",
		.ds = &gost_plan },
	{ "an unknown algorithm", "www.child.xa.", RR_A,
		.want = "insecure . xa. child.xa.=insecure:algorithm-unsupported",
		.ds = &dsa_plan },
	{ "keys that were rolled", "www.child.xa.", RR_A,
		.want = "bogus . xa. child.xa.=bogus:ds-mismatch/DS", .child = &rolled_plan,
		.ds = &child_plan },
	{ "no keys", "www.child.xa.", RR_A,
		.want = "bogus . xa. child.xa.=bogus:missing-key/DNSKEY", .child = &unsigned_plan,
		.ds = &child_plan },
	{ "keys that nobody signed", "www.child.xa.", RR_A,
		.want = "bogus . xa. child.xa.=bogus:missing-signature/DNSKEY",
		.child = &keyset_plan },
	{ "keys signed wrongly", "www.child.xa.", RR_A,
		.want = "bogus . xa. child.xa.=bogus:wrong-signature/DNSKEY",
		.child = &keyset_wrong_plan },
	{ "a DS signed wrongly", "www.child.xa.", RR_A,
		.want = "bogus . xa. child.xa.=bogus:wrong-signature", .xa = &bad_ds_plan },
	{ "expired", "www.child.xa.", RR_A,
		.want = "bogus . xa. child.xa.=bogus:expired/DNSKEY@-86400",
		.child = &expired_plan },
	{ "expired just now", "www.child.xa.", RR_A, .want = "secure " WAY AWAY,
		.child = &slack_plan },
	{ "expired a while ago", "www.child.xa.", RR_A,
		.want = "bogus . xa. child.xa.=bogus:expired/DNSKEY@-360",
		.child = &no_slack_plan },
	{ "not yet valid", "www.child.xa.", RR_A,
		.want = "bogus . xa. child.xa.=bogus:not-yet-valid/DNSKEY@86400",
		.child = &early_plan },
	{ "valid soon", "www.child.xa.", RR_A, .want = "secure " WAY AWAY, .child = &soon_plan },

	{ "an answer signed wrongly", "www.child.xa.", RR_A,
		.want = "bogus " WAY " | bogus:wrong-signature/A bogus:wrong-signature/A",
		.child = &wrong_plan },
	{ "an answer that nobody signed", "www.child.xa.", RR_A,
		.want = "bogus " WAY " | bogus:missing-signature/A bogus:missing-signature/A",
		.child = &missing_plan },
	{ "one signed by a key that is not there", "www.child.xa.", RR_A,
		.want = "bogus " WAY " | bogus:missing-signature/A bogus:missing-signature/A",
		.child = &tag_plan },
	{ "one signed by a stranger", "www.child.xa.", RR_A,
		.want = "bogus " WAY " | bogus:signer/A bogus:signer/A", .child = &stranger_plan },
	{ "a proof that is old", "x.child.xa.", RR_A,
		.want = "bogus " WAY " | bogus:expired/NSEC@-86400 bogus:expired/NSEC@-86400",
		.child = &old_nsec_plan },
	{ "a SOA that is old", "x.child.xa.", RR_A,
		.want = "bogus " WAY " | bogus:expired/SOA@-86400 bogus:expired/SOA@-86400",
		.child = &old_soa_plan },
	{ "no proof of no name", "x.child.xa.", RR_A,
		.want = "bogus " WAY " | bogus:broken-denial/A bogus:broken-denial/A",
		.child = &no_denial_plan },
	{ "nor of no type", "www.child.xa.", RR_TXT,
		.want = "bogus " WAY " | bogus:broken-denial/TXT bogus:broken-denial/TXT",
		.child = &no_denial_plan },
	{ "nor of a wildcard", "a.wild.child.xa.", RR_TXT,
		.want = "bogus " WAY " | bogus:broken-denial/TXT bogus:broken-denial/TXT",
		.child = &no_denial_plan },

	{ "a proof that says otherwise", "child.xa.", RR_TXT,
		.want = "bogus " WAY " | bogus:broken-denial/TXT bogus:broken-denial/TXT",
		.child = &bits_plan },
	{ "one server is old", "www.child.xa.", RR_A,
		.want = "secure uneven . xa. child.xa.=secure:expired/DNSKEY@-86400 | secure "
			"bogus:expired/A@-86400",
		.child2 = &expired_plan },
	{ "one server is not signed", "www.child.xa.", RR_A,
		.want = "secure uneven . xa. child.xa.=secure:missing-key/DNSKEY | secure "
			"bogus:missing-signature/A",
		.child2 = &unsigned_plan },
	{ "one parent is old", "www.child.xa.", RR_A,
		.want = "secure uneven . xa. child.xa.=secure:ds-mismatch" AWAY,
		.ds2 = &rolled_plan },
	{ "one parent does not know yet", "www.child.xa.", RR_A,
		.want = "secure . xa. "
			"child.xa.=secure:none" AWAY,
		.ds2 = &no_ds_plan },
	{ "one server refuses", "www.child.xa.", RR_A,
		.want = "secure . xa. child.xa.=secure:silent/DNSKEY | secure "
			"indeterminate:silent/A",
		.refused = true },
	{ "no anchor", "www.child.xa.", RR_A, .want = "indeterminate", .no_anchor = true },
	{ "servers that hide the cut", "www.child.xa.", RR_A, .want = "secure " WAY AWAY,
		.hidden = true },
	{ "undelegated, with DS", "www.child.xa.", RR_A, .want = "secure . child.xa." AWAY,
		.undelegated = true },
	{ "undelegated, without", "www.child.xa.", RR_A,
		.want = "insecure . child.xa.=insecure:none", .undelegated = true,
		.ds = &no_ds_plan },
};

#define ROOT_TEXT                                                                                  \
	". SOA a. h. 1 14400 3600 1209600 600\n. NS a.\n. NS b.\na. A 9.1.0.1\nb. A 9.1.0.2\n"     \
	"xa. NS a.xa.\nxa. NS b.xa.\na.xa. A 9.2.0.1\nb.xa. A 9.2.0.2\n"
#define XA_TEXT                                                                                    \
	"xa. SOA a.xa. h. 1 14400 3600 1209600 600\nxa. NS a.xa.\nxa. NS b.xa.\n"                  \
	"a.xa. A 9.2.0.1\nb.xa. A 9.2.0.2\n"                                                       \
	"other.xa. NS a.other.xa.\na.other.xa. A 9.4.0.1\n"
#define XA_CHILD                                                                                   \
	"child.xa. NS a.child.xa.\nchild.xa. NS b.child.xa.\n"                                     \
	"a.child.xa. A 9.3.0.1\nb.child.xa. A 9.3.0.2\n"
#define CHILD_TEXT                                                                                 \
	"child.xa. SOA a.child.xa. h. 1 14400 3600 1209600 600\n"                                  \
	"a.child.xa. A 9.3.0.1\nb.child.xa. A 9.3.0.2\n"                                           \
	"child.xa. MX 10 Www.child.xa.\nwww.child.xa. A 9.9.9.9\n"                                 \
	"deep.empty.child.xa. A 9.9.9.9\n*.wild.child.xa. TXT \"any\"\n"                           \
	"alias.child.xa. CNAME www.child.xa.\nmoved.child.xa. DNAME child.xa.\n"                   \
	"circle.child.xa. CNAME circle.child.xa.\nfar.child.xa. CNAME www.other.xa.\n"
#define CHILD_NS  "child.xa. NS a.child.xa.\nchild.xa. NS b.child.xa.\n"
#define HIDDEN_NS "child.xa. NS a.xa.\nchild.xa. NS b.xa.\n"
#define OTHER_TEXT                                                                                 \
	"other.xa. SOA a.other.xa. h. 1 14400 3600 1209600 600\nother.xa. NS a.other.xa.\n"        \
	"a.other.xa. A 9.4.0.1\nwww.other.xa. A 9.9.9.9\n"

static const char *const addrs[SERVERS] = { "9.1.0.1", "9.1.0.2", "9.2.0.1", "9.2.0.2", "9.3.0.1",
	"9.3.0.2", "9.4.0.1" };

static struct addr need_addr(const char *text)
{
	struct addr a = { 0 };
	int err = addr_parse(text, &a);

	assert(err == 0);
	return addr_with_port(a, PORT);
}

static const struct name *named(struct arena *a, const char *text)
{
	struct name n;
	int err = name_parse(text, &n);

	assert(err == 0);
	return name_keep(a, &n);
}

static const struct signer_plan *either(
	const struct signer_plan *p, const struct signer_plan *other)
{
	return p ? p : other;
}

static const char *sign(
	struct arena *a, const char *apex, const char *text, const struct signer_plan *plan)
{
	return plan->keys[0].algorithm ? signer_sign(a, apex, text, plan) : text;
}

static const char *xa_text(struct arena *a, const struct row *r, bool second)
{
	const struct signer_plan *child = either(r->child, &child_plan);
	const struct signer_plan *ds = either(r->ds, child), *other = either(r->other, &child_plan);
	const char *text;

	if (second && r->ds2)
		ds = r->ds2;
	text = arena_printf(a, "%s%s%s%s", XA_TEXT, r->hidden ? HIDDEN_NS : XA_CHILD,
		signer_ds(a, "child.xa.", ds), signer_ds(a, "other.xa.", other));
	return sign(a, "xa.", text, second && r->xa2 ? r->xa2 : either(r->xa, &xa_plan));
}

static const char *child_text(struct arena *a, const struct row *r, bool second)
{
	const char *text = arena_printf(a, "%s%s", CHILD_TEXT, r->hidden ? HIDDEN_NS : CHILD_NS);

	return sign(a, "child.xa.", text,
		second && r->child2 ? r->child2 : either(r->child, &child_plan));
}

static struct sim_zone *zones_of(struct arena *a, const struct row *r, size_t server)
{
	struct sim_zone *z = arena_alloc(a, 3 * sizeof(*z));
	bool second = server % 2;
	size_t n = 0;

	if (server < 2)
		z[n++] = (struct sim_zone){ ".",
			sign(a, ".",
				arena_printf(a, "%s%s", ROOT_TEXT,
					signer_ds(a, "xa.", either(r->xa, &xa_plan))),
				&root_plan) };
	else if (server < 4)
		z[n++] = (struct sim_zone){ "xa.", xa_text(a, r, second) };
	if ((server >= 4 && server < 6 && !r->hidden && !(r->refused && second)) ||
		(server >= 2 && server < 4 && r->hidden))
		z[n++] = (struct sim_zone){ "child.xa.", child_text(a, r, second) };
	if (server == 6)
		z[n++] = (struct sim_zone){ "other.xa.",
			sign(a, "other.xa.", OTHER_TEXT, either(r->other, &child_plan)) };
	return z;
}

static struct ds planned(struct arena *a, const char *apex, const struct signer_plan *plan)
{
	struct span d = signer_ds_rdata(a, apex, plan, &plan->ds[0]);

	return (struct ds){ (uint16_t)(d.p[0] << 8U | d.p[1]), d.p[2], d.p[3],
		{ d.p + 4, d.n - 4 } };
}

static struct tree_plan *plan_of(struct arena *a, const struct row *r)
{
	const struct signer_plan *ds = either(r->ds, either(r->child, &child_plan));
	struct tree_plan *plan = arena_alloc(a, sizeof(*plan));

	plan->zone = named(a, "child.xa.");
	for (size_t i = 0; i < 2; i++)
		vec_push(a, &plan->roots,
			(struct tree_ns){ named(a, i ? "b." : "a."), need_addr(addrs[i]) });
	if (!r->no_anchor)
		vec_push(a, &plan->anchors, planned(a, ".", &root_plan));
	if (!r->undelegated)
		return plan;
	for (size_t i = 4; i < 6; i++)
		vec_push(a, &plan->ns,
			(struct tree_ns){ named(a, i == 4 ? "a.child.xa." : "b.child.xa."),
				need_addr(addrs[i]) });
	if (ds->ds[0].key)
		vec_push(a, &plan->ds, planned(a, "child.xa.", ds));
	return plan;
}

struct run {
	struct arena *arena, *pass;
	const struct row *row;
	struct ledger *ledger;
	const struct chain *chain;
};

static void run_pass(void *user)
{
	struct run *r = user;

	arena_reset(r->pass);
	r->chain = chain_validate(
		tree_new(r->pass, r->ledger), named(r->arena, r->row->name), r->row->type);
}

static void run_row(struct run *r)
{
	struct arena *a = r->arena;
	struct sim_server servers[SERVERS] = { 0 };
	struct sim_net net = { .rtt = RTT, .servers = servers, .nservers = SERVERS };
	struct facts *facts = facts_new(a);
	struct fetch_plan plan = { .pass = run_pass, .user = r, .timeout = TIMEOUT, .tries = 2 };
	struct rng rng = rng_seed(1);
	struct drive drive = { .facts = facts };
	struct fetch *f;

	for (size_t i = 0; i < SERVERS; i++) {
		servers[i].addr = need_addr(addrs[i]);
		servers[i].answer = sim_answer_zones;
		servers[i].user = zones_of(a, r->row, i);
	}
	facts->started = SIGNER_NOW;
	facts->tree = plan_of(a, r->row);
	r->ledger = plan.ledger = ledger_new(a, facts, false);
	drive.wire = sim_new(a, &rng, &net);
	drive.deadline = wire_now(drive.wire) + END;
	f = fetch_new(a, &plan);
	ok(drive_run(&drive, fetch_probe(f)) == 0 && !fetch_overran(f), "%s: ends", r->row->what);
	drive.wire->ops->free(drive.wire);
	ledger_take(r->ledger);
	run_pass(r);
}

/* What came of it ------------------------------------------------------------------------------ */

static const char *const securities[] = { "secure", "insecure", "bogus", "indeterminate" };

static const char *type_name(uint16_t type)
{
	static const struct {
		uint16_t type;
		const char *name;
	} names[] = { { RR_A, "A" }, { RR_DS, "DS" }, { RR_DNSKEY, "DNSKEY" }, { RR_NSEC, "NSEC" },
		{ RR_NSEC3, "NSEC3" }, { RR_SOA, "SOA" }, { RR_TXT, "TXT" } };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].type == type)
			return names[i].name;
	return "?";
}

static void put_detail(struct buf *b, const struct chain_server *s)
{
	if (s->why)
		buf_printf(b, "/%s", type_name(s->type));
	if (s->since)
		buf_printf(b, "@%lld", (long long)(s->since - SIGNER_NOW));
}

static bool flawless(const struct chain_zone *z)
{
	vec_each (const struct chain_server, s, z->parents)
		if (s->security != SECURITY_SECURE)
			return false;
	vec_each (const struct chain_server, s, z->servers)
		if (s->security != SECURITY_SECURE)
			return false;
	return z->security == SECURITY_SECURE;
}

static void put_zone(struct buf *b, const struct chain_zone *z)
{
	const struct chain_server *told = NULL;

	buf_char(b, ' ');
	name_put(z->apex, b);
	vec_each (const struct chain_server, s, z->servers)
		if (s->why == z->why && s->why)
			told = s;
	if (flawless(z))
		return;
	buf_printf(b, "=%s:%s", securities[z->security], chain_break_slug(z->why));
	if (told)
		put_detail(b, told);
}

static void put_chain(struct buf *b, const struct chain *c)
{
	buf_printf(b, "%s%s", securities[c->security], c->uneven ? " uneven" : "");
	for (size_t i = 0; i < c->zones.n && (c->broken < 0 || i <= (size_t)c->broken); i++)
		put_zone(b, &c->zones.v[i]);
	if (c->answers.n)
		buf_str(b, " |");
	vec_each (const struct chain_server, s, c->answers) {
		buf_printf(b, " %s", securities[s->security]);
		if (s->why)
			buf_printf(b, ":%s", chain_break_slug(s->why));
		put_detail(b, s);
	}
	if (c->next) {
		buf_str(b, " > ");
		put_chain(b, c->next);
	}
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct run r = { .arena = arena_new(), .pass = arena_new(), .row = &rows[i] };
		struct buf b = { .arena = r.arena };

		run_row(&r);
		ok(!r.chain->pending, "%s: nothing is missing", r.row->what);
		put_chain(&b, r.chain);
		is_str(buf_text(&b), r.row->want, r.row->what);
		arena_free(r.pass);
		arena_free(r.arena);
	}
	return tap_done();
}
