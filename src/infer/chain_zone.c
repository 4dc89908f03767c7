/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One link of the chain: DS records of each of the parent's servers, keys of each of the zone's. */
#include <string.h>

#include "dns/rr.h"
#include "infer/chain_inner.h"

enum {
	DIGEST_SHA1 = 1,
	PROTOCOL_DNSSEC = 3,
	KEYS_MOST = 1024, /* of one zone, DS and DNSKEY each */
	/* Of one tag, DS and DNSKEY each, that are held against each other. */
	SAME_TAG_MOST = 4,
};

/* A DS and which of the zone's parents' servers gave it. */
struct given {
	struct ds ds;
	size_t parent; /* index into parents; SIZE_MAX: an anchor, or of the plan */
	bool usable;
};

struct link {
	struct tree *t;
	const struct chain_step *step;
	const struct chain_above *above;
	struct chain_zone *z;
	bool planned; /* an undelegated test of this zone: the plan has its DS records */
	struct VEC(struct given) ds;
};

/* Lists of servers ----------------------------------------------------------------------------- */

bool chain_readable(const struct entry *e)
{
	return e->msg && !e->truncated &&
	       (e->msg->rcode == RCODE_NOERROR || e->msg->rcode == RCODE_NXDOMAIN);
}

enum security chain_best(const struct chain_servers *list)
{
	enum security best = SECURITY_INDETERMINATE;

	vec_each (const struct chain_server, s, *list)
		if (s->security < best)
			best = s->security;
	return best;
}

unsigned int chain_harm(enum security s)
{
	static const uint8_t harm[] = {
		[SECURITY_SECURE] = 0,
		[SECURITY_INSECURE] = 1,
		[SECURITY_INDETERMINATE] = 2,
		[SECURITY_BOGUS] = 3,
	};

	return harm[s];
}

const struct chain_server *chain_worst(const struct chain_servers *list)
{
	const struct chain_server *worst = NULL;

	vec_each (const struct chain_server, s, *list)
		if (chain_harm(s->security) > (worst ? chain_harm(worst->security) : 0))
			worst = s;
	return worst;
}

bool chain_uneven(const struct chain_servers *list)
{
	size_t bogus = 0, silent = 0;

	vec_each (const struct chain_server, s, *list) {
		bogus += s->security == SECURITY_BOGUS;
		silent += s->security == SECURITY_INDETERMINATE;
	}
	return bogus && bogus + silent < list->n;
}

/* DS ------------------------------------------------------------------------------------------- */

static void add_ds(struct link *l, const struct ds *ds, size_t parent)
{
	if (l->ds.n < KEYS_MOST)
		vec_push(l->t->arena, &l->ds,
			(struct given){ .ds = *ds, .parent = parent, .usable = ds_usable(ds) });
}

static void parent_replied(struct link *l, const struct entry *e, struct chain_server *ret)
{
	const struct chain_zone *by = l->above->zone;
	struct chain_signer signer = { l->t, l->t->facts->started, by->apex, by->keys.v,
		by->keys.n };
	struct chain_proof p = { e->msg, PROOF_DELEGATION, l->z->apex, RR_DS, 0 };
	struct rrset set = rrset_find(
		l->t->arena, e->msg, (struct rr_wanted){ MSG_ANSWER, RR_DS, l->z->apex });
	struct ds ds;

	if (!set.rrs.n) {
		chain_denied(&signer, &p, ret);
		if (ret->security == SECURITY_SECURE)
			ret->security = SECURITY_INSECURE;
		return;
	}
	if (!chain_set(&signer, &set, ret, NULL))
		return;
	for (size_t i = 0; i < set.rrs.n; i++)
		if (!ds_read(set.rrs.v[i], &ds))
			add_ds(l, &ds, l->z->parents.n);
}

static void ask_parent(struct link *l, const struct server *s)
{
	struct chain_server ret = { .server = *s, .type = RR_DS };

	ret.entry = tree_ask(l->t, &s->addr,
		&(struct tree_q){ l->z->apex, RR_DS, MANNER_DNSSEC, l->above->step->apex });
	if (ret.entry->state == ENTRY_PENDING) {
		l->z->pending = true;
		return;
	}
	if (chain_readable(ret.entry))
		parent_replied(l, ret.entry, &ret);
	else
		chain_silent(&ret, RR_DS);
	vec_push(l->t->arena, &l->z->parents, ret);
}

