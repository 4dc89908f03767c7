/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the "+option" words do. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/digplus_inner.h"

int plus_fail(const struct digplus_target *t, const char *why)
{
	*t->fail = (struct digargs_fail){ DIG_USAGE, why };
	return -ERR_USAGE;
}

int plus_missing(const struct digplus_target *t, const struct use *u)
{
	return plus_fail(t, arena_printf(t->arena, "+%s needs a value: +%s=%s", u->row->name,
				    u->row->name, u->row->arg));
}

/* Reads the decimal (or 0x…) number of u; too large or none: dig's exit code 10. */
int plus_number(const struct digplus_target *t, const struct use *u, uint32_t *ret)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)u->value[0]))
		goto bad;
	n = strtoul(u->value, &end, strncasecmp(u->value, "0x", 2) == 0 ? 16 : 10);
	if (*end || n > u->row->max)
		goto bad;
	*ret = (uint32_t)n;
	return 0;
bad:
	*t->fail = (struct digargs_fail){ DIG_VALUE,
		arena_printf(t->arena, "+%s: '%s' is not a number from 0 to %u", u->row->name,
			u->value, u->row->max) };
	return -ERR_USAGE;
}

int plus_flag(const struct digplus_target *t, const struct use *u)
{
	*(bool *)((char *)t->lookup + u->row->at) = u->on;
	return 0;
}

/* Options that all lookups of the command share. */
int plus_global(const struct digplus_target *t, const struct use *u)
{
	*(bool *)((char *)t->args + u->row->at) = u->on;
	return 0;
}

/* A flag that needs EDNS, and switches it on. */
int plus_edns_flag(const struct digplus_target *t, const struct use *u)
{
	if (u->on)
		t->lookup->edns = true;
	return plus_flag(t, u);
}

static int need_value(const struct digplus_target *t, const struct use *u)
{
	if (!u->on)
		return plus_fail(t, arena_printf(t->arena, "+no%s makes no sense: give a number",
					    u->row->name));
	if (!u->value)
		return plus_fail(t, arena_printf(t->arena, "+%s needs a number: +%s=%s",
					    u->row->name, u->row->name, u->row->arg));
	return 0;
}

/* A number that has to be there. */
static int given_number(const struct digplus_target *t, const struct use *u, uint32_t *ret)
{
	int err = need_value(t, u);

	return err ? err : plus_number(t, u, ret);
}

int plus_maybe_number(
	const struct digplus_target *t, const struct use *u, uint32_t without, uint32_t *ret)
{
	*ret = without;
	return u->on && u->value ? plus_number(t, u, ret) : 0;
}

int plus_tries(const struct digplus_target *t, const struct use *u)
{
	uint32_t n;
	int err = given_number(t, u, &n);

	if (!err)
		t->lookup->tries = n ? n : 1;
	return err;
}

int plus_retry(const struct digplus_target *t, const struct use *u)
{
	uint32_t n;
	int err = given_number(t, u, &n);

	if (!err)
		t->lookup->tries = n + 1;
	return err;
}

int plus_timeout(const struct digplus_target *t, const struct use *u)
{
	uint32_t n;
	int err = given_number(t, u, &n);

	if (!err)
		t->args->timeout = n ? n : 1;
	return err;
}

int plus_bufsize(const struct digplus_target *t, const struct use *u)
{
	uint32_t n;
	int err = u->on ? plus_maybe_number(t, u, DIGPLUS_BUFSIZE, &n) : need_value(t, u);

	if (err)
		return err;
	t->lookup->bufsize = n;
	t->lookup->edns = true;
	return 0;
}

int plus_edns(const struct digplus_target *t, const struct use *u)
{
	uint32_t n;
	int err = plus_maybe_number(t, u, 0, &n);

	if (err)
		return err;
	t->lookup->edns = u->on;
	t->lookup->version = n;
	return 0;
}

int plus_edns_bits(const struct digplus_target *t, const struct use *u)
{
	uint32_t n;
	int err = plus_maybe_number(t, u, 0, &n);

	if (err)
		return err;
	t->lookup->edns_flags = n;
	t->lookup->edns = t->lookup->edns || u->on;
	return 0;
}

int plus_cookie(const struct digplus_target *t, const struct use *u)
{
	size_t n = u->value ? strlen(u->value) : 0;

	/* RFC 7873 4: 8 octets of the client, then none or 8 to 32 of the server. */
	if (u->on && u->value &&
		(n % 2 || n < 16 || n > 80 || strspn(u->value, "0123456789abcdefABCDEF") != n))
		return plus_fail(
			t, arena_printf(t->arena,
				   "+cookie: '%s' is not 8 to 40 octets in hexadecimal", u->value));
	t->lookup->cookie = u->on;
	t->lookup->cookie_value = u->on ? u->value : NULL;
	t->lookup->edns = t->lookup->edns || u->on;
	return 0;
}

int plus_tcp(const struct digplus_target *t, const struct use *u)
{
	t->lookup->tcp = u->on;
	t->lookup->tcp_given = true;
	return 0;
}

int plus_comments(const struct digplus_target *t, const struct use *u)
{
	t->lookup->show.comments = t->lookup->show.meaning = u->on;
	return 0;
}

int plus_all(const struct digplus_target *t, const struct use *u)
{
	struct dig_show *show = &t->lookup->show;

	show->comments = show->question = show->answer = show->authority = u->on;
	show->additional = show->stats = show->meaning = u->on;
	t->args->cmd = u->on;
	return 0;
}

int plus_short(const struct digplus_target *t, const struct use *u)
{
	struct dig_show *show = &t->lookup->show;

	t->args->brief = u->on;
	if (!u->on)
		return 0;
	t->args->cmd = false;
	show->comments = show->authority = show->additional = show->stats = false;
	show->answer = true;
	return 0;
}

int plus_trace(const struct digplus_target *t, const struct use *u)
{
	struct digargs_lookup *l = t->lookup;

	l->trace = u->on;
	if (!u->on)
		return 0;
	l->rd = l->show.identify = l->show.authority = l->edns = l->dnssec = true;
	l->show.comments = l->show.question = l->show.additional = l->show.stats = false;
	return 0;
}

/* What dig takes and what is always so here. */
int plus_nothing(const struct digplus_target *t, const struct use *u)
{
	(void)t;
	(void)u;
	return 0;
}
