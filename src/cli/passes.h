/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A check of the delegation tree, or the validation of a look-up, as a probe: what tree and
 *diagnose share.
 *
 *	if (passes_plan(r) == 0) {
 *		r->facts->tree->zone = ...;
 *		struct passes p = passes_begin(r);
 *		pump_run(r, p.probe, NULL);
 *		passes_end(&p);
 *	}
 */
#ifndef CLI_PASSES_H
#define CLI_PASSES_H

#include "cli/run.h"
#include "infer/ledger.h"

/*
 * Makes the facts' plan of the tree: root servers, trust anchors, address families, by the
 * settings. 0 or -ERR_USAGE, said.
 */
int passes_plan(struct run *r);

struct passes {
	struct arena *arena; /* of a pass */
	struct ledger *ledger;
	struct probe *probe;
	struct passing *now; /* passes.c's */
};

/* The probe for that plan, which has its zone and all else by now. Ended when it has been pumped.
 */
struct passes passes_begin(struct run *r);
/* The facts say if a bound was met. */
void passes_end(struct passes *p);

#endif
