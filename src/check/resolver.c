/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of what the user's resolver said against what the zone's servers say. */
#include <string.h>

#include "base/err.h"
#include "check/check_resolver.h"
#include "dns/rr.h"
#include "dns/text.h"

static const char *const meaning_words[] = {
	[MEANS_ANSWER] = "an answer",
	[MEANS_ALIAS] = "an alias",
	[MEANS_NODATA] = "NODATA",
	[MEANS_REFERRAL] = "a referral",
	[MEANS_UPWARD] = "an upward referral",
	[MEANS_NXDOMAIN] = "NXDOMAIN",
	[MEANS_SERVFAIL] = "SERVFAIL",
	[MEANS_REFUSED] = "REFUSED",
	[MEANS_TRUNCATED] = "a truncated reply",
	[MEANS_OTHER_RCODE] = "an error",
	[MEANS_UNREADABLE] = "nothing readable",
};

static size_t index_of(const struct facts *f, const struct observation *o)
{
	size_t i = 0;

	while (i < f->n && f->v[i] != o)
		i++;
	return i;
}

void check_resolver_shown(
	const struct check_input *in, struct findings *f, struct check_resolver_told told)
{
	if (told.seen && index_of(in->facts, told.seen) < in->facts->n)
		finding_evidence(f, told.by, index_of(in->facts, told.seen));
}

/* What the resolver itself says of its failure (RFC 8914): the first such option. */
static void put_ede(struct findings *f, struct finding *x, const struct observation *seen)
{
	const struct edns_opt *o = seen && seen->msg ? msg_option(seen->msg, EDNS_EDE) : NULL;
	uint16_t code;
	const char *name;

	if (!o || o->length < 2)
		return;
	code = (uint16_t)(o->data[0] << 8 | o->data[1]);
	name = text_ede(code);
	finding_int(f, x, "ede", code);
	finding_text(f, x, "ede_name", name ? name : "unknown");
	if (o->length > 2)
		finding_text(f, x, "ede_text",
			arena_printf(f->arena, "%.*s", o->length - 2, (const char *)o->data + 2));
}

struct finding *check_resolver_about(
	const struct check_input *in, struct findings *f, const char *id, enum severity severity)
{
	const struct resolver_result *r = &in->inferences->resolver;
	struct finding *x = findings_add(f, id, severity, WHERE_RESOLVER);

	x->subject = in->facts->question.name;
	x->confidence = 0.99;
	finding_server(f, x, &r->server);
	finding_detail(f, x,
		(struct detail){
			.key = "took", .kind = DETAIL_DURATION, .integer = (int64_t)r->took });
	put_ede(f, x, r->seen);
	check_resolver_shown(in, f, (struct check_resolver_told){ x, r->seen });
	return x;
}

/* It answered something else of this run: it is there, and this lookup takes it too long. */
static bool answered_otherwise(const struct check_input *in, const struct addr *server)
{
	for (size_t i = 0; i < in->facts->n; i++) {
		const struct observation *o = in->facts->v[i];

		if (o->msg && observation_to_resolver(o) && addr_equal(&o->ask.server, server))
			return true;
	}
	return false;
}

/* It is there, and waits for servers that its queries do not reach. */
static bool is_lost(const struct findings *f)
{
	vec_each (const struct finding, x, f->list)
		if (strcmp(x->id, "resolver-uses-filtered-ports") == 0)
			return true;
	return false;
}

static void resolver_unreachable(const struct check_input *in, struct findings *f)
{
	const struct resolver_result *r = &in->inferences->resolver;

	if (!r->asked || !r->seen || r->seen->msg || in->inferences->answered_beyond == 0)
		return;
	if (answered_otherwise(in, &r->server) || is_lost(f))
		return;
	/* What never left says nothing of the resolver. */
	if (r->seen->outcome == OUTCOME_NOT_SENT)
		return;
	check_resolver_about(in, f, "resolver-unreachable", SEV_ERROR);
}

/*
 * What was asked with RD is refused: a resolver answers, refers, or fails, so this one does not
 * want to. Whether it is this name or whatever this host asks, a question about the root tells.
 */
static void resolver_refuses(const struct check_input *in, struct findings *f)
{
	const struct resolver_result *r = &in->inferences->resolver;
	const struct resolver_reply *other = &r->elsewhere;
	struct finding *x;

	if (r->meaning != MEANS_REFUSED)
		return;
	x = check_resolver_about(in, f, "resolver-refuses", SEV_ERROR);
	x->effect = EFFECT_EXPLAINS;
	if (other->meaning == MEANS_REFUSED)
		finding_text(f, x, "scope", "this host, whatever is asked");
	else if (resolver_settles(other->meaning))
		finding_text(f, x, "scope", "this name, and answers others");
	/* RFC 1035 4.1.1: who does not offer recursion is an authoritative server, or denies it. */
	if (!(r->seen->msg->flags & FLAG_RA) && !resolver_settles(other->meaning))
		finding_text(f, x, "recursion", "not offered");
	check_resolver_shown(in, f, (struct check_resolver_told){ x, other->seen });
}

/* A fault that can make this lookup fail is another finding; then this one is silent. */
bool check_resolver_explained(const struct findings *f)
{
	static const struct {
		const char *id;
		enum severity least;
	} causes[] = {
		{ "source-port-filter", SEV_WARNING },
		{ "unreachable", SEV_ERROR },
		{ "lame-delegation", SEV_ERROR },
		{ "missing-glue", SEV_ERROR },
		{ "resolver-limit", SEV_ERROR },
		{ "resolver-refuses", SEV_ERROR },
		{ "resolver-remembers", SEV_WARNING },
	};

	vec_each (const struct finding, x, f->list) {
		if (x->effect >= EFFECT_INTERMITTENT)
			return true;
		for (size_t i = 0; i < ARRAY_LEN(causes); i++)
			if (strcmp(x->id, causes[i].id) == 0 && x->severity >= causes[i].least)
				return true;
	}
	return false;
}

/* The same meaning, or one that a resolver rightly makes of the other. */
static bool agrees(enum msg_meaning resolver, enum msg_meaning zone)
{
	return resolver == zone || (resolver == MEANS_ANSWER && zone == MEANS_ALIAS) ||
	       (resolver == MEANS_ALIAS && zone == MEANS_NODATA) || resolver == MEANS_TRUNCATED;
}

static void resolver_disagrees(const struct check_input *in, struct findings *f)
{
	const struct resolver_result *r = &in->inferences->resolver;
	const struct cut_tree *t = in->inferences->tree;
	struct finding *x;

	if (!r->seen || !r->seen->msg || !t || t->last < 0 || t->meaning == MEANS_UNREADABLE)
		return;
	if (agrees(r->meaning, t->meaning) || !t->consistent || check_resolver_explained(f))
		return;
	/* What the resolver may send and we may not, is not compared yet. */
	if (r->meaning == MEANS_SERVFAIL && in->inferences->unprivileged)
		return;
	x = check_resolver_about(in, f, "resolver-disagrees", SEV_WARNING);
	finding_detail(f, x,
		(struct detail){ .key = "resolver",
			.kind = DETAIL_TEXT,
			.text = meaning_words[r->meaning] });
	finding_detail(f, x,
		(struct detail){
			.key = "servers", .kind = DETAIL_TEXT, .text = meaning_words[t->meaning] });
}

static const struct check rows[] = {
	{ "resolver-unreachable", resolver_unreachable },
	{ "resolver-refuses", resolver_refuses },
	{ "resolver-disagrees", resolver_disagrees },
};

const struct family family_resolver = { "resolver", rows, ARRAY_LEN(rows) };
