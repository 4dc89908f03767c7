/* SPDX-License-Identifier: GPL-3.0-or-later */
/* +json: messages in the form of RFC 8427, and beside them what came of the lookup. */
#include <stdio.h>
#include <time.h>

#include "base/err.h"
#include "base/json.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "render/dig_page.h"

static void put_hex(struct json *j, const char *key, struct span octets)
{
	struct buf hex = { .arena = j->out->arena };

	for (size_t i = 0; i < octets.n; i++)
		buf_printf(&hex, "%02X", octets.p[i]);
	json_str(j, key, buf_text(&hex));
}

static void put_name(struct json *j, const char *key, const struct name *n)
{
	char text[NAME_TEXT];

	/* A damaged message may have a record whose owner could not be read. */
	if (n->len)
		json_str(j, key, name_text(n, text));
}

static void put_question(struct json *j, const struct question *q)
{
	char text[TEXT_MNEMONIC];

	put_name(j, "QNAME", q->name);
	json_uint(j, "QTYPE", q->type);
	json_str(j, "QTYPEname", text_type(q->type, text));
	json_uint(j, "QCLASS", q->class);
	json_str(j, "QCLASSname", text_class(q->class, text));
}

static void put_record(struct json *j, const struct msg *m, const struct rr *rr)
{
	static const struct dig_show plain = { .crypto = true };
	char type[TEXT_MNEMONIC], text[TEXT_MNEMONIC], key[TEXT_MNEMONIC + 8];
	struct buf data = { .arena = j->out->arena };
	struct span whole = dig_whole_data(j->out->arena, m, rr);

	json_object(j, NULL);
	put_name(j, "NAME", rr->owner);
	json_uint(j, "TYPE", rr->type);
	json_str(j, "TYPEname", text_type(rr->type, type));
	json_uint(j, "CLASS", rr->class);
	json_str(j, "CLASSname", text_class(rr->class, text));
	json_uint(j, "TTL", rr->ttl);
	dig_rdata(&plain, m, rr, &data);
	/* RFC 8427 2.2: only what has a presentation form. */
	if (data.n && data.p[0] != '\\') {
		snprintf(key, sizeof(key), "rdata%s", type);
		json_str(j, key, data.p);
	}
	json_uint(j, "RDLENGTH", whole.n);
	put_hex(j, "RDATAHEX", whole);
	json_end(j);
}

static void put_section(
	struct json *j, const char *key, const struct msg *m, enum msg_section which)
{
	bool any = false;

	for (size_t i = 0; i < m->nrrs; i++) {
		if (m->rrs[i].section != which)
			continue;
		if (!any)
			json_array(j, key);
		any = true;
		put_record(j, m, &m->rrs[i]);
	}
	if (any)
		json_end(j);
}

static void put_header(struct json *j, const struct msg *m)
{
	static const struct {
		const char *key;
		uint16_t bit;
	} bits[] = { { "AA", FLAG_AA }, { "TC", FLAG_TC }, { "RD", FLAG_RD }, { "RA", FLAG_RA },
		{ "AD", FLAG_AD }, { "CD", FLAG_CD } };
	static const char *const counts[MSG_SECTIONS] = { "QDCOUNT", "ANCOUNT", "NSCOUNT",
		"ARCOUNT" };

	json_uint(j, "ID", m->id);
	json_uint(j, "QR", m->flags & FLAG_QR ? 1 : 0);
	json_uint(j, "Opcode", m->opcode);
	for (size_t i = 0; i < ARRAY_LEN(bits); i++)
		json_uint(j, bits[i].key, m->flags & bits[i].bit ? 1 : 0);
	json_uint(j, "RCODE", m->rcode);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		json_uint(j, counts[i], m->counts[i]);
}

/* RFC 8427 2.1 and 2.3: one question stands in the message itself, others in a list. */
static void put_message(struct json *j, const struct msg *m)
{
	json_uint(j, "msgLength", m->wire.n);
	if (m->has_header)
		put_header(j, m);
	if (m->nquestions == 1)
		put_question(j, &m->questions[0]);
	if (m->nquestions > 1) {
		json_array(j, "questionRRs");
		for (size_t i = 0; i < m->nquestions; i++) {
			char text[TEXT_MNEMONIC];

			json_object(j, NULL);
			put_name(j, "NAME", m->questions[i].name);
			json_uint(j, "TYPE", m->questions[i].type);
			json_str(j, "TYPEname", text_type(m->questions[i].type, text));
			json_uint(j, "CLASS", m->questions[i].class);
			json_str(j, "CLASSname", text_class(m->questions[i].class, text));
			json_end(j);
		}
		json_end(j);
	}
	put_section(j, "answerRRs", m, MSG_ANSWER);
	put_section(j, "authorityRRs", m, MSG_AUTHORITY);
	put_section(j, "additionalRRs", m, MSG_ADDITIONAL);
}

