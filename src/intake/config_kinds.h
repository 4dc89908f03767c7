/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of config_kinds' rows: each adds pools, forwards and remarks to *ret. */
#ifndef INTAKE_CONFIG_KINDS_H
#define INTAKE_CONFIG_KINDS_H

#include "intake/config_read.h"

/*
 * All follow config_kind.read: 0, or -ERR_OPEN when the main file cannot be read; whatever else is
 * wrong with a file is a remark. A file without a path is an empty one: the defaults.
 */
int config_bind_read(struct config_reader *r, struct audit *ret);
int config_coredns_read(struct config_reader *r, struct audit *ret);
int config_dnsdist_read(struct config_reader *r, struct audit *ret);
int config_dnsmasq_read(struct config_reader *r, struct audit *ret);
int config_knot_read(struct config_reader *r, struct audit *ret);
int config_pdns_read(struct config_reader *r, struct audit *ret);
int config_resolved_read(struct config_reader *r, struct audit *ret);
int config_unbound_read(struct config_reader *r, struct audit *ret);
int config_windows_read(struct config_reader *r, struct audit *ret);

#endif
