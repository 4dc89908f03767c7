/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terms of an SPF record one by one (RFC 7208 4.6.1), for who wants to know which look-ups they
 * make (4.6.4).
 *
 *	struct spf_terms at = spf_terms(text);
 *	struct spf_term term;
 *
 *	while (spf_next(&at, &term))
 *		if (term.kind == SPF_INCLUDE)
 *			...
 */
#ifndef DNS_SPF_TERMS_H
#define DNS_SPF_TERMS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"
#include "dns/name.h"

enum spf_kind {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_EXISTS,
	SPF_REDIRECT,
	SPF_OTHER, /* it looks nothing up: ip4, ip6, exp, unknown modifiers */
};

struct spf_term {
	enum spf_kind kind;
	struct span text;   /* the whole term */
	struct span domain; /* its domain-spec; n 0: none, which means the record's own domain */
};

struct spf_terms {
	struct span rest;
};

/* text: a record that spf_check() takes. */
struct spf_terms spf_terms(struct span text);
/* false: there are no more. */
bool spf_next(struct spf_terms *at, struct spf_term *ret);

/*
 * The name that a domain-spec stands for. -ERR_PARSE when it has a macro, which only an address of
 * a sender can fill, or is no domain name.
 */
int spf_domain(struct arena *a, struct span spec, struct name *ret);

#endif
