/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of PowerMTA's accounting files. */
#include "intake/logcsv.h"

#include <string.h>

#include "base/err.h"

/* With their places in the default set of columns. */
static const struct {
	const char *name;
	int place;
} columns[LOGCSV_COLUMNS] = {
	{ "type", 0 },
	{ "timeLogged", 1 },
	{ "orig", 3 },
	{ "rcpt", 4 },
	{ "dsnAction", 6 },
	{ "dsnStatus", 7 },
};

void logcsv_init(struct logcsv *c)
{
	*c = (struct logcsv){ .named = false };
	for (size_t i = 0; i < LOGCSV_COLUMNS; i++)
		c->column[i] = columns[i].place;
}

/* The end of the field that begins at p: its comma, or the line's end. */
static const uint8_t *field_end(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *comma;

	if (p < end && *p == '"') {
		/* Doubled quotes within end one part of it and begin the next. */
		do {
			p = memchr(p + 1, '"', (size_t)(end - p - 1));
			if (!p)
				return end;
			p++;
		} while (p < end && *p == '"');
	}
	comma = p < end ? memchr(p, ',', (size_t)(end - p)) : NULL;
	return comma ? comma : end;
}

static void split(struct logcsv *c, struct span line)
{
	const uint8_t *p = line.p, *end = line.p + line.n;

	for (c->n = 0; c->n < LOGCSV_FIELDS; p++) {
		const uint8_t *stop = field_end(p, end);
		struct span field = { p, (size_t)(stop - p) };

		if (field.n >= 2 && field.p[0] == '"' && field.p[field.n - 1] == '"')
			field = (struct span){ field.p + 1, field.n - 2 };
		c->fields[c->n++] = field;
		p = stop;
		if (p == end)
			break;
	}
}

static bool is(struct span s, const char *text)
{
	return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

static void learn(struct logcsv *c)
{
	c->named = true;
	for (size_t i = 0; i < LOGCSV_COLUMNS; i++) {
		c->column[i] = -1;
		for (unsigned int k = c->n; k--;)
			if (is(c->fields[k], columns[i].name))
				c->column[i] = (int)k;
	}
}

/* What types of rows begin with: one or two small letters; and a year follows. */
static bool is_row(struct span line)
{
	size_t n = 0;

	while (n < line.n && n < 3 && line.p[n] >= 'a' && line.p[n] <= 'z')
		n++;
	return (n == 1 || n == 2) && line.n > n + 5 && line.p[n] == ',' && line.p[n + 1] == '2' &&
	       line.p[n + 5] == '-';
}

bool logcsv_read(struct logcsv *c, struct span line)
{
	bool names = line.n > 5 && memcmp(line.p, "type,", 5) == 0;

	c->n = 0;
	if (!names && !is_row(line))
		return false;
	split(c, line);
	if (names)
		learn(c);
	return !names;
}

bool logcsv_field(const struct logcsv *c, const char *name, struct span *ret)
{
	for (size_t i = 0; i < LOGCSV_COLUMNS; i++) {
		int place = c->column[i];

		if (strcmp(columns[i].name, name) != 0 || place < 0 || (unsigned int)place >= c->n)
			continue;
		*ret = c->fields[place];
		return true;
	}
	return false;
}

bool logcsv_permanent(const struct logcsv *c)
{
	struct span s;

	if (logcsv_field(c, "dsnStatus", &s) && s.n)
		return s.p[0] == '5';
	return logcsv_field(c, "type", &s) && !(s.n && s.p[0] == 't');
}