/* RFC 4509 3: where there is a better digest, SHA-1 does not count. */
static void drop_sha1(struct link *l)
{
	vec_each (struct given, weak, l->ds) {
		if (weak->ds.digest_type != DIGEST_SHA1)
			continue;
		vec_each (const struct given, g, l->ds)
			if (g->usable && g->ds.digest_type != DIGEST_SHA1 &&
				g->ds.algorithm == weak->ds.algorithm && g->parent == weak->parent)
				weak->usable = false;
	}
}

static void find_ds(struct link *l)
{
	const struct tree_plan *plan = l->t->plan;
	bool root = l->z->apex->len == 1;

	l->planned = tree_undelegated(l->t) && name_equal(l->z->apex, plan->zone);
	if (root && !(l->planned && plan->ds.n)) {
		vec_each (const struct ds, d, plan->anchors)
			add_ds(l, d, SIZE_MAX);
	} else if (l->planned) {
		vec_each (const struct ds, d, plan->ds)
			add_ds(l, d, SIZE_MAX);
	} else {
		vec_each (const struct server, s, l->above->step->servers)
			ask_parent(l, s);
	}
	drop_sha1(l);
	l->z->ds = l->ds.n > 0;
}

static const struct given *first_ds(const struct link *l, bool usable)
{
	vec_each (const struct given, g, l->ds)
		if (g->usable || !usable)
			return g;
	return NULL;
}

/* Keys ----------------------------------------------------------------------------------------- */

/* A key that may sign the zone's records (RFC 4034 2.1.1, 2.1.2, RFC 5011 2.1). */
static bool may_sign(const struct dnskey *k)
{
	return (k->flags & DNSKEY_ZONE) && !(k->flags & DNSKEY_REVOKE) &&
	       k->protocol == PROTOCOL_DNSSEC;
}

static bool has_ds(const struct link *l, const struct dnskey *k)
{
	unsigned int tried = 0;

	vec_each (const struct given, g, l->ds)
		if (g->usable && g->ds.tag == k->tag && tried++ < SAME_TAG_MOST * 4 &&
			!ds_matches(&g->ds, l->z->apex, k))
			return true;
	return false;
}

struct dnskeys VEC(struct dnskey);

static bool crowded(const struct dnskeys *list, uint16_t tag)
{
	unsigned int n = 0;

	vec_each (const struct dnskey, k, *list)
		n += k->tag == tag;
	return n > SAME_TAG_MOST;
}

static void trust(struct link *l, const struct dnskey *k)
{
	vec_each (const struct dnskey, have, l->z->keys)
		if (span_equal(have->rdata, k->rdata))
			return;
	if (l->z->keys.n < KEYS_MOST)
		vec_push(l->t->arena, &l->z->keys, *k);
}

static void blame_ds(const struct link *l, const struct given *g, struct chain_server *ret)
{
	(void)l;
	ret->tag = g ? g->ds.tag : 0;
	ret->algorithm = g ? g->ds.algorithm : 0;
}

/* The keys of a set that a DS leads to must have signed it. */
static void judge_keys(struct link *l, const struct rrset *set, struct chain_server *ret)
{
	struct dnskeys all = { 0 }, entry = { 0 };
	struct chain_signer by = { .t = l->t, .now = l->t->facts->started, .apex = l->z->apex };
	struct dnskey k;

	for (size_t i = 0; i < set->rrs.n && all.n < KEYS_MOST; i++) {
		if (dnskey_read(set->rrs.v[i], &k) || !may_sign(&k))
			continue;
		vec_push(l->t->arena, &all, k);
		if (!crowded(&all, k.tag) && has_ds(l, &k))
			vec_push(l->t->arena, &entry, k);
	}
	if (!entry.n) {
		chain_blame(ret, BREAK_DS_MISMATCH, RR_DS);
		blame_ds(l, first_ds(l, true), ret);
		return;
	}
	by.keys = entry.v;
	by.nkeys = entry.n;
	if (chain_set(&by, set, ret, NULL)) {
		vec_each (const struct dnskey, key, all)
			trust(l, key);
		return;
	}
	/* Which key it is about, where no signature is one of its. */
	if (ret->why == BREAK_MISSING_SIGNATURE) {
		ret->tag = entry.v[0].tag;
		ret->algorithm = entry.v[0].algorithm;
	}
}

