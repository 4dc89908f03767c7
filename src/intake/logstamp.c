/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times at the head of lines. */
#include "intake/logstamp.h"

#include <stdbool.h>
#include <string.h>

enum { SECOND = 1000000, DAY = 86400 };

/* A place in the line; every take_...() says false, and stays where it is, when it is not there. */
struct cursor {
	const uint8_t *p, *end;
};

struct civil {
	unsigned int year, month, day, hour, minute, second, micro;
	bool zone; /* told by the line, in offset */
	int32_t offset;
};

static bool take(struct cursor *c, char mark)
{
	if (c->p == c->end || *c->p != (uint8_t)mark)
		return false;
	c->p++;
	return true;
}

static bool take_digits(struct cursor *c, size_t count, unsigned int *ret)
{
	unsigned int v = 0;

	if ((size_t)(c->end - c->p) < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (c->p[i] < '0' || c->p[i] > '9')
			return false;
		v = v * 10 + (c->p[i] - '0');
	}
	c->p += count;
	*ret = v;
	return true;
}

static bool take_month(struct cursor *c, unsigned int *ret)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	if (c->end - c->p < 3)
		return false;
	for (unsigned int i = 0; i < 12; i++) {
		if (memcmp(c->p, names + 3 * (size_t)i, 3) == 0) {
			c->p += 3;
			*ret = i + 1;
			return true;
		}
	}
	return false;
}

/* ".25", ",25"; nothing is fine. Digits beyond the sixth are too fine for us. */
static void take_fraction(struct cursor *c, struct civil *t)
{
	unsigned int scale = SECOND / 10, digit;

	if (c->end - c->p < 2 || (c->p[0] != '.' && c->p[0] != ',') || c->p[1] < '0' ||
		c->p[1] > '9')
		return;
	for (c->p++; take_digits(c, 1, &digit); scale /= 10)
		t->micro += digit * scale;
}

static bool take_clock(struct cursor *c, struct civil *t)
{
	if (!take_digits(c, 2, &t->hour) || !take(c, ':') || !take_digits(c, 2, &t->minute) ||
		!take(c, ':') || !take_digits(c, 2, &t->second))
		return false;
	take_fraction(c, t);
	return true;
}

/* "Z", "+01:00", "+0100", with a blank before it or not; nothing is fine. */
static void take_zone(struct cursor *c, struct civil *t)
{
	struct cursor at = *c;
	unsigned int hour, minute;

	take(&at, ' ');
	if (at.p == at.end)
		return;
	if (*at.p == 'Z') {
		t->zone = true;
	} else if (*at.p == '+' || *at.p == '-') {
		int sign = *at.p++ == '+' ? 1 : -1;

		if (!take_digits(&at, 2, &hour))
			return;
		take(&at, ':');
		if (!take_digits(&at, 2, &minute) || hour > 23 || minute > 59)
			return;
		t->offset = sign * (int32_t)(hour * 3600 + minute * 60);
		t->zone = true;
	}
}

/* "Nov 28 09:17:01", "Nov  8 ...": year stays 0. */
static bool take_bsd(struct cursor *c, struct civil *t)
{
	if (!take_month(c, &t->month) || !take(c, ' '))
		return false;
	if (!(take(c, ' ') ? take_digits(c, 1, &t->day) : take_digits(c, 2, &t->day)))
		return false;
	return take(c, ' ') && take_clock(c, t);
}

static bool take_iso(struct cursor *c, struct civil *t)
{
	if (!take_digits(c, 4, &t->year) || !take(c, '-') || !take_digits(c, 2, &t->month) ||
		!take(c, '-') || !take_digits(c, 2, &t->day))
		return false;
	if ((!take(c, 'T') && !take(c, ' ')) || !take_clock(c, t))
		return false;
	take_zone(c, t);
	return true;
}

/* "28-Nov-2026 09:17:01.250" */
static bool take_bind(struct cursor *c, struct civil *t)
{
	return take_digits(c, 2, &t->day) && take(c, '-') && take_month(c, &t->month) &&
	       take(c, '-') && take_digits(c, 4, &t->year) && take(c, ' ') && take_clock(c, t);
}

/* Days since 1970-01-01 of the Gregorian calendar, by counting years from March on. */
static int64_t days(unsigned int year, unsigned int month, unsigned int day)
{
	int64_t y = (int64_t)year - (month <= 2), m = month > 2 ? month - 3 : month + 9;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static unsigned int month_days(unsigned int year, unsigned int month)
{
	unsigned int next = month % 12 + 1;

	return (unsigned int)(days(year + (month == 12), next, 1) - days(year, month, 1));
}

static bool is_date(const struct civil *t)
{
	/* A leap second is read as the next second. */
	return t->year >= 1970 && t->month >= 1 && t->month <= 12 && t->day >= 1 &&
	       t->day <= month_days(t->year, t->month) && t->hour < 24 && t->minute < 60 &&
	       t->second <= 60;
}

static uint64_t micros(const struct civil *t, const struct logstamp_clock *clock)
{
	int64_t s;

	if (!is_date(t))
		return 0;
	s = days(t->year, t->month, t->day) * DAY + t->hour * 3600 + t->minute * 60 + t->second -
	    (t->zone ? t->offset : clock->offset);
	return s > 0 ? (uint64_t)s * SECOND + t->micro : 0;
}

/* The year that the line leaves out. */
static uint64_t within_year(struct civil *t, const struct logstamp_clock *clock)
{
	uint64_t most = clock->now + (uint64_t)DAY * SECOND, at;

	if (!clock->now)
		return 0;
	t->year = 1970 + (unsigned int)(most / SECOND / DAY / 365) + 1;
	/* 29 February is of a leap year: eight back hold one at least. */
	for (int back = 0; back < 10; back++, t->year--) {
		at = micros(t, clock);
		if (at && at <= most)
			return at;
	}
	return 0;
}

/* "[1795857421]", as far as 2286. */
static uint64_t take_epoch(struct cursor *c)
{
	unsigned int high, low;

	if (!take(c, '[') || !take_digits(c, 5, &high) || !take_digits(c, 5, &low) || !take(c, ']'))
		return 0;
	return ((uint64_t)high * 100000 + low) * SECOND;
}

/* The priority of RFC 3164 and RFC 5424, and the latter's version. */
static void skip_priority(struct cursor *c)
{
	struct cursor at = *c;
	unsigned int digit;
	int n = 0;

	if (!take(&at, '<'))
		return;
	while (n < 3 && take_digits(&at, 1, &digit))
		n++;
	if (!n || !take(&at, '>'))
		return;
	*c = at;
	if (take(&at, '1') && take(&at, ' '))
		*c = at;
}

uint64_t logstamp_read(struct span line, const struct logstamp_clock *clock)
{
	static bool (*const forms[])(struct cursor * c, struct civil * t) = {
		take_bsd,
		take_iso,
		take_bind,
	};
	struct cursor head = { line.p, line.p + line.n };

	if (!line.n)
		return 0;
	skip_priority(&head);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct cursor c = head;
		struct civil t = { 0 };

		if (forms[i](&c, &t))
			return t.year ? micros(&t, clock) : within_year(&t, clock);
	}
	return take_epoch(&head);
}
