/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of servers that limit their replies: on purpose, so it is no more than a notice. */
#include "check/check.h"

#include <math.h>
#include <string.h>

#include "base/err.h"

/* Replies that say it themselves leave little doubt. */
#define SUREST (1 - 1e-6)

static const char *const cookies[] = {
	[LIMIT_COOKIE_UNASKED] = "unasked",
	[LIMIT_COOKIE_NONE] = "none",
	[LIMIT_COOKIE_SENT] = "sent",
	[LIMIT_COOKIE_EXEMPT] = "exempt",
};

/* The finding of another server that shows it in the same way, or NULL. */
static struct finding *same(const struct findings *f, const struct limit *l)
{
	vec_each (struct finding, x, f->list) {
		if (strcmp(x->id, "rate-limited") == 0 &&
			strcmp(finding_find(x, "sign")->text, limit_sign_slug(l->sign)) == 0 &&
			strcmp(finding_find(x, "cookie")->text, cookies[l->cookie]) == 0)
			return x;
	}
	return NULL;
}

static int64_t whole_rate(const struct limit *l)
{
	return l->rate > 1 ? llround(l->rate) : 1;
}

static struct finding *begin(
	struct findings *f, const struct sweep_result *s, const struct limit *l)
{
	/* Who drops without a word may stand anywhere; only the server sends another reply. */
	struct finding *x = findings_add(
		f, "rate-limited", SEV_NOTICE, l->sign == LIMIT_LOSS ? WHERE_UNKNOWN : WHERE_FAR);

	x->subject = s->zone;
	x->confidence = SUREST;
	finding_int(f, x, "limit", (uint64_t)whole_rate(l));
	finding_text(f, x, "sign", limit_sign_slug(l->sign));
	finding_int(f, x, "signs", 0);
	finding_text(f, x, "cookie", cookies[l->cookie]);
	finding_detail(f, x,
		(struct detail){
			.key = "onset", .kind = DETAIL_DURATION, .integer = (int64_t)l->onset });
	return x;
}

/* Servers of one operator that limit alike are one finding, with the tightest limit among them. */
static void rate_limited(const struct check_input *in, struct findings *f)
{
	vec_each (const struct sweep_result, s, in->inferences->sweeps) {
		const struct limit *l = &s->limit;
		struct finding *x;

		if (!l->limiting)
			continue;
		x = same(f, l);
		if (!x)
			x = begin(f, s, l);
		if (finding_find(x, "limit")->integer > whole_rate(l))
			finding_find(x, "limit")->integer = whole_rate(l);
		if (finding_find(x, "onset")->integer > (int64_t)l->onset)
			finding_find(x, "onset")->integer = (int64_t)l->onset;
		finding_find(x, "signs")->integer += (int64_t)l->signs;
		x->confidence = fmin(x->confidence, 1 - l->error);
		finding_server(f, x, &s->server);
		vec_each (const size_t, i, l->evidence)
			finding_evidence(f, x, *i);
	}
}

static const struct check rows[] = {
	{ "rate-limited", rate_limited },
};

const struct family family_limits = { "limits", rows, ARRAY_LEN(rows) };
