/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replies that say that there is a limit. */
#include "net/limited.h"

#include "base/table.h"
#include "dns/rr.h"

/* Has this question had a reply that is no sign of a limit? Room for one more when it is new. */
static bool *plain_of(struct limited *l, const struct question *q)
{
	uint64_t hash = table_mix(q->type, q->class);

	for (unsigned int i = 0; q->name && i < q->name->len; i++)
		hash = table_mix(hash, q->name->wire[i]);
	for (uint32_t i = 0; i < l->n && i < LIMITED_QUESTIONS; i++)
		if (l->questions[i].hash == hash)
			return &l->questions[i].plain;
	l->questions[l->n % LIMITED_QUESTIONS].hash = hash;
	l->questions[l->n % LIMITED_QUESTIONS].plain = false;
	return &l->questions[l->n++ % LIMITED_QUESTIONS].plain;
}

bool limited_looks(const struct observation *o)
{
	if (!o->msg)
		return false;
	return o->msg->flags & FLAG_TC || o->msg->rcode == RCODE_REFUSED ||
	       observation_badcookie(o);
}

bool limited_is_sign(struct limited *l, const struct observation *o)
{
	bool limited = limited_looks(o), *plain = plain_of(l, &o->ask.question);

	*plain |= !limited;
	return limited && *plain;
}
