/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a ticket: to whoever runs the servers, or to one's own colleagues. */
#include "render/letter.h"

#include <string.h>

#include "fault/requirement.h"
#include "render/prove.h"
#include "render/text_parts.h"

enum { LINES_MOST = 5, OTHERS_MOST = 5, ADVICE_MOST = 3, SERVERS_MOST = 16, SECOND = 1000000 };

struct writing {
	struct arena *a;
	const struct report *r;
	const struct report_finding *x; /* what it is about */
	struct letter *l;
};

static void say(struct writing *w, enum letter_kind kind, const char *text)
{
	vec_push(w->a, &w->l->lines, (struct letter_line){ kind, text });
}

static bool of_ours(const struct report_finding *x)
{
	return x->finding->where == WHERE_NEAR || x->finding->where == WHERE_RESOLVER;
}

/*
 * What the letter is about: the verdict's finding; to the other side the worst that is not of
 * this side. NULL: none.
 */
static const struct report_finding *choose(const struct report *r, enum letter_to to)
{
	const struct report_finding *worst = NULL;

	vec_each (const struct report_finding, x, r->findings) {
		if (x->finding->severity < SEV_NOTICE || (to == LETTER_THERE && of_ours(x)))
			continue;
		if (x->finding == r->verdict.main)
			return x;
		if (!worst)
			worst = x;
	}
	return worst;
}

static const struct observation *seen_anywhere(const struct writing *w, size_t i)
{
	const struct observation *o = facts_at(w->r->facts, w->x->finding->evidence.v[i]);

	return o && o->outcome != OUTCOME_NOT_SENT ? o : NULL;
}

/* From this vantage point. */
static const struct observation *seen(const struct writing *w, size_t i)
{
	return w->x->finding->evidence.v[i] < w->r->facts->n ? seen_anywhere(w, i) : NULL;
}

/* The clock of a run begins with its first packet. */
static const char *when(const struct writing *w, const struct facts *f, const struct observation *o)
{
	uint64_t first = 0;

	for (size_t i = 0; i < f->n && !first; i++)
		first = f->v[i]->sent;
	return text_time(
		w->a, f->started + (o->sent > first ? (int64_t)((o->sent - first) / SECOND) : 0));
}

static const char *outcome_text(const struct observation *o)
{
	return observation_answered(o)		 ? "a reply"
	       : o->outcome == OUTCOME_CONNECTED ? "a connection"
	       : observation_silent(o)		 ? "no reply"
	       : o->outcome == OUTCOME_REFUSED	 ? "connection refused"
	       : o->outcome == OUTCOME_RESET	 ? "connection reset"
	       : o->outcome == OUTCOME_MALFORMED ? "a reply that cannot be read"
	       : o->outcome == OUTCOME_ICMP	 ? "an ICMP error"
						 : outcome_slug(o->outcome);
}

/* Since when: what is known is the run's time only, and it says so. */
static void say_times(struct writing *w)
{
	const struct observation *first = NULL, *last = NULL;
	const char *from, *to;

	for (size_t i = 0; i < w->x->finding->evidence.n; i++) {
		const struct observation *o = seen(w, i);

		if (!o || !o->sent)
			continue;
		if (!first || o->sent < first->sent)
			first = o;
		if (!last || o->sent > last->sent)
			last = o;
	}
	if (!first) {
		say(w, LETTER_ITEM,
			arena_printf(w->a, "when: in a run that began at %s UTC",
				text_time(w->a, w->r->facts->started)));
		return;
	}
	from = when(w, w->r->facts, first);
	to = when(w, w->r->facts, last);
	say(w, LETTER_ITEM,
		arena_printf(w->a,
			"when: %s %s%s%s UTC; whether it was so before has not been tested",
			strcmp(from, to) == 0 ? "at" : "from", from,
			strcmp(from, to) == 0 ? "" : " to ", strcmp(from, to) == 0 ? "" : to));
}

static bool known(const struct addr *v, size_t n, const struct addr *one)
{
	for (size_t i = 0; i < n; i++) {
		if (addr_equal(&v[i], one))
			return true;
	}
	return false;
}

