// SPDX-License-Identifier: GPL-3.0-or-later
// Replies of spoilt servers: the conforming reply is taken apart, changed, and put together again.
#include <assert.h>
#include <stdlib.h>

#include "base/err.h"
#include "treeworld_inner.h"

enum { OPCODE_SHIFT = 11, RCODE_MASK = 0x0f, EXTENDED_SHIFT = 4 };

static void take_opt(struct treeworld_reply *r, const struct msg *m, const struct rr *rr)
{
	r->opt = true;
	r->size = rr->class;
	r->edns_flags = m->edns.flags;
	r->version = m->edns.version;
	r->extended = (uint8_t)(m->rcode >> EXTENDED_SHIFT);
	r->options = (struct span){ rr->rdata, rr->rdlength };
}

static struct treeworld_reply take_apart(struct arena *a, const struct buf *reply)
{
	const struct msg *m = msg_read(a, buf_span(reply));
	struct treeworld_reply r = { .arena = a, .id = m->id, .flags = m->flags };

	assert(m->has_header && !m->ndefects);
	if (m->nquestions) {
		r.question = true;
		r.name = *m->questions[0].name;
		r.type = m->questions[0].type;
		r.class = m->questions[0].class;
	}
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];
		struct treeworld_record one = { rr->section, *rr->owner, rr->type, rr->class,
			rr->ttl, { rr->rdata, rr->rdlength } };

		if (rr->type == RR_OPT)
			take_opt(&r, m, rr);
		else
			vec_push(a, &r.records, one);
	}
	return r;
}

static void put_record(struct buf *b, const struct treeworld_record *one)
{
	buf_put(b, one->owner.wire, one->owner.len);
	buf_u16(b, one->type);
	buf_u16(b, one->class);
	buf_u32(b, one->ttl);
	buf_u16(b, (uint16_t)one->rdata.n);
	buf_put(b, one->rdata.p, one->rdata.n);
}

static uint16_t put_section(
	const struct treeworld_reply *r, enum msg_section section, struct buf *b)
{
	uint16_t count = 0;

	vec_each (const struct treeworld_record, one, r->records) {
		if (one->section != section)
			continue;
		put_record(b, one);
		count++;
	}
	return count;
}

static void put_opt(const struct treeworld_reply *r, struct buf *b)
{
	buf_u8(b, 0);
	buf_u16(b, RR_OPT);
	buf_u16(b, r->size);
	buf_u8(b, r->extended);
	buf_u8(b, r->version);
	buf_u16(b, r->edns_flags);
	buf_u16(b, (uint16_t)r->options.n);
	buf_put(b, r->options.p, r->options.n);
}

static void put_together(const struct treeworld_reply *r, struct buf *ret)
{
	struct buf body = { .arena = r->arena };
	uint16_t counts[MSG_SECTIONS] = { r->question };

	if (r->silent)
		return;
	if (r->raw.n >= sizeof(r->id)) {
		buf_u16(ret, r->id);
		buf_put(ret, r->raw.p + sizeof(r->id), r->raw.n - sizeof(r->id));
		return;
	}
	if (r->question) {
		buf_put(&body, r->name.wire, r->name.len);
		buf_u16(&body, r->type);
		buf_u16(&body, r->class);
	}
	for (enum msg_section s = MSG_ANSWER; s < MSG_SECTIONS; s++)
		counts[s] = put_section(r, s, &body);
	if (r->opt) {
		put_opt(r, &body);
		counts[MSG_ADDITIONAL]++;
	}
	buf_u16(ret, r->id);
	buf_u16(ret, r->flags);
	for (size_t i = 0; i < MSG_SECTIONS; i++)
		buf_u16(ret, counts[i]);
	buf_put(ret, body.p, body.n);
}

/* Leaves out the sections that the bits (1 << section) name. */
static void drop_sections(struct treeworld_reply *r, unsigned int sections)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->records.n; i++)
		if (!(sections & 1U << r->records.v[i].section))
			r->records.v[kept++] = r->records.v[i];
	r->records.n = kept;
}

static void echo_options(struct treeworld_reply *r, const struct ask *ask)
{
	struct buf b = { .arena = r->arena };

	for (unsigned int i = 0; i < ask->shape.noptions; i++) {
		const struct shape_option *o = &ask->shape.options[i];

		buf_u16(&b, o->code);
		buf_u16(&b, o->length);
		buf_put(&b, o->data, o->length);
	}
	r->options = buf_span(&b);
}

