/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the coordinator. */
#ifndef CLI_SCAN_QUEUE_INNER_H
#define CLI_SCAN_QUEUE_INNER_H

#include "cli/scan_db_jobs.h"
#include "cli/scan_queue.h"
#include "queue/form.h"
#include "queue/pieces.h"
#include "queue/queue.h"

/* A job whose result is not there. */
struct qjob {
	struct qjob *next;
	struct arena *arena;
	int64_t id;
	struct form_texts keys; /* its names or servers, as keys; sorted */
	struct span text;	/* as it is offered */
	uint64_t seq, offered;	/* where the queue has it; when it was, µs; 0: it has to be */
	unsigned int missing, lost, failures;
	bool given_up;
	/* What there is of one try's result. */
	struct pieces pieces;
};

struct qlist {
	struct scan_queue_conf conf;
	struct db_jobs *db; /* NULL: none */
	const char *scan;
	struct qjob *first; /* by number */
	size_t n;
	int64_t next; /* without a database */
	/* The job that is being filled; NULL: none. */
	struct qjob *filling;
	struct form_texts names;
	uint64_t filling_since; /* µs */
	size_t piece_octets;	/* of all incomplete results */
	bool ended;		/* the list is read */
};

/* The job list: scan_queue_list.c. -ERR_OPEN, said. */
int qlist_open(
	struct arena *a, const struct scan_queue_conf *conf, struct qlist *l, bool *ret_resumed);
void qlist_close(struct qlist *l);
/* Reads the list as far as it can be read now and jobs may wait. */
void qlist_fill(struct qlist *l, uint64_t now);
struct qjob *qlist_find(struct qlist *l, int64_t id);
/* The job is done: it goes, in the commit of its results. */
void qlist_done(struct qlist *l, struct qjob *job);
/* Whether nothing is left to be read, offered or waited for. */
bool qlist_finished(const struct qlist *l);
uint64_t qlist_left(const struct qlist *l);

/* By which names or servers of jobs and lines are compared, in the arena: "name. TYPE", a server. */
const char *qlist_key(struct arena *a, const struct names_item *item);

/* scan_queue_take.c: what a piece did. */
enum qtake {
	QTAKE_STRANGE, /* nothing: it is of no job of ours, or was there */
	QTAKE_PART,    /* more pieces are to come */
	QTAKE_DONE,    /* the last one: lines are written */
	QTAKE_FAILED,  /* there is no result; *why */
};
struct qtaken {
	enum qtake what;
	struct qjob *job; /* but for QTAKE_STRANGE */
	const char *why;
};
struct qtaken qtake_piece(struct qlist *l, const struct form_piece *p);
/* Forgets pieces of a job. */
void qtake_drop(struct qlist *l, struct qjob *job);

#endif
