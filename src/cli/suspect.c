/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Follows a suspicion that the replies of a run raise. */
#include "cli/suspect.h"

#include "cli/pump.h"
#include "infer/intercept.h"
#include "probe/nobody.h"

int suspect_run(struct run *r)
{
	struct interception x = intercept_judge(r->arena, r->facts);
	struct nobody_plan plan = {
		.v4 = x.v4.suspected,
		.v6 = x.v6.suspected,
		.source = r->settings.source,
		.timeout = r->settings.timeout * 1000,
	};

	if ((!plan.v4 && !plan.v6) || r->facts->note)
		return 0;
	return pump_run(r, nobody_new(r->arena, &plan), NULL);
}
