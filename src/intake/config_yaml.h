/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * YAML as a tree with lines, over libyaml: the first document of a file.
 *
 *	struct pool_line at = { .file = path };
 *	const struct config_yaml *root, *n;
 *	if (!config_yaml_read(arena, &at, bytes, &root)) {
 *		n = config_yaml_get(config_yaml_get(root, "outgoing"), "single_socket");
 *		...
 *	}
 */
#ifndef INTAKE_CONFIG_YAML_H
#define INTAKE_CONFIG_YAML_H

#include "intake/config_read.h"

enum {
	CONFIG_YAML_DEPTH = 32,	     /* lists in lists */
	CONFIG_YAML_NODES = 1 << 17, /* of a file */
};

enum config_yaml_type {
	CONFIG_YAML_SCALAR,
	CONFIG_YAML_LIST,
	CONFIG_YAML_MAP,
	CONFIG_YAML_ALIAS, /* "*name": not followed, so that a small file stays small */
};

struct config_yaml {
	uint8_t type;	     /* enum config_yaml_type */
	bool overrides;	     /* tagged "!override" (PowerDNS) */
	struct pool_line at; /* where it begins; of a map's member: where its key does */
	const char *key;     /* of a map's member, else NULL */
	const char *text;    /* of a scalar, else NULL */
	struct VEC(const struct config_yaml *) items;
};

/*
 * Reads the bytes of at->file; *ret is NULL for an empty document. -ERR_PARSE for what is no YAML,
 * -ERR_LIMIT beyond the bounds: then the rest of *at says where. The tree is the arena's.
 */
int config_yaml_read(
	struct arena *a, struct pool_line *at, struct span bytes, const struct config_yaml **ret);

/* The member of a map, the last of that name; NULL: none, or no map (which may be NULL). */
const struct config_yaml *config_yaml_get(const struct config_yaml *map, const char *key);

/* The text of a scalar; none for all else. */
const char *config_yaml_text(const struct config_yaml *n, const char *none);

#endif
