/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks under way, by when they left. */
#include "net/burden.h"

static uint16_t *slot_of(struct burden *b, uint64_t slot)
{
	return &b->slots[slot % BURDEN_SLOTS];
}

/* The first slot that counts has an ask, or none has. */
static void strike(struct burden *b, uint64_t before)
{
	while (b->n && (b->from < before || !*slot_of(b, b->from))) {
		b->n -= *slot_of(b, b->from);
		*slot_of(b, b->from) = 0;
		b->from++;
	}
	if (b->from < before)
		b->from = before;
}

void burden_forget(struct burden *b, uint64_t before)
{
	strike(b, before / BURDEN_SLOT);
}

void burden_sent(struct burden *b, uint64_t now)
{
	uint64_t slot = now / BURDEN_SLOT;

	/* The ring comes round. */
	strike(b, slot < BURDEN_SLOTS ? 0 : slot - BURDEN_SLOTS + 1);
	/* So many within a few milliseconds are beyond any window. */
	if (slot < b->from || *slot_of(b, slot) == UINT16_MAX)
		return;
	if (!b->n)
		b->from = slot;
	++*slot_of(b, slot);
	b->n++;
}

void burden_seen(struct burden *b, uint64_t left)
{
	uint64_t slot = left / BURDEN_SLOT;

	if (slot < b->from || slot >= b->from + BURDEN_SLOTS || !*slot_of(b, slot))
		return;
	--*slot_of(b, slot);
	b->n--;
	strike(b, b->from);
}

uint64_t burden_oldest(const struct burden *b)
{
	return (b->from + 1) * BURDEN_SLOT;
}
