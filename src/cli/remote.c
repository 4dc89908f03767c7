/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other vantage points, asked over the queue. */
#include "cli/remote.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/vec.h"
#include "beacon/beacon.h"
#include "check/vantage.h"
#include "cli/file.h"
#include "cli/pump.h"
#include "facts/tape.h"
#include "net/loop.h"
#include "queue/pieces.h"
#include "queue/queue.h"

enum {
	SITES_MOST = VANTAGES_MOST - 1,
	HELLO = 1000000,     /* µs for who is there */
	ANSWER_WAIT = 100,   /* ms */
	PATIENCE = 60000000, /* µs behind our own end, and … */
	TIMES = 2,	     /* … so many times what it took here */
	ID = 8,		     /* octets */
};

#define HERE "here"

struct site {
	const char *name;
	bool there;
	struct pieces pieces;
	struct facts *facts; /* NULL: none yet */
	const char *why;     /* there are none */
};

struct remote {
	struct queue *q;
	const char *id;
	uint64_t began;
	struct site sites[SITES_MOST];
	size_t n;
	bool all; /* whoever is there */
};

static struct site *find(struct remote *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->sites[i].name, name) == 0)
			return &m->sites[i];
	return NULL;
}

static struct site *add(struct remote *m, const char *name)
{
	if (m->n == SITES_MOST)
		return NULL;
	m->sites[m->n] = (struct site){ .name = name };
	return &m->sites[m->n++];
}

