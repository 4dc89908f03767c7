/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inner side of infer/ports: how deep a silence has to be before it counts, and what follows. */
#ifndef INFER_PORTS_DEPTH_H
#define INFER_PORTS_DEPTH_H

#include "infer/ports.h"

/* Asked at least once, with a settled silence or a reply. */
bool ports_tested(const struct ports_table *t, uint16_t port);

bool ports_is_seed(uint16_t port);

/* Silences that a port at a found boundary needs: family-wise error 1e-6 over the whole sweep. */
unsigned int ports_depth_edge(const struct ports_table *t, const struct ports_scope *scope);

/* Enough silences on enough ports, and no reply, to say that no port answers. */
bool ports_tried_all(const struct ports_table *t);

/* The silent ports form no set of ranges that a rule would have. */
bool ports_scattered(const struct ports_table *t, const struct ports_scope *scope);

#endif
