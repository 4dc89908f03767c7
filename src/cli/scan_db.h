/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The database of a scan: what was found, so that a run can go on and two runs can be compared.
 * SQLite with a write-ahead log; one table, result, with name and type as its key.
 */
#ifndef CLI_SCAN_DB_H
#define CLI_SCAN_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/buf.h"

struct scan_db;

struct scan_db_conf {
	const char *path;
	bool resume; /* it has to be there */
};

/* Opens or makes it. 0, or -ERR_OPEN with *ret_why: a line, in the arena, that says what is wrong.
 */
int scan_db_open(
	struct arena *a, struct scan_db_conf conf, struct scan_db **ret, const char **ret_why);

/* Commits and closes. Takes NULL. 0, or -ERR_WRITE when something could not be written. */
int scan_db_close(struct scan_db *db);

/* Whether that look-up is done. type: its mnemonic. */
bool scan_db_has(struct scan_db *db, const char *name, const char *type);

/* The line of JSON of what is done, in the arena; false: it is not done. */
struct scan_key {
	const char *name, *type; /* type "": a server */
};
bool scan_db_line(struct scan_db *db, struct scan_key key, struct arena *a, struct span *ret);

/* One result; what was there under its key goes. It is safe with the next commit. */
struct scan_row {
	const char *name, *type, *state, *verdict;
	struct span line; /* of JSON, without its end */
};
void scan_db_add(struct scan_db *db, const struct scan_row *row);

/* For what else is kept beside the results (scan_db_jobs.h), within the same commits. */
struct sqlite3;
struct sqlite3 *scan_db_handle(struct scan_db *db);
void scan_db_begin(struct scan_db *db);

/* 0, or -ERR_WRITE; scan_db_error() says why. */
int scan_db_commit(struct scan_db *db);
const char *scan_db_error(struct scan_db *db);

/*
 * Appends a line of JSON for each look-up whose verdict or state is not the same in both, or that
 * one of them lacks, by name. How many, or -ERR_OPEN with *ret_why.
 */
struct scan_pair {
	const char *a, *b;
};
int64_t scan_db_diff(struct arena *a, struct scan_pair paths, void (*line)(struct span line),
	const char **ret_why);

#endif
