/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lua's words, for config_lua.c: Lua 5.1 reference manual, 2.1. */
#ifndef INTAKE_CONFIG_LUATOK_H
#define INTAKE_CONFIG_LUATOK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

enum config_luatok_type {
	CONFIG_LUATOK_END,
	CONFIG_LUATOK_NAME, /* no keyword */
	CONFIG_LUATOK_KEYWORD,
	CONFIG_LUATOK_STRING, /* text has it without quotes, escapes resolved; ends at a NUL */
	CONFIG_LUATOK_NUMBER,
	CONFIG_LUATOK_MARK, /* one of Lua's marks, or a byte that is none; text: all of it */
};

struct config_luatok {
	struct arena *arena;
	struct span src;
	size_t at;	     /* behind the token */
	uint32_t line;	     /* at at */
	bool broken;	     /* the end came within a string or a comment */
	uint8_t type;	     /* of the token */
	uint32_t token_line; /* where it begins */
	const char *text;    /* "" at the end */
};

/* The next token takes the place of the last one; at the end it stays there. */
void config_luatok_next(struct config_luatok *t);

/* The token is that mark, that keyword. */
bool config_luatok_is(const struct config_luatok *t, const char *text);

#endif
