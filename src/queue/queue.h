/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The queue: jobs to whoever takes them, results back, questions to vantage points. NATS JetStream
 * stands behind it; nobody else knows. It is a dispenser and no store: whoever offers a job keeps
 * it until its result is safe, asks with queue_holds() what became of it, and offers it again.
 *
 *	coordinator                         worker
 *	queue_begin(q, scan);
 *	queue_offer(q, scan, job, &seq);
 *	                                    queue_take(q, 200, &item);
 *	                                    queue_extend(item);        // from time to time
 *	                                    queue_give(q, &result);
 *	                                    queue_ack(item);
 *	queue_result(q, 200, &item);
 *	queue_ack(item);
 *	queue_end(q, scan);
 *
 * The calls wait, at most as long as they say (QUEUE_PATIENCE where they say nothing). Functions
 * that can fail return 0, -ERR_NONE: nothing within the time, or -ERR_SYSTEM: the server cannot be
 * reached or does not want to, queue_why() says why, and the same call may be made again: the
 * connection mends itself.
 */
#ifndef QUEUE_QUEUE_H
#define QUEUE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

enum {
	QUEUE_LEASE = 12,      /* seconds for which a job that was taken is nobody else's */
	QUEUE_PATIENCE = 5000, /* ms */
	QUEUE_REPLICAS = 5,    /* at most */
};

struct queue_conf {
	const char *urls;  /* nats://HOST:PORT or tls://…, several with commas */
	const char *creds; /* file; NULL: none */
	const char *ca;	   /* file of certificates; NULL: the system's */
	const char *name;  /* how the server calls us */
	uint32_t replicas; /* of streams that are made */
};

struct queue;
struct queue_item; /* a message that was received */

/* Whether this program was built with it. Without, queue_open() fails and says so. */
bool queue_built(void);

/* 0, or -ERR_SYSTEM with *ret_why in the arena. */
int queue_open(
	struct arena *a, const struct queue_conf *conf, struct queue **ret, const char **ret_why);
/* Takes NULL. */
void queue_close(struct queue *q);
/* What the last call failed with; valid until the next. */
const char *queue_why(const struct queue *q);
/* Octets that one message can have. */
size_t queue_room(const struct queue *q);

/* Of a message: valid until it is given back or acknowledged, which frees it. */
struct span queue_data(const struct queue_item *i);
/* How often this job was handed out, this time included. */
uint64_t queue_handed(const struct queue_item *i);
/* It is done. False: that could not be said, so it will come again. */
bool queue_ack(struct queue_item *i);
/* It is not done: for somebody else. */
void queue_back(struct queue_item *i);
/* Of a question or an answer to one, which nobody waits to be acknowledged: frees it. */
void queue_drop(struct queue_item *i);
/* The lease begins again. False: that could not be said. */
bool queue_extend(struct queue_item *i);

/* Of the coordinator: its side of streams and consumers is there from then on. */
int queue_begin(struct queue *q, const char *scan);
/* Jobs of that scan that wait go; those that are being worked on come to an end. */
void queue_forget(struct queue *q, const char *scan);
/* Jobs and results of that scan that are left go. */
void queue_end(struct queue *q, const char *scan);
/* *ret_seq: for queue_holds(). */
int queue_offer(struct queue *q, const char *scan, struct span job, uint64_t *ret_seq);
/* 1: the job waits or is being worked on, 0: it is gone; or -ERR_SYSTEM. */
int queue_holds(struct queue *q, uint64_t seq, struct span job);
int queue_result(struct queue *q, unsigned int ms, struct queue_item **ret);

/* Of the worker. -ERR_SYSTEM, too, as long as no coordinator made the stream. */
int queue_take(struct queue *q, unsigned int ms, struct queue_item **ret);
struct queue_given {
	const char *scan, *id; /* id: two of the same are one */
	struct span data;
};
int queue_give(struct queue *q, const struct queue_given *g);

/* Questions: to one site, or (NULL) to all that listen; at most once, nobody keeps them. */
int queue_listen(struct queue *q, const char *site);
int queue_heard(struct queue *q, struct queue_item **ret);
/* ... one that is to all. */
int queue_called(struct queue *q, struct queue_item **ret);
int queue_reply(struct queue *q, const struct queue_item *question, struct span data);
int queue_ask(struct queue *q, const char *site, struct span data);
int queue_answer(struct queue *q, unsigned int ms, struct queue_item **ret);

#endif
