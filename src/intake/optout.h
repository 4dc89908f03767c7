/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom not to ask, since they said so: a list of addresses ("192.0.2.1"), networks
 * ("192.0.2.0/24") and domain names ("example.com": itself and all below it), one a line; '#'
 * begins a comment.
 *
 *	if (optout_read(arena, text, &o, &line) < 0)
 *		... line says where ...
 *	if (optout_has_addr(&o, &addr) || optout_has_name(&o, name))
 *		... leave it alone ...
 */
#ifndef INTAKE_OPTOUT_H
#define INTAKE_OPTOUT_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/span.h"
#include "base/vec.h"
#include "dns/name.h"
#include "facts/asn.h"

struct optout {
	struct VEC(struct asn_prefix) networks;
	struct VEC(const struct name *) names;
};

/* -ERR_PARSE with *ret_line, from 1, when a line is none of these. */
int optout_read(struct arena *a, struct span text, struct optout *ret, size_t *ret_line);

bool optout_has_addr(const struct optout *o, const struct addr *a);
bool optout_has_name(const struct optout *o, const struct name *n);

#endif