static void put_option(struct json *j, const struct edns_opt *o, struct span cookie)
{
	char name[TEXT_MNEMONIC];
	struct buf text = { .arena = j->out->arena };

	json_object(j, NULL);
	json_uint(j, "code", o->code);
	json_str(j, "name", text_option(o->code, name));
	dig_option(o, cookie, &text);
	json_str(j, "text", text.n ? text.p + 1 : "");
	if (o->code == EDNS_EDE && o->length >= 2) {
		uint16_t code = (uint16_t)(o->data[0] << 8 | o->data[1]);

		json_uint(j, "infoCode", code);
		if (text_ede(code))
			json_str(j, "purpose", text_ede(code));
		if (o->length > 2)
			json_strn(j, "extraText", (struct span){ o->data + 2, o->length - 2U });
	}
	put_hex(j, "hex", (struct span){ o->data, o->length });
	json_end(j);
}

static void put_edns(struct json *j, const struct observation *o)
{
	const struct edns *e = &o->msg->edns;

	json_object(j, "edns");
	json_uint(j, "version", e->version);
	json_uint(j, "flags", e->flags);
	json_uint(j, "udpSize", e->size);
	json_array(j, "options");
	for (size_t i = 0; i < e->nopts; i++)
		put_option(j, &e->opts[i], dig_sent_cookie(&o->ask));
	json_end(j);
	json_end(j);
}

static void put_address(struct json *j, const char *key, const char *port, const struct addr *a)
{
	char text[ADDR_TEXT];

	if (a->family == ADDR_NONE)
		return;
	json_str(j, key, addr_text(a, text));
	json_uint(j, port, a->port);
}

/* What RFC 8427 has no member for. */
static void put_own(struct json *j, const struct dig_view *v, const struct observation *o)
{
	struct buf text = { .arena = j->out->arena }, defects = { .arena = j->out->arena };

	json_object(j, "dnsfault");
	json_str(j, "outcome", outcome_slug((enum outcome)o->outcome));
	if (o->why)
		json_str(j, "why", why_slug((enum why)o->why));
	put_address(j, "server", "serverPort", &o->ask.server);
	put_address(j, "source", "sourcePort", &o->from);
	json_str(j, "transport", dig_transport(&o->ask));
	if (o->done > o->sent && o->sent)
		json_double(j, "milliseconds", (double)(o->done - o->sent) / 1e3);
	if (o->msg && o->msg->edns.present)
		put_edns(j, o);
	if (o->msg && o->msg->ndefects) {
		msg_defects_text(o->msg, &defects);
		json_str(j, "defects", buf_text(&defects));
	}
	if (v->show->meaning) {
		dig_meaning(v, o, &text);
		json_str(j, "meaning", buf_text(&text));
	}
	if (v->others)
		dig_vantages_json(j, v->others);
	json_end(j);
}

static void put_date(struct json *j, const struct dig_view *v, const struct observation *o)
{
	time_t seconds = (time_t)((o->done + (uint64_t)v->epoch) / 1000000);
	struct tm tm;
	char text[40];

	if (!o->done || !gmtime_r(&seconds, &tm))
		return;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_str(j, "dateString", text);
	json_int(j, "dateSeconds", (int64_t)seconds);
}

void dig_json(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	struct json j = { .out = out };
	bool pair = v->show->query;

	json_object(&j, NULL);
	put_date(&j, v, o);
	if (pair) {
		json_object(&j, "queryMessage");
		put_message(&j, dig_sent(out->arena, o));
		json_end(&j);
	}
	if (o->msg) {
		if (pair)
			json_object(&j, "responseMessage");
		put_message(&j, o->msg);
		if (pair)
			json_end(&j);
	} else if (!pair) {
		put_question(&j, &o->ask.question);
	}
	put_own(&j, v, o);
	json_end(&j);
	buf_char(out, '\n');
}

void dig_json_nobody(const struct dig_view *v, struct buf *out)
{
	struct json j = { .out = out };

	json_object(&j, NULL);
	json_object(&j, "dnsfault");
	json_str(&j, "outcome", outcome_slug(OUTCOME_NOT_SENT));
	if (v->others)
		dig_vantages_json(&j, v->others);
	json_end(&j);
	json_end(&j);
	buf_char(out, '\n');
}
