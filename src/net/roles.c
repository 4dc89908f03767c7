/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roles for which silence, or a changed reply, says something of the pace. */
#include "net/roles.h"

/*
 * A port under test may be silent, and so may a server be to a cookie or to a shape, and a router
 * when an ask's TTL ends there.
 */
static const bool may_be_silent[ROLES] = {
	[ROLE_SWEEP] = true,
	[ROLE_PLACE] = true,
	[ROLE_AGAIN] = true,
	[ROLE_TWIN] = true,
	[ROLE_COOKIE] = true,
	[ROLE_PATH] = true,
	[ROLE_PATH_STEADY] = true,
	[ROLE_SHAPE] = true,
	[ROLE_SHAPE_CONTROL] = true,
	[ROLE_SHAPE_KNOCK] = true,
};

static const bool of_sweep[ROLES] = {
	[ROLE_SWEEP] = true,
	[ROLE_STEADY] = true,
	[ROLE_PLACE] = true,
	[ROLE_PLACE_STEADY] = true,
};

bool roles_expect_reply(const struct ask *ask)
{
	return !may_be_silent[ask->role];
}

bool roles_of_sweep(const struct ask *ask)
{
	return of_sweep[ask->role];
}
