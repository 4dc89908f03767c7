/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a tape's fields. Keys are forever; a new field is a new row. */
#include "facts/tape_field.h"

#include "base/err.h"

#define UINT(k, type, member)                                                                      \
	{                                                                                          \
		.key = k, .kind = TAPE_UINT, .offset = offsetof(type, member),                     \
		.size = sizeof(((type *)0)->member)                                                \
	}
#define FIELD(k, how, type, member)                                                                \
	{                                                                                          \
		.key = k, .kind = TAPE_##how, .offset = offsetof(type, member)                     \
	}
#define NEEDED(k, how, type, member)                                                               \
	{                                                                                          \
		.key = k, .kind = TAPE_##how, .offset = offsetof(type, member), .needed = true     \
	}

/* clang-format off */
static const struct tape_field head[] = {
	FIELD("command", TEXT, struct facts, command),
	FIELD("question", QUESTION, struct facts, question),
	FIELD("started", INT, struct facts, started),
	UINT("elapsed", struct facts, elapsed),
	FIELD("targets", TARGETS, struct facts, targets),
	FIELD("ports", PORTS, struct facts, ports),
	FIELD("full", BOOL, struct facts, full),
	FIELD("quotes", BOOL, struct facts, quotes),
	FIELD("note", TEXT, struct facts, note),
};

static const struct tape_field question[] = {
	NEEDED("name", NAME, struct question, name),
	FIELD("type", TYPE, struct question, type),
	FIELD("class", CLASS, struct question, class),
};

static const struct tape_field observation[] = {
	NEEDED("r", ROLE, struct observation, ask.role),
	NEEDED("to", ADDR, struct observation, ask.server),
	FIELD("src", ADDR, struct observation, ask.source),
	FIELD("via", TRANSPORT, struct observation, ask.transport),
	FIELD("q", NAME, struct observation, ask.question.name),
	FIELD("t", TYPE, struct observation, ask.question.type),
	FIELD("c", CLASS, struct observation, ask.question.class),
	FIELD("zone", NAME, struct observation, ask.zone),
	UINT("flags", struct observation, ask.shape.flags),
	UINT("op", struct observation, ask.shape.opcode),
	FIELD("edns", BOOL, struct observation, ask.shape.edns),
	UINT("ev", struct observation, ask.shape.edns_version),
	UINT("esize", struct observation, ask.shape.edns_size),
	UINT("eflags", struct observation, ask.shape.edns_flags),
	FIELD("opts", OPTIONS, struct observation, ask.shape),
	FIELD("bare", BOOL, struct observation, ask.shape.header_only),
	UINT("ttl", struct observation, ask.ttl),
	FIELD("brief", BOOL, struct observation, ask.brief),
	FIELD("connect", BOOL, struct observation, ask.connect_only),
	UINT("wait", struct observation, ask.timeout),
	NEEDED("o", OUTCOME, struct observation, outcome),
	FIELD("w", WHY, struct observation, why),
	UINT("id", struct observation, id),
	FIELD("icmp", ICMP, struct observation, icmp),
	FIELD("quoted", ADDR, struct observation, quoted),
	FIELD("from", ADDR, struct observation, from),
	FIELD("by", ADDR, struct observation, sender),
	UINT("sent", struct observation, sent),
	UINT("done", struct observation, done),
	UINT("len", struct observation, size),
	FIELD("head", HEADER, struct observation, msg),
	FIELD("reply", REPLY, struct observation, msg),
};
/* clang-format on */

const struct tape_fields tape_head_fields = { head, ARRAY_LEN(head) };
const struct tape_fields tape_observation_fields = { observation, ARRAY_LEN(observation) };
const struct tape_fields tape_question_fields = { question, ARRAY_LEN(question) };

uint64_t tape_uint(const struct tape_field *f, const void *base)
{
	const char *p = (const char *)base + f->offset;

	if (f->size == sizeof(uint8_t))
		return *(const uint8_t *)p;
	if (f->size == sizeof(uint16_t))
		return *(const uint16_t *)(const void *)p;
	if (f->size == sizeof(uint32_t))
		return *(const uint32_t *)(const void *)p;
	return *(const uint64_t *)(const void *)p;
}

bool tape_uint_set(const struct tape_field *f, void *base, uint64_t v)
{
	void *p = (char *)base + f->offset;

	if (f->size < sizeof(v) && v >> (8 * f->size))
		return false;
	if (f->size == sizeof(uint8_t))
		*(uint8_t *)p = (uint8_t)v;
	else if (f->size == sizeof(uint16_t))
		*(uint16_t *)p = (uint16_t)v;
	else if (f->size == sizeof(uint32_t))
		*(uint32_t *)p = (uint32_t)v;
	else
		*(uint64_t *)p = v;
	return true;
}

const char *tape_slug(enum tape_kind kind, unsigned int value)
{
	static const char *const transports[] = {
		[TRANSPORT_UDP] = "udp",
		[TRANSPORT_TCP] = "tcp",
	};

	if (kind == TAPE_OUTCOME)
		return value < OUTCOMES ? outcome_slug((enum outcome)value) : NULL;
	if (kind == TAPE_WHY)
		return value < WHYS ? why_slug((enum why)value) : NULL;
	if (kind == TAPE_ROLE)
		return value < ROLES ? role_slug((enum role)value) : NULL;
	return value < ARRAY_LEN(transports) ? transports[value] : NULL;
}
