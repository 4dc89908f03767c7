/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look-up from several vantage points: who got what, and what that decides. */
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "dns/text.h"
#include "render/dig.h"
#include "render/words.h"

enum { WIDTH = 79 };

/* As comments: broken between words, what follows the first line is set in. */
static void put_wrapped(struct buf *out, const char *text)
{
	size_t column = 2;

	buf_str(out, ";;");
	while (*text) {
		size_t n = strcspn(text, " ");

		if (column + 1 + n > WIDTH && column > 4) {
			buf_str(out, "\n;;  ");
			column = 4;
		}
		buf_char(out, ' ');
		buf_put(out, text, n);
		column += 1 + n;
		text += n;
		text += strspn(text, " ");
	}
	buf_char(out, '\n');
}

static const char *name_of(struct arena *a, const struct lookups_said *s)
{
	return words_safe(a, s->facts->name ? s->facts->name : "?");
}

/* "NODATA" and "referral" are told apart: both are NOERROR. */
static const char *reply_text(struct arena *a, const struct lookups_said *s)
{
	char rcode[TEXT_MNEMONIC];
	const struct msg *m = s->last->msg;
	const char *ending = s->answers == 1 ? "" : "s";

	/* A tape may be without it. */
	if (!m || s->meaning == MEANS_UNREADABLE)
		return "a reply that cannot be read";
	text_rcode(m->rcode, rcode);
	return arena_printf(a, "%s%s, %zu answer%s", rcode,
		s->meaning == MEANS_NODATA     ? " (no data of this type)"
		: s->meaning == MEANS_REFERRAL ? " (a referral)"
					       : "",
		s->answers, ending);
}

static const char *silence_text(struct arena *a, const struct lookups_said *s)
{
	return arena_printf(
		a, "no reply to %zu %s", s->silent, s->silent == 1 ? "query" : "queries");
}

static const char *error_text(struct arena *a, const struct lookups_said *s)
{
	const struct observation *o = s->last;
	char text[ADDR_TEXT];

	if (o->outcome == OUTCOME_ICMP)
		return arena_printf(a, "ICMP error %u/%u from %s", o->icmp.type, o->icmp.code,
			addr_text(&o->icmp.offender, text));
	if (o->outcome == OUTCOME_REFUSED)
		return "the connection was refused";
	return o->outcome == OUTCOME_RESET ? "the connection was closed before a reply"
					   : "no usable connection";
}

static const char *untested_text(struct arena *a, const struct lookups_said *s)
{
	if (!s->last)
		return "nothing was asked: no server";
	return arena_printf(a, "nothing was asked: %s", why_text((enum why)s->last->why));
}

const char *dig_vantage_said(struct arena *a, const struct lookups_said *s)
{
	static const char *(*const texts[LOOKUPS_KINDS])(
		struct arena * a, const struct lookups_said *s) = { untested_text, reply_text,
		reply_text, silence_text, error_text };

	return texts[s->kind](a, s);
}

static bool compared(const struct lookups *all, const struct lookups_said *s)
{
	return s->kind == LOOKUPS_WORKS && s != all->first;
}

static void put_site(const struct lookups *all, const struct lookups_said *s, struct buf *out)
{
	struct arena *a = out->arena;
	struct buf line = { .arena = a };

	buf_printf(&line, "SITE %s: ", name_of(a, s));
	if (s->last)
		buf_printf(&line, "%s: ", words_server(a, &s->last->ask.server));
	buf_str(&line, dig_vantage_said(a, s));
	if (s->last && observation_rtt(s->last))
		buf_printf(&line, ", %s", words_duration(a, observation_rtt(s->last)));
	if (compared(all, s))
		buf_printf(&line, "; %s as %s", s->same ? "the same data" : "not the same data",
			name_of(a, all->first));
	put_wrapped(out, buf_text(&line));
}

/* Those of one kind, or of all kinds that fail, as "a, b and c"; untested ones are none. */
static const char *names(struct arena *a, const struct lookups *all, bool work)
{
	struct buf b = { .arena = a };
	size_t n = 0, left = 0;

	vec_each (const struct lookups_said, s, all->list)
		left += s->kind != LOOKUPS_UNTESTED && (s->kind == LOOKUPS_WORKS) == work;
	vec_each (const struct lookups_said, s, all->list) {
		if (s->kind == LOOKUPS_UNTESTED || (s->kind == LOOKUPS_WORKS) != work)
			continue;
		left--;
		buf_printf(&b, "%s%s", !n++ ? "" : left ? ", " : " and ", name_of(a, s));
	}
	return buf_text(&b);
}

static bool any(const struct lookups *all, enum lookups_kind k)
{
	vec_each (const struct lookups_said, s, all->list)
		if (s->kind == k)
			return true;
	return false;
}

/* Whether all that fail do so without a reply; or all with one. */
static bool all_mute(const struct lookups *all)
{
	return !any(all, LOOKUPS_FAILS);
}

static bool all_spoke(const struct lookups *all)
{
	return !any(all, LOOKUPS_SILENT) && !any(all, LOOKUPS_ERROR);
}

static const char *split_one(const struct lookups *all)
{
	if (all_spoke(all))
		return "the server is reached from both, and treats them differently: by the "
		       "asker's address (a list, or a view), or as several machines behind one "
		       "address (anycast), or it fails at times";
	if (!all_mute(all))
		return "the server is alive; who gets no reply may be blocked by address or cut "
		       "off on the path, who gets another reply is treated differently there";
	if (all->neighbours)
		return "the server is alive, and an address of the same network is answered: a "
		       "block of single addresses is more likely than the path";
	return "the server is alive: the path from where it fails, or a block of that address, "
	       "or another machine behind the same address (anycast); one look-up cannot tell "
	       "which";
}

