/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a zone's keys vouch for one RRset (RFC 4035 5.3), and if not, what comes closest. */
#include "base/err.h"
#include "infer/chain_inner.h"

/* Signatures of one set that are tried: more are there to cost time (CVE-2023-50387). */
enum { ATTEMPTS = 16 };

/* What a signature that does not hold says of the set; of several, the first row counts. */
static const struct reason {
	enum sig_result result;
	enum chain_break why;
} reasons[] = {
	{ SIG_EXPIRED, BREAK_EXPIRED },
	{ SIG_NOT_YET, BREAK_NOT_YET_VALID },
	{ SIG_WRONG, BREAK_WRONG_SIGNATURE },
	{ SIG_MALFORMED, BREAK_WRONG_SIGNATURE },
	{ SIG_UNKNOWN, BREAK_MISSING_SIGNATURE },
	{ SIG_OTHER_KEY, BREAK_SIGNER },
};

enum { REASON_NO_KEY = ARRAY_LEN(reasons) };

struct look {
	const struct chain_signer *by;
	const struct rrset *set;
	unsigned int attempts;
	/* Of the best that was seen. */
	unsigned int reason;
	bool any;
	struct rrsig sig;
};

void chain_blame(struct chain_server *ret, enum chain_break why, uint16_t type)
{
	ret->security = SECURITY_BOGUS;
	ret->why = why;
	ret->type = type;
}

void chain_silent(struct chain_server *ret, uint16_t type)
{
	chain_blame(ret, BREAK_SILENT, type);
	ret->security = SECURITY_INDETERMINATE;
}

/* Our clock may be wrong; that costs nothing, since the signature itself is remembered. */
static enum sig_result verify(struct look *l, const struct rr *rrsig, const struct dnskey *key)
{
	struct sig_check c = {
		.set = l->set,
		.rrsig = rrsig,
		.zone = l->by->apex,
		.key = key,
		.now = l->by->now,
		.memo = ledger_memo(l->by->t->ledger),
	};
	enum sig_result r = sig_verify(&c);

	if (r == SIG_EXPIRED)
		c.now -= CHAIN_SLACK;
	else if (r == SIG_NOT_YET)
		c.now += CHAIN_SLACK;
	else
		return r;
	return sig_verify(&c) == SIG_VALID ? SIG_VALID : r;
}

static void note(struct look *l, const struct rrsig *sig, unsigned int reason)
{
	if (l->any && reason >= l->reason)
		return;
	l->any = true;
	l->reason = reason;
	l->sig = *sig;
}

static unsigned int reason_of(enum sig_result r)
{
	for (unsigned int i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].result == r)
			return i;
	return REASON_NO_KEY;
}

static bool try_key(
	struct look *l, const struct rr *rrsig, const struct rrsig *sig, const struct dnskey *key)
{
	enum sig_result r;

	if (key->tag != sig->tag || key->algorithm != sig->algorithm || l->attempts >= ATTEMPTS)
		return false;
	l->attempts++;
	r = verify(l, rrsig, key);
	if (r == SIG_VALID)
		l->sig = *sig;
	else
		note(l, sig, reason_of(r));
	return r == SIG_VALID;
}

static bool try_signature(struct look *l, const struct rr *rrsig)
{
	struct rrsig sig;

	if (rrsig_read(l->set->msg, rrsig, &sig))
		return false;
	if (!name_equal(&sig.signer, l->by->apex)) {
		note(l, &sig, reason_of(SIG_OTHER_KEY));
		return false;
	}
	for (size_t i = 0; i < l->by->nkeys; i++)
		if (try_key(l, rrsig, &sig, &l->by->keys[i]))
			return true;
	note(l, &sig, REASON_NO_KEY);
	return false;
}

static void tell(const struct look *l, struct chain_server *ret)
{
	enum chain_break why = l->any && l->reason < REASON_NO_KEY ? reasons[l->reason].why
								   : BREAK_MISSING_SIGNATURE;

	chain_blame(ret, why, l->set->type);
	if (!l->any)
		return;
	ret->tag = l->sig.tag;
	ret->algorithm = l->sig.algorithm;
	if (why == BREAK_EXPIRED)
		ret->since = rrsig_time(l->sig.expiration, l->by->now);
	if (why == BREAK_NOT_YET_VALID)
		ret->since = rrsig_time(l->sig.inception, l->by->now);
}

bool chain_set(const struct chain_signer *by, const struct rrset *s, struct chain_server *ret,
	struct rrsig *ret_sig)
{
	struct look l = { .by = by, .set = s };

	for (size_t i = 0; i < s->rrsigs.n; i++) {
		if (!try_signature(&l, s->rrsigs.v[i]))
			continue;
		ret->security = SECURITY_SECURE;
		ret->why = BREAK_NONE;
		if (ret_sig)
			*ret_sig = l.sig;
		return true;
	}
	tell(&l, ret);
	return false;
}
