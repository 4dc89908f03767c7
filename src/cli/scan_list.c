/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the options of scan say about its list. */
#include "cli/scan_list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/file.h"
#include "dns/rr.h"
#include "dns/text.h"

static int add_types(struct run *r, const char *list, uint16_t *types, size_t *n)
{
	char *save = NULL, *copy = arena_str(r->arena, list);

	for (char *t = strtok_r(copy, ",", &save); t; t = strtok_r(NULL, ",", &save)) {
		if (*n == NAMES_TYPES)
			return run_complain(r, "-t: at most %d types", NAMES_TYPES);
		if (text_parse_type(t, &types[(*n)++]) < 0)
			return run_complain(r, "-t %s: '%s' is no record type", list, t);
	}
	return 0;
}

int scan_list_types(struct run *r, struct names_setup *setup)
{
	uint16_t *types = arena_alloc(r->arena, NAMES_TYPES * sizeof(*types));
	int err = 0;

	for (size_t i = 0; i < r->settings.types.n && !err; i++)
		err = add_types(r, r->settings.types.v[i], types, &setup->ntypes);
	if (!setup->ntypes)
		types[setup->ntypes++] = RR_A;
	setup->types = types;
	return err;
}

int scan_list_shard(struct run *r, struct names_shard *ret)
{
	const char *text = r->settings.shard;
	unsigned int i, n;
	char end;

	if (!text)
		return 0;
	if (sscanf(text, "%u/%u%c", &i, &n, &end) != 2 || !i || i > n)
		return run_complain(
			r, "--shard %s: give I/N, the I-th of N parts, as in 1/4", text);
	*ret = (struct names_shard){ i, n };
	return 0;
}

int scan_list_optout(struct run *r, const struct optout **ret)
{
	const char *path = r->settings.opt_out;
	struct optout *o = arena_alloc(r->arena, sizeof(*o));
	struct span text;
	size_t line;

	*ret = NULL;
	if (!path)
		return 0;
	if (file_read(r->arena, path, &text) < 0)
		return run_complain(r, "--opt-out %s: %s", path, strerror(errno));
	if (optout_read(r->arena, text, o, &line) < 0)
		return run_complain(r,
			"--opt-out %s: line %zu is no address, network (192.0.2.0/24) or domain",
			path, line);
	*ret = o;
	return 0;
}
