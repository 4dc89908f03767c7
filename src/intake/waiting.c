/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring of waiting sightings, and chains through it. */
#include "intake/waiting.h"

#define NOBODY UINT32_MAX

void waiting_init(struct waiting *ws)
{
	ws->ring = arena_alloc(ws->arena, ws->most * sizeof(*ws->ring));
	ws->buckets = arena_alloc(ws->arena, ws->most * sizeof(*ws->buckets));
	for (uint32_t i = 0; i < ws->most; i++)
		ws->buckets[i] = NOBODY;
}

/* FNV-1a. */
static uint32_t mix(uint32_t hash, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ p[i]) * 16777619U;
	return hash;
}

static uint32_t bucket_of(const struct waiting *ws, const struct addr *server, uint16_t id)
{
	struct span ip = addr_octets(server);
	uint8_t rest[] = { (uint8_t)(server->port >> 8), (uint8_t)server->port, (uint8_t)(id >> 8),
		(uint8_t)id };

	return mix(mix(2166136261U, ip.p, ip.n), rest, sizeof(rest)) % ws->most;
}

static struct wait *place(const struct waiting *ws, uint64_t number)
{
	return &ws->ring[number % ws->most];
}

struct sighting *waiting_sighting(const struct waiting *ws, const struct wait *w)
{
	return &ws->seen.v[w->sighting];
}

static void take_out(struct waiting *ws, const struct wait *w)
{
	if (w->before != NOBODY)
		ws->ring[w->before].after = w->after;
	else
		ws->buckets[w->bucket] = w->after;
	if (w->after != NOBODY)
		ws->ring[w->after].before = w->before;
}

static void put_in(struct waiting *ws, struct wait *w)
{
	const struct sighting *s = waiting_sighting(ws, w);
	uint32_t here = (uint32_t)(w - ws->ring);

	w->bucket = bucket_of(ws, &s->server, s->id);
	w->before = NOBODY;
	w->after = ws->buckets[w->bucket];
	if (w->after != NOBODY)
		ws->ring[w->after].before = here;
	ws->buckets[w->bucket] = here;
}

/* The oldest one goes; whatever came of it is what is known by now. */
static void give_up(struct waiting *ws, enum sighting_end end)
{
	struct wait *w = place(ws, ws->first++);
	struct sighting *s = waiting_sighting(ws, w);

	take_out(ws, w);
	if (s->end == SIGHT_UNKNOWN && !w->touched)
		s->end = (uint8_t)end;
}

struct wait *waiting_add(struct waiting *ws, const struct sighting *s)
{
	struct wait *w;

	if (ws->seen.n >= ws->seen_most) {
		ws->over++;
		return NULL;
	}
	if (ws->next - ws->first == ws->most) {
		ws->evicted += waiting_sighting(ws, place(ws, ws->first))->end == SIGHT_UNKNOWN;
		give_up(ws, SIGHT_UNKNOWN);
	}
	vec_push(ws->arena, &ws->seen, *s);
	w = place(ws, ws->next++);
	*w = (struct wait){ .sighting = (uint32_t)ws->seen.n - 1 };
	put_in(ws, w);
	return w;
}

void waiting_identify(struct waiting *ws, struct wait *w, uint16_t id)
{
	take_out(ws, w);
	waiting_sighting(ws, w)->id = id;
	put_in(ws, w);
}

struct wait *waiting_chain(const struct waiting *ws, const struct addr *server, uint16_t id)
{
	uint32_t first = ws->buckets[bucket_of(ws, server, id)];

	return first == NOBODY ? NULL : &ws->ring[first];
}

struct wait *waiting_after(const struct waiting *ws, const struct wait *w)
{
	return w->after == NOBODY ? NULL : &ws->ring[w->after];
}

struct wait *waiting_back(const struct waiting *ws, uint32_t i)
{
	return i < ws->next - ws->first ? place(ws, ws->next - 1 - i) : NULL;
}

static bool is_over(const struct sighting *s, uint64_t patience, uint64_t now)
{
	return now > s->at && now - s->at > patience;
}

bool waiting_over(const struct sighting *s, uint64_t now)
{
	return is_over(s, SIGHTING_PATIENCE, now);
}

static const struct sighting *oldest(const struct waiting *ws)
{
	return waiting_sighting(ws, place(ws, ws->first));
}

void waiting_advance(struct waiting *ws, uint64_t at)
{
	if (at > ws->now)
		ws->now = at;
	while (ws->first < ws->next && is_over(oldest(ws), SIGHTING_PATIENCE + ws->late, ws->now))
		give_up(ws, SIGHT_SILENT);
}

void waiting_end(struct waiting *ws)
{
	while (ws->first < ws->next)
		give_up(ws, waiting_over(oldest(ws), ws->now) ? SIGHT_SILENT : SIGHT_UNKNOWN);
}
