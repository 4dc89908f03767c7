/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UDP asks in bulk over a few sockets. */
#include "net/pooled.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "net/icmp.h"
#include "net/match.h"
#include "net/quote.h"
#include "net/udp.h"

enum {
	BATCH = 32,	  /* datagrams a call of the kernel */
	QUERY = 512,	  /* octets of a query: name 255, header, EDNS and options fit */
	ROUNDS = 4,	  /* batches read from one socket before others have their turn */
	BUFFER = 4 << 20, /* octets that wait in the kernel for us; more than it grants others */
	PATIENCE = 20,	  /* ms for the kernel to make room… */
	ATTEMPTS = 50,	  /* … so often */
	DRAWS = 100,	  /* of an id that is free, where most are taken */
	ERRORS = 64,	  /* of a socket's queue, read at once */
	LINGER = 3000000, /* µs after its time-out in which a late reply is told… */
	LINGERING = 8192, /* … of so many asks at most */
	/* Packets a round number of pages apart would all fall into a few lines of the caches. */
	APART = FLIGHT_PACKET + 320,
};

struct pooled_socket {
	struct pooled *pool;
	struct loop_watch watch;
	struct addr local;
};

/* What waits to be sent. */
struct batch {
	size_t n;
	struct flight *flights[BATCH];
	struct mmsghdr out[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_storage to[BATCH];
	uint8_t queries[BATCH][QUERY];
};

/* The sockets of one local address. */
struct group {
	struct group *next;
	struct addr local; /* port 0 */
	struct pooled_socket *sockets[POOLED_SOCKETS];
	size_t n, turn; /* turn: whose batch is being filled */
	struct batch batch;
};

/* The name of an ask that is over: that of its question is whoever's asked. */
struct kept_name {
	struct name name; /* first: a question points here */
	struct kept_name *next;
};

struct pooled {
	struct arena *arena;
	struct flights *fs;
	struct route *route;
	struct group *groups;
	size_t lingering;
	struct kept_name *spare;
	/* The last one that was looked for, and for what: holds until the loop has waited again. */
	struct {
		struct addr server, source;
		struct group *group;
		uint64_t at;
	} latest;
	struct mmsghdr in[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_storage from[BATCH];
	uint8_t packets[BATCH][APART];
};

static void socket_ready(void *user, uint32_t events);

struct pooled *pooled_new(struct arena *a, struct flights *fs, struct route *route)
{
	struct pooled *p = arena_alloc(a, sizeof(*p));

