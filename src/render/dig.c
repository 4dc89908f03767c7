/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reply in dig's layout: header, pseudo-section, sections, statistics. */
#include "render/dig.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"

static const struct {
	uint16_t bit;
	const char *name;
} flag_names[] = {
	{ FLAG_QR, "qr" },
	{ FLAG_AA, "aa" },
	{ FLAG_TC, "tc" },
	{ FLAG_RD, "rd" },
	{ FLAG_RA, "ra" },
	{ FLAG_AD, "ad" },
	{ FLAG_CD, "cd" },
};

/* A message, and what its presentation depends on. */
struct page {
	const struct dig_show *show;
	const struct msg *m;
	const struct ask *ask;
	bool reply;
};

/* The COOKIE option of a query; p NULL: none. */
static struct span sent_cookie(const struct ask *ask)
{
	const struct shape_option *o =
		ask->shape.edns ? shape_find(&ask->shape, EDNS_COOKIE) : NULL;

	return o ? (struct span){ o->data, o->length } : (struct span){ 0 };
}

static void warnings(const struct page *p, struct buf *out)
{
	const struct msg *m = p->m;
	char text[TEXT_MNEMONIC];

	for (size_t i = 0; i < m->ndefects; i++)
		if (m->defects[i].rule == MSG_TRAILING)
			buf_printf(out, ";; WARNING: Message has %zu extra bytes at end\n",
				m->wire.n - m->defects[i].offset);
	if (!p->reply)
		return;
	if (m->flags & FLAG_RD && !(m->flags & FLAG_RA))
		buf_str(out, ";; WARNING: recursion requested but not available\n");
	/* RFC 6891 7: what a server without EDNS says to a query with it. */
	if ((m->rcode == RCODE_FORMERR || m->rcode == RCODE_NOTIMP) && p->ask->shape.edns &&
		!m->edns.present)
		buf_printf(out,
			"\n;; WARNING: EDNS query returned status %s - retry with '%s+noedns'\n",
			text_rcode(m->rcode, text),
			p->ask->shape.edns_flags & EDNS_DO ? "+nodnssec " : "");
}

static void header(const struct page *p, struct buf *out)
{
	const struct msg *m = p->m;
	char opcode[TEXT_MNEMONIC], status[TEXT_MNEMONIC];

	buf_printf(out, ";; ->>HEADER<<- opcode: %s, status: %s, id: %u\n;; flags:",
		text_opcode(m->opcode, opcode), text_rcode(m->rcode, status), m->id);
	for (size_t i = 0; i < ARRAY_LEN(flag_names); i++)
		if (m->flags & flag_names[i].bit)
			buf_printf(out, " %s", flag_names[i].name);
	if (m->flags & FLAG_Z)
		buf_str(out, "; MBZ: 0x4");
	buf_printf(out, "; QUERY: %u, ANSWER: %u, AUTHORITY: %u, ADDITIONAL: %u\n", m->counts[0],
		m->counts[1], m->counts[2], m->counts[3]);
	warnings(p, out);
}

static void questions(const struct page *p, struct buf *out)
{
	if (!p->m->nquestions)
		return;
	if (p->show->comments)
		buf_str(out, ";; QUESTION SECTION:\n");
	for (size_t i = 0; i < p->m->nquestions; i++)
		dig_question(p->show, &p->m->questions[i], out);
	if (p->show->comments)
		buf_char(out, '\n');
}

/* RFC 8945 4.2: the last record of the additional section. */
static bool is_signature(const struct rr *rr)
{
	return rr->type == RR_TSIG && rr->section == MSG_ADDITIONAL;
}

static void signature(const struct page *p, struct buf *out)
{
	const struct rr *rr = p->m->nrrs ? &p->m->rrs[p->m->nrrs - 1] : NULL;

	if (!rr || !is_signature(rr))
		return;
	if (p->show->comments)
		buf_str(out, ";; TSIG PSEUDOSECTION:\n");
	dig_rr(p->show, p->m, rr, out);
	if (p->show->comments)
		buf_char(out, '\n');
}

static void section(const struct page *p, enum msg_section which, struct buf *out)
{
	static const char *const names[] = {
		[MSG_ANSWER] = "ANSWER",
		[MSG_AUTHORITY] = "AUTHORITY",
		[MSG_ADDITIONAL] = "ADDITIONAL",
	};
	bool any = false;

	for (size_t i = 0; i < p->m->nrrs; i++) {
		const struct rr *rr = &p->m->rrs[i];

		/* The OPT is shown above, the signature below. */
		if (rr->section != which || rr->type == RR_OPT || is_signature(rr))
			continue;
		if (!any && p->show->comments)
			buf_printf(out, ";; %s SECTION:\n", names[which]);
		any = true;
		dig_rr(p->show, p->m, rr, out);
	}
	if (any && p->show->comments)
		buf_char(out, '\n');
}

static void page(const struct page *p, struct buf *out)
{
	const struct dig_show *show = p->show;

	if (show->comments) {
		buf_printf(out, ";; %s:\n", p->reply ? "Got answer" : "Sending");
		header(p, out);
		buf_char(out, '\n');
		if (p->m->edns.present)
			dig_edns(p->m, p->reply ? sent_cookie(p->ask) : (struct span){ 0 }, out);
	}
	if (show->question)
		questions(p, out);
	if (show->answer)
		section(p, MSG_ANSWER, out);
	if (show->authority)
		section(p, MSG_AUTHORITY, out);
	if (show->additional)
		section(p, MSG_ADDITIONAL, out);
	if (show->additional)
		signature(p, out);
}

