/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue is whole: every id in order, every field filled, every template well formed. */
#include "base/err.h"
#include "fault/fault.h"
#include "tap.h"

/* Non-empty lines without control characters or a dangling end. */
static bool lines_good(const char *const *lines)
{
	if (!lines || !lines[0])
		return false;
	for (; *lines; lines++) {
		if (!**lines || strpbrk(*lines, "\n\t"))
			return false;
	}
	return true;
}

static bool slug_good(const char *id)
{
	return id && *id && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id);
}

/* Brackets pair up unnested; outside them only keys that every finding has. */
static bool template_good(const char *t)
{
	bool inside = false;

	for (; *t; t++) {
		if (*t == '[' || *t == ']') {
			if (inside == (*t == '['))
				return false;
			inside = *t == '[';
		}
		if (*t == '{' && !strchr(t, '}'))
			return false;
		if (*t == '{' && !inside && strncmp(t, "{servers}", 9) != 0 &&
			strncmp(t, "{subject}", 9) != 0)
			return false;
	}
	return !inside;
}

/* What is quoted as an id is one, or a verb that explains itself. */
static bool is_named(const char *word, size_t n)
{
	static const char *const verbs[] = { "diagnose", "path", "ports", "resolver", "shapes",
		"tree" };
	char id[64];

	if (n >= sizeof(id))
		return false;
	memcpy(id, word, n);
	id[n] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(id, verbs[i]) == 0)
			return true;
	/* A command or an option. */
	return !slug_good(id) || *id == '-' || fault_find(id);
}

/* Quotes pair up and name what there is. */
static bool quotes_good(const char *text)
{
	for (const char *from; text && (from = strchr(text, '`'));) {
		size_t n = strcspn(++from, "`");

		if (!from[n] || !n || !is_named(from, n))
			return false;
		text = from + n + 1;
	}
	return true;
}

/* Words are one space apart, and none is torn behind its hyphen where a line of source ends. */
static bool words_good(const char *text)
{
	if (!text || *text == ' ')
		return false;
	for (const char *p = strchr(text, ' '); p; p = strchr(p + 1, ' '))
		if (!p[1] || strchr(" \n", p[1]) || p[-1] == '\n' ||
			(p[-1] == '-' && p - text > 1 && p[-2] != ' '))
			return false;
	return true;
}

static bool prose_good(const struct fault *f)
{
	if (!words_good(f->explain) || !words_good(f->seen) || !words_good(f->summary))
		return false;
	for (const char *const *l = f->advice_here; *l; l++)
		if (!words_good(*l) || !quotes_good(*l))
			return false;
	for (const char *const *l = f->advice_there; *l; l++)
		if (!words_good(*l) || !quotes_good(*l))
			return false;
	return quotes_good(f->explain) && quotes_good(f->seen);
}

int main(void)
{
	ok(fault_count >= 10, "there are entries");
	for (size_t i = 0; i < fault_count; i++) {
		const struct fault *f = fault_table[i];

		ok(slug_good(f->id), "%s: slug", f->id);
		ok(i == 0 || strcmp(fault_table[i - 1]->id, f->id) < 0, "%s: in order", f->id);
		ok(f->title && *f->title && strlen(f->title) <= 72, "%s: title", f->id);
		ok(f->summary && template_good(f->summary), "%s: template", f->id);
		ok(f->explain && strlen(f->explain) > 100, "%s: explanation", f->id);
		ok(f->seen && strlen(f->seen) > 50, "%s: how it is told apart", f->id);
		ok(lines_good(f->advice_here), "%s: advice here", f->id);
		ok(lines_good(f->advice_there), "%s: advice there", f->id);
		ok(lines_good(f->refs), "%s: references", f->id);
		ok(prose_good(f), "%s: words and quotes", f->id);
		ok(fault_find(f->id) == f, "%s: is found", f->id);
	}
	ok(!fault_find("source-port"), "an unknown id is not found");
	ok(!fault_find(""), "no id is not found");
	return tap_done();
}
