/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing arrays in an arena. */
#include "base/vec.h"

#include <stdint.h>
#include <string.h>

#include "base/err.h"

void *vec_room(struct arena *a, void *v, size_t *cap, struct vec_need need)
{
	size_t want;
	void *grown;

	if (need.n < *cap)
		return v;
	want = *cap ? *cap * 2 : 8;
	if (want > SIZE_MAX / need.size)
		err_no_memory();
	grown = arena_alloc(a, want * need.size);
	if (need.n)
		memcpy(grown, v, need.n * need.size);
	*cap = want;
	return grown;
}
