/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of configurations share: files and includes, pools, lines, remarks. */
#ifndef INTAKE_CONFIG_READ_H
#define INTAKE_CONFIG_READ_H

#include "intake/config.h"

enum {
	CONFIG_FILE_MOST = 4 * 1024 * 1024, /* octets of a file */
	CONFIG_FILES_MOST = 256,	    /* of a configuration, includes among them */
	CONFIG_DEPTH_MOST = 16,		    /* of includes in includes */
	CONFIG_POOLS_MOST = 64,
	CONFIG_REMARKS_MOST = 64,
	CONFIG_LINE_MOST = 512, /* octets of a line's text that are kept */
};

/* From config_read() for the time of one call; depth is the reader's own: of includes, up and down.
 */
struct config_reader {
	struct arena *arena;
	const struct config_host *host;
	const struct config_file *file;
	struct audit *audit;
	size_t files;	    /* opened so far */
	unsigned int depth; /* of the file that is read: 0 for the main file */
};

/*
 * The bytes of a file of the configuration. Negative when it cannot be read or a bound is reached:
 * then a remark says so, at the line that wanted it, and audit->unread is set. The main file is
 * wanted by none (NULL): its failure is for the caller to return. No bytes for a path of NULL.
 */
int config_open(struct config_reader *r, const char *path, const struct pool_line *wanted_by,
	struct span *ret);

/*
 * Adds a pool with software and version set and all else zeroed; valid until the next one. Beyond
 * CONFIG_POOLS_MOST it is none of the audit's, which a remark says.
 */
struct pool *config_pool(struct config_reader *r);

/* Both copy file and text, long ones in part. A remark at NULL is at the main file as a whole. */
void config_line(struct config_reader *r, struct pool *p, const struct pool_line *line);
void config_remark(
	struct config_reader *r, const char *slug, const struct pool_line *at, const char *detail);

/* Remarks on a finished pool: one without ports, or with ports below 1024, at its first line. */
void config_judge(struct config_reader *r, const struct pool *p);

/* The kernel's range without its reserved ports; belongs to the arena. */
const struct portset *config_kernel_ports(struct config_reader *r);

/*
 * The range that the kernel was told, reserved ports among it, for programs that read the file and
 * choose by themselves (BIND); belongs to the arena.
 */
const struct portset *config_kernel_range(struct config_reader *r);

/* lo .. hi as a set in the arena; empty when lo > hi. */
struct portset *config_range(struct config_reader *r, uint16_t lo, uint16_t hi);

/*
 * The program's version is at least "9.21.2"; when it is unknown, assumed decides: the reader sets
 * audit->assumed to the version whose semantics it takes then.
 */
bool config_since(const struct config_reader *r, const char *version);

/* name when it is absolute or dir is NULL, else dir/name; belongs to the arena, or is name. */
const char *config_path(struct config_reader *r, const char *dir, const char *name);

/* The folder of a file: "/etc/bind" of "/etc/bind/named.conf"; "." without one; of the arena. */
const char *config_dir(struct config_reader *r, const char *file);

/* Takes the next line from *rest, without "\n" and "\r\n"; false: there is none left. */
bool config_next_line(struct span *rest, struct span *ret);

/* The text without blanks at both ends, in place. */
char *config_trim(char *text);

#endif
