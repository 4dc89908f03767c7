/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a receiver looks up about the domain as a sender: names of addresses, DKIM, DMARC. */
#include <string.h>

#include "base/err.h"
#include "dns/mailtxt.h"
#include "dns/rr.h"
#include "infer/mailset_inner.h"

enum {
	NAMES_MOST = 10,   /* of one address that are looked up, as receivers do (RFC 7208 4.6.4) */
	CLIENTS_MOST = 16, /* addresses that are looked up */
	SELECTORS_MOST = 16,
	WALK_LONG = 8, /* labels: a longer name's walk goes on with … (dmarcbis, "DNS Tree Walk") */
	WALK_REST = 7, /* … so many */
};

static void fails(struct mailing *m, size_t row, enum mail_consequence c)
{
	mailset_mark(m, row, (struct mail_fate){ MAIL_PROBLEM_RECEIVER_FAILS, c });
}

static bool absent(enum mail_state s)
{
	return s == MAIL_NODATA || s == MAIL_NXDOMAIN;
}

/* Names of addresses --------------------------------------------------------------------------- */

static bool leads_back(struct mailing *m, size_t row, const struct addr *client)
{
	struct reply_addrs list = mailset_addrs(m, row);

	vec_each (const struct addr, a, list)
		if (addr_same_host(a, client))
			return true;
	return false;
}

/* One of the names of the PTR records has to lead back to the address. */
static void look_forward(struct mailing *m, size_t reverse, const struct addr *client)
{
	struct mail_rrs rrs = mailset_rrs(m, reverse);
	const struct msg *msg = mailset_row(m, reverse)->entry->msg;
	uint16_t type = client->family == ADDR_V4 ? RR_A : RR_AAAA;
	bool back = false, open = false, failed = false;
	size_t rows[NAMES_MOST], n = 0;

	vec_each (const struct rr *, rr, rrs) {
		struct name name;
		enum mail_state s;

		if (n == NAMES_MOST || msg_rdata_name(msg, *rr, &name, NULL) < 0)
			continue;
		rows[n] = mailset_look(m, (struct mail_want){ MAIL_FORWARD, &name, type });
		s = mailset_state(m, rows[n]);
		back |= leads_back(m, rows[n++], client);
		open |= s == MAIL_PENDING || s == MAIL_UNTOLD;
		failed |= mail_temporary(s);
	}
	if (back || open)
		return;
	for (size_t i = 0; i < n; i++)
		if (mail_temporary(mailset_state(m, rows[i])))
			fails(m, rows[i], MAIL_CLIENT_DEFERRED);
	if (!failed)
		mailset_mark(m, reverse,
			(struct mail_fate){ MAIL_PROBLEM_REVERSE_MISMATCH, MAIL_CLIENT_REFUSED });
}

static void look_client(struct mailing *m, const struct addr *client)
{
	struct name name = name_reverse(addr_octets(client));
	size_t row = mailset_look(m, (struct mail_want){ MAIL_REVERSE, &name, RR_PTR });
	enum mail_state s = mailset_state(m, row);
	char text[ADDR_TEXT];

	if (s == MAIL_UNTOLD)
		return;
	mailset_row(m, row)->note = arena_str(m->t->arena, addr_text(client, text));
	if (s == MAIL_FOUND)
		look_forward(m, row, client);
	else if (absent(s))
		mailset_mark(m, row,
			(struct mail_fate){ MAIL_PROBLEM_REVERSE_MISSING, MAIL_CLIENT_REFUSED });
	else if (mail_temporary(s))
		fails(m, row, MAIL_CLIENT_DEFERRED);
}

static void look_helo(struct mailing *m, const struct name *helo)
{
	size_t rows[] = { mailset_look(m, (struct mail_want){ MAIL_HELO, helo, RR_A }),
		mailset_look(m, (struct mail_want){ MAIL_HELO, helo, RR_AAAA }) };
	enum mail_state v4 = mailset_state(m, rows[0]), v6 = mailset_state(m, rows[1]);

	if (v4 <= MAIL_FOUND || v6 <= MAIL_FOUND)
		return;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (mail_temporary(mailset_state(m, rows[i])))
			fails(m, rows[i], MAIL_HELO_DEFERRED);
		else if (!mail_temporary(v4) && !mail_temporary(v6))
			mailset_mark(m, rows[i],
				(struct mail_fate){ MAIL_PROBLEM_HELO, MAIL_HELO_REFUSED });
	}
}

/* DKIM ----------------------------------------------------------------------------------------- */

static void judge_key(struct mailing *m, size_t row)
{
	struct mail_texts texts = mailset_texts(m, row);
	struct mail_fate fate = { MAIL_PROBLEM_NONE, MAIL_NONE };
	struct mailtxt found = { 0 };
	const char *why = NULL;

	if (texts.n > 1) {
		why = "there are several records, where there must be one";
		fate = (struct mail_fate){ MAIL_PROBLEM_DKIM_INVALID, MAIL_DKIM_UNDEFINED };
	} else if (texts.n) {
		why = mailtxt_check(MAILTXT_DKIM, texts.v[0], &found);
		if (why)
			fate = (struct mail_fate){ MAIL_PROBLEM_DKIM_INVALID, MAIL_DKIM_FAILS };
		else if (found.revoked)
			fate = (struct mail_fate){ MAIL_PROBLEM_DKIM_REVOKED, MAIL_DKIM_FAILS };
	}
	mailset_mark(m, row, fate);
	mailset_row(m, row)->note = why;
}

