/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a message's anatomy and keeps account of every rule it breaks. */
#include "dns/msg.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "dns/form.h"
#include "dns/rr.h"
#include "dns/unpack.h"

enum {
	HEADER = 12,	 /* RFC 1035 4.1.1 */
	MESSAGE = 65535, /* RFC 1035 4.2.2: what TCP's length can say */
};

static const struct rule {
	const char *slug, *text;
	bool bearable; /* all that the header counts could be read all the same */
} rules[] = {
	[MSG_SHORT_HEADER] = { "short-header", "fewer octets than a header has (RFC 1035 4.1.1)",
		false },
	[MSG_NAME_CUT] = { "name-cut", "name runs past the end of the message (RFC 1035 3.1)",
		false },
	[MSG_NAME_LONG] = { "name-long", "name is longer than 255 octets (RFC 1035 2.3.4)", false },
	[MSG_NAME_POINTER] = { "name-pointer",
		"compression pointer does not point backwards to a name, or one of too many "
		"(RFC 1035 4.1.4)",
		false },
	[MSG_NAME_LABEL] = { "name-label", "label of a reserved type (RFC 1035 4.1.4, RFC 6891 5)",
		false },
	[MSG_QUESTION_CUT] = { "question-cut",
		"question ends inside its type or class (RFC 1035 4.1.2)", false },
	[MSG_RR_CUT] = { "rr-cut", "record ends inside its fixed fields (RFC 1035 4.1.3)", false },
	[MSG_RDATA_CUT] = { "rdata-cut", "rdata runs past the end of the message (RFC 1035 4.1.3)",
		false },
	[MSG_RDATA_FORM] = { "rdata-form",
		"rdata does not have the form of its type (RFC 1035 3.3, RFC 3597 4)", false },
	[MSG_COUNTS_HIGH] = { "counts-high",
		"header counts more than the message holds (RFC 1035 4.1.1)", false },
	[MSG_TRAILING] = { "trailing", "octets behind the last record (RFC 1035 4.1)", true },
	[MSG_OPT_PLACE] = { "opt-place",
		"OPT outside of the additional section or not at the root (RFC 6891 6.1.1)",
		false },
	[MSG_OPT_TWICE] = { "opt-twice", "more than one OPT (RFC 6891 6.1.1)", false },
	[MSG_OPT_OPTION_CUT] = { "opt-option-cut",
		"EDNS option runs past the end of OPT (RFC 6891 6.1.2)", false },
	[MSG_QUESTIONS_MANY] = { "questions-many", "query with more than one question (RFC 9619 4)",
		true },
};
_Static_assert(ARRAY_LEN(rules) == MSG_RULES, "each rule has a row");

static const char *const section_names[] = {
	[MSG_QUESTION] = "question",
	[MSG_ANSWER] = "answer",
	[MSG_AUTHORITY] = "authority",
	[MSG_ADDITIONAL] = "additional",
};

struct reader {
	struct arena *a;
	struct msg *m;
	uint32_t at;
	uint8_t section;
	const struct name *last; /* that was read; NULL: none… */
	uint32_t last_at;	 /* … and where, when it stands there whole; 0: not so */
	struct VEC(struct question) questions;
	struct VEC(struct rr) rrs;
	struct VEC(struct edns_opt) opts;
	struct VEC(struct msg_defect) defects;
};

static void defect(struct reader *r, enum msg_rule rule, uint32_t offset)
{
	vec_push(r->a, &r->defects, (struct msg_defect){ (uint8_t)rule, r->section, offset });
}

static uint16_t get16(const struct reader *r, uint32_t at)
{
	return (uint16_t)(r->m->wire.p[at] << 8 | r->m->wire.p[at + 1]);
}

static uint32_t get32(const struct reader *r, uint32_t at)
{
	return (uint32_t)get16(r, at) << 16U | get16(r, at + 2);
}

static uint32_t left(const struct reader *r)
{
	return (uint32_t)r->m->wire.n - r->at;
}

