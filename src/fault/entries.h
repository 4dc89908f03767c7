/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entries of the catalogue, one object each; fault.c makes the table of them. */
#ifndef FAULT_ENTRIES_H
#define FAULT_ENTRIES_H

#include "fault/fault.h"

extern const struct fault fault_answer_mismatch;
extern const struct fault fault_flow_hash_loss;
extern const struct fault fault_lame_delegation;
extern const struct fault fault_missing_glue;
extern const struct fault fault_nat_rewrites_ports;
extern const struct fault fault_ns_set_mismatch;
extern const struct fault fault_pool_differs_from_config;
extern const struct fault fault_rate_limited;
extern const struct fault fault_resolver_disagrees;
extern const struct fault fault_resolver_fixed_port;
extern const struct fault fault_resolver_no_0x20;
extern const struct fault fault_resolver_sequential_ports;
extern const struct fault fault_resolver_small_pool;
extern const struct fault fault_resolver_unreachable;
extern const struct fault fault_resolver_uses_filtered_ports;
extern const struct fault fault_serial_mismatch;
extern const struct fault fault_source_port_filter;
extern const struct fault fault_source_port_policer;
extern const struct fault fault_stale_glue;
extern const struct fault fault_unreachable;

#endif
