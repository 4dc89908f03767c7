/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lookups of one command share: sockets, cookie, resolvers, and how one of them is run. */
#ifndef CLI_LOOKUP_RUN_H
#define CLI_LOOKUP_RUN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "base/vec.h"
#include "cli/digargs.h"
#include "facts/facts.h"
#include "net/pace.h"
#include "net/wire.h"

/* A server to ask: its address with port, and what the user or a referral called it. */
struct lookup_server {
	struct addr addr;
	const char *text;
};

struct lookup_servers VEC(struct lookup_server);

struct remote;
struct lookups;

struct lookup_run {
	struct arena *arena;
	const struct digargs *args;
	uint16_t port; /* of servers that come without one */
	struct rng rng;
	struct wire *wire;
	struct facts *facts;
	struct buf out;
	const char *banner; /* still to be printed; NULL: none */
	uint8_t cookie[8];  /* the client's, one for the whole command */
	struct pace *pace;  /* --rate, --budget; NULL: neither */
	/* cli/lookup_others.h */
	struct remote *remote;	      /* sites that were asked; NULL: none were */
	const struct lookups *others; /* what they say; NULL: nothing yet */
	uint64_t began;
};

/* One question to some servers. */
struct lookup_target {
	const struct digargs_lookup *settings;
	struct question question;
	struct shape shape;
	const struct lookup_servers *servers;
	const struct name *zone; /* that they are asked for; NULL: unknown */
};

/* What came of it. last NULL: nothing was asked. */
struct lookup_result {
	const struct observation *last; /* among the facts */
	const struct probe *owner;
	size_t first; /* index of the first fact of it */
	bool shown;   /* parts of a zone transfer, and all before them, are printed already */
	int failed;   /* the exit code when they could not be */
};

/* Says on standard error what is wrong. */
void lookup_complain(const char *why);

/* All addresses of a server's name, as the system resolves it. 0, -ERR_NONE, -ERR_PARSE. */
int lookup_resolve(struct lookup_run *r, const char *name, struct lookup_servers *ret);

/*
 * The servers of one lookup: those it names, or the system's. 0 or an error, said. *ret_named: how
 * many addresses dig counts in its banner.
 */
int lookup_servers_of(struct lookup_run *r, const struct digargs_lookup *l,
	struct lookup_servers *ret, size_t *ret_named);

/* The query's shape as the settings want it, for that question. */
struct shape lookup_shape(
	struct lookup_run *r, const struct digargs_lookup *l, const struct question *q);

/* What it is asked over first. */
enum transport lookup_transport(const struct digargs_lookup *l);
/* The port of servers that come without one. */
uint16_t lookup_port(const struct digargs *args, const struct digargs_lookup *l);

/* Asks over the network. */
struct lookup_result lookup_ask(struct lookup_run *r, const struct lookup_target *t);

/* Writes what happened and the reply into r->out; the exit code. meaning: with that line. */
int lookup_show(struct lookup_run *r, const struct lookup_target *t,
	const struct lookup_result *result, bool meaning);

/* The SOA record as each name server of the zone has it (+nssearch): the exit code. */
int lookup_nssearch(struct lookup_run *r, const struct lookup_target *t);

/*
 * The names to look up one after the other until one exists (+search, +domain): t's own, or with
 * domains behind it. Fewer than one when none of them is a legal name. idn: both are in the letters
 * of the locale; *ret_why: what cannot be converted, as one line, or NULL.
 */
struct lookup_names VEC(const struct name *);
struct lookup_names lookup_search_names(
	struct lookup_run *r, const char *text, bool idn, const char **ret_why);

/* Follows the delegations from the root: the exit code. resolvers: who names the root's servers. */
int lookup_trace(struct lookup_run *r, const struct lookup_target *t);

#endif
