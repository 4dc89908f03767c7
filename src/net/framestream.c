/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accepts, shakes hands, reads frames: a connection each has its own decoder. */
#include "net/framestream.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/frames.h"

enum {
	CHUNK = 32 * 1024,
	CHUNKS = 8, /* read before others have their turn */
	BACKLOG = 16,
};

struct connection {
	struct framestream *owner;
	struct loop_watch watch; /* fd -1: free */
	struct frames frames;
};

struct framestream {
	struct arena *arena;
	struct loop *loop;
	struct framestream_conf conf;
	struct framestream_stats stats;
	struct loop_watch watch;
	struct connection v[FRAMESTREAM_MOST];
};

static void hang_up(struct connection *c)
{
	struct framestream *s = c->owner;

	if (c->frames.why || !frames_whole(&c->frames)) {
		s->stats.broken++;
		s->stats.why = c->frames.why ? c->frames.why : "it ended in the middle of a frame";
	}
	loop_unwatch(s->loop, &c->watch);
	close(c->watch.fd);
	c->watch.fd = -1;
}

static void take_frame(void *user, struct span frame)
{
	struct framestream *s = user;

	s->stats.frames++;
	s->conf.take(s->conf.user, frame);
}

/* Our side says some 50 octets in all, which a new socket has room for; else it is hung up on. */
static bool answer(struct connection *c)
{
	struct span b = buf_span(&c->frames.answer);
	ssize_t n;

	if (!b.n)
		return true;
	n = send(c->watch.fd, b.p, b.n, MSG_NOSIGNAL | MSG_DONTWAIT);
	c->frames.answer.n = 0;
	return n == (ssize_t)b.n;
}

/* False: the connection is over. */
static bool receive(struct connection *c)
{
	uint8_t chunk[CHUNK];
	ssize_t n = recv(c->watch.fd, chunk, sizeof(chunk), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0 || frames_feed(&c->frames, (struct span){ chunk, (size_t)n }) < 0)
		return false;
	return answer(c) && !c->frames.stopped;
}

static void readable(void *user, uint32_t events)
{
	struct connection *c = user;

	(void)events;
	for (int i = 0; i < CHUNKS; i++) {
		uint64_t before = c->frames.taken;

		if (!receive(c)) {
			hang_up(c);
			return;
		}
		if (c->frames.taken == before)
			return;
	}
}

/* A place for a new connection; the buffers of its last one are used again. NULL: none is free. */
static struct connection *place(struct framestream *s)
{
	for (size_t i = 0; i < FRAMESTREAM_MOST; i++) {
		struct connection *c = &s->v[i];

		if (c->watch.fd >= 0)
			continue;
		c->frames = (struct frames){
			.arena = s->arena,
			.type = s->conf.type,
			.take = take_frame,
			.user = s,
			.answer = c->frames.answer,
			.rest = c->frames.rest,
		};
		c->frames.answer.n = c->frames.rest.n = 0;
		return c;
	}
	return NULL;
}

static void connected(void *user, uint32_t events)
{
	struct framestream *s = user;
	int fd = accept4(s->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct connection *c = fd < 0 ? NULL : place(s);

	(void)events;
	if (fd < 0)
		return;
	if (!c) {
		s->stats.refused++;
		close(fd);
		return;
	}
	s->stats.connections++;
	c->owner = s;
	c->watch = (struct loop_watch){ .ready = readable, .user = c, .fd = fd };
	if (loop_watch(s->loop, &c->watch, EPOLLIN) < 0) {
		close(fd);
		c->watch.fd = -1;
	}
}

/* A socket that nobody listens at: its program died. */
static bool is_left_over(const struct sockaddr_un *sa)
{
	struct stat st;
	int fd;
	bool dead;

	if (lstat(sa->sun_path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	dead = connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) < 0 && errno == ECONNREFUSED;
	close(fd);
	return dead;
}

/* A descriptor that listens, or -ERR_OPEN. */
static int open_socket(const struct framestream_conf *conf)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd, saved;

	errno = ENAMETOOLONG;
	if (strlen(conf->path) >= sizeof(sa.sun_path))
		return -ERR_OPEN;
	memcpy(sa.sun_path, conf->path, strlen(conf->path) + 1);
	if (is_left_over(&sa))
		unlink(conf->path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -ERR_OPEN;
	if (bind(fd, (const struct sockaddr *)&sa, sizeof(sa)) == 0) {
		if ((!conf->mode || chmod(conf->path, conf->mode) == 0) && listen(fd, BACKLOG) == 0)
			return fd;
		saved = errno;
		unlink(conf->path);
		errno = saved;
	}
	saved = errno;
	close(fd);
	errno = saved;
	return -ERR_OPEN;
}

int framestream_listen(struct arena *a, struct loop *l, const struct framestream_conf *conf,
	struct framestream **ret)
{
	int fd = open_socket(conf);
	struct framestream *s;

	if (fd < 0)
		return fd;
	s = arena_alloc(a, sizeof(*s));
	s->arena = a;
	s->loop = l;
	s->conf = *conf;
	s->watch = (struct loop_watch){ .ready = connected, .user = s, .fd = fd };
	for (size_t i = 0; i < FRAMESTREAM_MOST; i++)
		s->v[i].watch.fd = -1;
	if (loop_watch(l, &s->watch, EPOLLIN) < 0) {
		close(fd);
		unlink(conf->path);
		return -ERR_SYSTEM;
	}
	*ret = s;
	return 0;
}

void framestream_close(struct framestream *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < FRAMESTREAM_MOST; i++)
		if (s->v[i].watch.fd >= 0)
			hang_up(&s->v[i]);
	loop_unwatch(s->loop, &s->watch);
	close(s->watch.fd);
	unlink(s->conf.path);
}

struct framestream_stats framestream_stats(const struct framestream *s)
{
	return s->stats;
}
