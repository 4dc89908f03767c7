// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec04, dnssec08, dnssec09: signatures of the zone's keys and of its SOA record.
#include "check/cases/dnssec_inner.h"

#include <inttypes.h>
#include <time.h>

/* Seconds (Zonemaster's defaults). */
enum { REMAINING_LEAST = 12 * 3600, LIFE_MOST = 180 * 86400 };

/* The first server's that replied, in the list's order; NULL: none did, or an earlier one may. */
static const struct entry *first_reply(const struct heard *asked)
{
	for (size_t i = 0; i < asked->n; i++)
		if (asked->v[i]->msg || asked->v[i]->state == ENTRY_PENDING)
			return asked->v[i]->msg ? asked->v[i] : NULL;
	return NULL;
}

/* "duration" in seconds, and "lasts" in words. */
static void put_seconds(struct cases *c, struct finding *x, int64_t seconds)
{
	int64_t hours = seconds / 3600, days = hours / 24;

	cases_int(c, x, "duration", (uint64_t)seconds);
	cases_text(c, x, "lasts",
		days >= 2 ? arena_printf(c->arena, "%" PRId64 " days", days)
			  : arena_printf(c->arena, "%" PRId64 " h %" PRId64 " min", hours,
				    seconds / 60 % 60));
}

/* A signature, and the reply in which it came. */
struct met {
	struct rrsig sig;
	const struct entry *entry;
};

static struct finding *emit_sig(struct cases *c, enum tag tag, const struct met *met)
{
	struct finding *x = cases_emit_of(c, tag, met->entry);

	cases_int(c, x, "keytag", met->sig.tag);
	cases_type(c, x, "types", met->sig.covered);
	return x;
}

static void put_expiration(struct cases *c, struct finding *x, const struct rrsig *sig)
{
	time_t at = (time_t)rrsig_time(sig->expiration, c->wall);
	char text[64];
	struct tm tm;

	if (gmtime_r(&at, &tm) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm))
		cases_text(c, x, "expiration", text);
}

static void judge_life(struct cases *c, const struct met *met)
{
	const struct rrsig *sig = &met->sig;
	int64_t expires = rrsig_time(sig->expiration, c->wall);
	int64_t left = expires - c->wall;
	int64_t whole = expires - rrsig_time(sig->inception, c->wall);

	put_expiration(c, emit_sig(c, TAG_RRSIG_EXPIRATION, met), sig);
	if (left < 0)
		put_expiration(c, emit_sig(c, TAG_RRSIG_EXPIRED, met), sig);
	else if (left < REMAINING_LEAST)
		put_seconds(c, emit_sig(c, TAG_REMAINING_SHORT, met), left);
	else if (left > LIFE_MOST)
		put_seconds(c, emit_sig(c, TAG_REMAINING_LONG, met), left);
	if (whole > LIFE_MOST)
		put_seconds(c, emit_sig(c, TAG_DURATION_LONG, met), whole);
	else if (left >= REMAINING_LEAST && left <= LIFE_MOST)
		put_seconds(c, emit_sig(c, TAG_DURATION_OK, met), whole);
}

static void judge_lives(struct cases *c, const struct entry *e, uint16_t type)
{
	struct met met = { .entry = e };
	struct rrset set;

	if (!e)
		return;
	set = dnssec_set(c, e->msg, type);
	for (size_t i = 0; i < set.rrsigs.n; i++)
		if (!rrsig_read(e->msg, set.rrsigs.v[i], &met.sig))
			judge_life(c, &met);
}

void dnssec04(struct cases *c)
{
	const struct heard keys = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	const struct heard soas = dnssec_ask(c, &c->del->all, RR_SOA);

	judge_lives(c, first_reply(&keys), RR_DNSKEY);
	judge_lives(c, first_reply(&soas), RR_SOA);
}

/* The tags of one set's signatures, by what dnssec_judge says. */
struct sig_tags {
	enum tag missing, not_yet, expired, no_key, wrong, unknown;
};

struct sig_lists {
	struct heard missing, fine; /* without a signature; with a valid one */
	struct dnssec_groups
		by[SIG_MALFORMED + 1]; /* by key tag; of SIG_UNKNOWN by algorithm, too */
};

/* The set of one reply and the keys of the same server. */
struct signed_set {
	struct rrset set;
	const struct entry *reply;
	struct dnssec_keys keys;
};

