/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TXT records that speak of mail, as one text whose strings were joined: keys of DKIM (RFC 6376
 * 3.6.1), policies of DMARC (RFC 7489 6.3), of MTA-STS (RFC 8461 3.1) and of reports about TLS
 * (RFC 8460 3). All are lists of "tag=value", with semicolons between them.
 *
 *	struct mailtxt found;
 *	const char *why;
 *
 *	if (mailtxt_is(MAILTXT_DMARC, text) && (why = mailtxt_check(MAILTXT_DMARC, text, &found)))
 *		... why says what receivers do not take ...
 */
#ifndef DNS_MAILTXT_H
#define DNS_MAILTXT_H

#include <stdbool.h>

#include "base/span.h"

enum mailtxt_kind { MAILTXT_DKIM, MAILTXT_DMARC, MAILTXT_STS, MAILTXT_TLSRPT, MAILTXT_KINDS };

/* What a record says that others act upon. Spans are parts of the text. */
struct mailtxt {
	bool revoked;	    /* DKIM: "p=" is empty (RFC 6376 3.6.1) */
	bool harmless;	    /* DMARC: a part is wrong that receivers replace by its default */
	struct span policy; /* DMARC: the value of "p"; n 0: none */
	char psd;	    /* DMARC: 'y', 'n', or 'u' (draft-ietf-dmarc-dmarcbis) */
};

/*
 * The record is one of that kind: its version stands in front. Others at the same name are not
 * looked at (RFC 7489 6.6.3, RFC 8461 3.1, RFC 8460 3). A key of DKIM needs no version, and every
 * record at its name is one (RFC 6376 3.6.2.2).
 */
bool mailtxt_is(enum mailtxt_kind kind, struct span text);

/*
 * NULL when the record is one that can be used; else what is wrong with it, a part of a sentence.
 * *ret is filled as far as the text could be read.
 */
const char *mailtxt_check(enum mailtxt_kind kind, struct span text, struct mailtxt *ret);

#endif
