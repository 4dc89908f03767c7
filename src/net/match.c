/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which packets are replies to which asks (RFC 5452 section 9.1). */
#include "net/match.h"

#include "base/err.h"
#include "dns/rr.h"

enum { MALFORMED_KEPT = 512 };

static const struct match answered = { OUTCOME_ANSWERED, WHY_NONE, false };
static const struct match unasked = { OUTCOME_ANSWERED, WHY_NONE, true };
static const struct match malformed = { OUTCOME_MALFORMED, WHY_NONE, true };

static struct match stray(enum why why)
{
	return (struct match){ OUTCOME_STRAY, (uint8_t)why, false };
}

bool match_is_reply(struct span packet)
{
	return packet.n >= FACTS_HEADER && (packet.p[2] & (FLAG_QR >> 8));
}

uint16_t match_id(struct span packet)
{
	return packet.n >= 2 ? (uint16_t)(packet.p[0] << 8 | packet.p[1]) : 0;
}

/*
 * Servers that cannot or will not read a query answer with its id and no question: RFC 1035
 * 4.1.1 asks for no echo, RFC 8906 met it for FORMERR and NOTIMP, and RFC 9619 knows QDCOUNT 0
 * in replies. Such a reply says nothing that a question would have to vouch for; the id and the
 * sender, which match, are all there is. A success without a question is no reply to ours.
 */
static bool may_omit_question(uint16_t rcode)
{
	static const uint16_t rcodes[] = { RCODE_FORMERR, RCODE_SERVFAIL, RCODE_NOTIMP,
		RCODE_REFUSED, RCODE_BADVERS };

	for (size_t i = 0; i < ARRAY_LEN(rcodes); i++)
		if (rcodes[i] == rcode)
			return true;
	return false;
}

/* To the letter: the case of the name is part of what an off-path forger has to guess. */
static bool same_question(const struct question *a, const struct question *b)
{
	return a->type == b->type && a->class == b->class && name_same_case(a->name, b->name);
}

struct match match_reply(const struct ask *ask, uint16_t id, const struct msg *m)
{
	bool asked = !ask->shape.header_only && ask->question.name;

	if (!m->has_header)
		return stray(WHY_STRAY_NOISE);
	if (!(m->flags & FLAG_QR))
		return stray(WHY_STRAY_QUERY);
	if (m->id != id)
		return stray(WHY_STRAY_ID);
	/* RFC 1035 4.1.1: the opcode is copied into the response. */
	if (m->opcode != ask->shape.opcode)
		return stray(WHY_STRAY_QUESTION);
	if (m->counts[MSG_QUESTION] == 0) {
		if (asked && !may_omit_question(m->rcode))
			return stray(WHY_STRAY_QUESTION);
		if (asked)
			return msg_usable(m) ? unasked : malformed;
	} else if (m->nquestions == 0) {
		return malformed;
	} else if (!asked || !same_question(&m->questions[0], &ask->question)) {
		return stray(WHY_STRAY_QUESTION);
	}
	return msg_usable(m) ? answered : malformed;
}

const struct msg *match_keep(struct arena *a, const struct ask *ask, const struct msg *m)
{
	struct span part = m->wire;

	if (!ask->brief || !m->has_header)
		return msg_read(a, part);
	if (msg_usable(m))
		return facts_header(a, part);
	/* A damaged one is rare and worth its bytes, within a bound. */
	if (part.n > MALFORMED_KEPT)
		part.n = MALFORMED_KEPT;
	return msg_read(a, part);
}
