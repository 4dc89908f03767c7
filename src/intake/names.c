/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions from a stream of lines. */
#include "intake/names.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/siphash.h"
#include "dns/rr.h"
#include "dns/text.h"

enum {
	BLOCK = 65536,
	DNS_PORT = 53,
	PLACES = NAMES_WINDOW + NAMES_TYPES,
	SHORT = 60, /* octets of a name that most names keep to */
};

/* One line of a cache: what waits is drawn at random. */
struct waiting {
	uint16_t type;
	bool rare; /* its name is not here */
	uint8_t len;
	uint8_t wire[SHORT];
};

/* A longer name, or a server. */
struct rare {
	struct name name;
	struct addr server;
};

struct names {
	struct names_setup setup;
	struct arena *scratch;
	struct rng rng;
	struct arena *arena;
	struct waiting *window;
	struct rare *rare; /* by place in the window; NULL until there is any */
	struct rare given;
	uint16_t *order; /* places in the window: first those in use, then the free ones */
	size_t n;
	bool ended, cut; /* cut: the line is longer than there is room for */
	size_t block_n, block_at, line_n;
	uint64_t number;
	char type_word[TEXT_MNEMONIC]; /* the last one that was read, and what it means */
	uint16_t type;
	char block[BLOCK], line[NAMES_LINE + 1];
};

struct names *names_new(struct arena *a, const struct names_setup *setup)
{
	struct names *n = arena_alloc(a, sizeof(*n));

	n->setup = *setup;
	n->rng = setup->rng;
	n->scratch = arena_new();
	n->arena = a;
	n->window = arena_alloc(a, PLACES * sizeof(*n->window));
	n->order = arena_alloc(a, PLACES * sizeof(*n->order));
	for (size_t i = 0; i < PLACES; i++)
		n->order[i] = (uint16_t)i;
	return n;
}

void names_free(struct names *n)
{
	if (n)
		arena_free(n->scratch);
}

/* More of the stream into the block; false: not without waiting, or it has ended. */
static bool fill(struct names *n)
{
	ptrdiff_t got;

	if (n->ended)
		return false;
	got = n->setup.read(n->setup.user, n->block, sizeof(n->block));
	n->ended = got == 0;
	n->block_n = got > 0 ? (size_t)got : 0;
	n->block_at = 0;
	return got > 0;
}

static void take(struct names *n, const char *from, size_t size)
{
	size_t room = NAMES_LINE - n->line_n;

	n->cut |= size > room;
	memcpy(n->line + n->line_n, from, size < room ? size : room);
	n->line_n += size < room ? size : room;
}

/* The next line is in n->line; false: there is none for now. */
static bool next_line(struct names *n)
{
	for (;;) {
		const char *from = n->block + n->block_at, *end;
		size_t left = n->block_n - n->block_at;

		if (!left) {
			if (fill(n))
				continue;
			/* The last line may have no end. */
			return n->ended && n->line_n;
		}
		end = memchr(from, '\n', left);
		take(n, from, end ? (size_t)(end - from) : left);
		n->block_at += end ? (size_t)(end - from) + 1 : left;
		if (end)
			return true;
	}
}

static bool in_shard(const struct names *n, struct span what)
{
	static const uint8_t key[SIPHASH_KEY] = "dnsfault shards";

	return !n->setup.shard.n || siphash(key, what) % n->setup.shard.n == n->setup.shard.i - 1;
}

static bool is_mine(const struct names *n, const struct name *name)
{
	struct name lower;

	if (!n->setup.shard.n)
		return true;
	lower = name_lower(name);
	return in_shard(n, (struct span){ lower.wire, lower.len });
}

static void add_rare(struct names *n, size_t place, const struct rare *rare)
{
	if (!n->rare)
		n->rare = arena_alloc(n->arena, PLACES * sizeof(*n->rare));
	n->rare[place] = *rare;
}

static void add(struct names *n, const struct name *name, uint16_t type)
{
	size_t place = n->order[n->n++];
	struct waiting *w = &n->window[place];

	w->type = type;
	w->rare = name->len > SHORT;
	w->len = name->len;
	if (w->rare)
		add_rare(n, place, &(struct rare){ .name = *name });
	else
		memcpy(w->wire, name->wire, name->len);
}

static enum names_next bad(struct names *n, const char *why, struct names_item *ret)
{
	struct buf line = { .arena = n->scratch };