	p->arena = a;
	p->fs = fs;
	p->route = route;
	for (size_t i = 0; i < BATCH; i++) {
		p->iov[i] = (struct iovec){ p->packets[i], FLIGHT_PACKET };
		p->in[i].msg_hdr = (struct msghdr){
			.msg_name = &p->from[i], .msg_iov = &p->iov[i], .msg_iovlen = 1
		};
	}
	return p;
}

bool pooled_takes(const struct ask *ask)
{
	return ask->transport == TRANSPORT_UDP && !ask->source.port && !ask->ttl && !ask->df &&
	       !ask->shape.key && !ask->transfer;
}

/* Opening. */

static void want_room(int fd)
{
	int octets = BUFFER;

	/* Beyond the kernel's bound for the privileged; what others get is told by nobody. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
}

static enum why open_socket(struct pooled *p, struct group *group)
{
	struct addr local = group->local;
	int domain = local.family == ADDR_V6 ? AF_INET6 : AF_INET;
	int fd = socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pooled_socket *s;
	enum why why;

	if (fd < 0)
		return errno == EAFNOSUPPORT ? WHY_FAMILY : WHY_LOCAL;
	why = udp_bind(fd, &local);
	if (why != WHY_NONE) {
		close(fd);
		return why;
	}
	want_room(fd);
	s = arena_alloc(p->arena, sizeof(*s));
	s->pool = p;
	s->watch = (struct loop_watch){ .ready = socket_ready, .user = s, .fd = fd };
	if (loop_watch(p->fs->loop, &s->watch, EPOLLIN)) {
		close(fd);
		return WHY_LOCAL;
	}
	s->local = local;
	group->sockets[group->n++] = s;
	ours_open(p->fs->ours, &(struct ours_ends){ .local = local }, ours_now());
	return WHY_NONE;
}

/* Opens as many as there may be; the first that cannot be opened ends it, and one is enough. */
static struct group *group_new(struct pooled *p, const struct addr *local, enum why *ret_why)
{
	struct group *group = arena_alloc(p->arena, sizeof(*group));

	group->local = *local;
	*ret_why = WHY_NONE;
	while (group->n < POOLED_SOCKETS && *ret_why == WHY_NONE)
		*ret_why = open_socket(p, group);
	if (!group->n)
		return NULL;
	group->next = p->groups;
	p->groups = group;
	return group;
}

static struct group *find_group(struct pooled *p, const struct ask *ask, enum why *ret_why)
{
	struct addr local;
	struct group *group = p->groups;

	*ret_why = route_source(p->route, ask, loop_latest(p->fs->loop), &local);
	if (*ret_why != WHY_NONE)
		return NULL;
	while (group && !addr_equal(&group->local, &local))
		group = group->next;
	return group ? group : group_new(p, &local, ret_why);
}

static struct group *group_of(struct pooled *p, const struct ask *ask, enum why *ret_why)
{
	uint64_t now = loop_latest(p->fs->loop);

	if (p->latest.group && p->latest.at == now && addr_equal(&p->latest.server, &ask->server) &&
		addr_equal(&p->latest.source, &ask->source))
		return p->latest.group;
	p->latest.group = find_group(p, ask, ret_why);
	p->latest.server = ask->server;
	p->latest.source = ask->source;
	p->latest.at = now;
	return p->latest.group;
}

/* Asks under way. */

/* The ask to that server with that id on the socket; NULL: none. */
static struct flight *find(const struct pooled_socket *s, const struct addr *server, uint16_t id)
{
	struct table_node *n = table_first(&s->pool->fs->listed, flight_hash(server, id));

	for (; n; n = table_next(n)) {
		struct flight *f = (struct flight *)n;

		if (f->holder == s && f->obs.id == id && addr_equal(&f->obs.ask.server, server))
			return f;
	}
	return NULL;
}

/* Ids of asks to one server from one socket differ; false: hardly any is left. */
static bool draw_id(const struct pooled_socket *s, struct flight *f)
{
	for (int i = 0; i < DRAWS; i++) {
		if (!find(s, &f->obs.ask.server, f->obs.id))
			return true;
		f->obs.id = (uint16_t)(rng_u64(s->pool->fs->rng) >> 48);
	}
	return false;
}

static void not_sent(struct pooled_socket *s, struct flight *f, enum why why)
{
	flight_not_sent(s->pool->fs, f, why);
	flight_free(s->pool->fs, f);
}

static void take_errors(struct pooled_socket *s)
{
	struct flights *fs = s->pool->fs;
	struct icmp_error e;

	for (int i = 0; i < ERRORS && icmp_take(s->watch.fd, &e); i++) {
		struct flight *f = NULL;

		/* One that quotes no id may be about any of many. */
		if (e.from_net && e.nquote >= sizeof(uint16_t))
			f = find(s, &e.about, match_id((struct span){ e.quote, e.nquote }));
		if (!f || f->over)
			continue;
		f->obs.icmp = e.icmp;
		flight_over(fs, f, OUTCOME_ICMP);
		flight_free(fs, f);
	}
}

/* So that a late reply is known; false: there are too many such. */
static bool linger(struct pooled *p, struct flight *f)
{
	struct kept_name *kept = p->spare;

	if (p->lingering == LINGERING || !f->obs.ask.question.name)
		return false;
	if (kept)
		p->spare = kept->next;
	else
		kept = arena_alloc(p->arena, sizeof(*kept));
	name_set(&kept->name, f->obs.ask.question.name);
	f->obs.ask.question.name = &kept->name;
	f->lingers = true;
	p->lingering++;
	loop_timer_set(p->fs->loop, &f->timer, loop_now() + LINGER);
	return true;
}

static void release(struct pooled *p, struct flight *f)
{
	if (f->lingers) {
		struct kept_name *kept = (struct kept_name *)f->obs.ask.question.name;

		kept->next = p->spare;
		p->spare = kept;
		p->lingering--;
	}
	flight_free(p->fs, f);
}

static void timer_fires(void *user)
{
	struct flight *f = user;
	struct pooled *p = ((struct pooled_socket *)f->holder)->pool;

	if (!f->over)
		flight_over(p->fs, f, OUTCOME_TIMEOUT);
	if (f->lingers || f->settled || !linger(p, f))
		release(p, f);
}

/* Sending. */

static void shift(struct batch *b, size_t n)
{
	b->n -= n;
	if (!b->n)
		return;
	memmove(b->flights, b->flights + n, b->n * sizeof(b->flights[0]));
	memmove(b->to, b->to + n, b->n * sizeof(b->to[0]));
	memmove(b->queries, b->queries + n, b->n * sizeof(b->queries[0]));
	for (size_t i = 0; i < b->n; i++) {
		b->iov[i].iov_len = b->iov[i + n].iov_len;
		b->out[i].msg_hdr.msg_namelen = b->out[i + n].msg_hdr.msg_namelen;
	}
}

/* The kernel took so many of what waits; their time runs from now on. */
static void sent(struct loop *loop, struct batch *b, size_t n)
{
	uint64_t now = loop_now();

	for (size_t i = 0; i < n; i++) {
		struct flight *f = b->flights[i];

		f->unsent = false;
		f->obs.sent = now;
		loop_timer_set(loop, &f->timer, now + f->obs.ask.timeout);
	}
	shift(b, n);
}

/* The first of what waits was refused with an errno: the kernel gets time, or the ask is over. */
static void refused(struct pooled_socket *s, struct batch *b, int *attempts)
{
	struct pollfd p = { .fd = s->watch.fd, .events = POLLOUT };
	struct flight *first = b->flights[0];
	int error = errno;

	if (*attempts < ATTEMPTS) {
		++*attempts;
		/* Errors of earlier packets wait on the socket and are no fault of this one. */
		if (icmp_errno(error) || error == EINTR) {
			take_errors(s);
			return;
		}
		if (error == EAGAIN || error == ENOBUFS) {
			(void)poll(&p, 1, PATIENCE);
			return;
		}
	}
	shift(b, 1);
	not_sent(s, first, route_send_error(error));
}

/* Sends the batch from the socket whose turn it is; the next one is another's. */
static void flush(struct group *group)
{
	struct pooled_socket *s = group->sockets[group->turn];
	struct batch *b = &group->batch;
	int attempts = 0;

	while (b->n) {
		int n = sendmmsg(s->watch.fd, b->out, (unsigned int)b->n, MSG_NOSIGNAL);

		if (n > 0)
			sent(s->pool->fs->loop, b, (size_t)n);
		else
			refused(s, b, &attempts);
	}
	group->turn = (group->turn + 1) % group->n;
}

static void enqueue(struct flights *fs, struct batch *b, struct flight *f)
{
	size_t i = b->n;
	struct buf query = { .arena = fs->scratch, .p = (char *)b->queries[i], .cap = QUERY };

	flight_put_query(fs, f, &query);
	assert(query.p == (char *)b->queries[i]);
	b->iov[i] = (struct iovec){ b->queries[i], query.n };
	b->out[i].msg_hdr = (struct msghdr){
		.msg_name = &b->to[i],
		.msg_namelen = addr_to_sockaddr(&f->obs.ask.server, &b->to[i]),
		.msg_iov = &b->iov[i],
		.msg_iovlen = 1,
	};
	b->flights[i] = f;
	b->n++;
}

void pooled_send(struct pooled *p, struct flight *f)
{
	enum why why = WHY_NONE;
	struct group *group = group_of(p, &f->obs.ask, &why);
	struct pooled_socket *s;

	if (!group) {
		flight_not_sent(p->fs, f, why);
		flight_free(p->fs, f);
		return;
	}
	s = group->sockets[group->turn];
	if (!draw_id(s, f)) {
		not_sent(s, f, WHY_LOCAL);
		return;
	}
	f->holder = s;
	f->unsent = true;
	f->obs.from = s->local;
	f->timer.fire = timer_fires;
	f->timer.user = f;
	flight_list(p->fs, f);
	enqueue(p->fs, &group->batch, f);
	if (group->batch.n == BATCH)
		flush(group);
}

bool pooled_flush(struct pooled *p)
{
	bool any = false;

	for (struct group *group = p->groups; group; group = group->next) {
		if (!group->batch.n)
			continue;
		any = true;
		flush(group);
	}
	return any;
}

/* Receiving. */

static void take(struct pooled_socket *s, const struct addr *sender, struct span packet)
{
	struct flights *fs = s->pool->fs;
	struct flight *f = NULL;

	if (match_is_reply(packet))
		f = find(s, sender, match_id(packet));
	if (!f || f->unsent) {
		fs->strays++;
		return;
	}
	flight_receive(fs, f, packet);
	if (f->settled)
		release(s->pool, f);
}

/* A batch; false: there is no more for now. */
static bool receive(struct pooled_socket *s)
{
	struct pooled *p = s->pool;
	int n;

	for (size_t i = 0; i < BATCH; i++)
		p->in[i].msg_hdr.msg_namelen = sizeof(p->from[i]);
	n = recvmmsg(s->watch.fd, p->in, BATCH, MSG_DONTWAIT, NULL);
	/* An error of an earlier packet is told once here; the error queue has the rest. */
	if (n < 0)
		return icmp_errno(errno) || errno == EINTR;
	p->fs->batch = loop_now();
	for (int i = 0; i < n; i++) {
		struct addr sender = addr_from_sockaddr((struct sockaddr *)&p->from[i]);

		take(s, &sender, (struct span){ p->packets[i], p->in[i].msg_len });
	}
	p->fs->batch = 0;
	return n == BATCH;
}

static void socket_ready(void *user, uint32_t events)
{
	struct pooled_socket *s = user;

	if (events & EPOLLERR)
		take_errors(s);
	for (int i = 0; i < ROUNDS && receive(s); i++)
		;
}

static void close_socket(struct pooled_socket *s)
{
	close(s->watch.fd);
	ours_close(s->pool->fs->ours, &(struct ours_ends){ .local = s->local });
}

void pooled_free(struct pooled *p)
{
	for (struct group *group = p ? p->groups : NULL; group; group = group->next)
		for (size_t i = 0; i < group->n; i++)
			close_socket(group->sockets[i]);
}
