/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of values that several kinds have: addresses with ports, numbers, files of a folder. */
#ifndef INTAKE_CONFIG_PART_H
#define INTAKE_CONFIG_PART_H

#include "intake/config_read.h"

/*
 * "192.0.2.1", "2001:db8::1" with a port behind mark (':', '@' or '#'); before ':', v6 addresses
 * have "[" and "]", elsewhere they may. Without a port it is port. -ERR_PARSE for anything else,
 * interfaces ("%eth0") among it.
 */
int config_part_addr(const char *text, char mark, uint16_t port, struct addr *ret);

/* A decimal port 0 .. 65535, and nothing behind it. -ERR_PARSE otherwise. */
int config_part_port(const char *text, uint16_t *ret);

/* Adds an upstream server: once, and no more than CONFIG_POOLS_MOST of them. */
void config_part_forward(struct config_reader *r, const struct addr *server);

/*
 * The files of a folder whose names match a shell pattern without "/", NULL-ended, sorted as bytes
 * are; no letter of dir is a pattern. More than CONFIG_FILES_MOST is cut.
 */
const char **config_part_files(struct config_reader *r, const char *dir, const char *pattern);

#endif
