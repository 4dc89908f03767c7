/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resolver's pools and exposure in the JSON document. */
#ifndef RENDER_SIDE_JSON_H
#define RENDER_SIDE_JSON_H

#include "base/json.h"
#include "render/report.h"

/* Adds "pools" and "exposure", when there are any. */
void side_json(struct json *j, const struct report *r);

#endif
