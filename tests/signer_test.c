// SPDX-License-Identifier: GPL-3.0-or-later
// Signed zones verify, their chains close, and simulated servers prove what is not there.
#include "signer.h"

#include "base/err.h"
#include "dns/dnssec.h"
#include "dns/rr.h"
#include "net/sim.h"
#include "net/sim_zone.h"
#include "tap.h"

enum { LONG = 3650 };

#define APEX "Child.xa."
#define TEXT                                                                                       \
	"Child.xa. SOA NS1.child.xa. host.child.xa. 1 14400 3600 1209600 600\n"                    \
	"child.xa. NS ns1.child.xa.\n"                                                             \
	"child.xa. NS Ns2.other.xb.\n"                                                             \
	"ns1.child.xa. A 9.31.0.1\n"                                                               \
	"child.xa. MX 20 Mail.child.xa.\n"                                                         \
	"child.xa. MX 10 mail.child.xa.\n"                                                         \
	"mail.child.xa. A 9.37.0.1\n"                                                              \
	"mail.child.xa. A 9.37.0.2\n"                                                              \
	"deep.empty.child.xa. TXT \"one\" two\n"                                                   \
	"*.wild.child.xa. MX 10 mail.child.xa.\n"                                                  \
	"*.alias.child.xa. CNAME mail.child.xa.\n"                                                 \
	"www.child.xa. CNAME mail.child.xa.\n"                                                     \
	"moved.child.xa. DNAME elsewhere.xb.\n"                                                    \
	"_dns._tcp.child.xa. SRV 1 2 53 NS1.child.xa.\n"                                           \
	"safe.child.xa. NS ns.safe.child.xa.\n"                                                    \
	"safe.child.xa. DS \\# 36 "                                                                \
	"000108020102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20\n"               \
	"ns.safe.child.xa. A 9.31.0.9\n"                                                           \
	"plain.child.xa. NS ns.plain.child.xa.\n"                                                  \
	"ns.plain.child.xa. A 9.31.0.9\n"                                                          \
	"lone.below.child.xa. NS ns1.child.xa.\n"

#define CSK(pem, algorithm)                                                                        \
	{                                                                                          \
		pem, algorithm, 257, SIGNER_BOTH, false, 0, NULL, 0                                \
	}

static const struct signer_plan plans[] = {
	{ .keys = { CSK(SIGNER_P256_1, 13) }, .ds = { { .key = 1, .digest = 2 } } },
	{ .keys = { CSK(SIGNER_P384_1, 14) },
		.ds = { { .key = 1, .digest = 4 } },
		.denial = SIGNER_NSEC3 },
	{ .keys = { CSK(SIGNER_ED25519_1, 15) },
		.ds = { { .key = 1, .digest = 2 } },
		.denial = SIGNER_NSEC3,
		.iterations = 5,
		.salt = "aabbccdd" },
	{ .keys = { CSK(SIGNER_ED448_1, 16) },
		.ds = { { .key = 1, .digest = 1 } },
		.denial = SIGNER_NSEC3,
		.opt_out = true },
	{ .keys = { { SIGNER_RSA2048_1, 8, 257, SIGNER_KEYSETS, false, 0, NULL, 0 },
		  { SIGNER_RSA1024_1, 8, 256, SIGNER_DATA, false, 0, NULL, 0 } },
		.ds = { { .key = 1, .digest = 2 } } },
	{ .keys = { CSK(SIGNER_RSA2048_2, 10) },
		.ds = { { .key = 1, .digest = 2 } },
		.denial = SIGNER_NSEC3,
		.opt_out = true,
		.salt = "01" },
};

/* What a server says: a count of records of a type in a section. */
struct server {
	struct arena *arena;
	const struct signer_plan *plan;
	struct sim_zone zones[2];
	const struct name *apex;
	struct VEC(struct dnskey) keys;
};

static const struct name *named(struct arena *a, const char *text)
{
	struct name n;

	if (name_parse(text, &n) != 0)
		ok(false, "%s is a name", text);
	return name_keep(a, &n);
}

