/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directory of an agent: what its children read and write, and results that the queue does not
 * have yet. A file is SCAN.JOB.RUN and a suffix: ".in" names, ".part" being written, ".done" whole,
 * ".err" what was said. One agent has it at a time.
 */
#ifndef CLI_AGENT_SPOOL_H
#define CLI_AGENT_SPOOL_H

#include "base/arena.h"
#include "queue/form.h"
#include "queue/queue.h"

struct spool {
	const char *dir;
	int lock; /* of a file in it */
	const char *site;
};

/*
 * Makes the directory if need be, and takes away what children left that an earlier agent had.
 * dir: NULL: the usual one of this user and site. 0, or -ERR_OPEN with *ret_why.
 */
int spool_open(struct spool *s, struct arena *a, const char *dir, const char **ret_why);
void spool_close(struct spool *s);

/* "DIR/SCAN.JOB.RUN.SUFFIX" */
const char *spool_path(
	const struct spool *s, struct arena *a, const struct form_piece *of, const char *suffix);
void spool_remove(const struct spool *s, const struct form_piece *of, const char *suffix);
/* The file's ".part" is its ".done", also after a power cut. False: errno. */
bool spool_finish(const struct spool *s, const struct form_piece *of);

/* Sends the bytes in pieces, or, where p->failed, that alone. 0 or as the queue says. */
int spool_send(const struct spool *s, struct queue *q, const struct form_piece *p);
/* ... to who asked. */
int spool_reply(struct queue *q, const struct queue_item *question, const struct form_piece *p);

/* Sends what is ".done" and not p's, and removes it: how many are left. */
size_t spool_send_left(const struct spool *s, struct queue *q);

#endif
