/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The survey as people and programs read it. */
#include "render/survey.h"

#include <string.h>

#include "base/json.h"
#include "tap.h"

enum { SERVERS = 200, COLUMNS = 80 };

static struct arena *arena;
static struct portset low;

/* Four operators of fifty; one filters, some of another cannot be judged. */
static struct survey made(void)
{
	static const uint8_t owners[] = "abcd";
	struct survey_server *v = arena_alloc(arena, SERVERS * sizeof(*v));
	struct survey s;

	portset_add_range(&low, (struct portrange){ 1, 52 });
	portset_add_range(&low, (struct portrange){ 54, 1023 });
	for (size_t i = 0; i < SERVERS; i++) {
		v[i] = (struct survey_server){ .owner = { &owners[i % 4], 1 } };
		if (i % 4 == 0)
			v[i] = (struct survey_server){ v[i].owner, PATTERN_RANGES, &low };
		else if (i % 20 == 1)
			v[i].pattern = PATTERN_UNKNOWN;
	}
	survey_judge(arena, &(struct survey_sample){ v, SERVERS, 10000, SURVEY_CONFIDENCE }, &s);
	return s;
}

static void check_width(const char *text)
{
	bool narrow = true;

	for (const char *p = text, *end; *p; p = *end ? end + 1 : end) {
		end = p + strcspn(p, "\n");
		narrow &= end - p <= COLUMNS;
	}
	ok(narrow, "no line is wider than a terminal");
}

int main(void)
{
	struct buf text = { .arena = arena = arena_new() }, line = { .arena = arena };
	struct survey s = made();
	struct survey_page p = { .survey = &s,
		.list = { 10000, 11000, false },
		.left_out = 2,
		.unmet = 3,
		.stopped = true,
		.operators = "AS" };
	const struct json_value *v, *row;
	size_t at;

	survey_text(&p, &text);
	check_width(buf_text(&text));
	ok(strstr(buf_text(&text), "drawn at random from about 10000; 4 operators by AS\n"),
		"what was drawn");
	ok(strstr(buf_text(&text), "  1-52,54-1023              50  26.3%"), "the set of ports");
	ok(strstr(buf_text(&text), "10 could not be judged"), "what could not be judged");
	ok(strstr(buf_text(&text), "stopped") && strstr(buf_text(&text), "3 more were drawn") &&
			strstr(buf_text(&text), "2 lines are left out"),
		"what else is missing");
	survey_json(&p, &line);
	ok(strchr(buf_text(&line), '\n') == buf_text(&line) + line.n - 1, "one line");
	is_int(json_read(arena, buf_span(&line), &v, &at), 0, "of JSON");
	is_int(json_get_int(v, "servers", 0), SERVERS, "with the servers of the sample");
	row = json_get(v, "rows");
	is_int((int64_t)s.rows.n, 7, "and all rows");
	ok(strstr(buf_text(&line),
		   "\"pattern\":\"ranges\",\"blocked\":\"1-52,54-1023\",\"servers\":"
		   "{\"hits\":50,\"decided\":190,\"open\":10,"),
		"numbers of a row");
	ok(row != NULL, "a list");
	arena_free(arena);
	return tap_done();
}
