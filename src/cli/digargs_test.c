/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dig's grammar: words to lookups. */
#include "cli/digargs.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/rng.h"
#include "cli/digplus.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "prop.h"
#include "tap.h"

enum { MAX_WORDS = 24 };

/*
 * What was read, as text: lookups parted by blanks, each "name/type/class", then "@server", then
 * one word for each setting that is not the default.
 */
static const struct row {
	const char *words, *want;
} rows[] = {
	{ "", "./NS/IN" },
	{ "mx", "./NS/IN" },
	{ "in", "./NS/IN" },
	{ "a.test", "a.test/A/IN" },
	{ "a.test mx", "a.test/MX/IN" },
	{ "mx a.test", "a.test/MX/IN" },
	{ "MX CH a.test", "a.test/MX/CH" },
	{ "a.test TYPE65 CLASS3", "a.test/HTTPS/CH" },
	{ "mx a.test b.test", "a.test/MX/IN b.test/MX/IN" },
	{ "a.test mx b.test", "a.test/MX/IN b.test/A/IN" },
	{ "a.test mx b.test txt", "a.test/MX/IN b.test/TXT/IN" },
	{ "-t mx a.test ns", "a.test/MX/IN ns/MX/IN" },
	{ "-tmx a.test", "a.test/MX/IN" },
	{ "-c ch a.test in", "a.test/A/CH in/A/CH" },
	{ "-t nonsense a.test mx", "a.test/A/IN mx/A/IN" },
	{ "-q mx", "mx/A/IN" },
	{ "-4r -q ns", "ns/A/IN -4" },
	{ "-6q ns", "ns/A/IN -6" },
	{ "IN.", "IN./A/IN" },
	{ "-x 192.0.2.1", "1.2.0.192.in-addr.arpa./PTR/IN" },
	{ "-x 10.1", "1.10.in-addr.arpa./PTR/IN" },
	{ "-x foo", "foo.in-addr.arpa./PTR/IN" },
	{ "-x 192.0.2.1 mx", "1.2.0.192.in-addr.arpa./MX/IN" },
	{ "mx -x 192.0.2.1", "1.2.0.192.in-addr.arpa./MX/IN" },
	{ "-x 2001:db8::1",
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."
		"/PTR/IN" },
	{ "@s a.test", "a.test/A/IN@s" },
	{ "a.test @s", "a.test/A/IN@s" },
	{ "@s a.test @t b.test", "a.test/A/IN@s@t b.test/A/IN@s" },
	{ "@s#54 @t a.test", "a.test/A/IN@s#54@t" },
	{ "a.test +norec", "a.test/A/IN norec" },
	{ "+norec a.test b.test", "a.test/A/IN norec b.test/A/IN norec" },
	{ "a.test +norec b.test", "a.test/A/IN norec b.test/A/IN" },
	{ "a.test +NOrec", "a.test/A/IN norec" },
	{ "a.test --save f --vantage=a,b", "a.test/A/IN save=f vantage=a,b" },
	{ "--sav=f a.test", "a.test/A/IN save=f" },
	{ "--queue= --rate=5 a.test --budget 7", "a.test/A/IN queue= rate=5 budget=7" },
	{ "--queue-creds c --queue-ca d a.test", "a.test/A/IN creds=c ca=d" },
	{ "a.test +vc", "a.test/A/IN tcp" },
	{ "a.test any", "a.test/ANY/IN tcp" },
	{ "a.test axfr", "a.test/AXFR/IN tcp" },
	{ "a.test axfr +notcp", "a.test/AXFR/IN tcp" },
	{ "a.test ixfr=7", "a.test/IXFR/IN tcp serial=7" },
	{ "-t ixfr=7 a.test +notcp", "a.test/IXFR/IN serial=7" },
	{ "a.test ixfr", "a.test/A/IN" },
	{ "a.test +subnet=192.0.2.77/24", "a.test/A/IN subnet=192.0.2.77/24" },
	{ "a.test +subnet=0", "a.test/A/IN subnet=0.0.0.0/0" },
	{ "a.test +subnet=2001:db8::", "a.test/A/IN subnet=2001:db8::/128" },
	{ "a.test +subnet=192.0.2.0/99", "a.test/A/IN subnet=192.0.2.0/32" },
	{ "a.test +subnet=0 +nosubnet", "a.test/A/IN" },
	{ "a.test +ednsopt=nsid +ednsopt=100:01ff", "a.test/A/IN opt=3/0/00 opt=100/2/01" },
	{ "a.test +ednsopt=4 +noednsopt", "a.test/A/IN" },
	{ "+ednsopt=4 a.test +ednsopt=5 b.test",
		"a.test/A/IN opt=4/0/00 opt=5/0/00 b.test/A/IN opt=4/0/00" },
	{ "a.test +padding=64 +opcode=status +qid=9", "a.test/A/IN padding=64 opcode=2 qid=9" },
	{ "a.test +expire +keepalive +nofail +nobadcookie",
		"a.test/A/IN expire=1 keepalive=1 nofail=1 nobadcookie=1" },
	{ "+dns64prefix", "ipv4only.arpa/AAAA/IN nocmd hide" },
	{ "a.test +dns6 +norec b.test",
		"a.test/A/IN nocmd ipv4only.arpa/AAAA/IN nocmd norec hide b.test/A/IN nocmd" },
	{ "a.test +nodns64prefix", "a.test/A/IN" },
	{ "-y k.test:aGVsbG8= a.test", "a.test/A/IN" },
	{ "a.test +dscp=3 +mapped +sigchase +unexpected", "a.test/A/IN" },
	{ "a.test any +notcp", "a.test/ANY/IN" },
	{ "a.test +tries=1", "a.test/A/IN tries=1" },
	{ "a.test +tries=0", "a.test/A/IN tries=1" },
	{ "a.test +retry=0", "a.test/A/IN tries=1" },
	{ "a.test +time=0", "a.test/A/IN time=1" },
	{ "a.test +timeout=7 b.test", "a.test/A/IN time=7 b.test/A/IN time=7" },
	{ "a.test +noedns", "a.test/A/IN noedns" },
	{ "a.test +noedns +dnssec", "a.test/A/IN do" },
	{ "a.test +noedns +do", "a.test/A/IN do" },
	{ "a.test +noedns +bufsize=512", "a.test/A/IN bufsize=512" },
	{ "a.test +bufsize=512 +bufsize", "a.test/A/IN" },
	{ "a.test +edns=1", "a.test/A/IN edns=1" },
	{ "a.test +nocookie +nsid", "a.test/A/IN nocookie nsid" },
	{ "a.test +cookie=0102030405060708", "a.test/A/IN cookie=0102030405060708" },
	{ "a.test +ignore +aa +noad +cd", "a.test/A/IN aa noad cd ignore" },
	{ "a.test +short", "a.test/A/IN short" },
	{ "a.test +short b.test", "a.test/A/IN short b.test/A/IN short" },
	{ "a.test +noall +answer", "a.test/A/IN nocmd hide" },
	{ "a.test +trace", "a.test/A/IN do trace hide" },
	{ "a.test +nomeaning", "a.test/A/IN nomeaning" },
	{ "a.test -p 5353", "a.test/A/IN -p5353" },
	{ "a.test -p5353", "a.test/A/IN -p5353" },
	{ "a.test -b 127.0.0.1#1000", "a.test/A/IN -b127.0.0.1#1000" },
	{ "-b 127.0.0.1 a.test -b ::1#7", "a.test/A/IN -b::1#7" },
	{ "a.test % b.test", "a.test/A/IN" },
};

