/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query over loopback, seen on its way; without CAP_NET_RAW only that this is said. */
#include "net/capture.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "tap.h"

enum { PATIENCE = 10000 }; /* ms; a packet over loopback takes none */

static const char query[] = "dnsfault: is this captured?";
static unsigned int found;

static void take(void *user, const struct capture_packet *p)
{
	(void)user;
	if (p->at && memmem(p->bytes.p, p->bytes.n, query, sizeof(query)))
		found++;
}

static bool send_query(void)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(53), .sin_addr = { htonl(INADDR_LOOPBACK) }
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool sent = sendto(fd, query, sizeof(query), 0, (struct sockaddr *)&to, sizeof(to)) > 0;

	close(fd);
	return sent;
}

static void look(struct arena *a, const char *device)
{
	struct capture *c = NULL;
	const char *why = NULL;
	int rc = capture_open(a, &(struct capture_conf){ .device = device }, &c, &why);

	found = 0;
	if (rc == -ERR_PRIVILEGE) {
		ok(why != NULL, "%s: without privilege: %s", device, why ? why : "");
		return;
	}
	is_int(rc, 0, "opened");
	if (rc < 0) {
		printf("# %s: %s\n", device, why);
		return;
	}
	ok(capture_drain(c, take, NULL) >= 0, "what is there, without a wait");
	ok(send_query(), "a query to port 53");
	while (!found && poll(&(struct pollfd){ capture_fd(c), POLLIN, 0 }, 1, PATIENCE) > 0 &&
		capture_drain(c, take, NULL) >= 0)
		;
	ok(found > 0, "%s: is seen", device);
	capture_close(c);
}

int main(void)
{
	struct arena *a = arena_new();
	struct capture *c = NULL;
	const char *why = NULL;

	look(a, "lo");
	look(a, "any");
	ok(capture_open(a, &(struct capture_conf){ .device = "no-such-device" }, &c, &why) < 0 &&
			why,
		"no such interface");
	printf("# %s\n", why ? why : "");
	arena_free(a);
	return tap_done();
}
