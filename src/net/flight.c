/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From asks to observations, whatever carries them. */
#include "net/flight.h"

#include <assert.h>

#include "dns/query.h"
#include "net/proxy.h"
#include "probe/probe.h"

static uint64_t moment(const struct flights *fs)
{
	return fs->batch ? fs->batch : loop_now();
}

struct flight *flight_new(struct flights *fs, const struct ask *ask)
{
	struct flight *f = fs->spare;

	if (f)
		fs->spare = f->next;
	else
		f = arena_alloc(fs->own, sizeof(*f));
	*f = (struct flight){ .obs = { .ask = *ask, .id = (uint16_t)(rng_u64(fs->rng) >> 48) } };
	if (ask->id_given)
		f->obs.id = ask->id;
	fs->under_way++;
	return f;
}

void flight_free(struct flights *fs, struct flight *f)
{
	assert(f->over);
	if (f->listed)
		table_remove(&fs->listed, &f->node);
	f->listed = false;
	loop_timer_cancel(fs->loop, &f->timer);
	f->next = fs->spare;
	fs->spare = f;
}

static void make_ready(struct flights *fs, const struct observation *o)
{
	vec_push(fs->own, &fs->ready, *o);
}

void flight_forget(struct flights *fs)
{
	if (fs->passing && !fs->held && fs->taken == fs->ready.n)
		arena_reset(fs->keep);
}

bool flight_take(struct flights *fs, struct observation *ret)
{
	if (fs->taken == fs->ready.n)
		return false;
	*ret = fs->ready.v[fs->taken++];
	if (fs->taken == fs->ready.n)
		fs->taken = fs->ready.n = 0;
	return true;
}

void flight_over(struct flights *fs, struct flight *f, enum outcome outcome)
{
	assert(!f->over && fs->under_way > 0);
	fs->under_way--;
	fs->held -= f->held;
	loop_timer_cancel(fs->loop, &f->timer);
	f->over = true;
	if (outcome == OUTCOME_TIMEOUT && f->held)
		outcome = f->held_as;
	else
		f->obs.done = moment(fs);
	f->settled = outcome != OUTCOME_TIMEOUT;
	f->obs.outcome = (uint8_t)outcome;
	make_ready(fs, &f->obs);
	/* The flight may outlive what passes. */
	if (fs->passing)
		f->obs.msg = NULL;
}

void flight_not_sent(struct flights *fs, struct flight *f, enum why why)
{
	f->obs.why = (uint8_t)why;
	f->obs.sent = 0;
	f->obs.from = (struct addr){ 0 };
	flight_over(fs, f, OUTCOME_NOT_SENT);
}

void flight_channel(struct flights *fs, struct flight *f, const char *why, bool certificate)
{
	f->obs.said = arena_str(fs->keep, why);
	f->obs.certificate = certificate;
	flight_over(fs, f, OUTCOME_CHANNEL);
}

static void late(struct flights *fs, struct flight *f, const struct msg *m)
{
	struct observation o = f->obs;

	fs->late++;
	f->settled = true;
	o.outcome = OUTCOME_LATE;
	o.done = moment(fs);
	o.size = (uint32_t)m->wire.n;
	o.msg = match_keep(fs->keep, &o.ask, m);
	make_ready(fs, &o);
}

void flight_stray(struct flights *fs, struct flight *f, struct flight_stray s)
{
	struct observation o = f->obs;

	fs->strays++;
	if (f->strays == FLIGHT_STRAYS)
		return;
	f->strays++;
	o.outcome = OUTCOME_STRAY;
	o.why = (uint8_t)s.why;
	o.sender = *s.sender;
	o.done = moment(fs);
	o.size = (uint32_t)s.packet.n;
	if (s.icmp)
		o.icmp = *s.icmp;
	/* Only a question that differs is worth a look: in case alone, or altogether. */
	if (s.why == WHY_STRAY_QUESTION && !o.ask.brief)
		o.msg = msg_read(fs->keep, s.packet);
	make_ready(fs, &o);
}

static void take_reply(struct flights *fs, struct flight *f, const struct msg *m)
{
	f->obs.size = (uint32_t)m->wire.n;
	/* What passes is where it stays already. */
	f->obs.msg = fs->passing ? m : match_keep(fs->keep, &f->obs.ask, m);
}

/*
 * Somebody on the way, or a confused server, may send noise before the reply: give that a moment.
 * A stream has no such order, and what is damaged there stays so.
 */
static void hold(struct flights *fs, struct flight *f, enum outcome outcome, const struct msg *m)
{
	uint64_t until = moment(fs) + FLIGHT_DOUBT;

	if (f->held)
		return;
	take_reply(fs, f, m);
	f->obs.done = moment(fs);
	f->held = true;
	fs->held++;
	f->held_as = (uint8_t)outcome;
	if (until < f->timer.at)
		loop_timer_set(fs->loop, &f->timer, until);
}

/* A flood of damage must not keep all messages alive. */
static bool may_hold(const struct flights *fs, const struct flight *f)
{
	return f->obs.ask.transport == TRANSPORT_UDP &&
	       (!fs->passing || fs->held < FLIGHT_HELD || f->held);
}

/* Datagrams may come twice (RFC 768 promises nothing): that is news where a reply was taken. */
static void again(struct flights *fs, struct flight *f, struct span packet)
{
	if (f->obs.outcome == OUTCOME_ANSWERED && f->obs.ask.transport == TRANSPORT_UDP)
		flight_stray(fs, f,
			(struct flight_stray){ WHY_STRAY_AGAIN, &f->obs.ask.server, packet, NULL });
}

