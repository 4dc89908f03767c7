/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An exported part of Windows' registry: "Windows Registry Editor Version 5.00" in UTF-16LE with a
 * byte order mark, or "REGEDIT4" in one octet a letter; one value after the other:
 *
 *	struct config_reg reg;
 *	struct config_reg_value v;
 *	if (!config_reg_begin(&reg, arena, path, bytes))
 *		while (config_reg_next(&reg, &v))
 *			use(v.key, v.name, &v);
 */
#ifndef INTAKE_CONFIG_REG_H
#define INTAKE_CONFIG_REG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"
#include "facts/pool.h"

enum config_reg_type {
	CONFIG_REG_NUMBER, /* dword: */
	CONFIG_REG_TEXTS,  /* "...", or hex(1), hex(2), hex(7): REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ
			    */
	CONFIG_REG_OTHER,  /* any other; hex() that cannot be read */
	CONFIG_REG_GONE,   /* "name"=-: the import deletes it */
};

struct config_reg {
	struct arena *arena;
	const char *file;
	struct span rest; /* as UTF-8 */
	bool wide;	  /* strings in hex() have two octets a letter */
	uint32_t line;
	const char *key; /* NULL: before the first, or one that is deleted */
};

struct config_reg_value {
	const char *key;		/* "HKEY_LOCAL_MACHINE\..." as written */
	const char *name;		/* without quotes; "" for the key's default value */
	uint8_t type;			/* enum config_reg_type */
	uint32_t number;		/* of a number */
	struct VEC(const char *) texts; /* one of a string, any number of a REG_MULTI_SZ */
	struct pool_line at;
};

/* -ERR_PARSE: the bytes are no such export. Letters beyond ASCII become '?'. */
int config_reg_begin(struct config_reg *r, struct arena *a, const char *file, struct span bytes);

/* The next value; false: there is none. Strings belong to the arena. */
bool config_reg_next(struct config_reg *r, struct config_reg_value *ret);

#endif
