/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The look-ups of an SPF policy, as for a sender that none of its terms knows (RFC 7208 4.6.4):
 * that is when all of them are made.
 */
#include "base/err.h"
#include "dns/rr.h"
#include "dns/spf.h"
#include "dns/spf_terms.h"
#include "infer/mailset_inner.h"

enum {
	DEPTH_MOST = 24, /* of includes in includes */
	COUNT_MOST = 20, /* look-ups that are followed: twice what receivers make */
};

struct spf_walk {
	struct mailing *m;
	const struct name *way[DEPTH_MOST]; /* the policies that led here */
	size_t depth;
	unsigned int lookups, voids;
	bool loop, open; /* open: a look-up is pending, or was not made */
	size_t top;	 /* row of the domain's own policy */
};

static void permerror(struct spf_walk *w, size_t row, enum mail_problem p)
{
	mailset_mark(w->m, row, (struct mail_fate){ p, MAIL_SPF_PERMERROR });
}

/* Notes what a look-up came to; true when it found something. */
static bool found(struct spf_walk *w, size_t row)
{
	enum mail_state s = mailset_state(w->m, row);

	w->open |= s == MAIL_UNTOLD || s == MAIL_PENDING;
	if (mail_temporary(s))
		mailset_mark(w->m, row,
			(struct mail_fate){ MAIL_PROBLEM_RECEIVER_FAILS, MAIL_SPF_TEMPERROR });
	return s == MAIL_FOUND;
}

static bool is_void(struct spf_walk *w, size_t row)
{
	enum mail_state s = mailset_state(w->m, row);

	return s == MAIL_NODATA || s == MAIL_NXDOMAIN;
}

static void mark_void(struct spf_walk *w, size_t row)
{
	if (row != SIZE_MAX && mailset_row(w->m, row)->consequence == MAIL_NONE)
		mailset_row(w->m, row)->consequence = MAIL_SPF_VOID;
}

/* A name that has an address of neither family is a void look-up for every sender. */
static void look_address(struct spf_walk *w, const struct name *name)
{
	size_t v4 = mailset_look(w->m, (struct mail_want){ MAIL_SPF_TERM, name, RR_A });
	size_t v6 = mailset_look(w->m, (struct mail_want){ MAIL_SPF_TERM, name, RR_AAAA });

	found(w, v4);
	found(w, v6);
	if (!is_void(w, v4) || !is_void(w, v6))
		return;
	w->voids++;
	mark_void(w, v4);
	mark_void(w, v6);
}

static void look_one(struct spf_walk *w, const struct name *name, uint16_t type)
{
	size_t row = mailset_look(w->m, (struct mail_want){ MAIL_SPF_TERM, name, type });

	if (found(w, row) || !is_void(w, row))
		return;
	w->voids++;
	mark_void(w, row);
}

static void look_policy(struct spf_walk *w, const struct name *name);

/* What each kind of term looks up; NULL: nothing that could be known without a sender. */
static void look_a(struct spf_walk *w, const struct name *name)
{
	look_address(w, name);
}

static void look_mx(struct spf_walk *w, const struct name *name)
{
	look_one(w, name, RR_MX);
}

/* RFC 7208 5.7: always by A. */
static void look_exists(struct spf_walk *w, const struct name *name)
{
	look_one(w, name, RR_A);
}

static const struct {
	bool counts; /* RFC 7208 4.6.4 */
	void (*look)(struct spf_walk *w, const struct name *name);
} kinds[] = {
	[SPF_ALL] = { false, NULL },
	[SPF_INCLUDE] = { true, look_policy },
	[SPF_A] = { true, look_a },
	[SPF_MX] = { true, look_mx },
	[SPF_PTR] = { true, NULL },
	[SPF_EXISTS] = { true, look_exists },
	[SPF_REDIRECT] = { true, look_policy },
	[SPF_OTHER] = { false, NULL },
};

