/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wu and Manber's search with blocks of three octets. */
#include "intake/logmarks.h"

#include <assert.h>
#include <string.h>

enum { BLOCK = 3, HASH_BITS = 13, HASHES = 1 << HASH_BITS };

struct logmarks {
	size_t window;	       /* octets of the shortest mark: so many of each are looked at */
	uint8_t shift[HASHES]; /* by the block that ends the window: how far to go on */
	int16_t first[HASHES]; /* by the same, where shift is 0: the first of its marks, or -1 */
	int16_t *next;	       /* by mark: the next one of its hash, or -1 */
	const char *const *marks;
	size_t *sizes;
};

static unsigned int hash(const uint8_t *p)
{
	uint32_t block = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;

	return block * 0x9e3779b1U >> (32 - HASH_BITS);
}

static void add(struct logmarks *m, size_t mark)
{
	const uint8_t *p = (const uint8_t *)m->marks[mark];
	unsigned int last = hash(p + m->window - BLOCK);

	for (size_t i = 0; i + BLOCK <= m->window; i++) {
		uint8_t *shift = &m->shift[hash(p + i)];
		size_t far = m->window - BLOCK - i;

		if (far < *shift)
			*shift = (uint8_t)far;
	}
	m->next[mark] = m->first[last];
	m->first[last] = (int16_t)mark;
}

const struct logmarks *logmarks_new(struct arena *a, const char *const *marks, size_t n)
{
	struct logmarks *m = arena_alloc(a, sizeof(*m));

	assert(n && n <= LOGMARKS_MOST);
	m->marks = marks;
	m->sizes = arena_alloc(a, n * sizeof(*m->sizes));
	m->next = arena_alloc(a, n * sizeof(*m->next));
	m->window = UINT8_MAX;
	for (size_t i = 0; i < n; i++) {
		m->sizes[i] = strlen(marks[i]);
		assert(m->sizes[i] >= LOGMARKS_LEAST);
		if (m->sizes[i] < m->window)
			m->window = m->sizes[i];
	}
	memset(m->shift, (int)(m->window - BLOCK + 1), sizeof(m->shift));
	memset(m->first, 0xff, sizeof(m->first));
	for (size_t i = n; i--;)
		add(m, i);
	return m;
}

/* The next mark of a chain, all of whose windows end alike; behind the last one goes a step on. */
static int in_chain(const struct logmarks *m, struct span text, struct logmarks_at *at)
{
	size_t begin = at->next - m->window;
	int found = -1;

	while (at->chain >= 0 && found < 0) {
		size_t size = m->sizes[at->chain];

		if (size <= text.n - begin &&
			memcmp(text.p + begin, m->marks[at->chain], size) == 0)
			found = at->chain;
		at->chain = m->next[at->chain];
	}
	at->next += at->chain < 0;
	at->found = begin;
	return found;
}

int logmarks_next(const struct logmarks *m, struct span text, struct logmarks_at *at)
{
	if (at->next < m->window) { /* the first call */
		at->next = m->window;
		at->chain = -1;
	}
	for (;;) {
		int mark = at->chain < 0 ? -1 : in_chain(m, text, at);
		size_t next = at->next, far;

		if (mark >= 0)
			return mark;
		for (far = 1; next <= text.n && far; next += far)
			far = m->shift[hash(text.p + next - BLOCK)];
		at->next = next;
		if (far)
			return -1;
		at->chain = m->first[hash(text.p + next - BLOCK)];
	}
}
