// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "syntax".
#include "base/err.h"
#include "check/cases/apex.h"
#include "check/cases/syntax_inner.h"

#include <string.h>

#include "dns/hostname.h"
#include "dns/rr.h"

/* A label alone, as text. */
static const char *label_text(struct cases *c, struct span label)
{
	struct name n = { .len = (uint8_t)(label.n + 2) };
	struct buf b = { .arena = c->arena };

	n.wire[0] = (uint8_t)label.n;
	memcpy(n.wire + 1, label.p, label.n);
	name_put(&n, &b);
	b.p[b.n - 1] = '\0'; /* the final dot */
	return buf_text(&b);
}

/* Labels that break one of the rules; with none of them, nothing. */
static struct finding *emit_labels(
	struct cases *c, enum tag tag, const struct name *n, unsigned int rules)
{
	struct case_texts list = { 0 };
	struct finding *x;
	struct span label;
	unsigned int at = 0;

	while ((label = hostname_label(n, &at)).n)
		if (hostname_label_breaks(label) & rules)
			vec_push(c->arena, &list, label_text(c, label));
	if (!list.n)
		return NULL;
	x = cases_emit(c, tag);
	cases_name(c, x, "domain", n);
	cases_texts(c, x, "label", &list);
	return x;
}

/* syntax01 to syntax03: the zone's own name ---------------------------------------------------- */

static void characters(struct cases *c)
{
	if (!emit_labels(c, TAG_NON_ALLOWED_CHARS, c->zone, HOSTNAME_CHARS))
		cases_name(c, cases_emit(c, TAG_ONLY_ALLOWED_CHARS), "domain", c->zone);
}

/* The root has no label of which something could be said. */
static void emit_good(struct cases *c, enum tag tag, unsigned int rules)
{
	if (c->zone->len > 1 && !(hostname_breaks(c->zone) & rules))
		cases_name(c, cases_emit(c, tag), "domain", c->zone);
}

static void hyphens(struct cases *c)
{
	emit_labels(c, TAG_INITIAL_HYPHEN, c->zone, HOSTNAME_FIRST);
	emit_labels(c, TAG_TERMINAL_HYPHEN, c->zone, HOSTNAME_LAST);
	emit_good(c, TAG_NO_ENDING_HYPHENS, HOSTNAME_FIRST | HOSTNAME_LAST);
}

static void double_dash(struct cases *c)
{
	emit_labels(c, TAG_DISCOURAGED_DOUBLE_DASH, c->zone, HOSTNAME_DOUBLE_DASH);
	emit_good(c, TAG_NO_DOUBLE_DASH, HOSTNAME_DOUBLE_DASH);
}

/* syntax04, syntax07, syntax08: names of hosts --------------------------------------------------
 */

/* What is said of a host's name. */
struct host_tags {
	enum tag chars, dash, numeric, good;
};

/* e: the reply that has the name; NULL: several have it. */
static void judge_host(
	struct cases *c, const struct host_tags *t, const struct name *n, const struct entry *e)
{
	const struct {
		unsigned int rule;
		enum tag tag;
	} rows[] = {
		{ HOSTNAME_CHARS, t->chars },
		{ HOSTNAME_DOUBLE_DASH, t->dash },
		{ HOSTNAME_NUMERIC_TLD, t->numeric },
		{ 0, t->good },
	};
	unsigned int broken =
		hostname_breaks(n) & (HOSTNAME_CHARS | HOSTNAME_DOUBLE_DASH | HOSTNAME_NUMERIC_TLD);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct finding *x = NULL;

		if (rows[i].rule ? !(broken & rows[i].rule) : broken != 0)
			continue;
		x = emit_labels(c, rows[i].tag, n, rows[i].rule);
		if (!x) {
			x = cases_emit(c, rows[i].tag);
			cases_name(c, x, "domain", n);
		}
		if (e)
			cases_evidence(c, x, e);
	}
}

static void servers(struct cases *c)
{
	static const struct host_tags tags = { TAG_NAMESERVER_NON_ALLOWED_CHARS,
		TAG_NAMESERVER_DISCOURAGED_DOUBLE_DASH, TAG_NAMESERVER_NUMERIC_TLD,
		TAG_NAMESERVER_SYNTAX_OK };

	vec_each (const struct ns_entry, ns, c->del->del.v)
		judge_host(c, &tags, ns->name, NULL);
	vec_each (const struct ns_entry, ns, c->del->child.v)
		if (!ns_find(&c->del->del, ns->name))
			judge_host(c, &tags, ns->name, NULL);
}

static void mname(struct cases *c)
{
	static const struct host_tags tags = { TAG_MNAME_NON_ALLOWED_CHARS,
		TAG_MNAME_DISCOURAGED_DOUBLE_DASH, TAG_MNAME_NUMERIC_TLD, TAG_MNAME_SYNTAX_OK };
	const struct entry *e;
	struct soa soa;

	if (apex_soa(c, (struct apex_wish){ .type = RR_SOA }, &soa, &e))
		judge_host(c, &tags, &soa.mname, e);
}

static void mail_servers(struct cases *c)
{
	static const struct host_tags tags = { TAG_MX_NON_ALLOWED_CHARS,
		TAG_MX_DISCOURAGED_DOUBLE_DASH, TAG_MX_NUMERIC_TLD, TAG_MX_SYNTAX_OK };
	struct apex_found f = apex_reply(c, (struct apex_wish){ .type = RR_MX });
	struct reply_names names = { 0 };

	if (!f.entry && !f.pending && !f.unsent)
		cases_emit(c, TAG_NO_RESPONSE_MX_QUERY);
	if (f.entry)
		names = apex_exchanges(c, f.entry->msg);
	for (size_t i = 0; i < names.n; i++)
		judge_host(c, &tags, names.v[i], f.entry);
}

/* syntax05: "@" in RNAME ----------------------------------------------------------------------- */

static void at_sign(struct cases *c)
{
	const struct entry *e;
	struct finding *x;
	struct soa soa;

	if (!apex_soa(c, (struct apex_wish){ .type = RR_SOA }, &soa, &e))
		return;
	/* No octet of a label's length is one: it is 64, and lengths end at 63. */
	x = cases_emit(c, memchr(soa.rname.wire, '@', soa.rname.len) ? TAG_RNAME_MISUSED_AT_SIGN
								     : TAG_RNAME_NO_AT_SIGN);
	cases_name(c, x, "rname", &soa.rname);
	cases_evidence(c, x, e);
}

static const struct tree_case syntax_cases[] = {
	{ "syntax01", "the zone's name has letters, digits and hyphens only", characters },
	{ "syntax02", "no label of the zone's name begins or ends with a hyphen", hyphens },
	{ "syntax03", "no double dash in the zone's name", double_dash },
	{ "syntax04", "name servers have names that hosts may have", servers },
	{ "syntax05", "no at sign in SOA RNAME", at_sign },
	{ "syntax06", "SOA RNAME is a mailbox that can get mail", syntax_rname },
	{ "syntax07", "SOA MNAME is a name that hosts may have", mname },
	{ "syntax08", "mail servers have names that hosts may have", mail_servers },
};

const struct case_module case_syntax = { "syntax", syntax_cases, ARRAY_LEN(syntax_cases) };
