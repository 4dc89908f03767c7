/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms that the rdata of known types must have, and rdata with its names decompressed. */
#ifndef DNS_FORM_H
#define DNS_FORM_H

#include <stdbool.h>

#include "base/buf.h"
#include "dns/msg.h"

/*
 * Holds rr's rdata against its type's form; types without a form here fit always. expanded (may be
 * NULL) gets the rdata with whole names. -ERR_PARSE with *ret_bad (may be NULL) set; expanded then
 * holds a part.
 */
int form_check(
	const struct msg *m, const struct rr *rr, struct buf *expanded, struct msg_defect *ret_bad);

#endif
