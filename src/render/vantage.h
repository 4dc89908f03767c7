/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vantage points of a report that has several, as text and as JSON. */
#ifndef RENDER_VANTAGE_H
#define RENDER_VANTAGE_H

#include "base/json.h"
#include "render/page.h"

void vantage_text(const struct page *p, const struct report *r);
/* The key "vantages" of the document, and of a finding. */
void vantage_json(struct json *j, const struct report *r);
void vantage_finding_json(struct json *j, const struct finding *f);

#endif
