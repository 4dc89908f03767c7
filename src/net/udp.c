/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bound UDP sockets that asks share, and the way from datagrams to asks. */
#include "net/udp.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "net/icmp.h"
#include "net/quote.h"
#include "base/table.h"

enum {
	PACKETS = 16,	     /* read from one socket before others have their turn */
	REMEMBERED = 8,	     /* asks that are over, per socket, whose late replies are known */
	SEND_TRIES = 4,	     /* when errors of earlier packets are in the way */
	SEND_ATTEMPTS = 100, /* while the kernel's queue is full */
	SEND_PAUSE = 2000,   /* µs between them */
};

struct udp_socket {
	struct table_node node; /* by local */
	struct udp *udp;
	struct addr local;
	struct loop_watch watch;
	struct flight *flights; /* newest first */
	size_t live;		/* of them, not over */
	uint64_t idle_since;
	uint8_t df; /* enum ask_df that the socket is set to */
	int kernel_df;
	struct udp_socket *older, *newer; /* among the idle ones; also chains spare ones */
};

struct udp {
	struct udp_setup setup;
	struct flights *fs;
	struct arena *arena;
	struct table sockets;
	size_t open;
	struct udp_socket *oldest, *newest; /* idle */
	struct udp_socket *spare;
	struct loop_timer linger;
};

static void socket_ready(void *user, uint32_t events);
static void close_lingering(void *user);

struct udp *udp_new(struct arena *a, const struct udp_setup *setup)
{
	struct udp *u = arena_alloc(a, sizeof(*u));

	*u = (struct udp){ .setup = *setup, .fs = setup->flights, .arena = a };
	u->sockets.arena = a;
	u->linger.fire = close_lingering;
	u->linger.user = u;
	return u;
}

/* Idle sockets, in the order in which they became so. */

static void idle_add(struct udp *u, struct udp_socket *s)
{
	s->idle_since = loop_now();
	s->newer = NULL;
	s->older = u->newest;
	*(u->newest ? &u->newest->newer : &u->oldest) = s;
	u->newest = s;
	if (!u->linger.place)
		loop_timer_set(u->fs->loop, &u->linger, s->idle_since + u->setup.linger);
}

static void idle_remove(struct udp *u, struct udp_socket *s)
{
	*(s->older ? &s->older->newer : &u->oldest) = s->newer;
	*(s->newer ? &s->newer->older : &u->newest) = s->older;
	s->older = s->newer = NULL;
}

static void socket_close(struct udp *u, struct udp_socket *s)
{
	struct flight *f = s->flights;

	assert(s->live == 0);
	while (f) {
		struct flight *next = f->next;

		flight_free(u->fs, f);
		f = next;
	}
	loop_unwatch(u->fs->loop, &s->watch);
	close(s->watch.fd);
	ours_close(u->fs->ours, &(struct ours_ends){ .local = s->local });
	table_remove(&u->sockets, &s->node);
	u->open--;
	*s = (struct udp_socket){ .newer = u->spare };
	u->spare = s;
}

bool udp_shed(struct udp *u)
{
	struct udp_socket *s = u->oldest;

	if (!s)
		return false;
	idle_remove(u, s);
	socket_close(u, s);
	return true;
}

static void close_lingering(void *user)
{
	struct udp *u = user;
	uint64_t now = loop_now();

	while (u->oldest && u->oldest->idle_since + u->setup.linger <= now)
		udp_shed(u);
	if (u->oldest)
		loop_timer_set(u->fs->loop, &u->linger, u->oldest->idle_since + u->setup.linger);
}

/* Opening. */

static int open_descriptor(struct udp *u, uint8_t family)
{
	int domain = family == ADDR_V6 ? AF_INET6 : AF_INET;
	int type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, fd;

	while (u->open >= u->setup.most && udp_shed(u))
		;
	fd = socket(domain, type, 0);
	while (fd < 0 && (errno == EMFILE || errno == ENFILE) && udp_shed(u))
		fd = socket(domain, type, 0);
	return fd;
}

