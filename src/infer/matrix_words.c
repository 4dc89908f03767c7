/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that genreport has for replies. */
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "infer/matrix.h"

enum { PLAIN_SIZE = 512, RCODE_BITS = 16 };

/* All that the words depend on. */
struct reading {
	const struct shape_row *row;
	const struct shape *asked;
	const struct msg *m;
	uint16_t type;
	bool soa, rrsig; /* in the answer */
	bool echoed;	 /* an option that only we can have made */
};

static uint16_t rcode_bit(uint16_t rcode)
{
	return rcode < RCODE_BITS ? (uint16_t)(1U << rcode) : 0;
}

static bool has_cookie(const struct reading *r)
{
	return shape_find(r->asked, EDNS_COOKIE) != NULL;
}

static bool right_rcode(const struct reading *r)
{
	uint16_t rcode = r->m->rcode;

	if (r->row->rcodes)
		return r->row->rcodes & rcode_bit(rcode);
	if (r->row->way == WAY_COOKIE)
		return rcode == RCODE_NOERROR;
	if (r->asked->opcode)
		return rcode == RCODE_NOTIMP;
	if (r->asked->edns_version)
		return rcode == RCODE_BADVERS;
	return rcode == RCODE_NOERROR ||
	       (rcode == RCODE_BADCOOKIE && has_cookie(r) && msg_option(r->m, EDNS_COOKIE));
}

static bool flag(const struct reading *r, uint16_t bit)
{
	return r->m->flags & bit;
}

static bool set(const struct reading *r, uint16_t bit)
{
	return r->asked->flags & bit;
}

/* A question whose answer is judged as such: QUERY, version 0. */
static bool plain(const struct reading *r)
{
	return !r->asked->opcode && !r->asked->edns_version;
}

static bool asks_soa(const struct reading *r)
{
	return r->type == RR_SOA && r->row->about == ABOUT_APEX && !r->asked->opcode &&
	       !r->row->rcodes;
}

static bool noopt(const struct reading *r)
{
	return r->asked->edns && !r->m->edns.present;
}

static bool opt(const struct reading *r)
{
	return !r->asked->edns && r->m->edns.present;
}

static bool version_not_zero(const struct reading *r)
{
	return r->m->edns.present && r->m->edns.version;
}

static bool badversion(const struct reading *r)
{
	bool bad = r->m->rcode == RCODE_BADVERS;
	uint8_t have = r->m->edns.version, want = r->asked->edns_version;

	return r->m->edns.present && ((have < want && !bad) || (have >= want && bad));
}

static bool nosoa(const struct reading *r)
{
	return asks_soa(r) && plain(r) && !r->soa && r->m->rcode == RCODE_NOERROR &&
	       !flag(r, FLAG_TC);
}

static bool soa(const struct reading *r)
{
	return asks_soa(r) && r->soa && (r->asked->edns_version || r->m->rcode != RCODE_NOERROR);
}

static bool echoed(const struct reading *r)
{
	return r->echoed;
}

static bool nodo(const struct reading *r)
{
	return r->m->edns.present && (r->asked->edns_flags & EDNS_DO) && r->rrsig &&
	       !(r->m->edns.flags & EDNS_DO);
}

static bool nocd(const struct reading *r)
{
	return r->m->edns.present && set(r, FLAG_CD) && !flag(r, FLAG_CD) && r->rrsig &&
	       (r->asked->edns_flags & r->m->edns.flags & EDNS_DO);
}

static bool noaa(const struct reading *r)
{
	return plain(r) && !r->row->rcodes && !flag(r, FLAG_AA) && r->m->rcode == RCODE_NOERROR;
}

static bool aa(const struct reading *r)
{
	return flag(r, FLAG_AA) && r->asked->opcode;
}

static bool ra(const struct reading *r)
{
	return flag(r, FLAG_RA) && r->asked->opcode;
}

static bool rd(const struct reading *r)
{
	return flag(r, FLAG_RD) && (r->asked->opcode || !set(r, FLAG_RD));
}

static bool nord(const struct reading *r)
{
	return !flag(r, FLAG_RD) && set(r, FLAG_RD) && !r->asked->opcode;
}

static bool ad(const struct reading *r)
{
	return flag(r, FLAG_AD) &&
	       (r->asked->opcode || (!set(r, FLAG_AD) && !(r->asked->edns_flags & EDNS_DO)));
}

static bool cd(const struct reading *r)
{
	return flag(r, FLAG_CD) && (r->asked->opcode || !set(r, FLAG_CD));
}

static bool z(const struct reading *r)
{
	return flag(r, FLAG_Z);
}

