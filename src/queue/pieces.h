/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pieces of one result, put together: pieces of one try only; those of another try begin anew.
 * Zeroed is ready.
 */
#ifndef QUEUE_PIECES_H
#define QUEUE_PIECES_H

#include "queue/form.h"

struct pieces {
	struct arena *arena; /* NULL: there are none */
	char run[FORM_ID + 1];
	int64_t of, have;
	struct span *v;
	size_t n; /* octets of all */
};

enum pieces_state { PIECES_TWICE, PIECES_SOME, PIECES_ALL };

/* Keeps a copy; a piece that is there already is none. */
enum pieces_state pieces_add(struct pieces *p, const struct form_piece *piece);

/* All of them in a row; valid until they go. */
struct span pieces_join(struct pieces *p);

void pieces_drop(struct pieces *p);

#endif
