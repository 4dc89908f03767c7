/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions and answers: plain messages, without a stream. Of several agents of one site one hears
 * a question to the site; a question to all is heard by each.
 */
#include <stdio.h>

#include "base/err.h"
#include "queue/queue_nats.h"

#define SITE_SUBJECT "dnsfault.site."
#define ALL_SUBJECT  "dnsfault.who"

enum {
	SUBJECT = 128,
	QUESTIONS = 16,		 /* that wait here */
	QUESTION_ROOM = 1 << 20, /* octets of them */
	ANSWERS = 4096,		 /* pieces */
	ANSWER_ROOM = 256 << 20, /* octets of them */
};

static natsStatus listen_to(
	struct queue *q, natsSubscription **sub, const char *topic, const char *group)
{
	natsStatus s = group ? natsConnection_QueueSubscribeSync(sub, q->nc, topic, group)
			     : natsConnection_SubscribeSync(sub, q->nc, topic);

	return s == NATS_OK ? natsSubscription_SetPendingLimits(*sub, QUESTIONS, QUESTION_ROOM) : s;
}

int queue_listen(struct queue *q, const char *site)
{
	char topic[SUBJECT];
	natsStatus s;

	snprintf(topic, sizeof(topic), SITE_SUBJECT "%s", site);
	s = listen_to(q, &q->own, topic, site);
	if (s == NATS_OK)
		s = listen_to(q, &q->all, ALL_SUBJECT, NULL);
	return queue_status(q, s, "listening") ? -ERR_SYSTEM : 0;
}

static int hear(struct queue *q, natsSubscription *sub, struct queue_item **ret)
{
	natsMsg *msg = NULL;
	natsStatus s = natsSubscription_NextMsg(&msg, sub, 1);

	if (s == NATS_OK)
		*ret = queue_item_of(msg);
	/* Who was slow lost some, and hears the next. */
	return s == NATS_SLOW_CONSUMER ? -ERR_NONE : queue_status(q, s, "listening");
}

int queue_heard(struct queue *q, struct queue_item **ret)
{
	return hear(q, q->own, ret);
}

int queue_called(struct queue *q, struct queue_item **ret)
{
	return hear(q, q->all, ret);
}

int queue_reply(struct queue *q, const struct queue_item *question, struct span data)
{
	const char *to = natsMsg_GetReply(question->msg);
	natsStatus s = NATS_INVALID_ARG;

	if (to)
		s = natsConnection_Publish(q->nc, to, data.p, (int)data.n);
	if (s == NATS_OK)
		s = natsConnection_FlushTimeout(q->nc, QUEUE_PATIENCE);
	return queue_status(q, s, "answering") ? -ERR_SYSTEM : 0;
}

static natsStatus open_inbox(struct queue *q)
{
	natsStatus s = q->inbox ? NATS_OK : natsInbox_Create(&q->inbox);

	if (s == NATS_OK && !q->answers)
		s = natsConnection_SubscribeSync(&q->answers, q->nc, q->inbox);
	if (s == NATS_OK)
		s = natsSubscription_SetPendingLimits(q->answers, ANSWERS, ANSWER_ROOM);
	return s;
}

int queue_ask(struct queue *q, const char *site, struct span data)
{
	char topic[SUBJECT] = ALL_SUBJECT;
	natsStatus s = open_inbox(q);

	if (site)
		snprintf(topic, sizeof(topic), SITE_SUBJECT "%s", site);
	if (s == NATS_OK)
		s = natsConnection_PublishRequest(q->nc, topic, q->inbox, data.p, (int)data.n);
	if (s == NATS_OK)
		s = natsConnection_FlushTimeout(q->nc, QUEUE_PATIENCE);
	return queue_status(q, s, "asking") ? -ERR_SYSTEM : 0;
}

int queue_answer(struct queue *q, unsigned int ms, struct queue_item **ret)
{
	natsMsg *msg = NULL;
	natsStatus s = natsSubscription_NextMsg(&msg, q->answers, ms);

	/* Nobody listens: the server says so by an empty message. */
	if (s == NATS_OK && natsMsg_IsNoResponders(msg)) {
		natsMsg_Destroy(msg);
		return -ERR_NONE;
	}
	if (s == NATS_OK)
		*ret = queue_item_of(msg);
	return queue_status(q, s, "waiting for an answer");
}
