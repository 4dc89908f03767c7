/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A probe over the real network, as the settings allow, until it is done or the user stops it. */
#include "cli/pump.h"

#include <signal.h>
#include <stdio.h>

#include "base/err.h"
#include "cli/progress.h"
#include "facts/tape.h"
#include "net/counters.h"
#include "net/drive.h"
#include "net/rawicmp.h"
#include "net/real.h"

enum {
	DEFAULT_BUDGET = 2000,
	FOREIGN_BUDGET = 10000, /* without --yes */
	FULL_ASKS = 72000,
	FULL_TRIES = 8, /* --full, --ports: budget for so many asks a port */
	/* When no rate is set: asks a server may have to answer, and those that wait for a reply.
	 */
	FAST_WINDOW = 256,
	FAST_FLIGHTS = 2048,
};

#define PROC_NET "/proc/net"

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

/* Once: who asks a second time will not wait for the report. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

const volatile sig_atomic_t *pump_stop(void)
{
	catch_signals();
	return &stopped;
}

struct ticking {
	struct progress_line line;
	struct run *run;
	const struct pump_beside *beside;
	uint64_t next; /* µs: when the line is to be drawn again */
};

static void tick(void *user, const struct probe *p, uint64_t now)
{
	struct ticking *t = user;

	evidence_drain(t->run->evidence);
	if (t->beside)
		t->beside->tick(t->beside->user);
	if (!t->line.on || now < t->next)
		return;
	t->next = now + PROGRESS_EVERY;
	progress_tick(&t->line, p, now);
}

/* A line of the tape on standard output, at once; that it cannot be written shows at the end. */
static void print_line(const struct facts *f, const struct observation *o)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };

	if (o)
		tape_line(o, &b);
	else
		tape_head(f, &b);
	fwrite(b.p, 1, b.n, stdout);
	fflush(stdout);
	arena_free(a);
}

static void seen(void *user, const struct observation *o)
{
	struct ticking *t = user;

	if (!t->run->began)
		print_line(t->run->facts, NULL);
	t->run->began = true;
	print_line(t->run->facts, o);
}

uint32_t pump_budget(const struct run *r)
{
	const struct settings *s = &r->settings;
	uint32_t ports = s->full ? 65535 : s->ports ? portset_count(s->ports) : 0;

	if (s->budget)
		return s->budget;
	return ports * FULL_TRIES > DEFAULT_BUDGET ? ports * FULL_TRIES : DEFAULT_BUDGET;
}

static struct pace_settings pace_of(const struct run *r)
{
	const struct settings *s = &r->settings;

	return (struct pace_settings){
		.rate = s->rate,
		.budget = pump_budget(r),
		.window = s->rate ? 0 : FAST_WINDOW,
		.start = r->burst ? s->rate : 0,
		.burst = r->burst,
		.foreign_rate = s->yes || s->rate ? 0 : settings_defaults().rate,
		.foreign_budget = s->yes ? 0 : FOREIGN_BUDGET,
	};
}

/* Only `ports` knows its servers before it starts. */
static void forecast(const struct run *r, const struct pace_settings *pace)
{
	struct progress_forecast f = {
		.servers = (uint32_t)r->plan.ntargets,
		.queries = sweep_least(&r->plan.sweep),
		.rate = pace->rate,
		.budget = pace->budget,
	};

	if (f.servers && f.rate)
		progress_forecast(&f);
}

int pump_run(struct run *r, struct probe *p, const struct pump_beside *beside)
{
	struct rng ids = rng_seed(rng_u64(&r->rng));
	struct pace_settings pace = pace_of(r);
	struct ticking ticking = {
		.line.on = settings_progress(&r->settings), .beside = beside, .run = r
	};
	struct drive drive = {
		.pace = pace_new(r->arena, pace),
		.facts = r->facts,
		.stop = &stopped,
		.tick = tick,
		.seen = r->settings.jsonl ? seen : NULL,
		.user = &ticking,
		.tick_every = beside ? beside->every : PROGRESS_EVERY,
	};
	struct real_limits limits = { .flights = r->settings.rate ? 0 : FAST_FLIGHTS,
		.quotes = true,
		.ours = evidence_ours(r->evidence) };
	uint64_t began;
	int err;

	if (r->evidence && drive.tick_every > EVIDENCE_EVERY)
		drive.tick_every = EVIDENCE_EVERY;
	err = real_new(r->arena, &ids, &limits, &drive.wire);

	if (err < 0)
		return run_complain(r, "no network: %s", err_text(err)), err;
	catch_signals();
	r->facts->quotes = real_reads_quotes(drive.wire);
	(void)rawicmp_drop_privilege();
	if (ticking.line.on)
		forecast(r, &pace);
	began = wire_now(drive.wire);
	/* A port once, and some again. */
	if (r->settings.full)
		facts_expect(r->facts, r->facts->n + r->plan.ntargets * FULL_ASKS);
	r->facts->before = counters_read(PROC_NET);
	if (drive_run(&drive, p) < 0)
		r->facts->note = "stopped";
	/* A run may have parts. */
	r->facts->elapsed += wire_now(drive.wire) - began;
	r->facts->after = counters_read(PROC_NET);
	progress_clear(&ticking.line);
	drive.wire->ops->free(drive.wire);
	return 0;
}