/* Reads the name at *at, which moves behind it. NULL when even its end is unclear. */
static const struct name *take_name(struct reader *r, uint32_t *at)
{
	uint32_t size = (uint32_t)r->m->wire.n;
	struct unpack u = { .wire = r->m->wire, .at = *at, .limit = size };
	bool pointer = size - *at >= 2 && r->m->wire.p[*at] >= 0xc0;
	struct name n;

	/* Owners mostly point at the name of the question, or at the owner before. */
	if (pointer && r->last_at && (get16(r, *at) & 0x3fffU) == r->last_at) {
		*at += 2;
		return r->last;
	}
	n.len = 0;
	if (unpack_name(&u, &n))
		defect(r, u.rule, u.bad);
	if (!u.next)
		return NULL;
	r->last_at = n.len && u.next - *at == n.len ? *at : 0;
	*at = u.next;
	/* Records of a set have one owner: thousands of them need not take more than the wire. */
	if (n.len == 1)
		r->last = &name_root;
	else if (!r->last || !name_same_case(r->last, &n))
		r->last = name_keep(r->a, &n);
	return r->last;
}

static int read_question(struct reader *r)
{
	uint32_t at = r->at;
	const struct name *name = take_name(r, &at);

	if (!name)
		return -ERR_PARSE;
	if (r->m->wire.n - at < 4) {
		defect(r, MSG_QUESTION_CUT, at);
		return -ERR_PARSE;
	}
	vec_push(r->a, &r->questions,
		(struct question){ .name = name, .type = get16(r, at), .class = get16(r, at + 2) });
	r->at = at + 4;
	return 0;
}

static void read_options(struct reader *r, const struct rr *opt)
{
	uint32_t at = opt->rdata_offset, end = at + opt->rdlength;

	while (at < end) {
		struct edns_opt o = { .offset = at };

		if (end - at < 4 || get16(r, at + 2) > end - at - 4) {
			defect(r, MSG_OPT_OPTION_CUT, at);
			return;
		}
		o.code = get16(r, at);
		o.length = get16(r, at + 2);
		o.data = r->m->wire.p + at + 4;
		vec_push(r->a, &r->opts, o);
		at += 4U + o.length;
	}
}

/* RFC 6891 6.1.3: an OPT's class is a size, its TTL is rcode bits, version and flags. */
static void read_opt(struct reader *r, const struct rr *opt)
{
	struct msg *m = r->m;

	if (opt->section != MSG_ADDITIONAL || opt->owner->len != 1)
		defect(r, MSG_OPT_PLACE, opt->offset);
	if (m->edns.present) {
		defect(r, MSG_OPT_TWICE, opt->offset);
		return;
	}
	m->edns.present = true;
	m->edns.size = opt->class;
	m->edns.version = (uint8_t)(opt->ttl >> 16U);
	m->edns.flags = (uint16_t)opt->ttl;
	m->rcode = (uint16_t)(m->rcode | opt->ttl >> 24U << 4U);
	read_options(r, opt);
}

static void read_rdata(struct reader *r, const struct rr *rr)
{
	struct msg_defect bad;

	if (rr->type == RR_OPT)
		read_opt(r, rr);
	else if (form_check(r->m, rr, NULL, &bad))
		defect(r, bad.rule, bad.offset);
}

static int read_rr(struct reader *r)
{
	struct rr rr = { .section = r->section, .offset = r->at };
	uint32_t at = r->at;

	rr.owner = take_name(r, &at);
	if (!rr.owner)
		return -ERR_PARSE;
	if (r->m->wire.n - at < 10) {
		defect(r, MSG_RR_CUT, at);
		return -ERR_PARSE;
	}
	rr.type = get16(r, at);
	rr.class = get16(r, at + 2);
	rr.ttl = get32(r, at + 4);
	rr.rdlength = get16(r, at + 8);
	rr.rdata_offset = at + 10;
	rr.rdata = r->m->wire.p + rr.rdata_offset;
	if (rr.rdlength > r->m->wire.n - rr.rdata_offset) {
		defect(r, MSG_RDATA_CUT, rr.rdata_offset);
		return -ERR_PARSE;
	}
	vec_push(r->a, &r->rrs, rr);
	r->at = rr.rdata_offset + rr.rdlength;
	read_rdata(r, &rr);
	return 0;
}