static const struct msg *ask(struct server *s, const char *name, uint16_t type)
{
	struct sim_server sim = { .answer = sim_answer_zones, .user = s->zones };
	struct ask ask = {
		.transport = TRANSPORT_TCP,
		.question = { named(s->arena, name), type, CLASS_IN },
		.shape = { .edns = true, .edns_size = 1232, .edns_flags = EDNS_DO },
	};
	struct buf reply = { .arena = s->arena };

	sim_answer_zones(&sim, &ask, 1, &reply);
	return msg_read(s->arena, buf_span(&reply));
}

static size_t count(const struct msg *m, enum msg_section section, uint16_t type)
{
	return msg_count(m, (struct rr_wanted){ section, type, NULL });
}

/* All signatures of the set are valid, and there is one. */
static bool verified(struct server *s, const struct rrset *set)
{
	size_t good = 0;

	for (size_t i = 0; i < set->rrsigs.n; i++)
		vec_each (struct dnskey, key, s->keys)
			good += sig_verify(&(struct sig_check){ .set = set,
					.rrsig = set->rrsigs.v[i],
					.zone = s->apex,
					.key = key,
					.now = SIGNER_NOW }) == SIG_VALID;
	return good && good == set->rrsigs.n;
}

/* Sets that are signed: all but delegations, glue and the CNAME that a DNAME makes. */
static void check_signed(struct server *s, const char *what, const struct msg *m)
{
	ok(m->ndefects == 0, "%s: no defects", what);
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];
		struct rrset set = rrset_find(
			s->arena, m, (struct rr_wanted){ rr->section, rr->type, rr->owner });

		if (rr->type == RR_RRSIG || rr->type == RR_OPT || rr->section == MSG_ADDITIONAL ||
			(rr->type == RR_NS && rr->section == MSG_AUTHORITY) ||
			(rr->type == RR_CNAME && count(m, MSG_ANSWER, RR_DNAME)))
			continue;
		ok(verified(s, &set), "%s: set of type %u in section %u", what, rr->type,
			rr->section);
	}
}

static void check_keys(struct server *s)
{
	const struct msg *m = ask(s, APEX, RR_DNSKEY);
	struct span ds_rdata = signer_ds_rdata(s->arena, APEX, s->plan, &s->plan->ds[0]);
	struct rr rr = { .type = RR_DS, .rdata = ds_rdata.p, .rdlength = (uint16_t)ds_rdata.n };
	struct ds ds;

	for (size_t i = 0; i < m->nrrs; i++) {
		struct dnskey key;

		if (m->rrs[i].type == RR_DNSKEY && dnskey_read(&m->rrs[i], &key) == 0)
			vec_push(s->arena, &s->keys, key);
	}
	ok(s->keys.n && s->keys.v[0].tag == signer_key_tag(s->plan, 1), "keys, and their tag");
	ok(ds_read(&rr, &ds) == 0 && ds_matches(&ds, s->apex, &s->keys.v[0]) == 0, "DS");
}

