/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Query shapes in the JSON document. */
#ifndef RENDER_SHAPES_H
#define RENDER_SHAPES_H

#include "base/json.h"
#include "infer/shapes.h"
#include "render/words.h"

/* The name of a group of rows. */
const char *shapes_group(enum shape_group g);

/* Adds "shapes"; nothing when none were asked. */
void shapes_json(struct json *j, const struct report *r);

#endif
