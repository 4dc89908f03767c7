/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every row of tests/fixtures/config/expected.tsv: a configuration and what is read out of it. A
 *row that differs prints what was got in the table's own form. The columns:
 *
 *	kind, folder:file (the folder is the file's root), version, kernel's ports (! reserved
 *ones), ports for 192.0.2.53, ports for 2001:db8::53, life, per_try, fixed (of the first of both),
 *	lines of both, remarks, further pools (block=ports or block=FAMILY), forwards
 *
 * "-" stands for nothing; a set that is too long to be written as COUNT~HASH of its text.
 */
#include "intake/config.h"

#include <stdlib.h>

#include "base/err.h"
#include "intake/config_read.h"
#include "intake/config_words.h"
#include "intake/unbound_ports.h"
#include "tap.h"

enum { PORTS_LONG = 120 };

static void put_ports(struct buf *b, struct arena *a, const struct portset *s)
{
	struct buf text = { .arena = a };
	uint32_t hash = 2166136261U; /* FNV-1a */

	portset_text(s, &text);
	if (text.n <= PORTS_LONG) {
		buf_str(b, text.n ? buf_text(&text) : "none");
		return;
	}
	for (size_t i = 0; i < text.n; i++)
		hash = (hash ^ (uint8_t)text.p[i]) * 16777619U;
	buf_printf(b, "%u~%08x", portset_count(s), hash);
}

static void put_pool(struct buf *b, struct arena *a, const struct pool *p)
{
	if (p)
		put_ports(b, a, p->ports);
	else
		buf_char(b, '-');
	buf_char(b, '\t');
}

static void put_lines(struct buf *b, const struct pool *p, const char **comma)
{
	for (size_t i = 0; p && i < p->lines.n; i++) {
		buf_printf(b, "%s%s:%u", *comma, p->lines.v[i].file, p->lines.v[i].line);
		*comma = ",";
	}
}

static void end_list(struct buf *b, const char *comma)
{
	buf_str(b, *comma ? "\t" : "-\t");
}

static void put_remarks(struct buf *b, const struct audit *t)
{
	const char *comma = "";

	vec_each (const struct pool_remark, r, t->remarks) {
		buf_printf(b, "%s%s", comma, r->slug);
		if (r->at.line)
			buf_printf(b, "@%u", r->at.line);
		comma = ",";
	}
	end_list(b, comma);
}

static void put_others(
	struct buf *b, struct arena *a, const struct audit *t, const struct pool *const told[2])
{
	const char *comma = "";
	char text[ADDR_TEXT];

	vec_each (const struct pool, p, t->pools) {
		if (p == told[0] || p == told[1])
			continue;
		buf_str(b, comma);
		if (p->only.family)
			buf_printf(b, "%s/%u=", addr_text(&p->only, text), p->only_bits);
		else
			buf_printf(b, "%u=", p->family);
		put_ports(b, a, p->ports);
		comma = ";";
	}
	end_list(b, comma);
}

static void put_forwards(struct buf *b, const struct audit *t)
{
	char text[ADDR_TEXT];

	if (!t->forwards.n)
		buf_char(b, '-');
	for (size_t i = 0; i < t->forwards.n; i++)
		buf_printf(b, "%s%s", i ? "," : "", addr_text_port(&t->forwards.v[i], text));
}

/* The columns behind the kernel's. */
static const char *describe(struct arena *a, const struct audit *t)
{
	struct buf b = { .arena = a };
	const struct pool *told[2], *first;
	struct addr server;
	const char *comma = "";

	addr_parse("192.0.2.53", &server);
	told[0] = audit_pool(t, &server);
	addr_parse("2001:db8::53", &server);
	told[1] = audit_pool(t, &server);
	first = told[0] ? told[0] : told[1];
	put_pool(&b, a, told[0]);
	put_pool(&b, a, told[1]);
	if (first)
		buf_printf(&b, "%u\t%s\t%s\t", first->life, per_try_slug(first->per_try),
			first->fixed	? "fixed"
			: first->kernel ? "kernel"
					: "-");
	else
		buf_str(&b, "-\t-\t-\t");
	put_lines(&b, told[0], &comma);
	put_lines(&b, told[1] == told[0] ? NULL : told[1], &comma);
	end_list(&b, comma);
	put_remarks(&b, t);
	put_others(&b, a, t, told);
	put_forwards(&b, t);
	return buf_text(&b);
}

/* Remarks have sentences; pools have ports. */
static void check_whole(const struct audit *t, const char *name)
{
	bool worded = true, ports = t->pools.n > 0, unread = false;

	vec_each (const struct pool_remark, r, t->remarks) {
		worded = worded && config_words_text(r->slug);
		unread = unread || strcmp(r->slug, "unread-file") == 0;
	}
	vec_each (const struct pool, p, t->pools)
		ports = ports && p->ports && !portset_has(p->ports, 0) && p->software;
	ok(worded && ports && (!unread || t->unread), "%s: whole", name);
}

static void check_row(struct arena *a, char **column, const char *rest)
{
	struct config_host h = config_host_real();
	struct config_file f = { .kind = column[0] };
	char *colon = strchr(column[1], ':'), *reserved = strchr(column[3], '!');
	const struct audit *t;
	int err;

	ok(colon != NULL, "%s: a folder and a file", column[1]);
	if (!colon)
		return;
	*colon = '\0';
	h.root = arena_printf(a, "%s/%s/%s", CONFIG_FIXTURES, column[0], column[1]);
	f.path = colon[1] ? colon + 1 : NULL;
	f.version = strcmp(column[2], "-") == 0 ? NULL : column[2];
	h.kernel_read = true;
	memset(&h.reserved, 0, sizeof(h.reserved));
	if (reserved) {
		*reserved = '\0';
		portset_parse(reserved + 1, &h.reserved, NULL);
	}
	portset_parse(column[3], &h.kernel, NULL);
	err = config_read(a, &h, &f, &t);
	if (!ok(err == 0, "%s %s: read", column[0], column[1]))
		return;
	is_str(describe(a, t), rest, arena_printf(a, "%s %s", column[0], column[1]));
	check_whole(t, column[1]);
}

/* Cuts off the first columns; *rest is what follows these. */
static bool split(char *line, char **column, char **rest)
{
	for (size_t i = 0; i < 4; i++) {
		char *tab = strchr(line, '\t');

		if (!tab)
			return false;
		*tab = '\0';
		column[i] = line;
		line = tab + 1;
	}
	*rest = line;
	return true;
}

static void check_table(void)
{
	struct config_host h = config_host_real();
	struct arena *a = arena_new();
	struct span text, line;
	size_t rows = 0;

	if (!ok(h.read(&h, a, CONFIG_FIXTURES "/expected.tsv", &text) == 0, "the table is there"))
		return;
	while (config_next_line(&text, &line)) {
		struct arena *row = arena_new();
		char *copy = arena_printf(row, "%.*s", (int)line.n, (const char *)line.p);
		char *column[4] = { 0 }, *rest = NULL;

		if (*copy && *copy != '#') {
			bool whole = split(copy, column, &rest);

			ok(whole, "row %zu has its columns", ++rows);
			if (whole)
				check_row(row, column, rest);
		}
		arena_free(row);
	}
	ok(rows > 0, "the table has rows");
	arena_free(a);
}

static void check_errors(void)
{
	struct config_host h = config_host_real();
	struct arena *a = arena_new();
	const struct audit *t = NULL;
	struct config_file none = { "none", NULL, NULL }, gone = { "", "/gone/gone", NULL };

	is_int(config_read(a, &h, &none, &t), -ERR_NONE, "a kind that is not known");
	for (size_t i = 0; i < config_nkinds; i++) {
		gone.kind = config_kinds[i].slug;
		is_int(config_read(a, &h, &gone, &t), -ERR_OPEN, gone.kind);
		ok(config_kind_find(gone.kind) == &config_kinds[i], "%s is found", gone.kind);
	}
	ok(t == NULL, "nothing was returned");
	arena_free(a);
}

static void check_words(void)
{
	for (size_t i = 1; i < config_nwords; i++)
		ok(strcmp(config_words[i - 1].slug, config_words[i].slug) < 0, "%s is in order",
			config_words[i].slug);
}

/* Counts of the sets as built from util/iana_ports.inc of each release. */
static void check_unbound_ports(void)
{
	static const struct {
		const char *version, *assumed;
		uint32_t count;
	} rows[] = {
		{ "1.4.22", NULL, 59550 },
		{ "1.4.0", "1.4.22", 59550 },
		{ "1.6.0", NULL, 59493 },
		{ "1.13.1", NULL, 59463 },
		{ "1.17.1", NULL, 59448 },
		{ "1.17.1-2+deb12u4", NULL, 59448 },
		{ "1.22.0", NULL, 59446 },
		{ "1.26.0", NULL, 59431 },
		{ "2.0", "1.26.0", 59431 },
		{ NULL, "1.26.0", 59431 },
	};
	struct portset s;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *assumed = unbound_ports_default(rows[i].version, &s);

		is_str(assumed, rows[i].assumed, rows[i].version ? rows[i].version : "no version");
		is_int(portset_count(&s), rows[i].count, "count");
	}
	ok(portset_has(&s, 1024) && !portset_has(&s, 1023), "begins at 1024");
	ok(!portset_has(&s, 49152) && !portset_has(&s, 49407) && portset_has(&s, 49408),
		"the spot for others");
	ok(!portset_has(&s, 4791) && portset_has(&s, 27015), "4791 is assigned, 27015 is not");
	unbound_ports_default("1.4.22", &s);
	ok(portset_has(&s, 4791), "4791 was not yet");
}

int main(void)
{
	check_table();
	check_errors();
	check_words();
	check_unbound_ports();
	return tap_done();
}
