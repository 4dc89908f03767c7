/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a program with one argument for what it prints. */
#ifndef INTAKE_FIND_RUN_H
#define INTAKE_FIND_RUN_H

#include "base/arena.h"
#include "base/span.h"

/*
 * At most 20 KiB of both its streams, of the arena; it is ended after that, or when it prints
 * nothing for a second. -ERR_SYSTEM when it cannot be run; a program that fails prints, too.
 */
int find_run(struct arena *a, const char *exe, const char *arg, struct span *ret);

#endif
