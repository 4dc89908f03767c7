/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples and labels to text and back. */
#include "beacon/beacon_sample.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"

enum {
	VERSION = '1',
	DIGIT_BITS = 5,
	SEED = BEACON_SEED_BITS / DIGIT_BITS, /* digits */
	PROOF = BEACON_PROOF_BITS / DIGIT_BITS,
	CASE = BEACON_CASE_BITS / 8, /* octets */
	FIXED = 9,		     /* octets of a sample before the address */
	PACKED = FIXED + 16 + CASE,
	TCP = 0x80, /* of the first octet; the lower five bits are the options */
	EDNS = 0x40,
	DO = 0x20,
	OPTIONS = 0x1f,
	SIX = 0x80, /* of the second octet: an IPv6 address; the others are the header's flags */
	FLAG_SHIFT = 4,
	FLAGS = FLAG_AA | FLAG_TC | FLAG_RD | FLAG_RA | FLAG_Z | FLAG_AD | FLAG_CD,
};

static const char digits[] = "0123456789abcdefghijklmnopqrstuv";

static bool is_upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static uint8_t lower(uint8_t c)
{
	return is_upper(c) ? c | 0x20 : c;
}

/* -1: no digit. */
static int value_of(uint8_t c)
{
	c = lower(c);
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'v' ? c - 'a' + 10 : -1;
}

/* Walks over the letters of a name; false behind the last that has a case bit. */
static bool next_letter(const struct name *n, size_t *at, unsigned int *count)
{
	size_t i = *at;

	while (*count < BEACON_CASE_BITS && ++i < n->len) {
		/* Octets that are lengths of labels are at most 63: no letters. */
		uint8_t c = lower(n->wire[i]);

		if (c < 'a' || c > 'z')
			continue;
		*at = i;
		++*count;
		return true;
	}
	return false;
}

uint32_t beacon_case(const struct name *n)
{
	uint32_t upper = 0;
	unsigned int count = 0;

	for (size_t at = 0; next_letter(n, &at, &count);)
		upper |= (uint32_t)is_upper(n->wire[at]) << (count - 1);
	return upper;
}

void beacon_set_case(struct name *n, uint32_t upper)
{
	unsigned int count = 0;

	for (size_t i = 0; i < n->len; i++)
		n->wire[i] = lower(n->wire[i]);
	for (size_t at = 0; next_letter(n, &at, &count);)
		if (upper >> (count - 1) & 1)
			n->wire[at] &= (uint8_t)~0x20;
}

static size_t pack(const struct beacon_sample *s, uint8_t *p)
{
	struct span ip = addr_octets(&s->from);
	unsigned int bits = (unsigned int)(s->flags & FLAGS) >> FLAG_SHIFT;
	size_t n = 0;

	p[n++] = (uint8_t)((s->tcp ? TCP : 0) | (s->edns ? EDNS : 0) | (s->dnssec_ok ? DO : 0) |
			   (s->options & OPTIONS));
	p[n++] = (uint8_t)(bits | (ip.n == 16 ? SIX : 0U));
	p[n++] = (uint8_t)(s->from.port >> 8U);
	p[n++] = (uint8_t)s->from.port;
	p[n++] = (uint8_t)(s->id >> 8U);
	p[n++] = (uint8_t)s->id;
	p[n++] = (uint8_t)(s->edns_size >> 8U);
	p[n++] = (uint8_t)s->edns_size;
	p[n++] = s->type;
	assert(n == FIXED && ip.n);
	memcpy(p + n, ip.p, ip.n);
	n += ip.n;
	for (unsigned int i = 0; i < CASE; i++)
		p[n++] = (uint8_t)(s->upper >> (8 * i));
	return n;
}

static void unpack(const uint8_t *p, struct beacon_sample *ret)
{
	bool six = p[1] & SIX;
	size_t size = six ? 16 : 4;

	*ret = (struct beacon_sample){
		.from = { .family = six ? ADDR_V6 : ADDR_V4,
			.port = (uint16_t)(p[2] << 8U | p[3]) },
		.tcp = p[0] & TCP,
		.edns = p[0] & EDNS,
		.dnssec_ok = p[0] & DO,
		.options = p[0] & OPTIONS,
		.flags = (uint16_t)((p[1] & ~(unsigned int)SIX) << FLAG_SHIFT),
		.id = (uint16_t)(p[4] << 8U | p[5]),
		.edns_size = (uint16_t)(p[6] << 8U | p[7]),
		.type = p[8],
	};
	memcpy(ret->from.ip, p + FIXED, size);
	for (unsigned int i = 0; i < CASE; i++)
		ret->upper |= (uint32_t)p[FIXED + size + i] << (8 * i);
}

