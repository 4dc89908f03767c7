/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the "+option" words do to the page. */
#include "base/err.h"
#include "cli/digplus_inner.h"

/* Comments behind keys and numbers: without the option +multiline decides. */
int plus_rrcomments(const struct digplus_target *t, const struct use *u)
{
	t->lookup->show.rrcomments = u->on ? 1 : -1;
	return 0;
}

int plus_ttlunits(const struct digplus_target *t, const struct use *u)
{
	t->lookup->show.ttl = true;
	t->lookup->show.ttlunits = u->on;
	return 0;
}

/* Pieces of a multiple of 4 letters, so that base64 can be cut. */
int plus_split(const struct digplus_target *t, const struct use *u)
{
	uint32_t n = 0;

	if (!u->on && u->value)
		return plus_fail(t, "+nosplit takes no number");
	if (u->on && !u->value)
		return 0;
	if (u->on) {
		int err = plus_number(t, u, &n);

		if (err)
			return err;
	}
	if (n % 4)
		buf_printf(&t->args->notes,
			";; Warning, split must be a multiple of 4; adjusting to %u\n",
			(n + 3) / 4 * 4);
	t->args->split = (uint16_t)((n + 3) / 4 * 4);
	return 0;
}

int plus_showall(const struct digplus_target *t, const struct use *u)
{
	struct dig_show *show = &t->lookup->show;

	show->badcookie = show->badvers = show->truncated = u->on;
	return 0;
}

/* The layouts that programs read. Whichever comes last counts. */
static void for_programs(const struct digplus_target *t)
{
	t->args->cmd = false;
	t->lookup->show.stats = false;
	t->lookup->show.rrcomments = -1;
}

int plus_yaml(const struct digplus_target *t, const struct use *u)
{
	t->args->yaml = u->on;
	if (!u->on)
		return 0;
	t->args->json = false;
	for_programs(t);
	return 0;
}

int plus_json(const struct digplus_target *t, const struct use *u)
{
	t->args->json = u->on;
	if (!u->on)
		return 0;
	t->args->yaml = false;
	for_programs(t);
	return 0;
}
