/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strip of ports: which of them are blocked, as one line of cells. */
#include "render/page.h"

enum {
	PORTS = 65536,
	CELLS_MOST = 64,
	CELLS_LEAST = 16,
	ROOM = 16,
	ZOOM_LEAST = 64,
	ZOOM_MOST = 16384
};

enum cell { CELL_OPEN, CELL_BLOCKED, CELL_MIXED, CELL_UNTESTED, CELL_UNASKED, CELLS };

static const struct {
	const char *utf8, *ascii;
	enum page_colour colour;
} cells[CELLS] = {
	[CELL_OPEN] = { "·", ".", PAGE_PLAIN },
	[CELL_BLOCKED] = { "█", "#", PAGE_RED },
	[CELL_MIXED] = { "▒", "x", PAGE_RED },
	[CELL_UNTESTED] = { "?", "?", PAGE_YELLOW },
	[CELL_UNASKED] = { "-", "-", PAGE_PLAIN },
};

static uint32_t count(const struct portset *s, uint32_t from, uint32_t n)
{
	uint32_t count = 0;

	for (int32_t p = portset_next(s, from); p >= 0 && (uint32_t)p < from + n;
		p = portset_next(s, (uint32_t)p + 1))
		count++;
	return count;
}

/* Port 0 is never sent from: it takes the colour of its neighbours. */
static enum cell judge(const struct sweep_result *s, uint32_t from, uint32_t n)
{
	const struct ports_result *r = &s->ports;
	uint32_t usable = s->scope ? count(s->scope, from, n) : from ? n : n - 1;
	uint32_t blocked = count(&r->blocked, from, n), untested = count(&r->untested, from, n);

	if (!usable)
		return CELL_UNASKED;
	if (r->pattern == PATTERN_ALL)
		return CELL_BLOCKED;
	if (r->pattern == PATTERN_UNKNOWN || untested >= usable)
		return CELL_UNTESTED;
	if (r->pattern == PATTERN_HASH || count(&r->policed, from, n))
		return CELL_MIXED;
	if (!blocked)
		return CELL_OPEN;
	return blocked >= usable ? CELL_BLOCKED : CELL_MIXED;
}

/* ncells cells of ports first .. first + total - 1, and what they span. */
struct span_of_ports {
	uint32_t first, total, ncells;
};

static void put_line(const struct page *p, const struct sweep_result *sweep, struct span_of_ports s)
{
	uint32_t each = s.total / s.ncells;

	buf_str(p->out, "  ");
	for (uint32_t i = 0; i < s.ncells; i++) {
		enum cell c = judge(sweep, s.first + i * each, each);

		page_colour(p, cells[c].colour, p->style.ascii ? cells[c].ascii : cells[c].utf8);
	}
	buf_printf(p->out, "  %u-%u\n", s.first, s.first + s.total - 1);
}

/* The smallest aligned power of two that holds all blocked ports; 0 when it would show no more. */
static struct span_of_ports zoom(const struct ports_result *r)
{
	int32_t lo = portset_next(&r->blocked, 0);
	struct portrange last;
	uint32_t hi = 0;

	if (lo < 0)
		return (struct span_of_ports){ 0, 0, 0 };
	for (uint32_t from = 0; portset_next_range(&r->blocked, from, &last);
		from = (uint32_t)last.hi + 1)
		hi = last.hi;
	for (uint32_t size = ZOOM_LEAST; size <= ZOOM_MOST; size *= 2) {
		if ((uint32_t)lo / size == hi / size)
			return (struct span_of_ports){ hi / size * size, size, 0 };
	}
	return (struct span_of_ports){ 0, 0, 0 };
}

void report_strip(const struct sweep_result *s, const struct text_style *style, struct buf *out)
{
	struct page p = page_begin(style, out);
	struct span_of_ports near = zoom(&s->ports);
	uint32_t ncells = CELLS_MOST;

	while (ncells > CELLS_LEAST && ncells + ROOM > p.style.width)
		ncells /= 2;
	put_line(&p, s, (struct span_of_ports){ 0, PORTS, ncells });
	near.ncells = ncells;
	if (near.total)
		put_line(&p, s, near);
}
