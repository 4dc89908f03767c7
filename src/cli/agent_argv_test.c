/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an agent's child is called with: nothing that a message wants beyond what is allowed. */
#include "cli/agent_argv.h"

#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "tap.h"

static struct arena *arena;

static const char *joined(const struct agent_argv *argv)
{
	struct buf b = { .arena = arena };

	for (size_t i = 0; argv->v[i]; i++)
		buf_printf(&b, "%s%s", i ? "|" : "", argv->v[i]);
	return buf_text(&b);
}

static struct form_job job_of(const char *probe)
{
	struct form_job j = { .scan = "s", .job = 1, .probe = probe };

	vec_push(arena, &j.names, "n. A");
	return j;
}

/* Wish, own limit (-1: none was given), what the child gets. */
static void rates(void)
{
	static const struct {
		int64_t wish, own;
		const char *word;
	} rows[] = {
		{ 0, -1, "" },
		{ 20, -1, "|--rate=20" },
		{ 50, -1, "" },
		{ 1000000, -1, "" },
		{ 0, 30, "|--rate=30" },
		{ 10, 30, "|--rate=10" },
		{ 1000, 30, "|--rate=30" },
		{ 0, 0, "|--rate=0" },
		{ 1000, 0, "|--rate=1000" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct settings own = settings_defaults();
		struct form_job j = job_of("lookup");
		struct agent_argv argv = { 0 };
		const char *want = arena_printf(arena,
			"dnsfault|scan|--queue=|--progress=never%s|--probe=lookup|-", rows[i].word);

		if (rows[i].own >= 0)
			own.scan_rate = (struct opt_u64){ true, (uint64_t)rows[i].own };
		j.numbers.rate = rows[i].wish;
		ok(agent_job_argv(arena, &own, &j, &argv) == 0, "rate %zu", i);
		is_str(joined(&argv), want, arena_printf(arena, "rate %zu", i));
	}
}

static void jobs(void)
{
	struct settings own = settings_defaults();
	struct form_job j = job_of("tree");
	struct agent_argv argv = { 0 };

	own.budget = 100;
	own.v4_only = true;
	own.file = "/etc/x";
	j.numbers = (struct form_numbers){
		.family = 6, .budget = 5000, .timeout = 1, .tries = 2, .concurrency = 7
	};
	vec_push(arena, &j.servers, "192.0.2.1");
	vec_push(arena, &j.servers, "2001:db8::1#5353");
	ok(agent_job_argv(arena, &own, &j, &argv) == 0, "a job with everything");
	is_str(joined(&argv),
		"dnsfault|scan|--queue=|--progress=never|--settings|/etc/"
		"x|-4|--budget=100|--timeout=10|"
		"--probe=tree|--tries=2|--concurrency=7|-|@192.0.2.1#53|@2001:db8::1#5353",
		"is done within the agent's limits");
}

/* Servers under test are asked for a name and type, from some ports. */
static void tested(void)
{
	struct settings own = settings_defaults();
	struct form_job j = job_of("ports");
	struct agent_argv argv = { 0 };

	j.name = "n.example";
	j.type = "mx";
	j.ports = "1-9";
	ok(agent_job_argv(arena, &own, &j, &argv) == 0, "a job of servers");
	is_str(joined(&argv),
		"dnsfault|scan|--queue=|--progress=never|--probe=ports|-qn.example.|-tMX|--ports=1-"
		"9|-",
		"with what they are asked for");
}

static void odd_words(void)
{
	static const struct form_job rows[] = {
		{ .probe = "ports", .name = "a..b" },
		{ .probe = "ports", .type = "--yes" },
		{ .probe = "ports", .ports = "1-" },
		{ .probe = "lookup", .name = "n.example" },
		{ .probe = "tree", .type = "MX" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct settings own = settings_defaults();
		struct agent_argv argv = { 0 };

		ok(agent_job_argv(arena, &own, &rows[i], &argv) == -ERR_PARSE && argv.why,
			"odd words of a job, %zu", i);
	}
}

static void refused(void)
{
	static const char *const servers[] = { "ns.example", "--yes", "192.0.2.1 @x", "@192.0.2.1",
		"192.0.2.1#99999", "/etc/passwd" };
	static const char *const probes[] = { "survey", "nothing", "yes" };
	struct settings own = settings_defaults();

	for (size_t i = 0; i < ARRAY_LEN(servers); i++) {
		struct form_job j = job_of("lookup");
		struct agent_argv argv = { 0 };

		vec_push(arena, &j.servers, servers[i]);
		ok(agent_job_argv(arena, &own, &j, &argv) == -ERR_PARSE && argv.why,
			"server %s is refused", servers[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(probes); i++) {
		struct form_job j = job_of(probes[i]);
		struct agent_argv argv = { 0 };

		ok(agent_job_argv(arena, &own, &j, &argv) == -ERR_PARSE && argv.why,
			"probe %s is refused", probes[i]);
	}
}

/* What is asked, and the words behind the file; NULL: it is refused. */
static const struct {
	struct form_question q;
	const char *server, *words;
} asked_rows[] = {
	{ { .verb = "diagnose", .name = "live.com", .type = "mx" }, NULL, "|--|live.com.|MX" },
	{ { .verb = "diagnose", .name = "--yes" }, NULL, "|--|--yes." },
	{ { .verb = "diagnose", .name = "@192.0.2.1" }, NULL, "|--|\\@192.0.2.1." },
	{ { .verb = "diagnose", .name = "a..b" }, NULL, NULL },
	{ { .verb = "diagnose", .name = "a", .type = "@x" }, NULL, NULL },
	{ { .verb = "diagnose" }, NULL, NULL },
	{ { .verb = "diagnose", .name = "a" }, "192.0.2.1", NULL },
	{ { .verb = "ports", .name = "live.com", .type = "NS" }, "192.0.2.1",
		"|-qlive.com.|-tNS|--|192.0.2.1#53" },
	{ { .verb = "ports" }, NULL, NULL },
	{ { .verb = "ports" }, "--save", NULL },
	{ { .verb = "ports", .ports = "1-x" }, "192.0.2.1", NULL },
	{ { .verb = "diagnose", .name = "a", .flags = { .tcp = 1 } }, NULL, NULL },
	{ { .verb = "ports", .flags = { .cd = 1 } }, "192.0.2.1", NULL },
	{ { .verb = "lookup", .name = "live.com", .type = "mx" }, NULL, "|-qlive.com.|-tMX" },
	{ { .verb = "lookup", .name = "-f/etc/passwd", .type = "A" }, "192.0.2.1",
		"|@192.0.2.1#53|-q-f/etc/passwd.|-tA" },
	{ { .verb = "lookup",
		  .name = "@a",
		  .type = "A",
		  .numbers = { .family = 6, .timeout = 1001, .tries = 2, .budget = 3 },
		  .flags = { 1, 1, 1, 1 } },
		NULL,
		"|-6|--budget=3|+time=2|+tries=2|+tcp|+norecurse|+cdflag|+dnssec|-q\\@a.|"
		"-tA" },
	{ { .verb = "lookup", .name = "a" }, NULL, NULL },
	{ { .verb = "lookup", .type = "A" }, NULL, NULL },
	{ { .verb = "lookup", .name = "a", .type = "A", .ports = "1" }, NULL, NULL },
	{ { .verb = "lookup", .name = "a", .type = "A" }, "+yaml", NULL },
	{ { .verb = "scan", .name = "a" }, NULL, NULL },
	{ { .verb = "agent", .name = "a" }, NULL, NULL },
	{ { .verb = "who" }, NULL, NULL },
};

static void questions(void)
{
	struct settings own = settings_defaults();

	for (size_t i = 0; i < ARRAY_LEN(asked_rows); i++) {
		struct form_question q = asked_rows[i].q;
		struct agent_asked asked = { &q, "T" };
		struct agent_argv argv = { 0 };
		int err;

		if (asked_rows[i].server)
			vec_push(arena, &q.servers, asked_rows[i].server);
		err = agent_question_argv(arena, &own, &asked, &argv);
		if (!asked_rows[i].words)
			ok(err == -ERR_PARSE && argv.why, "question %zu is refused", i);
		else
			is_str(err ? argv.why : joined(&argv),
				arena_printf(arena, "dnsfault|%s|%s|--save|T%s", q.verb,
					argv.dig ? "-r|--queue=" : "--queue=|--progress=never",
					asked_rows[i].words),
				arena_printf(arena, "question %zu", i));
	}
}

int main(void)
{
	arena = arena_new();
	rates();
	jobs();
	refused();
	tested();
	odd_words();
	questions();
	arena_free(arena);
	return tap_done();
}
