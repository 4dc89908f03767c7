/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The database of a scan. */
#include "cli/scan_db.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"

enum { SCHEMA = 1, BUSY = 5000 /* ms */ };

struct scan_db {
	sqlite3 *sqlite;
	sqlite3_stmt *has, *add, *line;
	bool open, failed; /* open: a transaction is */
};

static const char setup[] =
	"PRAGMA journal_mode = WAL;"
	"PRAGMA synchronous = NORMAL;"
	"CREATE TABLE IF NOT EXISTS result ("
	" name TEXT NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL, verdict TEXT NOT NULL,"
	" at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, line TEXT NOT NULL,"
	" PRIMARY KEY (name, type)) WITHOUT ROWID;"
	"PRAGMA user_version = 1;";

static const char has[] = "SELECT 1 FROM result WHERE name = ? AND type = ?";
static const char line_of[] = "SELECT line FROM result WHERE name = ? AND type = ?";
static const char add[] =
	"INSERT OR REPLACE INTO result (name, type, state, verdict, line) VALUES (?, ?, ?, ?, ?)";

/* Those in both and not alike, then those in one: WITHOUT ROWID keeps them sorted by name. */
static const char diff[] =
	"SELECT a.name, a.type, a.verdict, b.verdict, a.state, b.state FROM main.result a"
	" JOIN other.result b USING (name, type)"
	" WHERE a.verdict <> b.verdict OR a.state <> b.state "
	"UNION ALL SELECT name, type, verdict, NULL, state, NULL FROM main.result a WHERE NOT "
	"EXISTS"
	" (SELECT 1 FROM other.result b WHERE a.name = b.name AND a.type = b.type) "
	"UNION ALL SELECT name, type, NULL, verdict, NULL, state FROM other.result b WHERE NOT "
	"EXISTS"
	" (SELECT 1 FROM main.result a WHERE a.name = b.name AND a.type = b.type) "
	"ORDER BY 1, 2";

static void give_up(struct scan_db *db)
{
	sqlite3_finalize(db->has);
	sqlite3_finalize(db->add);
	sqlite3_finalize(db->line);
	sqlite3_close(db->sqlite);
	*db = (struct scan_db){ 0 };
}

/* The version of its schema; 0: it is new, -1: it is no database. */
static int version(sqlite3 *sqlite)
{
	sqlite3_stmt *s = NULL;
	int found = -1;

	if (sqlite3_prepare_v2(sqlite, "PRAGMA user_version", -1, &s, NULL) == SQLITE_OK &&
		sqlite3_step(s) == SQLITE_ROW)
		found = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	return found;
}

static bool has_tables(sqlite3 *sqlite)
{
	sqlite3_stmt *s = NULL;
	bool any = false;

	if (sqlite3_prepare_v2(sqlite, "SELECT 1 FROM sqlite_master", -1, &s, NULL) == SQLITE_OK)
		any = sqlite3_step(s) == SQLITE_ROW;
	sqlite3_finalize(s);
	return any;
}

/* NULL: it is ours, or empty. */
static const char *judge(struct arena *a, sqlite3 *sqlite)
{
	int found = version(sqlite);

	if (found < 0)
		return arena_str(a, sqlite3_errmsg(sqlite));
	if (found == 0 && has_tables(sqlite))
		return "it is a database of something else";
	if (found > SCHEMA)
		return arena_printf(a, "it is of a later version (schema %d)", found);
	return NULL;
}

int scan_db_open(
	struct arena *a, struct scan_db_conf conf, struct scan_db **ret, const char **ret_why)
{
	struct scan_db *db = arena_alloc(a, sizeof(*db));
	int flags = SQLITE_OPEN_READWRITE | (conf.resume ? 0 : SQLITE_OPEN_CREATE);
	const char *why = NULL;

	if (sqlite3_open_v2(conf.path, &db->sqlite, flags, NULL) != SQLITE_OK)
		why = arena_str(a, sqlite3_errmsg(db->sqlite));
	if (!why)
		why = judge(a, db->sqlite);
	if (!why &&
		(sqlite3_busy_timeout(db->sqlite, BUSY) != SQLITE_OK ||
			sqlite3_exec(db->sqlite, setup, NULL, NULL, NULL) != SQLITE_OK ||
			sqlite3_prepare_v2(db->sqlite, has, -1, &db->has, NULL) != SQLITE_OK ||
			sqlite3_prepare_v2(db->sqlite, add, -1, &db->add, NULL) != SQLITE_OK ||
			sqlite3_prepare_v2(db->sqlite, line_of, -1, &db->line, NULL) != SQLITE_OK))
		why = arena_str(a, sqlite3_errmsg(db->sqlite));
	if (why) {
		give_up(db);
		*ret_why = why;
		return -ERR_OPEN;
	}
	*ret = db;
	return 0;
}

