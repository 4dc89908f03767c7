/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes TCP connections, and names their failures. */
#include "net/connect.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "net/icmp.h"
#include "net/loop.h"

/*
 * What the kernel says of a connection that failed, where no error queue tells more: the outcome,
 * and the ICMP type and code that the errno most likely stands for (RFC 792, RFC 4443).
 */
static const struct failure {
	int error;
	uint8_t outcome;
	struct {
		uint8_t type, code;
	} v4, v6;
} failures[] = {
	{ ECONNRESET, OUTCOME_RESET, { 0, 0 }, { 0, 0 } },
	{ EPIPE, OUTCOME_RESET, { 0, 0 }, { 0, 0 } },
	{ ETIMEDOUT, OUTCOME_TIMEOUT, { 0, 0 }, { 0, 0 } },
	{ ENETUNREACH, OUTCOME_ICMP, { 3, 0 }, { 1, 0 } },
	{ EHOSTUNREACH, OUTCOME_ICMP, { 3, 1 }, { 1, 3 } },
	{ ENOPROTOOPT, OUTCOME_ICMP, { 3, 2 }, { 4, 1 } },
	{ EHOSTDOWN, OUTCOME_ICMP, { 3, 7 }, { 1, 3 } },
	{ EACCES, OUTCOME_ICMP, { 3, 13 }, { 1, 1 } },
};

/* Newer kernels queue ICMP errors for TCP too, as they came. */
bool connect_take_icmp(int fd, struct icmp *ret)
{
	struct icmp_error e;

	while (icmp_take(fd, &e)) {
		if (!e.from_net)
			continue;
		*ret = e.icmp;
		return true;
	}
	return false;
}

struct connect_end connect_failure(int fd, int error, const struct addr *server, bool connected)
{
	bool v6 = server->family == ADDR_V6;
	struct connect_end end = { .outcome = OUTCOME_RESET };

	if (connect_take_icmp(fd, &end.icmp)) {
		end.outcome = OUTCOME_ICMP;
		return end;
	}
	if (error == ECONNREFUSED && !connected)
		end.outcome = OUTCOME_REFUSED;
	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		const struct failure *f = &failures[i];

		if (f->error != error)
			continue;
		end.outcome = (enum outcome)f->outcome;
		end.icmp.type = v6 ? f->v6.type : f->v4.type;
		end.icmp.code = v6 ? f->v6.code : f->v4.code;
		break;
	}
	return end;
}

/*
 * It ends with a reset (RFC 9293 3.10.4, linger 0 in socket(7)), which leaves no TIME_WAIT on
 * either side: its port can be used again at once.
 */
static void set_reset(int fd)
{
	struct linger reset = { .l_onoff = 1 };

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

/* The kernel repeats the SYN once only, 1 s after the first (RFC 6298 2.1, tcp(7)). */
static void set_fleeting(int fd)
{
	int once = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &once, sizeof(once));
}

static void set_options(int fd, const struct ask *ask)
{
	bool v6 = ask->server.family == ADDR_V6;
	int on = 1, ttl = ask->ttl;

	(void)icmp_enable(fd, ask->server.family);
	/* A port whose last connection is in TIME_WAIT may connect elsewhere. */
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (ask->connect_only)
		set_fleeting(fd);
	/* A port that was given is asked from again, in a sweep and in an isolation. */
	if (ask->connect_only || (ask->source.port && !ask->stream))
		set_reset(fd);
	/* What is written leaves at once, in a segment of its own (RFC 9293 3.7.4 is Nagle's). */
	if (ask->split || ask->stream || ask->transport != TRANSPORT_TCP)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (v6)
		route_no_flow_label(fd);
	if (ttl)
		(void)setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
			v6 ? IPV6_UNICAST_HOPS : IP_TTL, &ttl, sizeof(ttl));
}

/* To the address that the kernel would take: others may hold the port on other addresses. */
static enum why bind_source(struct route *route, int fd, const struct ask *ask)
{
	struct addr source;
	struct sockaddr_storage sa;
	enum why why = WHY_NONE;
	socklen_t n;

	if (ask->source.family == ADDR_NONE && ask->source.port == 0)
		return WHY_NONE;
	why = route_source(route, ask, loop_now(), &source);
	if (why != WHY_NONE)
		return why;
	n = addr_to_sockaddr(&source, &sa);
	if (bind(fd, (struct sockaddr *)&sa, n) < 0)
		return route_bind_error(errno);
	return WHY_NONE;
}

static enum why start(int fd, const struct ask *ask)
{
	struct sockaddr_storage sa;
	socklen_t n = addr_to_sockaddr(&ask->server, &sa);

	if (connect(fd, (struct sockaddr *)&sa, n) == 0 || errno == EINPROGRESS)
		return WHY_NONE;
	/* Here it means that a connection of these very ends is open or in TIME_WAIT. */
	if (errno == EADDRNOTAVAIL && ask->source.port)
		return WHY_PORT_WAITS;
	return route_send_error(errno);
}

enum why connect_start(struct route *route, const struct ask *ask, int *ret_fd)
{
	int domain = ask->server.family == ADDR_V6 ? AF_INET6 : AF_INET, fd;
	enum why why;

	if (ask->server.family == ADDR_NONE ||
		(ask->source.family != ADDR_NONE && ask->source.family != ask->server.family))
		return WHY_FAMILY;
	fd = socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno == EAFNOSUPPORT ? WHY_FAMILY : WHY_LOCAL;
	set_options(fd, ask);
	why = bind_source(route, fd, ask);
	if (why == WHY_NONE)
		why = start(fd, ask);
	if (why == WHY_NONE)
		*ret_fd = fd;
	else
		close(fd);
	return why;
}