/* "a,b" or "all" */
static int read_sites(struct run *r, struct remote *m)
{
	char *save = NULL, *copy = arena_str(r->arena, r->settings.vantage);

	m->all = strcmp(copy, "all") == 0;
	if (m->all)
		return 0;
	for (char *s = strtok_r(copy, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		if (!form_is_id(s) || strcmp(s, HERE) == 0)
			return run_complain(r, "--vantage: '%s' is no name of a site", s);
		if (!find(m, s) && !add(m, s))
			return run_complain(r, "--vantage: at most %d sites", SITES_MOST);
	}
	return m->n ? 0 : run_complain(r, "--vantage: give sites, as in a,b, or all");
}

static int check(struct run *r)
{
	const struct settings *s = &r->settings;

	if (!queue_built())
		return run_complain(r, "this dnsfault was built without libnats: it has no queue");
	if (!s->queue)
		return run_complain(r, "--vantage: which queue? Give --queue nats://HOST");
	return 0;
}

static int ask(struct run *r, struct remote *m, const char *site, const struct form_question *q)
{
	struct buf b = { .arena = r->arena };

	form_question_write(q, &b);
	if (queue_ask(m->q, site, buf_span(&b)) == 0)
		return 0;
	return run_complain(r, "--queue: %s", queue_why(m->q)), -ERR_SYSTEM;
}

/* A piece that belongs to the question: whose, else NULL. */
static struct site *take(struct run *r, struct remote *m, struct form_piece *ret)
{
	struct queue_item *item;
	const char *why;
	struct site *s = NULL;
	struct span copy;

	if (queue_answer(m->q, ANSWER_WAIT, &item) < 0)
		return NULL;
	copy = queue_data(item);
	copy.p = arena_dup(r->arena, copy.p, copy.n);
	queue_drop(item);
	if (form_piece_read(r->arena, copy, ret, &why) < 0 || strcmp(ret->scan, m->id) != 0)
		return NULL;
	s = find(m, ret->site);
	if (!s && m->all)
		s = add(m, ret->site);
	return s;
}

/* Who is there, of those that are wanted. */
static int greet(struct run *r, struct remote *m)
{
	struct form_question hello = { .id = m->id, .verb = FORM_WHO };
	uint64_t end = loop_now() + HELLO;
	size_t there = 0;
	struct form_piece p;

	if (ask(r, m, NULL, &hello) < 0)
		return -ERR_SYSTEM;
	while (loop_now() < end && (m->all || there < m->n)) {
		struct site *s = take(r, m, &p);

		if (s && !s->there) {
			s->there = true;
			there++;
		}
	}
	m->all = false;
	return 0;
}

/* Wishes go along; what agents allow holds. */
static struct form_question question(
	struct run *r, const struct form_question *about, const char *id)
{
	const struct settings *s = &r->settings, usual = settings_defaults();
	struct form_question q = *about;

	q.id = id;
	q.numbers.family = s->v4_only ? 4 : s->v6_only ? 6 : 0;
	q.numbers.rate = s->rate != usual.rate ? s->rate : 0;
	q.numbers.budget = s->budget;
	q.numbers.timeout = s->timeout != usual.timeout ? s->timeout : 0;
	if (s->ports) {
		struct buf b = { .arena = r->arena };

		portset_text(s->ports, &b);
		q.ports = buf_text(&b);
	}
	return q;
}

static int ask_sites(struct run *r, struct remote *m, const struct form_question *about)
{
	char id[2 * ID + 2];
	struct form_question q;

	/* Another id than that of the greeting: late greetings are no answers. */
	snprintf(id, sizeof(id), "%sq", m->id);
	m->id = arena_str(r->arena, id);
	q = question(r, about, m->id);
	for (size_t i = 0; i < m->n; i++) {
		struct site *s = &m->sites[i];

		if (!s->there)
			s->why = "no agent of this site is there";
		else if (ask(r, m, s->name, &q) < 0)
			return -ERR_SYSTEM;
	}
	return 0;
}

static int begin(struct run *r, struct remote *m, const struct form_question *about)
{
	const struct settings *s = &r->settings;
	struct queue_conf conf = { s->queue, s->queue_creds, s->queue_ca, "dnsfault diagnose", 1 };
	uint64_t id = rng_u64(&r->rng);
	const char *why;

	m->id = hex_text(r->arena, (struct span){ (const uint8_t *)&id, ID });
	if (queue_open(r->arena, &conf, &m->q, &why) < 0)
		return run_complain(r, "--queue: %s", why), -ERR_SYSTEM;
	if (greet(r, m) < 0)
		return -ERR_SYSTEM;
	if (!m->n)
		run_complain(r, "--vantage: no agent is there: this host alone is judged");
	m->began = loop_now();
	return ask_sites(r, m, about);
}

int remote_begin(struct run *r, const struct form_question *about)
{
	struct remote *m;
	int err;

	/* An empty --queue is how an agent says to its child: none, whatever a file sets. */
	if (!r->settings.vantage || (r->settings.queue && !*r->settings.queue))
		return 0;
	m = arena_alloc(r->arena, sizeof(*m));
	err = check(r);
	if (err == 0)
		err = read_sites(r, m);
	if (err == 0)
		err = begin(r, m, about);
	if (err < 0) {
		queue_close(m->q);
		return err;
	}
	r->facts->name = HERE;
	r->remote = m;
	return 0;
}

/* Tapes. */

static bool is_of(const struct facts *f, const struct facts *own)
{
	const struct question *x = &f->question, *y = &own->question;

	if (!y->name)
		return true;
	return x->name && name_equal(x->name, y->name) && x->type == y->type;
}

static void read_tape(struct run *r, struct site *s)
{
	struct tape_error error;
	struct facts *f;
	struct span text = pieces_join(&s->pieces);

	/* Facts borrow from it. */
	text.p = arena_dup(r->arena, text.p, text.n);
	pieces_drop(&s->pieces);
	if (tape_read(r->arena, text, &f, &error) < 0) {
		s->why = arena_printf(
			r->arena, "its tape cannot be read: line %zu: %s", error.line, error.text);
		return;
	}
	if (!is_of(f, r->facts)) {
		s->why = "its tape is of another question";
		return;
	}
	if (!f->command)
		f->command = r->verb;
	f->name = s->name;
	beacon_sightings(r->arena, f);
	s->facts = f;
	if (r->settings.save &&
		file_write(arena_printf(r->arena, "%s.%s", r->settings.save, s->name), text) < 0)
		run_complain(r, "--save: the tape of site %s cannot be written", s->name);
}

static bool is_open(const struct site *s)
{
	return !s->facts && !s->why;
}

static bool any_open(const struct remote *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (is_open(&m->sites[i]))
			return true;
	return false;
}

static void collect(struct run *r, struct remote *m)
{
	const volatile sig_atomic_t *stop = pump_stop();
	uint64_t now = loop_now(), end = now + PATIENCE + TIMES * (now - m->began);
	struct form_piece p;

	while (any_open(m) && loop_now() < end && !*stop) {
		struct site *s = take(r, m, &p);

		if (!s || !is_open(s))
			continue;
		if (p.failed)
			s->why = p.failed;
		else if (pieces_add(&s->pieces, &p) == PIECES_ALL)
			read_tape(r, s);
		else if (s->pieces.n > FORM_RESULT)
			s->why = "its tape is too large";
	}
}

void remote_end(struct run *r, struct conclude_tapes *ret)
{
	struct remote *m = r->remote;
	struct VEC(struct facts *) tapes = { 0 };
	struct VEC(struct conclude_gap) gaps = { 0 };

	collect(r, m);
	vec_push(r->arena, &tapes, r->facts);
	for (size_t i = 0; i < m->n; i++) {
		struct site *s = &m->sites[i];

		pieces_drop(&s->pieces);
		if (s->facts) {
			vec_push(r->arena, &tapes, s->facts);
			continue;
		}
		vec_push(r->arena, &gaps,
			(struct conclude_gap){ arena_printf(r->arena, "site %s", s->name),
				s->why ? s->why : "it did not answer in time" });
	}
	queue_close(m->q);
	*ret = (struct conclude_tapes){ tapes.v, tapes.n, gaps.v, gaps.n };
}