/* The answer section becomes these lines, ahead of what else there is. */
static void replace_answer(struct treeworld_reply *r, const char *lines)
{
	struct sim_records *z = sim_zone_read(r->arena, ".", lines);
	struct treeworld_reply old;

	drop_sections(r, 1U << MSG_ANSWER);
	old = *r;
	r->records.v = NULL;
	r->records.n = r->records.cap = 0;
	vec_each (const struct sim_record, one, z->v)
		vec_push(r->arena, &r->records,
			(struct treeworld_record){ MSG_ANSWER, one->owner, one->type, CLASS_IN,
				one->ttl, one->rdata });
	vec_each (const struct treeworld_record, one, old.records)
		vec_push(r->arena, &r->records, *one);
}

static void set_rcode(struct treeworld_reply *r, uint16_t rcode)
{
	r->flags = (uint16_t)((r->flags & ~RCODE_MASK) | (rcode & RCODE_MASK));
	r->extended = (uint8_t)(rcode >> EXTENDED_SHIFT);
}

static void change(
	struct treeworld_reply *r, const struct treeworld_change *c, const struct ask *ask)
{
	unsigned int sections = (c->no_authority ? 1U << MSG_AUTHORITY : 0) |
				(c->no_additional ? 1U << MSG_ADDITIONAL : 0);

	drop_sections(r, c->empty ? ~0U : sections);
	if (c->answer)
		replace_answer(r, c->answer);
	if (c->rcode)
		set_rcode(r, c->rcode);
	r->flags = (uint16_t)((r->flags | c->set) & ~c->clear);
	r->opt = r->opt && !c->no_opt;
	r->question = r->question && !c->no_question;
	r->silent = r->silent || c->silent;
	if (c->echo_options)
		echo_options(r, ask);
	if (c->echo_flags)
		r->edns_flags = ask->shape.edns_flags;
	if (c->lower)
		r->name = name_lower(&r->name);
	if (c->edit)
		c->edit(r, ask);
}

static struct name need_name(const char *text)
{
	struct name n;
	int err = name_parse(text, &n);

	assert(err == 0);
	return n;
}

static bool in_manner(const struct ask *ask, unsigned int manners)
{
	for (size_t i = 0; i < MANNERS; i++) {
		const struct manner_row *row = &manner_table[i];
		const struct shape *a = &row->shape, *b = &ask->shape;

		/* Over TCP a manner is asked again after TC. */
		if ((manners & 1U << i) && a->flags == b->flags && a->edns == b->edns &&
			a->edns_size == b->edns_size && a->edns_version == b->edns_version &&
			a->edns_flags == b->edns_flags && a->noptions == b->noptions &&
			(row->transport == TRANSPORT_UDP || ask->transport == TRANSPORT_TCP))
			return true;
	}
	return false;
}

static bool fits(const struct treeworld_change *c, const struct ask *ask)
{
	const struct question *q = &ask->question;
	struct name n;

	if ((c->type && c->type != q->type) || (c->class && c->class != q->class) ||
		(c->udp && ask->transport != TRANSPORT_UDP) ||
		(c->tcp && ask->transport != TRANSPORT_TCP) || (c->edns && !ask->shape.edns) ||
		(c->manners && !in_manner(ask, c->manners)))
		return false;
	if (c->name) {
		n = need_name(c->name);
		if (!name_equal(&n, q->name))
			return false;
	}
	if (c->under) {
		n = need_name(c->under);
		if (!name_under(q->name, &n))
			return false;
	}
	return true;
}

void treeworld_answer(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	const struct treeworld_server *server = s->user;
	struct sim_server plain = *s;
	struct treeworld_reply r;
	bool spoilt = false;

	plain.user = server->zones;
	sim_answer_records(&plain, ask, id, ret_reply);
	for (size_t i = 0; i < server->habits.n; i++)
		spoilt |= fits(server->habits.v[i], ask);
	if (!spoilt)
		return;
	r = take_apart(server->arena, ret_reply);
	ret_reply->n = 0;
	vec_each (const struct treeworld_change *, c, server->habits)
		if (fits(*c, ask))
			change(&r, *c, ask);
	put_together(&r, ret_reply);
}
