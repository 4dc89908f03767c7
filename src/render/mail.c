/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look-ups that mail takes, in words. */
#include <string.h>

#include "check/check_mail.h"
#include "dns/text.h"
#include "render/words.h"

bool report_is_mail(const struct report *r)
{
	return r->inferences->pass && r->facts->tree->mail;
}

static const char *const about[MAIL_PURPOSES] = {
	[MAIL_MX] = "where mail goes",
	[MAIL_EXCHANGE] = "where it is delivered",
	[MAIL_TLSA] = "which certificate is shown there",
	[MAIL_STS] = "a policy about TLS",
	[MAIL_STS_HOST] = "where the policy is fetched",
	[MAIL_TLSRPT] = "where reports about TLS go",
	[MAIL_REVERSE] = "the name of who sends",
	[MAIL_FORWARD] = "whether that name leads back",
	[MAIL_HELO] = "the name that the sender gives",
	[MAIL_SPF] = "who may send",
	[MAIL_SPF_TERM] = "a term of the SPF policy",
	[MAIL_DKIM] = "a key of signatures",
	[MAIL_DMARC] = "the policy for what fails",
};

/* Where nobody answers at all, silence says nothing of the domain. */
static bool heard(const struct making *m)
{
	return m->r->inferences->answered_beyond > 0;
}

static enum report_mark mark_of(const struct making *m, const struct mail_row *row)
{
	enum severity s = check_mail_severity(row->consequence);

	if (row->state == MAIL_UNTOLD || row->state == MAIL_PENDING || !heard(m))
		return MARK_DOUBT;
	if (row->problem == MAIL_PROBLEM_NONE && !mail_temporary(row->state))
		return MARK_GOOD;
	return s >= SEV_WARNING ? MARK_BAD : MARK_DOUBT;
}

static const char *note_of(struct making *m, const struct mail_row *row)
{
	struct buf b = { .arena = m->a };

	if (row->purpose == MAIL_SPF && row->count && row->most)
		buf_printf(&b, "%u, where %u are allowed", row->count, row->most);
	else if (row->purpose == MAIL_SPF && row->count && !row->problem)
		buf_printf(&b, "takes %u of %d look-ups", row->count, MAIL_SPF_LOOKUPS);
	if (row->note)
		buf_printf(&b, "%s%s", b.n ? "; " : "", words_safe(m->a, row->note));
	if (row->large && row->state == MAIL_FOUND)
		buf_printf(&b, "%sover 512 octets: takes EDNS or TCP", b.n ? "; " : "");
	return b.n ? buf_text(&b) : NULL;
}

static void add_row(struct making *m, const struct mail_row *row)
{
	bool validated = row->chain && row->chain->anchored;
	char type[TEXT_MNEMONIC];

	vec_push(m->a, &m->r->mail,
		(struct report_mail){
			.name = words_name(m->a, row->name),
			.type = arena_str(m->a, text_type(row->type, type)),
			.purpose = mail_purpose_slug(row->purpose),
			.result = mail_state_slug(row->state),
			.secure = validated ? security_slug(row->security) : NULL,
			.consequence = heard(m) ? mail_consequence_text(row->consequence) : "",
			.note = note_of(m, row),
			.about = about[row->purpose],
			.mark = mark_of(m, row),
		});
}

static void untested(struct making *m, const char *what, const char *why)
{
	vec_push(m->a, &m->r->untested, (struct report_untested){ what, why });
}

static void add_untested(struct making *m, const struct mailset *set)
{
	const struct tree_plan *plan = m->r->facts->tree;

	if (!plan->clients.n)
		untested(m, "PTR and forward match of the addresses that send",
			"they are not known: give --client ADDR for each");
	if (!plan->helo)
		untested(m, "the name that the sender gives", "it is not known: give --helo NAME");
	if (!plan->selectors.n)
		untested(m, "keys of DKIM", "selectors are not known: give --selector S for each");
	if (!plan->anchors.n)
		untested(m, "signatures, and with them TLSA records",
			"there is no trust anchor: give --trust-anchor FILE");
	else if (set->no_dane)
		untested(m, "TLSA records of some mail servers",
			"MX records or addresses are not signed, so no sender looks for them");
	if (set->spf_macros)
		untested(m, "SPF terms with macros",
			"they are counted; what they lead to depends on the sender");
	if (set->cut)
		untested(m, "some of the look-ups", "there are more than one run makes");
}

void report_mail(struct making *m)
{
	const struct mailset *set;

	if (!report_is_mail(m->r))
		return;
	set = mailset(m->r->inferences->pass);
	vec_each (const struct mail_row, row, set->rows)
		add_row(m, row);
	add_untested(m, set);
}

const char *report_mail_summary(struct making *m)
{
	const struct mailset *set = mailset(m->r->inferences->pass);
	size_t asked = 0;

	vec_each (const struct mail_row, row, set->rows)
		asked += row->state != MAIL_UNTOLD && row->state != MAIL_PENDING;
	return arena_printf(m->a,
		"no fault found in the %zu look-ups that mail for %s takes; mail %s", asked,
		words_name(m->a, m->r->facts->tree->zone),
		set->rows.n && set->rows.v[0].consequence != MAIL_NONE
			? arena_printf(
				  m->a, "is %s", mail_consequence_text(set->rows.v[0].consequence))
			: "finds its way");
}