static void set_options(int fd, uint8_t family)
{
	int on = 1;

	(void)icmp_enable(fd, family);
	if (family != ADDR_V6)
		return;
	route_no_flow_label(fd);
	(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
}

enum why udp_bind(int fd, struct addr *local)
{
	struct sockaddr_storage sa;
	socklen_t n = addr_to_sockaddr(local, &sa);

	set_options(fd, local->family);
	if (bind(fd, (struct sockaddr *)&sa, n) < 0)
		return route_bind_error(errno);
	n = sizeof(sa);
	if (local->port == 0) {
		if (getsockname(fd, (struct sockaddr *)&sa, &n) < 0)
			return WHY_LOCAL;
		local->port = addr_from_sockaddr((struct sockaddr *)&sa).port;
	}
	return WHY_NONE;
}

static enum why socket_open(struct udp *u, struct addr local, struct udp_socket **ret)
{
	int fd = open_descriptor(u, local.family);
	struct udp_socket *s = u->spare;
	enum why why;

	if (fd < 0)
		return errno == EAFNOSUPPORT ? WHY_FAMILY : WHY_LOCAL;
	why = udp_bind(fd, &local);
	if (why != WHY_NONE) {
		close(fd);
		return why;
	}
	if (s)
		u->spare = s->newer;
	else
		s = arena_alloc(u->arena, sizeof(*s));
	*s = (struct udp_socket){ .udp = u,
		.local = local,
		.watch = { .ready = socket_ready, .user = s, .fd = fd },
		.kernel_df = -1 };
	if (loop_watch(u->fs->loop, &s->watch, EPOLLIN)) {
		close(fd);
		s->newer = u->spare;
		u->spare = s;
		return WHY_LOCAL;
	}
	table_add(&u->sockets, &s->node, table_hash_addr(&local));
	ours_open(u->fs->ours, &(struct ours_ends){ .local = local }, ours_now());
	u->open++;
	*ret = s;
	return WHY_NONE;
}

static struct udp_socket *socket_find(const struct udp *u, const struct addr *local)
{
	struct table_node *n = table_first(&u->sockets, table_hash_addr(local));

	while (n && !addr_equal(&((struct udp_socket *)n)->local, local))
		n = table_next(n);
	return (struct udp_socket *)n;
}

/* Asks on a socket. */

static void socket_forget(struct udp *u, struct udp_socket *s, struct flight *f)
{
	struct flight **at = &s->flights;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	flight_free(u->fs, f);
}

/* Retries of one port are few; what keeps more than a few in mind is a flood of our own. */
static void socket_forget_oldest(struct udp *u, struct udp_socket *s)
{
	struct flight *oldest = NULL;
	size_t over = 0;

	for (struct flight *f = s->flights; f; f = f->next) {
		if (!f->over)
			continue;
		over++;
		oldest = f;
	}
	if (over > REMEMBERED)
		socket_forget(u, s, oldest);
}

/* To be called after whatever may have ended one of the socket's flights. */
static void socket_settle(struct udp_socket *s)
{
	struct udp *u = s->udp;
	size_t live = 0;

	for (struct flight *f = s->flights; f; f = f->next)
		live += !f->over;
	if (live == s->live)
		return;
	s->live = live;
	socket_forget_oldest(u, s);
	if (live == 0)
		idle_add(u, s);
}

/* Ids of asks to one server from one port differ, those that are over included. */
static void draw_id(struct flights *fs, const struct udp_socket *s, struct flight *f)
{
	for (const struct flight *g = s->flights; g;) {
		if (g->obs.id == f->obs.id && addr_equal(&g->obs.ask.server, &f->obs.ask.server)) {
			f->obs.id = (uint16_t)(rng_u64(fs->rng) >> 48);
			g = s->flights;
			continue;
		}
		g = g->next;
	}
}

static void socket_board(struct udp_socket *s, struct flight *f)
{
	if (s->live == 0 && (s->older || s->newer || s->udp->oldest == s))
		idle_remove(s->udp, s);
	draw_id(s->udp->fs, s, f);
	flight_list(s->udp->fs, f);
	f->holder = s;
	f->next = s->flights;
	s->flights = f;
	s->live++;
	f->obs.from = s->local;
}

/* Errors. */

static void take_errors(struct udp_socket *s)
{
	struct icmp_error e;

	for (int i = 0; i < PACKETS && icmp_take(s->watch.fd, &e); i++) {
		struct quote_match m = { NULL, NULL };

		if (e.from_net)
			m = quote_match(s->flights, &e, loop_now());
		if (m.about) {
			m.about->obs.icmp = e.icmp;
			flight_over(s->udp->fs, m.about, OUTCOME_ICMP);
		} else if (m.doubt) {
			flight_stray(s->udp->fs, m.doubt,
				(struct flight_stray){ .why = WHY_STRAY_ICMP,
					.sender = &e.icmp.offender,
					.icmp = &e.icmp });
		}
	}
}

/* Sending. */

/* The TTL goes with the packet, since asks with several TTLs may share the socket. */
static ssize_t send_packet(const struct udp_socket *s, const struct flight *f, struct buf query)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct sockaddr_storage to;
	struct iovec iov = { query.p, query.n };
	struct msghdr m = { .msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1 };
	bool v6 = f->obs.ask.server.family == ADDR_V6;
	int ttl = f->obs.ask.ttl;

	m.msg_namelen = addr_to_sockaddr(&f->obs.ask.server, &to);
	if (ttl) {
		m.msg_control = &control;
		m.msg_controllen = sizeof(control);
		control.header.cmsg_level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
		control.header.cmsg_type = v6 ? IPV6_HOPLIMIT : IP_TTL;
		control.header.cmsg_len = CMSG_LEN(sizeof(ttl));
		memcpy(CMSG_DATA(&control.header), &ttl, sizeof(ttl));
	}
	return sendmsg(s->watch.fd, &m, MSG_NOSIGNAL);
}

