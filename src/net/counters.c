/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the kernel's counters, as proc(5) and Linux's Documentation/networking/snmp_counter say. */
#include "net/counters.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MOST = 32768, PATH_MOST = 256 };

static bool one_of(uint8_t octet, const char *set)
{
	return octet && strchr(set, octet);
}

/* Takes what stands before the first octet that is one of the ends, and these behind it. */
static struct span take(struct span *text, const char *ends)
{
	struct span got = { text->p, 0 };
	size_t n;

	while (got.n < text->n && !one_of(text->p[got.n], ends))
		got.n++;
	n = got.n;
	while (n < text->n && one_of(text->p[n], ends))
		n++;
	*text = (struct span){ text->p + n, text->n - n };
	return got;
}

static struct span take_line(struct span *text)
{
	return take(text, "\n");
}

static struct span take_word(struct span *line)
{
	return take(line, " \t");
}

static bool is(struct span word, const char *text)
{
	return word.n == strlen(text) && memcmp(word.p, text, word.n) == 0;
}

static bool number(struct span word, uint64_t *ret)
{
	uint64_t v = 0;

	for (size_t i = 0; i < word.n; i++) {
		uint8_t digit = (uint8_t)(word.p[i] - '0');

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (word.n)
		*ret = v;
	return word.n > 0;
}

/* A line of names is followed by a line of as many numbers. */
static bool column(struct span names, struct span values, uint64_t *ret)
{
	while (names.n) {
		struct span name = take_word(&names), value = take_word(&values);

		if (is(name, "InCsumErrors"))
			return number(value, ret);
	}
	return false;
}

bool counters_snmp(struct span text, uint64_t *ret)
{
	struct span names = { 0 };

	while (text.n) {
		struct span line = take_line(&text);

		if (!is(take_word(&line), "Udp:"))
			continue;
		if (names.p)
			return column(names, line, ret);
		names = line;
	}
	return false;
}

bool counters_snmp6(struct span text, uint64_t *ret)
{
	while (text.n) {
		struct span line = take_line(&text);

		if (is(take_word(&line), "Udp6InCsumErrors"))
			return number(take_word(&line), ret);
	}
	return false;
}

/* 0, or an errno. */
static int add(
	const char *folder, const char *file, bool (*parse)(struct span, uint64_t *), uint64_t *sum)
{
	char path[PATH_MOST];
	uint8_t text[FILE_MOST];
	uint64_t count = 0;
	FILE *f;
	size_t n;

	if (snprintf(path, sizeof(path), "%s/%s", folder, file) >= (int)sizeof(path))
		return ENAMETOOLONG;
	f = fopen(path, "re");
	if (!f)
		return errno;
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	if (!parse((struct span){ text, n }, &count))
		return EPROTO;
	*sum += count;
	return 0;
}

struct facts_counters counters_read(const char *folder)
{
	struct facts_counters c = { 0 };
	int v4 = add(folder, "snmp", counters_snmp, &c.csum_errors);
	int v6 = add(folder, "snmp6", counters_snmp6, &c.csum_errors);

	c.known = v4 == 0 && (v6 == 0 || v6 == ENOENT);
	return c.known ? c : (struct facts_counters){ 0 };
}
