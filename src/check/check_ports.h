/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the families that read sweeps share. */
#ifndef CHECK_CHECK_PORTS_H
#define CHECK_CHECK_PORTS_H

#include "check/check.h"

/* Whether what a server drops meets the resolver's pool. */
enum check_hits { HITS_UNKNOWN, HITS_NOTHING, HITS_POOL };
enum check_hits check_ports_hits(const struct check_input *in, const struct addr *server);

/*
 * How much ports that a server's packets are lost from matter to whoever asked (contract: "State
 * and severity").
 */
enum severity check_ports_severity(const struct check_input *in, const struct addr *server);

enum where check_ports_where(enum place_verdict p);

/*
 * What ports of the finding's set (its first detail) arrive as, as far as quotes showed: detail
 * "arrives".
 */
void check_nat_arrives(const struct check_input *in, struct findings *f, struct finding *x,
	const struct sweep_result *s);

#endif
