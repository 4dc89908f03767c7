/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds records and options in a message that was read, and reads rdata. */
#include "dns/msg.h"

#include "base/err.h"
#include "dns/rr.h"
#include "dns/unpack.h"

int msg_rdata_name(const struct msg *m, const struct rr *rr, struct name *ret, uint16_t *skip)
{
	uint16_t from = skip ? *skip : 0;
	struct unpack u = {
		.wire = m->wire,
		.at = rr->rdata_offset + from,
		.limit = rr->rdata_offset + rr->rdlength,
	};
	int err = unpack_name(&u, ret);

	if (!err && skip)
		*skip = (uint16_t)(u.next - rr->rdata_offset);
	return err;
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24U | (uint32_t)p[1] << 16U | (uint32_t)p[2] << 8U | p[3];
}

int msg_rdata_soa(const struct msg *m, const struct rr *rr, struct soa *ret)
{
	uint16_t at = 0;
	struct soa soa;
	const uint8_t *p;
	int err = msg_rdata_name(m, rr, &soa.mname, &at);

	if (!err)
		err = msg_rdata_name(m, rr, &soa.rname, &at);
	if (err)
		return err;
	if (rr->rdlength - at != 20) /* RFC 1035 3.3.13: five numbers of 32 bits */
		return -ERR_PARSE;
	p = rr->rdata + at;
	soa.serial = get32(p);
	soa.refresh = get32(p + 4);
	soa.retry = get32(p + 8);
	soa.expire = get32(p + 12);
	soa.minimum = get32(p + 16);
	*ret = soa;
	return 0;
}

static bool matches(const struct rr *rr, const struct rr_wanted *w)
{
	return rr->section == w->section && (!w->type || rr->type == w->type) &&
	       (!w->owner || name_equal(rr->owner, w->owner));
}

const struct rr *msg_find(const struct msg *m, struct rr_wanted w)
{
	for (size_t i = 0; i < m->nrrs; i++)
		if (matches(&m->rrs[i], &w))
			return &m->rrs[i];
	return NULL;
}

size_t msg_count(const struct msg *m, struct rr_wanted w)
{
	size_t n = 0;

	for (size_t i = 0; i < m->nrrs; i++)
		n += matches(&m->rrs[i], &w);
	return n;
}

const struct edns_opt *msg_option(const struct msg *m, uint16_t code)
{
	for (size_t i = 0; i < m->edns.nopts; i++)
		if (m->edns.opts[i].code == code)
			return &m->edns.opts[i];
	return NULL;
}
