/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option rows: what each type takes, how options are written, what is said of mistakes. */
#include "base/addr.h"
#include "base/err.h"
#include "base/portset.h"
#include "cli/near.h"
#include "cli/opt.h"
#include "dns/name.h"
#include "tap.h"

struct settings {
	bool v4, json, full;
	uint32_t rate, small;
	struct opt_u64 seed;
	const char *file;
	struct opt_texts controls;
	int color, letter;
	struct addr source;
	struct portset *ports;
	uint16_t type;
	const struct name *name;
};

#define AT(field) offsetof(struct settings, field)
static const char *const when[] = { "auto", "always", "never", NULL };
static const char *const letters[] = { "there", "own", NULL };
static const struct opt rows[] = {
	{ OPT_FLAG, '4', NULL, NULL, AT(v4), .help = "use IPv4 only" },
	{ OPT_FLAG, 0, "json", NULL, AT(json), .help = "one JSON document" },
	{ OPT_FLAG, 'f', "full", NULL, AT(full), .help = "every port" },
	{ OPT_UINT, 0, "rate", "N", AT(rate), .max = 1000, .help = "most queries a second" },
	{ OPT_UINT, 's', NULL, "N", AT(small), .min = 2, .max = 9, .help = "a small number" },
	{ OPT_U64, 0, "seed", "N", AT(seed), .help = "seed of all choices" },
	{ OPT_TEXT, 'o', "save", "FILE", AT(file), .help = "where facts are saved" },
	{ OPT_TEXTS, 0, "control", "SERVER[/NAME[/TYPE]]", AT(controls),
		.help = "a server of another operator, which is asked from the same ports; repeat "
			"it" },
	{ OPT_CHOICE, 0, "color", "WHEN", AT(color), .choices = when, .help = "colours" },
	{ OPT_MAYBE, 0, "letter", "own", AT(letter), .choices = letters, .help = "a letter" },
	{ OPT_ADDR, 'b', NULL, "ADDR[#PORT]", AT(source), .help = "source" },
	{ OPT_PORTS, 0, "ports", "SET", AT(ports), .help = "these ports only" },
	{ OPT_TYPE, 't', NULL, "TYPE", AT(type), .help = "record type" },
	{ OPT_NAME, 'q', NULL, "NAME", AT(name), .help = "name" },
};
static const struct opt_table table = { rows, ARRAY_LEN(rows) };

enum { WORDS = 6 };

/* A command line and all that it sets, as one text. */
struct line {
	char *argv[WORDS];
	const char *want; /* NULL: refused */
};

static const struct line lines[] = {
	{ { "live.com", "MX" }, "words=live.com,MX" },
	{ { "-4" }, "4" },
	{ { "-4f", "x" }, "4 full words=x" },
	{ { "a", "--json", "b" }, "json words=a,b" },
	{ { "--rate", "10" }, "rate=10" },
	{ { "--rate=10" }, "rate=10" },
	{ { "--ra", "10" }, "rate=10" },
	{ { "--rate=0", "--rate=7" }, "rate=7" },
	{ { "-s9" }, "small=9" },
	{ { "-4s", "9" }, "4 small=9" },
	{ { "--seed", "18446744073709551615" }, "seed=18446744073709551615" },
	{ { "--seed=0" }, "seed=0" },
	{ { "-o", "a.jsonl" }, "file=a.jsonl" },
	{ { "-oa.jsonl" }, "file=a.jsonl" },
	{ { "--save=" }, "file=" },
	{ { "-o", "-4" }, "file=-4" },
	{ { "--con", "a", "--control=b/c" }, "controls=a,b/c" },
	{ { "--color", "never" }, "color=2" },
	{ { "--letter", "own" }, "letter=1 words=own" },
	{ { "--letter=own" }, "letter=2" },
	{ { "--letter=them" }, NULL },
	{ { "-b", "192.0.2.1#1023" }, "source=192.0.2.1#1023" },
	{ { "-b2001:db8::1" }, "source=2001:db8::1#0" },
	{ { "--ports", "54-1023,1-52" }, "ports=1-52,54-1023" },
	{ { "-t", "mx", "-q", "live.com" }, "type=15 name=live.com." },
	{ { "--", "-4", "--json" }, "words=-4,--json" },
	{ { "-", "@192.0.2.1", "+short" }, "words=-,@192.0.2.1,+short" },
	{ { "" }, "words=" },
	{ { "-z" }, NULL },
	{ { "-4z" }, NULL },
	{ { "--nothing" }, NULL },
	{ { "--"
	    "=x" },
		NULL },
	{ { "--s", "1" }, NULL },
	{ { "--json=yes" }, NULL },
	{ { "--rate" }, NULL },
	{ { "--rate", "fast" }, NULL },
	{ { "--rate", "1001" }, NULL },
	{ { "--rate", "-1" }, NULL },
	{ { "--rate", "" }, NULL },
	{ { "--rate", "99999999999999999999999" }, NULL },
	{ { "-s", "1" }, NULL },
	{ { "--seed", "18446744073709551616" }, NULL },
	{ { "--color", "alw" }, NULL },
	{ { "-b", "192.0.2.256" }, NULL },
	{ { "--ports", "1-" }, NULL },
	{ { "--ports", "" }, NULL },
	{ { "-t", "NOTYPE" }, NULL },
	{ { "-q", "a..b" }, NULL },
};

static void show_texts(struct buf *b, const char *key, const struct opt_texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		buf_printf(b, "%s%s", i ? "," : key, t->v[i]);
	if (t->n)
		buf_char(b, ' ');
}

