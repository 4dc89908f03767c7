/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP streams, in order. */
#include "intake/segments.h"

#include <string.h>

enum { STREAMS_MOST = 128, LENGTH = 2, ROOM = LENGTH + UINT16_MAX };

/* One direction of a connection. */
struct stream {
	struct addr from, to;
	uint32_t next; /* number of the octet that is expected */
	bool used, lost;
	size_t n;	/* octets of a message that wait for the others, its length first */
	uint8_t *bytes; /* ROOM; NULL: none waited yet */
	uint64_t touched;
};

struct segments {
	struct arena *arena;
	struct segments_to to;
	uint64_t clock;
	struct stream streams[STREAMS_MOST];
};

struct segments *segments_new(struct arena *a, const struct segments_to *to)
{
	struct segments *s = arena_alloc(a, sizeof(*s));

	*s = (struct segments){ .arena = a, .to = *to };
	return s;
}

static struct stream *find(struct segments *s, const struct packet *p)
{
	for (size_t i = 0; i < STREAMS_MOST; i++)
		if (s->streams[i].used && addr_equal(&s->streams[i].from, &p->from) &&
			addr_equal(&s->streams[i].to, &p->to))
			return &s->streams[i];
	return NULL;
}

static void lose(struct segments *s, struct stream *x)
{
	if (!x->lost)
		s->to.lost(s->to.user, &(struct packet){ .from = x->from, .to = x->to });
	x->lost = true;
}

/* A free place, or that of the one that was idle longest. */
static struct stream *place(struct segments *s)
{
	struct stream *oldest = &s->streams[0];

	for (size_t i = 0; i < STREAMS_MOST; i++) {
		if (!s->streams[i].used)
			return &s->streams[i];
		if (s->streams[i].touched < oldest->touched)
			oldest = &s->streams[i];
	}
	lose(s, oldest);
	return oldest;
}

static void begin(struct segments *s, struct stream *x, const struct packet *p)
{
	uint8_t *bytes = x->bytes ? x->bytes : arena_alloc(s->arena, ROOM);

	*x = (struct stream){ .from = p->from,
		.to = p->to,
		.used = true,
		.bytes = bytes,
		.next = p->seq + (p->flags & PACKET_SYN ? 1 : 0) };
}

/* How long the message that waits has to become; its length first. */
static size_t wanted(const struct stream *x)
{
	return x->n < LENGTH ? LENGTH : LENGTH + (size_t)(x->bytes[0] << 8 | x->bytes[1]);
}

static void append(struct segments *s, struct stream *x, const struct packet *p, struct span data)
{
	while (data.n) {
		size_t missing = wanted(x) - x->n, n = data.n < missing ? data.n : missing;
		struct packet whole = *p;

		memcpy(x->bytes + x->n, data.p, n);
		x->n += n;
		data.p += n;
		data.n -= n;
		if (x->n < LENGTH || x->n < wanted(x))
			continue;
		whole.payload = (struct span){ x->bytes + LENGTH, x->n - LENGTH };
		whole.cut = false;
		x->n = 0;
		if (whole.payload.n)
			s->to.message(s->to.user, &whole);
	}
}

/* What of the segment was not there before; a gap ends the stream. */
static void take_data(struct segments *s, struct stream *x, const struct packet *p)
{
	struct span data = p->payload;
	int32_t ahead = (int32_t)(p->seq + (p->flags & PACKET_SYN ? 1 : 0) - x->next);

	if (ahead > 0) {
		lose(s, x);
		return;
	}
	if (data.n <= (size_t) - (int64_t)ahead)
		return; /* sent again, all of it */
	data.p += -(int64_t)ahead;
	data.n -= (size_t) - (int64_t)ahead;
	x->next += (uint32_t)data.n;
	append(s, x, p, data);
	if (p->cut)
		lose(s, x);
}

void segments_take(struct segments *s, const struct packet *p)
{
	struct stream *x = find(s, p);

	if (p->flags & PACKET_RST) {
		if (x)
			x->used = false;
		return;
	}
	if (!x && !p->payload.n && !(p->flags & PACKET_SYN))
		return;
	/* The number of a SYN that is sent again is the same: nothing is lost by that. */
	if (!x || ((p->flags & PACKET_SYN) && p->seq + 1 != x->next)) {
		x = x ? x : place(s);
		begin(s, x, p);
	}
	x->touched = ++s->clock;
	if (p->payload.n && !x->lost)
		take_data(s, x, p);
	if (p->flags & PACKET_FIN)
		x->used = false;
}
