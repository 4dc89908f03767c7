/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every row of the registry: its id is in the catalogue, its bad tape yields exactly this id and
 * its good tape none. argv[1] is the folder of fixtures.
 */
#include <stdio.h>
#include <string.h>

#include "check/check.h"
#include "cli/file.h"
#include "facts/tape.h"
#include "fault/fault.h"
#include "tap.h"

/* Ids that the facts of a tape yield, each once, separated by spaces; NULL: the tape is wrong. */
static const char *ids_of(struct arena *a, const char *path)
{
	struct tape_error error = { 0 };
	struct findings findings = { .arena = a };
	struct buf ids = { .arena = a };
	struct check_input in;
	struct facts *facts;
	struct span text;

	if (file_read(a, path, &text) < 0 || tape_read(a, text, &facts, &error) < 0) {
		printf("#   %s: line %zu: %s\n", path, error.line,
			error.text ? error.text : "cannot be read");
		return NULL;
	}
	in = (struct check_input){ facts, infer_all(a, facts) };
	check_run(&in, &findings);
	vec_each (const struct finding, f, findings.list) {
		/* What a test case of the tree found to be well is no fault. */
		if (f->severity < SEV_NOTICE || strstr(buf_text(&ids), f->id))
			continue;
		buf_printf(&ids, "%s%s", ids.n ? " " : "", f->id);
	}
	return buf_text(&ids);
}

static void check_row(const char *folder, const char *id)
{
	struct arena *a = arena_new();
	const char *bad = arena_printf(a, "%s/%s/bad.jsonl", folder, id);
	const char *good = arena_printf(a, "%s/%s/good.jsonl", folder, id);

	ok(fault_find(id) != NULL, "%s: is in the catalogue", id);
	is_str(ids_of(a, bad), id, arena_printf(a, "%s: the bad tape yields just it", id));
	is_str(ids_of(a, good), "", arena_printf(a, "%s: the good tape yields nothing", id));
	arena_free(a);
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : FIXTURES;

	for (size_t i = 0; i < check_nfamilies; i++)
		for (size_t j = 0; j < check_families[i]->n; j++)
			check_row(folder, check_families[i]->checks[j].id);
	return tap_done();
}
