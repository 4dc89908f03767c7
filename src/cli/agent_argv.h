/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line of an agent's child, from what a job or question wants and what the agent's own
 * settings allow. Nothing of a message is passed on that was not read here and written anew.
 */
#ifndef CLI_AGENT_ARGV_H
#define CLI_AGENT_ARGV_H

#include "cli/settings.h"
#include "queue/form.h"

struct agent_argv {
	const char **v; /* ended by NULL */
	size_t n, cap;
	const char *why; /* nothing can be done: it wants what is not allowed here */
	bool dig;	 /* the child ends with dig's exit codes */
};

/* 0, or -ERR_PARSE with ret->why. save: the file for the tape. */
int agent_job_argv(struct arena *a, const struct settings *own, const struct form_job *job,
	struct agent_argv *ret);
struct agent_asked {
	const struct form_question *question;
	const char *save;
};
int agent_question_argv(struct arena *a, const struct settings *own,
	const struct agent_asked *asked, struct agent_argv *ret);

#endif
