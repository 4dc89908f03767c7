/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs and results: two streams. A job is there until it is acknowledged; a result is kept for a
 * day, and one that is published twice within minutes is one.
 */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "queue/queue_nats.h"

#define JOBS	       "DNSFAULT_JOBS"
#define RESULTS	       "DNSFAULT_RESULTS"
#define WORKERS	       "dnsfault-agents" /* the one consumer of all workers */
#define JOB_SUBJECT    "dnsfault.job."
#define RESULT_SUBJECT "dnsfault.result."

static const int64_t second = 1000000000; /* ns */

enum {
	DAY = 86400,
	TWICE = 300,	    /* seconds within which the same id is the same result */
	TAKEN_MOST = 10000, /* jobs at once */
	PENDING = 64,	    /* results that were handed to the coordinator, not acknowledged */
	SUBJECT = 128,
	LOOK_EVERY = 1000, /* ms */
};

static const char *subject(char *to, const char *prefix, const char *scan)
{
	snprintf(to, SUBJECT, "%s%s", prefix, scan);
	return to;
}

/* One that is there stays as it is: its owner may have made it with more replicas. */
static natsStatus need_stream(struct queue *q, jsStreamConfig *c)
{
	jsStreamInfo *info = NULL;
	jsErrCode code = 0;
	natsStatus s = js_GetStreamInfo(&info, q->js, c->Name, NULL, &code);

	jsStreamInfo_Destroy(info);
	if (s == NATS_NOT_FOUND || code == JSStreamNotFoundErr)
		s = js_AddStream(NULL, q->js, c, NULL, &code);
	/* Somebody else was quicker. */
	return code == JSStreamNameExistErr ? NATS_OK : s;
}

static natsStatus need_jobs(struct queue *q)
{
	const char *subjects[] = { JOB_SUBJECT ">" };
	jsStreamConfig c;

	jsStreamConfig_Init(&c);
	c.Name = JOBS;
	c.Subjects = subjects;
	c.SubjectsLen = 1;
	c.Retention = js_WorkQueuePolicy;
	c.Storage = js_FileStorage;
	c.MaxAge = DAY * second;
	c.Replicas = q->replicas;
	return need_stream(q, &c);
}

static natsStatus need_results(struct queue *q)
{
	const char *subjects[] = { RESULT_SUBJECT ">" };
	jsStreamConfig c;

	jsStreamConfig_Init(&c);
	c.Name = RESULTS;
	c.Subjects = subjects;
	c.SubjectsLen = 1;
	c.Retention = js_LimitsPolicy;
	c.Storage = js_FileStorage;
	c.MaxAge = DAY * second;
	c.Duplicates = TWICE * second;
	c.Replicas = q->replicas;
	return need_stream(q, &c);
}

/* Consumer stays empty: it would mean one that is there already. */
static natsStatus subscribe_results(struct queue *q)
{
	char topic[SUBJECT];
	jsSubOptions o;

	jsSubOptions_Init(&o);
	o.Stream = RESULTS;
	o.Config.AckPolicy = js_AckExplicit;
	o.Config.AckWait = 2 * QUEUE_LEASE * second;
	o.Config.MaxAckPending = PENDING;
	o.Config.DeliverPolicy = js_DeliverAll;
	return js_PullSubscribe(&q->results, q->js, subject(topic, RESULT_SUBJECT, q->scan),
		q->scan, NULL, &o, NULL);
}

static natsStatus subscribe_jobs(struct queue *q)
{
	jsSubOptions o;

	jsSubOptions_Init(&o);
	o.Stream = JOBS;
	o.Config.AckPolicy = js_AckExplicit;
	o.Config.AckWait = QUEUE_LEASE * second;
	o.Config.MaxAckPending = TAKEN_MOST;
	o.Config.DeliverPolicy = js_DeliverAll;
	return js_PullSubscribe(&q->jobs, q->js, JOB_SUBJECT ">", WORKERS, NULL, &o, NULL);
}

/* scan: also q->scan, once more. */
int queue_begin(struct queue *q, const char *scan)
{
	natsStatus s = need_jobs(q);

	if (scan != q->scan)
		snprintf(q->scan, sizeof(q->scan), "%s", scan);
	if (s == NATS_OK)
		s = need_results(q);
	if (s == NATS_OK && !q->results)
		s = subscribe_results(q);
	return queue_status(q, s, "streams") ? -ERR_SYSTEM : 0;
}

void queue_forget(struct queue *q, const char *scan)
{
	char topic[SUBJECT];
	jsOptions o;

	jsOptions_Init(&o);
	o.Stream.Purge.Subject = subject(topic, JOB_SUBJECT, scan);
	js_PurgeStream(q->js, JOBS, &o, NULL);
}

