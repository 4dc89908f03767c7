/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A socket for frame streams, and clients of it that keep the rules or do not. */
#include "net/framestream.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "tap.h"

#define TYPE	   "\0\0\0\1\0\0\0\4text"
#define START	   "\0\0\0\0\0\0\0\x10\0\0\0\2" TYPE
#define READY	   "\0\0\0\0\0\0\0\x10\0\0\0\4" TYPE
#define STOP	   "\0\0\0\0\0\0\0\4\0\0\0\3"
#define ACCEPT	   "\0\0\0\0\0\0\0\x10\0\0\0\1" TYPE
#define FINISH	   "\0\0\0\0\0\0\0\4\0\0\0\5"
#define SAY(fd, s) say(fd, s, sizeof(s) - 1)

static char path[108];
static struct loop *loop;
static struct buf got;

static void take(void *user, struct span frame)
{
	(void)user;
	buf_put(&got, frame.p, frame.n);
	buf_char(&got, '-');
}

static int client(void)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(sa.sun_path, path, sizeof(sa.sun_path));
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0) {
		close(fd);
		return -1;
	}
	loop_wait(loop, UINT64_MAX);
	return fd;
}

static void say(int fd, const char *bytes, size_t n)
{
	if (send(fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n)
		loop_wait(loop, UINT64_MAX);
}

/* What was answered is exactly that. */
static bool hears(int fd, const char *bytes, size_t n)
{
	char answer[256];

	return recv(fd, answer, sizeof(answer), MSG_DONTWAIT) == (ssize_t)n &&
	       memcmp(answer, bytes, n) == 0;
}

static bool is_closed(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static void handshake(struct framestream *s)
{
	int one = client(), two = client();

	SAY(one, READY);
	ok(hears(one, ACCEPT, sizeof(ACCEPT) - 1), "READY is accepted");
	SAY(one, START "\0\0\0\1a\0\0");
	SAY(two, START "\0\0\0\1b");
	SAY(one, "\0\1c");
	is_str(buf_text(&got), "a-b-c-", "frames of two connections, one of them in pieces");
	SAY(one, STOP);
	ok(hears(one, FINISH, sizeof(FINISH) - 1), "STOP is answered");
	ok(is_closed(one), "and that connection closed");
	SAY(two, STOP);
	ok(is_closed(two), "one without handshake is closed");
	is_int((int64_t)framestream_stats(s).frames, 3, "frames are counted");
	is_int((int64_t)framestream_stats(s).broken, 0, "all kept the rules");
	close(one);
	close(two);
}

static void rules(struct framestream *s)
{
	int one = client();

	SAY(one, "GET / HTTP/1.1\r\n");
	ok(is_closed(one), "what is no frame stream is hung up on");
	ok(framestream_stats(s).broken == 1 && framestream_stats(s).why, "and said: %s",
		framestream_stats(s).why);
	close(one);
	one = client();
	SAY(one, READY START "\0\0\0\5ab");
	close(one);
	loop_wait(loop, UINT64_MAX);
	is_int((int64_t)framestream_stats(s).broken, 2, "one that ends in the middle is broken");
}

static void crowd(struct framestream *s)
{
	int fds[FRAMESTREAM_MOST + 1];

	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fds[i] = client();
	is_int((int64_t)framestream_stats(s).refused, 1, "one connection too many");
	ok(is_closed(fds[FRAMESTREAM_MOST]), "is closed");
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		close(fds[i]);
}

int main(void)
{
	char folder[] = "/tmp/framestream-test-XXXXXX";
	struct arena *a = arena_new();
	struct framestream_conf conf = { .path = path, .type = "text", .mode = 0600, .take = take };
	struct framestream *s = NULL, *other = NULL;
	FILE *f;

	got.arena = a;
	if (!mkdtemp(folder) || loop_new(&loop) < 0) {
		ok(false, "a folder and a loop");
		return tap_done();
	}
	snprintf(path, sizeof(path), "%s/socket", folder);
	is_int(framestream_listen(a, loop, &conf, &s), 0, "listens");
	if (!s)
		return tap_done();
	is_int(framestream_listen(a, loop, &conf, &other), -ERR_OPEN,
		"not where one listens already");
	handshake(s);
	rules(s);
	crowd(s);
	framestream_close(s);
	ok(access(path, F_OK) < 0, "the socket is removed");
	f = fopen(path, "w");
	if (f)
		fclose(f);
	is_int(framestream_listen(a, loop, &conf, &other), -ERR_OPEN, "a file is not replaced");
	unlink(path);
	conf.path = "/tmp/a-name-that-is-much-too-long-for-a-socket/"
		    "since-a-socket-has-room-for-a-hundred-and-seven-octets/and-this-one-has-more";
	is_int(framestream_listen(a, loop, &conf, &other), -ERR_OPEN, "a name too long");
	rmdir(folder);
	loop_free(loop);
	arena_free(a);
	return tap_done();
}