void dig_query(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	struct buf wire = { .arena = out->arena };
	struct dig_show show = *v->show;
	struct page p = { .show = &show, .ask = &o->ask };

	if (v->show->brief)
		return;
	/* Of a transfer dig shows records alone. */
	if (o->ask.transfer)
		show.comments = show.question = false;
	if (o->query.n)
		buf_put(&wire, o->query.p, o->query.n);
	else
		query_build(&wire, &o->ask.shape, &o->ask.question, o->id);
	p.m = msg_read(out->arena, buf_span(&wire));
	page(&p, out);
	if (v->show->stats)
		buf_printf(out, ";; QUERY SIZE: %zu\n\n", wire.n);
}

static void server(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	char text[ADDR_TEXT], host[ADDR_TEXT];

	buf_printf(out, "%s(%s)", addr_text_port(&o->ask.server, text),
		v->server ? v->server : addr_text(&o->ask.server, host));
}

static unsigned long long milliseconds(const struct observation *o)
{
	return o->done > o->sent ? (o->done - o->sent) / 1000 : 0;
}

void dig_statistics(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	char text[ADDR_TEXT];
	uint64_t took = o->done > o->sent ? o->done - o->sent : 0;

	if (v->show->times)
		buf_printf(out, ";; Query time: %llu usec\n", (unsigned long long)took);
	else
		buf_printf(out, ";; Query time: %llu msec\n", milliseconds(o));
	buf_str(out, ";; SERVER: ");
	server(v, o, out);
	buf_printf(out, " (%s)\n", o->ask.transport == TRANSPORT_TCP ? "TCP" : "UDP");
	if (o->from.family != ADDR_NONE)
		buf_printf(out, ";; SOURCE: %s\n", addr_text_port(&o->from, text));
	buf_printf(out, ";; WHEN: %s\n", v->when);
}

static void statistics(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	dig_statistics(v, o, out);
	buf_printf(out, ";; MSG SIZE  rcvd: %u\n", o->size);
	dig_signature_warning(o, out);
	buf_char(out, '\n');
}

static void brief(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	char text[ADDR_TEXT], type[TEXT_MNEMONIC];

	for (size_t i = 0; i < o->msg->nrrs; i++) {
		const struct rr *rr = &o->msg->rrs[i];

		if (rr->section != MSG_ANSWER)
			continue;
		if (v->show->trace)
			buf_printf(out, "%s ", text_type(rr->type, type));
		dig_rdata(v->show, o->msg, rr, out);
		if (v->show->identify)
			buf_printf(out, " from server %s in %llu ms.",
				addr_text(&o->ask.server, text), milliseconds(o));
		buf_char(out, '\n');
	}
}

/* For a reply of which not even the question could be read: its octets. */
static void dump(const struct msg *m, struct buf *out)
{
	enum { ROW = 16 };

	buf_printf(out, "%zu bytes\n", m->wire.n);
	for (size_t at = 0; at < m->wire.n; at += ROW) {
		for (size_t i = at; i < at + ROW; i++)
			if (i < m->wire.n)
				buf_printf(out, "%02x ", m->wire.p[i]);
			else
				buf_str(out, "   ");
		buf_str(out, "         ");
		for (size_t i = at; i < at + ROW && i < m->wire.n; i++) {
			uint8_t c = m->wire.p[i];

			buf_char(out, c > ' ' && c < '~' ? (char)c : '.');
		}
		buf_char(out, '\n');
	}
}

static void meaning_line(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	if (!v->show->meaning || v->show->brief)
		return;
	buf_str(out, ";; MEANING: ");
	dig_meaning(v, o, out);
	buf_char(out, '\n');
}

void dig_reply(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	struct page p = { .show = v->show, .m = o->msg, .ask = &o->ask, .reply = true };

	if (!o->msg)
		return;
	if (v->show->brief) {
		brief(v, o, out);
		return;
	}
	page(&p, out);
	if (!msg_usable(o->msg) && !o->msg->nquestions)
		dump(o->msg, out);
	meaning_line(v, o, out);
	if (v->show->stats) {
		statistics(v, o, out);
	} else if (v->show->identify) {
		buf_printf(out, ";; Received %u bytes from ", o->size);
		server(v, o, out);
		buf_printf(out, " in %llu ms\n\n", milliseconds(o));
	}
}

void dig_no_reply(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	/* A refused connection has said so with each try; what was not sent reached for nobody. */
	if (o->outcome != OUTCOME_REFUSED && o->outcome != OUTCOME_NOT_SENT)
		buf_str(out, ";; no servers could be reached\n");
	if (!v->show->meaning || v->show->brief)
		return;
	buf_str(out, ";; MEANING: ");
	dig_meaning(v, o, out);
	buf_char(out, '\n');
}

void dig_name(const struct name *n, struct buf *out)
{
	char text[NAME_TEXT];
	size_t len = strlen(name_text(n, text));

	buf_put(out, text, len > 1 ? len - 1 : len);
}
