/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dig's display options and their abbreviations: what becomes of the page. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/digargs.h"
#include "cli/digplus.h"
#include "tap.h"

/* Words, and the settings of the last lookup's page that are not dig's own. */
static const struct row {
	const char *words, *want;
} rows[] = {
	{ "a.test", "" },
	{ "a.test +nocrypto", " nocrypto" },
	{ "a.test +nocr", " nocrypto" },
	{ "+nocr a.test +cr", "" },
	{ "a.test +expandaaaa", " expandaaaa" },
	{ "a.test +expa", " expandaaaa" },
	{ "a.test +ttlunits", " ttlunits" },
	{ "a.test +ttlu", " ttlunits" },
	{ "a.test +nottlid", " nottl" },
	{ "a.test +nottlid +ttlunits", " ttlunits" },
	{ "a.test +nottlid +nottlunits", "" },
	{ "a.test +unknownformat", " unknownformat" },
	{ "a.test +unk", " unknownformat" },
	{ "a.test +onesoa", " onesoa" },
	{ "a.test +on", " onesoa" },
	{ "a.test +rrcomments", " rrcomments=1" },
	{ "a.test +rr", " rrcomments=1" },
	{ "a.test +norr", " rrcomments=-1" },
	{ "a.test +multiline", " multiline" },
	{ "a.test +mu", " multiline" },
	{ "a.test +identify +nostats", " identify nostats" },
	{ "a.test +st", "" },
	{ "a.test +nost", " nostats" },
	{ "a.test +split", "" },
	{ "a.test +split=20", " split=20" },
	{ "a.test +sp=21", " split=24" },
	{ "a.test +split=0", " split=0" },
	{ "a.test +nosplit", " split=0" },
	{ "a.test +nosplit +split=1023", " split=1024" },
	{ "+split=8 a.test b.test", " split=8" },
	{ "a.test +split=8 b.test", " split=8" },
	{ "a.test +yaml", " yaml nostats rrcomments=-1 nocmd" },
	{ "a.test +y", " yaml nostats rrcomments=-1 nocmd" },
	{ "+yaml a.test b.test", " yaml nostats rrcomments=-1 nocmd" },
	{ "a.test +yaml +stats +cmd", " yaml rrcomments=-1" },
	{ "a.test +yaml +noyaml", " nostats rrcomments=-1 nocmd" },
	{ "a.test +json", " json nostats rrcomments=-1 nocmd" },
	{ "a.test +j", " json nostats rrcomments=-1 nocmd" },
	{ "a.test --json", " json nostats rrcomments=-1 nocmd" },
	{ "a.test +json +yaml", " yaml nostats rrcomments=-1 nocmd" },
	{ "a.test +yaml +json", " json nostats rrcomments=-1 nocmd" },
	{ "a.test +short", " short nostats nocmd" },
	{ "a.test +short +yaml", " yaml nostats rrcomments=-1 nocmd" },
	{ "a.test +json +short", " json nostats rrcomments=-1 nocmd" },
	{ "a.test +showallmessages", " badcookie badvers truncated" },
	{ "a.test +showa", " badcookie badvers truncated" },
	{ "a.test +showa +noshowb", " badvers truncated" },
	{ "a.test +showb", " badcookie" },
	{ "a.test +showbadcookie", " badcookie" },
	{ "a.test +showbadv", " badvers" },
	{ "a.test +showt", " truncated" },
	{ "a.test -u", " usec" },
	{ "-u a.test b.test", " usec" },
	{ "a.test -u b.test", "" },
	{ "-4u a.test", " usec" },
};

/* Words that cannot be read, and dig's exit code for them. */
static const struct bad {
	const char *words;
	int code;
} bads[] = {
	{ "a.test +split=abc", 10 },
	{ "a.test +split=1024", 10 },
	{ "a.test +split=", 10 },
	{ "a.test +split=-4", 10 },
	{ "a.test +nosplit=4", 1 },
	{ "a.test +tt", 1 },
	{ "a.test +un", 1 },
	{ "a.test +exp", 1 },
	{ "a.test +o", 1 },
	{ "a.test +c", 1 },
	{ "a.test --yaml", 1 },
};

static const char *describe(struct arena *a, const struct digargs *args)
{
	const struct dig_show *s = &args->lookups.v[args->lookups.n - 1].show;
	struct buf b = { .arena = a };
	const struct {
		bool differs;
		const char *text;
	} flags[] = {
		{ !s->crypto, "nocrypto" },
		{ s->expandaaaa, "expandaaaa" },
		{ s->ttlunits, "ttlunits" },
		{ !s->ttl, "nottl" },
		{ s->unknownformat, "unknownformat" },
		{ s->onesoa, "onesoa" },
		{ s->multiline, "multiline" },
		{ s->identify, "identify" },
		{ s->yaml, "yaml" },
		{ s->json, "json" },
		{ s->brief, "short" },
		{ s->usec, "usec" },
		{ s->badcookie, "badcookie" },
		{ s->badvers, "badvers" },
		{ s->truncated, "truncated" },
		{ !s->stats, "nostats" },
	};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (flags[i].differs)
			buf_printf(&b, " %s", flags[i].text);
	if (s->rrcomments)
		buf_printf(&b, " rrcomments=%d", s->rrcomments);
	if (s->split != DIG_SPLIT)
		buf_printf(&b, " split=%u", s->split);
	if (!args->cmd)
		buf_str(&b, " nocmd");
	return buf_text(&b);
}

static int parse(struct arena *a, const char *words, struct digargs *ret, struct digargs_fail *fail)
{
	char *argv[8], *save = NULL;
	int argc = 0;

	for (char *s = strtok_r(arena_str(a, words), " ", &save); s; s = strtok_r(NULL, " ", &save))
		argv[argc++] = s;
	return digargs_parse(a, (struct digargs_words){ argc, argv }, ret, fail);
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct digargs args;
		struct digargs_fail fail = { 0 };

		if (parse(a, rows[i].words, &args, &fail))
			ok(false, "%s: %s", rows[i].words, fail.why);
		else
			is_str(describe(a, &args), rows[i].want, rows[i].words);
	}
	for (size_t i = 0; i < ARRAY_LEN(bads); i++) {
		struct digargs args;
		struct digargs_fail fail = { 0 };

		ok(parse(a, bads[i].words, &args, &fail) == -ERR_USAGE &&
				fail.code == bads[i].code && fail.why && !strchr(fail.why, '\n'),
			"'%s' is exit %d and one line", bads[i].words, bads[i].code);
	}
	arena_free(a);
	return tap_done();
}
