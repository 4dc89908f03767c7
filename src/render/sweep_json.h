/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sweeps of servers' ports came to, and what was left out, as members of an object of JSON. */
#ifndef RENDER_SWEEP_JSON_H
#define RENDER_SWEEP_JSON_H

#include "base/json.h"
#include "base/portset.h"
#include "render/report.h"

/* A set of ports as text. */
void ports_json(struct json *j, const char *key, const struct portset *s);

/* "sweeps": the numbers behind what was found about ports; nothing when nothing was swept. */
void sweeps_json(struct json *j, const struct report *r);

/* "untested": what was not, and why; empty when nothing was left out. */
void untested_json(struct json *j, const struct report *r);

#endif
