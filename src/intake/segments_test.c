/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages out of segments: in order, cut anywhere, sent again, with gaps, of too many streams. */
#include "intake/segments.h"

#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "intake/test_packet.h"
#include "tap.h"

enum { MANY = 200, PIECES = 12 };

static const uint32_t START = UINT32_MAX - 15;

/* What came out. */
struct out {
	struct arena *arena;
	struct buf text; /* messages, a bar behind each */
	unsigned int lost;
};

static void on_message(void *user, const struct packet *p)
{
	struct out *o = user;

	buf_put(&o->text, p->payload.p, p->payload.n);
	buf_char(&o->text, '|');
}

static void on_lost(void *user, const struct packet *p)
{
	struct out *o = user;

	o->lost += p->to.port == 53;
}

static struct segments *fresh(struct arena *a, struct out *o)
{
	*o = (struct out){ .arena = a, .text = { .arena = a } };
	return segments_new(a, &(struct segments_to){ on_message, on_lost, o });
}

static struct packet packet_of(uint32_t seq, uint8_t flags, struct span data)
{
	return (struct packet){ .from = test_addr("192.0.2.1#600"),
		.to = test_addr("192.0.2.2#53"),
		.payload = data,
		.flags = flags,
		.seq = seq };
}

static void feed(struct segments *s, uint32_t seq, uint8_t flags, struct span data)
{
	struct packet p = packet_of(seq, flags, data);

	segments_take(s, &p);
}

/* "one", "", "three" with their lengths. */
static const uint8_t octets[] = "\0\3one\0\0\0\5three";
static const struct span stream = { octets, sizeof(octets) - 1 };

static struct span piece(size_t from, size_t to)
{
	return (struct span){ stream.p + from, to - from };
}

static void test_cuts(struct arena *a)
{
	unsigned int good = 0, n = 0;
	struct out o;

	/* Numbers wrap in the middle of it (RFC 9293 3.4). */
	for (size_t i = 0; i <= stream.n; i++)
		for (size_t k = i; k <= stream.n; k++, n++) {
			struct segments *s = fresh(a, &o);

			feed(s, START - 1, PACKET_SYN, (struct span){ 0 });
			feed(s, START, PACKET_ACK, piece(0, i));
			feed(s, START + (uint32_t)i, PACKET_ACK, piece(i, k));
			feed(s, START + (uint32_t)k, PACKET_ACK | PACKET_FIN, piece(k, stream.n));
			good += strcmp(buf_text(&o.text), "one|three|") == 0 && !o.lost;
		}
	is_int(good, n, "cut twice, anywhere");
}

/* Pieces that overlap what came before, with some of them sent again. */
static void test_again(struct arena *a)
{
	struct rng rng = rng_seed(3);
	unsigned int good = 0;
	struct out o;

	for (unsigned int i = 0; i < 500; i++) {
		struct segments *s = fresh(a, &o);
		size_t at = 0;

		feed(s, START - 1, PACKET_SYN, (struct span){ 0 });
		while (at < stream.n) {
			size_t from = rng_below(&rng, (uint32_t)at + 1);
			size_t to = from + 1 + rng_below(&rng, (uint32_t)(stream.n - from));

			feed(s, START + (uint32_t)from, PACKET_ACK, piece(from, to));
			at = to > at ? to : at;
		}
		good += strcmp(buf_text(&o.text), "one|three|") == 0 && !o.lost;
	}
	is_int(good, 500, "overlapping, and sent again");
}

static void test_gaps(struct arena *a)
{
	struct out o;
	struct segments *s = fresh(a, &o);
	struct packet cut;

	feed(s, START, PACKET_ACK, piece(0, 5));
	feed(s, START + 7, PACKET_ACK, piece(7, stream.n));
	feed(s, START + 5, PACKET_ACK, piece(5, stream.n));
	is_str(buf_text(&o.text), "one|", "no beginning is none; a gap is the end");
	is_int(o.lost, 1, "which is told");
	feed(s, 77, PACKET_SYN, (struct span){ 0 });
	feed(s, 78, PACKET_ACK, stream);
	is_str(buf_text(&o.text), "one|one|three|", "a new connection of these ends");
	s = fresh(a, &o);
	feed(s, 5, PACKET_ACK, piece(0, 3));
	feed(s, 8, PACKET_RST, (struct span){ 0 });
	feed(s, 9, PACKET_ACK, stream);
	is_str(buf_text(&o.text), "one|three|", "after a reset");
	s = fresh(a, &o);
	cut = packet_of(5, PACKET_ACK, piece(0, 7));
	cut.cut = true;
	segments_take(s, &cut);
	ok(strcmp(buf_text(&o.text), "one|") == 0 && o.lost == 1, "a cut packet loses the rest");
}

/* More streams than there is room for: the idle ones are given up, and that is told. */
static void test_many(struct arena *a)
{
	struct out o;
	struct segments *s = fresh(a, &o);

	for (unsigned int i = 0; i < MANY; i++) {
		struct packet p = packet_of(START, PACKET_ACK, piece(0, 3));

		p.from.port = (uint16_t)(1000 + i);
		segments_take(s, &p);
	}
	ok(o.lost == MANY - 128, "%u of %d streams are given up", o.lost, MANY);
	for (unsigned int i = MANY - 128; i < MANY; i++) {
		struct packet p = packet_of(START + 3, PACKET_ACK, piece(3, stream.n));

		p.from.port = (uint16_t)(1000 + i);
		segments_take(s, &p);
	}
	is_int((int64_t)o.text.n, INT64_C(128) * (int64_t)strlen("one|three|"),
		"the others are not");
}

/* Any numbers, flags and octets. */
static void test_noise(struct arena *a)
{
	struct rng rng = rng_seed(9);
	uint8_t noise[PIECES];
	struct out o;
	struct segments *s = fresh(a, &o);

	for (unsigned int i = 0; i < 20000; i++) {
		uint32_t seq =
			rng_below(&rng, 4) ? START + rng_below(&rng, 64) : (uint32_t)rng_u64(&rng);

		for (size_t k = 0; k < sizeof(noise); k++)
			noise[k] = (uint8_t)(rng_below(&rng, 3) ? 0 : rng_below(&rng, 256));
		feed(s, seq, (uint8_t)rng_below(&rng, 32),
			(struct span){ noise, rng_below(&rng, sizeof(noise) + 1) });
	}
	ok(o.text.n > 0, "noise is read, too");
}

int main(void)
{
	struct arena *a = arena_new();

	test_cuts(a);
	test_again(a);
	test_gaps(a);
	test_many(a);
	test_noise(a);
	arena_free(a);
	return tap_done();
}