int scan_db_commit(struct scan_db *db)
{
	if (db->open && sqlite3_exec(db->sqlite, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		db->failed = true;
	else
		db->open = false;
	return db->failed ? -ERR_WRITE : 0;
}

int scan_db_close(struct scan_db *db)
{
	int err = 0;

	if (!db)
		return 0;
	err = scan_db_commit(db);
	give_up(db);
	return err;
}

static void bind(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

bool scan_db_has(struct scan_db *db, const char *name, const char *type)
{
	bool found;

	bind(db->has, 1, name);
	bind(db->has, 2, type);
	found = sqlite3_step(db->has) == SQLITE_ROW;
	sqlite3_reset(db->has);
	return found;
}

bool scan_db_line(struct scan_db *db, struct scan_key key, struct arena *a, struct span *ret)
{
	bool found;

	bind(db->line, 1, key.name);
	bind(db->line, 2, key.type);
	found = sqlite3_step(db->line) == SQLITE_ROW;
	if (found) {
		ret->n = (size_t)sqlite3_column_bytes(db->line, 0);
		ret->p = arena_dup(a, sqlite3_column_text(db->line, 0), ret->n);
	}
	sqlite3_reset(db->line);
	return found;
}

struct sqlite3 *scan_db_handle(struct scan_db *db)
{
	return db->sqlite;
}

void scan_db_begin(struct scan_db *db)
{
	if (!db->open)
		db->open = sqlite3_exec(db->sqlite, "BEGIN", NULL, NULL, NULL) == SQLITE_OK;
}

void scan_db_add(struct scan_db *db, const struct scan_row *row)
{
	scan_db_begin(db);
	bind(db->add, 1, row->name);
	bind(db->add, 2, row->type);
	bind(db->add, 3, row->state);
	bind(db->add, 4, row->verdict);
	sqlite3_bind_text(db->add, 5, (const char *)row->line.p, (int)row->line.n, SQLITE_STATIC);
	if (sqlite3_step(db->add) != SQLITE_DONE || !db->open)
		db->failed = true;
	sqlite3_reset(db->add);
}

const char *scan_db_error(struct scan_db *db)
{
	return sqlite3_errmsg(db->sqlite);
}

/* Comparing. */

static void put_side(struct json *j, const char *key, sqlite3_stmt *s, int verdict)
{
	const char *text = (const char *)sqlite3_column_text(s, verdict);

	if (text)
		json_str(j, key, text);
	else
		json_null(j, key);
}

static void put_change(struct arena *a, sqlite3_stmt *s, void (*line)(struct span line))
{
	struct buf b = { .arena = a };
	struct json j = { .out = &b };

	json_object(&j, NULL);
	json_str(&j, "name", (const char *)sqlite3_column_text(s, 0));
	json_str(&j, "type", (const char *)sqlite3_column_text(s, 1));
	put_side(&j, "was", s, 2);
	put_side(&j, "is", s, 3);
	json_end(&j);
	buf_char(&b, '\n');
	line(buf_span(&b));
}

static int compare(sqlite3 *sqlite, const char *other, void (*line)(struct span line), uint64_t *n)
{
	sqlite3_stmt *s = NULL;
	struct arena *scratch = arena_new();
	int rc = sqlite3_prepare_v2(sqlite, "ATTACH ? AS other", -1, &s, NULL);

	if (rc == SQLITE_OK) {
		bind(s, 1, other);
		rc = sqlite3_step(s) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
	}
	sqlite3_finalize(s);
	s = NULL;
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(sqlite, diff, -1, &s, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		arena_reset(scratch);
		put_change(scratch, s, line);
		++*n;
		rc = SQLITE_OK;
	}
	sqlite3_finalize(s);
	arena_free(scratch);
	return rc == SQLITE_DONE ? 0 : -ERR_OPEN;
}

int64_t scan_db_diff(struct arena *a, struct scan_pair paths, void (*line)(struct span line),
	const char **ret_why)
{
	sqlite3 *sqlite = NULL;
	const char *missing = access(paths.b, R_OK) ? paths.b : NULL;
	uint64_t n = 0;
	int err = -ERR_OPEN;

	if (missing) {
		*ret_why = arena_printf(a, "%s: cannot be read", missing);
		return err;
	}
	if (sqlite3_open_v2(paths.a, &sqlite, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
		err = compare(sqlite, paths.b, line, &n);
	if (err)
		*ret_why =
			arena_printf(a, "%s and %s: %s", paths.a, paths.b, sqlite3_errmsg(sqlite));
	sqlite3_close(sqlite);
	return err ? err : (int64_t)n;
}
