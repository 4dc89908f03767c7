/* SPDX-License-Identifier: GPL-3.0-or-later */
/* +yaml: messages as dig 9.18 lays them out, but such that every reader takes them. */
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "render/dig_page.h"

struct yaml {
	const struct dig_view *v;
	const struct observation *o;
	const struct msg *m;
	bool reply;
	struct buf *out;
};

/* "    key: ", two blanks a level. */
static void key(const struct yaml *y, unsigned int level, const char *name)
{
	buf_printf(y->out, "%*s%s:", (int)level * 2, "", name);
}

static void line(const struct yaml *y, unsigned int level, const char *name, const char *text)
{
	key(y, level, name);
	buf_printf(y->out, "%s%s\n", *text ? " " : "", text);
}

static void number(const struct yaml *y, unsigned int level, const char *name, unsigned int n)
{
	key(y, level, name);
	buf_printf(y->out, " %u\n", n);
}

/* Text in single quotes, in which only the quote itself is doubled. */
static void quoted(struct buf *out, const char *text)
{
	buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_char(out, '\'');
		buf_char(out, *text);
	}
	buf_char(out, '\'');
}

/* A plain scalar, or a quoted one when a reader would take it for something else (YAML 1.2, 7.3.3).
 */
static void scalar(struct buf *out, const char *text)
{
	size_t n = strlen(text);

	if (strstr(text, ": ") || strstr(text, " #") || (n && text[n - 1] == ':') ||
		strchr("'\"#&*!|>%@`[]{},?-", text[0]))
		quoted(out, text);
	else
		buf_str(out, text);
}

static void put_time(const struct yaml *y, const char *name, uint64_t at)
{
	uint64_t wall = at + (uint64_t)y->v->epoch;
	time_t seconds = (time_t)(wall / 1000000);
	struct tm tm;
	char text[40] = "";

	if (!at || !gmtime_r(&seconds, &tm))
		return;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	key(y, 2, name);
	if (y->v->show->usec)
		buf_printf(y->out, " !!timestamp %s.%06uZ\n", text, (unsigned int)(wall % 1000000));
	else
		buf_printf(y->out, " !!timestamp %s.%03uZ\n", text,
			(unsigned int)(wall % 1000000 / 1000));
}

static void put_address(
	const struct yaml *y, const char *name, const char *port, const struct addr *a)
{
	char text[ADDR_TEXT];

	if (a->family == ADDR_NONE)
		return;
	addr_text(a, text);
	key(y, 2, name);
	/* As dig does it: nothing that ends in a colon. */
	buf_printf(y->out, " \"%s%s\"\n", text, text[strlen(text) - 1] == ':' ? "0" : "");
	number(y, 2, port, a->port);
}

static void put_header(const struct yaml *y)
{
	static const char *const counts[2][MSG_SECTIONS] = {
		{ "QUESTION", "ANSWER", "AUTHORITY", "ADDITIONAL" },
		{ "ZONE", "PREREQ", "UPDATE", "ADDITIONAL" },
	};
	const struct msg *m = y->m;
	char text[TEXT_MNEMONIC];

	line(y, 3, "opcode", text_opcode(m->opcode, text));
	line(y, 3, "status", text_rcode(m->rcode, text));
	number(y, 3, "id", m->id);
	key(y, 3, "flags");
	dig_flags(m->flags, y->out);
	buf_char(y->out, '\n');
	if (m->flags & FLAG_Z)
		line(y, 3, "MBZ", "0x4");
	for (size_t i = 0; i < MSG_SECTIONS; i++)
		number(y, 3, counts[m->opcode == OPCODE_UPDATE][i], m->counts[i]);
}