/* Words that cannot be read, and dig's exit code for them. */
static const struct bad {
	const char *words;
	int code;
} bads[] = {
	{ "+foo", 1 },
	{ "+", 1 },
	{ "+no", 1 },
	{ "+d", 1 },
	{ "+t", 1 },
	{ "+sh", 1 },
	{ "-Z", 1 },
	{ "--", 1 },
	{ "--tcp", 1 },
	{ "--save", 1 },
	{ "--json=1", 1 },
	{ "--rate=-1", 1 },
	{ "--rate 9999999999", 1 },
	{ "--budget=5x", 1 },
	{ "-", 1 },
	{ "-4Z", 1 },
	{ "-4 -6", 1 },
	{ "-64", 1 },
	{ "-t", 1 },
	{ "-x", 1 },
	{ "-x 1::z", 1 },
	{ "-p 0", 1 },
	{ "-p 65536", 1 },
	{ "-p x", 1 },
	{ "-b x", 1 },
	{ "-b 127.0.0.1#65536", 1 },
	{ "+time", 1 },
	{ "+notries", 1 },
	{ "+nobufsize", 1 },
	{ "+cookie=xyz", 1 },
	{ "+cookie=01", 1 },
	{ "+bufsize=65536", 10 },
	{ "+bufsize=abc", 10 },
	{ "+tries=x", 10 },
	{ "+tries=", 10 },
	{ "+tries=-1", 10 },
	{ "+edns=256", 10 },
	{ "+time=99999999999999999999", 10 },
	{ "a.test ixfr=x", 10 },
	{ "a.test ixfr=4294967296", 10 },
	{ "+subnet", 1 },
	{ "+subnet=x", 1 },
	{ "+subnet=192.0.2.0/129", 1 },
	{ "+subnet=192.0.2.0/", 1 },
	{ "+ednsopt", 10 },
	{ "+ednsopt=65536", 1 },
	{ "+ednsopt=x", 1 },
	{ "+ednsopt=4:0", 1 },
	{ "+ednsopt=4:0g", 1 },
	{ "+padding=513", 10 },
	{ "+nopadding", 1 },
	{ "+opcode=16", 10 },
	{ "+opcode=x", 10 },
	{ "+qid=65536", 10 },
	{ "+ndots=x", 10 },
	{ "+domain", 1 },
	{ "-y x", 1 },
	{ "-y hmac-foo:k:aGVsbG8=", 1 },
	{ "-y hmac-sha256:k..k:aGVsbG8=", 1 },
	{ "-k /nonexistent/file", 1 },
};

