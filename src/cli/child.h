/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This program once more, as a child: no shell, files for its input and output. */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child {
	pid_t pid; /* 0: none */
};

enum { CHILD_RUNS = -1, CHILD_KILLED = 128 /* + the signal */ };

struct child_conf {
	const char *const *argv;    /* ended by NULL; [0] is only a name */
	const char *in, *out, *err; /* paths; NULL: nothing goes in or out there */
};

/* It ends when this program does, as far as the kernel grants it. False: errno. */
bool child_start(struct child *c, const struct child_conf *conf);

/* CHILD_RUNS, or its exit code, once. */
int child_poll(struct child *c);

/* Ends it: by SIGTERM, and when that has no effect, by SIGKILL. */
void child_end(struct child *c);

#endif
