/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of dnstap: fields of Protocol Buffers into a struct, and that to the pairing. */
#include "intake/dnstap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/frames.h"

enum {
	CHUNK = 64 * 1024,
	TEXT_MOST = 255, /* octets kept of identity and version */
	VARINT_MOST = 10,
	DNS_PORT = 53,
};

/* https://protobuf.dev/programming-guides/encoding/: wire types; groups are not taken. */
enum wire { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

struct field {
	uint32_t number;
	enum wire wire;
	uint64_t value;	   /* of numbers */
	struct span bytes; /* of BYTES */
};

/* At most 10 octets, 7 bits each, the lowest first. */
static bool take_varint(struct span *s, uint64_t *ret)
{
	uint64_t v = 0;

	for (unsigned int i = 0; i < VARINT_MOST && i < s->n; i++) {
		v |= (uint64_t)(s->p[i] & 0x7f) << (7 * i);
		if (s->p[i] & 0x80)
			continue;
		*s = (struct span){ s->p + i + 1, s->n - i - 1 };
		*ret = v;
		return true;
	}
	return false;
}

/* Little-endian. */
static bool take_fixed(struct span *s, size_t octets, uint64_t *ret)
{
	uint64_t v = 0;

	if (s->n < octets)
		return false;
	for (size_t i = 0; i < octets; i++)
		v |= (uint64_t)s->p[i] << (8 * i);
	*s = (struct span){ s->p + octets, s->n - octets };
	*ret = v;
	return true;
}

static bool take_bytes(struct span *s, struct span *ret)
{
	uint64_t n;

	if (!take_varint(s, &n) || n > s->n)
		return false;
	*ret = (struct span){ s->p, (size_t)n };
	*s = (struct span){ s->p + n, s->n - (size_t)n };
	return true;
}

static bool take_field(struct span *s, struct field *ret)
{
	struct field f = { 0 };
	uint64_t key;
	bool good = false;

	if (!take_varint(s, &key) || key >> 3 == 0 || key >> 3 > UINT32_MAX)
		return false;
	f.number = (uint32_t)(key >> 3);
	f.wire = key & 7;
	if (f.wire == VARINT)
		good = take_varint(s, &f.value);
	else if (f.wire == BYTES)
		good = take_bytes(s, &f.bytes);
	else if (f.wire == FIXED32 || f.wire == FIXED64)
		good = take_fixed(s, f.wire == FIXED32 ? 4 : 8, &f.value);
	if (good)
		*ret = f;
	return good;
}

/* A kind of message: fields that we want, by number; others are passed over. */
struct want {
	uint32_t number;
	enum wire wire;
	size_t offset; /* of a uint64_t or a struct span */
};

/*
 * False: not such a message, or a wanted field has another wire type. The last one of several
 * counts, as the encoding has it.
 */
static bool read_fields(struct span s, const struct want *wants, size_t n, void *to)
{
	while (s.n) {
		struct field f;

		if (!take_field(&s, &f))
			return false;
		for (size_t i = 0; i < n; i++) {
			if (wants[i].number != f.number)
				continue;
			if (wants[i].wire != f.wire)
				return false;
			if (f.wire == BYTES)
				memcpy((char *)to + wants[i].offset, &f.bytes, sizeof(f.bytes));
			else
				memcpy((char *)to + wants[i].offset, &f.value, sizeof(f.value));
		}
	}
	return true;
}

struct envelope {
	uint64_t type;
	struct span identity, version, message;
};

static const struct want envelope_fields[] = {
	{ 1, BYTES, offsetof(struct envelope, identity) },
	{ 2, BYTES, offsetof(struct envelope, version) },
	{ 14, BYTES, offsetof(struct envelope, message) },
	{ 15, VARINT, offsetof(struct envelope, type) },
};

struct message {
	uint64_t type, protocol;
	struct span query_address, response_address;
	uint64_t query_port, response_port;
	uint64_t query_sec, query_nsec, response_sec, response_nsec;
	struct span query, response;
};

static const struct want message_fields[] = {
	{ 1, VARINT, offsetof(struct message, type) },
	{ 3, VARINT, offsetof(struct message, protocol) },
	{ 4, BYTES, offsetof(struct message, query_address) },
	{ 5, BYTES, offsetof(struct message, response_address) },
	{ 6, VARINT, offsetof(struct message, query_port) },
	{ 7, VARINT, offsetof(struct message, response_port) },
	{ 8, VARINT, offsetof(struct message, query_sec) },
	{ 9, FIXED32, offsetof(struct message, query_nsec) },
	{ 10, BYTES, offsetof(struct message, query) },
	{ 12, VARINT, offsetof(struct message, response_sec) },
	{ 13, FIXED32, offsetof(struct message, response_nsec) },
	{ 14, BYTES, offsetof(struct message, response) },
};

/* dnstap.proto: Message.Type */
static const struct {
	uint8_t type;
	bool reply;
} taken[] = {
	{ 3, false }, /* RESOLVER_QUERY */
	{ 4, true },
	{ 7, false }, /* FORWARDER_QUERY */
	{ 8, true },
};

enum { TYPE_MESSAGE = 1, PROTOCOL_UDP = 1, PROTOCOL_TCP = 2 };

/* 4 or 16 octets; ADDR_NONE when it is absent, or not told: 0.0.0.0, ::. False: another length. */
static bool read_addr(struct span octets, uint64_t port, struct addr *ret)
{
	static const uint8_t none[16];

	if ((octets.n && octets.n != 4 && octets.n != 16) || port > UINT16_MAX)
		return false;
	*ret = (struct addr){ .port = (uint16_t)port };
	if (!octets.n || memcmp(octets.p, none, octets.n) == 0)
		return true;
	ret->family = octets.n == 4 ? ADDR_V4 : ADDR_V6;
	memcpy(ret->ip, octets.p, octets.n);
	return true;
}

static bool read_time(uint64_t sec, uint64_t nsec, uint64_t *ret)
{
	if (sec > INT64_MAX / 1000000 - 1 || nsec >= 1000000000)
		return false;
	*ret = sec * 1000000 + nsec / 1000;
	return true;
}

/* Who tells port 53 only when it is that. */
static bool tells_port(struct span version)
{
	static const char *const honest[] = { "BIND ", "pdns" };

	for (size_t i = 0; i < ARRAY_LEN(honest); i++)
		if (version.n > strlen(honest[i]) &&
			memcmp(version.p, honest[i], strlen(honest[i])) == 0)
			return true;
	return false;
}

static bool read_event(const struct message *m, bool reply, struct pairing_event *e)
{
	*e = (struct pairing_event){
		.reply = reply,
		.transport = m->protocol == PROTOCOL_TCP ? TRANSPORT_TCP : TRANSPORT_UDP,
		.message = reply ? m->response : m->query,
	};
	if (!read_addr(m->query_address, m->query_port, &e->from) ||
		!read_addr(m->response_address, m->response_port, &e->server))
		return false;
	return reply ? read_time(m->response_sec, m->response_nsec, &e->at)
		     : read_time(m->query_sec, m->query_nsec, &e->at);
}

static void keep_text(const struct dnstap *d, struct span text, const char **ret)
{
	size_t n = text.n < TEXT_MOST ? text.n : TEXT_MOST;

	if (!*ret && n)
		*ret = arena_printf(d->arena, "%.*s", (int)n, (const char *)text.p);
}

static void take_message(struct dnstap *d, const struct message *m, struct span version)
{
	struct pairing_tally *t = &pairing_report(d->pairing)->tally;
	struct pairing_event e;

	for (size_t i = 0; i < ARRAY_LEN(taken); i++) {
		if (taken[i].type != m->type)
			continue;
		if (m->protocol != PROTOCOL_UDP && m->protocol != PROTOCOL_TCP)
			break;
		if (!read_event(m, taken[i].reply, &e)) {
			t->unread++;
			return;
		}
		if (e.from.port == DNS_PORT && !tells_port(version))
			e.from.port = 0;
		pairing_event(d->pairing, &e);
		return;
	}
	t->others++;
}

void dnstap_frame(struct dnstap *d, struct span frame)
{
	struct pairing_report *r = pairing_report(d->pairing);
	struct envelope e = { 0 };
	struct message m = { 0 };

	if (!read_fields(frame, envelope_fields, ARRAY_LEN(envelope_fields), &e) ||
		e.type != TYPE_MESSAGE ||
		!read_fields(e.message, message_fields, ARRAY_LEN(message_fields), &m)) {
		r->tally.unread++;
		return;
	}
	keep_text(d, e.identity, &r->identity);
	keep_text(d, e.version, &r->version);
	take_message(d, &m, e.version);
}

static void take_frame(void *user, struct span frame)
{
	dnstap_frame(user, frame);
}

/* Why it could not be read whole; NULL: it could. */
static const char *feed(struct frames *s, FILE *stream)
{
	uint8_t *chunk = arena_alloc(s->arena, CHUNK);
	size_t n;

	while (!s->stopped && (n = fread(chunk, 1, CHUNK, stream)) > 0)
		if (frames_feed(s, (struct span){ chunk, n }) < 0)
			return s->why;
	if (ferror(stream))
		return arena_str(s->arena, strerror(errno));
	if (!s->started)
		return "no frame stream";
	return frames_whole(s) ? NULL : "it ends in the middle of a frame";
}

int dnstap_sightings_stream(struct facts *f, FILE *stream, const struct pairing_filter *filter,
	struct pairing_report *ret)
{
	struct pairing_filter own = *filter;
	struct dnstap d = { .arena = f->arena };
	struct frames s = {
		.arena = f->arena, .type = DNSTAP_CONTENT, .take = take_frame, .user = &d
	};

	own.source = SIGHT_DNSTAP;
	d.pairing = pairing_new(f->arena, &own);
	pairing_report(d.pairing)->why = feed(&s, stream);
	pairing_end(d.pairing, 0, f);
	*ret = *pairing_report(d.pairing);
	pairing_free(d.pairing);
	if (stream != stdin)
		fclose(stream);
	return s.started ? 0 : -ERR_PARSE;
}

int dnstap_sightings(struct facts *f, const char *path, const struct pairing_filter *filter,
	struct pairing_report *ret)
{
	FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");

	if (stream)
		return dnstap_sightings_stream(f, stream, filter, ret);
	*ret = (struct pairing_report){ .why = arena_str(f->arena, strerror(errno)) };
	return -ERR_OPEN;
}
