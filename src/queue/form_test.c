/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "queue/form.h"

#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "tap.h"

static struct span span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void jobs(struct arena *a)
{
	struct form_job j = { .scan = "s1",
		.job = 7,
		.probe = "tree",
		.name = "n.example",
		.type = "MX",
		.ports = "1-52,54" },
			back;
	struct buf out = { .arena = a }, again = { .arena = a };
	const char *why = NULL;

	j.numbers = (struct form_numbers){ .family = 6, .rate = 50, .tries = 2 };
	vec_push(a, &j.servers, "192.0.2.1#53");
	vec_push(a, &j.names, "n1.example. A");
	vec_push(a, &j.names, "\\000\\\"x.example. TYPE65280");
	form_job_write(&j, &out);
	ok(form_job_read(a, buf_span(&out), &back, &why) == 0, "a job is read back");
	form_job_write(&back, &again);
	is_str(buf_text(&again), buf_text(&out), "and is the same");
	is_int(back.names.n, 2, "with its names");
}

static void pieces(struct arena *a)
{
	static const uint8_t bytes[] = { 0, '\n', 0xff };
	struct form_piece p = { "s1", 7, "r1", "ams", 2, 3, NULL, { bytes, sizeof(bytes) } }, back;
	struct buf out = { .arena = a };
	const char *why = NULL;

	form_piece_write(&p, &out);
	ok(form_piece_read(a, buf_span(&out), &back, &why) == 0, "a piece is read back");
	ok(back.data.n == sizeof(bytes) && memcmp(back.data.p, bytes, sizeof(bytes)) == 0,
		"its bytes as they are");
	is_int(back.piece, 2, "its number");
	p.failed = "why \"not\"";
	p.data.n = 0;
	out.n = 0;
	form_piece_write(&p, &out);
	ok(form_piece_read(a, buf_span(&out), &back, &why) == 0 && !back.data.n,
		"one without data");
	is_str(back.failed, p.failed, "but with a reason");
}

static void questions(struct arena *a)
{
	struct form_question q = {
		.id = "q",
		.verb = "lookup",
		.name = "live.com.",
		.type = "MX",
		.flags = { .tcp = 1, .norecurse = 1, .cd = 1, .dnssec = 1 },
	};
	struct form_question back;
	struct buf out = { .arena = a }, again = { .arena = a };
	const char *why = NULL;

	form_question_write(&q, &out);
	ok(form_question_read(a, buf_span(&out), &back, &why) == 0, "a question is read back");
	form_question_write(&back, &again);
	is_str(buf_text(&again), buf_text(&out), "and is the same");
	ok(back.flags.tcp && back.flags.norecurse && back.flags.cd && back.flags.dnssec,
		"with its flags");
}

#define JOB(rest)   "{\"dnsfault-job\":1,\"scan\":\"s\",\"job\":1,\"probe\":\"lookup\"" rest "}"
#define NAMES	    ",\"names\":[\"a. A\"]"
#define PIECE(rest) "{\"dnsfault-piece\":1,\"scan\":\"s\",\"run\":\"r\",\"site\":\"x\"" rest

