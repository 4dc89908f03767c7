// SPDX-License-Identifier: GPL-3.0-or-later
// Mail of a domain in worlds where one thing is wrong: which findings come, and what they say of
// delivery. With the folder of fixtures as argument it writes the tapes of the family's ids.
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "check/check.h"
#include "fixture.h"
#include "infer/mailset.h"
#include "treeworld.h"

extern const struct family family_mail, family_dnssec;

#define KEY                                                                                        \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDlNyXcN3mH08ot8fBTBSqnw2b+iJA5YbiW"                 \
	"h8hH7ADcWGBR2lapQ4NlGLqNeZ3clJYi9WTnz+5RgYOhC6mmMxi52DMrBcUuhOhjwKJOrnVk"                 \
	"8JqAHhg0aQIilmFeyaCqtcf8Vb1+JKYDBV9/d73zZZTAxmJ+/Upzfiij+jqoLOSoDQIDAQAB"

/* What a domain that does all well has besides the world's own. */
static const struct treeworld_change healthy = { .at = TREEWORLD_CHILD,
	.zone = "child.xa.",
	.add = "_dmarc.child.xa. TXT \"v=DMARC1; p=none\"\n"
	       "_mta-sts.child.xa. TXT \"v=STSv1; id=20260101\"\n"
	       "mta-sts.child.xa. A 9.38.0.1\n"
	       "_smtp._tls.child.xa. TXT \"v=TLSRPTv1; rua=mailto:tls@child.xa\"\n"
	       "s1._domainkey.child.xa. TXT \"v=DKIM1; p=" KEY "\"\n" };

static const struct signer_plan no_denial = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
	.denial = SIGNER_NO_DENIAL,
};
static const struct signer_plan wrong_mx = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
	.spoils = { { SIGNER_WRONG, .type = RR_MX } },
};

/* The zone with lines in place of others. */
#define ZONE(dropped, added)                                                                       \
	{                                                                                          \
		.at = TREEWORLD_CHILD, .zone = "child.xa.", .drop = (dropped), .add = (added)      \
	}
/* All of the zone's servers, when they are asked for the type at or below the name. */
#define WHEN(rr, at_or_below, ...)                                                                 \
	{                                                                                          \
		.at = TREEWORLD_CHILD, .type = (rr), .under = (at_or_below), __VA_ARGS__           \
	}
#define SPF(text)   ZONE("child.xa. TXT", "child.xa. TXT \"v=spf1 " text "\"\n")
#define DKIM(text)  ZONE("s1._domainkey", "s1._domainkey.child.xa. TXT \"" text "\"\n")
#define DMARC(text) ZONE("_dmarc", "_dmarc.child.xa. TXT \"" text "\"\n")

