/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of a tape, one row each: the writer and the reader walk the same rows. */
#ifndef FACTS_TAPE_FIELD_H
#define FACTS_TAPE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"

enum tape_kind {
	TAPE_UINT, /* size octets wide */
	TAPE_INT,  /* int64_t */
	TAPE_BOOL,
	TAPE_TEXT,    /* const char *, may be NULL */
	TAPE_OUTCOME, /* slugs in a uint8_t */
	TAPE_WHY,
	TAPE_ROLE,
	TAPE_TRANSPORT,
	TAPE_ADDR,
	TAPE_NAME,     /* const struct name *, may be NULL */
	TAPE_TYPE,     /* mnemonics in a uint16_t */
	TAPE_CLASS,    /* left out when IN */
	TAPE_ICMP,     /* [type, code, "offender"] */
	TAPE_OPTIONS,  /* of a shape: [[code, "hex"], …] */
	TAPE_REPLY,    /* hex of a whole message */
	TAPE_HEADER,   /* hex of the header of the reply to a brief ask */
	TAPE_QUESTION, /* an object of its own */
	TAPE_COUNTERS, /* the same; left out when it is not known */
	TAPE_ADDRS,    /* struct addrs: array of addresses */
	TAPE_LINES,    /* struct pool_lines: [[file, number, text], …] */
	TAPE_LINE,     /* struct pool_line: [file, number, text] */
	TAPE_PER_TRY,
	TAPE_GAP,
	TAPE_SIGHT, /* enum sighting_source */
	TAPE_END,   /* enum sighting_end */
	TAPE_DF,    /* enum ask_df */
	TAPE_PORTS, /* const struct portset *, may be NULL */
	TAPE_HEX,   /* struct span */
	TAPE_KINDS
};

struct tape_field {
	const char *key;
	uint8_t kind; /* enum tape_kind */
	uint8_t size; /* of a TAPE_UINT */
	bool needed;  /* always written, and missed when it is not there */
	uint16_t offset;
};

struct tape_fields {
	const struct tape_field *v;
	size_t n;
};

extern const struct tape_fields tape_head_fields;	 /* of struct facts */
extern const struct tape_fields tape_observation_fields; /* of struct observation */
extern const struct tape_fields tape_question_fields;	 /* of struct question */
extern const struct tape_fields tape_counters_fields;	 /* of struct facts_counters */
extern const struct tape_fields tape_audit_fields;	 /* of struct audit */
extern const struct tape_fields tape_pool_fields;	 /* of struct pool */
extern const struct tape_fields tape_remark_fields;	 /* of struct pool_remark */
extern const struct tape_fields tape_gap_fields;	 /* of struct facts_gap */
extern const struct tape_fields tape_sighting_fields;	 /* of struct sighting */
extern const struct tape_fields tape_tree_fields;	 /* of struct tree_plan */
extern const struct tape_fields tape_root_fields;	 /* of struct tree_ns: a root server */
extern const struct tape_fields tape_cut_fields;	 /* the same, of a delegation */
extern const struct tape_fields tape_ds_fields;		 /* of struct ds */
extern const struct tape_fields tape_anchor_fields;	 /* the same, of the root */

/* A TAPE_UINT of any width. tape_uint_set is false when v does not fit. */
uint64_t tape_uint(const struct tape_field *f, const void *base);
bool tape_uint_set(const struct tape_field *f, void *base, uint64_t v);

/* The slug of a value of a slug kind; NULL behind the last one. */
const char *tape_slug(enum tape_kind kind, unsigned int value);

#endif
