/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Response rate limiting and cookies of simulated servers. */
#include "net/sim_limit.h"

#include <assert.h>
#include <string.h>

#include "base/vec.h"
#include "dns/rr.h"
#include "base/table.h"

enum {
	SECOND = 1000000,
	BIND_WINDOW = 15,   /* seconds of debt, and after which nothing is remembered */
	NSD_FORGETS = 16,   /* seconds after which its rate is none */
	KNOT_CAPACITY = 4,  /* seconds that its bucket holds */
	CLIENT_COOKIE = 8,  /* RFC 7873 4 */
	COOKIE = 24,	    /* RFC 9018 4: version, reserved, time, hash */
	COOKIE_LIFE = 3600, /* RFC 9018 4.3: seconds */
	COOKIE_EARLY = 300, /* from the future, at most */
	PLAIN_OPT = 11,	    /* octets of an OPT without options */
	OUR_SIZE = 1232,    /* RFC 9715 appendix A */
	OPT_RCODE = 5,	    /* offset in OPT of the upper bits of the rcode */
	OPT_LENGTH = PLAIN_OPT - 2,
	V4_PREFIX = 3,
	BIND_V6 = 7,
	NSD_V6 = 8, /* octets of the client's address that count */
};

enum fate { FATE_REPLY, FATE_SLIP, FATE_DROP };

/* What kind of reply it is; each kind is counted apart. */
enum class { CLASS_POSITIVE, CLASS_NODATA, CLASS_REFERRAL, CLASS_NXDOMAIN, CLASS_ERROR };

struct key {
	enum class class;
	const struct name *name; /* NULL: none */
	uint16_t type;		 /* 0: any */
};

struct bucket {
	uint64_t hash;
	int64_t at;	 /* s */
	int64_t balance; /* BIND: replies left; Knot: tokens; NSD: twice the queries a second */
	int64_t count;	 /* NSD: of this second; BIND: of slips */
};

struct sim_limiter {
	struct arena *arena, *scratch;
	const struct sim_limit *limit;
	struct rng *rng;
	uint64_t secret;
	struct VEC(struct bucket) buckets;
};

struct sim_limiter *sim_limiter_new(struct arena *a, const struct sim_limit *limit, struct rng *rng)
{
	struct sim_limiter *l = arena_alloc(a, sizeof(*l));

	l->arena = a;
	l->limit = limit;
	l->rng = rng;
	l->secret = rng_u64(rng);
	return l;
}

/* Cookies. */

enum cookie { COOKIE_ABSENT, COOKIE_HALF, COOKIE_GOOD };

static const struct shape_option *sent_cookie(const struct ask *ask)
{
	const struct shape_option *o =
		ask->shape.edns ? shape_find(&ask->shape, EDNS_COOKIE) : NULL;

	return o && o->length >= CLIENT_COOKIE ? o : NULL;
}

