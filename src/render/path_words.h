/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces in words, in JSON and as a table. */
#ifndef RENDER_PATH_WORDS_H
#define RENDER_PATH_WORDS_H

#include "base/json.h"
#include "render/page.h"
#include "render/words.h"

/* "hop 3 (203.0.113.1)", with its name when it has one; "this host" for hop 0. */
const char *path_hop_words(
	struct arena *a, const struct path_result *p, unsigned int ttl, bool blocked);

/* What the trace says of the break, of the direction, or why it says nothing; a line each. */
void path_say(struct arena *a, const struct path_result *p, struct VEC_texts *lines);

/* The trace that belongs to a finding of blocked ports; NULL: none. */
const struct path_result *path_of_finding(const struct inferences *in, const struct finding *x);

/* Adds to a finding what traces and ICMP errors showed. */
void path_prove(struct making *m, struct report_finding *x);

/* JSON "paths"; nothing when there are none. */
void path_json(struct json *j, const struct inferences *in);

/* The tables, both flows of a hop one below the other, with mtr's columns. */
void path_tables(const struct page *p, const struct report *r);

#endif
