// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "zone".
#include "base/err.h"
#include "check/cases/zone_inner.h"

static const struct tree_case zone_cases[] = {
	{ "zone01", "SOA names the primary server", zone_mname },
	{ "zone02", "SOA refresh is long enough", zone_refresh },
	{ "zone03", "SOA retry is shorter than refresh", zone_retry_refresh },
	{ "zone04", "SOA retry is long enough", zone_retry },
	{ "zone05", "SOA expire is long enough", zone_expire },
	{ "zone06", "SOA minimum is within bounds", zone_minimum },
	{ "zone07", "SOA's primary server is no alias", zone_mname_alias },
	{ "zone08", "mail servers are no aliases", zone_mx_alias },
	{ "zone09", "there is an MX record, the same everywhere", zone_mx },
	{ "zone10", "there is one SOA record", zone_one_soa },
	{ "zone11", "the SPF policy can be read, the same everywhere", zone_spf },
};

const struct case_module case_zone = { "zone", zone_cases, ARRAY_LEN(zone_cases) };
