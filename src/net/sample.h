/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of the first so many asks since some time, all of them: losses are known last. */
#ifndef NET_SAMPLE_H
#define NET_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "facts/facts.h"

struct sample {
	uint64_t from, last;
	uint32_t asked, answered, lost;
};

/* now: µs, as everywhere. */
struct sample sample_begin(uint64_t now);

/* An ask leaves; it belongs to the sample when that has fewer than most. */
void sample_sent(struct sample *m, uint32_t most, uint64_t now);

/* Takes an observation of an ask that left then; false when it is not of this sample. */
bool sample_count(struct sample *m, const struct observation *o, uint64_t left);

/* The fate of all its asks is known, and they are most. */
bool sample_complete(const struct sample *m, uint32_t most);

#endif