/* Proofs in authority: NSEC, NSEC3, NSEC3 with opt-out. */
static const struct {
	const char *name;
	uint16_t type;
	uint8_t rcode, answers, ds;
	uint8_t proofs[3];
} rows[] = {
	{ "child.xa.", RR_SOA, 0, 2, 0, { 0, 0, 0 } },
	{ "CHILD.xa.", RR_MX, 0, 3, 0, { 0, 0, 0 } },
	{ "child.xa.", RR_NS, 0, 3, 0, { 0, 0, 0 } },
	{ "child.xa.", RR_A, 0, 0, 0, { 1, 1, 1 } },
	{ "mail.child.xa.", RR_A, 0, 3, 0, { 0, 0, 0 } },
	{ "mail.child.xa.", RR_MX, 0, 0, 0, { 1, 1, 1 } },
	{ "www.child.xa.", RR_A, 0, 5, 0, { 0, 0, 0 } },
	{ "_dns._tcp.child.xa.", RR_SRV, 0, 2, 0, { 0, 0, 0 } },
	{ "empty.child.xa.", RR_A, 0, 0, 0, { 1, 1, 1 } },
	{ "deep.empty.child.xa.", RR_TXT, 0, 2, 0, { 0, 0, 0 } },
	{ "gone.child.xa.", RR_A, 3, 0, 0, { 2, 3, 3 } },
	{ "x.y.mail.child.xa.", RR_A, 3, 0, 0, { 1, 3, 3 } },
	{ "a.wild.child.xa.", RR_MX, 0, 2, 0, { 1, 1, 1 } },
	{ "a.b.wild.child.xa.", RR_MX, 0, 2, 0, { 1, 1, 1 } },
	{ "a.wild.child.xa.", RR_A, 0, 0, 0, { 1, 3, 3 } },
	{ "a.alias.child.xa.", RR_A, 0, 5, 0, { 1, 1, 1 } },
	{ "x.moved.child.xa.", RR_A, 0, 3, 0, { 0, 0, 0 } },
	{ "a.safe.child.xa.", RR_A, 0, 0, 1, { 0, 0, 0 } },
	{ "safe.child.xa.", RR_DS, 0, 2, 0, { 0, 0, 0 } },
	{ "a.plain.child.xa.", RR_A, 0, 0, 0, { 1, 1, 2 } },
	{ "plain.child.xa.", RR_DS, 0, 0, 0, { 1, 1, 2 } },
	{ "lone.below.child.xa.", RR_DS, 0, 0, 0, { 1, 1, 2 } },
};

static void check_row(struct server *s, size_t i)
{
	uint16_t proof = s->plan->denial == SIGNER_NSEC3 ? RR_NSEC3 : RR_NSEC;
	size_t kind = (size_t)s->plan->denial + (s->plan->denial && s->plan->opt_out);
	const struct msg *m = ask(s, rows[i].name, rows[i].type);
	char what[64];

	snprintf(what, sizeof(what), "%s %u", rows[i].name, rows[i].type);
	is_int(m->rcode, rows[i].rcode, what);
	is_int(m->counts[MSG_ANSWER], rows[i].answers, what);
	is_int((int64_t)count(m, MSG_AUTHORITY, RR_DS), rows[i].ds, what);
	/* Hashes may fall together: a record that proves two things comes once. */
	if (proof == RR_NSEC3 && rows[i].proofs[kind] > 1)
		ok(count(m, MSG_AUTHORITY, proof) > 0 &&
				count(m, MSG_AUTHORITY, proof) <= rows[i].proofs[kind],
			"%s: proofs", what);
	else
		is_int((int64_t)count(m, MSG_AUTHORITY, proof), rows[i].proofs[kind], what);
	check_signed(s, what, m);
}

/* Every proof leads to another one, and all of them lie on one circle. */
static void check_chain(struct server *s)
{
	struct sim_records *z = sim_zone_read(s->arena, APEX, s->zones[0].text);
	struct VEC(const struct sim_record *) chain = { 0 };
	size_t at = 0, steps = 0;

	for (size_t i = 0; i < z->v.n; i++)
		if (z->v.v[i].type == (s->plan->denial ? RR_NSEC3 : RR_NSEC))
			vec_push(s->arena, &chain, &z->v.v[i]);
	ok(chain.n > 0, "there is a chain");
	if (!chain.n)
		return;
	do {
		struct rr rr = { .type = chain.v[at]->type,
			.rdata = chain.v[at]->rdata.p,
			.rdlength = (uint16_t)chain.v[at]->rdata.n };
		uint8_t hash[NSEC3_HASH];
		struct name next = { 0 };
		struct nsec3 p = { 0 };
		size_t to = 0;

		if (s->plan->denial)
			nsec3_read(&rr, &p);
		else
			next = sim_record_name(chain.v[at], 0);
		for (; to < chain.n; to++)
			if (s->plan->denial ? nsec3_owner_hash(&chain.v[to]->owner, hash) == 0 &&
						      memcmp(hash, p.next.p, NSEC3_HASH) == 0
					    : name_equal(&chain.v[to]->owner, &next))
				break;
		at = to;
		steps++;
	} while (at && at < chain.n && steps <= chain.n);
	is_int((int64_t)steps, (int64_t)chain.n, "the chain is a circle");
	is_int(at, 0, "that closes");
}

