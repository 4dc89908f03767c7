/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which resolver of this host listens on an address, and which configuration it was started with.
 *
 *	struct find_host host = find_host_real();
 *	struct found_resolver found;
 *	err = find_resolver(arena, &host, &address, &found);
 *	if (!err) {
 *		config.root = found.root;
 *		config_read(arena, &config, &(struct config_file){ found.kind, found.config,
 *			found.version }, &audit);
 *	}
 */
#ifndef INTAKE_FIND_H
#define INTAKE_FIND_H

#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"

struct found_resolver {
	const char *kind;    /* slug of a row of config_kinds; NULL: a program that is not known */
	uint32_t pid;	     /* 0: known by its files alone */
	const char *exe;     /* its path as the process sees it; NULL with pid 0 */
	const char *config;  /* absolute, below root; NULL: the program's defaults */
	const char *root;    /* config_host.root for it; "" for this process' own */
	const char *version; /* with what of its build matters here; NULL: not told */
	/* Arguments behind the program's name: options there may go before the file. */
	struct VEC(const char *) args;
};

/* Where it is looked for. */
struct find_host {
	const char *proc; /* "/proc" */
	const char *root; /* before well-known files; "" for none */
	/*
	 * What a program prints when it is run with one argument, both streams; -ERR_SYSTEM when it
	 * cannot be run. NULL: no program is run, and versions are not told.
	 */
	int (*run)(struct arena *a, const char *exe, const char *arg, struct span *ret);
};

/* This host. */
struct find_host find_host_real(void);

/*
 * The process that a UDP socket on that address and port (53 when it is 0) belongs to; a socket of
 * all addresses counts when the address is the host's own. -ERR_NONE: none listens there.
 * -ERR_PRIVILEGE: one does, but its process may not be looked at: find_files() is left. Only
 * sockets of this network namespace are seen. The result belongs to the arena.
 *
 * A program is asked for its version only when its file belongs to root or to us, cannot be written
 * by others, and is in our mount namespace: others might make us run what they like.
 */
int find_resolver(struct arena *a, const struct find_host *h, const struct addr *listens,
	struct found_resolver *ret);

struct find_list VEC(struct found_resolver);

/* The kinds whose well-known file is there, in the order of config_kinds; pid 0, no version. */
void find_files(struct arena *a, const struct find_host *h, struct find_list *ret);

/*
 * The version of the kind's program where programs are installed; NULL: none is there, or it does
 * not tell.
 */
const char *find_installed(struct arena *a, const struct find_host *h, const char *kind);

/* The version in what a program of that kind printed; NULL: none is seen. */
const char *find_version(struct arena *a, const char *kind, struct span printed);

#endif