static int read_section(struct reader *r)
{
	int err = 0;

	for (uint32_t i = r->m->counts[r->section]; i && !err; i--) {
		if (!left(r)) {
			defect(r, MSG_COUNTS_HIGH, r->at);
			return -ERR_PARSE;
		}
		err = r->section == MSG_QUESTION ? read_question(r) : read_rr(r);
	}
	return err;
}

/* Room for just what the header counts, where that is little: as mostly it is. */
static void expect(struct reader *r)
{
	enum { FEW = 4 };
	uint32_t questions = r->m->counts[MSG_QUESTION], rrs = 0;

	for (uint32_t i = MSG_ANSWER; i < MSG_SECTIONS; i++)
		rrs += r->m->counts[i];
	if (questions == 1) {
		r->questions.v = arena_alloc(r->a, sizeof(*r->questions.v));
		r->questions.cap = 1;
	}
	if (rrs && rrs <= FEW) {
		r->rrs.v = arena_alloc(r->a, rrs * sizeof(*r->rrs.v));
		r->rrs.cap = rrs;
	}
}

static void read_header(struct reader *r)
{
	struct msg *m = r->m;

	m->has_header = true;
	m->id = get16(r, 0);
	m->flags = get16(r, 2);
	m->opcode = m->flags >> 11U & 15U;
	m->rcode = m->flags & 15U;
	for (uint32_t i = 0; i < MSG_SECTIONS; i++)
		m->counts[i] = get16(r, 4 + 2 * i);
	r->at = HEADER;
	expect(r);
	if (m->opcode == OPCODE_QUERY && m->counts[MSG_QUESTION] > 1)
		defect(r, MSG_QUESTIONS_MANY, 4);
}

static void read_message(struct reader *r)
{
	int err = 0;

	if (r->m->wire.n < HEADER) {
		defect(r, MSG_SHORT_HEADER, (uint32_t)r->m->wire.n);
		return;
	}
	read_header(r);
	for (r->section = 0; r->section < MSG_SECTIONS && !err; r->section++)
		err = read_section(r);
	r->section = MSG_ADDITIONAL;
	if (!err && left(r))
		defect(r, MSG_TRAILING, r->at);
}

const struct msg *msg_read(struct arena *a, struct span wire)
{
	struct reader r = { .a = a, .m = arena_alloc(a, sizeof(*r.m)) };
	struct msg *m = r.m;

	m->wire.n = wire.n < MESSAGE ? wire.n : MESSAGE;
	m->wire.p = arena_dup(a, wire.p, m->wire.n);
	read_message(&r);
	m->questions = r.questions.v;
	m->nquestions = r.questions.n;
	m->rrs = r.rrs.v;
	m->nrrs = r.rrs.n;
	m->edns.opts = r.opts.v;
	m->edns.nopts = r.opts.n;
	m->defects = r.defects.v;
	m->ndefects = r.defects.n;
	m->end = r.at;
	return m;
}

bool msg_usable(const struct msg *m)
{
	for (size_t i = 0; i < m->ndefects; i++)
		if (!rules[m->defects[i].rule].bearable)
			return false;
	return true;
}

const char *msg_rule_text(enum msg_rule rule)
{
	assert(rule < MSG_RULES);
	return rules[rule].text;
}

const char *msg_rule_slug(enum msg_rule rule)
{
	assert(rule < MSG_RULES);
	return rules[rule].slug;
}

void msg_defects_text(const struct msg *m, struct buf *b)
{
	for (size_t i = 0; i < m->ndefects; i++) {
		const struct msg_defect *d = &m->defects[i];

		buf_printf(b, "%soffset %u (%s): %s", i ? "; " : "", d->offset,
			section_names[d->section], rules[d->rule].text);
	}
}
