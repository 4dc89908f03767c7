/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A check of the delegation tree in the JSON document. */
#ifndef RENDER_TREE_JSON_H
#define RENDER_TREE_JSON_H

#include "base/json.h"
#include "render/report.h"

/* Adds "dnssec" and "tree"; nothing when no such check was made. */
void tree_json(struct json *j, const struct report *r);

#endif
