/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of one result. */
#include "queue/pieces.h"

#include <string.h>

static void begin(struct pieces *p, const struct form_piece *first)
{
	pieces_drop(p);
	p->arena = arena_new();
	p->of = first->of;
	p->v = arena_alloc(p->arena, (size_t)p->of * sizeof(*p->v));
	memcpy(p->run, first->run, strlen(first->run) + 1);
}

enum pieces_state pieces_add(struct pieces *p, const struct form_piece *piece)
{
	struct span *to;

	if (!p->arena || strcmp(p->run, piece->run) != 0 || p->of != piece->of)
		begin(p, piece);
	to = &p->v[piece->piece - 1];
	if (to->p)
		return PIECES_TWICE;
	/* An empty one is there, too. */
	to->p = arena_alloc(p->arena, piece->data.n + 1);
	if (piece->data.n)
		memcpy((uint8_t *)to->p, piece->data.p, piece->data.n);
	to->n = piece->data.n;
	p->n += to->n;
	p->have++;
	return p->have == p->of ? PIECES_ALL : PIECES_SOME;
}

struct span pieces_join(struct pieces *p)
{
	struct buf b = { .arena = p->arena };

	for (int64_t i = 0; i < p->of; i++)
		buf_put(&b, p->v[i].p, p->v[i].n);
	return buf_span(&b);
}

void pieces_drop(struct pieces *p)
{
	arena_free(p->arena);
	*p = (struct pieces){ 0 };
}