static const char *show(struct arena *a, const struct settings *s, const struct opt_texts *words)
{
	struct buf b = { .arena = a };
	char text[NAME_TEXT];

	buf_str(&b, s->v4 ? "4 " : "");
	buf_str(&b, s->json ? "json " : "");
	buf_str(&b, s->full ? "full " : "");
	if (s->rate != 50)
		buf_printf(&b, "rate=%u ", s->rate);
	if (s->small)
		buf_printf(&b, "small=%u ", s->small);
	if (s->seed.given)
		buf_printf(&b, "seed=%" PRIu64 " ", s->seed.v);
	if (s->file)
		buf_printf(&b, "file=%s ", s->file);
	show_texts(&b, "controls=", &s->controls);
	if (s->color)
		buf_printf(&b, "color=%d ", s->color);
	if (s->letter)
		buf_printf(&b, "letter=%d ", s->letter);
	if (s->source.family)
		buf_printf(&b, "source=%s#%u ", addr_text(&s->source, text), s->source.port);
	if (s->ports) {
		buf_str(&b, "ports=");
		portset_text(s->ports, &b);
		buf_char(&b, ' ');
	}
	if (s->type)
		buf_printf(&b, "type=%u ", s->type);
	if (s->name)
		buf_printf(&b, "name=%s ", name_text(s->name, text));
	show_texts(&b, "words=", words);
	if (b.n)
		b.p[--b.n] = 0;
	return buf_text(&b);
}

static bool one_line(const char *why)
{
	return why && *why && !strchr(why, '\n') && !strchr(why, 27);
}

static void parse(struct arena *a, const struct line *l, size_t i)
{
	struct settings s = { .rate = 50 };
	struct opt_result r;
	struct opt_args args = { 0, (char **)l->argv };
	int err;

	while (args.argc < WORDS && l->argv[args.argc])
		args.argc++;
	err = opt_parse((struct opt_into){ a, &s }, table, args, &r);
	if (!l->want) {
		ok(err == -ERR_USAGE && one_line(r.why), "line %zu: %s is refused", i, l->argv[0]);
		return;
	}
	ok(!err, "line %zu: is taken", i);
	is_str(show(a, &s, &r.words), l->want, l->want);
}

/* What a mistake is told, by a word that has to be in it. */
static const struct {
	char *argv[WORDS];
	const char *has;
} mistakes[] = {
	{ { "--jsno" }, "--json" },
	{ { "--colour" }, "--color" },
	{ { "--s=1" }, "--save" },
	{ { "--rate" }, "--rate N" },
	{ { "--rate", "1001" }, "1000" },
	{ { "--color", "blue" }, "never" },
	{ { "--ports", "1-52,x" }, "character 6" },
	{ { "--wide\033[31m" }, "\\027" },
	{ { "-t", "MXX" }, "-t" },
};

static void tell(struct arena *a, size_t i)
{
	struct settings s = { .rate = 50 };
	struct opt_result r;
	struct opt_args args = { 0, (char **)mistakes[i].argv };

	while (args.argc < WORDS && mistakes[i].argv[args.argc])
		args.argc++;
	ok(opt_parse((struct opt_into){ a, &s }, table, args, &r) < 0 && one_line(r.why) &&
			strstr(r.why, mistakes[i].has),
		"%zu: is told %s", i, mistakes[i].has);
	printf("# %s\n", r.why);
}

static const struct {
	const char *line;
	const char *want; /* NULL: refused */
} settings_lines[] = {
	{ "rate = 12", "rate=12" },
	{ "  rate=12\r\n", "rate=12" },
	{ "json", "json" },
	{ "json = yes", "json" },
	{ "json = no", "" },
	{ "", "" },
	{ "   \t", "" },
	{ "# rate = 12", "" },
	{ "save = a b = c", "file=a b = c" },
	{ "control = a", "controls=a" },
	{ "rat = 12", NULL },
	{ "rate", NULL },
	{ "rate = x", NULL },
	{ "json = maybe", NULL },
	{ "= 3", NULL },
};

static void setting(struct arena *a, size_t i)
{
	struct settings s = { .rate = 50 };
	struct opt_result r = { .why = NULL };
	struct opt_texts none = { 0 };
	int err = opt_setting((struct opt_into){ a, &s }, table, settings_lines[i].line, &r);

	if (!settings_lines[i].want) {
		ok(err == -ERR_USAGE && one_line(r.why), "setting %zu is refused", i);
		return;
	}
	ok(!err, "setting %zu is taken", i);
	is_str(show(a, &s, &none), settings_lines[i].want, settings_lines[i].line);
}

static void help(struct arena *a)
{
	struct buf b = { .arena = a };
	const char *line;

	opt_help(table, &b);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ok(strstr(buf_text(&b), rows[i].help) || strlen(rows[i].help) > 50,
			"help of row %zu", i);
	for (line = buf_text(&b); *line; line += strcspn(line, "\n") + 1) {
		if (strcspn(line, "\n") > 80)
			break;
	}
	ok(!*line, "help fits 80 columns");
}

static void nearest(void)
{
	static const char *const list[] = { "diagnose", "ports", "judge", "explain", "help" };
	static const struct {
		const char *word, *want;
	} cases[] = { { "diagnoze", "diagnose" }, { "prots", "ports" }, { "juge", "judge" },
		{ "exp", "explain" }, { "live.com", NULL }, { "", NULL }, { "xy", NULL },
		{ "hlep", "help" } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct near n = near_begin(cases[i].word);

		for (size_t j = 0; j < ARRAY_LEN(list); j++)
			near_try(&n, list[j]);
		is_str(n.best, cases[i].want, cases[i].word);
	}
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		parse(a, &lines[i], i);
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++)
		tell(a, i);
	for (size_t i = 0; i < ARRAY_LEN(settings_lines); i++)
		setting(a, i);
	help(a);
	nearest();
	arena_free(a);
	return tap_done();
}
