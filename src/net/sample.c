/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fate of asks in a row. */
#include "net/sample.h"

struct sample sample_begin(uint64_t now)
{
	return (struct sample){ .from = now };
}

void sample_sent(struct sample *m, uint32_t most, uint64_t now)
{
	if (m->asked == most)
		return;
	m->asked++;
	m->last = now;
}

bool sample_count(struct sample *m, const struct observation *o, uint64_t left)
{
	if (left < m->from || left > m->last)
		return false;
	*(observation_silent(o) ? &m->lost : &m->answered) += 1;
	return true;
}

bool sample_complete(const struct sample *m, uint32_t most)
{
	return m->asked == most && m->answered + m->lost >= most;
}
