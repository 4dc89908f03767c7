/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the options of scan say about its list. */
#ifndef CLI_SCAN_LIST_H
#define CLI_SCAN_LIST_H

#include "cli/run.h"
#include "intake/names.h"
#include "intake/optout.h"

/* The types of --type, A without any, in the run's arena. 0 or -ERR_USAGE, said. */
int scan_list_types(struct run *r, struct names_setup *setup);

/* The part of --shard. 0 or -ERR_USAGE, said. */
int scan_list_shard(struct run *r, struct names_shard *ret);

/* The list of --opt-out, in the run's arena; NULL: none was given. 0 or -ERR_USAGE, said. */
int scan_list_optout(struct run *r, const struct optout **ret);

#endif
