// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a TXT record.
#include "check/cases/txt.h"

#include "base/buf.h"

const char *txt_join(struct arena *a, const struct rr *rr)
{
	struct buf b = { .arena = a };

	for (size_t at = 0; at < rr->rdlength;) {
		size_t n = rr->rdata[at++];

		for (; n > 0 && at < rr->rdlength; n--, at++)
			buf_char(&b, rr->rdata[at] ? (char)rr->rdata[at] : '?');
	}
	return buf_text(&b);
}
