/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * agent --queue URL --site NAME: does jobs of scans and questions of diagnoses. One thread: it
 * looks after one child for a job and one for a question, and after the queue.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/hex.h"
#include "cli/agent_argv.h"
#include "cli/agent_spool.h"
#include "cli/child.h"
#include "cli/digargs.h"
#include "cli/file.h"
#include "cli/pump.h"
#include "cli/run.h"
#include "cli/verb.h"
#include "net/loop.h"

enum {
	NAP = 10000,		 /* µs */
	TAKE_WAIT = 100,	 /* ms */
	RETRY = 500000,		 /* µs until what the queue refused is tried again */
	CONNECT_RETRY = 1000000, /* µs */
	RENEW = QUEUE_LEASE * 1000000 / 3,
	LEFT_EVERY = 10 * 1000000,
	HANDED_MOST = 10, /* times, then it is no job but a trap */
	JOB_RUN_ID = 8,	  /* octets */
};

/* What a child may take, in µs: a job, a question. */
static const uint64_t job_life = 3600ULL * 1000000, question_life = 900ULL * 1000000;

/* What is being done. */
struct work {
	struct arena *arena;	 /* NULL: nothing is */
	struct queue_item *item; /* its message */
	struct form_piece piece; /* what becomes of it */
	struct child child;
	bool finished; /* and is to be sent */
	bool dig;      /* the child ends with dig's exit codes */
	uint64_t began, renewed, next_try;
};

struct agent {
	struct run *run;
	struct queue *q;
	struct spool spool;
	struct work job, question;
	uint64_t next_take, next_left;
	const volatile sig_atomic_t *stop;
	bool said; /* that the queue does not do what is wanted */
};

/* Trouble is said once, until it is over. */
static void trouble(struct agent *a)
{
	if (!a->said)
		fprintf(stderr, "dnsfault agent: %s: trying again\n", queue_why(a->q));
	a->said = true;
}

static const char *run_id(struct agent *a, struct arena *arena)
{
	uint64_t id = rng_u64(&a->run->rng);

	return hex_text(arena, (struct span){ (const uint8_t *)&id, JOB_RUN_ID });
}

static void forget(struct agent *a, struct work *w)
{
	static const char *const suffixes[] = { ".in", ".part", ".err", ".done" };

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		spool_remove(&a->spool, &w->piece, suffixes[i]);
	arena_free(w->arena);
	*w = (struct work){ 0 };
}

static void begin(struct agent *a, struct work *w, struct queue_item *item)
{
	*w = (struct work){ .arena = arena_new(), .item = item, .began = loop_now() };
	w->renewed = w->began;
	/* Until it is known whose it is. */
	w->piece = (struct form_piece){ .scan = "unknown", .site = a->spool.site };
	w->piece.run = run_id(a, w->arena);
}

static void fail(struct work *w, const char *why)
{
	w->piece.failed = why;
	w->finished = true;
}

static void start(struct agent *a, struct work *w, struct child_conf *conf)
{
	conf->err = spool_path(&a->spool, w->arena, &w->piece, ".err");
	if (!child_start(&w->child, conf))
		fail(w, arena_printf(w->arena, "no child: %s", strerror(errno)));
}

/* Jobs. */

static int write_names(struct agent *a, struct work *w, const struct form_job *job)
{
	struct buf b = { .arena = w->arena };

	for (size_t i = 0; i < job->names.n; i++) {
		buf_str(&b, job->names.v[i]);
		buf_char(&b, '\n');
	}
	return file_write(spool_path(&a->spool, w->arena, &w->piece, ".in"), buf_span(&b));
}

static void start_job(struct agent *a, struct work *w, const struct form_job *job)
{
	struct agent_argv argv = { 0 };
	struct child_conf conf = { 0 };

	if (agent_job_argv(w->arena, &a->run->settings, job, &argv) < 0) {
		fail(w, argv.why);
		return;
	}
	if (write_names(a, w, job) < 0) {
		fail(w, arena_printf(w->arena, "the spool: %s", strerror(errno)));
		return;
	}
	conf.argv = argv.v;
	conf.in = spool_path(&a->spool, w->arena, &w->piece, ".in");
	conf.out = spool_path(&a->spool, w->arena, &w->piece, ".part");
	start(a, w, &conf);
}

