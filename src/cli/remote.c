/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other vantage points, asked over the queue. */
#include "cli/remote.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/vec.h"
#include "beacon/beacon.h"
#include "check/vantage.h"
#include "cli/file.h"
#include "cli/pump.h"
#include "cli/run.h"
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
	struct remote_host host;
	struct queue *q;
	const char *id;
	uint64_t began;
	struct site sites[SITES_MOST];
	size_t n;
	bool all; /* whoever is there */
};

/* One line on stderr. Returns -ERR_USAGE. */
__attribute__((format(printf, 2, 3))) static int complain(
	const struct remote *m, const char *form, ...)
{
	va_list args;
	int err;

	va_start(args, form);
	err = run_complain_as(m->host.verb, form, args);
	va_end(args);
	return err;
}

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
static int read_sites(struct remote *m)
{
	char *save = NULL, *copy = arena_str(m->host.arena, m->host.vantage);

	m->all = strcmp(copy, "all") == 0;
	if (m->all)
		return 0;
	for (char *s = strtok_r(copy, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		if (!form_is_id(s) || strcmp(s, HERE) == 0)
			return complain(m, "--vantage: '%s' is no name of a site", s);
		if (!find(m, s) && !add(m, s))
			return complain(m, "--vantage: at most %d sites", SITES_MOST);
	}
	return m->n ? 0 : complain(m, "--vantage: give sites, as in a,b, or all");
}

static int check(const struct remote *m)
{
	if (!queue_built())
		return complain(m, "this dnsfault was built without libnats: it has no queue");
	if (!m->host.queue)
		return complain(m, "--vantage: which queue? Give --queue nats://HOST");
	return 0;
}

static int ask(struct remote *m, const char *site, const struct form_question *q)
{
	struct buf b = { .arena = m->host.arena };

	form_question_write(q, &b);
	if (queue_ask(m->q, site, buf_span(&b)) == 0)
		return 0;
	return complain(m, "--queue: %s", queue_why(m->q)), -ERR_SYSTEM;
}

/* A piece that belongs to the question: whose, else NULL. */
static struct site *take(struct remote *m, struct form_piece *ret)
{
	struct queue_item *item;
	const char *why;
	struct site *s = NULL;
	struct span copy;

	if (queue_answer(m->q, ANSWER_WAIT, &item) < 0)
		return NULL;
	copy = queue_data(item);
	copy.p = arena_dup(m->host.arena, copy.p, copy.n);
	queue_drop(item);
	if (form_piece_read(m->host.arena, copy, ret, &why) < 0 || strcmp(ret->scan, m->id) != 0)
		return NULL;
	s = find(m, ret->site);
	if (!s && m->all)
		s = add(m, ret->site);
	return s;
}

/* Who is there, of those that are wanted. */
static int greet(struct remote *m)
{
	struct form_question hello = { .id = m->id, .verb = FORM_WHO };
	uint64_t end = loop_now() + HELLO;
	size_t there = 0;
	struct form_piece p;

	if (ask(m, NULL, &hello) < 0)
		return -ERR_SYSTEM;
	while (loop_now() < end && (m->all || there < m->n)) {
		struct site *s = take(m, &p);

		if (s && !s->there) {
			s->there = true;
			there++;
		}
	}
	m->all = false;
	return 0;
}

static int ask_sites(struct remote *m, const struct form_question *about)
{
	struct form_question q = *about;
	char id[2 * ID + 2];

	/* Another id than that of the greeting: late greetings are no answers. */
	snprintf(id, sizeof(id), "%sq", m->id);
	m->id = arena_str(m->host.arena, id);
	q.id = m->id;
	for (size_t i = 0; i < m->n; i++) {
		struct site *s = &m->sites[i];

		if (!s->there)
			s->why = "no agent of this site is there";
		else if (ask(m, s->name, &q) < 0)
			return -ERR_SYSTEM;
	}
	return 0;
}

static int begin(struct remote *m, const struct form_question *about)
{
	const struct remote_host *h = &m->host;
	struct queue_conf conf = { h->queue, h->creds, h->ca,
		arena_printf(h->arena, "dnsfault %s", h->verb), 1 };
	uint64_t id = rng_u64(h->rng);
	const char *why;

	m->id = hex_text(h->arena, (struct span){ (const uint8_t *)&id, ID });
	if (queue_open(h->arena, &conf, &m->q, &why) < 0)
		return complain(m, "--queue: %s", why), -ERR_SYSTEM;
	if (greet(m) < 0)
		return -ERR_SYSTEM;
	if (!m->n)
		complain(m, "--vantage: no agent is there: this host alone is judged");
	m->began = loop_now();
	return ask_sites(m, about);
}

int remote_begin(
	const struct remote_host *h, const struct form_question *about, struct remote **ret)
{
	struct remote *m;
	int err;

	*ret = NULL;
	/* An empty --queue is how an agent says to its child: none, whatever a file sets. */
	if (!h->vantage || (h->queue && !*h->queue))
		return 0;
	m = arena_alloc(h->arena, sizeof(*m));
	m->host = *h;
	err = check(m);
	if (err == 0)
		err = read_sites(m);
	if (err == 0)
		err = begin(m, about);
	if (err < 0) {
		queue_close(m->q);
		return err;
	}
	h->facts->name = HERE;
	*ret = m;
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

static void read_tape(struct remote *m, struct site *s)
{
	struct tape_error error;
	struct facts *f;
	struct span text = pieces_join(&s->pieces);

	/* Facts borrow from it. */
	text.p = arena_dup(m->host.arena, text.p, text.n);
	pieces_drop(&s->pieces);
	if (tape_read(m->host.arena, text, &f, &error) < 0) {
		s->why = arena_printf(m->host.arena, "its tape cannot be read: line %zu: %s",
			error.line, error.text);
		return;
	}
	if (!is_of(f, m->host.facts)) {
		s->why = "its tape is of another question";
		return;
	}
	if (!f->command)
		f->command = m->host.verb;
	f->name = s->name;
	beacon_sightings(m->host.arena, f);
	s->facts = f;
	if (m->host.save &&
		file_write(arena_printf(m->host.arena, "%s.%s", m->host.save, s->name), text) < 0)
		complain(m, "--save: the tape of site %s cannot be written", s->name);
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

static void collect(struct remote *m)
{
	const volatile sig_atomic_t *stop = pump_stop();
	uint64_t now = loop_now(), end = now + PATIENCE + TIMES * (now - m->began);
	struct form_piece p;

	while (any_open(m) && loop_now() < end && !*stop) {
		struct site *s = take(m, &p);

		if (!s || !is_open(s))
			continue;
		if (p.failed)
			s->why = p.failed;
		else if (pieces_add(&s->pieces, &p) == PIECES_ALL)
			read_tape(m, s);
		else if (s->pieces.n > FORM_RESULT)
			s->why = "its tape is too large";
	}
}

static struct conclude_gap gap_of(const struct remote *m, const struct site *s)
{
	return (struct conclude_gap){ arena_printf(m->host.arena, "site %s", s->name),
		s->why ? s->why : "it did not answer in time", s->name };
}

void remote_end(struct remote *m, struct conclude_tapes *ret)
{
	struct VEC(struct facts *) tapes = { 0 };
	struct VEC(struct conclude_gap) gaps = { 0 };

	collect(m);
	vec_push(m->host.arena, &tapes, m->host.facts);
	for (size_t i = 0; i < m->n; i++) {
		struct site *s = &m->sites[i];

		pieces_drop(&s->pieces);
		if (s->facts)
			vec_push(m->host.arena, &tapes, s->facts);
		else
			vec_push(m->host.arena, &gaps, gap_of(m, s));
	}
	queue_close(m->q);
	*ret = (struct conclude_tapes){ tapes.v, tapes.n, gaps.v, gaps.n };
}
