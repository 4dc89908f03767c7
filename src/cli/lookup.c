/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verb lookup: dig's hands, dig's page, and what the reply means. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/err.h"
#include "cli/file.h"
#include "cli/lookup_others.h"
#include "cli/lookup_run.h"
#include "cli/verb.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "net/real.h"

/* A file of lookups that is being read. */
struct batch {
	struct digargs_reader *reader;
	const char *name;
	size_t at; /* line, from 1 */
	int code;  /* the worst so far */
};

static const char *bad_name(const char *name)
{
	if (!*name)
		return "it is empty";
	if (*name == '.' || strstr(name, ".."))
		return "empty label";
	return "a label over 63 octets, a name over 255, or a bad escape";
}

/* What sites say stands in the document; or behind the page, which need not wait for them. */
static int show_with_others(
	struct lookup_run *r, const struct lookup_target *t, const struct lookup_result *result)
{
	int code;

	if (r->args->json)
		lookup_others_end(r, t);
	code = lookup_show(r, t, result, true);
	if (r->args->json)
		return code;
	if (r->remote && file_print(buf_span(&r->out)))
		return DIG_FILE;
	if (r->remote)
		r->out = (struct buf){ .arena = r->arena };
	lookup_others_end(r, t);
	if (r->others)
		dig_vantages(r->others, &r->out);
	return code;
}

/* Asks for one name after the other, and shows the last reply, or with +showsearch all. */
static int search(struct lookup_run *r, struct lookup_target *t, struct lookup_names names)
{
	int code = DIG_OK;

	for (size_t i = 0; i < names.n; i++) {
		struct lookup_result result;
		bool more = false;

		t->question.name = names.v[i];
		t->shape = lookup_shape(r, t->settings, &t->question);
		result = lookup_ask(r, t);
		more = result.last && result.last->msg &&
		       result.last->msg->rcode == RCODE_NXDOMAIN && i + 1 < names.n;
		if (!more || r->args->showsearch)
			code = show_with_others(r, t, &result);
		if (!more)
			break;
	}
	return code;
}

/* With --vantage and --save there is one name. */
static int ask_and_save(struct lookup_run *r, struct lookup_target *t, struct lookup_names names)
{
	int code = lookup_others_begin(r, t);

	if (code)
		return code;
	code = search(r, t, names);
	return digargs_worse(code, lookup_others_save(r));
}

static int one(
	struct lookup_run *r, const struct digargs_lookup *l, const struct lookup_servers *servers)
{
	struct lookup_target t = { .settings = l, .servers = servers };
	const char *why;
	struct lookup_names names = lookup_search_names(r, l->name, l->idnin, &why);

	if (why) {
		lookup_complain(why);
		return DIG_USAGE;
	}
	if (!names.n) {
		lookup_complain(arena_printf(
			r->arena, "'%s' is not a legal name (%s)", l->name, bad_name(l->name)));
		return DIG_VALUE;
	}
	t.question = (struct question){ names.v[0], l->type, l->class };
	t.shape = lookup_shape(r, l, &t.question);
	r->port = lookup_port(r->args, l);
	if (l->nssearch)
		return lookup_nssearch(r, &t);
	if (l->trace)
		return lookup_trace(r, &t);
	return ask_and_save(r, &t, names);
}

/* named: servers of the first lookup; -1: a line of a file, for which dig tells less. */
static const char *make_banner(struct lookup_run *r, struct digargs_words words, long named)
{
	struct buf b = { .arena = r->arena };

	buf_printf(&b, "%s; <<>> dnsfault " DNSFAULT_VERSION " <<>>", named < 0 ? "" : "\n");
	for (int i = 0; i < words.argc; i++)
		buf_printf(&b, " %s", words.argv[i]);
	buf_char(&b, '\n');
	if (named > 0)
		buf_printf(&b, "; (%ld server%s found)\n", named, named == 1 ? "" : "s");
	if (named >= 0)
		buf_str(&b, ";; global options: +cmd\n");
	return buf_text(&b);
}

/* All lookups in turn, each printed when it is over. first: of the command. */
static int all(struct lookup_run *r, struct digargs_words words, bool first)
{
	struct lookup_servers *servers =
		arena_alloc(r->arena, r->args->lookups.n * sizeof(*servers));
	int code = DIG_OK;

	for (size_t i = 0; i < r->args->lookups.n; i++) {
		size_t named;

		if (lookup_servers_of(r, &r->args->lookups.v[i], &servers[i], &named))
			return DIG_USAGE;
		if (i == 0 && r->args->cmd && !r->args->yaml && !r->args->json)
			r->banner = make_banner(r, words, first ? (long)named : -1);
	}
	for (size_t i = 0; i < r->args->lookups.n; i++) {
		r->out = (struct buf){ .arena = r->arena };
		code = digargs_worse(code, one(r, &r->args->lookups.v[i], &servers[i]));
		if (file_print(buf_span(&r->out)))
			return digargs_worse(code, DIG_FILE);
	}
	return code;
}

/* Opens the sockets' loop. */
static int open_run(struct lookup_run *r, struct arena *a)
{
	r->arena = a;
	r->facts = facts_new(a);
	return real_new(a, &r->rng, NULL, &r->wire);
}

/* Draws the command's cookie. */
static int draw(struct lookup_run *r)
{
	uint64_t seed = 0;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed) ||
		getrandom(r->cookie, sizeof(r->cookie), 0) != sizeof(r->cookie))
		return -ERR_SYSTEM;
	r->rng = rng_seed(seed);
	return 0;
}