static struct digargs_words split(struct arena *a, const char *text)
{
	struct digargs_words w = { 0, arena_alloc(a, MAX_WORDS * sizeof(char *)) };
	char *rest = arena_str(a, text), *save = NULL;

	for (char *s = strtok_r(rest, " ", &save); s; s = strtok_r(NULL, " ", &save))
		w.argv[w.argc++] = s;
	return w;
}

static void describe_options(const struct digargs_lookup *l, struct buf *b)
{
	char text[ADDR_TEXT];
	const struct {
		bool given;
		const char *name;
		uint32_t value;
	} numbers[] = {
		{ l->padding, "padding", l->padding },
		{ l->opcode, "opcode", l->opcode },
		{ l->id_given, "qid", l->id },
		{ l->type == RR_IXFR, "serial", l->serial },
		{ l->expire, "expire", 1 },
		{ l->keepalive, "keepalive", 1 },
		{ l->nssearch, "nssearch", 1 },
		{ l->next_on_servfail, "nofail", 1 },
		{ l->keep_badcookie, "nobadcookie", 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (numbers[i].given)
			buf_printf(b, " %s=%u", numbers[i].name, numbers[i].value);
	if (l->subnet)
		buf_printf(b, " subnet=%s/%u", addr_text(&l->subnet_addr, text), l->subnet_prefix);
	vec_each (const struct digargs_option, o, l->options)
		buf_printf(b, " opt=%u/%u/%02x", o->code, o->length, o->length ? o->data[0] : 0);
}

static void describe_flags(const struct digargs_lookup *l, struct buf *b)
{
	const struct {
		bool differs;
		const char *text;
	} flags[] = {
		{ !l->rd, "norec" },
		{ l->aa, "aa" },
		{ !l->ad, "noad" },
		{ l->cd, "cd" },
		{ l->tcp, "tcp" },
		{ l->ignore_tc, "ignore" },
		{ !l->edns, "noedns" },
		{ l->dnssec, "do" },
		{ !l->cookie, "nocookie" },
		{ l->nsid, "nsid" },
		{ l->trace, "trace" },
		{ l->show.brief, "short" },
		{ !l->show.comments && !l->show.brief, "hide" },
		{ !l->show.meaning && l->show.comments, "nomeaning" },
	};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (flags[i].differs)
			buf_printf(b, " %s", flags[i].text);
	if (l->tries != 3)
		buf_printf(b, " tries=%u", l->tries);
	if (l->bufsize != 1232)
		buf_printf(b, " bufsize=%u", l->bufsize);
	if (l->version)
		buf_printf(b, " edns=%u", l->version);
	if (l->cookie_value)
		buf_printf(b, " cookie=%s", l->cookie_value);
	describe_options(l, b);
}

static void describe_long(const struct digargs_long *l, struct buf *b)
{
	const struct {
		const char *name, *value;
	} texts[] = { { "save", l->save }, { "vantage", l->vantage }, { "queue", l->queue },
		{ "creds", l->creds }, { "ca", l->ca } };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].value)
			buf_printf(b, " %s=%s", texts[i].name, texts[i].value);
	if (l->rate)
		buf_printf(b, " rate=%u", l->rate);
	if (l->budget)
		buf_printf(b, " budget=%u", l->budget);
}

