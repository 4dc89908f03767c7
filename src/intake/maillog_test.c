/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logs of mail programs and resolvers: NAME.log of the fixtures has a line each, NAME.want what it
 * tells: "domain type what how [theirs]", several with " ; ", "-" for nothing, "-!" for a place of
 * a domain in which none stands. Whatever is secret in them says so: it must never come out.
 */
#include "intake/maillog.h"

#include <stdlib.h>
#include <strings.h>

#include "base/err.h"
#include "dns/text.h"
#include "intake/resolverlog.h"
#include "prop.h"
#include "tap.h"

enum { FILE_MOST = 64 * 1024, LINES_MOST = 128 };

typedef struct logread *make(
	struct arena *a, struct logfails *fails, const struct logstamp_clock *clock);

static const struct {
	const char *name;
	make *make;
} files[] = {
	{ "postfix", maillog_new },
	{ "exim", maillog_new },
	{ "sendmail", maillog_new },
	{ "powermta", maillog_new },
	{ "exchange", maillog_new },
	{ "checks", maillog_new },
	{ "journald", maillog_new },
	{ "hostile-mail", maillog_new },
	{ "bind", resolverlog_new },
	{ "unbound", resolverlog_new },
	{ "powerdns", resolverlog_new },
	{ "knot-resolver", resolverlog_new },
	{ "hostile-resolver", resolverlog_new },
};

/* 2026-11-28 12:00:00 UTC */
static const struct logstamp_clock clock_now = { .now = 1795867200ULL * 1000000 };

/* A reader and what it finds. */
struct run {
	struct arena *arena;
	struct logfails *fails;
	struct logread *r;
};

static struct run run_begin(make *how, size_t most)
{
	struct rng rng = rng_seed(1);
	struct run run = { .arena = arena_new() };

	run.fails = logfails_new(run.arena, most, &rng);
	run.r = how(run.arena, run.fails, &clock_now);
	return run;
}

static void run_end(struct run *run)
{
	logread_free(run->r);
	arena_free(run->arena);
}

static struct span read_fixture(struct arena *a, const char *name, const char *end)
{
	char *path = arena_printf(a, FIXTURES "/%s.%s", name, end);
	uint8_t *bytes = arena_alloc(a, FILE_MOST);
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(bytes, 1, FILE_MOST, f) : 0;

	if (f)
		fclose(f);
	return (struct span){ bytes, n };
}

static size_t split(struct arena *a, struct span text, struct span lines[LINES_MOST])
{
	size_t n = 0;

	while (text.n && n < LINES_MOST) {
		const uint8_t *end = memchr(text.p, '\n', text.n);
		size_t size = end ? (size_t)(end - text.p) : text.n;

		lines[n].p = (const uint8_t *)arena_strn(a, text.p, size);
		lines[n++].n = size;
		text.p += size + (end != NULL);
		text.n -= size + (end != NULL);
	}
	return n;
}

static void put_row(struct buf *b, const struct logfail_domain *d, const struct logfail_row *r)
{
	char type[32];

	name_put(d->name, b);
	buf_printf(b, " %s %s %s%s", r->type ? text_type(r->type, type) : "-",
		logfail_what_text(r->what), logfail_how_text(r->how), r->theirs ? " theirs" : "");
}

/* One failure, as want has it. */
static const char *fail_text(struct arena *a, const struct logfail *f)
{
	struct buf b = { .arena = a };
	struct logfail_domain d = { .name = &f->domain };

	put_row(&b, &d,
		&(struct logfail_row){
			.type = f->type, .what = f->what, .how = f->how, .theirs = f->theirs });
	return buf_text(&b);
}

/* All that was found, with numbers and times. */
static const char *all_text(struct run *run)
{
	struct logfail_domain **v = logfails_sorted(run->fails, run->arena);
	struct buf b = { .arena = run->arena };

	for (size_t i = 0; i < run->fails->domains; i++) {
		for (const struct logfail_row *r = v[i]->rows; r; r = r->next) {
			put_row(&b, v[i], r);
			buf_printf(&b, " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", r->count, r->first,
				r->last);
		}
	}
	return buf_text(&b);
}

