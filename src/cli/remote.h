/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question that other vantage points are asked as well (--vantage): it leaves before this host
 * begins, and the tapes that come back are judged together with its own.
 */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include "base/arena.h"
#include "base/rng.h"
#include "cli/conclude.h"
#include "facts/facts.h"
#include "queue/form.h"

struct remote;
struct run;

/* Who asks, and by which queue. All of it lives as long as the arena. */
struct remote_host {
	struct arena *arena;
	struct rng *rng;
	const char *verb;
	struct facts *facts;	/* of this host; they get a name */
	const char *vantage;	/* --vantage: sites with commas, or "all"; NULL: nobody is asked */
	const char *queue;	/* --queue; NULL: not given; "": none, whatever a file sets */
	const char *creds, *ca; /* NULL: not given */
	const char *save;	/* the tape of a site goes to this file.SITE; NULL: nowhere */
};

/*
 * Asks the sites; *ret is NULL when nobody is to be asked. 0, or -ERR_USAGE or -ERR_SYSTEM, said.
 * The question has all but its id.
 */
int remote_begin(
	const struct remote_host *h, const struct form_question *about, struct remote **ret);

/*
 * Waits for the tapes: own facts first, then those of sites, each with its site's name, and what is
 * not known of sites that did not answer.
 */
void remote_end(struct remote *m, struct conclude_tapes *ret);

/*
 * The same for a run: sets r->remote. about: verb, name, type and servers; the wishes of the
 * settings go along.
 */
int remote_begin_run(struct run *r, const struct form_question *about);

#endif
