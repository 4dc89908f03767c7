/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look-up from other vantage points as well (--vantage), and its facts as a tape (--save). */
#ifndef CLI_LOOKUP_OTHERS_H
#define CLI_LOOKUP_OTHERS_H

#include "check/lookups.h"
#include "cli/lookup_run.h"

/* What of the words --vantage or --save cannot do, as one line; NULL: nothing. */
const char *lookup_others_refusal(struct arena *a, const struct digargs *args);

/* Before this host asks: notes what its facts are of, and asks the sites. An exit code, said. */
int lookup_others_begin(struct lookup_run *r, const struct lookup_target *t);

/* Waits for the sites: sets r->others, when any were asked. */
void lookup_others_end(struct lookup_run *r, const struct lookup_target *t);

/* Writes the tape that --save names. An exit code, said. */
int lookup_others_save(struct lookup_run *r);

#endif
