/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options with two dashes, which dig has not: rows with the names that all verbs share. */
#include "base/err.h"
#include "cli/digargs_inner.h"
#include "cli/digplus.h"
#include "cli/settings.h"

#define AT(field) offsetof(struct digargs_long, field)

static const struct opt rows[] = {
	{ .type = OPT_UINT,
		.name = "budget",
		.arg = "N",
		.at = AT(budget),
		.max = BUDGET_MOST,
		.help = "most queries to one server (no limit)" },
	{ .type = OPT_FLAG, .name = "help", .at = AT(help), .help = "the same as -h" },
	{ .type = OPT_FLAG, .name = "json", .at = AT(json), .help = "the same as +json" },
	{ .type = OPT_TEXT,
		.name = "queue",
		.arg = "URL",
		.at = AT(queue),
		.help = "where agents of --vantage are found" },
	{ .type = OPT_TEXT,
		.name = "queue-ca",
		.arg = "FILE",
		.at = AT(ca),
		.help = "authorities of the queue's certificate" },
	{ .type = OPT_TEXT,
		.name = "queue-creds",
		.arg = "FILE",
		.at = AT(creds),
		.help = "NATS credentials for --queue" },
	{ .type = OPT_UINT,
		.name = "rate",
		.arg = "N",
		.at = AT(rate),
		.max = RATE_MOST,
		.help = "most queries a second to one server (no limit)" },
	{ .type = OPT_TEXT,
		.name = "save",
		.arg = "FILE",
		.at = AT(save),
		.help = "the facts as JSON lines, for dnsfault judge" },
	{ .type = OPT_TEXT,
		.name = "vantage",
		.arg = "SITE,...|all",
		.at = AT(vantage),
		.help = "the same from agents of these sites" },
};

const struct opt_table digargs_long_options = { rows, ARRAY_LEN(rows) };

/* What has another spelling, too; the one that was there first says what it does. */
static int take_others(struct parse *p)
{
	struct digplus_target t = { p->arena, p->args, parse_current(p), p->fail, p };
	struct digargs_long *also = &p->args->also;

	if (also->help)
		return parse_dash(p, "-h", NULL, &(bool){ false });
	if (!also->json)
		return 0;
	also->json = false;
	return digplus_apply(&t, "json");
}

int parse_long(struct parse *p, const char *word, const char *next, bool *ret_used)
{
	char *words[] = { (char *)word, (char *)next };
	struct opt_result r = { .why = NULL };

	*ret_used = false;
	if (opt_take((struct opt_into){ p->arena, &p->args->also }, digargs_long_options,
		    (struct opt_args){ next ? 2 : 1, words }, &r))
		return parse_usage(p, r.why);
	*ret_used = r.used > 1;
	return take_others(p);
}
