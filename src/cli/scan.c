/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan [FILE|-] [@SERVER...]: look up a list of names, a line of output each. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/progress.h"
#include "cli/pump.h"
#include "cli/run.h"
#include "cli/scan_diff.h"
#include "cli/scan_jobs.h"
#include "cli/scan_log.h"
#include "cli/scan_queue.h"
#include "cli/scan_list.h"
#include "cli/scan_out.h"
#include "cli/scan_survey.h"
#include "cli/verb.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "intake/names.h"
#include "net/drive.h"
#include "net/rawicmp.h"
#include "net/real.h"
#include "probe/bulk.h"
#include "render/record.h"

enum {
	TICK = 50000,		/* µs: how old a line may be before it is written out */
	COMMIT = 1000000,	/* µs between two commits */
	FOREIGN_BUDGET = 10000, /* queries to one server, without --yes */
	BURST = 40,		/* asks of a job that one server may have at once */
	JOBS_FLIGHTS = 1000,
	SURVEY_RATE = 10, /* queries a second to a server that nobody complained of */
};

struct scan {
	struct run *run;
	struct names *names;
	int input, input_error; /* errno of the read that ended the list */
	struct run_addrs servers;
	struct scan_out out;
	struct scan_log *log;	     /* NULL: the list is a file */
	struct bulk *bulk;	     /* NULL: jobs are done */
	struct scan_survey *survey;  /* NULL: none */
	const struct optout *optout; /* NULL: everybody may be asked */
	struct scan_jobs *jobs;	     /* NULL: look-ups are */
	struct progress_line line;
	uint64_t next_line, next_commit;
	uint64_t skipped; /* that the database had */
	uint64_t left;	  /* that agents of a queue did not do */
	struct real_extra extra;
	bool resume;
};

/* Settings. */

static int open_input(struct scan *s, const char *path)
{
	if (!path || strcmp(path, "-") == 0) {
		s->input = STDIN_FILENO;
		return 0;
	}
	s->input = open(path, O_RDONLY | O_CLOEXEC);
	if (s->input < 0)
		return run_complain(s->run, "%s: %s", path, strerror(errno));
	return 0;
}

static ptrdiff_t read_input(void *user, char *to, size_t most)
{
	struct scan *s = user;
	struct pollfd p = { .fd = s->input, .events = POLLIN };
	ssize_t got;

	if (poll(&p, 1, 0) == 0)
		return NAMES_NOTHING;
	got = read(s->input, to, most);
	if (got >= 0)
		return got;
	if (errno == EINTR || errno == EAGAIN)
		return NAMES_NOTHING;
	s->input_error = errno;
	return 0;
}

/* Words that begin with @ are servers; one other is the file. */
static int read_words(struct scan *s, const char **ret_path)
{
	struct run *r = s->run;

	for (size_t i = 0; i < r->words.n; i++) {
		const char *w = r->words.v[i];
		int err;

		if (*w != '@' && *ret_path)
			return run_complain(r, "one FILE at a time: what is '%s'?", w);
		if (*w != '@') {
			*ret_path = w;
			continue;
		}
		err = run_resolve(r, w + 1, &s->servers);
		if (err)
			return err;
	}
	/* Agents have resolvers of their own. */
	if (s->servers.n || scan_queue_wanted(&r->settings))
		return 0;
	run_resolvers(r);
	for (size_t i = 0; i < r->plan.nresolvers; i++)
		vec_push(r->arena, &s->servers, r->plan.resolvers[i]);
	if (!s->servers.n)
		return run_complain(r, "no resolver of the family asked for: give @SERVER");
	return 0;
}

