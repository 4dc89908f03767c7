/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reply in dig's layout: header, pseudo-section, sections, statistics. */
#include "render/dig_page.h"

#include <string.h>

#include "base/err.h"
#include "dns/dns64.h"
#include "dns/name.h"
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

struct span dig_sent_cookie(const struct ask *ask)
{
	const struct shape_option *o =
		ask->shape.edns ? shape_find(&ask->shape, EDNS_COOKIE) : NULL;

	return o ? (struct span){ o->data, o->length } : (struct span){ 0 };
}

void dig_flags(uint16_t flags, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(flag_names); i++)
		if (flags & flag_names[i].bit)
			buf_printf(out, " %s", flag_names[i].name);
}

/* RFC 8945 4.2: the last record of the additional section. */
static bool is_signature(const struct rr *rr)
{
	return rr->type == RR_TSIG && rr->section == MSG_ADDITIONAL;
}

bool dig_shown(const struct rr *rr, enum msg_section section)
{
	return rr->section == section && rr->type != RR_OPT && !is_signature(rr);
}

const char *dig_transport(const struct ask *ask)
{
	if (!ask->secure || !ask->secure->get)
		return transport_name((enum transport)ask->transport);
	if (ask->transport == TRANSPORT_HTTPS)
		return "HTTPS-GET";
	return ask->transport == TRANSPORT_HTTP ? "HTTP-GET"
						: transport_name((enum transport)ask->transport);
}

const struct msg *dig_sent(struct arena *a, const struct observation *o)
{
	struct buf wire = { .arena = a };

	if (o->query)
		return msg_read(a, *o->query);
	query_build(&wire, &o->ask.shape, &o->ask.question, o->id);
	return msg_read(a, buf_span(&wire));
}

/* RFC 6762 22.1: such names are not for the DNS. */
static bool is_local(const struct msg *m)
{
	static const struct name local = { 7, "\5local" };

	for (size_t i = 0; i < m->nquestions; i++)
		if (m->questions[i].name->len && name_under(m->questions[i].name, &local))
			return true;
	return false;
}

static void warnings(const struct page *p, struct buf *out)
{
	const struct msg *m = p->m;
	char text[TEXT_MNEMONIC];

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
	for (size_t i = 0; i < m->ndefects; i++)
		if (m->defects[i].rule == MSG_TRAILING)
			buf_printf(out, ";; WARNING: Message has %zu extra bytes at end\n",
				m->wire.n - m->defects[i].offset);
}

static void header(const struct page *p, struct buf *out)
{
	const struct msg *m = p->m;
	char opcode[TEXT_MNEMONIC], status[TEXT_MNEMONIC];

	if (is_local(m))
		buf_str(out, ";; WARNING: .local is reserved for Multicast DNS\n"
			     ";; You are currently testing what happens when an mDNS query is "
			     "leaked to DNS\n");
	buf_printf(out, ";; ->>HEADER<<- opcode: %s, status: %s, id: %u\n;; flags:",
		text_opcode(m->opcode, opcode), text_rcode(m->rcode, status), m->id);
	dig_flags(m->flags, out);
	if (m->flags & FLAG_Z)
		buf_str(out, "; MBZ: 0x4");
	buf_printf(out, "; QUERY: %u, ANSWER: %u, AUTHORITY: %u, ADDITIONAL: %u\n", m->counts[0],
		m->counts[1], m->counts[2], m->counts[3]);
	warnings(p, out);
}

/* RFC 2136 2: the sections of an update are called otherwise. */
static const char *section_name(const struct msg *m, enum msg_section which)
{
	static const char *const names[2][MSG_SECTIONS] = {
		{ "QUESTION", "ANSWER", "AUTHORITY", "ADDITIONAL" },
		{ "ZONE", "PREREQUISITE", "UPDATE", "ADDITIONAL" },
	};

	return names[m->opcode == OPCODE_UPDATE][which];
}

