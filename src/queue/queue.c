/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection to NATS, and what is done with single messages. */
#include "queue/queue.h"

#include <stdio.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/err.h"
#include "queue/queue_nats.h"

enum {
	RECONNECT_WAIT = 250, /* ms */
	HEAD_ROOM = 4096,     /* octets of a message that subject and headers may have */
	URLS = 16,
	ROOM_MOST = 1 << 20, /* octets, though a server may take more */
};

bool queue_built(void)
{
	return true;
}

/* By itself the library goes on in the clear when a server of a tls:// URL offers none. */
static natsStatus set_secure(natsOptions *o, const char *url)
{
	static const char scheme[] = "tls://";

	return strncasecmp(url, scheme, strlen(scheme)) == 0 ? natsOptions_SetSecure(o, true)
							     : NATS_OK;
}

/* Several servers are one word with commas. */
static natsStatus set_urls(struct arena *a, natsOptions *o, const char *text)
{
	const char *urls[URLS];
	char *save = NULL, *copy = arena_str(a, text);
	natsStatus s = NATS_OK;
	int n = 0;

	for (char *u = strtok_r(copy, ",", &save); u && n < URLS && s == NATS_OK;
		u = strtok_r(NULL, ",", &save)) {
		urls[n++] = u;
		s = set_secure(o, u);
	}
	if (s != NATS_OK)
		return s;
	return n ? natsOptions_SetServers(o, urls, n) : NATS_INVALID_ARG;
}

/* What is not allowed is never answered: it is told beside. */
static void on_error(natsConnection *nc, natsSubscription *sub, natsStatus error, void *user)
{
	struct queue *q = user;

	(void)nc;
	(void)sub;
	if (error == NATS_NOT_PERMITTED)
		q->denied = true;
}

static natsStatus set_options(
	struct arena *a, const struct queue_conf *c, struct queue *q, natsOptions *o)
{
	natsStatus s = set_urls(a, o, c->urls);

	if (s == NATS_OK)
		s = natsOptions_SetErrorHandler(o, on_error, q);
	if (s == NATS_OK)
		s = natsOptions_SetName(o, c->name);
	if (s == NATS_OK)
		s = natsOptions_SetTimeout(o, QUEUE_PATIENCE);
	/* For ever: an outage of the queue is no end of the work. */
	if (s == NATS_OK)
		s = natsOptions_SetMaxReconnect(o, -1);
	if (s == NATS_OK)
		s = natsOptions_SetReconnectWait(o, RECONNECT_WAIT);
	if (s == NATS_OK && c->creds)
		s = natsOptions_SetUserCredentialsFromFiles(o, c->creds, NULL);
	if (s == NATS_OK && c->ca)
		s = natsOptions_LoadCATrustedCertificates(o, c->ca);
	return s;
}

static natsStatus connect_to(struct arena *a, const struct queue_conf *c, struct queue *q)
{
	natsOptions *o = NULL;
	jsOptions jo;
	natsStatus s = natsOptions_Create(&o);

	if (s == NATS_OK)
		s = set_options(a, c, q, o);
	if (s == NATS_OK)
		s = natsConnection_Connect(&q->nc, o);
	jsOptions_Init(&jo);
	jo.Wait = QUEUE_PATIENCE;
	if (s == NATS_OK)
		s = natsConnection_JetStream(&q->js, q->nc, &jo);
	natsOptions_Destroy(o);
	return s;
}

/* The URL may hold a password: it is not quoted, nor are the library's own words, which do so. */
static const char *why_not(struct arena *a, const struct queue_conf *conf, natsStatus s)
{
	if (conf->ca && access(conf->ca, R_OK) < 0)
		return arena_printf(a, "%s, of --queue-ca: %s", conf->ca, strerror(errno));
	if (conf->creds && access(conf->creds, R_OK) < 0)
		return arena_printf(a, "%s, of --queue-creds: %s", conf->creds, strerror(errno));
	if (s == NATS_CONNECTION_AUTH_FAILED)
		return "the server does not let in who comes with these credentials, or with none";
	if (conf->creds && (s == NATS_ERR || s == NATS_NOT_FOUND))
		return arena_printf(
			a, "%s, of --queue-creds: no token and key of NATS", conf->creds);
	if (s == NATS_SSL_ERROR)
		return "its certificate is not of an authority known here (--queue-ca FILE), or "
		       "not for that name";
	if (s == NATS_SECURE_CONNECTION_WANTED)
		return "tls:// was asked for, and the server has no TLS";
	return natsStatus_GetText(s);
}

