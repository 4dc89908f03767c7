/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Proofs of absence that lack a part, or that belong to another name: a signed root zone whose
 * server leaves out one set of its proof after the other, or answers for a name of the same length.
 */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "infer/chain.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/fetch.h"
#include "signer.h"
#include "tap.h"

enum { RTT = 20000, TIMEOUT = 500000, PORT = 53, END = 1000000000, NOTHING = 99 };

#define KEY                                                                                        \
	.keys = { { SIGNER_P256_1, 13, 257, SIGNER_BOTH, false, 0, NULL, 0 } },                    \
	.ds = { { .key = 1, .digest = 2 } }
static const struct signer_plan nsec = { KEY };
static const struct signer_plan nsec3 = { KEY, .denial = SIGNER_NSEC3, .salt = "0123" };

#define TEXT                                                                                       \
	". SOA a.srv. h. 1 14400 3600 1209600 600\n. NS a.srv.\na.srv. A 9.1.0.1\n"                \
	"www. A 9.9.9.9\nbbb. TXT \"b\"\nccc. TXT \"c\"\nddd. A 9.9.9.8\n"                         \
	"*.wild. TXT \"any\"\nhas.wild. A 9.9.9.9\ndeep.empty. A 9.9.9.9\n"

/* What the server spoils. */
struct spoil {
	const struct signer_plan *plan;
	const struct sim_zone *zones;
	unsigned int drop;     /* number of the set of NSEC or NSEC3 records; NOTHING: none */
	const char *from, *to; /* first label of the question, and that of which it speaks */
	unsigned int seen;     /* sets of the last reply that has any */
};

static bool of_proof(const struct rr *rr)
{
	if (rr->section != MSG_AUTHORITY)
		return false;
	return rr->type == RR_NSEC || rr->type == RR_NSEC3 ||
	       (rr->type == RR_RRSIG && (rr->rdata[1] == RR_NSEC || rr->rdata[1] == RR_NSEC3));
}

/* The reply without one set of its proof, and its signature. No name in it is packed. */
static void drop_set(struct arena *a, struct buf *reply, struct spoil *s)
{
	const struct msg *m = msg_read(a, buf_span(reply));
	struct VEC(const struct name *) owners = { 0 };
	struct buf out = { .arena = a };
	uint32_t at = 0;
	unsigned int left = m->counts[MSG_AUTHORITY];

	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];
		size_t k = 0;

		if (!of_proof(rr))
			continue;
		while (k < owners.n && !name_equal(owners.v[k], rr->owner))
			k++;
		if (k == owners.n)
			vec_push(a, &owners, rr->owner);
		if (k != s->drop)
			continue;
		buf_put(&out, m->wire.p + at, rr->offset - at);
		at = rr->rdata_offset + rr->rdlength;
		left--;
	}
	buf_put(&out, m->wire.p + at, m->wire.n - at);
	out.p[9] = (char)left;
	s->seen = owners.n ? (unsigned int)owners.n : s->seen;
	reply->n = 0;
	buf_put(reply, out.p, out.n);
}

/* A label of three letters becomes another one, wherever it stands. */
static void rename_label(struct buf *reply, const char *from, const char *to)
{
	for (size_t i = 12; i + 4 <= reply->n; i++)
		if (reply->p[i] == 3 && !memcmp(reply->p + i + 1, from, 3))
			memcpy(reply->p + i + 1, to, 3);
}

static void answer(
	const struct sim_server *server, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	struct spoil *s = server->user;
	struct sim_server honest = *server;
	struct buf reply = { .arena = ret_reply->arena };
	struct name name = *ask->question.name;
	struct ask other = *ask;

	honest.user = (void *)s->zones;
	if (s->from && name.wire[0] == 3 && !memcmp(name.wire + 1, s->from, 3)) {
		memcpy(name.wire + 1, s->to, 3);
		other.question.name = &name;
	}
	sim_answer_zones(&honest, &other, id, &reply);
	if (other.question.name == &name)
		rename_label(&reply, s->to, s->from);
	drop_set(ret_reply->arena, &reply, s);
	buf_put(ret_reply, reply.p, reply.n);
}

struct run {
	struct arena *a, *pass;
	const struct name *name;
	uint16_t type;
	struct ledger *ledger;
	const struct chain *chain;
};

static void run_pass(void *user)
{
	struct run *r = user;

	arena_reset(r->pass);
	r->chain = chain_validate(tree_new(r->pass, r->ledger), r->name, r->type);
}

static struct facts *facts_of(struct arena *a, const struct signer_plan *plan)
{
	struct facts *f = facts_new(a);
	struct tree_plan *tree = arena_alloc(a, sizeof(*tree));
	struct span d = signer_ds_rdata(a, ".", plan, &plan->ds[0]);
	struct addr addr = { 0 };
	int err = addr_parse("9.1.0.1", &addr);