/* The list is a file, or what logs tell of. */
static int open_list(struct scan *s, const char *path, struct names_setup *setup)
{
	const struct settings *set = &s->run->settings;
	struct scan_log_files files = { &set->mail_logs, &set->resolver_logs, &set->captures,
		&s->run->rng };
	const char *why;

	setup->user = s;
	setup->read = read_input;
	if (!files.mail->n && !files.resolver->n && !files.captures->n)
		return open_input(s, path);
	if (path)
		return run_complain(
			s->run, "a list (%s) and logs or captures exclude each other", path);
	if (scan_log_read(s->run->arena, &files, &s->log, &why) < 0)
		return run_complain(s->run, "%s", why);
	setup->user = s->log;
	setup->read = scan_log_lines;
	return 0;
}

static int open_db(struct scan *s)
{
	const struct settings *set = &s->run->settings;
	struct scan_db_conf db = { set->db, set->resume };
	const char *why;

	if (set->resume && !set->db)
		return run_complain(s->run, "--resume goes on with a database: give --db FILE");
	s->resume = set->resume;
	if (!set->db || scan_db_open(s->run->arena, db, &s->out.db, &why) == 0)
		return 0;
	return run_complain(s->run, "--db %s: %s", set->db, why);
}

static void done(void *user, const struct bulk_result *r)
{
	struct scan *s = user;
	struct record rec = { .question = r->question,
		.o = r->last,
		.tries = r->tries,
		.elapsed = r->last->done > r->began ? r->last->done - r->began : 0,
		.late = r->late,
		.truncated = r->truncated };

	arena_reset(s->out.scratch);
	if (s->log)
		rec.log = scan_log_of(s->log, r->question, s->out.scratch, &rec.nlog);
	scan_out_put(&s->out, &rec);
}

static void done_job(void *user, const struct record *job)
{
	struct scan *s = user;
	struct record rec = *job;

	arena_reset(s->out.scratch);
	if (s->log)
		rec.log = scan_log_of(s->log, rec.question, s->out.scratch, &rec.nlog);
	scan_out_put(&s->out, &rec);
	if (s->survey)
		scan_survey_add(s->survey, &rec);
}

/* Input. */

static const struct scan_probe *probe_of(const struct scan *s)
{
	return &scan_probe_table[s->run->settings.probe];
}

static bool is_known(struct scan *s, const struct names_item *item)
{
	char subject[NAME_TEXT], type[TEXT_MNEMONIC];

	return s->resume &&
	       scan_db_has(s->out.db, scan_work_subject(item, subject),
		       probe_of(s)->servers ? "" : text_type(item->question.type, type));
}

static enum bulk_more more_items(void *user, struct names_item *ret)
{
	struct scan *s = user;

	for (;;) {
		switch (names_next(s->names, ret)) {
		case NAMES_END: return BULK_END;
		case NAMES_LATER: return BULK_LATER;
		case NAMES_BAD:
			arena_reset(s->out.scratch);
			scan_out_put(&s->out, &(struct record){ .subject = ret->line,
						      .cannot = RECORD_NO_NAME,
						      .why = ret->why });
			continue;
		case NAMES_ONE: break;
		}
		if (probe_of(s)->type)
			ret->question.type = probe_of(s)->type;
		if (is_known(s, ret)) {
			s->skipped++;
			continue;
		}
		return BULK_ONE;
	}
}

static enum bulk_more more(void *user, struct question *ret)
{
	struct names_item item;
	enum bulk_more more = more_items(user, &item);

	*ret = item.question;
	return more;
}

/* Beginning. */

static int open_jobs(struct scan *s)
{
	struct run *r = s->run;
	struct scan_jobs_conf conf = { .run = r,
		.probe = r->settings.probe,
		.optout = s->optout,
		.survey = s->survey,
		.more = more_items,
		.done = done_job,
		.user = s };

	r->plan.resolvers = s->servers.v;
	r->plan.nresolvers = s->servers.n;
	return scan_jobs_new(r->arena, &conf, &s->jobs);
}

static int draw(struct scan *s, struct names_setup *setup)
{
	return scan_survey_draw(
		&(struct scan_survey_conf){ s->run, &s->out, s->optout }, setup, &s->survey);
}

