/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unbound's settings, for whoever has them in a file of another kind: CoreDNS' unbound plugin. */
#ifndef INTAKE_CONFIG_UNBOUND_H
#define INTAKE_CONFIG_UNBOUND_H

#include "intake/config_read.h"

struct config_unbound_from {
	const char *path;		   /* of an unbound.conf; NULL: none */
	const struct pool_line *wanted_by; /* NULL: it is the main file */
	const char *version;		   /* of the (lib)unbound; NULL: unknown */
	const struct pool_line *extras;	   /* server settings as text, "keyword: value", in order */
	size_t nextras;
};

/* Adds the pool, forwards and remarks of these. Fails as config_open() does. */
int config_unbound_add(struct config_reader *r, const struct config_unbound_from *from);

#endif
