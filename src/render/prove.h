/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What report_prove() is made of: dig lines, and by finding what was ruled out. */
#ifndef RENDER_PROVE_H
#define RENDER_PROVE_H

#include "render/words.h"

/* The dig command that sends what o sent, from this source port (0: any). */
const char *prove_dig(struct arena *a, const struct observation *o, uint16_t port);
/* The same with its cookie, which prove_dig() leaves out. */
const char *prove_dig_whole(struct arena *a, const struct observation *o, uint16_t port);

struct prove_line {
	uint16_t port;
	const char *expect;
};
/* Adds one such command to the finding. */
void prove_try(struct making *m, struct report_finding *x, const struct observation *o,
	struct prove_line l);

/* The set that the finding says is blocked; NULL: none. */
const struct portset *prove_blocked(const struct finding *x);

/* The sweep of the finding's first server; NULL: none. */
const struct sweep_result *prove_sweep(const struct inferences *in, const struct finding *x);

void prove_ports_seen(struct making *m, struct report_finding *x);
void prove_ports(struct making *m, struct report_finding *x);
void prove_ports_not_cause(struct making *m, struct report_finding *x);
void prove_flows_seen(struct making *m, struct report_finding *x);
void prove_flows(struct making *m, struct report_finding *x);
void prove_flows_not_cause(struct making *m, struct report_finding *x);
void prove_policer_seen(struct making *m, struct report_finding *x);
void prove_policer(struct making *m, struct report_finding *x);
void prove_policer_not_cause(struct making *m, struct report_finding *x);
void prove_nat_seen(struct making *m, struct report_finding *x);
void prove_nat(struct making *m, struct report_finding *x);
void prove_nat_not_cause(struct making *m, struct report_finding *x);
void prove_pool_seen(struct making *m, struct report_finding *x);
void prove_samples_seen(struct making *m, struct report_finding *x);
void prove_exposure_seen(struct making *m, struct report_finding *x);
void prove_exposure(struct making *m, struct report_finding *x);
/* In which terms the ports of a set are, when some are rewritten. */
void prove_nat_terms(struct making *m, struct report_finding *x);
void prove_silence_not_cause(struct making *m, struct report_finding *x);
void prove_reply_not_cause(struct making *m, struct report_finding *x);

#endif