static const char *split_own(const struct lookups *all)
{
	if (all_mute(all))
		return "each asks resolvers of its own: the ones that do not reply, or the way to "
		       "them, are at fault; the name does not fail everywhere";
	return "each asks resolvers of its own: the fault is at the ones that fail, or between "
	       "them and the zone's servers, or some of these servers fail; the name does not fail "
	       "everywhere";
}

/* Whether all that fail have the same meaning. */
static bool all_mean(const struct lookups *all, enum msg_meaning m)
{
	vec_each (const struct lookups_said, s, all->list)
		if (s->kind == LOOKUPS_FAILS && s->meaning != m)
			return false;
	return true;
}

/* Resolvers of their own, that all replied. */
static const char *none_own(const struct lookups *all)
{
	if (all_mean(all, MEANS_SERVFAIL))
		return "resolvers of different places fail alike: the name itself, or its zone's "
		       "servers, are the likely cause";
	if (all_mean(all, MEANS_REFUSED))
		return "each resolver refuses who asks it, which says nothing of the name";
	return "each resolver has a reason of its own: nothing follows for the name";
}

static const char *none_text(const struct lookups *all)
{
	if (all_mute(all))
		return all->one_server ? "no reply anywhere: the server is down, or its network "
					 "is, or it blocks all of these addresses"
				       : "no resolver of any of them replied, which says nothing "
					 "of the name";
	if (!all_spoke(all))
		return "it works nowhere, and not for one visible reason";
	if (!all->one_server)
		return none_own(all);
	return "the server replies so to everybody that asked: the fault is there, or at what it "
	       "asks in turn";
}

static const char *data_text(const struct lookups *all)
{
	return all->one_server ? "one address gives different data: views by the asker's address, "
				 "machines behind it that differ (anycast), or a change just now; "
				 "that can be meant so"
			       : "their resolvers have different data: answers by place, a split "
				 "view, or copies of different age; that can be meant so";
}

const char *dig_vantages_verdict(struct arena *a, const struct lookups *all)
{
	switch (all->verdict) {
	case LOOKUPS_SPLIT:
		return arena_printf(a, "works from %s, fails from %s: %s", names(a, all, true),
			names(a, all, false), all->one_server ? split_one(all) : split_own(all));
	case LOOKUPS_NONE:
		return arena_printf(a, "fails from %s: %s", names(a, all, false), none_text(all));
	case LOOKUPS_DATA:
		return arena_printf(a, "works from %s: %s", names(a, all, true), data_text(all));
	case LOOKUPS_ALIKE:
		return arena_printf(
			a, "works from %s, with the same data: no difference", names(a, all, true));
	default: return "one vantage point alone: there is nothing to compare";
	}
}

static const char *doubt_text(struct arena *a, const struct lookups *all)
{
	if (all->verdict == LOOKUPS_SPLIT && all->confidence > 0)
		return arena_printf(a,
			"confidence %.2f that the silence is no chance, if up to 30%% of packets "
			"are lost; one look-up a place: what comes and goes is not seen",
			all->confidence);
	if (all->verdict == LOOKUPS_ALONE)
		return "what other places get";
	return "one look-up a place: what comes and goes is not seen, and no confidence follows";
}

void dig_vantages(const struct lookups *all, struct buf *out)
{
	struct arena *a = out->arena;

	vec_each (const struct lookups_said, s, all->list)
		put_site(all, s, out);
	vec_each (const struct lookups_gap, g, all->gaps)
		put_wrapped(out, arena_printf(a, "SITE %s: not tested: %s", words_safe(a, g->site),
					 words_safe(a, g->why)));
	put_wrapped(out, arena_printf(a, "VERDICT: %s", dig_vantages_verdict(a, all)));
	put_wrapped(out, arena_printf(a, "NOT SHOWN: %s", doubt_text(a, all)));
	buf_char(out, '\n');
}

static void put_said(struct json *j, const struct lookups *all, const struct lookups_said *s)
{
	struct arena *a = j->out->arena;
	char text[TEXT_MNEMONIC];

	json_object(j, NULL);
	json_str(j, "name", name_of(a, s));
	json_str(j, "state", lookups_kind_slug((enum lookups_kind)s->kind));
	if (s->last) {
		json_str(j, "server", words_server(a, &s->last->ask.server));
		json_str(j, "outcome", outcome_slug((enum outcome)s->last->outcome));
	}
	if (s->last && s->last->msg) {
		json_str(j, "rcode", text_rcode(s->last->msg->rcode, text));
		json_uint(j, "answers", s->answers);
		json_double(j, "milliseconds", (double)observation_rtt(s->last) / 1e3);
	}
	if (s->silent)
		json_uint(j, "silent", s->silent);
	if (compared(all, s))
		json_bool(j, "same", s->same);
	json_end(j);
}

void dig_vantages_json(struct json *j, const struct lookups *all)
{
	struct arena *a = j->out->arena;

	json_array(j, "vantages");
	vec_each (const struct lookups_said, s, all->list)
		put_said(j, all, s);
	vec_each (const struct lookups_gap, g, all->gaps) {
		json_object(j, NULL);
		json_str(j, "name", words_safe(a, g->site));
		json_str(j, "state", lookups_kind_slug(LOOKUPS_UNTESTED));
		json_str(j, "why", words_safe(a, g->why));
		json_end(j);
	}
	json_end(j);
	json_object(j, "compared");
	json_str(j, "verdict", lookups_verdict_slug(all->verdict));
	json_str(j, "summary", dig_vantages_verdict(a, all));
	if (all->confidence > 0)
		json_double(j, "confidence", all->confidence);
	json_end(j);
}
