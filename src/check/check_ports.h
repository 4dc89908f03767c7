/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the families that read sweeps share. */
#ifndef CHECK_CHECK_PORTS_H
#define CHECK_CHECK_PORTS_H

#include "check/check.h"

/* How much a set of lost ports matters to whoever asked (contract: "State and severity"). */
enum severity check_ports_severity(const struct check_input *in);

enum where check_ports_where(enum place_verdict p);

/*
 * What ports of the finding's set (its first detail) arrive as, as far as quotes showed: detail
 * "arrives".
 */
void check_nat_arrives(const struct check_input *in, struct findings *f, struct finding *x,
	const struct sweep_result *s);

#endif