static uint64_t octets(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static void put_octets(uint8_t *p, uint64_t v, size_t n)
{
	while (n--) {
		p[n] = (uint8_t)v;
		v >>= 8;
	}
}

/* The cookie that the server makes at that second: bound to the client's address, not its port. */
static void make_cookie(const struct sim_limiter *l, const struct sim_limit_query *q,
	uint64_t second, uint8_t ret[COOKIE])
{
	struct addr host = addr_with_port(q->client, 0);
	uint64_t hash = table_mix(l->secret, table_hash_addr(&host));

	memset(ret, 0, COOKIE);
	memcpy(ret, sent_cookie(q->ask)->data, CLIENT_COOKIE);
	ret[CLIENT_COOKIE] = 1;
	put_octets(ret + CLIENT_COOKIE + 4, second, 4);
	put_octets(ret + CLIENT_COOKIE + 8,
		table_mix(table_mix(hash, octets(ret, CLIENT_COOKIE)), second), 8);
}

static enum cookie judge_cookie(const struct sim_limiter *l, const struct sim_limit_query *q)
{
	const struct shape_option *o = l->limit->cookies ? sent_cookie(q->ask) : NULL;
	uint64_t now = q->now / SECOND, made;
	uint8_t want[COOKIE];

	if (!o)
		return COOKIE_ABSENT;
	if (o->length != COOKIE)
		return COOKIE_HALF;
	made = octets(o->data + CLIENT_COOKIE + 4, 4);
	make_cookie(l, q, made, want);
	if (made + COOKIE_LIFE < now || made > now + COOKIE_EARLY ||
		memcmp(want, o->data, COOKIE) != 0)
		return COOKIE_HALF;
	return COOKIE_GOOD;
}

/* An OPT without options, the only additional record. */
static void add_opt(struct buf *b)
{
	put_octets((uint8_t *)b->p + 10, 1, 2);
	buf_u8(b, 0);
	buf_u16(b, RR_OPT);
	buf_u16(b, OUR_SIZE);
	buf_u32(b, 0);
	buf_u16(b, 0);
}

/* Puts the cookie into the OPT, which is the last record when there is one. */
static void add_cookie(const struct sim_limiter *l, const struct sim_limit_query *q, struct buf *b)
{
	uint8_t cookie[COOKIE], *p = (uint8_t *)b->p;

	make_cookie(l, q, q->now / SECOND, cookie);
	if (octets(p + 10, 2) == 0)
		add_opt(b);
	p = (uint8_t *)b->p + b->n - PLAIN_OPT;
	assert(p[0] == 0 && octets(p + 1, 2) == RR_OPT && octets(p + OPT_LENGTH, 2) == 0);
	put_octets(p + OPT_LENGTH, 4 + COOKIE, 2);
	buf_u16(b, EDNS_COOKIE);
	buf_u16(b, COOKIE);
	buf_put(b, cookie, COOKIE);
}

/* Keys and buckets. */

static struct key classify(const struct sim_limiter *l, const struct ask *ask, const struct msg *m)
{
	const struct rr *ns = msg_find(m, (struct rr_wanted){ MSG_AUTHORITY, RR_NS, NULL });
	const struct rr *soa = msg_find(m, (struct rr_wanted){ MSG_AUTHORITY, RR_SOA, NULL });
	bool bind = l->limit->make == SIM_LIMIT_BIND, knot = l->limit->make == SIM_LIMIT_KNOT;
	const struct name *origin = soa && !knot ? soa->owner : NULL;

	if (m->rcode == RCODE_NXDOMAIN)
		return (struct key){ CLASS_NXDOMAIN, origin, 0 };
	if (m->rcode != RCODE_NOERROR)
		return (struct key){ CLASS_ERROR, NULL, 0 };
	if (!m->counts[MSG_ANSWER] && ns && !(m->flags & FLAG_AA))
		return (struct key){ CLASS_REFERRAL, ns->owner, 0 };
	if (!m->counts[MSG_ANSWER] && l->limit->make == SIM_LIMIT_NSD)
		return (struct key){ CLASS_NODATA, origin, 0 };
	if (!m->counts[MSG_ANSWER])
		return (struct key){ CLASS_NODATA, ask->question.name, 0 };
	return (struct key){ CLASS_POSITIVE, ask->question.name, bind ? ask->question.type : 0 };
}

static uint64_t hash_key(
	const struct sim_limiter *l, const struct sim_limit_query *q, const struct key *k)
{
	bool v4 = q->client.family == ADDR_V4;
	size_t prefix = v4 ? V4_PREFIX : l->limit->make == SIM_LIMIT_NSD ? NSD_V6 : BIND_V6;
	uint64_t hash = table_mix(k->class, octets(q->client.ip, prefix));

	hash = table_mix(hash, (uint64_t)k->type << 1 | v4);
	for (size_t i = 0; k->name && i < k->name->len; i++) {
		uint8_t c = k->name->wire[i];

		hash = table_mix(hash, c >= 'A' && c <= 'Z' ? c | 0x20U : c);
	}
	return hash;
}

/* Replies and tokens are there from the first; nothing was counted yet. */
static struct bucket *bucket_of(struct sim_limiter *l, uint64_t hash, int64_t now)
{
	static const int64_t first[] = {
		[SIM_LIMIT_BIND] = 1, [SIM_LIMIT_NSD] = 0, [SIM_LIMIT_KNOT] = KNOT_CAPACITY
	};

	vec_each (struct bucket, b, l->buckets)
		if (b->hash == hash)
			return b;
	vec_push(l->arena, &l->buckets,
		(struct bucket){ .hash = hash,
			.at = now,
			.balance = first[l->limit->make] * l->limit->rate });
	return &l->buckets.v[l->buckets.n - 1];
}

static enum fate bind_debit(struct sim_limiter *l, struct bucket *b, int64_t now)
{
	int64_t rate = l->limit->rate, age = now - b->at, slip = l->limit->slip;

	b->balance += rate * age;
	if (age > BIND_WINDOW || b->balance > rate) {
		b->balance = rate;
		b->count = 0;
	}
	b->at = now;
	if (--b->balance >= 0)
		return FATE_REPLY;
	if (b->balance < -BIND_WINDOW * rate)
		b->balance = -BIND_WINDOW * rate;
	if (!slip)
		return FATE_DROP;
	/* The first of each slip replies that are limited. */
	b->count = (b->count + 1) % slip;
	return b->count == 1 % slip ? FATE_SLIP : FATE_DROP;
}

/* A chance of one in slip; NSD and Knot draw. */
static enum fate draw_slip(struct sim_limiter *l)
{
	return l->limit->slip && rng_below(l->rng, l->limit->slip) == 0 ? FATE_SLIP : FATE_DROP;
}

static enum fate nsd_debit(struct sim_limiter *l, struct bucket *b, int64_t now)
{
	int64_t age = now - b->at, most = 2 * (int64_t)l->limit->rate, projected;

	if (age > NSD_FORGETS)
		b->balance = 0;
	else if (age == 1)
		b->balance = b->balance / 2 + b->count;
	else if (age > 1)
		b->balance = (b->balance >> age) + (b->count >> (age - 1));
	b->count = age ? 1 : b->count + 1;
	b->at = now;
	projected = b->count + b->balance / 2;
	if (b->count <= b->balance / 2)
		projected = b->balance;
	return projected >= most ? draw_slip(l) : FATE_REPLY;
}

static enum fate knot_debit(struct sim_limiter *l, struct bucket *b, int64_t now)
{
	int64_t most = KNOT_CAPACITY * (int64_t)l->limit->rate;

	b->balance += (now - b->at) * l->limit->rate;
	if (b->balance > most)
		b->balance = most;
	b->at = now;
	if (b->balance == 0)
		return draw_slip(l);
	b->balance--;
	return FATE_REPLY;
}

static enum fate decide(
	struct sim_limiter *l, const struct sim_limit_query *q, const struct buf *reply)
{
	static enum fate (*const debits[])(struct sim_limiter *, struct bucket *, int64_t) = {
		[SIM_LIMIT_BIND] = bind_debit,
		[SIM_LIMIT_NSD] = nsd_debit,
		[SIM_LIMIT_KNOT] = knot_debit,
	};
	int64_t now = (int64_t)(q->now / SECOND);
	struct arena *scratch;
	struct key key;
	uint64_t hash;

	if (l->limit->make == SIM_LIMIT_NONE || !l->limit->rate)
		return FATE_REPLY;
	scratch = arena_new();
	key = classify(l, q->ask, msg_read(scratch, buf_span(reply)));
	hash = hash_key(l, q, &key);
	arena_free(scratch);
	return debits[l->limit->make](l, bucket_of(l, hash, now), now);
}

/* Header and question are left, and an OPT where one was asked with. */
static void cut(const struct ask *ask, struct buf *reply)
{
	const struct question *q = &ask->question;
	bool asked = !ask->shape.header_only && q->name;
	uint8_t *p = (uint8_t *)reply->p;

	reply->n = FACTS_HEADER + (asked ? q->name->len + 4U : 0);
	memset(p + 6, 0, 6);
	if (ask->shape.edns)
		add_opt(reply);
}

static void slip(const struct sim_limit_query *q, bool badcookie, struct buf *reply)
{
	uint8_t *p;

	cut(q->ask, reply);
	p = (uint8_t *)reply->p;
	if (!badcookie) {
		p[2] |= FLAG_TC >> 8;
		return;
	}
	p[3] = (uint8_t)((p[3] & 0xf0) | (RCODE_BADCOOKIE & 15));
	p[reply->n - PLAIN_OPT + OPT_RCODE] = RCODE_BADCOOKIE >> 4;
}

void sim_limiter_reply(struct sim_limiter *l, const struct sim_limit_query *q, struct buf *reply)
{
	enum cookie cookie = judge_cookie(l, q);
	enum fate fate = FATE_REPLY;
	bool bad = cookie == COOKIE_HALF && l->limit->needs_cookie;

	assert(reply->n >= FACTS_HEADER);
	if (cookie != COOKIE_GOOD && !bad)
		fate = decide(l, q, reply);
	if (fate == FATE_DROP) {
		reply->n = 0;
		return;
	}
	if (bad || fate == FATE_SLIP)
		slip(q, bad || (cookie == COOKIE_HALF && l->limit->make == SIM_LIMIT_BIND), reply);
	if (cookie != COOKIE_ABSENT)
		add_cookie(l, q, reply);
}
