/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results: pieces put together, held against the job, written. A result has exactly the names of
 * its job, a line each, or it is none: whatever an agent sends, no name gets lost or doubled.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "cli/scan_queue_inner.h"

enum { PIECES_MOST = 256 << 20 /* octets of incomplete results */ };

void qtake_drop(struct qlist *l, struct qjob *j)
{
	l->piece_octets -= j->pieces.n;
	pieces_drop(&j->pieces);
}

/* Room is for the job whose pieces come; others will be done again. */
static void make_room(struct qlist *l, const struct qjob *but, size_t n)
{
	for (struct qjob *j = l->first; j && l->piece_octets + n > PIECES_MOST; j = j->next)
		if (j != but)
			qtake_drop(l, j);
}

static enum pieces_state keep(struct qlist *l, struct qjob *j, const struct form_piece *p)
{
	enum pieces_state state;

	make_room(l, j, p->data.n);
	l->piece_octets -= j->pieces.n;
	state = pieces_add(&j->pieces, p);
	l->piece_octets += j->pieces.n;
	return state;
}

/* The next line of it, without its end; what has no end is cut off. */
static bool next_line(struct span *rest, struct span *ret)
{
	const uint8_t *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;

	if (!end)
		return false;
	*ret = (struct span){ rest->p, (size_t)(end - rest->p) };
	rest->p = end + 1;
	rest->n -= ret->n + 1;
	return true;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What an agent sends as a server is text; that it is one of the job's is seen by whoever compares.
 */
static const char *key_of(struct arena *a, const struct record *r)
{
	return r->subject ? arena_str(a, r->subject)
			  : qlist_key(a, &(struct names_item){ .question = *r->question });
}

/* NULL: every line is of a name or server of the job, and each of these has one. */
static const char *compare(struct qlist *l, const struct qjob *j, struct span rest)
{
	struct arena *scratch = l->conf.out->scratch;
	struct form_texts keys = { 0 };
	struct span text;

	while (next_line(&rest, &text)) {
		struct record_line line;

		arena_reset(scratch);
		if (keys.n == j->keys.n || record_line_read(scratch, text, &line) < 0)
			return "it has lines that are none, or too many";
		vec_push(j->pieces.arena, &keys, key_of(j->pieces.arena, &line.record));
	}
	if (rest.n || keys.n != j->keys.n)
		return "it is not whole";
	if (keys.n)
		qsort(keys.v, keys.n, sizeof(*keys.v), by_text);
	for (size_t i = 0; i < keys.n; i++)
		if (strcmp(keys.v[i], j->keys.v[i]) != 0)
			return "it has other names than its job";
	return NULL;
}

static void write_lines(struct qlist *l, struct span rest)
{
	struct scan_out *out = l->conf.out;
	struct span text;

	while (next_line(&rest, &text)) {
		struct record_line line;
		struct record *r = &line.record;

		arena_reset(out->scratch);
		if (record_line_read(out->scratch, text, &line) < 0)
			continue;
		if (l->conf.log && !r->subject)
			r->log = scan_log_of(l->conf.log, r->question, out->scratch, &r->nlog);
		scan_out_record_line(out, &line);
	}
}

struct qtaken qtake_piece(struct qlist *l, const struct form_piece *p)
{
	struct qjob *j = strcmp(p->scan, l->scan) == 0 ? qlist_find(l, p->job) : NULL;
	struct qtaken t = { QTAKE_STRANGE, j, NULL };
	enum pieces_state state;
	struct span whole;

	if (!j)
		return t;
	if (p->failed) {
		t.what = QTAKE_FAILED;
		t.why = p->failed;
		return t;
	}
	state = keep(l, j, p);
	t.what = state == PIECES_TWICE ? QTAKE_STRANGE : QTAKE_PART;
	if (state != PIECES_ALL)
		return t;
	whole = pieces_join(&j->pieces);
	t.why = compare(l, j, whole);
	t.what = t.why ? QTAKE_FAILED : QTAKE_DONE;
	if (t.what == QTAKE_DONE)
		write_lines(l, whole);
	return t;
}
