/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One look-up of many as one line. */
#include "render/record.h"

#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/json.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "render/finding_json.h"
#include "render/sweep_json.h"

enum { VERSION = 1, EDE_CODE = 2, SECOND = 1000000, USUAL = 480 /* octets of a line */ };

struct ruling {
	const char *slug;
	enum record_state state;
};

/* A reply, by what it means. */
static const struct ruling by_meaning[] = {
	[MEANS_ANSWER] = { "answer", RECORD_OK },
	[MEANS_ALIAS] = { "alias", RECORD_OK },
	[MEANS_NODATA] = { "nodata", RECORD_OK },
	[MEANS_REFERRAL] = { "referral", RECORD_OK },
	[MEANS_UPWARD] = { "upward-referral", RECORD_FAULT },
	[MEANS_NXDOMAIN] = { "nxdomain", RECORD_OK },
	[MEANS_SERVFAIL] = { "servfail", RECORD_FAULT },
	[MEANS_REFUSED] = { "refused", RECORD_FAULT },
	[MEANS_TRUNCATED] = { "truncated", RECORD_FAULT },
	[MEANS_OTHER_RCODE] = { "other-rcode", RECORD_FAULT },
	[MEANS_UNREADABLE] = { "malformed", RECORD_FAULT },
};

/* No reply, by what came instead. */
static const struct ruling by_outcome[] = {
	[OUTCOME_MALFORMED] = { "malformed", RECORD_FAULT },
	[OUTCOME_TIMEOUT] = { "timeout", RECORD_FAULT },
	[OUTCOME_ICMP] = { "icmp-error", RECORD_FAULT },
	[OUTCOME_REFUSED] = { "tcp-refused", RECORD_FAULT },
	[OUTCOME_RESET] = { "tcp-reset", RECORD_FAULT },
	[OUTCOME_CHANNEL] = { "channel", RECORD_FAULT },
	[OUTCOME_NOT_SENT] = { "not-sent", RECORD_UNDECIDED },
};

static const struct ruling unknown = { "unknown", RECORD_UNDECIDED };

static const struct {
	const char *slug;
	uint16_t bit;
} flags[] = { { "aa", FLAG_AA }, { "tc", FLAG_TC }, { "rd", FLAG_RD }, { "ra", FLAG_RA },
	{ "ad", FLAG_AD }, { "cd", FLAG_CD } };

static const struct msg *reply_of(const struct record *r)
{
	return !r->cannot && !r->report && r->o->outcome == OUTCOME_ANSWERED ? r->o->msg : NULL;
}

static const struct ruling *rule(const struct record *r)
{
	const struct msg *m = reply_of(r);
	const struct ruling *found = &unknown;

	if (m)
		return &by_meaning[msg_meaning(m, r->question, NULL)];
	if (r->o->outcome < ARRAY_LEN(by_outcome) && by_outcome[r->o->outcome].slug)
		found = &by_outcome[r->o->outcome];
	return found;
}

void record_judge(struct record *r)
{
	static const enum record_state states[] = {
		[VERDICT_OK] = RECORD_OK,
		[VERDICT_FAULT] = RECORD_FAULT,
		[VERDICT_UNDECIDED] = RECORD_UNDECIDED,
	};
	const struct verdict *v = r->report ? &r->report->verdict : NULL;
	const struct ruling *ruling = v || r->cannot ? NULL : rule(r);

	if (r->cannot) {
		r->state = RECORD_UNDECIDED;
		r->verdict = r->cannot;
		return;
	}
	r->state = v ? states[v->state] : ruling->state;
	r->verdict = ruling			    ? ruling->slug
		     : v->main			    ? v->main->id
		     : r->state == RECORD_UNDECIDED ? "undecided"
						    : "none";
}

const char *record_state_slug(enum record_state s)
{
	static const char *const slugs[RECORD_STATES] = { "ok", "fault", "undecided" };

	return slugs[s];
}

/* JSON. */

static void put_flags(struct json *j, const struct msg *m)
{
	json_array(j, "flags");
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (m->flags & flags[i].bit)
			json_str(j, NULL, flags[i].slug);
	json_end(j);
}

static void put_record(struct json *j, const struct msg *m, const struct rr *rr)
{
	char name[NAME_TEXT], type[TEXT_MNEMONIC];
	struct buf data = { .arena = j->out->arena };

	text_rdata(&data, m, rr);
	json_object(j, NULL);
	json_str(j, "name", rr->owner->len ? name_text(rr->owner, name) : "");
	json_str(j, "type", text_type(rr->type, type));
	json_uint(j, "ttl", rr->ttl);
	json_str(j, "data", buf_text(&data));
	json_end(j);
}

