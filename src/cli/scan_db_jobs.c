/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs in the database of a scan. */
#include "cli/scan_db_jobs.h"

#include <sqlite3.h>

#include "base/err.h"

enum { ADD, DONE, BEGIN, NEXT, COUNT, EACH, PEND, PENDS, STATEMENTS };

struct db_jobs {
	struct scan_db *db;
	sqlite3_stmt *s[STATEMENTS];
};

static const char tables[] =
	"CREATE TABLE IF NOT EXISTS queue (scan TEXT NOT NULL, next INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS job (id INTEGER PRIMARY KEY, text BLOB NOT NULL);"
	"CREATE TEMP TABLE IF NOT EXISTS pending (name TEXT PRIMARY KEY) WITHOUT ROWID;";

static const char fresh[] = "DELETE FROM queue; DELETE FROM job;";

static const char *const statements[STATEMENTS] = {
	[ADD] = "INSERT INTO job (id, text) VALUES (?, ?)",
	[DONE] = "DELETE FROM job WHERE id = ?",
	[BEGIN] = "INSERT INTO queue (scan, next) VALUES (?, 1)",
	[NEXT] = "SELECT next FROM queue",
	[COUNT] = "UPDATE queue SET next = next + 1",
	[EACH] = "SELECT id, text FROM job ORDER BY id",
	[PEND] = "INSERT OR IGNORE INTO pending (name) VALUES (?)",
	[PENDS] = "SELECT 1 FROM pending WHERE name = ?",
};

static const char *scan_of(struct arena *a, sqlite3 *sqlite)
{
	sqlite3_stmt *s = NULL;
	const char *scan = NULL;

	if (sqlite3_prepare_v2(sqlite, "SELECT scan FROM queue", -1, &s, NULL) == SQLITE_OK &&
		sqlite3_step(s) == SQLITE_ROW)
		scan = arena_str(a, (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	return scan;
}

int db_jobs_open(struct arena *a, const struct db_jobs_conf *conf, struct db_jobs **ret,
	const char **ret_scan)
{
	struct db_jobs *j = arena_alloc(a, sizeof(*j));
	sqlite3 *sqlite = scan_db_handle(conf->db);
	bool good = sqlite3_exec(sqlite, tables, NULL, NULL, NULL) == SQLITE_OK;

	j->db = conf->db;
	if (good && !conf->resume)
		good = sqlite3_exec(sqlite, fresh, NULL, NULL, NULL) == SQLITE_OK;
	for (int i = 0; good && i < STATEMENTS; i++)
		good = sqlite3_prepare_v2(sqlite, statements[i], -1, &j->s[i], NULL) == SQLITE_OK;
	if (!good) {
		db_jobs_close(j);
		return -ERR_OPEN;
	}
	*ret_scan = scan_of(a, sqlite);
	*ret = j;
	return 0;
}

void db_jobs_close(struct db_jobs *j)
{
	for (int i = 0; j && i < STATEMENTS; i++)
		sqlite3_finalize(j->s[i]);
}

/* Whether it gave a row. A failure shows at the commit, which then fails, too. */
static bool step(sqlite3_stmt *s)
{
	bool row = sqlite3_step(s) == SQLITE_ROW;

	sqlite3_reset(s);
	return row;
}

void db_jobs_begin(struct db_jobs *j, const char *scan)
{
	scan_db_begin(j->db);
	sqlite3_bind_text(j->s[BEGIN], 1, scan, -1, SQLITE_TRANSIENT);
	step(j->s[BEGIN]);
}

int64_t db_jobs_next(struct db_jobs *j)
{
	int64_t next = 1;

	scan_db_begin(j->db);
	if (sqlite3_step(j->s[NEXT]) == SQLITE_ROW)
		next = sqlite3_column_int64(j->s[NEXT], 0);
	sqlite3_reset(j->s[NEXT]);
	step(j->s[COUNT]);
	return next;
}

void db_jobs_add(struct db_jobs *j, int64_t id, struct span text)
{
	scan_db_begin(j->db);
	sqlite3_bind_int64(j->s[ADD], 1, id);
	sqlite3_bind_blob(j->s[ADD], 2, text.p, (int)text.n, SQLITE_STATIC);
	step(j->s[ADD]);
}

void db_jobs_done(struct db_jobs *j, int64_t id)
{
	scan_db_begin(j->db);
	sqlite3_bind_int64(j->s[DONE], 1, id);
	step(j->s[DONE]);
}

void db_jobs_each(
	struct db_jobs *j, void (*call)(void *user, int64_t id, struct span text), void *user)
{
	while (sqlite3_step(j->s[EACH]) == SQLITE_ROW)
		call(user, sqlite3_column_int64(j->s[EACH], 0),
			(struct span){ sqlite3_column_blob(j->s[EACH], 1),
				(size_t)sqlite3_column_bytes(j->s[EACH], 1) });
	sqlite3_reset(j->s[EACH]);
}

void db_jobs_pend(struct db_jobs *j, const char *name)
{
	sqlite3_bind_text(j->s[PEND], 1, name, -1, SQLITE_STATIC);
	step(j->s[PEND]);
}

bool db_jobs_pends(struct db_jobs *j, const char *name)
{
	sqlite3_bind_text(j->s[PENDS], 1, name, -1, SQLITE_STATIC);
	return step(j->s[PENDS]);
}
