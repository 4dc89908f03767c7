/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the module "zone" share: its test cases. */
#ifndef CHECK_CASES_ZONE_INNER_H
#define CHECK_CASES_ZONE_INNER_H

#include "check/cases.h"

/* The server that SOA names as primary, and that there is one SOA. */
void zone_mname(struct cases *c);
void zone_mname_alias(struct cases *c);
void zone_one_soa(struct cases *c);

/* The numbers of SOA. */
void zone_refresh(struct cases *c);
void zone_retry_refresh(struct cases *c);
void zone_retry(struct cases *c);
void zone_expire(struct cases *c);
void zone_minimum(struct cases *c);

/* Mail. */
void zone_mx_alias(struct cases *c);
void zone_mx(struct cases *c);
void zone_spf(struct cases *c);

#endif
