/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The database of a scan: what is in it stays, and two can be compared. */
#include "cli/scan_db.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "tap.h"

static struct arena *arena;
static char dir[] = "/tmp/dnsfault-scan-db-XXXXXX";

static const char *path(const char *name)
{
	return arena_printf(arena, "%s/%s", dir, name);
}

static struct scan_db *opened(const char *name)
{
	struct scan_db *db = NULL;
	const char *why = NULL;

	if (scan_db_open(arena, (struct scan_db_conf){ path(name), false }, &db, &why) < 0)
		printf("# %s: %s\n", name, why);
	return db;
}

static void add(struct scan_db *db, const char *name, const char *verdict)
{
	const char *line = arena_printf(arena, "{\"name\":\"%s\"}", name);

	scan_db_add(db, &(struct scan_row){ name, "A", strcmp(verdict, "servfail") ? "ok" : "fault",
				verdict, { (const uint8_t *)line, strlen(line) } });
}

static void test_keep(void)
{
	struct scan_db *db = opened("keep");

	ok(!scan_db_has(db, "a.", "A"), "a new one has nothing");
	add(db, "a.", "answer");
	ok(scan_db_has(db, "a.", "A") && !scan_db_has(db, "a.", "MX"), "name and type are its key");
	add(db, "a.", "servfail");
	is_int(scan_db_close(db), 0, "closed");
	db = opened("keep");
	ok(scan_db_has(db, "a.", "A"), "what was committed is there");
	add(db, "b.", "answer");
	is_int(scan_db_commit(db), 0, "committed");
	add(db, "c.", "answer");
	is_int(scan_db_close(db), 0, "and again");
}

static void refuse(const char *name, bool resume, const char *what)
{
	struct scan_db *db = NULL;
	const char *why = NULL;

	ok(scan_db_open(arena, (struct scan_db_conf){ path(name), resume }, &db, &why) < 0 && why &&
			!db,
		"%s: %s", what, why ? why : "?");
}

static void test_refused(void)
{
	sqlite3 *other;
	int fd = open(path("text"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, "no database, but a text of some length\n", 39) != 39)
		abort();
	close(fd);
	sqlite3_open(path("other"), &other);
	sqlite3_exec(other, "CREATE TABLE x (y)", NULL, NULL, NULL);
	sqlite3_close(other);
	sqlite3_open(path("later"), &other);
	sqlite3_exec(other, "PRAGMA user_version = 99", NULL, NULL, NULL);
	sqlite3_close(other);
	refuse("text", false, "a text");
	refuse("other", false, "another program's");
	refuse("later", false, "a later version's");
	refuse("missing", true, "none to go on with");
	refuse("no/where", false, "no directory");
}

static struct buf lines;

static void take(struct span line)
{
	buf_put(&lines, line.p, line.n);
}

static void test_diff(void)
{
	struct scan_db *a = opened("a"), *b = opened("b");
	const char *why = NULL;

	lines.arena = arena;
	add(a, "gone.", "answer");
	add(a, "same.", "answer");
	add(a, "worse.", "answer");
	add(b, "new.", "nxdomain");
	add(b, "same.", "answer");
	add(b, "worse.", "servfail");
	scan_db_close(a);
	scan_db_close(b);
	is_int(scan_db_diff(arena, (struct scan_pair){ path("a"), path("b") }, take, &why), 3,
		"compared and counted");
	is_str(buf_text(&lines),
		"{\"name\":\"gone.\",\"type\":\"A\",\"was\":\"answer\",\"is\":null}\n"
		"{\"name\":\"new.\",\"type\":\"A\",\"was\":null,\"is\":\"nxdomain\"}\n"
		"{\"name\":\"worse.\",\"type\":\"A\",\"was\":\"answer\",\"is\":\"servfail\"}\n",
		"what differs, by name");
	ok(scan_db_diff(arena, (struct scan_pair){ path("a"), path("none") }, take, &why) < 0,
		"one that is missing: %s", why);
	ok(scan_db_diff(arena, (struct scan_pair){ path("text"), path("b") }, take, &why) < 0,
		"one that is none: %s", why);
}

int main(void)
{
	arena = arena_new();
	if (!mkdtemp(dir))
		abort();
	test_keep();
	test_refused();
	test_diff();
	(void)!system(arena_printf(arena, "rm -r %s", dir));
	arena_free(arena);
	return tap_done();
}