/* RFC 8914: code and text are fields of their own. */
static bool put_ede(const struct yaml *y, const struct edns_opt *o, unsigned int level)
{
	struct buf text = { .arena = y->out->arena };
	uint16_t code;
	const char *name;

	if (o->length < 2)
		return false;
	code = (uint16_t)(o->data[0] << 8 | o->data[1]);
	name = text_ede(code);
	key(y, level, "INFO-CODE");
	buf_printf(y->out, " %u", code);
	if (name)
		buf_printf(y->out, " (%s)", name);
	buf_char(y->out, '\n');
	if (o->length == 2)
		return true;
	text_safe(&text, (struct span){ o->data + 2, o->length - 2U });
	key(y, level, "EXTRA-TEXT");
	buf_str(y->out, " \"");
	for (const char *p = buf_text(&text); *p; p++) {
		if (*p == '"' || *p == '\\')
			buf_char(y->out, '\\');
		buf_char(y->out, *p);
	}
	buf_str(y->out, "\"\n");
	return true;
}

static bool is_first(const struct edns *e, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (e->opts[j].code == e->opts[i].code)
			return false;
	return true;
}

static size_t count(const struct edns *e, uint16_t code)
{
	size_t n = 0;

	for (size_t i = 0; i < e->nopts; i++)
		n += e->opts[i].code == code;
	return n;
}

static void put_option(const struct yaml *y, const struct edns_opt *o, bool several)
{
	struct buf value = { .arena = y->out->arena };
	size_t at = y->out->n;

	if (several)
		buf_printf(y->out, "%*s-\n", 12, "");
	else
		buf_char(y->out, '\n');
	if (o->code == EDNS_EDE && put_ede(y, o, several ? 7 : 6))
		return;
	y->out->n = at;
	dig_option(o, y->reply ? dig_sent_cookie(&y->o->ask) : (struct span){ 0 }, &value);
	if (several)
		buf_printf(y->out, "%*s-", 12, "");
	if (value.n) {
		buf_char(y->out, ' ');
		scalar(y->out, value.p + 1);
	}
	buf_char(y->out, '\n');
}

/* Options of one code that come several times are a list: no key may stand twice in a map. */
static void put_options(const struct yaml *y, const struct edns *e, size_t first)
{
	uint16_t code = e->opts[first].code;
	bool several = count(e, code) > 1;
	char name[TEXT_MNEMONIC];

	text_option(code, name);
	key(y, 5, code == EDNS_KEEPALIVE ? "TCP-KEEPALIVE" : name);
	if (several)
		buf_char(y->out, '\n');
	for (size_t i = first; i < e->nopts; i++)
		if (e->opts[i].code == code)
			put_option(y, &e->opts[i], several);
}

static void put_edns(const struct yaml *y)
{
	const struct edns *e = &y->m->edns;
	uint16_t unknown = e->flags & (uint16_t) ~(EDNS_DO | EDNS_CO);

	if (!e->present || !y->v->show->comments)
		return;
	line(y, 3, "OPT_PSEUDOSECTION", "");
	line(y, 4, "EDNS", "");
	number(y, 5, "version", e->version);
	key(y, 5, "flags");
	buf_printf(
		y->out, "%s%s\n", e->flags & EDNS_DO ? " do" : "", e->flags & EDNS_CO ? " co" : "");
	if (unknown) {
		key(y, 5, "MBZ");
		buf_printf(y->out, " 0x%04x\n", unknown);
	}
	number(y, 5, "udp", e->size);
	for (size_t i = 0; i < e->nopts; i++)
		if (is_first(e, i))
			put_options(y, e, i);
}

static void put_questions(const struct yaml *y)
{
	char class[TEXT_MNEMONIC], type[TEXT_MNEMONIC], name[NAME_TEXT];

	if (!y->v->show->question || !y->m->nquestions)
		return;
	line(y, 3, y->m->opcode == OPCODE_UPDATE ? "ZONE_SECTION" : "QUESTION_SECTION", "");
	for (size_t i = 0; i < y->m->nquestions; i++) {
		const struct question *q = &y->m->questions[i];
		char *text = arena_printf(y->out->arena, "%s %s %s",
			q->name->len ? dig_name_text(y->v->show, q->name, name) : "?",
			text_class(q->class, class), text_type(q->type, type));

		buf_printf(y->out, "%*s- ", 8, "");
		quoted(y->out, text);
		buf_char(y->out, '\n');
	}
}

