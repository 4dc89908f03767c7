/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question that other vantage points are asked as well (--vantage): it leaves before this host
 * begins, and the tapes that come back are judged together with its own.
 */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include "cli/conclude.h"
#include "cli/run.h"
#include "queue/form.h"

struct remote;

/*
 * Asks the sites of --vantage; sets r->remote, or leaves it NULL: none is wanted. about: verb,
 * name, type and servers. 0, or -ERR_USAGE or -ERR_SYSTEM, said. r->facts get a name.
 */
int remote_begin(struct run *r, const struct form_question *about);

/*
 * Waits for the tapes: own facts first, then those of sites, each with its site's name, and what is
 * not known of sites that did not answer. With --save FILE a site's tape is FILE.SITE.
 */
void remote_end(struct run *r, struct conclude_tapes *ret);

#endif
