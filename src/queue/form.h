/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What travels through the queue: jobs, questions, and pieces of what became of them. A job and a
 * question are one object of JSON; a piece is one as its first line, then bytes as they are. All of
 * it is data from outside for who reads it: unknown keys, numbers out of bounds and texts with
 * anything but printable ASCII are refused.
 *
 *	form_job_write(&job, &buf);
 *	if (form_job_read(arena, bytes, &job, &why) < 0)
 *		// why: a line that says what is wrong with it
 */
#ifndef QUEUE_FORM_H
#define QUEUE_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

enum {
	FORM_VERSION = 1,
	FORM_ID = 32,		/* octets of an id or the name of a site, at most */
	FORM_NAMES = 5000,	/* in a job */
	FORM_LINE = 1023,	/* octets of "NAME TYPE" */
	FORM_PORTS = 512,	/* octets of a set of ports */
	FORM_SERVERS = 32,	/* in a job or question */
	FORM_PIECES = 256,	/* of one result */
	FORM_HEAD = 1024,	/* octets of a piece's first line, at most */
	FORM_WHY = 300,		/* octets of a reason */
	FORM_RESULT = 64 << 20, /* octets of a result, at most */
};

/* The verb of the question who is there. */
#define FORM_WHO "who"

/* What may be asked for besides; 0: nothing is. */
struct form_numbers {
	int64_t family; /* 4 or 6 */
	int64_t rate, budget, timeout, tries, concurrency;
};

/* Texts, in an arena. */
struct form_texts {
	const char **v;
	size_t n, cap;
};

/* Some names of a scan. */
struct form_job {
	const char *scan; /* id: letters, digits, '-' and '_' */
	int64_t job;	  /* its number in that scan, from 1 */
	const char *probe;
	const char *name, *type; /* that servers under test are asked for; NULL: the usual */
	const char *ports;	 /* of sweeps, a set; NULL: the usual */
	struct form_numbers numbers;
	struct form_texts servers; /* ADDR#PORT; none: the worker's own resolvers */
	struct form_texts names; /* "NAME TYPE", or servers under test: a name, ADDR or ADDR#PORT */
};

/* How a look-up is to be made; 1: so, 0: as usual. An agent that does not know one refuses it. */
struct form_flags {
	int64_t tcp, norecurse, cd, dnssec; /* over TCP; without RD; with CD; with DO */
};

/* One question to one vantage point. */
struct form_question {
	const char *id, *verb;
	const char *name, *type; /* NULL: none */
	const char *ports;	 /* a set; NULL: none */
	struct form_numbers numbers;
	struct form_flags flags;
	struct form_texts servers;
};

/* A piece of what became of either. */
struct form_piece {
	const char *scan; /* or the id of the question */
	int64_t job;	  /* 0: of a question */
	const char *run;  /* id of this try: pieces of two tries do not fit */
	const char *site;
	int64_t piece, of;  /* 1 .. of */
	const char *failed; /* why there is no result; NULL: there is one */
	struct span data;
};

/* Append. What is written reads back the same. */
void form_job_write(const struct form_job *j, struct buf *out);
void form_question_write(const struct form_question *q, struct buf *out);
void form_piece_write(const struct form_piece *p, struct buf *out);

/* 0, or -ERR_PARSE with *ret_why. All but the data of a piece belongs to the arena. */
int form_job_read(struct arena *a, struct span text, struct form_job *ret, const char **ret_why);
int form_question_read(
	struct arena *a, struct span text, struct form_question *ret, const char **ret_why);
int form_piece_read(
	struct arena *a, struct span text, struct form_piece *ret, const char **ret_why);

/* Whether it can be the id of something, or the name of a site: [A-Za-z0-9_-]{1,FORM_ID}. */
bool form_is_id(const char *text);

#endif
