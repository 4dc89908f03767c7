/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the families that read the resolver's pools share. */
#ifndef CHECK_CHECK_POOLS_H
#define CHECK_CHECK_POOLS_H

#include "check/check.h"

/* How much a property of the resolver's pool matters to whoever asked. */
enum severity check_pools_severity(const struct check_input *in);

/* Details "software", "version", and "file", "line", "setting" of the last line that made it. */
void check_pools_said(struct findings *f, struct finding *x, const struct pool *said);

/* Details "address", "samples", "distinct". */
void check_pools_seen(struct findings *f, struct finding *x, const struct pool_seen *s);

/*
 * What left the resolver's host is not what the configuration says. What arrived at a beacon is
 * another matter: there a translator may be between.
 */
bool check_pools_differ(const struct pool_seen *s);

#endif
