/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other resolvers said, in words and in JSON. */
#include "render/opinion.h"

#include "base/err.h"
#include "dns/text.h"

/* Stable, in JSON. */
static const char *const results[] = {
	[MEANS_ANSWER] = "answer",
	[MEANS_ALIAS] = "alias",
	[MEANS_NODATA] = "nodata",
	[MEANS_REFERRAL] = "referral",
	[MEANS_UPWARD] = "upward-referral",
	[MEANS_NXDOMAIN] = "nxdomain",
	[MEANS_SERVFAIL] = "servfail",
	[MEANS_REFUSED] = "refused",
	[MEANS_TRUNCATED] = "truncated",
	[MEANS_OTHER_RCODE] = "error",
	[MEANS_UNREADABLE] = "unreadable",
};

static const char *result(const struct resolver_reply *r)
{
	if (!r->seen->msg)
		return outcome_slug(r->seen->outcome);
	return (size_t)r->meaning < ARRAY_LEN(results) ? results[r->meaning] : "unreadable";
}

void opinion_json(struct json *j, const struct report *r)
{
	const struct opinions *all = &r->inferences->opinions;

	if (!all->list.n)
		return;
	json_array(j, "opinions");
	vec_each (const struct opinion, x, all->list) {
		json_object(j, NULL);
		json_str(j, "server", words_server(j->out->arena, &x->server));
		json_str(j, "transport", transport_slug((enum transport)x->transport));
		json_str(j, "result", result(&x->reply));
		json_double(j, "took", (double)x->reply.took / 1e6);
		if (x->reply.ede >= 0)
			json_int(j, "ede", x->reply.ede);
		json_end(j);
	}
	json_end(j);
}

static const char *line(struct arena *a, const struct opinion *x)
{
	struct buf b = { .arena = a };
	const char *name = x->reply.ede >= 0 ? text_ede((uint16_t)x->reply.ede) : NULL;

	buf_printf(&b, "other resolver %s%s%s: ", words_server(a, &x->server),
		x->transport == TRANSPORT_UDP ? "" : " over ",
		x->transport == TRANSPORT_UDP ? "" : transport_name(x->transport));
	if (!x->reply.seen->msg) {
		buf_printf(&b, "no reply (%s)",
			x->reply.seen->said ? x->reply.seen->said
					    : outcome_slug(x->reply.seen->outcome));
		return buf_text(&b);
	}
	buf_printf(&b, "%s, after %s", words_meaning(x->reply.meaning),
		words_duration(a, x->reply.took));
	if (x->reply.ede >= 0)
		buf_printf(&b, "; it adds extended error %d (%s)", x->reply.ede,
			name ? name : "unknown");
	return buf_text(&b);
}

/* What they are together; those that were not heard have no opinion. */
static const char *together(struct arena *a, const struct opinions *all)
{
	if (!all->settled && !all->failed)
		return "no other resolver replied";
	if (!all->failed)
		return "others see no fault";
	if (!all->settled)
		return "others fail, too";
	return arena_printf(
		a, "others differ: %zu see no fault, %zu fail", all->settled, all->failed);
}

void opinion_lines(struct making *m)
{
	const struct opinions *all = &m->r->inferences->opinions;

	if (!all->list.n)
		return;
	vec_each (const struct opinion, x, all->list)
		vec_push(m->a, &m->r->lookup, line(m->a, x));
	vec_push(m->a, &m->r->lookup, together(m->a, all));
	vec_push(m->a, &m->r->tested,
		arena_printf(m->a, "second opinions: %s", together(m->a, all)));
}
