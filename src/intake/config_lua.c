/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls that stand in a Lua file. */
#include "intake/config_lua.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/config_luatok.h"

struct reader {
	struct config_luatok t; /* the token that is looked at */
	const char *file;
	struct config_lua *lua;
	const struct config_lua_call *in;
	unsigned int depth, maybe;
	size_t values;
	uint32_t line; /* whose text was made last */
	const char *text;
};

static struct config_lua_value read_first(struct reader *r);
static struct config_lua_value read_value(struct reader *r);
static void read_function(struct reader *r);
static struct config_lua_call *read_path(struct reader *r);

static bool is(const struct reader *r, const char *text)
{
	return config_luatok_is(&r->t, text);
}

static bool ended(const struct reader *r)
{
	return r->t.type == CONFIG_LUATOK_END;
}

static void next(struct reader *r)
{
	config_luatok_next(&r->t);
}

/* One of these marks or keywords. */
static bool is_any(const struct reader *r, const char *const *texts)
{
	for (; *texts; texts++)
		if (is(r, *texts))
			return true;
	return false;
}

/* Nothing of the rest is read. */
static void cut(struct reader *r)
{
	r->lua->cut = true;
	r->t.at = r->t.src.n;
	r->t.type = CONFIG_LUATOK_END;
	r->t.text = "";
}

/* One level deeper; false: too deep. */
static bool enter(struct reader *r)
{
	if (r->depth == CONFIG_LUA_DEPTH || r->values == CONFIG_LUA_VALUES) {
		cut(r);
		return false;
	}
	r->depth++;
	r->values++;
	return true;
}

/*
 * Statements of a file, or of a function up to its "end". Of all of them only calls matter, and
 * whether they stand in something that may run or not.
 */
static void read_block(struct reader *r, bool function)
{
	static const char *const opens[] = { "do", "if", "repeat", NULL };
	static const char *const closes[] = { "end", "until", NULL };
	unsigned int open = 0, maybe = r->maybe;

	while (!ended(r)) {
		if (r->t.type == CONFIG_LUATOK_NAME) {
			read_path(r);
			continue;
		}
		if (is(r, "function")) {
			read_function(r);
			continue;
		}
		open += is_any(r, opens);
		if (is_any(r, closes) && open == 0 && function)
			break;
		open -= is_any(r, closes) && open > 0;
		r->maybe = maybe + open;
		next(r);
	}
	r->maybe = maybe;
}

/* "function", a name maybe, its parameters and its body. */
static void read_function(struct reader *r)
{
	if (!enter(r))
		return;
	while (!ended(r) && !is(r, ")"))
		next(r);
	next(r);
	r->maybe++;
	read_block(r, true);
	r->maybe--;
	next(r);
	r->depth--;
}

/* The rest of an expression, up to what ends it in a list or in brackets. */
static void read_rest(struct reader *r)
{
	static const char *const ends[] = { ",", ";", ")", "}", "]", NULL };
	static const char *const opens[] = { "(", "{", "[", NULL };
	static const char *const closes[] = { ")", "}", "]", NULL };
	unsigned int open = 0;

	while (!ended(r) && (open || !is_any(r, ends))) {
		if (r->t.type == CONFIG_LUATOK_NAME) {
			read_path(r);
		} else if (is(r, "function")) {
			read_function(r);
		} else {
			open += is_any(r, opens);
			open -= is_any(r, closes) && open > 0;
			next(r);
		}
	}
}

/* "[...]" before a field's "=": the key when it is a string. */
static const char *read_bracket_key(struct reader *r)
{
	const char *key = NULL;

	next(r);
	if (r->t.type == CONFIG_LUATOK_STRING)
		key = r->t.text;
	read_rest(r);
	if (is(r, "]"))
		next(r);
	if (is(r, "="))
		next(r);
	return key;
}

static const char *read_key(struct reader *r)
{
	struct config_luatok before = r->t;

	if (is(r, "["))
		return read_bracket_key(r);
	if (r->t.type != CONFIG_LUATOK_NAME)
		return NULL;
	next(r);
	if (is(r, "=")) {
		next(r);
		return before.text;
	}
	r->t = before;
	return NULL;
}

static void read_table(struct reader *r, struct config_lua_value *table)
{
	if (!enter(r))
		return;
	next(r);
	while (!ended(r) && !is(r, "}")) {
		const char *key = read_key(r);
		struct config_lua_value v = read_value(r);

		v.key = key;
		vec_push(r->t.arena, &table->items, v);
		if (!ended(r) && !is(r, "}"))
			next(r);
	}
	r->lua->broken |= ended(r);
	next(r);
	r->depth--;
}

static void read_arguments(struct reader *r, struct config_lua_call *call)
{
	if (!is(r, "(")) { /* f"...", f{...}: what follows is none of it */
		vec_push(r->t.arena, &call->args, read_first(r));
		return;
	}
	next(r);
	while (!ended(r) && !is(r, ")")) {
		vec_push(r->t.arena, &call->args, read_value(r));
		if (!ended(r) && !is(r, ")"))
			next(r);
	}
	next(r);
}

