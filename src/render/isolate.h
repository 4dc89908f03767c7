/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes a query fail, as infer/isolate.h found it, in words and in JSON. */
#ifndef RENDER_ISOLATE_H
#define RENDER_ISOLATE_H

#include "base/json.h"
#include "infer/isolate.h"
#include "render/prove.h"

/* "192.0.2.1 does not answer queries with DO=1 …; without that the same query is answered". */
const char *isolate_sentence(struct arena *a, const struct isolate_result *r);

/* The lines of the report; nothing when nothing was to be isolated. */
void isolate_lines(struct making *m);

/* Two dig commands that differ in what was found alone. */
void isolate_tries(struct making *m, struct report_finding *x);

/* Adds "isolation"; nothing when nothing was to be isolated. */
void isolate_json(struct json *j, const struct report *r);

#endif