/* Addresses as this host has them: what translates them on the way is not seen from here. */
static void say_sources(struct writing *w)
{
	struct VEC(struct addr) from = { 0 };

	for (size_t i = 0; i < w->x->finding->evidence.n; i++) {
		const struct observation *o = seen(w, i);
		struct addr source = o ? addr_with_port(o->from, 0) : (struct addr){ 0 };

		if (source.family && from.n < SERVERS_MOST && !known(from.v, from.n, &source))
			vec_push(w->a, &from, source);
	}
	if (from.n)
		say(w, LETTER_ITEM,
			arena_printf(w->a,
				"from: %s, as the asking host has it; where addresses are "
				"translated on "
				"the way, you see another",
				words_servers(w->a, from.v, from.n)));
}

static bool same_kind(const struct observation *x, const struct observation *y)
{
	return addr_equal(&x->ask.server, &y->ask.server) && x->outcome == y->outcome &&
	       x->ask.source.port == y->ask.source.port && x->ask.transport == y->ask.transport &&
	       x->ask.question.type == y->ask.question.type;
}

/* What was sent and what came, a line a packet, no two of one kind. */
static void say_packets(struct writing *w)
{
	const struct observation *said[LINES_MOST];
	size_t n = 0;

	for (size_t i = 0; i < w->x->finding->evidence.n && n < LINES_MOST; i++) {
		const struct observation *o = seen_anywhere(w, i);
		const struct facts *home = facts_home(w->r->facts, w->x->finding->evidence.v[i]);
		char from[ADDR_TEXT];
		bool again = !o || !o->ask.question.name;

		for (size_t j = 0; j < n && !again; j++)
			again = same_kind(said[j], o);
		if (again)
			continue;
		if (!n)
			say(w, LETTER_HEAD, "Packets of the run (times in UTC):");
		said[n++] = o;
		say(w, LETTER_ITEM,
			arena_printf(w->a, "%s %s -> %s %s over %s%s%s: %s", when(w, home, o),
				o->from.family ? addr_text_port(&o->from, from) : "this host",
				words_server(w->a, &o->ask.server),
				words_question(w->a, &o->ask.question),
				o->ask.transport == TRANSPORT_TCP ? "TCP" : "UDP",
				o->ask.row ? ", shape " : "", o->ask.row ? o->ask.row : "",
				outcome_text(o)));
	}
}

static void say_tries(struct writing *w)
{
	size_t n = 0;

	vec_each (const struct report_try, t, w->x->reproduce) {
		if (n == LINES_MOST)
			return;
		if (!n++)
			say(w, LETTER_HEAD, "To see it again, from the address above:");
		say(w, LETTER_ITEM, t->expect);
		say(w, LETTER_COMMAND, t->command);
	}
}

static void say_texts(
	struct writing *w, const char *head, const struct VEC_texts *texts, size_t most)
{
	if (texts->n && most)
		say(w, LETTER_HEAD, head);
	for (size_t i = 0; i < texts->n && i < most; i++)
		say(w, LETTER_ITEM, texts->v[i]);
}

/* The first section that a sentence is known of; else only its number is given. */
static void say_rule(struct writing *w)
{
	const char *only = NULL;

	for (size_t i = 0; i < w->x->refs.n; i++) {
		const char *ref = w->x->refs.v[i], *sentence = fault_requirement(ref);

		if (sentence) {
			say(w, LETTER_PROSE,
				arena_printf(
					w->a, "In short, %s asks for this: %s.", ref, sentence));
			return;
		}
		if (!only && strncmp(ref, "RFC ", 4) == 0)
			only = ref;
	}
	if (only)
		say(w, LETTER_PROSE, arena_printf(w->a, "More on this is in %s.", only));
}

static void say_others(struct writing *w, enum letter_to to)
{
	size_t n = 0;

	vec_each (const struct report_finding, x, w->r->findings) {
		if (x == w->x || x->finding->severity < SEV_WARNING ||
			(to == LETTER_THERE && of_ours(x)))
			continue;
		if (n == OTHERS_MOST) {
			say(w, LETTER_ITEM, "and more, which we can send you");
			return;
		}
		if (!n++)
			say(w, LETTER_HEAD, "Also seen in this run:");
		say(w, LETTER_ITEM, arena_printf(w->a, "%s (%s)", x->summary, x->finding->id));
	}
}

static void say_untested(struct writing *w)
{
	size_t n = 0;

	vec_each (const struct report_untested, u, w->r->untested) {
		if (n == OTHERS_MOST) {
			say(w, LETTER_ITEM, "and more, which the full report lists");
			return;
		}
		if (!n++)
			say(w, LETTER_HEAD, "What was not tested:");
		say(w, LETTER_ITEM, arena_printf(w->a, "%s: %s", u->what, u->why));
	}
}

