/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of an agent, and their way into the queue. */
#include "cli/agent_spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/file.h"

#define LOCK  "lock"
#define USUAL "/var/tmp/dnsfault-agent"

enum { DIR_MODE = 0700, FILE_MODE = 0600, OTHERS = 0022, JOB_WORD = 24 };

/* A directory of ours that nobody else writes in. */
static const char *refuse_dir(const char *dir)
{
	struct stat st;

	if (mkdir(dir, DIR_MODE) < 0 && errno != EEXIST)
		return strerror(errno);
	if (lstat(dir, &st) < 0)
		return strerror(errno);
	if (!S_ISDIR(st.st_mode))
		return "not a directory";
	if (st.st_uid != geteuid() || st.st_mode & OTHERS)
		return "others can write there, or own it: give --spool another directory";
	return NULL;
}

static bool has_suffix(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n > m && strcmp(name + n - m, suffix) == 0;
}

static void unlink_in(const struct spool *s, const char *name)
{
	int dir = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir >= 0) {
		(void)unlinkat(dir, name, 0);
		close(dir);
	}
}

/* Calls for each file with that suffix. */
static void each(
	const struct spool *s, const char *suffix, void (*call)(void *, const char *), void *user)
{
	DIR *d = opendir(s->dir);

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
		if (has_suffix(e->d_name, suffix))
			call(user, e->d_name);
	if (d)
		closedir(d);
}

static void sweep(void *user, const char *name)
{
	unlink_in(user, name);
}

int spool_open(struct spool *s, struct arena *a, const char *dir, const char **ret_why)
{
	static const char *const halves[] = { ".in", ".part", ".err" };
	const char *why;

	s->dir = dir ? dir : arena_printf(a, USUAL "-%u-%s", (unsigned int)geteuid(), s->site);
	why = refuse_dir(s->dir);
	s->lock = why ? -1
		      : open(arena_printf(a, "%s/" LOCK, s->dir), O_RDWR | O_CREAT | O_CLOEXEC,
				FILE_MODE);
	if (!why && s->lock < 0)
		why = strerror(errno);
	if (!why && flock(s->lock, LOCK_EX | LOCK_NB) < 0)
		why = "another agent has it: give --spool another directory";
	if (why) {
		*ret_why = arena_printf(a, "--spool %s: %s", s->dir, why);
		return -ERR_OPEN;
	}
	for (size_t i = 0; i < ARRAY_LEN(halves); i++)
		each(s, halves[i], sweep, s);
	return 0;
}

void spool_close(struct spool *s)
{
	if (s->lock >= 0)
		close(s->lock);
}

const char *spool_path(
	const struct spool *s, struct arena *a, const struct form_piece *of, const char *suffix)
{
	return arena_printf(
		a, "%s/%s.%" PRId64 ".%s%s", s->dir, of->scan, of->job, of->run, suffix);
}

void spool_remove(const struct spool *s, const struct form_piece *of, const char *suffix)
{
	struct arena *a = arena_new();

	(void)unlink(spool_path(s, a, of, suffix));
	arena_free(a);
}

bool spool_finish(const struct spool *s, const struct form_piece *of)
{
	struct arena *a = arena_new();
	const char *part = spool_path(s, a, of, ".part");
	int fd = open(part, O_RDONLY | O_CLOEXEC);
	bool done = fd >= 0 && fsync(fd) == 0 && rename(part, spool_path(s, a, of, ".done")) == 0;

	if (fd >= 0)
		close(fd);
	arena_free(a);
	return done;
}

/* Pieces. */

struct sending {
	struct queue *q;
	const struct queue_item *question; /* NULL: a result of a job */
};

/* The same piece has the same id, whoever sends it again. */
static int send_piece(const struct sending *to, const struct form_piece *p)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	struct queue_given g = { .scan = p->scan };
	int err;

	form_piece_write(p, &b);
	g.data = buf_span(&b);
	g.id = arena_printf(a, "%s.%" PRId64 ".%s.%" PRId64, p->scan, p->job, p->run, p->piece);
	if (to->question)
		err = queue_reply(to->q, to->question, g.data);
	else
		err = queue_give(to->q, &g);
	arena_free(a);
	return err;
}

static int send_all(const struct sending *to, const struct form_piece *whole)
{
	size_t room = queue_room(to->q) - FORM_HEAD, n = whole->data.n;
	struct form_piece p = *whole;

	p.of = whole->failed || !n ? 1 : (int64_t)((n + room - 1) / room);
	if (p.of > FORM_PIECES) {
		p.failed = "the result has too many pieces for this server's max_payload";
		p.of = 1;
	}
	if (p.failed)
		p.data = (struct span){ 0 };
	for (p.piece = 1; p.piece <= p.of; p.piece++) {
		size_t at = (size_t)(p.piece - 1) * room;
		int err;

		if (!p.failed && n)
			p.data = (struct span){ whole->data.p + at, n - at < room ? n - at : room };
		err = send_piece(to, &p);
		if (err < 0)
			return err;
	}
	return 0;
}

int spool_send(const struct spool *s, struct queue *q, const struct form_piece *p)
{
	struct sending to = { q, NULL };
	struct arena *a = arena_new();
	struct form_piece whole = *p;
	int err = 0;

	whole.site = s->site;
	if (!whole.failed && file_read(a, spool_path(s, a, p, ".done"), &whole.data) < 0)
		whole.failed = "the result could not be read from the spool";
	if (!whole.failed && whole.data.n > FORM_RESULT)
		whole.failed = "the result is too large";
	err = send_all(&to, &whole);
	arena_free(a);
	return err;
}

int spool_reply(struct queue *q, const struct queue_item *question, const struct form_piece *p)
{
	struct sending to = { q, question };

	return send_all(&to, p);
}

/* What is left. */

struct leaving {
	const struct spool *spool;
	struct queue *q;
	size_t left;
};

/* "SCAN.JOB.RUN.done"; ids have no dots. */
static bool read_name(struct arena *a, const char *name, struct form_piece *ret)
{
	char *save = NULL, *copy = arena_str(a, name), *end;
	const char *scan = strtok_r(copy, ".", &save), *job = strtok_r(NULL, ".", &save);
	const char *run = strtok_r(NULL, ".", &save);

	if (!scan || !job || !run || !form_is_id(scan) || !form_is_id(run) ||
		strlen(job) > JOB_WORD)
		return false;
	*ret = (struct form_piece){ .scan = scan, .run = run };
	ret->job = strtoll(job, &end, 10);
	return !*end && ret->job > 0;
}

static void send_left(void *user, const char *name)
{
	struct leaving *l = user;
	struct arena *a = arena_new();
	struct form_piece p;

	if (!read_name(a, name, &p) || spool_send(l->spool, l->q, &p) == 0)
		unlink_in(l->spool, name);
	else
		l->left++;
	arena_free(a);
}

size_t spool_send_left(const struct spool *s, struct queue *q)
{
	struct leaving l = { s, q, 0 };

	each(s, ".done", send_left, &l);
	return l.left;
}