static const struct row {
	const char *id; /* of the fixture; NULL: none */
	/* "id severity effect: consequence", with semicolons between them */
	const char *expect;
	struct treeworld_row world;
} rows[] = {
	{ NULL, "", { .what = "healthy" } },
	{ NULL, "", { .what = "healthy and signed", .secure = true } },
	{ "mail-domain-missing", "mail-domain-missing error explains: bounced (5.4.4)",
		{ .what = "no such domain", .zone = "nowhere.xa." } },
	{ "mx-lookup-fails", "mx-lookup-fails error explains: deferred (4.4.3)",
		{ .what = "MX: SERVFAIL",
			.changes = { WHEN(
				RR_MX, NULL, .rcode = RCODE_SERVFAIL, .empty = true) } } },
	{ NULL, "mx-lookup-fails error explains: deferred (4.4.3)",
		{ .what = "MX: REFUSED",
			.changes = { WHEN(RR_MX, NULL, .rcode = RCODE_REFUSED, .empty = true) } } },
	{ NULL, "mx-lookup-fails error explains: deferred (4.4.3)",
		{ .what = "MX: silence", .changes = { WHEN(RR_MX, NULL, .silent = true) } } },
	{ NULL, "",
		{ .what = "one server is silent to MX",
			.changes = { { .at = "ns1.child.xa", .type = RR_MX, .silent = true } } } },
	{ NULL, "mx-lookup-fails error explains: deferred (4.4.3)",
		{ .what = "all servers dead",
			.changes = { { .at = TREEWORLD_CHILD, .silent = true } } } },
	{ NULL,
		"dnssec-wrong-signature error explains; "
		"mx-lookup-fails error explains: deferred (4.4.3)",
		{ .what = "MX: a wrong signature", .secure = true, .child = &wrong_mx } },
	{ "null-mx", "null-mx notice explains: bounced (5.1.10, null MX)",
		{ .what = "null MX",
			.changes = { ZONE("child.xa. MX|child.xa. TXT",
				"child.xa. MX 0 .\nchild.xa. TXT \"v=spf1 -all\"\n") } } },
	{ "null-mx-malformed",
		"null-mx-malformed warning intermittent: bounced by some senders (5.1.10), tried "
		"by others",
		{ .what = "null MX with others",
			.changes = { ZONE(NULL, "child.xa. MX 0 .\n") } } },
	{ NULL, "null-mx-malformed notice explains: bounced (5.1.10, null MX)",
		{ .what = "null MX with preference",
			.changes = { ZONE("child.xa. MX|child.xa. TXT",
				"child.xa. MX 10 .\nchild.xa. TXT \"v=spf1 -all\"\n") } } },
	{ "missing-mx",
		"missing-mx notice cosmetic: delivered to the domain's own address (implicit MX)",
		{ .what = "implicit MX",
			.changes = { ZONE("child.xa. MX|child.xa. TXT",
				"child.xa. A 9.37.0.1\nchild.xa. TXT \"v=spf1 a -all\"\n") } } },
	{ NULL, "missing-mx error explains: bounced (5.4.4)",
		{ .what = "neither MX nor address",
			.changes = { ZONE("child.xa. MX|child.xa. TXT",
				"child.xa. TXT \"v=spf1 -all\"\n") } } },
	{ "mx-is-address", "mx-is-address error explains: bounced (5.4.4)",
		{ .what = "an address as MX",
			.changes = { ZONE("child.xa. MX", "child.xa. MX 10 9.37.0.1.\n") } } },
	{ NULL, "mx-is-address warning intermittent: passed over: the next exchange is tried",
		{ .what = "an address as second MX",
			.changes = { ZONE(NULL, "child.xa. MX 20 9.37.0.1.\n") } } },
	{ "mx-is-alias",
		"mx-is-alias warning intermittent: delivered; some senders refuse an alias",
		{ .what = "an alias as MX",
			.changes = { ZONE("child.xa. MX",
				"child.xa. MX 10 alias.child.xa.\nalias.child.xa. "
				"CNAME mail.child.xa.\n") } } },
	{ NULL, "mx-without-address error explains: bounced (5.4.4)",
		{ .what = "MX without address",
			.changes = { ZONE(
				"child.xa. MX", "child.xa. MX 10 nowhere.child.xa.\n") } } },
	{ NULL, "mx-without-address warning intermittent: passed over: the next exchange is tried",
		{ .what = "one of two without address",
			.changes = { ZONE(NULL, "child.xa. MX 5 nowhere.child.xa.\n") } } },
	{ "mx-address-unusable",
		"mx-address-unusable error explains: deferred (4.4.1): senders elsewhere cannot "
		"connect",
		{ .what = "a private address",
			.changes = { ZONE("child.xa. MX",
				"child.xa. MX 10 in.child.xa.\nin.child.xa. A 10.0.0.1\n") } } },
	{ NULL, "mx-address-unusable warning intermittent: passed over: the next exchange is tried",
		{ .what = "a second MX on loopback",
			.changes = { ZONE(NULL,
				"child.xa. MX 20 in.child.xa.\nin.child.xa. AAAA ::1\n") } } },
	{ "address-lookup-fails",
		"address-lookup-fails warning intermittent: deferred by some senders (4.4.3), "
		"delivered by others",
		{ .what = "AAAA: SERVFAIL",
			.changes = { WHEN(RR_AAAA, "mail.child.xa.", .rcode = RCODE_SERVFAIL,
				.empty = true) },
			.helo = "ns1.child.xa." } },
	{ NULL, "address-lookup-fails error explains: deferred (4.4.3)",
		{ .what = "A and AAAA: silence",
			.helo = "ns1.child.xa.",
			.clients = "9.31.0.1",
			.changes = { WHEN(0, "mail.child.xa.", .silent = true) } } },
	{ NULL,
		"address-lookup-fails warning intermittent: passed over: the next exchange is "
		"tried",
		{ .what = "a second MX whose address fails",
			.changes = { ZONE(NULL, "child.xa. MX 20 bad.child.xa.\nbad.child.xa. A "
						"9.38.0.1\n"),
				WHEN(0, "bad.child.xa.", .rcode = RCODE_REFUSED,
					.empty = true) } } },
	{ "tlsa-lookup-fails",
		"tlsa-lookup-fails error intermittent: deferred by DANE senders (4.7.5)",
		{ .what = "TLSA: silence",
			.secure = true,
			.changes = { WHEN(RR_TLSA, NULL, .silent = true) } } },
	{ NULL,
		"dnssec-broken-denial error explains; "
		"tlsa-lookup-fails error intermittent: deferred by DANE senders (4.7.5)",
		{ .what = "TLSA: a denial without proof", .secure = true, .child = &no_denial } },
	{ NULL,
		"tlsa-lookup-fails error intermittent: deferred by DANE senders (4.7.5); "
		"mx-is-alias warning intermittent: delivered; some senders refuse an alias",
		{ .what = "TLSA of where an alias leads: silence",
			.secure = true,
			.changes = { ZONE("child.xa. MX", "child.xa. MX 10 alias.child.xa.\n"
							  "alias.child.xa. CNAME mail.child.xa.\n"),
				WHEN(RR_TLSA, "mail.child.xa.", .silent = true) } } },
	{ NULL, "",
		{ .what = "TLSA of an unsigned zone does not matter",
			.changes = { WHEN(RR_TLSA, NULL, .silent = true) } } },
	{ "mta-sts-invalid",
		"mta-sts-invalid warning cosmetic: the policy is ignored: delivered without "
		"MTA-STS",
		{ .what = "an MTA-STS record without id",
			.changes = { ZONE("_mta-sts",
				"_mta-sts.child.xa. TXT \"v=STSv1; id=2026-01-01\"\n") } } },
	{ "mta-sts-without-host",
		"mta-sts-without-host warning cosmetic: the policy cannot be fetched: delivered "
		"without MTA-STS",
		{ .what = "no host of the policy", .changes = { ZONE("mta-sts.", NULL) } } },
	{ "tls-reporting-invalid", "tls-reporting-invalid warning cosmetic: no reports about TLS",
		{ .what = "TLS reports to nobody",
			.changes = { ZONE("_smtp._tls", "_smtp._tls.child.xa. TXT \"v=TLSRPTv1; "
							"rua=tls@child.xa\"\n") } } },
	{ "tls-policy-lookup-fails",
		"tls-policy-lookup-fails warning cosmetic: delivered without MTA-STS",
		{ .what = "MTA-STS: SERVFAIL",
			.changes = { WHEN(RR_TXT, "_mta-sts.child.xa.", .rcode = RCODE_SERVFAIL,
				.empty = true) } } },
	{ NULL, "tls-policy-lookup-fails warning cosmetic: no reports about TLS",
		{ .what = "TLS reports: silence",
			.changes = { WHEN(RR_TXT, "_smtp._tls.child.xa.", .silent = true) } } },
	{ "receiver-lookup-fails",
		"receiver-lookup-fails warning intermittent: SPF temperror: some receivers defer "
		"(4.4.3)",
		{ .what = "SPF: SERVFAIL",
			.changes = { { .at = TREEWORLD_CHILD,
				.type = RR_TXT,
				.name = "child.xa.",
				.rcode = RCODE_SERVFAIL,
				.empty = true } } } },
	{ NULL,
		"receiver-lookup-fails warning intermittent: DKIM temperror: some receivers defer "
		"(4.7.5)",
		{ .what = "DKIM: silence",
			.changes = { WHEN(RR_TXT, "s1._domainkey.child.xa.", .silent = true) } } },
	{ NULL, "receiver-lookup-fails warning intermittent: DMARC temperror: some receivers defer",
		{ .what = "DMARC: REFUSED",
			.changes = { WHEN(RR_TXT, "_dmarc.child.xa.", .rcode = RCODE_REFUSED,
				.empty = true) } } },
	{ NULL, "receiver-lookup-fails error intermittent: deferred by some receivers (4.7.25)",
		{ .what = "PTR: SERVFAIL",
			.changes = { { .type = RR_PTR,
				.under = "37.9.in-addr.arpa.",
				.rcode = RCODE_SERVFAIL,
				.empty = true } } } },
	{ NULL, "receiver-lookup-fails warning intermittent: deferred by some receivers (4.7.1)",
		{ .what = "HELO: silence",
			.helo = "out.child.xa.",
			.changes = { WHEN(0, "out.child.xa.", .silent = true) } } },
	{ "reverse-missing",
		"reverse-missing error intermittent: refused by some receivers (4.7.25 or 5.7.25)",
		{ .what = "no PTR", .clients = "9.99.0.1" } },
	{ "reverse-mismatch",
		"reverse-mismatch error intermittent: refused by some receivers (4.7.25 or 5.7.25)",
		{ .what = "a PTR that does not lead back", .clients = "9.38.0.7" } },
	{ NULL, "", { .what = "an IPv6 sender", .clients = "2a09:37::1 9.38.0.1" } },
	{ "helo-unresolved",
		"helo-unresolved warning intermittent: refused by some receivers (4.7.1 or 5.7.1)",
		{ .what = "HELO of nobody", .helo = "nobody.child.xa." } },
	{ "missing-spf",
		"missing-spf notice cosmetic: SPF none: no receiver can tell forged mail by it",
		{ .what = "no SPF", .changes = { ZONE("child.xa. TXT", NULL) } } },
	{ "spf-invalid",
		"spf-invalid error intermittent: SPF permerror: some receivers reject (5.5.2)",
		{ .what = "SPF: a slip", .changes = { SPF("ipv4:9.37.0.1 -all") } } },
	{ "spf-multiple",
		"spf-multiple error intermittent: SPF permerror: some receivers reject (5.5.2)",
		{ .what = "two SPF policies",
			.changes = { ZONE(NULL, "child.xa. TXT \"v=spf1 -all\"\n") } } },
	{ "spf-too-many-lookups",
		"spf-too-many-lookups error intermittent: SPF permerror: some receivers reject "
		"(5.5.2)",
		{ .what = "SPF: eleven look-ups",
			.changes = { SPF(
				"mx a:www.child.xa "
				"a:mail.child.xa a:ns1.child.xa a:ns2.child.xa a:www.child.xa "
				"a:mail.child.xa a:ns1.child.xa a:ns2.child.xa ptr "
				"exists:www.child.xa "
				"-all") } } },
	{ NULL, "",
		{ .what = "SPF: ten look-ups, and others behind all",
			.changes = { SPF(
				"mx "
				"a:www.child.xa a:mail.child.xa a:ns1.child.xa a:ns2.child.xa "
				"a:www.child.xa a:mail.child.xa a:ns1.child.xa a:ns2.child.xa ptr "
				"-all "
				"a:nowhere.child.xa redirect=nowhere.child.xa") } } },
	{ NULL,
		"spf-too-many-lookups error intermittent: SPF permerror: some receivers reject "
		"(5.5.2)",
		{ .what = "SPF: eleven look-ups by an include",
			.changes = { SPF("mx a:www.child.xa a:mail.child.xa a:ns1.child.xa "
					 "a:ns2.child.xa "
					 "include:more.child.xa -all"),
				ZONE(NULL, "more.child.xa. TXT \"v=spf1 "
					   "a:www.child.xa a:mail.child.xa a:ns1.child.xa "
					   "a:ns2.child.xa "
					   "exists:%{i}.child.xa -all\"\n") } } },
	{ "spf-too-many-voids",
		"spf-too-many-voids error intermittent: SPF permerror: some receivers reject "
		"(5.5.2)",
		{ .what = "SPF: three names of nobody",
			.changes = { SPF("mx a:x1.child.xa "
					 "mx:www.child.xa exists:x3.child.xa -all") } } },
	{ NULL, "",
		{ .what = "SPF: two names of nobody",
			.changes = { SPF("mx a:x1.child.xa "
					 "exists:x3.child.xa -all") } } },
	{ "spf-loop", "spf-loop error intermittent: SPF permerror: some receivers reject (5.5.2)",
		{ .what = "SPF: a circle",
			.changes = { SPF("include:more.child.xa -all"),
				ZONE(NULL,
					"more.child.xa. TXT \"v=spf1 redirect=child.xa\"\n") } } },
	{ "spf-include-broken",
		"spf-include-broken error intermittent: SPF permerror: some receivers reject "
		"(5.5.2)",
		{ .what = "SPF: an include of nothing",
			.changes = { SPF("include:www.child.xa -all") } } },
	{ "dkim-missing", "dkim-missing error intermittent: DKIM permerror: signatures by it fail",
		{ .what = "no such selector", .selectors = "s1 s2" } },
	{ "dkim-invalid", "dkim-invalid error intermittent: DKIM permerror: signatures by it fail",
		{ .what = "a key cut short", .changes = { DKIM("v=DKIM1; p=MIGfMA0G") } } },
	{ NULL, "dkim-invalid warning intermittent: several records: receivers pick any of them",
		{ .what = "two keys",
			.changes = { ZONE(
				NULL, "s1._domainkey.child.xa. TXT \"v=DKIM1; p=\"\n") } } },
	{ "dkim-revoked", "dkim-revoked error intermittent: DKIM permerror: signatures by it fail",
		{ .what = "a key revoked", .changes = { DKIM("v=DKIM1; p=") } } },
	{ "dmarc-missing",
		"dmarc-missing notice cosmetic: no DMARC: what fails SPF and DKIM is judged "
		"without it",
		{ .what = "no DMARC", .changes = { ZONE("_dmarc", NULL) } } },
	{ NULL, "",
		{ .what = "DMARC of the name above",
			.zone = "sub.child.xa.",
			.changes = { ZONE(NULL,
				"sub.child.xa. MX 10 mail.child.xa.\nsub.child.xa. TXT \"v=spf1 "
				"-all\"\n"
				"s1._domainkey.sub.child.xa. TXT \"v=DKIM1; p=" KEY "\"\n") } } },
	{ "dmarc-invalid", "dmarc-invalid warning cosmetic: DMARC permerror: no policy is applied",
		{ .what = "DMARC: no such policy", .changes = { DMARC("v=DMARC1; p=block") } } },
	{ NULL, "dmarc-invalid notice cosmetic: the policy applies, without the part that is wrong",
		{ .what = "DMARC: a wrong number",
			.changes = { DMARC("v=DMARC1; p=none; pct=many") } } },
	{ NULL, "dmarc-invalid warning cosmetic: DMARC permerror: no policy is applied",
		{ .what = "two DMARC policies",
			.changes = { ZONE(
				NULL, "_dmarc.child.xa. TXT \"v=DMARC1; p=reject\"\n") } } },
};

