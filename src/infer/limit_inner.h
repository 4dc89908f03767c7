/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of infer/limit share: what came of each ask to one server, in order of time. */
#ifndef INFER_LIMIT_INNER_H
#define INFER_LIMIT_INNER_H

#include "base/portset.h"
#include "infer/limit.h"

enum {
	LIMIT_SECOND = 1000000,
	LIMIT_QUESTIONS = 200, /* rows of the table of shapes, each for its name and type */
	LIMIT_LOST_LEAST = 5,  /* losses of one time that are signs, as many as this */
};

enum limit_kind {
	LIMIT_KIND_WHOLE,
	LIMIT_KIND_SIGN,
	LIMIT_KIND_LOST,
	LIMIT_KIND_LATE,
	LIMIT_KIND_OTHER
};

/* What came of one ask. */
struct limit_event {
	uint64_t sent;
	size_t index;	   /* of the observation */
	uint32_t load;	   /* asks of the second up to it */
	uint32_t answered; /* of these, whole replies */
	uint16_t port;
	uint8_t kind;	  /* enum limit_kind */
	uint8_t sign;	  /* enum limit_sign, of a LIMIT_KIND_SIGN */
	uint8_t question; /* LIMIT_QUESTIONS: one too many */
	uint8_t alike;	  /* the same; of a shape: its question, in any shape of as large answers */
	uint8_t cookie;	  /* 0: none, 1: our half, 2: both */
};

struct limit_about {
	const struct question *question;
	const char *row;	    /* slug of the shape; "": any; NULL: a sweep's */
	bool dnssec;		    /* of any shape: those with DO, whose answers are larger */
	uint32_t whole, half_whole; /* replies that are whole; of these to our half of a cookie */
	uint32_t truncated, refused, bad;
	bool small; /* the whole answer is */
};

struct limit_work {
	struct arena *arena;
	const struct facts *facts;
	const struct addr *server;
	struct VEC(struct limit_event) events; /* by time */
	struct limit_about about[LIMIT_QUESTIONS];
	size_t nabout;
	struct portset open;
	bool shook;			     /* a cookie was asked for */
	bool shapes;			     /* judged by them, and not by a sweep */
	const struct limit_windows *without; /* times to be left out; NULL: none */
};

/* For qsort() of uint32_t. */
int limit_by_size(const void *a, const void *b);

/*
 * The chance that luck alone makes asks with that sign (LIMIT_LOSS: asks that were lost) and whole
 * replies part so by the load: Fisher's exact test, times the splits that were tried. *ret_fast:
 * loads from there on; untouched at 1.
 */
double limit_follows_rate(const struct limit_work *w, enum limit_sign sign, uint32_t *ret_fast);

/* Losses among fast asks lie elsewhere among the ports than replies do. */
bool limit_depends_on_port(const struct limit_work *w, uint32_t fast);

/*
 * How often it was fast and lossy, with a time between that was slow and was not: once may be a
 * fault that passed, and that the slower rate followed.
 */
unsigned int limit_episodes(const struct limit_work *w, uint32_t fast);

#endif