static bool mbz(const struct reading *r)
{
	return r->m->edns.flags & ~EDNS_DO;
}

static bool toobig(const struct reading *r)
{
	size_t most = r->asked->edns_size > PLAIN_SIZE ? r->asked->edns_size : PLAIN_SIZE;

	return r->row->transport == TRANSPORT_UDP && r->m->wire.n > most;
}

/* In genreport's order. */
static const struct word {
	const char *word;
	bool (*holds)(const struct reading *r);
} faults[] = {
	{ "version-not-zero", version_not_zero },
	{ "badversion", badversion },
	{ "noopt", noopt },
	{ "opt", opt },
	{ "nosoa", nosoa },
	{ "soa", soa },
	{ "echoed", echoed },
	{ "nodo", nodo },
	{ "nocd", nocd },
	{ "noaa", noaa },
	{ "aa", aa },
	{ "ra", ra },
	{ "rd", rd },
	{ "nord", nord },
	{ "ad", ad },
	{ "cd", cd },
	{ "z", z },
	{ "mbz", mbz },
	{ "toobig", toobig },
};

static const struct extra {
	uint16_t code;
	const char *word;
} extras[] = {
	{ EDNS_NSID, "nsid" },
	{ EDNS_EXPIRE, "expire" },
	{ EDNS_COOKIE, "cookie" },
	{ EDNS_CLIENT_SUBNET, "subnet" },
	{ EDNS_KEEPALIVE, "keepalive" },
	{ EDNS_PADDING, "padding" },
};

static void add(struct buf *b, const char *word)
{
	buf_printf(b, "%s%s", b->n ? "," : "", word);
}

/* genreport writes RCODEs in lower case. */
static void add_rcode(struct arena *a, struct buf *b, uint16_t rcode)
{
	char text[TEXT_MNEMONIC], *lower = arena_str(a, text_rcode(rcode, text));

	for (char *c = lower; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	add(b, lower);
}

/* An option that means nothing, or NSID, ECS and COOKIE just as they were sent. */
static bool is_echo(const struct shape *asked, const struct msg *m)
{
	for (size_t i = 0; i < asked->noptions; i++) {
		const struct shape_option *o = &asked->options[i];
		const struct edns_opt *got = msg_option(m, o->code);

		if (!got || got->length != o->length)
			continue;
		if (o->code == EDNS_COOKIE && o->length > SHAPE_COOKIE)
			continue;
		if (o->code == 100 || o->code == EDNS_COOKIE)
			return true;
	}
	return false;
}

static void add_reply(struct arena *a, struct buf *b, const struct reading *r)
{
	if (r->m->opcode != r->asked->opcode)
		buf_printf(b, "opcode%u", r->m->opcode);
	if (!right_rcode(r))
		add_rcode(a, b, r->m->rcode);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		if (faults[i].holds(r))
			add(b, faults[i].word);
	if (!b->n)
		add(b, "ok");
	for (size_t i = 0; i < ARRAY_LEN(extras); i++)
		if (msg_option(r->m, extras[i].code))
			add(b, extras[i].word);
	if (r->m->rcode == RCODE_BADCOOKIE)
		add(b, "badcookie");
}

static const char *const failures[OUTCOMES] = {
	[OUTCOME_MALFORMED] = "malformed",
	[OUTCOME_TIMEOUT] = "timeout",
	[OUTCOME_ICMP] = "failed",
	[OUTCOME_CONNECTED] = "eof",
	[OUTCOME_REFUSED] = "connection-refused",
	[OUTCOME_RESET] = "reset",
	[OUTCOME_CHANNEL] = "failed",
	[OUTCOME_NOT_SENT] = "skipped",
	[OUTCOME_LATE] = "timeout",
	[OUTCOME_STRAY] = "mismatch",
};

const char *matrix_words(struct arena *a, const struct shape_row *row, const struct observation *o,
	const struct name *zone)
{
	struct buf b = { .arena = a };
	struct reading r = {
		.row = row, .asked = &o->ask.shape, .m = o->msg, .type = o->ask.question.type
	};

	if (!observation_answered(o))
		return failures[o->outcome] ? failures[o->outcome] : "malformed";
	r.soa = msg_find(o->msg, (struct rr_wanted){ MSG_ANSWER, RR_SOA, zone }) != NULL;
	r.rrsig = msg_find(o->msg, (struct rr_wanted){ MSG_ANSWER, RR_RRSIG, NULL }) != NULL;
	r.echoed = is_echo(r.asked, o->msg);
	add_reply(a, &b, &r);
	return buf_text(&b);
}
