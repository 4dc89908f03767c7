/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help lines of options: two columns in 80. */
#include "cli/opt.h"

#include <string.h>

#include "cli/prose.h"

enum { HELP_COLUMN = 26 };

static const char *left(struct arena *a, const struct opt *o)
{
	struct buf b = { .arena = a };

	if (o->brief)
		buf_printf(&b, "  -%c%s", o->brief, o->name ? ", " : "");
	else
		buf_str(&b, "      ");
	if (o->name)
		buf_printf(&b, "--%s", o->name);
	if (o->arg)
		buf_printf(&b, o->type == OPT_MAYBE ? "[=%s]" : " %s", o->arg);
	return buf_text(&b);
}

void opt_help(struct opt_table t, struct buf *out)
{
	for (const struct opt *o = t.rows; o < t.rows + t.n; o++) {
		const char *l = left(out->arena, o);

		if (strlen(l) + 2 > HELP_COLUMN)
			buf_printf(out, "%s\n%*s", l, HELP_COLUMN, "");
		else
			buf_printf(out, "%-*s", HELP_COLUMN, l);
		prose_put(out, o->help, (struct prose_place){ HELP_COLUMN, HELP_COLUMN });
	}
}