/* What has to be refused, and a part of why. */
static const struct {
	const char *text, *why;
} hostile_jobs[] = {
	{ "", "not an object" },
	{ "[]", "not an object" },
	{ "{}", "another version" },
	{ "{\"dnsfault-job\":2}", "another version" },
	{ JOB(""), "names: missing" },
	{ JOB(",\"names\":[]"), "names" },
	{ JOB(",\"names\":\"a. A\""), "names" },
	{ JOB(",\"names\":[\"a. A\\nb. A\"]"), "printable" },
	{ JOB(",\"names\":[\"a. A\\u0000\"]"), "printable" },
	{ JOB(",\"names\":[\"a. A # b\"]"), "comment" },
	{ JOB(",\"names\":[1]"), "printable" },
	{ JOB(NAMES ",\"save\":\"/etc/passwd\""), "not known" },
	{ JOB(NAMES ",\"yes\":true"), "not known" },
	{ JOB(NAMES ",\"rate\":-1"), "rate" },
	{ JOB(NAMES ",\"rate\":0"), "rate" },
	{ JOB(NAMES ",\"rate\":1.5"), "rate" },
	{ JOB(NAMES ",\"rate\":1e300"), "rate" },
	{ JOB(NAMES ",\"rate\":99999999999999999999"), "rate" },
	{ JOB(NAMES ",\"rate\":\"5\""), "rate" },
	{ JOB(NAMES ",\"family\":5"), "family" },
	{ JOB(NAMES ",\"tries\":21"), "tries" },
	{ JOB(NAMES ",\"tries\":1,\"tries\":2"), "not an object" },
	{ JOB(NAMES ",\"servers\":[\"\"]"), "servers" },
	{ JOB(NAMES) " x", "not an object" },
	{ "{\"dnsfault-job\":1,\"scan\":\"../s\",\"job\":1,\"probe\":\"lookup\"" NAMES "}", "scan" },
	{ "{\"dnsfault-job\":1,\"scan\":\"a.b\",\"job\":1,\"probe\":\"lookup\"" NAMES "}", "scan" },
	{ "{\"dnsfault-job\":1,\"scan\":\"a\\u0000b\",\"job\":1,\"probe\":\"lookup\"" NAMES "}", "scan" },
	{ "{\"dnsfault-job\":1,\"scan\":\"\",\"job\":1,\"probe\":\"lookup\"" NAMES "}", "scan" },
	{ "{\"dnsfault-job\":1,\"scan\":\"s\",\"job\":1,\"probe\":\"-x y\"" NAMES "}", "probe" },
}, hostile_pieces[] = {
	{ "", "no first line" },
	{ PIECE(",\"piece\":1,\"of\":1}"), "no first line" },
	{ PIECE(",\"piece\":2,\"of\":1}") "\n", "beyond" },
	{ PIECE(",\"piece\":0,\"of\":1}") "\n", "piece" },
	{ PIECE(",\"piece\":1,\"of\":257}") "\n", "of" },
	{ PIECE(",\"piece\":1}") "\n", "of: missing" },
	{ PIECE(",\"piece\":1,\"of\":1,\"failed\":\"\\u001b[2J\"}") "\n", "failed" },
};

static void hostile_questions(struct arena *a)
{
	static const char *const ends[] = { "\"tcp\":0", "\"tcp\":2", "\"cd\":true",
		"\"norecurse\":\"1\"", "\"dnssec\":-1", "\"tls\":1" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		const char *text = arena_printf(a,
			"{\"dnsfault-question\":1,\"id\":\"q\",\"verb\":\"lookup\",%s}", ends[i]);
		struct form_question q;
		const char *why = NULL;

		ok(form_question_read(a, span_of(text), &q, &why) == -ERR_PARSE && why,
			"a question with %s is refused", ends[i]);
	}
}

static void hostile(struct arena *a)
{
	struct form_job j;
	struct form_piece p;

	ok(form_job_read(a, span_of(JOB(NAMES)), &j, &(const char *){ NULL }) == 0,
		"the job that others are made from is good");
	for (size_t i = 0; i < ARRAY_LEN(hostile_jobs); i++) {
		const char *why = "";

		ok(form_job_read(a, span_of(hostile_jobs[i].text), &j, &why) == -ERR_PARSE &&
				strstr(why, hostile_jobs[i].why),
			"job %zu is refused: %s", i, why);
	}
	for (size_t i = 0; i < ARRAY_LEN(hostile_pieces); i++) {
		const char *why = "";

		ok(form_piece_read(a, span_of(hostile_pieces[i].text), &p, &why) == -ERR_PARSE &&
				strstr(why, hostile_pieces[i].why),
			"piece %zu is refused: %s", i, why);
	}
}

/* One name too many, and a line too long. */
static void bounds(struct arena *a)
{
	struct form_job j = { .scan = "s", .job = 1, .probe = "lookup" }, back;
	char line[FORM_LINE + 2];
	const char *why = NULL;
	struct buf out = { .arena = a };

	for (size_t i = 0; i < FORM_NAMES; i++)
		vec_push(a, &j.names, "a. A");
	form_job_write(&j, &out);
	ok(form_job_read(a, buf_span(&out), &back, &why) == 0, "a full job");
	vec_push(a, &j.names, "a. A");
	out.n = 0;
	form_job_write(&j, &out);
	ok(form_job_read(a, buf_span(&out), &back, &why) < 0, "one name more");
	memset(line, 'a', FORM_LINE + 1);
	line[FORM_LINE + 1] = '\0';
	j.names.n = 1;
	j.names.v[0] = line;
	out.n = 0;
	form_job_write(&j, &out);
	ok(form_job_read(a, buf_span(&out), &back, &why) < 0, "a line too long");
	ok(!form_is_id(line) && !form_is_id("") && !form_is_id("a b") && form_is_id("a-B_9"),
		"ids");
}

int main(void)
{
	struct arena *a = arena_new();

	jobs(a);
	pieces(a);
	hostile_questions(a);
	questions(a);
	hostile(a);
	bounds(a);
	arena_free(a);
	return tap_done();
}