/* The line that a call begins in: at is an octet of it. */
static const char *line_text(struct reader *r, uint32_t line, size_t at)
{
	const uint8_t *p = r->t.src.p;
	size_t first = at, end = at;

	if (r->line == line)
		return r->text;
	while (first && p[first - 1] != '\n')
		first--;
	while (end < r->t.src.n && p[end] && p[end] != '\n')
		end++;
	while (first < end && (p[first] == ' ' || p[first] == '\t'))
		first++;
	while (end > first && (p[end - 1] == ' ' || p[end - 1] == '\t' || p[end - 1] == '\r'))
		end--;
	r->line = line;
	r->text = arena_printf(r->t.arena, "%.*s", (int)(end - first), (const char *)p + first);
	return r->text;
}

static struct config_lua_call *read_call(
	struct reader *r, const char *name, const struct config_luatok *first)
{
	struct config_lua_call *call;

	if (!enter(r))
		return NULL;
	call = arena_alloc(r->t.arena, sizeof(*call));
	call->name = name;
	call->in = r->in;
	call->maybe = r->maybe > 0;
	call->at = (struct pool_line){ r->file, first->token_line,
		line_text(r, first->token_line, first->at - 1) };
	vec_push(r->t.arena, &r->lua->calls, call);
	r->in = call;
	read_arguments(r, call);
	r->in = call->in;
	r->depth--;
	return call;
}

/* A name with its parts; NULL when it is not called. */
static struct config_lua_call *read_path(struct reader *r)
{
	struct config_luatok first = r->t;
	struct buf name = { .arena = r->t.arena };

	buf_str(&name, r->t.text);
	next(r);
	while (is(r, ".") || is(r, ":")) {
		buf_str(&name, r->t.text);
		next(r);
		if (r->t.type != CONFIG_LUATOK_NAME)
			return NULL;
		buf_str(&name, r->t.text);
		next(r);
	}
	if (!is(r, "(") && !is(r, "{") && r->t.type != CONFIG_LUATOK_STRING)
		return NULL;
	return read_call(r, arena_str(r->t.arena, buf_text(&name)), &first);
}

static struct config_lua_value read_first(struct reader *r)
{
	static const char *const words[] = { "true", "false", "nil", NULL };
	static const uint8_t types[] = {
		[CONFIG_LUATOK_STRING] = CONFIG_LUA_STRING,
		[CONFIG_LUATOK_NUMBER] = CONFIG_LUA_NUMBER,
		[CONFIG_LUATOK_KEYWORD] = CONFIG_LUA_WORD,
	};
	struct config_lua_value v = { .type = CONFIG_LUA_COMPUTED };

	if (r->t.type == CONFIG_LUATOK_STRING || r->t.type == CONFIG_LUATOK_NUMBER ||
		is_any(r, words)) {
		v.type = types[r->t.type];
		v.text = r->t.text;
		next(r);
	} else if (is(r, "{")) {
		v.type = CONFIG_LUA_TABLE;
		read_table(r, &v);
	} else if (is(r, "function")) {
		read_function(r);
	} else if (r->t.type == CONFIG_LUATOK_NAME) {
		v.call = read_path(r);
		v.type = v.call ? CONFIG_LUA_CALL : CONFIG_LUA_COMPUTED;
	}
	return v;
}

/* An expression; it is computed when anything follows its first part. */
static struct config_lua_value read_value(struct reader *r)
{
	static const char *const ends[] = { ",", ";", ")", "}", "]", NULL };
	struct config_lua_value v;

	if (!enter(r))
		return (struct config_lua_value){ .type = CONFIG_LUA_COMPUTED };
	v = read_first(r);
	r->depth--;
	if (ended(r) || is_any(r, ends))
		return v;
	read_rest(r);
	return (struct config_lua_value){ .type = CONFIG_LUA_COMPUTED };
}

void config_lua_read(struct arena *a, const char *file, struct span bytes, struct config_lua *ret)
{
	struct reader r = {
		.t = { .arena = a, .src = bytes, .line = 1 }, .file = file, .lua = ret
	};

	*ret = (struct config_lua){ 0 };
	next(&r);
	read_block(&r, false);
	ret->broken |= r.t.broken;
}

const struct config_lua_value *config_lua_arg(const struct config_lua_call *c, size_t index)
{
	return index < c->args.n ? &c->args.v[index] : NULL;
}

const struct config_lua_value *config_lua_field(
	const struct config_lua_value *table, const char *key)
{
	if (!table || table->type != CONFIG_LUA_TABLE)
		return NULL;
	for (size_t i = table->items.n; i-- > 0;)
		if (table->items.v[i].key && strcmp(table->items.v[i].key, key) == 0)
			return &table->items.v[i];
	return NULL;
}

const char *config_lua_text(const struct config_lua_value *v, const char *none)
{
	bool has = v && (v->type == CONFIG_LUA_STRING || v->type == CONFIG_LUA_NUMBER);

	return has ? v->text : none;
}