static void put_answers(struct json *j, const struct msg *m)
{
	bool any = false;

	for (size_t i = 0; i < m->nrrs; i++) {
		if (m->rrs[i].section != MSG_ANSWER)
			continue;
		if (!any)
			json_array(j, "answers");
		any = true;
		put_record(j, m, &m->rrs[i]);
	}
	if (any)
		json_end(j);
}

/* Extended errors (RFC 8914): code, its name, and what the server adds. */
static void put_errors(struct json *j, const struct msg *m)
{
	bool any = false;

	for (size_t i = 0; i < m->edns.nopts; i++) {
		const struct edns_opt *o = &m->edns.opts[i];
		uint16_t code;

		if (o->code != EDNS_EDE || o->length < EDE_CODE)
			continue;
		if (!any)
			json_array(j, "ede");
		any = true;
		code = (uint16_t)(o->data[0] << 8 | o->data[1]);
		json_object(j, NULL);
		json_uint(j, "code", code);
		if (text_ede(code))
			json_str(j, "name", text_ede(code));
		if (o->length > EDE_CODE)
			json_strn(j, "text",
				(struct span){ o->data + EDE_CODE, o->length - (size_t)EDE_CODE });
		json_end(j);
	}
	if (any)
		json_end(j);
}

static void put_message(struct json *j, const struct msg *m)
{
	char rcode[TEXT_MNEMONIC];

	json_str(j, "rcode", text_rcode(m->rcode, rcode));
	put_flags(j, m);
	put_errors(j, m);
	put_answers(j, m);
}

static void put_icmp(struct json *j, const struct icmp *icmp)
{
	char from[ADDR_TEXT];

	json_object(j, "icmp");
	json_uint(j, "type", icmp->type);
	json_uint(j, "code", icmp->code);
	json_str(j, "from", addr_text(&icmp->offender, from));
	json_end(j);
}

/* How it went: who was asked from where, how often, how long it took. */
static void put_way(struct json *j, const struct record *r)
{
	const struct observation *o = r->o;
	char server[ADDR_TEXT];

	json_str(j, "server", addr_text(&o->ask.server, server));
	json_uint(j, "port", o->ask.server.port);
	json_str(j, "transport", transport_slug((enum transport)o->ask.transport));
	if (o->from.port)
		json_uint(j, "source_port", o->from.port);
	if (o->outcome == OUTCOME_NOT_SENT)
		json_str(j, "why", why_slug((enum why)o->why));
	if (o->outcome == OUTCOME_ICMP)
		put_icmp(j, &o->icmp);
	if (r->truncated)
		json_bool(j, "truncated", true);
	json_uint(j, "tries", r->tries);
	if (r->late)
		json_uint(j, "late", r->late);
	if (o->outcome == OUTCOME_ANSWERED) {
		json_uint(j, "rtt", o->done - o->sent);
		json_uint(j, "size", o->size);
	}
	json_uint(j, "elapsed", r->elapsed);
}

