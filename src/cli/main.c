/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the verb and hands over to it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/near.h"
#include "cli/verb.h"

_Noreturn static void no_memory(void)
{
	static const char line[] = "dnsfault: out of memory\n";

	/* Nothing that allocates: there is nothing left to do if this fails as well. */
	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		_exit(CLI_LOCAL);
	_exit(CLI_LOCAL);
}

/* A single label that looks like a verb is most likely one with a slip in it. */
static void hint(const char *word)
{
	struct near near = near_begin(word);

	/* An option: diagnose tells what is wrong with it. */
	if (word[0] == '-')
		return;
	for (size_t i = 0; i < verb_count; i++)
		near_try(&near, verb_table[i].name);
	if (near.best && !strpbrk(word, ".:@"))
		fprintf(stderr, "dnsfault: taken as a NAME; did you mean the verb %s?\n",
			near.best);
}

static int dispatch(int argc, char **argv)
{
	const struct verb *v = argc > 1 ? verb_find(argv[1]) : NULL;

	if (v)
		return v->run(argc - 2, argv + 2);
	if (argc > 1 && strcmp(argv[1], "--version") == 0)
		return puts("dnsfault " DNSFAULT_VERSION) < 0 ? CLI_LOCAL : CLI_OK;
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return help_main(0, NULL);
	if (argc < 2) {
		fprintf(stderr, "dnsfault: give a name, as in: dnsfault example.com MX; or: "
				"dnsfault help\n");
		return CLI_USAGE;
	}
	hint(argv[1]);
	return diagnose_main(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	int code;

	err_set_no_memory(no_memory);
	code = dispatch(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "dnsfault: standard output: %s\n", strerror(errno));
		return CLI_LOCAL;
	}
	return code;
}
