/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the configuration of a resolver and says what it draws source ports from: the pools of
 * facts/pool.h, each with the lines that made it. What a directive is not known for never matters;
 * a file that cannot be read does, and is said.
 *
 *	struct config_host host = config_host_real();
 *	const struct audit *audit;
 *	config_read(arena, &host, &(struct config_file){ "unbound", "/etc/unbound/unbound.conf",
 *NULL }, &audit);
 */
#ifndef INTAKE_CONFIG_H
#define INTAKE_CONFIG_H

#include "base/arena.h"
#include "base/portset.h"
#include "base/span.h"
#include "facts/pool.h"

/* What a configuration is read beside: the files and the kernel of the resolver's host. */
struct config_host {
	/*
	 * The bytes of a file; -ERR_OPEN when it is not there or cannot be read (errno says why),
	 * -ERR_LIMIT when it is larger than limit octets. The bytes belong to the arena.
	 */
	int (*read)(
		const struct config_host *h, struct arena *a, const char *path, struct span *ret);
	/* The names that match a shell pattern, sorted, NULL-ended; may be empty. */
	const char **(*match)(const struct config_host *h, struct arena *a, const char *pattern);
	const char *root; /* stands before every absolute path: a chroot, a fixture; "" for none */
	struct portset kernel;	 /* /proc/sys/net/ipv4/ip_local_port_range */
	struct portset reserved; /* ip_local_reserved_ports: the kernel does not choose these */
	bool kernel_read;	 /* else Linux' defaults stand there */
};

struct config_file {
	const char *kind;    /* slug of a row of config_kinds */
	const char *path;    /* main file, or directory where the kind has one */
	const char *version; /* of the program; NULL: unknown */
};

struct config_reader; /* what readers share: config_read.h */

/* A kind of resolver: one row each in config_kinds. */
struct config_kind {
	const char *slug;    /* "bind" */
	const char *title;   /* "BIND" */
	const char *file;    /* where Debian's package has it; NULL: not on Unix */
	const char *program; /* name of the executable; NULL: not on Unix */
	const char *aliases; /* other words for it, each between two blanks */
	bool forwarder;	     /* it never asks authoritative servers */
	/* Adds pools, forwards and remarks to *ret, which has software, version and file set. */
	int (*read)(struct config_reader *r, struct audit *ret);
};

extern const struct config_kind config_kinds[];
extern const size_t config_nkinds;

/* By slug or alias; NULL: no such kind. */
const struct config_kind *config_kind_find(const char *slug);

/* This host: its files, its /proc. */
struct config_host config_host_real(void);

/*
 * Reads main file and includes. 0; -ERR_NONE for a kind that is not known; -ERR_OPEN when the main
 * file cannot be read. Everything worse than that is a remark. The audit belongs to the arena.
 */
int config_read(struct arena *a, const struct config_host *h, const struct config_file *f,
	const struct audit **ret);

#endif