	assert(err == 0);
	tree->zone = &name_root;
	vec_push(a, &tree->roots, (struct tree_ns){ NULL, addr_with_port(addr, PORT) });
	vec_push(a, &tree->anchors,
		(struct ds){
			(uint16_t)(d.p[0] << 8U | d.p[1]), d.p[2], d.p[3], { d.p + 4, d.n - 4 } });
	f->tree = tree;
	f->started = SIGNER_NOW;
	return f;
}

/* "secure", "bogus:broken-denial" … */
static const char *validate(struct arena *a, const char *text, uint16_t type, struct spoil *s)
{
	static const char *const securities[] = { "secure", "insecure", "bogus", "indeterminate" };
	struct sim_zone *zones = arena_alloc(a, 2 * sizeof(*zones));
	struct run r = { .a = a, .pass = arena_new(), .type = type };
	struct facts *facts = facts_of(a, s->plan);
	struct sim_server server = {
		.addr = facts->tree->roots.v[0].addr, .answer = answer, .user = s
	};
	struct sim_net net = { .rtt = RTT, .servers = &server, .nservers = 1 };
	struct fetch_plan fetch = { .pass = run_pass, .user = &r, .timeout = TIMEOUT, .tries = 2 };
	struct rng rng = rng_seed(1);
	struct drive drive = { .wire = sim_new(a, &rng, &net), .facts = facts };
	const struct chain_server *told;
	struct buf b = { .arena = a };
	struct name name;
	int err = name_parse(text, &name);

	assert(err == 0);
	zones[0] = (struct sim_zone){ ".", signer_sign(a, ".", TEXT, s->plan) };
	s->zones = zones;
	r.name = &name;
	r.ledger = fetch.ledger = ledger_new(a, facts, false);
	drive.deadline = wire_now(drive.wire) + END;
	drive_run(&drive, fetch_probe(fetch_new(a, &fetch)));
	drive.wire->ops->free(drive.wire);
	ledger_take(r.ledger);
	run_pass(&r);
	told = r.chain->answers.n ? &r.chain->answers.v[0] : NULL;
	buf_str(&b, securities[r.chain->security]);
	if (told && told->why)
		buf_printf(&b, ":%s", chain_break_slug(told->why));
	arena_free(r.pass);
	return buf_text(&b);
}

/* How many sets each proof has; no proof does without one of them. */
static const struct row {
	const char *what, *name;
	uint16_t type;
	unsigned int nsec, nsec3;
} rows[] = {
	{ "no name", "xxx.", RR_A, 2, 3 },
	{ "no name below one that is there", "x.y.www.", RR_A, 1, 3 },
	{ "no type", "www.", RR_TXT, 1, 1 },
	{ "an empty name", "empty.", RR_A, 1, 1 },
	{ "an expanded wildcard", "x.y.wild.", RR_TXT, 1, 1 },
	{ "a wildcard without type", "x.y.wild.", RR_A, 2, 3 },
};

static void test_parts(const struct row *row, const struct signer_plan *plan, unsigned int parts)
{
	const char *how = plan == &nsec ? "NSEC" : "NSEC3";
	struct arena *a = arena_new();
	struct spoil s = { .plan = plan, .drop = NOTHING };

	is_str(validate(a, row->name, row->type, &s), "secure",
		arena_printf(a, "%s, %s: whole", how, row->what));
	is_int(s.seen, parts, arena_printf(a, "%s, %s: parts", how, row->what));
	for (unsigned int i = 0; i < parts; i++) {
		s.drop = i;
		is_str(validate(a, row->name, row->type, &s), "bogus:broken-denial",
			arena_printf(a, "%s, %s: without part %u", how, row->what, i));
	}
	arena_free(a);
}

/* Replies about another name of the same length, which exists or not unlike the one asked for. */
static const struct lie {
	const char *what, *name, *from, *to;
	uint16_t type;
} lies[] = {
	{ "no name, where there is one", "www.", "www", "xxx", RR_A },
	{ "no type, where there is one", "bbb.", "bbb", "ddd", RR_TXT },
	{ "a wildcard for a name that is there", "has.wild.", "has", "hax", RR_TXT },
};

static void test_lies(const struct signer_plan *plan)
{
	for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
		struct arena *a = arena_new();
		struct spoil s = {
			.plan = plan, .drop = NOTHING, .from = lies[i].from, .to = lies[i].to
		};
		const char *got = validate(a, lies[i].name, lies[i].type, &s);

		ok(strncmp(got, "bogus:", 6) == 0, "%s: %s (%s)", plan == &nsec ? "NSEC" : "NSEC3",
			lies[i].what, got);
		arena_free(a);
	}
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		test_parts(&rows[i], &nsec, rows[i].nsec);
		test_parts(&rows[i], &nsec3, rows[i].nsec3);
	}
	test_lies(&nsec);
	test_lies(&nsec3);
	return tap_done();
}