/* The row's world in which mail is looked at: the domain does all else well. */
static struct treeworld_row mail_world(const struct treeworld_row *row)
{
	struct treeworld_row w = *row;

	w.mail = true;
	w.clients = row->clients ? row->clients : "9.37.0.1";
	w.helo = row->helo ? row->helo : "mail.child.xa.";
	w.selectors = row->selectors ? row->selectors : "s1";
	memmove(&w.changes[1], &w.changes[0], sizeof(w.changes) - sizeof(w.changes[0]));
	w.changes[0] = healthy;
	return w;
}

static const char *found(struct arena *a, const struct facts *f)
{
	struct check_input in = { f, infer_all(a, f) };
	struct findings all = { .arena = a };
	struct buf b = { .arena = a };

	check_run(&in, &all);
	vec_each (const struct finding, x, all.list) {
		const struct detail *d = finding_find(x, "consequence");

		ok(x->subject && x->evidence.n && x->details.n && x->confidence > 0.8,
			"%s: complete", x->id);
		buf_printf(&b, "%s%s %s %s", b.n ? "; " : "", x->id, severity_slug(x->severity),
			effect_slug(x->effect));
		if (d)
			buf_printf(&b, ": %s", d->text);
	}
	return buf_text(&b);
}

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct treeworld_row world = mail_world(&rows[i].world);
		struct treeworld_run run = treeworld_run(a, &world);

		run.facts->tree->all = false;
		ok(run.ended && !run.overran, "%s: ends", world.what);
		is_str(found(a, run.facts), rows[i].expect, world.what);
		arena_free(a);
	}
}