void queue_end(struct queue *q, const char *scan)
{
	char topic[SUBJECT];
	jsOptions o;

	natsSubscription_Destroy(q->results);
	q->results = NULL;
	js_DeleteConsumer(q->js, RESULTS, scan, NULL, NULL);
	queue_forget(q, scan);
	jsOptions_Init(&o);
	o.Stream.Purge.Subject = subject(topic, RESULT_SUBJECT, scan);
	js_PurgeStream(q->js, RESULTS, &o, NULL);
}

int queue_offer(struct queue *q, const char *scan, struct span job, uint64_t *ret_seq)
{
	char topic[SUBJECT];
	jsPubAck *ack = NULL;
	natsStatus s = js_Publish(
		&ack, q->js, subject(topic, JOB_SUBJECT, scan), job.p, (int)job.n, NULL, NULL);

	if (s == NATS_OK)
		*ret_seq = ack->Sequence;
	jsPubAck_Destroy(ack);
	return queue_status(q, s, "offering a job") ? -ERR_SYSTEM : 0;
}

/* A server that lost its store counts from 1 again: what stands there may be another job. */
int queue_holds(struct queue *q, uint64_t seq, struct span job)
{
	natsMsg *msg = NULL;
	jsErrCode code = 0;
	natsStatus s = js_GetMsg(&msg, q->js, JOBS, seq, NULL, &code);
	bool same = s == NATS_OK && (size_t)natsMsg_GetDataLength(msg) == job.n &&
		    memcmp(natsMsg_GetData(msg), job.p, job.n) == 0;

	natsMsg_Destroy(msg);
	if (s == NATS_OK)
		return same;
	if (s == NATS_NOT_FOUND || code == JSNoMessageFoundErr || code == JSStreamNotFoundErr)
		return 0;
	return queue_status(q, s, "looking for a job"), -ERR_SYSTEM;
}

/* A server that lost its store has lost the consumer as well, and says nothing of it. */
static bool is_gone(struct queue *q, natsSubscription **sub, unsigned int ms)
{
	bool jobs = sub == &q->jobs;
	jsConsumerInfo *info = NULL;
	jsErrCode code = 0;
	natsStatus s;

	q->idle += ms;
	if (q->idle < LOOK_EVERY)
		return false;
	q->idle = 0;
	s = js_GetConsumerInfo(
		&info, q->js, jobs ? JOBS : RESULTS, jobs ? WORKERS : q->scan, NULL, &code);
	jsConsumerInfo_Destroy(info);
	return s == NATS_NOT_FOUND || code == JSConsumerNotFoundErr || code == JSStreamNotFoundErr;
}

/* The next of a pull subscription. A consumer that is gone is made anew by the next call. */
static int fetch(struct queue *q, natsSubscription **sub, unsigned int ms, struct queue_item **ret)
{
	natsMsgList list = { 0 };
	natsStatus s = natsSubscription_Fetch(&list, *sub, 1, ms, NULL);

	if (s == NATS_OK && list.Count) {
		*ret = queue_item_of(list.Msgs[0]);
		list.Msgs[0] = NULL;
		natsMsgList_Destroy(&list);
		q->idle = 0;
		return 0;
	}
	natsMsgList_Destroy(&list);
	if (s == NATS_OK || s == NATS_TIMEOUT) {
		if (!is_gone(q, sub, ms))
			return -ERR_NONE;
		s = NATS_NOT_FOUND;
	}
	natsSubscription_Destroy(*sub);
	*sub = NULL;
	return queue_status(q, s, "waiting for a message"), -ERR_SYSTEM;
}

int queue_result(struct queue *q, unsigned int ms, struct queue_item **ret)
{
	if (!q->results && queue_begin(q, q->scan) < 0)
		return -ERR_SYSTEM;
	return fetch(q, &q->results, ms, ret);
}

int queue_take(struct queue *q, unsigned int ms, struct queue_item **ret)
{
	natsStatus s = q->jobs ? NATS_OK : subscribe_jobs(q);

	if (s != NATS_OK) {
		q->jobs = NULL;
		return queue_status(q, s, "no scan has made the queue's streams yet"), -ERR_SYSTEM;
	}
	return fetch(q, &q->jobs, ms, ret);
}

int queue_give(struct queue *q, const struct queue_given *g)
{
	char topic[SUBJECT];
	jsPubOptions o;
	natsStatus s;

	jsPubOptions_Init(&o);
	o.MsgId = g->id;
	o.MaxWait = QUEUE_PATIENCE;
	s = js_Publish(NULL, q->js, subject(topic, RESULT_SUBJECT, g->scan), g->data.p,
		(int)g->data.n, &o, NULL);
	return queue_status(q, s, "giving a result") ? -ERR_SYSTEM : 0;
}
