/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every form of JSON says first of a finding. */
#ifndef RENDER_FINDING_JSON_H
#define RENDER_FINDING_JSON_H

#include "base/json.h"
#include "check/finding.h"

/* Adds id, severity, where, subject and servers to the object that is open. */
void finding_json(struct json *j, const struct finding *f);

#endif