static void put_time(struct json *j, const char *key, uint64_t when)
{
	time_t seconds = (time_t)(when / SECOND);
	struct tm tm;
	char text[32];

	if (when && gmtime_r(&seconds, &tm) &&
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		json_str(j, key, text);
}

void record_log_json(struct json *j, const struct record *r)
{
	if (!r->nlog)
		return;
	json_array(j, "log");
	for (size_t i = 0; i < r->nlog; i++) {
		const struct record_log *l = &r->log[i];

		json_object(j, NULL);
		json_str(j, "what", l->what);
		json_str(j, "how", l->how);
		if (l->theirs)
			json_bool(j, "theirs", true);
		if (l->reply)
			json_str(j, "reply", l->reply);
		if (l->by)
			json_str(j, "by", l->by);
		json_uint(j, "count", l->count);
		put_time(j, "first", l->first);
		put_time(j, "last", l->last);
		json_end(j);
	}
	json_end(j);
}

static void put_findings(struct json *j, const struct report *r)
{
	json_array(j, "findings");
	vec_each (const struct report_finding, x, r->findings) {
		const struct finding *f = x->finding;

		json_object(j, NULL);
		finding_json(j, f);
		json_double(j, "confidence", f->confidence);
		json_str(j, "summary", x->summary);
		json_end(j);
	}
	json_end(j);
}

static void put_report(struct json *j, const struct record *r)
{
	json_str(j, "probe", r->report->command);
	json_str(j, "where", where_slug(r->report->verdict.where));
	json_str(j, "summary", r->report->summary);
	put_findings(j, r->report);
	sweeps_json(j, r->report);
	if (r->report->untested.n)
		untested_json(j, r->report);
	json_uint(j, "tries", r->tries);
	json_uint(j, "elapsed", r->elapsed);
}

void record_json(const struct record *r, struct buf *out)
{
	struct json j = { .out = out };
	char name[NAME_TEXT], type[TEXT_MNEMONIC];

	(void)buf_room(out, USUAL);
	json_object(&j, NULL);
	json_uint(&j, "scan", VERSION);
	json_str(&j, "name", r->subject ? r->subject : name_text(r->question->name, name));
	if (!r->subject)
		json_str(&j, "type", text_type(r->question->type, type));
	json_str(&j, "state", record_state_slug(r->state));
	json_str(&j, "verdict", r->verdict);
	if (r->cannot)
		json_str(&j, "why", r->why);
	if (reply_of(r))
		put_message(&j, reply_of(r));
	if (r->report)
		put_report(&j, r);
	else if (!r->cannot)
		put_way(&j, r);
	record_log_json(&j, r);
	json_end(&j);
	buf_char(out, '\n');
}

/* CSV. */

/* RFC 4180 2: quoted when it has to be. Spreadsheets run what begins as a formula: quotes do not
 * stop them, a blank in front does. */
void record_csv_field(struct buf *out, const char *text)
{
	bool formula = *text && strchr("=+-@", *text);

	if (out->n && out->p[out->n - 1] != '\n')
		buf_char(out, ',');
	if (!strpbrk(text, ",\"\r\n")) {
		buf_str(out, formula ? " " : "");
		buf_str(out, text);
		return;
	}
	buf_str(out, formula ? "\" " : "\"");
	for (; *text; text++) {
		if (*text == '"')
			buf_char(out, '"');
		buf_char(out, *text);
	}
	buf_char(out, '"');
}

static void put_number(struct buf *out, uint64_t v)
{
	buf_printf(out, ",%llu", (unsigned long long)v);
}

void record_csv_head(struct buf *out)
{
	buf_str(out,
		"name,type,state,verdict,rcode,answers,first,server,port,transport,source_port,"
		"tries,rtt,elapsed,logged\n");
}

/* How many records answer, and the data of the first one of the type that was asked for. */
static void put_counted(struct buf *out, const struct record *r, const struct msg *m)
{
	struct buf first = { .arena = out->arena };
	uint64_t n = 0;

	for (size_t i = 0; m && i < m->nrrs; i++) {
		if (m->rrs[i].section != MSG_ANSWER)
			continue;
		n++;
		if (!first.n && m->rrs[i].type == r->question->type)
			text_rdata(&first, m, &m->rrs[i]);
	}
	put_number(out, n);
	record_csv_field(out, buf_text(&first));
}

/* How many lines of logs. */
static void put_logged(struct buf *out, const struct record *r)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->nlog; i++)
		n += r->log[i].count;
	put_number(out, n);
}

/* In the place of the answers: what was found, and its summary. */
static void put_report_fields(struct buf *out, const struct record *r)
{
	record_csv_field(out, where_slug(r->report->verdict.where));
	put_number(out, r->report->findings.n);
	record_csv_field(out, r->report->summary);
	buf_str(out, ",,,,");
	put_number(out, r->tries);
	buf_str(out, ",");
	put_number(out, r->elapsed);
	put_logged(out, r);
	buf_char(out, '\n');
}

void record_csv(const struct record *r, struct buf *out)
{
	const struct msg *m = reply_of(r);
	const struct observation *o = r->o;
	char name[NAME_TEXT], type[TEXT_MNEMONIC], rcode[TEXT_MNEMONIC], server[ADDR_TEXT];

	record_csv_field(out, r->subject ? r->subject : name_text(r->question->name, name));
	record_csv_field(out, r->subject ? "" : text_type(r->question->type, type));
	record_csv_field(out, record_state_slug(r->state));
	record_csv_field(out, r->verdict);
	if (r->cannot) {
		buf_str(out, ",,,,,,,,,,,\n");
		return;
	}
	if (r->report) {
		put_report_fields(out, r);
		return;
	}
	record_csv_field(out, m ? text_rcode(m->rcode, rcode) : "");
	put_counted(out, r, m);
	record_csv_field(out, addr_text(&o->ask.server, server));
	put_number(out, o->ask.server.port);
	record_csv_field(out, transport_slug((enum transport)o->ask.transport));
	put_number(out, o->from.port);
	put_number(out, r->tries);
	put_number(out, m ? o->done - o->sent : 0);
	put_number(out, r->elapsed);
	put_logged(out, r);
	buf_char(out, '\n');
}