static void server_replied(struct link *l, const struct entry *e, struct chain_server *ret)
{
	struct rrset set = rrset_find(
		l->t->arena, e->msg, (struct rr_wanted){ MSG_ANSWER, RR_DNSKEY, l->z->apex });

	if (set.rrs.n) {
		judge_keys(l, &set, ret);
		return;
	}
	/* Who has no authority does not serve the zone: that is another fault. */
	if (!reply_authority(e->msg)) {
		chain_silent(ret, RR_DNSKEY);
		return;
	}
	chain_blame(ret, BREAK_MISSING_KEY, RR_DNSKEY);
	blame_ds(l, first_ds(l, true), ret);
}

static void ask_server(struct link *l, const struct server *s)
{
	struct chain_server ret = { .server = *s, .type = RR_DNSKEY };

	ret.entry = tree_ask(l->t, &s->addr,
		&(struct tree_q){ l->z->apex, RR_DNSKEY, MANNER_DNSSEC, l->z->apex });
	if (ret.entry->state == ENTRY_PENDING) {
		l->z->pending = true;
		return;
	}
	if (chain_readable(ret.entry))
		server_replied(l, ret.entry, &ret);
	else
		chain_silent(&ret, RR_DNSKEY);
	vec_push(l->t->arena, &l->z->servers, ret);
}

/* Whether what one of the parent's servers gives leads to a key that is trusted: 1, 0; -1: nothing
 * usable. */
static int leads(const struct link *l, size_t parent)
{
	int ret = -1;

	vec_each (const struct given, g, l->ds) {
		if (g->parent != parent || !g->usable)
			continue;
		ret = ret < 0 ? 0 : ret;
		vec_each (const struct dnskey, k, l->z->keys)
			if (!ds_matches(&g->ds, l->z->apex, k))
				ret = 1;
	}
	return ret;
}

/* A stale server of the parent has DS records of keys that are gone. */
static void judge_parents(struct link *l)
{
	if (!l->z->keys.n)
		return;
	for (size_t i = 0; i < l->z->parents.n; i++) {
		struct chain_server *p = &l->z->parents.v[i];

		if (p->security != SECURITY_SECURE || leads(l, i) != 0)
			continue;
		chain_blame(p, BREAK_DS_MISMATCH, RR_DS);
		vec_each (const struct given, g, l->ds)
			if (g->parent == i && g->usable && !p->tag)
				blame_ds(l, g, p);
	}
}

/* The zone ------------------------------------------------------------------------------------- */

/* There is no DS that could be used: what that makes of the zone. */
static void without_ds(struct link *l)
{
	const struct given *g = first_ds(l, false);
	struct chain_zone *z = l->z;

	if (g) {
		z->security = SECURITY_INSECURE;
		z->why = BREAK_ALGORITHM;
		vec_each (struct chain_server, p, z->parents)
			if (p->security == SECURITY_SECURE) {
				chain_blame(p, BREAK_ALGORITHM, RR_DS);
				p->security = SECURITY_INSECURE;
				blame_ds(l, g, p);
			}
		return;
	}
	z->security = l->planned ? SECURITY_INSECURE : chain_best(&z->parents);
}

void chain_zone(struct tree *t, const struct chain_step *step, const struct chain_above *above,
	struct chain_zone *z)
{
	struct link l = { .t = t, .step = step, .above = above, .z = z };
	const struct chain_server *worst;

	find_ds(&l);
	if (first_ds(&l, true)) {
		vec_each (const struct server, s, step->servers)
			ask_server(&l, s);
		judge_parents(&l);
		z->security = chain_best(&z->servers);
	} else {
		without_ds(&l);
	}
	z->uneven = chain_uneven(&z->parents) || chain_uneven(&z->servers);
	worst = chain_worst(&z->servers);
	if (!worst || worst->security != SECURITY_BOGUS) {
		const struct chain_server *p = chain_worst(&z->parents);

		worst = p && (!worst || p->security == SECURITY_BOGUS) ? p : worst;
	}
	if (worst)
		z->why = worst->why;
}