size_t beacon_sample_text(const struct beacon_sample *s, char *text)
{
	uint8_t p[PACKED];
	size_t size = pack(s, p), n = 0;
	unsigned int bits = 0, have = 0;

	for (size_t i = 0; i < size; i++) {
		bits = bits << 8U | p[i];
		for (have += 8; have >= DIGIT_BITS; have -= DIGIT_BITS)
			text[n++] = digits[bits >> (have - DIGIT_BITS) & 31U];
	}
	if (have)
		text[n++] = digits[bits << (DIGIT_BITS - have) & 31U];
	return n;
}

/* Whole octets of digits; bits left over must be 0. Their number; -ERR_PARSE. */
static int decode(struct span text, uint8_t *p)
{
	unsigned int bits = 0, have = 0;
	int n = 0;

	for (size_t i = 0; i < text.n; i++) {
		int v = value_of(text.p[i]);

		if (v < 0)
			return -ERR_PARSE;
		bits = bits << (unsigned int)DIGIT_BITS | (unsigned int)v;
		have += DIGIT_BITS;
		if (have >= 8) {
			have -= 8;
			p[n++] = (uint8_t)(bits >> have);
		}
	}
	if (have >= DIGIT_BITS || (bits & ((1U << have) - 1)))
		return -ERR_PARSE;
	return n;
}

int beacon_sample_parse(struct span text, struct beacon_sample *ret)
{
	uint8_t p[PACKED + 1];
	struct beacon_sample s;
	int n;

	if (text.n > BEACON_SAMPLE_TEXT)
		return -ERR_PARSE;
	n = decode(text, p);
	if (n < FIXED || n != FIXED + CASE + (p[1] & SIX ? 16 : 4))
		return -ERR_PARSE;
	unpack(p, &s);
	if (!s.edns && (s.dnssec_ok || s.options || s.edns_size))
		return -ERR_PARSE;
	*ret = s;
	return 0;
}

static void put_number(uint64_t v, unsigned int n, char *text)
{
	while (n--) {
		text[n] = digits[v & 31U];
		v >>= (unsigned int)DIGIT_BITS;
	}
}

static int get_number(const uint8_t *text, unsigned int n, uint64_t *ret)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < n; i++) {
		int v = value_of(text[i]);

		if (v < 0)
			return -ERR_PARSE;
		all = all << (unsigned int)DIGIT_BITS | (uint64_t)v;
	}
	*ret = all;
	return 0;
}

size_t beacon_label_text(const struct beacon_label *l, char *text)
{
	size_t n = BEACON_FIRST_LABEL;

	text[0] = VERSION;
	put_number(l->steps, 1, text + 1);
	put_number(l->seed, SEED, text + 2);
	if (!l->first) {
		put_number(l->proof, PROOF, text + n);
		n += PROOF;
		n += beacon_sample_text(&l->sample, text + n);
	}
	assert(n <= NAME_MAX_LABEL);
	text[n] = '\0';
	return n;
}

int beacon_label_parse(const struct name *n, struct beacon_label *ret)
{
	const uint8_t *p = n->wire + 1;
	size_t size = n->len ? n->wire[0] : 0;
	struct beacon_label l = { .first = size == BEACON_FIRST_LABEL };
	uint64_t steps, seed;

	if (size < BEACON_FIRST_LABEL || p[0] != VERSION || get_number(p + 1, 1, &steps) < 0 ||
		get_number(p + 2, SEED, &seed) < 0 || steps > BEACON_STEPS_MOST)
		return -ERR_PARSE;
	l.steps = (uint8_t)steps;
	l.seed = (uint32_t)seed;
	if (!l.first && (size < BEACON_FIRST_LABEL + PROOF ||
				get_number(p + BEACON_FIRST_LABEL, PROOF, &l.proof) < 0 ||
				beacon_sample_parse((struct span){ p + BEACON_FIRST_LABEL + PROOF,
							    size - BEACON_FIRST_LABEL - PROOF },
					&l.sample) < 0))
		return -ERR_PARSE;
	*ret = l;
	return 0;
}
