/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Completion for bash, zsh and fish, and the man pages of verbs, written from the tables of verbs
 * and options: `dnsfault help --completion bash`, `dnsfault help --man ports`. The build runs it.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "base/buf.h"
#include "cli/verb.h"

/* "bash", "zsh", "fish"; ended by NULL. */
extern const char *const completion_shells[];

/* The script for a shell of the list. Appends it; -ERR_NONE for another. */
int completion_script(const char *shell, struct buf *out);

/* Source for scdoc of the page dnsfault-VERB(1); of a verb with a table of options. */
void completion_man(const struct verb *v, struct buf *out);

#endif
