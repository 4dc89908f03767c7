/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulated servers say: nothing but the question, or what their zones hold. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "net/sim.h"

enum {
	HEADER = 12,
	WORD = 1024, /* bytes that hold a word of a record */
	CHAIN = 16,
	TTL = 3600,	  /* of records that name none */
	PLAIN_SIZE = 512, /* RFC 1035 2.3.4 */
	OUR_SIZE = 1232,  /* RFC 9715 appendix A */
};

void sim_answer_empty(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	const struct question *q = &ask->question;
	bool asked = !ask->shape.header_only && q->name;

	(void)s;
	buf_u16(ret_reply, id);
	buf_u16(ret_reply, (uint16_t)(FLAG_QR | FLAG_AA | (ask->shape.flags & FLAG_RD)));
	buf_u16(ret_reply, asked);
	buf_put(ret_reply, "\0\0\0\0\0", 6);
	if (!asked)
		return;
	buf_put(ret_reply, q->name->wire, q->name->len);
	buf_u16(ret_reply, q->type);
	buf_u16(ret_reply, q->class);
}

/* One record of a zone's text; data is what follows the type on its line. */
struct record {
	struct name owner;
	uint16_t type;
	uint32_t ttl;
	const char *data;
};

/* A reply being written. */
struct reply {
	struct buf *out;
	size_t start;	  /* of the message in out */
	const char *text; /* the zone */
	struct name apex;
	uint16_t flags, counts[MSG_SECTIONS];
};

/*
 * The next word of the line, without quotes; NULL at the line's end or a comment. buf has WORD
 * bytes. The zones are ours: what cannot be read is a bug in the test that wrote them.
 */
static const char *word(const char **p, char *buf)
{
	size_t n;

	*p += strspn(*p, " \t");
	if (**p == '"') {
		n = strcspn(++*p, "\"\n");
		assert((*p)[n] == '"' && n < WORD);
		memcpy(buf, *p, n);
		*p += n + 1;
	} else {
		n = strcspn(*p, " \t\n;");
		if (!n)
			return NULL;
		assert(n < WORD);
		memcpy(buf, *p, n);
		*p += n;
	}
	buf[n] = '\0';
	return buf;
}

static struct name need_name(const char *text)
{
	struct name n;
	int err = text ? name_parse(text, &n) : -ERR_PARSE;

	assert(err == 0);
	return n;
}

static unsigned long need_number(const char *text)
{
	char *end = NULL;
	unsigned long v = text ? strtoul(text, &end, 10) : 0;

	assert(end && end != text && !*end);
	return v;
}

static uint16_t need_type(const char *text)
{
	uint16_t type = 0;
	int err = text_parse_type(text, &type);

	assert(err == 0 && type);
	return type;
}

/* Moves *text behind the next record; false when there is none. */
static bool next_record(const char **text, struct record *ret)
{
	char buf[WORD];
	const char *w;

	while (!(w = word(text, buf))) {
		*text += strcspn(*text, "\n");
		if (!**text)
			return false;
		++*text;
	}
	ret->owner = need_name(w);
	ret->ttl = TTL;
	ret->type = 0;
	while (!ret->type) {
		w = word(text, buf);
		assert(w);
		if (*w >= '0' && *w <= '9')
			ret->ttl = (uint32_t)need_number(w);
		else if (strcmp(w, "IN") != 0)
			ret->type = need_type(w);
	}
	ret->data = *text;
	*text += strcspn(*text, "\n");
	return true;
}

/* The next record of that owner and type (0: any) from *text on. */
static bool next_match(
	const char **text, const struct name *owner, uint16_t type, struct record *ret)
{
	while (next_record(text, ret))
		if ((!type || ret->type == type) && name_equal(&ret->owner, owner))
			return true;
	return false;
}

static bool has(const struct reply *r, const struct name *owner, uint16_t type)
{
	const char *text = r->text;
	struct record record;

	return next_match(&text, owner, type, &record);
}

/* The name has records, or names below it have (RFC 4592 2.2.2: empty non-terminals exist). */
static bool exists(const struct reply *r, const struct name *n)
{
	const char *text = r->text;
	struct record record;

	while (next_record(&text, &record))
		if (name_under(&record.owner, n))
			return true;
	return false;
}

