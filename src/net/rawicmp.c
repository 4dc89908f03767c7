/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw sockets for ICMP errors, one a family, and the way from what they quote to asks. */
#include "net/rawicmp.h"

#include <linux/capability.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"

enum {
	PACKETS = 16,	    /* read before others have their turn */
	PATIENCE = 3000000, /* µs after which no ICMP error is expected any more */
	PACKET = 4096,	    /* RFC 1812 4.3.2.3: 576 octets; RFC 4443 2.4: 1280 */
	SOL_RAW_SOCKET = 255,
};

struct rawsocket {
	struct rawicmp *owner;
	struct loop_watch watch;
	bool (*read)(struct span packet, struct rawquote *ret);
};

struct rawicmp {
	struct flights *fs;
	struct rawsocket v[2];
	size_t n;
};

static bool same_place(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && a->port == b->port &&
	       memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

static bool fits(const struct flight *f, const struct rawquote *q, uint64_t now)
{
	return !f->unsent && f->obs.id == q->id && same_place(&f->obs.ask.server, &q->to) &&
	       f->obs.sent && (!f->over || f->obs.sent + f->obs.ask.timeout + PATIENCE > now);
}

struct flight *rawicmp_match(const struct flights *fs, const struct rawquote *q, uint64_t now)
{
	struct table_node *n = table_first(&fs->listed, flight_hash(&q->to, q->id));
	struct flight *found = NULL;

	for (; n; n = table_next(n)) {
		if (!fits((struct flight *)n, q, now))
			continue;
		if (found)
			return NULL;
		found = (struct flight *)n;
	}
	return found && !same_place(&found->obs.from, &q->from) ? found : NULL;
}

static void take(struct rawicmp *r, const struct rawquote *q, struct addr offender)
{
	struct flight *f = rawicmp_match(r->fs, q, loop_now());

	if (!f)
		return;
	offender.port = 0;
	flight_quote(r->fs, f, &(struct flight_quote){ { q->type, q->code, offender }, q->from });
}

static bool receive_one(struct rawsocket *s)
{
	struct sockaddr_storage sa = { 0 };
	socklen_t len = sizeof(sa);
	uint8_t packet[PACKET];
	struct rawquote q;
	ssize_t n = recvfrom(s->watch.fd, packet, sizeof(packet), MSG_DONTWAIT | MSG_TRUNC,
		(struct sockaddr *)&sa, &len);

	if (n < 0)
		return false;
	if ((size_t)n <= sizeof(packet) && s->read((struct span){ packet, (size_t)n }, &q))
		take(s->owner, &q, addr_from_sockaddr((struct sockaddr *)&sa));
	return true;
}

static void ready(void *user, uint32_t events)
{
	struct rawsocket *s = user;

	(void)events;
	for (int i = 0; i < PACKETS && receive_one(s); i++)
		;
}

/* Only what can be an error about our packets wakes us. */

static int open_v4(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);
	struct icmp_filter filter = { ~(1U << ICMP_DEST_UNREACH | 1U << ICMP_TIME_EXCEEDED) };

	if (fd >= 0)
		(void)setsockopt(fd, SOL_RAW_SOCKET, ICMP_FILTER, &filter, sizeof(filter));
	return fd;
}

static int open_v6(void)
{
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	struct icmp6_filter filter;

	if (fd < 0)
		return fd;
	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &filter);
	ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &filter);
	(void)setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter));
	return fd;
}

static void add(struct rawicmp *r, int fd, bool (*read)(struct span, struct rawquote *))
{
	struct rawsocket *s = &r->v[r->n];

	if (fd < 0)
		return;
	*s = (struct rawsocket){
		.owner = r, .read = read, .watch = { .ready = ready, .user = s, .fd = fd }
	};
	if (loop_watch(r->fs->loop, &s->watch, EPOLLIN))
		close(fd);
	else
		r->n++;
}

struct rawicmp *rawicmp_new(struct arena *a, struct flights *fs)
{
	struct rawicmp *r = arena_alloc(a, sizeof(*r));

	r->fs = fs;
	add(r, open_v4(), rawquote_read_v4);
	add(r, open_v6(), rawquote_read_v6);
	return r->n ? r : NULL;
}

void rawicmp_free(struct rawicmp *r)
{
	for (size_t i = 0; r && i < r->n; i++) {
		loop_unwatch(r->fs->loop, &r->v[i].watch);
		close(r->v[i].watch.fd);
	}
}

/* capset(2) itself: libcap would be one more thing to install. */
int rawicmp_drop_privilege(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = { 0 };
	uint32_t mask = ~(1U << CAP_NET_RAW);

	if (syscall(SYS_capget, &head, caps) < 0)
		return -ERR_SYSTEM;
	caps[0].effective &= mask;
	caps[0].permitted &= mask;
	caps[0].inheritable &= mask;
	return syscall(SYS_capset, &head, caps) < 0 ? -ERR_SYSTEM : 0;
}
