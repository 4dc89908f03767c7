/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's part about other resolvers. */
#ifndef RENDER_OPINION_H
#define RENDER_OPINION_H

#include "base/json.h"
#include "render/words.h"

/* The key "opinions"; nothing when nobody was asked. */
void opinion_json(struct json *j, const struct report *r);

/* A line each, and one about all of them. */
void opinion_lines(struct making *m);

#endif