	text_safe(&line, (struct span){ (const uint8_t *)n->line, n->line_n });
	*ret = (struct names_item){ .line = buf_text(&line), .why = why, .number = n->number };
	return NAMES_BAD;
}

/* Lists mostly have the same type in all lines. */
static bool read_type(struct names *n, const char *word, uint16_t *ret)
{
	if (strcmp(word, n->type_word) != 0) {
		if (text_parse_type(word, &n->type) < 0)
			return false;
		snprintf(n->type_word, sizeof(n->type_word), "%s", word);
	}
	*ret = n->type;
	return true;
}

/* Where the comment begins: of a server, '#' stands before its port as well. */
static size_t comment(const struct names *n, const char *text)
{
	size_t at = strcspn(text, "#");

	while (n->setup.servers && at && text[at] && !strchr(" \t", text[at - 1]))
		at += 1 + strcspn(text + at + 1, "#");
	return at;
}

static enum names_next read_server(
	struct names *n, const char *word, const char *second, struct names_item *ret)
{
	struct rare w = { .name = name_root };
	size_t place;

	if (second)
		return bad(n, "a line is a server, by name or address", ret);
	if (addr_parse_port(word, &w.server) == 0) {
		w.server.port = w.server.port ? w.server.port : DNS_PORT;
		if (!in_shard(n, (struct span){ w.server.ip, sizeof(w.server.ip) }))
			return NAMES_ONE;
	} else if (strchr(word, '#')) {
		return bad(n, "it is no address with a port (192.0.2.1#53)", ret);
	} else if (name_parse(word, &w.name) < 0) {
		return bad(n, "it is neither a domain name nor an address", ret);
	} else if (!is_mine(n, &w.name)) {
		return NAMES_ONE;
	}
	place = n->order[n->n++];
	n->window[place] = (struct waiting){ .rare = true };
	add_rare(n, place, &w);
	return NAMES_ONE;
}

/* NAMES_ONE: its questions, if any, wait. */
static enum names_next read_line(struct names *n, struct names_item *ret)
{
	static const char space[] = " \t\r";
	char *save = NULL, *word, *type_word;
	char text[NAMES_LINE + 1];
	struct name name;
	uint16_t type;

	n->line[n->line_n] = '\0';
	if (n->cut)
		return bad(n, "the line is longer than any name", ret);
	if (strlen(n->line) != n->line_n)
		return bad(n, "the line has a NUL octet in it", ret);
	memcpy(text, n->line, n->line_n + 1);
	text[comment(n, text)] = '\0';
	word = strtok_r(text, space, &save);
	if (!word)
		return NAMES_ONE;
	if (n->setup.servers)
		return read_server(n, word, strtok_r(NULL, space, &save), ret);
	type_word = strtok_r(NULL, space, &save);
	if (name_parse(word, &name) < 0)
		return bad(n, "it is no domain name", ret);
	if (type_word && !read_type(n, type_word, &type))
		return bad(n, "the second word is no record type", ret);
	if (type_word && strtok_r(NULL, space, &save))
		return bad(n, "a line is NAME or NAME TYPE", ret);
	if (!is_mine(n, &name))
		return NAMES_ONE;
	if (type_word)
		add(n, &name, type);
	for (size_t i = 0; !type_word && i < n->setup.ntypes; i++)
		add(n, &name, n->setup.types[i]);
	return NAMES_ONE;
}

static enum names_next draw(struct names *n, struct names_item *ret)
{
	const struct waiting *w;
	uint16_t place;
	size_t i;

	if (!n->n)
		return n->ended ? NAMES_END : NAMES_LATER;
	i = rng_below(&n->rng, (uint32_t)n->n);
	place = n->order[i];
	n->order[i] = n->order[--n->n];
	n->order[n->n] = place;
	w = &n->window[place];
	if (w->rare) {
		n->given = n->rare[place];
	} else {
		n->given.name.len = w->len;
		memcpy(n->given.name.wire, w->wire, w->len);
		n->given.server = (struct addr){ 0 };
	}
	*ret = (struct names_item){ .question = { &n->given.name, w->type, CLASS_IN },
		.server = n->given.server };
	return NAMES_ONE;
}

enum names_next names_next(struct names *n, struct names_item *ret)
{
	while (n->n < NAMES_WINDOW && next_line(n)) {
		enum names_next got;

		n->number++;
		arena_reset(n->scratch);
		got = read_line(n, ret);
		n->line_n = 0;
		n->cut = false;
		if (got == NAMES_BAD)
			return got;
	}
	return draw(n, ret);
}
