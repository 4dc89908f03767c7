/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks the kernel's routing for source addresses, and names its refusals. */
#include "net/route.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/table.h"

enum {
	FRESH = 5 * 1000 * 1000, /* µs that an answer is believed: addresses come and go */
	NO_FLOW_LABEL = 70,	 /* IPV6_AUTOFLOWLABEL: linux/in6.h and netinet/in.h do not mix */
};

struct refusal {
	int error;
	enum why why;
};

static const struct refusal bind_errors[] = {
	{ EACCES, WHY_PRIVILEGE },
	{ EPERM, WHY_PRIVILEGE },
	{ EADDRINUSE, WHY_PORT_IN_USE },
	{ EADDRNOTAVAIL, WHY_NO_ADDRESS },
	{ ENODEV, WHY_NO_ADDRESS },
	{ EAFNOSUPPORT, WHY_FAMILY },
};

static const struct refusal send_errors[] = {
	{ ENETUNREACH, WHY_NO_ROUTE },
	{ EHOSTUNREACH, WHY_NO_ROUTE },
	{ ENETDOWN, WHY_NO_ROUTE },
	{ EADDRNOTAVAIL, WHY_NO_ROUTE }, /* IPv6 without any address to send from */
	{ EAFNOSUPPORT, WHY_FAMILY },
	/* A drop in netfilter's output hook (nf_hook_slow), or a cgroup's egress program. */
	{ EPERM, WHY_FIREWALL },
};

static enum why find(const struct refusal *v, size_t n, int error)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].error == error)
			return v[i].why;
	return WHY_LOCAL;
}

enum why route_bind_error(int error)
{
	return find(bind_errors, ARRAY_LEN(bind_errors), error);
}

enum why route_send_error(int error)
{
	return find(send_errors, ARRAY_LEN(send_errors), error);
}

/* connect() on UDP sends nothing; it only asks the routing. */
static enum why ask_kernel(const struct addr *server, struct addr *ret)
{
	struct sockaddr_storage sa;
	socklen_t n = addr_to_sockaddr(server, &sa);
	int fd = socket(sa.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	enum why why = WHY_NONE;

	if (fd < 0)
		return route_send_error(errno);
	if (connect(fd, (struct sockaddr *)&sa, n) < 0) {
		why = route_send_error(errno);
		goto out;
	}
	n = sizeof(sa);
	memset(&sa, 0, sizeof(sa));
	if (getsockname(fd, (struct sockaddr *)&sa, &n) < 0)
		why = WHY_LOCAL;
	else
		*ret = addr_with_port(addr_from_sockaddr((struct sockaddr *)&sa), 0);
out:
	close(fd);
	return why;
}

static enum why find_source(
	struct route *r, const struct addr *server, uint64_t now, struct addr *ret)
{
	struct addr host = addr_with_port(*server, 0);
	size_t i = table_hash_addr(&host) % ROUTE_SLOTS;
	enum why why;

	if (r->slots[i].until > now && addr_equal(&r->slots[i].server, &host)) {
		*ret = r->slots[i].source;
		return WHY_NONE;
	}
	why = ask_kernel(server, ret);
	if (why == WHY_NONE) {
		r->slots[i].server = host;
		r->slots[i].source = *ret;
		r->slots[i].until = now + FRESH;
	}
	return why;
}

/* "0.0.0.0" and "::" leave the choice to the kernel, as dig -b has it. */
static bool is_unspecified(const struct addr *a)
{
	static const uint8_t zero[sizeof(a->ip)];

	return memcmp(a->ip, zero, a->family == ADDR_V6 ? 16 : 4) == 0;
}

enum why route_source(struct route *r, const struct ask *ask, uint64_t now, struct addr *ret)
{
	struct addr source = ask->source;
	enum why why = WHY_NONE;

	if (ask->server.family == ADDR_NONE ||
		(source.family != ADDR_NONE && source.family != ask->server.family))
		return WHY_FAMILY;
	if (source.family == ADDR_NONE || is_unspecified(&source))
		why = find_source(r, &ask->server, now, &source);
	if (why != WHY_NONE)
		return why;
	source.port = ask->source.port;
	/* A link-local address means nothing without its link: the server's, when none is said. */
	if (source.family == ADDR_V6 && source.ip[0] == 0xfe && (source.ip[1] & 0xc0) == 0x80 &&
		!source.scope)
		source.scope = ask->server.scope;
	*ret = source;
	return WHY_NONE;
}

void route_no_flow_label(int fd)
{
	int off = 0;

	(void)setsockopt(fd, IPPROTO_IPV6, NO_FLOW_LABEL, &off, sizeof(off));
}

int route_fragment(int fd, uint8_t family, enum ask_df df, int *kernel)
{
	static const struct option {
		int level, name, how[DFS];
	} options[] = {
		{ IPPROTO_IP, IP_MTU_DISCOVER,
			{ [DF_SET] = IP_PMTUDISC_DO, [DF_UNSET] = IP_PMTUDISC_DONT } },
		{ IPPROTO_IPV6, IPV6_MTU_DISCOVER,
			{ [DF_SET] = IPV6_PMTUDISC_DO, [DF_UNSET] = IPV6_PMTUDISC_DONT } },
	};
	const struct option *o = &options[family == ADDR_V6];
	int how = o->how[df];
	socklen_t n = sizeof(*kernel);

	if (*kernel < 0 && getsockopt(fd, o->level, o->name, kernel, &n) < 0)
		return errno;
	if (df == DF_KERNEL)
		how = *kernel;
	return setsockopt(fd, o->level, o->name, &how, sizeof(how)) < 0 ? errno : 0;
}
