/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the catalogue. */
#include <string.h>

#include "base/err.h"
#include "fault/entries.h"

/* Ascending by id: `explain` lists them so. */
const struct fault *const fault_table[] = {
	&fault_answer_mismatch,
	&fault_flow_hash_loss,
	&fault_lame_delegation,
	&fault_missing_glue,
	&fault_nat_rewrites_ports,
	&fault_ns_set_mismatch,
	&fault_pool_differs_from_config,
	&fault_rate_limited,
	&fault_resolver_disagrees,
	&fault_resolver_fixed_port,
	&fault_resolver_no_0x20,
	&fault_resolver_sequential_ports,
	&fault_resolver_small_pool,
	&fault_resolver_unreachable,
	&fault_resolver_uses_filtered_ports,
	&fault_serial_mismatch,
	&fault_source_port_filter,
	&fault_source_port_policer,
	&fault_stale_glue,
	&fault_unreachable,
};
const size_t fault_count = ARRAY_LEN(fault_table);

const struct fault *fault_find(const char *id)
{
	for (size_t i = 0; i < fault_count; i++) {
		if (strcmp(fault_table[i]->id, id) == 0)
			return fault_table[i];
	}
	return NULL;
}