static int help(struct arena *a)
{
	struct buf b = { .arena = a };

	digargs_help(&b);
	return file_print(buf_span(&b)) ? DIG_FILE : DIG_OK;
}

static int version(void)
{
	static const char text[] = "dnsfault " DNSFAULT_VERSION "\n";

	return file_print((struct span){ (const uint8_t *)text, sizeof(text) - 1 }) ? DIG_FILE
										    : DIG_OK;
}

/* Limits of the words; dig has none. */
static void set_pace(struct lookup_run *r)
{
	const struct digargs_long *also = &r->args->also;

	if (!r->pace && (also->rate || also->budget))
		r->pace = pace_new(r->arena,
			(struct pace_settings){ .rate = also->rate, .budget = also->budget });
}

/* The notes of the words, then their lookups. */
static int do_words(struct lookup_run *r, struct digargs_words words, bool first)
{
	const char *why = lookup_others_refusal(r->arena, r->args);

	if (why) {
		lookup_complain(why);
		return DIG_USAGE;
	}
	set_pace(r);
	fputs(buf_text(&r->args->notes), stderr);
	return all(r, words, first);
}

/* The words of a line of the file of -f. False: it ends there, as in dig. */
static bool do_line(struct lookup_run *r, struct batch *b, const char *line)
{
	struct digargs_words words = digargs_split(r->arena, line);
	struct digargs_fail fail;
	int code;

	if (digargs_take(b->reader, r->arena, words, &fail)) {
		lookup_complain(
			arena_printf(r->arena, "%s, line %zu: %s", b->name, b->at, fail.why));
		b->code = digargs_worse(b->code, fail.code);
		return false;
	}
	code = do_words(r, words, b->at == 1);
	b->code = digargs_worse(b->code, code);
	/* An illegal name, or what cannot be written. */
	return code != DIG_VALUE && code != DIG_FILE;
}

/* The same with sockets and memory of its own, which are freed. */
static bool do_line_alone(const struct lookup_run *r, struct batch *b, const char *line)
{
	struct arena *a = arena_new();
	struct lookup_run own = *r;
	bool more = false;

	if (open_run(&own, a)) {
		lookup_complain("cannot open the network");
		b->code = digargs_worse(b->code, DIG_NO_REPLY);
	} else {
		more = do_line(&own, b, line);
		own.wire->ops->free(own.wire);
	}
	arena_free(a);
	return more;
}

static bool is_empty(const char *line)
{
	line += strspn(line, " \t\r\n");
	return !*line || *line == '#' || *line == ';';
}

/* The code of the lookups so far, or a worse one. */
static int do_batch(struct lookup_run *r, struct digargs_reader *reader, int code)
{
	const char *name = r->args->batch;
	bool standard = strcmp(name, "-") == 0, more = true;
	FILE *in = standard ? stdin : fopen(name, "re");
	struct batch b = { reader, standard ? "standard input" : name, 0, code };
	char *line = NULL;
	size_t room = 0;

	if (!in) {
		lookup_complain(arena_printf(r->arena, "-f %s: %s", name, strerror(errno)));
		return digargs_worse(code, DIG_FILE);
	}
	while (more && getline(&line, &room, in) >= 0) {
		b.at++;
		if (is_empty(line))
			continue;
		/* Connections that are to be kept live as long as the sockets. */
		more = r->args->keepopen ? do_line(r, &b, line) : do_line_alone(r, &b, line);
	}
	if (ferror(in)) {
		lookup_complain(arena_printf(r->arena, "%s: %s", b.name, strerror(errno)));
		b.code = digargs_worse(b.code, DIG_FILE);
	}
	free(line);
	if (!standard)
		fclose(in);
	return b.code;
}

/* Defaults from ~/.digrc, unless -r is somewhere. */
static int read_digrc(struct digargs_reader *reader, struct arena *a, struct digargs_words words)
{
	const char *home = getenv("HOME");
	struct span text;
	char *save = NULL;

	for (int i = 0; i < words.argc; i++)
		if (strcmp(words.argv[i], "-r") == 0)
			return 0;
	if (!home || file_read(a, arena_printf(a, "%s/.digrc", home), &text) < 0)
		return 0;
	for (char *line = strtok_r(arena_strn(a, text.p, text.n), "\n", &save); line;
		line = strtok_r(NULL, "\n", &save)) {
		struct digargs_fail fail;

		if (is_empty(line) || !digargs_take_defaults(reader, digargs_split(a, line), &fail))
			continue;
		lookup_complain(
			arena_printf(a, "%s/.digrc: %s (-r leaves it out)", home, fail.why));
		return fail.code;
	}
	return 0;
}

static int run(struct arena *a, struct digargs_words words)
{
	struct digargs args;
	struct digargs_fail fail;
	struct digargs_reader *reader = digargs_new(a, &args);
	struct lookup_run r = { .arena = a, .args = &args };
	int code = read_digrc(reader, a, words);

	if (code)
		return code;
	if (digargs_take(reader, a, words, &fail)) {
		lookup_complain(fail.why);
		return fail.code;
	}
	if (args.help)
		return help(a);
	if (args.version)
		return version();
	if (draw(&r) || open_run(&r, a)) {
		lookup_complain("cannot open the network");
		return DIG_NO_REPLY;
	}
	code = do_words(&r, words, true);
	if (args.batch)
		code = do_batch(&r, reader, code);
	r.wire->ops->free(r.wire);
	return code;
}

int lookup_main(int argc, char **argv)
{
	struct arena *a = arena_new();
	int code = run(a, (struct digargs_words){ argc, argv });

	arena_free(a);
	return code;
}