static void questions(const struct page *p, struct buf *out)
{
	if (!p->m->nquestions)
		return;
	if (p->show->comments)
		buf_printf(out, ";; %s SECTION:\n", section_name(p->m, MSG_QUESTION));
	for (size_t i = 0; i < p->m->nquestions; i++)
		dig_question(p->show, &p->m->questions[i], out);
	if (p->show->comments)
		buf_char(out, '\n');
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
	bool any = false;

	for (size_t i = 0; i < p->m->nrrs; i++) {
		const struct rr *rr = &p->m->rrs[i];

		if (!dig_shown(rr, which))
			continue;
		if (!any && p->show->comments)
			buf_printf(out, ";; %s SECTION:\n", section_name(p->m, which));
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
			dig_edns(
				p->m, p->reply ? dig_sent_cookie(p->ask) : (struct span){ 0 }, out);
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
	struct dig_show show = *v->show;
	struct page p = { .show = &show, .ask = &o->ask };

	if (v->show->brief || v->show->json || v->show->dns64prefix)
		return;
	if (v->show->yaml) {
		dig_yaml(v, o, false, out);
		return;
	}
	/* Of a transfer dig shows records alone. */
	if (o->ask.transfer)
		show.comments = show.question = false;
	p.m = dig_sent(out->arena, o);
	page(&p, out);
	if (v->show->stats)
		buf_printf(out, ";; QUERY SIZE: %zu\n\n", p.m->wire.n);
}

static void server(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	char text[ADDR_TEXT], host[ADDR_TEXT];

	buf_printf(out, "%s(%s)", addr_text_port(&o->ask.server, text),
		v->server ? v->server : addr_text(&o->ask.server, host));
}

/* In the unit that is wanted: milliseconds, or microseconds under -u. */
static unsigned long long took(const struct dig_view *v, const struct observation *o)
{
	uint64_t us = o->done > o->sent ? o->done - o->sent : 0;

	return v->show->usec ? us : us / 1000;
}

/* What stood in front of the query, in the words of dig 9.20. */
static void proxy(const struct ask_secure *s, enum transport over, struct buf *out)
{
	char from[ADDR_TEXT], to[ADDR_TEXT];
	bool tls = over == TRANSPORT_TLS || over == TRANSPORT_HTTPS;

	if (!s || s->proxy == PROXY_NONE)
		return;
	buf_printf(out, ";; CLIENT PROXY HEADER%s: ", s->proxy_plain && tls ? " (plain)" : "");
	if (s->proxy == PROXY_LOCAL)
		buf_str(out, "LOCAL\n");
	else
		buf_printf(out, "source: %s#%u, destination: %s#%u\n",
			addr_text(&s->proxy_from, from), s->proxy_from.port,
			addr_text(&s->proxy_to, to), s->proxy_to.port);
}

void dig_statistics(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	char text[ADDR_TEXT];

	buf_printf(out, ";; Query time: %llu %s\n;; SERVER: ", took(v, o),
		v->show->usec ? "usec" : "msec");
	server(v, o, out);
	buf_printf(out, " (%s)\n", dig_transport(&o->ask));
	proxy(o->ask.secure, o->ask.transport, out);
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
			buf_printf(out, " from server %s in %llu %s.",
				addr_text(&o->ask.server, text), took(v, o),
				v->show->usec ? "us" : "ms");
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

static void yaml_reply(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	dig_yaml(v, o, true, out);
}

static void dns64(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	struct dns64_prefix list[DNS64_PREFIXES];
	size_t n = v->show->answer ? dns64_prefixes(o->msg, list) : 0;
	char text[ADDR_TEXT];

	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s/%u\n", addr_text(&list[i].addr, text), list[i].bits);
}

void dig_reply(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	struct page p = { .show = v->show, .m = o->msg, .ask = &o->ask, .reply = true };

	if (!o->msg)
		return;
	if (v->show->json || v->show->yaml || (v->show->brief && !v->show->dns64prefix)) {
		(v->show->json ? dig_json : v->show->yaml ? yaml_reply : brief)(v, o, out);
		return;
	}
	if (v->show->dns64prefix)
		dns64(v, o, out);
	else
		page(&p, out);
	if (!msg_usable(o->msg) && !o->msg->nquestions)
		dump(o->msg, out);
	meaning_line(v, o, out);
	if (v->show->stats) {
		statistics(v, o, out);
	} else if (v->show->identify) {
		buf_printf(out, ";; Received %u bytes from ", o->size);
		server(v, o, out);
		buf_printf(out, " in %llu %s\n\n", took(v, o), v->show->usec ? "us" : "ms");
	}
}

bool dig_wanted(const struct dig_show *show, const struct observation *o)
{
	const struct msg *m = o->msg;

	if (!m || !m->has_header || show->json || o->outcome != OUTCOME_ANSWERED)
		return false;
	return (show->badcookie && m->rcode == RCODE_BADCOOKIE) ||
	       (show->badvers && m->rcode == RCODE_BADVERS) ||
	       (show->truncated && m->flags & FLAG_TC);
}

void dig_no_reply(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	if (v->show->json) {
		dig_json(v, o, out);
		return;
	}
	if (v->show->yaml) {
		dig_yaml_error(v, o, "no servers could be reached", out);
		return;
	}
	/* A refused connection has said so with each try; what was not sent reached for nobody. */
	if (o->outcome != OUTCOME_REFUSED && o->outcome != OUTCOME_CHANNEL &&
		o->outcome != OUTCOME_NOT_SENT)
		buf_str(out, ";; no servers could be reached\n");
	if (!v->show->meaning || v->show->brief)
		return;
	buf_str(out, ";; MEANING: ");
	dig_meaning(v, o, out);
	buf_char(out, '\n');
}

const char *dig_name_text(const struct dig_show *show, const struct name *n, char *buf)
{
	name_text(n, buf);
	if (show->localize)
		show->localize(buf);
	return buf;
}

void dig_name(const struct name *n, struct buf *out)
{
	char text[NAME_TEXT];
	size_t len = strlen(name_text(n, text));

	buf_put(out, text, len > 1 ? len - 1 : len);
}