/* One more message of a zone transfer; true: there are more to come. */
static bool take_part(struct flights *fs, struct flight *f, const struct msg *m)
{
	struct probe *owner = f->obs.ask.owner;
	struct incoming *in = f->incoming;
	struct transfer *t;

	if (!in) {
		in = f->incoming = arena_alloc(fs->keep, sizeof(*in));
		f->obs.transfer = &in->transfer;
		in->xfr = xfr_begin(f->obs.ask.question.type, f->obs.ask.shape.serial);
		take_reply(fs, f, m);
	}
	t = &in->transfer;
	t->messages++;
	t->octets += m->wire.n;
	t->state = (uint8_t)xfr_take(&in->xfr, m);
	t->records = in->xfr.records;
	/* RFC 1995 2: over UDP there is one message. */
	if (f->obs.ask.transport == TRANSPORT_UDP)
		return false;
	f->obs.done = moment(fs);
	/* A first message that begins none is an ordinary reply, after which others may be asked.
	 */
	if (owner && owner->ops->part && (t->state != XFR_BAD || t->messages > 1))
		owner->ops->part(owner, &f->obs, m);
	if (t->state != XFR_MORE)
		return false;
	/* The time-out is for each message, and whoever takes them may need a while. */
	loop_timer_set(fs->loop, &f->timer, moment(fs) + f->obs.ask.timeout);
	return true;
}

/* Signatures go over the octets as they came. Bad ones are told, and shown. */
static void verify(struct flights *fs, struct flight *f, struct span packet)
{
	enum tsig_state state;

	if (!f->tsig || f->obs.signature == TSIG_BAD)
		return;
	state = tsig_verify(f->tsig, fs->scratch, packet);
	f->obs.signature = (uint8_t)state;
}

void flight_receive(struct flights *fs, struct flight *f, struct span packet)
{
	const struct msg *m;
	struct match match;

	if (f->settled) {
		again(fs, f, packet);
		return;
	}
	arena_reset(fs->scratch);
	m = msg_read(fs->passing ? fs->keep : fs->scratch, packet);
	match = match_reply(&f->obs.ask, f->obs.id, m);
	/* RFC 5936 2.2.1: messages after the first of a transfer need not repeat the question. */
	if (f->incoming && match.why == WHY_STRAY_QUESTION && !m->nquestions)
		match = (struct match){ .outcome = OUTCOME_ANSWERED };
	if (f->over) {
		if (match.outcome != OUTCOME_STRAY)
			late(fs, f, m);
		else
			fs->strays++;
		return;
	}
	if (match.outcome == OUTCOME_STRAY) {
		flight_stray(fs, f,
			(struct flight_stray){ match.why, &f->obs.ask.server, packet, NULL });
		return;
	}
	if (match.doubtful && may_hold(fs, f)) {
		hold(fs, f, match.outcome, m);
		return;
	}
	verify(fs, f, packet);
	if (f->obs.ask.transfer && match.outcome == OUTCOME_ANSWERED) {
		if (take_part(fs, f, m))
			return;
	} else {
		take_reply(fs, f, m);
	}
	flight_over(fs, f, match.outcome);
}

uint64_t flight_hash(const struct addr *server, uint16_t id)
{
	return table_mix(table_hash_addr(server), id);
}

void flight_list(struct flights *fs, struct flight *f)
{
	fs->listed.arena = fs->own;
	f->listed = true;
	table_add(&fs->listed, &f->node, flight_hash(&f->obs.ask.server, f->obs.id));
}

void flight_quote(struct flights *fs, struct flight *f, const struct flight_quote *q)
{
	struct observation o = f->obs;

	if (f->strays == FLIGHT_STRAYS)
		return;
	f->strays++;
	o.outcome = OUTCOME_STRAY;
	o.why = WHY_STRAY_QUOTE;
	o.sender = q->icmp.offender;
	o.icmp = q->icmp;
	o.quoted = q->quoted;
	o.done = moment(fs);
	o.size = 0;
	o.msg = NULL;
	make_ready(fs, &o);
}

static void sign(struct flights *fs, struct flight *f, struct buf *query, size_t at)
{
	struct span span;

	f->tsig = arena_alloc(fs->keep, sizeof(*f->tsig));
	f->tsig->pending.arena = fs->keep;
	tsig_sign(f->tsig, f->obs.ask.shape.key, query, at);
	span.n = query->n - at;
	span.p = arena_dup(fs->keep, query->p + at, span.n);
	f->obs.query = arena_dup(fs->keep, &span, sizeof(span));
}

void flight_put_query(struct flights *fs, struct flight *f, struct buf *out)
{
	size_t at;

	/* Of a connection it is at the begin. */
	if (f->obs.ask.transport == TRANSPORT_UDP)
		proxy_put(out, &f->obs.ask);
	at = out->n;
	query_build(out, &f->obs.ask.shape, &f->obs.ask.question, f->obs.id);
	if (f->obs.ask.shape.key)
		sign(fs, f, out, at);
}

struct buf flight_query(struct flights *fs, struct flight *f, bool with_length)
{
	struct buf query = { 0 };

	arena_reset(fs->scratch);
	query.arena = fs->scratch;
	/* RFC 7766 section 8: the length in front, in one write with the message. */
	if (with_length)
		buf_u16(&query, 0);
	flight_put_query(fs, f, &query);
	if (with_length) {
		query.p[0] = (char)((query.n - 2) >> 8);
		query.p[1] = (char)(query.n - 2);
	}
	return query;
}
