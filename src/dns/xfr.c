/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfers end with the SOA record that they began with. */
#include "dns/xfr.h"

#include "dns/rr.h"

enum {
	WHOLE = 2, /* first and last record */
	PARTS = 3, /* also before the records that the last change adds */
};

struct xfr xfr_begin(uint16_t type, uint32_t have)
{
	return (struct xfr){ .type = type, .have = have, .wanted = WHOLE };
}

/* RFC 1982 3.2 */
static bool is_newer(uint32_t a, uint32_t b)
{
	return a != b && a - b < UINT32_C(1) << 31;
}

static enum xfr_state take_first(struct xfr *x, const struct msg *m, const struct rr *rr)
{
	struct soa soa;

	if (rr->type != RR_SOA || msg_rdata_soa(m, rr, &soa))
		return XFR_BAD;
	x->last = soa.serial;
	x->ends = 1;
	return x->type == RR_IXFR && !is_newer(soa.serial, x->have) ? XFR_DONE : XFR_MORE;
}

static enum xfr_state take(struct xfr *x, const struct msg *m, const struct rr *rr)
{
	struct soa soa;

	if (!x->records++)
		return take_first(x, m, rr);
	if (rr->type != RR_SOA)
		return XFR_MORE;
	if (msg_rdata_soa(m, rr, &soa))
		return XFR_BAD;
	/* The second record tells whether changes follow or a whole zone. */
	if (x->records == 2 && x->type == RR_IXFR && soa.serial != x->last)
		x->wanted = PARTS;
	if (soa.serial == x->last)
		x->ends++;
	return x->ends == x->wanted ? XFR_DONE : XFR_MORE;
}

enum xfr_state xfr_take(struct xfr *x, const struct msg *m)
{
	enum xfr_state state = XFR_MORE;
	bool any = false;

	if (m->rcode != RCODE_NOERROR)
		return XFR_BAD;
	for (size_t i = 0; i < m->nrrs; i++) {
		if (m->rrs[i].section != MSG_ANSWER)
			continue;
		if (state != XFR_MORE)
			return XFR_BAD;
		any = true;
		state = take(x, m, &m->rrs[i]);
	}
	return any ? state : XFR_BAD;
}
