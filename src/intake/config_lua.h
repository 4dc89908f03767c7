/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calls that stand in a Lua file, with those arguments that are written there: strings,
 * numbers, true, false, tables and calls. Nothing is run: what the file computes is not known here,
 * and is told apart.
 *
 *	struct config_lua lua;
 *	config_lua_read(arena, path, bytes, &lua);
 *	for (size_t i = 0; i < lua.calls.n; i++)
 *		if (strcmp(lua.calls.v[i]->name, "newServer") == 0)
 *			...
 */
#ifndef INTAKE_CONFIG_LUA_H
#define INTAKE_CONFIG_LUA_H

#include "intake/config_read.h"

enum {
	CONFIG_LUA_DEPTH = 64,	     /* tables in tables, functions in arguments */
	CONFIG_LUA_VALUES = 1 << 17, /* of a file, calls among them; what is behind is not read */
};

enum config_lua_type {
	CONFIG_LUA_COMPUTED, /* a variable, an operator, a function */
	CONFIG_LUA_STRING,
	CONFIG_LUA_NUMBER, /* text as written */
	CONFIG_LUA_WORD,   /* true, false, nil */
	CONFIG_LUA_TABLE,
	CONFIG_LUA_CALL,
};

struct config_lua_call;

struct config_lua_value {
	uint8_t type;				   /* enum config_lua_type */
	const char *key;			   /* of a table's field; NULL: an item of a list */
	const char *text;			   /* of strings, numbers and words, else NULL */
	const struct config_lua_call *call;	   /* of a call, else NULL */
	struct VEC(struct config_lua_value) items; /* of a table */
};

struct config_lua_call {
	const char *name;		  /* "policy.add"; of a method: "net:listen" */
	const struct config_lua_call *in; /* whose argument it is, however deep; NULL: of none */
	bool maybe;			  /* stands in a function, a loop or a condition */
	struct pool_line at;
	struct VEC(struct config_lua_value) args;
};

struct config_lua {
	struct VEC(struct config_lua_call *) calls; /* in the order in which they begin */
	bool cut;				    /* a bound was reached: there may be more */
	bool broken;				    /* ends within a string, a comment or a table */
};

/* Reads what there is; the arena's. */
void config_lua_read(struct arena *a, const char *file, struct span bytes, struct config_lua *ret);

/* The argument of a call (0-based), the field of a table; NULL: none. */
const struct config_lua_value *config_lua_arg(const struct config_lua_call *c, size_t index);
const struct config_lua_value *config_lua_field(
	const struct config_lua_value *table, const char *key);

/* The text of a string or a number; none for all else, NULL among it. */
const char *config_lua_text(const struct config_lua_value *v, const char *none);

#endif
