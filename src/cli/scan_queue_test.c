/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results that agents send, good and hostile: a job is done by exactly its own names. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/vec.h"
#include "cli/scan_queue_inner.h"
#include "tap.h"

#define LINE(name, type)                                                                           \
	"{\"scan\":1,\"name\":\"" name "\",\"type\":\"" type                                       \
	"\",\"state\":\"ok\",\"verdict\":\"answer\",\"elapsed\":5}\n"
#define A LINE("a.", "A")
#define B LINE("b.", "MX")

static struct scan_out out;

static struct qjob *job_of(struct qlist *l, struct arena *a)
{
	struct qjob *j = arena_alloc(a, sizeof(*j));

	*l = (struct qlist){ .scan = "s", .first = j, .n = 1, .conf.out = &out };
	j->arena = a;
	j->id = 7;
	vec_push(a, &j->keys, "a. A");
	vec_push(a, &j->keys, "b. MX");
	return j;
}

static struct form_piece piece_of(const char *run, int64_t piece, int64_t of, const char *text)
{
	return (struct form_piece){ "s", 7, run, "x", piece, of, NULL,
		{ (const uint8_t *)text, strlen(text) } };
}

/* Lines that are written are for somebody else's eyes. */
static struct qtaken take(struct qlist *l, struct form_piece p)
{
	int old, nowhere = open("/dev/null", O_WRONLY);
	struct qtaken t;

	fflush(stdout);
	old = dup(STDOUT_FILENO);
	dup2(nowhere, STDOUT_FILENO);
	t = qtake_piece(l, &p);
	fflush(stdout);
	dup2(old, STDOUT_FILENO);
	close(old);
	close(nowhere);
	return t;
}

static void whole(void)
{
	static const struct {
		const char *text, *why; /* NULL: it is good */
	} rows[] = {
		{ A B, NULL },
		{ B A, NULL },
		{ LINE("A.", "A") B, NULL },
		{ "", "not whole" },
		{ A, "not whole" },
		{ A B "{", "not whole" },
		{ A B A, "too many" },
		{ A A, "other names" },
		{ A LINE("c.", "MX"), "other names" },
		{ A LINE("b.", "A"), "other names" },
		{ A "{}\n", "none" },
		{ A "\n", "none" },
		{ A "\033[2J\n", "none" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct qlist l;
		struct qjob *j = job_of(&l, a);
		uint64_t before = out.sum.n;
		struct qtaken t = take(&l, piece_of("r", 1, 1, rows[i].text));

		is_int(t.what, rows[i].why ? QTAKE_FAILED : QTAKE_DONE,
			arena_printf(a, "result %zu", i));
		ok(!rows[i].why || strstr(t.why, rows[i].why), "result %zu: %s", i,
			t.why ? t.why : "good");
		is_int(out.sum.n - before, rows[i].why ? 0 : 2, "lines are written, or none is");
		qtake_drop(&l, j);
		is_int(l.piece_octets, 0, "nothing is kept");
		arena_free(a);
	}
}

static void pieces(void)
{
	struct arena *a = arena_new();
	struct qlist l;
	struct qjob *j = job_of(&l, a);

	is_int(take(&l, piece_of("r", 2, 2, B)).what, QTAKE_PART, "the second piece first");
	is_int(take(&l, piece_of("r", 2, 2, B)).what, QTAKE_STRANGE, "it again");
	is_int(take(&l, piece_of("q", 1, 3, A)).what, QTAKE_PART, "a piece of another try");
	is_int(take(&l, piece_of("r", 1, 2, A)).what, QTAKE_PART, "tries do not mix");
	is_int(take(&l, piece_of("r", 2, 2, B)).what, QTAKE_DONE, "until one is whole");
	qtake_drop(&l, j);
	is_int(l.piece_octets, 0, "nothing is kept");
	arena_free(a);
}

#define SERVER(name)                                                                               \
	"{\"scan\":1,\"name\":\"" name "\",\"state\":\"ok\",\"verdict\":\"none\",\"elapsed\":5}\n"

/* A server is what it was called by; nothing else is taken for it. */
static void servers(void)
{
	static const struct {
		const char *text;
		enum qtake what;
	} rows[] = {
		{ SERVER("192.0.2.1#5300") SERVER("a#b.example."), QTAKE_DONE },
		{ SERVER("192.0.2.1") SERVER("a#b.example."), QTAKE_FAILED },
		{ SERVER("192.0.2.1#5300") SERVER(""), QTAKE_FAILED },
		{ SERVER("192.0.2.1#5300") LINE("a#b.example.", "A"), QTAKE_FAILED },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct qlist l;
		struct qjob *j = job_of(&l, a);

		j->keys.v[0] = "192.0.2.1#5300";
		j->keys.v[1] = "a#b.example.";
		is_int(take(&l, piece_of("r", 1, 1, rows[i].text)).what, rows[i].what,
			arena_printf(a, "servers %zu", i));
		qtake_drop(&l, j);
		arena_free(a);
	}
}

static void keys(void)
{
	struct arena *a = arena_new();
	struct name name;
	struct names_item item = { .question = { &name, 1, 1 } };

	name_parse("N\\035.Example", &name);
	is_str(qlist_key(a, &item), "n\\035.example. A", "the key of a name");
	item.question.type = 0;
	is_str(qlist_key(a, &item), "n#.example.", "of a server by name");
	addr_parse_port("2001:db8::1#53", &item.server);
	is_str(qlist_key(a, &item), "2001:db8::1", "of one by address");
	addr_parse_port("192.0.2.1#5300", &item.server);
	is_str(qlist_key(a, &item), "192.0.2.1#5300", "with a port of its own");
	arena_free(a);
}

static void strangers(void)
{
	struct arena *a = arena_new();
	struct qlist l;
	struct qjob *j = job_of(&l, a);
	struct form_piece p = piece_of("r", 1, 1, A B);

	p.job = 8;
	is_int(take(&l, p).what, QTAKE_STRANGE, "a job that is not, or is done");
	p.job = 7;
	p.scan = "other";
	is_int(take(&l, p).what, QTAKE_STRANGE, "another scan");
	p.scan = "s";
	p.failed = "why";
	is_int(take(&l, p).what, QTAKE_FAILED, "one that failed");
	l.filling = j;
	p.failed = NULL;
	is_int(take(&l, p).what, QTAKE_STRANGE, "a job that nobody can know yet");
	arena_free(a);
}

int main(void)
{
	out.scratch = arena_new();
	whole();
	pieces();
	strangers();
	servers();
	keys();
	arena_free(out.scratch);
	return tap_done();
}