/* Fields of rdata in order: n name, 1 2 4 numbers, a A, 6 AAAA, t texts to the end. */
static const struct {
	uint16_t type;
	const char *form;
} forms[] = {
	{ RR_A, "a" },
	{ RR_AAAA, "6" },
	{ RR_NS, "n" },
	{ RR_CNAME, "n" },
	{ RR_PTR, "n" },
	{ RR_DNAME, "n" },
	{ RR_MX, "2n" },
	{ RR_SRV, "222n" },
	{ RR_SOA, "nn44444" },
	{ RR_TXT, "t" },
};

static void put_texts(struct buf *b, const char **data)
{
	char buf[WORD];
	const char *w;

	while ((w = word(data, buf))) {
		assert(strlen(w) <= UINT8_MAX);
		buf_u8(b, (uint8_t)strlen(w));
		buf_str(b, w);
	}
}

static void put_ip(struct buf *b, const char *text, enum addr_family family)
{
	struct addr a = { 0 };
	int err = text ? addr_parse(text, &a) : -ERR_PARSE;

	assert(err == 0 && a.family == family);
	buf_put(b, a.ip, family == ADDR_V4 ? 4 : 16);
}

static void put_field(struct buf *b, char form, const char **data)
{
	char buf[WORD];
	const char *w;
	struct name n;

	if (form == 't') {
		put_texts(b, data);
		return;
	}
	w = word(data, buf);
	if (form == 'n') {
		n = need_name(w);
		buf_put(b, n.wire, n.len);
	} else if (form == 'a' || form == '6') {
		put_ip(b, w, form == 'a' ? ADDR_V4 : ADDR_V6);
	} else if (form == '4') {
		buf_u32(b, (uint32_t)need_number(w));
	} else if (form == '2') {
		buf_u16(b, (uint16_t)need_number(w));
	}
}

static void put_hex(struct buf *b, const char *text)
{
	char two[3] = "", *end;

	for (; *text; text += 2) {
		assert(text[1]);
		memcpy(two, text, 2);
		buf_u8(b, (uint8_t)strtoul(two, &end, 16));
		assert(!*end);
	}
}

/* RFC 3597 section 5: \# LENGTH HEX … */
static void put_unknown(struct buf *b, const char **data)
{
	char buf[WORD];
	const char *w = word(data, buf);
	unsigned long length;
	size_t before = b->n;

	assert(w && strcmp(w, "\\#") == 0);
	length = need_number(word(data, buf));
	while ((w = word(data, buf)))
		put_hex(b, w);
	assert(b->n - before == length);
}

static void put_rdata(struct buf *b, const struct record *record)
{
	const char *data = record->data, *peek = data, *form = NULL;
	char buf[WORD];
	const char *first = word(&peek, buf);

	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (forms[i].type == record->type)
			form = forms[i].form;
	if (!form || (first && strcmp(first, "\\#") == 0)) {
		put_unknown(b, &data);
		return;
	}
	for (; *form; form++)
		put_field(b, *form, &data);
}

/* Overwrites two octets of the message. */
static void patch(struct reply *r, size_t offset, uint16_t v)
{
	r->out->p[offset] = (char)(v >> 8);
	r->out->p[offset + 1] = (char)v;
}

static void put_record(struct reply *r, enum msg_section section, const struct record *record)
{
	size_t length;

	buf_put(r->out, record->owner.wire, record->owner.len);
	buf_u16(r->out, record->type);
	buf_u16(r->out, CLASS_IN);
	buf_u32(r->out, record->ttl);
	length = r->out->n;
	buf_u16(r->out, 0);
	put_rdata(r->out, record);
	patch(r, length, (uint16_t)(r->out->n - length - 2));
	r->counts[section]++;
}

/* All records of that owner and type (0: any); false when there are none. */
static bool put_all(
	struct reply *r, enum msg_section section, const struct name *owner, uint16_t type)
{
	const char *text = r->text;
	struct record record;
	bool any = false;

	while (next_match(&text, owner, type, &record)) {
		put_record(r, section, &record);
		any = true;
	}
	return any;
}

/* The addresses that the zone's text has of the servers of a zone. */
static void put_addresses(struct reply *r, const struct name *owner)
{
	const char *text = r->text;
	struct record record;
	char buf[WORD];

	while (next_match(&text, owner, RR_NS, &record)) {
		const char *data = record.data;
		struct name target = need_name(word(&data, buf));

		put_all(r, MSG_ADDITIONAL, &target, RR_A);
		put_all(r, MSG_ADDITIONAL, &target, RR_AAAA);
	}
}