static void take_job(struct agent *a)
{
	struct work *w = &a->job;
	struct queue_item *item;
	struct form_job job;
	const char *why = NULL;
	int err = queue_take(a->q, TAKE_WAIT, &item);

	if (err == -ERR_SYSTEM) {
		trouble(a);
		a->next_take = loop_now() + RETRY;
	}
	if (err < 0)
		return;
	a->said = false;
	begin(a, w, item);
	if (form_job_read(w->arena, queue_data(item), &job, &why) < 0) {
		/* Nobody can say whose it was: whoever offered it will miss it. */
		run_complain(a->run, "a job that is none: %s", why);
		queue_ack(item);
		arena_free(w->arena);
		*w = (struct work){ 0 };
		return;
	}
	w->piece.scan = job.scan;
	w->piece.job = job.job;
	if (queue_handed(item) > HANDED_MOST)
		fail(w, "it was handed out again and again, and never came to an end");
	else
		start_job(a, w, &job);
}

/* Questions. */

static void start_question(struct agent *a, struct work *w, const struct form_question *q)
{
	struct agent_argv argv = { 0 };
	struct child_conf conf = { 0 };
	struct agent_asked asked = { q, spool_path(&a->spool, w->arena, &w->piece, ".part") };

	if (agent_question_argv(w->arena, &a->run->settings, &asked, &argv) < 0) {
		fail(w, argv.why);
		return;
	}
	conf.argv = argv.v;
	w->dig = argv.dig;
	start(a, w, &conf);
}

static void hear_question(struct agent *a)
{
	struct work *w = &a->question;
	struct queue_item *item;
	struct form_question q;
	const char *why = NULL;

	if (queue_heard(a->q, &item) < 0)
		return;
	begin(a, w, item);
	if (form_question_read(w->arena, queue_data(item), &q, &why) < 0) {
		fail(w, why);
		return;
	}
	w->piece.scan = q.id;
	start_question(a, w, &q);
}

/* Who is there? The answer is the site's name, which every piece has. */
static void hear_call(struct agent *a)
{
	struct arena *arena = arena_new();
	struct queue_item *item;
	struct form_question q;
	const char *why;

	while (queue_called(a->q, &item) == 0) {
		if (form_question_read(arena, queue_data(item), &q, &why) == 0 &&
			strcmp(q.verb, FORM_WHO) == 0) {
			struct form_piece p = { .scan = q.id, .run = q.id, .site = a->spool.site };

			(void)spool_reply(a->q, item, &p);
		}
		queue_drop(item);
	}
	arena_free(arena);
}

/* What has come to an end. */