static void test_plan(const struct signer_plan *plan)
{
	struct arena *a = arena_new();
	struct server s = { .arena = a, .plan = plan, .apex = named(a, "child.xa.") };

	s.zones[0] = (struct sim_zone){ APEX, signer_sign(a, APEX, TEXT, plan) };
	is_str(signer_sign(a, APEX, TEXT, plan), s.zones[0].text, "it repeats");
	check_keys(&s);
	check_chain(&s);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_row(&s, i);
	check_signed(&s, "keys", ask(&s, APEX, RR_DNSKEY));
	arena_free(a);
}

/* What a spoil makes of the signature of a set. */
static const struct {
	const char *what;
	struct signer_spoil spoil;
	enum sig_result result;
	size_t signatures;
} spoils[] = {
	{ "fine", { .how = SIGNER_FINE }, SIG_VALID, 1 },
	{ "unsigned", { .how = SIGNER_UNSIGNED, .type = RR_MX }, SIG_VALID, 0 },
	{ "another type", { .how = SIGNER_UNSIGNED, .type = RR_NS }, SIG_VALID, 1 },
	{ "wrong", { .how = SIGNER_WRONG, .type = RR_MX }, SIG_WRONG, 1 },
	{ "expired", { .how = SIGNER_TIMES, .owner = "child.xa.", .from = -20, .to = -10 },
		SIG_EXPIRED, 1 },
	{ "not yet", { .how = SIGNER_TIMES, .owner = "child.xa.", .from = 10, .to = 20 },
		SIG_NOT_YET, 1 },
	{ "tag", { .how = SIGNER_TAG, .type = RR_MX }, SIG_OTHER_KEY, 1 },
	{ "stranger", { .how = SIGNER_STRANGER, .type = RR_MX }, SIG_OTHER_KEY, 1 },
};

static void test_spoils(void)
{
	for (size_t i = 0; i < ARRAY_LEN(spoils); i++) {
		struct arena *a = arena_new();
		struct signer_plan plan = plans[0];
		struct server s = { .arena = a, .plan = &plan, .apex = named(a, "child.xa.") };
		struct rrset set;

		plan.spoils[0] = spoils[i].spoil;
		s.zones[0] = (struct sim_zone){ APEX, signer_sign(a, APEX, TEXT, &plan) };
		check_keys(&s);
		set = rrset_find(a, ask(&s, "child.xa.", RR_MX),
			(struct rr_wanted){ MSG_ANSWER, RR_MX, s.apex });
		is_int((int64_t)set.rrsigs.n, (int64_t)spoils[i].signatures, spoils[i].what);
		if (set.rrsigs.n)
			is_int(sig_verify(&(struct sig_check){ .set = &set,
				       .rrsig = set.rrsigs.v[0],
				       .zone = s.apex,
				       .key = &s.keys.v[0],
				       .now = SIGNER_NOW }),
				spoils[i].result, spoils[i].what);
		arena_free(a);
	}
}

/* With a folder as argument: writes the signed zones there, for real servers and verifiers. */
static int write_zones(const char *folder)
{
	for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
		struct arena *a = arena_new();
		FILE *f = fopen(arena_printf(a, "%s/%zu.zone", folder, i), "w");
		struct signer_plan plan = plans[i];

		if (!f)
			return 1;
		plan.to = LONG * SIGNER_DAY;
		fprintf(f, "$TTL 3600\n%s", signer_sign(a, APEX, TEXT, &plan));
		fclose(f);
		arena_free(a);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return write_zones(argv[1]);
	for (size_t i = 0; i < ARRAY_LEN(plans); i++)
		test_plan(&plans[i]);
	test_spoils();
	return tap_done();
}
