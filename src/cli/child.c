/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A child process of this same program. */
#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SELF	"/proc/self/exe"
#define NOTHING "/dev/null"

enum { NO_EXEC = 127, MODE = 0600, GRACE = 200 /* × NAP */, NAP = 10000 /* µs */ };

/* Between fork and exec, beside the threads of a library: only calls that may be made there. */
static void put(const char *path, int flags, int to)
{
	int fd = open(path ? path : NOTHING, flags, MODE);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(NO_EXEC);
	if (fd != to)
		close(fd);
}

_Noreturn static void become(const struct child_conf *conf, pid_t parent)
{
	const int write = O_WRONLY | O_CREAT | O_TRUNC;
	sigset_t none;

	/* Ctrl-C is for the parent, which ends its child as it sees fit. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(NO_EXEC);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	put(conf->in, O_RDONLY, STDIN_FILENO);
	put(conf->out, write, STDOUT_FILENO);
	put(conf->err, write, STDERR_FILENO);
	execv(SELF, (char *const *)conf->argv);
	_exit(NO_EXEC);
}

bool child_start(struct child *c, const struct child_conf *conf)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		become(conf, parent);
	if (pid > 0)
		c->pid = pid;
	return pid > 0;
}

int child_poll(struct child *c)
{
	int status;
	pid_t got = waitpid(c->pid, &status, WNOHANG);

	if (got == 0 || (got < 0 && errno == EINTR))
		return CHILD_RUNS;
	c->pid = 0;
	if (got > 0 && WIFEXITED(status))
		return WEXITSTATUS(status);
	return CHILD_KILLED + (got > 0 ? WTERMSIG(status) : 0);
}

void child_end(struct child *c)
{
	if (!c->pid)
		return;
	kill(c->pid, SIGTERM);
	for (int i = 0; i < GRACE; i++) {
		if (child_poll(c) != CHILD_RUNS)
			return;
		usleep(NAP);
	}
	kill(c->pid, SIGKILL);
	while (child_poll(c) == CHILD_RUNS)
		usleep(NAP);
}
