/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The coordinator's loop. */
#include "cli/scan_queue.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/progress.h"
#include "cli/pump.h"
#include "cli/scan_jobs.h"
#include "cli/scan_queue_inner.h"
#include "dns/text.h"
#include "net/loop.h"

enum {
	RESULT_WAIT = 50,	     /* ms */
	DRAIN_WAIT = 500,	     /* ms for results of before */
	RETRY = 300000,		     /* µs until the queue is asked again for what it refused */
	RECONCILE = 3 * 1000000,     /* µs between two looks at jobs without a result */
	RECONCILE_SLICE = 300000,    /* µs of such a look, until results are taken again */
	RECONCILE_AGE = 5 * 1000000, /* µs for which a job is not looked for */
	MISSING = 2,		     /* looks that did not find it, then it is offered again */
	FAILURES = 3,		     /* then it is given up */
	LOST = 10,		     /* times that it was offered again for that, then, too */
	LONELY = 10 * 1000000,	     /* µs without any result */
	HELLO_WAIT = 500,	     /* ms */
};

struct coordinator {
	struct run *run;
	struct queue *q;
	struct qlist list;
	const volatile sig_atomic_t *stop;
	uint64_t now, began, next_offer, next_reconcile, next_line;
	int64_t looked_for;	 /* the last job that was, in this look */
	uint64_t offered, taken; /* jobs */
	bool said, lonely_said, line;
};

bool scan_queue_wanted(const struct settings *s)
{
	return s->queue && *s->queue;
}

/* What a job has room for. */
static int check_words(const struct run *r)
{
	const struct settings *s = &r->settings;
	const char *ports = settings_ports_text(r->arena, s);
	uint16_t type;

	if (scan_probe_table[s->probe].servers && s->types.n &&
		(s->types.n > 1 || text_parse_type(s->types.v[0], &type) < 0))
		return run_complain(
			r, "-t %s: servers are asked for one type", s->types.v[s->types.n - 1]);
	if (ports && strlen(ports) > FORM_PORTS)
		return run_complain(
			r, "--ports: more ranges than a job has room for: leave out --queue");
	return 0;
}

int scan_queue_check(const struct run *r)
{
	const struct settings *s = &r->settings;

	if (!queue_built())
		return run_complain(r, "this dnsfault was built without libnats: it has no queue");
	if (s->pps.given)
		return run_complain(r, "--pps is for this host: with --queue give --rate, or limit "
				       "the agents");
	if (s->survey || s->opt_out)
		return run_complain(
			r, "--survey and --opt-out are for this host: leave out --queue");
	if (s->full || s->tcp || s->no_locate || s->controls.n)
		return run_complain(r,
			"--full, --tcp, --no-locate and --control are for this host: "
			"leave out --queue");
	if (s->evidence)
		return run_complain(
			r, "--pcap keeps packets of this host: with --queue the agents send");
	if (s->source.family)
		return run_complain(r, "-b is for this host: with --queue the agents send");
	return check_words(r);
}

/* Said once, until it is over. */
static void trouble(struct coordinator *c)
{
	if (!c->said)
		run_complain(c->run, "--queue: %s: trying again", queue_why(c->q));
	c->said = true;
}

/* Jobs out. */

static void offer(struct coordinator *c, struct qjob *j)
{
	if (queue_offer(c->q, c->list.scan, j->text, &j->seq) < 0) {
		trouble(c);
		c->next_offer = c->now + RETRY;
		return;
	}
	c->said = false;
	c->offered++;
	j->offered = c->now;
	j->missing = 0;
}

static void offer_all(struct coordinator *c)
{
	for (struct qjob *j = c->list.first; j && !*c->stop; j = j->next)
		if (!j->offered && !j->given_up && j != c->list.filling && c->now >= c->next_offer)
			offer(c, j);
}

/*
 * A job that the queue has is waiting or being done. One that it does not have was done, and its
 * result will be here soon, or it is lost. False: the queue does not answer.
 */
static bool look_for(struct coordinator *c, struct qjob *j)
{
	int holds;

	if (!j->offered || j->given_up || c->now - j->offered < RECONCILE_AGE)
		return true;
	holds = queue_holds(c->q, j->seq, j->text);
	if (holds < 0) {
		trouble(c);
		return false;
	}
	j->missing = holds ? 0 : j->missing + 1;
	if (j->missing < MISSING)
		return true;
	j->offered = 0;
	j->missing = 0;
	j->lost++;
	j->given_up = j->lost >= LOST;
	if (j->given_up)
		run_complain(
			c->run, "job %" PRId64 ": it gets lost again and again: given up", j->id);
	return true;
}

/* From the job at which it stopped: a server may be far, and results do not wait. */
static void reconcile(struct coordinator *c)
{
	struct qjob *j = c->list.first;
	uint64_t began = loop_now();

	if (c->now < c->next_reconcile)
		return;
	while (j && j->id <= c->looked_for)
		j = j->next;
	for (; j && !*c->stop && loop_now() - began < RECONCILE_SLICE; j = j->next) {
		if (!look_for(c, j))
			break;
		c->looked_for = j->id;
	}
	if (j)
		return;
	c->looked_for = 0;
	c->next_reconcile = c->now + RECONCILE;
}