static void look_key(struct mailing *m, const char *selector)
{
	struct buf b = { .arena = m->t->arena };
	enum mail_state s;
	struct name name;
	size_t row;

	/* A selector may have dots (RFC 6376 3.1). */
	buf_printf(&b, "%s._domainkey.", selector);
	name_put(m->domain, &b);
	if (name_parse(buf_text(&b), &name) < 0)
		return;
	row = mailset_look(m, (struct mail_want){ MAIL_DKIM, &name, RR_TXT });
	s = mailset_state(m, row);
	if (s == MAIL_FOUND)
		judge_key(m, row);
	else if (absent(s))
		mailset_mark(
			m, row, (struct mail_fate){ MAIL_PROBLEM_DKIM_MISSING, MAIL_DKIM_FAILS });
	else if (mail_temporary(s))
		fails(m, row, MAIL_DKIM_DEFERRED);
}

/* DMARC ---------------------------------------------------------------------------------------- */

/* What one name of the walk has. */
struct dmarc {
	size_t row;
	unsigned int labels; /* of the domain that the record is of */
	unsigned int n;	     /* records */
	const char *why;     /* what is wrong; NULL: nothing */
	struct mailtxt found;
};

static void read_dmarc(struct mailing *m, const struct name *at, struct dmarc *ret)
{
	const struct name *name = mailset_under(m, "_dmarc", at);
	struct mail_texts texts;

	*ret = (struct dmarc){ .row = SIZE_MAX, .labels = name_labels(at) };
	if (!name)
		return;
	ret->row = mailset_look(m, (struct mail_want){ MAIL_DMARC, name, RR_TXT });
	texts = mailset_texts(m, ret->row);
	vec_each (const struct span, text, texts) {
		if (!mailtxt_is(MAILTXT_DMARC, *text))
			continue;
		ret->n++;
		ret->why = mailtxt_check(MAILTXT_DMARC, *text, &ret->found);
	}
	/* RFC 7489 6.6.3, step 5. */
	if (ret->n > 1) {
		ret->why = "there are several records, where there must be one";
		ret->found.harmless = false;
	}
}

/* One label up; of a long name all but the last ones at once. */
static struct name up(const struct name *n)
{
	return name_labels(n) > WALK_LONG ? name_suffix(n, WALK_REST) : name_parent(n);
}

static bool is_answer(enum mail_state s)
{
	return s == MAIL_FOUND || absent(s);
}

/*
 * The record that counts for the domain; n 0: there is none, and true: that is known. Without a
 * list of public suffixes the organisational domain is found by walking up, as the successor of
 * RFC 7489 has it: the name with fewest labels that has a record, but where "psd" says otherwise.
 */
static bool find_dmarc(struct mailing *m, struct dmarc *ret)
{
	struct name at = *m->domain;

	read_dmarc(m, &at, ret);
	if (ret->n || !is_answer(mailset_state(m, ret->row)))
		return ret->n > 0;
	for (at = up(&at); at.len > 1; at = up(&at)) {
		struct dmarc here;

		read_dmarc(m, &at, &here);
		if (!is_answer(mailset_state(m, here.row))) {
			*ret = here;
			return false;
		}
		if (!here.n)
			continue;
		if (here.found.psd != 'y' || ret->labels != here.labels + 1 || !ret->n)
			*ret = here;
		if (here.found.psd != 'u')
			break;
	}
	return true;
}

static void note_walk(struct mailing *m, size_t first, const struct dmarc *d)
{
	struct buf b = { .arena = m->t->arena };

	buf_str(&b, "the record at ");
	name_put(mailset_row(m, d->row)->name, &b);
	buf_str(&b, " counts, by the DMARC tree walk");
	mailset_row(m, first)->note = buf_text(&b);
}

static void look_dmarc(struct mailing *m)
{
	struct dmarc d, own;
	bool told;

	read_dmarc(m, m->domain, &own);
	told = find_dmarc(m, &d);
	if (!told && mail_temporary(mailset_state(m, d.row)))
		fails(m, d.row, MAIL_DMARC_DEFERRED);
	if (!told || own.row == SIZE_MAX || d.row == SIZE_MAX)
		return;
	if (!d.n) {
		mailset_mark(m, own.row,
			(struct mail_fate){ MAIL_PROBLEM_DMARC_MISSING, MAIL_DMARC_NONE });
		return;
	}
	if (d.why)
		mailset_mark(m, d.row,
			(struct mail_fate){ MAIL_PROBLEM_DMARC_INVALID,
				d.found.harmless ? MAIL_DMARC_PARTLY : MAIL_DMARC_IGNORED });
	mailset_row(m, d.row)->note = d.why;
	if (d.row != own.row)
		note_walk(m, own.row, &d);
}

void mailset_in(struct mailing *m)
{
	const struct tree_plan *plan = m->t->plan;

	for (size_t i = 0; i < plan->clients.n && i < CLIENTS_MOST; i++)
		look_client(m, &plan->clients.v[i]);
	if (plan->helo)
		look_helo(m, plan->helo);
	/* The first row is that of the MX records: of a domain that does not exist all is told. */
	if (m->set->rows.v[0].state == MAIL_NXDOMAIN)
		return;
	mailset_spf(m);
	for (size_t i = 0; i < plan->selectors.n && i < SELECTORS_MOST; i++)
		look_key(m, plan->selectors.v[i]);
	look_dmarc(m);
	m->set->cut |= plan->clients.n > CLIENTS_MOST || plan->selectors.n > SELECTORS_MOST;
}
