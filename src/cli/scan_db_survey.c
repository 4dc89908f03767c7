/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The survey in the database of a scan. */
#include "cli/scan_db_survey.h"

#include <sqlite3.h>

#include "base/err.h"

static const char fresh[] =
	"CREATE TABLE IF NOT EXISTS survey (seed INTEGER NOT NULL); DELETE FROM survey;";

int db_survey_begin(struct scan_db *db, uint64_t seed)
{
	sqlite3 *sqlite = scan_db_handle(db);
	sqlite3_stmt *s = NULL;
	bool good = sqlite3_exec(sqlite, fresh, NULL, NULL, NULL) == SQLITE_OK &&
		    sqlite3_prepare_v2(sqlite, "INSERT INTO survey (seed) VALUES (?)", -1, &s,
			    NULL) == SQLITE_OK;

	if (good) {
		sqlite3_bind_int64(s, 1, (sqlite3_int64)seed);
		good = sqlite3_step(s) == SQLITE_DONE;
	}
	sqlite3_finalize(s);
	return good ? 0 : -ERR_WRITE;
}

bool db_survey_seed(struct scan_db *db, uint64_t *ret)
{
	sqlite3_stmt *s = NULL;
	bool found = sqlite3_prepare_v2(scan_db_handle(db), "SELECT seed FROM survey", -1, &s,
			     NULL) == SQLITE_OK &&
		     sqlite3_step(s) == SQLITE_ROW;

	if (found)
		*ret = (uint64_t)sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return found;
}
