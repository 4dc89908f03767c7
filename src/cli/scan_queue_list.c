/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job list of a scan that a queue does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/vec.h"
#include "cli/scan_queue_inner.h"
#include "cli/scan_work.h"
#include "dns/rr.h"
#include "dns/text.h"

enum {
	QJOBS_MOST = 128,   /* that wait or are being done: what back-pressure is */
	NAMES_LOOKUP = 500, /* in a job */
	NAMES_PROBE = 50,   /* ... where each takes many queries */
	SLOW = 1000000,	    /* µs for which a job is filled, at most */
	SCAN_ID = 8,	    /* octets */
	DNS_PORT = 53,
	TURN = 20000, /* names read in one go */
};

/* As the agent's list wants it: the '#' of a name would begin a comment or a port. */
static const char *line_of(struct arena *a, const struct names_item *item)
{
	const struct question *q = &item->question;
	char name[NAME_TEXT], type[TEXT_MNEMONIC];
	struct buf b = { .arena = a };

	if (item->server.family != ADDR_NONE)
		return arena_str(a, scan_work_subject(item, name));
	for (const char *p = name_text(q->name, name); *p; p++)
		if (*p == '#')
			buf_str(&b, "\\035");
		else
			buf_char(&b, *p);
	if (q->type)
		buf_printf(&b, " %s", text_type(q->type, type));
	return buf_text(&b);
}

const char *qlist_key(struct arena *a, const struct names_item *item)
{
	struct name lower = name_lower(item->question.name);
	struct names_item as = *item;
	char server[NAME_TEXT];

	if (!item->question.type)
		return arena_str(a, scan_work_subject(item, server));
	as.question.name = &lower;
	return line_of(a, &as);
}

/*
 * A line back: what was written by line_of(), or stands in a database that anybody wrote. type:
 * where lines have one.
 */
