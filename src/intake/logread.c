/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logs, line by line: most lines hold no mark, and nothing more is done with them. */
#include "intake/logread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "intake/logcsv.h"
#include "intake/logmarks.h"
#include "intake/logname.h"
#include "intake/unpack.h"

enum {
	TOLD_MOST = 16, /* failures of one line */
	TRIED_MOST =
		32, /* marks of one line that are looked at: each may cost a look at all of it */
	BLOCK = 256 * 1024,
};

struct logread {
	struct arena *arena, *scratch; /* scratch: of a line */
	struct logfails *fails;
	struct logstamp_clock clock;
	const struct logpattern *
		*patterns; /* of all tables, by mark; NULL: a mark for JSON alone */
	const struct logmarks *marks;
	struct loglines lines;
	struct logcsv csv;
	uint8_t *stripped; /* LOGLINES_MOST octets */
	struct logread_tally tally;

	/* Of the line in hand. */
	struct logfail told[TOLD_MOST];
	size_t n;
};

/*
 * Marks of lines that need a look for another reason: a row that names columns, and a mark with
 * quotes as JSON writes it.
 */
static const char *const other_marks[] = {
	"type,timeLogged",
	"rcode=\\\"2\\\"",
};

static void take_line(void *user, struct span line);

struct logread *logread_new(struct arena *a, const struct logread_settings *settings)
{
	struct logread *r = arena_alloc(a, sizeof(*r));
	const char **marks;
	size_t n = ARRAY_LEN(other_marks);

	for (const struct logpattern_table *const *t = settings->tables; *t; t++)
		n += (*t)->n;
	r->patterns = arena_alloc(a, n * sizeof(*r->patterns));
	marks = arena_alloc(a, n * sizeof(*marks));
	n = 0;
	for (const struct logpattern_table *const *t = settings->tables; *t; t++) {
		for (size_t i = 0; i < (*t)->n; i++) {
			r->patterns[n] = &(*t)->rows[i];
			marks[n++] = (*t)->rows[i].mark;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(other_marks); i++)
		marks[n++] = other_marks[i];
	r->arena = a;
	r->scratch = arena_new();
	r->fails = settings->fails;
	r->clock = settings->clock;
	r->marks = logmarks_new(a, marks, n);
	r->lines = (struct loglines){ .take = take_line, .user = r };
	r->stripped = arena_alloc(a, LOGLINES_MOST);
	logcsv_init(&r->csv);
	return r;
}

/*
 * The same failure is told once by a line; and that no way was found, only where nothing better is
 * said of the domain.
 */
static bool is_told(const struct logread *r, const struct logfail *f)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct logfail *t = &r->told[i];

		if (!name_same_case(&t->domain, &f->domain))
			continue;
		if (f->what == LOGFAIL_UNROUTED ||
			(t->type == f->type && t->what == f->what && t->how == f->how &&
				t->theirs == f->theirs))
			return true;
	}
	return false;
}

static void tell(struct logread *r, const struct logfail *f, uint64_t when)
{
	if (is_told(r, f) || r->n == TOLD_MOST)
		return;
	r->told[r->n++] = *f;
	logfails_add(r->fails, f, when);
}

static bool csv_column(const void *user, const char *name, struct span *ret)
{
	return logcsv_field(user, name, ret);
}

/* A line as its program wrote it. when: 0 if what it came in told no time. */
static void read_text(struct logread *r, struct span text, uint64_t when)
{
	struct logpattern_line line = { .state = LOGFAIL_UNKNOWN };
	struct logmarks_at at = { 0 };
	struct logfail fail;
	struct span stamp;
	int mark, tried = 0;

	if (!when)
		when = logstamp_read(text, &r->clock);
	if (logcsv_read(&r->csv, text)) {
		line.column = csv_column;
		line.user = &r->csv;
		line.state = logcsv_permanent(&r->csv) ? LOGFAIL_PERMANENT : LOGFAIL_TEMPORARY;
		if (logcsv_field(&r->csv, "timeLogged", &stamp))
			when = logstamp_read(stamp, &r->clock);
	}
	line.text = (struct span){ r->stripped, logname_strip(text, r->stripped) };
	r->n = 0;
	while (tried++ < TRIED_MOST && (mark = logmarks_next(r->marks, line.text, &at)) >= 0) {
		int rc = r->patterns[mark]
				 ? logpattern_read(r->patterns[mark], &line, at.found, &fail)
				 : -ERR_NONE;

		if (!rc)
			tell(r, &fail, when);
		else if (rc == -ERR_PARSE)
			r->tally.refused++;
	}
	r->tally.telling += r->n > 0;
}

/* Digits of a journal's field: microseconds. */
static uint64_t journal_time(const struct json_value *entry, const char *field)
{
	const char *text = json_get_str(entry, field, "");
	char *end;
	uint64_t v;

	errno = 0;
	v = *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0;
	return v && !errno && !*end ? v : 0;
}

/* An entry of journalctl -o json; anything else in braces is a text. */
static bool read_entry(struct logread *r, struct span line)
{
	const struct json_value *entry, *message;
	uint64_t when;

	if (!line.n || line.p[0] != '{' || json_read(r->scratch, line, &entry, NULL))
		return false;
	message = json_get(entry, "MESSAGE");
	if (!message)
		return false;
	if (message->type != JSON_STRING) /* octets that are no UTF-8: no mark is in sight there */
		return true;
	/* When the program said it; when the journal took it, where that is all. */
	when = journal_time(entry, "_SOURCE_REALTIME_TIMESTAMP");
	if (!when)
		when = journal_time(entry, "__REALTIME_TIMESTAMP");
	read_text(r, (struct span){ (const uint8_t *)message->text, message->n }, when);
	return true;
}

static void take_line(void *user, struct span line)
{
	struct logread *r = user;
	struct logmarks_at at = { 0 };

	if (logmarks_next(r->marks, line, &at) < 0)
		return;
	if (!read_entry(r, line))
		read_text(r, line, 0);
	arena_reset(r->scratch);
}

void logread_feed(struct logread *r, struct span block)
{
	loglines_feed(&r->lines, block);
}

void logread_end(struct logread *r)
{
	loglines_end(&r->lines);
	logcsv_init(&r->csv);
}

void logread_stream(struct logread *r, FILE *stream, const char **ret_why)
{
	struct unpack *u = unpack_new(stream);
	uint8_t *block = malloc(BLOCK);
	const char *why;
	size_t n;

	if (!block)
		err_no_memory();
	while ((n = unpack_read(u, block, BLOCK)) > 0)
		logread_feed(r, (struct span){ block, n });
	logread_end(r);
	why = unpack_why(u);
	*ret_why = why ? arena_str(r->arena, why) : NULL;
	free(block);
	unpack_free(u);
}

int logread_file(struct logread *r, const char *path, const char **ret_why)
{
	FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");

	if (!stream)
		return -ERR_OPEN;
	logread_stream(r, stream, ret_why);
	if (stream != stdin)
		fclose(stream);
	return 0;
}

const struct logread_tally *logread_tally(struct logread *r)
{
	r->tally.lines = r->lines.lines;
	r->tally.octets = r->lines.octets;
	r->tally.overlong = r->lines.overlong;
	r->tally.skipped = r->lines.skipped;
	return &r->tally;
}

void logread_free(struct logread *r)
{
	if (!r)
		return;
	loglines_end(&r->lines);
	arena_free(r->scratch);
	r->scratch = NULL;
}