/* Where else it was asked from, and what came of it there. */
static void say_vantages(struct writing *w)
{
	vec_each (const struct report_vantage, v, w->r->vantages)
		if (!v->here)
			say(w, LETTER_ITEM,
				arena_printf(w->a, "asked besides from %s, %s UTC: %s", v->sources,
					text_time(w->a, v->started), v->summary));
}

static void say_what(struct writing *w)
{
	const struct finding *f = w->x->finding;

	say(w, LETTER_HEAD, "What was seen:");
	say(w, LETTER_ITEM, arena_printf(w->a, "what: %s", w->x->summary));
	if (f->subject)
		say(w, LETTER_ITEM, arena_printf(w->a, "about: %s", words_name(w->a, f->subject)));
	if (f->servers.n)
		say(w, LETTER_ITEM,
			arena_printf(w->a, "servers: %s",
				words_servers(w->a, f->servers.v, f->servers.n)));
	say_times(w);
	say_sources(w);
	say_vantages(w);
	say(w, LETTER_ITEM, arena_printf(w->a, "where: %s", w->x->where));
	say(w, LETTER_ITEM, arena_printf(w->a, "how sure: %s", w->x->sure));
}

static void say_proof(struct writing *w)
{
	say_packets(w);
	say_texts(w, "In numbers:", &w->x->seen, LINES_MOST);
	say_tries(w);
	say_texts(w, "What was ruled out:", &w->x->not_cause, LINES_MOST);
	say_untested(w);
}

static void say_check(struct writing *w)
{
	if (!w->x->reproduce.n)
		return;
	say(w, LETTER_PROSE,
		"How to verify after a change: run the commands above once more. Those that showed "
		"the fault must then get what a sound server sends: an answer, and the same from "
		"each server. Silence to one try may be loss, so please make several.");
}

static void to_them(struct writing *w)
{
	say(w, LETTER_PROSE, arena_printf(w->a, "Subject: %s", w->x->summary));
	say(w, LETTER_PROSE, "Hello,");
	say(w, LETTER_PROSE,
		"in a test of DNS we met something that you may want to look "
		"at. It can well have its cause in equipment in front of your servers, or between "
		"our networks.");
	say_what(w);
	say_proof(w);
	say_rule(w);
	say_texts(w, "What you could look at:", &w->x->advice_there, ADVICE_MOST);
	say_check(w);
	say_others(w, LETTER_THERE);
	say(w, LETTER_PROSE,
		"We are glad to test again when you tell us, and can send the packets of the run. "
		"Thank you for your time.");
}

static void to_ours(struct writing *w)
{
	say(w, LETTER_PROSE, arena_printf(w->a, "Subject: %s", w->x->summary));
	say_what(w);
	say_proof(w);
	say_texts(w, "What we can do:", &w->x->advice_here, ADVICE_MOST);
	say_texts(w, "What the other side can do:", &w->x->advice_there, ADVICE_MOST);
	say_rule(w);
	say_check(w);
	say_others(w, LETTER_OURS);
	say(w, LETTER_PROSE, arena_printf(w->a, "More: dnsfault explain %s", w->x->finding->id));
	if (!of_ours(w->x))
		say(w, LETTER_PROSE,
			"To write to the other side: dnsfault judge FILE --noc, with the facts of "
			"this run (--save FILE).");
}

/* There is nothing to ask anybody for: what the run came to, and what it did not test. */
static void to_nobody(struct writing *w, enum letter_to to)
{
	say(w, LETTER_PROSE, arena_printf(w->a, "Subject: %s", w->r->summary));
	say(w, LETTER_PROSE,
		to == LETTER_THERE && w->r->findings.n
			? "What was found lies on the asking side, so there is nothing to send: "
			  "--noc=own has it for your own colleagues."
			: "There is no finding to tell anybody of.");
	say_texts(w, "What was tried:", &w->r->tested, LINES_MOST);
	say_texts(w, "What would decide it:", &w->r->remedy, LINES_MOST);
	say_untested(w);
}

const struct letter *letter_make(struct arena *a, const struct report *r, enum letter_to to)
{
	struct writing w = { a, r, choose(r, to), arena_alloc(a, sizeof(struct letter)) };

	if (!w.x)
		to_nobody(&w, to);
	else if (to == LETTER_THERE)
		to_them(&w);
	else
		to_ours(&w);
	return w.l;
}
