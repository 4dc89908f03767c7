/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The syntax of SPF records (RFC 7208 12), as the text of one TXT record whose strings were joined.
 *
 *	struct span bad;
 *
 *	if (spf_is_record(text) && spf_check(text, &bad) < 0)
 *		... bad is the term that does not fit ...
 */
#ifndef DNS_SPF_H
#define DNS_SPF_H

#include <stdbool.h>

#include "base/span.h"

/* It is a record of version 1: "v=spf1" and then its end or a blank (RFC 7208 4.5). */
bool spf_is_record(struct span text);

/*
 * -ERR_PARSE when text does not follow the grammar, the value ranges in its comments, and what
 * RFC 7208 adds in words: "redirect" and "exp" at most once each (6), no macro that keeps zero
 * parts (7.3). *ret_term is then the first term at fault, a part of text.
 */
int spf_check(struct span text, struct span *ret_term);

/* The only term is "-all": no host may send mail. */
bool spf_is_null(struct span text);

#endif
