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
	uint32_t n;
	int err;

	if (!u->on && u->value)
		return plus_fail(t, "+nosplit takes no number");
	if (u->on && !u->value)
		return 0;
	err = plus_maybe_number(t, u, 0, &n);
	if (err)
		return err;
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
int plus_layout(const struct digplus_target *t, const struct use *u)
{
	if (u->on) {
		t->args->yaml = t->args->json = t->args->cmd = false;
		t->lookup->show.stats = false;
		t->lookup->show.rrcomments = -1;
	}
	return plus_global(t, u);
}
