/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records and questions in dig's columns. */
#include "render/dig.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dns/text.h"

enum { TAB = 8 };

/* A stop in column to, or one blank further when the text is already there. */
static void stop(struct buf *out, size_t *column, size_t to)
{
	size_t tabs;

	if (to < *column + 1)
		to = *column + 1;
	tabs = to / TAB - *column / TAB;
	if (tabs)
		*column = to / TAB * TAB;
	while (tabs--)
		buf_char(out, '\t');
	for (; *column < to; ++*column)
		buf_char(out, ' ');
}

static void word(struct buf *out, size_t *column, const char *text)
{
	buf_str(out, text);
	*column += strlen(text);
}

struct columns {
	size_t ttl, class, type, rdata;
};

static struct columns columns(const struct dig_show *show)
{
	if (show->multiline || (!show->ttl && !show->class))
		return (struct columns){ 24, 24, 24, 32 };
	if (!show->ttl || !show->class)
		return (struct columns){ 24, 24, 32, 40 };
	return (struct columns){ 24, 32, 40, 48 };
}

const char *dig_class(const struct dig_show *show, uint16_t class, char *buf)
{
	if (!show->unknownformat)
		return text_class(class, buf);
	snprintf(buf, TEXT_MNEMONIC, "CLASS%u", class);
	return buf;
}

const char *dig_type(const struct dig_show *show, uint16_t type, char *buf)
{
	if (!show->unknownformat)
		return text_type(type, buf);
	snprintf(buf, TEXT_MNEMONIC, "TYPE%u", type);
	return buf;
}

static void ttl(const struct dig_show *show, uint32_t seconds, struct buf *out, size_t *column)
{
	struct buf text = { .arena = out->arena };

	if (show->ttlunits)
		dig_duration_short(seconds, &text);
	else
		buf_printf(&text, "%u", seconds);
	word(out, column, buf_text(&text));
}

void dig_rr(const struct dig_show *show, const struct msg *m, const struct rr *rr, struct buf *out)
{
	struct columns at = columns(show);
	char text[NAME_TEXT];
	size_t column = 0;

	/* A damaged message may have a record whose owner could not be read. */
	word(out, &column, rr->owner->len ? dig_name_text(show, rr->owner, text) : "?");
	if (show->ttl) {
		stop(out, &column, at.ttl);
		ttl(show, rr->ttl, out, &column);
	}
	if (show->class) {
		stop(out, &column, at.class);
		word(out, &column, dig_class(show, rr->class, text));
	}
	stop(out, &column, at.type);
	word(out, &column, dig_type(show, rr->type, text));
	stop(out, &column, at.rdata);
	dig_rdata(show, m, rr, out);
	buf_char(out, '\n');
}

void dig_question(const struct dig_show *show, const struct question *q, struct buf *out)
{
	struct columns at = columns(show);
	char text[NAME_TEXT];
	size_t column = 0;

	buf_char(out, ';');
	word(out, &column, dig_name_text(show, q->name, text));
	stop(out, &column, at.class);
	word(out, &column, dig_class(show, q->class, text));
	stop(out, &column, at.type);
	word(out, &column, dig_type(show, q->type, text));
	buf_char(out, '\n');
}

static void duration(uint32_t seconds, bool words, struct buf *out)
{
	static const struct {
		uint32_t seconds;
		const char *name;
	} units[] = {
		{ 604800, "week" },
		{ 86400, "day" },
		{ 3600, "hour" },
		{ 60, "minute" },
		{ 1, "second" },
	};
	const char *before = "";

	if (!seconds)
		buf_str(out, words ? "0 seconds" : "0s");
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		uint32_t n = seconds / units[i].seconds;

		seconds %= units[i].seconds;
		if (!n)
			continue;
		if (words)
			buf_printf(out, "%s%u %s%s", before, n, units[i].name, n == 1 ? "" : "s");
		else
			buf_printf(out, "%u%c", n, units[i].name[0]);
		before = " ";
	}
}

void dig_duration(uint32_t seconds, struct buf *out)
{
	duration(seconds, true, out);
}

void dig_duration_short(uint32_t seconds, struct buf *out)
{
	duration(seconds, false, out);
}