/* Results in. */

static void failed(struct coordinator *c, struct qjob *j, const char *why)
{
	qtake_drop(&c->list, j);
	if (j->given_up)
		return;
	j->failures++;
	j->given_up = j->failures >= FAILURES;
	j->offered = 0;
	run_complain(c->run, "job %" PRId64 ": %s: %s", j->id, why,
		j->given_up ? "given up" : "offered again");
}

static void take(struct coordinator *c, struct queue_item *item)
{
	struct arena *a = arena_new();
	struct form_piece p;
	const char *why;

	if (form_piece_read(a, queue_data(item), &p, &why) == 0) {
		struct qtaken t = qtake_piece(&c->list, &p);

		/* Only what is safe is acknowledged; pieces that are not whole are asked for by
		 * reconciling, should we end before they are. */
		if (t.what == QTAKE_DONE) {
			qlist_done(&c->list, t.job);
			c->taken++;
		}
		if (t.what == QTAKE_FAILED)
			failed(c, t.job, arena_printf(a, "%s (site %s)", t.why, p.site));
	} else {
		run_complain(c->run, "a result that is none: %s", why);
	}
	(void)queue_ack(item);
	arena_free(a);
}

static void take_results(struct coordinator *c, unsigned int ms)
{
	struct queue_item *item;
	int err = 0;

	while (!*c->stop && (err = queue_result(c->q, ms, &item)) == 0) {
		take(c, item);
		if (ms == RESULT_WAIT)
			break;
	}
	if (err == -ERR_SYSTEM) {
		trouble(c);
		usleep(RETRY);
	}
}

/* Nobody there? Said once; an agent may come. */
static void greet(struct coordinator *c)
{
	struct form_question hello = { .id = c->list.scan, .verb = FORM_WHO };
	struct buf b = { .arena = c->run->arena };
	struct queue_item *item;

	if (c->taken || c->lonely_said || c->now - c->began < LONELY)
		return;
	c->lonely_said = true;
	form_question_write(&hello, &b);
	if (queue_ask(c->q, NULL, buf_span(&b)) < 0)
		return;
	if (queue_answer(c->q, HELLO_WAIT, &item) == 0)
		queue_drop(item);
	else
		run_complain(
			c->run, "no agent is there: waiting for one (dnsfault agent --queue …)");
}

static void draw(struct coordinator *c)
{
	if (!c->line || c->now < c->next_line)
		return;
	c->next_line = c->now + PROGRESS_EVERY;
	fprintf(stderr, "\r%" PRIu64 " jobs done, %zu wait or are being done\033[K", c->taken,
		c->list.n);
}

static void turn(struct coordinator *c)
{
	c->now = loop_now();
	qlist_fill(&c->list, c->now);
	offer_all(c);
	take_results(c, RESULT_WAIT);
	scan_out_flush(c->list.conf.out);
	reconcile(c);
	greet(c);
	draw(c);
}

/* What waits in the queue since before would be done twice; what is there of results counts. */
static void go_on(struct coordinator *c)
{
	queue_forget(c->q, c->list.scan);
	take_results(c, DRAIN_WAIT);
}

static int open_queue(struct coordinator *c)
{
	const struct settings *s = &c->run->settings;
	struct queue_conf conf = { s->queue, s->queue_creds, s->queue_ca, "dnsfault scan",
		s->replicas };
	const char *why;

	if (queue_open(c->run->arena, &conf, &c->q, &why) < 0)
		return run_complain(c->run, "--queue: %s", why);
	while (queue_begin(c->q, c->list.scan) < 0) {
		trouble(c);
		if (*c->stop || loop_now() - c->began > LONELY)
			return -ERR_SYSTEM;
		usleep(RETRY);
	}
	c->said = false;
	return 0;
}

static void work(struct coordinator *c, bool resumed)
{
	if (resumed)
		go_on(c);
	while (!*c->stop && !qlist_finished(&c->list))
		turn(c);
	if (c->line)
		fputs("\r\033[K", stderr);
	queue_end(c->q, c->list.scan);
}

int scan_queue_run(const struct scan_queue_conf *conf, bool *ret_whole, uint64_t *ret_left)
{
	struct coordinator c = { .run = conf->run, .stop = pump_stop(), .began = loop_now() };
	bool resumed;
	int err;

	if (conf->servers->n > FORM_SERVERS)
		return run_complain(conf->run, "--queue: at most %d servers", FORM_SERVERS);
	err = qlist_open(conf->run->arena, conf, &c.list, &resumed);
	c.line = settings_progress(&conf->run->settings);
	conf->out->sum.began = c.began;
	if (err == 0)
		err = open_queue(&c);
	if (err == 0)
		work(&c, resumed);
	*ret_left = qlist_left(&c.list);
	*ret_whole = qlist_finished(&c.list) && !*ret_left;
	conf->out->sum.elapsed = loop_now() - c.began;
	qlist_close(&c.list);
	queue_close(c.q);
	return err;
}
