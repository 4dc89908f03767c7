/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a tape's fields. Keys are forever; a new field is a new row. */
#include "facts/tape_field.h"

#include "base/err.h"

#define UINT(k, type, member)                                                                      \
	{                                                                                          \
		.key = k, .kind = TAPE_UINT, .offset = offsetof(type, member),                     \
		.size = sizeof(((type *)0)->member)                                                \
	}
#define NEEDED_UINT(k, type, member)                                                               \
	{                                                                                          \
		.key = k, .kind = TAPE_UINT, .offset = offsetof(type, member),                     \
		.size = sizeof(((type *)0)->member), .needed = true                                \
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
	FIELD("targets", ADDRS, struct facts, targets),
	FIELD("ports", PORTS, struct facts, ports),
	UINT("qps", struct facts, qps),
	FIELD("full", BOOL, struct facts, full),
	FIELD("quotes", BOOL, struct facts, quotes),
	FIELD("before", COUNTERS, struct facts, before),
	FIELD("after", COUNTERS, struct facts, after),
	FIELD("note", TEXT, struct facts, note),
};

static const struct tape_field question[] = {
	NEEDED("name", NAME, struct question, name),
	FIELD("type", TYPE, struct question, type),
	FIELD("class", CLASS, struct question, class),
};

static const struct tape_field counters[] = {
	NEEDED_UINT("csum", struct facts_counters, csum_errors),
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
	FIELD("twice", BOOL, struct observation, ask.shape.twice),
	UINT("trailing", struct observation, ask.shape.trailing),
	FIELD("row", TEXT, struct observation, ask.row),
	UINT("ttl", struct observation, ask.ttl),
	FIELD("brief", BOOL, struct observation, ask.brief),
	FIELD("connect", BOOL, struct observation, ask.connect_only),
	UINT("split", struct observation, ask.split),
	UINT("stream", struct observation, ask.stream),
	FIELD("df", DF, struct observation, ask.df),
	UINT("wait", struct observation, ask.timeout),
	NEEDED("o", OUTCOME, struct observation, outcome),
	FIELD("w", WHY, struct observation, why),
	FIELD("said", TEXT, struct observation, said),
	FIELD("cert", BOOL, struct observation, certificate),
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

static const struct tape_field audit[] = {
	NEEDED("audit", TEXT, struct audit, software),
	FIELD("version", TEXT, struct audit, version),
	FIELD("assumed", TEXT, struct audit, assumed),
	FIELD("file", TEXT, struct audit, file),
	FIELD("unread", BOOL, struct audit, unread),
	FIELD("forwarder", BOOL, struct audit, forwarder),
	FIELD("forwards", ADDRS, struct audit, forwards),
};

static const struct tape_field pool[] = {
	NEEDED("pool", PORTS, struct pool, ports),
	UINT("family", struct pool, family),
	FIELD("only", ADDR, struct pool, only),
	UINT("bits", struct pool, only_bits),
	UINT("life", struct pool, life),
	FIELD("retry", PER_TRY, struct pool, per_try),
	FIELD("fixed", BOOL, struct pool, fixed),
	FIELD("kernel", BOOL, struct pool, kernel),
	FIELD("lines", LINES, struct pool, lines),
};

static const struct tape_field remark[] = {
	NEEDED("remark", TEXT, struct pool_remark, slug),
	FIELD("text", TEXT, struct pool_remark, text),
	FIELD("at", LINE, struct pool_remark, at),
	FIELD("detail", TEXT, struct pool_remark, detail),
};

static const struct tape_field gap[] = {
	NEEDED("gap", GAP, struct facts_gap, gap),
	FIELD("why", TEXT, struct facts_gap, why),
};

static const struct tape_field sighting[] = {
	NEEDED("sight", SIGHT, struct sighting, source),
	FIELD("end", END, struct sighting, end),
	FIELD("via", TRANSPORT, struct sighting, transport),
	NEEDED("from", ADDR, struct sighting, from),
	FIELD("to", ADDR, struct sighting, server),
	FIELD("q", NAME, struct sighting, question.name),
	FIELD("t", TYPE, struct sighting, question.type),
	FIELD("c", CLASS, struct sighting, question.class),
	UINT("at", struct sighting, at),
	UINT("rtt", struct sighting, rtt),
	UINT("id", struct sighting, id),
	UINT("rcode", struct sighting, rcode),
	FIELD("edns", BOOL, struct sighting, edns),
	UINT("esize", struct sighting, edns_size),
	UINT("flags", struct sighting, flags),
	UINT("batch", struct sighting, batch),
};

static const struct tape_field tree[] = {
	NEEDED("tree", NAME, struct tree_plan, zone),
	FIELD("all", BOOL, struct tree_plan, all),
	FIELD("no_v4", BOOL, struct tree_plan, no_v4),
	FIELD("no_v6", BOOL, struct tree_plan, no_v6),
	FIELD("asn_file", TEXT, struct tree_plan, asn_file),
	FIELD("asn_zone", NAME, struct tree_plan, asn_zone),
	FIELD("lookup", QUESTION, struct tree_plan, lookup),
	FIELD("mail", BOOL, struct tree_plan, mail),
	FIELD("helo", NAME, struct tree_plan, helo),
};

static const struct tape_field root[] = {
	NEEDED("root", ADDR, struct tree_ns, addr),
	FIELD("name", NAME, struct tree_ns, name),
};

static const struct tape_field cut[] = {
	NEEDED("delegated", NAME, struct tree_ns, name),
	FIELD("addr", ADDR, struct tree_ns, addr),
};

static const struct tape_field ds[] = {
	NEEDED("ds", HEX, struct ds, digest),
	UINT("tag", struct ds, tag),
	UINT("algorithm", struct ds, algorithm),
	UINT("digest", struct ds, digest_type),
};

static const struct tape_field anchor[] = {
	NEEDED("anchor", HEX, struct ds, digest),
	UINT("tag", struct ds, tag),
	UINT("algorithm", struct ds, algorithm),
	UINT("digest", struct ds, digest_type),
};
/* clang-format on */

const struct tape_fields tape_tree_fields = { tree, ARRAY_LEN(tree) };
const struct tape_fields tape_root_fields = { root, ARRAY_LEN(root) };
const struct tape_fields tape_cut_fields = { cut, ARRAY_LEN(cut) };
const struct tape_fields tape_ds_fields = { ds, ARRAY_LEN(ds) };
const struct tape_fields tape_anchor_fields = { anchor, ARRAY_LEN(anchor) };
const struct tape_fields tape_head_fields = { head, ARRAY_LEN(head) };
const struct tape_fields tape_observation_fields = { observation, ARRAY_LEN(observation) };
const struct tape_fields tape_counters_fields = { counters, ARRAY_LEN(counters) };
const struct tape_fields tape_question_fields = { question, ARRAY_LEN(question) };
const struct tape_fields tape_audit_fields = { audit, ARRAY_LEN(audit) };
const struct tape_fields tape_pool_fields = { pool, ARRAY_LEN(pool) };
const struct tape_fields tape_remark_fields = { remark, ARRAY_LEN(remark) };
const struct tape_fields tape_gap_fields = { gap, ARRAY_LEN(gap) };
const struct tape_fields tape_sighting_fields = { sighting, ARRAY_LEN(sighting) };

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

static const char *df_slug(unsigned int value)
{
	static const char *const dfs[DFS] = {
		[DF_KERNEL] = "kernel",
		[DF_SET] = "set",
		[DF_UNSET] = "unset",
	};

	return value < ARRAY_LEN(dfs) ? dfs[value] : NULL;
}

#define SLUGS_OF(kind, count)                                                                      \
	static const char *kind##_of(unsigned int value)                                           \
	{                                                                                          \
		return value < (count) ? kind##_slug(value) : NULL;                                \
	}

/* The functions of facts.h have words for what is none, too. */
SLUGS_OF(outcome, OUTCOMES)
SLUGS_OF(transport, TRANSPORTS)
SLUGS_OF(why, WHYS)
SLUGS_OF(role, ROLES)
SLUGS_OF(per_try, PER_TRIES)
SLUGS_OF(gap, GAPS)
SLUGS_OF(sighting_source, SIGHTS)
SLUGS_OF(sighting_end, SIGHT_ENDS)

const char *tape_slug(enum tape_kind kind, unsigned int value)
{
	static const char *(*const slugs[TAPE_KINDS])(unsigned int value) = {
		[TAPE_OUTCOME] = outcome_of,
		[TAPE_WHY] = why_of,
		[TAPE_ROLE] = role_of,
		[TAPE_TRANSPORT] = transport_of,
		[TAPE_PER_TRY] = per_try_of,
		[TAPE_GAP] = gap_of,
		[TAPE_SIGHT] = sighting_source_of,
		[TAPE_END] = sighting_end_of,
		[TAPE_DF] = df_slug,
	};

	return slugs[kind] ? slugs[kind](value) : NULL;
}
