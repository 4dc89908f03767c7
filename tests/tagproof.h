/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of tests/treeworld.h, and the proof that they emit the tags of a module that matter, that
 * each of these is silent elsewhere, and that the catalogue knows it.
 *
 *	static const enum tag tags[] = {
 *	#define TAG(name, ...) TAG_##name,
 *	#include "check/cases/basic.def"
 *	#undef TAG
 *	};
 *
 *	tagproof_rows(rows, ARRAY_LEN(rows));
 *	tagproof_tags(tags, ARRAY_LEN(tags));
 */
#ifndef TESTS_TAGPROOF_H
#define TESTS_TAGPROOF_H

#include "check/cases.h"
#include "fault/fault.h"
#include "treeworld.h"

/* Of each tag: the rows that emitted it, and those in which its test case ran without it. */
static struct {
	unsigned int with, without;
	bool told; /* some finding had all that the tag's line can name */
	const char *test_case;
} tagproof_seen[TAGS];

static enum tag tagproof_tag(const char *name)
{
	size_t i = 0;

	while (i < TAGS && strcmp(tag_table[i].name, name) != 0)
		i++;
	return (enum tag)i;
}

static bool tagproof_told(const struct finding *x, const char *line)
{
	char key[64];

	for (const char *at = strchr(line, '{'); at; at = strchr(at, '{')) {
		size_t n = strcspn(++at, "}");

		snprintf(key, sizeof(key), "%.*s", (int)n, at);
		if (strcmp(key, "subject") != 0 && strcmp(key, "servers") != 0 &&
			!finding_find(x, key))
			return false;
	}
	return true;
}

static void tagproof_note(const struct treeworld_run *run)
{
	bool here[TAGS] = { false };

	vec_each (const struct finding, x, run->findings.list) {
		enum tag tag = x->tag ? tagproof_tag(x->tag) : TAGS;

		if (tag == TAGS)
			continue;
		here[tag] = true;
		tagproof_seen[tag].test_case = x->test_case;
		tagproof_seen[tag].told |= tagproof_told(x, tag_table[tag].text);
	}
	for (size_t i = 0; i < TAGS; i++)
		tagproof_seen[i].with += here[i];
}

/* Rows name the test cases that ran: in how many of them the tag was not emitted. */
static void tagproof_quiet(const struct treeworld_row *rows, size_t n)
{
	for (size_t i = 0; i < TAGS; i++) {
		const char *id = tagproof_seen[i].test_case;
		unsigned int ran = 0;

		for (size_t k = 0; id && k < n; k++)
			ran += !rows[k].cases || strstr(rows[k].cases, id) != NULL;
		tagproof_seen[i].without = ran - (ran ? tagproof_seen[i].with : 0);
	}
}

/* Runs the rows: a test each. Once a program. */
static void tagproof_rows(const struct treeworld_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct treeworld_row *row = &rows[i];
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, row);
		const char *what = row->what ? row->what : row->cases;

		ok(run.ended, "%s: ends", what);
		is_str(treeworld_tags(a, &run, row), row->expect, what);
		tagproof_note(&run);
		arena_free(a);
	}
	tagproof_quiet(rows, n);
}

/* The catalogue's entry of the tag's finding names the tag among its sources. */
static bool tagproof_explained(const struct tag_row *row)
{
	const struct fault *f = fault_find(row->id);

	for (const char *const *ref = f ? f->refs : NULL; ref && *ref; ref++)
		if (strncmp(*ref, "zonemaster:", 11) == 0 && strcmp(*ref + 11, row->name) == 0)
			return true;
	return false;
}

/*
 * Each warning, and what is worse, was seen and was missed; what the user is told is explained and
 * has a line of its own, with details for all that it names.
 */
static void tagproof_tags(const enum tag *tags, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct tag_row *row = &tag_table[tags[i]];

		ok(*row->text != '\0', "%s has a line", row->name);
		if (tagproof_seen[tags[i]].with)
			ok(tagproof_seen[tags[i]].told, "%s has what its line names", row->name);
		if (row->level >= SEV_NOTICE)
			ok(tagproof_explained(row), "%s is explained by %s", row->name, row->id);
		if (row->level < SEV_WARNING)
			continue;
		ok(tagproof_seen[tags[i]].with, "%s is emitted", row->name);
		ok(tagproof_seen[tags[i]].without, "%s is not always emitted", row->name);
	}
}

#endif
