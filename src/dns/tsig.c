/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signs queries and verifies replies by what libknot has for it. */
#include "dns/tsig.h"

#include <string.h>
#include <time.h>

#include <libknot/packet/pkt.h>
#include <libknot/packet/wire.h>
#include <libknot/rrtype/tsig.h>
#include <libknot/tsig-op.h>

#include "base/err.h"
#include "dns/tsig_inner.h"

/* Key, algorithm, MAC and their lengths: RFC 8945 4.2. */
enum { ROOM = 1024 };

void tsig_sign(struct tsig *t, const struct tsig_key *key, struct buf *b, size_t at)
{
	size_t n = b->n - at, most = n + ROOM;
	uint8_t *wire = arena_alloc(b->arena, most);

	*t = (struct tsig){
		.key = key, .digest_n = sizeof(t->digest), .pending = { .arena = t->pending.arena }
	};
	memcpy(wire, b->p + at, n);
	if (knot_tsig_sign(wire, &n, most, NULL, 0, t->digest, &t->digest_n, &key->knot, 0, 0) !=
		KNOT_EOK) {
		/* It leaves as it is; what comes of it shows the server's mind. */
		t->digest_n = 0;
		return;
	}
	b->n = at;
	buf_put(b, wire, n);
}

/* libknot's packet without its TSIG record, which it keeps aside; NULL: it cannot be read. */
static knot_pkt_t *parse(struct span message)
{
	knot_pkt_t *p = knot_pkt_new((void *)message.p, (uint16_t)message.n, NULL);

	if (p && knot_pkt_parse(p, KNOT_PF_NOCANON) == KNOT_EOK)
		return p;
	knot_pkt_free(p);
	return NULL;
}

static enum tsig_state check(struct tsig *t, const knot_pkt_t *p)
{
	const uint8_t *wire = (const uint8_t *)t->pending.p;
	size_t n = t->pending.n;
	int err = t->time ? knot_tsig_client_check_next(p->tsig_rr, wire, n, t->digest, t->digest_n,
				    &t->key->knot, t->time)
			  : knot_tsig_client_check(
				    p->tsig_rr, wire, n, t->digest, t->digest_n, &t->key->knot, 0);

	if (err != KNOT_EOK)
		return TSIG_BAD;
	t->digest_n = knot_tsig_rdata_mac_length(p->tsig_rr);
	memcpy(t->digest, knot_tsig_rdata_mac(p->tsig_rr), t->digest_n);
	t->time = knot_tsig_rdata_time_signed(p->tsig_rr);
	t->pending.n = 0;
	t->unsigned_n = 0;
	return knot_tsig_rdata_error(p->tsig_rr) ? TSIG_ERROR : TSIG_GOOD;
}

/* RFC 8945 5.3.1: the first and the last message of a transfer are signed, and each hundredth. */
static enum tsig_state without(struct tsig *t)
{
	return t->time && ++t->unsigned_n <= TSIG_UNSIGNED && t->pending.n <= TSIG_PENDING
		       ? TSIG_GOOD
		       : TSIG_MISSING;
}

static enum tsig_state verify(struct tsig *t, const knot_pkt_t *p)
{
	size_t mac;

	buf_put(&t->pending, p->wire, p->size);
	if (!p->tsig_rr)
		return without(t);
	if (!knot_tsig_rdata_is_ok(p->tsig_rr))
		return TSIG_BAD;
	/* BADKEY and BADSIG come unsigned (RFC 8945 5.3.2). */
	mac = knot_tsig_rdata_mac_length(p->tsig_rr);
	if (!mac && knot_tsig_rdata_error(p->tsig_rr))
		return TSIG_ERROR;
	return mac > sizeof(t->digest) ? TSIG_BAD : check(t, p);
}

enum tsig_state tsig_verify(struct tsig *t, struct arena *scratch, struct span message)
{
	uint8_t *copy;
	knot_pkt_t *p;
	enum tsig_state state;

	if (!t->key)
		return TSIG_NONE;
	if (message.n > UINT16_MAX)
		return TSIG_BAD;
	/* libknot writes into it. */
	copy = arena_alloc(scratch, message.n);
	if (message.n)
		memcpy(copy, message.p, message.n);
	p = parse((struct span){ copy, message.n });
	if (!p)
		return TSIG_BAD;
	state = verify(t, p);
	knot_pkt_free(p);
	return state;
}