int queue_open(
	struct arena *a, const struct queue_conf *conf, struct queue **ret, const char **ret_why)
{
	struct queue *q = calloc(1, sizeof(*q));
	natsStatus s;

	if (!q)
		err_no_memory();
	q->replicas = conf->replicas ? conf->replicas : 1;
	s = nats_Open(-1);
	if (s == NATS_OK)
		s = connect_to(a, conf, q);
	if (s == NATS_OK) {
		*ret = q;
		return 0;
	}
	*ret_why = why_not(a, conf, s);
	queue_close(q);
	return -ERR_SYSTEM;
}

void queue_close(struct queue *q)
{
	if (!q)
		return;
	natsSubscription_Destroy(q->jobs);
	natsSubscription_Destroy(q->results);
	natsSubscription_Destroy(q->own);
	natsSubscription_Destroy(q->all);
	natsSubscription_Destroy(q->answers);
	natsInbox_Destroy(q->inbox);
	jsCtx_Destroy(q->js);
	natsConnection_Destroy(q->nc);
	free(q);
	nats_Close();
}

const char *queue_why(const struct queue *q)
{
	return q->why;
}

size_t queue_room(const struct queue *q)
{
	int64_t most = natsConnection_GetMaxPayload(q->nc);

	if (most > ROOM_MOST)
		most = ROOM_MOST;
	return most > 2 * HEAD_ROOM ? (size_t)(most - HEAD_ROOM) : HEAD_ROOM;
}

int queue_status(struct queue *q, natsStatus s, const char *what)
{
	natsStatus last = NATS_OK;
	const char *words = nats_GetLastError(&last);

	/* Of an earlier call, perhaps. */
	if (last != s)
		words = NULL;
	if (s == NATS_OK)
		return 0;
	if (s == NATS_TIMEOUT && atomic_exchange(&q->denied, false))
		snprintf(q->why, sizeof(q->why),
			"%s: these credentials do not allow it (doc/queue.md has the subjects)",
			what);
	else if (s == NATS_TIMEOUT)
		snprintf(q->why, sizeof(q->why), "%s: no answer in time", what);
	else if (s == NATS_NO_RESPONDERS)
		snprintf(q->why, sizeof(q->why),
			"%s: the server has no JetStream, or no leader yet", what);
	else
		snprintf(q->why, sizeof(q->why), "%s: %s", what,
			words && *words ? words : natsStatus_GetText(s));
	return s == NATS_TIMEOUT ? -ERR_NONE : -ERR_SYSTEM;
}

/* Messages. */

struct queue_item *queue_item_of(natsMsg *msg)
{
	struct queue_item *i = malloc(sizeof(*i));

	if (!i)
		err_no_memory();
	i->msg = msg;
	return i;
}

void queue_drop(struct queue_item *i)
{
	natsMsg_Destroy(i->msg);
	free(i);
}

struct span queue_data(const struct queue_item *i)
{
	return (struct span){ (const uint8_t *)natsMsg_GetData(i->msg),
		(size_t)natsMsg_GetDataLength(i->msg) };
}

uint64_t queue_handed(const struct queue_item *i)
{
	jsMsgMetaData *meta = NULL;
	uint64_t n = 1;

	if (natsMsg_GetMetaData(&meta, i->msg) == NATS_OK)
		n = meta->NumDelivered;
	jsMsgMetaData_Destroy(meta);
	return n;
}

bool queue_ack(struct queue_item *i)
{
	bool said = natsMsg_AckSync(i->msg, NULL, NULL) == NATS_OK;

	queue_drop(i);
	return said;
}

void queue_back(struct queue_item *i)
{
	natsMsg_Nak(i->msg, NULL);
	queue_drop(i);
}

bool queue_extend(struct queue_item *i)
{
	return natsMsg_InProgress(i->msg, NULL) == NATS_OK;
}