static void put_record(const struct yaml *y, const struct rr *rr)
{
	/* As in dig, options for the eye do not count here. */
	struct dig_show show = { .yaml = true,
		.crypto = true,
		.split = y->v->show->split,
		.localize = y->v->show->localize };
	struct buf text = { .arena = y->out->arena };
	char word[NAME_TEXT];

	buf_printf(&text, "%s", rr->owner->len ? dig_name_text(&show, rr->owner, word) : "?");
	buf_printf(&text, " %u", rr->ttl);
	buf_printf(&text, " %s", text_class(rr->class, word));
	buf_printf(&text, " %s ", text_type(rr->type, word));
	dig_rdata(&show, y->m, rr, &text);
	buf_printf(y->out, "%*s- ", 8, "");
	quoted(y->out, buf_text(&text));
	buf_char(y->out, '\n');
}

static void put_section(const struct yaml *y, enum msg_section which)
{
	static const char *const names[2][MSG_SECTIONS] = {
		{ "QUESTION_SECTION", "ANSWER_SECTION", "AUTHORITY_SECTION", "ADDITIONAL_SECTION" },
		{ "ZONE_SECTION", "PREREQUISITE_SECTION", "UPDATE_SECTION", "ADDITIONAL_SECTION" },
	};
	const char *name = names[y->m->opcode == OPCODE_UPDATE][which];
	bool any = false;

	for (size_t i = 0; i < y->m->nrrs; i++) {
		const struct rr *rr = &y->m->rrs[i];

		if (!dig_shown(rr, which))
			continue;
		if (!any)
			line(y, 3, name, "");
		any = true;
		put_record(y, rr);
	}
}

static void put_meaning(const struct yaml *y, unsigned int level)
{
	struct buf text = { .arena = y->out->arena };

	if (!y->v->show->meaning)
		return;
	dig_meaning(y->v, y->o, &text);
	key(y, level, "meaning");
	buf_char(y->out, ' ');
	quoted(y->out, buf_text(&text));
	buf_char(y->out, '\n');
}

static void put_message(const struct yaml *y)
{
	const struct dig_show *show = y->v->show;

	put_header(y);
	put_edns(y);
	put_questions(y);
	if (show->answer)
		put_section(y, MSG_ANSWER);
	if (show->authority)
		put_section(y, MSG_AUTHORITY);
	if (show->additional)
		put_section(y, MSG_ADDITIONAL);
}

void dig_yaml(const struct dig_view *v, const struct observation *o, bool reply, struct buf *out)
{
	/* Whether recursion was asked for and given. */
	static const char *const types[2][2] = { { "AUTH_QUERY", "RECURSIVE_QUERY" },
		{ "AUTH_RESPONSE", "RECURSIVE_RESPONSE" } };
	struct yaml y = { v, o, reply ? o->msg : dig_sent(out->arena, o), reply, out };
	uint16_t need = reply ? FLAG_RD | FLAG_RA : FLAG_RD;

	buf_str(out, "- type: MESSAGE\n  message:\n");
	line(&y, 2, "type", types[reply][(y.m->flags & need) == need]);
	put_time(&y, "query_time", o->sent);
	if (reply)
		put_time(&y, "response_time", o->done);
	key(&y, 2, "message_size");
	buf_printf(out, " %zub\n", reply ? (size_t)o->size : y.m->wire.n);
	line(&y, 2, "socket_family", o->ask.server.family == ADDR_V6 ? "INET6" : "INET");
	line(&y, 2, "socket_protocol", dig_transport(&o->ask));
	put_address(&y, "response_address", "response_port", &o->ask.server);
	put_address(&y, "query_address", "query_port", &o->from);
	line(&y, 2, reply ? "response_message_data" : "query_message_data", "");
	put_message(&y);
	if (reply)
		put_meaning(&y, 2);
}

void dig_yaml_error(
	const struct dig_view *v, const struct observation *o, const char *text, struct buf *out)
{
	struct yaml y = { v, o, NULL, false, out };

	buf_printf(out, "- type: DIG_ERROR\n  message: |\n    %s\n", text);
	put_meaning(&y, 1);
}