static int prepare(struct scan *s)
{
	struct run *r = s->run;
	struct names_setup setup = { .rng = rng_seed(rng_u64(&r->rng)) };
	const char *path = NULL;
	int err = scan_survey_settle(r);

	setup.servers = probe_of(s)->servers;
	s->out.scratch = arena_new();
	s->out.csv = r->settings.csv;
	if (!err)
		err = read_words(s, &path);
	if (!err)
		err = scan_list_optout(r, &s->optout);
	if (!err)
		err = scan_list_types(r, &setup);
	if (!err)
		err = scan_list_shard(r, &setup.shard);
	if (!err)
		err = open_db(s);
	if (!err)
		err = open_list(s, path, &setup);
	if (!err && r->settings.survey)
		err = draw(s, &setup);
	if (err)
		return err;
	s->names = names_new(r->arena, &setup);
	if (scan_queue_wanted(&r->settings))
		return scan_queue_check(r);
	return r->settings.probe ? open_jobs(s) : 0;
}

/* The run. */

static void tick(void *user, const struct probe *p, uint64_t now)
{
	struct scan *s = user;

	scan_out_flush(&s->out);
	evidence_drain(s->run->evidence);
	if (s->out.db && now >= s->next_commit) {
		(void)scan_db_commit(s->out.db);
		s->next_commit = now + COMMIT;
	}
	if (s->line.on && now >= s->next_line) {
		s->next_line = now + PROGRESS_EVERY;
		progress_tick(&s->line, p, now);
	}
}

/* What was given, here or in a settings file, holds for all servers. */
static struct pace_settings pace_of(const struct settings *s)
{
	uint32_t usual = s->survey ? SURVEY_RATE : settings_defaults().rate;
	struct pace_settings p = { .budget = s->budget, .window = s->concurrency };

	p.pps = (uint32_t)s->pps.v;
	if (s->scan_rate.given)
		p.rate = (uint32_t)s->scan_rate.v;
	else if (s->rate != usual)
		p.rate = s->rate;
	else
		p.foreign_rate = s->yes ? 0 : usual;
	p.foreign_budget = s->yes || s->budget ? 0 : FOREIGN_BUDGET;
	if (s->probe) {
		p.burst = BURST;
		p.start = p.rate;
	}
	return p;
}

static struct bulk *bulk_of(struct scan *s)
{
	const struct settings *set = &s->run->settings;
	struct bulk_conf conf = {
		.servers = s->servers.v,
		.nservers = s->servers.n,
		.source = set->source,
		.shape = shape_stub,
		.timeout = set->timeout * 1000,
		.tries = set->tries,
		.most = set->concurrency,
		.more = more,
		.done = done,
		.user = s,
	};

	return bulk_new(s->run->arena, &conf);
}

/* True when it was not stopped. */
static int look_up(struct scan *s, bool *ret_whole)
{
	struct run *r = s->run;
	struct rng ids = rng_seed(rng_u64(&r->rng));
	struct arena *passing = arena_new();
	struct drive drive = {
		.pace = pace_new(r->arena, pace_of(&r->settings)),
		.stop = pump_stop(),
		.tick = tick,
		.user = s,
		.tick_every = TICK,
	};
	bool bulk = !r->settings.probe;
	struct real_limits limits = { .flights = bulk ? r->settings.concurrency : JOBS_FLIGHTS,
		.pooled = bulk,
		.passing = true,
		.quotes = !bulk,
		.ours = evidence_ours(r->evidence) };
	int err = real_new(passing, &ids, &limits, &drive.wire);

	if (err < 0) {
		arena_free(passing);
		return run_complain(r, "no network: %s", err_text(err)), err;
	}
	if (!bulk && real_reads_quotes(drive.wire))
		scan_jobs_quotes(s->jobs);
	(void)rawicmp_drop_privilege();
	s->line.on = settings_progress(&r->settings);
	if (bulk)
		s->bulk = bulk_of(s);
	s->out.sum.began = wire_now(drive.wire);
	*ret_whole = drive_run(&drive, bulk ? bulk_probe(s->bulk) : scan_jobs_probe(s->jobs)) == 0;
	s->extra = real_extra(drive.wire);
	s->out.sum.elapsed = wire_now(drive.wire) - s->out.sum.began;
	progress_clear(&s->line);
	drive.wire->ops->free(drive.wire);
	arena_free(passing);
	return 0;
}

