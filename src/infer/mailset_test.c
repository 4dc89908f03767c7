// SPDX-License-Identifier: GPL-3.0-or-later
// The list of mail's look-ups: which are made, in which order, and how each ends.
#include "infer/mailset.h"

#include <string.h>

#include "base/err.h"
#include "dns/text.h"
#include "treeworld.h"

#define ZONE(dropped, added)                                                                       \
	{                                                                                          \
		.at = TREEWORLD_CHILD, .zone = "child.xa.", .drop = (dropped), .add = (added)      \
	}

static const struct row {
	/* "PURPOSE NAME TYPE STATE SECURITY", a line each, those of that purpose only */
	const char *purposes; /* with blanks around each */
	const char *expect;
	struct treeworld_row world;
} rows[] = {
	{ " mx exchange-address tlsa mta-sts mta-sts-host tls-reporting ",
		"mx child.xa. MX found secure\n"
		"exchange-address mail.child.xa. A found secure\n"
		"exchange-address mail.child.xa. AAAA found secure\n"
		"tlsa _25._tcp.mail.child.xa. TLSA nxdomain secure\n"
		"mta-sts _mta-sts.child.xa. TXT nxdomain secure\n"
		"tls-reporting _smtp._tls.child.xa. TXT nxdomain secure\n",
		{ .what = "outbound, signed", .secure = true } },
	{ " exchange-address tlsa ",
		"exchange-address alias.child.xa. A found secure\n"
		"exchange-address alias.child.xa. AAAA found secure\n"
		"tlsa _25._tcp.mail.child.xa. TLSA nxdomain secure\n"
		"tlsa _25._tcp.alias.child.xa. TLSA nxdomain secure\n",
		{ .what = "an alias: the name that it leads to comes first (RFC 7672 2.2.2)",
			.secure = true,
			.changes = { ZONE("child.xa. MX",
				"child.xa. MX 10 alias.child.xa.\n"
				"alias.child.xa. CNAME mail.child.xa.\n") } } },
	{ " mx exchange-address ",
		"mx child.xa. MX nodata secure\n"
		"exchange-address child.xa. A nodata secure\n"
		"exchange-address child.xa. AAAA nodata secure\n",
		{ .what = "implicit MX",
			.secure = true,
			.changes = { ZONE("child.xa. MX", NULL) } } },
	{ " exchange-address mta-sts tls-reporting tlsa ", "",
		{ .what = "null MX: nothing else matters to senders",
			.changes = { ZONE("child.xa. MX", "child.xa. MX 0 .\n") } } },
	{ " reverse forward helo ",
		"reverse 1.0.37.9.in-addr.arpa. PTR found indeterminate\n"
		"forward mail.child.xa. A found indeterminate\n"
		"reverse 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.3.0.0.9.0.a.2.ip6.arpa. "
		"PTR "
		"found indeterminate\n"
		"forward mail.child.xa. AAAA found indeterminate\n"
		"helo www.child.xa. A found indeterminate\n"
		"helo www.child.xa. AAAA found indeterminate\n",
		{ .what = "a sender of both families",
			.clients = "9.37.0.1 2a09:37::1",
			.helo = "www.child.xa." } },
	{ " spf spf-term ",
		"spf child.xa. TXT found indeterminate\n"
		"spf more.child.xa. TXT found indeterminate\n"
		"spf-term www.child.xa. A found indeterminate\n"
		"spf-term www.child.xa. AAAA found indeterminate\n"
		"spf last.child.xa. TXT nxdomain indeterminate\n",
		{ .what = "policies in their order",
			.changes = { ZONE("child.xa. TXT",
				"child.xa. TXT \"v=spf1 redirect=last.child.xa "
				"include:more.child.xa a:%{i}.child.xa\"\n"
				"more.child.xa. TXT \"v=spf1 a:www.child.xa/24 -all "
				"a:x.child.xa\"\n") } } },
	{ " dkim ", "dkim a.b._domainkey.child.xa. TXT nxdomain indeterminate\n",
		{ .what = "a selector of two labels", .selectors = "a.b" } },
	{ " dmarc ",
		"dmarc _dmarc.child.xa. TXT nxdomain indeterminate\n"
		"dmarc _dmarc.xa. TXT nxdomain indeterminate\n",
		{ .what = "the walk up" } },
	{ " dmarc ",
		"dmarc _dmarc.a.b.c.d.e.f.g.child.xa. TXT nxdomain indeterminate\n"
		"dmarc _dmarc.c.d.e.f.g.child.xa. TXT nxdomain indeterminate\n"
		"dmarc _dmarc.d.e.f.g.child.xa. TXT nxdomain indeterminate\n"
		"dmarc _dmarc.e.f.g.child.xa. TXT nxdomain indeterminate\n"
		"dmarc _dmarc.f.g.child.xa. TXT nxdomain indeterminate\n"
		"dmarc _dmarc.g.child.xa. TXT nxdomain indeterminate\n"
		"dmarc _dmarc.child.xa. TXT nxdomain indeterminate\n"
		"dmarc _dmarc.xa. TXT nxdomain indeterminate\n",
		{ .what = "the walk up from a long name",
			.zone = "a.b.c.d.e.f.g.child.xa.",
			.changes = { ZONE(NULL, "a.b.c.d.e.f.g.child.xa. MX 0 .\n") } } },
};

static const char *listed(struct arena *a, const struct mailset *set, const char *purposes)
{
	struct buf b = { .arena = a };
	char name[NAME_TEXT], type[TEXT_MNEMONIC];

	vec_each (const struct mail_row, row, set->rows) {
		const char *purpose = mail_purpose_slug(row->purpose);

		if (!strstr(purposes, arena_printf(a, " %s ", purpose)))
			continue;
		buf_printf(&b, "%s %s %s %s %s\n", purpose, name_text(row->name, name),
			text_type(row->type, type), mail_state_slug(row->state),
			security_slug(row->security));
	}
	return buf_text(&b);
}

/* Every word that a report may show is there. */
static void test_words(void)
{
	for (int c = 0; c < MAIL_CONSEQUENCES; c++)
		ok(mail_consequence_text((enum mail_consequence)c) &&
				(!c || *mail_consequence_text((enum mail_consequence)c)),
			"consequence %d has a text", c);
	for (int p = 0; p < MAIL_PURPOSES; p++)
		ok(mail_purpose_slug((enum mail_purpose)p) != NULL, "purpose %d has a slug", p);
	for (int s = 0; s < MAIL_STATES; s++)
		ok(mail_state_slug((enum mail_state)s) != NULL, "state %d has a slug", s);
	ok(!mail_temporary(MAIL_UNTOLD) && !mail_temporary(MAIL_NXDOMAIN),
		"what was not asked, and what is denied, does not pass by");
	ok(mail_temporary(MAIL_REFUSED) && mail_temporary(MAIL_BOGUS), "what fails may");
}

int main(void)
{
	test_words();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct treeworld_row world = rows[i].world;
		struct treeworld_run run;

		world.mail = true;
		run = treeworld_run(a, &world);
		ok(run.ended && !mailset(run.tree)->pending, "%s: ends", world.what);
		is_str(listed(a, mailset(run.tree), rows[i].purposes), rows[i].expect, world.what);
		arena_free(a);
	}
	return tap_done();
}