static const char *describe(struct arena *a, const struct digargs *args)
{
	struct buf b = { .arena = a };
	char text[ADDR_TEXT];

	vec_each (struct digargs_lookup, l, args->lookups) {
		char type[TEXT_MNEMONIC], class[TEXT_MNEMONIC];

		buf_printf(&b, "%s%s/%s/%s", b.n ? " " : "", l->name, text_type(l->type, type),
			text_class(l->class, class));
		for (size_t i = 0; i < l->servers.n; i++)
			buf_printf(&b, "@%s", l->servers.v[i]);
		if (!args->cmd && !args->brief)
			buf_str(&b, " nocmd");
		describe_flags(l, &b);
		if (args->timeout)
			buf_printf(&b, " time=%u", args->timeout);
		if (args->v4 || args->v6)
			buf_str(&b, args->v4 ? " -4" : " -6");
		if (args->port)
			buf_printf(&b, " -p%u", args->port);
		if (args->source.family != ADDR_NONE)
			buf_printf(&b, " -b%s",
				args->source.port ? addr_text_port(&args->source, text)
						  : addr_text(&args->source, text));
		describe_long(&args->also, &b);
	}
	return buf_text(&b);
}

static void test_row(const struct row *row)
{
	struct arena *a = arena_new();
	struct digargs args;
	struct digargs_fail fail = { 0 };

	if (digargs_parse(a, split(a, row->words), &args, &fail))
		ok(false, "%s: %s", row->words, fail.why);
	else
		is_str(describe(a, &args), row->want, row->words);
	arena_free(a);
}

/* What stands behind it is not read. */
static void test_help(struct arena *a)
{
	struct digargs args;
	struct digargs_fail fail = { 0 };

	ok(digargs_parse(a, split(a, "--help --nothing"), &args, &fail) == 0 && args.help,
		"--help is -h");
}

static void test_bad(const struct bad *row)
{
	struct arena *a = arena_new();
	struct digargs args;
	struct digargs_fail fail = { 0 };
	int err = digargs_parse(a, split(a, row->words), &args, &fail);

	ok(err == -ERR_USAGE && fail.code == row->code && fail.why && !strchr(fail.why, '\n'),
		"'%s' is exit %d and one line", row->words, row->code);
	arena_free(a);
}

