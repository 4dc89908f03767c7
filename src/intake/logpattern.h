/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ways in which programs say that a look-up failed, a row each: a fixed text, where the domain
 * stands around it, and what it means. Rows are looked for in lines without local parts of mail
 * addresses (intake/logname.h): "<@example.com>".
 */
#ifndef INTAKE_LOGPATTERN_H
#define INTAKE_LOGPATTERN_H

#include <stdbool.h>

#include "base/span.h"
#include "intake/logfails.h"

/* Where the domain begins. Quotes, "<", "[" and "@" before it are stepped over. */
enum logpattern_place {
	LOGPATTERN_NOWHERE, /* no further slot */
	LOGPATTERN_BEHIND,  /* at the mark's end */
	LOGPATTERN_BEFORE,  /* it ends at the mark, or at the key that stands before the mark */
	LOGPATTERN_REST,    /* behind the first key behind the mark */
	LOGPATTERN_LAST,    /* behind the last key before the mark */
	LOGPATTERN_LINE,    /* behind the first key of the line */
	LOGPATTERN_TYPED,   /* the word before the mark is the type, the one before that the name */
	LOGPATTERN_COLUMN,  /* the column of that name, of lines of comma-separated values */
};

struct logpattern_slot {
	uint8_t place;	 /* enum logpattern_place */
	const char *key; /* NULL: none is needed */
};

/* Whose words they are, when they stand in a reply that the other side gave. */
enum logpattern_reply {
	LOGPATTERN_OURS,   /* the program's own in any case */
	LOGPATTERN_THEIRS, /* the other side's: struct logfail's theirs */
	LOGPATTERN_IDLE,   /* the other side's, and not of DNS then: no such user, mostly */
};

/* What a line means by a text behind the mark; the first one of a list that is found. */
struct logpattern_word {
	const char *text; /* NULL: the list's end */
	uint8_t how;	  /* enum logfail_how, LOGPATTERN_NOT */
};

enum {
	LOGPATTERN_TYPED_WHAT = 0xff, /* what: by the type that the line says */
	LOGPATTERN_BY_CODE = 0xfe,    /* how: permanent for replies 5xx, else unknown */
	LOGPATTERN_BY_STATE = 0xfd,   /* how: by the state of a row of comma-separated values */
	LOGPATTERN_BY_WORD = 0xfc,    /* how: by words alone: without one it is another text */
	LOGPATTERN_NOT = 0xfb,	      /* how of a word: this is another row's text */
	LOGPATTERN_SLOTS = 3,
};

struct logpattern {
	const char *mark;
	struct logpattern_slot slots[LOGPATTERN_SLOTS]; /* the first that holds a domain counts */
	const char *type_key; /* stands between the domain and its type; NULL: no type is said */
	uint16_t type;	      /* 0: not said, or by type_key */
	uint8_t what;	      /* enum logfail_what, LOGPATTERN_TYPED_WHAT */
	uint8_t how;	      /* enum logfail_how, LOGPATTERN_BY_...: when no word is found */
	const struct logpattern_word *words; /* NULL: none */
	bool keys; /* only names of DKIM's keys and of DMARC: others may be made of an address */
	uint8_t reply; /* enum logpattern_reply */
};

struct logpattern_table {
	const char *program;
	const struct logpattern *rows;
	size_t n;
};

/* A line for patterns. */
struct logpattern_line {
	struct span text; /* without local parts */
	/* A row of comma-separated values: its fields by name, and how its state was; NULL: none.
	 */
	bool (*column)(const void *user, const char *name, struct span *ret);
	const void *user;
	uint8_t state; /* enum logfail_how */
};

/*
 * What the row says of the line in which its mark stands at octet `at`. 0; -ERR_NONE: the mark
 * means something else here; -ERR_PARSE: it is meant, and what stands in the domain's place is no
 * host name.
 */
int logpattern_read(const struct logpattern *p, const struct logpattern_line *line, size_t at,
	struct logfail *ret);

#endif
