/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the queue on NATS share. */
#ifndef QUEUE_QUEUE_NATS_H
#define QUEUE_QUEUE_NATS_H

#include <stdatomic.h>

#include <nats/nats.h>

#include "queue/queue.h"

struct queue {
	natsConnection *nc;
	jsCtx *js;
	natsSubscription *jobs, *results; /* pull; NULL: not yet, or no longer */
	natsSubscription *own, *all, *answers;
	char *inbox; /* of answers */
	char scan[64];
	int64_t replicas;
	unsigned int idle; /* ms without a message, since consumers were last looked at */
	char why[256];
	/* Set by a thread of the library: the server did not let these credentials do something. */
	atomic_bool denied;
};

struct queue_item {
	natsMsg *msg;
};

/* 0, -ERR_NONE when nothing came, or -ERR_SYSTEM, noted. what: "offering a job" */
int queue_status(struct queue *q, natsStatus s, const char *what);

/* Takes the message over. */
struct queue_item *queue_item_of(natsMsg *msg);

/* Between fork and exec nothing of libnats may be called; all of its calls here are synchronous. */

#endif