/* The highest cut between the apex and the name. DS is the parent's (RFC 4035 3.1.4.1). */
static bool find_cut(const struct reply *r, const struct name *n, uint16_t type, struct name *ret)
{
	for (unsigned int i = name_labels(&r->apex) + 1; i <= name_labels(n); i++) {
		struct name at = name_suffix(n, i);

		if (type == RR_DS && i == name_labels(n))
			return false;
		if (has(r, &at, RR_NS)) {
			*ret = at;
			return true;
		}
	}
	return false;
}

/* Puts the CNAME of *n and moves *n to its target; false when there is none. */
static bool put_alias(struct reply *r, struct name *n, uint16_t type)
{
	const char *text = r->text;
	struct record record;
	char buf[WORD];

	if (type == RR_CNAME || !next_match(&text, n, RR_CNAME, &record))
		return false;
	put_record(r, MSG_ANSWER, &record);
	*n = need_name(word(&record.data, buf));
	return true;
}

static void put_answer(struct reply *r, struct name n, uint16_t type)
{
	struct name cut;

	r->flags |= FLAG_AA;
	for (int i = 0; i < CHAIN && name_under(&n, &r->apex); i++) {
		if (find_cut(r, &n, type, &cut)) {
			if (!i)
				r->flags &= (uint16_t)~FLAG_AA;
			put_all(r, MSG_AUTHORITY, &cut, RR_NS);
			put_addresses(r, &cut);
			return;
		}
		if (put_all(r, MSG_ANSWER, &n, type == RR_ANY ? 0 : type)) {
			if (type == RR_NS)
				put_addresses(r, &n);
			return;
		}
		if (put_alias(r, &n, type))
			continue;
		/* RFC 2308 2.1, 2.2: the name is not there, or the type is not. */
		if (!exists(r, &n))
			r->flags |= RCODE_NXDOMAIN;
		put_all(r, MSG_AUTHORITY, &r->apex, RR_SOA);
		return;
	}
}

/*
 * Points the reply at the deepest zone above the name; false when there is none. The DS of an apex
 * is asked of the parent where the server has it.
 */
static bool find_zone(struct reply *r, const struct sim_zone *zones, const struct question *q)
{
	int best = -1;

	for (; zones && zones->text; zones++) {
		struct name apex = need_name(zones->apex);
		bool below = q->type == RR_DS && name_equal(&apex, q->name);
		int rank = below ? 0 : (int)name_labels(&apex) + 1;

		if (!name_under(q->name, &apex) || rank <= best)
			continue;
		best = rank;
		r->text = zones->text;
		r->apex = apex;
	}
	return best >= 0;
}

static void put_opt(struct reply *r)
{
	static const uint8_t opt[] = { 0, 0, RR_OPT, OUR_SIZE >> 8, OUR_SIZE & 0xff, 0, 0, 0, 0, 0,
		0 };

	buf_put(r->out, opt, sizeof(opt));
	r->counts[MSG_ADDITIONAL]++;
}

/* RFC 2181 section 9: what does not fit is left out, and TC says so. */
static void cut_to_size(struct reply *r, const struct ask *ask, size_t question_end)
{
	size_t most = ask->shape.edns && ask->shape.edns_size > PLAIN_SIZE ? ask->shape.edns_size
									   : PLAIN_SIZE;

	if (ask->transport != TRANSPORT_UDP || r->out->n - r->start <= most)
		return;
	r->out->n = question_end;
	r->flags |= FLAG_TC;
	r->counts[MSG_ANSWER] = r->counts[MSG_AUTHORITY] = r->counts[MSG_ADDITIONAL] = 0;
	if (ask->shape.edns)
		put_opt(r);
}

void sim_answer_zones(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	const struct question *q = &ask->question;
	struct reply r = { .out = ret_reply, .start = ret_reply->n, .counts = { 1 } };
	size_t question_end;

	sim_answer_empty(s, ask, id, ret_reply);
	if (ask->shape.header_only || !q->name)
		return;
	question_end = ret_reply->n;
	r.flags = (uint16_t)(FLAG_QR | (ask->shape.flags & FLAG_RD));
	if (q->class == CLASS_IN && find_zone(&r, s->user, q))
		put_answer(&r, *q->name, q->type);
	else
		r.flags |= RCODE_REFUSED;
	if (ask->shape.edns)
		put_opt(&r);
	cut_to_size(&r, ask, question_end);
	patch(&r, r.start + 2, r.flags);
	for (size_t i = 0; i < MSG_SECTIONS; i++)
		patch(&r, r.start + 4 + 2 * i, r.counts[i]);
}
