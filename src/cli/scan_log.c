/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of a scan from logs. */
#include "cli/scan_log.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/vec.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "intake/maillog.h"
#include "intake/pcapfails.h"
#include "intake/resolverlog.h"

enum { QUESTION_TEXT = NAME_TEXT + TEXT_MNEMONIC + 3, SECOND = 1000000 };

struct scan_log {
	struct arena *arena;
	struct logfails *fails;
	struct logread *mail, *resolver;
	struct pcapfails *captures;
	size_t nlogs, ncaptures;
	struct logfail_domain **list;
	size_t at;			   /* of list: the next whose lines are to be given */
	const struct logfail_row *row;	   /* of it */
	char line[QUESTION_TEXT];	   /* that is being given… */
	size_t line_at, line_n;		   /* … and how far */
	struct VEC(const char *) troubles; /* files that were read in part */
};

static struct logstamp_clock here(void)
{
	time_t now = time(NULL);
	struct tm tm = { 0 };

	localtime_r(&now, &tm);
	return (struct logstamp_clock){ (uint64_t)now * SECOND, (int32_t)tm.tm_gmtoff };
}

static int read_files(
	struct scan_log *l, struct logread *r, const struct opt_texts *files, const char **ret_why)
{
	for (size_t i = 0; i < files->n; i++) {
		const char *why = NULL;

		if (logread_file(r, files->v[i], &why) < 0) {
			*ret_why = arena_printf(l->arena, "%s: %s", files->v[i], strerror(errno));
			return -ERR_OPEN;
		}
		/* What was read before counts. */
		if (why)
			vec_push(l->arena, &l->troubles,
				arena_printf(l->arena, "%s: %s", files->v[i], why));
	}
	return 0;
}

static int read_captures(struct scan_log *l, const struct opt_texts *files, const char **ret_why)
{
	for (size_t i = 0; i < files->n; i++) {
		const char *why = NULL;

		if (pcapfails_file(l->captures, files->v[i], &why) < 0) {
			*ret_why = arena_printf(l->arena, "%s: %s", files->v[i], strerror(errno));
			return -ERR_OPEN;
		}
		if (why)
			vec_push(l->arena, &l->troubles,
				arena_printf(l->arena, "%s: %s", files->v[i], why));
	}
	return 0;
}

int scan_log_read(struct arena *a, const struct scan_log_files *files, struct scan_log **ret,
	const char **ret_why)
{
	struct scan_log *l = arena_alloc(a, sizeof(*l));
	struct logstamp_clock clock = here();
	int err;

	l->arena = a;
	l->fails = logfails_new(a, SCAN_LOG_DOMAINS, files->rng);
	l->mail = maillog_new(a, l->fails, &clock);
	l->resolver = resolverlog_new(a, l->fails, &clock);
	l->captures = pcapfails_new(a, l->fails, files->rng);
	l->nlogs = files->mail->n + files->resolver->n;
	l->ncaptures = files->captures->n;
	*ret = l;
	err = read_files(l, l->mail, files->mail, ret_why);
	if (!err)
		err = read_files(l, l->resolver, files->resolver, ret_why);
	if (!err)
		err = read_captures(l, files->captures, ret_why);
	if (!err)
		l->list = logfails_sorted(l->fails, a);
	return err;
}

void scan_log_free(struct scan_log *l)
{
	if (!l)
		return;
	logread_free(l->mail);
	logread_free(l->resolver);
	pcapfails_free(l->captures);
}

static uint16_t type_of(const struct logfail_row *r)
{
	return r->type ? r->type : RR_MX;
}

static bool is_failure(const struct logfail_row *r)
{
	return r->what != LOGFAIL_NULL_MX && r->what != LOGFAIL_MX_LOOP;
}

/* It asks for what an earlier one of the domain does. */
static bool is_repeated(const struct logfail_domain *d, const struct logfail_row *r)
{
	for (const struct logfail_row *x = d->rows; x != r; x = x->next)
		if (is_failure(x) && type_of(x) == type_of(r))
			return true;
	return false;
}

/* The next line; false: there is none any more. */
static bool next_line(struct scan_log *l)
{
	while (l->at < l->fails->domains) {
		const struct logfail_domain *d = l->list[l->at];
		const struct logfail_row *r = l->row ? l->row->next : d->rows;
		char name[NAME_TEXT], type[TEXT_MNEMONIC];

		l->row = r;
		l->at += !r;
		if (!r || !is_failure(r) || is_repeated(d, r))
			continue;
		l->line_n = (size_t)snprintf(l->line, sizeof(l->line), "%s %s\n",
			name_text(d->name, name), text_type(type_of(r), type));
		l->line_at = 0;
		return true;
	}
	return false;
}