static void take_term(struct spf_walk *w, const struct spf_term *t, const struct name *own)
{
	struct arena *a = w->m->t->arena;
	struct name name = *own;

	w->lookups += kinds[t->kind].counts;
	if (!kinds[t->kind].look || w->lookups > COUNT_MOST)
		return;
	if (t->domain.n && spf_domain(a, t->domain, &name) < 0)
		w->m->set->spf_macros = true;
	else
		kinds[t->kind].look(w, tree_name(w->m->t, &name));
}

/* Terms up to "all"; "redirect" counts only without it, and last (RFC 7208 6.1). */
static void take_terms(struct spf_walk *w, struct span text, const struct name *own)
{
	struct spf_terms at = spf_terms(text);
	struct spf_term term, redirect = { .kind = SPF_OTHER };
	bool all = false;

	while (spf_next(&at, &term)) {
		if (term.kind == SPF_REDIRECT)
			redirect = term;
		else if (!all)
			take_term(w, &term, own);
		all |= term.kind == SPF_ALL;
	}
	if (!all && redirect.kind == SPF_REDIRECT)
		take_term(w, &redirect, own);
}

static bool on_way(const struct spf_walk *w, const struct name *name)
{
	for (size_t i = 0; i < w->depth; i++)
		if (name_equal(w->way[i], name))
			return true;
	return false;
}

/* There is no policy at the name. */
static void no_policy(struct spf_walk *w, size_t row)
{
	if (w->depth > 1)
		permerror(w, row, MAIL_PROBLEM_SPF_INCLUDE);
	else
		mailset_mark(
			w->m, row, (struct mail_fate){ MAIL_PROBLEM_SPF_MISSING, MAIL_SPF_NONE });
}

static void read_policy(struct spf_walk *w, size_t row, const struct name *name)
{
	struct mail_texts texts = mailset_texts(w->m, row);
	struct span policy = { NULL, 0 }, term;
	unsigned int n = 0;

	vec_each (const struct span, text, texts)
		if (spf_is_record(*text)) {
			policy = *text;
			n++;
		}
	if (!n) {
		no_policy(w, row);
	} else if (n > 1) {
		permerror(w, row, MAIL_PROBLEM_SPF_MULTIPLE);
		mailset_row(w->m, row)->count = n;
	} else if (spf_check(policy, &term) < 0) {
		permerror(w, row, MAIL_PROBLEM_SPF_INVALID);
		mailset_row(w->m, row)->note = mailset_text(w->m, term);
	} else {
		take_terms(w, policy, name);
	}
}

static void look_policy(struct spf_walk *w, const struct name *name)
{
	size_t row;

	if (on_way(w, name)) {
		w->loop = true;
		return;
	}
	row = mailset_look(w->m, (struct mail_want){ MAIL_SPF, name, RR_TXT });
	if (!w->depth)
		w->top = row;
	if (w->depth == DEPTH_MOST)
		return;
	w->way[w->depth++] = name;
	if (found(w, row)) {
		read_policy(w, row, name);
	} else if (is_void(w, row)) {
		w->voids += w->depth > 1;
		no_policy(w, row);
	}
	w->depth--;
}

static void judge_count(
	struct spf_walk *w, enum mail_problem p, unsigned int count, unsigned int most)
{
	permerror(w, w->top, p);
	mailset_row(w->m, w->top)->count = count;
	mailset_row(w->m, w->top)->most = most;
}

void mailset_spf(struct mailing *m)
{
	struct spf_walk w = { .m = m, .top = SIZE_MAX };

	look_policy(&w, m->domain);
	if (w.top == SIZE_MAX || mailset_row(m, w.top)->problem != MAIL_PROBLEM_NONE)
		return;
	if (w.loop)
		permerror(&w, w.top, MAIL_PROBLEM_SPF_LOOP);
	else if (w.lookups > MAIL_SPF_LOOKUPS)
		judge_count(&w, MAIL_PROBLEM_SPF_LOOKUPS, w.lookups, MAIL_SPF_LOOKUPS);
	else if (w.voids > MAIL_SPF_VOIDS)
		judge_count(&w, MAIL_PROBLEM_SPF_VOIDS, w.voids, MAIL_SPF_VOIDS);
	else if (!w.open)
		mailset_row(m, w.top)->count = w.lookups;
}
