/* SPDX-License-Identifier: GPL-3.0-or-later */
/* YAML as a tree with lines. */
#include "intake/config_yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/err.h"

struct loader {
	struct arena *arena;
	const char *file;
	struct span bytes;
	yaml_parser_t parser;
	unsigned int depth;
	size_t nodes;
	/* Lines come in order: where the search for the next one begins. */
	uint32_t line;
	struct span rest;
	const char *text;
};

/*
 * The event that could not be read, and no more: a node of NULL. Events that end something are
 * nodes of NULL, too.
 */
static int load(struct loader *l, const struct config_yaml **ret, bool *ret_end);

/* The line as it stands there, without outer blanks and a comment behind blanks. */
static const char *line_text(struct loader *l, uint32_t line)
{
	struct span s = { 0 };
	size_t n = 0;

	if (line < l->line || !l->text) {
		l->line = 0;
		l->rest = l->bytes;
	}
	if (line == l->line)
		return l->text;
	while (l->line < line && config_next_line(&l->rest, &s))
		l->line++;
	while (s.n && (*s.p == ' ' || *s.p == '\t'))
		s.p++, s.n--;
	for (n = 0; n < s.n && s.p[n]; n++)
		if (s.p[n] == '#' && (n == 0 || s.p[n - 1] == ' ' || s.p[n - 1] == '\t'))
			break;
	while (n && (s.p[n - 1] == ' ' || s.p[n - 1] == '\t'))
		n--;
	l->text = n ? arena_printf(l->arena, "%.*s", (int)n, (const char *)s.p) : "";
	return l->text;
}

static struct pool_line line_at(struct loader *l, size_t line)
{
	uint32_t number = (uint32_t)line + 1;

	return (struct pool_line){ l->file, number, line_text(l, number) };
}

static int load_list(struct loader *l, struct config_yaml *list)
{
	for (;;) {
		const struct config_yaml *item;
		bool end;
		int err = load(l, &item, &end);

		if (err || end)
			return err;
		vec_push(l->arena, &list->items, item);
	}
}

/* Keys that are no scalars are passed over with their values. */
static int load_map(struct loader *l, struct config_yaml *map)
{
	for (;;) {
		const struct config_yaml *key, *value;
		struct config_yaml *member;
		bool end;
		int err = load(l, &key, &end);

		if (err || end)
			return err;
		err = load(l, &value, &end);
		if (err)
			return err;
		if (end || key->type != CONFIG_YAML_SCALAR)
			continue;
		member = arena_dup(l->arena, value, sizeof(*value));
		member->key = key->text;
		member->at = key->at;
		vec_push(l->arena, &map->items, member);
	}
}

static int load_items(struct loader *l, struct config_yaml *n)
{
	int err;

	if (l->depth == CONFIG_YAML_DEPTH)
		return -ERR_LIMIT;
	l->depth++;
	err = n->type == CONFIG_YAML_MAP ? load_map(l, n) : load_list(l, n);
	l->depth--;
	return err;
}

static bool is_override(const yaml_char_t *tag)
{
	return tag && strcmp((const char *)tag, "!override") == 0;
}

/* The node that an event begins; NULL: it begins none. */
static struct config_yaml *make_node(struct loader *l, const yaml_event_t *e)
{
	struct config_yaml *n = arena_alloc(l->arena, sizeof(*n));

	if (e->type == YAML_SCALAR_EVENT) {
		n->type = CONFIG_YAML_SCALAR;
		n->text = arena_str(l->arena, (const char *)e->data.scalar.value);
		n->overrides = is_override(e->data.scalar.tag);
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		n->type = CONFIG_YAML_LIST;
		n->overrides = is_override(e->data.sequence_start.tag);
	} else if (e->type == YAML_MAPPING_START_EVENT) {
		n->type = CONFIG_YAML_MAP;
		n->overrides = is_override(e->data.mapping_start.tag);
	} else if (e->type == YAML_ALIAS_EVENT) {
		n->type = CONFIG_YAML_ALIAS;
	} else {
		return NULL;
	}
	n->at = line_at(l, e->start_mark.line);
	return n;
}

static int load(struct loader *l, const struct config_yaml **ret, bool *ret_end)
{
	yaml_event_t e;
	struct config_yaml *n;

	*ret = NULL;
	if (l->nodes++ == CONFIG_YAML_NODES)
		return -ERR_LIMIT;
	if (!yaml_parser_parse(&l->parser, &e))
		return -ERR_PARSE;
	n = make_node(l, &e);
	yaml_event_delete(&e);
	*ret = n;
	*ret_end = !n;
	if (n && (n->type == CONFIG_YAML_LIST || n->type == CONFIG_YAML_MAP))
		return load_items(l, n);
	return 0;
}

/* Passes over what stands before the first node of the document. */
static int load_document(struct loader *l, const struct config_yaml **ret)
{
	yaml_event_type_t type = YAML_NO_EVENT;

	while (type != YAML_DOCUMENT_START_EVENT) {
		yaml_event_t e;

		if (!yaml_parser_parse(&l->parser, &e))
			return -ERR_PARSE;
		type = e.type;
		yaml_event_delete(&e);
		if (type == YAML_STREAM_END_EVENT)
			return 0;
	}
	return load(l, ret, &(bool){ false });
}

int config_yaml_read(
	struct arena *a, struct pool_line *at, struct span bytes, const struct config_yaml **ret)
{
	struct loader l = { .arena = a, .file = at->file, .bytes = bytes };
	const struct config_yaml *root = NULL;
	int err;

	if (!yaml_parser_initialize(&l.parser))
		err_no_memory();
	yaml_parser_set_input_string(&l.parser, bytes.p ? bytes.p : (const uint8_t *)"", bytes.n);
	err = load_document(&l, &root);
	if (err == -ERR_PARSE)
		*at = line_at(&l, l.parser.problem_mark.line);
	else if (err)
		*at = line_at(&l, l.parser.mark.line);
	else
		*ret = root;
	yaml_parser_delete(&l.parser);
	return err;
}

const struct config_yaml *config_yaml_get(const struct config_yaml *map, const char *key)
{
	if (!map || map->type != CONFIG_YAML_MAP)
		return NULL;
	for (size_t i = map->items.n; i-- > 0;)
		if (strcmp(map->items.v[i]->key, key) == 0)
			return map->items.v[i];
	return NULL;
}

const char *config_yaml_text(const struct config_yaml *n, const char *none)
{
	return n && n->type == CONFIG_YAML_SCALAR ? n->text : none;
}
