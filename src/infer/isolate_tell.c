/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of an ask, counted for its set. */
#include "dns/rr.h"
#include "infer/isolate_inner.h"

enum { UNSENT_MOST = 3 };

/* RCODEs with which a server does what it was asked (RFC 1035 4.1.1). */
static bool is_answer(uint16_t rcode)
{
	return rcode == RCODE_NOERROR || rcode == RCODE_NXDOMAIN;
}

static struct isolate_got got_of(const struct observation *o)
{
	static const uint8_t kinds[OUTCOMES] = {
		[OUTCOME_MALFORMED] = ISOLATE_MALFORMED,
		[OUTCOME_REFUSED] = ISOLATE_REFUSED,
		[OUTCOME_RESET] = ISOLATE_RESET,
		[OUTCOME_CHANNEL] = ISOLATE_RESET,
		[OUTCOME_ICMP] = ISOLATE_ICMP,
		[OUTCOME_CONNECTED] = ISOLATE_WORKS,
	};
	struct isolate_got got = { .meaning = MEANS_UNREADABLE };

	if (observation_answered(o)) {
		got.code = o->msg->rcode;
		got.meaning = (uint8_t)msg_meaning(o->msg, &o->ask.question, o->ask.zone);
		got.kind = is_answer(got.code) ? ISOLATE_WORKS : ISOLATE_RCODE;
		return got;
	}
	if (o->outcome == OUTCOME_ICMP)
		got.code = (uint16_t)(o->icmp.type << 8 | o->icmp.code);
	got.kind = o->outcome < OUTCOMES ? kinds[o->outcome] : ISOLATE_SILENT;
	return got;
}

/* Replies that failed so far, by kind; of more kinds than there is room for, the last is left out.
 */
static void take_error(struct isolate_trial *t, struct isolate_got how)
{
	for (size_t i = 0; i < ISOLATE_ERRORS; i++) {
		struct isolate_error *e = &t->errors[i];

		if (e->n && (e->how.kind != how.kind || e->how.code != how.code))
			continue;
		e->how = how;
		e->n++;
		return;
	}
}

static void take_reply(struct isolate_trial *t, const struct observation *o, size_t index)
{
	t->got = got_of(o);
	t->reply_index = index;
	t->replies++;
	if (t->got.kind == ISOLATE_WORKS)
		t->works++;
	else
		take_error(t, t->got);
}

static void take_control(struct isolate *s, struct isolate_trial *t, bool silent)
{
	if (silent) {
		s->broken++;
	} else if (!t->works) {
		isolate_end(s, ISOLATE_UNTOLD, ISOLATE_BROKEN); /* it answers, but with an error */
	} else {
		s->broken = 0;
		s->since_control = 0;
	}
}

/* A set that was answered before may do with that. */
static void take_unsent(struct isolate *s, struct isolate_trial *t, enum why why)
{
	if (!why_is_port(why) || (++t->unsent >= UNSENT_MOST && !t->replies))
		isolate_end(s, ISOLATE_UNTOLD, ISOLATE_UNSENT);
}

void isolate_tell(struct isolate *s, const struct observation *o, size_t index)
{
	struct isolate_trial *t;
	uint64_t set;

	if (s->verdict != ISOLATE_SEARCHING)
		return;
	if (factor_set_of(s->arena, &s->pair, &o->ask, &set) < 0) {
		isolate_stop(s, ISOLATE_CUT);
		return;
	}
	t = isolate_trial_of(s, set);
	s->asked++;
	if (o->outcome == OUTCOME_NOT_SENT) {
		take_unsent(s, t, (enum why)o->why);
		return;
	}
	if (observation_silent(o)) {
		t->silences++;
		t->silent_index = index;
		s->since_control += t->set != 0;
	} else {
		take_reply(t, o, index);
	}
	if (!t->set)
		take_control(s, t, observation_silent(o));
}

void isolate_late(struct isolate *s, const struct observation *o, size_t index)
{
	struct observation in_time = *o;
	struct isolate_trial *t;
	uint64_t set;

	if (!o->msg || factor_set_of(s->arena, &s->pair, &o->ask, &set) < 0)
		return;
	t = isolate_trial_of(s, set);
	if (!t->silences)
		return;
	/* What came too late was not dropped, and means what it would have meant in time. */
	in_time.outcome = msg_usable(o->msg) ? OUTCOME_ANSWERED : OUTCOME_MALFORMED;
	t->silences--;
	take_reply(t, &in_time, index);
	if (!set)
		take_control(s, t, false);
}
