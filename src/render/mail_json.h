/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look-ups that mail takes, in the JSON document. */
#ifndef RENDER_MAIL_JSON_H
#define RENDER_MAIL_JSON_H

#include "base/json.h"
#include "render/report.h"

/* Writes the member "mail" of the object that is open, when there is anything for it. */
void mail_json(struct json *j, const struct report *r);

#endif