/* The first line that the child wrote on standard error, as it may be sent. */
static const char *first_words(struct agent *a, struct work *w)
{
	struct span text;
	char *line;

	if (file_read(w->arena, spool_path(&a->spool, w->arena, &w->piece, ".err"), &text) < 0 ||
		!text.n)
		return NULL;
	line = arena_strn(w->arena, text.p, text.n < FORM_WHY ? text.n : FORM_WHY - 1);
	line[strcspn(line, "\n")] = '\0';
	for (char *p = line; *p; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	return *line ? line : NULL;
}

static bool is_result(const struct work *w, int code)
{
	if (w->dig)
		return code == DIG_OK || code == DIG_NO_REPLY;
	return code == CLI_OK || code == CLI_FAULT || code == CLI_UNDECIDED;
}

static void look_at_child(struct agent *a, struct work *w, uint64_t life)
{
	int code;
	const char *words;

	/* Who stops us may have stopped the child as well: what it has is no result. */
	if (w->finished || !w->arena || *a->stop)
		return;
	code = child_poll(&w->child);
	if (code == CHILD_RUNS) {
		if (loop_now() - w->began < life)
			return;
		child_end(&w->child);
		fail(w, "it took too long");
		return;
	}
	words = is_result(w, code) ? NULL : first_words(a, w);
	w->finished = true;
	if (!is_result(w, code))
		fail(w, words ? words
			      : arena_printf(w->arena, "the child ended with code %d", code));
	else if (!spool_finish(&a->spool, &w->piece))
		fail(w, arena_printf(w->arena, "the spool: %s", strerror(errno)));
}

static void send_job(struct agent *a, struct work *w)
{
	if (w->finished && loop_now() >= w->next_try) {
		if (spool_send(&a->spool, a->q, &w->piece) < 0) {
			trouble(a);
			w->next_try = loop_now() + RETRY;
		} else {
			a->said = false;
			/* When that cannot be said, it is done again, and dropped then. */
			(void)queue_ack(w->item);
			forget(a, w);
			return;
		}
	}
	if (loop_now() - w->renewed >= RENEW) {
		(void)queue_extend(w->item);
		w->renewed = loop_now();
	}
}

/* Who asked waits, or does not: there is no second try. */
static void send_answer(struct agent *a, struct work *w)
{
	struct form_piece p = w->piece;

	if (!w->finished)
		return;
	if (w->child.pid == 0 && !p.failed)
		(void)file_read(w->arena, spool_path(&a->spool, w->arena, &p, ".done"), &p.data);
	if (p.data.n > FORM_RESULT)
		p.failed = "the tape is too large";
	(void)spool_reply(a->q, w->item, &p);
	queue_drop(w->item);
	forget(a, w);
}

/* The whole. */

static void turn(struct agent *a)
{
	if (a->job.arena) {
		look_at_child(a, &a->job, job_life);
		send_job(a, &a->job);
	} else if (loop_now() >= a->next_left) {
		(void)spool_send_left(&a->spool, a->q);
		a->next_left = loop_now() + LEFT_EVERY;
	} else if (loop_now() >= a->next_take) {
		take_job(a);
	}
	hear_call(a);
	if (a->question.arena) {
		look_at_child(a, &a->question, question_life);
		send_answer(a, &a->question);
	} else {
		hear_question(a);
	}
}

static void give_back(struct agent *a)
{
	struct work *both[] = { &a->job, &a->question };

	for (size_t i = 0; i < ARRAY_LEN(both); i++)
		child_end(&both[i]->child);
	/* What is whole stays in the spool. */
	if (a->job.arena) {
		queue_back(a->job.item);
		if (!a->job.finished || a->job.piece.failed)
			forget(a, &a->job);
		arena_free(a->job.arena);
	}
	if (a->question.arena) {
		queue_drop(a->question.item);
		forget(a, &a->question);
	}
}

static int check(struct run *r)
{
	const struct settings *s = &r->settings;

	if (!queue_built())
		return run_complain(r, "this dnsfault was built without libnats: it has no queue");
	if (!s->queue || !*s->queue)
		return run_complain(r, "which queue? Give --queue nats://HOST");
	if (!s->site || !form_is_id(s->site) || strcmp(s->site, "all") == 0 ||
		strcmp(s->site, "here") == 0)
		return run_complain(r,
			"give --site NAME: 1 to %d letters, digits, - and _, "
			"and neither \"all\" nor \"here\"",
			FORM_ID);
	if (r->words.n)
		return run_complain(r, "agent takes options only");
	return 0;
}

/* The server may come up later than we do. */
static bool connect_to(struct agent *a)
{
	const struct settings *s = &a->run->settings;
	struct queue_conf conf = { s->queue, s->queue_creds, s->queue_ca,
		arena_printf(a->run->arena, "dnsfault agent %s", s->site), 1 };
	const char *why;
	bool said = false;

	while (!*a->stop) {
		if (queue_open(a->run->arena, &conf, &a->q, &why) == 0)
			return true;
		if (!said)
			run_complain(a->run, "--queue: %s: trying again", why);
		said = true;
		usleep(CONNECT_RETRY);
	}
	return false;
}

static int work(struct agent *a)
{
	a->stop = pump_stop();
	if (!connect_to(a))
		return CLI_OK;
	if (queue_listen(a->q, a->spool.site) < 0)
		return run_complain(a->run, "%s", queue_why(a->q)), CLI_LOCAL;
	fprintf(stderr, "dnsfault agent: site %s is there\n", a->spool.site);
	while (!*a->stop) {
		turn(a);
		usleep(NAP);
	}
	give_back(a);
	return CLI_OK;
}

int agent_main(int argc, char **argv)
{
	struct run r;
	struct agent a = { .run = &r, .spool.lock = -1 };
	int err = run_begin(&r, "agent", (struct opt_args){ argc, argv }), code = CLI_OK;
	const char *why;

	if (err == 0)
		err = check(&r);
	a.spool.site = r.settings.site;
	if (err == 0 && spool_open(&a.spool, r.arena, r.settings.spool, &why) < 0)
		err = run_complain(&r, "%s", why);
	if (err < 0)
		code = CLI_USAGE;
	else if (err == 0)
		code = work(&a);
	queue_close(a.q);
	spool_close(&a.spool);
	run_done(&r);
	return code;
}