static void take_sigs(struct cases *c, struct sig_lists *lists, const struct signed_set *s)
{
	for (size_t i = 0; i < s->set.rrsigs.n; i++) {
		struct dnssec_sig sig = dnssec_judge(c, &s->set, s->set.rrsigs.v[i], &s->keys);
		unsigned int algorithm = sig.result == SIG_UNKNOWN ? sig.sig.algorithm : 0;

		/* What cannot be read proves nothing. */
		if (sig.result == SIG_MALFORMED)
			sig.result = SIG_WRONG;
		dnssec_group(c, &lists->by[sig.result],
			(struct dnssec_id){ sig.sig.tag, algorithm }, s->reply);
		if (sig.result == SIG_VALID)
			vec_push(c->arena, &lists->fine, s->reply);
	}
	if (!s->set.rrsigs.n)
		vec_push(c->arena, &lists->missing, s->reply);
}

static void emit_sigs(struct cases *c, const struct sig_lists *lists, const struct sig_tags *tags)
{
	size_t from = c->findings->list.n;

	cases_emit_heard(c, tags->missing, &lists->missing);
	dnssec_emit_groups(c, tags->not_yet, &lists->by[SIG_NOT_YET], DNSSEC_TAG);
	dnssec_emit_groups(c, tags->expired, &lists->by[SIG_EXPIRED], DNSSEC_TAG);
	dnssec_emit_groups(c, tags->no_key, &lists->by[SIG_OTHER_KEY], DNSSEC_TAG);
	dnssec_emit_groups(c, tags->wrong, &lists->by[SIG_WRONG], DNSSEC_TAG);
	dnssec_emit_groups(
		c, tags->unknown, &lists->by[SIG_UNKNOWN], DNSSEC_TAG | DNSSEC_ALGORITHM);
	dnssec_soften(c, from, &lists->fine);
}

static bool has(const struct cases *c, const struct msg *m, uint16_t type)
{
	return tree_is_authority(m) && tree_answers(m, c->zone, type);
}

void dnssec08(struct cases *c)
{
	static const struct sig_tags tags = {
		.missing = TAG_DS08_MISSING_RRSIG_IN_RESPONSE,
		.not_yet = TAG_DS08_DNSKEY_RRSIG_NOT_YET_VALID,
		.expired = TAG_DS08_DNSKEY_RRSIG_EXPIRED,
		.no_key = TAG_DS08_NO_MATCHING_DNSKEY,
		.wrong = TAG_DS08_RRSIG_NOT_VALID_BY_DNSKEY,
		.unknown = TAG_DS08_ALGO_NOT_SUPPORTED_BY_ZM,
	};
	const struct heard keys = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	struct sig_lists lists = { 0 };

	for (size_t i = 0; i < keys.n; i++) {
		struct signed_set s = { .reply = keys.v[i] };

		if (!has(c, s.reply->msg, RR_DNSKEY))
			continue;
		s.set = dnssec_set(c, s.reply->msg, RR_DNSKEY);
		s.keys = dnssec_keys(c, s.reply);
		take_sigs(c, &lists, &s);
	}
	emit_sigs(c, &lists, &tags);
}

void dnssec09(struct cases *c)
{
	static const struct sig_tags tags = {
		.missing = TAG_DS09_MISSING_RRSIG_IN_RESPONSE,
		.not_yet = TAG_DS09_SOA_RRSIG_NOT_YET_VALID,
		.expired = TAG_DS09_SOA_RRSIG_EXPIRED,
		.no_key = TAG_DS09_NO_MATCHING_DNSKEY,
		.wrong = TAG_DS09_RRSIG_NOT_VALID_BY_DNSKEY,
		.unknown = TAG_DS09_ALGO_NOT_SUPPORTED_BY_ZM,
	};
	const struct heard keys = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	const struct heard soas = dnssec_ask(c, &c->del->all, RR_SOA);
	struct sig_lists lists = { 0 };

	for (size_t i = 0; i < keys.n; i++) {
		struct signed_set s = { .reply = soas.v[i] };

		if (!has(c, keys.v[i]->msg, RR_DNSKEY) || !has(c, s.reply->msg, RR_SOA))
			continue;
		s.set = dnssec_set(c, s.reply->msg, RR_SOA);
		/* Of several records one is looked at: zone10 tells of the others. */
		s.set.rrs.n = s.set.rdata.n = 1;
		s.keys = dnssec_keys(c, keys.v[i]);
		take_sigs(c, &lists, &s);
	}
	emit_sigs(c, &lists, &tags);
}