ptrdiff_t scan_log_lines(void *log, char *to, size_t most)
{
	struct scan_log *l = log;
	size_t n = 0;

	while (n < most && (l->line_at < l->line_n || next_line(l))) {
		size_t left = l->line_n - l->line_at, part = left < most - n ? left : most - n;

		memcpy(to + n, l->line + l->line_at, part);
		l->line_at += part;
		n += part;
	}
	return (ptrdiff_t)n;
}

static const char *reply_text(const struct logfail_reply *r, struct arena *a)
{
	char room[TEXT_MNEMONIC];

	if (r->came == LOGFAIL_REPLY_RCODE)
		return arena_str(a, text_rcode(r->rcode, room));
	return r->came == LOGFAIL_REPLY_NONE   ? "none"
	       : r->came == LOGFAIL_REPLY_ICMP ? "icmp-error"
					       : NULL;
}

static const char *addr_or_none(const struct addr *by, struct arena *a)
{
	char room[ADDR_TEXT];

	return by->family == ADDR_NONE ? NULL : arena_str(a, addr_text(by, room));
}

const struct record_log *scan_log_of(
	const struct scan_log *l, const struct question *q, struct arena *scratch, size_t *ret_n)
{
	struct name lower = name_lower(q->name);
	const struct logfail_domain *d = logfails_find(l->fails, &lower);
	struct VEC(struct record_log) list = { 0 };

	for (const struct logfail_row *r = d ? d->rows : NULL; r; r = r->next)
		if (is_failure(r) && type_of(r) == q->type)
			vec_push(scratch, &list,
				(struct record_log){
					logfail_what_text((enum logfail_what)r->what),
					logfail_how_text((enum logfail_how)r->how),
					r->theirs,
					reply_text(&r->reply, scratch),
					addr_or_none(&r->by, scratch),
					r->count,
					r->first,
					r->last,
				});
	*ret_n = list.n;
	return list.v;
}

static void sum_logs(struct scan_log *l, struct buf *out)
{
	const struct logread_tally *m = logread_tally(l->mail), *r = logread_tally(l->resolver);

	buf_printf(out, "  logs: %llu lines, %llu of them tell of failed look-ups",
		(unsigned long long)m->lines + r->lines,
		(unsigned long long)m->telling + r->telling);
}

/* What nobody can tell is said as well: where a capture begins and ends, and what was no room for.
 */
static void sum_captures(struct scan_log *l, struct buf *out)
{
	const struct pcapfails_tally t = pcapfails_tally(l->captures);
	const struct {
		uint64_t n;
		const char *what;
	} rest[] = {
		{ t.asked.late, "queries stood at the end of the capture, without a reply yet" },
		{ t.asked.strays, "replies are to queries that are not in it" },
		{ t.asked.torn, "queries are of connections that are there in part" },
		{ t.asked.given_up, "queries were given up: too many waited at once" },
		{ t.asked.other, "queries are no look-ups" },
		{ t.unread, "messages could not be read" },
	};

	buf_printf(out,
		"  captures: %llu packets, %llu look-ups: %llu got a failure, %llu no reply",
		(unsigned long long)t.packets, (unsigned long long)t.asked.queries,
		(unsigned long long)t.asked.failed, (unsigned long long)t.asked.silent);
	for (size_t i = 0; i < ARRAY_LEN(rest); i++)
		if (rest[i].n)
			buf_printf(out, "\n  left out: %llu %s", (unsigned long long)rest[i].n,
				rest[i].what);
}

void scan_log_sum(struct scan_log *l, struct buf *out)
{
	if (l->nlogs)
		sum_logs(l, out);
	if (l->nlogs && l->ncaptures)
		buf_char(out, '\n');
	if (l->ncaptures)
		sum_captures(l, out);
	buf_printf(out, "%s of %zu names\n", l->ncaptures ? "\n  failures are" : ",",
		l->fails->domains);
	if (l->fails->left_out)
		buf_printf(out,
			"  %llu failures are left out: more than %d names, or ways to fail\n",
			(unsigned long long)l->fails->left_out, SCAN_LOG_DOMAINS);
	vec_each (const char *, t, l->troubles)
		buf_printf(out, "  read in part: %s\n", *t);
}
