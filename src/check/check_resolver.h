/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What checks of the user's resolver share. */
#ifndef CHECK_CHECK_RESOLVER_H
#define CHECK_CHECK_RESOLVER_H

#include "check/check.h"

/*
 * A finding about it and the lookup: place, subject, server, how long it took ("took"), what it
 * said itself ("ede", "ede_name", "ede_text"), its reply as evidence.
 */
struct finding *check_resolver_about(
	const struct check_input *in, struct findings *f, const char *id, enum severity severity);

/* Another finding is enough for the lookup to fail. */
bool check_resolver_explained(const struct findings *f);

/* Another reply, or silence, shows the finding as well; seen may be NULL. */
struct check_resolver_told {
	struct finding *by;
	const struct observation *seen;
};
void check_resolver_shown(
	const struct check_input *in, struct findings *f, struct check_resolver_told told);

#endif
