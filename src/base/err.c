/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own failures and their texts. */
#include "base/err.h"

#include <stdlib.h>

static const char *const texts[] = {
	[0] = "no error",
	[ERR_USAGE] = "wrong usage",
	[ERR_PARSE] = "not in the expected form",
	[ERR_PRIVILEGE] = "permission denied",
	[ERR_OPEN] = "cannot be opened",
	[ERR_WRITE] = "could not be written",
	[ERR_LIMIT] = "a limit is reached",
	[ERR_NONE] = "not found",
	[ERR_SYSTEM] = "the system refused",
};

static void (*no_memory)(void);

const char *err_text(int err)
{
	unsigned int n = err < 0 ? 0U - (unsigned int)err : (unsigned int)err;

	return n < ARRAY_LEN(texts) ? texts[n] : "unknown error";
}

void err_set_no_memory(void (*hook)(void))
{
	no_memory = hook;
}

_Noreturn void err_no_memory(void)
{
	if (no_memory)
		no_memory();
	abort();
}
