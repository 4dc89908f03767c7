/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the error queue of a socket (ip(7), IP_RECVERR). */
#include "net/icmp.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <linux/errqueue.h>

#include "base/err.h"

int icmp_enable(int fd, uint8_t family)
{
	int on = 1, level = family == ADDR_V6 ? IPPROTO_IPV6 : IPPROTO_IP;
	int option = family == ADDR_V6 ? IPV6_RECVERR : IP_RECVERR;

	return setsockopt(fd, level, option, &on, sizeof(on)) == 0 ? 0 : -ERR_SYSTEM;
}

static bool is_error(const struct cmsghdr *c)
{
	return (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
	       (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
}

static void read_error(struct cmsghdr *c, struct icmp_error *ret)
{
	struct sock_extended_err *e = (struct sock_extended_err *)(void *)CMSG_DATA(c);
	struct sockaddr_storage offender = { 0 };

	if (c->cmsg_len < CMSG_LEN(sizeof(*e)))
		return;
	if (e->ee_origin != SO_EE_ORIGIN_ICMP && e->ee_origin != SO_EE_ORIGIN_ICMP6)
		return;
	ret->from_net = true;
	ret->icmp.type = e->ee_type;
	ret->icmp.code = e->ee_code;
	if (c->cmsg_len < CMSG_LEN(sizeof(*e) + sizeof(struct sockaddr_in)))
		return;
	/* Copied with its rest zero: an IPv4 offender is shorter than an IPv6 one. */
	memcpy(&offender, SO_EE_OFFENDER(e),
		c->cmsg_len - CMSG_LEN(sizeof(*e)) < sizeof(offender)
			? c->cmsg_len - CMSG_LEN(sizeof(*e))
			: sizeof(offender));
	ret->icmp.offender = addr_from_sockaddr((const struct sockaddr *)&offender);
	ret->icmp.offender.port = 0;
}

bool icmp_take(int fd, struct icmp_error *ret)
{
	union {
		struct cmsghdr align;
		char bytes[512];
	} control;
	struct sockaddr_storage about = { 0 };
	struct icmp_error e = { 0 };
	struct iovec iov = { e.quote, sizeof(e.quote) };
	struct msghdr m = { .msg_name = &about,
		.msg_namelen = sizeof(about),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT);

	if (n < 0)
		return false;
	e.nquote = (size_t)n;
	if (m.msg_namelen > 0)
		e.about = addr_from_sockaddr((const struct sockaddr *)&about);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		if (is_error(c))
			read_error(c, &e);
	*ret = e;
	return true;
}

bool icmp_errno(int error)
{
	static const int errors[] = { ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ENOPROTOOPT,
		EMSGSIZE, EOPNOTSUPP, EHOSTDOWN, ENONET, EPROTO, EACCES };

	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (errors[i] == error)
			return true;
	return false;
}
