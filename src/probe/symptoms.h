/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which query shapes a diagnosis asks of the last zone's servers: some always, the rest when what
 * is known by then asks for it. A table of symptoms decides; `diagnose --plan` prints it.
 */
#ifndef PROBE_SYMPTOMS_H
#define PROBE_SYMPTOMS_H

#include "base/arena.h"
#include "facts/facts.h"

struct symptom {
	const char *when; /* a part of a sentence: "the resolver fails, or says nothing" */
	bool (*holds)(const struct facts *f, const struct question *q);
	const char *const
		*rows; /* of the table of shapes, ended by NULL; NULL: all but on demand */
};
extern const struct symptom symptom_table[];
extern const size_t symptom_count;

/*
 * The rows for that question, given what is known; each once. NULL and *ret_n 0: all. In the arena.
 */
const char *const *symptoms_rows(
	struct arena *a, const struct facts *f, const struct question *q, size_t *ret_n);

/* Whom those rows are to be asked, and about what. */
struct symptoms_at {
	struct question question;
	const struct name *zone;
	struct addr server;
};

/*
 * A hash of what the outcome depends on beside server and rows: of the type alone when the server
 * has given a small answer with authority and nothing is odd but the resolver, so that names share
 * it; else of the name, too. Zones with keys are apart from those without.
 */
uint64_t symptoms_lend(const struct facts *f, const struct symptoms_at *at);

#endif