/* 0 or an errno. Errors of earlier packets wait on the socket and are no fault of this one. */
static int try_send(struct udp_socket *s, const struct flight *f, struct buf query)
{
	uint8_t df = f->obs.ask.df;
	int error = 0;

	/* Others that share the socket may want it otherwise. */
	if (s->df != df)
		error = route_fragment(
			s->watch.fd, s->local.family, (enum ask_df)df, &s->kernel_df);
	if (error)
		return error;
	s->df = df;
	for (int i = 0; i < SEND_TRIES; i++) {
		if (send_packet(s, f, query) >= 0)
			return 0;
		error = errno;
		if (!icmp_errno(error) && error != EINTR)
			return error;
		take_errors(s);
	}
	return error;
}

static void timer_fires(void *user);

static void launch(struct udp *u, struct flight *f)
{
	struct udp_socket *s = f->holder;
	struct buf query = flight_query(u->fs, f, false);
	int error;

	f->timer.fire = timer_fires;
	f->timer.user = f;
	f->unsent = true;
	f->obs.sent = loop_now();
	error = try_send(s, f, query);
	if (error == 0) {
		f->unsent = false;
		loop_timer_set(u->fs->loop, &f->timer, f->obs.sent + f->obs.ask.timeout);
	} else if ((error == ENOBUFS || error == EAGAIN) && f->attempts < SEND_ATTEMPTS) {
		f->attempts++;
		loop_timer_set(u->fs->loop, &f->timer, f->obs.sent + SEND_PAUSE);
	} else {
		flight_not_sent(u->fs, f, route_send_error(error));
	}
	socket_settle(s);
}