static bool read_line(struct arena *a, const char *line, bool type, struct names_item *ret)
{
	const char *end = type ? strchr(line, ' ') : line + strlen(line);
	struct name name = { 0 };

	*ret = (struct names_item){ .question.class = CLASS_IN };
	if (!end || (type && text_parse_type(end + 1, &ret->question.type) < 0))
		return false;
	if ((type || addr_parse_port(line, &ret->server) < 0) &&
		name_parse(arena_strn(a, line, (size_t)(end - line)), &name) < 0)
		return false;
	if (ret->server.family != ADDR_NONE && !ret->server.port)
		ret->server.port = DNS_PORT;
	ret->question.name = name_keep(a, &name);
	return true;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Jobs. */

static struct qjob *job_new(struct qlist *l, int64_t id)
{
	struct arena *a = arena_new();
	struct qjob *j = arena_alloc(a, sizeof(*j)), **end = &l->first;

	j->arena = a;
	j->id = id;
	while (*end)
		end = &(*end)->next;
	*end = j;
	l->n++;
	return j;
}

static void job_free(struct qlist *l, struct qjob *j)
{
	struct qjob **at = &l->first;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	l->n--;
	qtake_drop(l, j);
	arena_free(j->arena);
}

static void add_key(struct qjob *j, const struct names_item *item)
{
	vec_push(j->arena, &j->keys, qlist_key(j->arena, item));
}

static void sort_keys(struct qjob *j)
{
	qsort(j->keys.v, j->keys.n, sizeof(*j->keys.v), by_text);
}

static bool are_servers(const struct qlist *l)
{
	return scan_probe_table[l->conf.run->settings.probe].servers;
}

/* What servers under test are asked for, and from which ports. */
static void want_words(const struct qlist *l, struct arena *a, struct form_job *job)
{
	const struct settings *s = &l->conf.run->settings;
	char name[NAME_TEXT];

	if (are_servers(l) && s->qname)
		job->name = arena_str(a, name_text(s->qname, name));
	if (are_servers(l) && s->types.n)
		job->type = s->types.v[0];
	job->ports = settings_ports_text(a, s);
}

/* What agents are asked for besides names. */
static struct form_job wanted(const struct qlist *l, struct arena *a)
{
	const struct settings *s = &l->conf.run->settings, usual = settings_defaults();
	struct form_job job = { .scan = l->scan, .probe = scan_probe_table[s->probe].slug };
	char text[ADDR_TEXT];

	want_words(l, a, &job);
	job.numbers.family = s->v4_only ? 4 : s->v6_only ? 6 : 0;
	/* As much as a message can say. */
	if (s->scan_rate.given)
		job.numbers.rate = s->scan_rate.v < RATE_MOST ? (int64_t)s->scan_rate.v : RATE_MOST;
	if (!s->scan_rate.given && s->rate != usual.rate)
		job.numbers.rate = s->rate;
	job.numbers.budget = s->budget;
	job.numbers.timeout = s->timeout != usual.timeout ? s->timeout : 0;
	job.numbers.tries = s->tries != usual.tries ? s->tries : 0;
	job.numbers.concurrency = s->concurrency != usual.concurrency ? s->concurrency : 0;
	vec_each (struct addr, server, *l->conf.servers)
		vec_push(a, &job.servers, arena_str(a, addr_text_port(server, text)));
	return job;
}

/* The job that is being filled is cut, and known to the database before anybody else knows it. */
static void cut(struct qlist *l)
{
	struct qjob *j = l->filling;
	struct buf text = { .arena = j->arena };
	struct form_job form = wanted(l, j->arena);

	form.job = j->id;
	form.names = l->names;
	form_job_write(&form, &text);
	j->text = buf_span(&text);
	sort_keys(j);
	if (l->db) {
		db_jobs_add(l->db, j->id, j->text);
		(void)scan_db_commit(l->conf.out->db);
	}
	l->filling = NULL;
	l->names = (struct form_texts){ 0 };
}

static void put_name(struct qlist *l, const struct names_item *item, uint64_t now)
{
	size_t most = l->conf.run->settings.probe ? NAMES_PROBE : NAMES_LOOKUP;

	if (!l->filling) {
		l->filling = job_new(l, l->db ? db_jobs_next(l->db) : l->next++);
		l->filling_since = now;
	}
	add_key(l->filling, item);
	vec_push(l->filling->arena, &l->names, line_of(l->filling->arena, item));
	if (l->names.n == most)
		cut(l);
}

static bool is_pending(struct qlist *l, const struct names_item *item)
{
	return l->db && db_jobs_pends(l->db, qlist_key(l->conf.out->scratch, item));
}

void qlist_fill(struct qlist *l, uint64_t now)
{
	struct names_item item;
	enum bulk_more more = BULK_ONE;

	for (int i = 0; i < TURN && !l->ended && l->n <= QJOBS_MOST; i++) {
		more = l->conf.more(l->conf.user, &item);
		if (more != BULK_ONE)
			break;
		arena_reset(l->conf.out->scratch);
		if (!is_pending(l, &item))
			put_name(l, &item, now);
	}
	l->ended |= more == BULK_END;
	if (l->filling && (l->ended || now - l->filling_since >= SLOW))
		cut(l);
}

struct qjob *qlist_find(struct qlist *l, int64_t id)
{
	struct qjob *j = l->first;

	while (j && j->id != id)
		j = j->next;
	return j != l->filling ? j : NULL;
}

void qlist_done(struct qlist *l, struct qjob *j)
{
	if (l->db) {
		db_jobs_done(l->db, j->id);
		(void)scan_db_commit(l->conf.out->db);
	}
	job_free(l, j);
}

bool qlist_finished(const struct qlist *l)
{
	for (const struct qjob *j = l->first; j; j = j->next)
		if (!j->given_up)
			return false;
	return l->ended;
}

uint64_t qlist_left(const struct qlist *l)
{
	uint64_t n = 0;

	for (const struct qjob *j = l->first; j; j = j->next)
		n += j->keys.n;
	return n;
}

/* Going on. */

/* A job of before. What became known since, by a run without queue, does no harm: it is replaced.
 */
static void take_up(void *user, int64_t id, struct span text)
{
	struct qlist *l = user;
	struct qjob *j = job_new(l, id);
	struct form_job form;
	const char *why;
	struct names_item item;

	j->text.p = arena_dup(j->arena, text.p, text.n);
	j->text.n = text.n;
	if (form_job_read(j->arena, j->text, &form, &why) < 0) {
		job_free(l, j);
		return;
	}
	for (size_t i = 0; i < form.names.n; i++) {
		if (!read_line(j->arena, form.names.v[i], !are_servers(l), &item))
			continue;
		add_key(j, &item);
		db_jobs_pend(l->db, qlist_key(j->arena, &item));
	}
	sort_keys(j);
}

static const char *new_scan(struct arena *a, struct rng *rng)
{
	uint64_t id = rng_u64(rng);

	return hex_text(a, (struct span){ (const uint8_t *)&id, SCAN_ID });
}

int qlist_open(
	struct arena *a, const struct scan_queue_conf *conf, struct qlist *l, bool *ret_resumed)
{
	const struct settings *s = &conf->run->settings;
	struct db_jobs_conf db = { conf->out->db, s->resume };

	*l = (struct qlist){ .conf = *conf, .next = 1 };
	*ret_resumed = false;
	if (db.db && db_jobs_open(a, &db, &l->db, &l->scan) < 0)
		return run_complain(conf->run, "--db %s: %s", s->db, scan_db_error(db.db)),
		       -ERR_OPEN;
	/* Of the form that the queue can have. */
	if (l->scan && form_is_id(l->scan)) {
		*ret_resumed = true;
		db_jobs_each(l->db, take_up, l);
		return 0;
	}
	l->scan = new_scan(a, &conf->run->rng);
	if (l->db) {
		db_jobs_begin(l->db, l->scan);
		(void)scan_db_commit(db.db);
	}
	return 0;
}

void qlist_close(struct qlist *l)
{
	while (l->first)
		job_free(l, l->first);
	db_jobs_close(l->db);
}
