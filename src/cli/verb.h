/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verbs: one row each; dispatch, help, man page and completion come from this table. */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include <stddef.h>

#include "cli/opt.h"

/* Exit codes of all verbs but lookup. */
enum cli_exit { CLI_OK = 0, CLI_FAULT = 1, CLI_USAGE = 2, CLI_UNDECIDED = 3, CLI_LOCAL = 4 };

struct verb {
	const char *name;
	/* argv[0 .. argc-1] are the words behind the verb. Returns the exit code. */
	int (*run)(int argc, char **argv);
	const char *usage;		 /* "ports SERVER… [options]" */
	const char *help;		 /* one line */
	const struct opt_table *options; /* NULL: a grammar of its own */
	const char *text;		 /* paragraphs for `help VERB` and the man page */
};

extern const struct verb verb_table[];
extern const size_t verb_count;

/* NULL when name is no verb. */
const struct verb *verb_find(const char *name);

/* Prints the help of one verb on standard output. */
void help_verb(const char *name);

/* One file each. */
int diagnose_main(int argc, char **argv);
int lookup_main(int argc, char **argv);
int ports_main(int argc, char **argv);
int path_main(int argc, char **argv);
int resolver_main(int argc, char **argv);
int shapes_main(int argc, char **argv);
int tree_main(int argc, char **argv);
int mail_main(int argc, char **argv);
int scan_main(int argc, char **argv);
int agent_main(int argc, char **argv);
int beacon_main(int argc, char **argv);
int judge_main(int argc, char **argv);
int explain_main(int argc, char **argv);
int help_main(int argc, char **argv);

#endif