static void timer_fires(void *user)
{
	struct flight *f = user;
	struct udp_socket *s = f->holder;

	if (f->unsent) {
		launch(s->udp, f);
		return;
	}
	flight_over(s->udp->fs, f, OUTCOME_TIMEOUT);
	socket_settle(s);
}

void udp_send(struct udp *u, struct flight *f)
{
	struct udp_socket *s = NULL;
	struct addr local;
	enum why why = route_source(u->setup.route, &f->obs.ask, loop_now(), &local);

	if (why == WHY_NONE && local.port)
		s = socket_find(u, &local);
	if (why == WHY_NONE && !s)
		why = socket_open(u, local, &s);
	if (why != WHY_NONE) {
		flight_not_sent(u->fs, f, why);
		flight_free(u->fs, f);
		return;
	}
	socket_board(s, f);
	launch(u, f);
}

/* Receiving. */

/* The flight whose reply it may be; else one that can bear it as a stray, and why. */
static struct flight *find_flight(const struct udp_socket *s, const struct addr *sender,
	struct span packet, enum why *ret_why)
{
	struct flight *same = NULL, *any = NULL;
	bool known = false;

	*ret_why = WHY_NONE;
	for (struct flight *f = s->flights; f; f = f->next) {
		bool from = addr_equal(&f->obs.ask.server, sender);

		if (from && match_is_reply(packet) && match_id(packet) == f->obs.id)
			return f;
		known |= from;
		if (!f->over)
			*(from ? &same : &any) = f;
	}
	if (same) {
		*ret_why = packet.n < FACTS_HEADER  ? WHY_STRAY_NOISE
			   : match_is_reply(packet) ? WHY_STRAY_ID
						    : WHY_STRAY_QUERY;
		return same;
	}
	*ret_why = WHY_STRAY_SOURCE;
	/* A server whose asks are over may repeat itself: no news. */
	return known ? NULL : any;
}

static bool receive_one(struct udp_socket *s)
{
	struct flights *fs = s->udp->fs;
	struct sockaddr_storage sa = { 0 };
	socklen_t len = sizeof(sa);
	ssize_t n = recvfrom(
		s->watch.fd, fs->packet, sizeof(fs->packet), 0, (struct sockaddr *)&sa, &len);
	struct addr sender;
	struct span packet;
	struct flight *f;
	enum why why;

	/* An error of an earlier packet is told once here; the error queue has the rest. */
	if (n < 0)
		return icmp_errno(errno) || errno == EINTR;
	sender = addr_from_sockaddr((struct sockaddr *)&sa);
	packet = (struct span){ fs->packet, (size_t)n };
	f = find_flight(s, &sender, packet, &why);
	if (f && why == WHY_NONE)
		flight_receive(fs, f, packet);
	else if (f)
		flight_stray(fs, f, (struct flight_stray){ why, &sender, packet, NULL });
	return true;
}

static void socket_ready(void *user, uint32_t events)
{
	struct udp_socket *s = user;

	if (events & EPOLLERR)
		take_errors(s);
	/*
	 * Also reads, and so clears, an error that found no room in the queue. When nothing is
	 * in flight any more, the loop calls again in the rare case that there is more to read.
	 */
	for (int i = 0; i < PACKETS && receive_one(s); i++) {
		socket_settle(s);
		if (s->live == 0)
			return;
	}
	socket_settle(s);
}

void udp_free(struct udp *u)
{
	if (!u)
		return;
	loop_timer_cancel(u->fs->loop, &u->linger);
	for (size_t i = 0; i < u->sockets.size; i++)
		for (struct table_node *n = u->sockets.buckets[i]; n; n = n->next) {
			const struct udp_socket *s = (const struct udp_socket *)n;

			close(s->watch.fd);
			ours_close(u->fs->ours, &(struct ours_ends){ .local = s->local });
		}
	u->sockets = (struct table){ 0 };
}