/* A run that was stopped says nothing of what it did not ask. */
static void test_stopped(void)
{
	struct arena *a = arena_new();
	struct treeworld_row world = mail_world(&rows[0].world);
	struct treeworld_run run = treeworld_run(a, &world);

	run.facts->tree->all = false;
	for (; run.facts->n > 0; run.facts->n -= run.facts->n > 7 ? 7 : run.facts->n) {
		const char *ids = found(a, run.facts);

		if (*ids)
			is_str(ids, "", arena_printf(a, "nothing after %zu", run.facts->n));
	}
	ok(!run.facts->n, "stopped anywhere, nothing is found");
	arena_free(a);
}

/* Packets that are lost are sent again: nothing comes of one in ten. */
static void test_loss(void)
{
	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct arena *a = arena_new();
		struct treeworld_row world = mail_world(&rows[0].world);
		struct treeworld_run run;

		world.loss = 0.1;
		world.seed = seed;
		world.patient = true;
		run = treeworld_run(a, &world);
		run.facts->tree->all = false;
		is_str(found(a, run.facts), "", "nothing at a loss of 10 per cent");
		arena_free(a);
	}
}

static int write_tape(const char *path, const struct treeworld_row *row)
{
	struct arena *a = arena_new();
	struct treeworld_row world = mail_world(row);
	struct treeworld_run run = treeworld_run(a, &world);
	int err;

	run.facts->tree->all = false;
	err = fixture_write(path, run.facts);
	arena_free(a);
	return err;
}

static int write_fixtures(const char *folder)
{
	struct arena *a = arena_new();
	int err = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows) && !err; i++) {
		struct treeworld_row good = { .secure = rows[i].world.secure };
		const char *dir;

		if (!rows[i].id)
			continue;
		dir = arena_printf(a, "%s/%s", folder, rows[i].id);
		mkdir(dir, 0777);
		err = write_tape(arena_printf(a, "%s/bad.jsonl", dir), &rows[i].world);
		err = err ? err : write_tape(arena_printf(a, "%s/good.jsonl", dir), &good);
	}
	arena_free(a);
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return write_fixtures(argv[1]);
	test_rows();
	test_stopped();
	test_loss();
	return tap_done();
}