static size_t count_text(const char *in, const char *what)
{
	size_t n = 0;

	for (const char *p = in; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

/* The row is one of those that want names, and was told once. */
static bool is_row_wanted(struct arena *a, const struct logfail_domain *d,
	const struct logfail_row *r, const char *want)
{
	struct logfail f = { .domain = *d->name,
		.type = r->type,
		.what = r->what,
		.how = r->how,
		.theirs = r->theirs };
	const char *text = fail_text(a, &f), *at = strstr(want, text);
	const char *end = at ? at + strlen(text) : NULL;

	if (end && (!*end || strncmp(end, " ; ", 3) == 0) && r->count == 1)
		return true;
	printf("#   got '%s'\n", text);
	return false;
}

/* Every failure that want names was found, and no other one. */
static bool is_wanted(struct run *run, const char *want)
{
	struct logfail_domain **v = logfails_sorted(run->fails, run->arena);
	size_t n = 0, wanted = want[0] == '-' ? 0 : count_text(want, " ; ") + 1;
	bool good = true;

	for (size_t i = 0; i < run->fails->domains; i++)
		for (const struct logfail_row *r = v[i]->rows; r; r = r->next, n++)
			good = is_row_wanted(run->arena, v[i], r, want) && good;
	return good && n == wanted &&
	       (logread_tally(run->r)->refused > 0) == (strcmp(want, "-!") == 0);
}

static void test_lines(size_t file)
{
	struct arena *a = arena_new();
	struct span logs[LINES_MOST], wants[LINES_MOST];
	size_t n = split(a, read_fixture(a, files[file].name, "log"), logs);
	size_t m = split(a, read_fixture(a, files[file].name, "want"), wants);

	ok(n == m && n > 0, "%s: as many lines as wants", files[file].name);
	for (size_t i = 0; i < n && i < m; i++) {
		struct run run = run_begin(files[file].make, 100);
		const char *want = (const char *)wants[i].p;

		/* The row that names columns is the first of its file. */
		if (i)
			logread_feed(run.r, logs[0].n > 5 && memcmp(logs[0].p, "type,", 5) == 0
						    ? logs[0]
						    : (struct span){ NULL, 0 });
		logread_feed(run.r, (struct span){ (const uint8_t *)"\n", 1 });
		logread_feed(run.r, logs[i]);
		logread_end(run.r);
		if (!ok(is_wanted(&run, want), "%s, line %zu: %s", files[file].name, i + 1, want))
			printf("#   %.300s\n", logs[i].p);
		run_end(&run);
	}
	arena_free(a);
}

/* No letter of what must stay inside comes out, and the number of lines is told. */
static void test_secrets(size_t file)
{
	struct arena *a = arena_new();
	struct span log = read_fixture(a, files[file].name, "log");
	struct run run = run_begin(files[file].make, 100);
	const char *all;

	logread_feed(run.r, log);
	logread_end(run.r);
	all = all_text(&run);
	ok(!strcasestr(all, "secr") && !strchr(all, '@'), "%s: no secret comes out",
		files[file].name);
	run_end(&run);
	arena_free(a);
}

/* Cut in two at every octet, and octet by octet: the same is found. */
static void test_cuts(size_t file)
{
	struct arena *a = arena_new();
	struct span log = read_fixture(a, files[file].name, "log");
	struct run whole = run_begin(files[file].make, 100);
	const char *all;
	bool same = log.n > 0;

	logread_feed(whole.r, log);
	logread_end(whole.r);
	all = arena_str(a, all_text(&whole));
	for (size_t cut = 0; cut <= log.n && same; cut++) {
		struct run run = run_begin(files[file].make, 100);

		logread_feed(run.r, (struct span){ log.p, cut });
		logread_feed(run.r, (struct span){ log.p + cut, log.n - cut });
		logread_end(run.r);
		same = strcmp(all_text(&run), all) == 0;
		run_end(&run);
	}
	ok(same, "%s: cuts change nothing", files[file].name);
	run_end(&whole);
	whole = run_begin(files[file].make, 100);
	for (size_t i = 0; i < log.n; i++)
		logread_feed(whole.r, (struct span){ log.p + i, 1 });
	logread_end(whole.r);
	is_str(all_text(&whole), all, "octet by octet, too");
	run_end(&whole);
	arena_free(a);
}

/* Every row of the tables has a line in the fixtures that tells of something by it, and one in
 * doc/. */
static void test_tables(const struct logpattern_table *const *tables)
{
	struct arena *a = arena_new();
	struct span logs = { NULL, 0 };
	uint8_t *page = arena_alloc(a, FILE_MOST);
	FILE *f = fopen(DOC, "rb");
	size_t size = f ? fread(page, 1, FILE_MOST, f) : 0;
	struct buf b = { .arena = a };

	if (f)
		fclose(f);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		logs = read_fixture(a, files[i].name, "log");
		buf_put(&b, logs.p, logs.n);
	}
	for (const struct logpattern_table *const *t = tables; *t; t++) {
		for (size_t i = 0; i < (*t)->n; i++) {
			const char *mark = (*t)->rows[i].mark;

			ok(memmem(b.p, b.n, mark, strlen(mark)), "%s: a fixture for '%s'",
				(*t)->program, mark);
			ok(memmem(page, size, mark, strlen(mark)), "%s: '%s' is documented",
				(*t)->program, mark);
		}
	}
	arena_free(a);
}

/* All programs' lines in one file are what they are alone. */
static void test_mixed(void)
{
	struct run run = run_begin(maillog_new, 100), alone;
	uint64_t count = 0;
	struct span log;

	for (size_t i = 0; i < ARRAY_LEN(files) && files[i].make == maillog_new; i++) {
		alone = run_begin(maillog_new, 100);
		log = read_fixture(alone.arena, files[i].name, "log");
		logread_feed(run.r, log);
		logread_feed(alone.r, log);
		logread_end(alone.r);
		count += alone.fails->count;
		run_end(&alone);
	}
	logread_end(run.r);
	is_int((int64_t)run.fails->count, (int64_t)count, "lines of all programs in one file");
	run_end(&run);
}

/* First and last, whatever the order; syslog's years are from the clock. */
static void test_times(void)
{
	static const char text[] = "Nov 28 09:17:01 mx1 postfix/smtp[1]: x: Name service error for "
				   "name=live.com type=MX: Host not found, try again\n"
				   "Dec 31 23:59:59 mx1 postfix/smtp[1]: x: Name service error for "
				   "name=live.com type=MX: Host not found, try again\n"
				   "no time: Name service error for "
				   "name=live.com type=MX: Host not found, try again\n";
	struct run run = run_begin(maillog_new, 100);

	logread_feed(run.r, (struct span){ (const uint8_t *)text, strlen(text) });
	logread_end(run.r);
	is_str(all_text(&run), "live.com. MX mx temporary 3 1767225599000000 1795857421000000\n",
		"count, first, last");
	run_end(&run);
}

static void test_file(void)
{
	struct run run = run_begin(maillog_new, 100);
	const char *why = "unset";

	is_int(logread_file(run.r, FIXTURES "/none", &why), -ERR_OPEN, "no file");
	is_int(logread_file(run.r, FIXTURES "/../../fuzz/corpus/maillog/sendmail-gz", &why), 0,
		"a packed file");
	ok(!why, "is whole");
	is_int((int64_t)logread_tally(run.r)->telling, 9, "and tells");
	run_end(&run);
}

/* Long lines are read in part, garbage not at all; what stands between them counts. */
static void test_garbage(void)
{
	static const char good[] =
		"\nName service error for name=live.com type=MX: Host not found\n";
	struct run run = run_begin(maillog_new, 100);
	struct rng rng = rng_seed(7);
	uint8_t *junk = arena_alloc(run.arena, 1 << 20);
	struct span line = { (const uint8_t *)good, strlen(good) };

	for (size_t i = 0; i < 1 << 20; i++)
		junk[i] = (uint8_t)rng_u64(&rng);
	logread_feed(run.r, (struct span){ junk, 1 << 20 });
	logread_feed(run.r, line);
	memset(junk, 'x', 1 << 20);
	memcpy(junk + 1000, line.p + 1, line.n - 2);   /* within what is read */
	memcpy(junk + 100000, line.p + 1, line.n - 2); /* behind it */
	logread_feed(run.r, (struct span){ junk, 1 << 20 });
	logread_feed(run.r, line);
	logread_end(run.r);
	is_str(all_text(&run), "live.com. MX mx permanent 3 0 0\n", "what stands between garbage");
	is_int((int64_t)logread_tally(run.r)->overlong, 1, "one line is too long");
	is_int((int64_t)logread_tally(run.r)->skipped, (1 << 20) - LOGLINES_MOST,
		"what was not read of it");
	run_end(&run);
}

/* A line full of marks costs no more than some of them do. */
static void test_marks(void)
{
	struct run run = run_begin(maillog_new, 100);
	struct buf b = { .arena = run.arena };

	for (int i = 0; i < 100; i++)
		buf_str(&b, "Name service error for name=x type=MX: Host not found ");
	logread_feed(run.r, buf_span(&b));
	logread_end(run.r);
	is_int((int64_t)logread_tally(run.r)->refused, 32, "marks that are looked at");
	run_end(&run);
}

/* Lines made of pieces of others: what must stay inside stays there. */
static bool case_pieces(struct rng *rng)
{
	static const char *const pieces[] = { "<", ">", "\"", "@", ":", " ", "\\", "secret.example",
		"secret", "ok.example", "== ", "F=<", "Sender address rejected: Domain not found",
		"host lookup did not complete", ", 450 4.1.8 ", "from=<", "to=<",
		"said: ", "stat=Host unknown" };
	struct run run = run_begin(maillog_new, 100);
	struct buf b = { .arena = run.arena };
	bool good;

	/* The local part of one address, in quotes: whatever it holds but a quote. */
	buf_str(&b, "postfix/smtpd: reject: 450 4.1.8 <\"");
	for (uint32_t n = rng_below(rng, 12); n; n--) {
		const char *piece = pieces[rng_below(rng, ARRAY_LEN(pieces))];

		if (piece[0] == '"' || piece[0] == '\\')
			buf_char(&b, '\\');
		buf_str(&b, strcmp(piece, "ok.example") == 0 ? "secret.example" : piece);
	}
	buf_str(&b, "\"@ok.example>: Sender address rejected: Domain not found; from=<>");
	logread_feed(run.r, buf_span(&b));
	logread_end(run.r);
	good = strcmp(all_text(&run), "ok.example. - route unknown 1 0 0\n") == 0;
	run_end(&run);
	return good;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		test_lines(i);
		test_secrets(i);
		test_cuts(i);
	}
	test_tables(maillog_tables);
	test_tables(resolverlog_tables);
	test_mixed();
	test_times();
	test_file();
	test_garbage();
	test_marks();
	prop("a quoted local part never comes out", case_pieces, 2000);
	return tap_done();
}
