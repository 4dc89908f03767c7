/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps of source ports in words, for every renderer. */
#ifndef RENDER_SWEEP_WORDS_H
#define RENDER_SWEEP_WORDS_H

#include "render/words.h"

/* "1-52,54-1023", "none found", "all: no port is answered". */
const char *sweep_blocked(struct arena *a, const struct sweep_result *s);

/* Columns of the table: per cent with a tenth; "-" where there is nothing to say. */
const char *sweep_loss(struct arena *a, const struct sweep_result *s);
const char *sweep_unseen(struct arena *a, const struct sweep_result *s);

/* What the columns mean, and silences that are no filter's, so that nobody wonders. */
void sweep_notes(struct arena *a, const struct report *r, struct VEC_texts *lines);

/* Both have the same picture of ports. */
bool sweep_same(const struct sweep_result *a, const struct sweep_result *b);

#endif