/* The same by agents of a queue. */
static int give_away(struct scan *s, bool *ret_whole)
{
	struct scan_queue_conf conf = { s->run, &s->servers, &s->out, s->log, more_items, s };

	return scan_queue_run(&conf, ret_whole, &s->left);
}

/* The worst of: written? read? all of them? any fault? */
static int conclude_scan(struct scan *s, bool whole)
{
	if (s->out.db && scan_db_commit(s->out.db) < 0) {
		run_complain(s->run, "--db %s: %s", s->run->settings.db, scan_db_error(s->out.db));
		return CLI_LOCAL;
	}
	scan_out_flush(&s->out);
	if (s->out.unwritable) {
		run_complain(s->run, "standard output: %s", strerror(errno));
		return CLI_LOCAL;
	}
	if (s->input_error) {
		run_complain(s->run, "the list: %s", strerror(s->input_error));
		return CLI_LOCAL;
	}
	if (s->out.sum.states[RECORD_FAULT])
		return CLI_FAULT;
	return whole && !s->out.sum.states[RECORD_UNDECIDED] ? CLI_OK : CLI_UNDECIDED;
}

/* Names that were begun and are not done. */
static uint64_t left_of(const struct scan *s)
{
	struct bulk_totals b = { 0 };
	struct jobs_totals j = { 0 };

	if (s->bulk)
		b = bulk_totals(s->bulk);
	if (s->jobs)
		j = scan_jobs_totals(s->jobs);
	return b.begun - b.done + j.begun - j.done + s->left;
}

static int run_scan(struct scan *s)
{
	struct buf text = { .arena = s->run->arena };
	bool whole = false;
	int code;

	scan_out_head(&s->out);
	if ((scan_queue_wanted(&s->run->settings) ? give_away(s, &whole) : look_up(s, &whole)) < 0)
		return CLI_LOCAL;
	scan_sum_text(&s->out.sum,
		&(struct scan_sum_rest){ s->skipped, whole ? 0 : left_of(s), s->extra.late,
			s->extra.strays, !whole },
		&text);
	if (s->log)
		scan_log_sum(s->log, &text);
	if (s->survey)
		scan_survey_end(s->survey, whole, &text);
	fputs(buf_text(&text), stderr);
	code = conclude_scan(s, whole);
	return run_close_evidence(s->run) < 0 ? CLI_LOCAL : code;
}

int scan_main(int argc, char **argv)
{
	struct run r;
	struct scan s = { .run = &r };
	int err = run_begin(&r, "scan", (struct opt_args){ argc, argv }), code = CLI_OK;

	/* Jobs read quotes of ICMP by it, too, and give it up then. */
	if (err == 0 && !r.settings.probe && !r.settings.survey)
		(void)rawicmp_drop_privilege();
	if (err < 0)
		code = CLI_USAGE;
	else if (err == 0 && r.settings.diff)
		code = scan_diff(&r);
	else if (err == 0)
		code = prepare(&s) < 0 ? CLI_USAGE : run_scan(&s);
	if (scan_db_close(s.out.db) < 0 && code != CLI_LOCAL)
		code = CLI_LOCAL;
	names_free(s.names);
	scan_log_free(s.log);
	scan_survey_free(s.survey);
	scan_jobs_free(s.jobs);
	arena_free(s.out.scratch);
	run_done(&r);
	return code;
}