/* Every abbreviation that a row takes leads to that row, or to one with that very name. */
static void test_abbreviations(void)
{
	size_t clashes = 0, least, other;

	for (size_t i = 0; digplus_name(i, &least); i++) {
		const char *name = digplus_name(i, &least);

		for (size_t n = least; n <= strlen(name); n++)
			for (size_t j = 0; digplus_name(j, &other); j++) {
				const char *rival = digplus_name(j, &other);
				bool means = strlen(name) == n;

				if (j == i || n < other || strncmp(name, rival, n) != 0 || means ||
					strlen(rival) == n)
					continue;
				clashes++;
				printf("# +%.*s: %s or %s\n", (int)n, name, name, rival);
			}
	}
	/* time and timeout are one option. */
	is_int((int64_t)clashes, 0, "no abbreviation means two options");
}

/* Every row is in the man page. */
static void test_man(struct arena *a)
{
	struct buf b = { .arena = a };
	FILE *f = fopen(DOC_DIR "/dnsfault-lookup.1.scd", "r");
	size_t least;
	int c;

	while (f && (c = getc(f)) != EOF)
		buf_char(&b, (char)c);
	if (f)
		fclose(f);
	for (size_t i = 0; digplus_name(i, &least); i++) {
		const char *name = digplus_name(i, &least);

		ok(strstr(buf_text(&b), arena_printf(a, "*+[no]%s*", name)) ||
				strstr(buf_text(&b), arena_printf(a, "*+%s*", name)),
			"+%s: in the man page", name);
	}
}

static bool random_words(struct rng *r)
{
	static const char letters[] = "@+-%=#.:atxmqbcno0169 \\\377";
	struct arena *a = arena_new();
	char *argv[MAX_WORDS];
	struct digargs args;
	struct digargs_fail fail = { 0 };
	int argc = (int)rng_below(r, MAX_WORDS), err;
	bool good;

	for (int i = 0; i < argc; i++) {
		size_t n = rng_below(r, 8);

		argv[i] = arena_alloc(a, n + 1);
		for (size_t j = 0; j < n; j++)
			argv[i][j] = letters[rng_below(r, sizeof(letters) - 1)];
	}
	err = digargs_parse(a, (struct digargs_words){ argc, argv }, &args, &fail);
	good = err ? err == -ERR_USAGE && fail.why
		   : args.lookups.n > 0 || args.help || args.version;
	arena_free(a);
	return good;
}

/* Defaults of a file, the command line, then two lines of a file. */
static void test_lines(void)
{
	struct arena *a = arena_new(), *line = arena_new();
	struct digargs args;
	struct digargs_fail fail = { 0 };
	struct digargs_reader *r = digargs_new(a, &args);

	ok(!digargs_take_defaults(r, digargs_split(a, "+norec\t@s x.test +nsid \r\n"), &fail),
		"a line of defaults");
	ok(!digargs_take(r, a, split(a, "+tries=5 -f file"), &fail), "a command line");
	is_int((int64_t)args.lookups.n, 0, "-f alone looks up nothing");
	is_str(args.batch, "file", "-f names a file");
	ok(!digargs_take(r, line, digargs_split(line, "a.test +cd b.test"), &fail), "a line");
	is_str(describe(a, &args),
		"a.test/A/IN@s norec cd nsid tries=5 b.test/A/IN@s norec nsid tries=5",
		"a line has the defaults of both");
	arena_reset(line);
	ok(!digargs_take(r, line, digargs_split(line, "c.test -f other"), &fail), "another");
	is_str(describe(a, &args), "c.test/A/IN@s norec nsid tries=5",
		"another line has nothing of the one before");
	is_str(args.batch, "file", "a file leads to no other");
	ok(digargs_take(r, line, digargs_split(line, "+bogus"), &fail) < 0, "a bad line is told");
	arena_free(line);
	arena_free(a);
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		test_row(&rows[i]);
	for (size_t i = 0; i < ARRAY_LEN(bads); i++)
		test_bad(&bads[i]);
	test_lines();
	test_abbreviations();
	test_help(a);
	test_man(a);
	arena_free(a);
	prop("any words are read or refused", random_words, 5000);
	return tap_done();
}
