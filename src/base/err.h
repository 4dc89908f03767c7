/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own failures, as negative numbers; what the network does is never one of them. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

enum err {
	ERR_USAGE = 1, /* the caller's words are off */
	ERR_PARSE,     /* text or bytes do not follow their grammar */
	ERR_PRIVILEGE, /* the kernel wants a right that we do not have */
	ERR_OPEN,      /* a file or socket cannot be opened */
	ERR_WRITE,     /* output could not be written whole */
	ERR_LIMIT,     /* a bound of ours is reached */
	ERR_NONE,      /* what was looked for is not there */
	ERR_SYSTEM,    /* any other refusal of the kernel */
};

/* The text of an error; takes ERR_x or -ERR_x. Never NULL. */
const char *err_text(int err);

/*
 * Memory ran out: calls the hook that cli/ set (it prints one line and exits with 4), or aborts.
 * So every allocation in the program succeeds or does not return.
 */
_Noreturn void err_no_memory(void);

/* Sets the hook of err_no_memory(). The hook must not return. */
void err_set_no_memory(void (*hook)(void));

#endif
