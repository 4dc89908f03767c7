/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a program for what it prints: no shell, no input, no environment, bounded in all ways. */
#include "intake/find_run.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"

/* So a program that says nothing ends after a second, and one that dribbles after half a minute. */
enum { OUTPUT_MOST = 16384, CHUNK = 4096, READS_MOST = 32, WAIT_SECONDS = 1 };

/* Standard streams of the child: nothing in, the same end of ours for both ways out. */
static int prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *attr, int out)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	if (posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ||
		posix_spawn_file_actions_adddup2(files, out, STDOUT_FILENO) ||
		posix_spawn_file_actions_adddup2(files, out, STDERR_FILENO) ||
		posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1) ||
		posix_spawnattr_setsigmask(attr, &none) ||
		posix_spawnattr_setsigdefault(attr, &all) ||
		posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
		return -ERR_SYSTEM;
	return 0;
}

static int start(const char *exe, const char *arg, int out, pid_t *ret)
{
	const char *name = strrchr(exe, '/') ? strrchr(exe, '/') + 1 : exe;
	char *argv[] = { (char *)name, (char *)arg, NULL }, *envp[] = { "LC_ALL=C", NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int err = -ERR_SYSTEM;

	if (posix_spawn_file_actions_init(&files))
		return err;
	if (posix_spawnattr_init(&attr)) {
		posix_spawn_file_actions_destroy(&files);
		return err;
	}
	err = prepare(&files, &attr, out);
	if (!err && posix_spawn(ret, exe, &files, &attr, argv, envp) != 0)
		err = -ERR_SYSTEM;
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return err;
}

static void drain(int from, struct buf *b)
{
	char chunk[CHUNK];

	for (int i = 0; i < READS_MOST && b->n < OUTPUT_MOST; i++) {
		ssize_t n = read(from, chunk, sizeof(chunk));

		if (n <= 0)
			return;
		buf_put(b, chunk, (size_t)n);
	}
}

int find_run(struct arena *a, const char *exe, const char *arg, struct span *ret)
{
	/* A socket, as its reads may have a time to end. */
	const struct timeval wait = { .tv_sec = WAIT_SECONDS };
	struct buf b = { .arena = a };
	int pair[2], err;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -ERR_SYSTEM;
	err = start(exe, arg, pair[1], &pid);
	close(pair[1]);
	if (!err && setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) == 0)
		drain(pair[0], &b);
	close(pair[0]);
	if (err)
		return err;
	kill(pid, SIGKILL); /* it has said all, or too little, or too much */
	waitpid(pid, NULL, 0);
	*ret = buf_span(&b);
	return 0;
}
