/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RRsets out of messages, in canonical form and order (RFC 4034 6). */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "dns/dnssec.h"
#include "dns/form.h"
#include "dns/rr.h"

/*
 * Where the names lie that become lower case (RFC 4034 6.2, without NSEC: RFC 6840 5.1): behind
 * that many octets and strings. HINFO stands in the RFC's list and has none.
 */
static const struct layout {
	uint16_t type;
	uint8_t octets, strings, names;
} layouts[] = {
	{ RR_NS, 0, 0, 1 },
	{ 3, 0, 0, 1 }, /* MD */
	{ 4, 0, 0, 1 }, /* MF */
	{ RR_CNAME, 0, 0, 1 },
	{ RR_SOA, 0, 0, 2 },
	{ 7, 0, 0, 1 }, /* MB */
	{ 8, 0, 0, 1 }, /* MG */
	{ 9, 0, 0, 1 }, /* MR */
	{ RR_PTR, 0, 0, 1 },
	{ 14, 0, 0, 2 }, /* MINFO */
	{ RR_MX, 2, 0, 1 },
	{ 17, 0, 0, 2 },  /* RP */
	{ 18, 2, 0, 1 },  /* AFSDB */
	{ 21, 2, 0, 1 },  /* RT */
	{ 24, 18, 0, 1 }, /* SIG */
	{ 26, 2, 0, 2 },  /* PX */
	{ 30, 0, 0, 1 },  /* NXT */
	{ RR_SRV, 6, 0, 1 },
	{ 35, 4, 3, 1 }, /* NAPTR */
	{ 36, 2, 0, 1 }, /* KX */
	{ RR_DNAME, 0, 0, 1 },
	{ RR_RRSIG, 18, 0, 1 },
};

/* The rdata has its type's form and its names are whole: every step stays inside. */
static void lower_names(const struct layout *l, struct buf *b)
{
	size_t at = l->octets;

	for (unsigned int i = 0; i < l->strings; i++)
		at += (uint8_t)b->p[at] + 1U;
	for (unsigned int i = 0; i < l->names; i++) {
		struct name n;

		if (name_from_wire((struct span){ (const uint8_t *)b->p + at, b->n - at }, &n))
			return;
		n = name_lower(&n);
		memcpy(b->p + at, n.wire, n.len);
		at += n.len;
	}
}

/* Rdata without its type's form stays as it came; no signature will fit it. */
static struct span canonical(struct arena *a, const struct msg *m, const struct rr *rr)
{
	struct buf b = { .arena = a };

	if (form_check(m, rr, &b, NULL))
		return (struct span){ rr->rdata, rr->rdlength };
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
		if (layouts[i].type == rr->type && rr->class == CLASS_IN)
			lower_names(&layouts[i], &b);
	return buf_span(&b);
}

/* Signatures of one set; a zone has as many as it has algorithms and keys that are rolled. */
enum { RRSIGS_MOST = 64 };

struct item {
	struct span rdata;
	const struct rr *rr;
};

static int compare(const void *x, const void *y)
{
	const struct item *a = x, *b = y;
	size_t n = a->rdata.n < b->rdata.n ? a->rdata.n : b->rdata.n;
	int order = n ? memcmp(a->rdata.p, b->rdata.p, n) : 0;

	return order ? order : (a->rdata.n > b->rdata.n) - (a->rdata.n < b->rdata.n);
}

static uint16_t covered(const struct rr *rr)
{
	return rr->rdlength < 2 ? 0 : (uint16_t)(rr->rdata[0] << 8U | rr->rdata[1]);
}

struct rrset rrset_find(struct arena *a, const struct msg *m, struct rr_wanted w)
{
	struct rrset s = { .msg = m, .section = w.section, .owner = w.owner, .type = w.type };
	struct VEC(struct item) items = { 0 };

	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];

		if (rr->section != w.section || rr->class != CLASS_IN || !rr->owner->len ||
			!name_equal(rr->owner, w.owner))
			continue;
		if (rr->type == w.type)
			vec_push(a, &items, (struct item){ canonical(a, m, rr), rr });
		else if (rr->type == RR_RRSIG && covered(rr) == w.type && s.rrsigs.n < RRSIGS_MOST)
			vec_push(a, &s.rrsigs, rr);
	}
	if (items.n)
		qsort(items.v, items.n, sizeof(*items.v), compare);
	for (size_t i = 0; i < items.n; i++) {
		if (i && compare(&items.v[i - 1], &items.v[i]) == 0)
			continue;
		vec_push(a, &s.rrs, items.v[i].rr);
		vec_push(a, &s.rdata, items.v[i].rdata);
	}
	if (s.rrs.n)
		s.owner = s.rrs.v[0]->owner;
	return s;
}

struct span rrset_canonical(struct arena *a, const struct rrset *s)
{
	struct buf b = { .arena = a };

	vec_each (const struct span, rdata, s->rdata) {
		buf_u16(&b, (uint16_t)rdata->n);
		buf_put(&b, rdata->p, rdata->n);
	}
	return buf_span(&b);
}
