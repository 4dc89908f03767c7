/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue of a program that was built without libnats. */
#include "base/err.h"
#include "queue/queue.h"

bool queue_built(void)
{
	return false;
}

int queue_open(
	struct arena *a, const struct queue_conf *conf, struct queue **ret, const char **ret_why)
{
	(void)a, (void)conf, (void)ret;
	*ret_why = "this dnsfault was built without libnats: it has no queue";
	return -ERR_SYSTEM;
}

/* Without queue_open() nobody comes here. */

void queue_close(struct queue *q)
{
	(void)q;
}

const char *queue_why(const struct queue *q)
{
	(void)q;
	return "no queue";
}

size_t queue_room(const struct queue *q)
{
	(void)q;
	return 0;
}

struct span queue_data(const struct queue_item *i)
{
	(void)i;
	return (struct span){ 0 };
}

uint64_t queue_handed(const struct queue_item *i)
{
	(void)i;
	return 0;
}

bool queue_ack(struct queue_item *i)
{
	(void)i;
	return false;
}

void queue_back(struct queue_item *i)
{
	(void)i;
}

void queue_drop(struct queue_item *i)
{
	(void)i;
}

bool queue_extend(struct queue_item *i)
{
	(void)i;
	return false;
}

int queue_begin(struct queue *q, const char *scan)
{
	(void)q, (void)scan;
	return -ERR_SYSTEM;
}

void queue_forget(struct queue *q, const char *scan)
{
	(void)q, (void)scan;
}

void queue_end(struct queue *q, const char *scan)
{
	(void)q, (void)scan;
}

int queue_offer(struct queue *q, const char *scan, struct span job, uint64_t *ret_seq)
{
	(void)q, (void)scan, (void)job;
	*ret_seq = 0;
	return -ERR_SYSTEM;
}

int queue_holds(struct queue *q, uint64_t seq, struct span job)
{
	(void)q, (void)seq, (void)job;
	return -ERR_SYSTEM;
}

int queue_result(struct queue *q, unsigned int ms, struct queue_item **ret)
{
	(void)q, (void)ms, (void)ret;
	return -ERR_SYSTEM;
}

int queue_take(struct queue *q, unsigned int ms, struct queue_item **ret)
{
	(void)q, (void)ms, (void)ret;
	return -ERR_SYSTEM;
}

int queue_give(struct queue *q, const struct queue_given *g)
{
	(void)q, (void)g;
	return -ERR_SYSTEM;
}

int queue_listen(struct queue *q, const char *site)
{
	(void)q, (void)site;
	return -ERR_SYSTEM;
}

int queue_heard(struct queue *q, struct queue_item **ret)
{
	(void)q, (void)ret;
	return -ERR_SYSTEM;
}

int queue_called(struct queue *q, struct queue_item **ret)
{
	(void)q, (void)ret;
	return -ERR_SYSTEM;
}

int queue_reply(struct queue *q, const struct queue_item *question, struct span data)
{
	(void)q, (void)question, (void)data;
	return -ERR_SYSTEM;
}

int queue_ask(struct queue *q, const char *site, struct span data)
{
	(void)q, (void)site, (void)data;
	return -ERR_SYSTEM;
}

int queue_answer(struct queue *q, unsigned int ms, struct queue_item **ret)
{
	(void)q, (void)ms, (void)ret;
	return -ERR_SYSTEM;
}
